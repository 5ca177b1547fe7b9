"""
The calendar days that the relative dates of a rule set name.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final, TypeAlias

from peer_ledger.errors import InvalidValue
from peer_ledger.evaluation._life import Grant
from peer_ledger.rules import RelativeDate
from peer_ledger.values.dates import DAY, FIRST_YEAR, LAST_YEAR, months_after

FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)


def later(day: date, months: int) -> date:
    """
    Return the day a number of months later; `date.max` where that is beyond the calendar.
    """
    try:
        return months_after(day, months)
    except InvalidValue:
        return date.max


def day_of(
    point: RelativeDate | None, grant: Grant | None, as_of: date, lapsed_on: date | None, *, is_end: bool = False
) -> date | None:
    """
    Return the day that a relative date names; `None` when there is none, or its starting day does not exist.

    Args:
        point: The relative date.
        grant: The last grant; `None` when there is none.
        as_of: The day of filing, or the day asked about while nothing is filed.
        lapsed_on: The last day of filing late of a certificate that lapsed, or the day on which it was made inactive;
            otherwise `None`.
        is_end: Whether it is the last day of an interval; a number of months counted back then ends on the day
            instead of beginning on it.
    """
    if point is None:
        return None
    start = _STARTS[point.of](point, grant, as_of, lapsed_on)
    if start is None:
        return None
    if (point.due_from or point.due_until) and not _is_due_within(point, grant):
        return day_of(point.otherwise, grant, as_of, lapsed_on, is_end=is_end)
    day = start
    if point.months:
        # "Six months before" as a first day must leave six whole months until the start, see `_months_from`; as a last
        # day, and where it is moved to the end of its month anyway, the plain count is meant.
        try:
            is_plain = point.month_end or is_end
            day = months_after(start, point.months) if is_plain else _months_from(start, point.months)
        except InvalidValue:
            return None
    if point.month_end:
        day = later(day.replace(day=1), 1) - DAY
    if day > LAST_DAY:
        return LAST_DAY
    return day + timedelta(days=point.days) if point.days else day


def _is_due_within(point: RelativeDate, grant: Grant | None) -> bool:
    """Return whether the due date lies where a relative date holds."""
    if grant is None:
        return False
    return not (
        (point.due_from is not None and grant.due < point.due_from)
        or (point.due_until is not None and grant.due > point.due_until)
    )


def _from_records(*_: object) -> date | None:
    raise AssertionError("when training was complete is found from the records, see `completion_days`")


_Start: TypeAlias = Callable[[RelativeDate, Grant | None, date, date | None], date | None]

_STARTS: Final[Mapping[str, _Start]] = {
    "filing": lambda _point, _grant, as_of, _lapsed_on: as_of,
    "lapse": lambda _point, _grant, _as_of, lapsed_on: lapsed_on,
    "inactive": lambda _point, _grant, _as_of, lapsed_on: lapsed_on,
    "completion": _from_records,
    "last-completion": _from_records,
    "calendar": lambda point, *_: point.day,
    "never": lambda *_: LAST_DAY,
    "award": lambda _, grant, *_rest: None if grant is None else grant.anchor,
    "last-grant": lambda _, grant, *_rest: None if grant is None else grant.day,
    "cycle-start": lambda _, grant, *_rest: None if grant is None else grant.begins,
    "due": lambda _, grant, *_rest: None if grant is None else grant.due,
    "after-due": lambda _, grant, *_rest: None if grant is None else grant.due + DAY,
}
"""What returns the day from which a relative date is counted, given what `day_of` is given; `None` for no day."""


def days_between(
    begins: RelativeDate | None, ends: RelativeDate | None, grant: Grant | None, as_of: date, lapsed_on: date | None
) -> tuple[date | None, date | None]:
    """
    Return the first and the last day between two relative dates; `None` where there is none.

    Args:
        begins: The first day, or the day before it where that is not included.
        ends: The last day, or the day after it where that is not included.
        grant: The last grant; `None` when there is none.
        as_of: The day of filing, or the day asked about while nothing is filed.
        lapsed_on: The last day of filing late of a certificate that lapsed, or the day on which it was made inactive;
            otherwise `None`.
    """
    return first_day(begins, grant, as_of, lapsed_on), last_day(ends, grant, as_of, lapsed_on)


def first_day(begins: RelativeDate | None, grant: Grant | None, as_of: date, lapsed_on: date | None) -> date | None:
    """Return the first of such days."""
    first = day_of(begins, grant, as_of, lapsed_on)
    return first if first is None or begins is None or begins.included else first + DAY


def last_day(ends: RelativeDate | None, grant: Grant | None, as_of: date, lapsed_on: date | None) -> date | None:
    """Return the last of such days."""
    last = day_of(ends, grant, as_of, lapsed_on, is_end=True)
    return last if last is None or ends is None or ends.included else last - DAY


def _months_from(start: date, months: int) -> date:
    """Return the day some months after a start; counted back, the first day from which they do not end before it."""
    # Months are cut to the length of the month: one month back from March 31 is February 28, from which one month on is
    # only March 28. March 1 is the first day from which a month reaches March 31.
    day = months_after(start, months)
    return day + DAY if months < 0 and months_after(day, -months) < start else day
