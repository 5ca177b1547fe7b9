"""
The command line: `peer-ledger`, also available as `python -m peer_ledger`.

Nothing is decided here.  Every command parses its arguments, calls the library, and prints the result.
"""

from peer_ledger.cli._main import main

__all__ = ["main"]
