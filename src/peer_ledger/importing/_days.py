"""
Days as spreadsheets write them: read by a declared format, or refused if they can be read in two ways.
"""

import re
from collections.abc import Iterable
from datetime import date

from peer_ledger.errors import InvalidValue, shown
from peer_ledger.values.dates import as_day

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
_UNDECLARED = (
    "YYYY-MM-DD", "YYYY/MM/DD", "MM/DD/YYYY", "DD/MM/YYYY", "MM-DD-YYYY", "DD-MM-YYYY", "MM.DD.YYYY", "DD.MM.YYYY",
    "MMM D, YYYY", "MMM D YYYY", "D MMM YYYY", "D-MMM-YYYY",
)  # fmt: skip
_TIME_AFTER = re.compile(
    r"[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[AaPp][Mm])?(?:Z|[+-][0-9]{2}:?[0-9]{2})?$"
)


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
            wanted = "must name year, month and day once each, as 'MM/DD/YYYY' or 'D MMM YYYY'"
            raise InvalidValue(f"a format of dates {wanted}, not {shown(text)}")
        pattern, end = "", 0
        for found in _TOKEN.finditer(text):
            touches = found.start() == end and end > 0
            pattern += re.escape(text[end : found.start()]) + _PATTERN[found.group()]
            if touches:
                pattern = pattern.replace("{1,2}", "{2}")
            end = found.end()
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

    Args:
        formats: The declared formats; without any, only days that can be read in one way are accepted.

    >>> DayReader(["DD/MM/YYYY"]).read("03/04/2025").isoformat()
    '2025-04-03'
    >>> DayReader([]).read("03/14/2025").isoformat()
    '2025-03-14'
    >>> DayReader([]).read("03/04/2025")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    peer_ledger.errors.InvalidValue: '03/04/2025' can be 2025-03-04 (MM/DD/YYYY) or 2025-04-03 (DD/MM/YYYY); ...
    """

    def __init__(self, formats: Iterable[str]) -> None:
        self._declared = [DayFormat(text) for text in formats]
        self._formats = self._declared or [DayFormat(text) for text in _UNDECLARED]
        self._candidates: set[str] | None = None
        self.ambiguous = 0

    def read(self, text: str) -> date:
        """
        Read a day.

        Raises:
            InvalidValue: The text is not a day, or could be two days.
        """
        plain = text if self._declared else _TIME_AFTER.sub("", text)
        readings = {style.text: day for style in self._formats if (day := style.read(plain)) is not None}
        days = sorted(set(readings.values()))
        if "YYYY-MM-DD" not in readings and not self._declared and readings:
            names = set(readings)
            self._candidates = names if self._candidates is None else self._candidates & names
        if len(days) == 1:
            return days[0]
        if days:
            self.ambiguous += 1
            said = " or ".join(f"{day} ({name})" for name, day in readings.items())
            raise InvalidValue(f"{shown(text)} can be {said}; declare the format")
        if self._declared:
            wanted = " or ".join(style.text for style in self._declared)
            raise InvalidValue(f"{shown(text)} is not a day written as {wanted}")
        short = re.fullmatch(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}", plain)
        hint = "declare its format, as MM/DD/YY" if short else "write it as 2025-03-31, or declare its format"
        raise InvalidValue(f"{shown(text)} is not a day that can be read in exactly one way; {hint}")

    @property
    def hint(self) -> str | None:
        """The only format that fits every day read, when some days were ambiguous; otherwise `None`."""
        if self.ambiguous and self._candidates is not None and len(self._candidates) == 1:
            return next(iter(self._candidates))
        return None
