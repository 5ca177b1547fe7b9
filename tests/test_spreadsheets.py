"""No text becomes a formula or another cell in a spreadsheet, whatever its list separator is."""

import csv
import io
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from peer_ledger import Ledger
from peer_ledger.importing import NamedPerson, import_file, import_files, read_people, write_people, write_rejected
from peer_ledger.presenting.tables import Table, neutral
from peer_ledger.values._guarded import guarded, unguarded

FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
SIGNS = st.text(st.sampled_from("ab1 ;|,\t\r\n\"'=+-@\uff1d\uff0b\uff0d\uff20"), max_size=12)


def cells_where(separator, text):
    """Return the cells that a spreadsheet of another list separator makes of CSV: quotes count only where a cell begins."""
    for line in re.split(r"[\r\n]+", text):
        for cell in line.split(separator):
            yield cell.strip(' "')


@example('x;=HYPERLINK("http://a")', "b")
@example('x;"=1+1"', "b")
@example("x\t=1+1", "\r=1")
@example("a\n@SUM(1)", "x; \uff1d1")
@given(SIGNS, SIGNS)
def test_no_cell_is_a_formula_where_the_separator_is_another(first, second):
    """However a line is split, no piece of it begins as a formula unless it is a plain figure."""
    written = Table(headings=("a", "b"), rows=(("x", first), (second, "y"))).csv()
    for separator in (";", "\t", "|"):
        for cell in cells_where(separator, written):
            for piece in (cell.lstrip("\t\r\n "), cell.rpartition(",")[0].lstrip("\t\r\n ")):
                assert not piece.startswith(tuple(FORMULA)) or re.match(r"-[0-9]", piece), (separator, cell)


@given(SIGNS, SIGNS)
def test_the_table_is_read_back_where_the_separator_is_a_comma(first, second):
    """Quoting loses nothing: a reader of commas finds each cell, defused."""
    written = Table(headings=("a", "b"), rows=((first, second),)).csv()
    assert [["a", "b"], [neutral(first), neutral(second)]] == list(csv.reader(io.StringIO(written, newline="")))


@pytest.mark.parametrize("text", ["x;y", "x\ty", "x,y", "x|y", 'x"y', "x\ny"])
def test_what_would_be_split_is_quoted(text):
    """A cell that any spreadsheet would split is in quotation marks."""
    assert '"' + text.replace('"', '""') + '"\r\n' == Table(headings=(text,), rows=()).csv()


@pytest.mark.parametrize("text", ["Ethics", "-0.25", "3; -2", "a - b", "recovery; ethics", "x;y=z", "a@b.example"])
def test_ordinary_text_is_left_as_it_is(text):
    """A sign within a text is no formula."""
    assert text == neutral(text)


@pytest.mark.parametrize("length", [32_767, 32_768, 100_000])
def test_a_text_too_long_for_a_workbook_is_told(tmp_path, length):
    """A cell that was cut says so at its end, and how long the text is."""
    openpyxl = pytest.importorskip("openpyxl")
    Table(headings=("title",), rows=(("x" * length,),)).to_excel(tmp_path / "a.xlsx")
    written = openpyxl.load_workbook(tmp_path / "a.xlsx").active["A2"].value
    assert min(length, 32_767) == len(written)
    assert (length > 32_767) == written.endswith(f" [cut: {length} characters, and a cell of a workbook holds 32767]")


FIGURE = re.compile(r"-[0-9]+(\.[0-9]+)?")


@example("=1", "'=1")
@example("\t\t=1", "''=1")
@example("x;'=1", "\n\u2028=1")
@given(SIGNS, SIGNS)
def test_what_is_guarded_is_no_formula_and_is_read_back(first, second):
    """Whatever apostrophes were there before; two texts stay two."""
    assert first == unguarded(guarded(first))
    assert (first == second) == (guarded(first) == guarded(second))
    for separator in ";|\t":
        for cell in cells_where(separator, guarded(first)):
            begins = cell.lstrip(' "\t')
            assert not begins or begins[0] not in FORMULA or FIGURE.fullmatch(begins), guarded(first)


EVIL = '=HYPERLINK("http://evil.example","Ethics")'


def test_no_rejected_row_runs_and_all_are_imported_as_they_were(tmp_path):
    """A workbook may hold as a text what a list of values would run; the record has the title of the file."""
    path = tmp_path / "list.csv"
    rows = [["p-1", EVIL, "2025-02-30", "3"], ["p-1", "'+1", "2025-02-30", "2"], ["p-1", "x;@a", "2025-02-03", "six"]]
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["ID", "Title", "Date", "Hours"], *rows])
    rejected = tmp_path / "rejected.csv"
    assert 3 == write_rejected(import_file(path), rejected)
    text = rejected.read_text()
    assert ["'" + EVIL, "''+1", "x;'@a"] == [row[4] for row in csv.reader(text.splitlines())][1:]
    rejected.write_text(text.replace("2025-02-30", "2025-02-20").replace("six", "6"))
    ledger = Ledger()
    import_files(ledger, [rejected], partial=True)
    assert {EVIL, "'+1", "x;@a"} == {one.title for one in ledger.records_of("p-1")}


def test_a_table_that_is_not_of_rejected_rows_is_read_as_it_is(tmp_path):
    """An apostrophe of its own stays."""
    path = tmp_path / "list.csv"
    path.write_text("ID,Title,Date,Hours\np-1,'=Ethics,2025-02-03,3\n")
    ledger = Ledger()
    import_files(ledger, [path])
    assert ["'=Ethics"] == [one.title for one in ledger.records_of("p-1")]


def test_no_name_of_a_list_of_people_runs(tmp_path):
    """A list of people is kept, and looked through in a spreadsheet."""
    path = tmp_path / "people.csv"
    people = [
        NamedPerson(id="p-1", name=EVIL, birth_date="", email="@a"),
        NamedPerson(id="=p", name="O'Neil", birth_date="", email=""),
    ]
    write_people(path, people)
    rows = list(csv.reader(path.read_text().splitlines()))[1:]
    assert [["p-1", "'" + EVIL, "", "'@a"], ["'=p", "O'Neil", "", ""]] == rows
    assert tuple(people) == read_people(path)
