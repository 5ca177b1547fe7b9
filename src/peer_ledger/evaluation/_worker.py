"""
What each of several processes does: it reads requests from its standard input and writes an answer to each, in order.

It ends when its input does, so that it never outlives the process that started it.
"""

import gc
import os
import pickle
import signal
import sys
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any

from peer_ledger.evaluation._frames import Pipe, receive, send
from peer_ledger.values._collector import collector_paused

READY = "ready"
Asked = SimpleQueue[bytearray | None]
Answered = SimpleQueue[bytes | None]


def main() -> None:
    """Serve the process that started this one, which left the collector off while modules were imported."""
    gc.freeze()
    gc.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.setswitchinterval(0.0002)  # what arrives is read at once, so that whoever sends it does not wait
    requests, answers = os.fdopen(os.dup(0), "rb", 0), os.fdopen(os.dup(1), "wb", 0)
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.dup2(2, 1)  # whatever else is printed is no answer
    serve(requests, answers, lambda: os._exit(0))


def serve(requests: Pipe, answers: Pipe, end: Callable[[], Any]) -> None:
    """
    Answer requests: the first is a pickled function and its arguments, which returns the function for all others.

    Requests and answers pass through queues, so that work goes on while others write and read.  A request that cannot
    be answered is answered by `None`, so that it can be tried where its error is seen.

    Args:
        requests: Where requests are read.
        answers: Where answers are written.
        end: Called when there are no more requests, even in the middle of work, or nobody reads the answers.
    """
    asked, answered = Asked(), Answered()
    reading = Thread(target=_read, args=(requests, asked, end), daemon=True)
    writing = Thread(target=_write, args=(answers, answered, end), daemon=True)
    reading.start()
    writing.start()
    try:
        first = asked.get()
        answer = None if first is None else _begun(first, answered)
        while first is not None and (request := asked.get()) is not None:
            if answer is not None:  # else it stays until its input ends, so that why it could not begin is read
                answered.put(_answered(answer, request))
    finally:
        answered.put(None)
        writing.join()


def _begun(first: bytearray, answered: Answered) -> Callable[[Any], Any] | None:
    try:
        begin, arguments = pickle.loads(first)  # noqa: S301 - from the process that started this one
        answer: Callable[[Any], Any] = begin(*arguments)
    except Exception as error:  # noqa: BLE001 - it is told to the process that started this one
        answered.put(pickle.dumps(f"{type(error).__name__}: {error}"))
        return None
    answered.put(pickle.dumps(READY))
    return answer


def _answered(answer: Callable[[Any], Any], request: bytearray) -> bytes:
    try:
        wanted = pickle.loads(request)  # noqa: S301 - as above
        with collector_paused():
            return pickle.dumps(answer(wanted), pickle.HIGHEST_PROTOCOL)
    except Exception:  # noqa: BLE001 - it is raised again where the request comes from
        return pickle.dumps(None)


def _read(pipe: Pipe, asked: Asked, end: Callable[[], Any]) -> None:
    while (request := receive(pipe)) is not None:
        asked.put(request)
    end()
    asked.put(None)


def _write(pipe: Pipe, answered: Answered, end: Callable[[], Any]) -> None:
    try:
        while (message := answered.get()) is not None:
            send(pipe, message)
    except OSError:
        end()
