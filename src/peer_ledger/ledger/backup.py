"""
Backing up a ledger's file while it is in use, and putting a backup in its place.

A backup is a ledger of its own: one file, compact, without what erasures left in the free space of the original, and
verified before it has its name.  Restoring never destroys what was there: that gets another name beside it.
"""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path

import attrs

from peer_ledger._visible import visible
from peer_ledger.errors import (
    DamagedLedger,
    LedgerBusy,
    LedgerFileError,
    LedgerMisuse,
    LedgerReplaced,
    OutputRefused,
)
from peer_ledger.ledger._cache_file import removed
from peer_ledger.ledger._ledger import Ledger
from peer_ledger.ledger._sqlite import SqliteStore, is_open_here
from peer_ledger.ledger._sqlite_file import connect, file_state, resolved, translated
from peer_ledger.ledger._store import Rows
from peer_ledger.ledger._verification import noted_head
from peer_ledger.values._arguments import A_PATH, an_instance, arguments
from peer_ledger.values._outputs import SIDE_FILES, begin_output, check_side_file, output_errors, remove_unfinished
from peer_ledger.values._wording import counted

if sys.platform != "win32":  # where a file that is open cannot be replaced, which is protection enough
    import fcntl

_NOT_COPIED = "is incomplete or altered, and was not copied"
_WAIT = 60.0
_LOCKS, _LOCKED = 0x40000000, 512
"""Where SQLite locks a file, and how many bytes (sqlite.org/lockingv3.html): whoever has it open holds some of them."""


@attrs.frozen(kw_only=True)
class Backup:
    """
    What a backup holds.

    Attributes:
        entries: The number of entries.
        head: The number and the digest of the last entry, to be noted elsewhere.
        replaced: Whether it took the place of an earlier backup.
    """

    entries: int
    head: tuple[int, str]
    replaced: bool


@attrs.frozen(kw_only=True)
class Restored:
    """
    What restoring a backup did.

    Attributes:
        entries: The number of entries of the ledger now.
        head: The number and the digest of its last entry.
        kept: The file to which the ledger that was there was moved; `None` when there was none.
        left_out: How many entries of that ledger the restored one does not have; `None` when it could not be read.
        unerased: The entries whose content is there again although it was erased since the backup.
    """

    entries: int
    head: tuple[int, str]
    kept: Path | None
    left_out: int | None
    unerased: tuple[int, ...]

    def __str__(self) -> str:
        said = [f"{counted(self.entries, 'entry')} restored"]
        if self.kept is not None:
            said.append(f"the file that was there is now {visible(self.kept.name)}")
            if self.left_out is None:
                said.append("it cannot be read as a ledger")
            elif self.left_out:
                said.append(f"its last {counted(self.left_out, 'entry')} not in the backup")
        if self.unerased:
            said.append(
                f"the content of {counted(len(self.unerased), 'entry')} that had been erased is there again: erase the "
                "those people again"
            )
        return "; ".join(said)


@arguments(ledger=an_instance("a ledger opened with Ledger.open", Ledger), path=A_PATH)
def back_up(ledger: Ledger, path: str | Path) -> Backup:
    """
    Copy a ledger's file as it is now, while others read and write it.

    Copying the file itself would leave out what is only in its `-wal` file.

    Args:
        ledger: A ledger in a file.
        path: The backup, readable only by its owner.  An earlier backup of the same ledger is replaced; any other file
            is not.

    Raises:
        LedgerMisuse: The ledger is in memory.
        DamagedLedger: The ledger does not verify; nothing was written.
        OutputRefused: The path is that of the ledger, of a link or of anything but an earlier backup.
        LedgerFileError: The backup cannot be written.
    """
    store = ledger._store
    if not isinstance(store, SqliteStore):
        raise LedgerMisuse("only a ledger in a file has a backup; write any other with write_archive")
    target = Path(path)
    with output_errors(target):
        check_side_file(target)
        if target.is_symlink():
            raise OutputRefused(target, "is a link, which an output does not follow; give another name")
    target = resolved(target)
    replaces = target.exists()
    if replaces and target.samefile(store.path):
        raise OutputRefused(target, "is the ledger itself; give another name")
    with _begun(target) as made:
        head = _copy(store, made, target)
        if replaces:
            _check_replaceable(target, made)
        with _locked(target), output_errors(target):
            _remove_sides(target)
            made.replace(target)
            _settle(target.parent)
    return Backup(entries=head[0], head=head, replaced=replaces)


