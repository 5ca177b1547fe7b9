"""Workbooks made to exhaust the memory are refused, whatever their parts are called."""

import zipfile
from contextlib import suppress

import pytest

from effort import sized
from peer_ledger.errors import InvalidData
from peer_ledger.importing import import_file
from test_importing_workbooks import BOOK, HEAD, RELATIONS, made, packed, peak_of, refused, sheet_of, text_cell

FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
SHEET = "xl/worksheets/sheet1.xml"
LARGE, DAMAGED, NAMES = "too much memory", "not well-formed XML", "cells with invalid names"
STRINGS = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="{}"></sst>'
ROOT = "worksheet xmlns"


def elsewhere(folder, part, target, text):
    """Make a workbook whose sheet is in another part."""
    return made(
        folder, "", **{"xl/_rels/workbook.xml.rels": RELATIONS.replace("worksheets/sheet1.xml", target), part: text}
    )


@pytest.mark.parametrize(
    ("part", "target"),
    [
        ("xl/worksheets/Sheet7.XML", "worksheets/sheet7.xml"),
        ("XL/WORKSHEETS/other.xml", "worksheets/other.xml"),
        ("xl\\tabs\\sheet.xml", "tabs/sheet.xml"),
        ("data/cells.bin", "/data/cells.bin"),
        ("xl/media/image1.png", "media/image1.png"),
    ],
)
def test_a_sheet_of_any_name_is_scanned(tmp_path, part, target):
    """A sheet with cells at far corners is refused in every part that the relationships may name."""
    path = elsewhere(tmp_path, part, target, sheet_of(FAR))
    assert peak_of(lambda: refused(path, LARGE)) < 40 * 2**20


def test_a_sheet_without_relationships_is_scanned(tmp_path):
    """Also a part that nothing refers to is refused, for the reader need not agree with the scan about relationships."""
    refused(made(tmp_path, HEAD, **{"docProps/app.xml": sheet_of(FAR)}), LARGE)


@pytest.mark.parametrize(
    ("said", "sheet"),
    [
        (LARGE, sheet_of(FAR).replace("<c ", "<a-b:c ").replace("</c>", "</a-b:c>").replace(ROOT, 'worksheet xmlns:a-b="x" xmlns')),
        (LARGE, sheet_of(FAR.replace("<v>1</v>", "<is><t>x</t></is>"))),
        (LARGE, sheet_of('<row r="1"><c r="ZZZ1"><v>1</v></c></row>')),
        (LARGE, sheet_of('<row r="1048576"><c r="F1"/>' + "<c><v>1</v></c>" * 5 + "</row>")),
        (LARGE, sheet_of('<row r="9999999">' + "<c><v>1</v></c>" * 2 + "</row>")),
        (LARGE, sheet_of("<row>" + "<c/>" * 16_384 + "<c><v>1</v></c></row>")),
        (LARGE, sheet_of(FAR).encode("utf-16")),
        (NAMES, sheet_of('<row r="1"><c r="AAAAAAAAA1"><v>1</v></c></row>')),
        (NAMES, sheet_of('<row r="1"><c r="A99999999"><v>1</v></c></row>')),
        (NAMES, sheet_of('<row r="99999999"><c><v>1</v></c></row>')),
        (DAMAGED, sheet_of(FAR.replace("</row>", "</rows>"))),
        (DAMAGED, sheet_of("<a b=c/>" + FAR)),
        (DAMAGED, sheet_of("<a b=c/>" + FAR).encode("utf-16")),
        (DAMAGED, f'<!DOCTYPE x [<!ENTITY a "{"a" * 99}"><!ENTITY b "{"&a;" * 99}">]>{sheet_of(text_cell("A1", "&b;" * 99))}'),
        (DAMAGED, sheet_of("<a>" * 300 + "</a>" * 300)),
        (DAMAGED, sheet_of("".join(f"<a{number}/>" for number in range(11_000)))),
        (DAMAGED, sheet_of(f"<!-- {'-x' * 2**20} -->")),
    ],
    ids=range(17),
)  # fmt: skip
def test_hostile_sheets_are_refused(tmp_path, said, sheet):
    """However a sheet asks for memory: by places, by unnamed cells, by other prefixes, encodings, entities, nesting, names or long tags."""
    path = made(tmp_path, "", **{SHEET: sheet})
    assert peak_of(lambda: refused(path, said)) < 40 * 2**20


