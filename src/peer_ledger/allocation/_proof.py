"""
The check of an allocation: its assignment by adding up, its shortfall by weighing.

This module and `_proof_collisions` share no code with the solver, so that a mistake in the solver cannot hide in its
own check.  Even short functions such as `shared` are written again.  Only the plan, cells and allocation are read.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from peer_ledger.allocation._proof_collisions import (
    CheckedAllocation,
    CheckedPlan,
    chains,
    collision_problems,
    everything,
    names_of,
    shared,
)
from peer_ledger.allocation._terms import Alternatives, Cell, Demand, Units
from peer_ledger.errors import Problem


def check_proof(
    plan: CheckedPlan,
    cells: Iterable[Cell],
    allocation: CheckedAllocation,
    *,
    alternatives: Iterable[Alternatives] = (),
) -> tuple[Problem, ...]:
    """
    Check an allocation independently of the solver that found it.

    The assignment is checked by adding up: no cell is placed where it may not be, no cell or limit is exceeded, and
    every minimum is met once the missing units are added.  The collision's weights then prove that no assignment has a
    smaller shortfall.  For indivisible cells and alternatives, this is checked for every combination.

    Args:
        plan: The plan that made the allocation.
        cells: The cells that the plan was given.
        allocation: The allocation.
        alternatives: The alternatives that the plan was given.

    Returns:
        Everything that is wrong; empty when the proof holds.

    >>> from peer_ledger.allocation import Cell, Demand, compile_plan
    >>> plan = compile_plan(Demand(name="training", minimum=20))
    >>> cells = [Cell(amount=12, serves={"training"})]
    >>> check_proof(plan, cells, plan.allocate(cells))
    ()
    >>> check_proof(plan, [Cell(amount=11, serves={"training"})], plan.allocate(cells))
    (Problem(path='chosen', message='are not the cells that were given'),)
    """
    cells, alternatives = tuple(cells), tuple(alternatives)
    if allocation.met != (allocation.shortfall == 0):
        return (Problem("met", f"is {allocation.met}, but the shortfall is {allocation.shortfall}"),)
    choices = product(*(alternative.options for alternative in alternatives))
    if not any(
        Counter([*cells, *(c for option in options for c in option)]) == Counter(allocation.chosen)
        for options in choices
    ):
        return (Problem("chosen", "are not the cells that were given"),)
    seats: dict[Cell, dict[str, Units]] = defaultdict(lambda: defaultdict(int))
    for assigned in allocation.assignment:
        if assigned.amount <= 0:
            return (
                Problem(
                    "assignment", f"{assigned.amount} units are placed in {assigned.demand!r}; must be more than 0"
                ),
            )
        seats[assigned.cell][assigned.demand] += assigned.amount
    return (
        *_seat_problems(plan, allocation, seats),
        *_demand_problems(plan.demand, allocation, seats),
        *_supplement_problems(plan.demand, allocation),
        *collision_problems(plan, cells, alternatives, allocation),
    )


def _tree(top: Demand) -> Iterator[Demand]:
    """Yield the demands of a tree, where a unit is placed once; a shared group's children are trees of their own."""
    yield top
    for child in () if shared(top) else top.children:
        yield from _tree(child)


def _sum(top: Demand, amounts: Mapping[str, Units]) -> Units:
    return sum(amounts.get(demand.name, 0) for demand in _tree(top))


def _counted(root: Demand, amounts: Mapping[str, Units]) -> tuple[Units, list[str]]:
    """
    Return how many units are counted, and the trees in which more is placed than in the demand that contains them.

    Units need not be placed in a shared root without a maximum to be placed in its children.
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


def _seat_problems(
    plan: CheckedPlan, allocation: CheckedAllocation, seats: Mapping[Cell, Mapping[str, Units]]
) -> Iterator[Problem]:
    known = {demand.name: demand for demand in everything(plan.demand)}
    copies = Counter(allocation.chosen)
    outer = chains(plan.limits)
    held: dict[str, Units] = defaultdict(int)
    for cell, amounts in seats.items():
        yield from (Problem("assignment", f"there is no demand {name!r}") for name in sorted(amounts.keys() - known))
        yield from _placing_problems(cell, {known[name]: amount for name, amount in amounts.items() if name in known})
        counted, excess = _counted(plan.demand, amounts)
        for name in excess:
            yield Problem("assignment", f"more of a cell is placed in {name!r} than in the demand that contains it")
        if counted > cell.amount * copies[cell]:
            yield Problem("assignment", f"{counted} units are counted of a cell that has {cell.amount * copies[cell]}")
        elif not cell.divisible and _pieces(plan.demand, cell, amounts) > copies[cell]:
            yield Problem("assignment", "an indivisible cell is divided")
        for name in set().union(*(outer[limit] for limit in cell.limits)):
            held[name] += counted
    for limit in plan.limits:
        if held[limit.name] > limit.maximum:
            yield Problem(
                "assignment",
                f"{held[limit.name]} units are counted under {limit.name!r}, whose maximum is {limit.maximum}",
            )


def _placing_problems(cell: Cell, amounts: Mapping[Demand, Units]) -> Iterator[Problem]:
    for place in amounts:
        if not cell.serves & (names_of(place) if shared(place) else {place.name}):
            yield Problem("assignment", f"a cell is placed in {place.name!r}, which it does not serve")


def _pieces(top: Demand, cell: Cell, amounts: Mapping[str, Units]) -> int:
    """Return how many copies of a cell are needed if each is placed once in each tree."""
    pieces = sum(-int(-amounts.get(demand.name, 0) // cell.amount) for demand in _tree(top))
    inner = [_pieces(child, cell, amounts) for demand in _tree(top) if shared(demand) for child in demand.children]
    return max([pieces, *inner])


def _demand_problems(
    root: Demand, allocation: CheckedAllocation, seats: Mapping[Cell, Mapping[str, Units]]
) -> Iterator[Problem]:
    totals: dict[str, Units] = defaultdict(int, allocation.missing)
    for amounts in seats.values():
        for name, amount in amounts.items():
            totals[name] += amount
    for demand in everything(root):
        total = _sum(demand, totals)
        if total < demand.minimum:
            yield Problem(demand.name, f"has {total} with the missing units, and its minimum is {demand.minimum}")
        if demand.maximum is not None and total > demand.maximum:
            yield Problem(demand.name, f"has {total} with the missing units, and its maximum is {demand.maximum}")


def _supplement_problems(root: Demand, allocation: CheckedAllocation) -> Iterator[Problem]:
    unknown = allocation.missing.keys() - names_of(root)
    if unknown or min(allocation.missing.values(), default=0) < 0:
        yield Problem("missing", "must be amounts of 0 or more, by the names of demands in the plan")
    added, excess = _counted(root, allocation.missing)
    for name in excess:
        yield Problem("missing", f"more is missing in {name!r} than in the demand that contains it")
    if added != allocation.shortfall:
        yield Problem("missing", f"adds up to {added}, but the shortfall is {allocation.shortfall}")
    summed: dict[str, Units] = defaultdict(int)
    for supplement in allocation.supplements:
        for name in supplement.serves:
            summed[name] += supplement.amount
    if {name: amount for name, amount in allocation.missing.items() if amount} != dict(summed):
        yield Problem("supplements", "do not match the missing units")
    if sum(supplement.amount for supplement in allocation.supplements) != allocation.shortfall:
        yield Problem("supplements", f"do not add up to the shortfall of {allocation.shortfall}")
