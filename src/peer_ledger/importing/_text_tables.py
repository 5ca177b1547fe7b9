"""
Reading delimited text row by row: encodings, delimiters, quoted line breaks, and bounds on what one row may be.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, NamedTuple

from peer_ledger.errors import InvalidData, Problem

DELIMITERS = (",", ";", "\t", "|")
LONGEST_LINE = 2**23
"""The most characters that a line of a text file may have."""

MOST_COLUMNS = 2**14
"""The most columns that a table may have."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PIECE = 2**20


class Row(NamedTuple):
    """
    One row of a table.

    Attributes:
        first_line: The line of the file, or the row of the sheet, on which it begins, from 1.
        last_line: The line or row on which it ends.
        cells: Its cells: texts, and days where a workbook has days.
        fault: Why it cannot be read; `None` when it can.
        above: The contents of the merged cells that begin above this row, by column from 0.
    """

    first_line: int
    last_line: int
    cells: list[object]
    fault: str | None = None
    above: Mapping[int, object] = MappingProxyType({})


class TextTable(NamedTuple):
    """
    A text file's rows and how it was read.

    Attributes:
        rows: The rows, without empty rows; the file is closed after the last.
        how: The encoding and the delimiter, for people to read.
    """

    rows: Iterator[Row]
    how: str


def read_text_table(path: Path, *, encoding: str | None, delimiter: str | None) -> TextTable:
    """
    Open a delimited text file to be read row by row.

    Args:
        path: The file.
        encoding: Its encoding; `None` for that of its byte order mark, or else UTF-8 if all of it is valid UTF-8, or
            else Windows-1252.
        delimiter: One character; `None` for the comma, semicolon, tab or bar, whichever the first line has most of.

    Raises:
        InvalidData: It is not text, or not in that encoding.
        OSError: It cannot be opened.
    """
    with open(path, "rb") as raw:
        used = encoding or _encoding_of(raw, path)
        used = _known_encoding(used)
    if delimiter is None:
        delimiter = _delimiter_of(path, used)
    elif len(delimiter) != 1 or delimiter in '"\r\n':
        raise InvalidData("table", (Problem("delimiter", "must be one character, such as ';' or a tab"),))
    shown = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}.get(delimiter, repr(delimiter))
    name = "UTF-8" if used in ("utf-8", "utf-8-sig") else used
    return TextTable(_rows(path, used, delimiter), f"{name}, cells separated by {shown}")


def _known_encoding(name: str) -> str:
    try:
        codecs.lookup(name)
        "".encode(name)
    except (LookupError, TypeError, ValueError):
        raise InvalidData(
            "table", (Problem("encoding", "is not a known encoding; use utf-8 or windows-1252"),)
        ) from None
    return name


def _encoding_of(raw: BinaryIO, path: Path) -> str:
    start = raw.read(4096)
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name
    if b"\0" in start:
        raise InvalidData("table", (Problem(path.name, "is not text: it contains zero bytes"),))
    decode = codecs.getincrementaldecoder("utf-8")().decode
    piece = start
    try:
        while piece:
            decode(piece)
            piece = raw.read(_PIECE)
        decode(b"", final=True)
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _delimiter_of(path: Path, encoding: str) -> str:
    for line, _ in _lines(path, encoding):
        if line.strip():
            return max(DELIMITERS, key=lambda delimiter: _cells_of(line, delimiter))
    return ","


def _cells_of(line: str, delimiter: str) -> int:
    outside = "".join(line.split('"')[::2])
    return outside.count(delimiter)


def _lines(path: Path, encoding: str) -> Iterator[tuple[str, int]]:
    """Yield the lines of a file with their numbers; a line that is too long is never read in full."""
    number = 0
    with open(path, encoding=encoding, newline="") as file:
        try:
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                if len(line) > LONGEST_LINE:
                    what = f"is longer than {LONGEST_LINE} characters; is this a text file of rows?"
                    raise InvalidData("table", (Problem(f"line {number}", what),))
                yield line, number
        except UnicodeError:
            what = f"is not {encoding} after line {number}; declare the encoding in which it was saved"
            raise InvalidData("table", (Problem(path.name, what),)) from None


class _Lines:
    """The lines for the standard library's reader, and the progress through them."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._lines = _lines(path, encoding)
        self.number = 0
        self.characters = 0
        self.ended = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        try:
            line, self.number = next(self._lines)
        except StopIteration:
            self.ended = True
            raise
        self.characters += len(line)
        if self.characters > LONGEST_LINE:
            self.characters = 0
            raise _RowTooLong
        return line


class _RowTooLong(Exception):
    """A cell in quotation marks continues over too many lines."""


def _rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    lines = _Lines(path, encoding)
    read = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        first = lines.number + 1
        lines.characters = 0
        fault = None
        cells: list[str] = []
        try:
            cells = next(read)
        except StopIteration:
            return
        except _RowTooLong:
            raise _unclosed(first) from None
        except csv.Error as error:
            fault = _fault_of(error)
            if "field" in str(error) and lines.number > first:  # the lines that follow may be inside quotes, or not
                raise _unclosed(first) from None
        if fault is None and len(cells) > MOST_COLUMNS:
            raise InvalidData(
                "table", (Problem(f"line {first}", f"has {len(cells)} cells; at most {MOST_COLUMNS} can be read"),)
            )
        if fault is not None or any(cells):
            yield Row(first, max(first, lines.number), cells, fault)  # type: ignore[arg-type]  # a list of texts
        if lines.ended and fault is not None:
            return


def _unclosed(line: int) -> InvalidData:
    what = "a quotation mark is opened here and not closed, or a cell is too long"
    return InvalidData("table", (Problem(f"line {line}", what),))


def _fault_of(error: csv.Error) -> str:
    text = str(error)
    if "field limit" in text or "field larger" in text:
        return f"a cell is longer than {csv.field_size_limit()} characters"
    if "unexpected end" in text:
        return "a quotation mark is opened here and not closed"
    if "expected after" in text:
        return "a quotation mark is closed within a cell; inside quotes, write it twice"
    return "its quotation marks or line ends cannot be read"


def text_row(line: int, text: str) -> Row:
    """
    Make a row from one line of comma-separated text, for examples and tests.

    >>> text_row(2, 'p-17,"Ethics, basics"').cells
    ['p-17', 'Ethics, basics']
    """
    return Row(line, line, next(csv.reader(io.StringIO(text))))  # type: ignore[arg-type]  # a list of texts
