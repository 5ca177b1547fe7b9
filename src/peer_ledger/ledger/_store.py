"""
The interface of the stores that keep a ledger's entries, and the store in memory.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from threading import RLock
from types import FrameType
from typing import Any, NoReturn, Protocol, TypeVar

import attrs

from peer_ledger.errors import LedgerMisuse
from peer_ledger.ledger._chain import EMPTY, Head, StoredRow
from peer_ledger.records import Record
from peer_ledger.records._record import first_id, stem_of
from peer_ledger.records.interchange import record_from_json

NESTED = "another append to this ledger is in progress; finish it first"
UNPICKLED = (
    "a ledger cannot be pickled or copied: pass its path and open it there, or write it with write_archive and read it "
    "with read_archive"
)

Result = TypeVar("Result")


class Rows(Protocol):
    """
    Entries that can be read; `last` is the highest sequence number to read.

    Attributes:
        notes: What readers keep about the entries as they are, by name, until these change; `None` where they keep
            nothing, as about entries that may be undone.
    """

    @property
    def notes(self) -> dict[str, Any] | None: ...

    def head(self) -> Head:
        """Return the last entry."""

    def length(self, last: int) -> int:
        """Return the number of entries up to `last`, so that a list can be allocated at once."""

    def row(self, seq: int) -> StoredRow | None:
        """Return the entry with a number, or `None` when there is none."""

    def rows(self, last: int) -> Iterator[StoredRow]:
        """Return all entries in order, a page at a time."""

    def rows_of(self, person: str | None, last: int, *, kind: str | None = None) -> list[StoredRow]:
        """Return the entries about a person, or about nobody in particular, in order; optionally of one type."""

    def rows_of_each(self, people: Sequence[str], last: int) -> dict[str, list[StoredRow]]:
        """Return the entries about each of some people, in order, by person, from one reading."""

    def rows_about_two(self, last: int) -> list[StoredRow]:
        """Return the entries about two ids of one person: the records that join them, and retractions of these."""

    def rows_with(self, ids: Sequence[str], last: int) -> dict[str, StoredRow]:
        """Return the entries with these record ids; ids without an entry are left out."""

    def states_named(self, record_id: str, last: int) -> list[StoredRow]:
        """Return the entries whose record has this id, or this id with `~2`, `~3` ... at its end, in order."""

    def retractions_of(self, record_id: str, last: int) -> list[StoredRow]:
        """Return the entries that retract this record, in order."""

    def people(self, last: int) -> list[str]:
        """Return every person's id, sorted."""

    def counts(self, last: int) -> dict[str | None, int]:
        """Return the number of entries of each type, with erased entries under `None`."""

    def rows_holding(self, text: str, last: int) -> list[StoredRow]:
        """Return the entries whose record, as JSON, contains a text, in order; it reads all entries."""

    def record(self, row: StoredRow) -> Record:
        """Return the record of an entry that is not erased."""

    def records(self, rows: Sequence[StoredRow]) -> tuple[Record, ...]:
        """Return the records of entries that are not erased."""


class Writing(Rows, Protocol):
    """
    A store between the beginning and the end of one all-or-nothing change.
    """

    def tip(self) -> Head:
        """Return the last entry, including the entries of this change."""

    def add(self, rows: Sequence[StoredRow], records: Sequence[Record | None]) -> None:
        """Add entries at the end."""

    def blank(self, seqs: Sequence[int]) -> None:
        """Erase the content of entries."""


class Store(Rows, Protocol):
    """
    Where entries are kept.
    """

    def change(self, work: Callable[[Writing], Result]) -> Result:
        """Do some work as one change, which is kept when the work returns and undone when it raises anything."""

    def purge(self) -> bool:
        """Remove all traces of erased content; return `False` when a reader prevents it."""

    def purge_pending(self) -> None:
        """Purge what an erasure could not, if nobody is reading now."""

    def is_purged(self) -> bool:
        """Return whether no traces of erased content remain."""

    def damage(self) -> Iterator[str]:
        """Yield what is wrong with the file itself, apart from its entries."""

    def close(self) -> None:
        """Close the store."""


