"""Worked cases: the bundled ones give the answers derived by hand, and the format refuses unknown keys and values."""

import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from peer_ledger._visible import is_hidden
from peer_ledger.errors import InvalidData
from peer_ledger.testing import read_cases, run_cases
from peer_ledger.testing.__main__ import main
from peer_ledger.testing.cases import BASES, LARGEST, run_case

FILES = sorted(
    Path(str(entry)) for entry in files("peer_ledger.rulesets").iterdir() if entry.name.endswith(".cases.toml")
)
CASES = [
    pytest.param(case, id=f"{path.name.removesuffix('.cases.toml')}:{case.id}")
    for path in FILES
    for case in read_cases(path)
]

AWARD = (
    '{ type = "certification", id = "c-1", person = "p", credential = "us-nc-cpss", act = "awarded", on = 2024-03-14 }'
)
GOOD = f"""
[groups]
award = [{AWARD}]
known = [{{ type = "coverage", id = "cov", covers = "certification" }}]

[[cases]]
id = "current"
says = "A certificate is current."
basis = "FURTHER"
on = 2026-03-01
readings = {{ renewal-4-begun = "begun" }}
include = ["award", "known"]
records = [
    {{ type = "training-event", id = "e", person = "p", completed = 2025-02-03, credits = [
        {{ amount = "3", topics = ["ethics"] }},
    ], approvals = [{{ by = "nccpss" }}] }},
    {{ type = "training-event", id = "o", person = "p", completed = 2025-02-04, credits = [
        {{ amount = "16.75", topics = ["recovery"] }},
    ] }},
]
derivation = "3 + 16.75 = 19.75 of 20."
[cases.expect]
standing = "current"
step = "renewal"
"""


