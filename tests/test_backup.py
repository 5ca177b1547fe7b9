"""A backup is whole and compact; restoring it destroys nothing, mixes nothing and says what is different then."""

import os
import re
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from children import Child
from peer_ledger import Ledger, TrainingEvent
from peer_ledger.cli import main
from peer_ledger.errors import (
    DamagedLedger,
    DiskFull,
    InvalidValue,
    LedgerBusy,
    LedgerMisuse,
    LedgerNotFound,
    LedgerReplaced,
    NotALedger,
    OutputRefused,
)
from peer_ledger.ledger import back_up, restore


def event(name, person="p-1"):
    return TrainingEvent(id=f"e-{name}", person=person, completed="2025-03-04", title=f"A title about {person}")


def ids_in(path):
    with Ledger.open(path, read_only=True) as ledger:
        assert ledger.verify()
        return [None if entry.record is None else entry.record.id for entry in ledger]


def names_in(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(("-wal", "-shm")))


@pytest.fixture
def ledger(tmp_path):
    with Ledger.open(tmp_path / "a.ledger") as ledger:
        ledger.append([event(1), event(2, "p-2"), event(3)])
        yield ledger


def test_a_backup_of_a_ledger_in_use_has_what_is_only_in_its_log(tmp_path, ledger):
    """It is one private file with the same head."""
    made = back_up(ledger, tmp_path / "b.ledger")
    assert (made.entries, made.head, made.replaced) == (3, ledger.head, False)
    assert stat.S_IMODE((tmp_path / "b.ledger").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a.ledger", "a.ledger-shm", "a.ledger-wal", "b.ledger",
    ]  # fmt: skip
    assert ids_in(tmp_path / "b.ledger") == ["e-1", "e-2", "e-3"]
    with Ledger.open(tmp_path / "b.ledger") as copy:
        assert copy.append(event(4)).last == 4


