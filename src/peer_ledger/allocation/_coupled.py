"""
The exact linear program for trees that share one choice of counted units.

It is needed only where a limit forces a choice that several trees depend on, where limits overlap without nesting, or
where a shared group is below an exclusive one.  None of these is a flow through one network, so no cut answers them.
"""

from collections.abc import Sequence

import attrs

from peer_ledger.allocation._simplex import Simplex
from peer_ledger.allocation._terms import Units
from peer_ledger.allocation._trees import LimitNesting, Tree


@attrs.frozen
class Lot:
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


class Program:
    """
    The fewest added units with which one choice of counted units serves all trees, and where they sit.

    A variable for each lot, tree and place says how much sits there; all trees share the variable that says how much of
    the lot is counted.  The variables of the last lot, which has no amount, are what must be added.
    """

    def __init__(self, trees: Sequence[Tree], nesting: LimitNesting, lots: Sequence[Lot]) -> None:
        self._trees = trees
        self._lots = lots
        everything = tuple(tree.full for tree in trees)
        self._masks = [*(lot.masks for lot in lots), everything]
        self._seats = {
            (lot, index, place): number
            for number, (lot, index, place) in enumerate(
                (lot, index, place)
                for lot, masks in enumerate(self._masks)
                for index, tree in enumerate(trees)
                for place in tree.places(masks[index])
            )
        }
        # After the seats: how much of each lot is counted, and last how much is added.
        self._counted = [len(self._seats) + lot for lot in range(len(self._masks))]
        self._rows: list[tuple[dict[int, Units], Units]] = []
        self._meaning: dict[tuple[str, int, int], int] = {}
        for lot, known in enumerate(lots):
            self._rows.append(({self._counted[lot]: 1}, known.amount))
        self._add_seating()
        self._add_figures(nesting)
        self._simplex = Simplex(self._rows, {self._counted[-1]: 1})
        self._simplex.least_cost()
        self.shortfall = self._simplex.value(self._counted[-1])
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
        added = len(self._lots)
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
        return [self._seats[lot, index, place] for place in self._trees[index].places(self._masks[lot][index])]

    def _priced(self) -> list[tuple[tuple[str, int, int], Units]]:
        return [(key, price) for key, row in self._meaning.items() if (price := self._simplex.price(row))]

    def _add_seating(self) -> None:
        for lot, masks in enumerate(self._masks):
            for index, tree in enumerate(self._trees):
                row: dict[int, Units] = {self._seats[lot, index, place]: 1 for place in tree.places(masks[index])}
                if row:
                    room = self._counted[lot] if tree.host is None else self._seats[lot, *tree.host]
                    self._rows.append((row | {room: -1}, 0))

    def _add_figures(self, nesting: LimitNesting) -> None:
        for index, tree in enumerate(self._trees):
            for place, node in enumerate(tree.nodes):
                below = {inner for inner in range(len(tree.nodes)) if place in tree.above(inner)}
                seats = [seat for (_, owner, inner), seat in self._seats.items() if owner == index and inner in below]
                if node.minimum > sum(tree.nodes[child].minimum for child in node.children):
                    self._meaning["minimum", index, place] = len(self._rows)
                    self._rows.append((dict.fromkeys(seats, -1), -node.minimum))
                if node.maximum is not None:
                    self._meaning["maximum", index, place] = len(self._rows)
                    self._rows.append((dict.fromkeys(seats, 1), node.maximum))
        for number, limit in enumerate(nesting.limits):
            inside = {self._counted[lot]: 1 for lot, known in enumerate(self._lots) if number in known.limits}
            if inside:
                self._meaning["limit", number, 0] = len(self._rows)
                self._rows.append((dict(inside), limit.maximum))
