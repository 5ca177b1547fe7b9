"""
What the ledger says of one person on one day, with retractions, reviews and courses applied.

>>> from peer_ledger import Credit, Ledger, TrainingEvent
>>> ledger = Ledger()
>>> _ = ledger.append(TrainingEvent(id="e-1", person="p-1", completed="2025-03-04", credits=[Credit(amount=3)]))
>>> [event.record.id for event in history_of(ledger, "p-1", on=date(2025, 12, 31), credential="us-nc-cpss").events]
['e-1']
>>> history_of(ledger, "p-1", on=date(2025, 3, 3), credential="us-nc-cpss").events[0].why_not.kind
'after-day-asked'
"""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, partial
from itertools import chain
from operator import attrgetter
from typing import Any, TypeVar

import attrs

from peer_ledger.evaluation._event import Event, event_of
from peer_ledger.evaluation._may_be_one import NONE, MayBeOne, are_apart, may_be_one
from peer_ledger.evaluation._training import TrainingByDay, TrainingKinds
from peer_ledger.ledger import LedgerView
from peer_ledger.ledger._about import About, latest_states, read_about, read_about_each
from peer_ledger.ledger._view import current_state, notes_about, same_beneath, shared_of_kind
from peer_ledger.records import (
    Certification,
    Course,
    Coverage,
    Designation,
    Document,
    Filing,
    Record,
    Review,
    Ruling,
    TrainingEvent,
    Verification,
)
from peer_ledger.records._record import first_id
from peer_ledger.records._sameness import folded_code
from peer_ledger.values._lazy import Lazy
from peer_ledger.values.dates import DAY

Kind = TypeVar("Kind", bound=Record)


@attrs.frozen(kw_only=True)
class History(Lazy):
    """
    The records of one person known on one day, for one credential.

    Attributes:
        person: The id asked for.
        people: All ids of the person.
        on: The day.
        credential: The rule set's id.
        events: Training, by day and id; training after the day is included, so that a finding can name it.
        acts: Acts of the board until the day, by day.
        filings: Filings until the day, by day.
        documents: Documents on file until the day, by day.
        designations: Designations held on the day or before.
        rulings: Rulings of the board for the person until the day, by day.
        verifications: What was seen on the board's page until the day.
        coverages: Statements that all records of some kind are on file.
        entries: How many ledger entries were read.
        elsewhere: Returns the person's history for another credential, given the id of its rule set and a day.
        training: Returns the training that may count until any day, as the filters of a rule set see it.
        repeated: The training of which another one may be the same, or of the same course: all that need be compared.
        alike: Which of the training may be one, once that was found, by all that it follows from.
        closing: Whether a closed renewal is checked again, so that its certificate is not taken to have lapsed.
    """

    person: str
    people: frozenset[str]
    on: date
    credential: str
    events: tuple[Event, ...]
    acts: tuple[Certification, ...]
    filings: tuple[Filing, ...]
    documents: tuple[Document, ...]
    designations: tuple[Designation, ...]
    rulings: tuple[Ruling, ...]
    verifications: tuple[Verification, ...]
    coverages: tuple[Coverage, ...]
    entries: int
    elsewhere: Callable[[str, date], "History"] = attrs.field(eq=False, repr=False)
    training: Callable[[TrainingKinds], TrainingByDay] = attrs.field(eq=False, repr=False)
    repeated: list[Event] = attrs.field(eq=False, repr=False)
    alike: dict[Hashable, Any] = attrs.field(eq=False, repr=False)
    closing: bool = False

    @property
    def trainings(self) -> list[Event]:
        """The training that may count."""
        return [event for event in self.events if event.why_not is None]

    @property
    def is_ruled_on(self) -> bool:
        """Whether a ruling is about a requirement, and not only about a date."""
        return any(ruling.effect != "moves" for ruling in self.rulings)

    def before_closing(self, acts: tuple[Certification, ...], filings: tuple[Filing, ...]) -> "History":
        """
        Return the history as it was before a renewal closed a cycle.

        Args:
            acts: Its acts, without the renewal.
            filings: Its filings: the one for the renewal, or none.
        """
        made: dict[str, Callable[[History], Any]] = {
            "events": lambda _: self.events,
            "repeated": lambda _: self.repeated,
            "entries": lambda _: self.entries,
        }
        known = {field.name: getattr(self, field.name) for field in attrs.fields(History) if field.name not in made}
        return History.partly_made(made, **{**known, "acts": acts, "filings": filings, "closing": True})

    def covers(self, what: str, first: date | None, last: date, *, document_kind: str | None = None) -> bool:
        """
        Return whether all records of a kind within some days are said to be on file.

        Args:
            what: The type of record.
            first: The first day; `None` for the beginning of the calendar.
            last: The last day.
            document_kind: The kind of documents; `None` for other types of record.
        """
        # The statements are taken by their first day; `wanted` is the first day that none of them covers so far.
        wanted = first or date.min
        for begins, ends in sorted(
            [
                (coverage.first_day or date.min, coverage.last_day or date.max)
                for coverage in self.coverages
                if coverage.covers == what
                and coverage.document_kind in (None, document_kind)
                and coverage.credential in (None, self.credential)
            ]
        ):
            if begins > wanted:
                return False
            if ends >= last:
                return True
            wanted = ends + DAY if ends >= wanted else wanted
        return False

    def holds(self, designation: str, day: date) -> bool:
        """Return whether a designation is on file and held on a day."""
        return any(
            held.name == designation
            and (held.awarded is None or held.awarded <= day)
            and (held.last_day is None or day <= held.last_day)
            for held in self.designations
        )


