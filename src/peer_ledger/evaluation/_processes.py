"""
Work in several processes, each of which answers requests over pipes.

The processes import neither the script nor the notebook that asks: they are told where modules are found, and get
everything else as requests.  They are out of reach of an interrupt from the keyboard, which is for the process that
asks; it ends them, and if it is killed, their input ends and so do they.
"""

import json
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from io import FileIO
from typing import Any, TypeVar, cast

from peer_ledger.errors import InvalidValue, LedgerMisuse
from peer_ledger.evaluation._frames import receive, send
from peer_ledger.evaluation._worker import READY

AHEAD = 3
"""How many requests each process has that are not read yet."""

SECONDS = 5.0
"""How long a process that closed its output may take to end."""

START = (
    "import sys, json; sys.path[:] = json.loads(sys.stdin.buffer.raw.readline()); "
    "from peer_ledger.evaluation._worker import main; main()"
)
Request = TypeVar("Request")


def in_processes(
    begin: Callable[..., Callable[[Request], Any]],
    arguments: tuple[Any, ...],
    requests: Iterable[Request],
    processes: int,
) -> Iterator[tuple[Request, Any]]:
    """
    Yield each request with its answer, in order.

    Args:
        begin: Called in each process; it returns the function that answers requests there.
        arguments: What it is called with.
        requests: The requests, which are read a few at a time.
        processes: How many processes to start, at most one for each request.

    Yields:
        The request and its answer; `None` when it could not be answered there.

    Raises:
        InvalidValue: The arguments cannot be sent to another process.
        LedgerMisuse: A process could not be started, or ended early.
    """
    first = _pickled(begin, arguments)
    waiting: deque[tuple[Request, _Process]] = deque()
    started: list[_Process] = []
    try:
        for number, request in enumerate(requests):
            if len(started) < processes:
                started.append(_Process(first))
            elif len(waiting) >= AHEAD * processes:
                earlier, process = waiting.popleft()
                yield earlier, process.answer()
            process = started[number % processes]
            process.ask(pickle.dumps(request, pickle.HIGHEST_PROTOCOL))
            waiting.append((request, process))
        while waiting:
            earlier, process = waiting.popleft()
            yield earlier, process.answer()
    finally:
        for process in started:
            process.kill()
        for process in started:
            process.wait()


def _pickled(begin: Callable[..., Any], arguments: tuple[Any, ...]) -> bytes:
    try:
        return pickle.dumps((begin, arguments))
    except Exception as error:
        raise InvalidValue(
            "ruleset cannot be sent to other processes; give the id of a bundled rule set, or leave processes out"
        ) from error


class _Process:
    """
    A process that answers requests.

    Args:
        first: Its first request.
    """

    def __init__(self, first: bytes) -> None:
        self._process = _started()
        self._to, self._from = cast("FileIO", self._process.stdin), cast("FileIO", self._process.stdout)
        self._is_ready = False
        try:
            self._tell(json.dumps([str(place) for place in sys.path]).encode() + b"\n")
            self.ask(first)
        except BaseException:
            self.kill()
            self.wait()
            raise

    def _tell(self, text: bytes) -> None:
        with suppress(BrokenPipeError):  # the next request finds that it ended
            self._to.write(text)

    def ask(self, request: bytes) -> None:
        """Send a request."""
        try:
            send(self._to, request)
        except OSError:
            raise self._ended() from None

    def answer(self) -> Any:
        """Return the answer to the first request that is not answered yet."""
        if not self._is_ready:
            said = self._received()
            if said != READY:
                raise LedgerMisuse(f"a process could not begin its work ({said}); leave processes out")
            self._is_ready = True
        return self._received()

    def _received(self) -> Any:
        answer = receive(self._from)
        if answer is None:
            raise self._ended()
        return pickle.loads(answer)  # noqa: S301 - from a process that was started here

    def _ended(self) -> LedgerMisuse:
        try:
            status = self._process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            how = "stopped answering"
        else:
            how = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
        return LedgerMisuse(
            f"a process {how} before it answered; if memory ran out, give fewer processes, or leave processes out"
        )

    def kill(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()

    def wait(self) -> None:
        """Wait for the end of the process, once it is killed."""
        self._process.wait()
        self._to.close()
        self._from.close()


def _started() -> "subprocess.Popen[bytes]":
    if not sys.executable or getattr(sys, "frozen", False):
        raise LedgerMisuse("no Python is known that could be started in other processes; leave processes out")
    try:
        return subprocess.Popen(  # noqa: S603 - this Python and fixed code
            [sys.executable, "-P", "-c", START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            **_apart(),
        )
    except OSError as error:
        raise LedgerMisuse(f"no process can be started ({error.strerror}); leave processes out") from None


def _apart() -> dict[str, Any]:
    """Return how a process is started so that it is not interrupted from the keyboard."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}
