"""
Runs one command and turns errors into exit codes.
"""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run a command.

    Args:
        arguments: What stands after the program's name; `None` for the process's own.

    Returns:
        0 when it was done and nothing is wrong; 1 when it was done and something needs attention: rows rejected, a
        ledger altered, a rule file unsound; 2 when it could not be done; 3 when nothing of a file was appended, because
        corrections, or records that it no longer has, wait to be decided on.
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
        sys.stderr.close()  # whoever read has gone, and so has the reason to say so
        return 0
    except KeyboardInterrupt:
        return 130
    return code
