"""
What the ledger says of one person on one day, with retractions, reviews and courses applied.

>>> from peer_ledger import Credit, Ledger, TrainingEvent
>>> ledger = Ledger()
>>> _ = ledger.append(TrainingEvent(id="e-1", person="p-1", completed="2025-03-04", credits=[Credit(amount=3)]))
>>> [event.record.id for event in history_of(ledger, "p-1", on=date(2025, 12, 31), credential="us-nc-cpss").events]
['e-1']
>>> history_of(ledger, "p-1", on=date(2025, 3, 3), credential="us-nc-cpss").events[0].why_not
'after the day asked about'
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

import attrs

from peer_ledger.ledger import LedgerView
from peer_ledger.ledger._view import current_state, read_about, shared_of_kind
from peer_ledger.records import (
    Approval,
    Certification,
    Course,
    Coverage,
    Credit,
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
from peer_ledger.values._wording import spoken_day

Kind = TypeVar("Kind", bound=Record)


@attrs.frozen(kw_only=True)
class Event:
    """
    A training event with what its course fills in and what a reviewer decided.

    Attributes:
        record: The record.
        credits: Its credits; `None` when they are unknown.
        amounts: The amount of each credit, in its unit.
        claimed: The credits recorded, where a reviewer granted others; otherwise empty.
        delivery: The form in which it was given; `None` when unknown.
        provider: The provider; `None` when unknown.
        approved_by: The bodies that approved it on the day it was completed; `None` when unknown.
        why_not: The reason why nothing of it can count under any rule; `None` when something may count.
    """

    record: TrainingEvent
    credits: tuple[Credit, ...] | None
    amounts: tuple[Fraction, ...]
    claimed: tuple[Credit, ...]
    delivery: str | None
    provider: str | None
    approved_by: frozenset[str] | None
    why_not: str | None


@attrs.frozen(kw_only=True)
class History:
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
    closing: bool = False

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
            (coverage.first_day or date.min, coverage.last_day or date.max)
            for coverage in self.coverages
            if coverage.covers == what
            and coverage.document_kind in (None, document_kind)
            and coverage.credential in (None, self.credential)
        ):
            if begins > wanted:
                return False
            if ends >= last:
                return True
            wanted = max(wanted, ends + timedelta(days=1))
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
        return tuple(_of(Coverage, shared_of_kind(self._ledger, Coverage.record_type)))

    def course(self, course_id: str) -> Course | None:
        """Return the current state of a course, given its first id; `None` when there is none."""
        if course_id not in self._courses:
            found = current_state(self._ledger, course_id)
            self._courses[course_id] = found if isinstance(found, Course) else None
        return self._courses[course_id]


class Dossier:
    """
    Everything on file about one person, read once for any number of days.

    Args:
        ledger: The ledger.
        person: Any of the person's ids.
        shared: The records that belong to no person; `None` to read them again.
    """

    def __init__(self, ledger: LedgerView, person: str, shared: Shared | None = None) -> None:
        self._shared = shared or Shared(ledger)
        self._about = read_about(ledger, person)
        self._person = person
        self.people = self._about.people
        self._reviews = sorted(_of(Review, self._about.records), key=_decided, reverse=True)
        self._events = sorted(_of(TrainingEvent, self._about.records), key=lambda event: (event.completed, event.id))

    def on(self, day: date, *, credential: str) -> History:
        """
        Return the history known on a day.

        Args:
            day: The day.
            credential: The rule set's id; acts, filings and decisions for other credentials are left out.
        """
        records, shared = self._about.records, self._shared
        reviews: dict[str, list[Review]] = {}
        for review in self._reviews:
            if review.on <= day and review.credential in (None, credential):
                reviews.setdefault(first_id(review.event), []).append(review)
        acts = [act for act in _of(Certification, records) if act.credential == credential]
        courses = {event.course: shared.course(event.course) for event in self._events if event.course is not None}
        return History(
            person=self._person,
            people=self._about.people,
            on=day,
            credential=credential,
            events=tuple(_event(event, courses.get(event.course or ""), reviews, day) for event in self._events),
            acts=tuple(act for act in acts if act.on is None or act.on <= day),
            filings=tuple(
                sorted(
                    (f for f in _of(Filing, records) if f.credential == credential and filed_on(f) <= day),
                    key=lambda filing: (filed_on(filing), filing.id),
                )
            ),
            documents=tuple(
                sorted(
                    (a for a in _of(Document, records) if a.on <= day and a.credential in (None, credential)),
                    key=lambda document: (document.on, document.id),
                )
            ),
            designations=tuple(
                d for d in _of(Designation, records) if (d.awarded or day) <= day and d.credential in (None, credential)
            ),
            rulings=tuple(
                sorted(
                    (r for r in _of(Ruling, records) if r.on <= day and r.credential == credential),
                    key=lambda ruling: (ruling.on, ruling.id),
                )
            ),
            verifications=tuple(v for v in _of(Verification, records) if v.seen <= day and v.credential == credential),
            coverages=(*_of(Coverage, records), *shared.coverages),
            elsewhere=lambda other, then: self.on(then, credential=other),
            entries=self._about.entries
            + len(shared.coverages)
            + sum(course is not None for course in courses.values()),
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
    return Dossier(ledger, person).on(on, credential=credential)


def filed_on(filing: Filing) -> date:
    """Return the day a filing was sent, or the day it was received where that is not known."""
    day = filing.sent or filing.received
    assert day is not None, "a filing has a day"
    return day


def is_named(record: Record, record_id: str | None) -> bool:
    """
    Return whether an id refers to a record: its own id, or the id of any state of it.

    >>> event = TrainingEvent(id="e-1~3", replaces="e-1~2", person="p-1", completed="2025-03-04")
    >>> [is_named(event, name) for name in ("e-1", "e-1~2", "e-1~3", "e-10")]
    [True, True, True, False]
    """
    if record_id is None or record.replaces is None:
        return record_id == record.id
    return record_id == record.replaces or first_id(record_id) == first_id(record.id)


def _of(kind: type[Kind], records: Iterable[Record]) -> list[Kind]:
    return [record for record in records if isinstance(record, kind)]


def _event(event: TrainingEvent, course: Course | None, reviews: Mapping[str, list[Review]], on: date) -> Event:
    carried = event.credits if event.credits is not None or course is None else course.credits
    approvals = event.approvals if event.approvals is not None or course is None else course.approvals
    # The reviews are sorted with the latest first.
    review = next((review for review in reviews.get(first_id(event.id), ()) if is_named(event, review.event)), None)
    why_not = None
    claimed: tuple[Credit, ...] = ()
    if event.completed > on:
        why_not = "after the day asked about"
    elif review is not None and review.decision == "rejected":
        why_not = f"rejected in review on {spoken_day(review.on)}"
    elif review is not None and review.decision == "granted":
        claimed, carried = carried or (), review.credits
    return Event(
        record=event,
        credits=carried,
        amounts=tuple([Fraction(credit.amount) for credit in carried or ()]),
        claimed=claimed,
        delivery=event.delivery or (course.delivery if course else None),
        provider=event.provider or (course.provider if course else None),
        approved_by=None if approvals is None else _approving(approvals, event.completed),
        why_not=why_not,
    )


def _decided(review: Review) -> tuple[date, str]:
    """Return the key by which reviews are sorted."""
    return review.on, review.id


def _approving(approvals: frozenset[Approval], day: date) -> frozenset[str]:
    """Return the bodies whose approval holds on a day."""
    return frozenset(
        approval.by
        for approval in approvals
        if (approval.first_day is None or approval.first_day <= day)
        and (approval.last_day is None or day <= approval.last_day)
    )
