"""
What an allocation costs, and how many times that general solvers take for the same people.

    python tests/benchmarks/allocation.py [PEOPLE]

For trees of 2 to 12 leaves (the rest of the total is one of them), flat, nested and under nested limits, with PEOPLE
seeded transcripts each (60 unless said otherwise).  Every solver answers the same question from the same cells, what it
has to build for one person included, and the answers are compared.  The best of several runs counts, the solvers in
turn.  The ratios are what travels.

    verdict     the bare shortfall
    allocate    the same, as an allocation
    explained   with the canonical assignment
    own flow    the package's method for trees with very many sets of places, on every tree
"""

import random
import sys
import time

import networkx as nx
import numpy as np
from ortools.graph.python import max_flow
from scipy.optimize import linprog

from peer_ledger.allocation import Cell, Demand, Limit, _cut, compile_plan
from peer_ledger.allocation._flow import FlowCut

RUNS = 5
CELLS = 10


def flat(leaves):
    """One total, and disjoint minima that fill most of it."""
    children = [Demand(name=f"r{number}", minimum=120 + 60 * (number % 3)) for number in range(leaves - 1)]
    total = sum(child.minimum for child in children) + 300
    return Demand(name="total", minimum=total, children=children, group="exclusive")


def nested(leaves):
    """The same number of places, two levels deep: every second child holds the next one."""
    children = []
    for number in range(0, leaves - 1, 2):
        inner = [Demand(name=f"r{number + 1}", minimum=60)] if number + 1 < leaves - 1 else []
        children.append(Demand(name=f"r{number}", minimum=240, children=inner))
    total = sum(child.minimum for child in children) + 300
    return Demand(name="total", minimum=total, children=children, group="exclusive")


def people_of(demand, limits, count):
    chance = random.Random(20261121)
    names = [inner.name for inner in everything(demand)]
    for _ in range(count):
        yield [
            Cell(
                amount=30 * chance.randint(1, 2 * demand.minimum // (30 * CELLS)),
                serves={"total", *chance.sample(names, min(len(names), chance.randint(1, 3)))},
                limits=[chance.choice(limits).name] if limits and chance.random() < 0.6 else [],
            )
            for _ in range(CELLS)
        ]


def everything(demand):
    return [demand, *(inner for child in demand.children for inner in everything(child))]


def arcs_of(demand, limits, cells):
    """Return the flow of one person: what each demand asks beyond its children is an arc into the sink."""
    arcs = [(limit.within or "source", limit.name, limit.maximum) for limit in limits]
    endless = demand.minimum
    for inner in everything(demand):
        own = inner.minimum - sum(child.minimum for child in inner.children)
        arcs.append((inner.name, "sink", own))
        arcs += [(child.name, inner.name, endless) for child in inner.children]
    for number, cell in enumerate(cells):
        arcs.append((next(iter(cell.limits), "source"), number, cell.amount))
        arcs += [(number, name, endless) for name in cell.serves]
    return arcs


def with_networkx(demand, limits, cells):
    graph = nx.DiGraph()
    for tail, head, room in arcs_of(demand, limits, cells):
        graph.add_edge(tail, head, capacity=room)
    return demand.minimum - nx.maximum_flow_value(graph, "source", "sink")


def with_ortools(demand, limits, cells):
    numbers = {"source": 0, "sink": 1}
    solver = max_flow.SimpleMaxFlow()
    for tail, head, room in arcs_of(demand, limits, cells):
        solver.add_arc_with_capacity(
            numbers.setdefault(tail, len(numbers)), numbers.setdefault(head, len(numbers)), room
        )
    solver.solve(0, 1)
    return demand.minimum - solver.optimal_flow()


def with_scipy(demand, limits, cells):
    arcs = arcs_of(demand, limits, cells)
    numbers = {}
    for tail, head, _ in arcs:
        for name in (tail, head):
            if name not in ("source", "sink"):
                numbers.setdefault(name, len(numbers))
    matrix = np.zeros((len(numbers), len(arcs)))
    cost = np.zeros(len(arcs))
    for column, (tail, head, _) in enumerate(arcs):
        if tail != "source":
            matrix[numbers[tail], column] = -1
        if head == "sink":
            cost[column] = -1
        else:
            matrix[numbers[head], column] = 1
    bounds = [(0, room) for _, _, room in arcs]
    found = linprog(cost, A_eq=matrix, b_eq=np.zeros(len(numbers)), bounds=bounds, method="highs")
    return demand.minimum + round(found.fun)


def best_of(ways, people):
    """Time every way on all people, in turn; the best run in microseconds per person."""
    times = dict.fromkeys(ways, float("inf"))
    answers = {}
    for run in range(RUNS):
        for name, way in ways.items():
            if run > 1 and name in ("scipy", "networkx"):
                continue
            start = time.perf_counter()
            answers[name] = [way(cells) for cells in people]
            times[name] = min(times[name], (time.perf_counter() - start) / len(people) * 1e6)
    wanted = answers["verdict"]
    assert all(answer == wanted for name, answer in answers.items() if name != "explained")
    return times


def main(count):
    print(f"{CELLS} cells each; microseconds per person, then how many times the verdict")
    header = "verdict", "allocate", "explained", "own flow", "ortools", "scipy", "networkx"
    print("shape       leaves  sets " + "".join(f"{name:>10}" for name in header) + "   compile")
    for shape, make, limits in (
        ("flat", flat, []),
        ("nested", nested, []),
        ("capped", flat, [Limit(name="online", maximum=600), Limit(name="self-paced", maximum=300, within="online")]),
    ):
        for leaves in range(2, 13):
            demand = make(leaves)
            start = time.perf_counter()
            plan = compile_plan(demand, limits=limits)
            compiled = (time.perf_counter() - start) * 1e6
            [tree] = plan._solver.trees
            people = list(people_of(demand, limits, count))
            flow = FlowCut(tree, plan._solver.nesting)
            mask_and_limit = {
                (cell.serves, cell.limits): (
                    tree.mask(cell.serves),
                    next(iter(plan._solver.innermost(cell.serves, cell.limits)), len(limits)),
                )
                for cells in people
                for cell in cells
            }
            times = best_of(
                {
                    "verdict": plan.shortfall,
                    "allocate": lambda cells, plan=plan: plan.allocate(cells).shortfall,
                    "explained": lambda cells, plan=plan: plan.allocate(cells).assignment,
                    "own flow": lambda cells, flow=flow, kinds=mask_and_limit: flow.shortfall(cells, kinds),
                    "ortools": lambda cells, of=(demand, limits): with_ortools(*of, cells),
                    "scipy": lambda cells, of=(demand, limits): with_scipy(*of, cells),
                    "networkx": lambda cells, of=(demand, limits): with_networkx(*of, cells),
                },
                people,
            )
            sets = _cut.asking_sets(tree)
            print(
                f"{shape:<10} {leaves:>7} {len(sets) if sets else 'flow':>5} "
                + "".join(f"{times[name]:>10.1f}" for name in header)
                + f"{compiled:>10.0f}"
            )
            print(" " * 24 + "".join(f"{times[name] / times['verdict']:>9.1f}x" for name in header), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
