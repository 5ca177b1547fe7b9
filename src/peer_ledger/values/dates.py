"""
Calendar days and moments.

A day is a `datetime.date` of the years 1900 to 2199, so that adding cycles never leaves the calendar. A moment is a UTC
`datetime.datetime` with microseconds. A pendulum `Date` or `DateTime` is accepted wherever its standard counterpart is.
"""

import re
import zoneinfo
from calendar import isleap
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import attrs
import pendulum

from peer_ledger.errors import InvalidValue, shown

FIRST_YEAR, LAST_YEAR = 1900, 2199
DAY = timedelta(days=1)
MONTHS = {"month": 1, "year": 12}
"""The months of each unit that is counted by the calendar."""

_ZONE = re.compile(r"[A-Z][A-Za-z_]{0,20}(?:/[A-Z][A-Za-z_-]{0,30}){1,2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def as_day(value: date | str) -> date:
    """
    Return a plain calendar day.

    Args:
        value: A date, or a text such as `"2025-03-31"`, in exactly this form.

    Returns:
        A `datetime.date`, never a subclass.

    Raises:
        InvalidValue: The value is a moment, whose day depends on the time zone; or it is not a day of the calendar, or
            outside 1900 to 2199.

    >>> as_day("2024-02-29")
    datetime.date(2024, 2, 29)
    >>> as_day("2025-02-29")
    Traceback (most recent call last):
    ...
    peer_ledger.errors.InvalidValue: there is no day '2025-02-29' in the calendar
    """
    if isinstance(value, datetime):
        raise InvalidValue(
            "a calendar day is needed, not a moment: convert it to the time zone you mean and take .date()"
        )
    if isinstance(value, str):
        if not _DAY.fullmatch(value):
            raise InvalidValue(f"a day is written 'YYYY-MM-DD', not as {shown(value)}")
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise InvalidValue(f"there is no day {value!r} in the calendar") from None
    elif isinstance(value, date):
        day = value if type(value) is date else date(value.year, value.month, value.day)
    else:
        raise InvalidValue(f"a day is a datetime.date or a text such as '2025-03-31', not {shown(value)}")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidValue(f"a day must be in the years {FIRST_YEAR} to {LAST_YEAR}, not in {day.year}")
    return day


def as_moment(value: datetime | str) -> datetime:
    """
    Return a moment, in UTC.

    Args:
        value: A datetime that knows its offset, or a text such as `"2026-03-01T09:30:00-05:00"`.

    Returns:
        The same moment as a plain UTC datetime.

    Raises:
        InvalidValue: The value has no time zone, is only a day, or is not written in ISO 8601.

    >>> as_moment("2026-03-01T09:30-05:00").isoformat()
    '2026-03-01T14:30:00+00:00'
    """
    if isinstance(value, str):
        if not _MOMENT.fullmatch(value):
            raise InvalidValue(
                f"a moment is written with its offset, such as '2026-03-01T09:30:00-05:00', not {shown(value)}"
            )
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise InvalidValue(f"there is no moment {shown(value)}") from None
    if not isinstance(value, datetime):
        raise InvalidValue(
            "a moment is a datetime with its time zone, or a text such as '2026-03-01T09:30:00-05:00', "
            f"not {'a day' if isinstance(value, date) else shown(value)}"
        )
    if value.utcoffset() is None:
        raise InvalidValue("a moment needs its time zone: datetime(..., tzinfo=UTC), or '...Z' at the end of a text")
    try:
        utc = value.astimezone(UTC)
    except OverflowError:
        raise InvalidValue("that moment is outside the calendar") from None
    return datetime(utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second, utc.microsecond, UTC)


@lru_cache(maxsize=65536)
def months_after(day: date, months: int) -> date:
    """
    Return the day some months after another; when its month is too short, the last day of that month.

    Always count from the anchor, because four steps of one year from February 29 end on another day than one step of
    four years.

    Args:
        day: The day to count from.
        months: The number of months; negative to count back.

    Raises:
        InvalidValue: The result is outside the calendar of this package, 1900 to 2199.

    >>> months_after(date(2024, 2, 29), 12), months_after(date(2024, 2, 29), 48)
    (datetime.date(2025, 2, 28), datetime.date(2028, 2, 29))
    """
    try:
        there = pendulum.Date(day.year, day.month, day.day).add(months=months)
    except (ValueError, OverflowError):
        raise InvalidValue(
            f"{abs(months)} months from {day} is outside the calendar, {FIRST_YEAR} to {LAST_YEAR}"
        ) from None
    return as_day(there)


def first_of_month(day: date) -> date:
    """
    Return the first day of a day's month.
    """
    return day.replace(day=1)


def moment_text(moment: datetime) -> str:
    """
    Return a UTC moment as a text of 27 characters; the texts sort like the moments.

    >>> moment_text(as_moment("2026-03-01T14:30Z"))
    '2026-03-01T14:30:00.000000Z'
    """
    return f"{moment.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def utc_now() -> datetime:
    """
    Return the current moment of the system's clock, the default time of recording an entry.
    """
    return datetime.now(UTC)


@attrs.frozen(order=True)
class MonthDay:
    """
    A birthday: a month and a day. Rules do not need the year, so it is never recorded.

    Attributes:
        month: 1 to 12.
        day: 1 to the last day that the month can have; February 29 is allowed.

    >>> str(MonthDay(2, 29))
    '02-29'
    """

    month: int
    day: int

    def __attrs_post_init__(self) -> None:
        if type(self.month) is not int or type(self.day) is not int:
            raise InvalidValue("a month and a day are whole numbers, such as MonthDay(5, 17)")
        try:
            date(2000, self.month, self.day)
        except (ValueError, OverflowError):
            is_short = max(abs(self.month), abs(self.day)) < 100
            day = f"a day {self.month:02}-{self.day:02}" if is_short else "such a day"
            raise InvalidValue(f"no year has {day}") from None

    def __str__(self) -> str:
        return f"{self.month:02}-{self.day:02}"

    @classmethod
    def parse(cls, text: Any) -> "MonthDay":
        """
        Return the month and day of a text such as `"05-17"`.

        Raises:
            InvalidValue: The text has another form, or no year has such a day.
        """
        if not (isinstance(text, str) and re.fullmatch(r"[0-9]{2}-[0-9]{2}", text)):
            raise InvalidValue(f"a month and a day are written 'MM-DD', not as {shown(text)}")
        return cls(int(text[:2]), int(text[3:]))


def day_in(year: int, when: MonthDay, *, leap_day: str = "February 28") -> date:
    """
    Return the day of a month and day in a year.

    Args:
        year: The year.
        when: The month and day.
        leap_day: The day that replaces February 29 in a year that has none: `February 28` or `March 1`.

    Raises:
        InvalidValue: The year is outside 1900 to 2199.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidValue(f"a day must be in the years {FIRST_YEAR} to {LAST_YEAR}, not in {year}")
    if when == MonthDay(2, 29) and not isleap(year):
        return date(year, 2, 28) if leap_day == "February 28" else date(year, 3, 1)
    return date(year, when.month, when.day)


def day_of(moment: datetime, time_zone: str) -> date:
    """
    Return the calendar day of a moment in a time zone.

    Args:
        moment: A moment that knows its offset.
        time_zone: The zone's name, such as `America/New_York`.

    Raises:
        InvalidValue: There is no such time zone, or the moment is outside the calendar.

    >>> day_of(datetime(2026, 4, 1, 2, 0, tzinfo=UTC), "America/New_York")
    datetime.date(2026, 3, 31)
    """
    try:
        local = moment.astimezone(pendulum.timezone(time_zone))
    except (ValueError, KeyError):
        raise InvalidValue(f"there is no time zone {shown(time_zone)}") from None
    except OverflowError:
        raise InvalidValue("that moment is outside the calendar") from None
    return as_day(date(local.year, local.month, local.day))


@lru_cache(maxsize=256)
def _is_known_zone(name: str) -> bool:
    try:
        return bool(zoneinfo.ZoneInfo(name).key)
    except (zoneinfo.ZoneInfoNotFoundError, OSError, ValueError):  # a folder of zones is an OSError
        return False


def is_time_zone(name: object) -> bool:
    """
    Return whether a name is that of a time zone of a place, or UTC; never that of the computer's own.

    >>> is_time_zone("America/New_York"), is_time_zone("America"), is_time_zone("local")
    (True, False, False)
    """
    return isinstance(name, str) and (name == "UTC" or bool(_ZONE.fullmatch(name))) and _is_known_zone(name)


def today_in(time_zone: str) -> date:
    """
    Return today's calendar day in a time zone, by the system's clock.

    Args:
        time_zone: Its name, such as `America/New_York`.

    Raises:
        InvalidValue: There is no such time zone.
    """
    if not is_time_zone(time_zone):
        raise InvalidValue(f"there is no time zone {shown(time_zone)}; write it as 'America/New_York'")
    now = pendulum.now(time_zone)
    return date(now.year, now.month, now.day)
