"""
Completion matrices: a row for each person, a column for each course, and in each cell the day of completion.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import attrs

from peer_ledger.errors import InvalidData, Problem, nearest
from peer_ledger.importing._cell_text import clean, folded
from peer_ledger.importing._cells import CellReader
from peer_ledger.importing._columns import MappedColumn
from peer_ledger.importing._headings import Headings
from peer_ledger.importing._layout import Layout, how_to_map
from peer_ledger.importing._profile_parts import CellMeaning, Column, plain_heading
from peer_ledger.importing._profiles import Profile, usual_profiles
from peer_ledger.importing._rejected_file import ADDED
from peer_ledger.importing._result import Imported, RejectedRow
from peer_ledger.importing._results import words_of_no
from peer_ledger.importing._rows import Importer
from peer_ledger.importing._text_tables import Row
from peer_ledger.values._wording import counted

DONE = frozenset({
    "complete", "completed", "done", "yes", "y", "x", "true", "passed", "pass", "attended", "finished", "ok",
    "\u2713", "\u2714", "\u2611",
})  # fmt: skip
"""The cells that say that a course was completed, without the day."""

NOT_DONE = frozenset({
    "n", "false", "due", "overdue", "past due", "pending", "assigned", "not assigned", "unassigned", "not required",
    "not due", "exempt", "waived", "expired", "scheduled", "unenrolled", "open", "\u2717", "\u2718", "\u2610",
})  # fmt: skip
"""The cells that say that a course was not completed, or need not be, besides the words of results that say no."""

MATRIX = "matrix"
_NEEDS_A_DAY = (
    "says that the course was completed, and not when; write the day into the cell, or, if it is the same for all such "
    "cells, declare it: fixed={'completed': DAY}, or --fixed completed=DAY"
)


@attrs.frozen(kw_only=True)
class Matrix:
    """
    The columns of a matrix.

    Attributes:
        person: The column of people.
        courses: The columns of courses.
        ignored: The headings of the other columns.
        width: The number of columns.
    """

    person: MappedColumn
    courses: tuple[MappedColumn, ...]
    ignored: tuple[str, ...]
    width: int

    def layout(self, profile: Profile, course: MappedColumn) -> Layout:
        """Return the layout by which the cells of one course are read."""
        return Layout(
            profile=profile, columns=(self.person, course), ignored=self.ignored, width=self.width, chosen=True
        )


def matrix_of(
    rows: Sequence[Row], *, profile: Profile | None, mapping: Mapping[str, str], chosen: Sequence[str] | None
) -> tuple[Matrix, int]:
    """
    Find the row of headings of a matrix, and its columns.

    Args:
        rows: The first rows of the table.
        profile: A profile that knows the column of people; `None` for usual headings.
        mapping: The caller's heading of the column of people.
        chosen: The headings of the courses; `None` for every column whose heading is not otherwise known.

    Returns:
        The columns, and the position of the row of headings among the rows.

    Raises:
        InvalidData: No row has a heading for people and one for a course.
    """
    trainings = next(usual for usual in usual_profiles() if usual.makes == "training-event")
    known = profile or trainings
    for place, row in enumerate(rows):
        if row.fault is None and (found := _columns(Headings.of(row), known, trainings, mapping, chosen)) is not None:
            return found, place
    what = f"no row has a heading of people and one of a course; name the column of people: {how_to_map('person')}"
    raise InvalidData("table", (Problem("headings", what),))


def _columns(
    headings: Headings, known: Profile, usual: Profile, mapping: Mapping[str, str], chosen: Sequence[str] | None
) -> Matrix | None:
    texts = [mapping["person"]] if "person" in mapping else _person_headings(known)
    place = next((found for text in texts if (found := headings.column(text)) is not None), None)
    if place is None:
        return None
    others = {plain_heading(text) for profile in (known, usual) for text in profile.ignored}
    others |= set(map(plain_heading, ADDED))
    others |= {text for column in usual.columns if column.field != "title" for text in column.plain_headings}
    if known is not usual:
        others |= {text for column in known.columns for text in column.plain_headings}
    places = (
        _named(headings, chosen)
        if chosen is not None
        else [other for other, text in enumerate(headings.plain) if text and other != place and text not in others]
    )
    if not places:
        return None
    _refuse_twins(headings, places)
    return Matrix(
        person=MappedColumn(place=place, field="person", heading=headings.shown(place)),
        courses=tuple(MappedColumn(place=at, field="completed", heading=headings.shown(at)) for at in places),
        ignored=tuple(
            headings.shown(at) for at, text in enumerate(headings.plain) if text and at not in {place, *places}
        ),
        width=len(headings.texts),
    )


def _person_headings(profile: Profile) -> list[str]:
    return [text for column in profile.columns if column.field == "person" for text in column.all_headings]


def _named(headings: Headings, chosen: Iterable[str]) -> list[int]:
    places = []
    for text in chosen:
        place = headings.column(text)
        if place is None:
            near = nearest(text, headings.texts)
            raise InvalidData("table", (Problem("matrix", f"no column has one of the headings given{near}"),))
        places.append(place)
    return places


def _refuse_twins(headings: Headings, places: Sequence[int]) -> None:
    """Refuse two courses of the same name, whose completions could not be told apart."""
    for place in places:
        headings.column(headings.texts[place])


def matrix_profile(profile: Profile | None, fixed: Mapping[str, str]) -> Profile:
    """Return the profile that reads the cells of a course, in which a word stands for the day that holds for all."""
    day = fixed.get("completed")
    cells = [CellMeaning(cell=word, means=day) for word in sorted(DONE)] if day else []
    return Profile(
        id=profile.id if profile else MATRIX,
        says="A row for each person, a column for each course",
        makes="training-event",
        source=profile.source if profile else "spreadsheet",
        columns=[Column(field="person"), Column(field="completed", cells=cells)],
        dates=profile.dates if profile else (),
    )


def read_matrix(
    importer: Importer,
    matrix: Matrix,
    rows: Sequence[Row],
    *,
    profile: Profile,
    fixed: Mapping[str, str],
    reader: CellReader,
) -> None:
    """Read the completions of a matrix, course by course."""
    rest = {field: value for field, value in fixed.items() if field != "completed"}
    skipped = 0
    for row in rows:
        if row.fault is not None:
            importer.take(row)
    sound = [row for row in rows if row.fault is None]
    for course in matrix.courses:
        cells = attrs.evolve(course, column=profile.columns[1])
        code = {"course": course.heading} if folded(course.heading) in reader.courses else {}
        importer.turn_to(matrix.layout(profile, cells), {**rest, "title": course.heading, **code})
        for row in sound:
            word = _word(row, course.place)
            if word in NOT_DONE or word in words_of_no():
                skipped += 1
            elif word in DONE and "completed" not in fixed:
                importer.refuse(row, "completed", _NEEDS_A_DAY)
            elif word != "":
                importer.take(row)
    if skipped:
        importer.findings.notice(
            "matrix", None, says=f"no record for {counted(skipped, 'cell')} of courses that were not completed"
        )


def _word(row: Row, place: int) -> str | None:
    """Return a cell as it is compared with words; `None` for a day of a workbook or a frame."""
    cell = row.cells[place] if place < len(row.cells) else ""
    return None if isinstance(cell, date) else folded(clean(cell))


def finished(imported: Imported, matrix: Matrix, rows: int) -> Imported:
    """Return the result of a matrix: its records and rejections in the order of the rows, and all of its columns."""
    order = sorted(range(len(imported.records)), key=imported.lines.__getitem__)
    together: dict[int, list[RejectedRow]] = {}
    for row in imported.rejected_rows:
        together.setdefault(row.line, []).append(row)
    return attrs.evolve(
        imported,
        rows=rows,
        rejected_rows=tuple(_with_reasons(together[line]) for line in sorted(together)),
        columns=((matrix.person.heading, "person"), *((course.heading, "completed") for course in matrix.courses)),
        records=tuple(imported.records[place] for place in order),
        lines=tuple(imported.lines[place] for place in order),
        rejected=tuple(sorted(imported.rejected, key=lambda rejected: rejected.line)),
    )


def _with_reasons(rejected: Sequence[RejectedRow]) -> RejectedRow:
    """Return a row of which several cells were rejected, once; each course is a training of its own."""
    return rejected[0]._replace(reason="; ".join(dict.fromkeys(row.reason for row in rejected)), noted="")
