"""
Answers, rules and records as tables.
"""

import json
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

import attrs

from peer_ledger._closest import few_of
from peer_ledger.errors import InvalidValue, nearest, shown_name
from peer_ledger.ledger import LedgerView
from peer_ledger.presenting.tables import ColumnKind, Table
from peer_ledger.records import RECORD_TYPES, Approval, Credit, Quantity
from peer_ledger.reports import Report
from peer_ledger.reports._html import page
from peer_ledger.reports._remarks import in_words
from peer_ledger.rules import RuleSet
from peer_ledger.values.hours import DECIMALS, plain, plain_hours

STATUS = ("person", "status", "in_force", "due", "hours", "documents", "hours_short", "on", "rules")
"""The columns of the status table."""


def as_decimal(amount: Fraction) -> Decimal:
    """
    Return an amount as a decimal, rounded to six digits after the point if it does not end.

    >>> as_decimal(Fraction(79, 4)), as_decimal(Fraction(1, 3)), as_decimal(Fraction(20))
    (Decimal('19.75'), Decimal('0.333333'), Decimal('20'))
    """
    whole, rest = divmod(round(amount * 10**DECIMALS), 10**DECIMALS)
    text = f"{whole}.{rest:0{DECIMALS}}".rstrip("0").rstrip(".")
    return Decimal(text)


def status_table(reports: Iterable[Report]) -> Table:
    """
    Return a table of where people stand, with a row for each person.

    Args:
        reports: Their reports.
    """
    rows = []
    title = "Where everyone stands"
    for report in reports:
        title = f"Where everyone stands on {report.on} ({report.provenance.ruleset})"
        rows.append(
            (
                report.person,
                report.status,
                report.in_force,
                _due(report),
                report.hours_outcome,
                report.documents_outcome,
                None if report.hours_short is None else plain_hours(report.hours_short),
                str(report.on),
                report.provenance.ruleset,
            )
        )
    return Table(headings=STATUS, rows=tuple(rows), title=title)


def findings_table(reports: Iterable[Report]) -> Table:
    """
    Return a table of the findings, with a row for each person and requirement.

    Args:
        reports: Their reports.
    """
    rows = tuple(
        (
            report.person,
            report.on,
            report.step,
            finding.requirement,
            finding.part_of,
            finding.says,
            finding.result,
            None if finding.need is None else as_decimal(finding.need),
            as_decimal(finding.counted),
            as_decimal(finding.short),
            finding.unit,
            in_words(finding.because) or None,
            " ".join(source.id for source in finding.cites),
        )
        for report in reports
        for finding in report.findings
    )
    columns: dict[str, ColumnKind] = {
        "person": "text", "on": "day", "step": "category", "requirement": "category", "part_of": "category",
        "says": "text", "result": "category", "need": "hours", "counted": "hours", "short": "hours",
        "unit": "category", "because": "text", "cites": "text",
    }  # fmt: skip
    return Table(headings=tuple(columns), rows=rows, kinds=tuple(columns.values()), title="How each requirement stands")


def report_written(report: Report, form: str, ledger: LedgerView | None = None) -> str:
    """
    Return a report in one of several forms.

    Args:
        report: The report.
        form: `table` for sentences, `json` for the whole report, `csv` for its findings, `html` for a page.
        ledger: The records behind it, so that sentences name trainings by their titles; `None` to use ids.
    """
    if form == "json":
        return json.dumps(report.to_dict(), indent=2)
    if form == "csv":
        return findings_table([report]).csv()
    if form == "html":
        return page(f"{report.person} on {report.on}: {report.status}", report._repr_html_())
    return report.text(ledger)


def rules_table(rules: Iterable[RuleSet]) -> Table:
    """
    Return a table of rule sets, with a row for each.
    """
    rows = tuple((ruleset.id, ruleset.name, ruleset.body, ruleset.grade, ruleset.version) for ruleset in rules)
    return Table(headings=("id", "credential", "body", "known", "version"), rows=rows, title="Rule sets")


def requirements_table(rules: RuleSet) -> Table:
    """
    Return a table of the requirements of all editions of a rule set.
    """
    rows = tuple(
        (procedure.step, edition.id, requirement.id, requirement.says, " ".join(requirement.cites))
        for procedure in rules.procedures
        for edition in procedure.editions
        for requirement in edition.requirements
    )
    return Table(headings=("step", "edition", "requirement", "says", "cites"), rows=rows, title=rules.name)


def records_table(ledger: LedgerView, kind: str) -> Table:
    """
    Return a table of the records of one type that are in effect, with a column for each field.

    Args:
        ledger: The ledger.
        kind: The type of record, such as `training-event`.

    Raises:
        InvalidValue: There is no such type; the message lists the types.
    """
    if kind not in RECORD_TYPES:
        near = nearest(kind, RECORD_TYPES)
        raise InvalidValue(f"there is no type of record {shown_name(kind)}{near}; available: {few_of(RECORD_TYPES)}")
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


def _due(report: Report) -> str:
    due = report.dates.due
    if due is None:
        return "-"
    return str(due.day) if due.day is not None else "not settled"
