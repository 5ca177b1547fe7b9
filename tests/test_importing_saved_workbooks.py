"""Workbooks as spreadsheet programs save them: all are read alike."""

import shutil
import subprocess
from datetime import date, datetime, timedelta

import openpyxl
import pytest
import xlsxwriter

from peer_ledger import Credit
from peer_ledger.importing import import_file
from test_importing_workbooks import packed

HEADINGS = "ID", "Title", "Completed", "Hours"
ROWS = (("4711", "Ethics", date(2025, 3, 4), 2.5), ("p-2", "Crisis & care", date(2025, 3, 5), timedelta(hours=1.5)))
READ = [
    ("4711", "Ethics", date(2025, 3, 4), (Credit(amount="2.5"),)),
    ("p-2", "Crisis & care", date(2025, 3, 5), (Credit(amount=90, unit="minute"),)),
]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'

# What Excel 365 declares on the root of a sheet.
EXCEL_ROOT = (
    f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'mc:Ignorable="x14ac xr xr2 xr3" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" '
    'xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" '
    'xmlns:xr2="http://schemas.microsoft.com/office/spreadsheetml/2015/revision2" '
    'xmlns:xr3="http://schemas.microsoft.com/office/spreadsheetml/2016/revision3" '
    'xr:uid="{00000000-0001-0000-0000-000000000000}">'
)
EXCEL_ROWS = (
    '<row r="1" spans="1:4" ht="21" customHeight="1" x14ac:dyDescent="0.25"><c r="A1" s="1" t="s"><v>0</v></c>'
    '<c r="B1" s="1"/><c r="C1" s="1"/><c r="D1" s="1"/></row>'
    '<row r="2" spans="1:4" x14ac:dyDescent="0.25"><c r="A2" t="s"><v>1</v></c><c r="B2" t="s"><v>2</v></c>'
    '<c r="C2" t="s"><v>3</v></c><c r="D2" t="s"><v>4</v></c></row>'
    '<row r="3" spans="1:4" x14ac:dyDescent="0.25"><c r="A3"><v>4711</v></c><c r="B3" t="s"><v>5</v></c>'
    '<c r="C3" s="2"><v>45720</v></c><c r="D3"><v>2.5</v></c></row>'
    '<row r="4" spans="1:4" hidden="1" x14ac:dyDescent="0.25"><c r="A4" t="s"><v>6</v></c><c r="B4" t="s"><v>7</v></c>'
    '<c r="C4" s="2"><v>45721</v></c><c r="D4" s="3"><f>1.5/24</f><v>6.25E-2</v></c></row>'
)
STRINGS = "Our log", *HEADINGS, "Ethics", "p-2", "<r/>"
RICH = '<si><r><t xml:space="preserve">Crisis </t></r><r><rPr><b/><sz val="11"/></rPr><t>&amp; care</t></r></si>'
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="[h]:mm"/></numFmts>'
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/>'
    '<xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
LAST_ROW = (
    '<row r="1048576" spans="1:4" ht="30" customHeight="1" x14ac:dyDescent="0.25"><c r="XFD1048576" s="1"/></row>'
)


def relations(*targets):
    each = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>' for name, kind, target in targets
    )
    return f'{XML}<Relationships xmlns="{PACKAGE}">{each}</Relationships>'


def excel_parts(rows=EXCEL_ROWS, *, folder="xl/", sheet="worksheets/sheet1.xml", root=EXCEL_ROOT):
    """Return the parts of a workbook as Excel writes them: a heading above the table, a hidden row and a hidden sheet."""
    strings = "".join(f"<si><t>{text}</t></si>" for text in STRINGS[:-1]) + RICH
    hidden = '<row r="1" spans="1:1"><c r="A1" t="s"><v>0</v></c></row>'
    return {
        "[Content_Types].xml": f'{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": relations(("rId1", "officeDocument", f"{folder}workbook.xml")),
        f"{folder}workbook.xml": f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Lists" sheetId="2" state="veryHidden" r:id="rId2"/><sheet name="Log" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>",
        f"{folder}_rels/workbook.xml.rels": relations(
            ("rId1", "worksheet", sheet), ("rId2", "worksheet", "worksheets/sheet2.xml")
        ),
        f"{folder}sharedStrings.xml": f'{XML}<sst xmlns="{MAIN}" count="8" uniqueCount="8">{strings}</sst>',
        f"{folder}styles.xml": XML + STYLES,
        f"{folder}{sheet}".replace(
            f"{folder}/", ""
        ): f'{XML}{root}<sheetPr><tabColor rgb="FF00B050"/></sheetPr><dimension ref="A1:D4"/>'
        f'<sheetData>{rows}</sheetData><mergeCells count="1"><mergeCell ref="A1:D1"/></mergeCells>'
        '<tableParts count="1"><tablePart r:id="rId1"/></tableParts></worksheet>',
        f"{folder}worksheets/sheet2.xml": f"{XML}{EXCEL_ROOT}<sheetData>{hidden}</sheetData></worksheet>",
        f"{folder}calcChain.xml": f'{XML}<calcChain xmlns="{MAIN}"><c r="D4" i="1"/><c r="XFD1048576" i="2"/></calcChain>',
    }


