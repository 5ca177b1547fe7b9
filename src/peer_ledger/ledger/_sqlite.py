"""
Entries in a SQLite file: no server, many readers beside one writer, atomic changes.

The file is in write-ahead mode and synchronized at every commit.  Its header has an application id and the version of
the format, so that a file of another program is recognized before anything is done to it; its tables must match the
schema exactly.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Any, NoReturn
from weakref import WeakSet

from peer_ledger.errors import (
    DamagedLedger,
    LedgerBusy,
    LedgerFileError,
    LedgerMisuse,
    LedgerNotFound,
    LedgerNotWritable,
)
from peer_ledger.ledger._cache_file import Known, Row, removed
from peer_ledger.ledger._cached import Cached
from peer_ledger.ledger._chain import Head
from peer_ledger.ledger._same_file import SameFile, abandon, check_log
from peer_ledger.ledger._sqlite_file import (
    SCHEMA,
    check_file,
    check_version,
    connect,
    connect_to_read,
    create_file,
    file_state,
    remove_begun,
    resolved,
    translated,
)
from peer_ledger.ledger._sqlite_rows import Connection
from peer_ledger.ledger._store import UNPICKLED, Nesting, Result, Writing
from peer_ledger.values._outputs import remove_unfinished

_LONG_LOG = 4 * 2**20
"""The size of a write-ahead file from which it is moved into the ledger's file."""


_PURGED = (
    "UPDATE head SET unpurged = NULL, filed_layout = (SELECT schema_version FROM pragma_schema_version) "
    "WHERE unpurged = ?"
)

_open: "WeakSet[SqliteStore]" = WeakSet()


def is_open_here(path: Path) -> bool:
    """Return whether this process has a ledger's file open, from whose own locks nothing would keep it."""
    status = path.stat()
    return any(store.identity == (status.st_dev, status.st_ino) for store in list(_open))


