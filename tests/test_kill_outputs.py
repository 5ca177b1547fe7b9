"""Outputs whose writers are killed, at moments and at lines, are old or new, and leave nothing for good."""

import pytest

import kill_outputs
from effort import sized
from peer_ledger.values import _folders, _outputs


def kill(killing, times):
    for _ in range(times):
        killing.kill()


@pytest.mark.parametrize("name", kill_outputs.OUTPUTS)
def test_an_output_is_old_or_new_and_nothing_is_left(name):
    """Whatever it is: a file, a folder, or what is temporary."""
    with kill_outputs.prepared(name) as killing:
        kill(killing, sized(25, 3))
    assert killing.killed + killing.finished == sized(25, 3)


def written_in_place(path, **_):
    return open(path, "w", encoding="utf-8", newline="")


@pytest.mark.parametrize(
    ("name", "owner", "attribute", "fault", "says"),
    [
        ("text.txt", _outputs, "remove_unfinished", lambda _: None, "is left"),
        ("text.txt", kill_outputs, "written_whole", written_in_place, "neither the old output nor the new one"),
        ("ledger", _folders, "_remove_abandoned", lambda *_: None, "is left"),
        ("temporary", _folders, "_remove_abandoned", lambda *_: None, "is left"),
    ],
)
def test_a_planted_fault_is_found(name, owner, attribute, fault, says, monkeypatch):
    """Outputs that stay when they were cut short, and one that is written where it will be read."""
    monkeypatch.setattr(owner, attribute, fault)
    with kill_outputs.prepared(name) as killing, pytest.raises(AssertionError, match=says):
        kill(killing, 200)


def test_the_program_counts_those_it_killed(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["kill_outputs.py", "--kills", "2"])
    monkeypatch.setattr(kill_outputs, "OUTPUTS", {"text.txt": kill_outputs.OUTPUTS["text.txt"]})
    assert kill_outputs.main() == 0
    assert "text.txt: 2 killed, " in capsys.readouterr().out
