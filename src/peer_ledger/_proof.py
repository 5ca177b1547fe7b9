"""
Checking an answer without knowing how it was found: an assignment by adding up, a shortfall by weighing.

Nothing here calls the solver; all that is read are the rules, the cells and what the allocation says.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Protocol

from peer_ledger._allocation_findings import Addition, Assigned, Collision
from peer_ledger._allocation_terms import Alternatives, Amount, Cap, Cell, Requirement
from peer_ledger.errors import Problem


class Rules(Protocol):
    """What a plan was compiled from."""

    @property
    def requirement(self) -> Requirement:
        """The requirement at the top."""

    @property
    def caps(self) -> tuple[Cap, ...]:
        """The caps."""


class Claims(Protocol):
    """What an allocation says."""

    @property
    def chosen(self) -> tuple[Cell, ...]:
        """The cells that count."""

    @property
    def met(self) -> bool:
        """Whether nothing is short."""

    @property
    def shortfall(self) -> Amount:
        """How much is short."""

    @property
    def assignment(self) -> tuple[Assigned, ...]:
        """Who sits where."""

    @property
    def missing(self) -> Mapping[str, Amount]:
        """What must be added where."""

    @property
    def additions(self) -> tuple[Addition, ...]:
        """What must be added."""

    @property
    def collisions(self) -> tuple[Collision, ...]:
        """What proves the shortfall."""

    @property
    def refutations(self) -> tuple[Collision, ...]:
        """What proves that no other combination lacks less."""


def check_proof(
    plan: Rules, cells: Iterable[Cell], allocation: Claims, *, alternatives: Iterable[Alternatives] = ()
) -> tuple[Problem, ...]:
    """
    Check an allocation with other means than those by which it was found.

    An assignment is checked by adding up: nobody sits where it may not, no cell and no cap gives more than it has, every minimum is
    met with what is said to be missing.  That no assignment lacks less is checked by weighing the collision.  For indivisible cells and
    alternatives every combination is weighed.

    Args:
        plan: The plan that answered.
        cells: What it was given.
        allocation: What it answered.
        alternatives: The alternatives it was given.

    Returns:
        All that is wrong, in plain words; nothing when the proof holds.

    >>> from peer_ledger.allocation import Cell, Requirement, compile_plan
    >>> plan = compile_plan(Requirement(name="training", minimum=20))
    >>> cells = [Cell(amount=12, serves={"training"})]
    >>> check_proof(plan, cells, plan.allocate(cells))
    ()
    >>> check_proof(plan, [Cell(amount=11, serves={"training"})], plan.allocate(cells))
    (Problem(path='chosen', message='the cells that count are not those that were given'),)
    """
    cells, alternatives = tuple(cells), tuple(alternatives)
    if allocation.met != (allocation.shortfall == 0):
        return (Problem("met", f"says {allocation.met} of a shortfall of {allocation.shortfall}"),)
    choices = product(*(alternative.options for alternative in alternatives))
    if not any(
        Counter([*cells, *(c for option in options for c in option)]) == Counter(allocation.chosen)
        for options in choices
    ):
        return (Problem("chosen", "the cells that count are not those that were given"),)
    seats: dict[Cell, dict[str, Amount]] = defaultdict(lambda: defaultdict(int))
    for assigned in allocation.assignment:
        if assigned.amount <= 0:
            return (Problem("assignment", f"{assigned.amount} units sit in {assigned.requirement!r}"),)
        seats[assigned.cell][assigned.requirement] += assigned.amount
    return (
        *_seat_problems(plan, allocation, seats),
        *_requirement_problems(plan.requirement, allocation, seats),
        *_addition_problems(plan.requirement, allocation),
        *_collision_problems(plan, cells, alternatives, allocation),
    )


def _shared(requirement: Requirement) -> bool:
    return requirement.group == "shared" and len(requirement.children) > 1


def _names(requirement: Requirement) -> set[str]:
    return {requirement.name}.union(*map(_names, requirement.children))


def _all(requirement: Requirement) -> Iterator[Requirement]:
    yield requirement
    for child in requirement.children:
        yield from _all(child)


def _tree(top: Requirement) -> Iterator[Requirement]:
    """Walk the requirements among which a unit sits in one place; a shared group's children are trees of their own."""
    yield top
    for child in () if _shared(top) else top.children:
        yield from _tree(child)


