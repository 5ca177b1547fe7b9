"""Answers as tables: for a terminal, a spreadsheet, another program or a browser."""

import csv
import io
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from peer_ledger.tables import Table, neutral

CELLS = st.text(max_size=8) | st.sampled_from(["=1+1", "+1", "-1", "@x", "\t=1", "-0.25", "\uff1d1", "--1", "-.", "-"])


@pytest.mark.parametrize(
    ("expected", "cell"),
    [
        ("'=1+1", "=1+1"),
        ("'+1", "+1"),
        ("'-1+2", "-1+2"),
        ("'@SUM(1)", "@SUM(1)"),
        ("'\t=1", "\t=1"),
        ("-0.25", "-0.25"),
        ("-7", "-7"),
        ("'--7", "--7"),
        ("'-", "-"),
        ("1=1", "1=1"),
        ("", ""),
    ],
)
def test_what_would_run_as_a_formula_is_text(expected, cell):
    """A cell that a spreadsheet would run gets an apostrophe; a negative figure is left as it is."""
    assert expected == neutral(cell)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=4))
@example([["=1", "-1-1"]])
def test_no_cell_of_a_csv_runs(rows):
    """In the CSV of any table no cell begins as a formula does, unless it is a plain figure."""
    made = Table(headings=("a", "=b"), rows=tuple(map(tuple, rows))).csv()
    for row in csv.reader(io.StringIO(made, newline="")):
        for cell in row:
            plain = cell.removeprefix("-").replace(".", "", 1)
            assert cell[:1] not in tuple("=+@\t\r\n\uff1d\uff0b\uff20") or cell == ""
            assert not cell.startswith("-") or (plain.isascii() and plain.isdigit())


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=4))
def test_json_holds_what_the_table_holds(rows):
    """What another program reads is what stands in the table."""
    made = json.loads(Table(headings=("a", "b"), rows=tuple(map(tuple, rows))).json())
    assert [{"a": a, "b": b} for a, b in rows] == made


def test_html_escapes_what_cells_hold():
    """A cell or a title cannot become a part of the page."""
    made = Table(headings=("a",), rows=(("<script>",),), title="<b>&").html()
    assert "<td>&lt;script&gt;</td>" in made
    assert "<script>" not in made
    assert "<b>" not in made


def test_what_nobody_knows_is_empty():
    """A cell of which nothing can be said is empty, and for other programs told from an empty text."""
    made = Table(headings=("a", "b"), rows=((None, ""),))
    assert [{"a": None, "b": ""}] == json.loads(made.json())
    assert ("a,b\r\n,\r\n", "a  b\n", True) == (made.csv(), made.text(), "<td></td><td></td>" in made.html())


def test_columns_are_as_wide_as_they_need_to_be():
    """Columns line up, and no line ends in blanks."""
    made = Table(headings=("a", "long_name"), rows=(("wide cell", "x"), ("y", "")))
    assert "a          long name\nwide cell  x\ny" == made.text()
    assert ("long_name",) == made.without("a").headings
