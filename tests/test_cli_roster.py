"""The command line on files of Parquet: answers about everyone, and a ledger as such files."""

import csv
import io
import json
import sys

import polars as pl
import pyarrow.parquet as pq
import pytest

from peer_ledger import Certification
from peer_ledger.cli import main
from peer_ledger.columns import _libraries, evaluate_frame, read_parquet, tables_in
from peer_ledger.ledger import Ledger

ACTS = {
    "person": ["p-1", "p-2"], "credential": ["us-nc-cpss"] * 2, "act": ["awarded"] * 2,
    "on": ["2024-03-14"] * 2, "expires": ["2026-03-31", "never"],
}  # fmt: skip
TRAININGS = {"person": ["p-1"], "completed": ["2025-02-03"], "amount": [16.75], "topics": ["recovery"]}


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Return what runs a command in a folder with tables and returns its code, its output and its complaints."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PEER_LEDGER", raising=False)
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "trainings").mkdir()
    pl.DataFrame(TRAININGS).write_parquet(tmp_path / "ours" / "trainings" / "1.parquet")
    pl.DataFrame(ACTS).write_parquet(tmp_path / "ours" / "certifications.parquet")

    def running(*arguments):
        try:
            code = main([str(one) for one in arguments])
        except SystemExit as stop:
            code = stop.code
        done = capsys.readouterr()
        return code, done.out, done.err

    return running


def test_answers_are_written_to_parquet_and_rejected_rows_are_told(run, tmp_path):
    """The answers are those of the frame; a rejected row makes the code 1, and is listed in a file when asked for."""
    code, said, complained = run("roster", "ours", "--on", "2026-01-15", "--to", "a.parquet", "--rejected", "lost.csv")
    assert (code, said) == (1, "1 person written to a.parquet\n")
    assert "certifications, row 2, expires: " in complained
    [lost] = csv.DictReader(io.StringIO((tmp_path / "lost.csv").read_text()))
    assert (lost["table"], lost["row"], lost["column"]) == ("certifications", "2", "expires")
    frame = evaluate_frame(**tables_in(tmp_path / "ours"), on="2026-01-15")
    assert pq.read_table(tmp_path / "a.parquet").to_pylist() == frame.people.to_pylist()


@pytest.mark.parametrize("form", ["table", "json", "csv", "html"])
def test_answers_are_shown_in_every_form(run, form):
    code, said, _ = run("roster", "ours", "--on", "2026-01-15", "--also", "short", "--format", form)
    assert code == 1
    assert "p-1" in said
    assert "3.25" in said
    if form == "json":
        [row] = json.loads(said)
        assert (row["hours"], row["due"], row["training_short"]) == ("short", "2026-03-31", "3.250000")


def test_without_a_rejected_row_the_code_is_0(run, tmp_path):
    """As for any command, 0 says that there is nothing to check."""
    pl.DataFrame(ACTS).head(1).write_parquet(tmp_path / "ours" / "certifications.parquet")
    assert run("roster", "ours", "--on", "2026-01-15", "--to", "a.parquet")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["roster", "nothing"], "there is no such folder"),
        (["roster", "ours", "--to", "a.csv"], "answers.parquet"),
        (["roster", "empty"], "there is no table in it"),
        (["roster", "misnamed"], "did you mean 'trainings'?"),
        (["roster", "twice"], "both a file and a folder"),
        (["export", "--format", "parquet"], "--to FOLDER"),
    ],
)
def test_what_cannot_be_read_or_written_is_told(run, tmp_path, arguments, says):
    for name in ("empty", "misnamed", "twice"):
        (tmp_path / name).mkdir()
    pl.DataFrame(TRAININGS).write_parquet(tmp_path / "misnamed" / "trainigs.parquet")
    (tmp_path / "twice" / "trainings").mkdir()
    pl.DataFrame(TRAININGS).write_parquet(tmp_path / "twice" / "trainings.parquet")
    code, _, complained = run(*arguments)
    assert code == 2
    assert says in complained


def test_without_pyarrow_the_extra_is_named(run, monkeypatch):
    """Whoever has no pyarrow is told what to install."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyarrow"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    _libraries.arrow.cache_clear()
    try:
        code, _, complained = run("roster", "ours", "--on", "2026-01-15")
    finally:
        _libraries.arrow.cache_clear()
    assert code == 2
    assert "pip install 'peer-ledger[columns]'" in complained


def test_a_ledger_is_exported_as_parquet_and_answered_from_it(run, tmp_path):
    """The folder that export writes is one that roster and read_parquet take."""
    with Ledger.open(tmp_path / "peers.ledger") as ledger:
        ledger.append(_record())
        head = ledger.head
    assert run("export", "--format", "parquet", "--to", "kept") == (0, "1 entry written to 1 file in kept\n", "")
    assert read_parquet(tmp_path / "kept").head == head
    assert run("roster", "kept", "--on", "2026-01-15", "--format", "csv")[0] == 0


def _record():
    return Certification(
        id="c-1", person="p-1", credential="us-nc-cpss", act="awarded", on="2024-03-14", expires="2026-03-31"
    )
