"""The comparison of two versions goes on where it stopped, and finds and shows what one of them says otherwise."""

import shutil
from pathlib import Path

import pytest

import compare_versions
import compared_lives
import peer_ledger

HERE = Path(peer_ledger.__file__).parent
FEW = ["--lives", "5", "--seed", "12"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a file about one life of each sort."""
    path = tmp_path_factory.mktemp("lives") / "lives.txt"
    assert compare_versions.main(["make", str(path), *FEW]) == 0
    return path


@pytest.fixture
def copy(tmp_path):
    """Return a copy of the package's source."""
    shutil.copytree(HERE, tmp_path / "peer_ledger", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def changed(file, before, after):
    """Change a text that is in a file."""
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")


def test_each_life_has_a_line_that_another_process_writes_again(made, copy):
    """The seed, the digest of the records, and a digest for each time that it is asked about."""
    lines = made.read_text("utf-8").splitlines()[1:]
    assert ["12", "13", "14", "15", "16"] == [line.split()[0] for line in lines]
    assert all(len(line.split()) >= 4 for line in lines)
    again = copy / "again.txt"
    assert 0 == compare_versions.main(["make", str(again), *FEW, "--source", str(copy)])
    assert made.read_bytes() == again.read_bytes()


def test_what_was_torn_is_made_again(made, tmp_path):
    path = tmp_path / "lives.txt"
    path.write_bytes(made.read_bytes()[:-20])
    assert 0 == compare_versions.main(["make", str(path), *FEW])
    assert made.read_bytes() == path.read_bytes()


def test_a_file_of_other_lives_is_not_gone_on_with(made):
    before = made.read_bytes()
    with pytest.raises(SystemExit, match="holds other lives"):
        compare_versions.main(["make", str(made), "--lives", "6", "--seed", "12"])
    assert before == made.read_bytes()


def test_the_same_version_says_the_same(made, capsys):
    assert 0 == compare_versions.main(["check", str(made)])
    assert "5 of 5 lives compared, 0 different\n" == capsys.readouterr().out


def test_a_planted_fault_is_found_and_shown(made, copy, capfd):
    """A version does not say which step is next, where that is told from all readings together."""
    changed(copy / "peer_ledger" / "evaluation" / "_headline.py", '"step": life.step', '"step": None')
    assert 1 == compare_versions.main(["check", str(made), "--source", str(copy), "--old", str(HERE.parent)])
    out = capfd.readouterr().out
    assert ", 0 different" not in out
    assert '.step: "renewal" before, null now' in out


def test_versions_are_compared_under_the_same_rules(made, copy, capfd):
    """Of a version with a figure of its own, only what it says under the rules of the other one is compared."""
    changed(copy / "peer_ledger" / "rulesets" / "us-nc.toml", "20 hours", "21 hours")
    assert 1 == compare_versions.main(["check", str(made), "--source", str(copy)])
    assert "was made with other rule files" in capfd.readouterr().err
    with_rules = ["--source", str(copy), "--rules", str(HERE / "rulesets")]
    assert 0 == compare_versions.main(["check", str(made), *with_rules])
    assert "5 of 5 lives compared, 0 different" in capfd.readouterr().out


def test_a_version_that_raises_says_something_else(made, copy, capfd):
    changed(copy / "peer_ledger" / "evaluation" / "_headline.py", '"step": life.step', '"step": 1 // 0')
    assert 1 == compare_versions.main(["check", str(made), "--source", str(copy), "--old", str(HERE.parent)])
    assert '"ZeroDivisionError: integer division or modulo by zero" now' in capfd.readouterr().out


def test_the_example_and_the_worked_cases_are_compared_alike(tmp_path, monkeypatch, capsys):
    """The example on four days, and each case as it is asked."""
    example, *cases = compared_lives.written()
    assert (len(example.asked), len(cases) > 2000) == (4, True)
    monkeypatch.setattr(compared_lives, "written", lambda: (example, cases[0], cases[-1]))
    path = tmp_path / "written.txt"
    assert 0 == compare_versions.main(["make", str(path), "--written"])
    lines = [line.split() for line in path.read_text("utf-8").splitlines()[1:]]
    assert [(line[0], len(line)) for line in lines] == [("-3", 3), ("-2", 3), ("-1", 6)]
    assert 0 == compare_versions.main(["check", str(path)])
    assert "3 of 3 lives compared, 0 different\n" == capsys.readouterr().out