@arguments(backup=A_PATH, path=A_PATH)
def restore(backup: str | Path, path: str | Path, *, head: tuple[int, str] | str | None = None) -> Restored:
    """
    Put a copy of a backup in a ledger's place.

    Nobody may have the ledger open.  The file that is there, with its log, gets the name `NAME.before-restore` beside
    it, and the copy gets its name in one step, after it was verified.

    Args:
        backup: The backup: a file that `back_up` wrote, or any other ledger.
        path: The ledger.
        head: A head of the ledger that was noted down earlier, which the backup must have.

    Raises:
        LedgerNotFound: There is no backup, or no folder for the ledger.
        NotALedger: The backup is not a ledger.
        DamagedLedger: The backup does not verify, or does not have the head; nothing was changed.
        LedgerBusy: Another program, or another part of this one, has the ledger open; nothing was changed.
        OutputRefused: The ledger is the backup itself, or no regular file; nothing was changed.
        InvalidValue: `head` is not a head.
        LedgerFileError: Another file cannot be written or read.
    """
    noted = None if head is None else noted_head(head)
    source, target = resolved(Path(backup)), resolved(Path(path))
    check_side_file(target)
    if not target.name or (target.exists() and not target.is_file()):
        what = "a folder" if target.is_dir() else "not a regular file"
        raise OutputRefused(target, f"is {what}; give the name of a file")
    if source == target:
        raise OutputRefused(target, "is the backup itself; give the ledger that it is to replace")
    with _begun(target) as made:
        with Ledger.open(source, read_only=True) as copy:
            assert isinstance(copy._store, SqliteStore)
            found = _copy(copy._store, made, target, noted)
        _fold(target)
        left_out, unerased = _compared(target, made)
        before = file_state(target) if target.exists() else None
        with _locked(target), output_errors(target):
            if before != (file_state(target) if target.exists() else None):
                raise LedgerBusy(target, "another program wrote to it just now; close it, then restore")
            kept = _take_place(made, target)
            removed(target)  # it is the cache of what was there
            _settle(target.parent)
    return Restored(entries=found[0], head=found, kept=kept, left_out=left_out, unerased=unerased)


@contextmanager
def _begun(target: Path) -> Iterator[Path]:
    """Yield an empty file beside the target, which is removed unless it got another name."""
    remove_unfinished(target.parent)
    with output_errors(target):
        handle, made = begin_output(target)
    try:
        yield made
    finally:
        os.close(handle)
        for suffix in (*SIDE_FILES, ""):
            with suppress(OSError):
                made.with_name(made.name + suffix).unlink()


def _copy(store: SqliteStore, made: Path, target: Path, noted: tuple[int, str] | None = None) -> tuple[int, str]:
    """Copy a ledger to an empty file beside the target, check the copy, and return its head."""
    try:
        store._all("VACUUM INTO ?", str(made))  # without the free space, where there may be erased content
    except (LedgerReplaced, DamagedLedger):
        raise
    except LedgerFileError as error:
        raise type(error)(target, f"no copy can be written: {error.detail}") from None
    with closing(connect(made, "mode=rw", _WAIT)) as file, translated(target):
        file.execute("UPDATE head SET unpurged = NULL, filed = 0, filed_layout = 0")
    try:
        with Ledger.open(made, read_only=True) as copy:
            found = copy.verify(noted)
    except LedgerFileError as error:
        raise DamagedLedger(store.path, f"{_NOT_COPIED}: {error.detail}") from None
    if not found:
        more = f", and {len(found.problems) - 1} more" if len(found.problems) > 1 else ""
        raise DamagedLedger(store.path, f"{_NOT_COPIED}: {found.problems[0]}{more}; look with verify")
    with closing(connect(made, "mode=rw", _WAIT)) as file, translated(target):  # only now, for there are no side files
        file.execute("PRAGMA journal_mode = WAL").fetchall()
    with output_errors(target), open(made, "rb+") as written:
        os.fsync(written.fileno())
    return found.head


