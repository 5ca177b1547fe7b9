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
from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, groupby
from operator import attrgetter
from typing import Any, TypeVar

from peer_ledger.evaluation._event import Event, event_of
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._may_be_one import NONE, MayBeOne, have_own_names, may_be_one
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
from peer_ledger.values._cached import cached_property

Kind = TypeVar("Kind", bound=Record)


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
        for kind, some in groupby(latest_states(about.records), type):
            self._records.setdefault(kind, []).extend(some)
        reviews = self._of(Review)
        self._reviews = sorted(reviews, key=attrgetter("on", "id"), reverse=True) if reviews else []
        self._coverages = (*self._of(Coverage), *shared.coverages)
        self._training: dict[TrainingKinds, TrainingByDay] = {}
        self._granted: dict[tuple[str, int, int, int], dict[Hashable, Any]] = {}

    @cached_property
    def _events(self) -> list[TrainingEvent]:
        # Sorting by one value and then by another is faster than by both of them.
        return sorted(sorted(self._of(TrainingEvent), key=attrgetter("id")), key=attrgetter("completed"))

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
        of, here = self._records.get, (None, credential)
        acts, designations, verifications = of(Certification, ()), of(Designation), of(Verification)
        # Most people have records of few types; the others are not looked for.
        return self.history(
            day,
            credential,
            acts=tuple([a for a in acts if a.credential == credential and (a.on is None or a.on <= day)]),
            filings=()
            if Filing not in self._records
            else tuple([filing for then, filing in self._filings if filing.credential == credential and then <= day]),
            documents=tuple([a for a in self._documents if a.on <= day and a.credential in here]),
            designations=()
            if designations is None
            else tuple([d for d in designations if (d.awarded or day) <= day and d.credential in here]),
            rulings=()
            if Ruling not in self._records
            else tuple([r for r in self._rulings if r.on <= day and r.credential == credential]),
            verifications=()
            if verifications is None
            else tuple([v for v in verifications if v.seen <= day and v.credential == credential]),
        )

    def history(
        self,
        day: date,
        credential: str,
        *,
        acts: tuple[Certification, ...],
        filings: tuple[Filing, ...],
        documents: tuple[Document, ...],
        designations: tuple[Designation, ...],
        rulings: tuple[Ruling, ...],
        verifications: tuple[Verification, ...],
    ) -> History:
        """Return the same, given all records that are known on the day but training and what is said of it."""
        training = _TrainingOn(self, day, credential)
        # The later the day, the more of them: so their numbers say which of them are known.
        known = credential, len(acts), len(documents), len(rulings)
        return History.partly_made(
            {"events": training.events, "repeated": training.repeated, "entries": lambda _: self._entries},
            person=self._person,
            people=self.people,
            on=day,
            credential=credential,
            acts=acts,
            filings=filings,
            documents=documents,
            designations=designations,
            rulings=rulings,
            verifications=verifications,
            coverages=self._coverages,
            elsewhere=lambda other, then: self.on(then, credential=other),
            training=training.by_day,
            alike={},
            granted=self._granted.setdefault(known, {}),
            closing=False,
        )

    def reviews(self, day: date, credential: str) -> dict[str, list[Review]]:
        """Return the reviews known on a day, the latest first, by the id of the first state of their event."""
        found: dict[str, list[Review]] = {}
        for review in self._reviews:
            if review.on <= day and review.credential in (None, credential):
                found.setdefault(first_id(review.event), []).append(review)
        return found

    def events(self, day: date, reviews: Mapping[str, list[Review]]) -> tuple[Event, ...]:
        """Return the training as it is known on a day, by day and id."""
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
        self.alike  # noqa: B018  # it is kept, and so are the courses that it looks at
        return self

    @cached_property
    def alike(self) -> MayBeOne:
        """Which of the events may be one."""
        if not self._courses and have_own_names(self._events):
            return NONE
        return may_be_one(self._with_courses)

    def training(self, kinds: TrainingKinds, day: date, reviews: Mapping[str, list[Review]]) -> TrainingByDay:
        """Return the training that may count; without reviews it is the same for all days, and is made once."""
        if reviews:
            return self._training_of(kinds, day, reviews)
        found = self._training.get(kinds)
        if found is None:
            found = self._training[kinds] = self._training_of(kinds, day, reviews)
        return found

    def _training_of(self, kinds: TrainingKinds, day: date, reviews: Mapping[str, list[Review]]) -> TrainingByDay:
        """Return the training that may count; without reviews, all of it may."""
        if not reviews and not any(self._courses.values()):
            events = self._events
            return TrainingByDay(
                [event.completed for event in events],
                lambda some: kinds.of_records(events[some]),
                kinds,
                self.alike,
                are_approved=any([event.approvals for event in events]),  # noqa: C419 - a list is faster
            )
        pairs = self._with_courses
        known = [(pair, event_of(*pair, reviews, day if reviews else date.max)) for pair in pairs]
        counted = [(pair, event) for pair, event in known if event.why_not is None]
        return TrainingByDay(
            [record.completed for (record, _), _ in counted],
            lambda some: [kinds.of(event) for _, event in counted[some]],
            kinds,
            may_be_one([pair for pair, _ in counted]) if reviews else self.alike,
            are_approved=any(event.approved_by for _, event in counted),
        )


class _TrainingOn:
    """
    The training of one person as it is known on a day, with what reviews until then say.

    Args:
        dossier: Everything on file about the person.
        day: The day.
        credential: The rule set's id.
    """

    def __init__(self, dossier: Dossier, day: date, credential: str) -> None:
        self._dossier, self._day, self._credential = dossier, day, credential
        self._made: dict[TrainingKinds, TrainingByDay] = {}

    @cached_property
    def _reviews(self) -> dict[str, list[Review]]:
        return self._dossier.reviews(self._day, self._credential)

    def events(self, _: History) -> tuple[Event, ...]:
        """Return all of it, by day and id."""
        return self._dossier.events(self._day, self._reviews)

    def repeated(self, history: History) -> list[Event]:
        """Return that of which another one may be the same, or of the same course."""
        return [history.events[place] for place in sorted(self._dossier.alike.of_course)]

    def by_day(self, kinds: TrainingKinds) -> TrainingByDay:
        """Return what may count of it, as the filters of a rule set see it."""
        found = self._made.get(kinds)
        if found is None:
            found = self._made[kinds] = self._dossier.training(kinds, self._day, self._reviews)
        return found


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
