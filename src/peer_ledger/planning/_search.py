"""
The cheapest set of items that is enough, found best first, with a proof that nothing costs less.

Whether a set is enough is asked of a judge, who may say anything.  Needs only rule sets out: a set that does not give
each need as much as it asks cannot be enough, so that the judge is not asked about it.  Sets are looked at in the order
of what they cost at least, so that the first one that is enough costs the least.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

Cost = tuple[Fraction, ...]
"""What something costs; sums are compared by their first part, then by the next."""


_MOST_WAITING = 200_000
"""How many sets may wait to be looked at."""


class Item(NamedTuple):
    """
    Something that can be taken, once.

    Attributes:
        cost: What it costs, no part less than 0.
        gives: The most that it can give to each need.
    """

    cost: Cost
    gives: tuple[Fraction, ...]


class Found(NamedTuple):
    """
    What a search found.

    Attributes:
        chosen: The places of the items taken; `None` when no set was found that is enough.
        at_least: What every set that is enough costs at least; `None` when no set is enough.
        tried: How many sets the judge was asked about.
        is_complete: Whether no set is better or, without a set, none is enough.
    """

    chosen: tuple[int, ...] | None
    at_least: Cost | None
    tried: int
    is_complete: bool


def cheapest(
    items: Sequence[Item], needs: Sequence[Fraction], is_enough: Callable[[tuple[int, ...]], bool], *, most: int
) -> Found:
    """
    Return the set of items that is enough and costs the least.

    Args:
        items: What can be taken.
        needs: How much a set must give to each need, or it is not enough.
        is_enough: The judge; asked about sets of places in `items`, in order.
        most: How many sets the judge may be asked about until the search is cut; then a set is returned that is enough
            and from which nothing can be left out, if all items together are enough.
    """
    bounds = Bounds(items, needs)
    order, tried = count(), 0
    # A set that is open gets at least one more of the items from a place on; a closed one is asked about as it is.
    waiting: list[tuple[Cost, int, tuple[int, ...], int | None]] = []

    def push(chosen: tuple[int, ...], begin: int | None) -> None:
        bound = bounds.of(chosen, begin)
        if bound is not None:
            heappush(waiting, (bound, next(order), chosen, begin))

    push((), None)
    push((), 0)
    while waiting:
        bound, _, chosen, begin = heappop(waiting)
        if (begin is None and tried == most) or len(waiting) > _MOST_WAITING:
            return _cut(items, is_enough, bound, tried)
        if begin is None:
            tried += 1
            if is_enough(chosen):
                return Found(chosen, bound, tried, is_complete=True)
        for place in range(len(items) if begin is None else begin, len(items)):
            push((*chosen, place), None)
            push((*chosen, place), place + 1)
    return Found(None, None, tried, is_complete=True)


def _cut(items: Sequence[Item], is_enough: Callable[[tuple[int, ...]], bool], bound: Cost, tried: int) -> Found:
    """Return a set that is enough and from which nothing can be left out, if all items together are enough."""
    kept = tuple(range(len(items)))
    tried += 1
    if not is_enough(kept):
        return Found(None, bound, tried, is_complete=False)
    for place in sorted(kept, key=lambda place: items[place].cost, reverse=True):
        fewer = tuple(one for one in kept if one != place)
        tried += 1
        if is_enough(fewer):
            kept = fewer
    return Found(kept, bound, tried, is_complete=False)


def _rate(items: Sequence[Item], need: int, part: int) -> Callable[[int], Fraction]:
    """Return what tells how much an item costs for what it gives to a need."""
    return lambda place: items[place].cost[part] / items[place].gives[need]


class Bounds:
    """What sets cost at least: each need taken by itself, from the items that give it most cheaply, cut if need be."""

    def __init__(self, items: Sequence[Item], needs: Sequence[Fraction]) -> None:
        self._items, self._needs = items, needs
        parts = range(len(items[0].cost) if items else 0)
        self._cheapest = {
            (need, part): sorted(
                (place for place, item in enumerate(items) if item.gives[need] > 0),
                key=_rate(items, need, part),
            )
            for need in range(len(needs))
            for part in parts
        }
        self._parts = parts

    def of(self, chosen: tuple[int, ...], begin: int | None) -> Cost | None:
        """
        Return what a set costs at least; `None` when it cannot be enough.

        Args:
            chosen: The items taken.
            begin: The place from which at least one more is taken; `None` when none is.
        """
        items = self._items
        spent = tuple(sum((items[place].cost[part] for place in chosen), Fraction(0)) for part in self._parts)
        left = [need - sum(items[place].gives[at] for place in chosen) for at, need in enumerate(self._needs)]
        if begin is None:
            return None if any(short > 0 for short in left) else spent
        if begin >= len(items):
            return None
        bound: list[Fraction] = []
        for part in self._parts:
            least = min(items[place].cost[part] for place in range(begin, len(items)))
            for need, short in enumerate(left):
                more = self._cover(need, part, short, begin)
                if more is None:
                    return None
                least = max(least, more)
            bound.append(spent[part] + least)
        return tuple(bound)

    def _cover(self, need: int, part: int, short: Fraction, begin: int) -> Fraction | None:
        """Return the least that items from a place on cost which give as much as a need is short of."""
        cost = Fraction(0)
        for place in self._cheapest[need, part]:
            if short <= 0:
                break
            if place >= begin:
                item = self._items[place]
                cost += item.cost[part] * min(Fraction(1), short / item.gives[need])
                short -= item.gives[need]
        return None if short > 0 else cost