def by_excel(folder):
    return packed(folder, excel_parts())


def by_excel_with_a_styled_last_row(folder):
    return packed(folder, excel_parts(EXCEL_ROWS + LAST_ROW))


def in_another_folder(folder):
    return packed(folder, excel_parts(folder="Book/", sheet="/Book/Tabelle/Log.XML"))


def in_another_case(folder):
    return packed(folder, {part.replace("xl/", "XL\\"): text for part, text in excel_parts().items()})


def with_prefixed_names(folder):
    """As the Open XML SDK writes it: every name has a prefix."""
    parts = excel_parts()
    for name in ("row", "c", "v", "f", "sheetData", "worksheet"):
        for part in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"):
            for before, after in (
                (f"<{name}>", f"<x:{name}>"),
                (f"<{name} ", f"<x:{name} "),
                (f"</{name}>", f"</x:{name}>"),
            ):
                parts[part] = parts[part].replace(before, after)
            parts[part] = parts[part].replace("worksheet xmlns=", "worksheet xmlns:x=")
    return packed(folder, parts)


def by_google(folder):
    """As Google Sheets writes it: a thousand rows of styled empty cells below the table."""
    empty = "".join(
        f'<row r="{row}">{"".join(f"""<c r="{c}{row}" s="0"/>""" for c in "ABCDEFGHIJ")}</row>'
        for row in range(5, 1001)
    )
    root = f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}" xmlns:mx="http://schemas.microsoft.com/office/mac/excel/2008/main">'
    rows = EXCEL_ROWS.replace(' x14ac:dyDescent="0.25"', "")
    return packed(folder, excel_parts(rows + empty, root=root))


def by_xlsxwriter(folder):
    path = folder / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        day, hours = book.add_format({"num_format": "mm/dd/yyyy"}), book.add_format({"num_format": "[h]:mm"})
        chart = book.add_chartsheet("Chart")
        line = book.add_chart({"type": "line"})
        line.add_series({"values": "=Log!$D$3:$D$4"})
        chart.set_chart(line)
        book.add_worksheet("Lists").very_hidden()
        sheet = book.add_worksheet("Log")
        sheet.merge_range("A1:D1", "Our log")
        for number, row in enumerate(ROWS, 2):
            sheet.write_row(number, 0, row[:2])
            sheet.write_datetime(number, 2, row[2], day)
            sheet.write(number, 3, row[3], hours if type(row[3]) is timedelta else None)
        sheet.write_comment("A2", "the id of the person")
        sheet.add_table(1, 0, 3, 3, {"columns": [{"header": heading} for heading in HEADINGS]})
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_row(1_048_575, 30)
    return path


def by_openpyxl(folder):
    path = folder / "book.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Our log"])
    sheet.append(HEADINGS)
    for row in ROWS:
        sheet.append(row)
    sheet["D4"].number_format = "[h]:mm"
    sheet["C3"] = datetime(2025, 3, 4, 9, 30)  # noqa: DTZ001 - Excel knows no zones
    sheet.merge_cells("A1:D1")
    sheet.row_dimensions[4].hidden = True
    book.create_sheet("Lists", 0).sheet_state = "hidden"
    book.save(path)
    return path


def by_libreoffice(folder):
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    (folder / "saved").mkdir()
    command = [office, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "xlsx"]
    subprocess.run(
        [*command, "--outdir", folder / "saved", by_openpyxl(folder)], check=True, capture_output=True, timeout=120
    )
    return folder / "saved" / "book.xlsx"


@pytest.mark.parametrize(
    "save",
    [
        by_excel,
        by_excel_with_a_styled_last_row,
        in_another_folder,
        in_another_case,
        with_prefixed_names,
        by_google,
        by_xlsxwriter,
        by_openpyxl,
        by_libreoffice,
    ],
)
def test_workbooks_of_all_programs_are_read_alike(tmp_path, save):
    """Days, durations, shared and rich texts, hidden rows, merged headings and tables are read; hidden sheets and charts are not chosen."""
    imported = import_file(save(tmp_path))
    assert READ == [(event.person, event.title, event.completed, event.credits) for event in imported.records]
    assert [] == list(imported.rejected)


@pytest.mark.parametrize("folder", ["xl/", "Book/"])
def test_unsaved_formulas_are_found_wherever_the_sheet_is(tmp_path, folder):
    """A formula without a value is refused in the part that the relationships name, as an error is; an empty text is empty."""
    rows = EXCEL_ROWS.replace("<v>2.5</v>", "<f>1+1</f><v></v>").replace(
        's="3"><f>1.5/24</f><v>6.25E-2</v>', 't="e"><v>#REF!</v>'
    )
    rows += '<row r="5"><c r="A5" t="s"><v>6</v></c><c r="B5" t="str"><f>IF(A5="","x","")</f><v></v></c><c r="C5" s="2"><v>45722</v></c><c r="D5"><v>1</v></c></row>'
    imported = import_file(packed(tmp_path, excel_parts(rows, folder=folder)))
    assert [(None, date(2025, 3, 6))] == [(event.title, event.completed) for event in imported.records]
    assert [3, 4] == [row.line for row in imported.rejected]
    assert ["not saved" in row.reason for row in imported.rejected] == [True, False]


