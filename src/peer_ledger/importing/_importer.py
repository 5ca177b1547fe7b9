"""
From a file to records: reading, mapping, building and looking twice, in one pass over the rows.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any, get_args

import attrs

from peer_ledger._counting import with_article
from peer_ledger.dates import as_day
from peer_ledger.errors import (
    InvalidData,
    InvalidRecord,
    InvalidValue,
    LedgerFileError,
    LedgerNotFound,
    Problem,
    nearest,
    shown,
    shown_name,
)
from peer_ledger.importing._builders import BUILDERS, Draft, FieldRefusal, key_of
from peer_ledger.importing._days import DayReader
from peer_ledger.importing._fields import (
    FIELDS,
    PART,
    CellReader,
    Field,
    Meaning,
    Refusal,
    clean,
    field_of,
    folded,
    names_total,
    says_total,
    shown_cell,
)
from peer_ledger.importing._imported import MOST_LISTED, Imported, Notice, Rejected
from peer_ledger.importing._mapping import LOOKED_AT, Layout, MappedColumn, layout_of, one_line, unit_in
from peer_ledger.importing._plausibility import Plausibility
from peer_ledger.importing._profiles import Decimals, Profile, plain_heading
from peer_ledger.importing._profiles import profile as find_profile
from peer_ledger.importing._text_tables import Row, read_text_table
from peer_ledger.importing._workbooks import read_sheet, sheets_named
from peer_ledger.records import Course, Origin, Record
from peer_ledger.vocabularies import Vocabularies, standard_vocabularies

_MOST_REMEMBERED = 2**16
_LONGEST_REMEMBERED = 200
_EVERY = 1000
_NO_FIELD = Field("text")
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
    catalogue: Iterable[Record] = (),
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
        catalogue: Courses by which codes are looked up; other records are passed over.
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
            catalogue=catalogue,
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
    catalogue: Iterable[Record] = (),
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
        catalogue: Courses.
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
        (one for one in catalogue if isinstance(one, Course)),
        days,
        _parts(layout),
        decimal or layout.profile.decimal,
    )
    importer = _Importer(
        layout,
        reader,
        fixed=fixed or {},
        source=source or layout.profile.source or layout.profile.id,
        today=None if today is None else as_day(today),
        results=[one for one in _unread(layout, first[place]) if _RESULTS & set(plain_heading(one[1]).split())],
    )
    if other_sheets:
        importer.notice("sheets", None, says=f"not read were the other sheets: {sheets_named(other_sheets)}")
    for column, other in layout.rivals:
        says = f"was taken for {column.field}, and {other!r} could be, too; say which with --map {column.field}=HEADING"
        importer.notice("headings", None, column.field, None, says)
    for heading in _unread_days(layout, first[place], first[place + 1 :]):
        says = f"{heading!r} holds days and was not read; if they matter, say of what with --map FIELD={heading!r}"
        importer.notice("headings", None, says=says)
    for number, row in enumerate(chain(first[place + 1 :], waiting), 1):
        importer.take(row)
        if progress is not None and number % _EVERY == 0:
            progress(number)
    return importer.done(how)


_RESULTS = {"status", "result", "results", "outcome", "attended", "attendance", "completion", "passed", "disposition"}
"""Words in the headings of columns that say whether what a row lists came about, or holds."""

_UNDONE = frozenset(
    [
        "no",
        "no show",
        "noshow",
        "failed",
        "fail",
        "not passed",
        "did not pass",
        "did not attend",
        "not attended",
        "did not complete",
        "not completed",
        "not complete",
        "incomplete",
        "withdrawn",
        "withdrew",
        "dropped",
        "cancelled",
        "canceled",
        "waitlisted",
        "wait list",
        "wait listed",
        "absent",
        "registered",
        "enrolled",
        "in progress",
        "not started",
        "rejected",
        "denied",
        "refused",
        "declined",
        "revoked",
        "suspended",
        "surrendered",
        "void",
        "voided",
    ]
)
"""What stands in such a column where it did not, or does not."""

_LIKE_A_DAY = re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}")


def _unread_days(layout: Layout, headings: Row, rows: Sequence[Row]) -> Iterator[str]:
    """Give the headings of columns that are not read, are not known to be of no interest, and hold nothing but days."""
    for place, heading in _unread(layout, headings):
        cells = [some for row in rows if place < len(row.cells) and (some := clean(row.cells[place]))]
        if cells and all(_LIKE_A_DAY.fullmatch(str(one)[:10]) for one in cells):
            yield heading


def _unread(layout: Layout, headings: Row) -> Iterator[tuple[int, str]]:
    """Give the columns that are not read and not known to be of no interest: their places and headings."""
    taken = {one.place for one in layout.columns}
    known = set(map(plain_heading, layout.profile.ignored))
    for place, cell in enumerate(headings.cells):
        heading = str(clean(cell))
        if place not in taken and heading and plain_heading(heading) not in known:
            yield place, one_line(heading)


ReadColumn = tuple[int, str, Callable[[object], Meaning], dict[object, Any], Field]
"""A column's place, its field's name, what reads a cell of it, what was read before, and the field."""


class _Importer:
    """One pass over the rows below the headings."""

    def __init__(
        self,
        layout: Layout,
        reader: CellReader,
        *,
        fixed: Mapping[str, str],
        source: str,
        today: date | None,
        results: Sequence[tuple[int, str]],
    ) -> None:
        self._layout = layout
        self._reader = reader
        self._source = source
        self._makes = layout.profile.makes
        self._build = BUILDERS[self._makes]
        self._rows = 0
        self._records: list[Record] = []
        self._lines: list[int] = []
        self._rejected: list[Rejected] = []
        self._rejected_count = 0
        self._notices: list[Notice] = []
        self._notice_count = 0
        self._seen: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self._plausibility = Plausibility(reader.by_id, today)
        self._by_field = {one.field: one for one in layout.columns}
        self._fixed = self._fixed_values(fixed)
        self._codes = "course" in self._by_field
        self._results = results
        self._columns = [self._column(one) for one in layout.columns]
        self._amounts = [
            (one, unit)
            for one in layout.columns
            if FIELDS[self._makes].get(one.field.partition(".")[0], _NO_FIELD).reads == "amount"
            and ((unit := self._unit(one)) or one.unclear)
        ]

    def _fixed_values(self, fixed: Mapping[str, str]) -> dict[str, Any]:
        """Read what every row says; a column that says it, too, has the last word."""
        given = {one.field: one.value for one in self._layout.profile.fixed} | dict(fixed)
        values: dict[str, Any] = {}
        for name, text in given.items():
            field = field_of(self._makes, name)
            if field is None:
                if not any(field_of(kind, name) for kind in FIELDS):
                    known = sorted({one for kind in FIELDS.values() for one in kind})
                    what = f"there is no field {shown_name(name)}{nearest(name, known)}"
                    raise InvalidData("table", (Problem("fixed", what),))
                continue  # as the credential, which is given for whatever kind of rows a file turns out to have
            try:
                values[name] = self._reader.reader(field, {})(text).value
            except Refusal as refusal:
                raise InvalidData("table", (Problem(name, f"{shown(text)} {refusal.reason}"),)) from None
        return values

    def _column(self, one: MappedColumn) -> ReadColumn:
        field = self._field(one.field)
        meanings = {folded(cell.cell): cell.means for cell in one.column.cells} if one.column else {}
        read = self._reader.reader(field, meanings)
        return one.place, one.field, read, {}, field

    def _unit(self, one: MappedColumn) -> str | None:
        """Give the unit that the heading of a column of amounts names."""
        hours_of_topic = one.field.startswith(PART) and "hours" in plain_heading(one.heading).split()
        found = "hour" if hours_of_topic else self._reader.vocabularies["units"].find(one.heading)
        return found or unit_in(one.heading)

    def _say_units(self, row: Row, values: dict[str, Any]) -> bool:
        """Let headings name the units that neither cells nor a column of units name; tell whether all are known."""
        for one, unit in self._amounts:
            amount, own = values.get(one.field, (None, None))
            if amount and own is None:
                if one.unclear:
                    says = "may be hours or something else: say of what unit the column is, with --fixed unit=hour, "
                    self._reject(row, one.field, self._cell(row, one.field), f"{says}unit=minute or unit=ceu")
                    return False
                values[one.field] = amount, unit
        return True

    def take(self, row: Row) -> None:
        """Read one row."""
        self._rows += 1
        cells = row.cells
        fault = row.fault or self._fault(cells)
        if fault is not None:
            self._reject(row, None, None, fault)
            return
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
                except Refusal as refusal:
                    self._reject(row, name, cell, refusal.reason, again=refused)
                    refused = True
                    continue
            if value is not None:
                values[name] = value
        if self._codes:
            self._keep_code(values, cells)
        if not refused and ("unit" in values or not self._amounts or self._say_units(row, values)):
            self._make(row, values)

    def _fault(self, cells: list[object]) -> str | None:
        """Say why a row can be none of a record: it is too long, or says that what it lists did not come about."""
        if len(cells) > self._layout.width and any(map(clean, cells[self._layout.width :])):
            return f"has {len(cells)} cells below {self._layout.width} headings"
        for place, heading in self._results:
            word = " ".join(re.findall(r"[a-z]+", str(clean(cells[place])).casefold())) if place < len(cells) else ""
            if word in _UNDONE:
                return (
                    f"{heading!r} says {word!r}, so that it is not taken for {with_article(self._makes)}; leave it out"
                )
        return None

    def _keep_code(self, values: dict[str, Any], cells: list[object]) -> None:
        place = self._by_field["course"].place
        if place < len(cells) and (code := str(clean(cells[place]))):
            values["course_code"] = code

    def _value(self, row: Row, column: ReadColumn, cell: object) -> Any:
        _, name, read, memory, field = column
        plain = clean(cell) if isinstance(cell, str) else cell
        if plain == "":
            value = None
        else:
            meaning = read(plain)
            value = meaning.value
            if meaning.notice is not None:
                kind = {"topics": "topic", "course": "course"}.get(name, "word")
                self.notice(kind, row.first_line, name, shown_cell(field, plain), meaning.notice)
                return value
        if len(plain if isinstance(plain, str) else "") <= _LONGEST_REMEMBERED:
            if len(memory) >= _MOST_REMEMBERED:
                memory.clear()
            memory[cell] = value
        return value

    def _make(self, row: Row, values: dict[str, Any]) -> None:
        """Make the records of a row, all or none."""
        try:
            made = [(draft, self._record(draft, values)) for draft in self._build(values, self._reader)]
        except FieldRefusal as refusal:
            self._reject(row, refusal.field, self._cell(row, refusal.field) or None, refusal.reason)
            return
        except InvalidRecord as error:
            self._reject_invalid(row, error)
            return
        for draft, record in made:
            self._records.append(record)
            self._lines.append(row.first_line)
            for kind, field, says in draft.notices:
                self.notice(kind, row.first_line, field if field in self._by_field else None, None, says)
            for kind, field, says in self._plausibility.look_at(record, row.first_line):
                self.notice(kind, row.first_line, field if field in self._by_field else None, None, says)

    def _record(self, draft: Draft, values: dict[str, Any]) -> Record:
        key = draft.key
        if self._layout.profile.key:
            parts = ["course_code" if name == "course" else name for name in self._layout.profile.key]
            key = (*key_of(values, *parts), *([draft.values["act"]] if "act" in draft.values else []))
        self._seen[self._makes, key] += 1
        for name in _needed(draft.cls):
            if name not in draft.values:
                raise FieldRefusal(name, _empty(name) if name in self._by_field else f"no column gives its {name}")
        origin = Origin(source=self._source, key=key, occurrence=self._seen[self._makes, key])
        return draft.cls(origin=origin, **draft.values)

    def _reject_invalid(self, row: Row, error: InvalidRecord) -> None:
        for number, problem in enumerate(error.problems):
            name = problem.path.partition("[")[0].partition(".")[0]
            name = "hours" if name == "credits" else name
            known = name in self._by_field
            empty = known and self._cell(row, name) in ("", None)
            says = _empty(name) if empty else problem.message if known else f"{problem.path}: {problem.message}"
            cell = None if empty or not known else self._cell(row, name)
            self._reject(row, name if known else None, cell, says, again=number > 0)

    def _cell(self, row: Row, field: str) -> object | None:
        one = self._by_field.get(field)
        return row.cells[one.place] if one is not None and one.place < len(row.cells) else None

    def _reject(self, row: Row, name: str | None, cell: object | None, reason: str, *, again: bool = False) -> None:
        if self._is_total(row):
            if not again:
                self.notice("total", row.first_line, None, None, "is a row of totals, and gives no record")
            return
        self._rejected_count += not again
        if len(self._rejected) >= MOST_LISTED:
            return
        if row.last_line > row.first_line:
            reason = f"{reason} (the row goes on to line {row.last_line})"
        value = None
        if name is not None and isinstance(cell, str | date) and (field := field_of(self._makes, name)) is not None:
            value = shown_cell(field, clean(cell) if isinstance(cell, str) else cell)
        self._rejected.append(Rejected(line=row.first_line, column=self._column_name(name), value=value, reason=reason))

    def _is_total(self, row: Row) -> bool:
        """Tell whether a row that cannot be read holds sums: it says so, about nobody else, and names no day."""
        person = self._cell(row, "person")
        if row.fault is not None or not (names_total(person) or any(map(says_total, row.cells))):
            return False
        days = [one.field for one in self._layout.columns if self._field(one.field).reads == "day"]
        if any(says_total(self._cell(row, name)) for name in days):
            days = []
        nobody = person is None or not clean(person) or says_total(person) or names_total(person)
        return nobody and not any(clean(cell) for name in days if (cell := self._cell(row, name)) is not None)

    def _field(self, name: str) -> Field:
        field = field_of(self._makes, name)
        assert field is not None, "a layout names fields that there are"
        return field

    def notice(
        self, kind: str, line: int | None, name: str | None = None, value: str | None = None, says: str = ""
    ) -> None:
        """Note something that somebody should look at."""
        self._notice_count += 1
        if len(self._notices) < MOST_LISTED:
            column = self._column_name(name)
            self._notices.append(Notice(kind=kind, line=line, column=column, value=value, says=says))

    def _column_name(self, name: str | None) -> str | None:
        one = self._by_field.get(name or "")
        return None if one is None else f"column {one.letters} {one.heading!r}"

    def done(self, how: str) -> Imported:
        """Give the report."""
        for line, says in self._plausibility.days():
            self.notice("hours-a-day", line, None, None, says)
        hint = self._reader.days.hint
        if hint is not None:
            self.notice(
                "dates",
                None,
                None,
                None,
                f"all its dates that can be read in one way are written {hint}; if the others are, too: --dates {hint}",
            )
        return Imported(
            kind=self._makes,
            profile=self._layout.profile.id,
            source=self._source,
            how=how,
            columns=tuple((one.heading, one.field) for one in self._layout.columns),
            ignored=self._layout.ignored,
            rows=self._rows,
            records=tuple(self._records),
            lines=tuple(self._lines),
            rejected=tuple(self._rejected),
            rejected_count=self._rejected_count,
            notices=tuple(self._notices),
            notice_count=self._notice_count,
        )


def _empty(name: str) -> str:
    merged = "; where an id stands once for several rows, write it into each of them"
    return f"is empty{merged if name == 'person' else ''}"


def _parts(layout: Layout) -> list[str]:
    there = [one.field for one in layout.columns] + [one.field for one in layout.profile.fixed]
    return [name for name in there if name.startswith(PART)]


_NEEDED: dict[type[Record], tuple[str, ...]] = {}


def _needed(cls: type[Record]) -> tuple[str, ...]:
    """Name the fields that a record cannot be without."""
    if cls not in _NEEDED:
        _NEEDED[cls] = tuple(field.name for field in attrs.fields(cls) if field.default is attrs.NOTHING)
    return _NEEDED[cls]
