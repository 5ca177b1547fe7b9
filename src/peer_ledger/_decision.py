"""
What was decided about other records, and about the ledger itself.
"""

from datetime import date
from typing import ClassVar, Literal

import attrs
from attrs import field

from peer_ledger._certificate import Quantity
from peer_ledger._checks import (
    COUNTS,
    DAY,
    DIGEST,
    IDENTIFIER,
    LONG_ASCII,
    PAIR,
    TERM,
    TEXT,
    a,
    fused,
    one_of,
    optional,
    refused,
    several,
    shown_set,
    to_counts,
    to_day,
    to_optional_day,
    to_words,
    word,
)
from peer_ledger._record import Record
from peer_ledger._training import Credit, to_credits
from peer_ledger.errors import Problem

Decision = Literal["approved", "rejected", "granted"]
"""What a reviewer decides about an event."""

Effect = Literal["sets", "moves", "waives"]
"""What a ruling does to a requirement."""

CoveredType = Literal[
    "training-event", "designation", "certification", "verification", "filing", "attestation", "review", "ruling"
]
"""The types of record that can be said to be all there."""


@attrs.frozen(kw_only=True, field_transformer=fused)
class Review(Record):
    """
    Somebody decided about an event.

    Attributes:
        person: Whose event, as an opaque id.
        event: The id of the training event.
        decision: Approved as recorded, rejected, or granted other credits.
        on: The day of the decision.
        credits: What was granted instead of what is recorded; given with `granted` and only there.
        credential: The id of the rule set it was decided for; `None` when for all.
        by: Who decided, as an opaque id; `None` when unknown.
        reason: Why; `None` when not given.

    Raises:
        InvalidRecord: Something given is not what is meant, or the credits do not fit the decision.
    """

    record_type: ClassVar[str] = "review"

    person: str = field(validator=IDENTIFIER)
    event: str = field(validator=IDENTIFIER)
    decision: Decision = field(validator=one_of(Decision))
    on: date = field(converter=to_day, validator=DAY)
    credits: tuple[Credit, ...] | None = field(default=None, converter=to_credits, validator=optional(several(Credit)))
    credential: str | None = field(default=None, validator=optional(TERM))
    by: str | None = field(default=None, validator=optional(IDENTIFIER))
    reason: str | None = field(default=None, validator=optional(TEXT), repr=False)

    def __attrs_post_init__(self) -> None:
        if (self.decision == "granted") is (self.credits is None):
            raise refused(self, (Problem("credits", "give them where the decision is 'granted', and only there"),))


@attrs.frozen(kw_only=True, field_transformer=fused)
class Ruling(Record):
    """
    The board decided about one person's requirements: it sets a figure, moves a date or waives a requirement.

    Attributes:
        person: For whom, as an opaque id.
        credential: The id of the rule set.
        on: The day of the decision.
        requirement: The id of the requirement, or of the date, in the rule set.
        effect: What the ruling does.
        figure: The figure it sets; given with `sets` and only there.
        day: The day it moves the date to; given with `moves` and only there.
        first_day: The first day of the period it holds for; `None` when not limited.
        last_day: The last day of that period; `None` when not limited.
        by: Who decided, as an opaque id; `None` when unknown.
        reason: Why; `None` when not given.

    Raises:
        InvalidRecord: Something given is not what is meant, or figure, day and period do not fit the effect.
    """

    record_type: ClassVar[str] = "ruling"

    person: str = field(validator=IDENTIFIER)
    credential: str = field(validator=TERM)
    on: date = field(converter=to_day, validator=DAY)
    requirement: str = field(validator=IDENTIFIER)
    effect: Effect = field(validator=one_of(Effect))
    figure: Quantity | None = field(default=None, validator=optional(a(Quantity)))
    day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    first_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    last_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    by: str | None = field(default=None, validator=optional(IDENTIFIER))
    reason: str | None = field(default=None, validator=optional(TEXT), repr=False)

    def __attrs_post_init__(self) -> None:
        problems = []
        if (self.effect == "sets") is (self.figure is None):
            problems.append(Problem("figure", "give it where the effect is 'sets', and only there"))
        if (self.effect == "moves") is (self.day is None):
            problems.append(Problem("day", "give it where the effect is 'moves', and only there"))
        if self.first_day and self.last_day and self.last_day < self.first_day:
            problems.append(Problem("last_day", f"{self.last_day} is before first_day, {self.first_day}"))
        if problems:
            raise refused(self, tuple(problems))


