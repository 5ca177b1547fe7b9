"""
Several appends to a ledger that are kept together or not at all.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar, cast

from peer_ledger.ledger._appending import Appended
from peer_ledger.ledger._ledger import Ledger
from peer_ledger.ledger._store import Store, Writing
from peer_ledger.ledger._view import LedgerView
from peer_ledger.records import Record

Result = TypeVar("Result")


class Change:
    """
    A change of a ledger in progress: what is appended can be read, and is kept only when all of it is done.
    """

    def __init__(self, ledger: Ledger, writing: Writing) -> None:
        self._ledger = ledger
        self._writing = writing

    def view(self) -> LedgerView:
        """Return the ledger with what was appended so far, until more is appended."""
        return LedgerView(cast("Store", self._writing), self._writing.tip().seq)

    def append(self, records: Iterable[Record]) -> Appended:
        """Append records, as `Ledger.append` does."""
        return self._ledger._append(self._writing, records, None)


def as_one_change(ledger: Ledger, work: Callable[[Change], Result]) -> Result:
    """
    Do some work with a ledger as one change, which is undone when the work raises anything.

    Raises:
        LedgerMisuse: The ledger was opened read-only, or another append to it is in progress.
        LedgerFileError: The file cannot be written; nothing was written.
    """
    return ledger._store.change(lambda writing: work(Change(ledger, writing)))
