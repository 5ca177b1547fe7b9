"""
Exact allocation of training to demands, with a proof of every answer.

Demands and limits are compiled into a plan once; the plan then answers for any number of people.  If some assignment of
units meets every minimum under every limit, the allocation is met.  If none does, the answer names the demands that
collide, how much they need, and the most that can serve them.

>>> rules = Demand(name="training", minimum=20, group="exclusive", children=[
...     Demand(name="ethics", minimum=6), Demand(name="trauma", minimum=6)])
>>> plan = compile_plan(rules, limits=[Limit(name="online", maximum=10)])
>>> allocation = plan.allocate([
...     Cell(amount=6, serves={"ethics", "training"}, limits={"online"}),
...     Cell(amount=6, serves={"trauma", "training"}, limits={"online"}),
...     Cell(amount=10, serves={"training"}),
... ])
>>> allocation.met, allocation.shortfall
(False, 2)
>>> print(allocation.collision)
ethics and trauma together need 12; at most 10 can serve them, because online counts for at most 10: 2 short
"""

from peer_ledger.allocation._findings import Assigned, Collision, Supplement, Weight
from peer_ledger.allocation._plan import Allocation, Plan, compile_plan
from peer_ledger.allocation._proof import check_proof
from peer_ledger.allocation._terms import (
    Alternatives,
    Amount,
    Cell,
    Demand,
    InvalidCell,
    InvalidPlan,
    Limit,
    NotABoolean,
    TooManyCombinations,
    Units,
)

__all__ = [
    "Allocation",
    "Alternatives",
    "Amount",
    "Assigned",
    "Cell",
    "Collision",
    "Demand",
    "InvalidCell",
    "InvalidPlan",
    "Limit",
    "NotABoolean",
    "Plan",
    "Supplement",
    "TooManyCombinations",
    "Units",
    "Weight",
    "check_proof",
    "compile_plan",
]
