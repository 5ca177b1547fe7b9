"""
What an allocation counted of each credit, for a requirement and its parts.
"""

from fractions import Fraction

from peer_ledger import allocation
from peer_ledger.evaluation._asked_hours import AskedHours
from peer_ledger.evaluation._eligible_credits import carried_name
from peer_ledger.evaluation._hours_plan import RELIEF, HoursPlan
from peer_ledger.rules import Hours, Part


def counted_in(
    rule: Hours | Part, found: allocation.Allocation, asked: AskedHours, plan: HoursPlan
) -> dict[str, Fraction]:
    """
    Return the hours of each credit, by key, counted in a requirement and its parts; hours in several parts count once.
    """
    return _counted(rule, _seated(found, plan), asked, plan)


def _counted(
    rule: Hours | Part, seated: dict[str, dict[str, allocation.Units]], asked: AskedHours, plan: HoursPlan
) -> dict[str, Fraction]:
    below = [_counted(part, seated, asked, plan) for part in asked.parts[rule.id]]
    own = {key: plan.in_hours(amount) for key, amount in seated.get(rule.id, {}).items()}
    if isinstance(rule, Hours):
        own |= {key: plan.in_hours(amount) for key, amount in seated.get(carried_name(asked), {}).items()}
    is_shared = rule.together == "shared"  # hours in the rest of a shared requirement may also sit in its parts
    counted: dict[str, Fraction] = {}
    for key in {*own, *(key for part in below for key in part)}:
        amounts = [own.get(key, Fraction(0)), *(part.get(key, Fraction(0)) for part in below)]
        counted[key] = max(amounts) if is_shared else sum(amounts, Fraction(0))
    return counted


def _seated(found: allocation.Allocation, plan: HoursPlan) -> dict[str, dict[str, allocation.Units]]:
    """Return the units of each credit that the allocation put into each requirement."""
    seated: dict[str, dict[str, allocation.Units]] = {}
    for assigned in (plan.relieved(found)[0] if plan.is_relieved(found) else found).assignment:
        if assigned.cell.key != RELIEF:
            amounts = seated.setdefault(assigned.demand, {})
            amounts[assigned.cell.key] = amounts.get(assigned.cell.key, 0) + assigned.amount
    return seated
