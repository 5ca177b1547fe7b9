"""Excel workbooks: what is read of them, and what is refused before it fills the memory."""

import struct
import subprocess
import sys
import time
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from effort import effort, sized
from peer_ledger import Credit, PeerLedgerError
from peer_ledger.errors import InvalidData
from peer_ledger.importing import import_file

HEADINGS = ["ID", "Title", "Completed", "Hours"]


def saved(folder, *sheets, name="book.xlsx"):
    """Save sheets, each a name and its rows, as a workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = folder / name
    book.save(path)
    return path


def packed(folder, parts, name="made.xlsx", **options):
    """Pack parts into a zip file, as a workbook would be."""
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as book:
        for part, content in parts.items():
            book.writestr(part, content)
    return path


def sheet_of(rows):
    return f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'


TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override '
    'PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="A &amp; B" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>'
)


def made(folder, rows, **parts):
    """Make a workbook of one sheet by hand."""
    return packed(
        folder,
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": RELATIONS.replace("worksheets/sheet1.xml", "xl/workbook.xml").replace(
                "relationships/worksheet", "relationships/officeDocument"
            ),
            "xl/workbook.xml": BOOK,
            "xl/_rels/workbook.xml.rels": RELATIONS,
            "xl/worksheets/sheet1.xml": sheet_of(rows),
            **parts,
        },
    )


def text_cell(place, text):
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


HEAD = "".join(text_cell(f"{letter}1", text) for letter, text in zip("ABC", ["ID", "Completed", "Hours"], strict=True))


def test_days_and_amounts_of_a_workbook(tmp_path):
    """Days are days whatever their format, amounts are exact, and ids that look like numbers stay whole."""
    path = saved(
        tmp_path,
        (
            "Log",
            [
                HEADINGS,
                [1001, "Ethics", date(2025, 3, 4), 1.1],
                [],
                ["p-2", "Crisis", datetime(2025, 5, 6, 14, 30), 3],  # noqa: DTZ001 - Excel knows no zones
                ["p-3", "Recovery", "2025-07-08", "0.1 CEU"],
            ],
        ),
    )
    first, second, third = import_file(path).records
    assert ("1001", date(2025, 3, 4), (Credit(amount="1.1"),)) == (first.person, first.completed, first.credits)
    assert (date(2025, 5, 6), (Credit(amount=3),)) == (second.completed, second.credits)
    assert (Credit(amount="0.1", unit="ceu"),) == third.credits


def test_rows_keep_their_numbers(tmp_path):
    """A table that begins further down and to the right is found, and its rows keep the numbers they have there."""
    book = openpyxl.Workbook()
    for column, text in enumerate(HEADINGS, 3):
        book.active.cell(5, column, text)
    book.active.cell(8, 3, "p-1")
    book.active.cell(8, 5, "nonsense")
    book.save(tmp_path / "low.xlsx")
    [rejected] = import_file(tmp_path / "low.xlsx").rejected
    assert (8, "column E 'Completed'") == (rejected.line, rejected.column)


def test_a_workbook_that_does_not_tell_says_which_sheet_was_read(tmp_path):
    """Where the headings of the first sheet are no headings, the sheet is named, and those it may have been."""
    path = saved(tmp_path, ("Cover", [["Hello", "x"]]), ("Log", [HEADINGS, ["p-2", "B", date(2025, 3, 4), 1]]))
    with pytest.raises(
        InvalidData,
        match="the sheet that was read is 'Cover'; to read 'Log', name the sheet: sheet=NAME, or --sheet NAME",
    ):
        import_file(path)


def test_figures_of_a_workbook_have_no_decimal_commas(tmp_path):
    """Where texts have decimal commas, a number of a workbook is still what it is: 1.1 and 1,5 are both read."""
    path = saved(
        tmp_path,
        ("Log", [HEADINGS, ["p-1", "A", date(2025, 3, 4), 1.1], ["p-1", "B", date(2025, 3, 5), "1,5"]]),
    )
    amounts = [str(one.credits[0].amount) for one in import_file(path, decimal=",").records]
    assert ["1.1", "1.5"] == amounts


def test_the_first_sheet_unless_another_is_named(tmp_path):
    """The first visible sheet is read and the others are mentioned; any can be named."""
    path = saved(
        tmp_path,
        ("One", [HEADINGS, ["p-1", "A", date(2025, 3, 4), 1]]),
        ("Two", [HEADINGS, ["p-2", "B", date(2025, 3, 4), 1]]),
    )
    first = import_file(path)
    assert (["p-1"], ["sheets"]) == ([one.person for one in first.records], [one.kind for one in first.notices])
    assert ["p-2"] == [one.person for one in import_file(path, sheet="Two").records]
    with pytest.raises(InvalidData, match="has no sheet 'Three'; its sheets are 'One', 'Two'"):
        import_file(path, sheet="Three")


def test_a_formula_counts_by_the_value_that_was_saved(tmp_path):
    """A formula with its value is that value; without one its row is refused, and says what to do."""
    path = made(
        tmp_path,
        f'<row r="1">{HEAD}</row>'
        f'<row r="2">{text_cell("A2", "p-1")}{text_cell("B2", "2025-03-04")}<c r="C2"><f>1+1</f><v>2</v></c></row>'
        f'<row r="3">{text_cell("A3", "p-1")}{text_cell("B3", "2025-03-05")}<c r="C3"><f>1+1</f></c></row>'
        f'<row r="4">{text_cell("A4", "p-1")}{text_cell("B4", "2025-03-06")}<c r="C4" t="str"><f/><v></v></c></row>',
    )
    imported = import_file(path)
    assert [(Credit(amount=2),)] == [one.credits for one in imported.records]
    assert [(3, "column C 'Hours'"), (4, "column C 'Hours'")] == [(one.line, one.column) for one in imported.rejected]
    assert all("not saved" in one.reason for one in imported.rejected)


def test_formulas_that_openpyxl_wrote_have_no_values(tmp_path):
    """A workbook that a program wrote without working it out is refused row by row, not read as empty."""
    path = saved(tmp_path, ("Log", [HEADINGS, ["p-1", "A", date(2025, 3, 4), "=1+1"]]))
    assert (0, 1) == (len(import_file(path).records), import_file(path).rejected_count)


@pytest.mark.parametrize(("records", "rejected", "value"), [(1, 0, "#N/A"), (0, 1, "#REF!")])
def test_errors_in_cells(tmp_path, records, rejected, value):
    """A cell that says that there is nothing is empty; any other error is refused."""
    imported = import_file(saved(tmp_path, ("Log", [HEADINGS, ["p-1", value, date(2025, 3, 4), 1]])))
    assert (records, rejected) == (len(imported.records), imported.rejected_count)


def peak_of(work):
    tracemalloc.start()
    try:
        work()
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak


def refused(path, said):
    with pytest.raises(InvalidData, match=said):
        import_file(path)


def test_a_zip_bomb_is_refused_in_little_memory(tmp_path):
    """A file of some hundred kilobytes that unfolds to a gigabyte is refused before it does."""
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", BOOK)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(300):
                part.write(b" " * 2**20)
    assert path.stat().st_size < 2**20
    assert peak_of(lambda: refused(path, "too much memory")) < 20 * 2**20


def test_a_zip_bomb_that_lies_about_its_size_is_refused(tmp_path):
    """What a part says of its own size is held against what it unfolds to."""
    path = made(tmp_path, f'<row r="1">{HEAD}</row>', **{"xl/media/x.bin": b" " * 5_000_000})
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = -1
        while (at := content.find(mark, at + 1)) >= 0:
            if content[at + place : at + place + 4] == struct.pack("<I", 5_000_000):
                content[at + place : at + place + 4] = struct.pack("<I", 50)
    path.write_bytes(bytes(content))
    assert peak_of(lambda: refused(path, "declares a smaller size")) < 20 * 2**20


MANY = sized(3_000_000, 600_000)
"""Rows whose empty cells would not fit into the memory allowed."""


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1048576"><c r="A1048576"><v>1</v></c><c r="Z1048576"><v>1</v></c></row><row r="1"><c r="A1"/></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row>' + "<row/>" * MANY + f'<row><c r="ZZ{MANY + 1}"><v>1</v></c></row>',
    ],
)
def test_cells_at_far_corners_are_refused(tmp_path, cells):
    """Two cells at far corners would make the reader allocate all between them; that is refused."""
    path = made(tmp_path, f"{cells}")
    assert peak_of(lambda: refused(path, "too much memory")) < 40 * 2**20


def test_a_damaged_workbook_is_refused(tmp_path):
    """A workbook cut off, or with a part replaced by noise, is refused by what it is."""
    path = saved(tmp_path, ("Log", [HEADINGS, ["p-1", "A", date(2025, 3, 4), 1]]))
    whole = path.read_bytes()
    for cut in (10, 200, len(whole) // 2, len(whole) - 5):
        path.write_bytes(whole[:cut])
        with pytest.raises(InvalidData, match="damaged"):
            import_file(path)
    with pytest.raises(InvalidData, match=r"damaged|locked"):
        import_file(made(tmp_path, f'<row r="1">{HEAD}</row><row r="2"><c r="A2" t="s"><v>7</v></c></row>'))


def test_another_zip_file_is_no_workbook(tmp_path):
    """A document of another program is refused by name, whatever its ending."""
    with pytest.raises(InvalidData, match=r"not an \.xlsx workbook"):
        import_file(packed(tmp_path, {"word/document.xml": "<x/>"}))


WITHOUT = """
import sys
sys.modules["python_calamine"] = None
from peer_ledger.importing import import_file
try:
    import_file(sys.argv[1])
