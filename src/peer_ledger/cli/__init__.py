"""
The command line: `peer-ledger`, and the same as `python -m peer_ledger`.

Nothing is decided here.  Every command reads its arguments, makes one call of the library, and prints what it gives.
"""

from peer_ledger.cli._main import main

__all__ = ["main"]