class SqliteStore(Connection):
    """
    Entries in a file; one connection reads and another writes.
    """

    notes: dict[str, Any] | None = None

    def __init__(self, path: Path, *, create: bool, read_only: bool, wait: float) -> None:
        """
        Open a ledger's file, or create it.

        Args:
            path: The file.
            create: Whether to create a missing file.
            read_only: Whether to open it only for reading, even where nothing can be written beside it.
            wait: The seconds to wait for another process that is writing.

        Raises:
            LedgerFileError: The file cannot be used; the subclass says why.  It was not changed.
        """
        path = resolved(path)
        if not path.exists():
            if read_only or not create:
                raise LedgerNotFound(
                    path,
                    "there is no such file; check the path, or open it with create=True and without read_only=True",
                )
            check_log(path)
            create_file(path)
        check_file(path)
        if not read_only:  # what is left of processes that were killed
            remove_begun(path)
            remove_unfinished(path.parent)
        if not read_only and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            raise LedgerNotWritable(path, "it, its folder or its disk is not writable; open it with read_only=True")
        self._wait = wait
        self._lock = RLock()
        self._nesting = Nesting()
        self._same = SameFile(path)
        if not read_only:
            self._check_before_writing(path)
        connection, self._frozen = connect_to_read(path, wait) if read_only else (connect(path, "mode=rw", wait), None)
        super().__init__(path, connection)
        self.path, self.identity = path, self._same.identity
        self.cached = Cached(path)
        self._is_closed = False
        _open.add(self)
        self._reader = self.twin()
        self._writer: Connection | None = None
        try:
            self._same.note_log()
            self._check_tables()
            if not read_only:
                self._writer = Connection(path, connect(path, "mode=rw", wait))
                self.purge_pending()
        except BaseException:
            self.close()
            raise

    def __reduce__(self) -> NoReturn:
        raise LedgerMisuse(UNPICKLED)

    def _check_before_writing(self, path: Path) -> None:
        """Check that a write-ahead file belongs to the file, through a connection that cannot write."""
        log = path.with_name(path.name + "-wal")
        if log.exists() and log.stat().st_size:
            looking = Connection(path, connect(path, "mode=ro", self._wait))
            try:
                self._same.check(looking)
            finally:
                looking.close()

    def head(self) -> Head:
        tip = self.tip()
        self._same.saw(tip)
        return tip

    def _check_tables(self) -> None:
        check_version(self._path, self._all("PRAGMA user_version")[0][0])
        found = self._all("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
        if [sql for (sql,) in found] != list(SCHEMA) or len(self._all("SELECT seq FROM head")) != 1:
            raise DamagedLedger(
                self._path, "its tables are not those of a ledger; restore it from a copy or an archive"
            )

    def _all(self, sql: str, *values: Any) -> list[Any]:
        self._check()
        found = self._reader._all(sql, *values)
        self._check()  # again, because the file may have been replaced meanwhile
        return found

    def _check(self) -> None:
        if self._is_closed:
            return
        if self._frozen is None:
            try:
                self._same.check(self._reader)
            except DamagedLedger:
                if self._same.log_size:
                    raise
        elif self._frozen != file_state(self._path):
            before = self._reader._sql
            self._sql, self._frozen = connect_to_read(self._path, self._wait)
            self._reader = self.twin()
            before.close()
            self._same.check_chain(self._reader)

    def change(self, work: Callable[[Writing], Result]) -> Result:
        writer = self._to_write()
        with self._lock:
            self._nesting.begin()
            try:
                try:
                    self._begin(writer)
                    self._same.check(writer)
                    before = writer._sql.total_changes
                    result = work(writer)
                    if writer._sql.total_changes > before:
                        self._note_filed(writer)
                        self._same.check(writer)  # again, because the work may have taken long
                    tip = writer.tip()
                    with translated(self._path):
                        writer._sql.execute("COMMIT")
                except BaseException:
                    with suppress(sqlite3.Error):
                        writer._sql.execute("ROLLBACK")
                    raise
                self._same.check(writer)  # so that nothing is acknowledged that went to a file without a name
                self._same.saw(tip)
                self._shorten_log(writer)
            finally:
                self._nesting.end()
            return result

    def _note_filed(self, writer: Connection) -> None:
        """Note how far the file itself goes, so that an earlier copy of it is recognized beside the log."""
        if (there := self._same.in_file) is not None:
            writer._all("UPDATE head SET filed = ?, filed_layout = ?", there.head.seq, there.layout)

    def _shorten_log(self, writer: Connection) -> None:
        """Move a long write-ahead file into the ledger's file, which SQLite is kept from doing before the check."""
        if self._same.log_size > _LONG_LOG:
            with self._without_waiting(writer), suppress(LedgerFileError):
                writer._all("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def _without_waiting(self, writer: Connection) -> Iterator[None]:
        writer._all("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            writer._all(f"PRAGMA busy_timeout = {int(self._wait * 1000)}")

    def _begin(self, writer: Connection) -> None:
        with translated(self._path):
            if writer._sql.in_transaction:  # an interrupt came between a failure and its undoing
                writer._sql.execute("ROLLBACK")
            writer._sql.execute("BEGIN IMMEDIATE")

    def _to_write(self) -> Connection:
        if self._writer is None:
            raise LedgerMisuse(f"{self._path} was opened read-only; open it without read_only=True to write")
        return self._writer

    def known(self, person: str, last: int) -> Known | None:
        """Return what the cache knows about a person; `None` where it is to be read."""
        if self._is_closed or not self.cached.is_there():
            return None
        self._check()
        return self.cached.about(self, self._reader.tip(), person, last)

    def rows_known(self, people: Iterable[str], last: int) -> dict[str, Row]:
        """Return the rows of the cache about people, by the id asked for; the others are to be read."""
        if self._is_closed or not self.cached.is_there():
            return {}
        self._check()
        return self.cached.rows(self, self._reader.tip(), people, last)

    def purge(self) -> bool:
        """
        Remove what may hold erased content: the cache, and the write-ahead file, which is moved into the ledger's file.
        """
        writer = self._to_write()
        with self._lock:
            self._nesting.begin()
            try:
                self._same.check(writer)
                [(pending,)] = writer._all("SELECT unpurged FROM head")
                self.cached.close()
                is_removed = removed(self._path)  # after that mark, which the next erasure changes
                writer._all("VACUUM")  # secure_delete misses content that was moved between pages
                self._same.check(writer)
                busy: int = writer._all("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]
                if is_removed and not busy:  # an erasure that came in between has another mark
                    writer._all(_PURGED, pending)
            except LedgerBusy:
                return False
            finally:
                self._nesting.end()
        return is_removed and not busy

    def purge_pending(self) -> None:
        """Purge what an erasure could not, if nobody is reading now."""
        if self._writer is None:
            return
        with suppress(LedgerFileError):
            if not self.is_purged():
                with self._without_waiting(self._writer):
                    self.purge()

    def is_purged(self) -> bool:
        return self._all("SELECT 1 FROM head WHERE unpurged IS NOT NULL") == []

    def close(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        self.cached.close()
        _open.discard(self)
        if self._frozen is None and self._same.is_lost(self._reader):
            for connection in (self, self._writer):
                if connection is not None:
                    abandon(connection._sql)
            return
        if self._writer is not None:
            with suppress(LedgerMisuse):  # it is closed already, or this is in the middle of a change
                self.purge_pending()
            self._writer.close()
        super().close()
