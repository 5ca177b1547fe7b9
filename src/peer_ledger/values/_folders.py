"""
Writing folders: one appears under its name only when it is complete, and a temporary one goes with its process.

Both are locked as long as somebody writes them, so that what is not locked was left by a process that was killed.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from os import PathLike
from pathlib import Path
from typing import NamedTuple
from weakref import finalize

from peer_ledger.errors import LedgerFileError, LedgerMisuse
from peer_ledger.values._outputs import disk_errors, matching, output_errors, prefix_of, remove_unfinished

if sys.platform != "win32":  # where a file that is open cannot be removed, which is protection enough
    import fcntl

_OUTPUT, _TEMPORARY = ".peer-ledger-folder", ".peer-ledger-temporary"
_RANDOM = "[a-z0-9_]{8}"


@contextmanager
def folder_written_whole(path: str | PathLike[str]) -> Iterator[Path]:
    """
    Yield a folder next to its target, and give it the name of the target once all of its files are on disk.

    What a process that was killed left of such a folder is removed before.

    Args:
        path: The target, which must not exist.  It is readable only by its owner, and holds files and no folders.

    Raises:
        LedgerMisuse: The target exists.
        LedgerFileError: It cannot be written.
    """
    target = Path(path)
    with output_errors(target):
        if target.name in ("", "..") or _is_there(target):
            raise LedgerMisuse(f"{target.name or target} exists; give the name of a new folder")
        remove_unfinished(target.parent)
        _remove_abandoned(target.parent, rf"\..+\.{_RANDOM}{_OUTPUT}")
        made = _Made.next_to(target.parent, prefix_of(target), _OUTPUT)
    try:
        with disk_errors(target):
            yield made.path
    except LedgerFileError as error:  # about one of the files, which has the name that nobody gave
        if error.path.is_relative_to(made.path):
            error.path = target / error.path.relative_to(made.path)
        raise
    else:
        with output_errors(target):
            for inside in (*made.path.iterdir(), made.path):
                _on_disk(inside)
            made.path.rename(target)
    finally:
        made.remove()


class TemporaryFolder:
    """
    A folder for temporary files that only its owner can read, with which they are removed.

    It is removed when it is closed or collected, when the process ends, and, where the process was killed, before the
    next such folder is made.

    Attributes:
        path: The folder.
        close: Removes it.

    Raises:
        LedgerFileError: It cannot be made.
    """

    def __init__(self) -> None:
        folder = Path(tempfile.gettempdir())
        with output_errors(folder):
            _remove_abandoned(folder, rf"peer-ledger-{_RANDOM}{_TEMPORARY}")
            made = _Made.next_to(folder, "peer-ledger-", _TEMPORARY)
        self.path = made.path
        self.close = finalize(self, made.remove)


class _Made(NamedTuple):
    """A folder that was made, with the process that made it and what holds its lock."""

    path: Path
    process: int
    handle: int | None

    @classmethod
    def next_to(cls, folder: Path, prefix: str, suffix: str) -> "_Made":
        while True:
            path = Path(tempfile.mkdtemp(prefix=prefix, suffix=suffix, dir=folder))
            if sys.platform == "win32":
                return cls(path, os.getpid(), None)
            handle = os.open(path, os.O_RDONLY)
            with suppress(OSError):  # a file system without locks
                fcntl.flock(handle, fcntl.LOCK_EX)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(handle), path.stat()):
                    return cls(path, os.getpid(), handle)
            os.close(handle)  # it was removed before it was locked

    def remove(self) -> None:
        """Remove it, if it still has this name, and give up the lock; a process that was forked leaves it alone."""
        if self.process != os.getpid():
            return
        with suppress(OSError):
            _emptied(self.path)
        if self.handle is not None:
            os.close(self.handle)


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


def _on_disk(path: Path) -> None:
    if sys.platform == "win32":  # where a folder cannot be opened
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove_abandoned(folder: Path, pattern: str) -> None:
    for path in matching(folder, pattern):
        with suppress(OSError):  # somebody is writing it, or it is gone, or another user's
            _remove_unlocked(path)


def _remove_unlocked(path: Path) -> None:
    if sys.platform == "win32":
        _emptied(path)
        return
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if os.fstat(handle).st_uid == os.geteuid():
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _emptied(path)
    finally:
        os.close(handle)


def _emptied(path: Path) -> None:
    """Remove a folder with the files in it; one that holds a folder is none of these, and stays."""
    with os.scandir(path) as found:
        inside = list(found)
    if not any(entry.is_dir(follow_symlinks=False) for entry in inside):
        for entry in inside:
            Path(entry.path).unlink()
        path.rmdir()
