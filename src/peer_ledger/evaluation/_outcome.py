"""
The words that sum up an answer: outcome, status, expiry.
"""

from datetime import date, timedelta
from typing import Final

from peer_ledger.evaluation._life import Life
from peer_ledger.reports import Outcome, Result, Status

UNDETERMINED: Final = "undetermined"


def expiry_of(life: Life) -> date | None:
    """Return the printed expiry, or else the computed one; `None` where it is not known."""
    grant = life.grant
    if grant is None or not grant.is_due_known:
        return None
    return grant.act.expires if grant.printed else grant.due


def outcome_of(life: Life, results: list[Result]) -> Outcome:
    """
    Return whether all requirements of a step are met, given the result of each.

    While the standing is undetermined, so is the outcome: the step looked at need not be the next one.  So it is where
    the rules are not known.
    """
    if not life.are_rules_known:
        return UNDETERMINED
    if life.step is None or life.edition is None:
        return "not applicable"
    if life.standing == UNDETERMINED:
        return UNDETERMINED
    if "short" in results:
        return "short"
    return UNDETERMINED if UNDETERMINED in results else "met"


def status_of(life: Life, outcome: Outcome, on: date, notice_days: int) -> Status:
    """
    Return the one word that sums up an answer.

    Args:
        life: Where the certificate is.
        outcome: Whether the requirements of its next step are met.
        on: The day asked about.
        notice_days: How many days before the due date a renewal that is short is due soon.
    """
    if life.standing == "not certified":
        return "ready to apply" if outcome == "met" else "not certified"
    if life.standing != "current":
        return life.standing
    if outcome == "met":
        return "compliant"
    if outcome == UNDETERMINED:
        return UNDETERMINED
    due = life.grant.due if life.grant else on
    return "due soon" if on >= due - timedelta(days=notice_days) else "in progress"
