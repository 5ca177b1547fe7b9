"""
The claim of an hours requirement that was settled: the hours it uses before those that are settled later.
"""

from fractions import Fraction

import attrs

from peer_ledger.evaluation._asked_hours import AskedHours
from peer_ledger.evaluation._carryover import Claim, Claimed, Step, Taken, in_common
from peer_ledger.evaluation._eligible_credits import EligibleCredits, carried_name
from peer_ledger.evaluation._hours_plan import HoursPlan
from peer_ledger.evaluation._seating import counted_in
from peer_ledger.rules import Hours, Part, Unstated


def claim_of(step: Step, asked: AskedHours, eligible: EligibleCredits, plan: HoursPlan) -> Claim:
    """Return the hours that a requirement uses before the requirements that are settled later."""
    certain, hours = plan.proof.allocation, asked.hours
    found = {
        item.key: Claimed(
            event=item.event,
            hours=item.hours,
            fits=frozenset(in_common(step.name, name) for name in item.fit.fits),
            is_own=item.key not in eligible.carried,
            caps=frozenset(in_common(step.name, cap) for cap in item.fit.caps),
        )
        for item in eligible.items
        if item.fit.fits
    }
    limits = {
        in_common(step.name, name): limit for name, limit in asked.limits.items() if not isinstance(limit, Unstated)
    }
    top = in_common(step.name, hours.id)
    taken = _taken(step, asked, eligible, plan, hours) if step.is_asked else Taken(name=top, hours=Fraction(0))
    if not step.is_asked:
        found = {key: attrs.evolve(credit, fits=frozenset({top})) for key, credit in found.items()}
    need = asked.stated(hours.id) if step.is_asked else None
    lacks = Fraction(0) if need is None or certain.met else plan.in_hours(certain.shortfall)
    return Claim(taken=taken, credits=found, caps=limits, lacks=lacks, is_open=not step.context.history.closing)


def _taken(step: Step, asked: AskedHours, eligible: EligibleCredits, plan: HoursPlan, rule: Hours | Part) -> Taken:
    certain = plan.proof.allocation
    parts = [_taken(step, asked, eligible, plan, part) for part in asked.parts[rule.id]]
    if isinstance(rule, Hours) and rule.carry_over is not None and eligible.carried:
        name, most = in_common(step.name, carried_name(asked)), Fraction(rule.carry_over.at_most)
        parts.append(Taken(name=name, hours=Fraction(0), at_most=most))
    need = asked.stated(rule.id)
    hours = need
    # A requirement that was short when it was settled uses what it had then, and gets no more now.
    if need is None or not certain.met:
        counted = sum(counted_in(rule, certain, asked, plan).values(), Fraction(0))
        hours = counted if need is None else min(need, counted)
    return Taken(
        name=in_common(step.name, rule.id),
        hours=hours or Fraction(0),
        parts=tuple(parts),
        together="shared" if rule.together == "shared" else "exclusive",
    )
