"""
What tables say about each person: the records, made from rows.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import attrs

from peer_ledger.columns._codes import paired
from peer_ledger.columns._libraries import arrow, numpy
from peer_ledger.columns._parts import PartOf
from peer_ledger.columns._shapes import Rejected, Rows, Shapes
from peer_ledger.ledger._about import About


class Together(NamedTuple):
    """
    The rows of one table in the order of the people of a part.

    Attributes:
        rows: The rows.
        order: Their positions by person.
        bounds: Where the rows of each person begin in that order, and where those of the last end.
    """

    rows: Rows
    order: Any
    bounds: Any


@attrs.frozen(eq=False)
class Part:
    """
    Everything that is on record about some people.

    Attributes:
        people: The first id of each person, sorted.
        ids: All ids of each person who has several, by the first.
        tables: The rows of each table.
        rejected: The rows that are no records.
    """

    people: list[str]
    ids: Mapping[str, frozenset[str]]
    tables: dict[str, Together]
    rejected: list[Rejected]

    def about(self, place: int, *, without: Collection[str] = ()) -> About:
        """
        Return what is on record about the person at a place.

        Args:
            place: The place.
            without: The tables to leave out.
        """
        records = [record for name in self.tables if name not in without for record in self.records_in(name, place)]
        person = self.people[place]
        return About(people=self.ids.get(person, frozenset([person])), entries=len(records), records=tuple(records))

    def records_in(self, table: str, place: int) -> list[Any]:
        """Return the records in a table about the person at a place."""
        rows, order, bounds = self.tables[table]
        begin, end = bounds[place], bounds[place + 1]
        return rows.records(order[begin:end]) if begin < end else []


def part_of(
    read: Iterable[tuple[Shapes, PartOf]],
    *,
    gone: frozenset[str],
    ids: Mapping[str, frozenset[str]],
    named: Iterable[str] = (),
) -> Part:
    """
    Return everything about the people of a part.

    Args:
        read: The rows of each table about them.
        gone: The ids of withdrawn records.
        ids: All ids of each person who has several, by the first.
        named: People who are there even if no row is about them.
    """
    tables: list[tuple[Rows, list[str], Any]] = []
    rejected: list[Rejected] = []
    everybody = set(named)
    for shapes, part in read:
        table, places, people = part.about_somebody() if shapes.table == "coverage" else part
        rows = shapes.rows(table, places)
        if len(rows) < len(places):
            people = people.filter(arrow().array(numpy().isin(places, rows.places)))
        found = people.dictionary_encode()
        first, codes = found.dictionary.to_pylist(), found.indices.to_numpy(zero_copy_only=False)
        rejected += rows.rejected
        everybody.update(first)
        kept, twice = _unique(rows, codes)
        rejected += twice
        if gone:
            kept &= _there(rows, gone)
        if not kept.all():
            rows, codes = rows.taken(kept), codes[kept]
        tables.append((rows, first, codes))
    names = sorted(everybody)
    ranks = {person: rank for rank, person in enumerate(names)}
    together = {rows.columns.table: _together(rows, first, codes, ranks) for rows, first, codes in tables}
    return Part(names, ids, together, rejected)


def _together(rows: Rows, first: list[str], codes: Any, ranks: Mapping[str, int]) -> Together:
    np = numpy()
    of_rows = np.array([ranks[person] for person in first], dtype=np.int64)[codes]
    order = np.argsort(of_rows, kind="stable")
    return Together(rows, order, np.searchsorted(of_rows[order], np.arange(len(ranks) + 1)))


def _there(rows: Rows, gone: frozenset[str]) -> Any:
    """Return of which rows the record is not withdrawn, as an array."""
    codes, values = rows.apart["id"]
    left = [code for code, value in enumerate(values) if value in gone]
    return ~numpy().isin(codes, left)


def _unique(rows: Rows, people: Any) -> tuple[Any, list[Rejected]]:
    """
    Return which rows to keep of those that are there twice, as an array, and those that say something else.

    A row that repeats another changes nothing, as in a ledger.
    """
    np = numpy()
    kept = np.ones(len(rows), dtype=bool)
    if len(rows.apart["id"].values) == len(rows):
        return kept, []
    both, first = paired([people, rows.apart["id"].codes], len(rows))
    if len(first) == len(rows):
        return kept, []
    rejected = []
    order = first[both]
    for row in np.flatnonzero(order != np.arange(len(rows))).tolist():
        kept[row] = False
        if rows.record(row) != rows.record(int(order[row])):
            why = f"another record has this id, in row {rows.places[order[row]]}"
            rejected.append(_rejected(rows, row, why))
    return kept, rejected


def _rejected(rows: Rows, row: int, why: str) -> Rejected:
    codes, values = rows.apart.get("person", (None, ()))
    person = None if codes is None else values[codes[row]]
    return Rejected(rows.columns.table, int(rows.places[row]), person, "id", why)


def of_all(rows: Rows) -> Iterator[tuple[int, Any]]:
    """Yield the number and the record of every row."""
    everything = rows.records(numpy().arange(len(rows)))
    yield from zip(rows.places.tolist(), everything, strict=True)
