"""
Tables for a terminal, a spreadsheet, a data frame, another program or a browser.

>>> print(Table(headings=("person", "hours"), rows=(("p-1", "3"),)).text())
person  hours
p-1     3
"""

import json
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from os import PathLike
from typing import Any, Literal

import attrs

from peer_ledger._closest import few_of
from peer_ledger._visible import visible
from peer_ledger.errors import InvalidValue, nearest, shown_name
from peer_ledger.presenting import _frames
from peer_ledger.reports._html import cell as html_cell
from peer_ledger.reports._html import grid, page, part
from peer_ledger.values._wording import counted
from peer_ledger.values.hours import plain

Cell = str | date | Decimal | int | bool | None
"""What a cell holds; `None` for unknown or empty."""

ColumnKind = Literal["text", "category", "day", "hours", "count", "flag"]
"""What a column holds: free text, words from a short list, days, amounts, whole numbers, or yes and no."""

_BEGINS = re.compile('[\t\r\n]|[\\s"]*[=+@\\uff1d\\uff0b\\uff0d\\uff20-]')
_FIGURE = re.compile(r"-[0-9]+(\.[0-9]+)?")
_NUMBERS = ("hours", "count")
_SPLITS = re.compile(r"[,;|\t\"\r\n\v\f\u2028\u2029]|^\s|\s$")
_AFTER_SEPARATOR = re.compile(
    "([;|\\t\\r\\n\\v\\f\u2028\u2029])"  # what may divide cells or lines
    '(?=[\\s"]*[=+@\\uff1d\\uff0b\\uff0d\\uff20-])'  # and a sign that begins a formula
    "(?!\\s*-[0-9]+(?:\\.[0-9]+)?\\s*(?:[;|]|$))"  # unless it is a figure
)


