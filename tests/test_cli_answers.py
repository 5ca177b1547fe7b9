"""The commands on answers: side by side, with receipts, and for an audit."""

import json
from hashlib import sha256
from importlib.resources import files

import pytest

from peer_ledger import Ledger
from peer_ledger.cli import main
from peer_ledger.example import import_example
from peer_ledger.ledger import read_archive, write_archive

ON = ("--on", "2026-02-15")


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    file = tmp_path_factory.mktemp("cli") / "ours.jsonl"
    write_archive(import_example()[0], file)
    return file


@pytest.fixture
def run(archive, tmp_path, monkeypatch, capsys):
    """Run a command on the example's ledger; return its code and what it printed."""
    monkeypatch.chdir(tmp_path)
    read_archive(archive, into=Ledger.open("peers.ledger")).close()

    def running(*arguments):
        code = main(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return running


def test_a_receipt_is_written_and_verified(run, tmp_path):
    """Code 0 while it comes out the same, 1 when it does not or was changed; the digest is that of the printed report."""
    code, out, _ = run("receipt", "p-103", *ON, "--to", "p.receipt")
    assert (0, True) == (code, "Written to p.receipt" in out)
    assert json.loads(run("receipt", "p-103", *ON)[1]) == json.loads((tmp_path / "p.receipt").read_text("utf-8"))
    printed = run("report", "p-103", *ON, "--format", "json")[1]
    kept = json.loads((tmp_path / "p.receipt").read_text("utf-8"))
    assert kept["report"] == sha256(printed.encode()).hexdigest()
    code, out, _ = run("verify-receipt", "p.receipt")
    assert (0, True) == (code, "comes out the same, byte for byte" in out)
    (tmp_path / "q.receipt").write_text(json.dumps({**kept, "person": "p-104"}), "utf-8")
    code, _, err = run("verify-receipt", "q.receipt")
    assert (1, True) == (code, "this receipt was changed" in err)
    with Ledger.open(tmp_path / "peers.ledger") as ledger:
        ledger.erase("p-103")
    code, out, _ = run("verify-receipt", "p.receipt", "--format", "json")
    assert (1, False) == (code, json.loads(out)["is_same"])


def test_side_by_side(run, tmp_path):
    """Elsewhere, before and after a change of rules, and between two days; each as text and for other programs."""
    code, out, _ = run("compare", "p-103", "--with", "us-me-cipss", *ON)
    assert (0, True) == (code, "The person would apply for a first certification." in out)
    assert "us-me-cipss" in run("compare", "p-103", "--with", "us-me-cipss", *ON, "--format", "csv")[1]
    code, out, _ = run("impact", "us-nc-cpss::renewal-3", "us-nc-cpss::renewal-4", *ON)
    assert (0, True) == (code, "7 of 41 people would stand elsewhere." in out)
    assert 2 == run("impact", "us-nc-cpss", "no.toml", *ON)[0]
    code, out, _ = run("changes", "--since", "2026-02-04", *ON, "--format", "json")
    found = json.loads(out)["changed"]
    assert (0, True) == (code, bool(found))
    assert {"calendar"} <= {cause["kind"] for one in found for cause in one["causes"]}
    assert 2 == run("changes", "--since", "2026-02-16", *ON)[0]


def test_rules_before_and_after_from_files(run, tmp_path):
    """A file of one rule set is read; one of several is refused."""
    text = (files("peer_ledger.rulesets") / "us-nc.toml").read_text("utf-8")
    (tmp_path / "ours.toml").write_text(text.replace("notice_days = 90", "notice_days = 30"), "utf-8")
    code, out, _ = run("impact", "us-nc-cpss", "ours.toml", *ON)
    assert (0, True) == (code, "us-nc-cpss" in out)
    several = (files("peer_ledger.rulesets") / "us-id.toml").read_text("utf-8")
    (tmp_path / "several.toml").write_text(several, "utf-8")
    code, _, err = run("impact", "us-nc-cpss", "several.toml", *ON)
    assert (2, True) == (code, "several.toml has 3 rule sets; give a file of one" in err)


def test_packets_and_audits(run, tmp_path):
    """A page for one person; a folder for people who were drawn, which must be new."""
    code, out, _ = run("packet", "p-103", *ON, "--to", "p.html")
    assert (0, True) == (code, "written to p.html" in out)
    assert "Audit packet: p-103" in (tmp_path / "p.html").read_text("utf-8")
    assert "Audit packet: p-103" in run("packet", "p-103", *ON, "--format", "html")[1]
    assert "ask_for" in run("packet", "p-103", *ON, "--format", "csv")[1]
    assert "peer-ledger audit packet" == json.loads(run("packet", "p-103", *ON, "--format", "json")[1])["format"]
    assert "The proof of the hours holds." in run("packet", "p-103", *ON)[1]
    drawn = ("audit", "--size", "2", "--seed", "x", "--to", "folder", *ON)
    code, out, _ = run(*drawn)
    assert (0, True) == (code, "5 files written; begin with folder" in out)
    code, _, err = run(*drawn)
    assert (2, True) == (code, "is not empty" in err)


@pytest.mark.parametrize("command", ["compare", "receipt", "packet"])
def test_nobody_of_that_id(run, command):
    """A person of whom nothing is on file is not taken for somebody new."""
    code, _, err = run(command, "p-999", *ON)
    assert (2, True) == (code, "no record of person" in err)
