"""
Rows that list a course and its parts: a learning system exports both, and the hours would count twice.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

import attrs

from peer_ledger.importing._plausibility import CLOCK_HOURS
from peer_ledger.importing._result import AskedParts
from peer_ledger.records import Course, Record, TrainingEvent
from peer_ledger.records._sameness import folded_title
from peer_ledger.values._wording import counted

_NUMBERED = re.compile(
    r"\b(?:module|lesson)s?\b"
    r"|\b(?:part|unit|section|session|chapter|segment|day|week)\W{0,3}(?:no\W{0,2})?"
    r"(?:[0-9]{1,3}|[ivx]{1,5}|[a-h]|one|two|three|four|five|six|seven|eight|nine|ten)\b"
    r"|\b[0-9]{1,3} ?(?:of|/) ?[0-9]{1,3}\b",
    re.IGNORECASE,
)
_MOST_TOGETHER = 200
"""Nobody completes more rows of one course; more of them together are not compared, which would take too long."""

_MOST_SUMS = 5000


class CourseParts(NamedTuple):
    """
    A row whose amount is the sum of the amounts of other rows, which look like its parts.

    Attributes:
        whole: The position of the record of the course.
        parts: The positions of the records of its parts.
    """

    whole: int
    parts: tuple[int, ...]


@attrs.frozen
class _Listed:
    """A training as it is compared: its position, its words, and its amount in a unit."""

    at: int
    event: TrainingEvent
    words: tuple[str, ...]
    unit: str
    amount: Fraction

    @property
    def is_numbered(self) -> bool:
        return self.event.title is not None and _NUMBERED.search(self.event.title) is not None


class Settled(NamedTuple):
    """
    The records of a file without those that would count twice.

    Attributes:
        records: The records that are kept.
        lines: Their lines.
        asked: What must be answered first.
        says: What was left out as declared, for a notice; `None` when nothing was.
    """

    records: list[Record]
    lines: list[int]
    asked: list[AskedParts]
    says: str | None = None


def settle_course_parts(
    records: list[Record], lines: list[int], courses: Mapping[str, Course], answer: str | None
) -> Settled:
    """
    Leave out what would count twice where rows list a course and its parts.

    Args:
        records: The records of the file.
        lines: Their lines.
        courses: The catalog, by id.
        answer: What to keep: the `whole`, the `parts` or `both`; `None` when that must be asked, and neither is kept.
    """
    found = [] if answer == "both" else course_parts(records, courses)
    if not found:
        return Settled(records, lines, [])
    wholes = {group.whole for group in found}
    parts = {part for group in found for part in group.parts}
    out = {"whole": parts, "parts": wholes}.get(answer or "", wholes | parts)
    kept = [at for at in range(len(records)) if at not in out]
    settled = Settled([records[at] for at in kept], [lines[at] for at in kept], [])
    if answer is None:
        groups = tuple((lines[group.whole], tuple(lines[part] for part in group.parts)) for group in found)
        return settled._replace(asked=[AskedParts(groups=groups, rows=len(out))])
    what, instead = ("parts of courses", "the courses") if answer == "whole" else ("courses", "their parts")
    first = f"first in line {lines[min(out)]}"
    return settled._replace(
        says=f"{counted(len(out), 'row')} of {what}: not recorded, because {instead} are, as declared ({first})"
    )


def course_parts(records: Sequence[Record], courses: Mapping[str, Course]) -> list[CourseParts]:
    """
    Find the trainings of one file that are the sum of others, which look like their parts.

    They are of the same person, on the same day or within the days of the course; the code is the same, or a title
    contains the other, or the titles of the parts say so, as "Module 1" does; and the amounts add up exactly.

    Args:
        records: The records of the file.
        courses: The catalog, by id.
    """
    people: dict[str, list[_Listed]] = defaultdict(list)
    for at, record in enumerate(records):
        if isinstance(record, TrainingEvent) and (listed := _listed(at, record, courses)) is not None:
            people[record.person].append(listed)
    found = [group for rows in people.values() if len(rows) > 1 for group in _of_person(rows)]
    return sorted(found)


def _listed(at: int, event: TrainingEvent, courses: Mapping[str, Course]) -> _Listed | None:
    credits_ = event.credits
    if credits_ is None and event.course is not None and event.course in courses:
        credits_ = courses[event.course].credits
    units = {"hour" if credit.unit in CLOCK_HOURS else credit.unit for credit in credits_ or ()}
    if credits_ is None or len(units) != 1:
        return None
    amount = sum((Fraction(part.amount) * CLOCK_HOURS.get(part.unit, 1) for part in credits_), Fraction(0))
    words = tuple(folded_title(event.title or "").split())
    return _Listed(at, event, words, units.pop(), amount) if amount > 0 else None


def _of_person(rows: list[_Listed]) -> Iterator[CourseParts]:
    """Yield the courses of one person with their parts; what is certain by title or code comes first."""
    rows = sorted(rows, key=lambda row: (row.event.completed, row.at))
    days = [row.event.completed for row in rows]
    wholes = sorted(rows, key=lambda row: (-row.amount, row.at))
    taken: set[int] = set()
    found: set[int] = set()
    for may_be_part in (_is_named_after, _is_numbered_part):
        for whole in wholes:
            together = _together(whole, rows, days)
            if whole.at in found or not 1 < len(together) <= _MOST_TOGETHER:
                continue
            likely = [
                row
                for row in together
                if row.at not in taken and _fits(row, whole) and may_be_part(row, whole, together)
            ]
            parts = _adding_up(whole, sorted(likely, key=lambda row: (-row.amount, row.at)))
            if parts:
                found.add(whole.at)
                taken.update(part.at for part in parts)
                yield CourseParts(whole.at, tuple(sorted(part.at for part in parts)))


def _together(whole: _Listed, rows: Sequence[_Listed], days: Sequence[date]) -> Sequence[_Listed]:
    """Return the rows that were completed within the days of a course."""
    first = whole.event.started or whole.event.completed
    return rows[bisect_left(days, first) : bisect_right(days, whole.event.completed)]


def _fits(row: _Listed, whole: _Listed) -> bool:
    """Return whether the amount and the provider of a row leave it possible that it is a part of a course."""
    providers = {row.event.provider, whole.event.provider} - {None}
    return row.at != whole.at and row.unit == whole.unit and row.amount <= whole.amount and len(providers) < 2


def _is_named_after(row: _Listed, whole: _Listed, _together: Sequence[_Listed] = ()) -> bool:
    """Return whether the code of a row or its title belongs to that of a course."""
    if row.amount == whole.amount and not row.is_numbered:
        return False
    code, whole_code = row.event.course, whole.event.course
    if code is not None and whole_code is not None and re.fullmatch(rf"{re.escape(whole_code)}([-._/:].*)?", code):
        return True
    if whole.is_numbered and len(row.words) <= len(whole.words):
        return False
    return _contains(row.words, whole.words) or _contains(whole.words, row.words)


def _is_numbered_part(row: _Listed, whole: _Listed, together: Sequence[_Listed]) -> bool:
    """Return whether a title says that its row is a part, and does not name another course."""
    if whole.is_numbered or row.amount == whole.amount:
        return False
    if not row.is_numbered:
        return _is_named_after(row, whole)
    return not any(
        other.at not in (row.at, whole.at) and not other.is_numbered and _contains(row.words, other.words)
        for other in together
    )


def _contains(words: Sequence[str], inner: Sequence[str]) -> bool:
    size = len(inner)
    return size > 0 and any(words[at : at + size] == inner for at in range(len(words) - size + 1))


def _adding_up(whole: _Listed, rows: Iterable[_Listed]) -> tuple[_Listed, ...]:
    """Return the first of the rows whose amounts add up to that of the course; none when no rows do."""
    sums: dict[Fraction, tuple[_Listed, ...]] = {Fraction(0): ()}
    for row in rows:
        for amount, parts in list(sums.items()):
            larger = amount + row.amount
            if larger == whole.amount:
                return (*parts, row)
            if larger < whole.amount and len(sums) < _MOST_SUMS:
                sums.setdefault(larger, (*parts, row))
    return ()
