"""
From rows to records: reading cells, building records and checking their plausibility in one pass.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from peer_ledger.errors import InvalidData, InvalidRecord, Problem, nearest, shown, shown_name
from peer_ledger.importing._amounts import Amounts
from peer_ledger.importing._builders import BUILDERS, Draft, FieldRefusal, key_of
from peer_ledger.importing._cell_text import cell_for_message, clean, folded, names_total, quoted, says_total
from peer_ledger.importing._cells import CellReader
from peer_ledger.importing._columns import MappedColumn
from peer_ledger.importing._course_parts import settle_course_parts
from peer_ledger.importing._fields import FIELDS, PART, Field, field_of
from peer_ledger.importing._headings import names_people, unit_in
from peer_ledger.importing._layout import Layout
from peer_ledger.importing._meanings import CellRefusal, Meaning
from peer_ledger.importing._plausibility import Plausibility
from peer_ledger.importing._profile_parts import plain_heading
from peer_ledger.importing._rejected_file import is_of_rejected
from peer_ledger.importing._result import MOST_LISTED, Imported, Notice, Rejected
from peer_ledger.importing._results import Results
from peer_ledger.importing._text_tables import Row
from peer_ledger.records import Origin, Record
from peer_ledger.values._wording import counted

_MOST_REMEMBERED = 2**16
_LONGEST_REMEMBERED = 200
_NO_FIELD = Field("text")
_UNKNOWN_UNIT = (
    "may be hours or something else; declare the unit of the column as hour, minute or ceu: fixed={'unit': 'hour'}, "
    "or --fixed unit=hour"
)

ReadColumn = tuple[int, str, Callable[[object], Meaning], dict[object, Any], Field]
"""A column's position, the name of its field, its reader of cells, the values of cells read before, and the field."""


