"""The commands that ask forward."""

import json

import icalendar
import pytest

from peer_ledger.cli import main

TRAININGS = "ID,Completed,Hours,Topics,Title\np-1,2025-02-03,17.5,recovery,WRAP\n"
CERTIFICATES = "ID,Certified,Expires\np-1,2024-03-14,2026-03-31\n"
OFFERS = (
    "id,title,hours,topics,day,price\neth,Ethics,3,ethics,2026-03-03,45\nlong,Ethics in depth,8,ethics,2026-03-04,30\n"
)


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Return what runs a command where a ledger of one person is, and returns its code, output and complaints."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PEER_LEDGER", raising=False)
    (tmp_path / "trainings.csv").write_text(TRAININGS)
    (tmp_path / "certificates.csv").write_text(CERTIFICATES)
    (tmp_path / "offers.csv").write_text(OFFERS)

    def running(*arguments):
        code = main(list(arguments))
        done = capsys.readouterr()
        return code, done.out, done.err

    assert running("import", "trainings.csv", "certificates.csv")[0] == 0
    return running


def test_a_plan(run):
    """The cheapest choice, or that of the fewest hours, in sentences, as JSON and as CSV."""
    code, out, _ = run("plan", "p-1", "--courses", "offers.csv", "--on", "2026-01-15")
    assert (code, out.splitlines()[0]) == (
        0, "Take 'Ethics in depth' on March 4, 2026 (8 hours, $30): then the hours are met."
    )  # fmt: skip
    asked = "plan", "p-1", "--courses", "offers.csv", "--on", "2026-01-15", "--least", "hours", "--format"
    assert json.loads(run(*asked, "json")[1])["chosen"] == ["eth"]
    assert run(*asked, "csv")[1].splitlines()[1].startswith("eth,Ethics,2026-03-03,3,ethics")
    assert "3 hours of ethics" in run("plan", "p-1", "--on", "2026-01-15")[1]


def test_what_is_refused(run):
    """An unknown person, and a file with a mistake: the message names its line."""
    assert run("plan", "p-2")[0] == 2
    assert run("fragility", "p-2")[0] == 2
    with open("offers.csv", "a", encoding="utf-8") as file:
        file.write("bad,Bad,some,ethics,2026-03-03,1\n")
    code, _, err = run("plan", "p-1", "--courses", "offers.csv")
    assert (code, "line 4" in err) == (2, True)


def test_fragility(run):
    """Nothing is met yet, which is said."""
    code, out, _ = run("fragility", "p-1", "--on", "2026-01-15")
    assert (code, "so no single record decides" in out) == (0, True)


def test_a_calendar(run, tmp_path):
    """In sentences, as a table, as a feed; and what comes about if nothing more happens."""
    code, out, _ = run("calendar", "--on", "2026-03-01", "--until", "2026-04-15")
    assert (code, "March 31, 2026: p-1: due." in out) == (0, True)
    assert "2026-03-31,p-1,due" in run("calendar", "--on", "2026-03-01", "--until", "2026-04-15", "--format", "csv")[1]
    assert "p-1: lapsed" not in run("calendar", "--on", "2026-03-01")[1]
    assert "p-1: lapsed" in run("calendar", "--on", "2026-03-01", "--nothing-more")[1]
    code, out, _ = run("calendar", "--on", "2026-03-01", "--ical", "feed.ics")
    events = icalendar.Calendar.from_ical((tmp_path / "feed.ics").read_bytes()).walk("VEVENT")
    assert (code, out) == (0, f"{len(events)} events written to feed.ics\n")


def test_notices(run):
    """Those of a day; and of a deadline, as many days ahead as are given."""
    assert run("notices", "--on", "2026-03-02")[1] == "No notice is due.\n"
    code, out, _ = run("notices", "--on", "2026-03-01")
    assert (code, "p-1: due on March 31, 2026, in 30 days." in out) == (0, True)
    asked = "notices", "--on", "2026-03-02", "--since", "2026-02-01", "--format", "json"
    [one] = [one for one in json.loads(run(*asked)[1])["notices"] if one["kind"] == "due"]
    assert (one["person"], one["on"], one["day"]) == ("p-1", "2026-03-01", "2026-03-31")
    assert "in 29 days" in run("notices", "--on", "2026-03-02", "--ahead", "29")[1]
