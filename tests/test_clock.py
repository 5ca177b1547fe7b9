"""A clock that is implausibly far from what a ledger has is told, by the append, the import and the verification."""

from datetime import UTC, datetime, timedelta

import pytest

from peer_ledger import Ledger, TrainingEvent, import_files
from peer_ledger.cli import main

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


class Clock:
    """A clock that can be set."""

    def __init__(self, shows):
        self.shows = shows

    def __call__(self):
        return self.shows


def event(name):
    return TrainingEvent(id=f"e-{name}", person="p-1", completed="2025-03-04")


def appended(*moments):
    """Append once at each moment that a clock shows; return the ledger and the notes of the last append."""
    clock = Clock(NOW)
    ledger = Ledger(clock=clock)
    for number, moment in enumerate(moments):
        clock.shows = moment
        done = ledger.append(event(number))
    return ledger, done.notes


@pytest.mark.parametrize(
    ("before", "shows", "says"),
    [
        (NOW, datetime(2099, 1, 1, tzinfo=UTC), "recorded at 2099-01-01T00:00:00.000000Z, 72 years after"),
        (NOW, NOW + timedelta(days=1828), "5 years after"),
        (NOW, datetime(1970, 1, 1, tzinfo=UTC), "the clock shows 1970-01-01, which is 56 years before the last entry"),
        (NOW, NOW - timedelta(days=2), "which is 2 days before the last entry"),
        (None, datetime(1970, 1, 1, tzinfo=UTC), "the clock shows 1970-01-01, when this program did not exist"),
    ],
)
def test_a_clock_that_is_far_from_the_last_entry_is_told(before, shows, says):
    """Ahead by five years, behind by a day, or before there was a program."""
    _, notes = appended(*([before] if before else []), shows)
    assert 1 == len(notes)
    assert says in notes[0]


@pytest.mark.parametrize(
    "moments",
    [
        (NOW, NOW),
        (NOW, NOW + timedelta(days=1827)),
        (NOW, NOW - timedelta(days=1)),
        (datetime(2026, 1, 1, tzinfo=UTC),),
    ],
)
def test_a_plausible_clock_is_not_told(moments):
    ledger, notes = appended(*moments)
    assert () == notes == ledger.verify().notes


def test_an_append_that_adds_nothing_tells_nothing():
    ledger, _ = appended(NOW)
    assert () == ledger.append(event(0)).notes


def test_verify_tells_the_entry_and_finds_nothing_altered():
    """All later entries have the wrong moment, too, and are not told each."""
    ledger, _ = appended(NOW, datetime(2099, 1, 1, tzinfo=UTC), NOW)
    found = ledger.verify()
    assert found
    [note] = found.notes
    assert note.startswith("entry 2 was recorded 72 years after entry 1, at 2099-01-01")
    assert f"note: {note}" in str(found)


def test_a_given_moment_is_told_only_where_it_leaves_a_gap():
    """Whoever states a moment knows that it is not now."""
    ledger = Ledger()
    assert () == ledger.append(event(0), at="1999-01-01T00:00Z").notes
    assert () == ledger.append(event(1), at="2003-01-01T00:00Z").notes
    assert 1 == len(ledger.append(event(2), at="2019-01-01T00:00Z").notes)
    assert 1 == len(ledger.verify().notes)


def test_an_import_and_the_command_tell_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("person,completed,hours\np-1,2025-03-04,2\n")
    with Ledger.open("peers.ledger", clock=Clock(datetime(2099, 1, 1, tzinfo=UTC))) as ledger:
        ledger.append(event("old"))
    with Ledger.open("peers.ledger") as ledger:
        done = import_files(ledger, ["a.csv"])
        assert done.is_appended
        assert ["a.csv: the clock shows"] == [note[:22] for note in done.notes]
    (tmp_path / "b.csv").write_text("person,completed,hours\np-2,2025-03-04,2\n")
    assert 0 == main(["import", "b.csv", "--source", "b"])
    assert "before the last entry" in capsys.readouterr().err
