"""
The check that no assignment has a smaller shortfall: a collision's weights applied to every cell and to added units.

Like `_proof`, this shares no code with the solver.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Protocol

from peer_ledger.allocation._findings import Assigned, Collision, Supplement
from peer_ledger.allocation._terms import Alternatives, Cell, Demand, Limit, Units
from peer_ledger.errors import Problem


class CheckedPlan(Protocol):
    """The demands and limits that a plan was compiled from."""

    @property
    def demand(self) -> Demand:
        """The demand at the top."""

    @property
    def limits(self) -> tuple[Limit, ...]:
        """The limits."""


class CheckedAllocation(Protocol):
    """The parts of an allocation that are checked."""

    @property
    def chosen(self) -> tuple[Cell, ...]:
        """The cells that count."""

    @property
    def met(self) -> bool:
        """Whether all minima are met."""

    @property
    def shortfall(self) -> Units:
        """How many units are missing."""

    @property
    def assignment(self) -> tuple[Assigned, ...]:
        """How much of which cell is placed where."""

    @property
    def missing(self) -> Mapping[str, Units]:
        """How much must be added where, by the demand's name."""

    @property
    def supplements(self) -> tuple[Supplement, ...]:
        """The units that would make it met."""

    @property
    def collisions(self) -> tuple[Collision, ...]:
        """The proofs of the shortfall."""

    @property
    def refutations(self) -> tuple[Collision, ...]:
        """The proofs that no other combination has a smaller shortfall."""


def shared(demand: Demand) -> bool:
    """Return whether a unit may serve several of a demand's children at once."""
    return demand.group == "shared" and len(demand.children) > 1


def names_of(demand: Demand) -> set[str]:
    """Return the names of a demand and of all demands below it."""
    return {demand.name}.union(*map(names_of, demand.children))


def everything(demand: Demand) -> Iterator[Demand]:
    """Yield a demand and all demands below it."""
    yield demand
    for child in demand.children:
        yield from everything(child)


def chains(limits: Sequence[Limit]) -> dict[str, set[str]]:
    """Return, for each limit, its name and the names of all limits that it is nested in."""
    outer = {limit.name: limit.within for limit in limits}
    found: dict[str, set[str]] = {}
    for limit in limits:
        chain = found[limit.name] = {limit.name}
        within = limit.within
        while within is not None:
            chain.add(within)
            within = outer[within]
    return found


