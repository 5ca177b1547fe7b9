"""
The ledger to which records are appended.
"""

import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import attrs

from peer_ledger.errors import (
    Conflict,
    ConflictingRecords,
    LedgerMisuse,
    NotARecord,
    UnknownPerson,
    UnknownRecord,
    shown,
    shown_name,
)
from peer_ledger.ledger._chain import SALT_BYTES, Head, StoredRow
from peer_ledger.ledger._entries import free_id, next_row, retraction_of
from peer_ledger.ledger._sqlite import SqliteStore
from peer_ledger.ledger._store import MemoryStore, Store, Writing
from peer_ledger.ledger._view import LedgerView, rows_about, same_person, withdrawn
from peer_ledger.records import RECORD_TYPES, Erasure, Record, Retraction
from peer_ledger.records._record import first_id
from peer_ledger.records.interchange import record_to_dict, record_to_json
from peer_ledger.values.dates import as_moment, moment_text, utc_now

_BATCH = 500
_TYPES = frozenset(RECORD_TYPES.values())
_MOST_CONFLICTS = 100


@attrs.frozen(kw_only=True)
class Appended:
    """
    What an append did.

    Attributes:
        added: The number of records that became entries.
        unchanged: The number of records that the ledger already had unchanged; nothing was added for them.
        last: The number of the ledger's last entry afterward; 0 when it has none.
    """

    added: int
    unchanged: int
    last: int


@attrs.frozen(kw_only=True)
class Erased:
    """
    What an erasure removed.

    Attributes:
        people: The ids of the person.
        entries: The sequence numbers of the entries whose content was removed.
        counts: The number of these entries for each type of record.
        purged: Whether the content was also removed from the file's free space; if a reader prevented that, the file is
            purged with the next erasure, or when the last process that has it open closes it.
    """

    people: frozenset[str]
    entries: tuple[int, ...]
    counts: dict[str, int] = attrs.field(hash=False)
    purged: bool


