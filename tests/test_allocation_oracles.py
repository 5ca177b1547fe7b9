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

from peer_ledger.allocation import Cap, Cell, InvalidPlan, Requirement, check_proof, compile_plan

TIMES = int(os.environ.get("PEER_LEDGER_THOROUGH", "1"))


def random_requirement(chance, *, leaves, depth, shared, maxima, names):
    """Grow a tree; `shared` is the chance that a group is, at the root and, if it is above 1, below it too."""
    name = f"r{len(names)}"
    names.append(name)
    children = []
    if depth:
        count = chance.randint(1, leaves)
        children = [
            random_requirement(
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
    return Requirement(name=name, minimum=minimum, maximum=maximum, children=children, group=group)


def random_caps(chance, kind):
    if kind == "none":
        return []
    caps = [Cap(name="outer", limit=chance.randint(2, 12)), Cap(name="other", limit=chance.randint(0, 8))]
    caps += [Cap(name="inner", limit=chance.randint(0, caps[0].limit), within="outer")]
    return caps


def random_cells(chance, names, caps, kind, *, most=9, amounts=7):
    cells = []
    for number in range(chance.randint(0, most)):
        serves = chance.sample(names, chance.randint(1, min(len(names), 4)))
        inside = []
        if caps and chance.random() < 0.7:
            inside = [chance.choice(caps).name]
            if kind == "overlapping" and chance.random() < 0.6:
                inside.append(chance.choice(caps).name)
        cells.append(Cell(amount=chance.randint(0, amounts), serves=serves, caps=inside, key=str(number)))
    return cells


def random_instance(chance, *, leaves, depth, shared=0.0, maxima=0.0, caps="none", **sizes):
    while True:
        names = []
        requirement = random_requirement(chance, leaves=leaves, depth=depth, shared=shared, maxima=maxima, names=names)
        limits = random_caps(chance, caps)
        try:
            plan = compile_plan(requirement, caps=limits)
        except InvalidPlan:
            continue
        return plan, random_cells(chance, names, limits, caps, **sizes)


def proven(plan, cells, **more):
    """Allocate, have the proof checked, and hand the shortfall on."""
    allocation = plan.allocate(cells, **more)
    assert check_proof(plan, cells, allocation, alternatives=more.get("alternatives", ())) == ()
    return allocation.shortfall


def below(requirement):
    return {requirement.name}.union(*map(below, requirement.children))


def everything(requirement):
    return [requirement, *(inner for child in requirement.children for inner in everything(child))]


def chain(caps, name):
    limits = {cap.name: cap for cap in caps}
    while name is not None:
        yield name
        name = limits[name].within


class Program:
    """The definition as a linear program: how much of each cell counts where, and how much is added."""

    def __init__(self, plan, cells):
        self.columns = {}
        self.rows, self.lower, self.upper = [], [], []
        self.added = self.column("added", plan.requirement.name)
        self.place(plan.requirement, "added", None)
        for number, cell in enumerate(cells):
            if cell.serves & below(plan.requirement):
                self.place(plan.requirement, number, cell.serves)
                self.row({(number, plan.requirement.name): 1}, 0, cell.amount)
        for requirement in everything(plan.requirement):
            within = {key: 1 for key in self.columns if key[1] == requirement.name}
            most = np.inf if requirement.maximum is None else requirement.maximum
            self.row(within, requirement.minimum, most)
        for cap in plan.caps:
            inside = {
                (number, plan.requirement.name): 1
                for number, cell in enumerate(cells)
                if any(cap.name in chain(plan.caps, name) for name in cell.caps)
            }
            self.row(inside, 0, cap.limit)

    def column(self, *key):
        return self.columns.setdefault(key, len(self.columns))

    def row(self, factors, lower, upper):
        self.rows.append({self.column(*key): factor for key, factor in factors.items()})
        self.lower.append(lower)
        self.upper.append(upper)

    def place(self, requirement, who, serves):
        """Within an exclusive group it splits; within a shared one each child sees no more than the whole."""
        self.column(who, requirement.name)
        reached = [child for child in requirement.children if serves is None or serves & below(child)]
        for child in reached:
            self.place(child, who, serves)
        if requirement.group == "shared" and len(requirement.children) > 1:  # one child alone is exclusive
            for child in reached:
                self.row({(who, child.name): 1, (who, requirement.name): -1}, -np.inf, 0)
        elif serves is None or requirement.name in serves:
            factors = {(who, child.name): 1 for child in reached}
            self.row({**factors, (who, requirement.name): -1}, -np.inf, 0)
        else:
            self.row({(who, requirement.name): -1, **{(who, child.name): 1 for child in reached}}, 0, 0)

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
    names = [requirement.name for requirement in everything(plan.requirement)]
    positions = {name: index for index, name in enumerate([*names, *(cap.name for cap in plan.caps)])}
    limits = {cap.name: cap.limit for cap in plan.caps}
    start = tuple([0] * len(positions))
    states = {start}
    for cell in cells:
        caps = {outer for name in cell.caps for outer in chain(plan.caps, name)}
        for _ in range(cell.amount):
            seated = set(states)
            for state in states:
                for name in cell.serves:
                    counts = list(state)
                    counts[positions[name]] += 1
                    for cap in caps:
                        counts[positions[cap]] += 1
                    if all(counts[positions[cap]] <= limits[cap] for cap in caps):
                        seated.add(tuple(counts))
            states = seated

    def total(requirement, state):
        return state[positions[requirement.name]] + sum(total(child, state) for child in requirement.children)

    def holds(requirement, state):
        count = total(requirement, state)
        most = count if requirement.maximum is None else requirement.maximum
        return requirement.minimum <= count <= most and all(holds(child, state) for child in requirement.children)

    states = {tuple(state[: len(names)]) for state in states}
    added = 0
    while not any(holds(plan.requirement, state) for state in states):
        added += 1
        states = {
            (*state[:index], state[index] + 1, *state[index + 1 :]) for state in states for index in range(len(names))
        }
    return added


def by_flow(plan, cells, maximum):
    """Look for the least addition with which a circulation with lower bounds exists; exclusive groups only."""
    low, high = 0, sum(requirement.minimum for requirement in everything(plan.requirement))
    while low < high:
        middle = (low + high) // 2
        if _circulates(plan, cells, middle, maximum):
            high = middle
        else:
            low = middle + 1
    return low


def _circulates(plan, cells, added, maximum):
    arcs, lows = [], Counter()
    names = everything(plan.requirement)
    endless = sum(one.minimum for one in names) + sum(cell.amount for cell in cells) + added

    def arc(tail, head, low, high):
        arcs.append((tail, head, high - low))
        lows[head] += low
        lows[tail] -= low

    for cap in plan.caps:
        arc(("cap", cap.within) if cap.within else "source", ("cap", cap.name), 0, cap.limit)
    for number, cell in enumerate(cells):
        inner = set(cell.caps) - {outer for name in cell.caps for outer in list(chain(plan.caps, name))[1:]}
        arc(("cap", inner.pop()) if inner else "source", ("cell", number), 0, cell.amount)
        for name in cell.serves:
            arc(("cell", number), ("at", name), 0, cell.amount)
    arc("source", "added", 0, added)
    for requirement in names:
        arc("added", ("at", requirement.name), 0, added)
        for child in requirement.children:
            arc(("at", child.name), ("at", requirement.name), child.minimum, _most(child, endless))
    arc(("at", plan.requirement.name), "source", plan.requirement.minimum, _most(plan.requirement, endless))
    for place, amount in lows.items():
        if amount > 0:
            arcs.append(("from", place, amount))
        elif amount < 0:
            arcs.append((place, "to", -amount))
    return maximum(arcs) == sum(amount for amount in lows.values() if amount > 0)


def _most(requirement, endless):
    return endless if requirement.maximum is None else min(endless, requirement.maximum)


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
    "capped": {**FLAT, "caps": "nested"},
    "nested-caps": {**NESTED, "caps": "nested", "maxima": 0.2},
    "wide": {"leaves": 12, "depth": 1, "caps": "nested"},
    "large": {"leaves": 6, "depth": 3, "caps": "nested", "maxima": 0.2, "most": 20},
}
COUPLED = {
    "shared": {**FLAT, "shared": 1.0},
    "shared-capped": {"leaves": 3, "depth": 2, "shared": 1.0, "caps": "nested"},
    "overlapping-caps": {"leaves": 3, "depth": 2, "caps": "overlapping", "maxima": 0.2},
    "shared-below": {"leaves": 3, "depth": 3, "shared": 1.6, "caps": "none"},
    "all-at-once": {"leaves": 3, "depth": 2, "shared": 1.6, "caps": "overlapping", "maxima": 0.2, "most": 7},
}


@pytest.mark.parametrize("shape", EXCLUSIVE)
@pytest.mark.parametrize("part", range(4))
def test_flows_agree(shape, part):
    """On random trees and caps the shortfall is what a maximum flow with lower bounds leaves, and its proof holds."""
    chance = random.Random(f"{shape} {part}")
    for _ in range((20 if shape == "large" else 75) * TIMES):
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
    for _ in range((10 if shape == "large" else 40) * TIMES):
        plan, cells = random_instance(chance, **{**EXCLUSIVE, **COUPLED}[shape])
        assert Program(plan, cells).least() == proven(plan, cells)


@pytest.mark.parametrize("caps", ["none", "nested"])
@pytest.mark.parametrize("maxima", [0, 0.5])
def test_brute_force_agrees(caps, maxima):
    """On tiny instances the shortfall is what trying every seat of every unit finds."""
    chance = random.Random(f"brute {caps} {maxima}")
    for _ in range(60 * TIMES):
        plan, cells = random_instance(chance, leaves=2, depth=2, maxima=maxima, caps=caps, most=4, amounts=3)
        if sum(cell.amount for cell in cells) <= 8:
            assert by_brute_force(plan, cells) == proven(plan, cells)


@pytest.mark.parametrize("shared", [0.0, 1.0])
def test_integer_programs_agree(shared):
    """Cells that may not be divided are seated as an integer program seats them."""
    chance = random.Random(f"indivisible {shared}")
    for _ in range(40 * TIMES):
        plan, cells = random_instance(chance, leaves=3, depth=1, shared=shared, caps="nested", most=5)
        cells = [
            Cell(amount=cell.amount, serves=cell.serves, caps=cell.caps, key=cell.key, divisible=chance.random() < 0.3)
            for cell in cells
        ]
        assert _by_integers(plan, cells) == proven(plan, cells)


def _by_integers(plan, cells):
    """Let a switch for each place of each indivisible cell allow it or not, one at a time in an exclusive group."""
    program = Program(plan, cells)
    switches = []
    for number, cell in enumerate(cells):
        if cell.divisible or plan.requirement.group == "shared":
            continue  # in a flat shared group a unit sits in every child at once, so there is nothing to divide
        places = {}
        for child in plan.requirement.children:
            if child.name in cell.serves:
                switch = ("switch", number, child.name)
                places[switch] = 1
                program.row({(number, child.name): 1, switch: -cell.amount}, -np.inf, 0)
        if plan.requirement.name in cell.serves:
            switch = ("switch", number, plan.requirement.name)
            places[switch] = 1
            inside = {(number, child.name): -1 for child in plan.requirement.children if child.name in cell.serves}
            program.row({(number, plan.requirement.name): 1, **inside, switch: -cell.amount}, -np.inf, 0)
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
