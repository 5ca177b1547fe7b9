"""Reading several files into a ledger in one call: what is appended, what waits, and what keeps all of them out."""

from datetime import date
from pathlib import Path

import pytest

from peer_ledger import Ledger, PeerLedgerError
from peer_ledger.cli import main
from peer_ledger.errors import DiskFull
from peer_ledger.importing import ImportPlan, import_files
from peer_ledger.presenting._import_tables import import_to_dict, imported_table

TRAININGS = "ID,Title,Date,Hours\np-1,Ethics,2025-02-03,3\np-1,WRAP,2025-06-11,16.75\n"
CERTIFICATES = "ID,Certified,Expires\np-1,2024-03-14,2026-03-31\n"
CREDENTIAL = "us-nc-cpss"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trainings.csv").write_text(TRAININGS)
    (tmp_path / "certificates.csv").write_text(CERTIFICATES)
    return tmp_path


def days(ledger, person="p-1"):
    return [one.completed for one in ledger.records_of(person) if one.record_type == "training-event"]


def test_files_are_read_and_appended_in_one_call(folder):
    """Two files give their records; the same again gives none; what it says ends with the head of the ledger."""
    ledger = Ledger()
    done = import_files(ledger, ["trainings.csv", "certificates.csv"], credential=CREDENTIAL)
    assert [("trainings.csv", 2), ("certificates.csv", 1)] == [(one.name, len(one.plan.new)) for one in done.files]
    assert (True, ledger.head, 3) == (done.is_appended, done.head, len(ledger))
    assert str(done).endswith(f"Head of the ledger: 3:{ledger.head[1]}")
    again = import_files(ledger, ["trainings.csv"])
    assert (0, 2, 3) == (len(again.files[0].plan.new), again.files[0].plan.unchanged, len(ledger))


def test_a_ledgers_file_is_made_when_there_is_something_to_append(folder):
    """A path stands for the ledger in it; no file is made for a dry run, nor where every row was refused."""
    (folder / "odd.csv").write_text("ID,Date,Hours\np-1,soon,3\n")
    assert import_files("ours.ledger", ["trainings.csv"], dry_run=True).head is None
    assert (1, False) == ((done := import_files("ours.ledger", ["odd.csv"])).rejected_count, done.is_appended)
    assert not (folder / "ours.ledger").exists()
    assert import_files("ours.ledger", ["trainings.csv"]).is_appended
    with Ledger.open("ours.ledger", read_only=True) as ledger:
        assert 2 == len(days(ledger))


def test_a_file_that_cannot_be_read_keeps_all_of_them_out(folder):
    """Each such file is named with its error, and nothing of the others is appended."""
    ledger = Ledger()
    done = import_files(ledger, ["none.csv", "trainings.csv", "gone.csv"])
    assert ["none.csv", "gone.csv"] == [name for name, _ in done.unread]
    assert (0, None, False) == (len(ledger), done.head, done.is_appended)
    assert ["trainings.csv"] == [one.name for one in done.files]
    assert [("none.csv", "not read"), ("gone.csv", "not read")] == [row[:2] for row in imported_table(done).rows]
    assert ["none.csv", "gone.csv"] == [one["file"] for one in import_to_dict(done)["unread"]]


def test_corrections_wait_until_they_are_asked_for(folder):
    """A row that reads otherwise is told and nothing is appended; asked for, it is corrected."""
    ledger = Ledger()
    import_files(ledger, ["trainings.csv"])
    (folder / "trainings.csv").write_text(TRAININGS.replace("16.75", "17"))
    done = import_files(ledger, ["trainings.csv"])
    assert (2, False) == (len(ledger), done.is_appended)
    expected = (
        "trainings.csv: nothing was appended; 1 correction pending: review the changes, then set corrections=True, or "
        "--corrections"
    )
    assert (expected,) == done.waiting
    assert import_files(ledger, ["trainings.csv"], corrections=True).is_appended
    assert ["3", "17"] == [str(one.credits[0].amount) for one in ledger.records_of("p-1")]


