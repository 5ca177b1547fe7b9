"""Answers as tables: for a terminal, a spreadsheet, another program or a browser."""

import csv
import io
import json
import sys
from datetime import date
from decimal import Decimal

import attrs
import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from peer_ledger.errors import InvalidValue, LedgerMisuse
from peer_ledger.presenting.tables import Table, neutral

CELLS = st.text(max_size=8) | st.sampled_from(["=1+1", "+1", "-1", "@x", "\t=1", "-0.25", "\uff1d1", "--1", "-.", "-"])


@pytest.mark.parametrize(
    ("expected", "cell"),
    [
        ("'=1+1", "=1+1"),
        ("'+1", "+1"),
        ("'-1+2", "-1+2"),
        ("'@SUM(1)", "@SUM(1)"),
        ("'\t'=1", "\t=1"),
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
    assert '<th scope="row">&lt;script&gt;</th>' in made
    assert "<script>" not in made
    assert "<b>" not in made


def test_what_nobody_knows_is_empty():
    """A cell of which nothing can be said is empty, and for other programs told from an empty text."""
    made = Table(headings=("a", "b"), rows=((None, ""),))
    assert [{"a": None, "b": ""}] == json.loads(made.json())
    assert ("a,b\r\n,\r\n", "a  b\n") == (made.csv(), made.text())


def test_columns_are_as_wide_as_they_need_to_be():
    """Columns line up, and no line ends in blanks."""
    made = Table(headings=("a", "long_name"), rows=(("wide cell", "x"), ("y", "")))
    assert "a          long name\nwide cell  x\ny" == made.text()
    assert ("long_name",) == made.without("a").headings


TYPED = Table(
    headings=("who", "status", "due", "hours", "people", "is"),
    rows=(
        ("=1+1", "late", date(2026, 3, 31), Decimal("19.75"), 2, True),
        (None, None, None, None, None, None),
        ("p-2", "late", date(2024, 2, 29), Decimal("0.1"), 0, False),
    ),
    kinds=("text", "category", "day", "hours", "count", "flag"),
    title="=Who/stands*where?",
)


def test_rows_keep_their_types():
    """Rows hold days, decimals and whole numbers, and None where nothing is known; text shows them."""
    assert {
        "who": "=1+1", "status": "late", "due": date(2026, 3, 31), "hours": Decimal("19.75"), "people": 2, "is": True,
    } == TYPED.to_rows()[0]  # fmt: skip
    assert "=1+1  late    2026-03-31  19.75  2       yes" == TYPED.text().splitlines()[1]
    assert [19.75, None] == [one and float(one["hours"]) for one in json.loads(TYPED.json())[:1]] + [
        json.loads(TYPED.json())[1]["hours"]
    ]
    with pytest.raises(InvalidValue, match="available: who, status"):
        TYPED.only("whom")
    assert ("hours",) == TYPED.only("due", "hours").kinds[1:]


def test_a_frame_of_pandas_has_types():
    """Days are dates, words categories, whole numbers whole although some are missing, amounts exact or floats."""
    frame = TYPED.to_frame("pandas")
    assert ("datetime64[s]", "category", "Int64", "boolean") == tuple(
        str(frame[name].dtype) for name in ("due", "status", "people", "is")
    )
    assert [Decimal("19.75"), None, Decimal("0.1")] == list(frame["hours"])
    assert (date(2024, 2, 29), True) == (frame["due"][2].date(), bool(frame["due"].isna()[1]))
    assert bool(frame["people"].isna()[1])
    floats = TYPED.to_frame("pandas", hours="float")
    assert ("float64", 19.85) == (str(floats["hours"].dtype), pytest.approx(floats["hours"].sum()))


def test_a_frame_of_polars_has_types():
    """The same of polars, whose decimals are its own."""
    frame = TYPED.to_frame("polars")
    assert ["String", "Categorical", "Date", "Decimal(precision=18, scale=6)", "Int64", "Boolean"] == [
        str(one) for one in frame.dtypes
    ]
    assert (Decimal("19.85"), [date(2026, 3, 31), None, date(2024, 2, 29)]) == (
        frame["hours"].sum(), frame["due"].to_list(),
    )  # fmt: skip


def test_a_table_of_pyarrow_has_types():
    """The same of pyarrow, whose categories are dictionaries."""
    table = TYPED.to_frame("pyarrow")
    assert ["string", "dictionary<values=string, indices=int32, ordered=0>", "date32[day]", "decimal128(18, 6)", "int64",
            "bool"] == [str(one) for one in table.schema.types]  # fmt: skip
    assert [Decimal("19.75"), None, Decimal("0.1")] == table["hours"].to_pylist()


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_an_empty_table_has_the_same_types(library):
    """A frame without rows, or with nothing known in them, has the columns and types of any other."""
    for rows in ((), TYPED.rows[1:2]):
        frame = attrs.evolve(TYPED, rows=rows).to_frame(library)
        full = TYPED.to_frame(library)
        types = (
            (lambda one: list(one.schema.types)) if library == "pyarrow" else (lambda one: list(map(str, one.dtypes)))
        )
        if library == "pyarrow":
            assert types(full) == types(frame)
        else:
            assert [one.split("(")[0] for one in types(full)] == [one.split("(")[0] for one in types(frame)]


def test_a_library_that_is_not_there_is_named(monkeypatch):
    """Without the library, the error names the extra; of a library nobody knows, it lists those there are."""
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(LedgerMisuse, match=r"peer-ledger\[polars\]"):
        TYPED.to_frame("polars")
    with pytest.raises(InvalidValue, match="pandas, polars, pyarrow"):
        TYPED.to_frame("panda")
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(LedgerMisuse, match=r"peer-ledger\[xlsx\]"):
        TYPED.to_excel("none.xlsx")


def test_nothing_in_a_workbook_runs(tmp_path):
    """In a workbook every text is a text as it was given, days are days and amounts numbers."""
    noisy = attrs.evolve(TYPED, rows=(*TYPED.rows, ("#REF!", "\x07", None, None, None, None)))
    noisy.to_excel(tmp_path / "made.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "made.xlsx").active
    assert ("s", "=1+1", "19.75", date(2026, 3, 31)) == (
        sheet["A2"].data_type, sheet["A2"].value, str(sheet["D2"].value), sheet["C2"].value.date(),
    )  # fmt: skip
    assert ("s", "#REF!", "\ufffd") == (sheet["A5"].data_type, sheet["A5"].value, sheet["B5"].value)
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}


def test_a_table_shows_itself_to_a_notebook():
    """What a notebook shows has a caption, headings with a scope, and rows that begin with a heading; all escaped."""
    made = attrs.evolve(TYPED, title="<script>", headings=("<b>", *TYPED.headings[1:]))._repr_html_()
    assert "<caption>&lt;script&gt;</caption>" in made
    assert '<th scope="col"><button>&lt;b&gt;</button></th>' in made
    assert '<th scope="row">=1+1</th>' in made
    assert "<script" not in made
    assert '<td class="number">19.75</td>' in made


ROWS = st.lists(
    st.tuples(
        st.none() | st.text(max_size=4),
        st.none() | st.sampled_from(["met", "short"]),
        st.none() | st.dates(date(1900, 1, 1), date(2199, 12, 31)),
        st.none() | st.decimals(0, 9999999, places=6),
        st.none() | st.integers(-(2**40), 2**40),
        st.none() | st.booleans(),
    ),
    max_size=5,
)


@given(ROWS.map(tuple))
def test_frames_hold_what_the_table_holds(rows):
    """Nothing is lost, rounded or shifted on the way into a frame of any library."""
    table = attrs.evolve(TYPED, rows=rows)
    assert table.to_rows() == table.to_frame("polars").to_dicts()
    assert table.to_rows() == table.to_frame("pyarrow").to_pylist()
    frame = table.to_frame("pandas")
    for name, kind in zip(table.headings, table.kinds, strict=True):
        values = [None if missing else value for value, missing in zip(frame[name], frame[name].isna(), strict=True)]
        if kind == "day":
            values = [value and value.date() for value in values]
        assert [row[name] for row in table.to_rows()] == values