def test_a_backup_has_nothing_of_what_an_erasure_left_in_the_free_space(tmp_path, ledger):
    """Not even while a reader keeps the ledger itself from being purged."""
    with closing(sqlite3.connect(tmp_path / "a.ledger", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM entry").fetchone()
        with Ledger.open(tmp_path / "a.ledger", wait=0.01) as writer:
            assert not writer.erase("p-2").purged
            assert not writer.verify().purged
            back_up(writer, tmp_path / "b.ledger")
    assert b"p-2" not in (tmp_path / "b.ledger").read_bytes()
    with Ledger.open(tmp_path / "b.ledger", read_only=True) as copy:
        assert copy.verify().purged


def test_only_an_earlier_backup_of_the_same_ledger_is_replaced(tmp_path, ledger):
    """A ledger with entries of its own, another file and the ledger itself are not."""
    back_up(ledger, tmp_path / "b")
    ledger.append(event(4))
    assert back_up(ledger, tmp_path / "b").replaced
    assert len(ids_in(tmp_path / "b")) == 4
    with Ledger.open(tmp_path / "other") as other:
        other.append(event("other"))
    with Ledger.open(tmp_path / "b") as grown:
        grown.append(event("grown"))
    (tmp_path / "text").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    before = {name: (tmp_path / name).read_bytes() for name in ("other", "b", "text")}
    for name in ("other", "b", "text", "link", "a.ledger", "a.ledger-wal"):
        with pytest.raises(OutputRefused):
            back_up(ledger, tmp_path / name)
    assert before == {name: (tmp_path / name).read_bytes() for name in before}
    assert names_in(tmp_path) == ["a.ledger", "b", "link", "other", "text"]


def test_a_damaged_ledger_is_not_backed_up(tmp_path, ledger):
    """What does not verify is no backup."""
    with closing(sqlite3.connect(tmp_path / "a.ledger")) as file:
        [(trigger,)] = file.execute("SELECT sql FROM sqlite_schema WHERE name = 'entry_is_as_it_was'")
        file.execute("DROP TRIGGER entry_is_as_it_was")
        file.execute("UPDATE entry SET person = 'p-9' WHERE seq = 2")
        file.execute(trigger)
        file.commit()
    with pytest.raises(DamagedLedger, match="entry 2"):
        back_up(ledger, tmp_path / "b")
    assert not (tmp_path / "b").exists()
    assert [name for name in names_in(tmp_path) if name.startswith(".")] == []


def test_a_ledger_in_memory_has_an_archive(tmp_path):
    with pytest.raises(LedgerMisuse, match="write_archive"):
        back_up(Ledger(), tmp_path / "b")


def test_a_restored_ledger_is_the_backup_and_what_was_there_is_kept(tmp_path, ledger):
    """The result says what differs: entries left out, and erased content that is there again."""
    path, saved = tmp_path / "a.ledger", tmp_path / "b"
    head = back_up(ledger, saved).head
    ledger.erase("p-2")
    ledger.append(event(4))
    ledger.close()
    done = restore(saved, path, head=f"{head[0]}:{head[1]}")
    assert (done.entries, done.head, done.left_out, done.unerased) == (3, head, 2, (2,))
    assert done.kept == tmp_path / "a.ledger.before-restore"
    assert "its last 2 entries not in the backup" in str(done)
    assert "the content of 1 entry that had been erased is there again" in str(done)
    assert ids_in(path) == ["e-1", "e-2", "e-3"]
    assert ids_in(done.kept) == ["e-1", None, "e-3", "erasure-4", "e-4"]
    again = restore(done.kept, path)
    assert (again.left_out, again.unerased, again.kept.name) == (0, (), "a.ledger.before-restore-2")
    assert names_in(tmp_path) == ["a.ledger", "a.ledger.before-restore", "a.ledger.before-restore-2", "b"]


@pytest.mark.parametrize("where", ["here", "writer", "reader"])
def test_a_ledger_that_somebody_has_open_is_not_replaced(tmp_path, ledger, where):
    """In this process or in another, for reading or for writing."""
    path, saved = tmp_path / "a.ledger", tmp_path / "b"
    back_up(ledger, saved)
    if where == "here":
        with pytest.raises(LedgerBusy, match="this process has it open"):
            restore(saved, path)
        ledger.append(event("after"))
        return
    ledger.close()
    asked, ask = os.pipe()

    def stay_open(say):
        os.close(ask)
        with Ledger.open(path, read_only=where == "reader") as other:
            say(str(len(other)))
            os.read(asked, 1)

    child = Child(stay_open)
    child.hear()
    before = path.stat().st_ino
    with pytest.raises(LedgerBusy, match="another program has it open"):
        restore(saved, path)
    assert path.stat().st_ino == before
    assert names_in(tmp_path) == ["a.ledger", "b"]
    os.close(ask)
    child.end()
    assert restore(saved, path).kept is not None


def test_a_reader_that_takes_no_locks_is_told_that_the_file_was_replaced(tmp_path, ledger):
    """What cannot be told beforehand is refused afterward."""
    path, saved = tmp_path / "a.ledger", tmp_path / "b"
    back_up(ledger, saved)
    ledger.append(event(4))
    ledger.close()
    reader = Ledger.open(path, read_only=True)
    assert len(reader) == 4
    subprocess.run([sys.executable, "-c", f"import os; os.replace({str(saved)!r}, {str(path)!r})"], check=True)
    with pytest.raises(LedgerReplaced):
        len(reader)
    reader.close()


def test_the_log_of_a_killed_process_goes_with_its_ledger(tmp_path, ledger):
    """Also when the file beside it is damaged: both are moved, and the restored ledger has no log of another's."""
    path, saved = tmp_path / "a.ledger", tmp_path / "b"
    back_up(ledger, saved)
    ledger.close()

    with Ledger.open(tmp_path / "other") as other:
        other.append(event("other"))

    def die(say):
        Ledger.open(path).append([event(f"late-{number}") for number in range(50)])
        os.kill(os.getpid(), signal.SIGKILL)

    for damaged in (False, True):
        Child(die).ended()
        assert (tmp_path / "a.ledger-wal").stat().st_size
        if damaged:
            subprocess.run(["cp", str(tmp_path / "other"), str(path)], check=True)
        done = restore(saved, path)
        assert done.left_out == (None if damaged else 50)
        assert ids_in(path) == ["e-1", "e-2", "e-3"]
        assert not (tmp_path / "a.ledger-wal").exists() or not (tmp_path / "a.ledger-wal").stat().st_size
        if damaged:
            assert Path(f"{done.kept}-wal").stat().st_size
        else:
            assert len(ids_in(done.kept)) == 53


def test_a_log_without_a_file_is_moved_away(tmp_path, ledger):
    """It is not taken for the restored ledger's own."""
    path, saved = tmp_path / "a.ledger", tmp_path / "b"
    back_up(ledger, saved)
    ledger.close()
    path.unlink()
    (tmp_path / "a.ledger-wal").write_bytes(b"x" * 5000)
    assert restore(saved, path).kept.name == "a.ledger.before-restore-wal"
    assert ids_in(path) == ["e-1", "e-2", "e-3"]


def test_what_cannot_be_restored_changes_nothing(tmp_path, ledger):
    path, saved = tmp_path / "a.ledger", tmp_path / "b"
    back_up(ledger, saved)
    ledger.append(event(4))
    head = ledger.head
    ledger.close()
    (tmp_path / "text").write_text("x" * 5000)
    damaged = tmp_path / "damaged"
    damaged.write_bytes(saved.read_bytes().replace(b"A title about p-2", b"A title about p-3"))
    before = path.read_bytes()
    for source, how, error in (
        (tmp_path / "none", {}, LedgerNotFound),
        (tmp_path / "text", {}, NotALedger),
        (damaged, {}, DamagedLedger),
        (saved, {"head": head}, DamagedLedger),
        (saved, {"head": "0"}, InvalidValue),
        (path, {}, OutputRefused),
        (7, {}, InvalidValue),
    ):
        with pytest.raises(error):
            restore(source, path, **how)
    assert path.read_bytes() == before
    assert names_in(tmp_path) == ["a.ledger", "b", "damaged", "text"]


def test_a_full_disk_leaves_no_backup_and_no_part_of_one(tmp_path, ledger):
    """The error is ours and names the backup."""
    ledger.append([event(f"more-{number}") for number in range(2000)])

    def fill(say):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
        with Ledger.open(tmp_path / "a.ledger", read_only=True) as reader:
            try:
                back_up(reader, tmp_path / "b")
            except OSError as error:
                say(f"{type(error).__name__} {error}")

    [said] = Child(fill).end()
    assert said.split()[0] in (DiskFull.__name__, "LedgerFileError"), said
    assert f"{tmp_path / 'b'}: " in said
    assert names_in(tmp_path) == ["a.ledger"]


def test_the_commands(tmp_path, ledger, monkeypatch, capsys):
    """Back up, verify with the head that it printed, restore, purge."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PEER_LEDGER", "a.ledger")
    assert main(["backup", "--to", "b.ledger"]) == 0
    head = capsys.readouterr().out.split()[-1]
    assert main(["verify", "--ledger", "b.ledger", "--head", head]) == 0
    ledger.erase("p-2")
    assert main(["restore", "b.ledger"]) == 2
    assert "this process has it open" in capsys.readouterr().err
    ledger.close()
    assert main(["restore", "b.ledger", "--head", head]) == 1
    assert "had been erased is there again" in capsys.readouterr().out
    with Ledger.open("a.ledger") as again:
        again.erase("p-2")
    assert main(["purge"]) == 0
    assert "nothing of what was erased is left" in capsys.readouterr().out


def test_a_pending_purge_is_shown_and_finished(tmp_path, ledger, monkeypatch, capsys):
    """Verify and purge say that content is left, with exit code 1; purge removes it when nobody reads."""
    monkeypatch.chdir(tmp_path)
    ledger.close()
    with closing(sqlite3.connect("a.ledger", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM entry").fetchone()
        with Ledger.open("a.ledger", wait=0.01) as writer:
            assert "stays in the file's free space until" in str(writer.erase("p-2"))
        monkeypatch.setattr(
            Ledger.open.__func__, "__kwdefaults__", Ledger.open.__func__.__kwdefaults__ | {"wait": 0.01}
        )
        assert main(["verify", "--ledger", "a.ledger"]) == 1
        assert "peer-ledger purge removes it" in capsys.readouterr().err
        assert main(["purge", "--ledger", "a.ledger"]) == 1
        assert "another program is reading it" in capsys.readouterr().err
    assert main(["purge", "--ledger", "a.ledger"]) == 0
    assert main(["verify", "--ledger", "a.ledger"]) == 0
    assert b"about p-2" not in Path("a.ledger").read_bytes()


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        ("head", 1), ("truncated", 1), ("beginning", 1), ("emptied", 1), ("table", 1), ("missing", 2), ("newer", 2),
    ],
)  # fmt: skip
def test_damage_is_an_answer(tmp_path, ledger, capsys, damage, code):
    """Verify answers 1 for each file that is there and not an unaltered ledger; 2 is for what it could not look at."""
    path = tmp_path / "a.ledger"
    ledger.close()
    if damage == "truncated":
        os.truncate(path, 5000)
    elif damage == "beginning":
        path.write_bytes(b"x" * 100 + path.read_bytes()[100:])
    elif damage == "emptied":
        os.truncate(path, 0)
    elif damage == "missing":
        path.unlink()
    else:
        with closing(sqlite3.connect(path)) as file:
            file.execute(
                {
                    "head": "UPDATE head SET digest = 'x'",
                    "table": "DROP TRIGGER entry_stays",
                    "newer": "PRAGMA user_version = 9",
                }[damage]
            )
            file.commit()
    assert main(["verify", "--ledger", str(path)]) == code
    assert main(["verify", "--ledger", str(path), "--format", "json"]) == code
    if code == 1:
        assert "altered" in capsys.readouterr().out


def test_the_commands_of_the_how_to_run_one_after_the_other(tmp_path, ledger):
    """Each ends with code 0, and the restored ledger has the head that the backup had."""
    page = Path(__file__).parents[1] / "docs" / "how-to" / "backup-and-restore.md"
    blocks = re.findall(r"^```sh\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert ["backup", "verify", "restore", "purge"] == [block.split()[1] for block in blocks]
    head = ledger.head
    ledger.close()
    (tmp_path / "a.ledger").rename(tmp_path / "peers.ledger")
    script = "\n".join([f'peer-ledger() {{ "{sys.executable}" -m peer_ledger "$@"; }}', *blocks])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    environment.pop("PEER_LEDGER", None)
    done = subprocess.run(["bash", "-ec", script], cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert (0, b"") == (done.returncode, done.stderr)
    assert 1 + 2 + 1 == done.stdout.decode().count(f"{head[0]}:{head[1]}")
    assert (tmp_path / "peers.ledger.before-restore").exists()