def _check_replaceable(target: Path, made: Path) -> None:
    """Check that a file is an earlier backup of the ledger that was copied."""
    try:
        left_out, _ = _compared(target, made)
    except LedgerFileError:
        left_out = None
    if left_out != 0 or _has_log(target):
        raise OutputRefused(
            target, "is not an earlier backup of this ledger, or is in use; give another name, or move it away first"
        )


def _compared(before: Path, made: Path) -> tuple[int | None, tuple[int, ...]]:
    """Return how many entries of a ledger a copy lacks, `None` when it cannot be read, and what it has again."""
    if not before.exists():
        return 0, ()
    try:
        with Ledger.open(before, read_only=True) as old, Ledger.open(made, read_only=True) as new:
            most = min(len(old), len(new))
            shared = _shared(old._store, new._store, most)
            unerased = _blank(old._store, shared) - _blank(new._store, shared)
            return len(old) - shared, tuple(sorted(unerased))
    except LedgerFileError:
        return None, ()


def _shared(old: Rows, new: Rows, most: int) -> int:
    """Return how many first entries two ledgers share: each digest covers all entries before it."""
    least = 0
    while least < most:
        middle = (least + most + 1) // 2
        one, other = old.row(middle), new.row(middle)
        if one is not None and other is not None and one.digest == other.digest:
            least = middle
        else:
            most = middle - 1
    return least


def _blank(rows: Rows, last: int) -> set[int]:
    return {row.seq for row in rows.rows(last) if row.record is None}


@contextmanager
def _locked(target: Path) -> Iterator[None]:
    """
    Keep everybody from opening a file, as far as can be told.

    Raises:
        LedgerBusy: Somebody has it open.
    """
    how = "close every ledger and program that has it open first"
    if not target.exists():
        yield
        return
    if is_open_here(target):
        raise LedgerBusy(target, f"this process has it open; {how}")
    if sys.platform == "win32":
        yield
        return
    with output_errors(target), open(target, "rb+") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _LOCKED, _LOCKS)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EAGAIN):
                raise
            raise LedgerBusy(target, f"another program has it open; {how}") from None
        yield


def _fold(target: Path) -> None:
    """Move the log that a killed process left of a sound ledger into its file, so that there is a single file."""
    if _has_log(target) and target.exists() and not is_open_here(target):
        with suppress(LedgerFileError):  # it is not sound, and stays as it is
            Ledger.open(target, create=False).close()


def _log_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _has_log(path: Path) -> bool:
    """Return whether there is a log that is not empty; reading leaves an empty one."""
    log = _log_of(path)
    return log.exists() and log.stat().st_size > 0


def _remove_sides(path: Path) -> None:
    """Remove an empty log, and the index of a log, which is made anew."""
    for suffix in SIDE_FILES:
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _take_place(made: Path, target: Path) -> Path | None:
    """Put a file in the place of another, which is moved aside with its log; return the new name of the other."""
    if not target.exists() and not _has_log(target):
        _remove_sides(target)
        made.replace(target)
        return None
    kept = next(name for name in _names_before(target) if not name.exists() and not _log_of(name).exists())
    if target.exists():
        made.chmod(target.stat().st_mode & 0o777)
    if not _has_log(target):
        _link(target, kept)
    else:
        # Never the log first: a ledger without its log would have lost its last entries, and nobody would notice.
        if target.exists():
            target.rename(kept)
        _log_of(target).rename(_log_of(kept))
    _remove_sides(target)
    made.replace(target)
    return kept if kept.exists() else _log_of(kept)


def _link(target: Path, kept: Path) -> None:
    try:
        os.link(target, kept)
    except OSError:  # a file system without hard links
        target.rename(kept)


def _names_before(target: Path) -> Iterator[Path]:
    for number in count(1):
        yield target.with_name(f"{target.name}.before-restore{'' if number == 1 else f'-{number}'}")


def _settle(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    if sys.platform == "win32":
        return
    with suppress(OSError):  # a file system that does not know how
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
