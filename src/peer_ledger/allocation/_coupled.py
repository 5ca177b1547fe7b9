"""
The exact linear program for trees that share one choice of counted units.

It is needed only where a limit forces a choice that several trees depend on, where limits overlap without nesting, or
where a shared group is below an exclusive one.  None of these is a flow through one network, so no cut answers them.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import attrs

from peer_ledger.allocation._simplex import Simplex
from peer_ledger.allocation._terms import Units
from peer_ledger.allocation._trees import LimitNesting, Tree


class Lot(NamedTuple):
    """
    Cells of one kind, as all trees see them.

    Attributes:
        amount: How much there is, in units.
        masks: The places in which it may sit, tree by tree.
        limits: All limits that apply to it, outer ones included.
    """

    amount: int
    masks: tuple[int, ...]
    limits: frozenset[int]


@attrs.frozen(kw_only=True)
class Prices:
    """
    The proof that no choice has a smaller shortfall: a weight for every figure that decides.

    Attributes:
        minima: Weights of minima, by tree and place.
        maxima: Weights of maxima, by tree and place.
        limits: Weights of limits, by limit.
    """

    minima: dict[tuple[int, int], Units]
    maxima: dict[tuple[int, int], Units]
    limits: dict[int, Units]


Seats = dict[tuple[int, int, int], Units]
"""How much of each lot sits in each tree and place; what must be added is the lot after the last."""

Row = tuple[dict[int, Units], Units]
"""A row of the program: the weights of its variables, and the bound of their sum."""


class Block:
    """
    The variables and rows of one choice of counted units that serves some trees.

    A variable for each lot, tree and place says how much sits there; all trees share the variable that says how much of
    the lot is counted.

    Args:
        trees: The trees.
        nesting: The limits.
        lots: The lots; how much there is of them, the rows do not say.
        first: The number of the first variable.

    Attributes:
        seats: The variable of each lot, tree and place.
        counted: The variable of each lot that says how much of it is counted.
    """

    def __init__(self, trees: Sequence[Tree], nesting: LimitNesting, lots: Sequence[Lot], first: int = 0) -> None:
        self._trees, self._nesting, self._lots = trees, nesting, lots
        self.seats = {
            (lot, index, place): number
            for number, (lot, index, place) in enumerate(
                (
                    (lot, index, place)
                    for lot, known in enumerate(lots)
                    for index, tree in enumerate(trees)
                    for place in tree.places(known.masks[index])
                ),
                first,
            )
        }
        self.counted = [first + len(self.seats) + lot for lot in range(len(lots))]

    @property
    def end(self) -> int:
        """The number after that of the last variable."""
        return self.counted[-1] + 1

    def seating(self) -> Iterator[Row]:
        """Yield the rows that seat no more of a lot than is counted or, in a hosted tree, than sits in its host."""
        for lot, known in enumerate(self._lots):
            for index, tree in enumerate(self._trees):
                row: dict[int, Units] = {self.seats[lot, index, place]: 1 for place in tree.places(known.masks[index])}
                if row:
                    room = self.counted[lot] if tree.host is None else self.seats[lot, *tree.host]
                    yield row | {room: -1}, 0

    def figures(self) -> Iterator[tuple[tuple[str, int, int], Row]]:
        """Yield the rows of minima, maxima and limits, each with its kind, tree or limit, and place."""
        for index, tree in enumerate(self._trees):
            for place, node in enumerate(tree.nodes):
                below = {inner for inner in range(len(tree.nodes)) if place in tree.above(inner)}
                seats = [seat for (_, owner, inner), seat in self.seats.items() if owner == index and inner in below]
                if node.minimum > sum(tree.nodes[child].minimum for child in node.children):
                    yield ("minimum", index, place), (dict.fromkeys(seats, -1), -node.minimum)
                if node.maximum is not None:
                    yield ("maximum", index, place), (dict.fromkeys(seats, 1), node.maximum)
        for number, limit in enumerate(self._nesting.limits):
            inside: dict[int, Units] = {
                self.counted[lot]: 1 for lot, known in enumerate(self._lots) if number in known.limits
            }
            if inside:
                yield ("limit", number, 0), (inside, limit.maximum)


class Program:
    """
    The fewest added units with which one choice of counted units serves all trees, and where they sit.

    The last lot is what must be added: it has no amount, may sit anywhere, and is under no limit.
    """

    def __init__(self, trees: Sequence[Tree], nesting: LimitNesting, lots: Sequence[Lot]) -> None:
        self._trees = trees
        self._lots = [*lots, Lot(0, tuple(tree.full for tree in trees), frozenset())]
        block = Block(trees, nesting, self._lots)
        self._seats, added = block.seats, block.counted[-1]
        rows: list[Row] = [({block.counted[lot]: 1}, known.amount) for lot, known in enumerate(lots)]
        rows += block.seating()
        self._meaning: dict[tuple[str, int, int], int] = {}
        for meaning, row in block.figures():
            self._meaning[meaning] = len(rows)
            rows.append(row)
        self._simplex = Simplex(rows, {added: 1})
        self._simplex.least_cost()
        self.shortfall = self._simplex.value(added)
        self.prices = Prices(
            minima={(index, place): price for (kind, index, place), price in self._priced() if kind == "minimum"},
            maxima={(index, place): price for (kind, index, place), price in self._priced() if kind == "maximum"},
            limits={index: price for (kind, index, _), price in self._priced() if kind == "limit"},
        )

    def seats(self) -> Seats:
        """
        Return the canonical assignment among all with this shortfall; the lots must be in their canonical order.
        """
        # The order of `_assignment.seated`, written as wishes: the most general supplements; then, tree by tree, as
        # little as possible of all cells, of the last cell, of the one before it; then the most general places.
        added = len(self._lots) - 1
        wish = self._simplex.wish
        wish({seat: -1 for (lot, _, _), seat in self._seats.items() if lot == added})
        for index in range(len(self._trees)):
            of_lot = [self._of(lot, index) for lot in range(added)]
            wish({seat: -1 for seats in of_lot for seat in seats})
            for seats in reversed(of_lot):
                wish(dict.fromkeys(seats, -1))
            for seats in [self._of(added, index), *of_lot]:
                for seat in seats[:-1]:
                    wish({seat: 1})
        return {key: value for key, seat in self._seats.items() if (value := self._simplex.value(seat))}

    def _of(self, lot: int, index: int) -> list[int]:
        """Return the variables of a lot in one tree, the most general place first."""
        return [self._seats[lot, index, place] for place in self._trees[index].places(self._lots[lot].masks[index])]

    def _priced(self) -> list[tuple[tuple[str, int, int], Units]]:
        return [(key, price) for key, row in self._meaning.items() if (price := self._simplex.price(row))]
