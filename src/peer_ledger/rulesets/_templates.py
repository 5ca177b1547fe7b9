"""
Rule sets that refine others: a board's rules, written as what is different from those of a national body.

>>> base = {"id": "national", "name": "N", "procedures": [{"step": "renewal", "editions": [
...     {"id": "e", "requirements": [{"id": "hours", "need": 20}, {"id": "fee", "need": 1}]}]}]}
>>> refined = merged(base, {"id": "state", "procedures": [{"step": "renewal", "editions": [
...     {"id": "e", "requirements": [{"id": "hours", "need": 24}, {"id": "fee", "drop": True}]}]}]})
>>> refined["id"], refined["name"], refined["procedures"][0]["editions"][0]["requirements"]
('state', 'N', [{'id': 'hours', 'need': 24}])
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeGuard

from peer_ledger.errors import Problem, nearest, shown_name
from peer_ledger.rulesets._bundled import bundled_files, bundled_text

_NAMED_BY = ("id", "step", "unit")
"""The keys by which the tables of a list are told apart, the first that they have."""

MOST_LEVELS = 8


def resolved(
    data: Mapping[str, Any],
    siblings: Mapping[str, Mapping[str, Any]],
    parse: Callable[[str], Mapping[str, Any]],
    problems: list[Problem],
    level: int = 0,
) -> Mapping[str, Any]:
    """
    Put a rule set together with the one it extends, and with what that one extends.

    Args:
        data: The rule set as it stands in its file.
        siblings: The rule sets before it in the file, by id, already put together.
        parse: How the text of a file is read.
        problems: Where to note what is wrong.
        level: How many rule sets extend one another up to here.
    """
    base_id = data.get("extends")
    if base_id is None or type(base_id) is not str:
        return data
    base = siblings.get(base_id)
    if base is None and level < MOST_LEVELS:
        base = _bundled(base_id, parse, problems, level)
    if base is None:
        known = sorted({*siblings, *bundled_files()})
        problems.append(Problem("extends", f"there is no rule set {shown_name(base_id)}{nearest(base_id, known)}"))
        return data
    problems += _other_sources(base, data)
    return merged(base, data)


def _other_sources(base: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[Problem]:
    """Find sources that would stand in the place of other ones, which the figures of the base cite."""
    cited = {one["id"]: one for one in _named_sources(base)}
    for one in _named_sources(own):
        if cited.get(one["id"], one) != one:
            yield Problem("sources", f"{shown_name(one['id'])} is another source of the rule set that this one extends")


def _named_sources(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    listed = data.get("sources")
    yield from (
        one for one in (listed if type(listed) is list else ()) if type(one) is dict and type(one.get("id")) is str
    )


def _bundled(
    ruleset_id: str, parse: Callable[[str], Mapping[str, Any]], problems: list[Problem], level: int
) -> Mapping[str, Any] | None:
    text = bundled_text(ruleset_id)
    if text is None:
        return None
    data = parse(text)
    found = next(one for one in data["rulesets"] if one["id"] == ruleset_id)
    return resolved({"sources": data.get("sources", []), **found}, {}, parse, problems, level + 1)


def merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return a table in which what is given anew stands in the place of what was there.

    Lists of tables that have an `id`, a `step` or a `unit` are merged table by table, and what is new comes after what
    was there; `drop = true` leaves a table out.  Everything else is replaced as a whole.
    """
    together = dict(base)
    for key, value in own.items():
        before = together.get(key)
        if _is_keyed(before) and _is_keyed(value):
            together[key] = list(_merged_lists(before, value))
        else:
            together[key] = value
    return together


def _is_keyed(value: Any) -> TypeGuard[list[dict[str, Any]]]:
    return type(value) is list and bool(value) and all(type(one) is dict and _name(one) is not None for one in value)


def _name(table: Mapping[str, Any]) -> Any:
    return next((table[key] for key in _NAMED_BY if type(table.get(key)) is str), None)


def _merged_lists(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    given = {_name(one): one for one in after}
    if len(given) < len(after):  # something is given twice, which is told of the whole
        yield from (*before, *after)
        return
    for one in before:
        own = given.pop(_name(one), None)
        if own is None:
            yield one
        elif own.get("drop") is not True:
            yield merged(one, own)
    yield from given.values()
