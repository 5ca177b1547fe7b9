"""
The canonical assignment of one tree.

Cells are ordered, the one with the fewest places first.  From the last to the first, as much as possible of each is
left out without raising the shortfall, so that what is left over is the most flexible and the latest.  Then the
supplement, and after it each cell from the first on, sits in the most general place that leaves room for the others.

Only shortfalls are asked for here, so the result is the same whichever cut answers.  A shortfall depends on how much
there is of each kind of portion, not on the portions one by one, so each question is about the kinds, which are few.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Protocol

from peer_ledger.allocation._held import Held, Portion
from peer_ledger.allocation._trees import Tree


class Cut(Protocol):
    """A method that finds a tree's shortfall and its worst set of places."""

    def handle(self, mask: int) -> int:
        """Return the form of a mask of places that the other methods take."""

    def shortfall(self, cells: Iterable[Any], kinds: Mapping[Any, tuple[int, int]]) -> int:
        """Return how much the worst set is short."""

    def held(self, portions: Sequence[Portion]) -> Held:
        """Return how much the worst set is short of some portions, while portions are added and taken away."""

    def worst(self, cells: Iterable[Any], kinds: Mapping[Any, tuple[int, int]]) -> int:
        """Return the smallest of the worst sets, as a mask."""


def seated(tree: Tree, cut: Cut, portions: Sequence[Portion], no_limit: int) -> list[dict[int, int]]:
    """
    Assign portions, given in their canonical order, to the places of a tree.

    Args:
        tree: The tree.
        cut: The method that finds the tree's shortfall.
        portions: Cells as the tree sees them.
        no_limit: The number that stands for no limit.

    Returns:
        How much sits in each place, portion by portion, and last the supplement.
    """
    # Equal units may change seats. So portions of one kind that follow each other are assigned as one, and then each
    # takes its share of the seats, the first portion first.
    runs = [[*run] for _, run in groupby(portions, key=_kind)]
    *shared, supplement = _seated(tree, cut, [Portion(sum(map(_amount, run)), *run[0][1:]) for run in runs], no_limit)
    seats = [one for run, places in zip(runs, shared, strict=True) for one in _shares(run, places)]
    return [*seats, supplement]


def _kind(portion: Portion) -> tuple[int, int]:
    return portion.serves, portion.limits


def _amount(portion: Portion) -> int:
    return portion.amount


def _shares(run: Iterable[Portion], places: Mapping[int, int]) -> Iterator[dict[int, int]]:
    """Yield how much of each portion sits in each place, given how much of all of them does."""
    left = iter([*places.items()])
    place, room = next(left, (0, 0))
    for portion in run:
        share: dict[int, int] = {}
        rest = portion.amount
        while rest and room:
            taken = share[place] = min(rest, room)
            rest, room = rest - taken, room - taken
            if not room:
                place, room = next(left, (0, 0))
        yield share


def _seated(tree: Tree, cut: Cut, portions: Sequence[Portion], no_limit: int) -> list[dict[int, int]]:
    """Return the same for portions of which no two that follow each other are of one kind."""
    held = cut.held(portions)
    lacking = held.shortfall()
    used = list(portions)
    for index in range(len(used) - 1, -1, -1):
        # Each unit taken away raises the shortfall by 0 or 1, and once by 1, then by 1 for every further unit.  So the
        # rise without the whole portion is how much of it is needed.
        whole = used[index]
        held.remove(whole)
        used[index] = kept = Portion(held.shortfall() - lacking, whole.serves, whole.limits)
        held.add(kept)
    # What is left fits under the limits, so they can be dropped.  The supplement may sit anywhere.
    waiting = [Portion(lacking, tree.full, no_limit), *[Portion(one.amount, one.serves, no_limit) for one in used]]
    held = cut.held(waiting)  # what waits, and what is settled
    seats: list[dict[int, int]] = []
    # Where some of a portion did not find room, no later portion that may sit in the same places does: whatever can
    # still become of the others could have become of them before, and equal units may change seats.
    full: set[tuple[int, int]] = set()
    for portion in waiting:
        held.remove(portion)
        rest = portion.amount
        seats.append({})
        places = tree.places(portion.serves) if rest else []
        for place in places:
            if not rest:
                break
            if (portion.serves, place) in full:
                continue
            here = Portion(rest, 1 << place, no_limit)
            # What would be short if all the rest sat here must sit elsewhere.
            held.add(here)
            rest = 0 if place == places[-1] else held.shortfall()
            amount = here.amount - rest
            if amount:
                seats[-1][place] = amount
            if rest:
                held.remove(Portion(rest, here.serves, no_limit))
                full.add((portion.serves, place))
    return [*seats[1:], seats[0]]