@attrs.frozen(kw_only=True, field_transformer=fused)
class Coverage(Record):
    """
    Every record of one kind, within some days, is in this ledger: what is not there did not happen.

    Attributes:
        covers: The type of record.
        attested: Which attestations, a declared kind; `None` for all, and for every other type of record.
        person: For whom, as an opaque id; `None` for everybody.
        credential: For which rule set; `None` for all.
        first_day: From this day on; `None` from the beginning.
        last_day: To this day; `None` without end.

    Raises:
        InvalidRecord: Something given is not what is meant, or it ends before it begins.
    """

    record_type: ClassVar[str] = "coverage"

    covers: CoveredType = field(validator=one_of(CoveredType))
    attested: str | None = field(default=None, validator=optional(word("attestations")))
    person: str | None = field(default=None, validator=optional(IDENTIFIER))
    credential: str | None = field(default=None, validator=optional(TERM))
    first_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    last_day: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))

    def __attrs_post_init__(self) -> None:
        problems = []
        if self.attested is not None and self.covers != "attestation":
            problems.append(Problem("attested", "give it where covers is 'attestation', and only there"))
        if self.first_day and self.last_day and self.last_day < self.first_day:
            problems.append(Problem("last_day", f"{self.last_day} is before first_day, {self.first_day}"))
        if problems:
            raise refused(self, tuple(problems))


@attrs.frozen(kw_only=True, field_transformer=fused)
class Retraction(Record):
    """
    An earlier record is withdrawn, as if it had never been; a retraction can itself be retracted.

    Attributes:
        retracts: The id of the record.
        reason: Why.
        by: Who says so, as an opaque id; `None` when unknown.

    Raises:
        InvalidRecord: Something given is not what is meant; all that is wrong is listed.
    """

    record_type: ClassVar[str] = "retraction"

    retracts: str = field(validator=IDENTIFIER)
    reason: str = field(validator=TEXT, repr=False)
    by: str | None = field(default=None, validator=optional(IDENTIFIER))


@attrs.frozen(kw_only=True, field_transformer=fused)
class SamePerson(Record):
    """
    Two ids are one person.

    Attributes:
        people: The two ids, in no order.
        by: Who says so, as an opaque id; `None` when unknown.

    Raises:
        InvalidRecord: They are not two.

    >>> SamePerson(id="s-1", people={"p-1", "p-7"}) == SamePerson(id="s-1", people=["p-7", "p-1"])
    True
    """

    record_type: ClassVar[str] = "same-person"

    people: frozenset[str] = field(converter=to_words, validator=PAIR, repr=shown_set)
    by: str | None = field(default=None, validator=optional(IDENTIFIER))


@attrs.frozen(kw_only=True, field_transformer=fused)
class RuleSetText(Record):
    """
    A rule set as it was when answers were given by it, so that they can be given again.

    `peer_ledger.kept_rules` makes it and reads it.

    Attributes:
        ruleset: The id of the rule set.
        version: Its version.
        digest: The digest of all of it but its prose, as it stands in every report.
        text: All of it, as JSON in one line.

    Raises:
        InvalidRecord: Something given is not what is meant.
    """

    record_type: ClassVar[str] = "rule-set"

    ruleset: str = field(validator=TERM)
    version: str = field(validator=TEXT)
    digest: str = field(validator=DIGEST)
    text: str = field(validator=LONG_ASCII, repr=False)


@attrs.frozen(kw_only=True, field_transformer=fused)
class Erasure(Record):
    """
    A person's content was removed from some entries; their places in the chain remain.

    The ledger writes it.  It names no person and no record, only places.

    Attributes:
        entries: The sequence numbers of the entries, rising.

    Raises:
        InvalidRecord: Something given is not what is meant.
    """

    record_type: ClassVar[str] = "erasure"

    entries: tuple[int, ...] = field(converter=to_counts, validator=COUNTS)
