"""
Reading a ledger: its entries and records as known now or at an earlier moment.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, cast

import attrs

from peer_ledger.errors import LedgerMisuse, UnknownRecord
from peer_ledger.ledger._chain import EMPTY, StoredRow
from peer_ledger.ledger._known import known_about
from peer_ledger.ledger._reading import rows_about, rows_in_effect, same_person, withdrawn
from peer_ledger.ledger._store import Rows, Store
from peer_ledger.ledger._supposing import Basis, SupposedRows, basis_of, supposing, without, without_suppositions
from peer_ledger.ledger._verification import Integrity, verified
from peer_ledger.records import Erasure, Record
from peer_ledger.values._arguments import A_TEXT, TEXT_OR_TEXTS, arguments
from peer_ledger.values._wording import counted
from peer_ledger.values.dates import as_moment, moment_text


@attrs.frozen(kw_only=True)
class Entry:
    """
    One entry of a ledger.

    Attributes:
        seq: Its number, from 1, without gaps; in a supposition, there is a gap where an entry is left out.
        recorded_at: When it was recorded, in UTC; never earlier than the entry before.
        record: The record; `None` when it was erased.
        digest: The chained digest of everything up to it, as 64 hexadecimal digits; empty when the entry is only
            supposed.
    """

    seq: int
    recorded_at: datetime
    record: Record | None
    digest: str


class LedgerView:
    """
    A ledger for reading: as it is known now, as it was known at some moment, or as it would be with other records.
    """

    def __init__(self, store: Rows, last: int) -> None:
        self._store, self._known_last = without_suppositions(store, last)

    @property
    def _last(self) -> int:
        return self._known_last

    def __len__(self) -> int:
        """Return the number of entries, including erased ones."""
        return self._store.length(self._last)

    def __bool__(self) -> bool:
        """Return true: a ledger without entries is a ledger, too."""
        return True

    def __iter__(self) -> Iterator[Entry]:
        """Yield every entry in order, reading a page at a time."""
        return map(self._entry, self._store.rows(self._last))

    def __repr__(self) -> str:
        supposed = ", supposed in part" if self.basis else ""
        return f"<{type(self).__name__} of {counted(len(self), 'entry')}{supposed}>"

    @property
    def basis(self) -> Basis:
        """
        What the view shows: entries up to a number and, if it is a supposition, what it adds and what it leaves out.
        """
        return basis_of(self._store, self._last)

    @property
    def head(self) -> tuple[int, str]:
        """
        The number and the digest of the last entry, to be kept outside the ledger.

        `verify(head=...)` proves later that nothing up to it was changed or removed.

        Raises:
            LedgerMisuse: The view is a supposition, whose entries are in no chain.
        """
        self._refuse_supposition("has no head")
        row = self._store.row(self._last)
        return (row.seq, row.digest.hex()) if row else (EMPTY.seq, EMPTY.digest.hex())

    @arguments(record_id=A_TEXT)
    def entry(self, record_id: str) -> Entry:
        """
        Find the entry that holds a record, withdrawn or not.

        Raises:
            UnknownRecord: There is no such record, or it was erased.
        """
        return self._entry(_row_of(self._store, record_id, self._last, "to be read"))

    @arguments(record_id=A_TEXT)
    def record(self, record_id: str) -> Record:
        """
        Find a record by its id, withdrawn or not.

        Raises:
            UnknownRecord: There is no such record, or it was erased.
        """
        return self._store.record(_row_of(self._store, record_id, self._last, "to be read"))

    def pinned(self) -> "LedgerView":
        """Return the ledger as it is known now, unaffected by later appends."""
        return LedgerView(self._store, self._last)

    @arguments(record_id=A_TEXT)
    def is_withdrawn(self, record_id: str) -> bool:
        """
        Return whether a record is withdrawn: whether some retraction of it is not itself withdrawn.

        Raises:
            UnknownRecord: There is no such record.
        """
        _row_of(self._store, record_id, self._last, "to be read")
        return withdrawn(self._store, record_id, self._last)

    def people(self) -> Iterator[str]:
        """Yield every person's id, sorted; a person with two ids is listed under both."""
        return iter(self._store.people(self._last))

    @arguments(person=A_TEXT)
    def same_person(self, person: str) -> frozenset[str]:
        """
        Return every id of the person with this id, including this id.
        """
        return same_person(self._store, person, self._last)

    @arguments(person=A_TEXT)
    def entries_of(self, person: str) -> tuple[Entry, ...]:
        """
        Return every entry about a person under any of their ids, in order, without reading anybody else's.

        Returns:
            The entries, including withdrawn records and retractions; none for an unknown id.
        """
        return tuple(map(self._entry, rows_about(self._store, person, self._last)))

    @arguments(person=A_TEXT)
    def records_of(self, person: str) -> tuple[Record, ...]:
        """
        Return the records about a person that are not withdrawn, in the order in which they were recorded.

        Returns:
            The records under any of the person's ids, without retractions; none for an unknown id.
        """
        last = self._last
        known = known_about(self._store, person, last)
        return self._in_effect(rows_about(self._store, person, last)) if known is None else known.records

    def shared_records(self) -> tuple[Record, ...]:
        """
        Return the records about nobody in particular that are not withdrawn: courses, and coverage for everybody.
        """
        rows = self._store.rows_of(None, self._last)
        return self._in_effect([row for row in rows if row.type != Erasure.record_type])

    def counts(self) -> dict[str, int]:
        """
        Return the number of entries of each type of record, sorted by type, with erased entries under `erased`.
        """
        counts = self._store.counts(self._last)
        return dict(sorted((kind or "erased", count) for kind, count in counts.items()))

    def known_at(self, moment: datetime | str) -> "LedgerView":
        """
        Return the ledger as it was known at a moment: what had been recorded up to and including that moment.

        What was erased since is erased there, too.

        Args:
            moment: A datetime with its time zone, or a text such as `"2026-03-01T09:30:00-05:00"`.

        Raises:
            InvalidValue: It is not a moment, or has no time zone.
        """
        text = moment_text(as_moment(moment))
        return LedgerView(self._store, bisect_right(_Moments(self._store, self._last), text))

    def supposing(self, records: Record | Iterable[Record]) -> "LedgerView":
        """
        Return the ledger as it would be if further records were appended now; nothing is written.

        Every question can be put to it; a report says in its `provenance` what was supposed.  The records count as
        recorded at the moment of the last entry.  Later appends to the ledger do not show in it.

        Args:
            records: A record, or any number of them; one that the ledger has unchanged is skipped.

        Raises:
            ConflictingRecords: A different record already has the id of a record given; `without` leaves that out.
            UnknownRecord: The ledger has no record that a retraction names.
            NotARecord: A value given is not a record.
            LedgerMisuse: A record given is an erasure.
        """
        given = (records,) if isinstance(records, Record) or not isinstance(records, Iterable) else records
        supposed = supposing(self._store, self._last, given)
        return LedgerView(supposed, supposed.tip().seq)

    @arguments(record_ids=TEXT_OR_TEXTS)
    def without(self, record_ids: str | Iterable[str]) -> "LedgerView":
        """
        Return the ledger as it would be if some records had never been recorded; nothing is written.

        With a record, its retractions are left out, too.  A later state of the record stays; leave it out by its own
        id, which reports name.  The other entries of the ledger keep their numbers.

        Args:
            record_ids: The id of a record, or any number of them.

        Raises:
            UnknownRecord: There is no such record.
            LedgerMisuse: It is an erasure, and what that removed no longer exists.
        """
        ids = (record_ids,) if isinstance(record_ids, str) else tuple(record_ids)
        fewer = without(self._store, self._last, ids)
        return LedgerView(fewer, fewer.tip().seq)

    def verify(self, head: tuple[int, str] | str | None = None) -> Integrity:
        """
        Read all entries and find those that were altered, removed, reordered or inserted by tampering.

        Args:
            head: An earlier value of `head`, or the text that the command line prints for it, `"1842:9f1c..."`; with
                it, entries removed from the end are detected even if the file was rewritten.

        Returns:
            The result; true when nothing is wrong.

        Raises:
            InvalidValue: `head` is not a head.
            LedgerReplaced: Another file has taken the ledger's place.
            LedgerMisuse: The view is a supposition, whose entries are in no chain.
        """
        self._refuse_supposition("cannot be verified")
        return verified(cast("Store", self._store), lambda: self._last, head)

    def _entry(self, row: StoredRow) -> Entry:
        return Entry(
            seq=row.seq,
            recorded_at=as_moment(row.recorded_at),
            record=None if row.record is None else self._store.record(row),
            digest=row.digest.hex(),
        )

    def _refuse_supposition(self, why: str) -> None:
        # A ledger itself is none, also where its head is damaged: that is for `verify` to tell.
        if isinstance(self._store, SupposedRows) and self.basis:
            raise LedgerMisuse(f"a supposition {why}, because it was never recorded; ask the ledger itself")

    def _in_effect(self, rows: list[StoredRow]) -> tuple[Record, ...]:
        return _in_effect(self._store, rows)


