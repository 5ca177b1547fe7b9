"""
The rejected rows of files as a file of their own, to be corrected and imported again.
"""

import csv
from collections.abc import Iterable
from os import PathLike

from peer_ledger.errors import InvalidValue
from peer_ledger.importing._profile_parts import plain_heading
from peer_ledger.importing._result import Imported
from peer_ledger.values._outputs import written_whole

REASON, LINE = "Rejected because", "Line in the file"
"""The headings of the columns that are added; a file that has the first is one of corrected rows."""

ADDED = (REASON, LINE)


def is_of_rejected(headings: Iterable[object]) -> bool:
    """Return whether the headings are those of a file of rejected rows."""
    return any(isinstance(text, str) and plain_heading(text) == plain_heading(REASON) for text in headings)


def write_rejected(imported: Imported, path: str | PathLike[str]) -> int:
    """
    Write the rejected rows of a file, with the reason and the line before the cells of each.

    Once corrected, the file can be imported as it is, with the same options: the added columns are ignored, and what
    the file does not list is not missing.

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
    added = {place for place, text in enumerate(imported.headings) if plain_heading(text) in map(plain_heading, ADDED)}
    with written_whole(path) as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([*ADDED, *_without(imported.headings, added)])
        for line, cells, reason in imported.rejected_rows:
            table.writerow([reason, line, *_without(cells, added)])
    return len(imported.rejected_rows)


def _without(cells: Iterable[object], places: set[int]) -> list[str]:
    return [str(cell) for place, cell in enumerate(cells) if place not in places]
