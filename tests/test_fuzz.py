"""Damaged input is accepted, or refused in the package's own words: a few hundred inputs, and what the long runs rest on."""

import hashlib
import json
import os
import subprocess
import sys
import time

import attrs
import pytest

import fuzz
from effort import sized
from peer_ledger.errors import InvalidData, Problem
from peer_ledger.rulesets import UnusableRuleSet

EACH = sized(25, 10)


class Here:
    """Reads in this process, where a reader can be replaced."""

    def ask(self, name, seed):
        return fuzz.outcome(name, fuzz.made(name, seed))

    def stop(self):
        """There is nothing to stop."""


@pytest.fixture
def planted(monkeypatch):
    """Replace what reads a reader's input; everything is read in this process."""
    monkeypatch.setattr(fuzz, "Worker", Here)

    def plant(read, name="record"):
        monkeypatch.setitem(fuzz.READERS, name, attrs.evolve(fuzz.READERS[name], read=read, per_batch=5))

    return plant


def raising(error):
    def read(path):
        raise error

    return read


@pytest.mark.parametrize("name", fuzz.READERS)
def test_what_it_begins_with_is_accepted(name):
    """Every input that damage begins with is a valid one."""
    assert ["accepted"] * len(fuzz.seeds(name)) == [fuzz.outcome(name, data)["came"] for data in fuzz.seeds(name)]


@pytest.fixture(scope="module")
def worker():
    worker = fuzz.Worker()
    yield worker
    worker.stop()


@pytest.mark.parametrize("name", fuzz.READERS)
def test_damaged_input_is_accepted_or_refused_in_our_own_words(name, worker):
    """Nothing is found in the first inputs of each reader, and some of them are refused."""
    came = {seed: worker.ask(name, seed) for seed in range(EACH)}
    assert {} == {seed: answer["key"] for seed, answer in came.items() if answer["came"] == "found"}
    assert "refused" in {answer["came"] for answer in came.values()} or name in {"database", "table"}


def test_an_input_follows_from_its_number_alone():
    """Another process, which hashes otherwise, makes the same bytes."""
    script = (
        "import hashlib, fuzz\n"
        "print(hashlib.sha256(b''.join(fuzz.made(name, seed) for name in fuzz.READERS for seed in range(4))).hexdigest())"
    )
    ran = [
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": str(number), "PYTHONPATH": os.pathsep.join(sys.path)},
        ).stdout
        for number in (1, 2)
    ]
    mine = hashlib.sha256(b"".join(fuzz.made(name, seed) for name in fuzz.READERS for seed in range(4))).hexdigest()
    assert [f"{mine}\n"] * 2 == ran


def test_a_planted_fault_is_found_and_kept_with_its_input(planted, tmp_path, capsys):
    """A reader that raises anything else fails the run; its input, and how to do it again, lie in the folder once."""
    planted(raising(KeyError("x")))
    assert 1 == fuzz.main(["--to", str(tmp_path), "--reader", "record", "--minutes", "0.0001"])
    assert "found: record 0: KeyError at test_fuzz.py:read" in capsys.readouterr().out
    [place] = (tmp_path / "findings").iterdir()
    assert fuzz.made("record", 0) == (place / "input").read_bytes()
    assert "python tests/fuzz.py --reader record --seed 0\n" in (place / "finding.txt").read_text()
    assert 1 == fuzz.main(["--reader", "record", "--seed", "0"])


@pytest.mark.parametrize(
    ("read", "key"),
    [
        (raising(RecursionError()), "RecursionError at "),
        (raising(MemoryError()), "MemoryError at "),
        (raising(fuzz.Broken("it is another")), "Broken it is another"),
        (
            raising(InvalidData("record", (Problem("title", f"is not {fuzz.MARKER}"),))),
            "Shown: this record cannot be read: title: is not Zebulon Quux",
        ),
        (lambda path: f"line 3: {fuzz.MARKER} is no id", "Shown: line 0: Zebulon Quux is no id"),
        (lambda path: "x" * 20_000, "Message with a line of endless length"),
        (raising(UnusableRuleSet("a\n" * 60_000)), "Message of endless length"),
        (lambda path: "\ud800", "Message that cannot be printed"),
    ],
    ids=range(8),
)
def test_every_kind_of_fault_is_found(planted, read, key):
    """Whatever a reader must not do is a finding."""
    planted(read)
    answer = fuzz.outcome("record", b"{}")
    assert "found" == answer["came"]
    assert answer["key"].startswith(key)


@pytest.mark.parametrize(
    "says", [f"  ignored: {fuzz.MARKER}", f"column A 'Topics': '{fuzz.MARKER}' is not one of the topics; x"]
)
def test_headings_and_topics_are_shown_on_purpose(planted, says):
    """What stands in a heading or in a column of topics says nothing of a person, and may be shown."""
    planted(lambda path: says)
    assert "accepted" == fuzz.outcome("record", b"{}")["came"]


@pytest.mark.parametrize(
    ("does", "key"),
    [
        ("time.sleep(60)", "Slow at nowhere"),
        ("os._exit(3)", "Died (3) at nowhere"),
        ("print(json.dumps({'came': 'refused', 'says': '', 'seconds': 9}), flush=True)", "Slow and refused"),
    ],
)
def test_a_process_that_hangs_or_dies_is_found(monkeypatch, does, key):
    """What takes too long, or takes the process with it, is a finding, and another process takes over."""
    monkeypatch.setattr(fuzz, "SECONDS", 0.1)
    worker = fuzz.Worker(
        [sys.executable, "-c", f"import json, os, sys, time\nfor _ in sys.stdin: print({{}}, flush=True); {does}"]
    )
    try:
        assert [key, key] == [worker.ask("record", seed)["key"] for seed in range(2)]
    finally:
        worker.stop()


def test_it_goes_on_where_it_stopped(planted, tmp_path, capsys):
    """Batches are numbered; one that was torn is done again, and the totals are those of all."""
    planted(lambda path: "")
    path = tmp_path / "batches.jsonl"
    asked = ["--to", str(tmp_path), "--reader", "record", "--minutes"]
    assert 0 == fuzz.main([*asked, "0.0001"])
    begun = len(path.read_text().splitlines())
    path.write_text(path.read_text() + '{"reader": "rec')
    before = time.monotonic()
    assert 0 == fuzz.main([*asked, "0.0001"])
    assert time.monotonic() - before < 5
    batches = [json.loads(line) for line in path.read_text().splitlines()]
    assert begun < len(batches)
    assert list(range(len(batches))) == [one["batch"] for one in batches]
    assert f"record  {5 * len(batches):>14}" in capsys.readouterr().out
