"""
`python -m peer_ledger`, which runs the same program as `peer-ledger`.
"""

import sys

from peer_ledger.cli import main

if __name__ == "__main__":
    sys.exit(main())
