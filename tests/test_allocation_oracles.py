"""
Allocations against others: brute force by definition, linear and integer programs, maximum flows.

None of these shares a line with the package.  PEER_LEDGER_THOROUGH multiplies the number of random instances.
"""

import os
import random
from collections import Counter
from fractions import Fraction

import networkx as nx
import numpy as np
import pytest
from ortools.graph.python import max_flow
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from effort import sized
from peer_ledger.allocation import Cell, Demand, InvalidPlan, Limit, check_proof, compile_plan

TIMES = int(os.environ.get("PEER_LEDGER_THOROUGH", "1"))


def random_demand(chance, *, leaves, depth, shared, maxima, names):
    """Grow a tree; `shared` is the chance that a group is, at the root and, if it is above 1, below it too."""
    name = f"r{len(names)}"
    names.append(name)
    children = []
    if depth:
        count = chance.randint(1, leaves)
        children = [
            random_demand(
                chance,
                leaves=max(1, leaves - 1),
                depth=depth - 1 if chance.random() < 0.6 else 0,
                shared=shared - 1,
                maxima=maxima,
                names=names,
            )
            for _ in range(count)
        ]
    minimum = chance.choice([0, 1, 2, 3, 5]) + (chance.choice([0, 4, 8]) if children else 0)
    maximum = minimum + chance.choice([0, 0, 1, 4]) if chance.random() < maxima else None
    group = "shared" if chance.random() < shared else "exclusive"
    return Demand(name=name, minimum=minimum, maximum=maximum, children=children, group=group)


def random_limits(chance, kind):
    if kind == "none":
        return []
    limits = [Limit(name="outer", maximum=chance.randint(2, 12)), Limit(name="other", maximum=chance.randint(0, 8))]
    limits += [Limit(name="inner", maximum=chance.randint(0, limits[0].maximum), within="outer")]
    return limits


def random_cells(chance, names, limits, kind, *, most=9, amounts=7):
    cells = []
    for number in range(chance.randint(0, most)):
        serves = chance.sample(names, chance.randint(1, min(len(names), 4)))
        inside = []
        if limits and chance.random() < 0.7:
            inside = [chance.choice(limits).name]
            if kind == "overlapping" and chance.random() < 0.6:
                inside.append(chance.choice(limits).name)
        cells.append(Cell(amount=chance.randint(0, amounts), serves=serves, limits=inside, key=str(number)))
    return cells


def random_instance(chance, *, leaves, depth, shared=0.0, maxima=0.0, kind="none", **sizes):
    while True:
        names = []
        demand = random_demand(chance, leaves=leaves, depth=depth, shared=shared, maxima=maxima, names=names)
        limits = random_limits(chance, kind)
        try:
            plan = compile_plan(demand, limits=limits)
        except InvalidPlan:
            continue
        return plan, random_cells(chance, names, limits, kind, **sizes)


def proven(plan, cells, **more):
    """Allocate, have the proof checked, and hand the shortfall on."""
    allocation = plan.allocate(cells, **more)
    assert check_proof(plan, cells, allocation, alternatives=more.get("alternatives", ())) == ()
    return allocation.shortfall


def below(demand):
    return {demand.name}.union(*map(below, demand.children))


def everything(demand):
    return [demand, *(inner for child in demand.children for inner in everything(child))]


def chain(limits, name):
    within = {limit.name: limit.within for limit in limits}
    while name is not None:
        yield name
        name = within[name]


