"""
The grants of a certificate, with the cycle that each begins.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cached_property
from typing import TypeAlias

import attrs

from peer_ledger.errors import InvalidValue
from peer_ledger.evaluation._cycle_ends import end_near, end_of_cycle
from peer_ledger.evaluation._cycle_rules import (
    computed_back,
    granted_on,
    in_months,
    is_counted_from_before,
    rule_on,
)
from peer_ledger.evaluation._days import LAST_DAY
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._levels import is_renewed_apart, level_of, provisional_cycles
from peer_ledger.evaluation._life import ENDS, Grant
from peer_ledger.evaluation._moved_dates import moved
from peer_ledger.records import Certification, DocumentValue, Level, MonthDay
from peer_ledger.reports import Standing
from peer_ledger.rules import (
    Anniversary,
    Birthday,
    Chosen,
    Cohorts,
    CycleEditions,
    CycleRule,
    FixedDate,
    Readings,
    RuleSet,
    UnknownCycle,
)
from peer_ledger.rules._cycles import Schedule, months_of
from peer_ledger.values.dates import DAY

ORDER = {
    "awarded": 0,
    "renewed": 1,
    "made-inactive": 2,
    "suspended": 3,
    "reinstated": 4,
    "surrendered": 5,
    "revoked": 6,
}
"""The order in which acts on the same day took effect, since the records do not say; a refusal changes nothing."""


Grants: TypeAlias = tuple[tuple[Grant, ...], Standing | None]
"""Grants in order, and the standing after an act that ended the last of them; `None` where no such act followed."""

FindGrants: TypeAlias = Callable[[History, RuleSet, Readings], Grants]
"""Returns the grants until the day of a history, as `grants_on` does."""


def grants_on(history: History, ruleset: RuleSet, readings: Readings) -> Grants:
    """
    Return the grants until the day of a history, in order, and the standing that an act since then gave.

    Returns:
        The grants, and the standing after an act that ended the last of them; `None` where no such act followed.
    """
    return GrantBuilder(history, ruleset, readings).grants()


class GrantBuilder:
    """
    Derives the grants of one person's certificate from the board's acts.

    Args:
        history: The records.
        ruleset: The rules.
        readings: The readings taken.

    Attributes:
        made: The grants made so far, in order.
    """

    def __init__(self, history: History, ruleset: RuleSet, readings: Readings) -> None:
        self._history, self._ruleset, self._readings = history, ruleset, readings
        self._on = history.on
        self.made: list[Grant] = []

    def grants(self) -> Grants:
        """Return all grants, and the standing after an act that ended the last of them."""
        ended: Standing | None = None
        for now in self.steps(self.acts()):
            ended = now
        return tuple(self.made), ended

    def steps(self, acts: list[tuple[date, Certification]]) -> Iterator[Standing | None]:
        """Make the grants of some acts, one by one, and yield the standing that each act gives; `None` for a grant."""
        ended: Standing | None = None
        for place, (day, act) in enumerate(acts):
            if act.act in ENDS:
                ended = ENDS[act.act]
            elif self._is_lifting(act, ended, self.made[-1] if self.made else None, day):
                ended = None
            else:
                before = self.made[-1] if self.made else None
                grant = self._grant(act, day, before, None)
                # Rulings and awards on a common clock change a grant until the next one, and which act is the next
                # grant depends on the due date: so the grant is made once without that day and then with it.
                if self._history.rulings or self._ruleset.clock_with:
                    grant = self._grant(act, day, before, self._next_grant(grant, acts[place + 1 :]))
                self.made.append(grant)
                ended = None
                if self._ruleset.unending:
                    self.made += self._following(grant, acts[place + 1][0] if acts[place + 1 :] else self._on + DAY)
            yield ended

    def _following(self, grant: Grant, until: date) -> Iterator[Grant]:
        """Yield the cycles that follow a grant without an act, as far as they begin before a day."""
        while grant.is_due_known and grant.due + DAY < until and grant.due < LAST_DAY:
            begins, plain = grant.due + DAY, self._end_after(grant, grant.due)
            # A day before the cycle is that of a ruling on another one.
            due = moved(self._history, "due", plain, begins, plain + DAY)
            due = plain if due < begins else due
            grant = attrs.evolve(
                grant, day=begins, number=grant.number + 1, begins=begins, due=due, printed=False, day_known=True
            )
            yield grant

    def acts(self) -> list[tuple[date, Certification]]:
        """Return the acts until the day that change the state, each once, in the order in which they took effect."""
        found = [(self._day_of(act), act) for act in self._history.acts if act.act in ORDER]
        found = [(day, act) for day, act in found if day <= self._on]
        found.sort(key=lambda pair: (pair[0], ORDER[pair[1].act], pair[1].expires is None, pair[1].id))
        # Two systems may record the same act: of the records of one kind on one day, the one with an expiry is kept.
        once = {(day, act.act): (day, act) for day, act in reversed(found)}
        return [pair for pair in found if once[pair[0], pair[1].act] == pair]

    @staticmethod
    def _is_lifting(act: Certification, ended: Standing | None, grant: Grant | None, day: date) -> bool:
        """Return whether a reinstatement only lifts a suspension, so that the cycle goes on and no other one begins."""
        is_resumed = ended in ("suspended", "inactive") and grant is not None and day <= grant.due
        return act.act == "reinstated" and act.expires is None and is_resumed

    def _next_grant(self, grant: Grant, later: list[tuple[date, Certification]]) -> date | None:
        """Return the day of the next grant; `None` when none follows."""
        ended: Standing | None = None
        for day, act in later:
            if act.act in ENDS:
                ended = ENDS[act.act]
            elif not self._is_lifting(act, ended, grant, day):
                return day
            else:
                ended = None
        return None

    def _day_of(self, act: Certification) -> date:
        """Return the day an act took effect; for a grant without one, the day computed from its printed expiry."""
        if act.on is not None:
            return act.on
        expires = self._printed(act)
        assert expires is not None, "a grant without a day has a printed expiration date"
        level = self._level(act, expires)
        if level == "provisional":
            return computed_back(provisional_cycles(self._ruleset, self._rule_on(expires)), expires)
        return granted_on(self._cycle, self._readings, expires)

    def _level(self, act: Certification, printed: date | None) -> Level | None:
        """
        Return the level of a certificate; `None` where the rules have no levels, or the level changes nothing.

        Args:
            act: The award, renewal or reinstatement.
            printed: The last day on which the certificate holds by its printed expiry; `None` when none is printed.
        """
        if self._ruleset.provisional is None:
            return None
        day = act.on or printed
        assert day is not None, "an act without a day has a printed expiration date"
        return level_of(act, self._ruleset, self._rule_on(day), self._readings, printed)

    def _printed(self, act: Certification) -> date | None:
        """Return the last day on which a certificate holds by its printed expiry; `None` when none is printed."""
        if act.expires is None or act.expires == act.on:
            return act.expires
        return act.expires - DAY * (str(self._readings.of(self._ruleset.printed)) == "day-after")

    def _grant(self, act: Certification, day: date, before: Grant | None, until: date | None) -> Grant:
        """
        Return the grant that an act makes.

        Args:
            act: The award, renewal or reinstatement.
            day: The day it took effect.
            before: The grant before it; `None` for the first.
            until: The day of the next grant; `None` when none follows.
        """
        printed = self._printed(act)
        level = self._level(act, printed)
        anchor, number, is_presumed = day, 1, False
        cycles_from = begins = day
        if act.act == "renewed" and before is not None:
            anchor, number = before.anchor, before.number + 1
            rule = self._rule_of_renewal(before, day)
            is_apart = isinstance(rule, Chosen) or is_renewed_apart(level, before)
            is_other = rule != before.rule
            schedule = before.schedule
            if is_apart or is_other:
                schedule = self._schedule(rule, day, is_award=False, level=level)
            if is_other and not is_apart:
                cycles_from, begins, due, is_presumed = self._under_another_edition(before, rule, schedule, day)
                due = printed or due
            else:
                following = self._next_cycle(before, rule, schedule, day, printed, is_apart=is_apart)
                cycles_from, begins, due, is_presumed = following
        else:
            rule = self._rule_on(day)
            schedule = self._schedule(rule, day, is_award=act.act == "awarded", level=level)
            due = printed or _first_end(rule, schedule, day)
        if act.act == "reinstated" and before is not None:
            number = before.number + 1
        # An award of a certificate that shares the clock restarts the cycle; an expiry printed before no longer holds.
        for award in self._common_clock(max(cycles_from, day), until) if self._ruleset.clock_with else ():
            if award <= (printed or due):
                rule = self._rule_on(award)
                schedule = self._schedule(rule, award, is_award=False)
                cycles_from, due, printed = award, _first_end(rule, schedule, award), None
        is_known = printed is not None or schedule is not None
        due = printed or _on_working_day(rule, due)
        if self._ruleset.unending and due < LAST_DAY:
            until = min(until or date.max, due + DAY)  # another cycle follows without an act
        due = moved(self._history, "due", due, day, until)
        return Grant(
            act=act, day=day, anchor=anchor, cycles_from=cycles_from, rule=rule, schedule=schedule, number=number,
            begins=begins, due=due if is_known else LAST_DAY, is_due_known=is_known, printed=printed is not None,
            day_known=act.on is not None, level=level, follows_missing=is_presumed and printed is None,
        )  # fmt: skip

    @cached_property
    def _cycle(self) -> CycleRule | CycleEditions:
        cycle: CycleRule | CycleEditions = self._readings.of(self._ruleset.cycle)
        return cycle

    def _rule_on(self, day: date) -> CycleRule:
        return rule_on(self._cycle, self._readings, day)

    def _rule_of_renewal(self, before: Grant, day: date) -> CycleRule:
        """Return the rule of the cycle that begins with a renewal."""
        if isinstance(self._cycle, CycleEditions) and self._cycle.decided_by == "cycle-start" and before.is_due_known:
            closed = self._closed_by(before, day)
            return self._rule_on(day if self._is_counted_from_renewal(closed, day) else closed + DAY)
        return self._rule_on(day)

    def _is_counted_from_renewal(self, closed: date, day: date) -> bool:
        """Return whether the cycle after a renewal is counted from it, rather than from the cycle that it closes."""
        question = self._ruleset.after_early if day <= closed else self._ruleset.after_late
        return bool(self._readings.of(question) == "renewal")

    def _schedule(self, rule: CycleRule, day: date, *, is_award: bool, level: Level | None = None) -> Schedule | None:
        """Return when the cycles of a grant begin and end; `None` when that depends on a fact that is not on file."""
        if level == "provisional":
            return provisional_cycles(self._ruleset, rule)
        if isinstance(rule, Anniversary):
            return rule if is_award or rule.first_months is None else attrs.evolve(rule, first_months=None)
        if isinstance(rule, Birthday) and rule.birthday is None:
            born = self._document_value("birthday", self._on)
            return attrs.evolve(rule, birthday=born) if isinstance(born, MonthDay) else None
        if isinstance(rule, Cohorts):
            name = self._document_value(rule.document_kind, day) or self._document_value(rule.document_kind, self._on)
            return next((cohort.cycles() for cohort in rule.cohorts if cohort.name == name), None)
        if isinstance(rule, Chosen):
            months = in_months(self._document_value(rule.document_kind, day))
            return Anniversary(months=months, begins=rule.begins) if months in rule.months and months else None
        return None if isinstance(rule, UnknownCycle) else rule

    def _document_value(self, kind: str, until: date) -> DocumentValue | None:
        """Return the value of the last document of a kind; `None` when there is none."""
        found = [document for document in self._history.documents if document.kind == kind and document.on <= until]
        return found[-1].value if found else None

    def _common_clock(self, since: date, until: date | None) -> list[date]:
        """Return the award days of certificates that share this clock, after a day and before the next grant."""
        last = self._on if until is None else until - DAY
        return sorted(
            act.on
            for other in self._ruleset.clock_with
            for act in self._history.elsewhere(other, self._on).acts
            if act.act == "awarded" and act.on is not None and since < act.on <= last
        )

    def _under_another_edition(
        self, before: Grant, rule: CycleRule, schedule: Schedule | None, day: date
    ) -> tuple[date, date, date, bool]:
        """Return the cycle that begins with a renewal under another edition of the cycle, as `_next_cycle` does."""
        closed = self._closed_by(before, day) if before.is_due_known else day
        if not before.is_due_known or self._is_counted_from_renewal(closed, day):
            return day, day, _first_end(rule, schedule, day), closed > before.due
        begins = closed + DAY
        since = closed if is_counted_from_before(rule) else begins
        return since, begins, _first_end(rule, schedule, since), closed > before.due

    def _next_cycle(
        self,
        before: Grant,
        rule: CycleRule,
        schedule: Schedule | None,
        day: date,
        printed: date | None,
        *,
        is_apart: bool,
    ) -> tuple[date, date, date, bool]:
        """
        Return the cycle that begins with a renewal.

        A renewal is late if the board granted it after the end of the cycle it closes, even if it was filed in time:
        late approvals are not back-dated.

        Args:
            before: The grant before it.
            rule: How the board sets its cycles.
            schedule: When its cycles begin and end; `None` when that depends on a fact that is not on file.
            day: The day of the renewal.
            printed: The last day by its printed expiry; `None` when none is printed.
            is_apart: Whether its cycle is counted apart from the one before it.

        Returns:
            The day its cycles are counted from, its first day, its last day, and whether renewals seem to be missing.
        """
        if not before.is_due_known:
            return day, day, _first_end(rule, schedule, day), False
        if is_apart:
            begins = before.due + DAY
            since = begins - DAY if is_counted_from_before(rule) else begins
            is_presumed = _first_end(rule, schedule, since) < day
            if is_presumed or self._is_counted_from_renewal(before.due, day):
                since = begins = day
            return since, begins, _first_end(rule, schedule, since), is_presumed
        closed = self._closed_by(before, day)
        is_presumed = closed > before.due
        if self._is_counted_from_renewal(closed, day):
            due = printed or _first_end(rule, self._schedule(rule, day, is_award=False), day)
            return day, day, due, is_presumed
        due = printed or self._end_after(before, closed)
        return before.cycles_from, closed + DAY, due, is_presumed

    def _closed_by(self, before: Grant, day: date) -> date:
        """Return the last day of the cycle that a renewal closes."""
        # The records may miss renewals. A renewal closes the cycle whose end is nearest to its day, but none that ended
        # before the due date of the last grant; of two ends equally near, the earlier. An end later than that due date
        # means that the renewals in between are not on file.
        end = before.due
        while day > end:
            following = self._end_after(before, end)
            if day - end <= following - day or following >= LAST_DAY:
                break
            end = following
        return end

    def _end_after(self, before: Grant, day: date) -> date:
        """Return the last day of the cycle that begins about a day."""
        return end_near(before.schedule, months_of(before.rule), before.cycles_from, day)


def _on_working_day(rule: CycleRule, day: date) -> date:
    """Return a day, moved from the weekend to the Friday before where the board does so."""
    is_moved = isinstance(rule, FixedDate) and rule.working_day
    return day - timedelta(days=max(0, day.weekday() - 4)) if is_moved else day


def _first_end(rule: CycleRule, schedule: Schedule | None, day: date) -> date:
    """Return the last day of the first cycle from a day on; the last day of the calendar where it is unknown."""
    try:
        if schedule is None:
            return LAST_DAY
        end = end_of_cycle(1, schedule, day)
        is_over = _on_working_day(rule, end) < day  # the deadline was moved to a day before the grant
        return end_of_cycle(2, schedule, day) if is_over else end
    except InvalidValue:
        return LAST_DAY
