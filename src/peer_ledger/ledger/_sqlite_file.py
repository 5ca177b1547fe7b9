"""
Creating, opening and recognizing the SQLite file of a ledger.
"""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from peer_ledger.errors import (
    DamagedLedger,
    DiskFull,
    LedgerBusy,
    LedgerFileError,
    LedgerMisuse,
    LedgerNotFound,
    LedgerNotWritable,
    NewerFormat,
    NotALedger,
)
from peer_ledger.ledger._chain import EMPTY
from peer_ledger.values._outputs import SIDE_FILES, begin_ledger, begun_ledgers, check_side_file

_NO_NAME = "no file can have this name; choose another"
APPLICATION_ID = 0x504C4752  # "PLGR"
FORMAT = 1
FileState = tuple[int, int, int, int | None]
SCHEMA = (
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
    """CREATE TABLE head (
    only INTEGER PRIMARY KEY CHECK (only = 1), seq INTEGER, recorded_at TEXT, digest BLOB, unpurged INTEGER,
    filed INTEGER, filed_layout INTEGER
)""",
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


_PRAGMAS = (
    "trusted_schema = OFF",
    "synchronous = FULL",
    "secure_delete = ON",
    "cell_size_check = ON",
    "wal_autocheckpoint = 0",  # the file is looked at first
)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Translate errors of SQLite into errors that a caller can act on."""
    try:
        yield
    except sqlite3.ProgrammingError as error:
        if "closed" in str(error):
            raise LedgerMisuse(f"{path} was closed; open it again") from None
        raise
    except sqlite3.Error as error:
        raise _translation(path, error) from error
    except UnicodeDecodeError:
        raise DamagedLedger(path, "it contains text that is not UTF-8; restore it from a copy or an archive") from None


def _translation(path: Path, error: sqlite3.Error) -> LedgerFileError:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return LedgerBusy(path, "another process is writing and did not finish in time; try again or wait longer")
    if name == "SQLITE_FULL":
        return DiskFull(path, "no room is left on its disk, and the change was not saved; free some space")
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return LedgerNotWritable(path, "it, its folder or its disk is not writable; nothing was changed")
    if name == "SQLITE_NOTADB":
        return NotALedger(path, "is not a ledger, and was not changed; give the path of a ledger")
    if name.startswith("SQLITE_IOERR"):
        return LedgerFileError(path, f"its disk failed ({name}); the change was not saved")
    return DamagedLedger(
        path, f"is incomplete or altered ({name or 'unreadable'}); restore it from a copy or an archive"
    )


def connect(path: Path, how: str, wait: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.as_uri()}?{how}",
        uri=True,
        timeout=wait,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        with translated(path):
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def connect_to_read(path: Path, wait: float) -> tuple[sqlite3.Connection, FileState | None]:
    """
    Open a file for reading; where nothing can be written, without creating files beside it.

    Returns:
        The connection, and the state of the file for which it is valid; `None` when SQLite itself sees every change.
    """
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return connect(path, "mode=ro", wait), None
    state = file_state(path)
    if state[-1] is not None:
        try:
            return connect(path, "mode=ro&readonly_shm=1", wait), None
        except LedgerNotWritable:
            if state[-1]:
                raise LedgerNotWritable(
                    path,
                    "it was not closed, and its folder is not writable; copy it together with its -wal file",
                ) from None
    return connect(path, "mode=ro&immutable=1", wait), state


def file_state(path: Path) -> FileState:
    """Return what identifies a state of a file; the last number is the size of its write-ahead file."""
    try:
        status, pending = path.stat(), path.with_name(path.name + "-wal")
    except FileNotFoundError:
        raise LedgerNotFound(path, "it no longer exists; it may have been moved") from None
    return status.st_ino, status.st_size, status.st_mtime_ns, pending.stat().st_size if pending.exists() else None


def create_file(path: Path) -> None:
    """Create a ledger beside the path and rename it at the end, so that an incomplete file never has the name."""
    check_side_file(path)
    try:
        made = begin_ledger(path)
    except OSError as error:
        raise LedgerNotWritable(path, f"no file can be created in its folder ({error.strerror})") from None
    try:
        with translated(path):
            connection = sqlite3.connect(made, isolation_level=None)
            try:
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {FORMAT}")
                for statement in SCHEMA:
                    connection.execute(statement)
                connection.execute("INSERT INTO head VALUES (1, ?, ?, ?, NULL, 0, 0)", EMPTY)
                connection.execute("COMMIT")
                # Last, so that everything is in the file itself before it is renamed.
                if connection.execute("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
                    raise LedgerNotWritable(path, "its disk does not support write-ahead files; use a local disk")
            finally:
                connection.close()
        _give_name(made, path)
        remove_begun(path)
    except OSError as error:
        if path.exists():  # another process created the same file first, and removed this one as abandoned
            return
        if isinstance(error, LedgerFileError):
            raise
        raise LedgerNotWritable(path, f"no file can be created in its folder ({error.strerror})") from None
    finally:
        for suffix in (*SIDE_FILES, ""):
            made.with_name(made.name + suffix).unlink(missing_ok=True)


def remove_begun(path: Path) -> None:
    """Remove what processes left behind that were killed while they created this ledger, which exists now."""
    for made in begun_ledgers(path):
        with suppress(OSError):
            made.unlink()


def _give_name(made: Path, path: Path) -> None:
    try:
        os.link(made, path)
    except FileExistsError:  # another process created the same file first
        pass
    except OSError:  # a file system without hard links
        import fcntl  # noqa: PLC0415 - missing on Windows, whose file systems have hard links

        folder = os.open(path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            if not path.exists():
                made.replace(path)
        finally:
            os.close(folder)


def resolved(path: Path) -> Path:
    """Resolve a path, because SQLite keeps its files beside the file and not beside a link to it."""
    try:
        path = path.resolve()
        path.exists()
        is_loop = path.is_symlink()  # Python 3.13 leaves a link to itself as it is; earlier ones raise an error
        if path.parent.is_dir() and not is_loop:
            return path
    except PermissionError:
        raise LedgerNotWritable(path, "permission to its folder is denied; ask its owner") from None
    except (OSError, ValueError, RuntimeError):
        raise LedgerNotFound(path, _NO_NAME) from None
    raise LedgerNotFound(path, _NO_NAME if is_loop else "there is no such folder; make it first")


def check_file(path: Path) -> None:
    """
    Check by its header that a file is a ledger, before SQLite writes anything.

    SQLite reads the header in immutable mode, which changes and locks nothing.  If the file were opened and closed
    directly, this process would lose every lock it holds on it (sqlite.org/howtocorrupt.html, section 2.2).
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise NotALedger(path, f"is {'a folder' if path.is_dir() else 'not a regular file'}; give the name of a file")
    if not status.st_size:
        raise NotALedger(path, "is empty; remove it to create a new ledger there")
    try:
        application_id, version = _header(path)
    except LedgerNotWritable:
        raise LedgerNotWritable(path, "permission to read it is denied; ask its owner") from None
    if application_id != APPLICATION_ID:
        raise NotALedger(path, "is a SQLite file of another program, and was not changed; give the path of a ledger")
    check_version(path, version)


def _header(path: Path) -> tuple[int, int]:
    with translated(path):
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
        try:
            connection.execute("PRAGMA writable_schema = ON")  # so that the header of a truncated file can be read, too
            (application_id,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
        finally:
            connection.close()
    return application_id, version


def check_version(path: Path, version: int) -> None:
    if version > FORMAT:
        raise NewerFormat(path, f"has format {version}, but this version reads only {FORMAT}; upgrade peer_ledger")
    if version != FORMAT:
        raise DamagedLedger(path, f"has format {version}, which does not exist; restore it from a copy or an archive")
