"""
The grants of a certificate, with the cycle that each begins.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import TypeAlias

import attrs

from peer_ledger.evaluation._acts import ORDER, Acts, awards_elsewhere, during, in_order, is_lifting, may_lift
from peer_ledger.evaluation._cycle_ends import closed_by, end_after, first_end, on_working_day
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
from peer_ledger.evaluation._moves import NO_MOVES, Moves
from peer_ledger.evaluation._stated import Stated
from peer_ledger.records import Certification, Level, MonthDay
from peer_ledger.reports import Standing
from peer_ledger.rules import (
    Anniversary,
    Birthday,
    Chosen,
    Cohorts,
    CycleEditions,
    CycleRule,
    Readings,
    RuleSet,
    UnknownCycle,
)
from peer_ledger.rules._cycles import Schedule
from peer_ledger.values.dates import DAY

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
        seen: The day until which documents are known of people and not of a grant; `None` for the day of the history.
        moves: The rulings that move due dates; `None` for those on file.
        awards: The days of awards that restart its cycle, in order; `None` for those on file.

    Attributes:
        made: The grants made so far, in order.
        unmoved: Of each of them the place of the act that it follows, its due date without a ruling, and whether the
            due date decides which act is the next grant.
    """

    def __init__(
        self,
        history: History,
        ruleset: RuleSet,
        readings: Readings,
        *,
        seen: date | None = None,
        moves: Moves | None = None,
        awards: Sequence[date] | None = None,
    ) -> None:
        self._history, self._ruleset, self._readings = history, ruleset, readings
        self._on = history.on
        self._seen = self._on if seen is None else seen
        self._moves = moves if moves is not None else Moves(history.rulings, "due") if history.rulings else NO_MOVES
        self._awards = awards_elsewhere(history, ruleset.clock_with) if awards is None else awards
        self.made: list[Grant] = []
        self.unmoved: list[tuple[int, date, bool]] = []
        self._unmoved = self._on
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
        vars(self).pop("_cycle", None)  # so that what it asks is asked again
        self._readings = self._readings.at(self._readings.deciding)
        self._readings.note(asked)

    def steps(
        self, acts: Acts, first: int = 0, ended: Standing | None = None, until: date = LAST_DAY + DAY
    ) -> Iterator[Standing | None]:
        """
        Make the grants of some acts, one by one, and yield the standing that each act gives; `None` for a grant.

        Args:
            acts: All acts.
            first: The place of the first one to be looked at.
            ended: The standing after the act before that.
            until: A day from which on no cycle is made that follows without an act.
        """
        for place, (day, act) in enumerate(acts[first:], first):
            if self._ruleset.unending and self.made and may_lift(act, ended):
                # A certificate without an end has its cycles also while it is suspended.
                self._follow(place, day + DAY)
            if act.act in ENDS:
                ended = ENDS[act.act]
            elif is_lifting(act, ended, self.made[-1] if self.made else None, day):
                ended = None
            else:
                before = self.made[-1] if self.made else None
                # Rulings and awards on a common clock change a grant until the next one.
                is_until_next = self._history.rulings or self._ruleset.clock_with
                following = self._next_grant(acts, place, before) if is_until_next else None
                grant = self._grant(act, day, before, following)
                self.made.append(grant)
                self.unmoved.append((place, self._unmoved, self._is_next_by_due))
                ended = None
            if ended is None and self._ruleset.unending:
                self._follow(place, min(_until_next(acts, place, self._on), until))
            yield ended

    def _follow(self, place: int, until: date) -> None:
        """Make the cycles that follow the last grant without an act, as far as they begin before a day."""
        for grant, unmoved in _following(self.made[-1], self._moves, until):
            self.made.append(grant)
            self.unmoved.append((place, unmoved, False))

    def acts(self) -> Acts:
        """Return the acts until the day that change the state, each once, in the order in which they took effect."""
        found = [(self._day_of(act), act) for act in self._history.acts if act.act in ORDER]
        return in_order([(day, act) for day, act in found if day <= self._on])

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
            if not may_lift(following, ended):
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
            due = printed or first_end(rule, schedule, day)
        if act.act == "reinstated" and before is not None:
            number = before.number + 1
        # An award of a certificate that shares the clock restarts the cycle; an expiry printed before no longer holds.
        for award in during(self._awards, max(cycles_from, day), until) if self._awards else ():
            if award <= (printed or due):
                rule = self._rule_on(award)
                schedule = self._schedule(rule, award, is_award=False)
                cycles_from, due, printed = award, first_end(rule, schedule, award), None
        is_known = printed is not None or schedule is not None
        due = printed or on_working_day(rule, due)
        if self._ruleset.unending and due < LAST_DAY:
            until = min(until or date.max, due + DAY)  # another cycle follows without an act
        self._unmoved = due
        due = self._moves.of(due, day, until)
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
            closed = closed_by(before, day)
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

    def _under_another_edition(
        self, before: Grant, rule: CycleRule, schedule: Schedule | None, day: date
    ) -> tuple[date, date, date, bool]:
        """Return the cycle that begins with a renewal under another edition of the cycle, as `_next_cycle` does."""
        closed = closed_by(before, day) if before.is_due_known else day
        if not before.is_due_known or self._is_counted_from_renewal(closed, day):
            return day, day, first_end(rule, schedule, day), closed > before.due
        begins = closed + DAY
        since = closed if is_counted_from_before(rule) else begins
        return since, begins, first_end(rule, schedule, since), closed > before.due

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
            return day, day, first_end(rule, schedule, day), False
        if is_apart:
            begins = before.due + DAY
            since = begins - DAY if is_counted_from_before(rule) else begins
            is_presumed = first_end(rule, schedule, since) < day
            if is_presumed or self._is_counted_from_renewal(before.due, day):
                since = begins = day
            return since, begins, first_end(rule, schedule, since), is_presumed
        closed = closed_by(before, day)
        is_presumed = closed > before.due
        if self._is_counted_from_renewal(closed, day):
            due = printed or first_end(rule, self._schedule(rule, day, is_award=False), day)
            return day, day, due, is_presumed
        due = printed or end_after(before, closed)
        return before.cycles_from, closed + DAY, due, is_presumed


def _following(grant: Grant, moves: Moves, until: date) -> Iterator[tuple[Grant, date]]:
    """Yield the cycles that follow a grant without an act and begin before a day, with their due dates as computed."""
    while grant.is_due_known and grant.due + DAY < until and grant.due < LAST_DAY:
        begins, plain = grant.due + DAY, end_after(grant, grant.due)
        # A day before the cycle is that of a ruling on another one.
        due = moves.of(plain, begins, plain + DAY)
        due = plain if due < begins else due
        grant = attrs.evolve(
            grant, day=begins, number=grant.number + 1, begins=begins, due=due, printed=False, day_known=True
        )
        yield grant, plain


def _until_next(acts: Acts, place: int, on: date) -> date:
    """Return the day of the act after one, or the day after the one asked about."""
    return acts[place + 1][0] if acts[place + 1 :] else on + DAY
