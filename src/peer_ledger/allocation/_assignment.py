"""
The canonical assignment of one tree.

Cells are ordered, the one with the fewest places first.  From the last to the first, as much as possible of each is
left out without raising the shortfall, so that what is left over is the most flexible and the latest.  Then the
supplement, and after it each cell from the first on, sits in the most general place that leaves room for the others.

Only shortfalls are asked for here, so the result is the same whichever cut answers.  A shortfall depends on how much
there is of each kind of portion, not on the portions one by one, so each question is about the kinds, which are few.
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


class _Held(dict[tuple[int, int], int]):
    """How much there is of each kind of portion."""

    def add(self, portion: Portion) -> None:
        """Add a portion."""
        kind = (portion.serves, portion.limits)
        self[kind] = self.get(kind, 0) + portion.amount

    def remove(self, portion: Portion) -> None:
        """Remove a portion that was added."""
        self[portion.serves, portion.limits] -= portion.amount

    def portions(self) -> list[Portion]:
        """Return one portion of each kind."""
        return [Portion(amount, *kind) for kind, amount in self.items() if amount]

    @classmethod
    def of(cls, portions: Iterable[Portion]) -> "_Held":
        """Return how much there is of some portions."""
        held = cls()
        for portion in portions:
            held.add(portion)
        return held


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
    held = _Held.of(portions)
    lacking = cut.shortfall(held.portions(), kinds)
    used = list(portions)
    for index in range(len(used) - 1, -1, -1):
        # Each unit taken away raises the shortfall by 0 or 1, and once by 1, then by 1 for every further unit.  So the
        # rise without the whole portion is how much of it is needed.
        held.remove(used[index])
        used[index] = used[index]._replace(amount=cut.shortfall(held.portions(), kinds) - lacking)
        held.add(used[index])
    # What is left fits under the limits, so they can be dropped.  The supplement may sit anywhere.
    waiting = [Portion(lacking, tree.full, no_limit), *(portion._replace(limits=no_limit) for portion in used)]
    held = _Held.of(waiting)  # what waits, and what is settled
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
            last = place == places[-1]
            rest = 0 if last else cut.shortfall([*held.portions(), here], kinds)
            amount = here.amount - rest
            if amount:
                seats[-1][place] = amount
                held.add(here._replace(amount=amount))
            if rest:
                full.add((portion.serves, place))
    return [*seats[1:], seats[0]]
