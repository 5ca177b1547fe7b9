"""
How deeply the parts of a rule may stand one within another, and how many.
"""

from collections.abc import Iterator
from typing import Any

import attrs

from peer_ledger.errors import InvalidValue

MOST_LEVELS = 20
"""
The most filters, conditions, parts or values by question that stand one within another.

A rule file cannot nest as deeply; what is built in Python could nest until nothing can be done with it any more.
"""

MOST_INSIDE = 20_000
"""The most objects within one; an object that stands in several places is as many."""


def refuse_deep(value: Any) -> None:
    """
    Refuse a value whose parts are nested too deeply, or are too many.

    Args:
        value: An object of a rule set; those inside it were looked at in the same way when they were built.

    Raises:
        InvalidValue: It is nested more than `MOST_LEVELS` levels deep, or holds more than `MOST_INSIDE` objects.
    """
    level = {id(value): (value, 1)}
    number, name = 0, f"a {type(value).__name__}"
    for _ in range(MOST_LEVELS):
        below: dict[int, tuple[Any, int]] = {}
        for one, times in level.values():
            for inner in _within(one):
                number += times
                below[id(inner)] = inner, times + below.get(id(inner), (inner, 0))[1]
        if number > MOST_INSIDE:
            raise InvalidValue(
                f"{name} holds more than {MOST_INSIDE} conditions, filters or parts; write it with fewer"
            )
        if not below:
            return
        level = below
    raise InvalidValue(f"{name} is nested more than {MOST_LEVELS} levels deep; write it with fewer")


def _within(value: Any) -> Iterator[Any]:
    """Yield the objects that stand directly in an object, also in a list or in pairs."""
    held = [getattr(value, field.name) for field in attrs.fields(type(value))]
    for one in held:
        if type(one) is tuple:
            held += one
        elif attrs.has(type(one)):
            yield one
