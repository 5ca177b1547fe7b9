"""
How a board lays certification cycles over the calendar.

From the anchor on, every day lies in exactly one cycle.  Cycle *n* is counted from the anchor, never from the cycle
before it, so that a certificate awarded on 29 February or on the 31st of a month does not creep.

>>> two_years = Anniversary(months=24, begins="next-month")  # to the end of the anniversary month
>>> first = cycle_on(date(2026, 3, 31), two_years, anchor=date(2024, 3, 14))
>>> str(first)
'cycle 1, 2024-03-14 to 2026-03-31'
>>> cycle_on(date(2026, 4, 1), two_years, anchor=date(2024, 3, 14)).number
2
"""

from datetime import date, timedelta
from typing import ClassVar, Literal

import attrs
from attrs import field

from peer_ledger._checks import COUNT, Check, fused, must_be, one_of
from peer_ledger.dates import MonthDay, day_in, first_of_month, months_after
from peer_ledger.errors import InvalidValue

Beginning = Literal["same-day", "month", "next-month"]
"""The anniversary itself, the first of its month, or the first of the month after it."""

LeapDay = Literal["28 February", "1 March"]
"""Which day stands for 29 February where there is none."""

REST = Check("type(v) is int and 0 <= v < 2**53", must_be("a whole number from 0"), {"type": "integer", "minimum": 0})
MONTH_DAY = Check("type(v) is MonthDay", must_be("a MonthDay"), {"type": "string"}, {"MonthDay": MonthDay})


@attrs.frozen(kw_only=True, field_transformer=fused)
class Anniversary:
    """
    Cycles of so many months, counted from the anchor.

    Attributes:
        months: The length of a cycle, from 1.
        begins: Where a later cycle begins: on the anniversary itself (`same-day`), on the first of its month (`month`),
            or on the first of the month after it (`next-month`), so that a cycle ends with the anniversary's month.
    """

    kind: ClassVar[str] = "anniversary"

    months: int = field(validator=COUNT)
    begins: Beginning = field(default="same-day", validator=one_of(Beginning))

    def beginning(self, number: int, anchor: date) -> date:
        """Give the first day of a cycle, from cycle 2 on."""
        anniversary = months_after(anchor, self.months * (number - 1))
        if self.begins == "same-day":
            return anniversary
        return first_of_month(anniversary if self.begins == "month" else months_after(anniversary, 1))


@attrs.frozen(kw_only=True, field_transformer=fused)
class FixedDate:
    """
    Cycles that begin for everybody on the same day of the calendar, every so many years.

    Attributes:
        begins: The first day of a cycle; 29 February is none.
        years: The length of a cycle, from 1.
        phase: The years in which a cycle begins, as what remains of the year divided by `years`: 1 for odd years of
            two.
        shortest: How many months the first cycle has at least; one that would be shorter is joined to the next.
    """

    kind: ClassVar[str] = "fixed-date"

    begins: MonthDay = field(validator=MONTH_DAY)
    years: int = field(default=1, validator=COUNT)
    phase: int = field(default=0, validator=REST)
    shortest: int = field(default=0, validator=REST)

    def __attrs_post_init__(self) -> None:
        if self.begins == MonthDay(2, 29):
            raise InvalidValue("a cycle cannot begin for everybody on 29 February; say 28 February or 1 March")
        if self.phase >= self.years:
            raise InvalidValue(f"what remains of a year divided by {self.years} is less than {self.phase}")

    def beginning(self, number: int, anchor: date) -> date:
        """Give the first day of a cycle, from cycle 2 on."""
        earliest = max(months_after(anchor, self.shortest), anchor + timedelta(days=1))
        year = earliest.year + (self.phase - earliest.year) % self.years
        if self._in(year) < earliest:
            year += self.years
        return self._in(year + self.years * (number - 2))

    def _in(self, year: int) -> date:
        return day_in(year, self.begins)


@attrs.frozen(kw_only=True, field_transformer=fused)
class Birthday:
    """
    Cycles that begin on the person's birthday; the first one ends before the first birthday after the anchor.

    Attributes:
        birthday: The person's.
        years: The length of a later cycle, from 1.
        leap_day: Which day is the birthday of somebody born on 29 February, in a year that has none.
    """

    kind: ClassVar[str] = "birthday"

    birthday: MonthDay = field(validator=MONTH_DAY)
    years: int = field(default=1, validator=COUNT)
    leap_day: LeapDay = field(default="28 February", validator=one_of(LeapDay))

    def beginning(self, number: int, anchor: date) -> date:
        """Give the first day of a cycle, from cycle 2 on."""
        first = anchor.year if self._in(anchor.year) > anchor else anchor.year + 1
        return self._in(first + self.years * (number - 2))

    def _in(self, year: int) -> date:
        return day_in(year, self.birthday, leap_day=self.leap_day)


CycleRule = Anniversary | FixedDate | Birthday
"""How a board lays its cycles."""


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


def cycle_of_number(number: int, rule: CycleRule, *, anchor: date) -> Cycle:
    """
    Give a person's n-th cycle.

    Args:
        number: Which, from 1.
        rule: How the board lays cycles.
        anchor: The first day of the first one, mostly that of the award.

    Raises:
        InvalidValue: There is no such cycle within the calendar of this package, 1900 to 2199.

    >>> leap = Anniversary(months=12)
    >>> [str(cycle_of_number(n, leap, anchor=date(2024, 2, 29)).first_day) for n in (1, 2, 5)]
    ['2024-02-29', '2025-02-28', '2028-02-29']
    """
    if number < 1:
        raise InvalidValue(f"cycles are counted from 1, not from {number}")
    first_day = anchor if number == 1 else rule.beginning(number, anchor)
    return Cycle(number, first_day, rule.beginning(number + 1, anchor) - timedelta(days=1))


def cycle_on(day: date, rule: CycleRule, *, anchor: date) -> Cycle | None:
    """
    Give the cycle that a day lies in; `None` for a day before the anchor.

    Args:
        day: Any day.
        rule: How the board lays cycles.
        anchor: The first day of the first one.

    Raises:
        InvalidValue: The cycle reaches beyond the calendar of this package, 1900 to 2199.
    """
    if day < anchor:
        return None
    number = 1
    step = 1
    while rule.beginning(number + step, anchor) <= day:
        number += step
        step *= 2
    while step > 1:
        step //= 2
        if number + step == 1 or rule.beginning(number + step, anchor) <= day:
            number += step
    return cycle_of_number(number, rule, anchor=anchor)