def written(tmp_path, text, name="some.cases.toml"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def problems(tmp_path, text):
    """Return the paths and messages of all that is wrong in a file."""
    with pytest.raises(InvalidData) as refused:
        read_cases(written(tmp_path, text))
    return {problem.path: problem.message for problem in refused.value.problems}


@pytest.mark.parametrize("case", CASES)
def test_worked_case(case):
    """The rules give what was derived by hand from the sources."""
    result = run_case(case)
    if not result.passed:
        pytest.fail(str(result), pytrace=False)


def test_worked_cases_are_found():
    """North Carolina's cases come with the package; if they were not found, nothing would be tested."""
    assert "us-nc.cases.toml" in {path.name for path in FILES}
    assert len(CASES) >= 90
    assert {case.values[0].basis for case in CASES} == set(BASES)


def test_every_worked_case_says_how_it_is_credited():
    """A figure that nobody derived could have been copied from the program."""
    assert [case.id for case in CASES if not case.values[0].derivation] == []


# ---------------------------------------------------------------------------------------------------- the format


def test_a_good_file_is_read(tmp_path):
    """Groups come before a case's own records, and what is left out has its default."""
    (case,) = read_cases(written(tmp_path, GOOD))
    assert [record.id for record in case.records] == ["c-1", "cov", "e", "o"]
    assert (case.id, case.person, case.ruleset, case.cycle) == ("current", "p", "us-nc-cpss", None)
    assert str(run_case(case)) == "current: passed"


def test_all_problems_are_listed_at_once(tmp_path):
    """Whoever writes cases sees everything that is wrong, each with its place and the nearest word."""
    found = problems(
        tmp_path,
        """
        grups = 1
        [groups]
        bad = [{ type = "certification", id = "c-1", person = "p", credential = "us-nc-cpss", act = "awarded" }]
        [[cases]]
        id = "a"
        say = "a misspelled key"
        basis = "GUESSED"
        on = "2026-03-01"
        include = ["bda"]
        records = [{ type = "training-event", id = "e", persn = "p", completed = 2025-02-03 }]
        [cases.expect]
        standin = "current"
        """,
    )
    assert found["grups"] == "unknown key (did you mean 'groups'?)"
    assert "groups.bad[0].on" in found
    assert "'says'" in found["cases[0].say"]
    assert found["cases[0].says"] == "is missing"
    assert "AMBIGUOUS" in found["cases[0].basis"]
    assert "cases[0].on" in found
    assert "'bad'" in found["cases[0].include"]
    assert "'person'" in found["cases[0].records[0].persn"]
    assert "'standing'" in found["cases[0].expect.standin"]


def test_a_problem_in_a_later_case_has_its_number(tmp_path):
    """The path names the case by its place."""
    second = GOOD.partition("[[cases]]")[2].replace('"current"', '"second"', 1).replace("on = 2026-03-01", "on = 1")
    assert list(problems(tmp_path, f"{GOOD}[[cases]]{second}")) == ["cases[1].on"]


def test_two_cases_with_one_id(tmp_path):
    """Two cases with one id could not be told apart in a list of failures."""
    twice = GOOD + "[[cases]]" + GOOD.partition("[[cases]]")[2]
    assert "'current'" in problems(tmp_path, twice)["cases"]


def test_what_is_missing(tmp_path):
    """Id, text, basis, day and expectation are asked of every case."""
    found = problems(tmp_path, "[[cases]]\n")
    assert {path for path, message in found.items() if message == "is missing"} >= {
        f"cases[0].{key}" for key in ("id", "says", "expect")
    }
    assert {"cases[0].basis", "cases[0].on"} <= found.keys()


@pytest.mark.parametrize(
    ("expectation", "path"),
    [
        ('findings = [{ requirement = "training", eligble = 3 }]', "cases[0].expect.findings[0].eligble"),
        ('findings = [{ result = "met" }]', "cases[0].expect.findings[0].requirement"),
        ('dates = { late_untill = "none" }', "cases[0].expect.dates.late_untill"),
        ("findings = [{ requirement = 3 }]", "cases[0].expect.findings[0].requirement"),
        ("questions = [3]", "cases[0].expect.questions[0]"),
        (
            'alternatives = { late-training = { does-not = { hurs = "as assumed" } } }',
            "cases[0].expect.alternatives.late-training.does-not.hurs",
        ),
    ],
)
def test_a_misspelled_expectation_is_refused(tmp_path, expectation, path):
    """An expectation that was silently ignored would pass whatever the rules give."""
    assert path in problems(tmp_path, GOOD + expectation + "\n")


def test_a_case_that_expects_nothing_is_refused(tmp_path):
    """It would pass whatever the rules give."""
    empty = GOOD[: GOOD.index("[cases.expect]")] + "[cases.expect]\n"
    assert problems(tmp_path, empty)["cases[0].expect"].startswith("expects nothing")


@pytest.mark.parametrize(
    "text",
    [
        "cases = 3",
        "groups = 3",
        "cases = [3]",
        "[groups]\na = 3",
        "[groups]\na = [3]",
        GOOD.replace('["award", "known"]', '"award"'),
        GOOD.replace('["award", "known"]', "[3]"),
        GOOD.replace('id = "current"', "id = 3"),
        GOOD.replace('readings = { renewal-4-begun = "begun" }', "readings = 3"),
        GOOD.replace("on = 2026-03-01\n", "on = 2026-03-01T10:00:00\n"),
        GOOD.replace("on = 2026-03-01\n", 'on = 2026-03-01\ncycle = "1"\n'),
        GOOD.replace("[cases.expect]", "expect = 3\n[cases.x]"),
        GOOD + "findings = 3\n",
        GOOD + "dates = 3\n",
        GOOD + "alternatives = 3\n",
        "not TOML",
    ],
)
def test_a_malformed_file_of_cases_is_refused(tmp_path, text):
    """It is refused as data, never with an error from within."""
    assert problems(tmp_path, text)


def test_a_file_that_is_not_there(tmp_path):
    """It is Python's own error for a missing file."""
    with pytest.raises(FileNotFoundError):
        read_cases(tmp_path / "none.cases.toml")


@pytest.mark.parametrize(
    ("expectation", "said"),
    [
        ('in_force = "no"', "in_force: expected no, found yes"),
        ('outcome = "met"', "outcome: expected met, found short"),
        ('hours_outcome = "met"', "hours_outcome: expected met, found short"),
        ('documents_outcome = "met"', "documents_outcome: expected met, found undetermined"),
        ('status = "compliant"', "status: expected compliant, found due soon"),
        ('edition = "renewal-3"', "edition: expected renewal-3, found renewal-4"),
        ("dates = { due = 2026-03-30 }", "dates.due: expected 2026-03-30, found 2026-03-31"),
        ("dates = { opens = 2026-03-30 }", "dates.opens: expected 2026-03-30, found none"),
        ("dates = { earning_ends = [2026-03-30] }", "dates.earning_ends: expected 2026-03-30, found 2026-03-31"),
        ('findings = [{ requirement = "training", result = "met" }]', "training.result: expected met, found short"),
        ('findings = [{ requirement = "training", short = "0.5" }]', "training.short: expected 1/2, found 1/4"),
        ('findings = [{ requirement = "moon", result = "met" }]', "the rule set has no requirement 'moon'"),
        ('findings = [{ requirement = "course", result = "met" }]', "course: expected a finding, found none"),
        (
            'findings = [{ requirement = "late-fees", result = "not asked" }]',
            "the rule set has no requirement 'late-fees' (did you mean 'late-fee'?)",
        ),
        ('edition = "renewal-5"', "the rule set has no edition 'renewal-5' (did you mean 'renewal-4'?)"),
        ('questions = ["late-trainings"]', "the rule set has no question 'late-trainings' (did you mean"),
        ("alternatives = { late-trainings = { counts = {} } }", "the rule set has no question 'late-trainings'"),
        (
            "alternatives = { late-training = { does-nott = {} } }",
            "the rule set has no reading 'late-training = does-nott' (did you mean",
        ),
        (
            'findings = [{ requirement = "ethics", result = "not asked" }]',
            "ethics.result: expected not asked, found met",
        ),
        ("questions = []", "questions: expected , found documents-on-file"),
        (
            'alternatives = { documents-on-file = { all = { hours = "met" } } }',
            "documents-on-file = all: hours",
        ),
        ('alternatives = { late-window = { thirty-days = { hours = "met" } } }', "late-window = thirty-days: expected"),
        ('lead = "moon"', "lead: expected 'moon'"),
        ('caveat = "moon"', "caveat: expected one with 'moon'"),
        ("pending_since = 2026-02-01", "pending_since: expected 2026-02-01, found none"),
    ],
)
def test_a_wrong_expectation_fails_and_says_why(tmp_path, expectation, said):
    """Every kind of expectation can fail; the text has the difference and the report."""
    (result,) = run_cases(written(tmp_path, GOOD + expectation + "\n"))
    assert not result.passed
    assert said in str(result)
    assert "A certificate is current." in str(result)
    assert "p on March 1, 2026" in str(result)


@pytest.mark.parametrize("key", ["standing", "step"])
def test_a_wrong_standing_fails(tmp_path, key):
    """The same for those that the good file has already."""
    text = GOOD.replace('standing = "current"', 'standing = "late"').replace('step = "renewal"', 'step = "none"')
    (result,) = run_cases(written(tmp_path, text))
    assert f"{key}: expected" in str(result)


@pytest.mark.parametrize(
    "change",
    [
        ('"begun" }', '"perhaps" }'),
        ("renewal-4-begun", "renewal-9-begun"),
        ('basis = "FURTHER"', 'basis = "FURTHER"\nruleset = "us-xx"'),
        ('basis = "FURTHER"', 'basis = "FURTHER"\ncycle = 7'),
    ],
)
def test_a_case_that_cannot_be_answered_fails(tmp_path, change):
    """A reading, rule set or cycle that is not there fails the case and not the run."""
    (result,) = run_cases(written(tmp_path, GOOD.replace(*change)))
    assert not result.passed
    assert result.report is None
    assert "no answer" in str(result)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = [" * 5000, "is nested more than 40 levels deep"),
        ("a." * 5000 + "a = 1", "is nested more than 40 levels deep"),
        (f"a = {'9' * 5000}", "contains a number or nesting that cannot be read"),
        ("#" * (LARGEST + 1), f"is longer than {LARGEST} characters"),
        ("[groups]\n'Jane Doe' = []\n'Jane Doe' = []", "is not TOML: Cannot overwrite a value (at end of document)"),
        (
            "['Jane Doe']\n['Jane Doe']",
            "is not TOML: Cannot declare a text of 8 characters twice (at line 2, column 12)",
        ),
    ],
    ids=range(6),
)
def test_text_that_cannot_be_read_is_refused(tmp_path, text, said):
    """Text that is not TOML, is too long or too deep, or has a figure with too many digits is refused as a whole."""
    with pytest.raises(InvalidData) as refused:
        read_cases(written(tmp_path, text))
    assert said == refused.value.problems[0].message