def _sum(top: Requirement, amounts: Mapping[str, Amount]) -> Amount:
    return sum(amounts.get(requirement.name, 0) for requirement in _tree(top))


def _counted(root: Requirement, amounts: Mapping[str, Amount]) -> tuple[Amount, list[str]]:
    """
    Find how many units must be counted for what sits somewhere, and where more sits than its host holds.

    A root that is shared and has no maximum only adds up: its children need not sit in it.
    """
    excess = []
    if _shared(root) and root.maximum is None:
        parts = [_counted(child, amounts) for child in root.children]
        most = max(amounts.get(root.name, 0), *(part for part, _ in parts))
        return most, [name for _, names in parts for name in names]
    for requirement in _tree(root):
        for child in requirement.children if _shared(requirement) else ():
            inside, names = _hosted(child, amounts)
            excess += names
            if inside > amounts.get(requirement.name, 0):
                excess.append(child.name)
    return _sum(root, amounts), excess


def _hosted(top: Requirement, amounts: Mapping[str, Amount]) -> tuple[Amount, list[str]]:
    excess = []
    for requirement in _tree(top):
        for child in requirement.children if _shared(requirement) else ():
            inside, names = _hosted(child, amounts)
            excess += names
            if inside > amounts.get(requirement.name, 0):
                excess.append(child.name)
    return _sum(top, amounts), excess


def _chains(caps: Sequence[Cap]) -> dict[str, set[str]]:
    outer = {cap.name: cap.within for cap in caps}
    chains: dict[str, set[str]] = {}
    for cap in caps:
        chain = chains[cap.name] = {cap.name}
        within = cap.within
        while within is not None:
            chain.add(within)
            within = outer[within]
    return chains


def _seat_problems(plan: Rules, allocation: Claims, seats: Mapping[Cell, Mapping[str, Amount]]) -> Iterator[Problem]:
    known = {requirement.name: requirement for requirement in _all(plan.requirement)}
    copies = Counter(allocation.chosen)
    chains = _chains(plan.caps)
    held: dict[str, Amount] = defaultdict(int)
    for cell, amounts in seats.items():
        if not copies[cell]:
            yield Problem("assignment", "a cell sits somewhere that does not count")
            continue
        for name in amounts:
            if name not in known:
                yield Problem("assignment", f"there is no requirement {name!r}")
                continue
            place = known[name]
            if not cell.serves & (_names(place) if _shared(place) else {name}):
                yield Problem("assignment", f"a cell sits in {name!r} and may not")
        counted, excess = _counted(plan.requirement, amounts)
        for name in excess:
            yield Problem("assignment", f"more of a cell serves {name!r} than sits where it is asked")
        if counted > cell.amount * copies[cell]:
            yield Problem("assignment", f"{counted} units of a cell are counted that has {cell.amount * copies[cell]}")
        if not cell.divisible and cell.amount and _pieces(plan.requirement, cell, amounts) > copies[cell]:
            yield Problem("assignment", "an indivisible cell is divided")
        for name in set().union(*(chains[cap] for cap in cell.caps)):
            held[name] += counted
    for cap in plan.caps:
        if held[cap.name] > cap.limit:
            yield Problem(
                "assignment", f"{held[cap.name]} units are counted under {cap.name!r}, which ends at {cap.limit}"
            )


