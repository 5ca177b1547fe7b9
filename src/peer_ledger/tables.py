"""
Answers as tables: for a terminal, a spreadsheet, another program or a browser.

>>> print(Table(headings=("person", "hours"), rows=(("p-1", "3"),)).text())
person  hours
p-1     3
"""

import csv
import html
import io
import json
import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import attrs

from peer_ledger.errors import InvalidValue, shown_name
from peer_ledger.findings import plain_hours
from peer_ledger.hours import plain
from peer_ledger.importing import Imported, ImportPlan
from peer_ledger.ledger import LedgerView
from peer_ledger.records import RECORD_TYPES, Approval, Credit, Quantity
from peer_ledger.reports import Report
from peer_ledger.rules import RuleSet

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_FIGURE = re.compile(r"-[0-9]+(\.[0-9]+)?")
_STYLE = (
    "<style>table{border-collapse:collapse}td,th{border:1px solid #888;padding:.2em .6em;text-align:left}"
    "pre{white-space:pre-wrap;font-family:inherit}</style>"
)
STATUS = ("person", "status", "in_force", "due", "hours", "papers", "hours_short", "on", "rules")
"""The columns of a table of where people stand."""


@attrs.frozen(kw_only=True)
class Table:
    """
    Rows of texts under headings.

    Attributes:
        headings: One for each column.
        rows: The rows, each as long as the headings; `None` where nothing can be said, which JSON tells from nothing.
        title: What it is, for a browser.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    title: str = ""

    def without(self, *names: str) -> "Table":
        """Leave out some columns."""
        kept = [place for place, name in enumerate(self.headings) if name not in names]
        return Table(
            headings=tuple(self.headings[place] for place in kept),
            rows=tuple(tuple(row[place] for place in kept) for row in self.rows),
            title=self.title,
        )

    def text(self) -> str:
        """Write it for a terminal: columns as wide as they need to be."""
        said = (tuple(cell or "" for cell in row) for row in self.rows)
        lines = (tuple(name.replace("_", " ") for name in self.headings), *said)
        widths = [max(len(line[place]) for line in lines) for place in range(len(self.headings))]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
        )

    def csv(self) -> str:
        """
        Write it for a spreadsheet; a cell that would run as a formula there gets an apostrophe before it.
        """
        file = io.StringIO()
        write = csv.writer(file, lineterminator="\r\n")
        write.writerow(map(neutral, self.headings))
        write.writerows([neutral(cell or "") for cell in row] for row in self.rows)
        return file.getvalue()

    def json(self) -> str:
        """Write it for another program: a list with an object for each row."""
        return json.dumps([dict(zip(self.headings, row, strict=True)) for row in self.rows], indent=2)

    def html(self) -> str:
        """Write it for a browser: a page of its own, without scripts."""
        head = "".join(f"<th>{html.escape(name.replace('_', ' '))}</th>" for name in self.headings)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell or '')}</td>" for cell in row) + "</tr>\n" for row in self.rows
        )
        return page(self.title, f"<table>\n<tr>{head}</tr>\n{body}</table>")

    def written(self, form: str) -> str:
        """
        Write it in a form: `table`, `csv`, `json` or `html`.
        """
        return {"table": self.text, "csv": self.csv, "json": self.json, "html": self.html}[form]()


def neutral(cell: str) -> str:
    """
    Make sure that a spreadsheet shows a text instead of running it.

    >>> neutral("=1+1"), neutral("-0.25"), neutral("Ethics")
    ("'=1+1", '-0.25', 'Ethics')
    """
    if not cell.startswith(_FORMULA) or _FIGURE.fullmatch(cell):
        return cell
    return f"'{cell}"


def page(title: str, body: str) -> str:
    """
    Make a page for a browser of a part of one.
    """
    shown = html.escape(title)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{shown}</title>{_STYLE}</head>\n'
        f"<body><h1>{shown}</h1>\n{body}\n</body></html>"
    )


def status_table(reports: Iterable[Report]) -> Table:
    """
    Put where people stand into a table, a row for each.

    Args:
        reports: Their reports.
    """
    rows = []
    title = "Where everybody stands"
    for report in reports:
        title = f"Where everybody stands on {report.on} ({report.provenance.ruleset})"
        rows.append(
            (
                report.person,
                report.status,
                report.in_force,
                _due(report),
                report.hours_outcome,
                report.documents_outcome,
                _hours_short(report),
                str(report.on),
                report.provenance.ruleset,
            )
        )
    return Table(headings=STATUS, rows=tuple(rows), title=title)


def findings_table(report: Report) -> Table:
    """
    Put how each requirement stands into a table.

    Args:
        report: A report.
    """
    rows = tuple(
        (
            one.requirement,
            one.says,
            one.result,
            "" if one.need is None else plain_hours(one.need),
            plain_hours(one.counted),
            plain_hours(one.short),
            one.unit,
            " ".join(source.id for source in one.cites),
        )
        for one in report.findings
    )
    headings = ("requirement", "says", "result", "need", "counted", "short", "unit", "cites")
    return Table(headings=headings, rows=rows, title=f"{report.person} on {report.on}: {report.status}")


def report_written(report: Report, form: str) -> str:
    """
    Write a report in a form.

    Args:
        report: The report.
        form: `table` for sentences, `json` for all of it, `csv` for its findings, `html` for a page.
    """
    if form == "json":
        return json.dumps(report.to_dict(), indent=2)
    if form == "csv":
        return findings_table(report).csv()
    if form == "html":
        title = f"{report.person} on {report.on}: {report.status}"
        return page(title, f"<pre>{html.escape(str(report))}</pre>")
    return str(report)


def rejected_table(files: Iterable[tuple[str, Imported]]) -> Table:
    """
    Put the rows of some files that were refused, and the notices, into a table.

    Args:
        files: Their names, and what was read from them.
    """
    rows: list[tuple[str | None, ...]] = []
    for name, imported in files:
        rows += [
            (name, "rejected", str(one.line), one.column or "", one.value or "", one.reason)
            for one in imported.rejected
        ]
        rows += [
            (name, f"notice: {one.kind}", str(one.line or ""), one.column or "", one.value or "", one.says)
            for one in imported.notices
        ]
    return Table(headings=("file", "what", "line", "column", "value", "says"), rows=tuple(rows), title="What was read")


def imported_table(files: Iterable[tuple[str, Imported, ImportPlan]]) -> Table:
    """
    Put what some files hold, and what they would change, into a table.

    Args:
        files: Their names, what was read from them, and what that would change in the ledger.

    Returns:
        The rows that were refused, the notices, and all that is corrected, missing or likely there twice.
    """
    read = list(files)
    rows = list(rejected_table((name, imported) for name, imported, _ in read).rows)
    for name, _, plan in read:
        rows += [(name, "correction", "", "", one.old.id, change) for one, change in plan.changes]
        rows += [(name, "no longer in the file", "", "", one.id, who) for one, who in plan.missed]
        rows += [(name, "likely twice", "", "", new, f"is like {old}") for new, old in plan.twice]
        rows += [(name, "likely one person", "", "", new, f"is written like {old}") for new, old in plan.ids]
    return Table(headings=("file", "what", "line", "column", "value", "says"), rows=tuple(rows), title="What was read")


def import_to_dict(
    files: Iterable[tuple[str, Imported, ImportPlan]], *, appended: bool, waiting: Iterable[str] = ()
) -> dict[str, Any]:
    """
    Put what some files hold, and what they would change, into what JSON can hold.

    Args:
        files: Their names, what was read from them, and what that would change in the ledger.
        appended: Whether it was appended.
        waiting: What has to be decided before.
    """
    return {
        "appended": appended,
        "waiting": list(waiting),
        "files": [
            {
                "file": name,
                "kind": imported.kind,
                "source": imported.source,
                "rows": imported.rows,
                "records": len(imported.records),
                "new": len(plan.new),
                "unchanged": plan.unchanged,
                "withdrawn": plan.withdrawn,
                "rejected_count": imported.rejected_count,
                "notice_count": imported.notice_count,
                "rejected": [attrs.asdict(one) for one in imported.rejected],
                "notices": [attrs.asdict(one) for one in imported.notices],
                "corrections": [
                    {"id": one.old.id, "fields": list(one.fields), "says": says} for one, says in plan.changes
                ],
                "missing": [{"id": one.id, "says": who} for one, who in plan.missed],
                "likely_twice": [{"id": new, "like": old} for new, old in plan.twice],
                "likely_one_person": [{"id": new, "like": old} for new, old in plan.ids],
            }
            for name, imported, plan in files
        ],
    }


def rules_table(rules: Iterable[RuleSet]) -> Table:
    """
    Put rule sets into a table, a row for each.
    """
    rows = tuple((one.id, one.name, one.body, one.version) for one in rules)
    return Table(headings=("id", "credential", "body", "version"), rows=rows, title="Rule sets")


def requirements_table(rules: RuleSet) -> Table:
    """
    Put what the editions of a rule set ask into a table.
    """
    rows = tuple(
        (procedure.step, edition.id, one.id, one.says, " ".join(one.cites))
        for procedure in rules.procedures
        for edition in procedure.editions
        for one in edition.requirements
    )
    return Table(headings=("step", "edition", "requirement", "says", "cites"), rows=rows, title=rules.name)


def records_table(ledger: LedgerView, kind: str) -> Table:
    """
    Put the records of one kind that are in effect into a table, a column for each of their fields.

    Args:
        ledger: What is known.
        kind: Their type, as `training-event`.

    Raises:
        InvalidValue: There is no such type.
    """
    if kind not in RECORD_TYPES:
        raise InvalidValue(f"there is no type of record {shown_name(kind)}; there are {', '.join(RECORD_TYPES)}")
    names = [field.name for field in attrs.fields(RECORD_TYPES[kind]) if field.name not in ("origin", "replaces")]
    everybody = {
        record.id: record
        for some in (ledger.shared_records(), *map(ledger.records_of, ledger.people()))
        for record in some
        if record.record_type == kind
    }
    rows = tuple(tuple(_field(getattr(record, name)) for name in names) for record in everybody.values())
    return Table(headings=tuple(names), rows=rows, title=kind)


def _field(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Credit):
        on = "" if value.topics is None else f" on {', '.join(sorted(value.topics)) or 'nothing'}"
        return f"{plain(value.amount)} {value.unit}{on}"
    if isinstance(value, Approval):
        return value.by
    if isinstance(value, Quantity):
        return f"{plain(value.amount)} {value.unit}"
    if isinstance(value, tuple | frozenset):
        return "; ".join(map(_field, value) if isinstance(value, tuple) else sorted(map(_field, value)))
    return str(value)


def _hours_short(report: Report) -> str | None:
    """Say how many hours are missing; `None` where nobody knows."""
    if report.hours_outcome == "undetermined":
        return None
    whole = [one for one in report.findings if one.unit == "hour" and one.part_of is None]
    return plain_hours(sum((one.short for one in whole), Fraction(0)))


def _due(report: Report) -> str:
    due = report.dates.get("due")
    if due is None:
        return "-"
    return str(due.day) if due.day is not None else "not decided"