def notes_about(view: LedgerView, name: str) -> dict[str, Any] | None:
    """
    Return a dictionary to keep what was found out about a ledger as this view knows it; `None` for a ledger in a file.

    The dictionary is a new one after every change of the ledger, and for a view as of another entry.
    """
    notes = view._store.notes
    if notes is None:
        return None
    last: int | None
    kept: dict[str, Any] | None
    last, kept = notes.get(name, (None, None))
    if kept is None or last != view._last:
        kept = dict[str, Any]()
        notes[name] = view._last, kept
    return kept


def same_beneath(view: LedgerView, person: str) -> LedgerView | None:
    """
    Return the ledger itself where a supposition says the same about a person; `None` where it may not, or is none.

    Args:
        view: Any view of a ledger.
        person: Any of the person's ids.
    """
    rows = view._store
    return (
        LedgerView(*rows.beneath(view._last)) if isinstance(rows, SupposedRows) and not rows.touches(person) else None
    )


def current_state(view: LedgerView, record_id: str) -> Record | None:
    """Return the state of a record that is in effect, given the id of its first state; `None` when there is none."""
    rows = view._store.states_named(record_id, view._last)
    for row in reversed(rows):
        if row.id is not None and row.retracts is None and not withdrawn(view._store, row.id, view._last):
            record = view._store.record(row)
            if record.id == record_id or record.replaces is not None:
                return record
    return None