class Program:
    """The definition as a linear program: how much of each cell counts where, and how much is added."""

    def __init__(self, plan, cells):
        self.columns = {}
        self.rows, self.lower, self.upper = [], [], []
        self.added = self.column("added", plan.demand.name)
        self.place(plan.demand, "added", None)
        for number, cell in enumerate(cells):
            if cell.serves & below(plan.demand):
                self.place(plan.demand, number, cell.serves)
                self.row({(number, plan.demand.name): 1}, 0, cell.amount)
        for demand in everything(plan.demand):
            within = {key: 1 for key in self.columns if key[1] == demand.name}
            most = np.inf if demand.maximum is None else demand.maximum
            self.row(within, demand.minimum, most)
        for limit in plan.limits:
            inside = {
                (number, plan.demand.name): 1
                for number, cell in enumerate(cells)
                if any(limit.name in chain(plan.limits, name) for name in cell.limits)
            }
            self.row(inside, 0, limit.maximum)

    def column(self, *key):
        return self.columns.setdefault(key, len(self.columns))

    def row(self, factors, lower, upper):
        self.rows.append({self.column(*key): factor for key, factor in factors.items()})
        self.lower.append(lower)
        self.upper.append(upper)

    def place(self, demand, who, serves):
        """Within an exclusive group it splits; within a shared one each child sees no more than the whole."""
        self.column(who, demand.name)
        reached = [child for child in demand.children if serves is None or serves & below(child)]
        for child in reached:
            self.place(child, who, serves)
        if demand.group == "shared" and len(demand.children) > 1:  # one child alone is exclusive
            for child in reached:
                self.row({(who, child.name): 1, (who, demand.name): -1}, -np.inf, 0)
        elif serves is None or demand.name in serves:
            factors = {(who, child.name): 1 for child in reached}
            self.row({**factors, (who, demand.name): -1}, -np.inf, 0)
        else:
            self.row({(who, demand.name): -1, **{(who, child.name): 1 for child in reached}}, 0, 0)

    def matrix(self):
        matrix = np.zeros((len(self.rows), len(self.columns)))
        for index, row in enumerate(self.rows):
            for column, factor in row.items():
                matrix[index, column] += factor
        return matrix

    def least(self):
        matrix, lower, upper = self.matrix(), np.array(self.lower, float), np.array(self.upper, float)
        above, under = np.isfinite(upper), np.isfinite(lower)
        cost = np.zeros(len(self.columns))
        cost[self.added] = 1
        found = linprog(
            cost,
            A_ub=np.vstack([matrix[above], -matrix[under]]),
            b_ub=np.concatenate([upper[above], -lower[under]]),
            method="highs",
        )
        assert found.status == 0
        exact = Fraction(found.fun).limit_denominator(2000)
        assert abs(found.fun - exact) < 1e-6
        return exact


def by_brute_force(plan, cells):
    """Try every way to seat every single unit, and add units until one way meets everything; exclusive groups only."""
    names = [demand.name for demand in everything(plan.demand)]
    positions = {name: index for index, name in enumerate([*names, *(limit.name for limit in plan.limits)])}
    maxima = {limit.name: limit.maximum for limit in plan.limits}
    start = tuple([0] * len(positions))
    states = {start}
    for cell in cells:
        limits = {outer for name in cell.limits for outer in chain(plan.limits, name)}
        for _ in range(cell.amount):
            seated = set(states)
            for state in states:
                for name in cell.serves:
                    counts = list(state)
                    counts[positions[name]] += 1
                    for limit in limits:
                        counts[positions[limit]] += 1
                    if all(counts[positions[limit]] <= maxima[limit] for limit in limits):
                        seated.add(tuple(counts))
            states = seated

    def total(demand, state):
        return state[positions[demand.name]] + sum(total(child, state) for child in demand.children)

    def holds(demand, state):
        count = total(demand, state)
        most = count if demand.maximum is None else demand.maximum
        return demand.minimum <= count <= most and all(holds(child, state) for child in demand.children)

    states = {tuple(state[: len(names)]) for state in states}
    added = 0
    while not any(holds(plan.demand, state) for state in states):
        added += 1
        states = {
            (*state[:index], state[index] + 1, *state[index + 1 :]) for state in states for index in range(len(names))
        }
    return added


def by_flow(plan, cells, maximum):
    """Look for the least supplement with which a circulation with lower bounds exists; exclusive groups only."""
    low, high = 0, sum(demand.minimum for demand in everything(plan.demand))
    while low < high:
        middle = (low + high) // 2
        if _circulates(plan, cells, middle, maximum):
            high = middle
        else:
            low = middle + 1
    return low


