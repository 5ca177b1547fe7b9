"""
Answers as rows: one for each person and, when asked for, one for each person and requirement.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal

from peer_ledger.columns._codes import EPOCH, Coded
from peer_ledger.columns._libraries import arrow, numpy
from peer_ledger.columns._shapes import Rejected
from peer_ledger.columns._telling import Told
from peer_ledger.presenting import _frames
from peer_ledger.presenting._answer_tables import as_decimal, findings_table
from peer_ledger.presenting._roster_cells import due_date, figures_of, last_day_to_file, last_late_day
from peer_ledger.presenting.tables import Cell, ColumnKind
from peer_ledger.reports import DateName, Report
from peer_ledger.rules import Hours, RuleSet, with_inner
from peer_ledger.rules._built import all_parts

Also = Literal["short", "questions", "findings"]
"""What is returned beside the headline; all but the open questions take a report on each person."""

_HEADLINE: Mapping[str, ColumnKind] = {
    "person": "text", "status": "category", "standing": "category", "in_force": "category", "step": "category",
    "outcome": "category", "hours": "category", "documents": "category", "hours_short": "hours", "due": "day",
    "due_from": "day", "days_left": "count", "late_until": "day", "file_by": "day", "expiry": "day",
    "timely_until": "day", "reinstate_until": "day", "opens": "day", "earning_begins": "day", "earning_ends": "day",
    "pending_since": "day",
}  # fmt: skip

_DATES: Sequence[DateName] = ("expiry", "timely_until", "reinstate_until", "opens", "earning_begins", "earning_ends")

_FINDINGS = findings_table(())
_REJECTED: Mapping[str, ColumnKind] = {
    "table": "category", "row": "count", "person": "text", "column": "category", "reason": "text",
}  # fmt: skip


class AnswerRows:
    """
    What is told of each person.

    Args:
        rules: The rule set.
        also: What is told beside the headline.
    """

    def __init__(self, rules: RuleSet, also: Iterable[Also]) -> None:
        self._also = frozenset(also)
        self._requirements = list(dict.fromkeys(_requirements_of(rules))) if "short" in self._also else []
        self._kinds: dict[str, ColumnKind] = dict(_HEADLINE)
        self._kinds |= {f"{name.replace('-', '_')}_short": "hours" for name in self._requirements}
        if self.tells_questions:
            self._kinds |= {"questions": "count", "open_questions": "text"}
        self._kinds["rejected"] = "count"

    @property
    def is_told_from_columns(self) -> bool:
        """Whether nothing is told that takes a report on each person."""
        return self._also <= {"questions"}

    @property
    def tells_questions(self) -> bool:
        """Whether the open questions are told."""
        return "questions" in self._also

    def tables(self, reports: Iterable[Report], rejected: Sequence[Rejected]) -> tuple[Any, Any]:
        """
        Return the rows about some people, and those about their requirements, as tables of Arrow.

        Args:
            reports: The reports on them.
            rejected: The rows that were rejected.
        """
        people, findings = list[tuple[Cell, ...]](), list[tuple[Cell, ...]]()
        lost = _lost(rejected)
        for report in reports:
            people.append((*self._row(report), lost.get(report.person, 0)))
            if "findings" in self._also:
                findings += findings_table([report]).rows
        return (
            _table(self._kinds, people),
            _table(dict(zip(_FINDINGS.headings, _FINDINGS.kinds, strict=True)), findings),
        )

    def joined(
        self, people: Sequence[str], told: Sequence[Told], reports: Mapping[int, Report], rejected: Sequence[Rejected]
    ) -> tuple[Any, Any]:
        """
        Return the same of people of whom most are told from columns.

        Args:
            people: The people.
            told: The headlines that are told from columns.
            reports: The reports on all others, by their places.
            rejected: The rows that were rejected.
        """
        pa, np = arrow(), numpy()
        rest, findings = self.tables([report for _, report in sorted(reports.items())], ())
        places = np.concatenate([*(each.places for each in told), np.array(sorted(reports), dtype=np.int64)])
        order = pa.array(np.argsort(places, kind="stable"))
        tables = [self._told(people, each).cast(_plainly(rest.schema)) for each in told]
        whole = pa.concat_tables([*tables, rest.cast(_plainly(rest.schema))]).take(order)
        lost = _lost(rejected)
        if lost:
            counts = pa.array([lost.get(person, 0) for person in whole.column("person").to_pylist()], pa.int64())
            whole = whole.set_column(whole.num_columns - 1, "rejected", counts)
        for place, (name, kind) in enumerate(self._kinds.items()):
            if kind == "category":
                whole = whole.set_column(place, name, whole.column(place).dictionary_encode())
        return whole.combine_chunks().unify_dictionaries(), findings

    def _told(self, people: Sequence[str], told: Told) -> Any:
        """Return the rows about people who are told from columns; without categories."""
        pa, np = arrow(), numpy()
        kinds = {name: "text" if kind == "category" else kind for name, kind in self._kinds.items()}
        empty = _table(kinds, [])
        some = {"person": Coded(told.places, list(people)), "hours_short": told.hours_short}
        if told.questions is not None:
            codes, names = told.questions
            some["questions"] = Coded(codes, [len(each or ()) for each in names])
            some["open_questions"] = Coded(codes, ["; ".join(each or ()) or None for each in names])
        some["rejected"] = Coded(np.zeros(len(told.places), dtype=np.int64), [0])
        columns = []
        for name, kind in kinds.items():
            if kind == "day":
                columns.append(_days(told.days[name]))
            elif name == "days_left":
                columns.append(pa.array(told.days["due"] - told.on, pa.int64(), mask=told.days["due"] == 0))
            else:
                codes, values = some.get(name) or Coded(told.rows.codes, [row[name] for row in told.rows.values])
                columns.append(pa.array(values, empty.schema.field(name).type).take(pa.array(codes)))
        return pa.table(columns, schema=empty.schema)

    def row(self, report: Report) -> tuple[dict[str, Cell], dict[str, date | None]]:
        """Return the cells of the headline of a report, by column: those of all other kinds, and the days."""
        cells: dict[str, Any] = dict(zip(_HEADLINE, self._headline(report), strict=True))
        days = {name: cells.pop(name) for name, kind in _HEADLINE.items() if kind == "day"}
        return cells, days

    def _row(self, report: Report) -> Iterator[Cell]:
        yield from self._headline(report)
        if self._requirements:
            yield from [cell for place, cell in enumerate(figures_of(report, self._requirements)) if place % 4 == 3]
        if self.tells_questions:
            names = [question.question.id for question in report.questions]
            yield len(names)
            yield "; ".join(names) or None

    def _headline(self, report: Report) -> Iterator[Cell]:
        yield from (
            report.person, report.status, report.standing, report.in_force, report.step, report.outcome,
            report.hours_outcome, report.documents_outcome,
            None if report.hours_short is None else as_decimal(report.hours_short),
            *due_date(report), last_late_day(report), last_day_to_file(report),
        )  # fmt: skip
        dates = report.dates
        for name in _DATES:
            day = getattr(dates, name)
            yield None if day is None else day.day
        yield report.pending_since


def _days(numbers: Any) -> Any:
    """Return numbers of the calendar as an array of days; 0 is none."""
    pa, np = arrow(), numpy()
    return pa.array((numbers - EPOCH).astype(np.int32), pa.int32(), mask=numbers == 0).cast(pa.date32())


def _lost(rejected: Iterable[Rejected]) -> dict[str | None, int]:
    """Return of each person how many rows were rejected."""
    lost = dict[str | None, int]()
    for person, _, _ in {(each.person, each.table, each.row) for each in rejected}:
        lost[person] = lost.get(person, 0) + 1
    return lost


def _plainly(schema: Any) -> Any:
    """Return a schema with texts instead of categories."""
    pa = arrow()
    plain = [
        pa.field(field.name, field.type.value_type if pa.types.is_dictionary(field.type) else field.type)
        for field in schema
    ]
    return pa.schema(plain)


def rejected_table(rejected: Sequence[Rejected]) -> Any:
    """Return the rejected rows as a table of Arrow."""
    rows = [(each.table, each.row, each.person, each.column, each.reason) for each in rejected]
    return _table(_REJECTED, rows)


def _requirements_of(rules: RuleSet) -> Iterator[str]:
    for procedure in rules.procedures:
        for edition in procedure.editions:
            for requirement in with_inner(edition.requirements):
                yield requirement.id
                if isinstance(requirement, Hours):
                    yield from (part.id for _, part in all_parts("", requirement.parts))


def _table(kinds: Mapping[str, ColumnKind], rows: Sequence[Sequence[Cell]]) -> Any:
    cells: Iterable[Sequence[Cell]] = zip(*rows, strict=True) if rows else [() for _ in kinds]
    columns = [
        _frames.Column(name=name, kind=kind, values=list(values))
        for (name, kind), values in zip(kinds.items(), cells, strict=True)
    ]
    return _frames.frame(columns, "pyarrow", floats=False)


def as_frame(table: Any, kind: str, *, floats: bool) -> Any:
    """
    Return a table of Arrow as a frame of a library.

    Args:
        table: The table.
        kind: The library.
        floats: Whether amounts become binary floats instead of decimals.
    """
    pa = arrow()
    for place, field in enumerate(table.schema if floats else ()):
        if pa.types.is_decimal(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(pa.float64()))
    if kind in ("pyarrow", "stream"):
        return table
    module = _frames.loaded(kind, extra=kind, what=f"a frame of {kind}")
    if kind == "polars":
        return module.from_arrow(table)
    if kind == "duckdb":
        return module.from_arrow(table)
    types = {pa.int64(): module.Int64Dtype(), pa.string(): module.StringDtype()}
    frame = table.to_pandas(types_mapper=types.get, date_as_object=False)
    days = [field.name for field in table.schema if pa.types.is_date(field.type)]
    return frame.astype(dict.fromkeys(days, "datetime64[s]"))