def test_a_comment_without_end_takes_no_time_that_grows_with_its_square(tmp_path):
    """What does not end is given up after a million bytes, not parsed again with every piece."""
    size = sized(15_000_000, 4_000_000)
    refused(made(tmp_path, "", **{SHEET: sheet_of(HEAD) + "<!--" + " " * size}), DAMAGED)


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "XL/SharedStrings.xml", "xl/strings.bin"])
@pytest.mark.parametrize("count", ["99999999999", "0005000000", "9" * 30])
def test_more_shared_texts_than_can_be_are_refused(tmp_path, part, count):
    """The reader reserves memory for as many texts as a part declares, so it may not declare more than a sheet has cells."""
    refused(made(tmp_path, HEAD, **{part: STRINGS.format(count)}), LARGE)


def test_pictures_need_not_be_xml(tmp_path):
    """A part that is no XML is passed over as long as nothing in it can be taken for a sheet or for shared texts."""
    parts = {
        "xl/media/image1.png": b"\x89PNG\r\n" + bytes(range(256)) * 40,
        "xl/media/image2.svg": '<!DOCTYPE svg PUBLIC "x" "y"><svg/>',
        "xl/drawings/vmlDrawing1.vml": "<xml><br></xml>",
        "customXml/item1.xml": '<x><row r="first"><c r="second">x</c></row></x>',
    }
    rows = f'<row r="1">{HEAD}</row><row r="2">{text_cell("A2", "p")}{text_cell("B2", "2025-03-04")}{text_cell("C2", "2")}</row>'
    assert 1 == len(import_file(made(tmp_path, rows, **parts)).records)


@pytest.mark.parametrize("other", ["xl/Worksheets/SHEET1.xml", "xl\\worksheets\\sheet1.xml"])
def test_names_that_the_reader_does_not_tell_apart_are_refused(tmp_path, other):
    """The reader takes one of two parts whose names differ in case or slashes; which one is chance."""
    refused(made(tmp_path, HEAD, **{other: sheet_of("")}), "two with the same name")


@pytest.mark.parametrize("other", ["xl/workbook.bin", "content.xml", "XL/Workbook.BIN"])
def test_a_workbook_of_another_kind_inside_is_refused(tmp_path, other):
    """Under another ending the reader tries other kinds of workbooks, whose parts are not scanned."""
    refused(made(tmp_path, HEAD, **{other: "x"}), r"\.xlsb or \.ods")


def test_bytes_around_the_parts_are_refused(tmp_path):
    """A second zip file before or after the first may be the one that the reader opens."""
    path = made(tmp_path, HEAD)
    whole = path.read_bytes()
    path.write_bytes(whole + whole)
    refused(path, "before or after its parts")
    path.write_bytes(whole)
    with zipfile.ZipFile(path, "a") as book:
        book.comment = b"PK\x05\x06" + b"\0" * 18
    refused(path, "before or after its parts|damaged|is a zip file but not an .xlsx workbook")


@pytest.mark.parametrize(
    ("said", "part", "text"),
    [
        (DAMAGED, "xl/workbook.xml", BOOK.replace("</sheets>", "")),
        (DAMAGED, "xl/_rels/workbook.xml.rels", RELATIONS + "<x>"),
        (LARGE, "xl/workbook.xml", BOOK + "<!-- -->" * 2**20),
        ("cannot be found", "xl/workbook.xml", BOOK.replace("A &amp; B", "A\nB")),
    ],
)  # fmt: skip
def test_the_list_of_sheets_must_be_clear(tmp_path, said, part, text):
    """A list of sheets that the scan and the reader might understand differently is refused."""
    refused(made(tmp_path, HEAD, **{part: text}), said)


def test_very_many_formulas_without_values_are_refused(tmp_path):
    """Each would be kept in memory until the sheet is read."""
    refused(made(tmp_path, "<row>" + "<c><f>1</f></c>" * 10_001 + "</row>"), "too many formulas")


@pytest.mark.parametrize("spare", range(0, 4000, 250))
def test_the_last_bytes_of_a_part_are_scanned(tmp_path, spare):
    """The end of a part that is compressed to a few bits is not lost between two pieces."""
    start = sheet_of(f'<row r="1">{HEAD}</row>').removesuffix("</worksheet>")
    with suppress(InvalidData):
        import_file(made(tmp_path, "", **{SHEET: (start + "</worksheet>").ljust(2**19 + spare)}))
    sheet = sheet_of(f'<row r="1">{HEAD}</row>').ljust(2**19 + spare - 17) + f"{' ' * 10}<broken"
    refused(packed(tmp_path, {"_rels/.rels": "<x/>", "xl/workbook.xml": BOOK, SHEET: sheet}), DAMAGED)
