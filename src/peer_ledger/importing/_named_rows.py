"""
Tables that list people by name, with a column of ids added.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from peer_ledger.errors import InvalidValue
from peer_ledger.importing._cell_text import clean, folded, names_total, says_total
from peer_ledger.importing._column_names import PERSON_BY_NAME
from peer_ledger.importing._days import DayReader
from peer_ledger.importing._headings import Headings
from peer_ledger.importing._people import Described, Unidentified, identified, kept, read_people
from peer_ledger.importing._profile_parts import Column
from peer_ledger.importing._profiles import Profile
from peer_ledger.importing._row_tests import RowTests
from peer_ledger.importing._text_tables import Row

_NAMES = (
    "name", "full name", "person name", "employee name", "staff name", "learner name", "participant name", "peer name",
    "attendee name", "user full name", "display name", "name original name", "people", "person", "attendee",
    "participant", "learner", "employee",
)  # fmt: skip
_FIRST = ("first name", "given name", "firstname", "first")
_LAST = ("last name", "surname", "family name", "lastname", "last")
_BIRTH = ("date of birth", "birth date", "dob", "birthdate", "birthday")
_EMAIL = ("email", "e mail", "email address", "e mail address", "work email", "user email")


class _Columns(NamedTuple):
    names: tuple[int, ...]
    birth: int | None
    email: int | None


def with_ids(
    rows: Sequence[Row],
    path: str | Path,
    *,
    mapping: Mapping[str, str],
    profile: Profile,
    dates: Sequence[str],
    look_at: int,
    fits: Callable[[Sequence[Row]], bool],
) -> tuple[list[Row], str | None] | None:
    """
    Return the rows with a column of ids at their end, and what changed in the file of people.

    Args:
        rows: The rows; the row of headings is among the first.
        path: The file of people.
        mapping: The caller's headings; that of `person` is the column of names.
        profile: The profile, which knows the column of ids and which rows are read.
        dates: The formats of birth dates.
        look_at: How many rows may come before the headings.
        fits: Returns whether the rows can be read once they have a column of ids.

    Returns:
        `None` when the table has ids, or no names, or cannot be read.

    Raises:
        InvalidData: The file of people cannot be read.
    """
    known = next((column for column in profile.columns if column.field == "person"), None)
    found = _found(rows[:look_at], mapping, known)
    if found is None:
        return None
    place, columns = found
    days = DayReader(dates)
    width = len(rows[place].cells)
    made = list(rows)
    made[place] = _extended(rows[place], width, PERSON_BY_NAME)
    if not fits(made[:look_at]):
        return None
    tests = RowTests(profile, rows[place])
    described: dict[int, Described] = {}
    for at, row in enumerate(rows[place + 1 :], place + 1):
        if not tests.keep(row):
            continue
        name = _name(row, columns.names)
        if row.fault is None and len(row.cells) <= width and name and not (says_total(name) or names_total(name)):
            described[at] = Described(
                line=row.first_line,
                name=name,
                birth_date=_birth_date(_cell(row, columns.birth), days),
                email=folded(str(_cell(row, columns.email))),
            )
    before = read_people(path)
    answers, after = identified(path, list(described.values()))
    changed = kept(path, before, after)
    ids: dict[int, str | Unidentified] = dict(zip(described, answers, strict=True))
    for at in range(place + 1, len(rows)):
        if len(rows[at].cells) <= width:
            made[at] = _extended(rows[at], width, ids.get(at, ""))
    return made, changed


def _found(rows: Sequence[Row], mapping: Mapping[str, str], known: Column | None) -> tuple[int, _Columns] | None:
    """Return the position of the headings and the columns of names; `None` when there are none, or there are ids."""
    for place, row in enumerate(rows):
        headings = Headings.of(row)
        names = _name_columns(headings, mapping)
        if row.fault is None and names and len([text for text in headings.plain if text]) > 1:
            if "person" not in mapping and _has_ids(headings, known):
                return None
            return place, _Columns(names, _first_of(headings, _BIRTH), _first_of(headings, _EMAIL))
    return None


def _has_ids(headings: Headings, known: Column | None) -> bool:
    """Return whether a table has ids of people beside their names; an e-mail address is none here."""
    ids = known.plain_headings - {*_NAMES, *_EMAIL} if known is not None else frozenset()
    return not ids.isdisjoint(headings.places)


def _name_columns(headings: Headings, mapping: Mapping[str, str]) -> tuple[int, ...]:
    if "person" in mapping:
        place = headings.column(mapping["person"])
        return () if place is None else (place,)
    first, last = _first_of(headings, _FIRST), _first_of(headings, _LAST)
    if first is not None and last is not None:
        return first, last
    whole = _first_of(headings, _NAMES)
    return () if whole is None else (whole,)


def _first_of(headings: Headings, texts: Sequence[str]) -> int | None:
    return next((place for text in texts if (place := headings.column(text)) is not None), None)


def _cell(row: Row, place: int | None) -> object:
    if place is None:
        return ""
    cell = row.cells[place] if place < len(row.cells) else ""
    cell = row.above.get(place, "") if cell == "" else cell
    return cell if isinstance(cell, date) else clean(cell)


def _name(row: Row, places: Sequence[int]) -> str:
    return " ".join(text for place in places if (text := str(_cell(row, place))))


def _birth_date(cell: object, days: DayReader) -> str:
    """Return a birth date as it is compared; one that can be read in two ways stays as it is written."""
    if isinstance(cell, datetime):
        return str(cell.date())
    if isinstance(cell, date) or not cell:
        return str(cell)
    try:
        return str(days.read(str(cell)))
    except InvalidValue:
        return folded(str(cell))


def _extended(row: Row, width: int, cell: object) -> Row:
    return row._replace(cells=[*row.cells, *[""] * (width - len(row.cells)), cell])
