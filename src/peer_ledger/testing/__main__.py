"""
`python -m peer_ledger.testing CASES.toml ...`: run worked cases.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from peer_ledger._visible import visible
from peer_ledger.errors import LedgerFileError, PeerLedgerError
from peer_ledger.testing.cases import read_cases, run_case


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run the worked cases of some files, print those that fail, and finish with `N passed, N failed`.

    Args:
        arguments: The command line's arguments; `None` for those of the process.

    Returns:
        0 when all cases passed; 1 when some failed, or when the output was closed; 2 when a file cannot be read.
    """
    parser = argparse.ArgumentParser(prog="python -m peer_ledger.testing", description="Run worked cases.")
    parser.add_argument("files", nargs="+", metavar="CASES.toml")
    try:
        code = _run(parser.parse_args(arguments).files)
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes the output again when it exits; that must not fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def _run(paths: Sequence[str]) -> int:
    passed = failed = 0
    for path in paths:
        try:
            cases = read_cases(path)
        except LedgerFileError as error:
            return _unreadable(path, error.detail)
        except PeerLedgerError as error:
            return _unreadable(path, str(error))
        for result in map(run_case, cases):
            passed += result.passed
            failed += not result.passed
            if not result.passed:
                print(result)
    print(f"{passed} passed, {failed} failed")
    return int(failed > 0)


def _unreadable(path: str, why: str) -> int:
    print(f"peer_ledger.testing: {visible(path)}: {why}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