class _Weights:
    """A collision's weights, applied to cells and to added units."""

    def __init__(self, plan: CheckedPlan, collision: Collision) -> None:
        self.plan = plan
        self.collision = collision
        self.outer = chains(plan.limits)
        self.by_kind: dict[str, dict[str, Units]] = {"minimum": {}, "maximum": {}, "limit": {}}
        for weight in collision.weights:
            self.by_kind[weight.kind][weight.name] = weight.weight

    def problems(self, cells: Sequence[Cell]) -> Iterator[Problem]:
        figures: dict[str, dict[str, Any]] = {
            "minimum": {demand.name: demand.minimum for demand in everything(self.plan.demand)},
            "maximum": {demand.name: demand.maximum for demand in everything(self.plan.demand)},
            "limit": {limit.name: limit.maximum for limit in self.plan.limits},
        }
        for weight in self.collision.weights:
            if weight.weight <= 0 or figures[weight.kind].get(weight.name) != weight.figure:
                yield Problem(
                    "collision", f"the {weight.kind} of {weight.name!r} needs the plan's figure and a weight above 0"
                )
                return
        if len({(weight.kind, weight.name) for weight in self.collision.weights}) != len(self.collision.weights):
            yield Problem("collision", "a figure has two weights")
        if self.collision.needed != self.needed():
            yield Problem("collision.needed", f"is {self.collision.needed}, but the weights give {self.needed()}")
        available = self.available(cells)
        if self.collision.available != available:
            yield Problem("collision.available", f"is {self.collision.available}, but the weights give {available}")
        if set(self.collision.demands) != set(self.helped()):
            yield Problem("collision.demands", "are not those where one more unit would help")

    def needed(self) -> Units:
        return sum(
            weight.figure * weight.weight * (1 if weight.kind == "minimum" else -1)
            for weight in self.collision.weights
            if weight.kind != "limit"
        )

    def available(self, cells: Sequence[Cell]) -> Units:
        capped = sum(weight.figure * weight.weight for weight in self.collision.weights if weight.kind == "limit")
        return capped + sum(cell.amount * self.worth(cell) for cell in cells)

    def least_short(self, cells: Sequence[Cell]) -> Units:
        """Return the shortfall that these weights prove; 0 when they prove none."""
        best = self.best(self.plan.demand, None)
        # If an added unit could gain more than 1, it could make up for more than one missing unit, and fewer units than
        # the difference would be enough.
        return self.needed() - self.available(cells) if best is not None and best <= 1 else 0

    def worth(self, cell: Cell) -> Units:
        names = set().union(*(self.outer[limit] for limit in cell.limits))
        price = sum(self.by_kind["limit"].get(name, 0) for name in names)
        return max(0, (self.best(self.plan.demand, cell.serves) or 0) - price)

    def best(self, top: Demand, serves: frozenset[str] | None) -> Units | None:
        """
        Return the most that a unit can gain within a demand; `None` when it may not be placed there.

        Args:
            top: The demand.
            serves: The demands that the unit serves; `None` for all of them.
        """
        if shared(top):
            if serves is not None and not serves & names_of(top):
                return None
            inside = sum(max(0, self.best(child, serves) or 0) for child in top.children)
            return self.gain(top) + inside
        options = [self.best(child, serves) for child in top.children]
        options.append(0 if serves is None or top.name in serves else None)
        possible = [option for option in options if option is not None]
        return self.gain(top) + max(possible) if possible else None

    def gain(self, demand: Demand) -> Units:
        return self.by_kind["minimum"].get(demand.name, 0) - self.by_kind["maximum"].get(demand.name, 0)

    def helped(self) -> Iterator[str]:
        waiting: list[tuple[Demand, Units]] = [(self.plan.demand, 0)]
        while waiting:
            demand, above = waiting.pop()
            here = above + self.gain(demand)
            if here > 0:
                yield demand.name
            waiting += [(child, 0 if shared(demand) else here) for child in demand.children]


def collision_problems(
    plan: CheckedPlan, cells: Sequence[Cell], alternatives: Sequence[Alternatives], allocation: CheckedAllocation
) -> Iterator[Problem]:
    """Yield what is wrong with the proof that no assignment has a smaller shortfall."""
    if not allocation.shortfall:
        if allocation.collisions:
            yield Problem("collisions", "must be empty when nothing is short")
        return
    single = not alternatives and all(cell.divisible for cell in cells)
    if single:
        for collision in allocation.collisions:
            yield from _Weights(plan, collision).problems(cells)
    proofs = [_Weights(plan, collision) for collision in (*allocation.collisions, *allocation.refutations)]
    for number, narrowed in enumerate(_combinations(plan.demand, cells, alternatives), 1):
        proven = max((proof.least_short(narrowed) for proof in proofs), default=0)
        if proven < allocation.shortfall:
            which = "" if single else f" for combination {number}"
            yield Problem(
                "collisions", f"prove a shortfall of only {proven}{which}, but the shortfall is {allocation.shortfall}"
            )
            return


def _combinations(root: Demand, cells: Sequence[Cell], alternatives: Sequence[Alternatives]) -> Iterator[list[Cell]]:
    for options in product(*(alternative.options for alternative in alternatives)):
        chosen = [*cells, *(cell for option in options for cell in option)]
        fixed = [cell for cell in chosen if cell.divisible]
        whole = [cell for cell in chosen if not cell.divisible]
        for placings in product(*(_placings(root, cell.serves) for cell in whole)):
            yield [
                *fixed,
                *(
                    Cell(amount=cell.amount, serves=serves, limits=cell.limits)
                    for cell, serves in zip(whole, placings, strict=True)
                ),
            ]


def _placings(top: Demand, serves: frozenset[str]) -> list[frozenset[str]]:
    """Return the sets of demands that a cell can serve while it is placed once in each tree."""
    own = serves & {top.name}
    if not shared(top):
        return [own for _ in own] + [placing for child in top.children for placing in _placings(child, serves)]
    inside: list[frozenset[str]] = [own]
    for child in top.children:
        inside = [first | second for first in inside for second in _placings(child, serves) or [frozenset()]]
    return [placing for placing in inside if placing]
