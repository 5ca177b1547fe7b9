"""
What is known of one person on one day: retractions, reviews and courses applied.

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

Kind = TypeVar("Kind", bound=Record)


@attrs.frozen(kw_only=True)
class Event:
    """
    A training event as it stands: what its course fills in and what a reviewer decided.

    Attributes:
        record: The record.
        credits: What it carries; `None` when that is unknown.
        amounts: How much each of these is, in its unit.
        claimed: What was recorded, where a reviewer granted something else; otherwise empty.
        delivery: How it was given; `None` when unknown.
        provider: Who gave it; `None` when unknown.
        approved_by: Who approves it on the day it was completed; `None` when unknown.
        why_not: Why nothing of it can count whatever the rule; `None` when something may.
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
    What is known of one person on one day, for one credential.

    Attributes:
        person: The id asked for.
        people: All ids of the person.
        on: The day.
        credential: The rule set's id.
        events: Training, by day and id; also what was completed after the day, so that it can be named.
        acts: What the board did until the day, by day.
        filings: What was filed until the day, by day.
        documents: What is on file until the day, by day.
        designations: What is held, or was, until the day.
        rulings: What the board decided for the person until the day, in the order of days.
        verifications: What was seen on the board's page until the day.
        coverages: Of what all is on file.
        entries: How many entries were read.
        elsewhere: What is known of the person on a day for another credential, given its rule set's id and the day.
        closing: Whether a renewal is judged that is closed by now, so that its certificate is not taken to have lapsed.
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
        Return whether all records of a kind within some days are on file.

        Args:
            what: The type of record.
            first: The first day; `None` from the beginning.
            last: The last day.
            document_kind: Which documents; `None` for other types of record.
        """
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
    What a ledger says about nobody in particular, read as far as it is needed and once.
    """

    def __init__(self, ledger: LedgerView) -> None:
        self._ledger = ledger
        self._courses: dict[str, Course | None] = {}

    @cached_property
    def coverages(self) -> tuple[Coverage, ...]:
        """What is said to be on file for everybody."""
        return tuple(_of(Coverage, shared_of_kind(self._ledger, Coverage.record_type)))

    def course(self, course_id: str) -> Course | None:
        """Return a course as it stands, given its first id; `None` when there is none."""
        if course_id not in self._courses:
            found = current_state(self._ledger, course_id)
            self._courses[course_id] = found if isinstance(found, Course) else None
        return self._courses[course_id]


class Dossier:
    """
    Everything on file about one person, read once, to be looked at on any day.

    Args:
        ledger: What is known.
        person: Any of the person's ids.
        shared: What is known about nobody in particular; `None` to read it anew.
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
        Return what is known on a day.

        Args:
            day: The day.
            credential: The rule set's id; acts, filings and decisions for others are left out.
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
            entries=self._about.entries + len(shared.coverages) + sum(one is not None for one in courses.values()),
        )


def history_of(ledger: LedgerView, person: str, *, on: date, credential: str) -> History:
    """
    Gather what is known of a person on a day.

    Args:
        ledger: What is known.
        person: Any of the person's ids.
        on: The day.
        credential: The rule set's id; acts, filings and decisions for others are left out.
    """
    return Dossier(ledger, person).on(on, credential=credential)


def filed_on(filing: Filing) -> date:
    """Return the day a filing was sent, or else received."""
    day = filing.sent or filing.received
    assert day is not None, "a filing has a day"
    return day


def is_named(record: Record, record_id: str | None) -> bool:
    """
    Return whether an id that another record gives means this one: its own id, or that of a state it replaces.

    >>> event = TrainingEvent(id="e-1~3", replaces="e-1~2", person="p-1", completed="2025-03-04")
    >>> [is_named(event, one) for one in ("e-1", "e-1~2", "e-1~3", "e-10")]
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
    review = next((one for one in reviews.get(first_id(event.id), ()) if is_named(event, one.event)), None)
    why_not = None
    claimed: tuple[Credit, ...] = ()
    if event.completed > on:
        why_not = "after the day asked about"
    elif review is not None and review.decision == "rejected":
        why_not = f"rejected in review on {review.on}"
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
    return review.on, review.id


def _approving(approvals: frozenset[Approval], day: date) -> frozenset[str]:
    return frozenset(
        approval.by
        for approval in approvals
        if (approval.first_day is None or approval.first_day <= day)
        and (approval.last_day is None or day <= approval.last_day)
    )