except Exception as error:
    print(type(error).__name__, error)
"""


def test_without_the_extra_the_error_names_it(tmp_path):
    """Where the reader is not installed, the error says what to install and what to do instead."""
    path = saved(tmp_path, ("Log", [HEADINGS]))
    done = subprocess.run([sys.executable, "-c", WITHOUT, path], capture_output=True, check=True, text=True)
    assert "LedgerMisuse reading .xlsx needs the extra 'xlsx'" in done.stdout
    assert "save the sheet as CSV" in done.stdout


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound")
    return saved(folder, ("Log", [HEADINGS, *(["p-1", "A", date(2025, 3, 4), 1] for _ in range(5))])).read_bytes()


@effort(150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 255)), min_size=1, max_size=6))
def test_no_flipped_bytes_break_the_reader(sound, tmp_path, flips):
    """Whatever bytes of a workbook are changed, what comes out is a report or our own error."""
    content = bytearray(sound)
    for place, byte in flips:
        content[place % len(content)] = byte
    path = tmp_path / "flipped.xlsx"
    path.write_bytes(bytes(content))
    with suppress(PeerLedgerError):
        import_file(path)


XML = st.lists(
    st.sampled_from(
        ['<row r="1">', "</row>", "<row>", '<c r="A1">', '<c r="A">', '<c r="ZZZZ9">', "</c>", "<v>1</v>", "<v>", "<f>", "</f>", "<f/>",
         '<c t="s"><v>9</v></c>', '<c t="inlineStr"><is><t>ID</t></is></c>', '<c t="e"><v>#REF!</v></c>', '<c t="b"><v>1</v></c>',
         '<c s="77"><v>1e308</v></c>', '<c t="d"><v>2025</v></c>', "&#0;", "<!--", "-->", "]]>"]
    ),
    max_size=12,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(XML)
def test_no_sheet_breaks_the_reader(tmp_path, pieces):
    """Whatever a sheet is made of, what comes out is a report or our own error."""
    with suppress(PeerLedgerError):
        import_file(made(tmp_path, f'<row r="1">{HEAD}</row>' + "".join(pieces)))


def test_an_id_in_a_merged_cell_stands_for_each_of_its_rows(tmp_path):
    """The rows below a merged id are the same person's, and no further; merged hours are those of their first row alone."""
    path = saved(
        tmp_path,
        (
            "Log",
            [
                ["Our log", None, None, None],
                HEADINGS,
                ["p-1", "Day 1", date(2025, 3, 4), 6],
                [None, "Day 2", date(2025, 3, 5), None],
                [None, "Later", date(2025, 3, 6), 2],
            ],
        ),
    )
    book = openpyxl.load_workbook(path)
    for cells in ("A1:D1", "A3:A4", "D3:D4"):
        book.active.merge_cells(cells)
    book.save(path)
    imported = import_file(path)
    assert [("p-1", date(2025, 3, 4)), ("p-1", date(2025, 3, 5))] == [
        (one.person, one.completed) for one in imported.records
    ]
    assert [(Credit(amount=6),), None] == [one.credits for one in imported.records]
    assert [5] == [one.line for one in imported.rejected]


