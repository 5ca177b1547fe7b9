"""The long comparison goes on where it stopped, and its batches follow from their numbers alone."""

import json

import pytest

import soak
from effort import PROFILE
from peer_ledger import ruleset_ids

SMALL = ["--lives", "3", "--examples", "1"]


pytestmark = pytest.mark.skipif(PROFILE == "quick", reason="runs a part of the long run, which takes long")


@pytest.fixture(autouse=True)
def few_laws(monkeypatch):
    """One law is enough to see how batches are kept."""
    monkeypatch.setattr(soak, "LAWS", {"twice_is_once": soak.LAWS["twice_is_once"]})


def batches(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_it_goes_on_where_it_stopped(tmp_path, capsys):
    """Two batches and then a third: the file has three, numbered, and the totals are those of all."""
    path = tmp_path / "soak.jsonl"
    assert soak.main([*SMALL, "--to", str(path), "--batches", "2"]) == 0
    assert soak.main([*SMALL, "--to", str(path), "--batches", "3"]) == 0
    assert [1, 2, 3] == [one["batch"] for one in batches(path)]
    assert [6, 6, 6] == [one["answers"] for one in batches(path)]
    assert "in all: batches 1 to 3: 18 answers about 9 lives compared" in capsys.readouterr().out


def test_a_batch_that_was_torn_is_done_again(tmp_path):
    """What a killed process left unfinished is cut off, and the batch comes out as it would have."""
    path = tmp_path / "soak.jsonl"
    soak.main([*SMALL, "--to", str(path), "--batches", "2"])
    first, second = batches(path)
    path.write_text(json.dumps(first) + "\n" + '{"batch": 2, "seco', "utf-8")
    soak.main([*SMALL, "--to", str(path), "--batches", "2"])
    again = batches(path)
    assert again[0] == first
    assert again[1] | {"seconds": 0} == second | {"seconds": 0}


def test_what_was_found_is_told_and_makes_it_fail(tmp_path, capsys, monkeypatch):
    """A difference from the oracle and a broken law stand in the file, and in what is printed."""

    def broken(situation):
        """Nothing holds."""
        raise AssertionError("as was to be shown")

    monkeypatch.setattr(soak, "LAWS", {"broken": broken})
    monkeypatch.setattr(soak.oracle_differences, "differences", lambda report, expected: ["standing: so, and not so"])
    path = tmp_path / "soak.jsonl"
    assert soak.main([*SMALL, "--to", str(path), "--batches", "1"]) == 1
    out = capsys.readouterr().out
    assert "standing: so, and not so" in out
    assert "us-nc-cpss breaks broken: Nothing holds.\n  as was to be shown" in out
    answers, rule_sets = 6, len(ruleset_ids()) + len(("Norrland", "Norrland's youth"))
    assert len(batches(path)[0]["found"]) == answers + rule_sets


def test_nothing_to_do_is_told(tmp_path, capsys):
    assert soak.main(["--to", str(tmp_path / "none.jsonl"), "--batches", "0"]) == 0
    assert "in all: no batch: 0 answers" in capsys.readouterr().out
