"""
What a cell means, why it means nothing, and the days of moments.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import attrs

from peer_ledger.errors import InvalidValue
from peer_ledger.importing._cell_text import clean, folded
from peer_ledger.importing._days import DayRead, DayReader

ERRORS = frozenset({"#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
"""What spreadsheet programs write where a formula fails."""


class CellRefusal(Exception):
    """
    A cell does not hold a value of its field.

    Attributes:
        reason: Why, and what to do.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason


@attrs.define
class Meaning:
    """
    What a cell means.

    Attributes:
        value: The field's value.
        notice: What to check; `None` when there is nothing to check.
        counted: What is counted over all rows, as `DayRead.says`; `None` when nothing is.
        is_slip: Whether the cell is most likely a slip of what is known, so that the notice may show it.
    """

    value: Any
    notice: str | None = None
    counted: str | None = None
    is_slip: bool = False


def day_reader(
    plain: Callable[[object], Meaning], days: DayReader, meanings: Mapping[str, str], *, is_utc: bool
) -> Callable[[object], Meaning]:
    """Return the function that reads the cells of a column of days, whose heading may say that they are of UTC."""

    def reads(cell: object) -> Meaning:
        if isinstance(cell, datetime):
            found = days.of_moment(cell, is_utc=is_utc)
        elif is_utc and isinstance(cell, str) and cell not in ERRORS:
            found = looked_at(days, clean(meanings.get(folded(cell), cell)), is_utc=True)
        else:
            return plain(cell)
        return Meaning(found.day, counted=found.says)

    return reads


def looked_at(days: DayReader, text: str, *, is_utc: bool = False) -> DayRead:
    try:
        return days.look_at(text, is_utc=is_utc)
    except InvalidValue as error:
        raise CellRefusal(error.message) from None
