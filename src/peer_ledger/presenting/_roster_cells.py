"""
What the cells of a roster say.
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
"""What stands for the topics of a requirement that takes training on any."""


def in_order(key: tuple[Any, ...]) -> tuple[tuple[bool, str], ...]:
    """Sort what is unknown last."""
    return tuple((part is None, str(part)) for part in key)


def required_topics(rules: RuleSet | None) -> Mapping[tuple[str | None, str], str]:
    """Return the topics of each requirement of hours and each part, by the edition and its id."""
    return {
        (edition.id, one.id): "; ".join(sorted({*_topics(one.counts)})) or ANY_TOPIC
        for procedure in (rules.procedures if rules is not None else ())
        for edition in procedure.editions
        for requirement in edition.requirements
        if isinstance(requirement, Hours)
        for one in _with_parts(requirement)
    }


def _with_parts(one: Hours | Part) -> Iterator[Hours | Part]:
    yield one
    for inner in one.parts:
        yield from _with_parts(inner)


def _topics(counts: Any) -> Iterator[str]:
    """Yield the topics that may count, under any reading."""
    if isinstance(counts, ByQuestion):
        for _, under in counts.values:
            yield from _topics(under)
    elif counts is not None:
        yield from counts.topics or ()


def month_due(report: Report) -> date | None:
    """
    Return the first day of the month in which a renewal is due; `None` when none is, or the day is not decided.
    """
    due = report.dates.due
    return due.day.replace(day=1) if due is not None and due.day is not None and report.step == "renewal" else None


def due_date(report: Report) -> tuple[date | None, date | None, int | None]:
    """Return the due date, the earliest one there may be, and the days left; `None` where there is none."""
    due = report.dates.due
    if due is None:
        return None, None, None
    return due.day, due.candidates[0], None if due.day is None else (due.day - report.on).days


def last_late_day(report: Report) -> date | None:
    late = report.dates.late_until
    return None if late is None else late.day


def due_text(report: Report) -> str:
    day, earliest, _ = due_date(report)
    return "" if earliest is None else str(day) if day is not None else f"{earliest}?"


def figures_of(report: Report, requirements: list[str]) -> Iterator[Cell]:
    findings = {one.requirement: one for one in report.findings}
    for name in requirements:
        one = findings.get(name)
        if one is None or one.result == "not asked":
            yield from (None if one is None else one.result, None, None, None)
        else:
            result = "undetermined" if one.result == "short" and _is_open(report, one) else one.result
            yield from (result, as_decimal(one.counted), None if one.need is None else as_decimal(one.need))
            yield None if result == "undetermined" else as_decimal(one.short)


def _is_open(report: Report, finding: Finding) -> bool:
    """Return whether it is undecided that something is short: under another reading it may not be."""
    outcome = report.hours_outcome if finding.subject == "hours" else report.documents_outcome
    return outcome == "undetermined"


def _whole(report: Report) -> list[Any]:
    return [one for one in report.findings if one.unit == "hour" and one.part_of is None and one.result != "not asked"]


def hours_text(report: Report) -> str:
    return "; ".join(
        plain_hours(one.counted) + ("" if one.need is None else f" of {plain_hours(one.need)}")
        for one in _whole(report)
    )


def missing_text(report: Report) -> str:
    """Return what is missing in a few words; the card gives it in sentences."""
    if report.standing == "undetermined":
        return "not decided"
    said = [
        f"{one.requirement}: {plain_hours(one.short)}{' h' if one.unit == 'hour' else ''}"
        for one in report.findings
        if one.result == "short"
    ]
    unsure = [one.requirement for one in report.findings if one.result == "undetermined"]
    said += [f"not decided: {', '.join(unsure)}"] if unsure else []
    return "; ".join(said) or ("not decided" if report.outcome == "undetermined" else "")


def hours_missing(report: Report) -> str:
    whole = _whole(report) if report.standing != "undetermined" else []
    return str(float(sum(map(attrgetter("short"), whole), Fraction(0)))) if whole else ""