def _circulates(plan, cells, added, maximum):
    arcs, lows = [], Counter()
    names = everything(plan.demand)
    endless = sum(one.minimum for one in names) + sum(cell.amount for cell in cells) + added

    def arc(tail, head, low, high):
        arcs.append((tail, head, high - low))
        lows[head] += low
        lows[tail] -= low

    for limit in plan.limits:
        arc(("limit", limit.within) if limit.within else "source", ("limit", limit.name), 0, limit.maximum)
    for number, cell in enumerate(cells):
        inner = set(cell.limits) - {outer for name in cell.limits for outer in list(chain(plan.limits, name))[1:]}
        arc(("limit", inner.pop()) if inner else "source", ("cell", number), 0, cell.amount)
        for name in cell.serves:
            arc(("cell", number), ("at", name), 0, cell.amount)
    arc("source", "added", 0, added)
    for demand in names:
        arc("added", ("at", demand.name), 0, added)
        for child in demand.children:
            arc(("at", child.name), ("at", demand.name), child.minimum, _most(child, endless))
    arc(("at", plan.demand.name), "source", plan.demand.minimum, _most(plan.demand, endless))
    for place, amount in lows.items():
        if amount > 0:
            arcs.append(("from", place, amount))
        elif amount < 0:
            arcs.append((place, "to", -amount))
    return maximum(arcs) == sum(amount for amount in lows.values() if amount > 0)


def _most(demand, endless):
    return endless if demand.maximum is None else min(endless, demand.maximum)


def with_ortools(arcs):
    numbers = {}
    for tail, head, _ in arcs:
        numbers.setdefault(tail, len(numbers))
        numbers.setdefault(head, len(numbers))
    if "from" not in numbers:
        return 0
    solver = max_flow.SimpleMaxFlow()
    for tail, head, room in arcs:
        solver.add_arc_with_capacity(numbers[tail], numbers[head], room)
    assert solver.solve(numbers["from"], numbers["to"]) == solver.OPTIMAL
    return solver.optimal_flow()


def with_networkx(arcs):
    graph = nx.DiGraph()
    graph.add_nodes_from(["from", "to"])
    for tail, head, room in arcs:
        known = graph.get_edge_data(tail, head, {"capacity": 0})["capacity"]
        graph.add_edge(tail, head, capacity=known + room)
    return nx.maximum_flow_value(graph, "from", "to")


FLAT = {"leaves": 5, "depth": 1}
NESTED = {"leaves": 3, "depth": 3}
EXCLUSIVE = {
    "flat": FLAT,
    "nested": NESTED,
    "with-maxima": {**NESTED, "maxima": 0.4},
    "capped": {**FLAT, "kind": "nested"},
    "nested-limits": {**NESTED, "kind": "nested", "maxima": 0.2},
    "wide": {"leaves": 12, "depth": 1, "kind": "nested"},
    "large": {"leaves": 6, "depth": 3, "kind": "nested", "maxima": 0.2, "most": 20},
}
COUPLED = {
    "shared": {**FLAT, "shared": 1.0},
    "shared-capped": {"leaves": 3, "depth": 2, "shared": 1.0, "kind": "nested"},
    "overlapping-limits": {"leaves": 3, "depth": 2, "kind": "overlapping", "maxima": 0.2},
    "shared-below": {"leaves": 3, "depth": 3, "shared": 1.6, "kind": "none"},
    "all-at-once": {"leaves": 3, "depth": 2, "shared": 1.6, "kind": "overlapping", "maxima": 0.2, "most": 7},
}


@pytest.mark.parametrize("shape", EXCLUSIVE)
@pytest.mark.parametrize("part", range(4))
def test_flows_agree(shape, part):
    """On random trees and limits the shortfall is what a maximum flow with lower bounds leaves, and its proof holds."""
    chance = random.Random(f"{shape} {part}")
    for _ in range((sized(20, 7) if shape == "large" else sized(75, 25)) * TIMES):
        plan, cells = random_instance(chance, **EXCLUSIVE[shape])
        assert by_flow(plan, cells, with_ortools) == proven(plan, cells)


