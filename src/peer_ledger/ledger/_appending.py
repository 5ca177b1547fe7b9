"""
Building the entries of one append.
"""

import json
import secrets
from typing import Any

import attrs

from peer_ledger.errors import Conflict, ConflictingRecords, LedgerMisuse, NotARecord, UnknownRecord, shown
from peer_ledger.ledger._chain import SALT_BYTES, Head, StoredRow
from peer_ledger.ledger._entries import next_row
from peer_ledger.ledger._store import Writing
from peer_ledger.records import RECORD_TYPES, Erasure, Record, Retraction
from peer_ledger.records.interchange import record_to_dict, record_to_json

BATCH = 500
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
        notes: What should be looked at: a clock that is implausibly far from the last entry.
    """

    added: int
    unchanged: int
    last: int
    notes: tuple[str, ...] = ()


class Batch:
    """
    The entries of one append, built and passed to the store in batches.
    """

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
        """Build the entries of some records, each with its position among those given."""
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
        """Return what was appended, or raise what is in conflict."""
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
