"""A column is its different values and the number of one of them for every row, whatever they are nested in."""

from datetime import date

import pyarrow as pa
import pytest

from peer_ledger.columns._codes import Coded, DaysInARow, Fields, Unreadable, coded, coded_days, coded_ids, numbers_of

FIRST, LAST = date(1900, 1, 1).toordinal(), date(2100, 12, 31).toordinal()
MARCH = date(2025, 3, 1)


def cells(found):
    return [found.values[code] for code in found.codes]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array(["a", "b", None, "a"]), ["a", "b", None, "a"]),
        (pa.array(["a", None, "b", "a"]).dictionary_encode(), ["a", None, "b", "a"]),
        (pa.array([["a"], None, [], ["a", "b"], ["b"]]), [("a",), None, (), ("a", "b"), ("b",)]),
        (
            pa.array([{"unit": "hour", "n": 2}, None, {"unit": "hour", "n": None}]),
            [Fields([("unit", "hour"), ("n", 2)]), None, Fields([("unit", "hour")])],
        ),
        (pa.array([b"x", None]), [Unreadable("binary"), None]),
    ],
)
def test_a_column_is_read_cell_by_cell(column, expected):
    assert cells(coded(column)) == expected


def test_days_in_a_row_begin_with_the_unknown_one():
    days = DaysInARow(MARCH.toordinal(), 2)
    assert (len(days), list(days)) == (3, [None, MARCH, date(2025, 3, 2)])
    assert days[1:] == [MARCH, date(2025, 3, 2)]
    with pytest.raises(IndexError):
        days[3]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array([date(2025, 3, 2), None, MARCH]), [date(2025, 3, 2), None, MARCH]),
        (pa.array([MARCH]).cast(pa.timestamp("us")), [MARCH]),
        (pa.array([None, None], pa.date32()), [None, None]),
    ],
)
def test_days_are_read_as_they_are(column, expected):
    found = coded_days(column, FIRST, LAST)
    assert cells(found) == expected
    assert numbers_of(found).tolist() == [0 if day is None else day.toordinal() for day in expected]


def test_what_is_no_day_has_no_number():
    assert numbers_of(Coded(coded(pa.array([0, 1, 0])).codes, [MARCH, None])).tolist() == [739311, 0, 739311]


@pytest.mark.parametrize(("text", "is_id"), [("!", True), ("~", True), ("a b", False), ("", False), ("\u00e9", False)])
@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_ids_are_seen_by_their_bytes(text, is_id, kind):
    assert (coded_ids(pa.array(["a", text, "b"], kind)) is not None) == is_id
