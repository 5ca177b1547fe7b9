"""
Reading a file, or rows, into records.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import get_args

from peer_ledger.errors import InvalidData, InvalidValue, LedgerFileError, LedgerNotFound, Problem, shown
from peer_ledger.importing._cells import CellReader
from peer_ledger.importing._days import DayReader
from peer_ledger.importing._fields import FIELDS, PART
from peer_ledger.importing._layout import LOOKED_AT, Layout, layout_of
from peer_ledger.importing._profiles import Decimals, Profile, plain_heading
from peer_ledger.importing._profiles import profile as find_profile
from peer_ledger.importing._result import Imported
from peer_ledger.importing._rows import Importer
from peer_ledger.importing._text_tables import Row, read_text_table
from peer_ledger.importing._unread import RESULT_WORDS, unread_columns, unread_day_columns
from peer_ledger.importing._workbooks import read_sheet, sheets_named
from peer_ledger.records import Course, Record
from peer_ledger.values.dates import as_day
from peer_ledger.values.vocabularies import Vocabularies, standard_vocabularies

_EVERY = 1000
_ZIP, _OLD_EXCEL, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"


def import_file(
    path: str | Path,
    *,
    profile: str | Path | Profile | None = None,
    kind: str | None = None,
    mapping: Mapping[str, str] | None = None,
    fixed: Mapping[str, str] | None = None,
    dates: Sequence[str] | None = None,
    source: str | None = None,
    catalog: Iterable[Record] = (),
    vocabularies: Vocabularies | None = None,
    today: date | str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    sheet: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Imported:
    """
    Read a file of comma-separated text or an Excel workbook into records.

    Args:
        path: The file; what it is, its first bytes tell.
        profile: How it is laid out: a profile, its name, or the path of a file of profiles; `None` to find out from
            headings that are usual.
        kind: What its rows are, as `training-event`; `None` to find that out, too.
        mapping: Headings that stand for fields, as `{"person": "Badge"}`, where neither profile nor usage tells.
        fixed: What every row says although no column does, as `{"credential": "us-nc-cpss"}`.
        dates: How its days are written, as `["MM/DD/YYYY"]`; `None` for what the profile says.
        source: The name of the series of files; `None` for that of the profile.  Records of one series under one key
            are one record.
        catalog: Courses by which codes are looked up; other records are passed over.
        vocabularies: The words there are; `None` for those that come with the package.
        today: The day after which a date lies in the future; `None` not to look.
        encoding: As `windows-1252`; `None` to find out.
        delimiter: What parts its cells; `None` to find out.
        decimal: What parts the whole of an amount from its decimals, `.` or `,`; `None` for what the profile says.
        sheet: The sheet of a workbook; `None` for the first.
        progress: What is told the number of rows read so far, every thousand.

    Returns:
        The records, the rows that were refused and why, and what somebody should look at.

    Raises:
        InvalidData: The file as a whole cannot be read, or its headings do not tell what is needed.
        ProfileNotFound: There is no such profile.
        InvalidValue: A format of dates, or `today`, is none.
        LedgerNotFound: There is no such file.
        LedgerFileError: It cannot be opened.
        LedgerMisuse: It is a workbook, and the extra `xlsx` is not installed.
    """
    found = None if profile is None else profile if isinstance(profile, Profile) else find_profile(profile)
    file = Path(path)
    read: str | None = None
    others: tuple[str, ...] = ()
    try:
        with open(file, "rb") as raw:
            start = raw.read(8)
        if start.startswith(_ZIP):
            table = read_sheet(file, name=sheet)
            rows, how, others = table.rows, table.how, table.others
            read, unread = table.name, table.others if sheet is None else ()
        else:
            _refuse_other_files(file, start)
            text = read_text_table(
                file,
                encoding=encoding or (found.encoding if found else None),
                delimiter=delimiter or (found.delimiter if found else None),
            )
            rows, how, others, read, unread = text.rows, text.how, (), None, ()
        return import_rows(
            rows,
            profile=found,
            kind=kind,
            mapping=mapping,
            fixed=fixed,
            dates=dates,
            source=source,
            catalog=catalog,
            vocabularies=vocabularies,
            today=today,
            decimal=decimal,
            how=how,
            other_sheets=unread,
            progress=progress,
        )
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
    *,
    profile: Profile | None = None,
    kind: str | None = None,
    mapping: Mapping[str, str] | None = None,
    fixed: Mapping[str, str] | None = None,
    dates: Sequence[str] | None = None,
    source: str | None = None,
    catalog: Iterable[Record] = (),
    vocabularies: Vocabularies | None = None,
    today: date | str | None = None,
    decimal: str | None = None,
    how: str = "rows",
    other_sheets: Sequence[str] = (),
    progress: Callable[[int], None] | None = None,
) -> Imported:
    """
    Read rows into records; the arguments are those of `import_file`.

    Args:
        rows: The rows, that of the headings among the first of them.
        profile: The layout.
        kind: What the rows are.
        mapping: Headings that stand for fields.
        fixed: What every row says.
        dates: How days are written.
        source: The name of the series.
        catalog: Courses.
        vocabularies: The words there are.
        today: The day after which a date lies in the future.
        decimal: What parts the whole of an amount from its decimals.
        how: What the report is to say of where they come from.
        other_sheets: The names of other sheets there are that are not read.
        progress: What is told the number of rows read so far, every thousand.

    Raises:
        InvalidData: The headings do not tell what is needed.
        InvalidValue: A format of dates, or `today`, is none.

    >>> rows = [Row(1, 1, ["ID", "Course", "Completed", "Hours"]), Row(2, 2, ["p-17", "Ethics", "2025-03-04", "3"])]
    >>> [record.person for record in import_rows(rows).records]
    ['p-17']
    """
    if kind is not None and kind not in FIELDS:
        raise InvalidValue(f"there is no kind {shown(kind)} of rows; there are {', '.join(FIELDS)}")
    if decimal not in (None, *get_args(Decimals)):
        raise InvalidValue(f"decimals are parted by '.' or ',', not {shown(decimal)}")
    words = vocabularies or standard_vocabularies()
    waiting = iter(rows)
    first = list(islice(waiting, LOOKED_AT))
    layout, place = layout_of(
        first, profile=profile, kind=kind, mapping=mapping or {}, given=frozenset(fixed or ()), vocabularies=words
    )
    days = DayReader(layout.profile.dates if dates is None else dates)
    reader = CellReader(
        words,
        (one for one in catalog if isinstance(one, Course)),
        days,
        _parts(layout),
        decimal or layout.profile.decimal,
    )
    importer = Importer(
        layout,
        reader,
        fixed=fixed or {},
        source=source or layout.profile.source or layout.profile.id,
        today=None if today is None else as_day(today),
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
