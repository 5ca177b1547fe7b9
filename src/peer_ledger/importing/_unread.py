"""
Unread columns that may matter.
"""

import re
from collections.abc import Iterator, Sequence

from peer_ledger.importing._cell_text import clean
from peer_ledger.importing._headings import one_line
from peer_ledger.importing._layout import Layout
from peer_ledger.importing._profile_parts import plain_heading
from peer_ledger.importing._text_tables import Row

_LIKE_A_DAY = re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}")


def unread_day_columns(layout: Layout, headings: Row, rows: Sequence[Row]) -> Iterator[str]:
    """Yield the headings of unread columns of days, except those that the profile ignores."""
    for place, heading in unread_columns(layout, headings):
        cells = [text for row in rows if place < len(row.cells) and (text := clean(row.cells[place]))]
        if cells and all(_LIKE_A_DAY.fullmatch(text[:10]) for text in cells):
            yield heading


def unread_columns(layout: Layout, headings: Row) -> Iterator[tuple[int, str]]:
    """Yield the positions and headings of unread columns, except those that the profile ignores."""
    taken = {column.place for column in layout.columns}
    known = set(map(plain_heading, layout.profile.ignored))
    for place, cell in enumerate(headings.cells):
        heading = str(clean(cell))
        if place not in taken and heading and plain_heading(heading) not in known:
            yield place, one_line(heading)