class Importer:
    """One pass over the rows below the headings."""

    def __init__(
        self,
        layout: Layout,
        reader: CellReader,
        *,
        fixed: Mapping[str, str],
        source: str,
        today: date | None,
        results: Results,
        headings: Sequence[object] = (),
        course_parts: str | None = None,
    ) -> None:
        self._headings = tuple(str(cell) for cell in headings)
        self._reader = reader
        self._source = source
        self._makes = layout.profile.makes
        self._build = BUILDERS[self._makes]
        self._rows = 0
        self._records: list[Record] = []
        self._lines: list[int] = []
        self._rejected: list[Rejected] = []
        self._rejected_count = 0
        self._rejected_rows: list[tuple[int, tuple[object, ...], str]] = []
        self._notices: list[Notice] = []
        self._notice_count = 0
        self._seen: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self._counted: dict[tuple[str, str], list[int]] = {}
        self._plausibility = Plausibility(reader.by_id, today)
        self._results = results
        self._course_parts = course_parts
        self.turn_to(layout, fixed)

    def turn_to(self, layout: Layout, fixed: Mapping[str, str]) -> None:
        """Read the rows that follow by this layout, with these values for every row."""
        self._layout = layout
        self._by_field = {column.field: column for column in layout.columns}
        self._fixed = self._fixed_values(fixed)
        self._private = {column.field for column in layout.columns if names_people(column.heading)}
        self._codes = "course" in self._by_field
        self._columns = [self._column(column) for column in layout.columns]
        self._several = Amounts(layout, self._reader)
        self._amounts = [
            (column, unit)
            for column in layout.columns
            if FIELDS[self._makes].get(column.field.partition(".")[0], _NO_FIELD).reads == "amount"
            and ((unit := self._unit(column)) or column.unclear)
        ]

    def _fixed_values(self, fixed: Mapping[str, str]) -> dict[str, Any]:
        """Read the values that hold for every row; a column of the same field takes precedence."""
        given = {value.field: value.value for value in self._layout.profile.fixed} | dict(fixed)
        values: dict[str, Any] = {}
        for name, text in given.items():
            field = field_of(self._makes, name)
            if field is None:
                if not any(field_of(kind, name) for kind in FIELDS):
                    known = sorted({name for kind in FIELDS.values() for name in kind})
                    what = f"there is no field {shown_name(name)}{nearest(name, known)}"
                    raise InvalidData("table", (Problem("fixed", what),))
                continue  # such as the credential, which is given before the kind of rows is known
            try:
                values[name] = self._reader.reader(field, {})(text).value
            except CellRefusal as refusal:
                raise InvalidData("table", (Problem(name, f"{shown(text)} {refusal.reason}"),)) from None
        return values

    def _column(self, column: MappedColumn) -> ReadColumn:
        field = self._field(column.field)
        meanings = {folded(cell.cell): cell.means for cell in column.column.cells} if column.column else {}
        read = self._reader.reader(field, meanings, column.heading)
        return column.place, column.field, read, {}, field

    def _unit(self, column: MappedColumn) -> str | None:
        """Return the unit that the heading of a column of amounts names."""
        hours_of_topic = column.field.startswith(PART) and "hours" in plain_heading(column.heading).split()
        found = "hour" if hours_of_topic else self._reader.vocabularies["units"].find(column.heading)
        return found or unit_in(column.heading)

    def _set_units(self, row: Row, values: dict[str, Any]) -> bool:
        """Set the units that only headings name; reject the row and return `False` when a unit is unknown."""
        for column, unit in self._amounts:
            amount, own = values.get(column.field, (None, None))
            if amount and own is None:
                if column.unclear:
                    self._reject(row, column.field, self._cell(row, column.field), _UNKNOWN_UNIT)
                    return False
                values[column.field] = amount, unit
        return True

    def take(self, row: Row) -> None:
        """Read one row."""
        self._rows += 1
        cells = row.cells
        fault = row.fault or self._fault(cells)
        if fault is not None:
            self._reject(row, None, None, fault)
            return
        values = dict(self._fixed)
        width = len(cells)
        refused = False
        for column in self._columns:
            place, name, _, memory, _ = column
            cell = cells[place] if place < width else ""
            if cell == "" and name == "person" and row.above:
                cell = row.above.get(place, "")
            if cell in memory:
                value = memory[cell]
            else:
                try:
                    value = self._value(row, column, cell)
                except CellRefusal as refusal:
                    self._reject(row, name, cell, refusal.reason, again=refused)
                    refused = True
                    continue
            if value is not None:
                values[name] = value
        if self._codes:
            self._keep_code(values, cells)
        if not refused and ("unit" in values or not self._amounts or self._set_units(row, values)):
            self._make(row, values)

    def refuse(self, row: Row, name: str, reason: str) -> None:
        """Reject a row because of one of its cells."""
        self._rows += 1
        self._reject(row, name, self._cell(row, name), reason)

    def _fault(self, cells: list[object]) -> str | None:
        """Return why a row gives no record: it is too long, or its result does not say that it came about."""
        if len(cells) > self._layout.width and any(map(clean, cells[self._layout.width :])):
            return f"has {len(cells)} cells under {self._layout.width} headings"
        return self._results.fault(cells)

    def _keep_code(self, values: dict[str, Any], cells: list[object]) -> None:
        place = self._by_field["course"].place
        if place < len(cells) and (code := str(clean(cells[place]))):
            values["course_code"] = code

    def _value(self, row: Row, column: ReadColumn, cell: object) -> Any:
        _, name, read, memory, field = column
        plain = clean(cell) if isinstance(cell, str) else cell
        if plain == "":
            value = None
        else:
            meaning = read(plain)
            value = meaning.value
            if meaning.notice is not None:
                kind = {"topics": "topic", "course": "course"}.get(name, "word")
                self.notice(kind, row.first_line, name, cell_for_message(field, plain), meaning.notice)
                return value
            if meaning.counted is not None:
                self._counted.setdefault((meaning.counted, name), []).append(row.first_line)
                return value
        if len(plain if isinstance(plain, str) else "") <= _LONGEST_REMEMBERED:
            if len(memory) >= _MOST_REMEMBERED:
                memory.clear()
            memory[cell] = value
        return value

    def _make(self, row: Row, values: dict[str, Any]) -> None:
        """Build the records of a row, all of them or none."""
        try:
            self._several.settle(values, row.cells, row.first_line)
            made = [(draft, self._record(draft, values)) for draft in self._build(values, self._reader)]
        except FieldRefusal as refusal:
            self._reject(row, refusal.field, self._cell(row, refusal.field) or None, refusal.reason)
            return
        except InvalidRecord as error:
            self._reject_invalid(row, error)
            return
        for draft, record in made:
            self._records.append(record)
            self._lines.append(row.first_line)
            for kind, field, says in draft.notices:
                self.notice(kind, row.first_line, field if field in self._by_field else None, None, says)
            for kind, field, says in self._plausibility.look_at(record, row.first_line):
                self.notice(kind, row.first_line, field if field in self._by_field else None, None, says)

    def _record(self, draft: Draft, values: dict[str, Any]) -> Record:
        key = draft.key
        if self._layout.profile.key:
            parts = ["course_code" if name == "course" else name for name in self._layout.profile.key]
            key = (*key_of(values, *parts), *([draft.values["act"]] if "act" in draft.values else []))
        self._seen[self._makes, key] += 1
        for name in _needed(draft.cls):
            if name not in draft.values:
                raise FieldRefusal(name, _empty(name) if name in self._by_field else f"no column gives its {name}")
        origin = Origin(source=self._source, key=key, occurrence=self._seen[self._makes, key])
        return draft.cls(origin=origin, **draft.values)

    def _reject_invalid(self, row: Row, error: InvalidRecord) -> None:
        for number, problem in enumerate(error.problems):
            name = problem.path.partition("[")[0].partition(".")[0]
            name = "hours" if name == "credits" else name
            known = name in self._by_field
            empty = known and self._cell(row, name) in ("", None)
            says = _empty(name) if empty else problem.message if known else f"{problem.path}: {problem.message}"
            cell = None if empty or not known else self._cell(row, name)
            self._reject(row, name if known else None, cell, says, again=number > 0)

    def _cell(self, row: Row, field: str) -> object | None:
        column = self._by_field.get(field)
        return row.cells[column.place] if column is not None and column.place < len(row.cells) else None

    def _reject(self, row: Row, name: str | None, cell: object | None, reason: str, *, again: bool = False) -> None:
        if self._is_total(row):
            if not again:
                self.notice("total", row.first_line, None, None, "is a row of totals and gives no record")
            return
        self._rejected_count += not again
        if not again:
            above = {
                place: cell for place, cell in row.above.items() if place >= len(row.cells) or row.cells[place] == ""
            }
            cells = [above.get(place, cell) for place, cell in enumerate(row.cells)]
            self._rejected_rows.append((row.first_line, tuple(cells), reason))
        if len(self._rejected) >= MOST_LISTED:
            return
        if row.last_line > row.first_line:
            reason = f"{reason} (the row continues to line {row.last_line})"
        value = None
        if name in self._private:
            value = f"a text of {len(str(cell))} characters"
            reason = reason.replace(quoted(str(clean(cell))), value)
        elif name is not None and isinstance(cell, str | date) and (field := field_of(self._makes, name)) is not None:
            value = cell_for_message(field, clean(cell) if isinstance(cell, str) else cell)
        self._rejected.append(Rejected(line=row.first_line, column=self._column_name(name), value=value, reason=reason))

    def _is_total(self, row: Row) -> bool:
        """Return whether a rejected row is a row of totals: it says so, and it names neither a person nor a day."""
        person = self._cell(row, "person")
        if row.fault is not None or not (names_total(person) or any(map(says_total, row.cells))):
            return False
        days = [column.field for column in self._layout.columns if self._field(column.field).reads == "day"]
        if any(says_total(self._cell(row, name)) for name in days):
            days = []
        nobody = person is None or not clean(person) or says_total(person) or names_total(person)
        return nobody and not any(clean(cell) for name in days if (cell := self._cell(row, name)) is not None)

    def _field(self, name: str) -> Field:
        field = field_of(self._makes, name)
        assert field is not None, "a layout names only fields that exist"
        return field

    def notice(
        self, kind: str, line: int | None, name: str | None = None, value: str | None = None, says: str = ""
    ) -> None:
        """Record a notice about something to check."""
        self._notice_count += 1
        if len(self._notices) < MOST_LISTED:
            column = self._column_name(name)
            self._notices.append(Notice(kind=kind, line=line, column=column, value=value, says=says))

    def _column_name(self, name: str | None) -> str | None:
        column = self._by_field.get(name or "")
        if column is None:
            return None
        letters = f"column {column.letters}"
        return letters if column.heading == letters else f"{letters} {column.heading!r}"

    def done(self, how: str) -> Imported:
        """Return the result, after the last row."""
        settled = settle_course_parts(self._records, self._lines, self._reader.by_id, self._course_parts)
        if settled.says is not None:
            self.notice("parts", None, says=settled.says)
        for line, says in self._plausibility.days():
            self.notice("hours-a-day", line, None, None, says)
        for (says, name), lines in self._counted.items():
            kind = "course" if says == "code" else "dates"
            self.notice(kind, None, name, None, said_of_rows(says, lines, self._reader.days.time_zone))
        if self._several.says is not None:
            self.notice("hours", None, "hours", None, self._several.says)
        hint = self._reader.days.hint
        if hint is not None:
            says = f"every date that can be read in only one way is written as {hint}; if all dates are, declare it: "
            self.notice("dates", None, None, None, f"{says}dates=[{hint!r}], or --dates {hint}")
        return Imported(
            kind=self._makes,
            profile=self._layout.profile.id,
            source=self._source,
            how=how,
            columns=tuple((column.heading, column.field) for column in self._layout.columns),
            ignored=self._layout.ignored,
            rows=self._rows,
            records=tuple(settled.records),
            lines=tuple(settled.lines),
            rejected=tuple(self._rejected),
            rejected_count=self._rejected_count,
            notices=tuple(self._notices),
            notice_count=self._notice_count,
            undone=self._results.undone_words(),
            asked=(*self._results.asked(), *settled.asked),
            headings=self._headings,
            rejected_rows=tuple(self._rejected_rows),
            is_partial=is_of_rejected(self._headings),
        )


