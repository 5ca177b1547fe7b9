"""
Documents on file, counted for many people at once.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from peer_ledger.columns._about import Part, Together
from peer_ledger.columns._codes import numbers_of
from peer_ledger.columns._libraries import numpy
from peer_ledger.evaluation._crowds import Crowds
from peer_ledger.evaluation._layout import Count
from peer_ledger.records import Document


class DocumentRows:
    """
    The documents about the people of a part, as columns.

    Args:
        count: The number of people.
        together: The rows; `None` where there is no such table.
        crowds: What decides headlines.

    Attributes:
        are_spent: Of whom a document may have been spent on another certificate, if there is any, as an array.
    """

    def __init__(self, count: int, together: Together | None, crowds: Crowds) -> None:
        np = numpy()
        self._crowds = crowds
        self.are_spent = np.zeros(count, dtype=bool)
        self._together = together
        self._covered: dict[tuple[date, date, str], bool] = {}
        if together is None:
            return
        rows, order, bounds = together
        self._people = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
        self._shapes, self._days = rows.shapes[order], numbers_of(rows.apart["on"])[order]
        self._there = np.flatnonzero(np.bincount(self._shapes))
        self.are_spent[self._people[self._are(lambda one: one.kind in crowds.spent)]] = True

    @classmethod
    def of(cls, part: Part, crowds: Crowds) -> "DocumentRows":
        """Return the documents about the people of a part."""
        return cls(len(part.people), part.tables.get("documents"), crowds)

    def _are(self, holds: Callable[[Document], bool]) -> Any:
        """Return of which rows something is true, by their shapes."""
        assert self._together is not None, "there are rows"
        np, examples = numpy(), self._together.rows.examples
        found = np.zeros(len(examples), dtype=bool)
        found[self._there] = [
            isinstance(one, Document) and holds(one) for one in (examples[shape] for shape in self._there.tolist())
        ]
        return found[self._shapes]

    def count(self, count: Count, places: Any, first: Any, last: Any, as_of: Any) -> tuple[Any, Any]:
        """
        Return whether enough documents are on file, as the pattern of an answer says it, and of whom a count says it.

        Args:
            count: What is counted.
            places: The places of the people.
            first: The first day that counts of each, as a number of the calendar.
            last: The last day.
            as_of: The day of filing.
        """
        np, kind, number = numpy(), count.kind, len(places)
        fine = np.ones(number, dtype=bool)
        least = most = np.zeros(number, dtype=np.int64)
        if self._together is not None:
            own = (None, self._crowds.credential)
            of_kind = self._are(lambda one: one.kind == kind and one.credential in own)
            of_kind &= self._days <= self._crowds.on.toordinal()
            position = np.full(len(self.are_spent), -1, dtype=np.int64)
            position[places] = np.arange(number)
            if count.is_stated:
                whose = position[self._people[of_kind]]
                fine[whose[whose >= 0]] = False
            of_kind &= self._are(lambda one: one.step in (None, count.step))
            rows = np.flatnonzero(of_kind)
            whose = position[self._people[rows]]
            rows, whose = rows[whose >= 0], whose[whose >= 0]
            within = (self._days[rows] >= first[whose]) & (self._days[rows] <= last[whose])
            rows, whose = rows[within], whose[within]
            least = most = np.bincount(whose, minlength=number)
            if count.from_different:
                least, most = self._writers(rows, whose, number)
        is_enough = least >= count.need
        covered = self._are_covered(first, as_of, kind, ~is_enough)
        return np.where(is_enough, 0, 1 + covered + 2 * (most >= count.need)), fine

    def _writers(self, rows: Any, whose: Any, number: int) -> tuple[Any, Any]:
        """Return by how many people documents are, at least and at most, as `writers_of` does."""
        assert self._together is not None, "there are rows"
        np, (of_table, order, _) = numpy(), self._together
        by = of_table.apart.get("by")
        if by is None:
            nameless = np.bincount(whose, minlength=number)
            return np.minimum(nameless, 1), nameless
        is_named = np.array([value is not None for value in by.values], dtype=bool)
        codes = by.codes[order][rows]
        named_rows = is_named[codes]
        nameless = np.bincount(whose[~named_rows], minlength=number)
        each = np.unique(whose[named_rows] * len(by.values) + codes[named_rows]) // max(len(by.values), 1)
        named = np.bincount(each, minlength=number)
        return np.maximum(named, np.minimum(nameless, 1)), named + nameless

    def _are_covered(self, first: Any, as_of: Any, kind: str, wanted: Any) -> Any:
        """Return of whom all documents of a kind since a day are said to be on file, as an array of 0 and 1."""
        np = numpy()
        found = np.zeros(len(first), dtype=np.int64)
        if not self._crowds.states_documents:
            return found
        for row in np.flatnonzero(wanted).tolist():
            day, until = date.fromordinal(max(int(first[row]), 1)), date.fromordinal(int(as_of[row]))
            if (day, until, kind) not in self._covered:
                self._covered[day, until, kind] = self._crowds.covers(day, until, kind)
            found[row] = self._covered[day, until, kind]
        return found