def view_up_to(view: LedgerView, number: int) -> tuple[LedgerView, str | None]:
    """Return a ledger up to one of its entries, and the moment at which that was recorded; `None` for no entry."""
    row = view._store.row(number) if number else None
    return LedgerView(view._store, number), None if row is None else row.recorded_at


def shared_entries(view: LedgerView) -> Iterator[Entry]:
    """Yield the entries about nobody in particular, withdrawn or not, in order."""
    return map(view._entry, view._store.rows_of(None, view._last))


def shared_of_kind(view: LedgerView, kind: str) -> tuple[Record, ...]:
    """Return the records of one type about nobody in particular that are not withdrawn."""
    rows = view._store.rows_of(None, view._last, kind=kind)
    return tuple(view._store.record(row) for row in rows if not withdrawn(view._store, row.id or "", view._last))


def _in_effect(rows: Rows, some: list[StoredRow]) -> tuple[Record, ...]:
    return tuple(map(rows.record, rows_in_effect(some)))


class _Moments:
    """The moments of the entries, as a sequence for `bisect`."""

    def __init__(self, rows: Rows, last: int) -> None:
        self._rows, self._last = rows, last

    def __len__(self) -> int:
        return self._last

    def __getitem__(self, position: int) -> str:
        row = self._rows.row(position + 1)
        assert row is not None, "entries have no gaps"
        return row.recorded_at


def _row_of(rows: Rows, record_id: str, last: int, purpose: str) -> StoredRow:
    row = rows.rows_with([record_id], last).get(record_id)
    if row is None:
        raise UnknownRecord(record_id, purpose)
    return row
