"""
Entries in a SQLite file: no server, many readers beside one writer, atomic changes.

The file is in write-ahead mode and synchronized at every commit.  Its header has an application id and the version of
the format, so that a file of another program is recognized before anything is done to it; its tables must match the
schema exactly.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from itertools import product
from pathlib import Path
from threading import RLock
from typing import Any, NoReturn

from peer_ledger.errors import (
    DamagedLedger,
    InvalidData,
    LedgerFileError,
    LedgerMisuse,
    LedgerNotFound,
    LedgerNotWritable,
    LedgerReplaced,
)
from peer_ledger.ledger._chain import Head, StoredRow
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
from peer_ledger.ledger._store import UNPICKLED, Nesting, Result, Writing
from peer_ledger.records import Record
from peer_ledger.records._record import first_id, stem_of
from peer_ledger.records.interchange import record_from_json
from peer_ledger.values._outputs import remove_unfinished

_TEXT_OR_NONE = (str, type(None))
_BYTES_OR_NONE = (bytes, type(None))
_SOUND_TYPES = frozenset(product((int,), (str,), *[_TEXT_OR_NONE] * 6, _BYTES_OR_NONE, (bytes,), (bytes,)))
"""The types that the columns of an entry may have."""

_PAGE = 1000
_VARIABLES = 500
_LEAST_BYTES = 64
"""The least size of an entry: its commitment and its digest."""

_COLUMNS = "seq, recorded_at, type, id, person, other_person, retracts, record, salt, commitment, digest"


@lru_cache(maxsize=1024)
def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


class _Connection:
    """
    The reading and writing of entries through one SQLite connection.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._sql = connection
        self._one_at_a_time = RLock()

    def _all(self, sql: str, *values: Any) -> list[Any]:
        # Overlapping statements of several threads would pin the connection to the state that the first of them saw.
        with self._one_at_a_time, translated(self._path):
            try:
                return self._sql.execute(sql, values).fetchall()
            except UnicodeEncodeError:  # a text that cannot be encoded cannot be in the file
                return []

    def _sound(self, values: Sequence[Any]) -> StoredRow:
        """Return the entry of a row of the table, if its columns have valid types."""
        if tuple(map(type, values)) in _SOUND_TYPES and _is_moment(values[1]):
            return StoredRow._make(values)
        row = StoredRow._make(values)
        if type(row.recorded_at) is not str or not _is_moment(row.recorded_at):
            raise DamagedLedger(self._path, f"entry {row.seq} has no valid moment")
        raise DamagedLedger(self._path, f"entry {row.seq} has columns of the wrong type")

    def tip(self) -> Head:
        rows = self._all("SELECT seq, recorded_at, digest FROM head")
        if len(rows) != 1 or tuple(map(type, rows[0])) != (int, str, bytes) or rows[0][0] < 0:
            raise DamagedLedger(self._path, "its head is not that of a ledger; restore it from a copy or an archive")
        return Head(*rows[0])

    head = tip

    def length(self, last: int) -> int:
        [(pages,)], [(size,)] = self._all("PRAGMA page_count"), self._all("PRAGMA page_size")
        if last * _LEAST_BYTES > pages * size:
            raise DamagedLedger(
                self._path, f"it is too small for the {last} entries it claims; restore it from a copy or an archive"
            )
        return last

    def row(self, seq: int) -> StoredRow | None:
        rows = self._all(f"SELECT {_COLUMNS} FROM entry WHERE seq = ?", seq)
        if not rows and 0 < seq <= self.tip().seq:
            raise DamagedLedger(self._path, f"entry {seq} is missing; restore it from a copy or an archive")
        return self._sound(rows[0]) if rows else None

    def rows(self, last: int) -> Iterator[StoredRow]:
        seq = 0
        while page := self._all(
            f"SELECT {_COLUMNS} FROM entry WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT {_PAGE}", seq, last
        ):
            for row in map(self._sound, page):
                if row.seq <= seq:  # its pages lead back to themselves
                    raise DamagedLedger(
                        self._path, f"entry {row.seq} comes after entry {seq}; restore it from a copy or an archive"
                    )
                seq = row.seq
                yield row

    def rows_of(self, person: str | None, last: int, *, kind: str | None = None) -> list[StoredRow]:
        select = f"SELECT {_COLUMNS} FROM entry WHERE seq <= ? AND id IS NOT NULL AND"
        if person is None:
            rows = self._all(f"{select} person IS NULL ORDER BY seq", last)
        else:
            rows = self._all(f"{select} person = ? UNION ALL {select} other_person = ?", last, person, last, person)
        found = (self._sound(row) for row in rows if kind is None or row[2] == kind)
        return sorted(found, key=lambda row: row.seq)  # by number only: a damaged file may repeat a number

    def rows_with(self, ids: Sequence[str], last: int) -> dict[str, StoredRow]:
        found = {}
        for begin in range(0, len(ids), _VARIABLES):
            some = ids[begin : begin + _VARIABLES]
            marks = ",".join("?" * len(some))
            for row in self._all(f"SELECT {_COLUMNS} FROM entry WHERE id IN ({marks}) AND seq <= ?", *some, last):
                found[row[3]] = self._sound(row)
        return found

    def states_named(self, record_id: str, last: int) -> list[StoredRow]:
        sql = f"SELECT {_COLUMNS} FROM entry WHERE seq <= ? AND (id = ? OR id > ? AND id < ?) ORDER BY seq"
        stem = stem_of(record_id)
        rows = self._all(sql, last, record_id, f"{stem}~", f"{stem}~:")
        return [self._sound(row) for row in rows if row[3] == record_id or first_id(row[3]) == stem]

    def retractions_of(self, record_id: str, last: int) -> list[StoredRow]:
        sql = f"SELECT {_COLUMNS} FROM entry WHERE retracts = ? AND seq <= ? ORDER BY seq"
        return [self._sound(row) for row in self._all(sql, record_id, last)]

    def people(self, last: int) -> list[str]:
        found = self._all(
            "SELECT person FROM entry WHERE id IS NOT NULL AND person IS NOT NULL GROUP BY person HAVING min(seq) <= ? "
            "UNION SELECT other_person FROM entry WHERE other_person IS NOT NULL AND seq <= ?",
            last,
            last,
        )
        if not all(type(person) is str for (person,) in found):
            raise DamagedLedger(self._path, "a person's id is not text; restore it from a copy or an archive")
        return sorted(person for (person,) in found)

    def counts(self, last: int) -> dict[str | None, int]:
        found = self._all("SELECT type, count(*) FROM entry WHERE seq <= ? GROUP BY type", last)
        if not all(type(kind) in _TEXT_OR_NONE for kind, _ in found):
            raise DamagedLedger(self._path, "a type of record is not text; restore it from a copy or an archive")
        return dict(found)

    def rows_holding(self, text: str, last: int) -> list[StoredRow]:
        sql = f"SELECT {_COLUMNS} FROM entry WHERE instr(record, ?) > 0 AND seq <= ? ORDER BY seq"
        return [self._sound(row) for row in self._all(sql, text, last)]

    def record(self, row: StoredRow) -> Record:
        try:
            return record_from_json(row.record or "")
        except InvalidData as error:
            raise DamagedLedger(self._path, f"entry {row.seq} has a record that cannot be read: {error}") from None

    def add(self, rows: Sequence[StoredRow], records: Sequence[Record | None]) -> None:  # noqa: ARG002 - it keeps their text
        if not rows:
            return
        last = rows[-1]
        with translated(self._path):
            self._sql.executemany(f"INSERT INTO entry ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?)", rows)
            self._sql.execute(
                "UPDATE head SET seq = ?, recorded_at = ?, digest = ?", (last.seq, last.recorded_at, last.digest)
            )

    def blank(self, seqs: Sequence[int]) -> None:
        with translated(self._path):
            self._sql.executemany(
                "UPDATE entry SET type = NULL, id = NULL, person = NULL, other_person = NULL, retracts = NULL, "
                "record = NULL, salt = NULL WHERE seq = ?",
                [(seq,) for seq in seqs],
            )
            self._sql.execute("UPDATE head SET unpurged = random()")

    def damage(self) -> Iterator[str]:
        for (finding,) in self._all("PRAGMA integrity_check(20)"):
            if finding != "ok":
                yield f"the file's structure: {finding}"
        try:
            self.tip()
        except DamagedLedger as error:
            yield f"the head: {error.detail}"
            return
        # In a single statement, so that another process cannot append in between.
        counted = "SELECT (SELECT seq FROM head), min(seq), max(seq), count(*) FROM entry"
        [(head, least, most, count)] = self._all(counted)
        if (count and (least != 1 or most != head or count != head)) or (head and not count):
            yield f"the head is entry {head}, and there are {count} entries, from {least} to {most}"

    def close(self) -> None:
        with suppress(sqlite3.Error):
            self._sql.close()


