"""
Sums of training by kind.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from peer_ledger.allocation._terms import MOST


class Lanes(Protocol):
    """
    What sums training, for many programs at once.
    """

    def supply(self, amounts: Mapping[int, int]) -> int:
        """Return the sum of some training, given the units of each kind."""


class Sums:
    """
    How much there is of each kind of training within some days.

    Attributes:
        is_empty: Whether there is no training at all.
        amounts: The units of each kind; `None` where it is too much for an allocation.
        verdicts: What was found for these amounts, by what was asked.
        least: The same with one training alone of all those that may be one, where a course counts once; `None` where
            no two may be one.
        least_each: The same where a course counts each time, so that only records of one training are one.
    """

    __slots__ = ("amounts", "is_empty", "least", "least_each", "verdicts")

    def __init__(self, amounts: dict[int, int]) -> None:
        self.is_empty = not amounts
        self.verdicts: dict[Any, Any] = {}
        self.amounts = amounts if sum(amounts.values()) <= MOST else None
        self.least: Sums | None = None
        self.least_each: Sums | None = None


def by_kind(credits_: Iterable[Iterable[tuple[int, int]]]) -> dict[int, int]:
    """Return the units of each kind, given the kind and the units of each credit of some events."""
    found: dict[int, int] = {}
    for some in credits_:
        for kind, units in some:
            found[kind] = found.get(kind, 0) + units
    return found
