"""
Answers as tables: for a terminal, a spreadsheet, a data frame, another program or a browser.

>>> print(Table(headings=("person", "hours"), rows=(("p-1", "3"),)).text())
person  hours
p-1     3
"""

import csv
import io
import json
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from os import PathLike
from typing import Any, Literal

import attrs

from peer_ledger import _frames
from peer_ledger._counting import counted
from peer_ledger._html import cell as html_cell
from peer_ledger._html import grid, page, part
from peer_ledger.errors import InvalidValue, shown_name
from peer_ledger.findings import plain_hours
from peer_ledger.hours import DECIMALS, plain
from peer_ledger.importing import ImportedFiles
from peer_ledger.ledger import LedgerView
from peer_ledger.records import RECORD_TYPES, Approval, Credit, Quantity
from peer_ledger.reports import Report
from peer_ledger.rules import RuleSet

Cell = str | date | Decimal | int | bool | None
"""What a cell holds; `None` is unknown, or nothing."""

Kind = Literal["text", "category", "day", "hours", "count", "flag"]
"""What a column holds: free text, one of a few words, days, amounts, whole numbers, yes or no."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_FIGURE = re.compile(r"-[0-9]+(\.[0-9]+)?")
_NUMBERS = ("hours", "count")
STATUS = ("person", "status", "in_force", "due", "hours", "papers", "hours_short", "on", "rules")
"""The columns of a table of where people stand."""


@attrs.frozen(kw_only=True)
class Table:
    """
    Rows under headings.

    Attributes:
        headings: One for each column.
        rows: The rows, each as long as the headings.
        kinds: What each column holds; empty when all hold texts.
        title: What it is, for a browser.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    kinds: tuple[Kind, ...] = ()
    title: str = ""

    def without(self, *names: str) -> "Table":
        """Leave out some columns."""
        return self.only(*(name for name in self.headings if name not in names))

    def only(self, *names: str) -> "Table":
        """
        Keep some columns, in the order given.

        Raises:
            InvalidValue: There is no such column; the message lists those there are.
        """
        for name in names:
            if name not in self.headings:
                raise InvalidValue(f"there is no column {shown_name(name)}; there are {', '.join(self.headings)}")
        kept = [self.headings.index(name) for name in names]
        return attrs.evolve(
            self,
            headings=names,
            rows=tuple(tuple(row[place] for place in kept) for row in self.rows),
            kinds=tuple(self.kinds[place] for place in kept) if self.kinds else (),
        )

    def to_rows(self) -> list[dict[str, Cell]]:
        """
        Give a dictionary for each row: days as dates, amounts as decimals, `None` where nothing is known.
        """
        return [dict(zip(self.headings, row, strict=True)) for row in self.rows]

    def to_frame(self, library: _frames.Library, *, hours: Literal["decimal", "float"] = "decimal") -> Any:
        """
        Give the frame of another library, with columns of the right types.

        Args:
            library: `pandas`, `polars` or `pyarrow`, which has to be installed.
            hours: What amounts become: exact decimals, or binary floats, which are faster to calculate with and may be
                off by one part in 10 to the 15.

        Returns:
            A frame: days are dates (in pandas `datetime64[s]`), words with few values are categories, whole numbers and
            flags may be missing (in pandas `Int64` and `boolean`), decimals have six digits after the point (in pandas
            they are Python's own).

        Raises:
            LedgerMisuse: The library is not installed; the message names the extra.
            InvalidValue: It is none of these.
        """
        columns = [
            _frames.Column(name=name, kind=kind, values=[row[place] for row in self.rows])
            for place, (name, kind) in enumerate(zip(self.headings, self._kinds(), strict=True))
        ]
        return _frames.frame(columns, library, floats=hours == "float")

    def to_excel(self, path: str | PathLike[str]) -> None:
        """
        Write a workbook with one sheet; texts that look like formulas stay texts.

        Args:
            path: Where to; a file that is there is replaced.

        Raises:
            LedgerMisuse: The extra `xlsx` is not installed.
        """
        _frames.write_workbook(self.headings, self.rows, path, title=self.title)

    def text(self) -> str:
        """Write it for a terminal: columns as wide as they need to be."""
        lines = (tuple(name.replace("_", " ") for name in self.headings), *self._shown())
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
        write.writerows([neutral(cell) for cell in row] for row in self._shown())
        return file.getvalue()

    def json(self) -> str:
        """Write it for another program: a list with an object for each row; days and amounts are texts."""
        return json.dumps(
            [dict(zip(self.headings, map(_jsonable, row), strict=True)) for row in self.rows],
            indent=2,
        )

    def html(self) -> str:
        """Write it for a browser: a page of its own."""
        return page(self.title, part(self.html_part(counted(len(self.rows), "row")), label=self.title))

    def _repr_html_(self) -> str:
        return part(self.html_part(self.title), label=self.title)

    def html_part(self, caption: str) -> str:
        """
        Write it as a part of a page that has the style already: it can be sorted by pressing a heading.

        Args:
            caption: What stands above it; any text.
        """
        kinds = self._kinds()
        rows = (
            [
                html_cell(
                    text, kind="number" if kind in _NUMBERS else "plain" if kind == "day" else "", header=not place
                )
                for place, (text, kind) in enumerate(zip(row, kinds, strict=True))
            ]
            for row in self._shown()
        )
        numbers = frozenset(place for place, kind in enumerate(kinds) if kind in _NUMBERS)
        headings = [name.replace("_", " ") for name in self.headings]
        return grid(caption, headings, rows, sortable=True, numbers=numbers)

    def written(self, form: str) -> str:
        """
        Write it in a form: `table`, `csv`, `json` or `html`.
        """
        return {"table": self.text, "csv": self.csv, "json": self.json, "html": self.html}[form]()

    def _kinds(self) -> tuple[Kind, ...]:
        return self.kinds or tuple("text" for _ in self.headings)

    def _shown(self) -> list[tuple[str, ...]]:
        return [tuple(map(shown_cell, row)) for row in self.rows]


