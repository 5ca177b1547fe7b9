"""
Plans, compiled from demands and limits, which answer with allocations.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NoReturn

import attrs

from peer_ledger.allocation._cut import Gauge
from peer_ledger.allocation._findings import Assigned, Collision, Supplement, Weight
from peer_ledger.allocation._options import Combination, combinations_of
from peer_ledger.allocation._plan_problems import plan_problems
from peer_ledger.allocation._solver import Seating, Solver, Weighing
from peer_ledger.allocation._terms import Alternatives, Amount, Cell, Demand, InvalidPlan, Limit, NotABoolean, Units
from peer_ledger.values._cached import OnlyFields, cached_property

DEFAULT_MOST_COMBINATIONS = 20_000
"""How many combinations of indivisible cells and alternatives are tried by default: a few tenths of a second."""


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Allocation(OnlyFields):
    """
    A plan's answer about some cells: met, or short by how much, and why.

    The verdict is known at once; the rest is computed on first use.  The answer depends on the cells and not on their
    order, and on the order of demands and limits in the plan, not on their names.

    **The canonical assignment.**  The children of a shared group are trees of their own.  In each tree the cells are
    ordered: the fewest places first, then the most limits, then by `key`.  From the last cell to the first, as much as
    possible is left out.  So nothing is counted that is not needed, and what is left over is the most flexible and the
    latest.  Then the supplements, and after them each cell from the first on, are placed in the most general place that
    leaves room for the others.  Trees that depend on each other follow this order one after the other, with the
    smallest supplement that serves all of them.

    Attributes:
        plan: The plan that answered.
        chosen: The cells that count: those given, and one option of each set of alternatives.
        shortfall: The fewest units that would make it met if they were added; 0 when it is met.  The added units may be
            of whatever kind helps most, under no limit.  A fraction is possible only where trees depend on each other
            or limits overlap.
    """

    plan: "Plan" = attrs.field(repr=False)
    chosen: tuple[Cell, ...] = attrs.field(repr=False)
    shortfall: Units
    _narrowed: tuple[Cell, ...] = attrs.field(repr=False)
    _others: tuple[Combination, ...] = attrs.field(repr=False, default=())

    @property
    def met(self) -> bool:
        """Whether all minima are met."""
        return not self.shortfall

    @cached_property
    def collisions(self) -> tuple[Collision, ...]:
        """The proofs of the shortfall, the worst first: one for all trees together, or one for each that is short."""
        return self._proofs_of(self._narrowed)

    @property
    def collision(self) -> Collision | None:
        """The worst collision, which proves the shortfall; `None` when it is met."""
        return self.collisions[0] if self.collisions else None

    @cached_property
    def refutations(self) -> tuple[Collision, ...]:
        """The proofs that no other combination of indivisible cells and alternatives has a smaller shortfall."""
        found: dict[tuple[Weight, ...], Collision] = {}
        if self.shortfall:
            for combination in self._others:
                worst = self._proofs_of(combination.narrowed)[0]
                found.setdefault(worst.weights, worst)
        return tuple(found.values())

    @cached_property
    def assignment(self) -> tuple[Assigned, ...]:
        """How much of which cell is placed where, in canonical order; a unit appears once for each tree it serves."""
        return tuple(
            Assigned(cell=self.chosen[position], demand=name, amount=amount)
            for position, name, amount in self._seating.seats
        )

    @cached_property
    def missing(self) -> Mapping[str, Units]:
        """How much must be added where, by the demand's name; within one tree it adds up to the tree's shortfall."""
        return MappingProxyType(self._seating.added)

    @cached_property
    def supplements(self) -> tuple[Supplement, ...]:
        """What would make it met if all of it were added: as many units as are short, of the most general kinds."""
        return tuple(
            Supplement(serves=serves, amount=amount)
            for serves, amount in self.plan._solver.supplements(self._seating.added)
        )

    @cached_property
    def _seating(self) -> Seating:
        return self.plan._solver.seating(self._narrowed)

    def _proofs_of(self, cells: tuple[Cell, ...]) -> tuple[Collision, ...]:
        return tuple(self.plan._collision(weighing) for weighing in self.plan._solver.weighings(cells))

    def __bool__(self) -> NoReturn:
        raise NotABoolean("an allocation is neither true nor false; use allocation.met")


@attrs.frozen(kw_only=True)
class Plan:
    """
    Demands and limits, compiled: everything that does not depend on cells is computed once.

    Attributes:
        demand: The demand at the top.
        limits: The limits.
    """

    demand: Demand
    limits: tuple[Limit, ...]
    _solver: Solver = attrs.field(init=False, eq=False, repr=False)

    @_solver.default
    def _build(self) -> Solver:
        return Solver(self.demand, self.limits)

    def allocate(
        self,
        cells: Iterable[Cell],
        *,
        alternatives: Iterable[Alternatives] = (),
        most_combinations: int = DEFAULT_MOST_COMBINATIONS,
    ) -> Allocation:
        """
        Return the allocation of one person's cells.

        Args:
            cells: The person's training; leave out cells that serve no demand.
            alternatives: Sets of options; of each set the option counts that leaves the smallest shortfall.
            most_combinations: How many combinations of indivisible cells and alternatives may be tried.

        Returns:
            The allocation; its verdict is computed, the rest follows on first use.

        Raises:
            InvalidCell: A cell names a demand or a limit that is not in the plan.
            TooManyCombinations: Indivisible cells and alternatives leave more combinations than may be tried.

        >>> ethics = Demand(name="ethics", minimum=3)
        >>> plan = compile_plan(Demand(name="training", minimum=20, children=[ethics]))
        >>> plan.allocate([Cell(amount=20, serves={"ethics", "training"})]).met
        True
        """
        cells = tuple(cells)
        alternatives = tuple(alternatives)
        if not alternatives and all(cell.divisible for cell in cells):
            return Allocation(plan=self, chosen=cells, narrowed=cells, shortfall=self._solver.shortfall(cells))
        rank = self._solver.rank
        combinations = tuple(combinations_of(self.demand, cells, alternatives, rank=rank, most=most_combinations))
        best, least = combinations[0], self._solver.shortfall(combinations[0].narrowed)
        for combination in combinations[1:]:
            if not least:
                break
            short = self._solver.shortfall(combination.narrowed)
            if short < least or (short == least and combination.served > best.served):
                best, least = combination, short
        return Allocation(
            plan=self, chosen=best.chosen, narrowed=best.narrowed, shortfall=least, others=combinations if least else ()
        )

    def shortfall(self, cells: Iterable[Cell]) -> Units:
        """
        Return only the shortfall of one person's cells, for the verdicts of a whole roster.

        >>> plan = compile_plan(Demand(name="training", minimum=20))
        >>> plan.shortfall([Cell(amount=12, serves={"training"})])
        8
        """
        cells = tuple(cells)
        if all(cell.divisible for cell in cells):
            return self._solver.shortfall(cells)
        return self.allocate(cells).shortfall

    def shortfall_of(self, amounts: Sequence[Amount]) -> Units:
        """
        Return only the shortfall of amounts that were summed up by kind, without checking them.

        >>> plan = compile_plan(Demand(name="training", minimum=20))
        >>> plan.shortfall_of([Amount(12, frozenset({"training"}), frozenset())])
        8
        """
        return self._solver.shortfall(amounts)

    def gauge(self) -> Gauge | None:
        """Return what tells from one sum whether the minima are met; `None` where that takes more than a sum."""
        return self._solver.gauge()

    def _collision(self, weighing: Weighing) -> Collision:
        """Return the solver's proof with the names and figures of the plan."""
        weights = self._solver.weights(weighing)
        needed: Units = sum(
            weight.figure * (weight.weight if weight.kind == "minimum" else -weight.weight)
            for weight in weights
            if weight.kind != "limit"
        )
        return Collision(demands=weighing.places, weights=weights, needed=needed, available=needed - weighing.short)


def compile_plan(demand: Demand, *, limits: Iterable[Limit] = ()) -> Plan:
    """
    Check demands and limits, and return their plan.

    Args:
        demand: The demand at the top, with everything inside it.
        limits: The limits.

    Raises:
        InvalidPlan: Something is wrong with them; everything that is wrong is listed.

    >>> try:
    ...     compile_plan(Demand(name="training", minimum=20, maximum=10))
    ... except InvalidPlan as error:
    ...     print(error.problems[0])
    training.maximum: is 10, and its minimum is 20: no amount meets both
    """
    limits = tuple(limits)
    problems = plan_problems(demand, limits)
    if problems:
        raise InvalidPlan(tuple(problems))
    return Plan(demand=demand, limits=limits)
