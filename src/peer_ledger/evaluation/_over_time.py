"""
The standing of one certificate over time: worked out for a day, it holds until the next day on which it may change.

On a day on which nothing but applications came, only these are looked at, beside how the certificate stood before: all
that are pending are looked at again only where a new one leaves it in another standing.
"""

from bisect import bisect_right, insort
from collections.abc import Iterator, Mapping
from datetime import date
from operator import attrgetter
from typing import NamedTuple

import attrs

from peer_ledger.evaluation._days import FIRST_DAY, LAST_DAY
from peer_ledger.evaluation._dossiers import Dossier
from peer_ledger.evaluation._filed_join import filed_lives
from peer_ledger.evaluation._grants_over_time import GrantsOverTime
from peer_ledger.evaluation._histories import Histories
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._known import Known
from peer_ledger.evaluation._outcome import UNDETERMINED
from peer_ledger.evaluation._position import Position
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.records import Filing
from peer_ledger.reports import InForce, Standing
from peer_ledger.values._cached import cached_property
from peer_ledger.values.dates import DAY

_NEVER = LAST_DAY + DAY


@attrs.frozen(kw_only=True)
class Period:
    """
    Consecutive days on which the standing of a certificate stayed the same.

    Attributes:
        begins: The first day.
        ends: The day after the last day.
        standing: The standing.
        in_force: Whether the person could practice.
    """

    begins: date
    ends: date
    standing: Standing
    in_force: InForce


class _Stands(NamedTuple):
    """
    How a certificate stands on a day.

    Attributes:
        standing: The standing.
        force: Whether it is in force.
        changing: The days on which the passing of time may change either.
        is_sure: Whether both are the same under all readings, for each of the applications that are pending.
    """

    standing: Standing
    force: InForce
    changing: frozenset[date]
    is_sure: bool


class StandingOverTime:
    """
    The standing of one person's certificate on any day.

    Args:
        position: The rule set, and what the caller says about its questions.
        dossier: Everything on file about the person.
    """

    def __init__(self, position: Position, dossier: Dossier) -> None:
        self._position, self._dossier = position, dossier
        self._found: list[Period] = []
        self._stood: dict[date, _Stands] = {}
        self._since: list[tuple[date, date]] = []

    @property
    def first_day(self) -> date | None:
        """The day of the first act; `None` when none is on file."""
        return min((*self._grants, *(act.on for act in self._whole.acts if act.on is not None)), default=None)

    def on(self, day: date) -> Period:
        """Return the period in which a day lies, from the day on or from an earlier one."""
        found = self._known(day)
        if found is None:
            # What holds on a day holds until the next change. So for a day before one that was asked for, the answer is
            # worked out for the change before both, and holds for all days between.
            start = max((since for since, until in self._since if since <= day < until), default=day)
            found = self._from(start)
            while found.ends <= day:
                found = self._from(found.ends)
        return found

    def _known(self, day: date) -> Period | None:
        """Return the period in which a day lies; `None` while there is none."""
        place = bisect_right(self._found, day, key=attrgetter("begins"))
        return self._found[place - 1] if place and day < self._found[place - 1].ends else None

    def _from(self, day: date) -> Period:
        """Return the period from a day on, or that in which the day lies."""
        found = self._known(day)
        if found is None:
            stands = self._after_applications(day) or _stands(self._answers(self._histories.on(day)))
            standing, force, changing, _ = self._stood[day] = stands
            place = bisect_right(self._recorded, day)
            ends = min([*self._recorded[place : place + 1], *(then for then in changing if then > day)], default=_NEVER)
            found = Period(begins=day, ends=ends, standing=standing, in_force=force)
            insort(self._found, found, key=attrgetter("begins"))
            earlier = [FIRST_DAY, *self._recorded[:place][-1:], *(then for then in changing if then <= day)]
            if max(earlier) < day:
                self._since.append((max(earlier), day))
        return found

    def _after_applications(self, day: date) -> _Stands | None:
        """
        Return how the certificate stands on a day, from how it stood the day before.

        Returns:
            How it stands; `None` where something else than applications came, or one that may change how it stands.
        """
        filed, before = self._only_filed.get(day), self._known(day - DAY) if day > FIRST_DAY else None
        stood = self._stood[before.begins] if before is not None else None
        if filed is None or stood is None or not stood.is_sure or day in stood.changing:
            return None
        stands = _stands(self._answers(self._histories.on(day, filings=filed)))
        if not stands.is_sure or stands[:2] != stood[:2]:
            return None
        return stood._replace(changing=stood.changing | stands.changing)

    def _answers(self, history: History) -> Scenarios:
        return Scenarios(self._position, history, grants=self._over_time.until)

    @cached_property
    def _over_time(self) -> GrantsOverTime:
        return GrantsOverTime(self._whole, self._position.known.rules)

    @cached_property
    def _histories(self) -> Histories:
        return Histories(self._dossier, self._position.known.rules.id)

    @property
    def _whole(self) -> History:
        return self._histories.whole

    @cached_property
    def _grants(self) -> frozenset[date]:
        """The days of all grants, under any reading."""
        return self._answers(self._histories.on(LAST_DAY)).grant_days()

    @cached_property
    def _recorded(self) -> list[date]:
        """The days on which a record or a rule may change the standing, in order."""
        return sorted(self._beside_applications.union(_applications_by_day(self._whole)))

    @cached_property
    def _beside_applications(self) -> frozenset[date]:
        """The same days, without those on which an application came."""
        clocks = self._position.known.rules.clock_with
        others = {act.on for other in clocks for act in self._whole.elsewhere(other, LAST_DAY).acts if act.on}
        return self._grants.union(_days_in(self._whole), days_of_rules(self._position.known), others)

    @cached_property
    def _only_filed(self) -> Mapping[date, tuple[Filing, ...]]:
        """The applications that came on each day on which nothing else did."""
        came = _applications_by_day(self._whole)
        return {day: tuple(filings) for day, filings in came.items() if day not in self._beside_applications}


