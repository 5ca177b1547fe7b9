"""Each different value of a cell that differs from row to row is checked once, as a record checks it."""

from datetime import date

import pyarrow as pa
import pytest

from peer_ledger.columns._apart import ApartCells, Wrong, absent, in_order
from peer_ledger.columns._codes import coded_days
from peer_ledger.records import Certification

FIRST, LAST = date(1900, 1, 1).toordinal(), date(2100, 12, 31).toordinal()
EARLY, DAY = date(2024, 3, 1), date(2025, 3, 1)
IN_ORDER = {"on": date(2000, 1, 1), "expires": date(2000, 12, 31)}
"""What stands for days that are known, where they are in order."""


def cells(found):
    return [found.values[code] for code in found.codes]


@pytest.mark.parametrize(
    ("name", "column", "expected"),
    [
        ("id", pa.array(["c-1", "c 1", None]), ["c-1", Wrong, None]),
        ("person", pa.array(["p-1", "p 1", None]), ["p-1", Wrong, Wrong]),
        ("on", pa.array([DAY, None]), [DAY, None]),
        ("on", pa.array(["2025-03-01", None, "March"]), [DAY, None, Wrong]),
    ],
)
def test_a_cell_is_checked_as_a_record_checks_it(name, column, expected):
    found = cells(ApartCells(Certification).checked(column, name))
    assert [Wrong if isinstance(value, Wrong) else value for value in found] == expected


@pytest.mark.parametrize(("is_needed", "expected"), [(True, Wrong("is missing")), (False, None)])
def test_a_column_that_is_not_there_is_missing_only_where_it_is_needed(is_needed, expected):
    assert cells(absent(2, is_needed=is_needed)) == [expected, expected]


@pytest.mark.parametrize(
    ("on", "expires", "expected"),
    [
        ([DAY, None, EARLY], [DAY, DAY, None], [(1, 1), (0, 1), (1, 0)]),
        ([EARLY, DAY], [DAY, EARLY], [(1, 1), (DAY, EARLY)]),
    ],
)
def test_the_days_of_an_act_matter_where_they_are_not_in_order(on, expires, expected):
    """Elsewhere it matters only whether each of them is known: 1 where it is."""
    days = {name: coded_days(pa.array(column), FIRST, LAST) for name, column in (("on", on), ("expires", expires))}
    found = [cells(each) for each in in_order(days, len(on))]
    stand_in = [dict(enumerate((None, day))) for day in IN_ORDER.values()]
    assert list(zip(*found, strict=True)) == [
        tuple(known.get(value, value) for known, value in zip(stand_in, row, strict=True)) for row in expected
    ]


def test_a_day_that_was_written_as_a_text_is_known_too():
    on = ApartCells(Certification).checked(pa.array(["2025-03-01", None, "2025-03-02"]), "on")
    (found,) = in_order({"on": on}, 3)
    assert cells(found) == [IN_ORDER["on"], None, IN_ORDER["on"]]
