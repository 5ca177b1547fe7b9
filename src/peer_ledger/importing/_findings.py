"""
What a pass over rows finds: the rows that give no record, and what to check in the others.
"""

from datetime import date

from peer_ledger.errors import InvalidRecord
from peer_ledger.importing._cell_text import clean, names_total, says_total
from peer_ledger.importing._columns import MappedColumn
from peer_ledger.importing._fields import Field, field_of
from peer_ledger.importing._headings import names_people
from peer_ledger.importing._layout import Layout
from peer_ledger.importing._result import MOST_LISTED, Notice, Rejected, RejectedRow
from peer_ledger.importing._shown_cells import cell_for_message, cut, described
from peer_ledger.importing._text_tables import Row
from peer_ledger.values._wording import counted


class Findings:
    """
    The rejected rows and the notices of one pass over rows.

    Attributes:
        rejected: The first thousand rejected rows.
        rejected_count: The number of rejected rows.
        rejected_rows: Every rejected row, and whether its cells are those of the columns.
        notices: The first thousand notices.
        notice_count: The number of notices.
    """

    def __init__(self, layout: Layout) -> None:
        self.rejected: list[Rejected] = []
        self.rejected_count = 0
        self.rejected_rows: list[tuple[RejectedRow, bool]] = []
        self.notices: list[Notice] = []
        self.notice_count = 0
        self._counted: dict[tuple[str, str, str | None], list[int]] = {}
        self.turn_to(layout)

    def turn_to(self, layout: Layout) -> None:
        """Name columns by this layout from here on."""
        self._makes = layout.profile.makes
        self._width = layout.width
        self._by_field = {column.field: column for column in layout.columns}
        self._private = {column.field for column in layout.columns if names_people(column.heading)}
        self._days = [column.field for column in layout.columns if _reads(self._makes, column).reads == "day"]

    def reject(self, row: Row, name: str | None, cell: object | None, reason: str, *, again: bool = False) -> bool:
        """
        Reject a row, or add a reason to a rejected one; return whether it is among the rejected rows.

        Args:
            row: The row.
            name: The field of the column at fault; `None` for the whole row.
            cell: The cell at fault.
            reason: Why, and what to do.
            again: Whether the row was rejected for another reason before.
        """
        if self._is_total(row):
            if not again:
                self.notice("total", row.first_line, None, None, "is a row of totals and gives no record")
            return False
        self.rejected_count += not again
        if not again:
            above = {
                place: cell for place, cell in row.above.items() if place >= len(row.cells) or row.cells[place] == ""
            }
            cells = tuple(above.get(place, cell) for place, cell in enumerate(row.cells))
            is_sound = row.fault is None and not any(map(clean, cells[self._width :]))
            self.rejected_rows.append((RejectedRow(row.first_line, cells, reason), is_sound))
        if len(self.rejected) < MOST_LISTED:
            self.rejected.append(self._listed(row, name, cell, reason))
        return True

    def _listed(self, row: Row, name: str | None, cell: object | None, reason: str) -> Rejected:
        if row.last_line > row.first_line:
            reason = f"{reason} (the row continues to line {row.last_line})"
        value = None
        if name in self._private:
            value = described(str(cell))
            reason = reason.replace(cut(str(clean(cell))), value)
        elif name is not None and isinstance(cell, str | date) and (field := field_of(self._makes, name)) is not None:
            value = cell_for_message(field, clean(cell) if isinstance(cell, str) else cell)
        return Rejected(line=row.first_line, column=self._column_name(name), value=value, reason=reason)

    def reject_invalid(self, row: Row, error: InvalidRecord) -> None:
        """Reject a row of which no record can be made, for each of the reasons."""
        for number, problem in enumerate(error.problems):
            name = problem.path.partition("[")[0].partition(".")[0]
            name = "hours" if name == "credits" else name
            known = name in self._by_field
            empty = known and self.cell(row, name) in ("", None)
            says = says_empty(name) if empty else problem.message if known else f"{problem.path}: {problem.message}"
            cell = None if empty or not known else self.cell(row, name)
            self.reject(row, name if known else None, cell, says, again=number > 0)

    def cell(self, row: Row, field: str) -> object | None:
        """Return the cell of a row that a field is read from; `None` when no column gives it."""
        column = self._by_field.get(field)
        return row.cells[column.place] if column is not None and column.place < len(row.cells) else None

    def _is_total(self, row: Row) -> bool:
        """Return whether a rejected row is a row of totals: it says so, and it names neither a person nor a day."""
        person = self.cell(row, "person")
        if row.fault is not None or not (names_total(person) or any(map(says_total, row.cells))):
            return False
        days = [] if any(says_total(self.cell(row, name)) for name in self._days) else self._days
        nobody = person is None or not clean(person) or says_total(person) or names_total(person)
        return nobody and not any(clean(cell) for name in days if (cell := self.cell(row, name)) is not None)

    def notice(
        self, kind: str, line: int | None, name: str | None = None, value: str | None = None, says: str = ""
    ) -> None:
        """Record a notice about something to check."""
        self.notice_count += 1
        if len(self.notices) < MOST_LISTED:
            column = self._column_name(name)
            self.notices.append(Notice(kind=kind, line=line, column=column, value=value, says=says))

    def count(self, says: str, name: str, line: int, time_zone: str | None) -> None:
        """Count a cell that a rule of reading concerns, which is said once for all of its rows."""
        self._counted.setdefault((says, name, None if says == "code" else time_zone), []).append(line)

    def notice_counted(self) -> None:
        """Record a notice for each rule of reading that concerned cells."""
        for (says, name, time_zone), lines in self._counted.items():
            kind = "course" if says == "code" else "dates"
            self.notice(kind, None, name, None, _said_of_rows(says, lines, time_zone))

    def _column_name(self, name: str | None) -> str | None:
        column = self._by_field.get(name or "")
        if column is None:
            return None
        letters = f"column {column.letters}"
        return letters if column.heading == letters else f"{letters} {column.heading!r}"


def _reads(kind: str, column: MappedColumn) -> Field:
    field = field_of(kind, column.field)
    assert field is not None, "a layout names only fields that exist"
    return field


def says_empty(name: str) -> str:
    """Return why a row is rejected whose cell is empty."""
    merged = "; if an id is written once for several rows, write it in each of them"
    return f"is empty{merged if name == 'person' else ''}"


def _said_of_rows(says: str, lines: list[int], time_zone: str | None) -> str:
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
