"""
What the cache beside a ledger's file knows, for any view of the ledger.
"""

from collections.abc import Iterable

from peer_ledger.ledger._cache_file import Known, Row
from peer_ledger.ledger._sqlite import SqliteStore
from peer_ledger.ledger._store import Rows
from peer_ledger.ledger._supposing import SupposedRows


def known_about(rows: Rows, person: str, last: int) -> Known | None:
    """
    Return what is known about a person without reading any entry; `None` where these are to be read.

    Args:
        rows: The entries, which may be supposed in part.
        person: Any of the person's ids.
        last: The highest number to read.
    """
    if isinstance(rows, SupposedRows):
        beneath, end = rows.beneath(last)
        return None if rows.touches(person) else known_about(beneath, person, end)
    return rows.known(person, last) if isinstance(rows, SqliteStore) else None


def rows_known(rows: Rows, people: Iterable[str], last: int) -> dict[str, Row]:
    """Return the same for many people, by the id asked for; their records are not made yet."""
    if isinstance(rows, SupposedRows):
        beneath, end = rows.beneath(last)
        return rows_known(beneath, [person for person in people if not rows.touches(person)], end)
    return rows.rows_known(people, last) if isinstance(rows, SqliteStore) else {}