def test_a_file_that_is_not_utf_8_is_refused(tmp_path):
    """For a file in another encoding, the message gives the first wrong byte."""
    path = tmp_path / "some.cases.toml"
    path.write_bytes("# café".encode("cp1252"))
    with pytest.raises(InvalidData, match="is not UTF-8 at byte 6"):
        read_cases(path)


@pytest.mark.parametrize(
    ("expectation", "path"),
    [
        ('findings = [{ requirement = "training", short = inf }]', "findings[0].short"),
        ('findings = [{ requirement = "training", short = "1e99" }]', "findings[0].short"),
        ('findings = [{ requirement = "training", need = { a = 1 } }]', "findings[0].need"),
        ('findings = [{ requirement = "training", need = true }]', "findings[0].need"),
        ('findings = [{ requirement = "training", result = [] }]', "findings[0].result"),
        ("edition = []", "edition"),
        ("outcome = {}", "outcome"),
        ('"Jane Doe" = 1', "a text of 8 characters"),
        ('dates = { "Jane Doe" = 1 }', "dates.a text of 8 characters"),
    ],
)
def test_an_expectation_of_another_kind_is_refused(tmp_path, expectation, path):
    """What could not be compared is refused with its place, and a key that may be anything is not shown."""
    with pytest.raises(InvalidData) as refused:
        read_cases(written(tmp_path, f"{GOOD}{expectation}\n"))
    assert [f"cases[0].expect.{path}"] == [problem.path for problem in refused.value.problems]


