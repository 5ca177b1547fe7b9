"""
Days relative to other days, intervals between them, and the conditions under which a requirement applies.
"""

from datetime import date
from typing import Any, Final, Literal

import attrs
from attrs import field

from peer_ledger.errors import Problem
from peer_ledger.records import Level
from peer_ledger.rules._depth import refuse_deep
from peer_ledger.rules._questions import CITES, ByQuestion, ReadingIs
from peer_ledger.rules._values import FLAG, WHOLE, an, varying
from peer_ledger.values._checks import Check, fused, must_be, optional, refuse_reversed, refused
from peer_ledger.values._fields import COUNT, DAY, MOST_ITEMS, TERM, one_of

Anchor = Literal[
    "award", "last-grant", "cycle-start", "due", "after-due", "filing", "lapse", "inactive", "completion",
    "last-completion", "calendar", "never",
]  # fmt: skip
"""
What a date is counted from: the first day of the certification; the day of the last grant; the first day of the cycle;
the due date; the day after the due date, from which "the last two years" are counted back; the day of filing, or the
day asked about while nothing is filed; the last day of late filing of a certificate that lapsed, or the day on which
one was made inactive (`lapse`; `inactive`, where only that leads to a reinstatement); the day on which there was enough
training for another requirement (`completion`), or that of the last such training (`last-completion`); a calendar day;
or `never`, for the end of something that has no known end.
"""

OF_COMPLETION: Final[tuple[Anchor, ...]] = ("completion", "last-completion")
"""What is counted from training of the person's own."""


def _is_relative_date(value: Any) -> bool:
    return type(value) is RelativeDate


_RELATIVE_DATE = Check(_is_relative_date, must_be("a RelativeDate"), {})


@attrs.frozen(kw_only=True, field_transformer=fused, cache_hash=True)
class RelativeDate:
    """
    A day relative to another day.

    Attributes:
        of: What it is counted from.
        months: How many months later, or earlier when negative.  Where several days are that many months before the
            other, a beginning is the first of them and an end the last.
        days: How many days later after that, or earlier when negative.
        month_end: Whether it moves to the last day of its month before days are counted.
        due_from: It exists only if the due date is this day or later; `None` for any due date.
        due_until: It exists only if the due date is this day or earlier; `None` for any due date.
        requirement: With `of = "completion"` or `"last-completion"`, the id of the requirement or part that asks for
            the training.
        day: With `of = "calendar"`, the day itself.
        included: For an end of an interval, whether the day itself is included.
        otherwise: The day to use when this one does not exist; `None` for no day.
    """

    of: Anchor = field(validator=one_of(Anchor))
    months: int = field(default=0, validator=WHOLE)
    days: int = field(default=0, validator=WHOLE)
    month_end: bool = field(default=False, validator=FLAG)
    due_from: date | None = field(default=None, validator=optional(DAY))
    due_until: date | None = field(default=None, validator=optional(DAY))
    requirement: str | None = field(default=None, validator=optional(TERM))
    day: date | None = field(default=None, validator=optional(DAY))
    included: bool = field(default=True, validator=FLAG)
    otherwise: "RelativeDate | None" = field(default=None, validator=optional(_RELATIVE_DATE))

    def __attrs_post_init__(self) -> None:
        if self.otherwise is not None and self.due_from is None and self.due_until is None:
            raise refused(
                self,
                (Problem("otherwise", "is never used without due_from or due_until; give either, or leave it out"),),
            )
        if (self.of == "calendar") is (self.day is None):
            raise refused(self, (Problem("day", "is given with of = 'calendar', and only then"),))
        if (self.of in OF_COMPLETION) is (self.requirement is None):
            given = "is given with of = 'completion' or 'last-completion', and only then"
            raise refused(self, (Problem("requirement", given),))
        refuse_reversed(self, "due_from", "due_until")


attrs.resolve_types(RelativeDate)
RELATIVE_DATE = optional(varying(an(RelativeDate)))


def _is_later(begins: RelativeDate, ends: RelativeDate) -> bool:
    """Return whether a beginning is certainly after an end, or the two are the same day and it is not included."""
    if (begins.of, begins.requirement, begins.month_end) != (ends.of, ends.requirement, ends.month_end):
        return False
    if begins.day is not None and ends.day is not None and begins.day != ends.day:
        return (begins.months, begins.days) == (ends.months, ends.days) and begins.day > ends.day
    later = (begins.months - ends.months, begins.days - ends.days)
    return min(later) >= 0 and (max(later) > 0 or not (begins.included and ends.included))


@attrs.frozen(kw_only=True, field_transformer=fused, cache_hash=True)
class Interval:
    """
    The days that count, with the sources that say so.

    Attributes:
        begins: The first day; `None` when there is no beginning.
        ends: The last day; `None` when there is no end.
        cites: The ids of the sources.
    """

    begins: RelativeDate | ByQuestion | None = field(default=None, validator=RELATIVE_DATE)
    ends: RelativeDate | ByQuestion | None = field(default=None, validator=RELATIVE_DATE)
    cites: tuple[str, ...] = field(validator=CITES)

    def __attrs_post_init__(self) -> None:
        _refuse_without_days(self)


