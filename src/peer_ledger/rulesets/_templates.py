"""
Rule sets that refine others: a board's rules, written as what is different from those of a national body.

>>> base = {"id": "national", "name": "N", "procedures": [{"step": "renewal", "editions": [
...     {"id": "e", "requirements": [{"id": "hours", "need": 20}, {"id": "fee", "need": 1}]}]}]}
>>> refined = merged(base, {"id": "state", "procedures": [{"step": "renewal", "editions": [
...     {"id": "e", "requirements": [{"id": "hours", "need": 24}, {"id": "fee", "drop": True}]}]}]})
>>> refined["id"], refined["name"], refined["procedures"][0]["editions"][0]["requirements"]
('state', 'N', [{'id': 'hours', 'need': 24}])
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

_NAMED_BY = ("id", "step", "unit")
"""The keys by which the tables of a list are told apart, the first that they have."""

THOSE_BEFORE = "..."
"""In a list of texts, such as notes: the texts of the rule set that is extended."""


def merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return a table in which what is given anew stands in the place of what was there.

    Lists of tables that have an `id`, a `step` or a `unit` are merged table by table, and what is new comes after what
    was there; `drop = true` leaves a table out.  In a list of texts, `...` stands for the texts that were there, and so
    does a note of a step that says no more.
    Everything else is replaced as a whole.

    >>> merged({"notes": ["Two."]}, {"notes": ["One.", "...", "Three."]})["notes"]
    ['One.', 'Two.', 'Three.']
    """
    together = dict(base)
    for key, value in own.items():
        before = together.get(key)
        if _is_keyed(before) and _is_keyed(value):
            together[key] = list(_merged_lists(before, value))
        elif type(value) is list and any(map(stands_for_those_before, value)) and type(before) is list:
            together[key] = [text for one in value for text in (before if stands_for_those_before(one) else [one])]
        else:
            together[key] = value
    return together


def stands_for_those_before(value: Any) -> bool:
    """Return whether a text, or a note of a step, stands for those of the rule set that is extended."""
    return value == THOSE_BEFORE or (type(value) is dict and value.get("says") == THOSE_BEFORE)


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
