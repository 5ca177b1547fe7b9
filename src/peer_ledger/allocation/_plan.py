"""
A plan, and what it answers.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import NoReturn

import attrs

from peer_ledger.allocation._findings import Addition, Assigned, Collision, Weight
from peer_ledger.allocation._options import Combination, combinations_of
from peer_ledger.allocation._plan_problems import plan_problems
from peer_ledger.allocation._solver import Seating, Solver, Weighing
from peer_ledger.allocation._terms import Alternatives, Amount, Cap, Cell, InvalidPlan, NotABoolean, Requirement

MOST_COMBINATIONS = 20_000
"""How many combinations of what cannot be divided are tried unless a caller says otherwise: some tenths of a second."""


@attrs.frozen(kw_only=True, eq=False)
class Allocation:
    """
    What a plan answers about some cells: met, or short by how much, and why.

    The verdict is there at once; the rest is worked out when it is asked for.  The answer depends on what the cells say
    and not on their order, and on the order of requirements and caps in the rules, not on their names.

    **The canonical assignment.**  In each tree (the children of a shared group are trees of their own) cells stand in
    an order: the fewest places in which they may sit, then the most caps, then `key`.  From the last to the first, as
    much as possible of each is left out; so nothing is counted that is not needed, and what is left is the most
    flexible and the latest.  Then the addition, and after it each cell from the first on, sits in the most general
    place that leaves room for the others.  Coupled trees keep this order, one after the other, within the least
    addition to all of them.

    Attributes:
        plan: The plan that answered.
        chosen: The cells that count: those given, and of each set of alternatives one option.
        shortfall: The fewest units that, if added, would make it met; 0 when it is.  What is added may be of whatever
            kind helps most and lies in no cap; a fraction is possible only where trees are coupled or caps overlap.
    """

    plan: "Plan" = attrs.field(repr=False)
    chosen: tuple[Cell, ...] = attrs.field(repr=False)
    shortfall: Amount
    _narrowed: tuple[Cell, ...] = attrs.field(repr=False)
    _others: tuple[Combination, ...] = attrs.field(repr=False, default=())

    @property
    def met(self) -> bool:
        """Whether all minima are met."""
        return not self.shortfall

    @cached_property
    def collisions(self) -> tuple[Collision, ...]:
        """What proves the shortfall, the worst first: of all trees at once, or of each that is short."""
        return self._proofs_of(self._narrowed)

    @property
    def collision(self) -> Collision | None:
        """The worst collision: what proves the shortfall; `None` when it is met."""
        return self.collisions[0] if self.collisions else None

    @cached_property
    def refutations(self) -> tuple[Collision, ...]:
        """What proves that no other combination of what cannot be divided lacks less."""
        found: dict[tuple[Weight, ...], Collision] = {}
        if self.shortfall:
            for combination in self._others:
                worst = self._proofs_of(combination.narrowed)[0]
                found.setdefault(worst.weights, worst)
        return tuple(found.values())

    @cached_property
    def assignment(self) -> tuple[Assigned, ...]:
        """
        How much of which cell sits where, in the canonical order; in shared groups a unit appears once for each tree.
        """
        return tuple(
            Assigned(cell=self.chosen[position], requirement=name, amount=amount)
            for position, name, amount in self._seating.seats
        )

    @cached_property
    def missing(self) -> Mapping[str, Amount]:
        """What must be added where, by requirement; within one tree it adds up to the tree's shortfall."""
        return MappingProxyType(self._seating.added)

    @cached_property
    def shortfalls(self) -> Mapping[str, Amount]:
        """What must be added to each tree, by the requirement at its top."""
        added = self.missing
        return MappingProxyType(
            {tree.name: sum(added.get(node.name, 0) for node in tree.nodes) for tree in self.plan._solver.trees}
        )

    @cached_property
    def additions(self) -> tuple[Addition, ...]:
        """
        One smallest addition that would make it met: as many units as are short, of the most general kinds.
        """
        return tuple(
            Addition(serves=serves, amount=amount)
            for serves, amount in self.plan._solver.additions(self._seating.added)
        )

    @cached_property
    def _seating(self) -> Seating:
        return self.plan._solver.seating(self._narrowed)

    def _proofs_of(self, cells: tuple[Cell, ...]) -> tuple[Collision, ...]:
        return tuple(self.plan._collision(weighing) for weighing in self.plan._solver.weighings(cells))

    def __bool__(self) -> NoReturn:
        raise NotABoolean("an allocation is neither true nor false; ask whether it is met: allocation.met")


