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
from peer_ledger.importing._layout import LOOKED_AT, Layout, layout_of
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
        progress: Called with the number of rows read so far, every thousand.
        changes: Single options by name, as `dates=["MM/DD/YYYY"]`; `help(ImportOptions)` lists them.

    Returns:
        The records, the rows that were rejected and why, and notices that somebody should look at.

    Raises:
        InvalidData: The file as a whole cannot be read, or its headings lack what is needed.
        ProfileNotFound: There is no such profile.
        InvalidValue: An option, such as a format of dates, is not valid.
        LedgerNotFound: There is no such file.
        LedgerFileError: It cannot be opened.
        LedgerMisuse: There is no such option; or it is a workbook, and the extra `xlsx` is not installed.
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
        there = f"; the others are {sheets_named(others)}: name one with --sheet" if others else ""
        said = Problem("sheet", f"what was read is the sheet {read!r}{there}")
        raise InvalidData(error.what, (*error.problems, said)) from None
    except FileNotFoundError:
        raise LedgerNotFound(file, "there is no such file") from None
    except OSError as error:
        if isinstance(error, LedgerFileError):
            raise
        raise LedgerFileError(file, f"it cannot be read: {error.strerror or type(error).__name__}") from None


def _refuse_other_files(file: Path, start: bytes) -> None:
    if start.startswith(_OLD_EXCEL):
        what = "is a workbook of the old kind, or locked with a password; save it as .xlsx or CSV"
        raise InvalidData("table", (Problem(file.name, what),))
    if start.startswith(_PDF):
        raise InvalidData("table", (Problem(file.name, "is a PDF, and no table of text or .xlsx workbook"),))
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
        rows: The rows; that of the headings is among the first of them.
        options: How to read them; `None` for the defaults.
        progress: Called with the number of rows read so far, every thousand.
        changes: Single options by name; `help(ImportOptions)` lists them.

    Raises:
        InvalidData: The headings lack what is needed.
        ProfileNotFound: There is no such profile.
        InvalidValue: An option, such as a format of dates, is not valid.
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
    """Read rows; `how` is what the result says of where they come from."""
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
            one for one in unread_columns(layout, first[place]) if RESULT_WORDS & set(plain_heading(one[1]).split())
        ],
    )
    if other_sheets:
        importer.notice("sheets", None, says=f"not read were the other sheets: {sheets_named(other_sheets)}")
    for column, other in layout.rivals:
        says = f"was taken for {column.field}, and {other!r} could be, too; say which with --map {column.field}=HEADING"
        importer.notice("headings", None, column.field, None, says)
    for heading in unread_day_columns(layout, first[place], first[place + 1 :]):
        says = f"{heading!r} holds days and was not read; if they matter, say of what with --map FIELD={heading!r}"
        importer.notice("headings", None, says=says)
    for number, row in enumerate(chain(first[place + 1 :], waiting), 1):
        importer.take(row)
        if progress is not None and number % _EVERY == 0:
            progress(number)
    return importer.done(how)


def _parts(layout: Layout) -> list[str]:
    there = [one.field for one in layout.columns] + [one.field for one in layout.profile.fixed]
    return [name for name in there if name.startswith(PART)]
