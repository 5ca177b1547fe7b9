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

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TypeVar

import attrs

from peer_ledger._record import first_id
from peer_ledger._view import LedgerView
from peer_ledger.records import (
    Approval,
    Attestation,
    Certification,
    Course,
    Coverage,
    Credit,
    Designation,
    Filing,
    Record,
    Review,
    Ruling,
    TrainingEvent,
    Verification,
)

Kind = TypeVar("Kind", bound=Record)


@attrs.frozen(kw_only=True)
class Event:
    """
    A training event as it stands: what its course fills in and what a reviewer decided.

    Attributes:
        record: The record.
        credits: What it carries; `None` when that is unknown.
        delivery: How it was given; `None` when unknown.
        provider: Who gave it; `None` when unknown.
        approved_by: Who approves it on the day it was completed; `None` when unknown.
        why_not: Why nothing of it can count whatever the rule; `None` when something may.
    """

    record: TrainingEvent
    credits: tuple[Credit, ...] | None
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
        attestations: What was attested until the day, by day.
        designations: What is held, or was, until the day.
        rulings: What the board decided for the person until the day.
        verifications: What was seen on the board's page until the day.
        coverages: Of what all is on file.
        entries: How many entries were read.
        closing: Whether a renewal is judged that is closed by now, so that its certificate is not taken to have lapsed.
    """

    person: str
    people: frozenset[str]
    on: date
    credential: str
    events: tuple[Event, ...]
    acts: tuple[Certification, ...]
    filings: tuple[Filing, ...]
    attestations: tuple[Attestation, ...]
    designations: tuple[Designation, ...]
    rulings: tuple[Ruling, ...]
    verifications: tuple[Verification, ...]
    coverages: tuple[Coverage, ...]
    entries: int
    closing: bool = False

    def covers(self, what: str, first: date | None, last: date, *, attested: str | None = None) -> bool:
        """
        Tell whether all records of a kind within some days are on file.

        Args:
            what: The type of record.
            first: The first day; `None` from the beginning.
            last: The last day.
            attested: Which attestations; `None` for other types of record.
        """
        wanted = first or date.min
        for begins, ends in sorted(
            (coverage.first_day or date.min, coverage.last_day or date.max)
            for coverage in self.coverages
            if coverage.covers == what
            and coverage.attested in (None, attested)
            and coverage.credential in (None, self.credential)
        ):
            if begins > wanted:
                return False
            if ends >= last:
                return True
            wanted = max(wanted, ends + timedelta(days=1))
        return False

    def holds(self, designation: str) -> bool:
        """Tell whether a designation is on file and held on the day."""
        return any(
            held.name == designation and (held.last_day is None or self.on <= held.last_day)
            for held in self.designations
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
    entries = ledger.entries_of(person)
    records = ledger.records_of(person)
    shared = ledger.shared_records()
    courses = {name: course for course in _of(Course, shared) for name in (first_id(course.id), course.id)}
    reviews = {
        review.event: review
        for review in sorted(_of(Review, records), key=lambda review: (review.on, review.id))
        if review.on <= on and review.credential in (None, credential)
    }
    events = sorted(_of(TrainingEvent, records), key=lambda event: (event.completed, event.id))
    acts = [act for act in _of(Certification, records) if act.credential == credential]
    return History(
        person=person,
        people=ledger.same_person(person),
        on=on,
        credential=credential,
        events=tuple(_event(event, courses.get(event.course or ""), reviews, on) for event in events),
        acts=tuple(act for act in acts if act.on is None or act.on <= on),
        filings=tuple(
            sorted(
                (f for f in _of(Filing, records) if f.credential == credential and (f.sent or f.received or on) <= on),
                key=lambda filing: (filing.sent or filing.received or on, filing.id),
            )
        ),
        attestations=tuple(
            sorted(
                (a for a in _of(Attestation, records) if a.on <= on and a.credential in (None, credential)),
                key=lambda attestation: (attestation.on, attestation.id),
            )
        ),
        designations=tuple(
            d for d in _of(Designation, records) if (d.awarded or on) <= on and d.credential in (None, credential)
        ),
        rulings=tuple(r for r in _of(Ruling, records) if r.on <= on and r.credential == credential),
        verifications=tuple(v for v in _of(Verification, records) if v.seen <= on and v.credential == credential),
        coverages=tuple(_of(Coverage, (*records, *shared))),
        entries=len(entries) + len(shared),
    )


def _of(kind: type[Kind], records: Iterable[Record]) -> list[Kind]:
    return [record for record in records if isinstance(record, kind)]


def _event(event: TrainingEvent, course: Course | None, reviews: Mapping[str, Review], on: date) -> Event:
    carried = event.credits if event.credits is not None or course is None else course.credits
    approvals = event.approvals if event.approvals is not None or course is None else course.approvals
    review = reviews.get(event.id)
    why_not = None
    if event.completed > on:
        why_not = "after the day asked about"
    elif review is not None and review.decision == "rejected":
        why_not = f"rejected in review on {review.on}"
    elif review is not None and review.decision == "granted":
        carried = review.credits
    return Event(
        record=event,
        credits=carried,
        delivery=event.delivery or (course.delivery if course else None),
        provider=event.provider or (course.provider if course else None),
        approved_by=None if approvals is None else _approving(approvals, event.completed),
        why_not=why_not,
    )


def _approving(approvals: frozenset[Approval], day: date) -> frozenset[str]:
    return frozenset(
        approval.by
        for approval in approvals
        if (approval.first_day is None or approval.first_day <= day)
        and (approval.last_day is None or day <= approval.last_day)
    )
