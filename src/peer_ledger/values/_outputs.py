"""
Writing files: each appears under its name only when it is complete, and none replaces a ledger or a rule file.
"""

import errno
import hashlib
import io
import os
import re
import sqlite3
import stat
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, TextIO

from peer_ledger.errors import (
    DiskFull,
    LedgerFileError,
    LedgerNotFound,
    LedgerNotWritable,
    OutputRefused,
    PeerLedgerError,
)

if sys.platform != "win32":  # where a file that is open cannot be removed, which is protection enough
    import fcntl

SIDE_FILES = ("-journal", "-wal", "-shm")
"""What SQLite adds to the name of a file for those that it keeps beside it."""

_ARCHIVE = re.compile(rb'[^\n]{0,100}"format"\s*:\s*"peer-ledger archive"')
_DATABASE_START = b"SQLite format 3\0"
_LARGEST_TOML = 2**22
_LONGEST_NAME = 120
_OUTPUT, _LEDGER = ".peer-ledger-output", ".peer-ledger-new"
_ABANDONED = 3600
"""The seconds after which the beginnings of a ledger, which takes milliseconds to create, are abandoned for sure."""


@contextmanager
def written_whole(
    path: str | PathLike[str],
    *,
    continues: Callable[[Path], bool] = lambda _: False,
    rewrites: bool = False,
    is_private: bool = False,
) -> Iterator[TextIO]:
    """
    Yield a text file to write to, as `bytes_written_whole` does: UTF-8, with lines that end as they are written.
    """
    with bytes_written_whole(path, continues=continues, rewrites=rewrites, is_private=is_private) as binary:
        file = io.TextIOWrapper(binary, encoding="utf-8", newline="")
        yield file
        file.flush()
        file.detach()


@contextmanager
def bytes_written_whole(
    path: str | PathLike[str],
    *,
    continues: Callable[[Path], bool] = lambda _: False,
    rewrites: bool = False,
    is_private: bool = False,
) -> Iterator[BinaryIO]:
    """
    Yield a temporary file next to its target, and move it into place once all of it is on disk.

    Args:
        path: The target.  An ordinary file is replaced, but stays when writing fails.  A new file is readable only by
            its owner; one that is replaced passes on its permissions.
        continues: Returns whether the output may replace this archive, because it holds everything in it.
        rewrites: Whether the target is a TOML file that is written again with the same values.
        is_private: Whether it is readable only by its owner even where the one that it replaces was not.

    Raises:
        OutputRefused: The target is a ledger or its side file, an archive, a rule file, a link, or no regular file.
        LedgerNotFound: There is no such folder, or no file can have this name.
        LedgerNotWritable: The folder, or the file to be replaced, is not writable.
        DiskFull: The disk has no room for it.
        LedgerFileError: It cannot be written for another reason.
    """
    target = Path(path)
    with output_errors(target):
        mode = _checked(target, continues, rewrites=rewrites)
        remove_unfinished(target.parent)
        handle, made = begin_output(target)
    try:
        with io.BufferedWriter(_Raw(target, handle)) as file:
            yield file
            with output_errors(target):
                file.flush()
                os.fsync(file.fileno())
                if mode is not None and not is_private:
                    made.chmod(mode)
                _checked(
                    target, continues, rewrites=rewrites
                )  # again, because somebody may have put another file there meanwhile
                if sys.platform != "win32":
                    made.replace(target)
        if sys.platform == "win32":  # which does not rename an open file
            with output_errors(target):
                made.replace(target)
    finally:
        made.unlink(missing_ok=True)


class _Raw(io.FileIO):
    """A file whose failures to write are those of its target."""

    def __init__(self, target: Path, handle: int) -> None:
        super().__init__(handle, "w")
        self._target = target

    def write(self, data: Any, /) -> int:
        with output_errors(self._target):
            return super().write(data)


