"""Reading a sheet of an Excel workbook with `python-calamine`."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from peer_ledger.errors import LedgerMisuse
from peer_ledger.importing._cell_text import NumberText
from peer_ledger.importing._part_contents import Marks
from peer_ledger.importing._text_tables import Row
from peer_ledger.importing._workbook_scan import Scan, refused

_MOST_NAMED = 20


class Sheet(NamedTuple):
    """
    A sheet's rows, and the names of the sheets.

    Attributes:
        rows: The rows, without empty rows.
        how: Which sheet was read, for people to read.
        others: The names of the other visible sheets.
        name: The name of the sheet.
    """

    rows: Iterator[Row]
    how: str
    others: tuple[str, ...]
    name: str


def read_sheet(path: Path, *, name: str | None) -> Sheet:
    """
    Open a sheet of a workbook to be read row by row.

    Args:
        path: The file.
        name: The sheet; `None` for the first visible one.

    Raises:
        InvalidData: It is not a workbook, is damaged or locked, would need too much memory, or has no such sheet.
        LedgerMisuse: The extra `xlsx` is not installed.
        OSError: It cannot be opened.
    """
    scan = Scan(path)
    try:
        import python_calamine  # noqa: PLC0415 - optional
    except ImportError:
        raise LedgerMisuse(
            "reading .xlsx needs the extra 'xlsx': pip install 'peer-ledger[xlsx]'; or save the sheet as CSV"
        ) from None
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        shown, cells = python_calamine.SheetVisibleEnum.Visible, python_calamine.SheetTypeEnum.WorkSheet
        visible = [
            metadata.name for metadata in book.sheets_metadata if metadata.visible == shown and metadata.typ == cells
        ]
        chosen = name if name is not None else next(iter(visible or book.sheet_names), None)
        sheet = book.get_sheet_by_name(chosen) if chosen in book.sheet_names else None
        start = (sheet.start if sheet is not None else None) or (0, 0)
    except BaseException as error:
        _let_pass(error)
        raise refused(path, "is damaged, or locked with a password") from error
    if chosen is None or sheet is None:
        raise refused(path, f"has no sheet {name!r}; its sheets are {sheets_named(book.sheet_names)}")
    read = sheet.iter_rows()
    place = book.sheet_names.index(chosen) + 1
    rows = _rows(path, read, start, scan.marks_in(chosen), _merged(sheet.merged_cell_ranges))
    others = tuple(other for other in visible if other != chosen)
    return Sheet(rows, f"sheet {place} of {len(book.sheet_names)}", others, chosen)


def sheets_named(names: Iterable[str]) -> str:
    """Return the names of sheets as text, shortened if there are very many."""
    every = list(map(repr, names))
    more = f" and {len(every) - _MOST_NAMED} more" if len(every) > _MOST_NAMED else ""
    return ", ".join(every[:_MOST_NAMED]) + more or "none"


Merged = dict[int, list[tuple[int, int]]]
"""Cells merged with cells below them: by the first row, the column and the last row, all from 1."""


def _merged(ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]] | None) -> Merged:
    """Return the merged cells of a sheet that span rows of a single column."""
    found: Merged = {}
    for (top, left), (bottom, right) in ranges or ():
        if left == right:
            found.setdefault(top + 1, []).append((left + 1, bottom + 1))
    return found


def _rows(path: Path, read: Iterator[list[Any]], start: tuple[int, int], marks: Marks, merged: Merged) -> Iterator[Row]:
    number = 0  # the reader yields the empty rows above the first cell, but not the empty columns before it
    by_row: dict[int, list[tuple[int, object]]] = {}
    for (row, column), mark in marks.items():
        by_row.setdefault(row, []).append((column, mark))
    before: list[object] = [""] * start[1]
    above: dict[int, tuple[int, object]] = {}
    while True:
        try:
            values = next(read)
        except StopIteration:
            return
        except BaseException as error:
            _let_pass(error)
            raise refused(path, f"cannot be read after row {number}") from error
        number += 1
        cells = before + [_cell(value) for value in values]
        for column, mark in by_row.get(number, ()):
            if column <= len(cells):
                cells[column - 1] = mark
        if any(cell != "" for cell in cells):
            standing = {column - 1: cell for column, (last, cell) in above.items() if number <= last}
            yield Row(number, number, cells, above=standing)
        for column, last in merged.get(number, ()):
            if column <= len(cells):
                above[column] = last, cells[column - 1]


def _let_pass(error: BaseException) -> None:
    """Raise an error that the file did not cause; the reader's own panics do not derive from `Exception`."""
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error


def _cell(value: Any) -> object:
    """Return a value as a day if it is a day, otherwise as text."""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value if value.time() != time() else value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float):
        return NumberText(int(value) if value.is_integer() and abs(value) < 10**15 else repr(value))
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}h {minutes % 60}m"  # of the format [h]:mm, which no time of day has
    if isinstance(value, time):
        return f"{value.hour}:{value.minute:02}"
    return "" if value is None else str(value)
