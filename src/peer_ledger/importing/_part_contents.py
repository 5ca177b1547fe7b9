"""
What a part of a workbook makes the reader allocate.

A part is judged by its content, never by its name: the reader follows relationships to parts of any name, in any case,
but allocates only for cells in `sheetData` and for the `uniqueCount` of `sst`.
"""

import re
from xml.parsers import expat

from peer_ledger.importing._column_names import column_number

_OVERLAP = 64
_LONGEST_TOKEN = 2**20
_DEEPEST = 200
_MOST_NAMES = 10_000
_CELL_NAME = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ROW_NAME = re.compile(r"[A-Z]{0,3}([0-9]{1,7})")
_COUNT = re.compile(r"0*([0-9]+)")
_HAZARDS = b"sheetData", b"uniqueCount"


class Unsaved:
    """
    A placeholder for the value of a formula that was not calculated before the workbook was saved.
    """

    def __repr__(self) -> str:
        return "UNSAVED"


UNSAVED = Unsaved()

Marks = dict[tuple[int, int], object]
"""The contents of cells that the reader takes to be empty, by row and column from 1."""


class _Cell:
    """A cell that is being parsed."""

    __slots__ = ("column", "has_formula", "has_value", "is_calculated", "is_filled", "kind", "row", "texts")

    def __init__(self, row: int = 0, column: int = 0, kind: str = "") -> None:
        self.row, self.column, self.kind = row, column, kind
        self.texts: list[str] = []
        self.has_formula = self.has_value = self.is_calculated = self.is_filled = False

    def calculate(self, _: str) -> None:
        """Note that the formula has a text."""
        self.is_calculated = True

    def mark(self) -> object:
        """Return the content of a cell that the reader would take to be empty; `None` for any other cell."""
        text = "".join(self.texts).strip()
        if self.kind == "e" and text.startswith("#") and text != "#N/A":
            return text
        is_empty_text = self.kind == "str" and self.has_value and self.is_calculated
        is_saved = self.is_filled or is_empty_text or text
        return UNSAVED if self.has_formula and not is_saved else None


class PartContents:
    """
    What a part makes the reader allocate, and the marks of its cells.

    Attributes:
        rows: The last row with a value, from 1.
        columns: The last column with a value, from 1.
        texts: How many shared texts the part declares.
        is_sound: Whether the part is well-formed and simple enough to be judged.
        is_hazardous: Whether it has a word that makes the reader allocate.
        is_misnamed: Whether a cell or row has an invalid name.
    """

    def __init__(self) -> None:
        self.marks: Marks = {}
        self.rows = self.columns = self.texts = 0
        self.is_sound, self.is_hazardous, self.is_misnamed = True, False, False
        self._names: dict[str, str] = {}
        self._parser = parser = expat.ParserCreate("utf-8", intern=self._names)
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._finish
        parser.StartDoctypeDeclHandler = self._doctype
        parser.buffer_text = True
        self._fed = self._depth = self._row = self._column = 0
        self._overlap = b""
        self._is_in_data = self._is_in_cell = False
        self._cell = _Cell()

    def take(self, piece: bytes) -> None:
        """Take the next piece of the part."""
        text = self._overlap + piece.replace(b"\0", b"")  # also in UTF-16
        self.is_hazardous = self.is_hazardous or any(word in text for word in _HAZARDS)
        self._overlap = text[-_OVERLAP:]
        self._parse(piece)
        self._fed += len(piece)
        # A token that does not end is parsed again with every piece, and a name is kept forever.
        if self._fed - max(0, self._parser.CurrentByteIndex) > _LONGEST_TOKEN or len(self._names) > _MOST_NAMES:
            self.is_sound = False

    def end(self) -> None:
        """Note that the part has no more pieces."""
        self._parse(b"", is_last=True)

    def _parse(self, piece: bytes, *, is_last: bool = False) -> None:
        if self.is_sound:
            try:
                self._parser.Parse(piece, is_last)
            except expat.ExpatError:
                self.is_sound = False

    def _doctype(self, *_: object) -> None:
        raise expat.ExpatError("a part of a workbook has no document type")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise expat.ExpatError("a part of a workbook is not nested that deeply")
        name = local(name)
        if name == "sheetData":
            self._is_in_data = True
        elif name == "sst" and (count := _COUNT.fullmatch(attributes.get("uniqueCount", ""))):
            self.texts = max(self.texts, int(count[1][:20]))
        elif not self._is_in_data:
            return
        elif name == "c":
            self._begin_cell(attributes)
        elif name == "row" and "r" in attributes:
            self._row = self._number(_ROW_NAME.fullmatch(attributes["r"]))
        elif self._is_in_cell:
            self._begin_child(name, attributes)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        row, column = self._row, self._column + 1
        if "r" in attributes:  # without a name, a cell follows the one before
            found = _CELL_NAME.fullmatch(attributes["r"])
            row = self._number(found)
            column = self._column + 1 if found is None else column_number(found[1])
        self._column = column
        self._is_in_cell = True
        self._cell = _Cell(row + 1, column, attributes.get("t", ""))

    def _number(self, found: re.Match[str] | None) -> int:
        """Return the row, from 0, of a name that ends with its number."""
        if found is None:
            self.is_misnamed = True
            return self._row
        return int(found[found.re.groups]) - 1

    def _begin_child(self, name: str, attributes: dict[str, str]) -> None:
        """Note a part of a cell; a cell without a value takes no memory."""
        cell = self._cell
        if name == "f":
            cell.has_formula = True
            cell.is_calculated = bool(attributes)
            if cell.kind == "str":
                self._parser.CharacterDataHandler = cell.calculate
        elif name in {"v", "is"}:
            self.rows, self.columns = max(self.rows, cell.row), max(self.columns, cell.column)
            cell.has_value = True
            if name == "v" and (cell.has_formula or cell.kind == "e"):
                self._parser.CharacterDataHandler = cell.texts.append
            else:
                cell.is_filled = True

    def _finish(self, name: str) -> None:
        self._depth -= 1
        if not self._is_in_data:
            return
        name = local(name)
        if name == "c":
            self._is_in_cell = False
            if (mark := self._cell.mark()) is not None:
                self.marks[self._cell.row, self._cell.column] = mark
        elif name == "row":
            self._row, self._column = self._row + 1, 0
        elif name == "sheetData":
            self._is_in_data = False
        elif name in {"v", "f"}:
            self._parser.CharacterDataHandler = None


def local(name: str) -> str:
    """Return the name of a tag or attribute without its prefix, as the reader compares it."""
    return name.partition(":")[2] if ":" in name else name
