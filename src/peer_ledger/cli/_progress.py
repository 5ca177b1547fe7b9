"""
The day that a command is about, and the progress of long work.
"""

import sys
import time
from collections.abc import Callable
from datetime import date

from peer_ledger._visible import visible
from peer_ledger.cli._ledger_commands import Given
from peer_ledger.rules import RuleSet
from peer_ledger.values.dates import as_day, today_in

_BLINK = 0.2


def day_asked(given: Given, rules: RuleSet) -> date:
    """Return the day that was asked about, or today in the time zone of the rules."""
    return today_in(rules.time_zone) if given.on is None else as_day(given.on)


class Progress:
    """Shows the progress of long work, on a terminal only."""

    def __init__(self) -> None:
        self._shows = sys.stderr.isatty()
        self._next = time.monotonic() + 2 * _BLINK
        self._shown = False

    def __enter__(self) -> Callable[[str, int], None]:
        return self._tell

    def __exit__(self, *_: object) -> None:
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def _tell(self, what: str, number: int) -> None:
        if self._shows and time.monotonic() >= self._next:
            self._shown = True
            self._next = time.monotonic() + _BLINK
            print(f"\r\x1b[K{visible(what)}: {number}", end="", file=sys.stderr, flush=True)
