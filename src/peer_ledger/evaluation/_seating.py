"""
What an allocation counted of each credit, for a requirement and its parts.
"""

from typing import TypeAlias

from peer_ledger import allocation
from peer_ledger.evaluation._asked_hours import AskedHours
from peer_ledger.evaluation._eligible_credits import carried_name
from peer_ledger.evaluation._hours_plan import HoursPlan
from peer_ledger.evaluation._relief import RELIEF
from peer_ledger.rules import Hours, Part

Seated: TypeAlias = dict[str, dict[str, allocation.Units]]
"""The units of each credit, by key, that an allocation put into each requirement."""


def counted_in(rule: Hours | Part, seated: Seated, asked: AskedHours) -> dict[str, allocation.Units]:
    """
    Return the units of each credit, by key, counted in a requirement and its parts; hours in several parts count once.
    """
    below = [counted_in(part, seated, asked) for part in asked.parts[rule.id]]
    own = seated.get(rule.id, {})
    if isinstance(rule, Hours):
        own = own | seated.get(carried_name(asked), {})
    is_shared = rule.together == "shared"  # hours in the rest of a shared requirement may also sit in its parts
    counted = dict(own)
    for part in below:
        for key, amount in part.items():
            before = counted.get(key, 0)
            counted[key] = max(before, amount) if is_shared else before + amount
    return counted


def seated_in(found: allocation.Allocation, plan: HoursPlan) -> Seated:
    """Return the units of each credit that an allocation put into each requirement."""
    seated: Seated = {}
    for assigned in (plan.relieved(found)[0] if plan.is_relieved(found) else found).assignment:
        if assigned.cell.key != RELIEF:
            amounts = seated.setdefault(assigned.demand, {})
            amounts[assigned.cell.key] = amounts.get(assigned.cell.key, 0) + assigned.amount
    return seated
