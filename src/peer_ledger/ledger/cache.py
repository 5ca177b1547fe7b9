"""
A cache beside a ledger's file, from which people are read several times as fast.

The cache is a file of its own, `NAME-cache`, that every reader of the ledger uses once it is there. It never changes an
answer: whoever was touched since it was written is read from the ledger, and so is everybody when it is damaged, of
another ledger, or written by another version of this package. It holds what the ledger holds, so only its owner can
read it, and erasing anybody removes it. It can be deleted at any time.

>>> from tempfile import TemporaryDirectory
>>> from peer_ledger import Credit, Ledger, TrainingEvent
>>> with TemporaryDirectory() as folder, Ledger.open(f"{folder}/our.ledger") as ledger:
...     event = TrainingEvent(id="e-1", person="p-1", completed="2025-03-04", credits=[Credit(amount=3)])
...     _ = ledger.append(event)
...     print(write_cache(ledger))
...     ledger.records_of("p-1") == (event,)
1 id of people in the cache, 1 read from the ledger
True
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO

import attrs

from peer_ledger.errors import DamagedLedger, LedgerBusy, LedgerMisuse, OutputRefused
from peer_ledger.ledger._about import AT_ONCE, about_rows, rows_about_each
from peer_ledger.ledger._cache_file import (
    CacheWriter,
    Known,
    cache_path,
    opened_to_erase,
    overwrite,
    people_by_bucket,
    row_of,
)
from peer_ledger.ledger._chain import StoredRow
from peer_ledger.ledger._ledger import Ledger
from peer_ledger.ledger._sqlite import SqliteStore
from peer_ledger.ledger._store import Writing
from peer_ledger.ledger._view import LedgerView
from peer_ledger.values._arguments import an_instance, arguments
from peer_ledger.values._outputs import bytes_written_whole, disk_errors, output_errors
from peer_ledger.values._wording import counted

_TRIES = 3


class _ErasedMeanwhileError(Exception):
    """Somebody was erased while the cache was being written, which may hold what was erased."""


@attrs.frozen(kw_only=True)
class CacheWritten:
    """
    What a cache holds that was just written.

    Attributes:
        people: The number of people's ids in it; 0 where the ledger has none, which needs no cache.
        read: How many of them were read from the ledger; the others come from the earlier cache.
    """

    people: int
    read: int

    def __str__(self) -> str:
        return f"{counted(self.people, 'id')} of people in the cache, {self.read} read from the ledger"


@arguments(ledger=an_instance("a ledger opened with Ledger.open", Ledger))
def write_cache(ledger: Ledger) -> CacheWritten:
    """
    Write the cache of a ledger, or write it again, while others read and write the ledger.

    Only people who were touched since an earlier cache are read again. The cache gets its name once it is complete. All
    readers of the ledger use it from then on, also those that are open.

    Args:
        ledger: A ledger in a file, open for writing; nothing is written to it.

    Raises:
        LedgerMisuse: The ledger is in memory, or was opened read-only.
        OutputRefused: A file that is not a cache has the name `NAME-cache`; it was not changed.
        LedgerBusy: People were being erased all the time, or another process did not finish writing.
        LedgerFileError: The cache cannot be written; an earlier one stays.
    """
    store = ledger._store
    if not isinstance(store, SqliteStore):
        raise LedgerMisuse("a ledger in memory needs no cache; open a ledger in a file with Ledger.open")
    store._to_write()
    for _ in range(_TRIES):
        try:
            return _written(store)
        except _ErasedMeanwhileError:
            continue
    raise LedgerBusy(store.path, "people are being erased, which removes a cache; write it when that is done")


def _written(store: SqliteStore) -> CacheWritten:
    tip = store.head()
    view = LedgerView(store, tip.seq)
    people = list(view.people())
    entry = store.row(tip.seq) if people else None
    if entry is None:
        return CacheWritten(people=0, read=0)
    if entry.salt is None:
        raise DamagedLedger(store.path, "its last entry has no content; look with verify")
    target, writer = cache_path(store.path), store._to_write()
    with _earlier(target) as earlier:
        with ExitStack() as writing:
            file = writing.enter_context(bytes_written_whole(target, is_private=True))
            read = _write(file, store, view, entry, people)

            def take_place(_: Writing) -> None:
                if writer.touched(tip, writer.tip()) is None:
                    raise _ErasedMeanwhileError
                writing.pop_all().close()

            store.change(take_place)
        if earlier is not None:
            with output_errors(target):
                overwrite(earlier)
    return CacheWritten(people=len(people), read=read)


def _write(file: BinaryIO, store: SqliteStore, view: LedgerView, entry: StoredRow, people: Sequence[str]) -> int:
    """Write a cache to disk, and return how many ids were read from the ledger."""
    writer, read = CacheWriter(file, entry, len(people)), 0
    for person, row, is_read in _rows(store, view, people_by_bucket(people, len(people))):
        writer.write(person, row)
        read += is_read
    writer.done()
    with disk_errors(cache_path(store.path)):
        file.flush()
        os.fsync(file.fileno())  # so that little is left to do while nobody else can write to the ledger
    return read


def _rows(store: SqliteStore, view: LedgerView, people: Sequence[str]) -> Iterator[tuple[str, bytes, bool]]:
    """Yield the row of each of some ids, and whether it was read from the ledger."""
    for begin in range(0, len(people), AT_ONCE):
        some = people[begin : begin + AT_ONCE]
        kept = store.rows_known(some, view._last)
        read = rows_about_each(view, [person for person in some if person not in kept])
        for person in some:
            if person in kept:
                yield person, kept[person].data, False
            else:
                found = next(read)
                records = about_rows(view, found).records
                yield person, row_of(Known(found.people, found.entries, found.last, records)), True


@contextmanager
def _earlier(target: Path) -> Iterator[BinaryIO | None]:
    """Yield the earlier cache, to be overwritten once another has its name; `None` where there is none."""
    with output_errors(target):
        earlier = opened_to_erase(target)
        if earlier is None and os.path.lexists(target):
            raise OutputRefused(target, "is not a cache; move it away, because the cache of the ledger gets that name")
    with earlier or nullcontext():
        yield earlier
