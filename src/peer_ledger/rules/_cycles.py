"""
How a board maps certification cycles onto the calendar.

From the anchor on, every day is in exactly one cycle.  Cycle *n* is counted from the anchor, never from the previous
cycle, so that a certificate awarded on February 29 or on the 31st of a month does not drift.

>>> two_years = Anniversary(months=24, begins="next-month")  # to the end of the anniversary month
>>> first = cycle_on(date(2026, 3, 31), two_years, anchor=date(2024, 3, 14))
>>> str(first)
'cycle 1, 2024-03-14 to 2026-03-31'
>>> cycle_on(date(2026, 4, 1), two_years, anchor=date(2024, 3, 14)).number
2
"""

from datetime import date, timedelta
from typing import Any, ClassVar, Literal

import attrs
from attrs import field

from peer_ledger.errors import InvalidValue
from peer_ledger.records import MonthDay
from peer_ledger.values._checks import Check, fused, must_be, optional
from peer_ledger.values._fields import COUNT, TERM, TEXT, is_a, is_count, one_of, several
from peer_ledger.values.dates import day_in, first_of_month, months_after

Beginning = Literal["same-day", "next-day", "month", "next-month", "next-year"]
"""The anniversary, the day after it, or the first day of its month, of the next month, or of the next year."""

FirstCycle = Literal["short", "joined"]
"""Whether a partial first cycle is a cycle of its own, or is merged into the next."""

LeapDay = Literal["February 28", "March 1"]
"""The day that replaces February 29 in a year without one."""


