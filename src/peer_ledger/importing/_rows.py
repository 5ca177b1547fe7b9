"""
From rows to records: reading cells, building records and checking their plausibility in one pass.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

import attrs

from peer_ledger.errors import InvalidData, InvalidRecord, Problem, nearest, shown, shown_name
from peer_ledger.importing._amounts import Amounts
from peer_ledger.importing._builders import BUILDERS, Draft, FieldRefusal, key_of, key_pattern
from peer_ledger.importing._cell_text import clean, folded
from peer_ledger.importing._cells import CellReader
from peer_ledger.importing._columns import MappedColumn
from peer_ledger.importing._course_parts import settle_course_parts
from peer_ledger.importing._fields import FIELDS, PART, Field, field_of
from peer_ledger.importing._findings import Findings, says_empty
from peer_ledger.importing._headings import names_people, unit_in
from peer_ledger.importing._layout import Layout
from peer_ledger.importing._meanings import CellRefusal, Meaning
from peer_ledger.importing._plausibility import Plausibility
from peer_ledger.importing._profile_parts import plain_heading
from peer_ledger.importing._rejected_file import NOTED, is_of_rejected, place_of
from peer_ledger.importing._repeats import Repeats
from peer_ledger.importing._result import Imported, RejectedRow
from peer_ledger.importing._results import Results
from peer_ledger.importing._shown_cells import cell_for_message, cut
from peer_ledger.importing._text_tables import Row
from peer_ledger.importing._zones import RowZones
from peer_ledger.records import Origin, Record

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
        time_zone: str | None = None,
    ) -> None:
        self._headings = tuple(str(cell) for cell in headings)
        self._reader = reader
        self._source = source
        self._makes = layout.profile.makes
        self._build = BUILDERS[self._makes]
        self._rows = 0
        self._records: list[Record] = []
        self._lines: list[int] = []
        self.findings = Findings(layout)
        self._repeats = Repeats(place_of(NOTED, headings))
        self._plausibility = Plausibility(reader.by_id, today)
        self._results = results
        self._course_parts = course_parts
        self._time_zone = time_zone
        self.turn_to(layout, fixed)

    def turn_to(self, layout: Layout, fixed: Mapping[str, str]) -> None:
        """Read the rows that follow by this layout, with these values for every row."""
        self._layout = layout
        self.findings.turn_to(layout)
        self._by_field = {column.field: column for column in layout.columns}
        self._fixed = self._fixed_values(fixed)
        self._codes = "course" in self._by_field
        self._own_key = ["course_code" if name == "course" else name for name in layout.profile.key or ()]
        self._columns = [self._column(column) for column in layout.columns]
        self._zones = self._row_zones()
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
        field = field_of(self._makes, column.field)
        assert field is not None, "a layout names only fields that exist"
        field = attrs.evolve(field, masked=field.masked or names_people(column.heading))
        meanings = {folded(cell.cell): cell.means for cell in column.column.cells} if column.column else {}
        read = self._reader.reader(field, meanings, column.heading)
        return column.place, column.field, read, {}, field

    def _row_zones(self) -> RowZones | None:
        """Return the time zones of rows by their credentials; `None` when one is declared, or no column gives one."""
        column = next((column for column in self._columns if column[1] == "credential"), None)
        if column is None or self._time_zone is not None:
            return None
        return RowZones(column[0], column[2], self._reader.days.time_zone)

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
                    self.findings.reject(row, column.field, self.findings.cell(row, column.field), _UNKNOWN_UNIT)
                    return False
                values[column.field] = amount, unit
        return True

    def take(self, row: Row) -> None:
        """Read one row."""
        self._rows += 1
        cells = row.cells
        fault = row.fault or self._fault(cells)
        if fault is not None:
            self.findings.reject(row, None, None, fault)
            return
        self._turn_zone(cells)
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
                    self.findings.reject(row, name, cell, refusal.reason, again=refused)
                    refused = True
                    continue
            if value is not None:
                values[name] = value
        if self._codes:
            self._keep_code(values, cells)
        if not refused and ("unit" in values or not self._amounts or self._set_units(row, values)):
            self._make(row, values)

    def _turn_zone(self, cells: Sequence[object]) -> None:
        if self._zones is not None:
            self._reader.days.time_zone = self._zones.of(cells)

    def refuse(self, row: Row, name: str, reason: str) -> None:
        """Reject a row because of one of its cells."""
        self._rows += 1
        self.findings.reject(row, name, self.findings.cell(row, name), reason)

    def _fault(self, cells: list[object]) -> str | None:
        """Return why a row gives no record: it is too long, or its result does not say that it took place."""
        if len(cells) > self._layout.width and any(map(clean, cells[self._layout.width :])):
            return f"has {len(cells)} cells under {self._layout.width} headings"
        return self._results.fault(cells)

    def _keep_code(self, values: dict[str, Any], cells: Sequence[object]) -> None:
        place = self._by_field["course"].place
        if place < len(cells) and (code := str(clean(cells[place]))):
            values["course_code"] = code

    def _value(self, row: Row, column: ReadColumn, cell: object) -> Any:
        """
        Read a cell, and remember its value.

        What is noticed or counted is read each time.  So is every moment with a time zone: its day is another one in a
        row of another credential.
        """
        _, name, read, memory, field = column
        plain = clean(cell) if isinstance(cell, str) else cell
        if plain == "":
            value = None
        else:
            meaning = read(plain)
            value = meaning.value
            if meaning.notice is not None:
                kind = {"topics": "topic", "course": "course"}.get(name, "word")
                may_show = meaning.is_slip and not field.masked
                told = cut(str(plain)) if may_show else cell_for_message(field, plain)
                self.findings.notice(kind, row.first_line, name, told, meaning.notice)
                return value
            if meaning.counted is not None:
                self.findings.count(meaning.counted, name, row.first_line, self._reader.days.time_zone)
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
            made = [(draft, self._record(draft, values, row)) for draft in self._build(values, self._reader)]
        except FieldRefusal as refusal:
            self.findings.reject(row, refusal.field, self.findings.cell(row, refusal.field) or None, refusal.reason)
            return
        except InvalidRecord as error:
            self.findings.reject_invalid(row, error)
            return
        for draft, record in made:
            assert record.origin is not None, "a record that is imported has an origin"
            self._repeats.count(record.origin.key, row.cells)
            self._records.append(record)
            self._lines.append(row.first_line)
            for kind, field, says in draft.notices:
                self.findings.notice(kind, row.first_line, field if field in self._by_field else None, None, says)
            for kind, field, says in self._plausibility.look_at(record, row.first_line):
                self.findings.notice(kind, row.first_line, field if field in self._by_field else None, None, says)

    def _record(self, draft: Draft, values: dict[str, Any], row: Row) -> Record:
        key = draft.key
        if self._own_key:
            key = (*key_of(values, *self._own_key), *([draft.values["act"]] if "act" in draft.values else []))
        for name in _needed(draft.cls):
            if name not in draft.values:
                raise FieldRefusal(name, says_empty(name) if name in self._by_field else f"no column gives its {name}")
        origin = Origin(source=self._source, key=key, occurrence=self._repeats.number(key, row.cells))
        return draft.cls(origin=origin, **draft.values)

    def _rejected_rows(self) -> tuple[RejectedRow, ...]:
        """Return the rejected rows, each with what tells it from the rows that were read."""
        rejected = self.findings.rejected_rows
        known = [
            (self._repeats.noted(row.cells), self._pattern(row) if is_sound else None) for row, is_sound in rejected
        ]
        notes = self._repeats.notes(known)
        return tuple(row._replace(noted=note) for (row, _), note in zip(rejected, notes, strict=True))

    def _pattern(self, row: RejectedRow) -> tuple[str | None, ...]:
        """Return what can be read of the key of a rejected row."""
        self._turn_zone(row.cells)
        values = dict(self._fixed)
        for place, name, read, _, _ in self._columns:
            cell = row.cells[place] if place < len(row.cells) else ""
            plain = clean(cell) if isinstance(cell, str) else cell
            with suppress(CellRefusal):
                if plain != "" and (value := read(plain).value) is not None:
                    values[name] = value
        if self._codes:
            self._keep_code(values, row.cells)
        return key_pattern(self._makes, values, self._own_key)

    def done(self, how: str) -> Imported:
        """Return the result, after the last row."""
        settled = settle_course_parts(self._records, self._lines, self._reader.by_id, self._course_parts)
        if settled.says is not None:
            self.findings.notice("parts", None, says=settled.says)
        for line, says in self._plausibility.days():
            self.findings.notice("hours-a-day", line, None, None, says)
        self.findings.notice_counted()
        if self._several.says is not None:
            self.findings.notice("hours", None, "hours", None, self._several.says)
        hint = self._reader.days.hint
        if hint is not None:
            says = f"every date that can be read in only one way is written as {hint}; if all dates are, declare it: "
            self.findings.notice("dates", None, None, None, f"{says}dates=[{hint!r}], or --dates {hint}")
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
            rejected=tuple(self.findings.rejected),
            rejected_count=self.findings.rejected_count,
            notices=tuple(self.findings.notices),
            notice_count=self.findings.notice_count,
            undone=self._results.undone_words(),
            asked=(*self._results.asked(), *settled.asked),
            headings=self._headings,
            rejected_rows=self._rejected_rows(),
            is_partial=is_of_rejected(self._headings),
        )


_NEEDED: dict[type[Record], tuple[str, ...]] = {}


def _needed(cls: type[Record]) -> tuple[str, ...]:
    """Return the names of the fields that a record requires."""
    if cls not in _NEEDED:
        _NEEDED[cls] = tuple(field.name for field in attrs.fields(cls) if field.default is attrs.NOTHING)
    return _NEEDED[cls]