@pytest.mark.parametrize("shape", EXCLUSIVE)
def test_networkx_agrees(shape):
    """A second library's flow says the same."""
    chance = random.Random(f"networkx {shape}")
    for _ in range((3 if shape == "large" else 12) * TIMES):
        plan, cells = random_instance(chance, **EXCLUSIVE[shape])
        assert by_flow(plan, cells, with_networkx) == proven(plan, cells)


@pytest.mark.parametrize("shape", {**EXCLUSIVE, **COUPLED})
@pytest.mark.parametrize("part", range(3))
def test_linear_programs_agree(shape, part):
    """On every shape of rules the shortfall is the optimum of the definition as a linear program."""
    chance = random.Random(f"linear {shape} {part}")
    for _ in range((sized(10, 4) if shape == "large" else sized(40, 14)) * TIMES):
        plan, cells = random_instance(chance, **{**EXCLUSIVE, **COUPLED}[shape])
        assert Program(plan, cells).least() == proven(plan, cells)


@pytest.mark.parametrize("kind", ["none", "nested"])
@pytest.mark.parametrize("maxima", [0, 0.5])
def test_brute_force_agrees(kind, maxima):
    """On tiny instances the shortfall is what trying every seat of every unit finds."""
    chance = random.Random(f"brute {kind} {maxima}")
    for _ in range(sized(60, 20) * TIMES):
        plan, cells = random_instance(chance, leaves=2, depth=2, maxima=maxima, kind=kind, most=4, amounts=3)
        if sum(cell.amount for cell in cells) <= 8:
            assert by_brute_force(plan, cells) == proven(plan, cells)


@pytest.mark.parametrize("shared", [0.0, 1.0])
def test_integer_programs_agree(shared):
    """Cells that may not be divided are seated as an integer program seats them."""
    chance = random.Random(f"indivisible {shared}")
    for _ in range(40 * TIMES):
        plan, cells = random_instance(chance, leaves=3, depth=1, shared=shared, kind="nested", most=5)
        cells = [
            Cell(
                amount=cell.amount,
                serves=cell.serves,
                limits=cell.limits,
                key=cell.key,
                divisible=chance.random() < 0.3,
            )
            for cell in cells
        ]
        assert _by_integers(plan, cells) == proven(plan, cells)


def _by_integers(plan, cells):
    """Let a switch for each place of each indivisible cell allow it or not, one at a time in an exclusive group."""
    program = Program(plan, cells)
    switches = []
    for number, cell in enumerate(cells):
        if cell.divisible or plan.demand.group == "shared":
            continue  # in a flat shared group a unit sits in every child at once, so there is nothing to divide
        places = {}
        for child in plan.demand.children:
            if child.name in cell.serves:
                switch = ("switch", number, child.name)
                places[switch] = 1
                program.row({(number, child.name): 1, switch: -cell.amount}, -np.inf, 0)
        if plan.demand.name in cell.serves:
            switch = ("switch", number, plan.demand.name)
            places[switch] = 1
            inside = {(number, child.name): -1 for child in plan.demand.children if child.name in cell.serves}
            program.row({(number, plan.demand.name): 1, **inside, switch: -cell.amount}, -np.inf, 0)
        program.row(places, 0, 1)
        switches += [program.column(*switch) for switch in places]
    cost = np.zeros(len(program.columns))
    cost[program.added] = 1
    integral = np.zeros(len(program.columns))
    integral[switches] = 1
    found = milp(
        cost,
        constraints=LinearConstraint(program.matrix(), program.lower, program.upper),
        integrality=integral,
        bounds=Bounds(0, [1 if column in switches else np.inf for column in range(len(cost))]),
    )
    assert found.status == 0
    exact = Fraction(found.fun).limit_denominator(2000)
    assert abs(found.fun - exact) < 1e-6
    return exact
