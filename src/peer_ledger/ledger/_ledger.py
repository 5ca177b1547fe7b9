"""
The ledger to which records are appended.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import attrs

from peer_ledger.errors import (
    LedgerFileError,
    LedgerMisuse,
    LedgerReplaced,
    UnknownPerson,
    UnknownRecord,
    shown,
    shown_name,
)
from peer_ledger.ledger._appending import BATCH, Appended, Batch
from peer_ledger.ledger._chain import Head, StoredRow
from peer_ledger.ledger._clock import clock_notes
from peer_ledger.ledger._entries import free_id, retraction_of
from peer_ledger.ledger._erasing import Erased, erase_person
from peer_ledger.ledger._reading import withdrawn
from peer_ledger.ledger._sqlite import SqliteStore
from peer_ledger.ledger._store import MemoryStore, Store, Writing
from peer_ledger.ledger._view import LedgerView
from peer_ledger.records import Erasure, Record, Retraction
from peer_ledger.records._record import first_id
from peer_ledger.values._arguments import A_FLAG, A_PATH, A_TEXT, arguments
from peer_ledger.values.dates import as_moment, moment_text, utc_now

_LONGEST_WAIT = 1_000_000


def _is_wait(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value <= _LONGEST_WAIT


class Ledger(LedgerView):
    """
    An append-only list of records, in memory or in one file.

    `Ledger()` keeps it in memory, `Ledger.open(path)` in a file; both behave the same.  The methods of `LedgerView`
    read it as it is known now.

    Args:
        clock: Returns the moment of an append without `at`; the system clock by default.
    """

    _store: Store

    @arguments(clock=(callable, "a function that returns the moment"))
    def __init__(self, *, clock: Callable[[], datetime] = utc_now, store: Store | None = None) -> None:
        super().__init__(store or MemoryStore(), 0)
        self._clock = clock

    @classmethod
    @arguments(
        path=A_PATH,
        create=A_FLAG,
        read_only=A_FLAG,
        wait=(_is_wait, f"a number of seconds from 0 to {_LONGEST_WAIT}"),
        clock=(callable, "a function that returns the moment"),
    )
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
        return self._store.change(lambda writing: self._append(writing, given, at))

    @arguments(record_id=A_TEXT)
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

        def work(writing: Writing) -> Retraction:
            self._in_effect_now(writing, record_id)
            retraction = retraction_of(writing, writing.tip().seq, record_id, reason, by)
            self._append(writing, (retraction,), at)
            return retraction

        return self._store.change(work)

    @arguments(record_id=A_TEXT)
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

        def work(writing: Writing) -> Record:
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

        return self._store.change(work)

    @arguments(person=A_TEXT)
    def erase(self, person: str, *, at: datetime | str | None = None) -> Erased:
        """
        Permanently remove everything recorded about a person, under any of their ids.

        The entries stay in their places without content, and a new entry lists them; the chain still verifies.  Where a
        record about somebody else names the person as `by`, it is erased and recorded again without.  Copies, archives
        and backups are not changed.  Importing the person's rows again would record them again.

        Args:
            person: Any of the person's ids.
            at: The moment of recording; `None` for now.

        Returns:
            What was removed.

        Raises:
            UnknownPerson: No record is about this person or names the person as `by`.
            LedgerMisuse: `at` is earlier than the last entry, or the ledger was opened read-only.
            InvalidValue: `at` is not a moment.
            LedgerFileError: The file cannot be written; nothing was written.
        """

        def work(writing: Writing) -> Erased:
            return erase_person(writing, person, lambda records: self._append(writing, records, at, erasing=True))

        try:
            erased = self._store.change(work)
        except UnknownPerson:
            self._store.purge_pending()  # the person may have been erased by a process that was killed before it purged
            raise
        try:
            return attrs.evolve(erased, purged=self._store.purge())
        except LedgerReplaced:
            raise
        except LedgerFileError:  # such as a full disk: it is erased, and its traces are removed another time
            return erased

    def is_purged(self) -> bool:
        """Return whether everything that was erased is gone from the file's free space, too."""
        return self._store.is_purged()

    def purge(self) -> bool:
        """
        Remove what was erased from the file's free space, if an erasure could not because somebody was reading.

        Returns:
            Whether it is removed; `False` while another process, or another ledger opened on the same file, is reading.

        Raises:
            LedgerMisuse: The ledger was opened read-only.
            DiskFull: The disk has no room for what is copied meanwhile.
            LedgerFileError: The file cannot be written.
        """
        return self._store.purge()

    def _append(
        self, writing: Writing, records: Iterable[Record], at: datetime | str | None, *, erasing: bool = False
    ) -> Appended:
        tip = writing.tip()
        clock = None if at is not None else as_moment(self._clock())
        moment = _moment(tip, clock, at)
        batch = Batch(writing, moment, erasing=erasing)
        given = enumerate(records, 1)
        while some := list(islice(given, BATCH)):
            batch.take(some)
        done = batch.done()
        return attrs.evolve(done, notes=clock_notes(clock, moment, tip.recorded_at)) if done.added else done

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


def _moment(tip: Head, clock: datetime | None, at: datetime | str | None) -> str:
    if at is None:
        return tip.recorded_at if clock is None else max(moment_text(clock), tip.recorded_at)
    moment = moment_text(as_moment(at))
    if moment < tip.recorded_at:
        raise LedgerMisuse(f"the last entry was recorded at {tip.recorded_at}; nothing can be recorded before it")
    return moment
