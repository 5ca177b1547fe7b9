"""
The level of a certificate, provisional or full: from the records, from a printed expiry, or from a question.
"""

from datetime import date

import attrs

from peer_ledger.errors import InvalidValue
from peer_ledger.evaluation._days import LAST_DAY
from peer_ledger.evaluation._life import Grant
from peer_ledger.records import Certification, Level
from peer_ledger.rules import CERTIFICATE_LEVEL, Anniversary, CycleRule, Readings, RuleSet
from peer_ledger.rules._cycles import months_of
from peer_ledger.rules._provisional import has_own_length
from peer_ledger.values.dates import DAY, months_after


def level_of(
    act: Certification, ruleset: RuleSet, rule: CycleRule, readings: Readings, printed: date | None
) -> Level | None:
    """
    Return the level of a certificate; `None` where the rules have no levels, or it is unknown and changes no date.

    Args:
        act: The award, renewal or reinstatement.
        ruleset: The rules.
        rule: How the board sets the cycles of full certificates.
        readings: The readings taken.
        printed: The last day on which the certificate holds by its printed expiry; `None` when none is printed.
    """
    stage = ruleset.provisional
    if stage is None:
        return None
    if act.level is not None:
        return act.level
    if act.act != "awarded":
        return "full"
    if not has_own_length(stage, ruleset.cycle):
        return None
    if act.on is not None and printed is not None:
        return None if stage.months is None else _by_length(act.on, printed, stage.months, stage.longest, rule)
    return "provisional" if readings.take(CERTIFICATE_LEVEL) == "provisional" else "full"


def _by_length(day: date, printed: date, months: int, longest: int | None, rule: CycleRule) -> Level | None:
    """Return which of the two lengths a certificate has: the provisional one with extensions, or the nearer one."""
    if longest is not None:
        return "provisional" if printed <= _later(day, longest) else "full"
    usual = months_of(rule)
    if usual is None:
        return None
    short, full = _later(day, months) - DAY, _later(day, usual) - DAY
    return "provisional" if abs((printed - short).days) < abs((full - printed).days) else "full"


def _later(day: date, months: int) -> date:
    try:
        return months_after(day, months)
    except InvalidValue:
        return LAST_DAY


def provisional_cycles(ruleset: RuleSet, rule: CycleRule) -> Anniversary | None:
    """Return when a provisional certificate ends; `None` when no source states its length."""
    months = ruleset.provisional.months if ruleset.provisional is not None else None
    if months is None:
        return None
    if isinstance(rule, Anniversary) and rule.begins != "next-year":
        return attrs.evolve(rule, months=months, first_months=None)
    return Anniversary(months=months)


def is_renewed_apart(level: Level | None, before: Grant) -> bool:
    """Return whether the cycle of a renewal is counted from the end of the one before, which has another length."""
    return "provisional" in (level, before.level)
