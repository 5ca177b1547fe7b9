"""
The time zone whose days the moments of a row are.
"""

from collections.abc import Callable, Sequence

from peer_ledger.importing._cell_text import clean
from peer_ledger.importing._meanings import CellRefusal, Meaning
from peer_ledger.rulesets import ruleset, ruleset_ids


def zone_of(credential: str | None) -> str | None:
    """Return the time zone of a credential's rule set; `None` when there is no such rule set."""
    return ruleset(credential).time_zone if credential in ruleset_ids() else None


class RowZones:
    """
    The time zones of rows that name their credentials.

    Args:
        place: The position of the column of credentials.
        read: The function that reads its cells.
        others: The time zone of rows whose cell is empty.
    """

    def __init__(self, place: int, read: Callable[[object], Meaning], others: str | None) -> None:
        self._place = place
        self._read = read
        self._others = others
        self._known: dict[object, str | None] = {}

    def of(self, cells: Sequence[object]) -> str | None:
        """Return the time zone of a row, by its cells; `None` when it is not known."""
        cell = cells[self._place] if self._place < len(cells) else ""
        if cell not in self._known:
            self._known[cell] = self._zone(clean(cell))
        return self._known[cell]

    def _zone(self, text: str) -> str | None:
        if not text:
            return self._others
        try:
            credential = self._read(text).value
        except CellRefusal:  # the row is rejected for it
            return None
        return self._others if credential is None else zone_of(credential)