class Ledger(LedgerView):
    """
    An append-only list of records, in memory or in one file.

    `Ledger()` keeps it in memory, `Ledger.open(path)` in a file; both behave the same.  The methods of `LedgerView`
    read it as it is known now.

    Args:
        clock: Returns the moment of an append without `at`; the system clock by default.
    """

    def __init__(self, *, clock: Callable[[], datetime] = utc_now, store: Store | None = None) -> None:
        super().__init__(store or MemoryStore(), 0)
        self._clock = clock

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        create: bool = True,
        read_only: bool = False,
        wait: float = 60.0,
        clock: Callable[[], datetime] = utc_now,
    ) -> "Ledger":
        """
        Open the ledger in a file; other processes may have it open, too.

        Args:
            path: The file, on a local disk.  While the ledger is open, SQLite keeps two more files beside it.
            create: Whether to create a missing file.
            read_only: Whether to open it only for reading; then neither the file nor its folder need be writable.
            wait: The seconds to wait for another process that is writing.
            clock: Returns the moment of an append without `at`.

        Raises:
            LedgerNotFound: The folder does not exist, or the file does not exist and is not to be created.
            NotALedger: The file is not a ledger.
            NewerFormat: A later version of this package wrote it.
            DamagedLedger: It is incomplete or altered.
            LedgerNotWritable: The file, its folder or its disk is not writable.
            DiskFull: The disk has no room for it.
        """
        store = SqliteStore(Path(path), create=create, read_only=read_only, wait=wait)
        return cls(clock=clock, store=store)

    @property
    def _last(self) -> int:
        return self._store.head().seq

    def close(self) -> None:
        """Close the file; a ledger in memory stays usable."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _t: type[BaseException] | None, _e: BaseException | None, _tb: TracebackType | None) -> None:
        self.close()

    def append(self, records: Record | Iterable[Record], *, at: datetime | str | None = None) -> Appended:
        """
        Append a record or many, all of them or none.

        A record that the ledger already has unchanged is skipped.  Records are consumed in small batches, so a million
        of them from a generator need no more memory than a few hundred.

        Args:
            records: A record, or any number of them.
            at: The moment of recording; `None` for now.  If the clock is behind the last entry, `None` means that
                entry's moment, so that what was known at a moment never changes.

        Returns:
            How many records were added, and how many were already there.

        Raises:
            ConflictingRecords: A different record already has the id of a record given; the error names both.
            UnknownRecord: The ledger has no record that a retraction names.
            NotARecord: A value given is not a record.
            LedgerMisuse: `at` is earlier than the last entry, or the ledger was opened read-only.
            InvalidValue: `at` is not a moment, or has no time zone.
            LedgerFileError: The file cannot be written; nothing was written.
        """
        given = (records,) if isinstance(records, Record) or not isinstance(records, Iterable) else records
        with self._store.writing() as writing:
            return self._append(writing, given, at)

    def retract(
        self, record_id: str, *, reason: str, by: str | None = None, at: datetime | str | None = None
    ) -> Retraction:
        """
        Withdraw a record, as if it had never existed; a retraction can be withdrawn in the same way.

        Args:
            record_id: The id of the record.
            reason: Why it is withdrawn.
            by: Who withdraws it, as an opaque id; `None` when unknown.
            at: The moment of recording; `None` for now.

        Returns:
            The retraction that was appended.

        Raises:
            UnknownRecord: There is no such record.
            LedgerMisuse: It is already withdrawn, or is an erasure; or as in `append`.
            InvalidRecord: The reason is empty.
            InvalidValue: `at` is not a moment.
            LedgerFileError: The file cannot be written; nothing was written.
        """
        with self._store.writing() as writing:
            self._in_effect_now(writing, record_id)
            retraction = retraction_of(writing, writing.tip().seq, record_id, reason, by)
            self._append(writing, (retraction,), at)
        return retraction

    def correct(
        self,
        record_id: str,
        changes: Mapping[str, Any],
        *,
        reason: str,
        by: str | None = None,
        at: datetime | str | None = None,
    ) -> Record:
        """
        Withdraw a record and replace it by a changed one.

        Args:
            record_id: The id of the record.
            changes: The new values of the fields that change, by name.
            reason: Why it is corrected.
            by: Who corrects it, as an opaque id; `None` when unknown.
            at: The moment of recording; `None` for now.

        Returns:
            The new record; its `replaces` names the old one, and its id is the old id with `~2`, `~3` ... at the end.

        Raises:
            UnknownRecord: There is no such record.
            LedgerMisuse: It is already withdrawn, or is a retraction or an erasure, or there is no such field, or
                nothing changes; or as in `append`.
            InvalidRecord: The changed record is invalid, or the reason is empty.
            InvalidValue: `at` is not a moment.
            LedgerFileError: The file cannot be written; nothing was written.
        """
        if not isinstance(changes, Mapping):
            raise LedgerMisuse(f"changes must be a mapping from fields to values, not {shown(changes)}")
        with self._store.writing() as writing:
            old = writing.record(self._in_effect_now(writing, record_id))
            if isinstance(old, Retraction):
                raise LedgerMisuse(f"{record_id!r} is a retraction; retract it instead of correcting it")
            unknown = changes.keys() - attrs.fields_dict(type(old)).keys() | changes.keys() & {"id", "replaces"}
            if unknown:
                names = ", ".join(sorted(map(shown_name, unknown)))
                raise LedgerMisuse(f"there is no field {names} of {old.record_type!r} that can be corrected")
            stem = old.id if old.replaces is None else first_id(old.id)
            new = attrs.evolve(old, **{**changes, "id": free_id(writing, writing.tip().seq, stem), "replaces": old.id})
            if attrs.evolve(new, id=old.id, replaces=old.replaces) == old:
                raise LedgerMisuse(f"nothing changes in {record_id!r}; to withdraw it, use retract")
            self._append(writing, (retraction_of(writing, writing.tip().seq, record_id, reason, by), new), at)
        return new

    def erase(self, person: str, *, at: datetime | str | None = None) -> Erased:
        """
        Permanently remove everything recorded about a person, under any of their ids.

        The entries stay in their places without content, and a new entry lists them; the chain still verifies.  Copies,
        archives and backups are not changed.  Importing the person's rows again would record them again.

        Args:
            person: Any of the person's ids.
            at: The moment of recording; `None` for now.

        Returns:
            What was removed.

        Raises:
            UnknownPerson: No record is about this person.
            LedgerMisuse: `at` is earlier than the last entry, or the ledger was opened read-only.
            InvalidValue: `at` is not a moment.
            LedgerFileError: The file cannot be written; nothing was written.
        """
        with self._store.writing() as writing:
            last = writing.tip().seq
            people = same_person(writing, person, last)
            rows = rows_about(writing, person, last)
            if not rows:
                raise UnknownPerson(person)
            seqs = tuple(row.seq for row in rows)
            name = f"erasure-{last + 1}"
            if writing.rows_with([name], last):
                name = free_id(writing, last, name)
            self._append(writing, (Erasure(id=name, entries=seqs),), at, erasing=True)
            writing.blank(seqs)
        counts: dict[str, int] = {}
        for row in rows:
            counts[str(row.type)] = counts.get(str(row.type), 0) + 1
        return Erased(people=people, entries=seqs, counts=counts, purged=self._store.purge())

    def _append(
        self, writing: Writing, records: Iterable[Record], at: datetime | str | None, *, erasing: bool = False
    ) -> Appended:
        batch = _Batch(writing, self._moment(writing.tip(), at), erasing=erasing)
        given = enumerate(records, 1)
        while some := list(islice(given, _BATCH)):
            batch.take(some)
        return batch.done()

    def _moment(self, tip: Head, at: datetime | str | None) -> str:
        if at is None:
            return max(moment_text(as_moment(self._clock())), tip.recorded_at)
        moment = moment_text(as_moment(at))
        if moment < tip.recorded_at:
            raise LedgerMisuse(f"the last entry was recorded at {tip.recorded_at}; nothing can be recorded before it")
        return moment

    def _in_effect_now(self, writing: Writing, record_id: str) -> StoredRow:
        last = writing.tip().seq
        row = writing.rows_with([record_id], last).get(record_id)
        if row is None:
            raise UnknownRecord(record_id, "to be withdrawn")
        if row.type == Erasure.record_type:
            raise LedgerMisuse("an erasure cannot be withdrawn; what it removed no longer exists")
        if withdrawn(writing, record_id, last):
            raise LedgerMisuse(f"{record_id!r} is already withdrawn")
        return row


class _Batch:
    """The entries of one append, built and passed to the store in batches."""

    def __init__(self, writing: Writing, moment: str, *, erasing: bool) -> None:
        self._writing = writing
        self._erasing = erasing
        self._moment = moment
        self._tip = writing.tip()
        self._before = self._tip.seq
        self._added = self._unchanged = 0
        self._conflicts: list[Conflict] = []
        self._conflict_count = 0

    def take(self, given: list[tuple[int, Any]]) -> None:
        for position, record in given:
            if type(record) not in _TYPES:
                raise NotARecord(position, shown(record))
            if isinstance(record, Erasure) and not self._erasing:
                raise LedgerMisuse("an erasure cannot be appended; use Ledger.erase, which records it")
        named = [record.id for _, record in given] + [r.retracts for _, r in given if isinstance(r, Retraction)]
        known = self._writing.rows_with(named, self._tip.seq)
        salts = secrets.token_bytes(SALT_BYTES * len(given))
        rows: list[StoredRow] = []
        records: list[Record] = []
        for number, (position, record) in enumerate(given):
            text = record_to_json(record)
            there = known.get(record.id)
            if there is not None:
                self._met(there, record, text, position)
                continue
            target = None
            if isinstance(record, Retraction):
                target = known.get(record.retracts)
                if target is None:
                    raise UnknownRecord(record.retracts, f"to be retracted by {record.id!r}")
                if target.type == Erasure.record_type:
                    raise LedgerMisuse("an erasure cannot be retracted; what it removed no longer exists")
            salt = salts[number * SALT_BYTES : (number + 1) * SALT_BYTES]
            row = next_row(self._tip, self._moment, record, text=text, salt=salt, target=target)
            known[record.id] = row
            self._tip = Head(row.seq, row.recorded_at, row.digest)
            rows.append(row)
            records.append(record)
        self._writing.add(rows, records)  # even after a conflict, which rolls all of it back at the end
        self._added += len(rows)

    def done(self) -> Appended:
        if self._conflicts:
            raise ConflictingRecords(tuple(self._conflicts), self._conflict_count)
        return Appended(added=self._added, unchanged=self._unchanged, last=self._tip.seq)

    def _met(self, there: StoredRow, record: Record, text: str, position: int) -> None:
        if there.record == text:
            self._unchanged += 1
            return
        self._conflict_count += 1
        if len(self._conflicts) < _MOST_CONFLICTS:
            entry = there.seq if there.seq <= self._before else None
            self._conflicts.append(Conflict(record.id, entry, position, _differences(there, record)))


def _differences(there: StoredRow, record: Record) -> tuple[str, ...]:
    old, new = json.loads(there.record or "{}"), record_to_dict(record)
    return tuple(name for name in {**old, **new} if old.get(name) != new.get(name))
