"""
Helpers for checking a rule set that could only partly be built.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, TypeGuard

import attrs

from peer_ledger.errors import Problem
from peer_ledger.rules._hours import Part
from peer_ledger.values._strict import is_built


def is_whole(value: Any) -> bool:
    """Return whether every part of a value could be built."""
    if isinstance(value, tuple):
        return all(map(is_whole, value))
    return all(map(is_whole, attrs.astuple(value, recurse=False))) if attrs.has(type(value)) else is_built(value)


def is_known_day(value: object) -> TypeGuard[date]:
    return isinstance(value, date)


def is_known_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str)


def is_before(day: date | None, other: date | None) -> bool:
    return is_known_day(day) and is_known_day(other) and day < other


def placed(values: Any) -> Iterator[tuple[int, Any]]:
    """Yield the values that could be built, each with its position."""
    if isinstance(values, tuple):
        yield from ((place, value) for place, value in enumerate(values) if is_built(value))


def all_ids(values: Any) -> tuple[str, ...] | None:
    """Return the ids of the values; `None` when not all of them are known."""
    if not isinstance(values, tuple):
        return None
    ids = tuple(value.id for _, value in placed(values) if is_known_text(value.id))
    return ids if len(ids) == len(values) else None


def twice(name: str, ids: Iterable[str]) -> Iterator[Problem]:
    for repeated, times in Counter(ids).items():
        if times > 1 and is_built(repeated):
            yield Problem(name, f"{repeated!r} is listed {times} times; list it once")


def all_parts(path: str, parts: tuple[Part, ...]) -> Iterator[tuple[str, Part]]:
    for place, part in placed(parts):
        yield f"{path}parts[{place}]", part
        yield from all_parts(f"{path}parts[{place}].", part.parts)
