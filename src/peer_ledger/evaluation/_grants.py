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
from peer_ledger.evaluation._days import FIRST_DAY, LAST_DAY
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._levels import is_renewed_apart, level_of, provisional_cycles
from peer_ledger.evaluation._life import ENDS, Grant
from peer_ledger.evaluation._moves import Moves
from peer_ledger.evaluation._stated import Stated, in_months
from peer_ledger.records import Certification, Level, MonthDay
from peer_ledger.reports import Standing
from peer_ledger.rules import (
    Anniversary,
    Birthday,
    Chosen,
    Cohorts,
    CycleRule,
    FixedDate,
    Readings,
    RuleSet,
    UnknownCycle,
)
from peer_ledger.rules._cycles import Schedule, months_of
from peer_ledger.values.dates import DAY, months_after

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

Acts: TypeAlias = list[tuple[date, Certification]]
"""Acts in the order in which they took effect, each with its day."""

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
        seen: The day until which documents are known of people and not of a grant; `None` for the day of the history.
        moves: The rulings that move due dates; `None` for those on file.

    Attributes:
        made: The grants made so far, in order.
        unmoved: Of each of them the place of its act, its due date without a ruling, and whether the due date decides
            which act is the next grant.
    """

    def __init__(
        self,
        history: History,
        ruleset: RuleSet,
        readings: Readings,
        *,
        seen: date | None = None,
        moves: Moves | None = None,
    ) -> None:
        self._history, self._ruleset, self._readings = history, ruleset, readings
        self._on = history.on
        self._seen = self._on if seen is None else seen
        self._moves = Moves(history.rulings, "due") if moves is None else moves
        self.made: list[Grant] = []
        self.unmoved: list[tuple[int, date, bool]] = []
        self._unmoved = FIRST_DAY
        self._is_next_by_due = False

    def grants(self) -> Grants:
        """Return all grants, and the standing after an act that ended the last of them."""
        ended: Standing | None = None
        for now in self.steps(self.acts()):
            ended = now
        return tuple(self.made), ended

    @property
    def asked(self) -> tuple[str, ...]:
        """The questions that came up so far."""
        return self._readings.asked

    def back_to(self, number: int, asked: tuple[str, ...]) -> None:
        """Forget all but the first grants, and all questions but those that had come up then."""
        del self.made[number:], self.unmoved[number:]
        vars(self).pop("_rule", None)  # so that what it asks is asked again
        self._readings = self._readings.at(self._readings.deciding)
        self._readings.note(asked)

    def steps(self, acts: Acts, first: int = 0, ended: Standing | None = None) -> Iterator[Standing | None]:
        """
        Make the grants of some acts, one by one, and yield the standing that each act gives; `None` for a grant.

        Args:
            acts: All acts.
            first: The place of the first one to be looked at.
            ended: The standing after the act before that.
        """
        for place in range(first, len(acts)):
            day, act = acts[place]
            if act.act in ENDS:
                ended = ENDS[act.act]
            elif _is_lifting(act, ended, self.made[-1] if self.made else None, day):
                ended = None
            else:
                before = self.made[-1] if self.made else None
                # Rulings and awards on a common clock change a grant until the next one.
                is_until_next = self._history.rulings or self._ruleset.clock_with
                until = self._next_grant(acts, place, before) if is_until_next else None
                grant = self._grant(act, day, before, until)
                self.made.append(grant)
                self.unmoved.append((place, self._unmoved, self._is_next_by_due))
                ended = None
                if self._ruleset.unending:
                    self.made += self._following(grant, acts[place + 1][0] if acts[place + 1 :] else self._on + DAY)
            yield ended

    def _following(self, grant: Grant, until: date) -> Iterator[Grant]:
        """Yield the cycles that follow a grant without an act, as far as they begin before a day."""
        while grant.is_due_known and grant.due + DAY < until and grant.due < LAST_DAY:
            begins, plain = grant.due + DAY, self._end_after(grant, grant.due)
            # A day before the cycle is that of a ruling on another one.
            due = self._moves.of(plain, begins, plain + DAY)
            due = plain if due < begins else due
            grant = attrs.evolve(
                grant, day=begins, number=grant.number + 1, begins=begins, due=due, printed=False, day_known=True
            )
            yield grant

    def acts(self) -> Acts:
        """Return the acts until the day that change the state, each once, in the order in which they took effect."""
        found = [(self._day_of(act), act) for act in self._history.acts if act.act in ORDER]
        found = [(day, act) for day, act in found if day <= self._on]
        found.sort(key=lambda pair: (pair[0], ORDER[pair[1].act], pair[1].expires is None, pair[1].id))
        # Two systems may record the same act: of the records of one kind on one day, the one with an expiry is kept.
        once = {(day, act.act): (day, act) for day, act in reversed(found)}
        return [pair for pair in found if once[pair[0], pair[1].act] == pair]

    def _next_grant(self, acts: Acts, place: int, before: Grant | None) -> date | None:
        """Return the day of the grant that follows that of an act, given its place; `None` when none follows."""
        day, act = acts[place]
        grant: Grant | None = None
        ended: Standing | None = None
        self._is_next_by_due = False
        for later in range(place + 1, len(acts)):
            then, following = acts[later]
            if following.act in ENDS:
                ended = ENDS[following.act]
                continue
            if not _may_lift(following, ended):
                return then
            # Whether it is the next grant depends on the due date, which rulings may move: it is that without an end.
            grant = self._grant(act, day, before, None) if grant is None else grant
            self._is_next_by_due = True
            if then > grant.due:
                return then
            ended = None
        return None

    def _day_of(self, act: Certification) -> date:
        """Return the day an act took effect; for a grant without one, the day computed from its printed expiry."""
        if act.on is not None:
            return act.on
        expires = self._printed(act)
        assert expires is not None, "a grant without a day has a printed expiration date"
        return self._computed_back(expires, self._level(act, expires))

    def _level(self, act: Certification, printed: date | None) -> Level | None:
        """
        Return the level of a certificate; `None` where the rules have no levels, or the level changes nothing.

        Args:
            act: The award, renewal or reinstatement.
            printed: The last day on which the certificate holds by its printed expiry; `None` when none is printed.
        """
        if self._ruleset.provisional is None:
            return None
        return level_of(act, self._ruleset, self._rule, self._readings, printed)

    def _printed(self, act: Certification) -> date | None:
        """Return the last day on which a certificate holds by its printed expiry; `None` when none is printed."""
        if act.expires is None or act.expires == act.on:
            return act.expires
        return act.expires - DAY * (str(self._readings.of(self._ruleset.printed)) == "day-after")

    def _computed_back(self, expires: date, level: Level | None) -> date:
        """Return the day on which a cycle that ends on a printed expiry was granted."""
        rule: Schedule | CycleRule | None = self._rule
        if level == "provisional":
            rule = provisional_cycles(self._ruleset, self._rule)
        months = None if rule is None else months_of(rule)
        if rule is None or months is None:
            return FIRST_DAY
        try:
            begins = months_after(expires + DAY, -months)
        except InvalidValue:
            return FIRST_DAY
        # A grant on the first day of this cycle would end a month or a day later, so the day before is taken.
        return begins - DAY if _is_counted_from_before(rule) else begins

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
        schedule = self._schedule(day, is_award=act.act == "awarded", level=level)
        anchor, number, is_presumed = day, 1, False
        cycles_from = begins = day
        if act.act == "renewed" and before is not None:
            anchor, number = before.anchor, before.number + 1
            is_apart = isinstance(self._rule, Chosen) or is_renewed_apart(level, before)
            schedule = schedule if is_apart else before.schedule
            cycles_from, begins, due, is_presumed = self._next_cycle(before, schedule, day, printed, is_apart=is_apart)
        else:
            due = printed or self._first_end(schedule, day)
        if act.act == "reinstated" and before is not None:
            number = before.number + 1
        # An award of a certificate that shares the clock restarts the cycle; an expiry printed before no longer holds.
        for award in _common_clock(self._history, self._ruleset.clock_with, max(cycles_from, day), until):
            if award <= (printed or due):
                schedule = self._schedule(award, is_award=False)
                cycles_from, due, printed = award, self._first_end(schedule, award), None
        is_known = printed is not None or schedule is not None
        due = printed or _on_working_day(self._rule, due)
        if self._ruleset.unending and due < LAST_DAY:
            until = min(until or date.max, due + DAY)  # another cycle follows without an act
        self._unmoved = due
        due = self._moves.of(due, day, until)
        return Grant(
            act=act, day=day, anchor=anchor, cycles_from=cycles_from, schedule=schedule, number=number, begins=begins,
            due=due if is_known else LAST_DAY, is_due_known=is_known, printed=printed is not None,
            day_known=act.on is not None, level=level, follows_missing=is_presumed and printed is None,
        )  # fmt: skip

    @cached_property
    def _rule(self) -> CycleRule:
        rule: CycleRule = self._readings.of(self._ruleset.cycle)
        return rule

    def _schedule(self, day: date, *, is_award: bool, level: Level | None = None) -> Schedule | None:
        """Return when the cycles of a grant begin and end; `None` when that depends on a fact that is not on file."""
        rule = self._rule
        if level == "provisional":
            return provisional_cycles(self._ruleset, rule)
        if isinstance(rule, Anniversary):
            return rule if is_award or rule.first_months is None else attrs.evolve(rule, first_months=None)
        if isinstance(rule, Birthday) and rule.birthday is None:
            born = self._stated.on(self._seen, "birthday")
            return attrs.evolve(rule, birthday=born) if isinstance(born, MonthDay) else None
        if isinstance(rule, Cohorts):
            name = self._stated.on(day, rule.document_kind) or self._stated.on(self._seen, rule.document_kind)
            return next((cohort.cycles() for cohort in rule.cohorts if cohort.name == name), None)
        if isinstance(rule, Chosen):
            months = in_months(self._stated.on(day, rule.document_kind))
            return Anniversary(months=months, begins=rule.begins) if months in rule.months and months else None
        return None if isinstance(rule, UnknownCycle) else rule

    @cached_property
    def _stated(self) -> Stated:
        return Stated(self._history.documents)

    def _first_end(self, schedule: Schedule | None, day: date) -> date:
        """Return the last day of the first cycle from a day on; the last day of the calendar where it is unknown."""
        try:
            if schedule is None:
                return LAST_DAY
            end = end_of_cycle(1, schedule, day)
            is_over = _on_working_day(self._rule, end) < day  # the deadline was moved to a day before the grant
            return end_of_cycle(2, schedule, day) if is_over else end
        except InvalidValue:
            return LAST_DAY

    def _next_cycle(
        self, before: Grant, schedule: Schedule | None, day: date, printed: date | None, *, is_apart: bool
    ) -> tuple[date, date, date, bool]:
        """
        Return the cycle that begins with a renewal.

        A renewal is late if the board granted it after the end of the cycle it closes, even if it was filed in time:
        late approvals are not back-dated.

        Args:
            before: The grant before it.
            schedule: When its cycles begin and end; `None` when that depends on a fact that is not on file.
            day: The day of the renewal.
            printed: The last day by its printed expiry; `None` when none is printed.
            is_apart: Whether its cycle is counted apart from the one before it.

        Returns:
            The day its cycles are counted from, its first day, its last day, and whether renewals seem to be missing.
        """
        if not before.is_due_known:
            return day, day, self._first_end(schedule, day), False
        if is_apart:
            begins = before.due + DAY
            since = begins - DAY if _is_counted_from_before(self._rule) else begins
            is_presumed = self._first_end(schedule, since) < day
            question = self._ruleset.after_early if day <= before.due else self._ruleset.after_late
            if is_presumed or self._readings.of(question) == "renewal":
                since = begins = day
            return since, begins, self._first_end(schedule, since), is_presumed
        closed = self._closed_by(before, day)
        question = self._ruleset.after_early if day <= closed else self._ruleset.after_late
        is_presumed = closed > before.due
        if self._readings.of(question) == "renewal":
            due = printed or self._first_end(self._schedule(day, is_award=False), day)
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
        return end_near(before.schedule, months_of(self._rule), before.cycles_from, day)


def _is_counted_from_before(rule: Schedule | CycleRule) -> bool:
    """Return whether a cycle that begins on a day is counted from the day before it."""
    return isinstance(rule, Anniversary) and rule.begins in ("next-month", "next-day")


def _is_lifting(act: Certification, ended: Standing | None, grant: Grant | None, day: date) -> bool:
    """Return whether a reinstatement only lifts a suspension, so that the cycle goes on and no other one begins."""
    return _may_lift(act, ended) and grant is not None and day <= grant.due


def _may_lift(act: Certification, ended: Standing | None) -> bool:
    """Return whether a reinstatement only lifts a suspension if the cycle that was suspended is not over."""
    return act.act == "reinstated" and act.expires is None and ended in ("suspended", "inactive")


def _common_clock(history: History, others: tuple[str, ...], since: date, until: date | None) -> list[date]:
    """Return the award days of certificates that share the clock, after a day and before the next grant."""
    last = history.on if until is None else until - DAY
    return sorted(
        act.on
        for other in others
        for act in history.elsewhere(other, history.on).acts
        if act.act == "awarded" and act.on is not None and since < act.on <= last
    )


def _on_working_day(rule: CycleRule, day: date) -> date:
    """Return a day, moved from the weekend to the Friday before where the board does so."""
    is_moved = isinstance(rule, FixedDate) and rule.working_day
    return day - timedelta(days=max(0, day.weekday() - 4)) if is_moved else day
