"""
Which hour counts for what: an exact answer, and its proof.

Rules become a plan once; a plan answers for one person after the other.  If any way of assigning the units meets all
minima under all caps, the answer is met.  If none does, the answer names the requirements that collide, what they ask
and what can serve them.

>>> rules = Requirement(name="training", minimum=20, group="exclusive", children=[
...     Requirement(name="ethics", minimum=6), Requirement(name="trauma", minimum=6)])
>>> plan = compile_plan(rules, caps=[Cap(name="online", limit=10)])
>>> allocation = plan.allocate([
...     Cell(amount=6, serves={"ethics", "training"}, caps={"online"}),
...     Cell(amount=6, serves={"trauma", "training"}, caps={"online"}),
...     Cell(amount=10, serves={"training"}),
... ])
>>> allocation.met, allocation.shortfall
(False, 2)
>>> print(allocation.collision)
ethics and trauma together ask 12; all that can serve them is 10, because online counts for 10 at most: 2 short
"""

from peer_ledger.allocation._findings import Addition, Assigned, Collision, Weight
from peer_ledger.allocation._plan import Allocation, Plan, compile_plan
from peer_ledger.allocation._proof import check_proof
from peer_ledger.allocation._terms import (
    Alternatives,
    Amount,
    Cap,
    Cell,
    InvalidCell,
    InvalidPlan,
    NotABoolean,
    Requirement,
    TooManyCombinations,
)

__all__ = [
    "Addition",
    "Allocation",
    "Alternatives",
    "Amount",
    "Assigned",
    "Cap",
    "Cell",
    "Collision",
    "InvalidCell",
    "InvalidPlan",
    "NotABoolean",
    "Plan",
    "Requirement",
    "TooManyCombinations",
    "Weight",
    "check_proof",
    "compile_plan",
]
