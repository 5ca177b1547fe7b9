"""
What the cache beside a ledger's file knows, for any view of the ledger.
"""

from collections.abc import Iterable

from peer_ledger.ledger._cache_file import Row
from peer_ledger.ledger._sqlite import SqliteStore
from peer_ledger.ledger._store import Rows
from peer_ledger.ledger._supposing import SupposedRows


def known_about(rows: Rows, people: Iterable[str], last: int) -> dict[str, Row]:
    """
    Return what is known about people without reading their entries, by the id asked for; the others are to be read.

    Args:
        rows: The entries, which may be supposed in part.
        people: Any ids of the people.
        last: The highest number to read.
    """
    if isinstance(rows, SupposedRows):
        beneath, end = rows.beneath(last)
        return known_about(beneath, [person for person in people if not rows.touches(person)], end)
    return rows.known(people, last) if isinstance(rows, SqliteStore) else {}
