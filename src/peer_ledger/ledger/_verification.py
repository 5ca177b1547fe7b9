"""
Verifying a ledger: finding entries that were tampered with.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain, islice

import attrs

from peer_ledger.errors import (
    MOST_PROBLEMS,
    DamagedLedger,
    InvalidData,
    InvalidValue,
    LedgerFileError,
    LedgerReplaced,
    shown,
)
from peer_ledger.ledger._chain import GENESIS, StoredRow, commitment, link
from peer_ledger.ledger._clock import leap
from peer_ledger.ledger._entries import about
from peer_ledger.ledger._store import Rows, Store
from peer_ledger.records import Erasure, Retraction
from peer_ledger.records.interchange import record_from_json, record_to_json
from peer_ledger.values._wording import counted
from peer_ledger.values.dates import as_moment, moment_text

_ALL = 2**62
_NUMBER = re.compile(r"[0-9]{1,18}")
_DIGEST = re.compile(r"[0-9A-Fa-f]{64}")


@attrs.frozen(kw_only=True)
class Integrity:
    """
    The result of a verification.  It is true when nothing is wrong.

    Attributes:
        entries: The number of entries that were read.
        erased: The number of erased entries among them.
        head: The number and the digest of the last entry.
        problems: The first hundred problems; empty when nothing is wrong.
        notes: What is no alteration and should be looked at: the first hundred leaps of the clock.
        purged: Whether everything that was erased is gone from the file's free space, too.
    """

    entries: int
    erased: int
    head: tuple[int, str]
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()
    purged: bool = True

    def __bool__(self) -> bool:
        return not self.problems

    def __str__(self) -> str:
        erased = f", {self.erased} of them erased" if self.erased else ""
        notes = "".join(f"\n  - note: {note}" for note in self.notes)
        if not self.problems:
            return f"{counted(self.entries, 'entry')}{erased}; unaltered; head {self.head[0]}:{self.head[1]}{notes}"
        problems = "".join(f"\n  - {problem}" for problem in self.problems)
        return f"{counted(self.entries, 'entry')}{erased}; altered:{problems}{notes}"


def verified(store: Store, last: Callable[[], int], expected: object) -> Integrity:
    """Read all entries and collect what is wrong; `last` returns the last of them."""
    noted = None if expected is None else noted_head(expected)
    progress = _Progress()
    problems: list[str] = []
    try:
        for finding in islice(chain(store.damage(), _read(store, last, noted, progress)), MOST_PROBLEMS):
            problems.append(finding)  # noqa: PERF402 - problems found before a failure are kept
    except LedgerReplaced:
        raise
    except LedgerFileError as error:
        problems.append(f"entry {progress.entries + 1} and what follows: {error.detail}")
    return Integrity(
        entries=progress.entries,
        erased=progress.erased,
        head=(progress.entries, progress.digest.hex()),
        problems=tuple(problems[:MOST_PROBLEMS]),
        notes=tuple(progress.notes),
        purged=_is_purged(store),
    )


def _is_purged(store: Store) -> bool:
    try:
        return store.is_purged()
    except LedgerFileError:  # which is among the problems
        return True


def noted_head(given: object) -> tuple[int, str]:
    """
    Return a head as it was noted down: a pair as `Ledger.head` returns it, or a text as the command line prints it.

    Raises:
        InvalidValue: It is neither.
    """
    parts = (
        given.strip().split(":") if isinstance(given, str) else list(given) if isinstance(given, tuple | list) else []
    )
    if len(parts) == 2:
        seq, digest = parts
        if isinstance(given, str) and _NUMBER.fullmatch(str(seq)):
            seq = int(seq)
        if type(seq) is int and seq >= 0 and isinstance(digest, str) and _DIGEST.fullmatch(digest):
            return seq, digest.lower()
    raise InvalidValue(
        f"head must be a head as it was noted down, such as ledger.head or '1842:9f1c...' with all 64 digits, "
        f"not {shown(given)}"
    )


def _read(
    store: Store, last: Callable[[], int], expected: tuple[int, str] | None, progress: "_Progress"
) -> Iterator[str]:
    """Yield what is wrong with the entries; without a readable head, with all entries that are there."""
    try:
        end = last()
    except DamagedLedger:  # which is among the damage of the file
        yield from _findings(store, None, expected, progress)
        return
    yield from _findings(store, end, expected, progress)


@attrs.define
class _Progress:
    entries: int = 0
    erased: int = 0
    moment: str = ""
    digest: bytes = GENESIS
    notes: list[str] = attrs.field(factory=list)

    def note_leap(self, row: StoredRow) -> None:
        """Note it when an entry was recorded implausibly long after the one before it."""
        if row.recorded_at[:4] == self.moment[:4] or not self.moment or len(self.notes) == MOST_PROBLEMS:
            return
        with suppress(InvalidValue):  # which is among the problems
            if (note := leap(row.seq, as_moment(row.recorded_at), as_moment(self.moment))) is not None:
                self.notes.append(note)


def _findings(  # noqa: C901 - one pass over the entries
    store: Store, last: int | None, expected: tuple[int, str] | None, progress: _Progress
) -> Iterator[str]:
    blank: set[int] = set()
    announced: set[int] = set()
    head_found = expected is None or expected == (0, GENESIS.hex())
    for row in store.rows(_ALL if last is None else last):
        if row.seq != progress.entries + 1:
            yield f"entry {progress.entries + 1} is missing; the next one there is {row.seq}"
            return
        if row.record is None:
            blank.add(row.seq)
        yield from (f"entry {row.seq}: {finding}" for finding in _row_findings(store, row, progress, announced))
        progress.note_leap(row)
        progress.entries, progress.moment, progress.digest = row.seq, row.recorded_at, row.digest
        head_found = head_found or (row.seq, row.digest.hex()) == expected
    progress.erased = len(blank)
    if not head_found and expected is not None:
        yield f"entry {expected[0]} does not have the digest that was noted down"
    if last is not None:
        if progress.entries != last:
            yield f"missing after entry {progress.entries}: {counted(last - progress.entries, 'entry')}"
        head = store.head()
        if head.seq == progress.entries and (head.digest, head.recorded_at) != (progress.digest, progress.moment):
            yield "the head is not that of the last entry"
        if not blank <= announced:  # erased after the state being verified, or during the verification
            announced |= blank.intersection(_announced_later(store, last, head.seq))
    for seq in sorted(blank - announced):
        yield f"entry {seq} is empty, but no later entry records its erasure"
    for seq in sorted(announced - blank):
        yield f"entry {seq} is recorded as erased, but is not"


def _announced_later(store: Store, last: int, end: int) -> Iterator[int]:
    """Yield the entries that are recorded as erased by entries after the last one verified."""
    for row in store.rows_of(None, end):
        if row.seq > last and row.type == Erasure.record_type:
            record = store.record(row)
            yield from record.entries if isinstance(record, Erasure) else ()


def _row_findings(store: Rows, row: StoredRow, progress: _Progress, announced: set[int]) -> Iterator[str]:
    try:
        if moment_text(as_moment(row.recorded_at)) != row.recorded_at or row.recorded_at < progress.moment:
            yield "its moment is earlier than that of the entry before, or has another format"
    except InvalidValue:
        yield "its moment is not valid"
    if link(progress.digest, row.seq, row.recorded_at, row.commitment) != row.digest:
        yield "its digest does not follow from the entry before; an entry was altered, removed, moved or inserted here"
    if row.record is None:
        if row != row.blank():
            yield "it is only partly erased"
    elif type(row.salt) is not bytes or commitment(row.salt, row.record) != row.commitment:
        yield "its record or its salt was altered"
    else:
        yield from _record_findings(store, row, row.record, announced)


def _record_findings(store: Rows, row: StoredRow, text: str, announced: set[int]) -> Iterator[str]:
    try:
        record = record_from_json(text)
    except InvalidData as error:
        yield str(error)
        return
    if record_to_json(record) != text:
        yield "its record does not have the format that this version writes"
    if isinstance(record, Erasure):
        announced |= set(record.entries)
        if max(record.entries, default=0) >= row.seq:
            yield "it records the erasure of entries that come after it"
    target = None
    if isinstance(record, Retraction):
        target = store.rows_with([record.retracts], row.seq - 1).get(record.retracts)
        if target is None:
            yield "it retracts a record that does not exist before it"
            return
    if (row.type, row.id, *row[4:7]) != (record.record_type, record.id, *about(record, target)):
        yield "its type, id or person differs from that of its record"
