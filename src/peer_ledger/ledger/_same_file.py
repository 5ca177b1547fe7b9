"""
Noticing that the file of an open ledger was replaced, removed or overwritten, or lies beside another file's log.

SQLite finds its write-ahead file by name alone.  When a copy is put in a ledger's place, it would mix the two, and when
the file is removed, it would go on writing to a file that nobody can open any more.  Three facts reveal it: the file
that has the name is still the same, its head is in the chain that is read through SQLite, and so is the last head seen.
"""

import ctypes
import sqlite3
import sys
from contextlib import closing
from os import stat_result
from pathlib import Path
from typing import Any, Protocol

from peer_ledger.errors import LedgerReplaced
from peer_ledger.ledger._chain import EMPTY, GENESIS, Head, StoredRow, link

_HOW = "close every ledger and program that has it open, then see 'Back up and restore' in the documentation"
_INDEXES = (
    ("entry_by_id", "id", "id IS NOT NULL"),
    ("entry_by_person", "person", "id IS NOT NULL"),
    ("entry_by_other_person", "other_person", "other_person IS NOT NULL"),
    ("entry_by_retracted", "retracts", "retracts IS NOT NULL"),
)


class Readable(Protocol):
    """
    What the check needs of a connection.
    """

    def tip(self) -> Head:
        """Return the last entry."""

    def row(self, seq: int) -> StoredRow | None:
        """Return an entry."""

    def _all(self, sql: str, *values: Any) -> list[Any]: ...


class SameFile:
    """
    The file of one open ledger, as it was when it was opened and when it was last looked at.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        status = path.stat()
        self._identity = status.st_dev, status.st_ino
        self._state: tuple[int, int] | None = None
        self._seen = EMPTY

    def is_replaced(self) -> bool:
        """Return whether another file has the name now."""
        try:
            status = self._path.stat()
        except OSError:
            return False
        return (status.st_dev, status.st_ino) != self._identity

    def check_name(self) -> stat_result:
        """
        Check that the file still has its name.

        Raises:
            LedgerReplaced: It was removed, or another file has the name.
        """
        try:
            status = self._path.stat()
        except OSError:
            raise LedgerReplaced(self._path, f"was removed or moved while it was open; {_HOW}") from None
        if (status.st_dev, status.st_ino) != self._identity:
            raise LedgerReplaced(self._path, f"was replaced by another file while it was open; {_HOW}")
        return status

    def check(self, rows: Readable) -> None:
        """
        Check that the file has its name, and that what is read is one ledger.

        A look at the file's status is enough unless somebody wrote to it.

        Raises:
            LedgerReplaced: It is not.
        """
        status = self.check_name()
        state = status.st_size, status.st_mtime_ns
        if state == self._state:
            return
        in_file = _head_in_file(self._path)
        tip = rows.tip()
        if not all(_is_in(known, rows, tip) for known in (self._seen, in_file)):
            raise LedgerReplaced(
                self._path, f"is not the ledger that it was, or lies beside another file's log; {_HOW}"
            )
        if in_file is not None and in_file != tip:
            self._check_since(in_file, rows, tip)
        self._state, self._seen = state, tip

    def saw(self, tip: Head) -> None:
        """Note the last entry of a change that was committed."""
        self._seen = tip

    def _check_since(self, before: Head, rows: Readable, tip: Head) -> None:
        """Check the entries that are only in the write-ahead file: another file's would lack some, or their places."""
        digest = before.digest
        for seq in range(before.seq + 1, tip.seq + 1):
            found = rows._all(
                "SELECT recorded_at, commitment, digest, id, person, other_person, retracts FROM entry WHERE seq = ?",
                seq,
            )
            if not found or link(digest, seq, found[0][0], found[0][1]) != found[0][2]:
                raise LedgerReplaced(self._path, f"lies beside another file's log: entry {seq} does not follow; {_HOW}")
            digest = found[0][2]
            for (index, column, where), value in zip(_INDEXES, found[0][3:], strict=True):
                sql = f"SELECT 1 FROM entry INDEXED BY {index} WHERE {column} = ? AND {where} AND seq = ?"
                if value is not None and not rows._all(sql, value, seq):
                    raise LedgerReplaced(
                        self._path, f"lies beside another file's log: entry {seq} is not listed; {_HOW}"
                    )


def check_log(path: Path) -> None:
    """
    Check that a ledger does not lack its file where its write-ahead file is.

    Raises:
        LedgerReplaced: A write-ahead file is there that would be taken for that of a new ledger.
    """
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        raise LedgerReplaced(
            path, f"does not exist, but its log {log.name} does, which a new file must not have beside it; {_HOW}"
        )


def abandon(connection: sqlite3.Connection) -> None:
    """Abandon a connection to a file that lost its name, without what closing does to the files that have it now."""
    if sys.version_info >= (3, 12):
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)
        connection.close()
    else:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(connection))  # so that nothing ever closes it


def _head_in_file(path: Path) -> Head | None:
    """Return the head in the file itself, without its log; `None` when a checkpoint is under way or was cut short."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)) as file:
            [head] = file.execute("SELECT seq, recorded_at, digest FROM head").fetchall()
    except (sqlite3.Error, ValueError):
        return None
    return Head._make(head) if tuple(map(type, head)) == (int, str, bytes) else None


def _is_in(known: Head | None, rows: Readable, tip: Head) -> bool:
    if known is None or known == tip:
        return True
    if known.seq == EMPTY.seq:
        return known.digest == GENESIS
    row = rows.row(known.seq) if known.seq <= tip.seq else None
    return row is not None and row.digest == known.digest
