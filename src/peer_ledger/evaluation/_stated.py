"""
What the last document of a kind states, on any day.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date

from peer_ledger.records import Document, DocumentValue


class Stated:
    """
    What documents state.

    Args:
        documents: The documents, by day.
    """

    def __init__(self, documents: Iterable[Document]) -> None:
        self._of: dict[str, tuple[list[date], list[DocumentValue | None]]] = {}
        for document in documents:
            days, values = self._of.setdefault(document.kind, ([], []))
            days.append(document.on)
            values.append(document.value)

    def on(self, day: date, kind: str) -> DocumentValue | None:
        """Return the value of the last document of a kind until a day; `None` when there is none, or it has none."""
        days, values = self._of.get(kind, ((), ()))
        place = bisect_right(days, day)
        return values[place - 1] if place else None