@contextmanager
def output_errors(path: Path) -> Iterator[None]:
    """Translate errors of the operating system about an output into errors that a caller can act on."""
    with disk_errors(path):
        try:
            yield
        except PeerLedgerError:
            raise
        except ValueError:
            raise LedgerNotFound(path, "no file can have this name; choose another") from None


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Do the same where others work meanwhile, whose other errors are their own."""
    try:
        yield
    except PeerLedgerError:
        raise
    except OSError as error:
        raise _translation(path, error) from error


@contextmanager
def input_errors(path: Path) -> Iterator[None]:
    """Translate errors of the operating system about an input into errors that a caller can act on."""
    try:
        yield
    except PeerLedgerError:
        raise
    except FileNotFoundError:
        raise LedgerNotFound(path, "there is no such file") from None
    except ValueError:
        if _is_name(path):
            raise
        raise LedgerNotFound(path, "no file can have this name") from None
    except OSError as error:
        raise LedgerFileError(path, f"it cannot be read: {error.strerror or type(error).__name__}") from error


def _is_name(path: Path) -> bool:
    """Return whether the operating system can be asked for a file of this name."""
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False


def _translation(path: Path, error: OSError) -> LedgerFileError:
    why = error.strerror or type(error).__name__
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return LedgerNotFound(path, "there is no such folder; make it first")
    if error.errno in (errno.ENAMETOOLONG, errno.EINVAL, errno.ELOOP):
        return LedgerNotFound(path, f"no file can have this name ({why}); choose another")
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return DiskFull(path, f"it cannot be written: {why}; what was there is unchanged; free some space")
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return LedgerNotWritable(path, f"it cannot be written: {why}; choose another folder, or ask its owner")
    return LedgerFileError(path, f"it cannot be written: {why}; what was there is unchanged")


def _checked(path: Path, continues: Callable[[Path], bool], *, rewrites: bool) -> int | None:
    """Return the permissions of the file to be replaced, `None` if there is none; refuse what must not be replaced."""
    check_side_file(path)
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(status.st_mode):
        _refuse(
            path, "is a link, which an output does not follow; give the name of the file itself, or remove the link"
        )
    if not stat.S_ISREG(status.st_mode):
        what = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
        _refuse(path, f"is {what}; give the name of a file")
    if is_database(path):
        _refuse(path, "is a ledger or another database, which an output never replaces; give another name")
    with open(path, "rb") as file:
        start = file.read(_LARGEST_TOML + 1)
    if start.startswith(_DATABASE_START):
        _refuse(path, "is a damaged ledger or database, which an output never replaces; give another name")
    if _ARCHIVE.match(start) and not continues(path):
        _refuse(
            path,
            "is an archive, which is replaced only by an archive that holds all its entries; give another name, "
            "or move it away first",
        )
    if start and not rewrites and (path.suffix.lower() == ".toml" or _is_toml(start)):
        _refuse(path, "is a rule file, a file of profiles or another TOML file; give another name")
    if not os.access(path, os.W_OK):
        raise LedgerNotWritable(path, "it is write-protected; give another name, or make it writable")
    return status.st_mode & 0o777


def check_side_file(path: Path) -> None:
    """
    Check that a path is not that of a file which SQLite keeps, or is going to keep, beside a database.

    Raises:
        OutputRefused: It is.
    """
    for suffix in SIDE_FILES:
        if path.name.lower().endswith(suffix):
            ledger = path.with_name(path.name[: -len(suffix)] or ".")
            if ledger.is_file() and is_database(ledger):
                _refuse(path, f"has the name of a file that belongs to the database {ledger.name}; give another name")


def _refuse(path: Path, why: str) -> NoReturn:
    raise OutputRefused(path, f"{why}; nothing was written")


def is_database(path: Path) -> bool:
    """
    Return whether a file is a SQLite database, or cannot be read, so that it may be one.

    SQLite reads it in immutable mode, which changes and locks nothing.  If the file were opened and closed directly,
    this process would lose every lock it holds on it (sqlite.org/howtocorrupt.html, section 2.2).
    """
    if not path.stat().st_size:
        return False
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
        try:
            connection.execute("PRAGMA writable_schema = ON")  # so that a damaged schema is no obstacle
            connection.execute("PRAGMA user_version").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        return getattr(error, "sqlite_errorname", "") != "SQLITE_NOTADB"
    return True


def _is_toml(start: bytes) -> bool:
    if len(start) > _LARGEST_TOML:
        return False
    try:
        return bool(tomllib.loads(start.decode("utf-8-sig")))
    except (ValueError, RecursionError):
        return False


def begin_output(target: Path) -> tuple[int, Path]:
    """Create a temporary file, locked while it is being written, so that nobody takes it for an abandoned file."""
    while True:
        handle, made = _created(target, _OUTPUT)
        if sys.platform == "win32":
            return handle, made
        try:
            with suppress(OSError):  # a file system without locks
                fcntl.flock(handle, fcntl.LOCK_EX)
            if os.fstat(handle).st_nlink:
                return handle, made
        except BaseException:
            os.close(handle)
            made.unlink(missing_ok=True)
            raise
        os.close(handle)  # it was removed before it was locked


def unfinished_outputs(target: Path) -> Iterator[Path]:
    """Yield the files in which processes began to write an output."""
    yield from matching(target.parent, f"{re.escape(prefix_of(target))}[a-z0-9_]{{8}}{re.escape(_OUTPUT)}")


def begin_ledger(target: Path) -> Path:
    """
    Create an empty file next to a ledger that is to be created, because a file gets a name only in its file system.

    Returns:
        Its path; the name is hidden, and begins as that of the target does.
    """
    handle, made = _created(target, _LEDGER)
    os.close(handle)
    return made


def _created(target: Path, suffix: str) -> tuple[int, Path]:
    handle, name = tempfile.mkstemp(prefix=prefix_of(target), suffix=suffix, dir=target.parent)
    return handle, Path(name)


def begun_ledgers(target: Path) -> Iterator[Path]:
    """Yield the files in which processes began to create a ledger, with their side files."""
    sides = "|".join(SIDE_FILES)
    yield from matching(target.parent, f"{re.escape(prefix_of(target))}[a-z0-9_]{{8}}{re.escape(_LEDGER)}({sides})?")


def matching(folder: Path, pattern: str) -> Iterator[Path]:
    """Yield what is in a folder whose name has a pattern; nothing where the folder cannot be read."""
    names: list[str] = []
    matches = re.compile(pattern, re.DOTALL).fullmatch
    with suppress(OSError), os.scandir(folder) as found:  # a folder may be writable and not readable
        names += [entry.name for entry in found if matches(entry.name)]
    yield from (folder / name for name in names)


def remove_unfinished(folder: Path) -> None:
    """
    Remove what processes left in a folder that were killed while they wrote an output or created a ledger there.

    An output is locked by the process that writes it, and a ledger is created within milliseconds, so nothing is
    removed that somebody is still writing.
    """
    for path in matching(folder, rf"\..+\.[a-z0-9_]{{8}}{re.escape(_OUTPUT)}"):
        with suppress(OSError):  # somebody is writing it, or it is gone
            _remove_unlocked(path)
    for side in matching(folder, rf"\..+\.[a-z0-9_]{{8}}{re.escape(_OUTPUT)}({'|'.join(SIDE_FILES)})"):
        if not side.with_name(side.name.rpartition("-")[0]).exists():
            with suppress(OSError):
                side.unlink()
    for path in matching(folder, rf"\..+\.[a-z0-9_]{{8}}{re.escape(_LEDGER)}({'|'.join(SIDE_FILES)})?"):
        with suppress(OSError):
            if path.lstat().st_mtime < time.time() - _ABANDONED:
                path.unlink()


def _remove_unlocked(path: Path) -> None:
    if sys.platform == "win32":
        path.unlink()
        return
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
    finally:
        os.close(handle)


def prefix_of(target: Path) -> str:
    """Return how the hidden name begins of what is written next to a target."""
    name = target.name
    encoded = os.fsencode(name)
    if len(encoded) > _LONGEST_NAME:  # so that the temporary name is not too long where the target's is not
        name = f"{name[:20]}~{hashlib.sha256(encoded).hexdigest()[:16]}"
    return f".{name}."
