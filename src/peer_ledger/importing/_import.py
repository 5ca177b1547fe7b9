"""
Reading a file, or rows, into records.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Unpack

import attrs

from peer_ledger.errors import InvalidData, LedgerFileError, LedgerNotFound, Problem
from peer_ledger.importing._cells import CellReader
from peer_ledger.importing._days import DayReader
from peer_ledger.importing._fields import PART
from peer_ledger.importing._layout import LOOKED_AT, Layout, how_to_map, layout_of
from peer_ledger.importing._options import ImportFields, ImportOptions
from peer_ledger.importing._profiles import plain_heading
from peer_ledger.importing._result import Imported
from peer_ledger.importing._rows import Importer
from peer_ledger.importing._text_tables import Row, read_text_table
from peer_ledger.importing._unread import RESULT_WORDS, unread_columns, unread_day_columns
from peer_ledger.importing._workbooks import read_sheet, sheets_named
from peer_ledger.records import Course

_EVERY = 1000
_ZIP, _OLD_EXCEL, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"


def import_file(
    path: str | Path,
    options: ImportOptions | None = None,
    *,
    progress: Callable[[int], None] | None = None,
    **changes: Unpack[ImportFields],
) -> Imported:
    """
    Read a file of delimited text or an Excel workbook into records.

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
        with open(file, "rb") as raw:
            start = raw.read(8)
        if start.startswith(_ZIP):
            table = read_sheet(file, name=how.sheet)
            read, others = table.name, table.others
            return _imported(table.rows, how, table.how, table.others if how.sheet is None else (), progress)
        _refuse_other_files(file, start)
        text = read_text_table(
            file,
            encoding=how.encoding or (layout.encoding if layout else None),
            delimiter=how.delimiter or (layout.delimiter if layout else None),
        )
        return _imported(text.rows, how, text.how, (), progress)
    except InvalidData as error:
        if read is None:
            raise
        choice = f"; to read {sheets_named(others)}, name the sheet: sheet=NAME, or --sheet NAME" if others else ""
        which = Problem("sheet", f"the sheet that was read is {read!r}{choice}")
        raise InvalidData(error.what, (*error.problems, which)) from None
    except FileNotFoundError:
        raise LedgerNotFound(file, "there is no such file") from None
    except OSError as error:
        if isinstance(error, LedgerFileError):
            raise
        raise LedgerFileError(file, f"it cannot be read: {error.strerror or type(error).__name__}") from None


def _refuse_other_files(file: Path, start: bytes) -> None:
    if start.startswith(_OLD_EXCEL):
        what = "is an Excel 97-2003 workbook, or locked with a password; save it as .xlsx or CSV"
        raise InvalidData("table", (Problem(file.name, what),))
    if start.startswith(_PDF):
        raise InvalidData(
            "table", (Problem(file.name, "is a PDF; give a text file such as CSV, or an .xlsx workbook"),)
        )
    if not start:
        raise InvalidData("table", (Problem(file.name, "is empty"),))


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
        rows: The rows; the row of headings is among the first.
        options: How to read them; `None` for the defaults.
        progress: Called after every thousand rows with the number read so far.
        changes: Single options by name; `help(ImportOptions)` lists them.

    Raises:
        InvalidData: Required headings are missing.
        ProfileNotFound: There is no such profile.
        InvalidValue: An option, such as a format of dates, is invalid.
        LedgerMisuse: There is no such option.

    >>> rows = [Row(1, 1, ["ID", "Course", "Completed", "Hours"]), Row(2, 2, ["p-17", "Ethics", "2025-03-04", "3"])]
    >>> [record.person for record in import_rows(rows).records]
    ['p-17']
    """
    return _imported(rows, ImportOptions.settled(options, **changes), "rows", (), progress)


def _imported(
    rows: Iterable[Row],
    options: ImportOptions,
    how: str,
    other_sheets: Sequence[str],
    progress: Callable[[int], None] | None,
) -> Imported:
    """Read rows; the result describes their origin as `how`."""
    waiting = iter(rows)
    first = list(islice(waiting, LOOKED_AT))
    layout, place = layout_of(
        first,
        profile=options.layout,
        kind=options.kind,
        mapping=options.mapping,
        given=frozenset(options.fixed),
        vocabularies=options.words,
    )
    days = DayReader(layout.profile.dates if options.dates is None else options.dates)
    reader = CellReader(
        options.words,
        (record for record in options.catalog if isinstance(record, Course)),
        days,
        _parts(layout),
        options.decimal or layout.profile.decimal,
    )
    importer = Importer(
        layout,
        reader,
        fixed=options.fixed,
        source=options.source or layout.profile.source or layout.profile.id,
        today=options.today,
        results=[
            (column, heading)
            for column, heading in unread_columns(layout, first[place])
            if RESULT_WORDS & set(plain_heading(heading).split())
        ],
    )
    if other_sheets:
        importer.notice("sheets", None, says=f"the other sheets were not read: {sheets_named(other_sheets)}")
    _notice_headings(importer, layout, first[place], first[place + 1 :])
    for number, row in enumerate(chain(first[place + 1 :], waiting), 1):
        importer.take(row)
        if progress is not None and number % _EVERY == 0:
            progress(number)
    return importer.done(how)


def _notice_headings(importer: Importer, layout: Layout, headings: Row, below: Sequence[Row]) -> None:
    """Notice the columns that the headings leave in doubt."""
    for column, other in layout.rivals:
        says = f"was read as {column.field}, but {other!r} could be it, too; name the right one: "
        importer.notice("headings", None, column.field, None, says + how_to_map(column.field))
    for heading in unread_day_columns(layout, headings, below):
        says = f"{heading!r} holds days and was not read; if they matter, name their field: "
        importer.notice("headings", None, says=f"{says}mapping={{FIELD: {heading!r}}}, or --map FIELD={heading!r}")


def _parts(layout: Layout) -> list[str]:
    fields = [column.field for column in layout.columns] + [fixed.field for fixed in layout.profile.fixed]
    return [name for name in fields if name.startswith(PART)]