def _is_count_or_zero(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**53


def _are_different_counts(value: Any) -> bool:
    return type(value) is tuple and len(value) > 1 and all(map(is_count, value)) and len(set(value)) == len(value)


COUNT_OR_ZERO = Check(_is_count_or_zero, must_be("a whole number from 0"), {"type": "integer", "minimum": 0})
MONTH_DAY = Check(is_a(MonthDay), must_be("a MonthDay"), {"type": "string"})


def _refuse_parts_of_years(begins: str, *months: int) -> None:
    if begins == "next-year" and any(number % 12 for number in months):
        raise InvalidValue("cycles that begin with a calendar year must be whole years; give a multiple of 12 months")


@attrs.frozen(kw_only=True, field_transformer=fused)
class Anniversary:
    """
    Cycles of a fixed number of months, counted from the anchor.

    Attributes:
        months: The length of a cycle in months, from 1.
        begins: Where a later cycle begins: on the anniversary itself (`same-day`); on the day after it (`next-day`), so
            that a cycle ends on the anniversary; on the first of its month (`month`); or on the first of the next month
            or year (`next-month`, `next-year`), so that a cycle ends with the anniversary's month or year.
        first_months: The length of the first cycle after an award; `None` when it is as long as the others.
    """

    kind: ClassVar[str] = "anniversary"

    months: int = field(validator=COUNT)
    begins: Beginning = field(default="same-day", validator=one_of(Beginning))
    first_months: int | None = field(default=None, validator=optional(COUNT))

    def __attrs_post_init__(self) -> None:
        _refuse_parts_of_years(self.begins, self.months, self.first_months or 12)

    def beginning(self, number: int, anchor: date) -> date:
        """Return the first day of cycle `number`, which is 2 or more."""
        first = self.months if self.first_months is None else self.first_months
        anniversary = months_after(anchor, first + self.months * (number - 2))
        if self.begins in ("same-day", "next-day"):
            return anniversary + timedelta(days=self.begins == "next-day")
        if self.begins == "next-year":
            return date(anniversary.year + 1, 1, 1)
        return first_of_month(anniversary if self.begins == "month" else months_after(anniversary, 1))


@attrs.frozen(kw_only=True, field_transformer=fused)
class FixedDate:
    """
    Cycles that begin on the same calendar day for everyone, every year or every few years.

    Attributes:
        begins: The first day of a cycle; February 29 is not allowed.
        years: The length of a cycle in years, from 1.
        phase: The remainder when a year in which a cycle begins is divided by `years`: with `years = 2`, 1 means odd
            years.
        from_award: Whether a cycle begins a whole number of `years` after the year of the award instead, so that with
            `years = 2` a person certified in an odd year has odd years; `phase` is then left out.
        shortest: The minimum length of the first cycle in months; a shorter one is merged into the next.
        first: Whether a first cycle that is long enough is a cycle of its own (`short`), or is always merged into the
            next (`joined`), so that everyone has at least one full cycle.
        working_day: Whether a due date on a Saturday or Sunday moves back to Friday; public holidays are not
            considered.
    """

    kind: ClassVar[str] = "fixed-date"

    begins: MonthDay = field(validator=MONTH_DAY)
    years: int = field(default=1, validator=COUNT)
    phase: int = field(default=0, validator=COUNT_OR_ZERO)
    from_award: bool = field(default=False, validator=Check(is_a(bool), must_be("true or false"), {}))
    shortest: int = field(default=0, validator=COUNT_OR_ZERO)
    first: FirstCycle = field(default="short", validator=one_of(FirstCycle))
    working_day: bool = field(default=False, validator=Check(is_a(bool), must_be("true or false"), {}))

    def __attrs_post_init__(self) -> None:
        if self.begins == MonthDay(2, 29):
            raise InvalidValue("cycles cannot begin on February 29; give February 28 or March 1")
        if self.phase >= self.years:
            raise InvalidValue(f"phase must be less than years, {self.years}, not {self.phase}")
        if self.from_award and self.phase:
            raise InvalidValue("phase cannot be combined with from_award: the year of the award sets the years")

    def beginning(self, number: int, anchor: date) -> date:
        """Return the first day of cycle `number`, which is 2 or more."""
        earliest = max(months_after(anchor, self.shortest), anchor + timedelta(days=1))
        phase = anchor.year if self.from_award else self.phase
        year = earliest.year + (phase - earliest.year) % self.years
        if self._in(year) < earliest:
            year += self.years
        return self._in(year + self.years * (number - (1 if self.first == "joined" else 2)))

    def _in(self, year: int) -> date:
        return day_in(year, self.begins)


@attrs.frozen(kw_only=True, field_transformer=fused)
class Birthday:
    """
    Cycles that begin on the person's birthday; the first one ends before the first birthday after the anchor.

    Attributes:
        birthday: The person's birthday; `None` in a rule set, which uses each person's own.
        years: The length of a later cycle in years, from 1.
        leap_day: The day used for a birthday on February 29 in a year without one.
        begins: Whether a cycle begins on the birthday (`same-day`) or on the day after it (`next-day`), so that it ends
            on the birthday.
    """

    kind: ClassVar[str] = "birthday"

    birthday: MonthDay | None = field(default=None, validator=optional(MONTH_DAY))
    years: int = field(default=1, validator=COUNT)
    leap_day: LeapDay = field(default="February 28", validator=one_of(LeapDay))
    begins: Literal["same-day", "next-day"] = field(
        default="same-day", validator=one_of(Literal["same-day", "next-day"])
    )

    def beginning(self, number: int, anchor: date) -> date:
        """Return the first day of cycle `number`, which is 2 or more."""
        first = anchor.year if self._in(anchor.year) > anchor else anchor.year + 1
        return self._in(first + self.years * (number - 2))

    def _in(self, year: int) -> date:
        if self.birthday is None:
            raise InvalidValue("cycles by birthday need the person's birthday; set birthday")
        return day_in(year, self.birthday, leap_day=self.leap_day) + timedelta(days=self.begins == "next-day")


@attrs.frozen(kw_only=True, field_transformer=fused)
class Cohort:
    """
    A group of people whose cycles begin on the same calendar day.

    Attributes:
        name: The word that documents use for it.
        begins: The first day of a cycle; February 29 is not allowed.
        years: The length of a cycle in years, from 1.
        phase: The remainder when a year in which a cycle begins is divided by `years`.
    """

    name: str = field(validator=TERM)
    begins: MonthDay = field(validator=MONTH_DAY)
    years: int = field(default=1, validator=COUNT)
    phase: int = field(default=0, validator=COUNT_OR_ZERO)

    def __attrs_post_init__(self) -> None:
        self.cycles()

    def cycles(self) -> FixedDate:
        """Return its cycles."""
        return FixedDate(begins=self.begins, years=self.years, phase=self.phase)


@attrs.frozen(kw_only=True, field_transformer=fused)
class Cohorts:
    """
    Cycles that begin on fixed days, depending on the cohort to which the board assigned the person.

    Attributes:
        document_kind: The kind of document that states a person's cohort, as a word.
        cohorts: The cohorts.
    """

    kind: ClassVar[str] = "cohorts"

    document_kind: str = field(validator=TERM)
    cohorts: tuple[Cohort, ...] = field(validator=several(Cohort))

    def __attrs_post_init__(self) -> None:
        names = [cohort.name for cohort in self.cohorts]
        if len(names) < 2 or len(set(names)) != len(names):
            raise InvalidValue("give two or more cohorts with different names")


@attrs.frozen(kw_only=True, field_transformer=fused)
class Chosen:
    """
    Cycles whose length the certificate holder chooses.

    Attributes:
        document_kind: The kind of document that states the chosen length, as a number of months or years; the last one
            before a grant counts.
        months: The lengths to choose from, in months.
        begins: Where a later cycle begins, as with `Anniversary`.
    """

    kind: ClassVar[str] = "chosen"

    document_kind: str = field(validator=TERM)
    months: tuple[int, ...] = field(
        validator=Check(_are_different_counts, must_be("two or more different numbers of months"), {})
    )
    begins: Beginning = field(default="same-day", validator=one_of(Beginning))

    def __attrs_post_init__(self) -> None:
        _refuse_parts_of_years(self.begins, *self.months)


@attrs.frozen(kw_only=True, field_transformer=fused)
class UnknownCycle:
    """
    Cycles of which no source says when they begin and end, so that a certificate ends only where an expiry is printed.

    Attributes:
        says: What is not known, in a few plain words: "how long a certificate lasts".
    """

    kind: ClassVar[str] = "unknown"

    says: str = field(default="when a certificate ends", validator=TEXT)


Schedule = Anniversary | FixedDate | Birthday
"""How one person's cycles follow each other."""

CycleRule = Anniversary | FixedDate | Birthday | Cohorts | Chosen | UnknownCycle
"""How a board sets certification cycles."""


def months_of(rule: CycleRule) -> int | None:
    """
    Return the usual length of a cycle in months; where the holder chooses, the shortest choice, and `None` for unknown.
    """
    if isinstance(rule, UnknownCycle):
        return None
    if isinstance(rule, Anniversary):
        return rule.months
    if isinstance(rule, Chosen):
        return min(rule.months)
    return 12 * (rule.cohorts[0].years if isinstance(rule, Cohorts) else rule.years)


@attrs.frozen(order=True)
class Cycle:
    """
    One certification cycle.

    Attributes:
        number: From 1.
        first_day: Its first day.
        last_day: Its last day.
    """

    number: int
    first_day: date
    last_day: date

    def __str__(self) -> str:
        return f"cycle {self.number}, {self.first_day} to {self.last_day}"

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


def cycle_of_number(number: int, rule: Schedule, *, anchor: date) -> Cycle:
    """
    Return a person's n-th cycle.

    Args:
        number: The number of the cycle, from 1.
        rule: How the person's cycles follow each other.
        anchor: The first day of the first cycle, usually the day of the award.

    Raises:
        InvalidValue: The cycle is outside the calendar of this package, 1900 to 2199.

    >>> leap = Anniversary(months=12)
    >>> [str(cycle_of_number(n, leap, anchor=date(2024, 2, 29)).first_day) for n in (1, 2, 5)]
    ['2024-02-29', '2025-02-28', '2028-02-29']
    """
    if number < 1:
        raise InvalidValue(f"cycle numbers start at 1, not {number}")
    first_day = anchor if number == 1 else rule.beginning(number, anchor)
    return Cycle(number, first_day, rule.beginning(number + 1, anchor) - timedelta(days=1))


def cycle_on(day: date, rule: Schedule, *, anchor: date) -> Cycle | None:
    """
    Return the cycle that contains a day; `None` for a day before the anchor.

    Args:
        day: Any day.
        rule: How the person's cycles follow each other.
        anchor: The first day of the first cycle.

    Raises:
        InvalidValue: The cycle extends beyond the calendar of this package, 1900 to 2199.
    """
    if day < anchor:
        return None
    number = 1
    step = 1
    while _begins_by(day, number + step, rule, anchor):
        number += step
        step *= 2
    while step > 1:
        step //= 2
        if _begins_by(day, number + step, rule, anchor):
            number += step
    return cycle_of_number(number, rule, anchor=anchor)


def _begins_by(day: date, number: int, rule: Schedule, anchor: date) -> bool:
    """Return whether a cycle begins on a day or before it; one that begins after the calendar ends does not."""
    try:
        return rule.beginning(number, anchor) <= day
    except InvalidValue:
        return False
