"""
Several columns of hours: whether they say the same, add up, or contradict each other.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from peer_ledger.importing._builders import FieldRefusal
from peer_ledger.importing._cell_text import clean
from peer_ledger.importing._cells import CellReader
from peer_ledger.importing._columns import MappedColumn
from peer_ledger.importing._fields import Field
from peer_ledger.importing._headings import unit_in
from peer_ledger.importing._layout import Layout, how_to_map
from peer_ledger.importing._meanings import CellRefusal
from peer_ledger.values._wording import counted

_AN_AMOUNT = Field("amount")
_MINUTES = {"hour": 60, "minute": 1}
_SHORT_HOURS = range(45, 60)
"""The minutes that some boards count as an hour: beside one hour, they may be that hour, or come on top of it."""


def is_compared(column: MappedColumn, other: MappedColumn) -> bool:
    """Return whether two columns are amounts of hours or minutes, which are compared row by row."""
    return column.field == "hours" and not column.unclear and not other.unclear


class Amounts:
    """
    Compares the columns of hours of one file.

    Args:
        layout: The layout, which knows the column that is read and those that could be meant instead.
        reader: The reader of cells.
    """

    def __init__(self, layout: Layout, reader: CellReader) -> None:
        self._others = [other for column, other in layout.rivals if is_compared(column, other)]
        self._read = reader.reader(_AN_AMOUNT, {})
        self._hours = next((column for column in layout.columns if column.field == "hours"), None)
        self._same_line: int | None = None
        self.added: list[int] = []

    @property
    def says(self) -> str | None:
        """The rows in which minutes were added to the hours, for a notice; `None` when there are none."""
        if not self.added:
            return None
        rows, first = counted(len(self.added), "row"), self.added[0]
        return f"{rows}: the minutes in a column of their own were added to the hours (first in line {first})"

    def settle(self, values: dict[str, Any], cells: Sequence[object], line: int) -> None:
        """
        Set the hours of a row from all of its columns of hours.

        Raises:
            FieldRefusal: The columns contradict each other, or it cannot be known whether they add up.
        """
        if self._hours is None:
            return
        for other in self._others:
            cell = cells[other.place] if other.place < len(cells) else ""
            self._settle(values, self._amount(other, cell), other, line)

    def _amount(self, column: MappedColumn, cell: object) -> tuple[Decimal, str] | None:
        if clean(str(cell)) == "":
            return None
        try:
            amount, unit = self._read(clean(cell) if isinstance(cell, str) else cell).value
        except CellRefusal as refusal:
            raise FieldRefusal("hours", f"is beside {column.heading!r}, which {refusal.reason}") from None
        return amount, unit or unit_in(column.heading) or "hour"

    def _settle(
        self, values: dict[str, Any], found: tuple[Decimal, str] | None, other: MappedColumn, line: int
    ) -> None:
        given = values.get("hours")
        if given is None and found is None:
            return
        unit = (given[1] or values.get("unit") or "hour") if given is not None else "hour"
        minutes = found or (Decimal(0), "minute")
        if unit == "hour" and unit_in(other.heading) == minutes[1] == "minute":
            self._settle_minutes(values, given, minutes[0], other, line)
            return
        if given is None or found is None or _minutes(given[0], unit) != _minutes(*found):
            raise FieldRefusal("hours", self._contradiction(given, found, other))

    def _settle_minutes(
        self,
        values: dict[str, Any],
        given: tuple[Decimal, str | None] | None,
        minutes: Decimal,
        other: MappedColumn,
        line: int,
    ) -> None:
        hours = given[0] if given is not None else Decimal(0)
        if minutes == hours * 60:
            self._same_line = self._same_line or (line if minutes else None)
            return
        is_part = 0 <= minutes < 60 and hours == int(hours) and not (hours == 1 and int(minutes) in _SHORT_HOURS)
        if hours and not minutes:
            return
        if not hours:
            values["hours"] = minutes, "minute"
            return
        if not is_part or self._same_line is not None:
            raise FieldRefusal(
                "hours",
                f"is {hours} beside {minutes} under {other.heading!r}, which may be the same time or more; "
                f"name the column that counts: {how_to_map('hours')}",
            )
        values["hours"] = hours * 60 + minutes, "minute"
        self.added.append(line)

    def _contradiction(
        self, given: tuple[Decimal, str | None] | None, found: tuple[Decimal, str] | None, other: MappedColumn
    ) -> str:
        mine = "empty" if given is None else str(given[0])
        theirs = "empty" if found is None else str(found[0])
        return f"is {mine}, but {other.heading!r} is {theirs}; name the column that counts: {how_to_map('hours')}"


def _minutes(amount: Decimal, unit: str) -> Fraction | None:
    return Fraction(amount) * _MINUTES[unit] if unit in _MINUTES else None
