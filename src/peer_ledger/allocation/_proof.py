"""
Checking an answer without knowing how it was found: an assignment by adding up, a shortfall by weighing.

Nothing here calls the solver; all that is read are the rules, the cells and what the allocation says.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from peer_ledger.allocation._proof_collisions import (
    Claims,
    Rules,
    chains,
    collision_problems,
    everything,
    names_of,
    shared,
)
from peer_ledger.allocation._terms import Alternatives, Amount, Cell, Requirement
from peer_ledger.errors import Problem


def check_proof(
    plan: Rules, cells: Iterable[Cell], allocation: Claims, *, alternatives: Iterable[Alternatives] = ()
) -> tuple[Problem, ...]:
    """
    Check an allocation with other means than those by which it was found.

    An assignment is checked by adding up: nothing sits where it may not, no cell and no cap gives more than it has,
    every minimum is met with what is said to be missing.  That no assignment lacks less is checked by weighing the
    collision.  For indivisible cells and alternatives every combination is weighed.

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
        *collision_problems(plan, cells, alternatives, allocation),
    )


def _tree(top: Requirement) -> Iterator[Requirement]:
    """Walk the requirements among which a unit sits in one place; a shared group's children are trees of their own."""
    yield top
    for child in () if shared(top) else top.children:
        yield from _tree(child)


def _sum(top: Requirement, amounts: Mapping[str, Amount]) -> Amount:
    return sum(amounts.get(requirement.name, 0) for requirement in _tree(top))


def _counted(root: Requirement, amounts: Mapping[str, Amount]) -> tuple[Amount, list[str]]:
    """
    Find how many units must be counted for what sits somewhere, and where more sits than its host holds.

    A root that is shared and has no maximum only adds up: its children need not sit in it.
    """
    if shared(root) and root.maximum is None:
        parts = [_counted(child, amounts) for child in root.children]
        most = max(amounts.get(root.name, 0), *(part for part, _ in parts))
        return most, [name for _, names in parts for name in names]
    return _hosted(root, amounts)


def _hosted(top: Requirement, amounts: Mapping[str, Amount]) -> tuple[Amount, list[str]]:
    excess = []
    for requirement in _tree(top):
        for child in requirement.children if shared(requirement) else ():
            inside, names = _hosted(child, amounts)
            excess += names
            if inside > amounts.get(requirement.name, 0):
                excess.append(child.name)
    return _sum(top, amounts), excess


def _seat_problems(plan: Rules, allocation: Claims, seats: Mapping[Cell, Mapping[str, Amount]]) -> Iterator[Problem]:
    known = {requirement.name: requirement for requirement in everything(plan.requirement)}
    copies = Counter(allocation.chosen)
    outer = chains(plan.caps)
    held: dict[str, Amount] = defaultdict(int)
    for cell, amounts in seats.items():
        yield from (
            Problem("assignment", f"there is no requirement {name!r}") for name in sorted(amounts.keys() - known)
        )
        yield from _sitting_problems(cell, {known[name]: amount for name, amount in amounts.items() if name in known})
        counted, excess = _counted(plan.requirement, amounts)
        for name in excess:
            yield Problem("assignment", f"more of a cell serves {name!r} than sits where it is asked")
        if counted > cell.amount * copies[cell]:
            yield Problem("assignment", f"{counted} units of a cell are counted that has {cell.amount * copies[cell]}")
        elif not cell.divisible and _pieces(plan.requirement, cell, amounts) > copies[cell]:
            yield Problem("assignment", "an indivisible cell is divided")
        for name in set().union(*(outer[cap] for cap in cell.caps)):
            held[name] += counted
    for cap in plan.caps:
        if held[cap.name] > cap.limit:
            yield Problem(
                "assignment", f"{held[cap.name]} units are counted under {cap.name!r}, which ends at {cap.limit}"
            )


def _sitting_problems(cell: Cell, amounts: Mapping[Requirement, Amount]) -> Iterator[Problem]:
    for place in amounts:
        if not cell.serves & (names_of(place) if shared(place) else {place.name}):
            yield Problem("assignment", f"a cell sits in {place.name!r} and may not")


def _pieces(top: Requirement, cell: Cell, amounts: Mapping[str, Amount]) -> int:
    """Find how many copies of a cell it takes for each to sit in one place of each tree."""
    pieces = sum(-int(-amounts.get(requirement.name, 0) // cell.amount) for requirement in _tree(top))
    inner = [
        _pieces(child, cell, amounts)
        for requirement in _tree(top)
        if shared(requirement)
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
    for requirement in everything(root):
        total = _sum(requirement, totals)
        if total < requirement.minimum:
            yield Problem(
                requirement.name, f"has {total} with what is said to be missing, and asks {requirement.minimum}"
            )
        if requirement.maximum is not None and total > requirement.maximum:
            yield Problem(requirement.name, f"has {total}, and {requirement.maximum} is its maximum")


def _addition_problems(root: Requirement, allocation: Claims) -> Iterator[Problem]:
    unknown = allocation.missing.keys() - names_of(root)
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
