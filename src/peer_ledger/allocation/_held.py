"""
Portions that are added and taken away one by one, while it is asked again and again how much a tree is short.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol


class Portion(NamedTuple):
    """A cell as one tree sees it: an amount, a mask of the places in which it may sit, and its innermost limit."""

    amount: int
    serves: int
    limits: int


class Held(Protocol):
    """The portions that are there."""

    def add(self, portion: Portion) -> None:
        """Add a portion."""

    def remove(self, portion: Portion) -> None:
        """Remove a portion that was added."""

    def shortfall(self) -> int:
        """Return how much the worst set of places is short."""


class Asked(Protocol):
    """A method that finds a tree's shortfall."""

    def handle(self, mask: int) -> int:
        """Return the form of a mask of places that the other method takes."""

    def shortfall(self, cells: Iterable[Any], kinds: Mapping[Any, tuple[int, int]]) -> int:
        """Return how much the worst set is short."""


class PortionKinds(dict[tuple[int, int], tuple[int, int]]):
    """The handle and the limit of each kind of portion."""

    def __init__(self, cut: Asked) -> None:
        super().__init__()
        self._cut = cut

    def __missing__(self, kind: tuple[int, int]) -> tuple[int, int]:
        found = self[kind] = (self._cut.handle(kind[0]), kind[1])
        return found


class HeldKinds:
    """
    How much there is of each kind of portion: a shortfall depends on that, not on the portions one by one.

    Args:
        cut: The method that finds the tree's shortfall.
        portions: The portions that are there.
    """

    def __init__(self, cut: Asked, portions: Iterable[Portion]) -> None:
        self._cut, self._kinds = cut, PortionKinds(cut)
        self._amounts: dict[tuple[int, int], int] = {}
        for portion in portions:
            self.add(portion)

    def add(self, portion: Portion) -> None:
        """Add a portion."""
        kind = (portion.serves, portion.limits)
        self._amounts[kind] = self._amounts.get(kind, 0) + portion.amount

    def remove(self, portion: Portion) -> None:
        """Remove a portion that was added."""
        self._amounts[portion.serves, portion.limits] -= portion.amount

    def shortfall(self) -> int:
        """Return how much the worst set of places is short, given one portion of each kind."""
        return self._cut.shortfall(
            [Portion(amount, *kind) for kind, amount in self._amounts.items() if amount], self._kinds
        )


class HeldLanes:
    """
    How much each set of places is short, in lanes of one integer, where no limit holds a portion back.

    Args:
        lanes: What each set needs, in its lane, with a bias that keeps it from becoming negative.
        handle: Returns an integer with a 1 in the lane of every set that contains one of some places.
        short: Returns how much the worst set is short, given the lanes.
        portions: The portions that are there.
    """

    def __init__(
        self, lanes: int, handle: Callable[[int], int], short: Callable[[int], int], portions: Iterable[Portion]
    ) -> None:
        self._lanes, self._handle, self._short = lanes, handle, short
        for portion in portions:
            self.add(portion)

    def add(self, portion: Portion) -> None:
        """Add a portion."""
        self._lanes -= portion.amount * self._handle(portion.serves)

    def remove(self, portion: Portion) -> None:
        """Remove a portion that was added."""
        self._lanes += portion.amount * self._handle(portion.serves)

    def shortfall(self) -> int:
        """Return how much the worst set of places is short."""
        return self._short(self._lanes)
