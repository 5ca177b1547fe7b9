"""
Days that are counted from others, intervals between them, and the conditions under which something is asked.
"""

from datetime import date
from typing import Any, Literal

import attrs
from attrs import field

from peer_ledger.errors import Problem
from peer_ledger.rules._questions import CITES, ByQuestion, ReadingIs
from peer_ledger.rules._values import FLAG, WHOLE, an, varying
from peer_ledger.values._checks import Check, fused, must_be, optional, refuse_reversed, refused
from peer_ledger.values._fields import COUNT, DAY, TERM, one_of

Anchor = Literal["award", "last-grant", "cycle-start", "due", "after-due", "filing", "lapse", "calendar", "never"]
"""
What a date is counted from: the first day of the certification; the day of the last grant; the first day of the cycle;
the day the cycle is due; the day after that, from which "the last two years" are counted back; the day of filing, or
the day asked about while nothing is filed; the last day of filing late; a day of the calendar; or a day that does not
come, as the end of something of which no end is known.
"""


def _is_relative_date(value: Any) -> bool:
    return type(value) is RelativeDate


_RELATIVE_DATE = Check(_is_relative_date, must_be("a RelativeDate"), {})


@attrs.frozen(kw_only=True, field_transformer=fused)
class RelativeDate:
    """
    A day counted from another.

    Attributes:
        of: What it is counted from.
        months: How many months later; earlier when negative: as a beginning the first day from which so many months
            reach the other, as an end the last one.
        days: How many days later after that; earlier when negative.
        month_end: Whether it moves on to the last day of its month, before days are counted.
        due_from: It is there only if the due date is this day or later; `None` for any.
        due_until: It is there only if the due date is this day or earlier; `None` for any.
        day: With `of = "calendar"`, the day itself.
        included: As the end of an interval: whether the day itself lies within.
        otherwise: The day where this one is not there; `None` when then there is none.
    """

    of: Anchor = field(validator=one_of(Anchor))
    months: int = field(default=0, validator=WHOLE)
    days: int = field(default=0, validator=WHOLE)
    month_end: bool = field(default=False, validator=FLAG)
    due_from: date | None = field(default=None, validator=optional(DAY))
    due_until: date | None = field(default=None, validator=optional(DAY))
    day: date | None = field(default=None, validator=optional(DAY))
    included: bool = field(default=True, validator=FLAG)
    otherwise: "RelativeDate | None" = field(default=None, validator=optional(_RELATIVE_DATE))

    def __attrs_post_init__(self) -> None:
        if self.otherwise is not None and self.due_from is None and self.due_until is None:
            raise refused(
                self, (Problem("otherwise", "is never reached where neither due_from nor due_until is given"),)
            )
        if (self.of == "calendar") is (self.day is None):
            raise refused(self, (Problem("day", "give it where of is 'calendar', and only there"),))
        refuse_reversed(self, "due_from", "due_until")


attrs.resolve_types(RelativeDate)
RELATIVE_DATE = optional(varying(an(RelativeDate)))


def _is_later(begins: RelativeDate, ends: RelativeDate) -> bool:
    """Whether one point is later than another that is counted from the same, or is the same and not included."""
    if begins.of != ends.of or begins.month_end is not ends.month_end:
        return False
    if begins.day is not None and ends.day is not None and begins.day != ends.day:
        return (begins.months, begins.days) == (ends.months, ends.days) and begins.day > ends.day
    later = (begins.months - ends.months, begins.days - ends.days)
    return min(later) >= 0 and (max(later) > 0 or not (begins.included and ends.included))