@attrs.frozen(kw_only=True)
class Table:
    """
    Rows under headings.

    Attributes:
        headings: The heading of each column.
        rows: The rows, each as long as the headings.
        kinds: What each column holds; empty when all hold text.
        title: Its title, for a browser.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...] = attrs.field(repr=lambda rows: f"<{counted(len(rows), 'row')}>")
    kinds: tuple[ColumnKind, ...] = ()
    title: str = ""

    def without(self, *names: str) -> "Table":
        """Return the table without some columns."""
        return self.only(*(name for name in self.headings if name not in names))

    def only(self, *names: str) -> "Table":
        """
        Return the table with only some columns, in the order given.

        Raises:
            InvalidValue: There is no such column; the message lists the columns.
        """
        for name in names:
            if name not in self.headings:
                near = nearest(name, self.headings)
                raise InvalidValue(f"there is no column {shown_name(name)}{near}; available: {few_of(self.headings)}")
        kept = [self.headings.index(name) for name in names]
        return attrs.evolve(
            self,
            headings=names,
            rows=tuple(tuple(row[place] for place in kept) for row in self.rows),
            kinds=tuple(self.kinds[place] for place in kept) if self.kinds else (),
        )

    def to_rows(self) -> list[dict[str, Cell]]:
        """
        Return a dictionary for each row: days as dates, amounts as decimals, `None` for unknown or empty.
        """
        return [dict(zip(self.headings, row, strict=True)) for row in self.rows]

    def to_frame(self, library: _frames.Library, *, hours: Literal["decimal", "float"] = "decimal") -> Any:
        """
        Return a frame of another library, with typed columns.

        Args:
            library: `pandas`, `polars` or `pyarrow`, which must be installed.
            hours: What amounts become: exact decimals, or binary floats, which are faster to calculate with and may be
                off by one part in 10 to the 15.

        Returns:
            A frame.  Days are dates (in pandas `datetime64[s]`); words from a short list are categories; whole numbers
            and flags may be missing (in pandas `Int64` and `boolean`); decimals have six digits after the point (in
            pandas they are Python's own).

        Raises:
            LedgerMisuse: The library is not installed; the message names the extra.
            InvalidValue: The library is not one of these.
        """
        columns = [
            _frames.Column(name=name, kind=kind, values=[row[place] for row in self.rows])
            for place, (name, kind) in enumerate(zip(self.headings, self._kinds(), strict=True))
        ]
        return _frames.frame(columns, library, floats=hours == "float")

    def to_excel(self, path: str | PathLike[str]) -> None:
        """
        Write a workbook with one sheet; text that looks like a formula stays text.

        A text of more than 32,767 characters, which no cell holds, is cut, and the end of its cell says so.

        Args:
            path: The file to write, readable only by its owner; an ordinary file of that name is replaced and keeps
                its permissions.

        Raises:
            LedgerMisuse: The extra `xlsx` is not installed.
            OutputRefused: The file is a ledger, an archive or a rule file, or a link.
            LedgerFileError: It cannot be written; what was there is unchanged.
        """
        _frames.write_workbook(self.headings, self.rows, path, title=self.title)

    def text(self) -> str:
        """Return the table as text for a terminal, with aligned columns."""
        headings = [name.replace("_", " ") for name in self.headings]
        lines = [tuple(map(visible, line)) for line in (headings, *self._shown())]
        widths = [max(len(line[place]) for line in lines) for place in range(len(self.headings))]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
        )

    def csv(self) -> str:
        """
        Return the table as CSV for a spreadsheet; what would run as a formula gets an apostrophe before it.

        That is a cell, or what a spreadsheet would make a cell of whose list separator is a semicolon.  Every cell that
        contains a comma, a semicolon, a tab or a line end is quoted.
        """
        return "".join(_csv_line(line) for line in (self.headings, *self._shown()))

    def json(self) -> str:
        """Return the table as JSON: a list with an object for each row; days and amounts are strings."""
        return json.dumps(
            [dict(zip(self.headings, map(_jsonable, row), strict=True)) for row in self.rows],
            indent=2,
        )

    def html(self) -> str:
        """Return the table as a complete page for a browser."""
        return page(self.title, part(self.html_part(counted(len(self.rows), "row")), label=self.title))

    def _repr_html_(self) -> str:
        return part(self.html_part(self.title), label=self.title)

    def html_part(self, caption: str) -> str:
        """
        Return the table as part of a page that already has the styles; pressing a heading sorts it.

        Args:
            caption: The caption; any text.
        """
        kinds = self._kinds()
        rows = (
            [
                html_cell(
                    text, kind="number" if kind in _NUMBERS else "plain" if kind == "day" else "", header=not place
                )
                for place, (text, kind) in enumerate(zip(row, kinds, strict=True))
            ]
            for row in self._shown()
        )
        numbers = frozenset(place for place, kind in enumerate(kinds) if kind in _NUMBERS)
        headings = [name.replace("_", " ") for name in self.headings]
        return grid(caption, headings, rows, sortable=True, numbers=numbers)

    def written(self, form: str) -> str:
        """
        Return the table in a form: `table`, `csv`, `json` or `html`.
        """
        return {"table": self.text, "csv": self.csv, "json": self.json, "html": self.html}[form]()

    def _kinds(self) -> tuple[ColumnKind, ...]:
        return self.kinds or tuple("text" for _ in self.headings)

    def _shown(self) -> list[tuple[str, ...]]:
        return [tuple(map(shown_cell, row)) for row in self.rows]


def shown_cell(value: Cell) -> str:
    """
    Return a cell as text.

    >>> [shown_cell(value) for value in (None, date(2026, 3, 31), Decimal("19.750"), True, 7)]
    ['', '2026-03-31', '19.750', 'yes', '7']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value) if isinstance(value, Decimal) else str(value)


def _jsonable(value: Cell) -> str | int | bool | None:
    return value if value is None or isinstance(value, bool | int | str) else shown_cell(value)


def neutral(cell: str) -> str:
    """
    Return a text that a spreadsheet shows instead of running as a formula.

    >>> neutral("=1+1"), neutral("-0.25"), neutral("Ethics"), neutral("x;=1+1")
    ("'=1+1", '-0.25', 'Ethics', "x;'=1+1")
    """
    if _FIGURE.fullmatch(cell):
        return cell
    cell = _AFTER_SEPARATOR.sub(r"\1'", cell)
    return f"'{cell}" if _BEGINS.match(cell) else cell


def _csv_line(cells: Iterable[str]) -> str:
    """Return a line of CSV; Python's own writer does not quote what only other list separators split."""
    shown = map(neutral, cells)
    quoted = ['"' + cell.replace('"', '""') + '"' if _SPLITS.search(cell) else cell for cell in shown]
    return ('""' if quoted == [""] else ",".join(quoted)) + "\r\n"
