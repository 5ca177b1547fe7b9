"""
A ledger's file as another process finds it.
"""

from pathlib import Path
from typing import NamedTuple

from peer_ledger.errors import LedgerReplaced
from peer_ledger.ledger._ledger import Ledger
from peer_ledger.ledger._sqlite import SqliteStore
from peer_ledger.ledger._view import LedgerView


class Place(NamedTuple):
    """
    What another process needs to read the same view of a ledger in a file.

    Attributes:
        path: The file.
        head: The number and the digest of the last entry to be read.
    """

    path: Path
    head: tuple[int, str]


def place_of(view: LedgerView) -> Place | None:
    """Return where a view can be read by another process; `None` for a ledger in memory."""
    return Place(view._store._path.absolute(), view.head) if isinstance(view._store, SqliteStore) else None


def view_at(place: Place) -> LedgerView:
    """
    Return a view that another process described.

    Raises:
        LedgerFileError: The file cannot be read.
        LedgerReplaced: It is another ledger, or another one by now.
    """
    last, _ = place.head
    view = LedgerView(Ledger.open(place.path, create=False, read_only=True)._store, last)
    if view.head != place.head:
        raise LedgerReplaced(place.path, "was replaced by another file while it was open; open it again")
    return view
