"""
Noticing that the file of an open ledger was replaced, removed or overwritten, or is next to another file's log.

SQLite finds its write-ahead file, the log, by name alone, and takes for granted that nobody else writes to the file.
When a copy is put in a ledger's place, or over it, the two would be mixed; when the file or its log is removed, SQLite
would go on writing to a file that nobody can open any more.  What reveals it:

* the file and its log are still those that have the names;
* what the file itself has, without its log, is a state of the chain that is read through SQLite, and so is the last
  head seen;
* that state is not older than what a writer found there before: the log does not reach further back;
* the file has as many pages as SQLite takes it to have, and every entry since that state is whole and listed.
"""

import ctypes
import sqlite3
import sys
import time
from contextlib import closing, suppress
from os import stat_result
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from peer_ledger.errors import DamagedLedger, LedgerMisuse, LedgerReplaced
from peer_ledger.ledger._chain import EMPTY, GENESIS, Head, StoredRow, commitment, link
from peer_ledger.ledger._sqlite_file import APPLICATION_ID
from peer_ledger.ledger._sqlite_rows import State
from peer_ledger.records import Erasure, Record

_HOW = "close every ledger and program that has it open, then see 'Back up and restore' in the documentation"
_ANOTHER = f"is not the ledger that it was, or is next to another file's log; {_HOW}"
_TICK = 0.02
"""The seconds in which a file may be written twice and show one moment."""
_LOOKS = 3
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

    def state(self) -> State:
        """Return the state of the file as it is read through SQLite."""

    def row(self, seq: int) -> StoredRow | None:
        """Return an entry."""

    def record(self, row: StoredRow) -> Record:
        """Return the record of an entry."""

    def _all(self, sql: str, *values: Any) -> list[Any]: ...


class InFile(NamedTuple):
    """
    What the file itself has, without its log: the last entry, and the number and the layout of its pages.

    The number is `None` while some of them are still missing, which are in the log.
    """

    head: Head
    pages: int | None
    layout: int