def test_a_reading_that_is_not_a_text_is_refused(tmp_path):
    """A reading is named by a text."""
    with pytest.raises(InvalidData, match=r"readings\.renewal-4-begun: must be a text, not a list"):
        read_cases(written(tmp_path, GOOD.replace('= "begun"', "= []")))


def test_a_long_expectation_is_cut(tmp_path):
    """A message shows what was expected, but cuts text that would fill pages."""
    (result,) = run_cases(written(tmp_path, GOOD + f'outcome = "{"x" * 5000}"\n'))
    assert f"outcome: expected {'x' * 1000}..., found" in result.differences[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"current"\nstep', '"x\\u001b[31m\\n9 worked cases: 9 passed\\u202e"\nstep'),
        ('id = "current"', 'id = "x\\u001b[31m\\n9 worked cases: 9 passed\\u202e"'),
        ('says = "A', 'says = "x\\u001b[31m\\n9 worked cases: 9 passed\\u202e'),
        ('step = "renewal"', 'findings = [{ requirement = "' + "r" * 100_000 + '", result = "met" }]'),
        ('says = "A', f'says = "{"x" * 100_000}'),
        ('id = "current"', f'id = "{"x" * 100_000}"'),
    ],
)
def test_what_a_file_of_cases_says_adds_no_line_and_no_endless_one(tmp_path, old, new):
    """A result is read in a terminal; its own lines are those that a case cannot write."""
    (result,) = run_cases(written(tmp_path, GOOD.replace('step = "renewal"', 'step = "none"').replace(old, new)))
    if 'step = "renewal"' == old:
        (result,) = run_cases(written(tmp_path, GOOD.replace(old, new)))
    lines = str(result).splitlines()
    assert not any(line.startswith("9 worked cases") for line in lines)
    assert all(len(line) < 7000 for line in lines)
    assert not any(map(is_hidden, "".join(lines)))


