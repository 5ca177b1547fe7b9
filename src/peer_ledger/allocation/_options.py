"""
Every combination of alternatives and of places for indivisible cells.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from math import prod
from typing import Any

import attrs

from peer_ledger.allocation._terms import Alternatives, Cell, Demand, TooManyCombinations, Units
from peer_ledger.allocation._trees import is_shared


@attrs.frozen
class Combination:
    """
    One choice of options, and of one place in each tree for every indivisible cell.

    Attributes:
        chosen: The cells that count, as they were given.
        narrowed: The same cells, each serving only the demands chosen here.
    """

    chosen: tuple[Cell, ...]
    narrowed: tuple[Cell, ...]

    @property
    def served(self) -> Units:
        """The units for each demand, added up: of two equally good choices the one that serves more shows more."""
        return sum(cell.amount * len(cell.serves) for cell in self.narrowed)


def combinations_of(
    demand: Demand,
    cells: Sequence[Cell],
    alternatives: Sequence[Alternatives],
    *,
    rank: Callable[[Cell], tuple[Any, ...]],
    most: int,
) -> Iterator[Combination]:
    """
    Return all combinations in canonical order.

    They are counted before any is built, so that too many are refused immediately.

    Raises:
        TooManyCombinations: There are more than `most`.
    """
    divisible = tuple(cell for cell in cells if cell.divisible)
    whole = [((cell,),) for cell in sorted((cell for cell in cells if not cell.divisible), key=rank)]
    listed = [
        tuple(sorted({tuple(sorted(option, key=rank)) for option in options}, key=_by(rank)))
        for options in (alternative.options for alternative in alternatives)
    ]
    choices = [*whole, *sorted(listed, key=lambda options: [_by(rank)(option) for option in options])]
    expanded = [[way for option in options for way in _ways(demand, option)] for options in choices]
    count = prod(map(len, expanded))
    if count > most:
        raise TooManyCombinations(count, most)
    return (
        Combination(
            (*divisible, *(cell for chosen, _ in ways for cell in chosen)),
            (*divisible, *(cell for _, narrowed in ways for cell in narrowed)),
        )
        for ways in product(*expanded)
    )


def _by(rank: Callable[[Cell], tuple[Any, ...]]) -> Callable[[Sequence[Cell]], list[tuple[Any, ...]]]:
    return lambda option: [rank(cell) for cell in option]


def _ways(demand: Demand, option: tuple[Cell, ...]) -> Iterator[tuple[tuple[Cell, ...], tuple[Cell, ...]]]:
    placings = [
        [cell] if cell.divisible else [attrs.evolve(cell, serves=serves) for serves in _placings(demand, cell.serves)]
        for cell in option
    ]
    for narrowed in product(*placings):
        yield option, narrowed


def _placings(demand: Demand, serves: frozenset[str]) -> list[frozenset[str]]:
    """Return the sets of demands that a cell can serve while it is placed once in each tree."""
    own = [frozenset({demand.name})] if demand.name in serves else []
    below = [_placings(child, serves) for child in demand.children]
    if not is_shared(demand):
        return own + [placing for placings in below for placing in placings]
    served = [placings for placings in below if placings]
    return [frozenset().union(*own, *parts) for parts in product(*served)] if served else own
