"""
Trainings that are recorded as attended because no role is stated, although the person may have taught them.
"""

import re

from peer_ledger.importing._cell_text import clean, folded
from peer_ledger.importing._headings import names_people
from peer_ledger.importing._layout import Layout
from peer_ledger.importing._profile_parts import plain_heading
from peer_ledger.importing._text_tables import Row
from peer_ledger.values._wording import counted

_TEACHES = re.compile(r"\b(?:instructor|facilitator|presenter|trainer|teacher|taught)(?![\s-]+led)\b", re.IGNORECASE)
_YES = frozenset({"yes", "y", "true", "x", "\u2713", "\u2714"})


class UnstatedRoles:
    """
    Counts the rows of one file that state no role and yet may be about teaching.

    Args:
        layout: The layout.
        headings: The row of headings.
        is_given: Whether the caller states one role for every row.
    """

    def __init__(self, layout: Layout, headings: Row, *, is_given: bool) -> None:
        self._places = {column.field: column.place for column in layout.columns}
        stated = is_given or any(fixed.field == "role" for fixed in layout.profile.fixed)
        self._is_open = layout.profile.makes == "training-event" and not stated
        named = [(place, plain_heading(str(clean(cell)))) for place, cell in enumerate(headings.cells)]
        self._teachers = [place for place, text in named if _TEACHES.search(text)]
        self._names = [place for place, text in named if names_people(text) and place not in self._teachers]
        self._count, self._first = 0, 0

    def look_at(self, row: Row) -> None:
        """Count a row that names its person in a column of teachers, or whose title is about teaching."""
        if not self._is_open or row.fault is not None or self._text(row, self._places.get("role")):
            return
        if self._teaches(row):
            self._count += 1
            self._first = self._first or row.first_line

    def _teaches(self, row: Row) -> bool:
        if _TEACHES.search(self._text(row, self._places.get("title"))):
            return True
        if not self._teachers:
            return False
        who = {text for place in (*self._names, self._places.get("person")) if (text := self._text(row, place))}
        return any(self._text(row, place) in who | _YES for place in self._teachers)

    @staticmethod
    def _text(row: Row, place: int | None) -> str:
        return folded(str(clean(row.cells[place]))) if place is not None and place < len(row.cells) else ""

    @property
    def says(self) -> str | None:
        """What to check, for a notice; `None` when there is nothing."""
        if not self._count:
            return None
        return (
            f"{counted(self._count, 'row')} may be about teaching, and no role is stated, so attendance is read "
            f"(first in line {self._first}); state the role in a column: mapping={{'role': HEADING}}, or --map "
            "role=HEADING; or for every row: fixed={'role': 'taught'}, or --fixed role=taught"
        )
