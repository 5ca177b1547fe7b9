"""
The smallest addition with which several plans are met at once, from kinds of units that there could be.

Each plan answers for itself: a unit that is added may serve every plan, in each as its kind may, under the limits that
apply to it there.  So what each plan lacks by itself is a lower bound of what all lack together, and no more than that:
where no kind serves two of them, both must be added.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product
from math import prod

import attrs

from peer_ledger.allocation._coupled import Block, Row
from peer_ledger.allocation._options import combinations_of
from peer_ledger.allocation._plan import Plan
from peer_ledger.allocation._simplex import Simplex
from peer_ledger.allocation._solver import Solver
from peer_ledger.allocation._terms import Alternatives, Amount, Cell, TooManyCombinations, Units

Kind = tuple[frozenset[str], frozenset[str]]
"""The demands that a unit of some kind may serve, and the limits that apply to it."""

NOTHING: Kind = frozenset(), frozenset()
"""The kind that serves nothing."""


@attrs.frozen(kw_only=True)
class Share:
    """
    A plan that is to be met, with what there is for it.

    Attributes:
        plan: The plan.
        cells: The cells that there are.
        alternatives: The sets of cells of which only one counts.
        worth: How much a unit of the plan is worth, in the unit in which additions are compared.
        kinds: What each kind of units that could be added is to the plan.
    """

    plan: Plan
    cells: tuple[Cell, ...]
    alternatives: tuple[Alternatives, ...] = ()
    worth: Fraction = Fraction(1)
    kinds: tuple[Kind, ...]


@attrs.frozen(kw_only=True)
class Added:
    """
    Something that is added, and what of it is used.

    Attributes:
        kind: The position of its kind.
        amount: How much of it.
        serves: The demands in which it is placed, each with the position of its plan, the narrowest first.
    """

    kind: int
    amount: Fraction
    serves: tuple[tuple[int, str], ...]


def smallest_addition(shares: Sequence[Share], *, most_combinations: int) -> tuple[Added, ...] | None:
    """
    Return the smallest addition with which all plans are met; `None` where no addition meets them.

    Args:
        shares: The plans, each with what there is for it.
        most_combinations: How many combinations of indivisible cells and alternatives may be tried.

    Raises:
        TooManyCombinations: There are more.

    >>> from peer_ledger.allocation import Demand, compile_plan
    >>> ethics, more = (compile_plan(Demand(name=name, minimum=3)) for name in ("ethics", "more"))
    >>> both, one = (frozenset({"ethics"}), frozenset()), (frozenset({"more"}), frozenset())
    >>> shares = [Share(plan=ethics, cells=(), kinds=(both, NOTHING)), Share(plan=more, cells=(), kinds=(NOTHING, one))]
    >>> [(added.kind, str(added.amount)) for added in smallest_addition(shares, most_combinations=1)]
    [(0, '3'), (1, '3')]
    """
    each = [_narrowed(share, most_combinations) for share in shares]
    if (count := prod(map(len, each))) > most_combinations:
        raise TooManyCombinations(count, most_combinations)
    best: _Additions | None = None
    for cells in product(*each):
        found = _Additions(shares, cells)
        if found.is_possible and (best is None or found.total < best.total):
            best = found
    return None if best is None else tuple(best.added())


def _narrowed(share: Share, most: int) -> list[tuple[Cell, ...]]:
    """Return the cells in each combination of indivisible cells and alternatives."""
    if not share.alternatives and all(cell.divisible for cell in share.cells):
        return [share.cells]
    rank = Solver(share.plan.demand, share.plan.limits).rank
    found = combinations_of(share.plan.demand, share.cells, share.alternatives, rank=rank, most=most)
    return [combination.narrowed for combination in found]


class _Additions:
    """
    The linear program of the smallest addition, with the cells of each plan.

    Its first variables say how much of each kind is added, in the unit in which additions are compared.
    """

    def __init__(self, shares: Sequence[Share], cells: Sequence[Sequence[Cell]]) -> None:
        kinds = range(len(shares[0].kinds))
        self._solvers = [Solver(share.plan.demand, share.plan.limits) for share in shares]
        self._shares, self._kinds = shares, kinds
        self._blocks: list[Block] = []
        self._first: list[int] = []
        rows: list[Row] = []
        end = len(kinds)
        for share, solver, some in zip(shares, self._solvers, cells, strict=True):
            lots = solver.lots([*some, *(Amount(0, *kind) for kind in share.kinds)])
            block = Block(solver.trees, solver.nesting, lots, end)
            rows += [({block.counted[place]: 1}, lot.amount) for place, lot in enumerate(lots[: len(some)])]
            rows += [({block.counted[len(some) + kind]: share.worth, kind: -1}, 0) for kind in kinds]
            rows += block.seating()
            rows += [row for _, row in block.figures()]
            self._blocks.append(block)
            self._first.append(len(some))
            end = block.end
        self._simplex = Simplex(rows, dict.fromkeys(kinds, 1))
        self.is_possible = self._simplex.least_cost()
        self.total: Units = sum(self._simplex.value(kind) for kind in kinds)

    def added(self) -> Iterator[Added]:
        """Yield what is added, of as few of the later kinds as possible."""
        for kind in reversed(self._kinds):
            self._simplex.wish({kind: -1})
        for kind in self._kinds:
            # What sits in each tree of each plan is laid out on one line, from the narrowest place on. Pieces that
            # overlap there are one addition that serves all of them.
            pieces = [piece for place in range(len(self._shares)) for piece in self._pieces(kind, place)]
            ends = sorted({Fraction(0), *(end for piece in pieces for end in piece[:2])})
            for begin, end in pairwise(ends):
                here = sorted(piece for piece in pieces if piece[0] <= begin and end <= piece[1])
                serves = tuple((place, name) for _, _, _, place, name in sorted(here, key=lambda piece: piece[2:]))
                yield Added(kind=kind, amount=end - begin, serves=serves)

    def _pieces(self, kind: int, place: int) -> Iterator[tuple[Fraction, Fraction, int, int, str]]:
        """Yield where each part of a kind lies on the line, with the depth of its demand, the plan and the name."""
        solver, block = self._solvers[place], self._blocks[place]
        lot = self._first[place] + kind
        starts: dict[tuple[int, int], Fraction] = {}
        for index, tree in enumerate(solver.trees):
            position = starts.get(tree.host, Fraction(0)) if tree.host else Fraction(0)
            mask = tree.mask(self._shares[place].kinds[kind][0])
            for seat in reversed(tree.places(mask)):
                starts[index, seat] = position
                amount = Fraction(self._simplex.value(block.seats[lot, index, seat])) * self._shares[place].worth
                if amount:
                    yield position, position + amount, -tree.nodes[seat].depth, place, tree.nodes[seat].name
                    position += amount
