"""
What two reports on one person have in common, and what is different.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import attrs

from peer_ledger.reports import Finding, Report
from peer_ledger.reports._text import finding_sentence
from peer_ledger.values._wording import spoken_day
from peer_ledger.values.hours import plain_hours

PARTS = (
    "standing",
    "step",
    "in_force",
    "status",
    "outcome",
    "hours_outcome",
    "documents_outcome",
    "hours_short",
    "pending_since",
)
"""The parts of a report that are its answer, together with its dates."""


def answer_of(report: Report) -> tuple[Any, ...]:
    """
    Return the answer of a report, to be compared with that of another.

    It is where the certification stands, what is next, whether the person may practice, the status, the outcomes, the
    hours that are missing, the day of a pending filing, and every date with its candidates.  Findings, reasons and
    caveats say why, and are not part of it; nor are designations, on which nothing else depends.
    """
    parts = tuple(getattr(report, name) for name in PARTS)
    return (*parts, tuple((name, day.day, day.candidates) for name, day in report.dates.items()))


@attrs.frozen(kw_only=True)
class Difference:
    """
    One part of an answer that is different.

    Attributes:
        part: The name of the part of the report, as `status`, or of the date, as `due`.
        before: What it was; `None` where there was none, or it was not settled how much.
        after: What it is.
    """

    part: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        none = "not settled" if self.part == "hours_short" else "none"
        return f"{self.part.replace('_', ' ')} {self.after or none} instead of {self.before or none}"


@attrs.frozen(kw_only=True)
class Requirement:
    """
    One requirement that is asked otherwise, or that is met otherwise.

    Attributes:
        requirement: Its id.
        before: Its finding before; `None` where it was not asked.
        after: Its finding after; `None` where it is not asked.
    """

    requirement: str
    before: Finding | None
    after: Finding | None

    @property
    def hours(self) -> Fraction | None:
        """How much more is missing of what it asks, in the unit of its findings; `None` where that is not settled."""
        found = [Fraction(0) if one is None else _short(one) for one in (self.before, self.after)]
        return None if found[0] is None or found[1] is None else found[1] - found[0]

    def __str__(self) -> str:
        return f"{self.requirement}: now {_said(self.after)}; before {_said(self.before)}"


def differences(before: Report, after: Report) -> tuple[Difference, ...]:
    """
    Return the parts of the answer that are different, in the order in which a report has them.
    """
    return tuple(_differences(before, after))


def requirements_differing(before: Report, after: Report) -> tuple[Requirement, ...]:
    """
    Return the requirements that are asked under one of two reports alone, need another amount, or lack another amount.
    """
    old, new = ({one.requirement: one for one in report.findings} for report in (before, after))
    pairs = ((name, _asked(old.get(name)), _asked(new.get(name))) for name in {**old, **new})
    return tuple(
        Requirement(requirement=name, before=one, after=other)
        for name, one, other in pairs
        if _figures(one) != _figures(other)
    )


def _differences(before: Report, after: Report) -> Iterator[Difference]:
    for name in PARTS:
        one, other = getattr(before, name), getattr(after, name)
        if one != other:
            yield Difference(part=name, before=_shown(one), after=_shown(other))
    old, new = dict(before.dates.items()), dict(after.dates.items())
    for date_name in {**old, **new}:
        days = [None if one is None else (one.day, one.candidates) for one in (old.get(date_name), new.get(date_name))]
        if days[0] != days[1]:
            yield Difference(part=date_name, before=_days(days[0]), after=_days(days[1]))


def _asked(finding: Finding | None) -> Finding | None:
    return None if finding is None or finding.result == "not asked" else finding


def _figures(finding: Finding | None) -> tuple[Any, ...] | None:
    return None if finding is None else (finding.result, finding.need, finding.short, finding.unit)


def _short(finding: Finding) -> Fraction | None:
    return None if finding.result == "undetermined" else finding.short


def _said(finding: Finding | None) -> str:
    if finding is None:
        return "not asked"
    said = finding_sentence(finding).rstrip(".")
    return said[:1].lower() + said[1:]


def _days(days: tuple[date | None, tuple[date, ...]] | None) -> str | None:
    if days is None:
        return None
    day, candidates = days
    return spoken_day(day) if day is not None else f"{' or '.join(map(spoken_day, candidates))} (not settled)"


def _shown(value: Any) -> str | None:
    if isinstance(value, Fraction):
        return plain_hours(value)
    return spoken_day(value) if isinstance(value, date) else value
