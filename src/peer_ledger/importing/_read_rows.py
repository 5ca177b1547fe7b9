"""
From the rows of any table to records: the people, the headings and the layout, and then row by row.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import chain, islice

from peer_ledger.errors import InvalidData, Problem
from peer_ledger.importing._amounts import is_compared
from peer_ledger.importing._cells import CellReader
from peer_ledger.importing._column_names import PERSON_BY_NAME
from peer_ledger.importing._days import DayReader
from peer_ledger.importing._fields import PART
from peer_ledger.importing._layout import LOOKED_AT, Layout, how_to_map, layout_of
from peer_ledger.importing._lettered import lettered_mapping, lettered_profile, letters_of, refuse_missing
from peer_ledger.importing._matrix import Matrix, finished, matrix_of, matrix_profile, read_matrix
from peer_ledger.importing._named_rows import with_ids
from peer_ledger.importing._options import ImportOptions
from peer_ledger.importing._profiles import Profile, usual_profiles
from peer_ledger.importing._rejected_file import as_they_were, is_of_rejected
from peer_ledger.importing._result import Imported
from peer_ledger.importing._results import Results, result_columns
from peer_ledger.importing._row_tests import RowTests
from peer_ledger.importing._rows import Importer
from peer_ledger.importing._suggestions import how_to_name, like_known
from peer_ledger.importing._text_tables import Row
from peer_ledger.importing._unread import unread_day_columns
from peer_ledger.importing._unstated_roles import UnstatedRoles
from peer_ledger.importing._workbooks import sheets_named
from peer_ledger.records import Course
from peer_ledger.values._wording import with_article

_EVERY = 1000
_NEED_CREDENTIAL = frozenset({"certification", "verification", "filing", "ruling"})
"""The kinds of records that are about a credential."""


def imported_rows(
    rows: Iterable[Row],
    options: ImportOptions,
    how: str,
    *,
    other_sheets: Sequence[str] = (),
    notes: Sequence[str] = (),
    progress: Callable[[int], None] | None = None,
) -> Imported:
    """
    Read rows into records.

    Args:
        rows: The rows; the row of headings is among the first.
        options: How to read them.
        how: The origin of the rows, for people to read.
        other_sheets: The names of sheets that were not read.
        notes: What to check in the file as a whole.
        progress: Called after every thousand rows with the number read so far.

    Raises:
        InvalidData: Required headings are missing.
    """
    waiting = as_they_were(rows)
    first = list(islice(waiting, LOOKED_AT))
    looked_at = first
    if not options.headings or (options.layout is not None and not options.layout.has_headings):
        options = _lettered(options)
        first = first if first and is_of_rejected(first[0].cells) else [letters_of(first), *first]
        refuse_missing(first[0], options.mapping)
        looked_at = first[:1]
    if options.people is not None:
        every = [*first, *waiting]
        options, every, changed = _identified(options, every, len(looked_at))
        first, looked_at, waiting = every[:LOOKED_AT], every[: len(looked_at)], iter(every[LOOKED_AT:])
        notes = [*notes, *filter(None, [changed])]
    if options.matrix:
        return _matrix(looked_at, [*first, *waiting], options, how, notes)
    layout, place, like = _layout(options, looked_at)
    is_recognized = options.kind is None and options.profile is None
    _refuse_without_credential(layout, options.fixed, is_recognized=is_recognized)
    importer = _importer(layout, _reader(options, layout.profile, _parts(layout)), options, first[place])
    if other_sheets:
        importer.findings.notice("sheets", None, says=f"the other sheets were not read: {sheets_named(other_sheets)}")
    tests = RowTests(layout.profile, first[place])
    roles = UnstatedRoles(layout, first[place], is_given="role" in options.fixed)
    for note in (*notes, *layout.profile.notes, *filter(None, [like])):
        importer.findings.notice("file", None, says=note)
    _notice_headings(importer, layout, first[place], first[place + 1 :])
    for number, row in enumerate(chain(first[place + 1 :], waiting), 1):
        if tests.keep(row):
            importer.take(row)
            roles.look_at(row)
        if progress is not None and number % _EVERY == 0:
            progress(number)
    _notice_rows(importer, tests, roles)
    return importer.done(how)


def _lettered(options: ImportOptions) -> ImportOptions:
    """Return options whose headings are those that `letters_of` makes."""
    profile = options.layout
    return options.with_(
        mapping=lettered_mapping(options.mapping), profile=None if profile is None else lettered_profile(profile)
    )


def _identified(
    options: ImportOptions, rows: Sequence[Row], look_at: int
) -> tuple[ImportOptions, list[Row], str | None]:
    """Return the rows with ids for the people whom they name, and options that read them."""
    assert options.people is not None
    layout = options.layout
    known = layout or next(usual for usual in usual_profiles() if usual.makes == "training-event")
    named = options.with_(mapping={**options.mapping, "person": PERSON_BY_NAME}, people=None)

    def fits(rows: Sequence[Row]) -> bool:
        with suppress(InvalidData):
            _ = _find_matrix(named, rows) if named.matrix else _layout(named, rows)
            return True
        return False

    found = with_ids(
        rows,
        options.people,
        mapping=options.mapping,
        profile=known,
        dates=options.dates if options.dates is not None else known.dates,
        look_at=look_at,
        fits=fits,
    )
    if found is None:
        return options, list(rows), None
    return named, *found


def _layout(options: ImportOptions, rows: Sequence[Row]) -> tuple[Layout, int, str | None]:
    """Return the layout, the position of the row of headings, and the profile that fits better, if any."""
    name = like_known(rows) if options.profile is None else None
    like = None if name is None else how_to_name(name)
    try:
        layout, place = layout_of(
            rows,
            profile=options.layout,
            kind=options.kind,
            mapping=options.mapping,
            given=frozenset(options.fixed),
            vocabularies=options.words,
            ignore=options.ignore,
        )
    except InvalidData as error:
        if like is not None:  # which says all; the row that came nearest may not be that of the headings
            raise InvalidData(error.what, (Problem("profile", like),)) from None
        hints: list[Problem] = []
        if options.people is not None:
            what = f"no column of names was found for the file of people; name it: {how_to_map('person')}"
            hints.append(Problem("people", what))
        raise InvalidData(error.what, (*hints, *error.problems)) from None
    return layout, place, like


def _matrix(
    looked_at: Sequence[Row], rows: Sequence[Row], options: ImportOptions, how: str, notes: Sequence[str]
) -> Imported:
    """Read a completion matrix."""
    matrix, place = _find_matrix(options, looked_at)
    profile = matrix_profile(options.layout, options.fixed)
    reader = _reader(options, profile, ())
    below = rows[place + 1 :]
    ignore = [*options.ignore, *(course.heading for course in matrix.courses)]
    how_read = options.with_(fixed=None, ignore=ignore)
    importer = _importer(matrix.layout(profile, matrix.courses[0]), reader, how_read, rows[place])
    for note in (*notes, *(options.layout.notes if options.layout else ())):
        importer.findings.notice("file", None, says=note)
    read_matrix(importer, matrix, below, profile=profile, fixed=options.fixed, reader=reader)
    return finished(importer.done(how), matrix, len(below))


def _find_matrix(options: ImportOptions, rows: Sequence[Row]) -> tuple[Matrix, int]:
    chosen = None if isinstance(options.matrix, bool) else options.matrix
    return matrix_of(rows, profile=options.layout, mapping=options.mapping, chosen=chosen)


def _reader(options: ImportOptions, profile: Profile, parts: Sequence[str]) -> CellReader:
    return CellReader(
        options.words,
        (record for record in options.catalog if isinstance(record, Course)),
        DayReader(profile.dates if options.dates is None else options.dates, options.zone),
        parts,
        options.decimal or profile.decimal,
    )


def _importer(layout: Layout, reader: CellReader, options: ImportOptions, headings: Row) -> Importer:
    return Importer(
        layout,
        reader,
        fixed=options.fixed,
        source=options.source or layout.profile.source or layout.profile.id,
        today=options.today,
        results=Results(
            layout.profile.makes,
            result_columns(layout, headings, options.ignore),
            accept=options.accept,
            reject=options.reject,
            pass_mark=options.pass_mark,
        ),
        headings=headings.cells,
        course_parts=options.course_parts,
        time_zone=options.time_zone,
    )


def _refuse_without_credential(layout: Layout, fixed: Mapping[str, str], *, is_recognized: bool) -> None:
    """Refuse a file of certificates that does not say which, as every row of it would be rejected."""
    kind = layout.profile.makes
    given = {column.field for column in layout.columns} | {value.field for value in layout.profile.fixed} | set(fixed)
    if kind in _NEED_CREDENTIAL and "credential" not in given:
        what = (
            f"{with_article(kind)} needs a credential, and no column gives it; name the rule set: "
            "fixed={'credential': 'us-nc-cpss'}, or --rules us-nc-cpss"
        )
        if is_recognized:
            what += "; if the rows are something else, name their kind: kind='training-event', or --kind training-event"
        raise InvalidData("table", (Problem("credential", what),))


def _notice_headings(importer: Importer, layout: Layout, headings: Row, below: Sequence[Row]) -> None:
    """Notice the columns that the headings leave in doubt."""
    for column, other in layout.rivals:
        if is_compared(column, other):
            continue
        says = f"was read as {column.field}, but {other.heading!r} fits, too; name the right one: "
        importer.findings.notice("headings", None, column.field, None, says + how_to_map(column.field))
    for heading in unread_day_columns(layout, headings, below):
        says = f"{heading!r} holds days and was not read; if they matter, name their field: "
        importer.findings.notice(
            "headings", None, says=f"{says}mapping={{FIELD: {heading!r}}}, or --map FIELD={heading!r}"
        )


def _notice_rows(importer: Importer, tests: RowTests, roles: UnstatedRoles) -> None:
    """Notice, after the last row, which rows were left out, and which may be about teaching."""
    for note in tests.notices():
        importer.findings.notice("file", None, says=note)
    if roles.says is not None:
        importer.findings.notice("role", None, says=roles.says)


def _parts(layout: Layout) -> list[str]:
    fields = [column.field for column in layout.columns] + [fixed.field for fixed in layout.profile.fixed]
    return [name for name in fields if name.startswith(PART)]
