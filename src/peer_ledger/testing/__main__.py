"""
`python -m peer_ledger.testing CASES.toml ...`: run worked cases.
"""

import argparse
import sys
from collections.abc import Sequence

from peer_ledger.errors import PeerLedgerError
from peer_ledger.testing.cases import run_cases


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run the worked cases of some files, print those that fail, and close with `N passed, N failed`.

    Args:
        arguments: What stands after the program's name; `None` for the process's own.

    Returns:
        0 when all passed; 1 when some failed; 2 when a file cannot be read.
    """
    parser = argparse.ArgumentParser(prog="python -m peer_ledger.testing", description="Run worked cases.")
    parser.add_argument("files", nargs="+", metavar="CASES.toml")
    passed = failed = 0
    try:
        for path in parser.parse_args(arguments).files:
            for result in run_cases(path):
                passed += result.passed
                failed += not result.passed
                if not result.passed:
                    print(result)
    except (PeerLedgerError, OSError) as error:
        print(f"peer_ledger.testing: {error}", file=sys.stderr)
        return 2
    print(f"{passed} passed, {failed} failed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