class Shared:
    """
    The records of a ledger that belong to no person, each read once and only when needed.
    """

    def __init__(self, ledger: LedgerView) -> None:
        self._ledger = ledger
        self._courses: dict[str, Course | None] = {}

    @cached_property
    def coverages(self) -> tuple[Coverage, ...]:
        """The statements about what is on file for everyone."""
        found = shared_of_kind(self._ledger, Coverage.record_type)
        return tuple(record for record in found if isinstance(record, Coverage))

    def course(self, course_id: str) -> Course | None:
        """
        Return the current state of a course, given its first id or a code that it alone has; `None` when there is none.
        """
        if course_id not in self._courses:
            named = current_state(self._ledger, course_id)
            if isinstance(named, Course):
                self._courses[course_id] = named
            else:
                self._courses[course_id] = self._by_code.get(folded_code(course_id))
        return self._courses[course_id]

    @cached_property
    def _by_code(self) -> dict[str, Course | None]:
        """The courses by code; `None` for a code that several have."""
        found: dict[str, Course | None] = {}
        for course in shared_of_kind(self._ledger, Course.record_type):
            if isinstance(course, Course):
                for code in {folded_code(code) for code in course.codes or ()}:
                    found[code] = None if code in found else course
        return found


class Dossiers:
    """
    The dossiers of the people in a ledger; those of a ledger in memory are kept until it changes.

    Args:
        ledger: The ledger.
    """

    def __init__(self, ledger: LedgerView) -> None:
        self._ledger, self._shared = ledger, Shared(ledger)
        self._kept: dict[str, Dossier] | None = notes_about(ledger, "dossiers")

    def of(self, person: str) -> "Dossier":
        """Return what is on file about a person, given any of the person's ids."""
        found = None if self._kept is None else self._kept.get(person)
        if found is None:
            beneath = same_beneath(self._ledger, person)
            if beneath is not None:
                return Dossiers(beneath).of(person)
            found = Dossier(person, read_about(self._ledger, person), self._shared)
            if self._kept is not None:
                self._kept[person] = found
        return found

    def of_each(self, people: Sequence[str]) -> Iterator["Dossier"]:
        """Yield what is on file about each of some people; people in a file are read many at once."""
        if self._kept is not None:
            yield from map(self.of, people)
        else:
            for person, about in zip(people, read_about_each(self._ledger, people), strict=True):
                yield Dossier(person, about, self._shared)


