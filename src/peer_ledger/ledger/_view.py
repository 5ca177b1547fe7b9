"""
Reading a ledger: its entries and records as known now or at an earlier moment.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

import attrs

from peer_ledger.errors import UnknownRecord
from peer_ledger.ledger._chain import EMPTY, StoredRow
from peer_ledger.ledger._store import Rows, Store
from peer_ledger.ledger._verification import Integrity, verified
from peer_ledger.records import Erasure, Record, SamePerson
from peer_ledger.values._arguments import A_TEXT, arguments
from peer_ledger.values._wording import counted
from peer_ledger.values.dates import as_moment, moment_text


@attrs.frozen(kw_only=True)
class Entry:
    """
    One entry of a ledger.

    Attributes:
        seq: Its number, from 1, without gaps.
        recorded_at: When it was recorded, in UTC; never earlier than the entry before.
        record: The record; `None` when it was erased.
        digest: The chained digest of everything up to it, as 64 hexadecimal digits.
    """

    seq: int
    recorded_at: datetime
    record: Record | None
    digest: str


class LedgerView:
    """
    A ledger for reading: as it was known at some moment or, for the `Ledger` itself, as it is known now.
    """

    def __init__(self, store: Store, last: int) -> None:
        self._store = store
        self._known_last = last

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
        return f"<{type(self).__name__} of {counted(len(self), 'entry')}>"

    @property
    def head(self) -> tuple[int, str]:
        """
        The number and the digest of the last entry, to be kept outside the ledger.

        `verify(head=...)` proves later that nothing up to it was changed or removed.
        """
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
        return self._in_effect(rows_about(self._store, person, self._last))

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
        """
        return verified(self._store, lambda: self._last, head)

    def _entry(self, row: StoredRow) -> Entry:
        return Entry(
            seq=row.seq,
            recorded_at=as_moment(row.recorded_at),
            record=None if row.record is None else self._store.record(row),
            digest=row.digest.hex(),
        )

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


def current_state(view: LedgerView, record_id: str) -> Record | None:
    """Return the state of a record that is in effect, given the id of its first state; `None` when there is none."""
    rows = view._store.states_named(record_id, view._last)
    for row in reversed(rows):
        if row.id is not None and row.retracts is None and not withdrawn(view._store, row.id, view._last):
            record = view._store.record(row)
            if record.id == record_id or record.replaces is not None:
                return record
    return None


def shared_of_kind(view: LedgerView, kind: str) -> tuple[Record, ...]:
    """Return the records of one type about nobody in particular that are not withdrawn."""
    rows = view._store.rows_of(None, view._last, kind=kind)
    return tuple(view._store.record(row) for row in rows if not withdrawn(view._store, row.id or "", view._last))


def _in_effect(rows: Rows, some: list[StoredRow]) -> tuple[Record, ...]:
    return tuple(map(rows.record, rows_in_effect(some)))


def rows_in_effect(some: list[StoredRow]) -> list[StoredRow]:
    """Return the entries whose records are not withdrawn, without retractions, among all entries about a person."""
    gone = withdrawn_among(some)
    return [row for row in some if row.id not in gone and row.retracts is None]


def merged(found: dict[str, list[StoredRow]]) -> list[StoredRow]:
    """Return the entries about several ids in order, each once."""
    return sorted({row.seq: row for some in found.values() for row in some}.values())


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


def withdrawn(rows: Rows, record_id: str, last: int) -> bool:
    """Return whether some retraction of a record is not itself withdrawn."""
    found: dict[int, StoredRow] = {}
    waiting = [record_id]
    while waiting:
        for row in rows.retractions_of(waiting.pop(), last):
            if row.seq not in found and row.id is not None:
                found[row.seq] = row
                waiting.append(row.id)
    return record_id in withdrawn_among(sorted(found.values()))


def withdrawn_among(rows: list[StoredRow]) -> set[str | None]:
    """Return the withdrawn ids; a retraction follows what it retracts, so a single pass from the end suffices."""
    gone: set[str | None] = set()
    for row in reversed(rows):
        if row.retracts is not None and row.id not in gone:
            gone.add(row.retracts)
    return gone


def joined_among(rows: list[StoredRow]) -> list[tuple[str, str]]:
    """Return the pairs of ids that are joined, given the entries that join them and all retractions of these."""
    joining = [row for row in rows if row.type == SamePerson.record_type]
    if not joining:
        return []
    gone = withdrawn_among(rows)
    return [
        (row.person, row.other_person)
        for row in joining
        if row.id not in gone and row.person is not None and row.other_person is not None
    ]


def same_person(rows: Rows, person: str, last: int) -> frozenset[str]:
    """Return every id of a person, following the records that join two ids."""
    return frozenset(rows_by_id(rows, person, last))


def rows_about(rows: Rows, person: str, last: int) -> list[StoredRow]:
    """Return the entries about a person under any of their ids, in order, each once."""
    return merged(rows_by_id(rows, person, last))


def rows_by_id(
    rows: Rows, person: str, last: int, read: Mapping[str, list[StoredRow]] = MappingProxyType({})
) -> dict[str, list[StoredRow]]:
    """
    Return the entries about a person by id, following the records that join two ids.

    Args:
        rows: The entries of the ledger.
        person: Any of the person's ids.
        last: The highest number to read.
        read: The entries about some ids, where they were read before.
    """
    found: dict[str, list[StoredRow]] = {}
    waiting = [person]
    while waiting:
        alias = waiting.pop()
        if alias in found:
            continue
        found[alias] = read[alias] if alias in read else rows.rows_of(alias, last)
        waiting += (other for pair in joined_among(found[alias]) for other in pair)
    return found
