"""
Training: events, their credits, the courses of a catalog, and designations.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import ClassVar

import attrs
from attrs import field

from peer_ledger.errors import Problem
from peer_ledger.records._record import Record
from peer_ledger.values._checks import IDENTIFIER, fused, optional, refused
from peer_ledger.values._fields import (
    AMOUNT,
    DAY,
    TERM,
    TEXT,
    TEXTS,
    set_of,
    several,
    shown_set,
    to_amount,
    to_day,
    to_optional_day,
    to_optional_words,
    to_set,
    to_tuple,
    word,
    words,
)


@attrs.frozen(kw_only=True, field_transformer=fused)
class Credit:
    """
    An amount of training on a set of topics.

    For example, six hours that include two of ethics are two credits of one event: four hours, and two of ethics.

    Attributes:
        amount: How much, exact and more than 0; a binary float is refused.
        unit: Its unit; a clock hour of 60 minutes by default.  Rule sets define what a CEU or a semester credit is
            worth.
        topics: The declared topics it is on; empty when it is on none of them, `None` when unknown.

    Raises:
        InvalidRecord: A field has an invalid value; all problems are listed.

    >>> Credit(amount="1.50", topics={"ethics"})
    Credit(amount=Decimal('1.5'), unit='hour', topics={'ethics'})
    """

    amount: Decimal = field(converter=to_amount, validator=AMOUNT)
    unit: str = field(default="hour", validator=word("units"))
    topics: frozenset[str] | None = field(
        default=None, converter=to_optional_words, validator=optional(words("topics")), repr=shown_set
    )


@attrs.frozen(kw_only=True, field_transformer=fused)
class Approval:
    """
    A body recognizes a course or an event.

    Attributes:
        by: The approving body or list, a declared word such as `naadac`.
        number: The approval's number; `None` when unknown.
        first_day: The first day it is valid; `None` when unknown.
        last_day: The last day it is valid; `None` when unknown or unlimited.

    Raises:
        InvalidRecord: A field has an invalid value, or the last day is before the first.
    """

    by: str = field(validator=word("approvers"))
    number: str | None = field(default=None, validator=optional(TEXT), repr=False)
    first_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    last_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))

    def __attrs_post_init__(self) -> None:
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise refused(self, (Problem("last_day", "an approval cannot end before its first day"),))


def to_credits(value: Iterable[Credit] | None) -> tuple[Credit, ...] | None:
    """Convert a list of credits to a tuple; return `None` and tuples unchanged."""
    return value if value is None or type(value) is tuple else to_tuple(value)


def to_approvals(value: Iterable[Approval] | None) -> frozenset[Approval] | None:
    """Convert approvals to a frozen set; return `None` and frozen sets unchanged."""
    return value if value is None or type(value) is frozenset else to_set(value)


@attrs.frozen(kw_only=True, field_transformer=fused)
class TrainingEvent(Record):
    """
    One person completed one training.

    Attributes:
        person: The person, as an opaque id.
        completed: The day it was completed, as on the certificate.
        started: The first day; `None` when unknown.
        title: Its title; `None` when unknown.
        course: The id of its course in the catalog, or the code under which a list has it while no catalog does; `None`
            when unknown.
        provider: Who gave it, a declared word; `None` when unknown.
        delivery: How it was given: `in-person`, `live-online`, `self-paced` ...; `None` when unknown.
        role: What the person did there: `attended`, `taught` ...
        credits: Its credits; empty when it has none, `None` when unknown (its course may have them).
        approvals: Who recognizes it; empty when nobody does, `None` when unknown (its course may have them).
        evidence: Where the certificate is kept; `None` when unknown.

    Raises:
        InvalidRecord: A field has an invalid value, or it was completed before it started.

    >>> TrainingEvent(id="e-1", person="p-1", completed="2025-03-04", title="Ethics for peers",
    ...               credits=[Credit(amount="1.5", topics={"ethics"})])
    ... # doctest: +NORMALIZE_WHITESPACE
    TrainingEvent(id='e-1', replaces=None, person='p-1', completed=datetime.date(2025, 3, 4), started=None, course=None,
        provider=None, delivery=None, role='attended',
        credits=(Credit(amount=Decimal('1.5'), unit='hour', topics={'ethics'}),), approvals=None)
    """

    record_type: ClassVar[str] = "training-event"

    person: str = field(validator=IDENTIFIER)
    completed: date = field(converter=to_day, validator=DAY)
    started: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    title: str | None = field(default=None, validator=optional(TEXT), repr=False)
    course: str | None = field(default=None, validator=optional(IDENTIFIER))
    provider: str | None = field(default=None, validator=optional(word("providers")))
    delivery: str | None = field(default=None, validator=optional(word("deliveries")))
    role: str = field(default="attended", validator=word("roles"))
    credits: tuple[Credit, ...] | None = field(default=None, converter=to_credits, validator=optional(several(Credit)))
    approvals: frozenset[Approval] | None = field(
        default=None, converter=to_approvals, validator=optional(set_of(Approval)), repr=shown_set
    )
    evidence: str | None = field(default=None, validator=optional(TEXT), repr=False)

    def __attrs_post_init__(self) -> None:
        if self.started is not None and self.started > self.completed:
            raise refused(self, (Problem("started", f"{self.started} is after completed, {self.completed}"),))


@attrs.frozen(kw_only=True, field_transformer=fused)
class Course(Record):
    """
    A course of the catalog: it supplies what exports leave out, and shows when a person took a course twice.

    Attributes:
        title: Its title.
        codes: The codes under which exports list it; empty when there are none, `None` when unknown.
        provider: Who gives it, a declared word; `None` when unknown, or when several do.
        delivery: How it is given; `None` when unknown, or when it is given in several ways.
        credits: Its credits; `None` when unknown.
        approvals: Who recognizes it, and when; `None` when unknown.

    Raises:
        InvalidRecord: A field has an invalid value; all problems are listed.

    >>> Course(id="c-eth", title="Ethics for peers", codes={"ETH-101"}, credits=[Credit(amount=3)]).id
    'c-eth'
    """

    record_type: ClassVar[str] = "course"

    title: str = field(validator=TEXT, repr=False)
    codes: frozenset[str] | None = field(
        default=None, converter=to_optional_words, validator=optional(TEXTS), repr=False
    )
    provider: str | None = field(default=None, validator=optional(word("providers")))
    delivery: str | None = field(default=None, validator=optional(word("deliveries")))
    credits: tuple[Credit, ...] | None = field(default=None, converter=to_credits, validator=optional(several(Credit)))
    approvals: frozenset[Approval] | None = field(
        default=None, converter=to_approvals, validator=optional(set_of(Approval)), repr=shown_set
    )


@attrs.frozen(kw_only=True, field_transformer=fused)
class Designation(Record):
    """
    A specialization held: military, older adults, trauma ...

    Attributes:
        person: The person, as an opaque id.
        name: The designation, a declared word such as `military`.
        awarded: The day it was awarded; `None` when unknown.
        by: Who awarded it, a declared word; `None` when unknown.
        credential: The id of the rule set whose credential it extends, as `us-nc-cpss`; `None` for none or unknown.
        last_day: The last day it is held; `None` when no end is known.

    Raises:
        InvalidRecord: A field has an invalid value, or the last day is before the day it was awarded.
    """

    record_type: ClassVar[str] = "designation"

    person: str = field(validator=IDENTIFIER)
    name: str = field(validator=word("designations"))
    awarded: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    by: str | None = field(default=None, validator=optional(word("approvers")))
    credential: str | None = field(default=None, validator=optional(TERM))
    last_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))

    def __attrs_post_init__(self) -> None:
        if self.awarded and self.last_day and self.last_day < self.awarded:
            raise refused(self, (Problem("last_day", f"{self.last_day} is before awarded, {self.awarded}"),))