def _stands(answers: Scenarios) -> _Stands:
    """Return how a certificate stands."""
    states, lives = answers.lives
    forces, complete = {state.force for state in states.all}, states.complete
    is_any_day = False
    if any(life.later for life in lives):
        found, complete = filed_lives(answers)
        lives = [life for _, filed in found for life, _ in filed]
        forces = {force for _, filed in found for _, force in filed}
        is_any_day = not complete or len({life.standing for life in lives}) > 1 or len(forces) > 1
    standings = {life.standing for life in lives}
    days = {day for life in lives if life.grant for day in (life.grant.day, life.grant.due, *life.turning_days)}
    days.update(*{life.window_days for life in lives})
    if is_any_day:
        # Which filing is looked at depends on what each of them lacks, and that may change on any day.
        leaves, are_all = answers.leaves()
        complete = states.complete and are_all
        standings = {leaf.components["standing"] for _, leaf in leaves}
        forces = {leaf.components["in_force"] for _, leaf in leaves}
        days = {answers.history.on}
    return _Stands(
        standing=next(iter(standings)) if len(standings) == 1 and complete else UNDETERMINED,
        force=next(iter(forces)) if len(forces) == 1 and complete else UNDETERMINED,
        changing=frozenset(day + DAY for day in days if day is not None),
        is_sure=complete and not is_any_day and len(standings) == len(forces) == 1,
    )


def _applications_by_day(history: History) -> dict[date, list[Filing]]:
    """Return the applications that came on each day, and those that were received on it."""
    came: dict[date, list[Filing]] = {}
    for filing in history.filings:
        for day in {filing.filed_on, filing.received or filing.filed_on}:
            came.setdefault(day, []).append(filing)
    return came


def _days_in(history: History) -> Iterator[date]:
    """Yield the days on which a record other than an application may change the standing."""
    yield from (act.on for act in history.acts if act.on is not None)
    yield from (coverage.last_day + DAY for coverage in history.coverages if coverage.last_day is not None)
    yield from (ruling.on for ruling in history.rulings)
    yield from (document.on for document in history.documents)


def days_of_rules(known: Known) -> Iterator[date]:
    """Yield the days on which the rules may change the standing."""
    for begins in (edition.begins for procedure in known.rules.procedures for edition in procedure.editions):
        if begins is not None:
            known_days = (begins.day, begins.not_before, begins.not_after)
            yield from (day for day in known_days if day is not None)
            yield from (exception.day for exception in begins.by_method)
    for question in known.questions.values():
        if question.first_day is not None:
            yield question.first_day
        if question.last_day is not None:
            yield question.last_day + DAY
