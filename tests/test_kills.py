"""The program that kills writers finds what it is for, and goes on where it stopped."""

import json

import pytest

import kills
from effort import sized
from peer_ledger.ledger import _ledger
from peer_ledger.values import _outputs


@pytest.mark.parametrize("number", range(1, sized(6, 2) + 1))
def test_nothing_acknowledged_is_lost_and_nothing_is_there_by_half(number):
    """One batch after the other, of kills at moments and at lines."""
    done = kills.batch(number, sized(40, 12))
    assert [] == done["found"]
    assert sized(40, 12) == sum(done["killed"].values())


def test_it_goes_on_where_it_stopped(tmp_path, capsys):
    path = tmp_path / "kills.jsonl"
    path.write_text(json.dumps({"batch": 1, "seconds": 1.0, "killed": {"append": 7}, "found": []}) + "\n" + '{"batch')
    assert kills.main(["--to", str(path), "--kills", "7"]) == 0
    assert "7 kills in 1 batches (append 7); 0 found" in capsys.readouterr().out
    assert 1 == len(path.read_text("utf-8").splitlines())


def append_one_by_one(self, writing, records, at, *, erasing=False, append=_ledger.Ledger._append):
    """Commit after each record, so that a kill leaves half a batch."""
    for record in list(records):
        done = append(self, writing, [record], at, erasing=erasing)
        if hasattr(writing, "_sql"):
            writing._sql.execute("COMMIT")
            writing._sql.execute("BEGIN IMMEDIATE")
    return done


@pytest.mark.parametrize(
    ("owner", "name", "fault", "says"),
    [
        (_ledger.Ledger, "_append", append_one_by_one, "than all and nothing"),
        (_outputs, "remove_unfinished", lambda _: None, "-output"),
    ],
)
def test_a_planted_fault_is_found(owner, name, fault, says, monkeypatch):
    """Appends that are not all or nothing, and outputs that stay when they were cut short."""
    monkeypatch.setattr(owner, name, fault)
    for module in (kills.sys.modules["peer_ledger.ledger.backup"], kills.sys.modules["peer_ledger.ledger._sqlite"]):
        if hasattr(module, name):
            monkeypatch.setattr(module, name, fault)
    found = []
    for number in range(1, 20):
        found += kills.batch(number)["found"]
        if found:
            break
    assert says in found[0]
