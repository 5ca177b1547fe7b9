"""
What a ledger asks of the place where its entries are kept, and the simplest such place: memory.
"""

from bisect import insort
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from threading import RLock
from typing import Any, Protocol

from peer_ledger._chain import EMPTY, Head, Row
from peer_ledger._record import first_id, stem_of
from peer_ledger.errors import LedgerMisuse
from peer_ledger.records import Record

NESTED = "an append to this ledger is under way; let it end before the next begins"


class Rows(Protocol):
    """
    Entries that can be read; `last` is the highest sequence number that is looked at.
    """

    def head(self) -> Head:
        """Give the last entry."""

    def row(self, seq: int) -> Row | None:
        """Give one entry, or `None` when there is none of that number."""

    def rows(self, last: int) -> Iterator[Row]:
        """Give all entries in order, a page at a time."""

    def rows_of(self, person: str | None, last: int) -> list[Row]:
        """Give the entries about one person, or those about nobody in particular, in order."""

    def rows_with(self, ids: Sequence[str], last: int) -> dict[str, Row]:
        """Give the entries of these record ids, as far as there are any."""

    def states_named(self, record_id: str, last: int) -> list[Row]:
        """Give the entries whose record has this id, or this id with `~2`, `~3` ... at its end, in order."""

    def retractions_of(self, record_id: str, last: int) -> list[Row]:
        """Give the entries that retract this record, in order."""

    def people(self, last: int) -> list[str]:
        """Give every person's id, sorted."""

    def counts(self, last: int) -> dict[str | None, int]:
        """Count the entries of each type; those erased under `None`."""

    def record(self, row: Row) -> Record:
        """Give the record of an entry that is not erased."""


class Writing(Rows, Protocol):
    """
    A store between the beginning and the end of one all-or-nothing change.
    """

    def tip(self) -> Head:
        """Give the last entry, those of this change included."""

    def add(self, rows: Sequence[Row], records: Sequence[Record | None]) -> None:
        """Put entries at the end."""

    def blank(self, seqs: Sequence[int]) -> None:
        """Erase the content of entries."""


class Store(Rows, Protocol):
    """
    Where entries are kept.
    """

    def writing(self) -> AbstractContextManager[Writing]:
        """Begin a change; it is kept when the block ends and undone when it fails."""

    def purge(self) -> bool:
        """Make sure that nothing erased lingers; `False` when somebody who is reading prevents it."""

    def damage(self) -> Iterator[str]:
        """Say what is wrong with the place itself, apart from what it holds."""

    def close(self) -> None:
        """Let go of it."""


class MemoryStore:
    """
    Entries in memory; gone when the process ends.
    """

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._records: list[Record | None] = []
        self._by_id: dict[str, int] = {}
        self._by_person: dict[str | None, list[int]] = {}
        self._by_retracted: dict[str, list[int]] = {}
        self._by_stem: dict[str, list[int]] = {}
        self._lock = RLock()
        self._begun = False
        self._blanked: list[tuple[Row, Record | None]] = []
        self._committed = EMPTY

    def head(self) -> Head:
        return self._committed

    def row(self, seq: int) -> Row | None:
        return self._rows[seq - 1] if 0 < seq <= len(self._rows) else None

    def rows(self, last: int) -> Iterator[Row]:
        for position in range(last):
            yield self._rows[position]

    def rows_of(self, person: str | None, last: int) -> list[Row]:
        return [self._rows[seq - 1] for seq in self._by_person.get(person, ()) if seq <= last]

    def rows_with(self, ids: Sequence[str], last: int) -> dict[str, Row]:
        found = ((record_id, self._by_id.get(record_id, last + 1)) for record_id in ids)
        return {record_id: self._rows[seq - 1] for record_id, seq in found if seq <= last}

    def states_named(self, record_id: str, last: int) -> list[Row]:
        seqs = [*self._by_stem.get(stem_of(record_id), ()), self._by_id.get(record_id, last + 1)]
        return [self._rows[seq - 1] for seq in sorted(set(seqs)) if seq <= last]

    def retractions_of(self, record_id: str, last: int) -> list[Row]:
        return [self._rows[seq - 1] for seq in self._by_retracted.get(record_id, ()) if seq <= last]

    def people(self, last: int) -> list[str]:
        return sorted(person for person, seqs in self._by_person.items() if person is not None and seqs[0] <= last)

    def counts(self, last: int) -> dict[str | None, int]:
        counts: dict[str | None, int] = {}
        for row in self.rows(last):
            counts[row.type] = counts.get(row.type, 0) + 1
        return counts

    def record(self, row: Row) -> Record:
        record = self._records[row.seq - 1]
        assert record is not None, "an erased entry has no record"
        return record

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        with self._lock:
            if self._begun:
                raise LedgerMisuse(NESTED)
            self._begun = True
            self._blanked = []
            try:
                yield self
            except BaseException:
                self._forget_after(self._committed.seq)
                self._restore_blanked(self._committed.seq)
                raise
            finally:
                self._begun, self._blanked = False, []
            self._committed = self.tip()

    def tip(self) -> Head:
        if not self._rows:
            return EMPTY
        last = self._rows[-1]
        return Head(last.seq, last.recorded_at, last.digest)

    def add(self, rows: Sequence[Row], records: Sequence[Record | None]) -> None:
        self._rows += rows
        self._records += records
        for row in rows:
            if row.id is not None:
                self._by_id[row.id] = row.seq
            for index, key in self._keys(row):
                index.setdefault(key, []).append(row.seq)

    def blank(self, seqs: Sequence[int]) -> None:
        for seq in seqs:
            self._blanked.append((self._rows[seq - 1], self._records[seq - 1]))
            self._unlist(self._rows[seq - 1])
            self._rows[seq - 1] = self._rows[seq - 1].blank()
            self._records[seq - 1] = None

    def purge(self) -> bool:
        return True

    def damage(self) -> Iterator[str]:
        return iter(())

    def close(self) -> None:
        pass

    def _forget_after(self, seq: int) -> None:
        for row in reversed(self._rows[seq:]):
            self._unlist(row)
        del self._rows[seq:], self._records[seq:]

    def _restore_blanked(self, last: int) -> None:
        for row, record in self._blanked:
            if row.seq <= last:
                self._rows[row.seq - 1], self._records[row.seq - 1] = row, record
                if row.id is not None:
                    self._by_id[row.id] = row.seq
                for index, key in self._keys(row):
                    insort(index.setdefault(key, []), row.seq)

    def _unlist(self, row: Row) -> None:
        if row.id is not None:
            del self._by_id[row.id]
        for index, key in self._keys(row):
            if index[key][-1] == row.seq:
                index[key].pop()
            else:
                index[key].remove(row.seq)
            if not index[key]:
                del index[key]

    def _keys(self, row: Row) -> list[tuple[dict[Any, list[int]], str | None]]:
        if row.id is None:
            return []
        keys: list[tuple[dict[Any, list[int]], str | None]] = [(self._by_person, row.person)]
        if (stem := first_id(row.id)) != row.id:
            keys.append((self._by_stem, stem))
        if row.other_person is not None:
            keys.append((self._by_person, row.other_person))
        if row.retracts is not None:
            keys.append((self._by_retracted, row.retracts))
        return keys
