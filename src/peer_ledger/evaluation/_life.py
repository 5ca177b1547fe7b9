"""
Where a certificate is on a day: its grants, and the step that is next.
"""

from datetime import date
from typing import Literal

import attrs

from peer_ledger.records import Certification, Filing
from peer_ledger.reports import Standing, Step
from peer_ledger.rules import Edition, Readings, RuleSet
from peer_ledger.rules._cycles import Schedule

GRANTS = ("awarded", "renewed", "reinstated")
ENDS: dict[str, Standing] = {
    "made-inactive": "inactive",
    "suspended": "suspended",
    "revoked": "revoked",
    "surrendered": "surrendered",
}


@attrs.frozen(kw_only=True)
class Grant:
    """
    An award, a renewal or a reinstatement, and the cycle it begins.

    Attributes:
        act: The record.
        day: The day it took effect; reckoned back from the printed expiry when that is all that is known.
        anchor: The first day of the certification that the cycle belongs to.
        cycles_from: What its cycles are counted from: the anchor, or a renewal that shifted them.
        schedule: How its cycles lie; `None` when that hangs on something about the person that is not on file.
        number: Which cycle it is since the award, from 1; a reinstatement begins another one.
        begins: The first day of the cycle.
        due: The last day of the cycle; the calendar's last one where it is not known.
        is_due_known: Whether it is known.
        printed: Whether the due date is printed on the certificate.
        day_known: Whether the day is on record.
        follows_missing: Whether renewals before it seem not to be on file, because it comes long after the due date.
    """

    act: Certification
    day: date
    anchor: date
    cycles_from: date
    schedule: Schedule | None
    number: int
    begins: date
    due: date
    is_due_known: bool
    printed: bool
    day_known: bool
    follows_missing: bool


@attrs.frozen(kw_only=True)
class Life:
    """
    Where a certificate is on a day, and what step is next.

    Attributes:
        standing: Where it is.
        grants: What was granted until the day, in order.
        step: What is next; `None` when nothing can be done.
        filing: The filing of that step that is not decided yet; `None` when there is none.
        deciding: The day that selects the edition.
        edition: The edition; `None` when the rule set has none for the step.
        as_of: The day of filing, or the day asked about while nothing is filed.
        opens: The first day of filing; `None` when it is unknown or not limited.
        timely_until: The last day of filing in time; `None` when nothing is due.
        late_until: The last day of filing late; `None` when there is no filing late, or nothing is due.
        in_force_until: The last day on which a certificate that is late is in force; `None` where no such day is named.
        reinstate_until: The last day on which a reinstatement may be filed; `None` without end, or when nothing lapsed.
        lapsed_on: The last day on which a renewal could be filed, for a certificate that lapsed; otherwise `None`.
    """

    standing: Standing
    grants: tuple[Grant, ...]
    step: Step | None
    filing: Filing | None
    deciding: date
    edition: Edition | None
    as_of: date
    opens: date | None
    timely_until: date | None
    late_until: date | None
    in_force_until: date | None
    reinstate_until: date | None
    lapsed_on: date | None

    @property
    def grant(self) -> Grant | None:
        """The last grant."""
        return self.grants[-1] if self.grants else None


def in_force_on(life: Life, ruleset: RuleSet, readings: Readings, on: date) -> Literal["yes", "no", "undetermined"]:
    """
    Return whether a certificate is in force on the day its life was found for.
    """
    if life.standing == "undetermined":
        return "undetermined"
    if life.standing != "late":
        return "yes" if life.standing == "current" else "no"
    if life.in_force_until is not None:
        return "yes" if on <= life.in_force_until else "no"
    return "yes" if readings.of(ruleset.in_force_while_late) else "no"