class SqliteStore(_Connection):
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
        self._writer: _Connection | None = None
        try:
            self._check_tables()
            if self._frozen is None:
                with suppress(DamagedLedger):  # verify reports it
                    self._same.check(self)
            if not read_only:
                self._writer = _Connection(path, connect(path, "mode=rw", wait))
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
            looking = _Connection(path, connect(path, "mode=ro", self._wait))
            try:
                self._same.check(looking)
            except DamagedLedger:
                pass  # it is reported by whatever reads it
            finally:
                looking.close()

    def head(self) -> Head:
        if self._frozen is None:
            self._same.check(self)
        return self.tip()

    def _check_tables(self) -> None:
        check_version(self._path, self._all("PRAGMA user_version")[0][0])
        found = self._all("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
        if [sql for (sql,) in found] != list(SCHEMA) or len(self._all("SELECT seq FROM head")) != 1:
            raise DamagedLedger(
                self._path, "its tables are not those of a ledger; restore it from a copy or an archive"
            )

    def _all(self, sql: str, *values: Any) -> list[Any]:
        if self._frozen is not None and self._frozen != file_state(self._path):
            before = self._sql
            self._sql, self._frozen = connect_to_read(self._path, self._wait)
            before.close()
        return super()._all(sql, *values)

    def change(self, work: Callable[[Writing], Result]) -> Result:
        writer = self._to_write()
        with self._lock:
            self._nesting.begin()
            try:
                try:
                    self._begin(writer)
                    self._same.check(writer)
                    result = work(writer)
                    tip = writer.tip()
                    with translated(self._path):
                        writer._sql.execute("COMMIT")
                except BaseException:
                    with suppress(sqlite3.Error):
                        writer._sql.execute("ROLLBACK")
                    raise
                self._same.check_name()  # again, so that nothing is acknowledged that went to a file without a name
                self._same.saw(tip)
            finally:
                self._nesting.end()
            return result

    def _begin(self, writer: _Connection) -> None:
        with translated(self._path):
            if writer._sql.in_transaction:  # an interrupt came between a failure and its undoing
                writer._sql.execute("ROLLBACK")
            writer._sql.execute("BEGIN IMMEDIATE")

    def _to_write(self) -> _Connection:
        if self._writer is None:
            raise LedgerMisuse(f"{self._path} was opened read-only; open it without read_only=True to write")
        return self._writer

    def purge(self) -> bool:
        """Move the write-ahead file, which may hold erased content, into the ledger's file, and truncate it."""
        writer = self._to_write()
        with self._lock:
            self._nesting.begin()
            try:
                self._same.check(writer)
                [(pending,)] = writer._all("SELECT unpurged FROM head")
                writer._all("VACUUM")  # secure_delete misses content that was moved between pages
                busy: int = writer._all("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]
                if not busy:  # an erasure that came in between has another mark
                    writer._all("UPDATE head SET unpurged = NULL WHERE unpurged = ?", pending)
            except LedgerReplaced:
                raise
            except LedgerFileError:
                return False
            finally:
                self._nesting.end()
        return not busy

    def purge_pending(self) -> None:
        """Purge what an erasure could not, if nobody is reading now."""
        if self._writer is None:
            return
        with suppress(LedgerFileError):
            if not self.is_purged():
                self._writer._all("PRAGMA busy_timeout = 0")
                try:
                    self.purge()
                finally:
                    self._writer._all(f"PRAGMA busy_timeout = {int(self._wait * 1000)}")

    def is_purged(self) -> bool:
        return self._all("SELECT 1 FROM head WHERE unpurged IS NOT NULL") == []

    def close(self) -> None:
        if self._same.is_replaced():
            for connection in (self, self._writer):
                if connection is not None:
                    abandon(connection._sql)
            return
        if self._writer is not None:
            with suppress(LedgerMisuse):  # it is closed already, or this is in the middle of a change
                self.purge_pending()
            self._writer.close()
        super().close()
