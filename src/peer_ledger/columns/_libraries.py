"""
The libraries that read columns, each loaded when it is first needed.
"""

from functools import cache
from typing import Any

from peer_ledger.presenting._frames import loaded


@cache
def arrow(part: str = "") -> Any:
    """
    Return pyarrow, or one of its modules.

    Args:
        part: The module, such as `compute`; empty for pyarrow itself.

    Raises:
        LedgerMisuse: The extra `columns` is not installed.
    """
    return _loaded("pyarrow" + (part and f".{part}"))


@cache
def numpy() -> Any:
    """
    Return numpy.

    Raises:
        LedgerMisuse: The extra `columns` is not installed.
    """
    return _loaded("numpy")


def _loaded(module: str) -> Any:
    return loaded(module, extra="columns", what="evaluating frames")
