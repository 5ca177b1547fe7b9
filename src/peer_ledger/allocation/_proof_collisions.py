"""
Checking that no assignment lacks less: the weights of a collision, applied to every cell and to what may be added.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Protocol

from peer_ledger.allocation._findings import Assigned, Collision, Supplement
from peer_ledger.allocation._terms import Alternatives, Cell, Demand, Limit, Units
from peer_ledger.errors import Problem


class Rules(Protocol):
    """What a plan was compiled from."""

    @property
    def demand(self) -> Demand:
        """The demand at the top."""

    @property
    def limits(self) -> tuple[Limit, ...]:
        """The limits."""


class Claims(Protocol):
    """What an allocation says."""

    @property
    def chosen(self) -> tuple[Cell, ...]:
        """The cells that count."""

    @property
    def met(self) -> bool:
        """Whether nothing is short."""

    @property
    def shortfall(self) -> Units:
        """How much is short."""

    @property
    def assignment(self) -> tuple[Assigned, ...]:
        """Who sits where."""

    @property
    def missing(self) -> Mapping[str, Units]:
        """What must be added where."""

    @property
    def supplements(self) -> tuple[Supplement, ...]:
        """What must be added."""

    @property
    def collisions(self) -> tuple[Collision, ...]:
        """What proves the shortfall."""

    @property
    def refutations(self) -> tuple[Collision, ...]:
        """What proves that no other combination lacks less."""


def shared(demand: Demand) -> bool:
    """Whether its children look at the same units."""
    return demand.group == "shared" and len(demand.children) > 1


def names_of(demand: Demand) -> set[str]:
    """List its name and all below it."""
    return {demand.name}.union(*map(names_of, demand.children))


def everything(demand: Demand) -> Iterator[Demand]:
    """Walk it and all below it."""
    yield demand
    for child in demand.children:
        yield from everything(child)


def chains(limits: Sequence[Limit]) -> dict[str, set[str]]:
    """List for each limit its name and those of all that it lies in."""
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
    """The weights of a collision, applied."""

    def __init__(self, plan: Rules, collision: Collision) -> None:
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
                yield Problem("collision", f"the {weight.kind} of {weight.name!r} is not that of the rules")
                return
        if len({(weight.kind, weight.name) for weight in self.collision.weights}) != len(self.collision.weights):
            yield Problem("collision", "a figure is weighed twice")
        if self.collision.needed != self.needed():
            yield Problem("collision", f"asks {self.needed()}, and says {self.collision.needed}")
        if self.collision.available != self.available(cells):
            yield Problem("collision", f"can be served by {self.available(cells)}, and says {self.collision.available}")
        if set(self.collision.demands) != set(self.helped()):
            yield Problem("collision", "one unit more would help elsewhere than it says")

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
        """Find the shortfall that these weights prove; nothing if one added unit could be worth more than one."""
        best = self.best(self.plan.demand, None)
        return self.needed() - self.available(cells) if best is not None and best <= 1 else 0

    def worth(self, cell: Cell) -> Units:
        names = set().union(*(self.outer[limit] for limit in cell.limits))
        price = sum(self.by_kind["limit"].get(name, 0) for name in names)
        return max(0, (self.best(self.plan.demand, cell.serves) or 0) - price)

    def best(self, top: Demand, serves: frozenset[str] | None) -> Units | None:
        """
        Find what a unit gains at best within a demand, `None` where it may not sit; `None` serves everything.
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
    plan: Rules, cells: Sequence[Cell], alternatives: Sequence[Alternatives], allocation: Claims
) -> Iterator[Problem]:
    """Yield what is wrong with the proof that no assignment lacks less."""
    if not allocation.shortfall:
        if allocation.collisions:
            yield Problem("collisions", "something collides though nothing is short")
        return
    single = not alternatives and all(cell.divisible for cell in cells)
    if single:
        for collision in allocation.collisions:
            yield from _Weights(plan, collision).problems(cells)
    proofs = [_Weights(plan, collision) for collision in (*allocation.collisions, *allocation.refutations)]
    for number, narrowed in enumerate(_combinations(plan.demand, cells, alternatives), 1):
        proven = max((proof.least_short(narrowed) for proof in proofs), default=0)
        if proven < allocation.shortfall:
            which = "" if single else f" of combination {number}"
            yield Problem(
                "collisions", f"prove a shortfall{which} of {proven} only, and {allocation.shortfall} is claimed"
            )
            return


def _combinations(root: Demand, cells: Sequence[Cell], alternatives: Sequence[Alternatives]) -> Iterator[list[Cell]]:
    for options in product(*(alternative.options for alternative in alternatives)):
        chosen = [*cells, *(cell for option in options for cell in option)]
        fixed = [cell for cell in chosen if cell.divisible]
        whole = [cell for cell in chosen if not cell.divisible]
        for placings in product(*(_sittings(root, cell.serves) for cell in whole)):
            yield [
                *fixed,
                *(
                    Cell(amount=cell.amount, serves=serves, limits=cell.limits)
                    for cell, serves in zip(whole, placings, strict=True)
                ),
            ]


def _sittings(top: Demand, serves: frozenset[str]) -> list[frozenset[str]]:
    own = serves & {top.name}
    if not shared(top):
        return [own for _ in own] + [sitting for child in top.children for sitting in _sittings(child, serves)]
    inside: list[frozenset[str]] = [own]
    for child in top.children:
        inside = [first | second for first in inside for second in _sittings(child, serves) or [frozenset()]]
    return [sitting for sitting in inside if sitting]