def _empty(name: str) -> str:
    merged = "; if an id is written once for several rows, write it in each of them"
    return f"is empty{merged if name == 'person' else ''}"


def said_of_rows(says: str, lines: list[int], time_zone: str | None) -> str:
    """Return what is said of cells that a rule of reading concerns, for the file as a whole."""
    rows, first = counted(len(lines), "row"), f"first in line {lines[0]}"
    return {
        "code": f"{rows}: the course code was recorded, but there is no catalog to look it up in ({first})",
        "serial": f"{rows}: the number of a day in a spreadsheet program was read as that day ({first})",
        "moved": f"{rows}: the moment is on another day in {time_zone}, and that day is recorded ({first})",
        "same": f"{rows}: the moment is on the day as written in {time_zone}, too ({first})",
        "unmoved": (
            f"{rows}: the moment has a time zone, and the time zone of the days is not known, so the day is as "
            f"written; declare it: time_zone='America/New_York', or --time-zone America/New_York ({first})"
        ),
        "timeless": (
            f"{rows}: the heading says UTC, but there is no time, so the day is as written; "
            f"it may be a day late ({first})"
        ),
    }[says]


_NEEDED: dict[type[Record], tuple[str, ...]] = {}


def _needed(cls: type[Record]) -> tuple[str, ...]:
    """Return the names of the fields that a record requires."""
    if cls not in _NEEDED:
        _NEEDED[cls] = tuple(field.name for field in attrs.fields(cls) if field.default is attrs.NOTHING)
    return _NEEDED[cls]
