"""
The days that relative dates name, for many people at once: what `_days` of the evaluation finds for one.

A day is a number of the calendar, and 0 where there is none.
"""

from typing import Any, NamedTuple

from peer_ledger.columns._codes import EPOCH
from peer_ledger.columns._libraries import numpy
from peer_ledger.evaluation._crowds import Days
from peer_ledger.evaluation._days import FIRST_DAY, LAST_DAY
from peer_ledger.rules import RelativeDate

FIRST, LAST = FIRST_DAY.toordinal(), LAST_DAY.toordinal()
"""The first and the last day of the calendar."""

_OF_GRANT = {"award": "anchor", "last-grant": "day", "cycle-start": "begins", "due": "due", "after-due": "due"}


class Bases(NamedTuple):
    """
    What the relative dates of some people are counted from.

    Attributes:
        grants: The days of each one's last grant, a column for each of `Days`; nothing but 0 without a grant.
        as_of: The day of filing, or the day asked about while nothing is filed.
        lapsed_on: The last day of filing late of a certificate that lapsed.
    """

    grants: Any
    as_of: Any
    lapsed_on: Any

    def of_grant(self, name: str) -> Any:
        """Return one of the days of each one's last grant, by its name in `Days`."""
        return self.grants[:, Days._fields.index(name)]


def days_between(begins: RelativeDate | None, ends: RelativeDate | None, bases: Bases) -> tuple[Any, Any]:
    """
    Return the first and the last day between two relative dates.

    Args:
        begins: The first day, or the day before it where that is not included.
        ends: The last day, or the day after it where that is not included.
        bases: What they are counted from.
    """
    first, last = day_of(begins, bases), day_of(ends, bases, is_end=True)
    return (
        first if begins is None or begins.included else _where_there(first, first + 1),
        last if ends is None or ends.included else _where_there(last, last - 1),
    )


def day_of(point: RelativeDate | None, bases: Bases, *, is_end: bool = False) -> Any:
    """
    Return the day that a relative date names.

    Args:
        point: The relative date.
        bases: What it is counted from.
        is_end: Whether it is the last day of an interval.
    """
    np = numpy()
    if point is None:
        return np.zeros(len(bases.as_of), dtype=np.int64)
    start = _start_of(point, bases)
    found = _where_there(start, _counted(point, start, is_end=is_end))
    if point.due_from is None and point.due_until is None:
        return found
    due = bases.of_grant("due")
    least = 1 if point.due_from is None else point.due_from.toordinal()
    most = LAST if point.due_until is None else point.due_until.toordinal()
    is_of_due = (least <= due) & (due <= most)
    return np.where(is_of_due, found, _where_there(start, day_of(point.otherwise, bases, is_end=is_end)))


def _start_of(point: RelativeDate, bases: Bases) -> Any:
    """Return the day from which a relative date is counted."""
    np = numpy()
    match point.of:
        case "filing":
            return bases.as_of
        case "lapse" | "inactive":
            return bases.lapsed_on
        case "calendar":
            assert point.day is not None, "a day of the calendar has a day"
            return np.full(len(bases.as_of), point.day.toordinal())
        case "never":
            return np.full(len(bases.as_of), LAST)
    start = bases.of_grant(_OF_GRANT[point.of])
    return _where_there(start, start + 1) if point.of == "after-due" else start


def _counted(point: RelativeDate, start: Any, *, is_end: bool) -> Any:
    """Return the days some months and days after others; whatever after 0."""
    np, day = numpy(), start
    if point.months:
        day = _months_after(start, point.months)
        if point.months < 0 and not (point.month_end or is_end):
            again = _months_after(day, -point.months)
            day = np.where(again == 0, 0, day + (again < start))
    if point.month_end:
        day = _where_there(day, _last_of_month(day))
    return _where_there(day, np.where(day > LAST, LAST, day + point.days))


def _months_after(days: Any, months: int) -> Any:
    """Return the days some months after others, as `months_after` does; 0 outside the calendar."""
    np = numpy()
    first = _months_of(days)
    place = days - _days_of(first)
    there = np.minimum(_days_of(first + months) + place, _days_of(first + months + 1) - 1)
    return np.where((days > 0) & (there >= FIRST) & (there <= LAST), there, 0)


def _last_of_month(days: Any) -> Any:
    """Return the last days of months; of the last month of the calendar, which no day follows, a day beyond it."""
    following = _days_of(_months_of(days) + 1)
    return numpy().where(following > LAST, LAST + 1, following - 1)


def _months_of(days: Any) -> Any:
    """Return the months of days, as numbers that can be counted on."""
    return (days - EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype("int64")


def _days_of(months: Any) -> Any:
    """Return the first days of months."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype("int64") + EPOCH


def _where_there(days: Any, found: Any) -> Any:
    """Return what was found for days, and 0 where there is none."""
    return numpy().where(days > 0, found, 0)
