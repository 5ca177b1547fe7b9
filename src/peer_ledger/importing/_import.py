"""
Reading a file, a frame or rows into records.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Unpack

import attrs

from peer_ledger.errors import InvalidData, LedgerMisuse, Problem, shown
from peer_ledger.importing._frames import is_frame, read_frame
from peer_ledger.importing._json_tables import is_json, read_json_table
from peer_ledger.importing._options import ImportFields, ImportOptions
from peer_ledger.importing._read_rows import imported_rows
from peer_ledger.importing._result import Imported
from peer_ledger.importing._text_tables import Row, read_text_table
from peer_ledger.importing._workbooks import read_sheet, sheets_named
from peer_ledger.values._outputs import input_errors

_PAGES = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<style", b"<head")
_ZIP, _OLD_EXCEL, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"


def import_file(
    path: str | Path,
    options: ImportOptions | None = None,
    *,
    progress: Callable[[int], None] | None = None,
    **changes: Unpack[ImportFields],
) -> Imported:
    """
    Read a file of delimited text, an Excel workbook, or a file of JSON into records.

    Args:
        path: The file; its first bytes decide what it is.
        options: How to read it; `None` for the defaults.
        progress: Called after every thousand rows with the number read so far.
        changes: Single options by name, as `dates=["MM/DD/YYYY"]`; `help(ImportOptions)` lists them.

    Returns:
        The records, the rejected rows with the reasons, and notices of what to check.

    Raises:
        InvalidData: The file as a whole cannot be read, or required headings are missing.
        ProfileNotFound: There is no such profile.
        InvalidValue: An option, such as a format of dates, is invalid.
        LedgerNotFound: There is no such file.
        LedgerFileError: It cannot be opened.
        LedgerMisuse: There is no such option; or the file is a workbook, and the extra `xlsx` is not installed.
    """
    how = ImportOptions.settled(options, **changes)
    layout = how.layout
    how = attrs.evolve(how, profile=layout)
    file = Path(path)
    read: str | None = None
    others: tuple[str, ...] = ()
    try:
        with input_errors(file):
            with open(file, "rb") as raw:
                start = raw.read(64)
            if start.startswith(_ZIP):
                table = read_sheet(file, name=how.sheet)
                read, others = table.name, table.others
                others_unread = table.others if how.sheet is None else ()
                return imported_rows(table.rows, how, table.how, other_sheets=others_unread, progress=progress)
            if is_json(start):
                made = read_json_table(file)
                if how.profile is None and how.kind is None:
                    how = how.with_(profile=made.profile)
                return imported_rows(made.rows, how, made.how, notes=made.notes, progress=progress)
            _refuse_other_files(file, start)
            text = read_text_table(
                file,
                encoding=how.encoding or (layout.encoding if layout else None),
                delimiter=how.delimiter or (layout.delimiter if layout else None),
            )
            return imported_rows(text.rows, how, text.how, progress=progress)
    except InvalidData as error:
        if read is None:
            raise
        choice = f"; to read {sheets_named(others)}, name the sheet: sheet=NAME, or --sheet NAME" if others else ""
        which = Problem("sheet", f"the sheet that was read is {read!r}{choice}")
        raise InvalidData(error.what, (*error.problems, which)) from None


def _refuse_other_files(file: Path, start: bytes) -> None:
    if start.startswith(_OLD_EXCEL):
        what = "is an Excel 97-2003 workbook, or locked with a password; save it as .xlsx or CSV"
        raise InvalidData("table", (Problem(file.name, what),))
    if start.startswith(_PDF):
        raise InvalidData(
            "table", (Problem(file.name, "is a PDF; give a text file such as CSV, or an .xlsx workbook"),)
        )
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGES):
        what = "is a web page, or XML, whatever its name; open it in a spreadsheet program and save it as .xlsx or CSV"
        raise InvalidData("table", (Problem(file.name, what),))
    if not start:
        raise InvalidData("table", (Problem(file.name, "is empty"),))


def import_frame(
    frame: object,
    options: ImportOptions | None = None,
    *,
    progress: Callable[[int], None] | None = None,
    **changes: Unpack[ImportFields],
) -> Imported:
    """
    Read a frame into records, as `import_file` reads a file: the names of its columns are the headings.

    The line of a row is its position, from 1: `frame.iloc[line - 1]` in pandas.  Days, numbers and missing values are
    read by their types.

    Args:
        frame: A frame of pandas or polars, a table of pyarrow, or any object with `__arrow_c_stream__`, such as a
            relation of DuckDB.
        options: How to read it; `None` for the defaults.
        progress: Called after every thousand rows with the number read so far.
        changes: Single options by name; `help(ImportOptions)` lists them.

    Raises:
        InvalidData: Required headings are missing.
        ProfileNotFound: There is no such profile.
        InvalidValue: An option, such as a format of dates, is invalid.
        LedgerMisuse: It is not a frame, or there is no such option.

    >>> import pandas
    >>> frame = pandas.DataFrame({"ID": ["p-17"], "Course": ["Ethics"], "Completed": ["2025-03-04"], "Hours": [1.5]})
    >>> print(import_frame(frame))
    1 row (a frame of pandas): 1 training event, 0 rows rejected, 0 notices
      read: ID = person, Course = title, Completed = completed, Hours = hours
    """
    how = ImportOptions.settled(options, **changes)
    read = read_frame(frame)
    return imported_rows(read.rows, how, read.how, progress=progress)


def import_rows(
    rows: Iterable[Row],
    options: ImportOptions | None = None,
    *,
    progress: Callable[[int], None] | None = None,
    **changes: Unpack[ImportFields],
) -> Imported:
    """
    Read rows into records, as `import_file` reads those of a file.

    Args:
        rows: The rows; the row of headings is among the first.  A frame is read by `import_frame`.
        options: How to read them; `None` for the defaults.
        progress: Called after every thousand rows with the number read so far.
        changes: Single options by name; `help(ImportOptions)` lists them.

    Raises:
        InvalidData: Required headings are missing.
        ProfileNotFound: There is no such profile.
        InvalidValue: An option, such as a format of dates, is invalid.
        LedgerMisuse: There is no such option, or something else than a row is among the rows.

    >>> rows = [Row(1, 1, ["ID", "Course", "Completed", "Hours"]), Row(2, 2, ["p-17", "Ethics", "2025-03-04", "3"])]
    >>> [record.person for record in import_rows(rows).records]
    ['p-17']
    """
    if is_frame(rows):
        return import_frame(rows, options, progress=progress, **changes)
    how = ImportOptions.settled(options, **changes)
    return imported_rows(map(_checked, rows), how, "rows", progress=progress)


def _checked(row: object) -> Row:
    if not isinstance(row, Row):
        raise LedgerMisuse(f"rows must be Row objects, or a frame; one of them is {shown(row)}")
    return row
