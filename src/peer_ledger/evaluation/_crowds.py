"""
People in the same states of a certificate, whose headlines differ in sums, counts and a few days alone.

What decides such a headline is laid out once per states.  So whoever has the sums and counts of many people at hand, as
columns, need not make a history of each: only of the first person in each states, and of the first of each pattern.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

import attrs

from peer_ledger.evaluation._asking import Asking
from peer_ledger.evaluation._dossiers import Dossier, Shared
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._join import Join
from peer_ledger.evaluation._layout import Draft, Layout, Pattern
from peer_ledger.evaluation._life import Grant
from peer_ledger.evaluation._paid_for import PAID, asks_for_payment
from peer_ledger.evaluation._patterns import prepared_for
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.evaluation._shapes import Shapes
from peer_ledger.evaluation._shared_lives import Badness, SharedLives
from peer_ledger.ledger._about import About
from peer_ledger.reports import Dates, Report
from peer_ledger.rules import UNRECORDED_TRAINING, Chosen
from peer_ledger.values._cached import cached_property

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


@attrs.frozen(eq=False)
class Situation:
    """
    The states of a certificate, and what decides the headline of everybody in them, for all due dates of a shape.

    Attributes:
        number: Its number.
        draft: What decides it.
    """

    number: int
    draft: Draft

    @property
    def layout(self) -> Layout:
        """What is summed and counted."""
        return self.draft.first.layout


class Found(NamedTuple):
    """
    The situation of a person.

    Attributes:
        situation: The situation.
        grant: The last grant; `None` without one.
        days: The days that the states follow from, by their places; `None` for one that does not exist.
    """

    situation: Situation
    grant: Grant | None
    days: Sequence[date | None]


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

    @property
    def lives(self) -> SharedLives:
        """What the states of a certificate follow from."""
        return self._position.lives

    @property
    def shapes(self) -> Shapes:
        """What tells which due dates lead to like states."""
        return self._position.known.shapes

    def on_file_since(self, what: str) -> int:
        """
        Return the first day since which everybody's records of a type are said to be on file until the day.

        Returns:
            The number of the day in the calendar; the second day after `on` where they are not.
        """
        days, until = range(1, self.on.toordinal() + 2), self.on
        return 1 + bisect_left(days, 1, key=lambda day: self._nobody.covers(what, date.fromordinal(day), until))

    def situation_of(self, dossier: Dossier) -> Found | None:
        """
        Return the situation of a person; `None` where sums and counts do not decide the headline.

        Args:
            dossier: What is on file about the person; trainings may be left out.
        """
        scenarios = Scenarios(self._position, dossier.on(self.on, credential=self.credential))
        found = prepared_for(scenarios, lambda: Join(scenarios))
        if found is None:
            return None
        prepared, grants = found
        known = self._numbers.get(id(prepared.draft))  # the situation holds on to the draft
        if known is None:
            known = self._numbers[id(prepared.draft)] = Situation(len(self.situations), prepared.draft)
            self.situations.append(known)
        return Found(known, grants[-1] if grants else None, prepared.days)

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
        patterns = situation.layout.patterns
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
        Return a report with the headline of the first person in a situation, without days of training and hours.

        Args:
            situation: The situation.
            possible: How bad hours and documents can be in each state.
        """
        tests = situation.draft.first
        components = situation.draft.states.components_of(possible, self.on, self._rules.notice_days)
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
