"""
Reading a sheet of an Excel workbook, after checking that it will not exhaust the memory.

A workbook is a zip file: a few kilobytes of it may expand to gigabytes, and two cells in opposite corners of a sheet
make the reader allocate everything between them.  So every part is first decompressed in pieces, measured and scanned,
and only then passed to `python-calamine`.
"""

import html
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from peer_ledger.errors import InvalidData, LedgerMisuse, Problem
from peer_ledger.importing._cell_text import NumberText
from peer_ledger.importing._text_tables import MOST_COLUMNS, Row

MOST_UNFOLDED = 2**28
"""The most bytes that a workbook may expand to."""

MOST_TIMES = 100
"""The largest ratio of expanded to compressed size of a part larger than `LITTLE`; real sheets stay below it."""

LITTLE = 2**24
"""The most bytes that a part may expand to whatever its compressed size."""

MOST_CELLS = 2**22
"""The most cells that the rectangle around all cells of a sheet may have."""

MOST_PARTS = 2000
MOST_UNSAVED = 10_000
_MOST_NAMED = 20
_PIECE = 2**18
_OVERLAP = 4096
_LONGEST_TAG = 2**16
_MOST_DIRECTORY = 2**22
_NAME = re.compile(rb"""\br\s*=\s*(["'])(.*?)\1""", re.DOTALL)
_CELL_NAME = re.compile(rb"([A-Z]{0,3})([0-9]{1,7})")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
_ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
# Every pattern ends at the next tag or begins at the start of a word, so matching takes time linear in the text.
_UNSAVED = re.compile(
    rb"""<(?:\w+:)?c(\s[^<>]*)>\s*"""
    rb"""<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(?:<(?:\w+:)?v\s*/>\s*|<(?:\w+:)?v>\s*</(?:\w+:)?v>\s*)?</(?:\w+:)?c>"""
)
_ERROR = re.compile(
    rb"""<(?:\w+:)?c(\s[^<>]*)>\s*"""
    rb"""(?:<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*)?<(?:\w+:)?v>\s*(#[^<]{1,20})<"""
)
_IS_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_TAG = re.compile(r"<(?:\w+:)?(?:sheet|Relationship)\s[^<>]*>")
_ATTRIBUTE = re.compile(r"""(?<![\w:])([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class Unsaved:
    """
    A placeholder for the value of a formula that was not calculated before the workbook was saved.
    """

    def __repr__(self) -> str:
        return "UNSAVED"


UNSAVED = Unsaved()

Marks = dict[tuple[int, int], object]
"""The contents of cells that the reader takes to be empty, by row and column from 1."""


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
    scan = _Scan(path)
    try:
        import python_calamine  # noqa: PLC0415 - optional
    except ImportError:
        raise LedgerMisuse(
            "reading .xlsx needs the extra 'xlsx': pip install 'peer-ledger[xlsx]'; or save the sheet as CSV"
        ) from None
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        shown = python_calamine.SheetVisibleEnum.Visible
        visible = [metadata.name for metadata in book.sheets_metadata if metadata.visible == shown]
        chosen = name if name is not None else next(iter(visible or book.sheet_names), None)
        sheet = book.get_sheet_by_name(chosen) if chosen in book.sheet_names else None
        start = (sheet.start if sheet is not None else None) or (0, 0)
    except BaseException as error:
        _let_pass(error)
        raise _refused(path, "is damaged, or locked with a password") from error
    if chosen is None or sheet is None:
        raise _refused(path, f"has no sheet {name!r}; its sheets are {sheets_named(book.sheet_names)}")
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
            raise _refused(path, f"cannot be read after row {number}") from error
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
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float):
        return NumberText(int(value) if value.is_integer() and abs(value) < 10**15 else repr(value))
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    if isinstance(value, time):
        return f"{value.hour}:{value.minute:02}"
    return "" if value is None else str(value)


def _refused(path: Path, what: str) -> InvalidData:
    return InvalidData("workbook", (Problem(path.name, what),))


class _Scan:
    """A scan of the parts of a workbook, decompressed in pieces."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._unfolded = 0
        self._marks: dict[str, Marks] = {}
        self._texts: dict[str, str] = {}
        try:
            with zipfile.ZipFile(path) as book, open(path, "rb") as raw:
                self._look_through(book.infolist(), raw)
        except (zipfile.BadZipFile, zlib.error, struct.error, ValueError, NotImplementedError, EOFError) as error:
            if isinstance(error, InvalidData):
                raise
            raise _refused(path, "is damaged: its parts cannot be decompressed") from None

    def marks_in(self, sheet: str) -> "Marks":
        """Return the cells of a sheet that the reader would take to be empty: unsaved formulas, and errors."""
        targets = {
            tag.get("Id", ""): tag.get("Target", "") for tag in _tags(self._texts.get("xl/_rels/workbook.xml.rels", ""))
        }
        for tag in _tags(self._texts.get("xl/workbook.xml", "")):
            if tag.get("name") == sheet:
                wanted = next((value for name, value in tag.items() if name.endswith(":id")), "")
                target = targets.get(wanted, "").lstrip("/")
                return self._marks.get(target if target.startswith("xl/") else f"xl/{target}", {})
        return {}

    def _look_through(self, parts: list[zipfile.ZipInfo], raw: BinaryIO) -> None:
        names = {part.filename for part in parts}
        if "xl/workbook.xml" not in names:
            raise _refused(self._path, "is a zip file but not an .xlsx workbook")
        if len(parts) > MOST_PARTS or len(names) != len(parts):
            raise _refused(self._path, f"has more than {MOST_PARTS} parts, or two with the same name")
        if sum(part.file_size for part in parts) > MOST_UNFOLDED:
            raise self._too_large()
        for part in parts:
            if part.filename in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
                if part.file_size > _MOST_DIRECTORY:
                    raise self._too_large()
                self._texts[part.filename] = b"".join(self._pieces(part, raw)).decode("utf-8", "replace")
            elif part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
                self._sheet(part.filename, self._pieces(part, raw))
            else:
                for _ in self._pieces(part, raw):
                    pass

    def _pieces(self, part: zipfile.ZipInfo, raw: BinaryIO) -> Iterator[bytes]:
        """Decompress a part without trusting its declared size."""
        raw.seek(part.header_offset)
        head = raw.read(30)
        if len(head) < 30 or head[:4] != b"PK\x03\x04" or part.flag_bits & 1:
            raise _refused(self._path, "is damaged, or locked with a password")
        raw.seek(part.header_offset + 30 + sum(struct.unpack("<HH", head[26:30])))
        left, given = part.compress_size, 0
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _refused(self._path, "is compressed in a way that Excel does not use")
        unfold = zlib.decompressobj(-15) if part.compress_type == zipfile.ZIP_DEFLATED else None
        while left > 0 and (packed := raw.read(min(_PIECE, left))):
            left -= len(packed)
            while packed:
                piece = packed if unfold is None else unfold.decompress(packed, _PIECE)
                packed = b"" if unfold is None else unfold.unconsumed_tail
                given += len(piece)
                self._unfolded += len(piece)
                if self._unfolded > MOST_UNFOLDED or given > max(LITTLE, MOST_TIMES * part.compress_size):
                    raise self._too_large()
                if given > part.file_size:
                    raise _refused(self._path, "declares a smaller size than it expands to")
                yield piece

    def _sheet(self, name: str, pieces: Iterator[bytes]) -> None:
        extent = _Extent()
        marks: Marks = {}
        rest = overlap = b""
        for piece in pieces:
            text = rest + piece
            cut = text.rfind(b"<")
            rest = text[cut:] if cut >= 0 else b""
            if len(rest) > _LONGEST_TAG or not extent.take(text[:cut] if cut >= 0 else text):
                raise _refused(self._path, "is damaged: a sheet has cells with invalid names")
            for attributes in _UNSAVED.findall(overlap + piece):
                if (place := _place_of(attributes)) is not None:
                    marks[place] = UNSAVED
            for attributes, error in _ERROR.findall(overlap + piece):
                is_error = _IS_ERROR.search(attributes) is not None and error.strip() != b"#N/A"
                if is_error and (place := _place_of(attributes)) is not None:
                    marks[place] = error.decode("ascii", "replace").strip()
            overlap = (overlap + piece)[-_OVERLAP:]
            if len(marks) > MOST_UNSAVED:
                what = "has too many formulas without values or with errors; save it again in a spreadsheet program"
                raise _refused(self._path, what)
        if not extent.take(rest):
            raise _refused(self._path, "is damaged: a sheet has cells with invalid names")
        if extent.rows * extent.columns > MOST_CELLS or extent.columns > MOST_COLUMNS:
            raise self._too_large()
        self._marks[name] = marks

    def _too_large(self) -> InvalidData:
        return _refused(
            self._path,
            f"would need too much memory: it expands to more than {MOST_UNFOLDED} bytes, or to more than {MOST_TIMES} "
            f"times its compressed size, or has a sheet of more than {MOST_CELLS} cells; if the file is right, save "
            "the sheet as CSV",
        )


class _Extent:
    """The largest extent that a sheet's cells can have, however the reader interprets them."""

    def __init__(self) -> None:
        self._row = self._column = 0
        self._row_tags = self._cell_tags = self._row_names = self._cell_names = 0
        self._in_row = self._most_in_row = 0

    def take(self, text: bytes) -> bool:
        """Scan a part of a sheet in which no tag is cut; return whether all names in it are names of cells."""
        for _, found in _NAME.findall(text):
            named = _CELL_NAME.fullmatch(found)
            if named is None:
                return False
            letters, digits = named.groups()
            self._row = max(self._row, int(digits))
            if letters:
                self._column = max(self._column, column_number(letters.decode()))
            self._cell_names += bool(letters)
            self._row_names += not letters
        first, *others = _ROW.split(text)
        self._row_tags += len(others)
        for place, part in enumerate((first, *others)):
            count = len(_CELL.findall(part))
            self._cell_tags += count
            self._in_row = count if place else self._in_row + count
            self._most_in_row = max(self._most_in_row, self._in_row)
        return True

    @property
    def rows(self) -> int:
        """The number of rows; a row without a name follows the row before it."""
        return self._row + max(0, self._row_tags - self._row_names)

    @property
    def columns(self) -> int:
        """The number of columns; a cell without a name follows the cell before it."""
        return self._column + (self._most_in_row if self._cell_tags > self._cell_names else 0)


def _place_of(attributes: bytes) -> tuple[int, int] | None:
    """Return the row and column, from 1, that a cell's tag names; `None` when it has no valid name."""
    found = _NAME.search(attributes)
    named = None if found is None else _CELL_NAME.fullmatch(found[2])
    return None if named is None or not named[1] else (int(named[2]), column_number(named[1].decode()))


def _tags(text: str) -> Iterator[dict[str, str]]:
    for tag in _TAG.findall(text):
        yield {name: html.unescape(double or single) for name, double, single in _ATTRIBUTE.findall(tag)}


def column_number(letters: str) -> int:
    """
    Return the number of a column of a sheet, from 1.

    >>> column_number("A"), column_number("AB")
    (1, 28)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """
    Return the letters that spreadsheet programs give a column, counted from 1.

    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
