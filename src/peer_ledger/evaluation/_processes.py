"""
Work in several processes: this one, and others that answer requests over pipes.

The others import neither the script nor the notebook that asks: they are told where modules are found, and get
everything else as requests.  They are out of reach of an interrupt from the keyboard, which is for the process that
asks; it ends them, and if it is killed, their input ends and so do they.

The next few tasks lie open.  This process takes the first of them, so that its answers are wanted at once and not kept;
the others take the last, so that theirs are there, as bytes, when their turn comes.  Nobody waits while a task is open.
"""

import json
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from io import FileIO
from itertools import islice
from selectors import EVENT_READ, DefaultSelector
from typing import Any, Generic, Self, TypeVar, cast

from peer_ledger.errors import InvalidValue, LedgerMisuse
from peer_ledger.evaluation._frames import receive, send
from peer_ledger.evaluation._worker import READY
from peer_ledger.values._collector import collector_paused

if sys.platform == "linux":
    from fcntl import F_SETPIPE_SZ, fcntl

OPEN = 6
"""How many tasks lie open for each process, unless told; the answers to as many are kept, so that memory is bounded."""

AHEAD = 3
"""How many requests each other process has, so that it does not wait until this one looks at it."""

CAN_LOOK = sys.platform != "win32"
"""Whether it can be known, without waiting, if there is an answer; where not, each process answers as many requests."""

SECONDS = 5.0
"""How long a process that closed its output may take to end."""

PIPE = 1 << 20
"""How many bytes a pipe holds, if the system lets it: answers fit, and nobody waits until they are read."""

START = (
    "import gc; gc.disable(); import sys, json; sys.path[:] = json.loads(sys.stdin.buffer.raw.readline()); "
    "from peer_ledger.evaluation._worker import main; main()"
)
Task = TypeVar("Task")
Request = TypeVar("Request")


class OtherProcesses:
    """
    Other processes, which start at once and are ended when they are left.

    Args:
        number: How many.
        tasks: How many tasks lie open for each process, this one among them; `None` for `OPEN`.

    Raises:
        LedgerMisuse: A process could not be started.
    """

    def __init__(self, number: int, tasks: int | None = None) -> None:
        self._open = OPEN if tasks is None else tasks
        self._started: list[_Process] = []
        try:
            for _ in range(number):
                self._started.append(_Process(min(AHEAD, self._open) if CAN_LOOK else self._open))
        except BaseException:
            self._end()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _end(self) -> None:
        for process in self._started:
            process.kill()
        for process in self._started:
            process.wait()

    def answers(
        self,
        begin: Callable[..., Callable[[Request], Any]],
        arguments: tuple[Any, ...],
        tasks: Iterable[Task],
        *,
        there: Callable[[Task], Request],
        here: Callable[[Task], Any],
        ahead: Callable[[Task], Any],
    ) -> Iterator[tuple[Request | None, Any]]:
        """
        Yield the answer to each task, in order, and the request where it comes from another process.

        Args:
            begin: Called in each other process; it returns the function that answers requests there.
            arguments: What it is called with.
            tasks: The tasks, which are read a few at a time.
            there: Returns the request that tells another process of a task.
            here: What does a task in this process in its turn, also one that could not be done in another.
            ahead: What does a task in this process before its turn, with all the work that will be wanted.

        Raises:
            InvalidValue: The arguments cannot be sent to another process.
            LedgerMisuse: A process ended early.
        """
        first = _pickled(begin, arguments)
        for process in self._started:
            process.begin(first)
        most = self._open * (1 + len(self._started))
        yield from _answers(iter(tasks), most, self._started, there=there, here=here, ahead=ahead)


def _pickled(begin: Callable[..., Any], arguments: tuple[Any, ...]) -> bytes:
    try:
        return pickle.dumps((begin, arguments))
    except Exception as error:
        raise InvalidValue(
            "ruleset cannot be sent to other processes; give the id of a bundled rule set, or leave processes out"
        ) from error


