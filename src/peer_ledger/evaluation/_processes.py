"""
Work in several processes: this one, and others that answer requests over pipes.

The others import neither the script nor the notebook that asks: they are told where modules are found, and get
everything else as requests.  They are out of reach of an interrupt from the keyboard, which is for the process that
asks; it ends them, and if it is killed, their input ends and so do they.

Whoever waits does nothing, so this process waits for nobody as long as there is something to do: it answers requests
itself while the others start, and whenever the next answer in order is not there yet.
"""

import json
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from io import FileIO
from selectors import EVENT_READ, DefaultSelector
from typing import Any, Generic, Protocol, TypeVar, cast

from peer_ledger.errors import InvalidValue, LedgerMisuse
from peer_ledger.evaluation._frames import receive, send
from peer_ledger.evaluation._worker import READY
from peer_ledger.values._collector import collector_paused

AHEAD = 3
"""How many requests each process has whose answers are not read yet."""

HERE_AHEAD = 8
"""How many requests are answered here ahead of their turn; then this process waits, so that memory is bounded."""

CAN_LOOK = sys.platform != "win32"
"""Whether it can be known, without waiting, if there is an answer; where not, each process answers as many requests."""

SECONDS = 5.0
"""How long a process that closed its output may take to end."""

START = (
    "import sys, json; sys.path[:] = json.loads(sys.stdin.buffer.raw.readline()); "
    "from peer_ledger.evaluation._worker import main; main()"
)
Request = TypeVar("Request")
Answer = TypeVar("Answer")


def in_processes(
    begin: Callable[..., Callable[[Request], Any]],
    arguments: tuple[Any, ...],
    requests: Iterable[Request],
    processes: int,
    here: Callable[[Request], Answer],
) -> Iterator[tuple[Request, Any | Answer]]:
    """
    Yield each request with its answer, in order.

    Args:
        begin: Called in each other process; it returns the function that answers requests there.
        arguments: What it is called with.
        requests: The requests, which are read a few at a time.
        processes: How many processes work on them, this one among them.
        here: What answers a request in this process, also one that could not be answered in another.

    Raises:
        InvalidValue: The arguments cannot be sent to another process.
        LedgerMisuse: A process could not be started, or ended early.
    """
    first = _pickled(begin, arguments)
    started: list[_Process] = []
    try:
        for _ in range(processes - 1):
            started.append(_Process(first))  # noqa: PERF401 - those that were started are ended if another cannot be
        yield from _answers(iter(requests), started, here)
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


def _answers(
    requests: Iterator[Request], others: "list[_Process]", here: Callable[[Request], Answer]
) -> Iterator[tuple[Request, Any | Answer]]:
    waiting: deque[tuple[Request, _Source]] = deque()
    while True:
        for process in others:
            while process.is_free() and (asked := next(requests, None)) is not None:
                process.ask(pickle.dumps(asked, pickle.HIGHEST_PROTOCOL))
                waiting.append((asked, process))
        is_next = waiting and (waiting[0][1].has_answered() or _answered_here(waiting) >= HERE_AHEAD)
        asked = None if is_next else next(requests, None)
        if asked is not None:
            waiting.append((asked, _Answered(here, asked)))
        elif waiting:
            earlier, source = waiting.popleft()
            answer = source.answer()
            yield earlier, here(earlier) if answer is None else answer
        else:
            return


def _answered_here(waiting: "Iterable[tuple[Any, _Source]]") -> int:
    return sum(isinstance(source, _Answered) for _, source in waiting)


class _Source(Protocol):
    """
    Where an answer comes from.
    """

    def has_answered(self) -> bool: ...

    def answer(self) -> Any: ...


class _Answered(Generic[Request, Answer]):
    """
    The answer to a request from this process, or the error, kept until its turn.

    Args:
        here: What answers it.
        request: The request.
    """

    def __init__(self, here: Callable[[Request], Answer], request: Request) -> None:
        self._failed: Exception | None = None
        try:
            self._answer = here(request)
        except Exception as error:  # noqa: BLE001 - it is raised in its turn
            self._failed = error

    def has_answered(self) -> bool:
        """Return that there is an answer."""
        return True

    def answer(self) -> Answer:
        """Return the answer, or raise the error."""
        if self._failed is not None:
            raise self._failed
        return self._answer


class _Process:
    """
    A process that answers requests.

    Args:
        first: Its first request.
    """

    def __init__(self, first: bytes) -> None:
        self._process = _started()
        self._to, self._from = cast("FileIO", self._process.stdin), cast("FileIO", self._process.stdout)
        self._has_begun, self._unanswered = False, 0
        try:
            self._tell(json.dumps([str(place) for place in sys.path]).encode() + b"\n")
            self._send(first)
        except BaseException:
            self.kill()
            self.wait()
            raise

    def _tell(self, text: bytes) -> None:
        with suppress(BrokenPipeError):  # the next request finds that it ended
            self._to.write(text)

    def _send(self, request: bytes) -> None:
        try:
            send(self._to, request)
        except OSError:
            raise self._ended() from None

    def is_free(self) -> bool:
        """Return whether it has begun and may be asked more."""
        if not self._has_begun and (not CAN_LOOK or self.has_answered()):
            said = self._received()
            if said != READY:
                raise LedgerMisuse(f"a process could not begin its work ({said}); leave processes out")
            self._has_begun = True
        return self._has_begun and self._unanswered < AHEAD

    def ask(self, request: bytes) -> None:
        """Send a request."""
        self._send(request)
        self._unanswered += 1

    def has_answered(self) -> bool:
        """Return whether there is something to read, or the process has ended."""
        if not CAN_LOOK:
            return False
        with DefaultSelector() as looking:
            looking.register(self._from, EVENT_READ)
            return bool(looking.select(0))

    def answer(self) -> Any:
        """Return the answer to the first request that is not answered yet."""
        self._unanswered -= 1
        return self._received()

    def _received(self) -> Any:
        answer = receive(self._from)
        if answer is None:
            raise self._ended()
        with collector_paused():
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