@attrs.define
class _Kept:
    """
    The contents of a store in memory.  An append adds to it after `committed`; an erasure replaces it by a copy.

    Only `committed` decides what is in the ledger, and it changes in one step, so whatever an interrupted append left
    after it is never read.
    """

    rows: list[StoredRow] = attrs.field(factory=list)
    records: list[Record | None] = attrs.field(factory=list)
    by_id: dict[str, int] = attrs.field(factory=dict)
    by_person: dict[str | None, list[int]] = attrs.field(factory=dict)
    by_other_person: dict[str, list[int]] = attrs.field(factory=dict)
    by_retracted: dict[str, list[int]] = attrs.field(factory=dict)
    by_stem: dict[str, list[int]] = attrs.field(factory=dict)
    committed: Head = EMPTY
    is_settled: bool = True
    """Whether there is nothing after `committed`."""

    def settled(self) -> "_Kept":
        """Return the same contents without what an interrupted append left after them."""
        if self.is_settled:
            return self
        kept = _Kept(committed=self.committed)
        kept.add(self.rows[: self.committed.seq], self.records[: self.committed.seq])
        return kept

    def copy(self) -> "_Kept":
        """Return a copy that can be changed while others read this one."""

        def copied(index: dict[Any, list[int]]) -> dict[Any, list[int]]:
            return {key: list(seqs) for key, seqs in index.items()}

        return _Kept(
            list(self.rows),
            list(self.records),
            dict(self.by_id),
            copied(self.by_person),
            copied(self.by_other_person),
            copied(self.by_retracted),
            copied(self.by_stem),
            self.committed,
        )

    def add(self, rows: Sequence[StoredRow], records: Sequence[Record | None]) -> None:
        """Add entries at the end."""
        self.rows += rows
        self.records += records
        for row in rows:
            if row.id is not None:
                self.by_id[row.id] = row.seq
            for index, key in self._keys(row):
                index.setdefault(key, []).append(row.seq)

    def blank(self, seqs: Sequence[int]) -> None:
        """Erase the content of entries."""
        for seq in seqs:
            self._unlist(self.rows[seq - 1])
            self.rows[seq - 1] = self.rows[seq - 1].blank()
            self.records[seq - 1] = None

    def forget_after(self, seq: int) -> None:
        """Remove what was added after an entry."""
        for row in reversed(self.rows[seq:]):
            self._unlist(row)
        del self.rows[seq:], self.records[seq:]

    def _unlist(self, row: StoredRow) -> None:
        if row.id is not None:
            del self.by_id[row.id]
        for index, key in self._keys(row):
            if index[key][-1] == row.seq:
                index[key].pop()
            else:
                index[key].remove(row.seq)
            if not index[key]:
                del index[key]

    def _keys(self, row: StoredRow) -> list[tuple[dict[Any, list[int]], str | None]]:
        if row.id is None:
            return []
        keys: list[tuple[dict[Any, list[int]], str | None]] = [(self.by_person, row.person)]
        if (stem := first_id(row.id)) != row.id:
            keys.append((self.by_stem, stem))
        if row.other_person is not None:
            keys += [(self.by_person, row.other_person), (self.by_other_person, row.other_person)]
        if row.retracts is not None:
            keys.append((self.by_retracted, row.retracts))
        return keys