class SameFile:
    """
    The file of one open ledger, as it was when it was opened and when it was last looked at.

    Attributes:
        in_file: What the file itself had when it was last looked at; `None` when that could not be read.
        log_size: The size of its log when it was last looked at.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._log = path.with_name(path.name + "-wal")
        status = path.stat()
        self._identity = status.st_dev, status.st_ino
        self._log_identity: tuple[int, int] | None = None
        self._state: tuple[int, int, int] | None = None
        self._seen = EMPTY
        self._is_sound = False
        self.in_file: InFile | None = None
        self.log_size = 0

    @property
    def identity(self) -> tuple[int, int]:
        """What tells the file from others, whatever its name is."""
        return self._identity

    def note_log(self) -> None:
        """Note which file the log is; SQLite keeps it as long as a connection has it open."""
        if self._log.exists():
            status = self._log.stat()
            self._log_identity = status.st_dev, status.st_ino

    def is_lost(self, rows: Readable) -> bool:
        """
        Return whether closing must leave the files alone that have the names now.

        A file that only lost its name, or its log, is closed as ever, which saves what is in the log.
        """
        if _is_another(self._path, self._identity) or _is_another(self._log, self._log_identity):
            return True
        try:
            self._check_content(self._path.stat(), rows)
        except (OSError, LedgerMisuse) as error:
            return isinstance(error, LedgerReplaced)
        return False

    def check_name(self) -> stat_result:
        """
        Check that the file and its log still have their names.

        Raises:
            LedgerReplaced: One of them was removed, or another file has the name.
        """
        try:
            status = self._path.stat()
        except OSError:
            raise LedgerReplaced(self._path, f"was removed or moved while it was open; {_HOW}") from None
        if (status.st_dev, status.st_ino) != self._identity:
            raise LedgerReplaced(self._path, f"was replaced by another file while it was open; {_HOW}")
        if self._log_identity is not None:
            try:
                log = self._log.stat()
            except OSError:
                log = None
            if log is None or (log.st_dev, log.st_ino) != self._log_identity:
                name = self._log.name
                raise LedgerReplaced(
                    self._path, f"its log {name}, which has the latest entries, was removed or replaced; {_HOW}"
                )
            self.log_size = log.st_size
        return status

    def check(self, rows: Readable) -> None:
        """
        Check that the file has its name, and that what is read is one ledger.

        A look at the file's status is enough unless somebody wrote to it.

        Raises:
            LedgerReplaced: It is not.
            DamagedLedger: It cannot be read, and could not be read when it was opened; once only if it has no log.
        """
        self._check_content(self.check_name(), rows)

    def _check_content(self, status: stat_result, rows: Readable) -> None:
        state = status.st_size, status.st_mtime_ns, status.st_ctime_ns
        if state == self._state:
            return
        settled = abs(time.time() - max(status.st_mtime, status.st_ctime)) > _TICK
        try:
            self._look(rows)
        except DamagedLedger as error:
            if self._is_sound:
                raise LedgerReplaced(self._path, f"{_ANOTHER} ({error.detail})") from None
            if not self.log_size:  # otherwise it may be two files, which must not be read as one
                self._state = state
            raise
        self._is_sound = True
        self._state = state if settled and self.in_file is not None else None

    def _look(self, rows: Readable) -> None:
        """Look at the file, and again where others may have written to it between one look and the next."""
        for _ in range(_LOOKS - 1):
            with suppress(LedgerReplaced):
                self.in_file = _in_file(self._path)
                return self.check_chain(rows)
        self.in_file = _in_file(self._path)
        return self.check_chain(rows)

    def check_chain(self, rows: Readable) -> None:
        """
        Check that the last head seen is in the chain that is read, and that it continues what is in the file itself.

        Raises:
            LedgerReplaced: It does not.
        """
        state, in_file = rows.state(), self.in_file
        if not _is_in(self._seen, rows, state.tip):
            raise LedgerReplaced(self._path, _ANOTHER)
        if in_file is not None:
            if not _is_in(in_file.head, rows, state.tip):
                raise LedgerReplaced(self._path, _ANOTHER)
            has_more = in_file.head != state.tip
            if (has_more and in_file.head.seq < state.filed) or in_file.layout < state.filed_layout:
                raise LedgerReplaced(self._path, f"was replaced by an earlier copy of itself; {_HOW}")
            if has_more:
                self._check_since(in_file.head, rows, state.tip)
            elif in_file.layout == state.layout and in_file.pages not in (None, state.pages):
                raise LedgerReplaced(self._path, _ANOTHER)

    def saw(self, tip: Head) -> None:
        """Note the last entry of a change that was committed."""
        self._seen = tip

    def _check_since(self, before: Head, rows: Readable, tip: Head) -> None:
        """Check the entries that are only in the log: beside another file, some would be missing or misplaced."""
        digest = before.digest
        for seq in range(before.seq + 1, tip.seq + 1):
            row = rows.row(seq)
            if row is None or link(digest, seq, row.recorded_at, row.commitment) != row.digest:
                raise self._other_log(seq, "does not follow")
            digest = row.digest
            if seq == tip.seq and digest != tip.digest:
                raise self._other_log(seq, "is not the last one that the log has")
            if row.record is not None:
                self._check_whole(row, row.record, rows)

    def _check_whole(self, row: StoredRow, text: str, rows: Readable) -> None:
        """Check that an entry is what it was committed to, is listed everywhere, and erased what it says."""
        if row.salt is None or commitment(row.salt, text) != row.commitment:
            raise self._other_log(row.seq, "is not whole")
        for (index, column, where), value in zip(_INDEXES, row[3:7], strict=True):
            sql = f"SELECT 1 FROM entry INDEXED BY {index} WHERE {column} = ? AND {where} AND seq = ?"
            if value is not None and not rows._all(sql, value, row.seq):
                raise self._other_log(row.seq, "is not listed")
        if row.type == Erasure.record_type:
            record = rows.record(row)
            for erased in record.entries if isinstance(record, Erasure) else ():
                if (there := rows.row(erased)) is None or there.record is not None:
                    raise self._other_log(erased, "was erased, and is there")

    def _other_log(self, seq: int, what: str) -> LedgerReplaced:
        return LedgerReplaced(self._path, f"is next to another file's log: entry {seq} {what}; {_HOW}")


def check_log(path: Path) -> None:
    """
    Check that a ledger does not lack its file where its write-ahead file is.

    Raises:
        LedgerReplaced: A write-ahead file is there that would be taken for that of a new ledger.
    """
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        raise LedgerReplaced(
            path, f"does not exist, but its log {log.name} does, which a new file must not have next to it; {_HOW}"
        )


def abandon(connection: sqlite3.Connection) -> None:
    """Abandon a connection to a file that lost its name, without what closing does to the files that have it now."""
    if sys.version_info >= (3, 12):
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)
        connection.close()
    else:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(connection))  # so that nothing ever closes it


def _in_file(path: Path) -> InFile | None:
    """
    Return what is in the file itself, without its log; `None` when a checkpoint is under way or was cut short.

    Raises:
        LedgerReplaced: It is no longer a ledger.
    """
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)) as file:
            pages = None
            with suppress(sqlite3.DatabaseError):  # a checkpoint is under way, or was cut short
                [(pages,)] = file.execute("PRAGMA page_count").fetchall()
            file.execute("PRAGMA writable_schema = ON")  # so that it can be read when its last pages are missing
            [(application_id,)] = file.execute("PRAGMA application_id").fetchall()
            if application_id != APPLICATION_ID:
                raise LedgerReplaced(path, f"is no longer a ledger; {_HOW}")
            [(layout,)] = file.execute("PRAGMA schema_version").fetchall()
            [head] = file.execute("SELECT seq, recorded_at, digest FROM head").fetchall()
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "") in ("SQLITE_NOTADB", "SQLITE_CANTOPEN"):
            raise LedgerReplaced(path, f"is no longer a ledger; {_HOW}") from None
        return None
    except ValueError:
        return None
    return InFile(Head._make(head), pages, layout) if tuple(map(type, head)) == (int, str, bytes) else None


def _is_another(path: Path, identity: tuple[int, int] | None) -> bool:
    """Return whether another file has the name of a file."""
    try:
        status = path.stat()
    except OSError:
        return False
    return identity is not None and (status.st_dev, status.st_ino) != identity


def _is_in(known: Head, rows: Readable, tip: Head) -> bool:
    if known == tip:
        return True
    if known.seq == EMPTY.seq:
        return known.digest == GENESIS
    row = rows.row(known.seq) if known.seq < tip.seq else None
    return row is not None and row.digest == known.digest
