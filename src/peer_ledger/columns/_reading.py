"""
The tables of one call: their columns, what belongs to nobody in particular, and everybody whom they are about.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any

from peer_ledger._closest import few_of
from peer_ledger.columns._about import of_all
from peer_ledger.columns._libraries import arrow, numpy
from peer_ledger.columns._people import People, joined
from peer_ledger.columns._shapes import Rejected, Shapes
from peer_ledger.columns._sources import FrameKind, Source
from peer_ledger.columns._tables import SHARED, TABLES, Columns, columns_of
from peer_ledger.columns._withdrawn import withdrawn
from peer_ledger.errors import InvalidData, InvalidValue, Problem, nearest, shown_name
from peer_ledger.records import Course, Coverage, Record, Retraction, SamePerson

Named = tuple[list[str], dict[str, frozenset[str]]]
"""The people of a part who are named without a row of their own, and all ids of those who have several."""


class Tables:
    """
    The tables of one call.

    Args:
        given: The tables, by name; `None` for one that is left out.

    Attributes:
        kind: The library of the first table.
        columns: The columns of each table.
        of_people: The tables that are read by person.
        people: Everybody whom the tables are about.
        shared: The records about nobody in particular that are not withdrawn.
        gone: The ids of the withdrawn records.
        rejected: The rows that are wrong in the tables that are read at once.

    Raises:
        InvalidValue: There is no table of a name.
        InvalidData: A table has wrong columns; all problems are listed.
        LedgerMisuse: Something given is no table.
    """

    def __init__(self, given: Mapping[str, Any]) -> None:
        for name in given:
            if name not in TABLES:
                near = nearest(name, TABLES)
                raise InvalidValue(f"there is no table {shown_name(name)}{near}; there are {few_of(TABLES)}")
        sources = {name: Source(name, table) for name, table in given.items() if table is not None}
        self.kind: FrameKind = next((source.kind for source in sources.values()), "pyarrow")
        self.columns = _columns(sources)
        self.rejected: list[Rejected] = []
        records = {name: self._all(sources[name]) for name in SHARED if name in sources}
        retractions = {row: one for row, one in records.get("retractions", ()) if isinstance(one, Retraction)}
        others = [source for name, source in sources.items() if name != "retractions"]
        self.gone, wrong = withdrawn(retractions, others) if retractions else (frozenset[str](), list[Rejected]())
        self.rejected += wrong
        pairs = [one.people for one in self._kept(records, "same_people") if isinstance(one, SamePerson)]
        self._same = dict(joined(pairs))
        self.of_people = {name: source for name, source in sources.items() if name not in SHARED}
        self.people = People(self._same)
        for source in self.of_people.values():
            if "person" in source.columns:
                self.people.count(source)
        self.people.name(self._same)
        courses = [one for one in self._kept(records, "courses") if isinstance(one, Course)]
        self.shared: list[Record] = [*courses, *self._coverage_of_all(sources.get("coverage"))]
        if "coverage" in self.of_people and "person" not in sources["coverage"].columns:
            del self.of_people["coverage"]

    def named(self, ends: list[str]) -> list[Named]:
        """
        Return of each part the people who are named without a row of their own, and the ids of those who have several.

        Args:
            ends: Where people are divided.
        """
        found: list[Named] = [([], {}) for _ in range(len(ends) + 1)]
        ids: dict[str, set[str]] = {}
        for one, first in self._same.items():
            ids.setdefault(first, set()).add(one)
        for first, several in ids.items():
            people, known = found[bisect_left(ends, first)]
            people.append(first)
            known[first] = frozenset(several)
        return found

    def _all(self, source: Source) -> list[tuple[int, Any]]:
        """Return the number and the record of every row of a table that is read at once."""
        return list(self._read(source, source.batches()))

    def _read(self, source: Source, batches: Iterator[Any]) -> Iterator[tuple[int, Any]]:
        shapes, begin = Shapes(self.columns[source.name]), 0
        seen = dict[str, tuple[int, Any]]()
        for batch in batches:
            places = numpy().arange(begin + 1, begin + 1 + batch.num_rows)
            begin += batch.num_rows
            rows = shapes.rows(arrow().Table.from_batches([batch]), places)
            self.rejected += rows.rejected
            for place, record in of_all(rows):
                row, other = seen.setdefault(record.id, (place, record))
                if other is record:
                    yield place, record
                elif other != record:
                    why = f"another record has this id, in row {row}"
                    self.rejected.append(Rejected(source.name, place, None, "id", why))

    def _kept(self, records: Mapping[str, list[tuple[int, Any]]], name: str) -> Iterator[Any]:
        return (record for _, record in records.get(name, ()) if record.id not in self.gone)

    def _coverage_of_all(self, source: Source | None) -> Iterator[Record]:
        """Yield the statements about what is on file for everyone."""
        if source is None:
            return
        is_apart = "person" in source.columns
        before = len(self.rejected)
        for _, record in self._read(source, source.batches()):
            if isinstance(record, Coverage) and record.person is None and record.id not in self.gone:
                yield record
        if is_apart:  # what is wrong with a row about one person is found again where the person's rows are read
            kept = [each for each in self.rejected[before:] if each.person is None and each.column != "person"]
            self.rejected[before:] = kept


def _columns(sources: Mapping[str, Source]) -> dict[str, Columns]:
    found, problems = dict[str, Columns](), list[Problem]()
    for name, source in sources.items():
        try:
            found[name] = columns_of(name, source.columns)
        except InvalidData as error:
            problems += error.problems
    if problems:
        raise InvalidData("frame", tuple(problems))
    return found