class _MemoryRows:
    """
    The reading of entries in memory, from any thread: each read takes `_kept` once.
    """

    def __init__(self, kept: _Kept) -> None:
        self._kept = kept

    def head(self) -> Head:
        return self._kept.committed

    def length(self, last: int) -> int:
        return last

    def row(self, seq: int) -> StoredRow | None:
        kept = self._kept
        return kept.rows[seq - 1] if 0 < seq <= kept.committed.seq else None

    def rows(self, last: int) -> Iterator[StoredRow]:
        for position in range(last):
            yield self._kept.rows[position]

    def rows_of(self, person: str | None, last: int, *, kind: str | None = None) -> list[StoredRow]:
        kept = self._kept
        rows = [kept.rows[seq - 1] for seq in list(kept.by_person.get(person, ())) if seq <= last]
        return rows if kind is None else [row for row in rows if row.type == kind]

    def rows_of_each(self, people: Sequence[str], last: int) -> dict[str, list[StoredRow]]:
        return {person: self.rows_of(person, last) for person in people}

    def rows_about_two(self, last: int) -> list[StoredRow]:
        kept = self._kept
        listed = kept.by_other_person.copy().values()  # in one step, while others add
        return [kept.rows[seq - 1] for seq in sorted(seq for seqs in listed for seq in list(seqs)) if seq <= last]

    def rows_with(self, ids: Sequence[str], last: int) -> dict[str, StoredRow]:
        kept = self._kept
        found = ((record_id, kept.by_id.get(record_id, last + 1)) for record_id in ids)
        return {record_id: kept.rows[seq - 1] for record_id, seq in found if seq <= last}

    def states_named(self, record_id: str, last: int) -> list[StoredRow]:
        kept = self._kept
        seqs = [*kept.by_stem.get(stem_of(record_id), ()), kept.by_id.get(record_id, last + 1)]
        return [kept.rows[seq - 1] for seq in sorted(set(seqs)) if seq <= last]

    def retractions_of(self, record_id: str, last: int) -> list[StoredRow]:
        kept = self._kept
        return [kept.rows[seq - 1] for seq in list(kept.by_retracted.get(record_id, ())) if seq <= last]

    def people(self, last: int) -> list[str]:
        listed = self._kept.by_person.copy().items()  # in one step, while others add
        return sorted(person for person, seqs in listed if person is not None and min(seqs, default=last + 1) <= last)

    def counts(self, last: int) -> dict[str | None, int]:
        counts: dict[str | None, int] = {}
        for row in self._kept.rows[:last]:
            counts[row.type] = counts.get(row.type, 0) + 1
        return counts

    def rows_holding(self, text: str, last: int) -> list[StoredRow]:
        return [row for row in self._kept.rows[:last] if row.record is not None and text in row.record]

    def record(self, row: StoredRow) -> Record:
        # A caller that read the entry before it was erased still has its text.
        return self._kept.records[row.seq - 1] or record_from_json(row.record or "")

    def records(self, rows: Sequence[StoredRow]) -> tuple[Record, ...]:
        records = self._kept.records
        return tuple([records[row.seq - 1] or self.record(row) for row in rows])


class _MemoryWriting(_MemoryRows):
    """
    One change to a store in memory.
    """

    notes: dict[str, Any] | None = None

    def __init__(self, kept: _Kept) -> None:
        super().__init__(kept)
        self._shared = kept

    def tip(self) -> Head:
        rows = self._kept.rows
        return Head(rows[-1].seq, rows[-1].recorded_at, rows[-1].digest) if rows else EMPTY

    def add(self, rows: Sequence[StoredRow], records: Sequence[Record | None]) -> None:
        self._kept.is_settled = False
        self._kept.add(rows, records)

    def blank(self, seqs: Sequence[int]) -> None:
        if self._kept is self._shared:
            self._kept = self._shared.copy()
        self._kept.blank(seqs)

    def done(self) -> _Kept:
        """Commit the change and return the new contents."""
        self._kept.committed = self.tip()
        self._kept.is_settled = True
        return self._kept

    def undone(self) -> None:
        """Remove what was added; what an interrupt leaves of it is removed by the next change."""
        with suppress(LookupError, ValueError):  # only some of an entry's places were listed; it stays unsettled
            self._shared.forget_after(self._shared.committed.seq)
            self._shared.is_settled = True


class Nesting:
    """
    Whether a change is under way further up the stack.

    It looks at the stack instead of keeping a flag: an interrupt at the wrong instruction would leave a flag set.
    """

    def __init__(self) -> None:
        self._running: FrameType | None = None

    def begin(self) -> None:
        """
        Note that the caller's frame runs a change.

        Raises:
            LedgerMisuse: A frame above it runs another.
        """
        caller = sys._getframe(1)
        above = caller.f_back
        while above is not None:
            if above is self._running:
                raise LedgerMisuse(NESTED)
            above = above.f_back
        self._running = caller

    def end(self) -> None:
        """Note that no frame runs a change."""
        self._running = None


class MemoryStore(_MemoryRows):
    """
    Entries in memory, lost when the process ends.
    """

    def __init__(self) -> None:
        super().__init__(_Kept())
        self.notes: dict[str, Any] | None = {}
        self._lock = RLock()
        self._nesting = Nesting()

    def __reduce__(self) -> NoReturn:
        raise LedgerMisuse(UNPICKLED)

    def change(self, work: Callable[[Writing], Result]) -> Result:
        with self._lock:
            self._nesting.begin()
            try:
                self._kept = self._kept.settled()
                change = _MemoryWriting(self._kept)
                try:
                    result = work(change)
                    self._kept = change.done()
                except BaseException:
                    change.undone()
                    raise
            finally:
                self.notes = {}
                self._nesting.end()
            return result

    def purge(self) -> bool:
        return True

    def purge_pending(self) -> None:
        pass

    def is_purged(self) -> bool:
        return True

    def damage(self) -> Iterator[str]:
        return iter(())

    def close(self) -> None:
        pass
