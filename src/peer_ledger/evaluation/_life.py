"""
The state of a certificate on a day: its grants, its standing, its next step.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Literal

import attrs

from peer_ledger.evaluation._history import History
from peer_ledger.records import Certification, Filing, Level
from peer_ledger.reports import Standing, Step
from peer_ledger.rules import CycleRule, Edition, Readings, RuleSet
from peer_ledger.rules._cycles import Schedule
from peer_ledger.values._cached import cached_property

GRANTS = ("awarded", "renewed", "reinstated")
ENDS: dict[str, Standing] = {
    "made-inactive": "inactive",
    "suspended": "suspended",
    "revoked": "revoked",
    "surrendered": "surrendered",
}


@attrs.frozen(kw_only=True, slots=False)
class Grant:
    """
    An award, a renewal or a reinstatement, and the cycle it begins.

    Attributes:
        act: The record.
        day: The day it took effect; computed back from the printed expiry when only that is known.
        anchor: The first day of the certification that the cycle belongs to.
        cycles_from: The day its cycles are counted from: the anchor, or a renewal that shifted them.
        rule: How the board sets its cycles.
        schedule: When its cycles begin and end; `None` when that depends on a fact that is not on file.
        number: The number of the cycle since the award, from 1; a reinstatement begins another cycle.
        begins: The first day of the cycle.
        due: The last day of the cycle; the last day of the calendar where it is not known.
        is_due_known: Whether the due date is known.
        printed: Whether the due date is printed on the certificate.
        day_known: Whether the day is on record.
        level: The level of the certificate; `None` where the rules have no levels, or the level is not known.
        follows_missing: Whether earlier renewals seem to be missing, because it comes long after the due date.
    """

    act: Certification
    day: date
    anchor: date
    cycles_from: date
    rule: CycleRule
    schedule: Schedule | None
    number: int
    begins: date
    due: date
    is_due_known: bool
    printed: bool
    day_known: bool
    level: Level | None
    follows_missing: bool


@attrs.frozen(kw_only=True)
class Window:
    """
    The last days of filing for a renewal.

    Attributes:
        timely_until: The last day of filing in time.
        closes: The last day of filing at all.
    """

    timely_until: date
    closes: date


@attrs.frozen(kw_only=True)
class Candidate:
    """
    An application that the board has not decided.

    Attributes:
        filing: The record.
        day: The day that counts: the day it was sent, or the day it was received.
        on_file: The day on file: that day or, where it is unknown, the other.
        window: The last days of filing for it; `None` where filing has no end.
    """

    filing: Filing
    day: date
    on_file: date
    window: Window | None


@attrs.frozen(kw_only=True, slots=False)
class Life:
    """
    The state of a certificate on a day.

    Attributes:
        standing: Its standing.
        grants: The grants until the day, in order.
        step: The next step; `None` when nothing can be filed.
        filing: The filing for that step that is looked at, of those that are pending; `None` when there is none.
        filed_on: The day on file of that filing; `None` when there is none.
        later: How many pending filings came after it.
        too_late: The filings for that step that came after filing had closed.
        filed_days: The days that count of undecided filings for it, by their ids, where only another day is on file.
        window_days: The last days of filing for each undecided filing, also for those that do not count yet.
        deciding: The day that selects the edition.
        edition: The edition; `None` when the rule set has none for the step.
        as_of: The day of filing, or the day asked about while nothing is filed.
        opens: The first day of filing; `None` when it is unknown or not limited.
        timely_until: The last day of filing in time; `None` when nothing is due.
        late_until: The last day of filing late; `None` when there is no filing late, or nothing is due.
        closes: The last day of filing at all; `None` when nothing is due.
        in_force_until: The last day on which a certificate that is late is in force, or is certainly in force where the
            rules are not known; `None` where no such day is named.
        reinstate_until: The last day on which a reinstatement may be filed; `None` without end, or when nothing lapsed.
        lapsed_on: The last day on which a renewal could be filed, for a certificate that lapsed; the day on which it
            was made inactive, for one that may be reinstated from that; otherwise `None`.
        are_rules_known: Whether the rules are known at all, and not only that the credential exists.
    """

    standing: Standing
    grants: tuple[Grant, ...]
    step: Step | None
    filing: Filing | None
    filed_on: date | None
    later: int
    too_late: tuple[Candidate, ...]
    filed_days: tuple[tuple[str, date], ...]
    window_days: frozenset[date]
    deciding: date
    edition: Edition | None
    as_of: date
    opens: date | None
    timely_until: date | None
    late_until: date | None
    closes: date | None
    in_force_until: date | None
    reinstate_until: date | None
    lapsed_on: date | None
    are_rules_known: bool = True

    @cached_property
    def seen(self) -> "SeenByRequirements":
        """Everything that requirements may look at: with the same, verdicts under the same readings are the same."""
        return SeenByRequirements(
            step=self.step,
            edition=self.edition.id if self.edition is not None else None,
            deciding=self.deciding,
            as_of=self.as_of,
            timely_until=self.timely_until,
            lapsed_on=self.lapsed_on,
            filed_days=self.filed_days,
            grants=tuple([(grant.anchor, grant.day, grant.begins, grant.due, grant.level) for grant in self.grants]),
        )

    def with_grants(self, grants: tuple[Grant, ...]) -> "Life":
        """Return the same state for other grants."""
        return Life(
            standing=self.standing, grants=grants, step=self.step, filing=self.filing, filed_on=self.filed_on,
            later=self.later, too_late=self.too_late, filed_days=self.filed_days, window_days=self.window_days,
            deciding=self.deciding, edition=self.edition, as_of=self.as_of, opens=self.opens,
            timely_until=self.timely_until, late_until=self.late_until, closes=self.closes,
            in_force_until=self.in_force_until, reinstate_until=self.reinstate_until, lapsed_on=self.lapsed_on,
            are_rules_known=self.are_rules_known,
        )  # fmt: skip

    def bare(self) -> "Life":
        """Return the same state without what is of one person alone: the grants, and which filings there are."""
        return Life(
            standing=self.standing, grants=(), step=self.step, filing=None, filed_on=self.filed_on,
            later=self.later, too_late=(), filed_days=(), window_days=self.window_days,
            deciding=self.deciding, edition=self.edition, as_of=self.as_of, opens=self.opens,
            timely_until=self.timely_until, late_until=self.late_until, closes=self.closes,
            in_force_until=self.in_force_until, reinstate_until=self.reinstate_until, lapsed_on=self.lapsed_on,
            are_rules_known=self.are_rules_known,
        )  # fmt: skip

    def with_days(self, of: Callable[[date | None], Any]) -> "Life":
        """Return the same state on other days, given what each of its days becomes."""
        return Life(
            standing=self.standing, grants=self.grants, step=self.step, filing=self.filing, filed_on=self.filed_on,
            later=self.later, too_late=self.too_late, filed_days=self.filed_days, window_days=self.window_days,
            deciding=of(self.deciding), edition=self.edition, as_of=of(self.as_of), opens=of(self.opens),
            timely_until=of(self.timely_until), late_until=of(self.late_until), closes=of(self.closes),
            in_force_until=of(self.in_force_until), reinstate_until=of(self.reinstate_until),
            lapsed_on=of(self.lapsed_on), are_rules_known=self.are_rules_known,
        )  # fmt: skip

    @property
    def is_late(self) -> bool:
        """Whether a renewal is filed late, or would be on the day asked about."""
        return self.step == "renewal" and self.timely_until is not None and self.as_of > self.timely_until

    @property
    def turning_days(self) -> tuple[date | None, ...]:
        """The last days of filing, of being in force and of reinstatement, after which its standing may change."""
        return self.timely_until, self.late_until, self.closes, self.in_force_until, self.reinstate_until

    @property
    def grant(self) -> Grant | None:
        """The last grant."""
        return self.grants[-1] if self.grants else None


@attrs.frozen(kw_only=True, cache_hash=True)
class SeenByRequirements:
    """
    What the requirements of a step may look at in the state of a certificate.
    """

    step: Step | None
    edition: str | None
    deciding: date
    as_of: date
    timely_until: date | None
    lapsed_on: date | None
    filed_days: tuple[tuple[str, date], ...]
    grants: tuple[tuple[date, date, date, date, Level | None], ...]


def made_inactive_on(history: History) -> date:
    """Return the day on which a certificate was made inactive by the last such act; there is one."""
    return max(act.on for act in history.acts if act.act == "made-inactive" and act.on is not None)


def in_force_on(life: Life, ruleset: RuleSet, readings: Readings, on: date) -> Literal["yes", "no", "undetermined"]:
    """
    Return whether a certificate is in force on the day its life was found for.
    """
    if life.standing == "undetermined":
        return "undetermined"
    if life.standing not in ("late", "pending"):
        return "yes" if life.standing in ("current", "filing closed") else "no"
    if life.in_force_until is not None:
        return "yes" if on <= life.in_force_until else "no"
    return "yes" if readings.of(ruleset.in_force_while_late) else "no"
