"""
Verifying a ledger: finding entries that were tampered with.
"""

from collections.abc import Iterator
from itertools import chain, islice

import attrs

from peer_ledger.errors import MOST_PROBLEMS, InvalidData, InvalidValue, LedgerFileError
from peer_ledger.ledger._chain import GENESIS, StoredRow, commitment, link
from peer_ledger.ledger._entries import about
from peer_ledger.ledger._store import Rows, Store
from peer_ledger.records import Erasure, Retraction
from peer_ledger.records.interchange import record_from_json, record_to_json
from peer_ledger.values._wording import counted
from peer_ledger.values.dates import as_moment, moment_text


@attrs.frozen(kw_only=True)
class Integrity:
    """
    The result of a verification.  It is true when nothing is wrong.

    Attributes:
        entries: The number of entries that were read.
        erased: The number of erased entries among them.
        head: The number and the digest of the last entry.
        problems: The first hundred problems; empty when nothing is wrong.
    """

    entries: int
    erased: int
    head: tuple[int, str]
    problems: tuple[str, ...]

    def __bool__(self) -> bool:
        return not self.problems

    def __str__(self) -> str:
        erased = f", {self.erased} of them erased" if self.erased else ""
        if not self.problems:
            return f"{counted(self.entries, 'entry')}{erased}; unaltered; head {self.head[0]}:{self.head[1]}"
        return f"{counted(self.entries, 'entry')}{erased}; altered:" + "".join(
            f"\n  - {problem}" for problem in self.problems
        )


def verified(store: Store, last: int, expected: tuple[int, str] | None) -> Integrity:
    """Read all entries and collect what is wrong."""
    progress = _Progress()
    problems: list[str] = []
    try:
        noted = None if expected is None else (expected[0], expected[1])
        for finding in islice(chain(store.damage(), _findings(store, last, noted, progress)), MOST_PROBLEMS):
            problems.append(finding)  # noqa: PERF402 - problems found before a failure are kept
    except LedgerFileError as error:
        problems.append(f"entry {progress.entries + 1} and what follows: {error.detail}")
    return Integrity(
        entries=progress.entries,
        erased=progress.erased,
        head=(progress.entries, progress.digest.hex()),
        problems=tuple(problems[:MOST_PROBLEMS]),
    )


@attrs.define
class _Progress:
    entries: int = 0
    erased: int = 0
    moment: str = ""
    digest: bytes = GENESIS


def _findings(store: Store, last: int, expected: tuple[int, str] | None, progress: _Progress) -> Iterator[str]:
    blank: set[int] = set()
    announced: set[int] = set()
    head_found = expected is None or expected == (0, GENESIS.hex())
    for row in store.rows(last):
        if row.seq != progress.entries + 1:
            yield f"entry {progress.entries + 1} is missing; the next one there is {row.seq}"
            return
        if row.record is None:
            blank.add(row.seq)
        yield from (f"entry {row.seq}: {finding}" for finding in _row_findings(store, row, progress, announced))
        progress.entries, progress.moment, progress.digest = row.seq, row.recorded_at, row.digest
        head_found = head_found or (row.seq, row.digest.hex()) == expected
    progress.erased = len(blank)
    if progress.entries != last:
        yield f"missing after entry {progress.entries}: {counted(last - progress.entries, 'entry')}"
    head = store.head()
    if head.seq == progress.entries and (head.digest, head.recorded_at) != (progress.digest, progress.moment):
        yield "the head is not that of the last entry"
    if not head_found and expected is not None:
        yield f"entry {expected[0]} does not have the digest that was noted down"
    if not blank <= announced:  # erased after the state being verified, or during the verification
        announced |= blank.intersection(_announced_later(store, last, store.head().seq))
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
    target = None
    if isinstance(record, Retraction):
        target = store.rows_with([record.retracts], row.seq - 1).get(record.retracts)
        if target is None:
            yield "it retracts a record that does not exist before it"
            return
    if (row.type, row.id, *row[4:7]) != (record.record_type, record.id, *about(record, target)):
        yield "its type, id or person differs from that of its record"