@attrs.frozen(kw_only=True)
class Plan:
    """
    Requirements and caps, compiled: what depends on the rules alone is computed once.

    Attributes:
        requirement: The requirement at the top.
        caps: The caps.
    """

    requirement: Requirement
    caps: tuple[Cap, ...]
    _solver: Solver = attrs.field(init=False, eq=False, repr=False)

    @_solver.default
    def _build(self) -> Solver:
        return Solver(self.requirement, self.caps)

    def allocate(
        self,
        cells: Iterable[Cell],
        *,
        alternatives: Iterable[Alternatives] = (),
        most_combinations: int = MOST_COMBINATIONS,
    ) -> Allocation:
        """
        Answer for one person.

        Args:
            cells: What was learned; a cell that can serve nothing is left out by the caller.
            alternatives: Of each of these one option counts: the one with which the least is short.
            most_combinations: How many combinations of what cannot be divided may be tried.

        Returns:
            The verdict at once, everything else when asked.

        Raises:
            InvalidCell: A cell names a requirement or a cap that is not in the plan.
            TooManyCombinations: What cannot be divided leaves too many combinations.

        >>> ethics = Requirement(name="ethics", minimum=3)
        >>> plan = compile_plan(Requirement(name="training", minimum=20, children=[ethics]))
        >>> plan.allocate([Cell(amount=20, serves={"ethics", "training"})]).met
        True
        """
        cells = tuple(cells)
        alternatives = tuple(alternatives)
        if not alternatives and all(cell.divisible for cell in cells):
            return Allocation(plan=self, chosen=cells, narrowed=cells, shortfall=self._solver.shortfall(cells))
        rank = self._solver.rank
        combinations = tuple(combinations_of(self.requirement, cells, alternatives, rank=rank, most=most_combinations))
        best, least = combinations[0], self._solver.shortfall(combinations[0].narrowed)
        for combination in combinations[1:]:
            if not least:
                break
            short = self._solver.shortfall(combination.narrowed)
            if short < least:
                best, least = combination, short
        return Allocation(
            plan=self, chosen=best.chosen, narrowed=best.narrowed, shortfall=least, others=combinations if least else ()
        )

    def shortfall(self, cells: Iterable[Cell]) -> Amount:
        """
        Answer with the bare shortfall, for a whole roster.

        >>> plan = compile_plan(Requirement(name="training", minimum=20))
        >>> plan.shortfall([Cell(amount=12, serves={"training"})])
        8
        """
        cells = tuple(cells)
        if all(cell.divisible for cell in cells):
            return self._solver.shortfall(cells)
        return self.allocate(cells).shortfall

    def _collision(self, weighing: Weighing) -> Collision:
        """Say in the names and figures of the rules what the solver found."""
        weights = self._solver.weights(weighing)
        demand: Amount = sum(
            weight.figure * (weight.weight if weight.kind == "minimum" else -weight.weight)
            for weight in weights
            if weight.kind != "cap"
        )
        return Collision(requirements=weighing.places, weights=weights, demand=demand, supply=demand - weighing.short)


def compile_plan(requirement: Requirement, *, caps: Iterable[Cap] = ()) -> Plan:
    """
    Check requirements and caps, and compute once what depends on them alone.

    Args:
        requirement: The requirement at the top, with all that is asked within it.
        caps: What may be counted only up to a limit.

    Raises:
        InvalidPlan: Something is wrong with them; all of it is listed.

    >>> try:
    ...     compile_plan(Requirement(name="training", minimum=20, maximum=10))
    ... except InvalidPlan as error:
    ...     print(error.problems[0])
    training.maximum: is 10, and its minimum is 20: nothing can meet both
    """
    caps = tuple(caps)
    problems = plan_problems(requirement, caps)
    if problems:
        raise InvalidPlan(tuple(problems))
    return Plan(requirement=requirement, caps=caps)
