"""The pytest plugin collects files of worked cases where it is asked for, and nowhere else."""

import pytest

GOOD = """
[[cases]]
id = "current"
says = "A certificate is current."
basis = "FURTHER"
on = 2026-01-15
records = [
    { type = "certification", id = "c", person = "p", credential = "us-nc-cpss", act = "awarded", on = 2024-03-14 },
]
[cases.expect]
standing = "current"
"""
BAD = GOOD.replace('id = "current"', 'id = "wrong"').replace('standing = "current"', 'standing = "late"')


@pytest.fixture
def run(pytester):
    """Return a function that runs pytest in a folder with some files, and gives its exit code and what it says."""

    def pytest_on(files, *options):
        for name, text in files.items():
            (pytester.path / name).write_text(text, "utf-8")
        ran = pytester.runpytest_inprocess(*options)
        return ran.ret, ran.stdout.str() + ran.stderr.str()

    return pytest_on


ASKED = "-p", "peer_ledger.testing.plugin"


def test_it_is_off_unless_asked_for(run):
    """Without the option nothing is collected, as if the package were not there."""
    code, out = run({"some.cases.toml": BAD})
    assert (code, "no tests ran" in out) == (5, True)


def test_each_case_is_a_test(run):
    """Both cases run; the name of each is its id, and one alone can be chosen."""
    files = {"some.cases.toml": GOOD + BAD, "other.toml": "not one of them"}
    code, out = run(files, *ASKED, "-v")
    assert code == 1
    assert "some.cases.toml::current PASSED" in out
    assert "some.cases.toml::wrong FAILED" in out
    assert "1 failed, 1 passed" in out
    code, out = run(files, *ASKED, "-k", "current")
    assert (code, "1 passed, 1 deselected" in out) == (0, True)


def test_a_failure_says_what_differs_and_shows_the_report(run):
    """What was expected and what was found, then the report; nothing of the inside of the package."""
    code, out = run({"some.cases.toml": BAD}, *ASKED)
    assert code == 1
    assert "wrong: A certificate is current.\n  - standing: expected late, found current\n" in out
    assert "us-nc-cpss" in out
    assert "Traceback" not in out
    assert "plugin.py" not in out


def test_a_file_that_cannot_be_read_is_an_error_with_all_that_is_wrong(run):
    """The file and each place in it are named."""
    code, out = run({"some.cases.toml": BAD.replace("standing =", "standng =").replace("basis =", "bases =")}, *ASKED)
    assert code == 2
    for words in ("some.cases.toml", "cases[0].bases: unknown key", "cases[0].expect.standng: unknown key"):
        assert words in out
    assert "Traceback" not in out


def test_settings_may_ask_for_it(run):
    """An `ini` file asks for it as the command line does."""
    files = {"pytest.ini": "[pytest]\naddopts = -p peer_ledger.testing.plugin\n", "some.cases.toml": GOOD}
    code, out = run(files)
    assert (code, "1 passed" in out) == (0, True)
