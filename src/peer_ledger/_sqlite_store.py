"""
Entries in one SQLite file: no server, many readers beside one writer, all or nothing.

The file is in write-ahead mode and synchronised at every commit.  Its header carries an application id and the format's
version, so that a file of another program is recognised before anything is done to it; its tables must be exactly those
below.
"""

import os
import sqlite3
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import Lock, RLock
from typing import Any

from peer_ledger._chain import EMPTY, Head, Row
from peer_ledger._record import first_id, stem_of
from peer_ledger._store import NESTED, Writing
from peer_ledger.errors import (
    DamagedLedger,
    DiskFull,
    InvalidData,
    LedgerBusy,
    LedgerFileError,
    LedgerMisuse,
    LedgerNotFound,
    LedgerNotWritable,
    NewerFormat,
    NotALedger,
)
from peer_ledger.interchange import record_from_json
from peer_ledger.records import Record

APPLICATION_ID = 0x504C4752  # "PLGR"
FORMAT = 1

_TEXT_OR_NONE = (str, type(None))
_BYTES_OR_NONE = (bytes, type(None))
_PAGE = 1000
_VARIABLES = 500
_LEAST_BYTES = 64
"""What an entry takes at least: its commitment and its digest."""

_State = tuple[int, int, int, int | None]

