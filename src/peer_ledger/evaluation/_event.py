"""
A training event with what its course fills in and what a reviewer decided.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache

import attrs

from peer_ledger.records import Approval, Course, Credit, Record, Review, TrainingEvent
from peer_ledger.records._record import first_id
from peer_ledger.records._sameness import Likeness
from peer_ledger.reports._remarks import Remark, remark
from peer_ledger.values._cached import cached_property

as_fraction = lru_cache(maxsize=65536)(Fraction)
"""Return an amount as a fraction, given how many units one has; amounts repeat, and each is made once."""


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


@attrs.frozen(kw_only=True, slots=False)
class Event:
    """
    A training event with what its course fills in and what a reviewer decided.

    Attributes:
        record: The record.
        credits: Its credits; `None` when they are unknown.
        claimed: The credits recorded, where a reviewer granted others; otherwise empty.
        delivery: The form in which it was given; `None` when unknown.
        provider: The provider; `None` when unknown.
        approved_by: The bodies that approved it on the day it was completed; `None` when unknown.
        why_not: The reason why nothing of it can count under any rule; `None` when something may count.
        course: Its course; `None` when it names none, or none that is on file.
        is_confirmed: Whether a reviewer accepted it as a training of its own.
    """

    record: TrainingEvent
    credits: tuple[Credit, ...] | None
    claimed: tuple[Credit, ...]
    delivery: str | None
    provider: str | None
    approved_by: frozenset[str] | None
    why_not: Remark | None
    course: Course | None = None
    is_confirmed: bool = False

    @cached_property
    def likeness(self) -> Likeness:
        """What of it decides whether it is the same as another training."""
        return Likeness.of(self.record, self.course, is_confirmed=self.is_confirmed)

    @property
    def amounts(self) -> tuple[Fraction, ...]:
        """The amount of each credit, in its unit."""
        return tuple([as_fraction(credit.amount) for credit in self.credits or ()])


_AFTER_DAY_ASKED = remark("after-day-asked")


def event_of(event: TrainingEvent, course: Course | None, reviews: Mapping[str, list[Review]], on: date) -> Event:
    """
    Return an event as it is known on a day.

    Args:
        event: The record.
        course: The course it names; `None` when it names none, or none that is on file.
        reviews: The reviews known on the day, the latest first, by the id of the first state of their event.
        on: The day.
    """
    if course is None and not reviews:
        return Event(
            record=event,
            credits=event.credits,
            claimed=(),
            delivery=event.delivery,
            provider=event.provider,
            approved_by=None if event.approvals is None else _approving(event.approvals, event.completed),
            why_not=_AFTER_DAY_ASKED if event.completed > on else None,
        )
    carried = event.credits if event.credits is not None or course is None else course.credits
    approvals = event.approvals if event.approvals is not None or course is None else course.approvals
    # The reviews are sorted with the latest first.
    review = next((review for review in reviews.get(first_id(event.id), ()) if is_named(event, review.event)), None)
    why_not = None
    claimed: tuple[Credit, ...] = ()
    if event.completed > on:
        why_not = _AFTER_DAY_ASKED
    elif review is not None and review.decision == "rejected":
        why_not = remark("rejected-in-review", day=review.on)
    elif review is not None and review.decision == "granted":
        claimed, carried = carried or (), review.credits
    return Event(
        record=event,
        credits=carried,
        claimed=claimed,
        delivery=event.delivery or (course.delivery if course else None),
        provider=event.provider or (course.provider if course else None),
        approved_by=None if approvals is None else _approving(approvals, event.completed),
        why_not=why_not,
        course=course,
        is_confirmed=review is not None and review.decision != "rejected",
    )


def _approving(approvals: frozenset[Approval], day: date) -> frozenset[str]:
    """Return the bodies whose approval holds on a day."""
    return frozenset(
        approval.by
        for approval in approvals
        if (approval.first_day is None or approval.first_day <= day)
        and (approval.last_day is None or day <= approval.last_day)
    )
