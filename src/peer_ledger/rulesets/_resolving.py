"""
A rule set of a file, put together with what it extends, and with what goes without saying.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs

from peer_ledger.errors import Problem, nearest, shown_name
from peer_ledger.rulesets._bundled import bundled_files, bundled_text
from peer_ledger.rulesets._defaults import FILE_KEYS, completed, with_own_cites
from peer_ledger.rulesets._short import sources_written_out, written_out
from peer_ledger.rulesets._templates import THOSE_BEFORE, merged, stands_for_those_before

MOST_LEVELS = 8
"""How many rule sets may extend one another."""


@attrs.frozen
class RuleFile:
    """
    The parts of a rule file.

    Attributes:
        top: The keys at its top that hold for all of its rule sets, and the sources that all of them may cite.
        rulesets: Its rule sets, each with its path in the file.
    """

    top: Mapping[str, Any]
    rulesets: tuple[tuple[str, Any], ...]


def parts_of(data: Mapping[str, Any]) -> RuleFile:
    """
    Return the parts of a rule file: its lists of rule sets, and the tables that are rule sets by name.
    """
    top = {key: data[key] for key in FILE_KEYS if key in data}
    if "sources" in data:
        top["sources"] = sources_written_out(data["sources"], data.get("seen"))
    listed = data.get("rulesets")
    found = [(f"rulesets[{place}]", one) for place, one in enumerate(listed if type(listed) is list else ())]
    return RuleFile(top, (*found, *((name, {"id": name, **one}) for name, one in named_sets(data))))


def named_sets(data: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """
    Yield the tables of a file that are rule sets: those whose names have a hyphen.
    """
    yield from ((name, one) for name, one in data.items() if "-" in name and type(one) is dict)


def resolved(
    data: Any,
    top: Mapping[str, Any],
    siblings: Mapping[str, Mapping[str, Any]],
    parse: Callable[[str], Mapping[str, Any]],
    problems: list[Problem],
    *,
    level: int = 0,
) -> Any:
    """
    Put a rule set together with the one it extends, and with what that one extends.

    Args:
        data: The rule set as it stands in its file.
        top: What holds for all rule sets of the file.
        siblings: The rule sets before it in the file, by id, already put together.
        parse: How the text of a file is read.
        problems: Where to note what is wrong.
        level: How many rule sets extend one another up to here.

    Returns:
        The rule set, complete but for the sentences that are made from figures.
    """
    own = written_out(data, top.get("seen"))
    if type(own) is not dict:
        return own
    base_id = own.get("extends")
    is_refining = "extends" in own
    if not is_refining or type(base_id) is not str:
        problems += [
            Problem(name, f"{THOSE_BEFORE!r} is for the notes of a rule set that is extended")
            for name in ("notes", "step_notes")
            if type(own.get(name)) is list and any(map(stands_for_those_before, own[name]))
        ]
        return completed({**_sources(top), **own}, top, problems)
    own = {**_sources(top), **own}
    base: Mapping[str, Any] | None = siblings.get(base_id)
    if base is None and level < MOST_LEVELS:
        base = _bundled(base_id, parse, problems, level)
        own = {**{key: top[key] for key in FILE_KEYS if key in top and key != "cites"}, **own}
    if "seen" in own:
        own.setdefault("seen_on", own["seen"])
    if base is None:
        known = sorted({*siblings, *bundled_files()})
        problems.append(Problem("extends", f"there is no rule set {shown_name(base_id)}{nearest(base_id, known)}"))
        return completed(own, top, problems)
    problems += _other_sources(base, own)
    return completed(merged(copy.deepcopy(base), _continuing(_cited(own), base)), top, problems)


def _sources(top: Mapping[str, Any]) -> dict[str, Any]:
    return {"sources": top["sources"]} if "sources" in top else {}


def _cited(own: dict[str, Any]) -> dict[str, Any]:
    """Return a refining rule set with the citations of its editions on what they change."""
    return _with_each_edition(own, with_own_cites)


def _continuing(own: dict[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """Return a refining rule set in which an edition that is like another one changes what it changes in that one."""
    refined = {one["id"] for one in _editions(base)}
    changed: dict[str, dict[str, Any]] = {}

    def with_changes(edition: dict[str, Any]) -> dict[str, Any]:
        like, name = edition.get("like"), edition.get("id")
        if type(like) is str and like in changed and name in refined:
            own_alone = {key: value for key, value in edition.items() if key != "like"}
            edition = merged(copy.deepcopy(changed[like]), own_alone)
        if type(name) is str and edition.get("drop") is not True:
            changed[name] = {key: value for key, value in edition.items() if key not in ("id", "says", "begins")}
        return edition

    return _with_each_edition(own, with_changes)


def _with_each_edition(own: dict[str, Any], change: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    listed = own.get("procedures")
    if type(listed) is not list:
        return own
    procedures = [
        {**one, "editions": [change(edition) if type(edition) is dict else edition for edition in one["editions"]]}
        if type(one) is dict and type(one.get("editions")) is list
        else one
        for one in listed
    ]
    return {**own, "procedures": procedures}


def _editions(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    listed = data.get("procedures")
    for procedure in listed if type(listed) is list else ():
        editions = procedure.get("editions") if type(procedure) is dict else None
        yield from (
            one
            for one in (editions if type(editions) is list else ())
            if type(one) is dict and type(one.get("id")) is str
        )


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
    """Return a bundled rule set, put together with those of its file and of others that it extends."""
    text = bundled_text(ruleset_id)
    if text is None:
        return None
    file = parts_of(parse(text))
    siblings: dict[str, dict[str, Any]] = {}
    for _, one in file.rulesets:
        siblings[one["id"]] = resolved(one, file.top, siblings, parse, problems, level=level + 1)
        if one["id"] == ruleset_id:
            break
    return siblings[ruleset_id]
