"""
Whose rows belong together, and how many people are looked at at once.

Rows are counted by person first. People are then taken in the order of their ids, as many at a time as have a bounded
number of rows together, so that memory depends on that number and not on the size of the tables.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from peer_ledger.columns._libraries import arrow, numpy
from peer_ledger.columns._sources import Source, is_text
from peer_ledger.errors import InvalidData, Problem

ROWS_AT_ONCE = 250_000
"""How many rows of all tables together are looked at at once; the rows of one person are never divided."""

MOST_COUNTS = 500_000
"""After how many counts the counts of the same person are added up."""


class People:
    """
    Everybody whom some tables are about.

    Args:
        same: The first id of each person who has several, by id.

    Attributes:
        same: The first id of each person who has several, by id.
        sorted: The tables whose rows are sorted by person.
    """

    def __init__(self, same: Mapping[str, str]) -> None:
        self.same = same
        self.sorted: set[str] = set()
        self._counts: list[Any] = []
        self._pending = 0

    def count(self, source: Source) -> None:
        """
        Count the rows of each person in a table.

        Raises:
            InvalidData: The column of people holds neither texts nor whole numbers.
        """
        compute, is_sorted, last = arrow("compute"), True, ""
        for batch in source.batches(["person"]):
            people = self.first_ids(batch.column(0), source.name)
            if len(people):
                is_sorted = (
                    is_sorted
                    and last <= people[0].as_py()
                    and bool(compute.all(compute.less_equal(people[:-1], people[1:])).as_py() in (True, None))
                )
                last = people[-1].as_py()
            counted = compute.value_counts(people)
            self._add(counted.field(0), counted.field(1))
        if is_sorted:
            self.sorted.add(source.name)

    def name(self, people: Iterable[str]) -> None:
        """Add people who may have no rows."""
        pa = arrow()
        ids = pa.array(sorted({self.same.get(person, person) for person in people}), pa.large_string())
        self._add(ids, pa.array([0] * len(ids), pa.int64()))

    def ends(self, at_once: int = ROWS_AT_ONCE) -> list[str]:
        """
        Return where people are divided: the last id of each part but the last.

        Args:
            at_once: How many rows a part has at most, unless one person has more.
        """
        np, table = numpy(), self._added_up().sort_by("person")
        sums = np.cumsum(np.maximum(table.column("rows").to_numpy(), 1))
        if not len(sums):
            return []
        # A new part begins wherever a multiple of the number is passed.
        parts = (sums - 1) // at_once
        last = np.flatnonzero(parts[1:] != parts[:-1])
        return [text or "" for text in table.column("person").take(last).to_pylist()]

    def first_ids(self, column: Any, table: str) -> Any:
        """
        Return a column of people as texts, with the first id of those who have several, and `''` for none.

        Raises:
            InvalidData: It holds neither texts nor whole numbers.
        """
        pa, types, compute = arrow(), arrow("types"), arrow("compute")
        if types.is_dictionary(column.type):
            column = column.dictionary_decode()
        if types.is_null(column.type) or types.is_integer(column.type) or is_text(column.type):
            texts = column.cast(pa.large_string()).fill_null("")
        else:
            what = f"a column of ids must hold texts or whole numbers, not values of the type {column.type}"
            raise InvalidData("frame", (Problem(f"{table}.person", what),))
        if not self.same:
            return texts
        place = compute.index_in(texts, pa.array(list(self.same), pa.large_string()))
        return compute.coalesce(pa.array(list(self.same.values()), pa.large_string()).take(place), texts)

    def parts_of(self, people: Any, ends: list[str]) -> Any:
        """Return the number of the part that each row belongs to."""
        np, found = numpy(), people.dictionary_encode()
        parts = np.fromiter((bisect_left(ends, person) for person in found.dictionary.to_pylist()), dtype=np.int64)
        return parts[found.indices.to_numpy(zero_copy_only=False)]

    def __len__(self) -> int:
        """Return the number of people."""
        people = self._added_up().column("person")
        return int(arrow("compute").sum(arrow("compute").not_equal(people, "")).as_py() or 0)

    def _add(self, people: Any, counts: Any) -> None:
        pa = arrow()
        self._counts.append(pa.table({"person": people.cast(pa.large_string()), "rows": counts.cast(pa.int64())}))
        self._pending += len(people)
        if self._pending > MOST_COUNTS:
            self._added_up()
            self._pending = 0

    def _added_up(self) -> Any:
        pa = arrow()
        if not self._counts:
            return pa.table({"person": pa.array([], pa.large_string()), "rows": pa.array([], pa.int64())})
        whole = pa.concat_tables(self._counts).group_by("person").aggregate([("rows", "sum")])
        self._counts = [whole.rename_columns(["person", "rows"])]
        return self._counts[0]


def joined(pairs: Iterable[frozenset[str]]) -> Iterator[tuple[str, str]]:
    """
    Yield each id of the people who have several, with the first of them.

    >>> dict(joined([frozenset({"b", "c"}), frozenset({"a", "c"}), frozenset({"x", "y"})]))
    {'a': 'a', 'b': 'a', 'c': 'a', 'x': 'x', 'y': 'x'}
    """
    whole: dict[str, set[str]] = {}
    for pair in pairs:
        together = set[str]().union(*(whole.get(one, {one}) for one in pair))
        whole |= dict.fromkeys(together, together)
    for one in sorted(whole):
        yield one, min(whole[one])