INTERVAL = optional(an(Interval))


@attrs.frozen(kw_only=True, field_transformer=fused)
class Span:
    """
    The days of a condition; its sources are those of the requirement.

    Attributes:
        begins: The first day; `None` when there is no beginning.
        ends: The last day; `None` when there is no end.
    """

    begins: RelativeDate | ByQuestion | None = field(default=None, validator=RELATIVE_DATE)
    ends: RelativeDate | ByQuestion | None = field(default=None, validator=RELATIVE_DATE)

    def __attrs_post_init__(self) -> None:
        _refuse_without_days(self)


def _refuse_without_days(days: Interval | Span) -> None:
    """Raise an error for days without a beginning and an end, or with an end before the beginning."""
    begins, ends = days.begins, days.ends
    if begins is None and ends is None:
        raise refused(days, (Problem("begins", "give begins, ends, or both"),))
    if isinstance(begins, RelativeDate) and isinstance(ends, RelativeDate) and _is_later(begins, ends):
        raise refused(days, (Problem("ends", "is before begins, or is the same day and not included"),))


SPAN = optional(an(Span))
READING_IS = optional(an(ReadingIs))


def _is_condition(value: Any) -> bool:
    return type(value) is Condition


def _are_conditions(value: Any) -> bool:
    is_tuple = type(value) is tuple and len(value) != 1 and len(value) <= MOST_ITEMS
    return is_tuple and all(map(_is_condition, value))


_CONDITION = Check(_is_condition, must_be("a Condition"), {})
_CONDITIONS = Check(_are_conditions, must_be(f"two to {MOST_ITEMS} conditions"), {})


@attrs.frozen(kw_only=True, field_transformer=fused)
class Condition:
    """
    When a requirement applies; every condition that is given must hold.

    Attributes:
        question: A question; the condition holds under its `reading`.
        reading: The reading of `question`.
        holds: A designation that the person holds on the day of filing.
        credential: The id of another rule set whose certificate is in force on the day of filing.
        if_unrecorded: A question about the facts and the reading under which the condition holds, for when the records
            do not show whether the person holds the designation or the other certificate; `None` when what is not on
            file is not held.
        level: The level of the certificate: `provisional` or `full`.
        late: Whether the filing is late.
        filed: The days in which the filing must fall.
        awarded: The days in which the first day of the certification must fall.
        cycle_from: The number of the first cycle in which it holds; `None` for cycle 1.
        cycle_to: The number of the last cycle in which it holds; `None` when there is no last.
        cycle_every: How many cycles apart it holds, counted from `cycle_from`; `None` for every cycle.
        any_of: Conditions of which at least one must hold.
        unless: A condition that must not hold.
    """

    question: str | None = field(default=None, validator=optional(TERM))
    reading: str | None = field(default=None, validator=optional(TERM))
    holds: str | None = field(default=None, validator=optional(TERM))
    credential: str | None = field(default=None, validator=optional(TERM))
    if_unrecorded: ReadingIs | None = field(default=None, validator=READING_IS)
    level: Level | None = field(default=None, validator=optional(one_of(Level)))
    late: bool | None = field(default=None, validator=optional(FLAG))
    filed: Span | None = field(default=None, validator=SPAN)
    awarded: Span | None = field(default=None, validator=SPAN)
    cycle_from: int | None = field(default=None, validator=optional(COUNT))
    cycle_to: int | None = field(default=None, validator=optional(COUNT))
    cycle_every: int | None = field(default=None, validator=optional(COUNT))
    any_of: tuple["Condition", ...] = field(default=(), validator=_CONDITIONS)
    unless: "Condition | None" = field(default=None, validator=optional(_CONDITION))

    def __attrs_post_init__(self) -> None:
        problems = []
        if (self.question is None) is not (self.reading is None):
            problems.append(Problem("reading", "give question and reading together"))
        if all(getattr(self, part.name) in (None, ()) for part in attrs.fields(Condition)):
            problems.append(Problem("holds", "is missing, as is every other condition; give any, or leave all out"))
        if self.if_unrecorded is not None and self.holds is None and self.credential is None:
            problems.append(Problem("if_unrecorded", "needs holds or credential"))
        if self.cycle_from is not None and self.cycle_to is not None and self.cycle_to < self.cycle_from:
            problems.append(Problem("cycle_to", f"is before cycle_from, {self.cycle_from}"))
        if problems:
            raise refused(self, tuple(problems))
        if self.any_of or self.unless is not None:
            refuse_deep(self)


attrs.resolve_types(Condition)
CONDITION = optional(an(Condition))
