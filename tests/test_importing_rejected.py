"""Rejected rows as a file of their own, and files of which much was rejected."""

import csv

import pytest

from peer_ledger import Ledger, PeerLedgerError
from peer_ledger.cli import main
from peer_ledger.importing import Row, complete, import_file, import_files, import_rows, write_rejected

TABLE = """\
Notes,ID,Title,Date,Hours,Result
"a, b",p-1,Ethics,2025-02-03,3,Passed
,p-1,WRAP,03/04/2025,6,Passed
x,p-2,WRAP,2025-03-05,six,Passed
,p-3,WRAP,2025-03-05,6,Failed
,p-1,Crisis,2025-06-01,2,Passed
,p-2,Crisis,2025-06-01,2,Passed
,p-3,Crisis,2025-06-01,2,Passed
,p-4,Crisis,2025-06-01,2,Passed
,p-5,Crisis,2025-06-01,2,Passed
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.csv").write_text(TABLE)
    return tmp_path


def test_the_rows_are_written_with_reason_line_and_cells(folder):
    """As they are in the file, with what is not read."""
    imported = import_file("list.csv")
    assert 3 == write_rejected(imported, "rejected.csv")
    heads, *rows = csv.reader((folder / "rejected.csv").read_text().splitlines())
    assert [
        "Rejected because",
        "Line in the file",
        "Leave as it is",
        "Notes",
        "ID",
        "Title",
        "Date",
        "Hours",
        "Result",
    ] == heads
    assert [
        ["3", "", "", "p-1", "WRAP", "03/04/2025", "6", "Passed"],
        ["4", "", "x", "p-2", "WRAP", "2025-03-05", "six", "Passed"],
        ["5", "", "", "p-3", "WRAP", "2025-03-05", "6", "Failed"],
    ] == [row[1:] for row in rows]
    assert "can be 2025-03-04" in rows[0][0]
    assert "a, " not in repr(imported)


def test_the_corrected_rows_are_imported_as_they_are(folder):
    """What the file does not list is not missing, and it cannot be declared complete."""
    ledger = Ledger()
    assert import_files(ledger, ["list.csv"], partial=True).is_appended
    write_rejected(import_file("list.csv"), "rejected.csv")
    text = (folder / "rejected.csv").read_text().replace(",03/04/2025", ",2025-03-04").replace(",six,", ",6,")
    (folder / "rejected.csv").write_text(text)
    done = import_files(ledger, ["rejected.csv"])
    assert (True, (), 2) == (done.is_appended, done.waiting, len(done.files[0].plan.new))
    again = import_file("rejected.csv")
    write_rejected(again, "again.csv")
    assert 9 == len((folder / "again.csv").read_text().splitlines()[0].split(","))
    with pytest.raises(PeerLedgerError, match="does not list everything"):
        complete(again, until="2026-01-01")


def test_where_nothing_was_rejected_nothing_is_written(folder):
    """The function says so."""
    rows = [Row(1, 1, ["ID", "Date", "Hours"]), Row(2, 2, ["p-1", "2025-02-03", "3"])]
    with pytest.raises(PeerLedgerError, match="no row was rejected"):
        write_rejected(import_rows(rows), "rejected.csv")
    assert not (folder / "rejected.csv").exists()


def test_every_rejected_row_is_written(folder):
    """Not only the thousand that are listed."""
    (folder / "many.csv").write_text("ID,Date,Hours\n" + "p-1,soon,3\n" * 1500)
    assert 1500 == write_rejected(import_file("many.csv"), "rejected.csv")


def test_the_command_writes_them(folder, capsys):
    """And says what to do with them."""
    assert 1 == main(["import", "list.csv", "--rejected", "rejected.csv"])
    assert "3 rejected rows written to rejected.csv; correct them" in capsys.readouterr().err
    assert 4 == len((folder / "rejected.csv").read_text().splitlines())


@pytest.mark.parametrize(
    ("good", "bad", "waits"), [(7, 2, False), (5, 2, True), (0, 1, False), (1, 1, False), (2, 2, True)]
)
def test_a_file_of_which_a_quarter_was_rejected_waits(folder, good, bad, waits):
    """Rows that did not take place do not count; `partial` appends the rest."""
    lines = [*(f"p-{number},2025-02-03,3,Passed" for number in range(good)), *["p-9,soon,3,Passed"] * bad]
    lines.append("p-8,2025-02-03,1,Failed")
    (folder / "half.csv").write_text("\n".join(["ID,Date,Hours,Result", *lines]))
    ledger = Ledger()
    done = import_files(ledger, ["half.csv"])
    assert waits is bool(done.waiting)
    assert (0 if waits else good) == len(ledger)
    if waits:
        assert "partial=True, or --partial" in done.waiting[0]
        assert import_files(ledger, ["half.csv"], partial=True).is_appended
        assert good == len(ledger)
        assert (3, 1) == (main(["import", "half.csv"]), main(["import", "half.csv", "--partial"]))
