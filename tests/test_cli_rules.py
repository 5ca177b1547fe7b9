"""The commands about rule files: begin one, lay it out, look at it, test it, and look its keys up."""

import json

import pytest

from peer_ledger.cli import main
from peer_ledger.errors import InvalidValue
from peer_ledger.rulesets import read_rulesets, ruleset
from peer_ledger.rulesets._layout import laid_out
from peer_ledger.testing import check_ruleset


@pytest.fixture
def begun(tmp_path, monkeypatch, capsys):
    """A folder with a rule file that was just begun."""
    monkeypatch.chdir(tmp_path)
    assert main(["rules", "new", "us-xx-cps", "--time-zone", "America/Chicago"]) == 0
    assert "us-xx-cps.toml was written" in capsys.readouterr().out
    return tmp_path / "us-xx-cps.toml"


def test_rules_by_itself_lists_them_with_what_is_known(capsys):
    """As the command `rules list` does."""
    assert main(["rules", "list"]) == 0
    listed = capsys.readouterr().out
    assert main(["rules"]) == 0
    assert listed == capsys.readouterr().out
    [line] = [one for one in listed.splitlines() if one.startswith("us-sd-pss ")]
    assert "named" in line


def test_a_file_that_was_begun_is_sound_laid_out_and_tested(begun, capsys):
    """Its worked case passes; so the author changes something that works, with one command to see that it still does."""
    [rules] = read_rulesets(begun.read_text())
    assert ("us-xx-cps", "America/Chicago", "partial") == (rules.id, rules.time_zone, rules.grade)
    assert begun.read_text() == laid_out(begun.read_text())
    assert main(["rules", "test", begun.name, "--examples", "0"]) == 0
    assert "1 worked case: 1 passed" in capsys.readouterr().out


def test_nothing_is_written_over(begun, capsys):
    """Neither the file nor its cases."""
    before = begun.read_text()
    assert main(["rules", "new", "us-xx-cps"]) == 2
    assert "exists" in capsys.readouterr().err
    assert before == begun.read_text()
    assert main(["rules", "new", "Jane Roe"]) == 2
    assert "Jane" not in capsys.readouterr().err


def test_the_test_of_a_file_fails_with_any_of_its_parts(begun, capsys):
    """A note of the check, a case that differs, a law that is broken, cases that are not there."""
    text, cases = begun.read_text(), begun.with_name("us-xx-cps.cases.toml")
    begun.write_text(text.replace("PAGE = {", 'IDLE = { title = "T", board = "B" }\nPAGE = {'))
    assert main(["rules", "test", begun.name, "--examples", "0"]) == 1
    begun.write_text(text.replace("training.need = 20", "training.need = 24"))
    assert main(["rules", "test", begun.name, "--examples", "0"]) == 1
    assert "training.short: expected 20, found 24" in capsys.readouterr().out
    begun.write_text(text.replace("training.need = 20", 'training.need = "twenty"'))
    assert main(["rules", "test", begun.name]) == 1
    assert "worked case" not in capsys.readouterr().out
    begun.write_text(text)
    cases.unlink()
    assert main(["rules", "test", begun.name, "--examples", "0"]) == 1
    assert "there are no worked cases" in capsys.readouterr().err


def test_the_laws_are_tried(begun, capsys, monkeypatch):
    """On as many lives as are asked for; a broken one is told, and the exit code tells it."""
    seen = []
    monkeypatch.setattr(
        "peer_ledger.testing.check_ruleset", lambda rules, **given: seen.append(given["examples"]) or {"a": 1}
    )
    assert main(["rules", "test", begun.name, "--examples", "7"]) == 0
    assert ([7], True) == (seen, "laws were tried, and hold" in capsys.readouterr().out)

    def broken(_rules, **_):
        raise AssertionError("us-xx-cps breaks a law")

    monkeypatch.setattr("peer_ledger.testing.check_ruleset", broken)
    assert main(["rules", "test", begun.name]) == 1
    assert "us-xx-cps breaks a law" in capsys.readouterr().out


@pytest.mark.parametrize("number", ["-1", "-99999999999999999999"])
def test_fewer_than_no_lives_are_refused(begun, capsys, number):
    """By its name, as any argument."""
    assert main(["rules", "test", begun.name, "--examples", number]) == 2
    assert "peer-ledger: examples must be a whole number from 1, or None, not " in capsys.readouterr().err
    with pytest.raises(InvalidValue, match="examples must be a whole number from 1"):
        check_ruleset(ruleset("us-nc-cpss"), examples=0)


def test_a_file_is_laid_out_and_keeps_its_comments(begun, capsys):
    """With --check, it is only told; what cannot be read stays as it is."""
    text = begun.read_text().replace("training.need = 20", "training . need=20 # as the page says")
    begun.write_text(text)
    assert main(["rules", "format", "--check", begun.name]) == 1
    assert (text, True) == (begun.read_text(), "is not laid out" in capsys.readouterr().out)
    assert main(["rules", "format", begun.name]) == 0
    assert "# as the page says\ntraining.need = 20\n" in begun.read_text()
    assert main(["rules", "format", "--check", begun.name]) == 0
    begun.write_text("format = ")
    assert main(["rules", "format", begun.name]) == 2
    assert "format = " == begun.read_text()


def test_a_file_is_shown_with_its_figures(begun, capsys):
    """Cycle, days, figures, topics and conditions, in text and as data."""
    begun.write_text(
        begun.read_text().replace(
            "training.parts.ethics = 3",
            'training.parts.ethics = 3\ntraining.caps.alone = { at_most = 4, deliveries = ["self-paced"], says = "S.", only_if = { late = true } }',
        )
    )
    assert main(["rules", "show", begun.name]) == 0
    shown = capsys.readouterr().out
    for said in (
        "cycles: cycles of 24 months",
        "training counts: from the first day of the cycle to the due date [PAGE]",
        "training: 20 hours",
        "ethics: 3 hours; what counts: training on ethics",
        "alone: at most 4 hours; what counts: training given self-paced; applies only if the filing is late",
        "fee: at least 50 US dollars in all; within: from the last grant",
    ):
        assert said in shown, said
    assert main(["rules", "show", begun.name, "--format", "json"]) == 0
    [data] = json.loads(capsys.readouterr().out)
    assert data["id"] == "us-xx-cps"
    begun.write_text("format = 1")
    assert main(["rules", "show", begun.name]) == 2
    assert "us-xx-cps.toml has 1 problem\npeer-ledger rules check us-xx-cps.toml lists" in capsys.readouterr().err
    assert main(["rules", "show", "none.toml"]) == 2
    assert "none.toml" in capsys.readouterr().err


def test_keys_are_looked_up_without_the_documentation(capsys):
    """All of them, or those of one table by its name or kind, also as data."""
    assert main(["rules", "keys"]) == 0
    every = capsys.readouterr().out
    for said in ("late_until", "surplus_counts", "like: only in a file", "90 days before the due date", "references"):
        assert said in every, said
    assert main(["rules", "keys", "sessions"]) == 0
    assert 'SessionCount (kind = "sessions")' in capsys.readouterr().out
    assert main(["rules", "keys", "edition", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert "in_force_until" in str(rows)
    assert main(["rules", "keys", "editon"]) == 2
    assert "did you mean 'edition'?" in capsys.readouterr().err
