"""
Tables without a row of headings, whose columns are named by their letters or numbers.
"""

import re
from collections.abc import Mapping, Sequence

import attrs

from peer_ledger.errors import InvalidData, Problem, shown
from peer_ledger.importing._column_names import column_letters, column_number
from peer_ledger.importing._profiles import Profile
from peer_ledger.importing._text_tables import MOST_COLUMNS, Row
from peer_ledger.values._wording import counted

_LETTERS = re.compile(r"[A-Za-z]{1,3}")
_NUMBER = re.compile(r"[1-9][0-9]{0,4}")


def letters_of(rows: Sequence[Row]) -> Row:
    """Return a row of headings for some rows, made of the letters of the columns."""
    width = max((len(row.cells) for row in rows), default=0)
    return Row(0, 0, [_heading(number) for number in range(1, width + 1)])


def lettered_mapping(mapping: Mapping[str, str]) -> dict[str, str]:
    """
    Return a mapping to letters or numbers of columns as one to the headings that `letters_of` makes.

    Raises:
        InvalidData: A column is named by something else.

    >>> lettered_mapping({"person": "a", "completed": "3"})
    {'person': 'column A', 'completed': 'column C'}
    """
    return {field: _heading(_column(field, text)) for field, text in mapping.items()}


def refuse_missing(letters: Row, mapping: Mapping[str, str]) -> None:
    """
    Refuse a mapping to columns that a table does not have.

    Args:
        letters: The row that `letters_of` made.
        mapping: What `lettered_mapping` returned.

    Raises:
        InvalidData: A column is missing.
    """
    problems = tuple(
        Problem(f"mapping[{field!r}]", f"there is no {heading}; the table has {counted(len(letters.cells), 'column')}")
        for field, heading in mapping.items()
        if heading not in letters.cells
    )
    if problems:
        raise InvalidData("table", problems)


def lettered_profile(profile: Profile) -> Profile:
    """
    Return a profile for columns headed by `letters_of`; a profile that names no letters knows no column.

    Raises:
        InvalidData: It names a column by something else than letters.
    """
    if profile.has_headings:
        return attrs.evolve(profile, columns=())
    columns = [
        attrs.evolve(column, headings=[_heading(_column(column.field, text)) for text in column.headings])
        for column in profile.columns
    ]
    return attrs.evolve(profile, columns=columns)


def _heading(number: int) -> str:
    return f"column {column_letters(number)}"


def _column(field: str, text: str) -> int:
    plain = text.strip()
    if _NUMBER.fullmatch(plain):
        number = int(plain)
    elif _LETTERS.fullmatch(plain):
        number = column_number(plain.upper())
    else:
        number = 0
    if not 0 < number <= MOST_COLUMNS:
        wanted = "a column is named by its letter or number, such as 'C' or '3'"
        what = f"without a row of headings, {wanted}, not {shown(text)}"
        raise InvalidData("table", (Problem(f"mapping[{field!r}]", what),))
    return number
