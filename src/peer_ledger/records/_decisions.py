"""
Decisions about training events and requirements.
"""

from datetime import date
from typing import ClassVar, Literal

import attrs
from attrs import field

from peer_ledger.errors import Problem
from peer_ledger.records._record import Record
from peer_ledger.records._training import Credit, to_credits
from peer_ledger.values._checks import IDENTIFIER, fused, optional, refused
from peer_ledger.values._fields import DAY, TERM, TEXT, a, one_of, several, to_day, to_optional_day
from peer_ledger.values._quantity import Quantity

Decision = Literal["approved", "rejected", "granted"]
"""What a reviewer decides about an event."""

Effect = Literal["sets", "moves", "waives"]
"""What a ruling does to a requirement."""


@attrs.frozen(kw_only=True, field_transformer=fused)
class Review(Record):
    """
    A reviewer decided about a training event.

    Attributes:
        person: Whose event, as an opaque id.
        event: The id of the training event.
        decision: Approved as recorded, rejected, or granted other credits.
        on: The day of the decision.
        credits: What was granted instead of what is recorded; given if and only if the decision is `granted`.
        credential: The id of the rule set it was decided for; `None` for all.
        by: Who decided, as an opaque id; `None` when unknown.
        reason: Why; `None` when not given.

    Raises:
        InvalidRecord: A field has an invalid value, or the credits do not fit the decision.
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
            raise refused(self, (Problem("credits", "give them if and only if the decision is 'granted'"),))


@attrs.frozen(kw_only=True, field_transformer=fused)
class Ruling(Record):
    """
    The board decided about one person's requirements: it sets a figure, moves a date or waives a requirement.

    Attributes:
        person: The person it is about, as an opaque id.
        credential: The id of the rule set.
        on: The day of the decision.
        requirement: The id of the requirement, or of the date, in the rule set.
        effect: What the ruling does.
        figure: The figure it sets; given if and only if the effect is `sets`.
        day: The day it moves the date to; given if and only if the effect is `moves`.
        first_day: The first day of the period it holds for; `None` when not limited.
        last_day: The last day of that period; `None` when not limited.
        by: Who decided, as an opaque id; `None` when unknown.
        reason: Why; `None` when not given.

    Raises:
        InvalidRecord: A field has an invalid value, or figure, day and period do not fit the effect.
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
            problems.append(Problem("figure", "give it if and only if the effect is 'sets'"))
        if (self.effect == "moves") is (self.day is None):
            problems.append(Problem("day", "give it if and only if the effect is 'moves'"))
        if self.first_day and self.last_day and self.last_day < self.first_day:
            problems.append(Problem("last_day", f"{self.last_day} is before first_day, {self.first_day}"))
        if problems:
            raise refused(self, tuple(problems))
