"""
The solver of a compiled plan: chooses a method, and translates its answer into the names of demands and limits.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal

import attrs

from peer_ledger.allocation._assignment import Cut, seated
from peer_ledger.allocation._coupled import Lot, Prices, Program
from peer_ledger.allocation._cut import MOST_LANE_CELLS, EnumeratedCut, Gauge, asking_sets
from peer_ledger.allocation._findings import Weight
from peer_ledger.allocation._flow import FlowCut
from peer_ledger.allocation._held import Portion, PortionKinds
from peer_ledger.allocation._terms import Amount, Cell, Demand, InvalidCell, Limit, Units, unknown_names
from peer_ledger.allocation._trees import LimitNesting, Tree, nested_limits, trees_of

_MOST_KINDS = 4096


class Overlap(Exception):
    """
    A cell is under two limits, neither of which is nested in the other.
    """


@attrs.frozen(kw_only=True)
class Weighing:
    """
    The weights that prove a shortfall, by name.

    Attributes:
        short: The shortfall.
        minima: The weights of the minima that collide.
        maxima: The weights of the maxima that hold units back from them.
        limits: The weights of the limits that hold units back from them.
        places: The demands in which one more unit would help.
    """

    short: Units
    minima: dict[str, Units]
    maxima: dict[str, Units]
    limits: dict[str, Units]
    places: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Seating:
    """
    An assignment of cells to demands.

    Attributes:
        seats: How much of each cell is placed where: its position among the given cells, the demand's name and the
            amount, in canonical order.
        added: How much must be added where, by the demand's name.
    """

    seats: tuple[tuple[int, str, Units], ...]
    added: dict[str, Units]


class _Kinds(dict[tuple[frozenset[str], frozenset[str]], tuple[int, int]]):
    """The handle and the innermost limit of each kind of cell seen so far."""

    def __init__(self, solver: "Solver", tree: Tree, cut: Cut) -> None:
        super().__init__()
        self._solver = solver
        self._tree = tree
        self._cut = cut

    def __missing__(self, kind: tuple[frozenset[str], frozenset[str]]) -> tuple[int, int]:
        if len(self) >= _MOST_KINDS:
            self.clear()
        serves, limits = kind
        innermost = self._solver.innermost(serves, limits)
        if len(innermost) > 1:
            raise Overlap
        limit = innermost[0] if innermost else len(self._solver.nesting.limits)
        found = self[kind] = (self._cut.handle(self._tree.mask(serves)), limit)
        return found


class Solver:
    """
    Everything about a plan that does not depend on cells, and the methods that answer for given cells.
    """

    def __init__(self, demand: Demand, limits: Sequence[Limit]) -> None:
        self.trees = trees_of(demand)
        self.nesting: LimitNesting = nested_limits(limits)
        self.names = frozenset(name for tree in self.trees for name in tree.place_of)
        self._cuts = tuple(self._cut_of(tree) for tree in self.trees)
        self._kinds = tuple(_Kinds(self, tree, cut) for tree, cut in zip(self.trees, self._cuts, strict=True))
        self._masks: dict[tuple[frozenset[str], frozenset[str]], tuple[tuple[int, ...], frozenset[int]]] = {}
        self._hosted = any(tree.host for tree in self.trees)
        self._alone = not self._hosted and (len(self.trees) == 1 or not limits)

    def _cut_of(self, tree: Tree) -> Cut:
        sets = asking_sets(tree)
        return FlowCut(tree, self.nesting) if sets is None else EnumeratedCut(sets, self.nesting)

    def gauge(self) -> Gauge | None:
        """Return what tells from one sum whether the minima are met; `None` where that takes more than a sum."""
        cuts = [cut for cut in self._cuts if isinstance(cut, EnumeratedCut)]
        if self._hosted or self.nesting.limits or len(cuts) < len(self._cuts):
            return None
        return Gauge(cuts, [tree.mask for tree in self.trees])

    def innermost(self, serves: frozenset[str], limits: frozenset[str]) -> tuple[int, ...]:
        """Return the innermost limits of a kind of cell; raise `InvalidCell` for a name that the plan does not have."""
        problems = unknown_names("serves", "demand", serves - self.names, sorted(self.names))
        problems += unknown_names(
            "limits", "limit", limits - self.nesting.index_of.keys(), sorted(self.nesting.index_of)
        )
        if problems:
            raise InvalidCell(tuple(problems))
        return self.nesting.innermost(limits)

    def shortfall(self, cells: Sequence[Cell | Amount]) -> Units:
        """Return the fewest added units that would meet every minimum."""
        if self._alone and len(cells) <= MOST_LANE_CELLS:
            try:
                if len(self._cuts) == 1:
                    return self._cuts[0].shortfall(cells, self._kinds[0])
                return max(cut.shortfall(cells, kinds) for cut, kinds in zip(self._cuts, self._kinds, strict=True))
            except Overlap:
                pass
        lots = self.lots(cells)
        if self._needs_program(lots):
            return Program(self.trees, self.nesting, _merged(lots)).shortfall
        return max(self._on_cut(index, lots).shortfall() for index in range(len(self.trees)))

    def weighings(self, cells: Sequence[Cell]) -> list[Weighing]:
        """Return the proofs of the shortfall, the worst first: one for all trees, or one for each that is short."""
        lots = self.lots(cells)
        if self._needs_program(lots):
            program = Program(self.trees, self.nesting, _merged(lots))
            return [self._weigh(program.shortfall, program.prices)] if program.shortfall else []
        found = []
        for index in range(len(self.trees)):
            problem = self._on_cut(index, lots)
            short = problem.shortfall()
            if short:
                found.append(self._weigh(short, self._cut_prices(index, problem)))
        return sorted(found, key=lambda weighing: -weighing.short)

    def seating(self, cells: Sequence[Cell]) -> Seating:
        """Return the canonical assignment."""
        lots = self.lots(cells)
        order = _in_order(cells, lots)
        lots = [lots[position] for position in order]
        if self._needs_program(lots):
            found = sorted(Program(self.trees, self.nesting, lots).seats().items())
            named = [(lot, self.trees[index].nodes[place].name, amount) for (lot, index, place), amount in found]
        else:
            by_tree = [(tree.nodes, self._on_cut(index, lots).seated()) for index, tree in enumerate(self.trees)]
            named = [
                (lot, nodes[place].name, amount)
                for lot in range(len(lots) + 1)
                for nodes, seats in by_tree
                for place, amount in sorted(seats[lot].items())
            ]
        return Seating(
            seats=tuple((order[lot], name, amount) for lot, name, amount in named if lot < len(lots)),
            added={name: amount for lot, name, amount in named if lot == len(lots)},
        )

    def weights(self, weighing: Weighing) -> tuple[Weight, ...]:
        """Return the weights of a proof with their figures, in the order of the plan."""
        minima = {node.name: node.minimum for tree in self.trees for node in tree.nodes}
        maxima = {node.name: node.maximum or 0 for tree in self.trees for node in tree.nodes}
        limits = {limit.name: limit.maximum for limit in self.nesting.limits}
        kinds: tuple[tuple[Literal["minimum", "maximum", "limit"], dict[str, int], dict[str, Units]], ...] = (
            ("minimum", minima, weighing.minima),
            ("maximum", maxima, weighing.maxima),
            ("limit", limits, weighing.limits),
        )
        return tuple(
            Weight(kind=kind, name=name, figure=figures[name], weight=weight)
            for kind, figures, weights in kinds
            for name, weight in weights.items()
        )

    def supplements(self, added: Mapping[str, Units]) -> list[tuple[frozenset[str], Units]]:
        """Return the supplements; a unit that serves several trees at once is added only once."""
        # What each tree is missing is laid out on one line, from position 0 or from where its host starts.  Pieces
        # of different trees that overlap there are one supplement that serves all of them.
        pieces: list[tuple[Units, Units, str]] = []
        starts: dict[tuple[int, int], Units] = {}
        for index, tree in enumerate(self.trees):
            position = starts[tree.host] if tree.host else 0
            for place in tree.places(tree.full):
                name = tree.nodes[place].name
                starts[index, place] = position
                if added.get(name):
                    pieces.append((position, position + added[name], name))
                    position += added[name]
        ends = sorted({end for start, stop, _ in pieces for end in (start, stop)})
        return [
            (frozenset(name for begin, end, name in pieces if begin <= start and stop <= end), stop - start)
            for start, stop in pairwise(ends)
        ]

    def rank(self, cell: Cell) -> tuple[Any, ...]:
        """Return a cell's place in the canonical order: the fewest places first, then the most limits, then its key."""
        return _rank(cell, self.lots([cell])[0])

    def lots(self, cells: Sequence[Cell | Amount]) -> list[Lot]:
        """Return the lots of some cells, in their order."""
        known = self._masks
        lots = []
        for cell in cells:
            kind = (cell.serves, cell.limits)
            found = known.get(kind)
            if found is None:
                if len(known) >= _MOST_KINDS:
                    known.clear()
                limits = {outer for index in self.innermost(*kind) for outer in self.nesting.chain(index)}
                found = known[kind] = tuple([tree.mask(cell.serves) for tree in self.trees]), frozenset(limits)
            lots.append(Lot(cell.amount, *found))
        return lots

    def _needs_program(self, lots: Sequence[Lot]) -> bool:
        """
        Return whether the shortfall needs the linear program; its answer may then be a fraction.
        """
        # One tree under nested limits is a flow through one network, so a cut is exact.  Several trees are independent
        # as long as no limit is exceeded: each may use every cell, and an added unit may serve all of them at once, so
        # the largest of their shortfalls is the answer.  What is counted under an exceeded limit is one choice for all
        # trees; limits that overlap without nesting form no network; and a unit may be placed in a hosted tree only as
        # far as it is placed in its host.  None of these is a single flow.
        if self._hosted:
            return True
        return self._exceeded(lots) and (len(self.trees) > 1 or any(len(self._innermost_of(lot)) > 1 for lot in lots))

    def _exceeded(self, lots: Sequence[Lot]) -> bool:
        held: dict[int, int] = defaultdict(int)
        for lot in lots:
            for limit in lot.limits:
                held[limit] += lot.amount
        return any(amount > self.nesting.limits[limit].maximum for limit, amount in held.items())

    def _innermost_of(self, lot: Lot) -> frozenset[int]:
        return lot.limits - {self.nesting.outer[limit] for limit in lot.limits}

    def _on_cut(self, index: int, lots: Sequence[Lot]) -> "_TreeProblem":
        no_limit = len(self.nesting.limits)
        # With several trees no limit is exceeded here (see `_needs_program`), and a limit that is not exceeded holds
        # nothing back, so it is dropped.
        free = len(self.trees) > 1 or not self._exceeded(lots)
        portions = [
            Portion(lot.amount, lot.masks[index], no_limit if free else next(iter(self._innermost_of(lot)), no_limit))
            for lot in lots
        ]
        # `<`, not `<=`: an assignment places the supplement as one more portion.
        cut = self._cuts[index] if len(lots) < MOST_LANE_CELLS else FlowCut(self.trees[index], self.nesting)
        return _TreeProblem(self.trees[index], cut, portions, no_limit)

    def _cut_prices(self, index: int, problem: "_TreeProblem") -> Prices:
        worst = problem.worst()
        minima: dict[tuple[int, int], Units] = {}
        maxima: dict[tuple[int, int], Units] = {}
        for place, node in enumerate(problem.tree.nodes):
            inside = worst >> place & 1
            above = node.parent >= 0 and worst >> node.parent & 1
            if inside and not above:
                minima[index, place] = 1
            if above and not inside:
                maxima[index, place] = 1
        return Prices(
            minima=minima, maxima=maxima, limits=dict.fromkeys(self._filled_limits(problem.portions, worst), 1)
        )

    def _weigh(self, short: Units, prices: Prices) -> Weighing:
        def name(key: tuple[int, int]) -> str:
            return self.trees[key[0]].nodes[key[1]].name

        def worth(index: int, place: int) -> Units:
            path = [(index, above) for above in self.trees[index].above(place)]
            return sum(prices.minima.get(key, 0) - prices.maxima.get(key, 0) for key in path)

        return Weighing(
            short=short,
            minima={name(key): price for key, price in prices.minima.items()},
            maxima={name(key): price for key, price in prices.maxima.items()},
            limits={self.nesting.limits[index].name: price for index, price in prices.limits.items()},
            places=tuple(
                node.name
                for index, tree in enumerate(self.trees)
                for place, node in enumerate(tree.nodes)
                if worth(index, place) > 0
            ),
        )

    def _filled_limits(self, portions: Sequence[Portion], places: int) -> list[int]:
        """Return the outermost limits that hold back portions from some places."""
        held = [0] * (len(self.nesting.limits) + 1)
        for portion in portions:
            if portion.serves & places:
                held[portion.limits] += portion.amount
        binding = set()
        for index, limit in enumerate(self.nesting.limits):
            if held[index] > limit.maximum:
                binding.add(index)
            held[self.nesting.outer[index]] += min(held[index], limit.maximum)
        return sorted(index for index in binding if not binding & set(self.nesting.chain(index)[1:]))


