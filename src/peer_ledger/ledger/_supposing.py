"""
What if: the entries of a ledger without some of them, and with records that were never recorded after them.

Nothing is copied or written: what is read comes from the entries beneath, less those that are left out, plus those that
are supposed.  A supposition therefore costs what it supposes, however large the ledger is.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, cast

import attrs

from peer_ledger.errors import LedgerMisuse, UnknownRecord
from peer_ledger.ledger._appending import BATCH, Batch
from peer_ledger.ledger._chain import EMPTY, Head, StoredRow
from peer_ledger.ledger._reading import rows_by_id
from peer_ledger.ledger._store import Rows, Writing
from peer_ledger.records import Erasure, Record
from peer_ledger.records._record import first_id, stem_of

_FIRST_MOMENT = "1970-01-01T00:00:00.000000Z"
"""When records are supposed to have been recorded in a ledger without entries."""


@attrs.frozen(kw_only=True)
class Basis:
    """
    What a view of a ledger shows: entries that were recorded and, if it is a supposition, what it changes about them.

    It is true for a supposition.

    Attributes:
        known: The number of the last entry of the ledger itself.
        supposed: The ids of the records that are supposed and were never recorded, in order.
        without: The ids of the records of the ledger that are left out, sorted.
    """

    known: int
    supposed: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.supposed or self.without)


class SupposedRows:
    """
    Entries that follow those of a ledger without having been recorded, while some of the ledger's are left out.

    Args:
        rows: The entries of the ledger.
        last: The number of the last of them.
        hidden: The numbers of those that are left out.
    """

    def __init__(self, rows: Rows, last: int, hidden: frozenset[int] = frozenset()) -> None:
        self._base, self._end, self._hidden = rows, last, hidden
        self._rows: list[StoredRow] = []
        self._records: list[Record] = []
        self._listed: dict[tuple[str, str | None], list[StoredRow]] = {}
        self._noted: tuple[object, dict[str, Any]] = (None, {})
        self._touched: frozenset[str] | None = frozenset()

    # What is written while a supposition is made.

    def tip(self) -> Head:
        if self._rows:
            return Head(self._rows[-1].seq, self._rows[-1].recorded_at, b"")
        last = self._base.row(self._end)
        return EMPTY if last is None else Head(last.seq, last.recorded_at, b"")

    def add(self, rows: Sequence[StoredRow], records: Sequence[Record | None]) -> None:
        # No chain holds these entries, so that they have neither a commitment nor a digest.
        bare = [row._replace(salt=None, commitment=b"", digest=b"") for row in rows]
        self._rows += bare
        self._records += cast("Sequence[Record]", records)
        for row in bare:
            for key in _keys(row):
                self._listed.setdefault(key, []).append(row)

    def again(self, last: int, hidden: Collection[int]) -> "SupposedRows":
        """Return the same up to one of the entries, to be added to, without some more of them."""
        made = SupposedRows(
            self._base, min(last, self._end), self._hidden.union(seq for seq in hidden if seq <= self._end)
        )
        for row, record in zip(self._rows, self._records, strict=True):
            if row.seq <= last and row.seq not in hidden:
                made.add([row._replace(seq=made.tip().seq + 1)], [record])
        return made

    def done(self) -> "SupposedRows":
        """Find out whom the supposition touches, and return it."""
        changed = [*self._rows, *self._rows_hidden(self._end)]
        if any(row.person is None and row.type != Erasure.record_type for row in changed):
            self._touched = None
        else:
            named = {one for row in changed for one in (row.person, row.other_person) if one is not None}
            # A record that joins two ids names both, so that what the ledger joins to either is everybody.
            self._touched = frozenset().union(*(rows_by_id(self._base, one, self._end) for one in named))
        return self

    # What a view reads.

    @property
    def notes(self) -> dict[str, Any] | None:
        """What readers keep about these entries, until those beneath change."""
        beneath = self._base.notes
        if beneath is not None and self._noted[0] is not beneath:
            self._noted = beneath, {}
        return None if beneath is None else self._noted[1]

    def basis(self, last: int) -> Basis:
        """Return what these entries are, up to one of them."""
        return Basis(
            known=min(last, self._end),
            supposed=tuple(row.id for row in self._rows if row.seq <= last and row.id is not None),
            without=tuple(sorted(row.id for row in self._rows_hidden(last) if row.id is not None)),
        )

    def supposes(self, last: int) -> bool:
        """Return whether these entries, up to one of them, are others than those of the ledger."""
        return bool(self._rows and last > self._end) or any(seq <= last for seq in self._hidden)

    def touches(self, person: str) -> bool:
        """Return whether something else may be true of a person than the ledger says."""
        return self._touched is None or person in self._touched

    def beneath(self, last: int) -> tuple[Rows, int]:
        """Return the entries of the ledger itself, up to one of these."""
        return self._base, min(last, self._end)

    def head(self) -> Head:
        return self.tip()

    def length(self, last: int) -> int:
        hidden = sum(seq <= last for seq in self._hidden)
        return self._base.length(min(last, self._end)) - hidden + sum(row.seq <= last for row in self._rows)

    def row(self, seq: int) -> StoredRow | None:
        if seq > self._end:
            place = seq - self._end - 1
            return self._rows[place] if place < len(self._rows) else None
        return self._base.row(seq)

    def rows(self, last: int) -> Iterator[StoredRow]:
        yield from (row for row in self._base.rows(min(last, self._end)) if row.seq not in self._hidden)
        yield from (row for row in self._rows if row.seq <= last)

    def rows_of(self, person: str | None, last: int, *, kind: str | None = None) -> list[StoredRow]:
        there = self._shown(self._base.rows_of(person, min(last, self._end), kind=kind))
        return there + [row for row in self._own("person", person, last) if kind in (None, row.type)]

    def rows_of_each(self, people: Sequence[str], last: int) -> dict[str, list[StoredRow]]:
        there = self._base.rows_of_each(people, min(last, self._end))
        return {person: self._shown(rows) + self._own("person", person, last) for person, rows in there.items()}

    def rows_about_two(self, last: int) -> list[StoredRow]:
        there = self._shown(self._base.rows_about_two(min(last, self._end)))
        return there + [row for row in self._rows if row.seq <= last and row.other_person is not None]

    def rows_with(self, ids: Sequence[str], last: int) -> dict[str, StoredRow]:
        there = self._base.rows_with(ids, min(last, self._end))
        found = {name: row for name, row in there.items() if row.seq not in self._hidden}
        return found | {name: row for name in ids for row in self._own("id", name, last)}

    def states_named(self, record_id: str, last: int) -> list[StoredRow]:
        own = {row.seq: row for row in self._own("stem", stem_of(record_id), last) + self._own("id", record_id, last)}
        return self._shown(self._base.states_named(record_id, min(last, self._end))) + [own[seq] for seq in sorted(own)]

    def retractions_of(self, record_id: str, last: int) -> list[StoredRow]:
        there = self._shown(self._base.retractions_of(record_id, min(last, self._end)))
        return there + self._own("retracted", record_id, last)

    def people(self, last: int) -> list[str]:
        end = min(last, self._end)
        fewer = {one for row in self._rows_hidden(last) for one in (row.person, row.other_person)}
        gone = {one for one in fewer if not self._shown(self._base.rows_of(one, end))}
        own = {one for row in self._rows if row.seq <= last for one in (row.person, row.other_person)}
        return sorted(({*self._base.people(end)} - gone) | {one for one in own if one is not None})

    def counts(self, last: int) -> dict[str | None, int]:
        counts = dict(self._base.counts(min(last, self._end)))
        for row in self._rows_hidden(last):
            counts[row.type] -= 1
        for row in self._rows:
            if row.seq <= last:
                counts[row.type] = counts.get(row.type, 0) + 1
        return {kind: number for kind, number in counts.items() if number}

    def rows_holding(self, text: str, last: int) -> list[StoredRow]:
        there = self._shown(self._base.rows_holding(text, min(last, self._end)))
        return there + [row for row in self._rows if row.seq <= last and text in (row.record or "")]

    def record(self, row: StoredRow) -> Record:
        return self._records[row.seq - self._end - 1] if row.seq > self._end else self._base.record(row)

    def records(self, rows: Sequence[StoredRow]) -> tuple[Record, ...]:
        return tuple(map(self.record, rows))

    def _shown(self, rows: list[StoredRow]) -> list[StoredRow]:
        return [row for row in rows if row.seq not in self._hidden] if self._hidden else rows

    def _own(self, index: str, key: str | None, last: int) -> list[StoredRow]:
        return [row for row in self._listed.get((index, key), ()) if row.seq <= last]

    def _rows_hidden(self, last: int) -> Iterator[StoredRow]:
        """Yield the entries that are left out; one that was erased since has no content."""
        for seq in sorted(self._hidden):
            row = self._base.row(seq) if seq <= last else None
            if row is not None:
                yield row


def _keys(row: StoredRow) -> Iterator[tuple[str, str | None]]:
    """Yield what an entry is found by."""
    yield "person", row.person
    yield "id", row.id
    if row.id is not None and (stem := first_id(row.id)) != row.id:
        yield "stem", stem
    if row.other_person is not None:
        yield "person", row.other_person
    if row.retracts is not None:
        yield "retracted", row.retracts


def supposing(rows: Rows, last: int, records: Iterable[Record]) -> SupposedRows:
    """
    Return entries with further records after them, which are checked as those of an append are.

    Raises:
        ConflictingRecords: A different record already has the id of a record given.
        UnknownRecord: No record has the id that a retraction names.
        NotARecord: A value given is not a record.
    """
    supposed = _begun(rows, last)
    batch = Batch(cast("Writing", supposed), supposed.tip().recorded_at or _FIRST_MOMENT, erasing=False)
    given = enumerate(records, 1)
    while some := list(islice(given, BATCH)):
        batch.take(some)
    batch.done()
    return supposed.done()


def without(rows: Rows, last: int, record_ids: Sequence[str]) -> SupposedRows:
    """
    Return entries without those of some records and without the retractions of these.

    Raises:
        UnknownRecord: There is no such record.
        LedgerMisuse: It is an erasure, and what that removed cannot come back.
    """
    found: Mapping[str, StoredRow] = rows.rows_with(record_ids, last)
    hidden: dict[int, StoredRow] = {}
    for name in record_ids:
        if name not in found:
            raise UnknownRecord(name, "to be left out")
        if found[name].type == Erasure.record_type:
            raise LedgerMisuse("an erasure cannot be left out; what it removed no longer exists")
    waiting = list(found.values())
    while waiting:
        row = waiting.pop()
        if row.seq not in hidden and row.id is not None:
            hidden[row.seq] = row
            waiting += rows.retractions_of(row.id, last)
    return _begun(rows, last, hidden).done()


def _begun(rows: Rows, last: int, hidden: Collection[int] = ()) -> SupposedRows:
    """Return what is supposed already about entries, or nothing, to be added to, without some of them."""
    if isinstance(rows, SupposedRows):
        return rows.again(last, hidden)
    return SupposedRows(rows, last, frozenset(hidden))


def basis_of(rows: Rows, last: int) -> Basis:
    """Return what entries are, up to one of them: recorded, or a supposition."""
    return rows.basis(last) if isinstance(rows, SupposedRows) else Basis(known=last)


def without_suppositions(rows: Rows, last: int) -> tuple[Rows, int]:
    """Return the entries of the ledger itself where nothing is supposed about them up to one of them, and that one."""
    return rows.beneath(last) if isinstance(rows, SupposedRows) and not rows.supposes(last) else (rows, last)