@pytest.mark.parametrize(
    ("part", "many"),
    [
        ("xl/worksheets/sheet1.xml", "<c " * 20_000),
        ("xl/worksheets/sheet1.xml", '<c r="A1" ' * 20_000),
        ("xl/worksheets/sheet1.xml", "<c " + 'r="A1" ' * 20_000 + ">"),
        ("xl/worksheets/sheet1.xml", "<c " + 't="e" ' * 20_000 + ">"),
        ("xl/worksheets/sheet1.xml", '<c r="A9"><f ' * 20_000),
        ("xl/workbook.xml", "<sheet " * 60_000),
        ("xl/workbook.xml", f"<sheet {'a' * 300_000}>"),
    ],
    ids=range(7),
)
def test_tags_without_end_take_no_time_that_grows_with_their_square(tmp_path, part, many):
    """Two thousand bytes that once took minutes are looked through at once."""
    whole = {
        "xl/worksheets/sheet1.xml": sheet_of(HEAD + many),
        "xl/workbook.xml": BOOK.replace("</sheets>", many + "</sheets>"),
    }
    path = made(tmp_path, HEAD, **{part: whole[part]})
    before = time.process_time()
    with suppress(InvalidData):
        import_file(path)
    assert time.process_time() - before < 5


def test_what_unfolds_to_a_hundred_times_its_size_is_refused(tmp_path):
    """A part of more than sixteen million bytes that are all alike is no sheet of anybody's."""
    path = made(tmp_path, HEAD + "<x/>" * 5_000_000)
    assert path.stat().st_size < 200_000
    with pytest.raises(InvalidData, match="more than 100 times its compressed size"):
        import_file(path)