def _pieces(top: Requirement, cell: Cell, amounts: Mapping[str, Amount]) -> int:
    """Find how many copies of a cell it takes for each to sit in one place of each tree."""
    pieces = sum(-int(-amounts.get(requirement.name, 0) // cell.amount) for requirement in _tree(top))
    inner = [
        _pieces(child, cell, amounts)
        for requirement in _tree(top)
        if _shared(requirement)
        for child in requirement.children
    ]
    return max([pieces, *inner])


def _requirement_problems(
    root: Requirement, allocation: Claims, seats: Mapping[Cell, Mapping[str, Amount]]
) -> Iterator[Problem]:
    totals: dict[str, Amount] = defaultdict(int, allocation.missing)
    for amounts in seats.values():
        for name, amount in amounts.items():
            totals[name] += amount
    for requirement in _all(root):
        total = _sum(requirement, totals)
        if total < requirement.minimum:
            yield Problem(
                requirement.name, f"has {total} with what is said to be missing, and asks {requirement.minimum}"
            )
        if requirement.maximum is not None and total > requirement.maximum:
            yield Problem(requirement.name, f"has {total}, and {requirement.maximum} is its maximum")


def _addition_problems(root: Requirement, allocation: Claims) -> Iterator[Problem]:
    unknown = allocation.missing.keys() - _names(root)
    if unknown or min(allocation.missing.values(), default=0) < 0:
        yield Problem("missing", "must be amounts of requirements of the plan, and not negative")
    added, excess = _counted(root, allocation.missing)
    for name in excess:
        yield Problem("missing", f"more is missing for {name!r} than where it is asked")
    if added != allocation.shortfall:
        yield Problem("missing", f"{added} units are missing in all, and the shortfall is {allocation.shortfall}")
    summed: dict[str, Amount] = defaultdict(int)
    for addition in allocation.additions:
        for name in addition.serves:
            summed[name] += addition.amount
    if {name: amount for name, amount in allocation.missing.items() if amount} != dict(summed):
        yield Problem("additions", "do not give what is missing")
    if sum(addition.amount for addition in allocation.additions) != allocation.shortfall:
        yield Problem("additions", f"do not add up to the shortfall of {allocation.shortfall}")


class _Weights:
    """The weights of a collision, applied."""

    def __init__(self, plan: Rules, collision: Collision) -> None:
        self.plan = plan
        self.collision = collision
        self.chains = _chains(plan.caps)
        self.by_kind: dict[str, dict[str, Amount]] = {"minimum": {}, "maximum": {}, "cap": {}}
        for weight in collision.weights:
            self.by_kind[weight.kind][weight.name] = weight.weight

    def problems(self, cells: Sequence[Cell]) -> Iterator[Problem]:
        figures: dict[str, dict[str, Any]] = {
            "minimum": {requirement.name: requirement.minimum for requirement in _all(self.plan.requirement)},
            "maximum": {requirement.name: requirement.maximum for requirement in _all(self.plan.requirement)},
            "cap": {cap.name: cap.limit for cap in self.plan.caps},
        }
        for weight in self.collision.weights:
            if weight.weight <= 0 or weight.figure is None or figures[weight.kind].get(weight.name) != weight.figure:
                yield Problem("collision", f"the {weight.kind} of {weight.name!r} is not that of the rules")
                return
        if len({(weight.kind, weight.name) for weight in self.collision.weights}) != len(self.collision.weights):
            yield Problem("collision", "a figure is weighed twice")
        if self.collision.demand != self.demand():
            yield Problem("collision", f"asks {self.demand()}, and says {self.collision.demand}")
        if self.collision.supply != self.supply(cells):
            yield Problem("collision", f"can be served by {self.supply(cells)}, and says {self.collision.supply}")
        if set(self.collision.requirements) != set(self.helped()):
            yield Problem("collision", "one unit more would help elsewhere than it says")

    def demand(self) -> Amount:
        return sum(
            weight.figure * weight.weight * (1 if weight.kind == "minimum" else -1)
            for weight in self.collision.weights
            if weight.kind != "cap"
        )

    def supply(self, cells: Sequence[Cell]) -> Amount:
        capped = sum(weight.figure * weight.weight for weight in self.collision.weights if weight.kind == "cap")
        return capped + sum(cell.amount * self.worth(cell) for cell in cells)

    def least_short(self, cells: Sequence[Cell]) -> Amount:
        """Find the shortfall that these weights prove; nothing if one added unit could be worth more than one."""
        best = self.best(self.plan.requirement, None)
        return self.demand() - self.supply(cells) if best is not None and best <= 1 else 0

    def worth(self, cell: Cell) -> Amount:
        names = set().union(*(self.chains[cap] for cap in cell.caps))
        price = sum(self.by_kind["cap"].get(name, 0) for name in names)
        return max(0, (self.best(self.plan.requirement, cell.serves) or 0) - price)

    def best(self, top: Requirement, serves: frozenset[str] | None) -> Amount | None:
        """Find what a unit gains at best below a requirement; `None` when it may not sit there; serving `None` means everything."""
        if _shared(top):
            if serves is not None and not serves & _names(top):
                return None
            inside = sum(max(0, self.best(child, serves) or 0) for child in top.children)
            return self.gain(top) + inside
        options = [self.best(child, serves) for child in top.children]
        options.append(0 if serves is None or top.name in serves else None)
        possible = [option for option in options if option is not None]
        return self.gain(top) + max(possible) if possible else None

    def gain(self, requirement: Requirement) -> Amount:
        return self.by_kind["minimum"].get(requirement.name, 0) - self.by_kind["maximum"].get(requirement.name, 0)

    def helped(self) -> Iterator[str]:
        waiting: list[tuple[Requirement, Amount]] = [(self.plan.requirement, 0)]
        while waiting:
            requirement, above = waiting.pop()
            here = above + self.gain(requirement)
            if here > 0:
                yield requirement.name
            waiting += [(child, 0 if _shared(requirement) else here) for child in requirement.children]


def _collision_problems(
    plan: Rules, cells: Sequence[Cell], alternatives: Sequence[Alternatives], allocation: Claims
) -> Iterator[Problem]:
    if not allocation.shortfall:
        if allocation.collisions:
            yield Problem("collisions", "something collides though nothing is short")
        return
    single = not alternatives and all(cell.divisible for cell in cells)
    if single:
        for collision in allocation.collisions:
            yield from _Weights(plan, collision).problems(cells)
    proofs = [_Weights(plan, collision) for collision in (*allocation.collisions, *allocation.refutations)]
    for number, narrowed in enumerate(_combinations(plan.requirement, cells, alternatives), 1):
        proven = max((proof.least_short(narrowed) for proof in proofs), default=0)
        if proven < allocation.shortfall:
            which = "" if single else f" of combination {number}"
            yield Problem(
                "collisions", f"prove a shortfall{which} of {proven} only, and {allocation.shortfall} is claimed"
            )
            return


def _combinations(
    root: Requirement, cells: Sequence[Cell], alternatives: Sequence[Alternatives]
) -> Iterator[list[Cell]]:
    for options in product(*(alternative.options for alternative in alternatives)):
        chosen = [*cells, *(cell for option in options for cell in option)]
        fixed = [cell for cell in chosen if cell.divisible]
        whole = [cell for cell in chosen if not cell.divisible]
        for placings in product(*(_sittings(root, cell.serves) for cell in whole)):
            yield [
                *fixed,
                *(
                    Cell(amount=cell.amount, serves=serves, caps=cell.caps)
                    for cell, serves in zip(whole, placings, strict=True)
                ),
            ]


def _sittings(top: Requirement, serves: frozenset[str]) -> list[frozenset[str]]:
    own = serves & {top.name}
    if not _shared(top):
        return [own for _ in own] + [sitting for child in top.children for sitting in _sittings(child, serves)]
    inside: list[frozenset[str]] = [own]
    for child in top.children:
        inside = [first | second for first in inside for second in _sittings(child, serves) or [frozenset()]]
    return [sitting for sitting in inside if sitting]
