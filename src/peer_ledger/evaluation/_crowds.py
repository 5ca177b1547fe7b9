"""
People in the same states of a certificate, whose headlines differ in sums, counts and a few days alone.

What decides such a headline is laid out once per states.  So whoever has the sums and counts of many people at hand, as
columns, need not make a history of each: only of the first person in each states, and of the first of each pattern.
"""

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import attrs

from peer_ledger.evaluation._asking import Asking
from peer_ledger.evaluation._days import days_between
from peer_ledger.evaluation._headline import decided_dates
from peer_ledger.evaluation._history import Dossier, History, Shared
from peer_ledger.evaluation._join import Join
from peer_ledger.evaluation._layout import Draft, Filed, Pattern, Tests
from peer_ledger.evaluation._life import Grant
from peer_ledger.evaluation._paid_for import PAID, asks_for_payment
from peer_ledger.evaluation._patterns import prepared_for
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.evaluation._shared_lives import Badness, States
from peer_ledger.ledger._about import About
from peer_ledger.reports import DateName, Dates, Report
from peer_ledger.rules import UNRECORDED_TRAINING, Chosen, RelativeDate

Possible = tuple[frozenset[Badness], ...]
"""How bad hours and documents can be in each state."""

NOBODY = About(people=frozenset(), entries=0, records=())


class Days(NamedTuple):
    """
    The days of a person's last grant from which others are counted, as numbers of the calendar.

    Attributes:
        anchor: The first day of the certification.
        day: The day of the grant.
        begins: The first day of the cycle.
        due: The last day of the cycle.
    """

    anchor: int
    day: int
    begins: int
    due: int

    @classmethod
    def of(cls, grant: Grant) -> "Days":
        """Return the days of a grant."""
        return cls(*(day.toordinal() for day in (grant.anchor, grant.day, grant.begins, grant.due)))


_NAMES = Days._fields
_FIELDS = {"award": (0,), "last-grant": (1,), "cycle-start": (2,), "due": (3,), "after-due": (3,)}
"""Which of these days a relative date is counted from, as places in them."""


@attrs.frozen(eq=False)
class Situation:
    """
    The states of a certificate, and what decides the headline of everybody in them.

    Attributes:
        number: Its number.
        states: The states.
        tests: What is summed and counted.
        draft: What decides it for all due dates of the same shape.
        grant: The last grant of the first person in them; `None` without one.
    """

    number: int
    states: States
    tests: Tests
    draft: Draft
    grant: Grant | None


