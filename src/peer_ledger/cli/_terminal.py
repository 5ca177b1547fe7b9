"""
Standard output and standard error: every text can be written to them, and none steers the terminal.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from peer_ledger._visible import visible


@contextmanager
def prepared() -> Iterator[None]:
    """
    Prepare standard output and standard error, for as long as a command runs.

    A stream that is closed takes everything and shows nothing.  A stream of another encoding than UTF-8 shows what it
    cannot write as an escape.  A terminal shows controls and marks of direction as escapes.
    """
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = map(_usable, before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def _usable(stream: TextIO | None) -> TextIO:
    if stream is None or stream.closed:
        return open(os.devnull, "w", encoding="utf-8")
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")
    return stream


def say(text: str) -> None:
    """
    Print sentences to standard output, with everything escaped that is not shown.
    """
    print(visible(text, keep="\n"))


def show(text: str, form: str) -> None:
    """
    Print an output to standard output: sentences as `say` does, and other forms as they are unless it is a terminal.
    """
    if form == "table" or sys.stdout.isatty():
        say(text)
    else:
        print(text)


def complain(text: str) -> None:
    """
    Print a text of one or more lines to standard error, with everything escaped that is not shown.
    """
    with suppress(OSError, ValueError):  # nobody reads it
        print(visible(text, keep="\n"), file=sys.stderr, flush=True)


def abandon() -> None:
    """
    Write nothing more to standard output, which cannot be written to: neither now nor when the interpreter exits.
    """
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
