"""
One problem for one mistake: what is said once in a file and holds in many places is told where it is said.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from peer_ledger.errors import InvalidValue, Problem, nearest, shown, shown_name
from peer_ledger.rulesets._short import STEPS
from peer_ledger.values.dates import LAST_YEAR, as_day

_ANY_DAY = date(LAST_YEAR, 12, 31)
_EDITION = re.compile(
    r"(?P<edition>(?:.*\.)?procedures\[(?P<procedure>[0-9]+)\]\.editions\[(?P<place>[0-9]+)\])(?P<rest>.*)"
)


def usable(data: Mapping[str, Any], known: Iterable[str]) -> tuple[dict[str, Any], list[Problem]]:
    """
    Return a file with what holds in many of its places in a form that can be looked at further, and what is wrong.

    Args:
        data: The file.
        known: The keys that may stand at its top.
    """
    problems: list[Problem] = []
    found = dict(data)
    if "sources" not in found:
        meant = next((key for key in found if key not in known and "'sources'" in nearest(key, known)), None)
        found |= {} if meant is None else {"sources": found[meant]}
    if _has_no_day(found):
        problems.append(Problem("seen", "is missing; give the day on which the sources were read, such as 2026-11-21"))
        found["seen"] = _ANY_DAY
    sources = tuple(name for name in found["sources"]) if type(found.get("sources")) is dict else ()
    found = _usable("", found, problems, sources)
    for name, value in found.items():
        if "-" in name and type(value) is dict:
            found[name] = _usable_set(name, value, problems, sources)
    return found, problems


def _has_no_day(data: Mapping[str, Any]) -> bool:
    """Return whether a file with rule sets by name says nowhere when its sources were seen."""
    sets = [value for name, value in data.items() if "-" in name and type(value) is dict]
    sources = data.get("sources")
    listed = [one for one in sources.values() if type(one) is dict] if type(sources) is dict else []
    return bool(sets and listed) and not any({"seen", "seen_on"} & {*one} for one in (data, *sets, *listed))


def _usable_set(path: str, data: dict[str, Any], problems: list[Problem], sources: tuple[str, ...]) -> dict[str, Any]:
    """Return a rule set whose citations and days can be looked at further, with its editions."""
    found = _usable(path, data, problems, sources)
    for step in STEPS:
        if type(found.get(step)) is dict:
            found[step] = {
                name: _usable(f"{path}.{step}.{name}", one, problems, sources) if type(one) is dict else one
                for name, one in found[step].items()
            }
    return found


def _usable(path: str, data: dict[str, Any], problems: list[Problem], sources: tuple[str, ...]) -> dict[str, Any]:
    """Return a table with any day, and any source, in the place of what is wrong."""
    found, below = dict(data), f"{path}." if path else ""
    if "seen" in found and (message := _wrong_day(found["seen"])) is not None:
        problems.append(Problem(f"{below}seen", message))
        found["seen"] = _ANY_DAY
    cites = found.get("cites", ["-"])
    if type(cites) is not list or not cites or not all(type(one) is str for one in cites):
        problems.append(Problem(f"{below}cites", "must be a list of the ids of sources, such as ['PAGE']"))
        named = [one for one in (cites if type(cites) is list else [cites]) if one in sources] or [*sources[:1]]
        found = {key: one for key, one in found.items() if key != "cites"} | ({"cites": named} if named else {})
    return found


def _wrong_day(value: Any) -> str | None:
    """Return what is wrong with a day; `None` where nothing is."""
    if type(value) is str:
        try:
            as_day(value)
        except InvalidValue:
            return f"must be a day such as 2026-11-21, not {shown_name(value)}"
        return None
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    return None if is_day else f"must be a day such as 2026-11-21, not {shown(value)}"


def without_inherited(problems: Iterable[Problem], whole: Any, likes: Mapping[str, str]) -> Iterator[Problem]:
    """
    Yield the problems without those that an edition has from the one that it is like.

    Args:
        problems: The problems of a rule set, with their paths in it.
        whole: The rule set, put together.
        likes: By the id of an edition, the id of the one that it is like.
    """
    seen: set[tuple[str, str]] = set()
    for problem in problems:
        found = _EDITION.fullmatch(problem.path)
        edition = None if found is None else _at(whole, found)
        if found is None or type(edition) is not dict or type(edition.get("id")) is not str:
            yield problem
            continue
        place = _named(edition, found["rest"])
        is_inherited = (likes.get(edition["id"]), place) in seen
        seen.add((edition["id"], place))
        if not is_inherited:
            yield problem


def likes_of(own: Any) -> dict[str, str]:
    """
    Return which edition each edition of a rule set is like, by their ids.

    Args:
        own: The rule set as its file has it, with lists in the place of tables by name.
    """
    if type(own) is not dict or type(own.get("procedures")) is not list:
        return {}
    editions = [
        edition
        for procedure in own["procedures"]
        if type(procedure) is dict and type(procedure.get("editions")) is list
        for edition in procedure["editions"]
        if type(edition) is dict
    ]
    return {one["id"]: one["like"] for one in editions if type(one.get("like")) is str and type(one.get("id")) is str}


def _at(whole: Any, found: re.Match[str]) -> Any:
    try:
        return whole["procedures"][int(found["procedure"])]["editions"][int(found["place"])]
    except (KeyError, IndexError, TypeError):
        return None


def _named(edition: dict[str, Any], rest: str) -> str:
    """Return the rest of a path with ids in the place of positions."""
    value: Any = edition
    names = []
    for step in re.findall(r"[^.\[\]]+", rest):
        if type(value) is list and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
            name = value.get("id") if type(value) is dict else None
            names.append(name if type(name) is str else step)
        else:
            value = value.get(step) if type(value) is dict else None
            names.append(step)
    return ".".join(names)