def test_a_sheet_without_cells_is_refused_in_words(tmp_path):
    """An empty sheet has no headings; it does not break the reader."""
    path = tmp_path / "empty.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(ValueError, match="headings"):
        import_file(path)


def saved_by_libreoffice(folder, book, name="book.xlsx", form="xlsx"):
    """Return a workbook that LibreOffice read and saved in a form of its own."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    book.save(folder / name)
    command = [office, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", form]
    (folder / "saved").mkdir(exist_ok=True)
    subprocess.run(
        [*command, "--outdir", folder / "saved", folder / name], check=True, capture_output=True, timeout=120
    )
    return folder / "saved" / f"book.{form.partition(':')[0]}"


def sheet_of_kinds():
    """Return a workbook with everything that a sheet of trainings may have: what is merged, hidden, computed and styled."""
    book = openpyxl.Workbook()
    book.create_sheet("Lists", 0).sheet_state = "hidden"
    sheet = book["Sheet"]
    sheet.append(["Trainings of the team", None, None, None])
    sheet.append(["Person", "Training", None, None])
    sheet.append(["ID", "Title", "Completed", "Hours"])
    sheet.append(["4711", "Ethics", date(2025, 3, 4), timedelta(hours=26, minutes=30)])
    sheet.append([None, "Crisis", datetime(2025, 3, 5, 23, 59), 1.5])  # noqa: DTZ001 - Excel knows no zones
    sheet.append(["p-2", "WRAP", date(2025, 3, 6), 2])
    sheet.append(["p-3", "Hidden", date(2025, 3, 7), 3])
    sheet.append(["p-4", "Computed", "=DATE(2025,3,8)", "=1+1"])
    sheet.append(["0012", "Text", "2025-03-09", "0.1"])
    for cell in ("C4", "C6", "C7", "C8"):
        sheet[cell].number_format = "mm/dd/yyyy"
    sheet["D4"].number_format = "[h]:mm"
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("B2:D2")
    sheet.merge_cells("A4:A5")
    sheet.row_dimensions[7].hidden = True
    sheet.column_dimensions["D"].hidden = True
    sheet.freeze_panes = "A4"
    sheet.auto_filter.ref = "A3:D9"
    return book


KINDS = [
    ("4711", "Ethics", date(2025, 3, 4), (Credit(amount=1590, unit="minute"),)),
    ("4711", "Crisis", date(2025, 3, 5), (Credit(amount="1.5"),)),
    ("p-2", "WRAP", date(2025, 3, 6), (Credit(amount=2),)),
    ("p-3", "Hidden", date(2025, 3, 7), (Credit(amount=3),)),
    ("p-4", "Computed", date(2025, 3, 8), (Credit(amount=2),)),
    ("0012", "Text", date(2025, 3, 9), (Credit(amount="0.1"),)),
]


def test_a_sheet_of_every_kind_saved_by_libreoffice(tmp_path):
    """Days, durations beyond a day, merged headings and ids, hidden rows, columns and sheets, formulas, ids with zeros."""
    imported = import_file(saved_by_libreoffice(tmp_path, sheet_of_kinds()))
    assert [] == list(imported.rejected)
    assert KINDS == [(event.person, event.title, event.completed, event.credits) for event in imported.records]


def test_the_same_sheet_exported_as_text_by_libreoffice(tmp_path):
    """As text, a merged id stands once, and 26:30 may be minutes; both rows are rejected, and the others are as they were."""
    book = sheet_of_kinds()
    del book["Lists"]
    imported = import_file(saved_by_libreoffice(tmp_path, book, form="csv"), dates=["MM/DD/YYYY"])
    assert [(4, "column D 'Hours'"), (5, "column A 'ID'")] == [(row.line, row.column) for row in imported.rejected]
    assert KINDS[2:] == [(event.person, event.title, event.completed, event.credits) for event in imported.records]


def test_days_of_the_calendar_of_1904_saved_by_libreoffice(tmp_path):
    """Workbooks of old Macs count days from 1904."""
    book = sheet_of_kinds()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    imported = import_file(saved_by_libreoffice(tmp_path, book))
    assert [kind[2] for kind in KINDS] == [event.completed for event in imported.records]


def test_an_open_document_is_refused_in_words(tmp_path):
    """LibreOffice saves .ods by default; the message says what to save it as."""
    path = saved_by_libreoffice(tmp_path, sheet_of_kinds(), form="ods")
    with pytest.raises(ValueError, match=r"\.xlsx"):
        import_file(path)
