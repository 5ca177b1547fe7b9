"""
The words that sum up an answer: outcome, status, expiry.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final, Literal, TypeVar

from peer_ledger.evaluation._life import Life
from peer_ledger.reports import Components, DateName, Outcome, Result, Standing, Status

Word = TypeVar("Word", bound=str)
"""One of the words that a component may be."""

UNDETERMINED: Final = "undetermined"


def expiry_of(life: Life) -> date | None:
    """Return the printed expiry, or else the computed one; `None` where it is not known."""
    grant = life.grant
    if grant is None or not grant.is_due_known:
        return None
    return grant.act.expires if grant.printed else grant.due


def days_of(life: Life) -> dict[DateName, date | None]:
    """Return the dates of a certificate by name, apart from the days on which training counts."""
    is_due = life.grant is not None and life.step in ("renewal", "reinstatement") and life.standing != "inactive"
    return {
        "due": life.grant.due if life.grant and is_due else None,
        "expiry": expiry_of(life),
        "timely_until": life.timely_until if life.grant and life.timely_until != life.grant.due else None,
        "late_until": life.late_until,
        "reinstate_until": life.reinstate_until,
        "opens": life.opens,
    }


def all_seen(life: Life) -> tuple[object, ...]:
    """Return everything that a reader of an answer, or a requirement, sees of a life."""
    grant = life.grant
    return (
        life.standing, life.seen, life.filing, life.filed_on, life.later, life.too_late, life.closes,
        life.in_force_until, life.are_rules_known, grant and (grant.is_due_known, grant.printed),
        *days_of(life).values(),
    )  # fmt: skip


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


def status_of(standing: Standing, outcome: Outcome, due: date | None, on: date, notice_days: int) -> Status:
    """
    Return the one word that sums up an answer.

    Args:
        standing: Where the certificate is.
        outcome: Whether the requirements of its next step are met.
        due: The last day of its cycle; `None` without a grant.
        on: The day asked about.
        notice_days: How many days before the due date a renewal that is short is due soon.
    """
    if standing == "not certified":
        return "ready to apply" if outcome == "met" else "not certified"
    if standing != "current":
        return standing
    if outcome == "met":
        return "compliant"
    if outcome == UNDETERMINED:
        return UNDETERMINED
    return "due soon" if on >= (due or on) - timedelta(days=notice_days) else "in progress"


def decided_components(found: Sequence[Components], *, complete: bool) -> Components:
    """
    Return the components on which all answers agree; the others are *undetermined*.

    Args:
        found: The components of each answer.
        complete: Whether these are the answers under all combinations of readings.
    """

    def decided(values: Iterable[Word]) -> Word | Literal["undetermined"]:
        different = set(values)
        return different.pop() if complete and len(different) == 1 else UNDETERMINED

    return {
        "standing": decided(components["standing"] for components in found),
        "in_force": decided(components["in_force"] for components in found),
        "outcome": decided(components["outcome"] for components in found),
        "hours": decided(components["hours"] for components in found),
        "documents": decided(components["documents"] for components in found),
        "status": decided(components["status"] for components in found),
    }
