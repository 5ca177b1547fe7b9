"""
Runs one command and turns errors into exit codes.
"""

import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from peer_ledger.cli._terminal import abandon, complain, prepared

_FAILED, _INTERRUPTED = 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run a command.

    Args:
        arguments: The arguments after the program's name; `None` for those of the process.

    Returns:
        0 for success; 1 for success with something to check: rejected rows, an altered ledger, an unsound rule file;
        2 when the command failed; 3 when nothing was appended, because corrections or missing records need a
        decision.
    """
    with prepared():
        try:
            return _run(arguments)
        except KeyboardInterrupt:
            return _INTERRUPTED
        except Exception as error:  # noqa: BLE001 - whoever types a command is not shown a traceback
            complain(f"peer-ledger: {_fault(error)}")
            return _FAILED


def _run(arguments: Sequence[str] | None) -> int:
    from peer_ledger.cli._parser import parser
    from peer_ledger.errors import PeerLedgerError

    try:
        given = parser().parse_args(arguments)
        code: int = given.run(given)
        sys.stdout.flush()
    except PeerLedgerError as error:
        complain(f"peer-ledger: {error}")
        return _FAILED
    except BrokenPipeError:  # the reader has closed the pipe, so there is nobody to show more to
        abandon()
        return 0
    except OSError as error:
        abandon()
        complain(f"peer-ledger: it cannot be written or read: {error.strerror or type(error).__name__}")
        return _FAILED
    return code


def _fault(error: Exception) -> str:
    """Return what is known of an error that this package does not raise on purpose; its own text may name a person."""
    if isinstance(error, MemoryError):
        return "there is not enough memory for this"
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return f"this is an error in the program, not in what you entered ({type(error).__name__}{where}); please report it"
