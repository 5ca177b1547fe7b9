"""
Reading people from the cache of a ledger: whom it may be asked about, given what was recorded since.

A cache knows a ledger up to one of its entries. What was appended since is looked at once: whoever it touches is read
from the ledger, and so is everybody once something was erased. So a cache needs no care to stay right, and none is
needed to be right: whoever it does not know is read from the ledger.
"""

from collections.abc import Iterable
from pathlib import Path
from threading import RLock
from typing import Protocol

from peer_ledger.errors import DamagedLedger
from peer_ledger.ledger._cache_file import CacheFile, Row, cache_path, opened
from peer_ledger.ledger._chain import Head, StoredRow

_FURTHEST = 200_000
"""How many entries a cache may be behind; catching up with more of them takes longer than it is worth."""


class Recorded(Protocol):
    """
    What reading a cache needs of the ledger.
    """

    def row(self, seq: int) -> StoredRow | None:
        """Return an entry."""

    def touched(self, after: Head, until: Head) -> set[str] | None:
        """Return the ids that entries between two name; `None` where the first is no entry, or one was erased since."""


class Cached:
    """
    The cache beside a ledger's file, whoever wrote it and whenever it is written again.

    Args:
        ledger: The ledger's file.
    """

    def __init__(self, ledger: Path) -> None:
        self._path = cache_path(ledger)
        self._lock = RLock()
        self._status: tuple[int, ...] | None = None
        self._file: CacheFile | None = None
        self._seen: Head | None = None
        self._touched: set[str] = set()

    def is_there(self) -> bool:
        """Return whether a file that may be of use has the name of the cache."""
        with self._lock:
            status = _status_of(self._path)
            if status != self._status:
                self.close()
                self._status = status
                if status is not None:
                    self._file = opened(self._path)
            return self._file is not None

    def rows(self, ledger: Recorded, tip: Head, people: Iterable[str], last: int) -> dict[str, Row]:
        """
        Return what is known about people by the id asked for; those left out are to be read from the ledger.

        Args:
            ledger: The ledger.
            tip: Its last entry.
            people: Any ids of the people.
            last: The highest number to read.
        """
        with self._lock:
            file = self._file if self._catches_up(ledger, tip) else None
            if file is None:
                return {}
            touched = self._touched
            found = {person: file.row(person) for person in people if person not in touched}
        return {
            person: row
            for person, row in found.items()
            if row is not None and row.last <= last and touched.isdisjoint(row.people)
        }

    def _catches_up(self, ledger: Recorded, tip: Head) -> bool:
        """Find out whom the entries touch that were appended since the last look; return whether the file is of use."""
        if self._file is None or tip == self._seen:
            return self._file is not None
        try:
            seen = self._seen or _beginning(ledger, self._file, tip)
            is_near = seen is not None and tip.seq - seen.seq <= _FURTHEST
            touched = ledger.touched(seen, tip) if seen is not None and is_near else None
        except DamagedLedger:  # it is told where what is damaged is needed
            touched = None
        if touched is None:
            self._file.close()
            self._file = None
            return False
        self._touched = self._touched | touched  # a new set, because others may be looking at this one
        self._seen = tip
        return True

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._file is not None:
                self._file.close()
            self._file, self._status, self._seen, self._touched = None, None, None, set()


def _beginning(ledger: Recorded, file: CacheFile, tip: Head) -> Head | None:
    """Return the entry up to which a cache knows the ledger; `None` where it is the cache of another."""
    entry = ledger.row(file.end.seq) if 0 < file.end.seq <= tip.seq else None
    return Head(entry.seq, entry.recorded_at, entry.digest) if entry is not None and file.is_of(entry) else None


def _status_of(path: Path) -> tuple[int, ...] | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
