"""
Plausibility: what is possible and yet probably a mistake.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction

import attrs

from peer_ledger.records import Certification, Course, Credit, Record, TrainingEvent
from peer_ledger.records._sameness import folded_title
from peer_ledger.values._checks import check_of
from peer_ledger.values._fields import DAY as A_DAY
from peer_ledger.values.hours import WORTH

CLOCK_HOURS = {**WORTH, "fifty-minute-hour": 50 * WORTH["minute"]}
"""How long the units take on a clock, whatever a rule set counts for them."""

_HOUR = 10**6
_DAY = 24 * _HOUR
_LATER_IS_MEANT = frozenset({"expires", "last_day", "shown_until"})
_LONG = 5
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")


class Plausibility:
    """
    Compares the records of one file with each other and with the calendar.

    Args:
        courses: The catalog, by id.
        today: The day after which a date is in the future; `None` to accept any date.
    """

    def __init__(self, courses: Mapping[str, Course], today: date | None) -> None:
        self._courses = courses
        self._today = today
        self._seen: dict[tuple[object, ...], int] = {}
        self._days: dict[tuple[str, date], tuple[int, int]] = {}
        self._ids: dict[str, int] = {}
        self._written: set[str] = set()
        self._worth: dict[tuple[Credit, ...], int] = {}

    def look_at(self, record: Record, line: int) -> Iterator[tuple[str, str | None, str]]:
        """
        Check a record.

        Yields:
            A kind of notice, the field it is about or `None`, and its text.
        """
        if self._today is not None:
            for name in _days_of(type(record)):
                day = getattr(record, name)
                if day is not None and day > self._today:
                    yield "future", name, f"{day} is after {self._today}"
        yield from self._id(getattr(record, "person", None), line)
        if isinstance(record, TrainingEvent):
            yield from self._training(record, line)
            return
        seen = self._seen.setdefault(
            (type(record), *(getattr(record, name) for name in _content_of(type(record)))), line
        )
        if seen != line:
            yield "duplicate", None, f"says the same as line {seen} and may be a duplicate; both are recorded"
        if isinstance(record, Certification) and record.on is not None and record.expires is not None:
            if record.expires == record.on:
                yield "word", "expires", "is the day of the act itself; the certificate would have ended as it began"
            years = record.expires.year - record.on.year
            if years > _LONG:
                yield "word", "expires", "is more than five years after the act; renewals in between may be missing"

    def _id(self, person: str | None, line: int) -> Iterator[tuple[str, str | None, str]]:
        """Check whether a person's id is spelled differently on an earlier line; reported once per spelling."""
        if person is None or person in self._written:
            return
        self._written.add(person)
        first = self._ids.setdefault(plain_id(person), line)
        if first != line:
            says = (
                f"differs from the id in line {first} only in leading zeros or the case of letters; "
                "they are read as two people"
            )
            yield "ids", "person", says

    def _training(self, event: TrainingEvent, line: int) -> Iterator[tuple[str, str | None, str]]:
        what = event.course or (folded_title(event.title) if event.title else event.credits)
        if what:
            seen = self._seen.setdefault((event.person, event.completed, what), line)
            if seen != line:
                yield "duplicate", None, f"is the same person, day and training as line {seen}; both are recorded"
        hours = self._hours(event)
        if not hours:
            return
        if event.started is None or event.started == event.completed:
            before, first = self._days.get((event.person, event.completed), (0, line))
            self._days[event.person, event.completed] = before + hours, first
        elif hours > _DAY * ((event.completed - event.started).days + 1):
            yield "hours-a-day", None, "is more than 24 hours a day"

    def _hours(self, event: TrainingEvent) -> int:
        """Return the millionths of an hour that an event took; units other than hours and minutes count as 0."""
        credits_: tuple[Credit, ...] | None = event.credits
        if credits_ is None and event.course is not None and event.course in self._courses:
            credits_ = self._courses[event.course].credits
        if not credits_:
            return 0
        worth = self._worth.get(credits_)
        if worth is None:
            exact = sum((Fraction(part.amount) * CLOCK_HOURS.get(part.unit, 0) for part in credits_), Fraction(0))
            worth = self._worth[credits_] = int(exact * _HOUR)
        return worth

    def days(self) -> Iterator[tuple[int, str]]:
        """
        Check the hours of each person on each day, after the last record.

        Yields:
            A line, and the text of a notice.
        """
        for (_, day), (hours, line) in self._days.items():
            if hours > _DAY:
                shown = f"{hours / _HOUR:g}"
                yield (
                    line,
                    f"{shown} hours on {day} for one person; if they took several days, record the first day, too",
                )


def plain_id(person: str) -> str:
    """
    Return an id without leading zeros and in lower case: ids that are equal then may be one person's.

    >>> plain_id("05001"), plain_id("P-007")
    ('5001', 'p-7')
    """
    return _ZEROS.sub("", person.casefold())


def _content_of(cls: type[Record]) -> tuple[str, ...]:
    """Return the names of the fields that hold a record's content, not its id or origin."""
    if cls not in _CONTENT:
        _CONTENT[cls] = tuple(
            field.name for field in attrs.fields(cls) if field.name not in ("id", "origin", "replaces")
        )
    return _CONTENT[cls]


_CONTENT: dict[type[Record], tuple[str, ...]] = {}
_DAYS: dict[type[Record], tuple[str, ...]] = {}


def _days_of(cls: type[Record]) -> tuple[str, ...]:
    """Return the names of the fields that hold days on which something happened."""
    if cls not in _DAYS:
        _DAYS[cls] = tuple(
            field.name
            for field in attrs.fields(cls)
            if field.name not in _LATER_IS_MEANT
            and (check := check_of(field)) is not None
            and check.holds is A_DAY.holds
        )
    return _DAYS[cls]
