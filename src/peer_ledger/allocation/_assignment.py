"""
The canonical assignment of one tree.

Cells are ordered, the one with the fewest places first.  From the last to the first, as much as possible of each is
left out without raising the shortfall, so that what is left over is the most flexible and the latest.  Then the
supplement, and after it each cell from the first on, sits in the most general place that leaves room for the others.

Only shortfalls are asked for here, so the result is the same whichever cut answers.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from peer_ledger.allocation._cut import Portion
from peer_ledger.allocation._trees import Tree


class Cut(Protocol):
    """A method that finds a tree's shortfall and its worst set of places."""

    def handle(self, mask: int) -> int:
        """Return the form of a mask of places that the other methods take."""

    def shortfall(self, cells: Iterable[Any], kinds: Mapping[Any, tuple[int, int]]) -> int:
        """Return how much the worst set is short."""

    def worst(self, cells: Iterable[Any], kinds: Mapping[Any, tuple[int, int]]) -> int:
        """Return the smallest of the worst sets, as a mask."""


class PortionKinds(dict[tuple[int, int], tuple[int, int]]):
    """The handle and the limit of each kind of portion."""

    def __init__(self, cut: Cut) -> None:
        super().__init__()
        self._cut = cut

    def __missing__(self, kind: tuple[int, int]) -> tuple[int, int]:
        found = self[kind] = (self._cut.handle(kind[0]), kind[1])
        return found


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
    kinds = PortionKinds(cut)
    lacking = cut.shortfall(portions, kinds)
    used = list(portions)
    for index in range(len(used) - 1, -1, -1):
        # Each unit taken away raises the shortfall by 0 or 1, and once by 1, then by 1 for every further unit.  So the
        # rise without the whole portion is how much of it is needed.
        without = cut.shortfall([*used[:index], *used[index + 1 :]], kinds)
        used[index] = used[index]._replace(amount=without - lacking)
    # What is left fits under the limits, so they can be dropped.  The supplement may sit anywhere.
    waiting = [Portion(lacking, tree.full, no_limit), *(portion._replace(limits=no_limit) for portion in used)]
    settled: list[Portion] = []
    seats: list[dict[int, int]] = []
    for index, portion in enumerate(waiting):
        rest = portion.amount
        seats.append({})
        places = tree.places(portion.serves)
        for place in places:
            if not rest:
                break
            here = Portion(rest, 1 << place, no_limit)
            # What would be short if all the rest sat here must sit elsewhere.
            last = place == places[-1]
            rest = 0 if last else cut.shortfall([*settled, here, *waiting[index + 1 :]], kinds)
            amount = here.amount - rest
            if amount:
                seats[-1][place] = amount
                settled.append(Portion(amount, 1 << place, no_limit))
    return [*seats[1:], seats[0]]