_COLUMNS = "seq, recorded_at, type, id, person, other_person, retracts, record, salt, commitment, digest"
_SCHEMA = (
    """CREATE TABLE entry (
    seq INTEGER PRIMARY KEY,
    recorded_at TEXT NOT NULL,
    type TEXT,
    id TEXT,
    person TEXT,
    other_person TEXT,
    retracts TEXT,
    record TEXT,
    salt BLOB,
    commitment BLOB NOT NULL,
    digest BLOB NOT NULL
)""",
    "CREATE TABLE head (only INTEGER PRIMARY KEY CHECK (only = 1), seq INTEGER, recorded_at TEXT, digest BLOB)",
    "CREATE UNIQUE INDEX entry_by_id ON entry (id) WHERE id IS NOT NULL",
    "CREATE INDEX entry_by_person ON entry (person) WHERE id IS NOT NULL",
    "CREATE INDEX entry_by_other_person ON entry (other_person) WHERE other_person IS NOT NULL",
    "CREATE INDEX entry_by_retracted ON entry (retracts) WHERE retracts IS NOT NULL",
    """CREATE TRIGGER entry_stays BEFORE DELETE ON entry BEGIN
    SELECT RAISE(ABORT, 'a ledger is append-only');
END""",
    """CREATE TRIGGER entry_is_as_it_was BEFORE UPDATE ON entry
WHEN new.seq IS NOT old.seq OR new.recorded_at IS NOT old.recorded_at OR new.commitment IS NOT old.commitment
    OR new.digest IS NOT old.digest
    OR coalesce(new.type, new.id, new.person, new.other_person, new.retracts, new.record, new.salt) IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'an entry can be erased, not changed');
END""",
)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Turn what SQLite says into what a caller can act on."""
    try:
        yield
    except sqlite3.ProgrammingError as error:
        if "closed" in str(error):
            raise LedgerMisuse(f"{path} was closed; open it again") from None
        raise
    except sqlite3.Error as error:
        raise _translation(path, error) from error
    except UnicodeDecodeError:
        raise DamagedLedger(path, "a text in it is not UTF-8; restore it from a copy or an archive") from None


def _translation(path: Path, error: sqlite3.Error) -> LedgerFileError:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return LedgerBusy(path, "another process is writing and did not finish in time; try again or wait longer")
    if name == "SQLITE_FULL":
        return DiskFull(path, "no room is left on its disk; nothing of this change was kept")
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return LedgerNotWritable(path, "it, its folder or its disk refuses to be written; nothing was changed")
    if name == "SQLITE_NOTADB":
        return NotALedger(path, "is not a ledger; it was left as it is")
    if name.startswith("SQLITE_IOERR"):
        return LedgerFileError(path, f"its disk failed ({name}); nothing of this change was kept")
    return DamagedLedger(path, f"is torn or altered ({name or 'unreadable'}); restore it from a copy or an archive")


class _Connection:
    """
    The reading and writing of entries through one SQLite connection.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._sql = connection
        self._one_at_a_time = Lock()

    def _all(self, sql: str, *values: Any) -> list[Any]:
        # Statements of several threads that overlap would keep the connection at the state that the first of them saw.
        with self._one_at_a_time, _translated(self._path):
            try:
                return self._sql.execute(sql, values).fetchall()
            except UnicodeEncodeError:  # what cannot be written is nowhere in the file
                return []

    def _sound(self, values: Sequence[Any]) -> Row:
        """Make an entry of a table's row, provided that its columns hold what belongs there."""
        row = Row._make(values)
        try:
            datetime.fromisoformat(row.recorded_at)
        except (TypeError, ValueError):
            raise DamagedLedger(self._path, f"entry {row.seq} has no moment") from None
        if not all(type(one) in _TEXT_OR_NONE for one in row[2:8]) or type(row.salt) not in _BYTES_OR_NONE:
            raise DamagedLedger(self._path, f"the columns of entry {row.seq} do not hold what belongs there")
        if type(row.digest) is not bytes or type(row.commitment) is not bytes or type(row.record) not in _TEXT_OR_NONE:
            raise DamagedLedger(self._path, f"the columns of entry {row.seq} do not hold what belongs there")
        return row

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

    def row(self, seq: int) -> Row | None:
        rows = self._all(f"SELECT {_COLUMNS} FROM entry WHERE seq = ?", seq)
        if not rows and 0 < seq <= self.tip().seq:
            raise DamagedLedger(self._path, f"entry {seq} is missing; restore it from a copy or an archive")
        return self._sound(rows[0]) if rows else None

    def rows(self, last: int) -> Iterator[Row]:
        seq = 0
        while page := self._all(
            f"SELECT {_COLUMNS} FROM entry WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT {_PAGE}", seq, last
        ):
            for row in map(self._sound, page):
                if row.seq <= seq:  # its pages lead back to themselves
                    raise DamagedLedger(
                        self._path, f"entry {row.seq} stands after entry {seq}; restore it from a copy or an archive"
                    )
                seq = row.seq
                yield row

    def rows_of(self, person: str | None, last: int, *, kind: str | None = None) -> list[Row]:
        select = f"SELECT {_COLUMNS} FROM entry WHERE seq <= ? AND id IS NOT NULL AND"
        if person is None:
            rows = self._all(f"{select} person IS NULL ORDER BY seq", last)
        else:
            rows = self._all(f"{select} person = ? UNION ALL {select} other_person = ?", last, person, last, person)
        found = (self._sound(row) for row in rows if kind is None or row[2] == kind)
        return sorted(found, key=lambda row: row.seq)  # by nothing else: a damaged file may give one number twice

    def rows_with(self, ids: Sequence[str], last: int) -> dict[str, Row]:
        found = {}
        for begin in range(0, len(ids), _VARIABLES):
            some = ids[begin : begin + _VARIABLES]
            marks = ",".join("?" * len(some))
            for row in self._all(f"SELECT {_COLUMNS} FROM entry WHERE id IN ({marks}) AND seq <= ?", *some, last):
                found[row[3]] = self._sound(row)
        return found

    def states_named(self, record_id: str, last: int) -> list[Row]:
        sql = f"SELECT {_COLUMNS} FROM entry WHERE seq <= ? AND (id = ? OR id > ? AND id < ?) ORDER BY seq"
        stem = stem_of(record_id)
        rows = self._all(sql, last, record_id, f"{stem}~", f"{stem}~:")
        return [self._sound(row) for row in rows if row[3] == record_id or first_id(row[3]) == stem]

    def retractions_of(self, record_id: str, last: int) -> list[Row]:
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
            raise DamagedLedger(self._path, "a person's id is no text; restore it from a copy or an archive")
        return sorted(person for (person,) in found)

    def counts(self, last: int) -> dict[str | None, int]:
        found = self._all("SELECT type, count(*) FROM entry WHERE seq <= ? GROUP BY type", last)
        if not all(type(kind) in _TEXT_OR_NONE for kind, _ in found):
            raise DamagedLedger(self._path, "a type of record is no text; restore it from a copy or an archive")
        return dict(found)

    def record(self, row: Row) -> Record:
        try:
            return record_from_json(row.record or "")
        except InvalidData as error:
            raise DamagedLedger(self._path, f"entry {row.seq} holds no record that can be read: {error}") from None

    def add(self, rows: Sequence[Row], records: Sequence[Record | None]) -> None:  # noqa: ARG002 - it keeps their text
        if not rows:
            return
        last = rows[-1]
        with _translated(self._path):
            self._sql.executemany(f"INSERT INTO entry ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?)", rows)
            self._sql.execute(
                "UPDATE head SET seq = ?, recorded_at = ?, digest = ?", (last.seq, last.recorded_at, last.digest)
            )

    def blank(self, seqs: Sequence[int]) -> None:
        with _translated(self._path):
            self._sql.executemany(
                "UPDATE entry SET type = NULL, id = NULL, person = NULL, other_person = NULL, retracts = NULL, "
                "record = NULL, salt = NULL WHERE seq = ?",
                [(seq,) for seq in seqs],
            )

    def damage(self) -> Iterator[str]:
        for (finding,) in self._all("PRAGMA integrity_check(20)"):
            if finding != "ok":
                yield f"the file's structure: {finding}"
        self.tip()  # which is sound
        # In one statement, that another process does not append between two.
        counted = "SELECT (SELECT seq FROM head), min(seq), max(seq), count(*) FROM entry"
        [(head, least, most, count)] = self._all(counted)
        if (count and (least != 1 or most != head or count != head)) or (head and not count):
            yield f"the head is entry {head}, and there are {count} entries, from {least} to {most}"

    def close(self) -> None:
        with suppress(sqlite3.Error):
            self._sql.close()


