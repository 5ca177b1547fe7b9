"""
Days as spreadsheets write them: read by a declared format, or refused if they can be read in two ways.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

from peer_ledger.errors import InvalidValue, shown
from peer_ledger.importing._shown_cells import day_for_message
from peer_ledger.values.dates import as_day, day_of

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_TOKEN = re.compile(r"YYYY|YY|MMM|MM|M|DD|D|hh|mm|ss|AM")
_LONGEST_FORMAT = 60
_KINDS = {"YY": "Y", "YYYY": "Y", "MMM": "M", "MM": "M", "M": "M", "DD": "D", "D": "D"}
_PATTERN = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "YY": r"(?P<short>[0-9]{2})",
    "MMM": r"(?P<name>[A-Za-z]{3,9})\.?",
    "MM": r"(?P<month>[0-9]{1,2})",
    "M": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{1,2})",
    "D": r"(?P<day>[0-9]{1,2})",
    "hh": r"[0-9]{1,2}",
    "mm": r"[0-9]{2}",
    "ss": r"[0-9]{2}(?:\.[0-9]+)?",
    "AM": r"[AaPp]\.?[Mm]\.?",
}
_CERTAIN = (
    "YYYY-MM-DD", "YYYY/MM/DD", "YYYYMMDD", "MMM D, YYYY", "MMM D YYYY", "D MMM YYYY", "D-MMM-YYYY", "D-MMM-YY",
    "MMM-D-YYYY",
)  # fmt: skip
"""Formats of days that can be read in one way only."""

_ORDERS = {"MDY": "MM/DD/YYYY", "DMY": "DD/MM/YYYY", "YMD": "YYYY/MM/DD"}
_TIME = r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?([AaPp])\.?[Mm]\.?)?"
_TIME_AFTER = re.compile(rf"(?:T|,? ){_TIME}$")
_ZONE_AFTER = re.compile(r"(?<=[0-9Mm. ]) ?(Z|UTC|GMT|[ECMP][SD]T|[+-][0-9]{2}:?[0-9]{2})$")
_OFFSETS = {"Z": 0, "UTC": 0, "GMT": 0} | {
    f"{name}{kind}T": hours + (kind == "D")
    for name, hours in zip("ECMP", (-5, -6, -7, -8), strict=True)
    for kind in "SD"
}
"""The hours that the zones in texts are before or behind UTC."""

_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? +", re.IGNORECASE)
_ORDINAL = re.compile(r"(?<=[0-9])(?:st|nd|rd|th)\b", re.IGNORECASE)
_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")
_SERIALS = range(32874, 54789)
"""The numbers of the days of 1990 to 2049 in spreadsheet programs."""

_SERIAL_ZERO = date(1899, 12, 30)
_NO_DAY = re.compile(r"[A-Za-z]{3,9}\.?,? ?'?[0-9]{2,4}|[0-9]{1,2}[/-][0-9]{4}|[0-9]{4}(?:[/-][0-9]{1,2})?")
_SEVERAL = re.compile(
    r".*[0-9] ?(?:-|\u2013|to|through|and|&|,) ?[0-9].*[0-9]{4}.*|.*[0-9] (?:-|\u2013|to|through) \w.*"
)


class DayRead(NamedTuple):
    """
    A day, and what somebody may want to check about it.

    Attributes:
        day: The day.
        says: `serial` for the number of a day in a spreadsheet program; `moved` for a moment of another zone that is
            another day here, `same` for one that is the same day; `unmoved` for one read where no zone is known;
            `timeless` for a day of another zone without its time.  Otherwise `None`.
    """

    day: date
    says: str | None = None


class DayFormat:
    """
    One way to write days, such as `MM/DD/YYYY`.

    `YYYY` and `YY` are the year (`YY` of this century), `MM` the month, `MMM` its name, `DD` the day; `hh`, `mm`, `ss`
    and `AM` a time of day, which is ignored.  `MM` and `DD` also accept a single digit where something separates them.

    Args:
        text: The format.

    Raises:
        InvalidValue: It does not name year, month and day once each.

    >>> DayFormat("MM/DD/YY").read("3/4/25")
    datetime.date(2025, 3, 4)
    """

    def __init__(self, text: str) -> None:
        self.text = text
        tokens = _TOKEN.findall(text) if len(text) <= _LONGEST_FORMAT else []
        kinds = [_KINDS[token] for token in tokens if token in _KINDS]
        times = [token for token in tokens if token not in _KINDS]
        # Each piece occurs once and no digit stands between pieces, so that matching never tries many ways.
        is_clear = len(set(times)) == len(times) and not re.search(
            r"[A-Za-z0-9]", _TOKEN.sub("", text.replace("T", ""))
        )
        if sorted(kinds) != ["D", "M", "Y"] or not is_clear:
            wanted = "must name year, month and day once each, such as 'MM/DD/YYYY' or 'D MMM YYYY'"
            raise InvalidValue(f"a format of dates {wanted}, not {shown(text)}")
        pattern, end = "", 0
        for found in _TOKEN.finditer(text):
            touches = found.start() == end and end > 0
            pattern += re.escape(text[end : found.start()]) + _PATTERN[found.group()]
            if touches:
                pattern = pattern.replace("{1,2}", "{2}")
            end = found.end()
        self.order = order_of(text)
        self._match = re.compile(pattern + re.escape(text[end:])).fullmatch

    def __repr__(self) -> str:
        return f"DayFormat({self.text!r})"

    def read(self, text: str) -> date | None:
        """
        Read a day; return `None` when the text does not have this format, or there is no such day.
        """
        found = self._match(text)
        if found is None:
            return None
        part = found.groupdict()
        year = int(part["year"]) if part.get("year") else 2000 + int(part["short"])
        if part.get("name"):
            name = part["name"].lower()
            month = next((n for n, full in enumerate(MONTHS, 1) if full.startswith(name) or name == full[:4]), 0)
        else:
            month = int(part["month"])
        try:
            return as_day(date(year, month, int(part["day"])))
        except (ValueError, InvalidValue):
            return None


class DayReader:
    """
    Reads the days of one file.

    A declared format also declares the order of day, month and year: `MM/DD/YYYY` reads `4/2/25` and `04-02-2025`, too.

    Args:
        formats: The declared formats; without any, only days that can be read in one way are accepted.
        time_zone: The time zone whose days are meant, as `America/New_York`; `None` when it is not known.

    >>> DayReader(["DD/MM/YYYY"]).read("03/04/2025").isoformat()
    '2025-04-03'
    >>> DayReader([]).read("03/14/2025").isoformat()
    '2025-03-14'
    >>> DayReader([]).read("03/04/2025")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    peer_ledger.errors.InvalidValue: '03/04/2025' can be 2025-03-04 (MM/DD/YYYY) or 2025-04-03 (DD/MM/YYYY); ...
    """

    def __init__(self, formats: Iterable[str], time_zone: str | None = None) -> None:
        self._declared = [DayFormat(text) for text in formats]
        certain = [DayFormat(text) for text in _CERTAIN]
        if self._declared:
            orders = [style.order for style in self._declared if style.order is not None]
            alike = [style for order in dict.fromkeys(orders) for style in _styles(order)]
            self._rounds = [self._declared, alike, certain]
        else:
            self._rounds = [[*certain, *(style for order in _ORDERS for style in _styles(order))]]
        self.time_zone = time_zone
        self._candidates: set[str] | None = None
        self.ambiguous = 0

    def read(self, text: str) -> date:
        """
        Read a day.

        Raises:
            InvalidValue: The text is not a day, or could be two days.
        """
        return self.look_at(text).day

    def look_at(self, text: str, *, is_utc: bool = False) -> DayRead:
        """
        Read a day, or the day of a moment.

        Args:
            text: The text.
            is_utc: Whether the heading says that the times are those of UTC.

        Raises:
            InvalidValue: The text is not a day, or could be two days.
        """
        serial = _SERIAL.fullmatch(text)
        if serial is not None and int(serial[1]) in _SERIALS and not self._as_declared(text):
            return DayRead(_SERIAL_ZERO + timedelta(days=int(serial[1])), "serial")
        zone = _ZONE_AFTER.search(text)
        local = text[: zone.start()].strip() if zone is not None else text
        time = _TIME_AFTER.search(local)
        if time is None:  # without a time, what looks like a zone is part of the day
            return DayRead(self._day(text), "timeless" if is_utc else None)
        day = self._as_declared(text) or self._day(local[: time.start()])
        if zone is None and not is_utc:
            return DayRead(day)
        hour = int(time[1]) % 12 + 12 * (time[3] in "Pp") if time[3] else int(time[1])
        if hour > 23 or int(time[2]) > 59:
            raise InvalidValue(f"{day_for_message(text)} has no such time of day")
        return self._moved(datetime(day.year, day.month, day.day, hour, int(time[2]), tzinfo=_zone(zone and zone[1])))

    def of_moment(self, moment: datetime, *, is_utc: bool = False) -> DayRead:
        """Return the day of a moment; without a zone of its own it is of the zone that is meant, or of UTC."""
        if moment.tzinfo is None and not is_utc:
            return DayRead(moment.date())
        return self._moved(moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC))

    def _moved(self, moment: datetime) -> DayRead:
        if self.time_zone is None:
            return DayRead(as_day(moment.date()), "unmoved")
        day = day_of(moment, self.time_zone)
        return DayRead(day, "same" if day == moment.date() else "moved")

    def _as_declared(self, text: str) -> date | None:
        days = {day for style in self._declared if (day := style.read(text)) is not None}
        return days.pop() if len(days) == 1 else None

    def _day(self, text: str) -> date:
        plain = _ORDINAL.sub("", _WEEKDAY.sub("", text, count=1) if _WEEKDAY.match(text) else text).strip()
        readings: dict[str, date] = {}
        for styles in self._rounds:
            readings = {style.text: day for style in styles if (day := style.read(plain)) is not None}
            if readings:
                break
        self._remember(readings)
        days = sorted(set(readings.values()))
        if len(days) == 1:
            return days[0]
        if days:
            self.ambiguous += 1
            said = " or ".join(f"{day} ({name})" for name, day in readings.items())
            raise InvalidValue(f"{day_for_message(text)} can be {said}; declare the format")
        raise InvalidValue(self._why_not(text, plain))

    def _remember(self, readings: Mapping[str, date]) -> None:
        """Keep the orders of day, month and year in which every day so far can be read."""
        orders = {order for name in readings if name not in _CERTAIN and (order := order_of(name)) is not None}
        if orders and not self._declared and not any(name in _CERTAIN for name in readings):
            self._candidates = orders if self._candidates is None else self._candidates & orders

    def _why_not(self, text: str, plain: str) -> str:
        cell = day_for_message(text)
        if _NO_DAY.fullmatch(plain):
            return f"{cell} names no day of the month; write the day that the certificate names, as in 2025-03-31"
        if _SEVERAL.fullmatch(plain):
            return (
                f"{cell} names several days; write the last one, as in 2025-03-31, and the first one in a column of "
                "its own, headed Start Date"
            )
        if self._declared:
            return f"{cell} is not a day written as {' or '.join(style.text for style in self._declared)}"
        return f"{cell} is not a day that can be read in exactly one way; write it as 2025-03-31, or declare its format"

    @property
    def hint(self) -> str | None:
        """The only order that fits every day read, as a format, when some days were ambiguous; otherwise `None`."""
        if self.ambiguous and self._candidates is not None and len(self._candidates) == 1:
            return _ORDERS[next(iter(self._candidates))]
        return None


def order_of(text: str) -> str | None:
    """
    Return the order of the figures in a format; `None` when it names the month, or nothing parts the figures.

    >>> order_of("MM/DD/YYYY hh:mm"), order_of("D-MMM-YY"), order_of("YYYYMMDD")
    ('MDY', None, None)
    """
    kinds = [(_KINDS[token], token) for token in _TOKEN.findall(text) if token in _KINDS]
    order = "".join(kind for kind, _ in kinds)
    is_separated = re.search(r"[/.-]", text) is not None
    return order if is_separated and order in _ORDERS and "MMM" not in dict(kinds).values() else None


@lru_cache(maxsize=8)
def _styles(order: str) -> tuple["DayFormat", ...]:
    """Return the formats of one order: years of four digits and of two, separated by any sign."""
    parts = {"M": "MM", "D": "DD"}
    return tuple(
        DayFormat(sign.join(parts.get(part, year) for part in order)) for year in ("YYYY", "YY") for sign in "/-."
    )


def _zone(name: str | None) -> timezone:
    """Return the zone that a text names, or UTC."""
    if name is None or name in _OFFSETS:
        return timezone(timedelta(hours=_OFFSETS[name or "Z"]))
    minutes = int(name[1:3]) * 60 + int(name[-2:])
    return timezone(timedelta(minutes=min(minutes, 1439) * (-1 if name[0] == "-" else 1)))
