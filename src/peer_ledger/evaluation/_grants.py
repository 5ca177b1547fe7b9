"""
The grants of a certificate, with the cycle that each begins.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TypeAlias

from peer_ledger.evaluation._acts import ORDER, Acts, Turns, awards_elsewhere, during, in_order, is_lifting, may_lift
from peer_ledger.evaluation._basis import Basis, Hinge, Step
from peer_ledger.evaluation._cycle_ends import closed_by, end_after, first_end, on_working_day
from peer_ledger.evaluation._cycle_rules import (
    computed_back,
    granted_on,
    is_counted_from_before,
    rule_on,
)
from peer_ledger.evaluation._days import LAST_DAY
from peer_ledger.evaluation._following import following
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._levels import is_renewed_apart, level_of, provisional_cycles
from peer_ledger.evaluation._life import ENDS, Grant
from peer_ledger.evaluation._moves import NO_MOVES, Moves
from peer_ledger.evaluation._stated import Stated, schedule_of
from peer_ledger.records import Certification, Level
from peer_ledger.reports import Standing
from peer_ledger.rules import (
    Chosen,
    CycleEditions,
    CycleRule,
    Readings,
    RuleSet,
)
from peer_ledger.rules._cycles import Schedule
from peer_ledger.values._cached import cached_property
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
    builder = GrantBuilder(history, ruleset, readings)
    acts, ended = len(builder.turns.acts), None
    if ruleset.unending:
        for step in builder.steps(0, acts):
            ended = step.ended
    else:
        for place in range(acts):
            ended = builder.take(place, ended)
    return tuple(builder.made), ended


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
        bases: What each of them rests on.
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
        self.bases: list[Basis] = []
        self._hinge: Hinge | None = None

    @property
    def asked(self) -> tuple[str, ...]:
        """The questions that came up so far."""
        return self._readings.asked

    def back_to(self, number: int, asked: tuple[str, ...]) -> None:
        """Forget all but the first grants, and all questions but those that had come up then."""
        del self.made[number:], self.bases[number:]
        vars(self).pop("_cycle", None)  # so that what it asks is asked again
        self._readings = self._readings.at(self._readings.deciding)
        self._readings.note(asked)

    def steps(
        self, first: int, last: int, ended: Standing | None = None, until: date = LAST_DAY + DAY
    ) -> Iterator[Step]:
        """
        Make the grants of some acts, and yield a step at the end of each, and before each cycle without an act.

        Args:
            first: The place of the first one to be looked at.
            last: The place of the act after them.
            ended: The standing after the act before that.
            until: A day from which on no cycle is made that follows without an act.
        """
        for place in range(first, last):
            day, act = self.turns.acts[place]
            if self._ruleset.unending and self.made and may_lift(act, ended):
                # A certificate without an end has its cycles also while it is suspended.
                yield from self._follow(place, day + DAY)
            ended = self.take(place, ended)
            yield from self.rest(place, ended, until)

    def take(self, place: int, ended: Standing | None) -> Standing | None:
        """Make the grant of an act, if it makes one; return the standing that it gives, given that before it."""
        day, act = self.turns.acts[place]
        if act.act in ENDS:
            return ENDS[act.act]
        if ended is None or not is_lifting(act, ended, self.made[-1] if self.made else None, day):
            self._add(place, day, act)
        return None

    def rest(self, place: int, ended: Standing | None, until: date) -> Iterator[Step]:
        """Make the cycles that follow an act, or more of them, as `steps` does, given the standing after the act."""
        if ended is None and self._ruleset.unending:
            ends = self.turns.days[place + 1 : place + 2] or [self._on + DAY]
            yield from self._follow(place, min(*ends, until))
        yield Step(place, ended, is_whole=True)

    def _follow(self, place: int, until: date) -> Iterator[Step]:
        """Make the cycles that follow the last grant without an act, as far as they begin before a day."""
        granted = self.bases[-1].granted
        for grant, due in following(self.made[-1], self._moves, until):
            yield Step(place)
            self.made.append(grant)
            self.bases.append(Basis(place, granted, due, due + DAY))

    def _add(self, place: int, day: date, act: Certification) -> None:
        """Make the grant of an act."""
        before = self.made[-1] if self.made else None
        self._hinge = None
        # Rulings and awards on a common clock change a grant until the next one.
        is_until_next = self._history.rulings or self._ruleset.clock_with
        until = self._next_grant(place, before) if is_until_next else None
        grant, (due, until, restarts) = self._grant(act, day, before, until)
        self.bases.append(Basis(place, len(self.made), due, until, restarts, self._hinge))
        self.made.append(grant)

    def acts(self) -> Acts:
        """Return the acts until the day that change the state, each once, in the order in which they took effect."""
        found = [(act.on or self._computed_day_of(act), act) for act in self._history.acts if act.act in ORDER]
        return in_order([dated for dated in found if dated[0] <= self._on])

    @cached_property
    def turns(self) -> Turns:
        """The acts until the day that change the state, and which of them begin a cycle."""
        return Turns(self.acts())

    def _next_grant(self, place: int, before: Grant | None) -> date | None:
        """Return the day of the grant that follows that of an act, given its place; `None` when none follows."""
        turns = self.turns
        day, act = turns.acts[place]
        following = turns.granting(place)
        lifting = turns.lifting(place, following)
        if lifting:
            # Whether one is the next grant depends on the due date, which rulings may move: it is that without an end.
            grant, (due, _, restarts) = self._grant(act, day, before, None)
            number = bisect_right(lifting, grant.due, key=turns.days.__getitem__)
            lifted = turns.days[lifting[number - 1]] if number else date.min
            is_next = number < len(lifting)
            self._hinge = Hinge(due, restarts, lifted, turns.days[lifting[number]] if is_next else date.max)
            following = lifting[number] if is_next else following
        return turns.days[following] if following < len(turns.days) else None

    def _computed_day_of(self, act: Certification) -> date:
        """Return the day a grant took effect of which only the printed expiry is on file."""
        expires = self._printed(act)
        assert expires is not None, "a grant without a day has a printed expiration date"
        if self._level(act, expires) == "provisional":
            return computed_back(
                provisional_cycles(self._ruleset, rule_on(self._cycle, self._readings, expires)), expires
            )
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
        return level_of(act, self._ruleset, rule_on(self._cycle, self._readings, day), self._readings, printed)

    def _printed(self, act: Certification) -> date | None:
        """Return the last day on which a certificate holds by its printed expiry; `None` when none is printed."""
        if act.expires is None or act.expires == act.on:
            return act.expires
        return act.expires - DAY if self._readings.of(self._ruleset.printed) == "day-after" else act.expires

    def _grant(
        self, act: Certification, day: date, before: Grant | None, until: date | None
    ) -> tuple[Grant, tuple[date, date, date]]:
        """
        Return the grant that an act makes; its due date without a ruling, and the days that `Basis` names so.

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
            is_other = rule is not before.rule and rule != before.rule
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
            rule = rule_on(self._cycle, self._readings, day)
            schedule = self._schedule(rule, day, is_award=act.act == "awarded", level=level)
            due = printed or first_end(rule, schedule, day)
        if act.act == "reinstated" and before is not None:
            number = before.number + 1
        # An award of a certificate that shares the clock restarts the cycle; an expiry printed before no longer holds.
        for award in during(self._awards, max(cycles_from, day), until) if self._awards else ():
            if award <= (printed or due):
                rule = rule_on(self._cycle, self._readings, award)
                schedule = self._schedule(rule, award, is_award=False)
                cycles_from, due, printed = award, first_end(rule, schedule, award), None
        is_known = printed is not None or schedule is not None
        restarts, due = printed or due, printed or on_working_day(rule, due)
        until = until or date.max
        if self._ruleset.unending and due < LAST_DAY:
            until = min(until, due + DAY)  # another cycle follows without an act
        basis = due, until, restarts
        if self._moves is not NO_MOVES:
            due = self._moves.of(due, day, until)
        grant = Grant(
            act=act, day=day, anchor=anchor, cycles_from=cycles_from, rule=rule, schedule=schedule, number=number,
            begins=begins, due=due if is_known else LAST_DAY, is_due_known=is_known, printed=printed is not None,
            day_known=act.on is not None, level=level, follows_missing=is_presumed and printed is None,
        )  # fmt: skip
        return grant, basis

    @cached_property
    def _cycle(self) -> CycleRule | CycleEditions:
        cycle: CycleRule | CycleEditions = self._readings.of(self._ruleset.cycle)
        return cycle

    def _rule_of_renewal(self, before: Grant, day: date) -> CycleRule:
        """Return the rule of the cycle that begins with a renewal."""
        if isinstance(self._cycle, CycleEditions) and self._cycle.decided_by == "cycle-start" and before.is_due_known:
            closed = closed_by(before, day)
            return rule_on(
                self._cycle, self._readings, day if self._is_counted_from_renewal(closed, day) else closed + DAY
            )
        return rule_on(self._cycle, self._readings, day)

    def _is_counted_from_renewal(self, closed: date, day: date) -> bool:
        """Return whether the cycle after a renewal is counted from it, rather than from the cycle that it closes."""
        question = self._ruleset.after_early if day <= closed else self._ruleset.after_late
        return bool(self._readings.of(question) == "renewal")

    def _schedule(self, rule: CycleRule, day: date, *, is_award: bool, level: Level | None = None) -> Schedule | None:
        """Return when the cycles of a grant begin and end; `None` when that depends on a fact that is not on file."""
        if level == "provisional":
            return provisional_cycles(self._ruleset, rule)
        return schedule_of(rule, day, self._stated, self._seen, is_award=is_award)

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
