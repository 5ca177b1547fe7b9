"""
The rejected rows of files as a file of their own, to be corrected and imported again.
"""

import csv
from collections.abc import Iterable, Iterator
from os import PathLike

from peer_ledger.errors import InvalidValue
from peer_ledger.importing._column_names import PERSON_BY_NAME
from peer_ledger.importing._profile_parts import plain_heading
from peer_ledger.importing._result import Imported
from peer_ledger.importing._text_tables import Row
from peer_ledger.values._guarded import guarded, unguarded
from peer_ledger.values._outputs import written_whole

REASON, LINE, NOTED = "Rejected because", "Line in the file", "Leave as it is"
"""The headings of the columns that are added; a file that has the first is one of corrected rows."""

ADDED = (REASON, LINE, NOTED)


def is_of_rejected(headings: Iterable[object]) -> bool:
    """Return whether the headings are those of a file of rejected rows."""
    return place_of(REASON, headings) is not None


def place_of(heading: str, headings: Iterable[object]) -> int | None:
    """Return the position of the column that has one of the added headings; `None` when there is none."""
    plain = plain_heading(heading)
    found = (place for place, text in enumerate(headings) if isinstance(text, str) and plain_heading(text) == plain)
    return next(found, None)


def write_rejected(imported: Imported, path: str | PathLike[str]) -> int:
    """
    Write the rejected rows of a file, each with the reason, the line and a note before its cells.

    Once corrected, the file can be imported as it is, with the same options: the added columns are ignored, and what
    the file does not list is not missing.  Where a spreadsheet would run a cell as a formula, an apostrophe stands
    before it, and is taken away when the file is read.  The note tells rows with equal keys apart, so that a second
    session of the same training on the same day is not taken for the first.

    Args:
        imported: What was read from the file.
        path: The CSV file to write; a file of that name is replaced.

    Returns:
        The number of rows written.

    Raises:
        InvalidValue: No row was rejected.
        LedgerFileError: The file cannot be written.
    """
    if not imported.rejected_rows:
        raise InvalidValue("no row was rejected, so there is nothing to write")
    headings = (*ADDED, PERSON_BY_NAME)
    added = {place for heading in headings if (place := place_of(heading, imported.headings)) is not None}
    line_before = place_of(LINE, imported.headings)
    with written_whole(path) as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([*ADDED, *map(guarded, _without(imported.headings, added))])
        for row in imported.rejected_rows:
            line = row.line if line_before is None else row.cells[line_before]
            cells = [row.reason, str(line), row.noted, *_without(row.cells, added)]
            table.writerow(map(guarded, cells))
    return len(imported.rejected_rows)


def as_they_were(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows of a table; those of a file of rejected rows with the cells that were written to it."""
    is_guarded: bool | None = None
    for row in rows:
        is_guarded = is_of_rejected(row.cells) if is_guarded is None else is_guarded
        if is_guarded:
            yield row._replace(cells=[unguarded(cell) if isinstance(cell, str) else cell for cell in row.cells])
        else:
            yield row


def _without(cells: Iterable[object], places: set[int]) -> list[str]:
    return [str(cell) for place, cell in enumerate(cells) if place not in places]
