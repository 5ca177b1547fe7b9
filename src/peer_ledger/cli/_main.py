"""
Runs one command and turns errors into exit codes.
"""

import sys
from collections.abc import Sequence


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
    from peer_ledger.cli._parser import parser
    from peer_ledger.errors import PeerLedgerError

    given = parser().parse_args(arguments)
    try:
        code: int = given.run(given)
        sys.stdout.flush()
    except PeerLedgerError as error:
        print(f"peer-ledger: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()  # the reader has closed the pipe, so there is nobody to tell
        return 0
    except KeyboardInterrupt:
        return 130
    return code
