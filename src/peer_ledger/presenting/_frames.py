"""
Tables as frames of other libraries, and as workbooks.

Each library is called directly: a layer in between would add a dependency and lose exact decimals in pandas.
"""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from decimal import Decimal
from importlib import import_module
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, Literal, get_args
from zipfile import ZIP_DEFLATED, ZipFile

import attrs

from peer_ledger.errors import InvalidValue, LedgerMisuse, nearest, shown_name
from peer_ledger.values._outputs import bytes_written_whole, output_errors
from peer_ledger.values.hours import DECIMALS

Library = Literal["pandas", "polars", "pyarrow"]
"""The libraries whose frames can be made; each is an extra of the same name."""

_DIGITS = 18
_LONGEST_CELL = 32_767
_NOT_IN_A_WORKBOOK = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NOT_IN_A_TITLE = re.compile(r"[\\/*?:\[\]\x00-\x1f]")


@attrs.frozen(kw_only=True)
class Column:
    """
    A column of a table.

    Attributes:
        name: Its heading.
        kind: What it holds: `text`, `category`, `day`, `hours`, `count` or `flag`.
        values: Its cells; `None` for an empty one.
    """

    name: str
    kind: str
    values: Sequence[Any]


def frame(columns: Iterable[Column], library: str, *, floats: bool) -> Any:
    """
    Return a frame of a library.

    Args:
        columns: Its columns, all of the same length.
        library: The library's name.
        floats: Whether amounts become binary floats instead of decimals.

    Raises:
        LedgerMisuse: The library is not installed.
        InvalidValue: The library is not supported; the message lists the supported ones.
    """
    makers = {"pandas": _pandas, "polars": _polars, "pyarrow": _pyarrow}
    if library not in makers:
        known = get_args(Library)
        raise InvalidValue(
            f"the library must be one of {', '.join(known)}, not {shown_name(library)}{nearest(library, known)}"
        )
    module = loaded(library, extra=library, what=f"a frame of {library}")
    given = [
        attrs.evolve(column, kind="float", values=[None if value is None else float(value) for value in column.values])
        if floats and column.kind == "hours"
        else column
        for column in columns
    ]
    return makers[library](module, given)


def loaded(module: str, *, extra: str, what: str) -> Any:
    """
    Import an optional module.

    Raises:
        LedgerMisuse: It is not installed; the message names the extra.
    """
    try:
        return import_module(module)
    except ImportError:
        raise LedgerMisuse(f"{what} needs the extra {extra!r}: pip install 'peer-ledger[{extra}]'") from None


def _pandas(pandas: Any, columns: list[Column]) -> Any:
    types = {"day": "datetime64[s]", "count": "Int64", "flag": "boolean", "hours": "object", "float": "float64"}

    def made(column: Column) -> Any:
        if column.kind == "category":
            return pandas.Categorical(column.values, categories=_words(column))
        return pandas.Series(column.values, dtype=types.get(column.kind, "string"))

    return pandas.DataFrame({column.name: made(column) for column in columns})


def _polars(polars: Any, columns: list[Column]) -> Any:
    types = {
        "category": polars.Categorical,
        "day": polars.Date,
        "count": polars.Int64,
        "flag": polars.Boolean,
        "hours": polars.Decimal(_DIGITS, DECIMALS),
        "float": polars.Float64,
    }
    return polars.DataFrame(
        [polars.Series(column.name, column.values, dtype=types.get(column.kind, polars.String)) for column in columns]
    )


def _pyarrow(pyarrow: Any, columns: list[Column]) -> Any:
    types = {
        "category": pyarrow.string(),
        "day": pyarrow.date32(),
        "count": pyarrow.int64(),
        "flag": pyarrow.bool_(),
        "hours": pyarrow.decimal128(_DIGITS, DECIMALS),
        "float": pyarrow.float64(),
    }
    made = {
        column.name: pyarrow.array(column.values, type=types.get(column.kind, pyarrow.string())) for column in columns
    }
    for column in columns:
        if column.kind == "category":
            made[column.name] = made[column.name].dictionary_encode()
    return pyarrow.table(made)


def _words(column: Column) -> list[str]:
    return sorted({value for value in column.values if value is not None})


def _fitting(text: str) -> str:
    """Return a text that a cell of a workbook can hold; at the end of one that was cut, the cell says so."""
    if len(text) <= _LONGEST_CELL:
        return text
    said = f" [cut: {len(text)} characters, and a cell of a workbook holds {_LONGEST_CELL}]"
    return text[: _LONGEST_CELL - len(said)] + said


def write_workbook(
    headings: Sequence[str], rows: Iterable[Sequence[Any]], path: str | PathLike[str], *, title: str
) -> None:
    """
    Write a workbook with one sheet; every text is marked as text, so that none runs as a formula.

    Args:
        headings: The first row.
        rows: The other rows; amounts as decimals, days as dates.
        path: The file to write; what may be there, `bytes_written_whole` says.
        title: Its title; the first 31 characters name the sheet.

    Raises:
        LedgerMisuse: The extra `xlsx` is not installed.
        OutputRefused: The file is a ledger, an archive or a rule file, or a link.
        LedgerFileError: It cannot be written; what was there is unchanged.
    """
    openpyxl = loaded("openpyxl", extra="xlsx", what="writing .xlsx")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = _NOT_IN_A_TITLE.sub(" ", title).strip(" '")[:31] or "Sheet"
    for line, row in enumerate((headings, *rows), start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(row=line, column=place)
            if isinstance(value, str):
                cell.value = _fitting(_NOT_IN_A_WORKBOOK.sub("\ufffd", value))
                cell.data_type, cell.quotePrefix = "s", True
            elif value is not None:
                cell.value = value
                cell.number_format = "yyyy-mm-dd" if not isinstance(value, int | Decimal) else cell.number_format
    sheet.freeze_panes = "B2"
    with bytes_written_whole(path) as file:
        _save(book, file, Path(path))


def _save(book: Any, file: BinaryIO, path: Path) -> None:
    """
    Save a workbook.

    openpyxl writes each sheet to a temporary file first, which would stay if this process was killed.  The sheet, whose
    cells are in memory anyway, is written there instead.
    """
    sheets: Any = import_module("openpyxl.worksheet._writer")
    excel: Any = import_module("openpyxl.writer.excel")

    class InMemory(excel.ExcelWriter):  # type: ignore[misc]  # openpyxl is untyped
        def write_worksheet(self, ws: Any) -> None:
            writer = sheets.WorksheetWriter(ws, out=BytesIO())
            writer.write()
            self._archive.writestr(ws.path[1:], writer.read())
            self.manifest.append(ws)

    archive = ZipFile(file, "w", ZIP_DEFLATED)
    try:
        with output_errors(path):
            InMemory(book, archive).save()
    except BaseException:
        with suppress(OSError):
            archive.close()
        raise
