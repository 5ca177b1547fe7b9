"""
The contents of a roster's cells.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from operator import attrgetter
from typing import Any

from peer_ledger.presenting._answer_tables import as_decimal
from peer_ledger.presenting.tables import Cell
from peer_ledger.reports import Finding, Report
from peer_ledger.rules import ByQuestion, Hours, Part, RuleSet
from peer_ledger.values.hours import plain_hours

ANY_TOPIC = "any"
"""What is shown as the topic of a requirement that accepts any."""


def in_order(key: tuple[Any, ...]) -> tuple[tuple[bool, str], ...]:
    """Return a sort key that puts unknown parts last."""
    return tuple((part is None, str(part)) for part in key)


def required_topics(rules: RuleSet | None) -> Mapping[tuple[str | None, str], str]:
    """Return the topics of each requirement for hours and each part, by edition and id."""
    return {
        (edition.id, part.id): "; ".join(sorted({*_topics(part.counts)})) or ANY_TOPIC
        for procedure in (rules.procedures if rules is not None else ())
        for edition in procedure.editions
        for requirement in edition.requirements
        if isinstance(requirement, Hours)
        for part in _with_parts(requirement)
    }


def _with_parts(part: Hours | Part) -> Iterator[Hours | Part]:
    yield part
    for inner in part.parts:
        yield from _with_parts(inner)


def _topics(counts: Any) -> Iterator[str]:
    """Yield the topics that may count under any reading."""
    if isinstance(counts, ByQuestion):
        for _, under in counts.values:
            yield from _topics(under)
    elif counts is not None:
        yield from counts.topics or ()


def month_due(report: Report) -> date | None:
    """
    Return the first day of the month in which a renewal is due; `None` if none is due or the day is undetermined.
    """
    due = report.dates.due
    return due.day.replace(day=1) if due is not None and due.day is not None and report.step == "renewal" else None


def due_date(report: Report) -> tuple[date | None, date | None, int | None]:
    """Return the due date, the earliest possible due date, and the days left; each `None` when there is none."""
    due = report.dates.due
    if due is None:
        return None, None, None
    return due.day, due.candidates[0], None if due.day is None else (due.day - report.on).days


def last_late_day(report: Report) -> date | None:
    late = report.dates.late_until
    return None if late is None else late.day


def last_day_to_file(report: Report) -> date | None:
    """Return the day until which a renewal is to be filed; `None` where one is, none can be, or it is not decided."""
    if report.step != "renewal" or report.pending_since is not None or report.standing not in ("current", "late"):
        return None
    in_time = report.dates.timely_until or report.dates.due
    if in_time is None or in_time.day is None:
        return None
    due = report.dates.due
    if report.on <= in_time.day or due is None:
        return in_time.day
    return last_late_day(report) or (due.day if due.day is not None and report.on <= due.day else None)


def designations_of(report: Report) -> str | None:
    """Return each designation that is held, with the outcome of what is asked for it."""
    return "; ".join(f"{kept.designation}: {kept.outcome}" for kept in report.designations) or None


def due_text(report: Report) -> str:
    day, earliest, _ = due_date(report)
    return "" if earliest is None else str(day) if day is not None else f"{earliest}?"


def figures_of(report: Report, requirements: list[str]) -> Iterator[Cell]:
    findings = {finding.requirement: finding for finding in report.findings}
    for name in requirements:
        finding = findings.get(name)
        if finding is None or finding.result == "not asked":
            yield from (None if finding is None else finding.result, None, None, None)
        else:
            result = "undetermined" if finding.result == "short" and _is_open(report, finding) else finding.result
            yield from (result, as_decimal(finding.counted), None if finding.need is None else as_decimal(finding.need))
            yield None if result == "undetermined" else as_decimal(finding.short)


def _is_open(report: Report, finding: Finding) -> bool:
    """Return whether a shortage is undetermined because another reading may not have it."""
    outcome = report.hours_outcome if finding.subject == "hours" else report.documents_outcome
    return outcome == "undetermined"


def _whole(report: Report) -> list[Any]:
    return [
        finding
        for finding in report.findings
        if finding.unit == report.provenance.counts_in
        and (finding.part_of, finding.designation) == (None, None)
        and finding.result != "not asked"
    ]


def hours_text(report: Report) -> str:
    return "; ".join(
        plain_hours(finding.counted) + ("" if finding.need is None else f" of {plain_hours(finding.need)}")
        for finding in _whole(report)
    )


def hours_of(report: Report) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    """
    Return the hours that count, those needed and those short, over all requirements of hours.

    Each is `None` where nothing of the kind is asked. What is needed is also `None` where no source states it, and what
    is short where that is undetermined.
    """
    whole = _whole(report) if report.standing != "undetermined" else []
    if not whole:
        return None, None, None
    needs = [finding.need for finding in whole]
    have = sum((finding.counted for finding in whole), Fraction(0))
    return have, None if None in needs else sum(needs, Fraction(0)), report.hours_short


def hours_missing(report: Report) -> str:
    whole = _whole(report) if report.standing != "undetermined" else []
    return str(float(sum(map(attrgetter("short"), whole), Fraction(0)))) if whole else ""