def shown_cell(value: Cell) -> str:
    """
    Write what a cell holds.

    >>> [shown_cell(value) for value in (None, date(2026, 3, 31), Decimal("19.750"), True, 7)]
    ['', '2026-03-31', '19.750', 'yes', '7']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value) if isinstance(value, Decimal) else str(value)


def _jsonable(value: Cell) -> str | int | bool | None:
    return value if value is None or isinstance(value, bool | int | str) else shown_cell(value)


def neutral(cell: str) -> str:
    """
    Make sure that a spreadsheet shows a text instead of running it.

    >>> neutral("=1+1"), neutral("-0.25"), neutral("Ethics")
    ("'=1+1", '-0.25', 'Ethics')
    """
    if not cell.startswith(_FORMULA) or _FIGURE.fullmatch(cell):
        return cell
    return f"'{cell}"


def as_decimal(amount: Fraction) -> Decimal:
    """
    Give an amount as a decimal; one that does not end is rounded to the sixth digit after the point.

    >>> as_decimal(Fraction(79, 4)), as_decimal(Fraction(1, 3)), as_decimal(Fraction(20))
    (Decimal('19.75'), Decimal('0.333333'), Decimal('20'))
    """
    whole, rest = divmod(round(amount * 10**DECIMALS), 10**DECIMALS)
    text = f"{whole}.{rest:0{DECIMALS}}".rstrip("0").rstrip(".")
    return Decimal(text)


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


def findings_table(reports: Iterable[Report]) -> Table:
    """
    Put how each requirement stands into a table, a row for each person and requirement.

    Args:
        reports: Their reports.
    """
    rows = tuple(
        (
            report.person,
            report.on,
            report.step,
            one.requirement,
            one.part_of,
            one.says,
            one.result,
            None if one.need is None else as_decimal(one.need),
            as_decimal(one.counted),
            as_decimal(one.short),
            one.unit,
            one.because,
            " ".join(source.id for source in one.cites),
        )
        for report in reports
        for one in report.findings
    )
    columns: dict[str, Kind] = {
        "person": "text", "on": "day", "step": "category", "requirement": "category", "part_of": "category",
        "says": "text", "result": "category", "need": "hours", "counted": "hours", "short": "hours",
        "unit": "category", "because": "text", "cites": "text",
    }  # fmt: skip
    return Table(headings=tuple(columns), rows=rows, kinds=tuple(columns.values()), title="How each requirement stands")


def report_written(report: Report, form: str, ledger: LedgerView | None = None) -> str:
    """
    Write a report in a form.

    Args:
        report: The report.
        form: `table` for sentences, `json` for all of it, `csv` for its findings, `html` for a page.
        ledger: What it was made of, so that the sentences call trainings by their titles; `None` for their ids.
    """
    if form == "json":
        return json.dumps(report.to_dict(), indent=2)
    if form == "csv":
        return findings_table([report]).csv()
    if form == "html":
        return page(f"{report.person} on {report.on}: {report.status}", report._repr_html_())
    return report.text(ledger)


def imported_table(done: ImportedFiles) -> Table:
    """
    Put what became of some files into a table.

    Args:
        done: What `import_files` gave.

    Returns:
        The rows that were refused, the notices, all that is corrected, missing or likely there twice, and the files
        that could not be read.
    """
    rows: list[tuple[Cell, ...]] = []
    for file in done.files:
        name, imported, plan = file.name, file.imported, file.plan
        rows += [
            (name, "rejected", str(one.line), one.column or "", one.value or "", one.reason)
            for one in imported.rejected
        ]
        rows += [
            (name, f"notice: {one.kind}", str(one.line or ""), one.column or "", one.value or "", one.says)
            for one in imported.notices
        ]
        rows += [(name, "correction", "", "", one.old.id, change) for one, change in plan.changes]
        rows += [(name, "no longer in the file", "", "", one.id, who) for one, who in plan.missed]
        rows += [(name, "likely twice", "", "", new, f"is like {old}") for new, old in plan.twice]
        rows += [(name, "likely one person", "", "", new, f"is written like {old}") for new, old in plan.ids]
    rows += [(name, "not read", "", "", "", str(error)) for name, error in done.unread]
    return Table(headings=("file", "what", "line", "column", "value", "says"), rows=tuple(rows), title="What was read")


def import_to_dict(done: ImportedFiles) -> dict[str, Any]:
    """
    Put what became of some files into what JSON can hold.

    Args:
        done: What `import_files` gave.
    """
    return {
        "appended": done.is_appended,
        "waiting": list(done.waiting),
        "unread": [{"file": name, "says": str(error)} for name, error in done.unread],
        "files": [
            {
                "file": file.name,
                "kind": file.imported.kind,
                "source": file.imported.source,
                "rows": file.imported.rows,
                "records": len(file.imported.records),
                "new": len(file.plan.new),
                "unchanged": file.plan.unchanged,
                "withdrawn": file.plan.withdrawn,
                "rejected_count": file.imported.rejected_count,
                "notice_count": file.imported.notice_count,
                "rejected": [attrs.asdict(one) for one in file.imported.rejected],
                "notices": [attrs.asdict(one) for one in file.imported.notices],
                "corrections": [
                    {"id": one.old.id, "fields": list(one.fields), "says": says} for one, says in file.plan.changes
                ],
                "missing": [{"id": one.id, "says": who} for one, who in file.plan.missed],
                "likely_twice": [{"id": new, "like": old} for new, old in file.plan.twice],
                "likely_one_person": [{"id": new, "like": old} for new, old in file.plan.ids],
            }
            for file in done.files
        ],
    }


def import_written(done: ImportedFiles, form: str) -> str:
    """
    Write what became of some files in a form.

    Args:
        done: What `import_files` gave.
        form: `table` for sentences, `json` for all of it, `csv` or `html` for what somebody should look at.
    """
    if form == "json":
        return json.dumps(import_to_dict(done), indent=2)
    return "\n".join(map(str, done.files)) if form == "table" else imported_table(done).written(form)


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