@attrs.frozen
class _TreeProblem:
    """The allocation of portions in one tree."""

    tree: Tree
    cut: Cut
    portions: list[Portion]
    no_limit: int

    def shortfall(self) -> int:
        return self.cut.shortfall(self.portions, PortionKinds(self.cut))

    def worst(self) -> int:
        return self.cut.worst(self.portions, PortionKinds(self.cut))

    def seated(self) -> list[dict[int, int]]:
        return seated(self.tree, self.cut, self.portions, self.no_limit)


def _rank(cell: Cell, lot: Lot) -> tuple[Any, ...]:
    places = sum(mask.bit_count() for mask in lot.masks)
    return places, -len(lot.limits), cell.key, lot.masks, sorted(lot.limits), cell.amount


def _in_order(cells: Sequence[Cell], lots: Sequence[Lot]) -> list[int]:
    """Return the positions of cells in the canonical order, see `_rank`; most cells are of few kinds."""
    kinds: dict[tuple[tuple[int, ...], frozenset[int]], tuple[int, int]] = {}
    keys: list[tuple[tuple[int, int], Any]] = []
    for cell, lot in zip(cells, lots, strict=True):
        kind = lot.masks, lot.limits
        first = kinds.get(kind)
        if first is None:
            first = kinds[kind] = sum(mask.bit_count() for mask in lot.masks), -len(lot.limits)
        keys.append((first, cell.key))
    if len(set(keys)) < len(keys):  # then what they are, and how much, decides, too
        return sorted(range(len(cells)), key=lambda position: _rank(cells[position], lots[position]))
    return sorted(range(len(cells)), key=keys.__getitem__)


def _merged(lots: Iterable[Lot]) -> list[Lot]:
    amounts: dict[tuple[tuple[int, ...], frozenset[int]], int] = defaultdict(int)
    for lot in lots:
        amounts[lot.masks, lot.limits] += lot.amount
    return [
        Lot(amount, *kind)
        for kind, amount in sorted(amounts.items(), key=lambda entry: (entry[0][0], sorted(entry[0][1])))
    ]
