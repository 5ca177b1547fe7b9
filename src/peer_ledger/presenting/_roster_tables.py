"""
The tables of a roster that have a row for each person.
"""

from collections.abc import Sequence

from peer_ledger.presenting._answer_tables import as_decimal
from peer_ledger.presenting._roster_cells import (
    designations_of,
    due_date,
    figures_of,
    hours_of,
    last_day_to_file,
    last_late_day,
)
from peer_ledger.presenting.tables import ColumnKind, Table
from peer_ledger.reports import Report
from peer_ledger.reports._missing import missing_text


def summary_table(reports: Sequence[Report]) -> Table:
    """Return one row per person: status, dates, hours, and what is missing in a few words."""
    columns: dict[str, ColumnKind] = {
        "person": "text", "status": "category", "in_force": "category", "due": "day", "days_left": "count",
        "late_until": "day", "hours_have": "hours", "hours_need": "hours", "hours_short": "hours",
        "missing": "text", "questions": "count",
    }  # fmt: skip
    rows = [
        (
            report.person, report.status, report.in_force, due, days, last_late_day(report),
            *(None if hours is None else as_decimal(hours) for hours in hours_of(report)),
            missing_text(report) or None, len(report.questions),
        )
        for report in reports
        for due, _, days in [due_date(report)]
    ]  # fmt: skip
    return Table(headings=tuple(columns), rows=tuple(rows), kinds=tuple(columns.values()))


def requirements_table(reports: Sequence[Report]) -> Table:
    """Return one row per person, with four columns for each requirement."""
    requirements = list(dict.fromkeys(finding.requirement for report in reports for finding in report.findings))
    columns: dict[str, ColumnKind] = {
        "person": "text", "status": "category", "standing": "category", "in_force": "category", "step": "category",
        "due": "day", "due_from": "day", "days_left": "count", "late_until": "day", "file_by": "day",
        "pending_since": "day", "hours": "category", "documents": "category", "designations": "text",
    }  # fmt: skip
    for name in requirements:
        stem = name.replace("-", "_")
        columns |= {f"{stem}_is": "category", f"{stem}_have": "hours", f"{stem}_need": "hours"}
        columns |= {f"{stem}_short": "hours"}
    columns |= {"questions": "count", "open_questions": "text"}
    rows = [
        (
            report.person, report.status, report.standing, report.in_force, report.step, *due_date(report),
            last_late_day(report), last_day_to_file(report), report.pending_since, report.hours_outcome,
            report.documents_outcome, designations_of(report),
            *figures_of(report, requirements), len(report.questions),
            "; ".join(open_question.question.id for open_question in report.questions) or None,
        )
        for report in reports
    ]  # fmt: skip
    return Table(headings=tuple(columns), rows=tuple(rows), kinds=tuple(columns.values()))