class Dossier:
    """
    Everything on file about one person, read once for any number of days.

    Args:
        person: Any of the person's ids.
        about: What the ledger says about the person.
        shared: The records that belong to no person.
    """

    def __init__(self, person: str, about: About, shared: Shared) -> None:
        self._person, self.people, self._shared = person, about.people, shared
        self._found = about.entries
        self._records: dict[type[Record], list[Any]] = {}
        for record in latest_states(about.records):
            self._records.setdefault(type(record), []).append(record)
        self._reviews = sorted(self._of(Review), key=attrgetter("on", "id"), reverse=True)
        self._coverages = (*self._of(Coverage), *shared.coverages)
        self._training: dict[TrainingKinds, TrainingByDay] = {}

    @cached_property
    def _events(self) -> list[TrainingEvent]:
        return sorted(self._of(TrainingEvent), key=attrgetter("completed", "id"))

    @cached_property
    def _filings(self) -> list[tuple[date, Filing]]:
        return sorted(
            [(filing.filed_on, filing) for filing in self._of(Filing)], key=lambda pair: (pair[0], pair[1].id)
        )

    @cached_property
    def _documents(self) -> list[Document]:
        return sorted(self._of(Document), key=lambda document: (document.on, document.id))

    @cached_property
    def _rulings(self) -> list[Ruling]:
        return sorted(self._of(Ruling), key=lambda ruling: (ruling.on, ruling.id))

    @cached_property
    def _courses(self) -> dict[str, Course | None]:
        return {event.course: self._shared.course(event.course) for event in self._events if event.course}

    @property
    def _entries(self) -> int:
        on_file = sum(course is not None for course in self._courses.values())
        return self._found + len(self._shared.coverages) + on_file

    @property
    def records(self) -> Iterator[Record]:
        """The records on file about the person."""
        return chain.from_iterable(self._records.values())

    @property
    def documents(self) -> list[Document]:
        """The documents on file about the person."""
        return self._of(Document)

    def _of(self, kind: type[Kind]) -> list[Kind]:
        return self._records.get(kind, [])

    def on(self, day: date, *, credential: str) -> History:
        """
        Return the history known on a day.

        Args:
            day: The day.
            credential: The rule set's id; acts, filings and decisions for other credentials are left out.
        """
        filings = [filing for then, filing in self._filings if filing.credential == credential and then <= day]
        documents = [a for a in self._documents if a.on <= day and a.credential in (None, credential)]
        rulings = [r for r in self._rulings if r.on <= day and r.credential == credential]
        reviews: dict[str, list[Review]] = {}
        for review in self._reviews:
            if review.on <= day and review.credential in (None, credential):
                reviews.setdefault(first_id(review.event), []).append(review)
        return History.partly_made(
            {
                "events": lambda _: self._events_on(day, reviews),
                "repeated": lambda history: [history.events[place] for place in sorted(self._alike.of_course)],
                "entries": lambda _: self._entries,
            },
            person=self._person,
            people=self.people,
            on=day,
            credential=credential,
            acts=tuple(
                [a for a in self._of(Certification) if a.credential == credential and (a.on is None or a.on <= day)]
            ),
            filings=tuple(filings),
            documents=tuple(documents),
            designations=tuple(
                [d for d in self._of(Designation) if (d.awarded or day) <= day and d.credential in (None, credential)]
            ),
            rulings=tuple(rulings),
            verifications=tuple([v for v in self._of(Verification) if v.seen <= day and v.credential == credential]),
            coverages=self._coverages,
            elsewhere=lambda other, then: self.on(then, credential=other),
            training=partial(self._training_until, day, reviews, {} if reviews else self._training),
            alike={},
            closing=False,
        )

    def _events_on(self, day: date, reviews: Mapping[str, list[Review]]) -> tuple[Event, ...]:
        known = [] if reviews else self._as_recorded[: bisect_right(self._events, day, key=attrgetter("completed"))]
        return (*known, *[event_of(event, course, reviews, day) for event, course in self._with_courses[len(known) :]])

    @cached_property
    def _as_recorded(self) -> list[Event]:
        """The events of which no review says more, as they are on any day from their own on."""
        return [event_of(event, course, {}, date.max) for event, course in self._with_courses]

    @cached_property
    def _with_courses(self) -> list[tuple[TrainingEvent, Course | None]]:
        """Return the events by day, each with its course as far as that is on file."""
        courses = self._courses
        return [(event, courses.get(event.course) if event.course else None) for event in self._events]

    def whole(self) -> "Dossier":
        """Return it once everything is read, so that the ledger may be closed."""
        self._alike  # noqa: B018  # it is kept, and so are the courses that it looks at
        return self

    @cached_property
    def _alike(self) -> MayBeOne:
        """Which of the events may be one."""
        if not self._courses and are_apart(self._events):
            return NONE
        return may_be_one(self._with_courses)

    def _training_until(
        self,
        day: date,
        reviews: Mapping[str, list[Review]],
        made: dict[TrainingKinds, TrainingByDay],
        kinds: TrainingKinds,
    ) -> TrainingByDay:
        # Without reviews it is the same for all days, so that it is made once for all histories.
        found = made.get(kinds)
        if found is None:
            found = made[kinds] = self._training_of(kinds, day, reviews)
        return found

    def _training_of(self, kinds: TrainingKinds, day: date, reviews: Mapping[str, list[Review]]) -> TrainingByDay:
        """Return the training that may count; without reviews, all of it may."""
        if not reviews and not any(self._courses.values()):
            return TrainingByDay.of(self._events, kinds.of_records(self._events), kinds.unclear, self._alike)
        events = self._with_courses
        known = [(pair, event_of(*pair, reviews, day if reviews else date.max)) for pair in events]
        counted = [(pair, event) for pair, event in known if event.why_not is None]
        return TrainingByDay.of(
            [record for (record, _), _ in counted],
            [kinds.of(event) for _, event in counted],
            kinds.unclear,
            may_be_one([pair for pair, _ in counted]) if reviews else self._alike,
        )


def history_of(ledger: LedgerView, person: str, *, on: date, credential: str) -> History:
    """
    Return the history of a person known on a day.

    Args:
        ledger: The ledger.
        person: Any of the person's ids.
        on: The day.
        credential: The rule set's id; acts, filings and decisions for other credentials are left out.
    """
    return Dossiers(ledger).of(person).on(on, credential=credential)