@attrs.frozen(kw_only=True, field_transformer=fused)
class Interval:
    """
    Which days count.

    Attributes:
        begins: Where it begins; `None` without beginning.
        ends: Where it ends; `None` without end.
        cites: On whose authority.
    """

    begins: RelativeDate | ByQuestion | None = field(default=None, validator=RELATIVE_DATE)
    ends: RelativeDate | ByQuestion | None = field(default=None, validator=RELATIVE_DATE)
    cites: tuple[str, ...] = field(validator=CITES)

    def __attrs_post_init__(self) -> None:
        if self.begins is None and self.ends is None:
            raise refused(self, (Problem("begins", "give where it begins, where it ends, or both"),))
        if (
            isinstance(self.begins, RelativeDate)
            and isinstance(self.ends, RelativeDate)
            and _is_later(self.begins, self.ends)
        ):
            raise refused(self, (Problem("ends", "is before it begins, or is the very day and is left out"),))


INTERVAL = optional(an(Interval))


@attrs.frozen(kw_only=True, field_transformer=fused)
class Span:
    """
    Days within which something lies, as part of a condition; the requirement cites on whose authority.

    Attributes:
        begins: Where it begins; `None` without beginning.
        ends: Where it ends; `None` without end.
    """

    begins: RelativeDate | ByQuestion | None = field(default=None, validator=RELATIVE_DATE)
    ends: RelativeDate | ByQuestion | None = field(default=None, validator=RELATIVE_DATE)

    def __attrs_post_init__(self) -> None:
        if self.begins is None and self.ends is None:
            raise refused(self, (Problem("begins", "give where it begins, where it ends, or both"),))
        if (
            isinstance(self.begins, RelativeDate)
            and isinstance(self.ends, RelativeDate)
            and _is_later(self.begins, self.ends)
        ):
            raise refused(self, (Problem("ends", "is before it begins, or is the very day and is left out"),))


SPAN = optional(an(Span))
READING_IS = optional(an(ReadingIs))


def _is_condition(value: Any) -> bool:
    return type(value) is Condition


def _are_conditions(value: Any) -> bool:
    return type(value) is tuple and len(value) != 1 and all(map(_is_condition, value))


_CONDITION = Check(_is_condition, must_be("a Condition"), {})
_CONDITIONS = Check(_are_conditions, must_be("two conditions or more"), {})


@attrs.frozen(kw_only=True, field_transformer=fused)
class Condition:
    """
    When a requirement is asked at all; all that is given must hold.

    Attributes:
        question: A question, of which
        reading: this reading is taken.
        holds: A designation that the person holds on the day of filing.
        credential: The id of another rule set whose certificate is in force on the day of filing.
        if_unrecorded: A question about the facts, and its reading under which it holds, for a person of whom the
            records do not tell whether the designation or the other certificate is held; `None` when what is not on
            file is not held.
        late: Whether the filing is late.
        filed: The filing lies within these days.
        awarded: The first day of the certification lies within these days.
        cycle_from: The number of the first cycle in which it holds, from 1; `None` from the first.
        cycle_to: The number of the last cycle in which it holds; `None` without end.
        cycle_every: It holds in every so many cycles, counted from `cycle_from`; `None` in each.
        any_of: Conditions of which one or more hold.
        unless: A condition that does not hold.
    """

    question: str | None = field(default=None, validator=optional(TERM))
    reading: str | None = field(default=None, validator=optional(TERM))
    holds: str | None = field(default=None, validator=optional(TERM))
    credential: str | None = field(default=None, validator=optional(TERM))
    if_unrecorded: ReadingIs | None = field(default=None, validator=READING_IS)
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
            problems.append(Problem("reading", "a question and its reading are given together"))
        if all(getattr(self, one.name) in (None, ()) for one in attrs.fields(Condition)):
            problems.append(Problem("holds", "say when it is asked, or leave the condition out"))
        if self.if_unrecorded is not None and self.holds is None and self.credential is None:
            problems.append(Problem("if_unrecorded", "is about a designation or another certificate; give one"))
        if self.cycle_from is not None and self.cycle_to is not None and self.cycle_to < self.cycle_from:
            problems.append(Problem("cycle_to", f"is before cycle_from, {self.cycle_from}"))
        if problems:
            raise refused(self, tuple(problems))


attrs.resolve_types(Condition)
CONDITION = optional(an(Condition))
