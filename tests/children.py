"""Forked processes that do some work for a test, and say over a pipe what they have done."""

import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

Say = Callable[[str], None]


class Child:
    """
    A forked process that does some work, says over a pipe what it has done, and may be killed at any moment.

    What it raises fails the test, and so does a child that takes longer than two minutes.
    """

    def __init__(self, work: Callable[[Say], Any]) -> None:
        self._pipe, writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            signal.alarm(120)
            os.close(self._pipe)
            try:
                work(lambda text: os.write(writing, f"{text}\n".encode()))
            except BaseException:  # noqa: BLE001 - it is told to the test
                os.write(writing, f"! {traceback.format_exc()}".encode())
                os._exit(1)
            os._exit(0)
        os.close(writing)
        self._heard = b""

    def hear(self, count: int = 1) -> list[str]:
        """Wait until the child has said so many things, or has ended; give all that it has said."""
        while self._heard.count(b"\n") < count and (more := os.read(self._pipe, 65536)):
            self._heard += more
        said = self._heard.decode()
        assert not any(line.startswith("! ") for line in said.splitlines()), said
        return said.split("\n")[:-1]

    def hear_for(self, seconds: float) -> None:
        """Wait so long and no longer; a wait so short that the system would round it up is spent counting."""
        end = time.perf_counter() + seconds
        if seconds > 0.002:
            select.select([], [], [], seconds - 0.001)
        while time.perf_counter() < end:
            pass

    def kill(self) -> tuple[str, ...]:
        """Kill it, and give everything that it said before."""
        os.kill(self.pid, signal.SIGKILL)
        return self.ended()[1]

    def end(self, code: int = 0) -> list[str]:
        """Wait until it has ended in this way; give all that it said."""
        found, said = self.ended()
        assert found == code, said
        return list(said)

    def ended(self) -> tuple[int, tuple[str, ...]]:
        """Wait for its end: give its exit code, the signal's negative if one ended it, and everything that it said."""
        said = tuple(self.hear(sys.maxsize))
        os.close(self._pipe)
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        assert code != 1, said
        assert code != -signal.SIGALRM, "the child hung"
        return code, said
