"""
Reading people from the cache of a ledger: whom it may be asked about, given what was recorded since.

A cache knows a ledger up to one of its entries. What was appended since is looked at once: whoever it touches is read
from the ledger, and so is everybody once something was erased. So a cache needs no care to stay right, and none is
needed to be right: whoever it does not know is read from the ledger.

The people who were asked for last are kept in memory, as long as the same cache is there and nothing touches them.
"""

from collections.abc import Iterable
from pathlib import Path
from threading import RLock
from typing import Protocol

from peer_ledger.errors import DamagedLedger
from peer_ledger.ledger._cache_file import CacheFile, Known, Row, cache_path, key_of, opened
from peer_ledger.ledger._chain import Head, StoredRow

_FURTHEST = 5_000
"""How many entries are caught up with at once, which takes some milliseconds; further behind, a cache is left alone."""

_IN_MEMORY = 10_000
"""How many records are kept in memory: some 10 MB."""


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
        self._kept = _Kept()

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

    def about(self, ledger: Recorded, tip: Head, person: str, last: int) -> Known | None:
        """Return what is known about a person; `None` where it is to be read from the ledger."""
        with self._lock:
            file = self._file if self._catches_up(ledger, tip) else None
            if file is None:
                return None
            known = self._kept.get(person)
            if known is None and (row := file.row(person)) is not None:
                known = row.known()
                self._kept.add(person, known)
            is_of_use = known is not None and known.last <= last and self._touched.isdisjoint(known.people)
            return known if is_of_use else None

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
        if self._seen is not None and tip.seq < self._seen.seq:  # another thread saw a later entry meanwhile
            return False
        try:
            seen = self._seen or _beginning(ledger, self._file, tip)
            is_near = seen is not None and tip.seq - seen.seq <= _FURTHEST
            touched = ledger.touched(seen, tip) if seen is not None and is_near else None
        except DamagedLedger:  # it is told where what is damaged is needed
            touched = None
        if touched is None:
            self._file.close()
            self._file = None
            self._kept = _Kept()
            return False
        self._touched = self._touched | touched  # a new set, because others may be looking at this one
        self._seen = tip
        return True

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._file is not None:
                self._file.close()
            self._file, self._status, self._seen, self._touched, self._kept = None, None, None, set(), _Kept()


class _Kept:
    """The people who were asked for last, as many as have a bounded number of records."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}
        self._records = 0

    def get(self, person: str) -> Known | None:
        """Return what is kept about a person, who is kept longer than the others from now on."""
        known = self._known.pop(person, None)
        if known is not None:
            self._known[person] = known
        return known

    def add(self, person: str, known: Known) -> None:
        """Keep a person, and forget those who were not asked for the longest."""
        self._known[person] = known
        self._records += len(known.records) + 1
        while self._records > _IN_MEMORY:
            self._records -= len(self._known.pop(next(iter(self._known))).records) + 1


def _beginning(ledger: Recorded, file: CacheFile, tip: Head) -> Head | None:
    """Return the entry up to which a cache knows the ledger, and begin to read it; `None` where it cannot be."""
    entry = ledger.row(file.end.seq) if 0 < file.end.seq <= tip.seq else None
    if entry is None or entry.salt is None:
        return None
    file.read_with(key_of(entry))
    return Head(entry.seq, entry.recorded_at, entry.digest)


def _status_of(path: Path) -> tuple[int, ...] | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
