"""
Checking that reading a workbook will not exhaust the memory.

A workbook is a zip file: a few kilobytes of it may expand to gigabytes, and two cells in opposite corners of a sheet
make the reader allocate everything between them.  So every part is first decompressed in pieces, measured and parsed.

Every part is judged by its content, whatever its name, for the reader follows relationships to parts of any name.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from peer_ledger.errors import InvalidData, Problem
from peer_ledger.importing._part_contents import Marks, PartContents, local
from peer_ledger.importing._text_tables import MOST_COLUMNS

MOST_UNFOLDED = 2**28
"""The most bytes that a workbook may expand to."""

MOST_TIMES = 100
"""The largest ratio of expanded to compressed size of a part larger than `LITTLE`; real sheets stay below it."""

LITTLE = 2**24
"""The most bytes that a part may expand to whatever its compressed size."""

MOST_CELLS = 2**22
"""The most cells that the rectangle from the first cell of a sheet to its last may have, and the most shared texts."""

MOST_PARTS = 2000
MOST_UNSAVED = 10_000
_PIECE = 2**18
_MOST_DIRECTORY = 2**22
_DIRECTORY = "_rels/.rels", "workbook.xml", "workbook.xml.rels"
_END = b"PK\x05\x06"


def refused(path: Path, what: str) -> InvalidData:
    """Return the error that a workbook cannot be read."""
    return InvalidData("workbook", (Problem(path.name, what),))


class Scan:
    """
    A scan of all parts of a workbook.

    Raises:
        InvalidData: It is not a workbook, is damaged or locked, or would need too much memory.
        OSError: It cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._unfolded = self._listed = 0
        self._marks: dict[str, Marks] = {}
        self._texts: dict[str, bytes] = {}
        try:
            with zipfile.ZipFile(path) as book, open(path, "rb") as raw:
                self._look_through(book.infolist(), raw)
        except (zipfile.BadZipFile, zlib.error, struct.error, ValueError, NotImplementedError, EOFError) as error:
            if isinstance(error, InvalidData):
                raise
            raise refused(path, "is damaged: its parts cannot be decompressed") from None

    def marks_in(self, sheet: str) -> Marks:
        """Return the cells of a sheet that the reader would take to be empty: unsaved formulas, and errors."""
        folder = ""
        for tag in self._tags("_rels/.rels", "Relationship"):
            if tag.get("Type", "").endswith("/relationships/officeDocument"):
                folder = tag.get("Target", "").rpartition("/")[0].removeprefix("/")
        folder = folder and f"{folder}/"
        targets = {
            tag.get("Id", ""): tag.get("Target", "")
            for tag in self._tags(f"{folder}_rels/workbook.xml.rels", "Relationship")
        }
        for tag in self._tags(f"{folder}workbook.xml", "sheet"):
            if tag.get("name") == sheet:
                wanted = next((value for name, value in tag.items() if local(name) == "id"), "")
                target = targets.get(wanted, "")
                part = _key(target[1:] if target.startswith("/") else folder + target)
                if part in self._marks:
                    return self._marks[part]
        raise refused(self._path, f"is damaged: the part of its sheet {sheet!r} cannot be found")

    def _tags(self, part: str, wanted: str) -> list[dict[str, str]]:
        """Return the attributes of the tags of a name in a part, as the reader finds the part."""
        found: list[dict[str, str]] = []
        parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = lambda name, attributes: (
            found.append(attributes) if local(name) == wanted else None
        )
        parser.Parse(self._texts.get(_key(part), b""))
        return found

    def _look_through(self, parts: list[zipfile.ZipInfo], raw: BinaryIO) -> None:
        names = {_key(part.filename) for part in parts}
        if not any(name.rpartition("/")[2] == "workbook.xml" for name in names):
            raise refused(self._path, "is a zip file but not an .xlsx workbook")
        if any(name.rpartition("/")[2] in ("workbook.bin", "content.xml") for name in names):
            raise refused(self._path, "is an .xlsb or .ods workbook; save it as .xlsx")
        if len(parts) > MOST_PARTS or len(names) != len(parts):
            raise refused(self._path, f"has more than {MOST_PARTS} parts, or two with the same name")
        if sum(part.file_size for part in parts) > MOST_UNFOLDED:
            raise self._too_large()
        raw.seek(-22, 2)  # programs disagree on which directory counts unless there is one, at the very end
        if raw.read(4) != _END or min(part.header_offset for part in parts):
            raise refused(self._path, "is damaged: something stands before or after its parts")
        for part in parts:
            self._part(_key(part.filename), part, self._pieces(part, raw))

    def _pieces(self, part: zipfile.ZipInfo, raw: BinaryIO) -> Iterator[bytes]:
        """Decompress a part without trusting its declared size."""
        raw.seek(part.header_offset)
        head = raw.read(30)
        if len(head) < 30 or head[:4] != b"PK\x03\x04" or part.flag_bits & 1:
            raise refused(self._path, "is damaged, or locked with a password")
        raw.seek(part.header_offset + 30 + sum(struct.unpack("<HH", head[26:30])))
        left, given = part.compress_size, 0
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refused(self._path, "is compressed in a way that Excel does not use")
        unfold = zlib.decompressobj(-15) if part.compress_type == zipfile.ZIP_DEFLATED else None
        while left > 0 and (packed := raw.read(min(_PIECE, left))):
            left -= len(packed)
            while packed:
                piece = packed if unfold is None else unfold.decompress(packed, _PIECE)
                packed = b"" if unfold is None else unfold.unconsumed_tail
                given += len(piece)
                self._unfolded += len(piece)
                if self._unfolded > MOST_UNFOLDED or given > max(LITTLE, MOST_TIMES * part.compress_size):
                    raise self._too_large()
                if given > part.file_size:
                    raise refused(self._path, "declares a smaller size than it expands to")
                yield piece

    def _part(self, name: str, part: zipfile.ZipInfo, pieces: Iterable[bytes]) -> None:
        contents = PartContents()
        kept = name.endswith(_DIRECTORY)
        self._listed += part.file_size if kept else 0
        if self._listed > _MOST_DIRECTORY:
            raise self._too_large()
        texts = []
        for piece in pieces:
            contents.take(piece)
            if kept:
                texts.append(piece)
            if len(contents.marks) > MOST_UNSAVED:
                what = "has too many formulas without values or with errors; save it again in a spreadsheet program"
                raise refused(self._path, what)
        contents.end()
        if contents.is_misnamed:
            raise refused(self._path, "is damaged: a sheet has cells with invalid names")
        if not contents.is_sound and (kept or contents.is_hazardous):
            raise refused(self._path, "is damaged: a part is not well-formed XML, has a DTD or is nested too deeply")
        cells = contents.rows * contents.columns
        if max(cells, contents.texts) > MOST_CELLS or contents.columns > MOST_COLUMNS:
            raise self._too_large()
        self._marks[name] = contents.marks
        if kept:
            self._texts[name] = b"".join(texts)

    def _too_large(self) -> InvalidData:
        return refused(
            self._path,
            f"would need too much memory: it expands to more than {MOST_UNFOLDED} bytes, or to more than {MOST_TIMES} "
            f"times its compressed size, or has a sheet of more than {MOST_CELLS} cells; if the file is right, save "
            "the sheet as CSV",
        )


def _key(part: str) -> str:
    """Return the name of a part as the reader looks it up."""
    return part.replace("\\", "/").lower()
