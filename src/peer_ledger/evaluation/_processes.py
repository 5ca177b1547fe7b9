"""
Work on a ledger's people in several processes.
"""

import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from peer_ledger.errors import InvalidValue, LedgerMisuse
from peer_ledger.ledger import Ledger, LedgerView
from peer_ledger.ledger._chain import StoredRow
from peer_ledger.ledger._sqlite import SqliteStore
from peer_ledger.ledger._store import MemoryStore, _Kept
from peer_ledger.ledger._view import rows_about
from peer_ledger.values._arguments import Wanted

BATCH = 50
AHEAD = 3
"""How many batches of each process are under way or waiting to be read."""

DIED = (
    "a process of evaluate_all ended before its answers were read: in a script, call it below "
    "`if __name__ == '__main__':`; if memory ran out, give fewer processes; or leave processes out"
)
Work = Callable[[LedgerView, Sequence[str], Any], list[Any]]
PROCESSES: Wanted = (
    lambda value: value is None or (type(value) is int and value > 0),
    "a whole number from 1, or None",
)
PROGRESS: Wanted = (lambda value: value is None or callable(value), "a function of two numbers, or None")
_worker: dict[str, Any] = {}


def in_processes(view: LedgerView, people: Sequence[str], work: Work, asked: Any, processes: int) -> Iterator[Any]:
    """
    Yield what some work returns for each person, in order, from several processes.

    Raises:
        InvalidValue: What is asked cannot be sent to another process.
        LedgerMisuse: A process died.
    """
    try:
        pickle.dumps((work, asked))
    except Exception as error:
        raise InvalidValue(
            "ruleset cannot be sent to other processes; give the id of a bundled rule set, or leave processes out"
        ) from error
    store, last = view._store, view._last
    path = store._path.absolute() if isinstance(store, SqliteStore) else None
    shared = [] if path else store.rows_of(None, last)
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _begin, (path, last, shared, work, asked))
    waiting: deque[Future[list[Any]]] = deque()
    running: dict[int, Any] = {}
    try:
        for some in _batches(people):
            rows = [] if path else list(chain.from_iterable(rows_about(store, one, last) for one in some))
            waiting.append(_submitted(pool, some, rows))
            running.update(pool._processes or {})  # a broken pool forgets them
            if len(waiting) >= AHEAD * processes:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    except BrokenProcessPool as error:
        raise LedgerMisuse(DIED) from error
    finally:
        _end(pool, list(running.values()))


def _batches(people: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(people), BATCH):
        yield people[start : start + BATCH]


def _submitted(pool: ProcessPoolExecutor, some: Sequence[str], rows: list[StoredRow]) -> "Future[list[Any]]":
    """Submit a batch; processes started by it never see an interrupt, which is the parent's to handle."""
    if not hasattr(signal, "pthread_sigmask"):
        return pool.submit(_answers, some, rows)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.submit(_answers, some, rows)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(pool: ProcessPoolExecutor, running: list[Any]) -> None:
    pool.shutdown(wait=False, cancel_futures=True)
    for process in running:
        process.terminate()
    for process in running:
        process.join()


def _begin(path: Path | None, last: int, shared: list[StoredRow], work: Work, asked: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    store = None if path is None else Ledger.open(path, create=False, read_only=True)._store
    _worker.update(store=store, last=last, shared=shared, work=work, asked=asked)


def _answers(people: Sequence[str], rows: list[StoredRow]) -> list[Any]:
    store = _worker["store"] or _store_of([*_worker["shared"], *rows])
    answers: list[Any] = _worker["work"](LedgerView(store, _worker["last"]), people, _worker["asked"])
    return answers


def _store_of(rows: list[StoredRow]) -> MemoryStore:
    """Return a store with some of a ledger's entries, each under its number."""
    kept: Any = _Kept()
    kept.rows, kept.records = {}, {}
    for row in sorted({row.seq: row for row in rows}.values()):
        kept.rows[row.seq - 1], kept.records[row.seq - 1] = row, None
        kept.by_id[row.id] = row.seq
        for index, key in kept._keys(row):
            index.setdefault(key, []).append(row.seq)
    store = MemoryStore()
    store._kept = kept
    return store