class Crowds:
    """
    What decides the headlines of people on a day.

    Args:
        asking: What reports on people one by one.
        on: The day.
        shared: The records about nobody in particular.

    Attributes:
        on: The day.
        credential: The credential asked about.
        situations: The situations met so far, by number.
        is_certified_plainly: Whether grants with a day and a printed expiry, each given before the last one expired,
            need no more than these days to be known.
        spent: The kinds of documents that may have been spent on another certificate, so that no count decides.
    """

    def __init__(self, asking: Asking, on: date, shared: Shared) -> None:
        self.on, self._position, self._rules = on, asking.position, asking.rules
        self.credential = asking.rules.id
        self.situations: list[Situation] = []
        self._numbers: dict[int, Situation] = {}
        self._days: dict[tuple[object, ...], date | None] = {}
        self._grants: dict[tuple[int, tuple[str, ...], tuple[int, ...]], Grant] = {}
        self._nobody: History = Dossier("", NOBODY, shared).on(on, credential=self.credential)
        self.is_certified_plainly = self._is_certified_plainly()
        self.spent = PAID if asks_for_payment(asking.rules) else frozenset[str]()

    def _is_certified_plainly(self) -> bool:
        rules, readings = self._rules, self._position.readings()
        if rules.clock_with or rules.unending or rules.provisional is not None:
            return False
        if isinstance(readings.of(rules.cycle), Chosen):
            return False
        readings.of(rules.printed)
        readings.of(rules.after_early)
        return self._position.weighing.isdisjoint(readings.asked)

    @cached_property
    def begins_anew(self) -> bool:
        """Whether an early renewal begins its cycle on its own day, and not after the cycle that it closes."""
        return bool(self._position.readings().of(self._rules.after_early) == "renewal")

    @cached_property
    def days_after(self) -> int:
        """How many days after the last day of the cycle the expiry is that is printed, if it is not the first day."""
        return int(str(self._position.readings().of(self._rules.printed)) == "day-after")

    @cached_property
    def depends_on(self) -> frozenset[int]:
        """
        What the states of people with the same expiry depend on in addition to it, as places in `Days`.

        These are the days from which the dates of steps are counted, and the day since which acts must be on file.
        """
        found = {place for anchor in self._position.lives.anchors for place in _FIELDS.get(anchor, ())} - {3}
        stated = ("certification", "filing")
        if any(said.covers in stated and said.first_day is not None for said in self._nobody.coverages):
            found.add(1)
        return frozenset(found)

    def situation_of(self, dossier: Dossier) -> tuple[Situation, Grant | None] | None:
        """
        Return the situation of a person, and the last grant; `None` where sums and counts do not decide the headline.

        Args:
            dossier: What is on file about the person; trainings may be left out.
        """
        scenarios = Scenarios(self._position, dossier.on(self.on, credential=self.credential))
        found = prepared_for(scenarios, lambda: Join(scenarios))
        if found is None:
            return None
        prepared, grants = found
        states, tests, grant = prepared.states, prepared.tests, grants[-1] if grants else None
        known = self._numbers.get(id(tests))  # the situation holds on to the tests
        if known is None:
            known = self._numbers[id(tests)] = Situation(len(self.situations), states, tests, prepared.draft, grant)
            self.situations.append(known)
        return known, grant

    def possible(self, situation: Situation, pattern: Pattern, first: Callable[[], object]) -> Possible | None:
        """
        Return how bad hours and documents can be in each state.

        Args:
            situation: The situation.
            pattern: How the sums and counts come out.
            first: Asks for the report on the first person of whom they do.

        Returns:
            How bad they can be; `None` where the pattern does not say it.
        """
        patterns = situation.tests.layout.patterns
        found = patterns.get(pattern)
        if found is None:
            first()
            found = patterns.get(pattern)
        return found

    def questions(
        self, situation: Situation, pattern: Pattern, windows: tuple[int, ...], first: Callable[[], object]
    ) -> list[str] | None:
        """
        Return the open questions that change the answer, in the order of the rule set.

        Args:
            situation: The situation.
            pattern: How the sums and counts come out.
            windows: Of the days between which training counts under each reading, the place of the first that are the
                same.
            first: Asks for the questions of the first person of whom they do.

        Returns:
            Their ids; `None` where the pattern does not say it.
        """
        key, remembered = (pattern, windows), situation.draft.mattering
        if key not in remembered:
            first()
        found = remembered.get(key)
        return None if found is None else [name for name in self._position.known.questions if name in found]

    def report(self, situation: Situation, possible: Possible) -> Report:
        """
        Return a report with the headline of a person, without the days on which training counts and the hours short.

        Args:
            situation: The person's situation.
            possible: How bad hours and documents can be in each state.
        """
        tests = situation.tests
        components = situation.states.components_of(possible, self.on, self._rules.notice_days)
        return Report.partly_made(
            {},
            person="",
            on=self.on,
            standing=components["standing"],
            step=tests.step,
            in_force=components["in_force"],
            outcome=components["outcome"],
            hours_outcome=components["hours"],
            documents_outcome=components["documents"],
            status=components["status"],
            hours_short=None,
            dates=Dates(**dict(tests.dates)),
            pending_since=None,
        )

    @property
    def counts_unrecorded(self) -> bool:
        """Whether training counts, under the readings assumed, of which the records do not say enough."""
        return self._position.base[UNRECORDED_TRAINING.id] == "counts"

    @cached_property
    def states_documents(self) -> bool:
        """Whether any of everybody's documents are said to be all on file."""
        return any(said.covers == "document" for said in self._nobody.coverages)

    def covers(self, first: date | None, last: date, document_kind: str) -> bool:
        """Return whether everybody's documents of a kind within some days are said to be on file."""
        return self._nobody.covers("document", first, last, document_kind=document_kind)

    def day(
        self,
        point: RelativeDate | None,
        grant: Grant | None,
        own: tuple[int, ...],
        filed: Filed,
        *,
        is_end: bool,
    ) -> date | None:
        """
        Return the day that a relative date names for a person, as `days_between` does.

        Args:
            point: The relative date.
            grant: The last grant of anybody in the same states; `None` without one.
            own: The days of the person's own grant that it is counted from, in the order of `fields_of`.
            filed: What else days are counted from.
            is_end: Whether it is the last day, and not the first.
        """
        key = id(point), is_end, None if grant is None else own, filed
        if key not in self._days:
            if grant is not None:
                grant = self._moved(grant, tuple([_NAMES[field] for field in fields_of(point)]), own)
            first, last = (None, point) if is_end else (point, None)
            self._days[key] = days_between(first, last, grant, *filed)[is_end]
        return self._days[key]

    def _moved(self, grant: Grant, names: tuple[str, ...], own: tuple[int, ...]) -> Grant:
        """Return a grant with other days, given by their names."""
        key = id(grant), names, own  # the situation holds on to the grant
        found = self._grants.get(key)
        if found is None:
            changes: Any = {name: date.fromordinal(day) for name, day in zip(names, own, strict=True)}
            found = self._grants[key] = attrs.evolve(grant, **changes)
        return found

    def earning_day(
        self, name: DateName, days: tuple[date | None, ...], lapsed: tuple[date | None, ...]
    ) -> date | None:
        """
        Return the first or the last day on which training counts; `None` where there is none or readings disagree.

        Args:
            name: Which of them.
            days: What it may be.
            lapsed: Of each of these, the last day of filing late of a certificate that lapsed; otherwise `None`.
        """
        key = name, days, lapsed
        if key not in self._days:
            seen = [({name: day}, lapsed_on) for day, lapsed_on in zip(days, lapsed, strict=True)]
            found = decided_dates(None, seen, complete=True, names=(name,)).get(name)
            self._days[key] = None if found is None else found.day
        return self._days[key]


def fields_of(point: RelativeDate | None) -> list[int]:
    """Return which days of a grant a relative date is counted from or depends on, as places in `Days`, in order."""
    if point is None:
        return []
    needed = {3} if point.due_from or point.due_until else set()
    return sorted({*needed, *_FIELDS.get(point.of, ()), *fields_of(point.otherwise)})