@pytest.mark.parametrize(("missing", "left"), [("keep", 3), ("withdraw", 2)])
def test_what_a_file_no_longer_lists(folder, missing, left):
    """A row that is gone waits to be decided on, and is kept or withdrawn as somebody says."""
    (folder / "trainings.csv").write_text(TRAININGS + "p-1,Crisis,2025-03-03,1\n")
    ledger = Ledger()
    import_files(ledger, ["trainings.csv"])
    (folder / "trainings.csv").write_text(TRAININGS)
    assert "1 record of an earlier import" in import_files(ledger, ["trainings.csv"]).waiting[0]
    assert () == import_files(ledger, ["trainings.csv"], missing=missing).waiting
    assert left == len(days(ledger))


def test_files_that_are_complete_are_declared_so_in_the_same_append(folder):
    """What was declared stands in what comes back, and in the ledger behind the file's records; refused rows forbid it."""
    ledger = Ledger()
    done = import_files(ledger, ["certificates.csv"], credential=CREDENTIAL, complete_until="2026-09-01")
    [one] = done.files[0].covered
    assert ("certification", date(2026, 9, 1), CREDENTIAL) == (one.covers, one.last_day, one.credential)
    assert [one] == [record for record in ledger.shared_records() if record.record_type == "coverage"]
    assert len({entry.recorded_at for entry in ledger}) == 1
    assert done.declared[0].startswith("certificates.csv: certification: complete until 2026-09-01")
    (folder / "certificates.csv").write_text(CERTIFICATES + "p-2,soon,\n")
    done = import_files(ledger, ["certificates.csv"], credential=CREDENTIAL, complete_until="2026-09-02")
    assert ((), "certificates.csv: not declared complete, because rows were rejected") == (done.declared, *done.notes)


def test_a_catalog_is_known_to_the_files_after_it(folder):
    """Codes are looked up in courses that are read in the same call."""
    (folder / "courses.csv").write_text("Course Code,Course Title,Hours,Topics\nE-1,Ethics,3,Ethics\n")
    (folder / "coded.csv").write_text("ID,Course Code,Date\np-1,E-1,2025-02-03\n")
    ledger = Ledger()
    import_files(ledger, ["courses.csv", "coded.csv"])
    assert [one.id for one in ledger.shared_records()] == [one.course for one in ledger.records_of("p-1")]


def test_what_is_told_of_every_file(folder):
    """Layout, formats and fixed values hold for each file; progress names the file."""
    lines = "".join(f"p-{number},03.04.2025,90\n" for number in range(1500))
    (folder / "odd.csv").write_text("Who,When was it,How much\n" + lines)
    ledger, told = Ledger(), []
    mapping = {"person": "Who", "completed": "When was it", "hours": "How much"}
    import_files(
        ledger,
        ["odd.csv"],
        mapping=mapping,
        dates=["DD.MM.YYYY"],
        fixed={"unit": "minute"},
        progress=lambda name, number: told.append((name, number)),
    )
    assert [("odd.csv", 1000)] == told
    assert [date(2025, 4, 3)] == days(ledger, "p-7")


def test_a_wish_that_there_is_not_is_refused(folder):
    """What is to become of missing records is one of three words, and a profile has to be there."""
    with pytest.raises(PeerLedgerError, match="missing must be one of ask, withdraw, keep, not"):
        import_files(Ledger(), ["trainings.csv"], missing="drop")
    with pytest.raises(PeerLedgerError, match="there is no profile"):
        import_files(Ledger(), ["trainings.csv"], profile="nothing")


def test_what_lies_beyond_the_days_of_a_file_is_said_not_to_have_been_compared(folder):
    """The last row of an export had the wrong year; the corrected one is new, and the old one lies after its last day."""
    ledger = Ledger()
    rows = ["Employee ID,Course Title,Completion Date,Hours", "1,WRAP,2025-02-16,3", "2,Ethics,2025-03-16,3"]
    (folder / "a.csv").write_text("\n".join([*rows, "1,Crisis,2026-05-16,3"]), "utf-8")
    assert "not compared" not in str(import_files(ledger, ["a.csv"]).files[0].plan)
    (folder / "a.csv").write_text("\n".join([*rows, "1,Crisis,2025-05-16,3"]), "utf-8")
    plan = import_files(ledger, ["a.csv"]).files[0].plan
    assert (plan.beyond, len(plan.missing)) == (1, 0)
    assert "  not compared: 1 record of these people from earlier files of this series before" in str(plan)
    assert import_files(ledger, ["a.csv"], missing="withdraw").files[0].plan.beyond == 0