def _answers(
    tasks: Iterator[Task],
    most: int,
    others: "list[_Process]",
    *,
    there: Callable[[Task], Request],
    here: Callable[[Task], Any],
    ahead: Callable[[Task], Any],
) -> Iterator[tuple[Request | None, Any]]:
    turns: deque[_Turn[Task]] = deque()
    while True:
        turns.extend(map(_Turn, islice(tasks, most - len(turns))))
        if not turns:
            return
        for process in others:
            while process.is_free() and (last := _first_open(reversed(turns))) is not None:
                last.taken = process.ask(there(last.task))
        head = turns[0].taken
        if head is not None and not head.is_answered() and (first := _first_open(turns)) is not None:
            first.taken = _Kept(ahead, first.task)
            continue
        task = turns.popleft().task
        answer = None if head is None else head.answer()
        if head is None or answer is None:
            yield None, here(task)
        else:
            yield head.request, answer


class _Turn(Generic[Task]):
    """
    A task that waits for its turn.

    Attributes:
        task: The task.
        taken: Who took it; `None` while it is open.
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        self.taken: _Kept | _Asked | None = None


def _first_open(turns: Iterable[_Turn[Task]]) -> _Turn[Task] | None:
    return next((turn for turn in turns if turn.taken is None), None)


class _Kept:
    """
    An answer from here that is kept until its turn.

    Args:
        ahead: What does a task.
        task: The task.
    """

    request = None

    def __init__(self, ahead: Callable[[Task], Any], task: Task) -> None:
        self._answer = None
        with suppress(Exception):  # it is tried again in its turn, where its error is seen
            self._answer = ahead(task)

    def is_answered(self) -> bool:
        """Return that there is nothing to wait for."""
        return True

    def answer(self) -> Any:
        """Return the answer; `None` when the task could not be done."""
        return self._answer


class _Asked:
    """
    A task that another process was asked to do.

    Attributes:
        request: What it was asked.
        received: What it answered; `None` until that was read.
    """

    def __init__(self, request: Any, process: "_Process") -> None:
        self.request, self._process = request, process
        self.received: bytearray | None = None

    def is_answered(self) -> bool:
        """Return whether the answer was read."""
        return self.received is not None

    def answer(self) -> Any:
        """Return the answer, once it is there; `None` when the process could not do it."""
        while self.received is None:
            self._process.read()
        with collector_paused():
            return pickle.loads(self.received)  # noqa: S301 - from a process that was started here


class _Process:
    """
    A process that answers requests.

    Args:
        most: How many requests it has at a time.
    """

    def __init__(self, most: int) -> None:
        self._process = _started()
        self._to, self._from = cast("FileIO", self._process.stdin), cast("FileIO", self._process.stdout)
        self._most, self._has_begun, self._asked = most, False, deque[_Asked]()
        self._looking = DefaultSelector()
        if CAN_LOOK:
            self._looking.register(self._from, EVENT_READ)
        for pipe in (self._to, self._from):
            _widen(pipe)
        with suppress(BrokenPipeError):  # the first request finds that it ended
            self._to.write(json.dumps([str(place) for place in sys.path]).encode() + b"\n")

    def begin(self, first: bytes) -> None:
        """Send the first request."""
        self._send(first)

    def _send(self, request: bytes) -> None:
        try:
            send(self._to, request)
        except OSError:
            raise self._ended() from None

    def is_free(self) -> bool:
        """Return whether it has begun and may be asked more."""
        while self._has_answered() if CAN_LOOK else not self._has_begun:
            self.read()
        return self._has_begun and len(self._asked) < self._most

    def _has_answered(self) -> bool:
        """Return whether there is something to read, or the process has ended."""
        return bool(self._looking.select(0))

    def ask(self, request: Any) -> _Asked:
        """Send a request."""
        self._send(pickle.dumps(request, pickle.HIGHEST_PROTOCOL))
        self._asked.append(asked := _Asked(request, self))
        return asked

    def read(self) -> None:
        """Wait for the next answer, and keep it where it was asked for."""
        answer = receive(self._from)
        if answer is None:
            raise self._ended()
        if self._has_begun:
            self._asked.popleft().received = answer
        elif (said := pickle.loads(answer)) != READY:  # noqa: S301 - as above
            raise LedgerMisuse(f"a process could not begin its work ({said}); leave processes out")
        self._has_begun = True

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
        self._looking.close()
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


def _widen(pipe: FileIO) -> None:
    """Let a pipe hold more, where it can be known how and the system allows it."""
    if sys.platform == "linux":
        with suppress(OSError):
            fcntl(pipe, F_SETPIPE_SZ, PIPE)


def _apart() -> dict[str, Any]:
    """Return how a process is started so that it is not interrupted from the keyboard."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}
