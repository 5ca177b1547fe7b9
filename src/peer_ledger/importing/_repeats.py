"""
Rows with equal keys, such as two equal sessions of one day: which of them a row is, also when it was rejected at first.

The rows of a file with equal keys are numbered in order.  A rejected row is corrected and read in a file of its own,
where its number must differ from those of the rows that were read.  So the file of rejected rows notes, for each of
them, which rows were read whose keys its own may turn out to be: those that are equal in the parts that can be read.
"""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from peer_ledger.importing._cell_text import clean

Key = tuple[str, ...]
Pattern = tuple[str | None, ...]
"""The parts of a key; `None` for those that cannot be read."""

SERIES = 10**6
"""The numbers that each series has: that of rows read at first, and others for rows of which too little is known."""

_UNKNOWN = "?"
_MOST_NOTED = 200


class Noted(NamedTuple):
    """
    What a file of rejected rows notes about a row.

    Attributes:
        series: The series of numbers that its number belongs to.
        read: Marks of the rows of that series that were read and may be equal to it.
    """

    series: int = 0
    read: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str) -> "Noted":
        """Return what a cell notes."""
        marks = text.split()
        series = len(marks.pop(0)) if marks and set(marks[0]) == {_UNKNOWN} else 0
        return cls(series, tuple(marks))

    def __str__(self) -> str:
        return " ".join([*[_UNKNOWN * self.series] * bool(self.series), *self.read])


class Repeats:
    """
    The numbers of the rows of one file among those with equal keys.

    Args:
        place: The position of the column of notes in a file of rejected rows; `None` in any other file.
    """

    def __init__(self, place: int | None) -> None:
        self._place = place
        self._read: Counter[tuple[int, Key]] = Counter()
        self._last_series = 0

    def number(self, key: Key, cells: Sequence[object]) -> int:
        """Return the number of a row with this key."""
        if self._place is None:
            return self._read[0, key] + 1
        noted = self.noted(cells)
        return noted.series * SERIES + noted.read.count(_mark(key)) + self._read[noted.series, key] + 1

    def count(self, key: Key, cells: Sequence[object]) -> None:
        """Count a row that was read."""
        self._read[self.noted(cells).series, key] += 1

    def noted(self, cells: Sequence[object]) -> Noted:
        """Return what the file notes about a row, by its cells."""
        if self._place is None or self._place >= len(cells):
            return Noted()
        noted = Noted.of(clean(cells[self._place]))
        self._last_series = max(self._last_series, noted.series)
        return noted

    def notes(self, rejected: Sequence[tuple[Noted, Pattern | None]]) -> Iterator[str]:
        """
        Yield what a file of rejected rows notes about each of them.

        Args:
            rejected: What was noted about each row so far, and what can be read of its key; `None` when nothing can.
        """
        found: dict[tuple[int, tuple[int, ...]], dict[Key, list[str]]] = {}
        for noted, pattern in rejected:
            if pattern is None:
                yield self._unknown()
                continue
            known = tuple(place for place, part in enumerate(pattern) if part is not None)
            shape = noted.series, (len(pattern), *known)
            if shape not in found:
                found[shape] = self._marks(noted.series, len(pattern), known)
            read = found[shape].get(tuple(pattern[place] or "" for place in known), [])
            if len(noted.read) + len(read) > _MOST_NOTED:
                yield self._unknown()
            else:
                yield str(Noted(noted.series, (*noted.read, *read)))

    def _unknown(self) -> str:
        """Return the note of a row that may be equal to any row: its number is of a series in which none was read."""
        return str(Noted(self._last_series + 1))

    def _marks(self, series: int, width: int, known: Iterable[int]) -> dict[Key, list[str]]:
        """Return the marks of the rows of a series that were read, by the parts of their keys at some positions."""
        places = list(known)
        marks: dict[Key, list[str]] = {}
        for (of, key), count in self._read.items():
            if of == series and len(key) == width:
                marks.setdefault(tuple(key[place] for place in places), []).extend([_mark(key)] * count)
        return marks


def _mark(key: Key) -> str:
    """Return a short mark of a key, which no spreadsheet program takes for a number."""
    digest = hashlib.blake2b(json.dumps(key).encode(), digest_size=5, person=b"peer-ledger row").digest()
    return f"k{base64.b32encode(digest).decode().lower()}"
