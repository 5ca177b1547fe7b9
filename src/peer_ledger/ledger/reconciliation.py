"""
Reading the same source again: what is new, unchanged or corrected there.

The id of a record read from a row is derived from the row's key, so the same row always gives the same id.  `reconcile`
compares what was read with a ledger and plans what to append; the plan can be reviewed before it is carried out.

>>> from peer_ledger.ledger import Ledger
>>> from peer_ledger.records import Credit, TrainingEvent
>>> def read(hours):
...     [origin] = number_rows("lms", [("17", "ETH-101")])
...     return [TrainingEvent(origin=origin, person="p-17", completed="2025-03-04", credits=[Credit(amount=hours)])]
>>> ledger = Ledger()
>>> ledger.append(reconcile(ledger, read("3")).to_append()).added
1
>>> plan = reconcile(ledger, read("2.5"))
>>> [correction.fields for correction in plan.corrections]
[('credits',)]
>>> ledger.append(plan.to_append()).added  # the retraction and the new record
2
>>> reconcile(ledger, read("2.5")).unchanged
1
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import attrs

from peer_ledger.errors import InvalidValue, LedgerMisuse, NotARecord, shown
from peer_ledger.ledger._chain import StoredRow
from peer_ledger.ledger._entries import free_id, retraction_of
from peer_ledger.ledger._reading import withdrawn
from peer_ledger.ledger._view import LedgerView
from peer_ledger.records import Origin, Record, Retraction
from peer_ledger.records._record import revision_id
from peer_ledger.records.interchange import record_to_dict, record_to_json
from peer_ledger.values._arguments import ITEMS, an_instance, arguments

_BATCH = 500


@attrs.frozen(kw_only=True)
class Correction:
    """
    A row that differs from its record in the ledger.

    Attributes:
        old: The record in the ledger.
        new: The record to replace it.
        retraction: The retraction of the old record.
        fields: The fields that changed.
    """

    old: Record
    new: Record
    retraction: Retraction
    fields: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Reconciliation:
    """
    The differences between a ledger and a source.

    Attributes:
        new: Records that the ledger does not have.
        corrections: Records that read differently in the ledger.
        unchanged: The number of records that the ledger has unchanged.
        withdrawn: Records that were withdrawn from the ledger; they stay withdrawn.
    """

    new: tuple[Record, ...]
    corrections: tuple[Correction, ...]
    unchanged: int
    withdrawn: tuple[Record, ...]

    def to_append(self) -> Iterator[Record]:
        """Yield the records for `Ledger.append`."""
        yield from self.new
        for correction in self.corrections:
            yield correction.retraction
            yield correction.new


@arguments(keys=ITEMS)
def number_rows(source: str, keys: Iterable[Sequence[str]]) -> Iterator[Origin]:
    """
    Yield the origins of the rows of a file; rows with equal keys are numbered in order.

    Args:
        source: The name of the series of files, the same for each of them.
        keys: The cells that identify each row, in the order of the rows.

    Raises:
        InvalidRecord: `Origin` does not accept the source or a key.
        InvalidValue: A key is not a list of cells.

    >>> [origin.occurrence for origin in number_rows("lms", [("17", "A"), ("17", "B"), ("17", "A")])]
    [1, 1, 2]
    """
    seen: Counter[tuple[str, ...]] = Counter()
    given: Iterable[Any] = keys
    for key in given:
        if not isinstance(key, Sequence) or isinstance(key, str | bytes):
            raise InvalidValue(
                f"keys must be a list of lists of cells, such as [('17', 'ETH-101')]; one is {shown(key)}"
            )
        if not all(isinstance(cell, str) for cell in key):
            raise InvalidValue("keys must be a list of lists of cells, which are texts; one holds something else")
        cells = tuple(key)
        seen[cells] += 1
        yield Origin(source=source, key=cells, occurrence=seen[cells])


@arguments(
    ledger=an_instance("a ledger", LedgerView),
    records=(lambda value: isinstance(value, Record) or ITEMS[0](value), "a record, or a list of records"),
)
def reconcile(
    ledger: LedgerView,
    records: Record | Iterable[Record],
    *,
    reason: str = "its source now says something else",
) -> Reconciliation:
    """
    Compare records that were read with those that a ledger has under the same ids.

    Args:
        ledger: The ledger.
        records: A record, or any number of them, each id once.
        reason: The reason given in the retractions of corrected records.

    Returns:
        The plan; the ledger is not changed.

    Raises:
        LedgerMisuse: Two different records given have the same id.
        InvalidRecord: The reason is empty or too long.
        NotARecord: A value given is not a record.
    """
    given: dict[str, Record] = {}
    for position, record in enumerate((records,) if isinstance(records, Record) else records, 1):
        if not isinstance(record, Record):
            raise NotARecord(position, shown(record))
        if given.setdefault(record.id, record) != record:
            raise LedgerMisuse(
                f"two different records given have the id {record.id!r}; number_rows distinguishes equal keys"
            )
    reading = _Reconciling(ledger, reason, frozenset(given))
    waiting = iter(given.values())
    while some := list(islice(waiting, _BATCH)):
        reading.take(some)
    return reading.done()


class _Reconciling:
    """One pass over the records of a source."""

    def __init__(self, ledger: LedgerView, reason: str, given: frozenset[str]) -> None:
        self._given = given
        self._rows, self._last, self._reason = ledger._store, ledger._last, reason
        self._new: list[Record] = []
        self._corrections: list[Correction] = []
        self._withdrawn: list[Record] = []
        self._unchanged = 0

    def take(self, records: list[Record]) -> None:
        for record in records:
            states = [
                row for row in self._rows.states_named(record.id, self._last) if self._root(row) in (record.id, None)
            ]
            current = [row for row in states if row.id is not None and not withdrawn(self._rows, row.id, self._last)]
            if current:
                self._compare(current[-1], record)
            elif states:
                self._withdrawn.append(record)
            else:
                self._new.append(record)

    def _root(self, row: StoredRow) -> str | None:
        """Return the id of the first state of a row's record; `None` when earlier states were erased."""
        while (replaces := self._rows.record(row).replaces) is not None:
            before = self._rows.rows_with([replaces], self._last).get(replaces)
            if before is None:
                return None
            row = before
        return row.id

    def done(self) -> Reconciliation:
        return Reconciliation(
            new=tuple(self._new),
            corrections=tuple(self._corrections),
            unchanged=self._unchanged,
            withdrawn=tuple(self._withdrawn),
        )

    def _compare(self, current: StoredRow, record: Record) -> None:
        if current.record == record_to_json(record):
            self._unchanged += 1
            return
        old = self._rows.record(current)
        fields = _changes(old, record)
        if not fields:
            self._unchanged += 1
            return
        new = attrs.evolve(record, id=self._free_id(record.id), replaces=old.id)
        retraction = retraction_of(self._rows, self._last, old.id, self._reason)
        self._corrections.append(Correction(old=old, new=new, retraction=retraction, fields=fields))

    def _free_id(self, stem: str) -> str:
        name = free_id(self._rows, self._last, stem)
        while name in self._given:
            name = revision_id(stem, int(name.rpartition("~")[2]) + 1)
            if self._rows.rows_with([name], self._last):
                self._given |= {name}
        return name


def _changes(old: Record, new: Record) -> tuple[str, ...]:
    """Return the names of the fields in which two states of a record differ, apart from their ids."""
    before, after = record_to_dict(old), record_to_dict(new)
    return tuple(
        name for name in {**before, **after} if name not in ("id", "replaces") and before.get(name) != after.get(name)
    )
