"""
The claim of an hours requirement that was settled: the hours it uses before those that are settled later.
"""

from fractions import Fraction

import attrs

from peer_ledger import allocation
from peer_ledger.evaluation._asked_hours import AskedHours
from peer_ledger.evaluation._carryover import Claim, Claimed, Step, Taken, Use, in_common
from peer_ledger.evaluation._eligible_credits import EligibleCredits, carried_name
from peer_ledger.evaluation._hours_plan import HoursPlan
from peer_ledger.evaluation._seating import counted_in, seated_in
from peer_ledger.rules import Hours, Part


def with_claim_of(
    step: Step, asked: AskedHours, eligible: EligibleCredits, plan: HoursPlan, before: tuple[Claim, ...]
) -> tuple[Claim, ...]:
    """
    Return some claims and, after them, that of a requirement: the hours it uses before those that are settled later.

    Args:
        step: The requirement, when it is settled.
        asked: What is asked.
        eligible: The credits that may count.
        plan: Their allocation.
        before: The claims before it.
    """
    top = in_common(step.name, asked.hours.id)
    found = {
        item.key: Claimed(
            event=item.event,
            hours=item.hours,
            fits=frozenset(in_common(step.name, name) for name in item.fit.fits) if step.is_asked else frozenset({top}),
            is_own=item.key not in eligible.carried,
            caps=frozenset(in_common(step.name, cap) for cap in item.fit.caps),
        )
        for item in eligible.items
        if item.fit.fits
    }
    # What it uses depends on figures that no source states, also on those of earlier claims. The number that stands for
    # such a figure in a plan is more than all hours together, and must not be taken for hours that are used.
    ways: dict[tuple[int, Use], None] = {}
    for way, allocated, limits in plan.possible():
        used = _taken(step, asked, eligible, plan, asked.hours, under=allocated)
        caps = tuple((in_common(step.name, name), limit) for name, limit in limits.items())
        ways[way, Use(used, caps) if step.is_asked else Use(Taken(name=top, hours=Fraction(0)))] = None
    is_stated = asked.stated(asked.hours.id) is not None
    claim = Claim(
        ruleset=step.context.ruleset.id,
        name=top,
        uses=tuple(used for _, used in ways),
        unstated={in_common(step.name, name): figure for name, figure in asked.unstated.items() if step.is_asked},
        credits=found,
        lacks=plan.short if step.is_asked and is_stated else Fraction(0),
        is_open=not step.context.history.closing,
    )
    return (*(attrs.evolve(earlier, uses=tuple(earlier.uses[way] for way, _ in ways)) for earlier in before), claim)


def _taken(
    step: Step,
    asked: AskedHours,
    eligible: EligibleCredits,
    plan: HoursPlan,
    rule: Hours | Part,
    *,
    under: allocation.Allocation,
) -> Taken:
    """Return the hours that a requirement, or a part of one, uses under an allocation."""
    parts = [_taken(step, asked, eligible, plan, part, under=under) for part in asked.parts[rule.id]]
    if isinstance(rule, Hours) and rule.carry_over is not None and eligible.carried:
        name, most = in_common(step.name, carried_name(asked)), Fraction(rule.carry_over.at_most)
        parts.append(Taken(name=name, hours=Fraction(0), at_most=most))
    need = asked.stated(rule.id)
    hours = need
    # A requirement that was short when it was settled uses what it had then, and gets no more now.
    if need is None or not under.met:
        counted = plan.in_hours(sum(counted_in(rule, seated_in(under, plan), asked).values()))
        hours = counted if need is None else min(need, counted)
    return Taken(
        name=in_common(step.name, rule.id),
        hours=hours or Fraction(0),
        parts=tuple(parts),
        together="shared" if rule.together == "shared" else "exclusive",
    )