def test_of_very_many_differences_the_first_are_shown(tmp_path):
    """A hundred, and how many more there are."""
    expected = '{ requirement = "ethics", result = "not asked" },' * 250
    (result,) = run_cases(written(tmp_path, GOOD + f"findings = [{expected}]\n"))
    assert 250 == len(result.differences)
    assert 100 == str(result).count("ethics.result: expected")
    assert "\n  - and 150 more\n" in str(result)


# ---------------------------------------------------------------------------------------------- the command line


def test_all_passed(tmp_path, capsys):
    """0, and how many."""
    path = str(written(tmp_path, GOOD))
    assert main([path]) == 0
    assert capsys.readouterr().out == "1 passed, 0 failed\n"
    assert main([path, path]) == 0
    assert capsys.readouterr().out == "2 passed, 0 failed\n"


def test_some_failed(tmp_path, capsys):
    """1, with those that failed above the count."""
    good, bad = written(tmp_path, GOOD), written(tmp_path, GOOD + 'in_force = "no"\n', "bad.cases.toml")
    assert main([str(good), str(bad)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "current: A certificate is current."
    assert lines[1] == "  - in_force: expected no, found yes"
    assert lines[-1] == "1 passed, 1 failed"


@pytest.mark.parametrize("text", [None, "[[cases]]\n", "not TOML"])
def test_a_file_that_cannot_be_read(tmp_path, capsys, text):
    """2, and why on standard error."""
    path = tmp_path / "none.cases.toml" if text is None else written(tmp_path, text)
    assert main([str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"peer_ledger.testing: {path}: ")


def test_a_directory_cannot_be_read(tmp_path, capsys):
    """A folder is reported like any unreadable file: by its name, on one line, and with exit code 2."""
    assert main([str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"peer_ledger.testing: {tmp_path}: it cannot be read: Is a directory\n"


def test_a_requirement_of_another_step_is_not_asked(tmp_path):
    """That a requirement which the rule set has is not asked may be expected; so may that of a part."""
    expectation = 'findings = [{ requirement = "course", result = "not asked" }, { requirement = "face-to-face", result = "not asked" }]'
    (result,) = run_cases(written(tmp_path, GOOD + expectation + "\n"))
    assert result.differences == ()


@pytest.mark.parametrize("count", [1, 400], ids=["little", "much"])
def test_nobody_reads_what_is_printed(tmp_path, count):
    """When the output is closed, as `head` does, nothing is printed about it, whether or not all of it was buffered."""
    case = GOOD.partition("[[cases]]")[2] + 'in_force = "no"\n'
    text = GOOD.partition("[[cases]]")[0] + "".join(
        "[[cases]]" + case.replace('"current"', f'"c-{n}"', 1) for n in range(count)
    )
    read, write = os.pipe()
    os.close(read)
    run = subprocess.run(
        [sys.executable, "-m", "peer_ledger.testing", str(written(tmp_path, text))],
        stdout=write, stderr=subprocess.PIPE, text=True, check=False, env=os.environ,
    )  # fmt: skip
    os.close(write)
    assert (run.returncode, run.stderr) == (1, "")


def test_from_the_shell(tmp_path):
    """The module runs as a program and returns its exit code."""
    bad = written(tmp_path, GOOD + 'in_force = "no"\n')
    run = subprocess.run(
        [sys.executable, "-m", "peer_ledger.testing", str(bad)],
        capture_output=True, text=True, check=False, env=os.environ,
    )  # fmt: skip
    assert (run.returncode, run.stdout.splitlines()[-1]) == (1, "0 passed, 1 failed")