TWO = ["trainings.csv", "certificates.csv"]


def test_two_files_that_disagree_are_both_kept_out(folder):
    """The second would correct what the first appended a moment ago; nothing of either is kept."""
    (folder / "later.csv").write_text(TRAININGS.replace(",3\n", ",2\n"))
    ledger = Ledger()
    done = import_files(ledger, ["trainings.csv", "certificates.csv", "later.csv"])
    assert ("later.csv: nothing was appended; 1 correction pending" in done.waiting[0], 1) == (True, len(done.waiting))
    assert ([False] * 3, False, None, 0) == (
        [one.is_appended for one in done.files],
        done.is_appended,
        done.head,
        len(ledger),
    )
    done = import_files(ledger, ["trainings.csv", "certificates.csv", "later.csv"], corrections=True)
    assert (True, [True] * 3, 5) == (done.is_appended, [one.is_appended for one in done.files], len(ledger))
    assert {2, 16.75} == {float(one.credits[0].amount) for one in ledger.records_of("p-1") if hasattr(one, "credits")}


def interrupted(changes, error):
    """Return what stops in the middle of the records of the second file."""
    started = []

    def to_append(plan, **how):
        started.append(plan)
        yield from changes(plan, **how)
        if len(started) == 2:
            raise error

    return to_append


@pytest.mark.parametrize("error", [KeyboardInterrupt(), MemoryError(), PeerLedgerError("broken off")])
@pytest.mark.parametrize("in_file", [False, True])
def test_an_interrupt_between_two_files_keeps_both_out(folder, monkeypatch, error, in_file):
    """In memory and in a file; the same import goes through afterwards."""
    ledger = Ledger.open("ours.ledger") if in_file else Ledger()
    with ledger, monkeypatch.context() as patched:
        patched.setattr(ImportPlan, "to_append", interrupted(ImportPlan.to_append, error))
        with pytest.raises(type(error)):
            import_files(ledger, TWO)
        assert (0, True) == (len(ledger), bool(ledger.verify()))
    with Ledger.open("ours.ledger") if in_file else ledger as ledger:
        assert 0 == len(ledger)
        assert (True, 3) == (import_files(ledger, TWO).is_appended, len(ledger))


def test_a_full_disk_keeps_all_files_out(folder):
    """The second file does not fit; the first, which would, is not kept either."""
    rows = "".join(f"p-{number},{'x' * 5000} {number},2025-02-03,3\n" for number in range(40))
    (folder / "large.csv").write_text("ID,Title,Date,Hours\n" + rows)
    with Ledger.open("ours.ledger") as ledger:
        pages = ledger._store._writer._all("PRAGMA page_count")[0][0]
        ledger._store._writer._all(f"PRAGMA max_page_count = {pages + 3}")
        with pytest.raises(DiskFull, match="was not saved"):
            import_files(ledger, ["certificates.csv", "large.csv"])
        assert (0, True) == (len(ledger), bool(ledger.verify()))
        assert import_files(ledger, ["certificates.csv"]).is_appended


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (DiskFull(Path("ours.ledger"), "is full"), 2)])
def test_the_command_says_what_is_in(folder, monkeypatch, capsys, error, code):
    """Nothing, or all of it, and that importing again is safe."""
    monkeypatch.setattr(ImportPlan, "to_append", interrupted(ImportPlan.to_append, error))
    assert code == main(["import", *TWO, "--ledger", "ours.ledger"])
    said = capsys.readouterr().err
    assert ("all together or not at all" if code == 130 else "no file was appended") in said
    with Ledger.open("ours.ledger") as ledger:
        assert 0 == len(ledger)