class SqliteStore(_Connection):
    """
    Entries in a file; one connection reads, another writes.
    """

    def __init__(self, path: Path, *, create: bool, read_only: bool, wait: float) -> None:
        """
        Open a ledger's file, or make one.

        Args:
            path: The file.
            create: Whether to make it when it is not there.
            read_only: Whether nothing is to be written, not even beside it when that is refused.
            wait: How many seconds to wait for another process that is writing.

        Raises:
            LedgerFileError: It cannot be used; the subclass says why.  The file is as it was.
        """
        path = _place(path)
        if not path.exists():
            if read_only or not create:
                raise LedgerNotFound(path, "there is no such file; look for it elsewhere, or open it with create=True")
            _create(path)
        _check_file(path)
        if not read_only and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            raise LedgerNotWritable(
                path, "it, its folder or its disk refuses to be written; open it with read_only=True"
            )
        self._wait = wait
        self._lock = RLock()
        self._begun = False
        connection, self._frozen = (
            _connect_to_read(path, wait) if read_only else (_connect(path, "mode=rw", wait), None)
        )
        super().__init__(path, connection)
        self._writer: _Connection | None = None
        try:
            self._check_tables()
            if not read_only:
                self._writer = _Connection(path, _connect(path, "mode=rw", wait))
        except BaseException:
            self.close()
            raise

    def _check_tables(self) -> None:
        _check_version(self._path, self._all("PRAGMA user_version")[0][0])
        found = self._all("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
        if [sql for (sql,) in found] != list(_SCHEMA) or len(self._all("SELECT seq FROM head")) != 1:
            raise DamagedLedger(
                self._path, "its tables are not those of a ledger; restore it from a copy or an archive"
            )

    def _all(self, sql: str, *values: Any) -> list[Any]:
        if self._frozen is not None and self._frozen != _state(self._path):
            before = self._sql
            self._sql, self._frozen = _connect_to_read(self._path, self._wait)
            before.close()
        return super()._all(sql, *values)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        if self._writer is None:
            raise LedgerMisuse(f"{self._path} was opened to be read; open it without read_only=True to write")
        with self._lock:
            if self._begun:
                raise LedgerMisuse(NESTED)
            self._begun = True
            sql = self._writer._sql
            try:
                with _translated(self._path):
                    sql.execute("BEGIN IMMEDIATE")
                try:
                    yield self._writer
                    with _translated(self._path):
                        sql.execute("COMMIT")
                except BaseException:
                    with suppress(sqlite3.Error):
                        sql.execute("ROLLBACK")
                    raise
            finally:
                self._begun = False

    def purge(self) -> bool:
        """Bring the write-ahead file, which may hold what was erased, into the ledger's file and cut it to nothing."""
        if self._writer is None:
            raise LedgerMisuse(f"{self._path} was opened to be read; open it without read_only=True to write")
        with self._lock:
            try:
                self._writer._all("VACUUM")  # what was moved between pages lingers where secure_delete does not look
                busy: int = self._writer._all("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]
            except LedgerFileError:
                return False
        return not busy

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        super().close()


def _connect(path: Path, how: str, wait: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.as_uri()}?{how}",
        uri=True,
        timeout=wait,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        with _translated(path):
            for pragma in ("trusted_schema = OFF", "synchronous = FULL", "secure_delete = ON", "cell_size_check = ON"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _connect_to_read(path: Path, wait: float) -> tuple[sqlite3.Connection, _State | None]:
    """
    Open to read, also where nothing can be written, and then without putting anything beside the file.

    Returns:
        The connection, and the state of the file that it holds good for; `None` when SQLite itself sees every change.
    """
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return _connect(path, "mode=ro", wait), None
    state = _state(path)
    if state[-1] is not None:
        try:
            return _connect(path, "mode=ro&readonly_shm=1", wait), None
        except LedgerNotWritable:
            if state[-1]:
                raise LedgerNotWritable(
                    path, "it was not closed and lies where nothing can be written; copy it together with its -wal file"
                ) from None
    return _connect(path, "mode=ro&immutable=1", wait), state


def _state(path: Path) -> _State:
    """Tell one state of a file from another; the last figure is the size of what is pending beside it."""
    try:
        status, pending = path.stat(), path.with_name(path.name + "-wal")
    except FileNotFoundError:
        raise LedgerNotFound(path, "it is gone; look where it was moved to") from None
    return status.st_ino, status.st_size, status.st_mtime_ns, pending.stat().st_size if pending.exists() else None


def _create(path: Path) -> None:
    """Make a ledger beside the path and give it its name at the end, so that no half-made file is ever found there."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise LedgerNotWritable(path, f"its folder refuses a new file ({error.strerror})") from None
    os.close(handle)
    made = Path(name)
    try:
        with _translated(path):
            connection = sqlite3.connect(made, isolation_level=None)
            try:
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {FORMAT}")
                for statement in _SCHEMA:
                    connection.execute(statement)
                connection.execute("INSERT INTO head VALUES (1, ?, ?, ?)", EMPTY)
                connection.execute("COMMIT")
                # Last, so that all of it is in the file itself before it gets its name.
                if connection.execute("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
                    raise LedgerNotWritable(path, "its disk cannot keep a write-ahead file; choose a local disk")
            finally:
                connection.close()
        _give_name(made, path)
    except OSError as error:
        if isinstance(error, LedgerFileError):
            raise
        raise LedgerNotWritable(path, f"its folder refuses a new file ({error.strerror})") from None
    finally:
        for suffix in ("", "-journal", "-wal", "-shm"):
            made.with_name(made.name + suffix).unlink(missing_ok=True)


def _give_name(made: Path, path: Path) -> None:
    try:
        os.link(made, path)
    except FileExistsError:  # another process was first, and made the same
        pass
    except OSError:  # a file system without second names
        import fcntl  # noqa: PLC0415 - there is none on Windows, whose file systems have second names

        folder = os.open(path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            if not path.exists():
                made.replace(path)
        finally:
            os.close(folder)


def _place(path: Path) -> Path:
    """Find where a path leads, since SQLite keeps its files beside that, and not beside a link to it."""
    try:
        path = path.resolve()
        path.exists()
        if path.parent.is_dir():
            return path
    except PermissionError:
        raise LedgerNotWritable(path, "its folder may not be entered; ask its owner") from None
    except (OSError, ValueError, RuntimeError):
        raise LedgerNotFound(path, "no file can have this name; give another") from None
    raise LedgerNotFound(path, "there is no such folder; make it first")


def _check_file(path: Path) -> None:
    """
    Recognise a ledger by its header, before SQLite writes anything.

    SQLite itself looks, told that nothing changes: it then touches nothing and locks nothing.  Were the file opened and
    closed here, every lock on it that this process holds would be lost (sqlite.org/howtocorrupt.html, section 2.2).
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise NotALedger(path, f"is {'a folder' if path.is_dir() else 'no file'}; give the name of a file")
    if not status.st_size:
        raise NotALedger(path, "is empty; remove it if a new ledger is to be made there")
    try:
        application_id, version = _header(path)
    except LedgerNotWritable:
        raise LedgerNotWritable(path, "it may not be read; ask its owner") from None
    if application_id != APPLICATION_ID:
        raise NotALedger(path, "is a SQLite file of another program; it was left as it is")
    _check_version(path, version)


def _header(path: Path) -> tuple[int, int]:
    with _translated(path):
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
        try:
            connection.execute("PRAGMA writable_schema = ON")  # read the header also of a file that is cut off
            (application_id,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
        finally:
            connection.close()
    return application_id, version


def _check_version(path: Path, version: int) -> None:
    if version > FORMAT:
        raise NewerFormat(path, f"has format {version}, and this version reads {FORMAT}; upgrade peer_ledger")
    if version != FORMAT:
        raise DamagedLedger(path, f"has format {version}, which never was; restore it from a copy or an archive")
