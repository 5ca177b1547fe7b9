"""
A roster as a browser shows it: how many people stand where, a field to find some of them, and a row for each.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import ceil

from peer_ledger.presenting._roster_cells import (
    due_date,
    due_text,
    hours_missing,
    hours_of,
    hours_text,
    last_day_to_file,
)
from peer_ledger.reports import STATUSES, Report
from peer_ledger.reports._html import badge, bar, cell, grid, part, raw_cell
from peer_ledger.reports._missing import missing_text
from peer_ledger.values._wording import spoken_amount, units

Groups = Callable[[str], tuple[str | None, ...]]
"""Returns the caller's columns for a person."""


def roster_view(title: str, reports: Sequence[Report], by: Mapping[str, object], groups: Groups) -> str:
    """
    Return a roster as part of a page.

    Args:
        title: What it shows.
        reports: The reports.
        by: The caller's columns, by name.
        groups: Returns these columns for a person.
    """
    unit = units(reports[0].provenance.counts_in) if reports else units("hour")
    headings = ("person", *by, "status", "in force", "due", "days left", unit, "what is missing", "questions")
    first = 3 + len(by)
    rows = (_row(report, groups(report.person)) for report in reports)
    table = grid(title, headings, rows, sortable=True, searchable=True, numbers=frozenset({first + 1, first + 4}))
    return part(f"{_totals(reports)}\n{table}" if reports else table, label=title)


def _row(report: Report, groups: tuple[str | None, ...]) -> list[str]:
    _, earliest, days = due_date(report)
    return [
        cell(report.person, header=True),
        *(cell(group or "unknown", kind="plain") for group in groups),
        raw_cell(badge(report.status), sort=report.status),
        cell(report.in_force),
        cell(due_text(report), kind="plain", sort=str(earliest or "")),
        cell("" if days is None else str(days), kind="number"),
        raw_cell(_hours(report), kind="plain", sort=hours_missing(report)),
        cell(missing_text(report), kind="long"),
        cell(str(len(report.questions) or ""), kind="number"),
    ]


def _hours(report: Report) -> str:
    """Return the hours that count of those needed, with a bar where it is known how many are needed."""
    have, need, short = hours_of(report)
    if have is None or not need:
        return hours_text(report)
    result = "undetermined" if short is None else "short" if short else "met"
    return hours_text(report) + bar(have / need, result=result) + _a_month(report, short)


def _a_month(report: Report, short: Fraction | None) -> str:
    """Return how much is needed in each month until the last day to file, in quarters, where months are left."""
    last = last_day_to_file(report)
    if not short or last is None:
        return ""
    months = (last.year - report.on.year) * 12 + last.month - report.on.month + 1
    quarters = Fraction(ceil(4 * short / months), 4)
    said = f"{spoken_amount(quarters, report.provenance.counts_in)} a month"
    return f' <span class="quiet">{said}</span>' if months > 1 else ""


def _totals(reports: Sequence[Report]) -> str:
    """Return a line with how many people have each status, and how many hours are short for all renewals together."""
    times = Counter(report.status for report in reports)
    said = [f"{badge(status)} {times[status]}" for status in STATUSES[::-1] if times[status]]
    renewing = [report.hours_short for report in reports if report.step == "renewal"]
    short = [hours for hours in renewing if hours is not None]
    total = f"{spoken_amount(sum(short, Fraction(0)), reports[0].provenance.counts_in)} short for recertification"
    if undecided := len(renewing) - len(short):
        people = "1 person" if undecided == 1 else f"{undecided} people"
        total += f", not counting {people} for whom that is not settled"
    return f'<p class="totals">{" ".join(said)} <span class="quiet">{total}</span></p>'
