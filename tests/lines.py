"""The lines of the package that some work runs through, and what is done before one of them."""

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from unittest import mock

import peer_ledger
from children import Child, Say
from peer_ledger.ledger import _same_file
from peer_ledger.ledger._store import Nesting

PACKAGE = str(Path(peer_ledger.__file__).parent)
Part = Callable[[], Any]
Doing = Callable[[Part], None]


def die() -> None:
    """End this process as by `kill -9`."""
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def steadily() -> Iterator[None]:
    """
    Let the same work on the same files run through the same lines, whenever it is done again.

    A ledger's file counts as written a moment ago, whenever it was: it is looked at again each time.  The collector of
    garbage, which calls what objects of earlier tests have left to be done, waits.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        with mock.patch.object(_same_file, "_TICK", float("inf")):
            yield
    finally:
        if collects:
            gc.enable()


class Lines(AbstractContextManager["Lines"]):
    """
    Count the lines of the package that are run through, and do something before one of them.

    The lines that look up the stack are left out: there are as many as the caller is deep in it.

    Args:
        at: The line, from 0; `None` for none of them.
        then: What is done before it, once.

    Attributes:
        passed: The number of lines that were run through.
    """

    def __init__(self, at: int | None = None, then: Callable[[], None] = die) -> None:
        self._at, self._then = at, then
        self.passed = 0

    def __enter__(self) -> Self:
        self._before = sys.gettrace()  # as that of a measurement of coverage
        sys.settrace(self._trace)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        sys.settrace(self._before)

    def _trace(self, frame: Any, event: str, _: Any) -> Any:
        if not frame.f_code.co_filename.startswith(PACKAGE) or frame.f_code is Nesting.begin.__code__:
            return None
        if event == "line":
            if self.passed == self._at:
                self._then()
            self.passed += 1
        return self._trace


def lines_of(work: Part, at: int | None = None, then: Callable[[], None] = die) -> int:
    """
    Do some work, and something else before one of its lines; return the number of lines.

    Args:
        work: The work.
        at: The line, from 0; `None` for none of them.
        then: What is done before it.
    """
    with Lines(at, then) as lines:
        work()
    return lines.passed


def count_in_child(anew: Callable[[], Callable[[Doing], Any]]) -> int:
    """
    Return the number of lines of a part of some work that is done steadily in a forked process.

    It is done here once before, so that what is prepared once for all is not counted.

    Args:
        anew: Makes the files as they are before the work, and returns the work; this is given what does the part that
            counts.
    """
    work = anew()
    with steadily():
        work(lambda part: part())
    work = anew()

    def counted(say: Say) -> None:
        with steadily():
            work(lambda part: say(str(lines_of(part))))

    code, (count,) = Child(counted).ended()
    assert code == 0
    return int(count)


def ended_at_line(work: Callable[[Say, Doing], Any], line: int) -> tuple[bool, set[str]]:
    """
    Do some work steadily in a process that dies at a line of the part that it is given.

    Returns:
        Whether it died there, and what it said; a process that did not die had fewer lines.
    """

    def dying(say: Say) -> None:
        with steadily():
            work(say, lambda part: lines_of(part, line))

    code, said = Child(dying).ended()
    assert code in (0, -signal.SIGKILL)
    return code != 0, set(said)


def lines_to_look_at(count: int, step: int, last: int = 0) -> Iterator[int]:
    """
    Yield lines to die at, in order: some of those that were counted, each of the last ones, and one that is not reached.
    """
    yield from sorted({*range(0, count, step), *range(max(0, count - last), count + 1)})
