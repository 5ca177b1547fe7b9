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
from peer_ledger.allocation._terms import Alternatives, Cell, Demand, Units
from peer_ledger.errors import Problem


def check_proof(
    plan: Rules, cells: Iterable[Cell], allocation: Claims, *, alternatives: Iterable[Alternatives] = ()
) -> tuple[Problem, ...]:
    """
    Check an allocation with other means than those by which it was found.

    An assignment is checked by adding up: nothing sits where it may not, no cell and no limit gives more than it has,
    every minimum is met with what is said to be missing.  That no assignment lacks less is checked by weighing the
    collision.  For indivisible cells and alternatives every combination is weighed.

    Args:
        plan: The plan that answered.
        cells: What it was given.
        allocation: What it answered.
        alternatives: The alternatives it was given.

    Returns:
        All that is wrong, in plain words; nothing when the proof holds.

    >>> from peer_ledger.allocation import Cell, Demand, compile_plan
    >>> plan = compile_plan(Demand(name="training", minimum=20))
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
    seats: dict[Cell, dict[str, Units]] = defaultdict(lambda: defaultdict(int))
    for assigned in allocation.assignment:
        if assigned.amount <= 0:
            return (Problem("assignment", f"{assigned.amount} units sit in {assigned.demand!r}"),)
        seats[assigned.cell][assigned.demand] += assigned.amount
    return (
        *_seat_problems(plan, allocation, seats),
        *_demand_problems(plan.demand, allocation, seats),
        *_supplement_problems(plan.demand, allocation),
        *collision_problems(plan, cells, alternatives, allocation),
    )


def _tree(top: Demand) -> Iterator[Demand]:
    """Walk the demands among which a unit sits in one place; a shared group's children are trees of their own."""
    yield top
    for child in () if shared(top) else top.children:
        yield from _tree(child)


def _sum(top: Demand, amounts: Mapping[str, Units]) -> Units:
    return sum(amounts.get(demand.name, 0) for demand in _tree(top))


def _counted(root: Demand, amounts: Mapping[str, Units]) -> tuple[Units, list[str]]:
    """
    Find how many units must be counted for what sits somewhere, and where more sits than its host holds.

    A root that is shared and has no maximum only adds up: its children need not sit in it.
    """
    if shared(root) and root.maximum is None:
        parts = [_counted(child, amounts) for child in root.children]
        most = max(amounts.get(root.name, 0), *(part for part, _ in parts))
        return most, [name for _, names in parts for name in names]
    return _hosted(root, amounts)


def _hosted(top: Demand, amounts: Mapping[str, Units]) -> tuple[Units, list[str]]:
    excess = []
    for demand in _tree(top):
        for child in demand.children if shared(demand) else ():
            inside, names = _hosted(child, amounts)
            excess += names
            if inside > amounts.get(demand.name, 0):
                excess.append(child.name)
    return _sum(top, amounts), excess


def _seat_problems(plan: Rules, allocation: Claims, seats: Mapping[Cell, Mapping[str, Units]]) -> Iterator[Problem]:
    known = {demand.name: demand for demand in everything(plan.demand)}
    copies = Counter(allocation.chosen)
    outer = chains(plan.limits)
    held: dict[str, Units] = defaultdict(int)
    for cell, amounts in seats.items():
        yield from (Problem("assignment", f"there is no demand {name!r}") for name in sorted(amounts.keys() - known))
        yield from _sitting_problems(cell, {known[name]: amount for name, amount in amounts.items() if name in known})
        counted, excess = _counted(plan.demand, amounts)
        for name in excess:
            yield Problem("assignment", f"more of a cell serves {name!r} than sits where it is asked")
        if counted > cell.amount * copies[cell]:
            yield Problem("assignment", f"{counted} units of a cell are counted that has {cell.amount * copies[cell]}")
        elif not cell.divisible and _pieces(plan.demand, cell, amounts) > copies[cell]:
            yield Problem("assignment", "an indivisible cell is divided")
        for name in set().union(*(outer[limit] for limit in cell.limits)):
            held[name] += counted
    for limit in plan.limits:
        if held[limit.name] > limit.maximum:
            yield Problem(
                "assignment",
                f"{held[limit.name]} units are counted under {limit.name!r}, which ends at {limit.maximum}",
            )


def _sitting_problems(cell: Cell, amounts: Mapping[Demand, Units]) -> Iterator[Problem]:
    for place in amounts:
        if not cell.serves & (names_of(place) if shared(place) else {place.name}):
            yield Problem("assignment", f"a cell sits in {place.name!r} and may not")


def _pieces(top: Demand, cell: Cell, amounts: Mapping[str, Units]) -> int:
    """Find how many copies of a cell it takes for each to sit in one place of each tree."""
    pieces = sum(-int(-amounts.get(demand.name, 0) // cell.amount) for demand in _tree(top))
    inner = [_pieces(child, cell, amounts) for demand in _tree(top) if shared(demand) for child in demand.children]
    return max([pieces, *inner])


def _demand_problems(root: Demand, allocation: Claims, seats: Mapping[Cell, Mapping[str, Units]]) -> Iterator[Problem]:
    totals: dict[str, Units] = defaultdict(int, allocation.missing)
    for amounts in seats.values():
        for name, amount in amounts.items():
            totals[name] += amount
    for demand in everything(root):
        total = _sum(demand, totals)
        if total < demand.minimum:
            yield Problem(demand.name, f"has {total} with what is said to be missing, and asks {demand.minimum}")
        if demand.maximum is not None and total > demand.maximum:
            yield Problem(demand.name, f"has {total}, and {demand.maximum} is its maximum")


def _supplement_problems(root: Demand, allocation: Claims) -> Iterator[Problem]:
    unknown = allocation.missing.keys() - names_of(root)
    if unknown or min(allocation.missing.values(), default=0) < 0:
        yield Problem("missing", "must be amounts of demands of the plan, and not negative")
    added, excess = _counted(root, allocation.missing)
    for name in excess:
        yield Problem("missing", f"more is missing for {name!r} than where it is asked")
    if added != allocation.shortfall:
        yield Problem("missing", f"{added} units are missing in all, and the shortfall is {allocation.shortfall}")
    summed: dict[str, Units] = defaultdict(int)
    for supplement in allocation.supplements:
        for name in supplement.serves:
            summed[name] += supplement.amount
    if {name: amount for name, amount in allocation.missing.items() if amount} != dict(summed):
        yield Problem("supplements", "do not give what is missing")
    if sum(supplement.amount for supplement in allocation.supplements) != allocation.shortfall:
        yield Problem("supplements", f"do not add up to the shortfall of {allocation.shortfall}")
