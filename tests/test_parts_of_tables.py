"""The rows of a table come a part of all people at a time, whichever way they are read; each worked out by hand."""

from bisect import bisect_left
from types import SimpleNamespace

import pytest

np = pytest.importorskip("numpy")
pa = pytest.importorskip("pyarrow")

from peer_ledger.columns import _parts as parts_module  # noqa: E402  # without pyarrow there is nothing to read
from peer_ledger.columns._parts import PartOf, parts_of  # noqa: E402

ENDS = ["a", "c"]
"""The last person of the first part, and of the second."""

IN_ANY_ORDER = ["b", "a", "d", "c", "a", ""]
SORTED = ["", "a", "a", "b", "c", "d"]


def people(*, is_sorted):
    """Return everybody, each with a single id."""
    return SimpleNamespace(
        sorted={"trainings"} if is_sorted else set(),
        first_ids=lambda column, name: column,
        parts_of=lambda column, ends: np.array(
            [bisect_left(ends, person) for person in column.to_pylist()], dtype=np.int64
        ),
    )


def batches(persons, sizes):
    """Return rows with the numbers from 100 on in their second column, in batches of some sizes."""
    table = pa.table({"person": persons, "hours": list(range(100, 100 + len(persons)))}, schema=SCHEMA)
    begins = [sum(sizes[:place]) for place in range(len(sizes))]
    return [
        table.slice(begin, size).combine_chunks().to_batches()[0] if size else pa.RecordBatch.from_pylist([], SCHEMA)
        for begin, size in zip(begins, sizes, strict=True)
    ]


SCHEMA = pa.schema([("person", pa.string()), ("hours", pa.int64())])


def read(persons, sizes, *, is_sorted=False, is_in_memory=False, ends=ENDS):
    """Return the rows of each part as pairs of their number and their second column."""
    rows = batches(persons, sizes)
    source = SimpleNamespace(
        name="trainings",
        table=pa.Table.from_batches(rows, SCHEMA) if is_in_memory else None,
        batches=lambda: iter(rows),
        columns=["person", "hours"],
    )
    found = []
    for part in parts_of(source, people(is_sorted=is_sorted), ends):
        assert ["person", "hours"] == part.table.column_names
        assert part.table.column("person").to_pylist() == part.people.to_pylist()
        found.append(list(zip(part.places.tolist(), part.table.column("hours").to_pylist(), strict=True)))
    return found


IN_PARTS = [[(2, 101), (5, 104), (6, 105)], [(1, 100), (4, 103)], [(3, 102)]]
"""In any order: "a", "a" and nobody; "b" and "c"; "d"."""

SORTED_IN_PARTS = [[(1, 100), (2, 101), (3, 102)], [(4, 103), (5, 104)], [(6, 105)]]


def test_a_table_in_memory_is_sorted_by_part():
    assert IN_PARTS == read(IN_ANY_ORDER, [6], is_in_memory=True)
    assert SORTED_IN_PARTS == read(SORTED, [6], is_in_memory=True)
    assert [[], [], []] == read([], [0], is_in_memory=True)


@pytest.mark.parametrize("sizes", [[6], [2, 3, 1], [1, 1, 1, 1, 1, 1], [0, 3, 0, 3], [1, 5]])
def test_a_file_that_is_sorted_is_read_as_it_is(sizes):
    """A batch may hold the end of several parts, one part may go over several batches, and a batch may be empty."""
    assert SORTED_IN_PARTS == read(SORTED, sizes, is_sorted=True)


@pytest.mark.parametrize(
    ("persons", "expected"), [(["d", "e"], [[], [], [(1, 100), (2, 101)]]), (["b"], [[], [(1, 100)], []])]
)
def test_nobody_may_be_in_a_part(persons, expected):
    sizes = [len(persons)]
    assert expected == read(persons, sizes, is_sorted=True)
    assert expected == read(persons, sizes)
    assert expected == read(persons, sizes, is_in_memory=True)


def test_a_file_without_a_row_has_all_its_parts():
    assert [[], [], []] == read([], [], is_sorted=True)
    assert [[], [], []] == read([], [])


def test_a_file_that_is_not_divided_is_read_as_a_whole():
    assert [[(1, 100), (2, 101), (3, 102), (4, 103), (5, 104), (6, 105)]] == read(IN_ANY_ORDER, [4, 2], ends=[])


@pytest.mark.parametrize("most", [1, 2, 100])
@pytest.mark.parametrize("sizes", [[6], [2, 3, 1], [0, 3, 0, 3]])
def test_a_file_in_any_order_is_written_to_files_of_a_few_parts(monkeypatch, sizes, most):
    """Of three parts, two files hold two and one; one file holds all."""
    monkeypatch.setattr(parts_module, "MOST_FILES", most)
    assert IN_PARTS == read(IN_ANY_ORDER, sizes)


def test_rows_about_everybody_are_about_nobody():
    table = pa.table({"person": ["", "a", "", "b"], "hours": [1, 2, 3, 4]})
    about = PartOf(table, np.array([5, 6, 7, 8]), table.column("person").combine_chunks()).about_somebody()
    assert ["a", "b"] == about.people.to_pylist()
    assert [6, 8] == about.places.tolist()
    assert [2, 4] == about.table.column("hours").to_pylist()
