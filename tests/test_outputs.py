"""Files that are written: whole or not at all, private, and never in the place of a ledger, an archive or a rule file."""

import contextlib
import os
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import time
from functools import cache
from importlib.resources import files
from pathlib import Path

import attrs
import pyarrow as pa
import pytest

import peer_ledger.cli._ledger_commands as commands
from children import Child
from peer_ledger import Ledger, TrainingEvent
from peer_ledger.cli import main
from peer_ledger.columns import _sources, evaluate_frame, write_parquet
from peer_ledger.errors import (
    DiskFull,
    LedgerFileError,
    LedgerNotFound,
    LedgerNotWritable,
    OutputRefused,
    PeerLedgerError,
)
from peer_ledger.importing import Row, import_rows, write_rejected
from peer_ledger.importing._people import NamedPerson, write_people
from peer_ledger.ledger import read_archive, write_archive
from peer_ledger.presenting.tables import Table
from peer_ledger.proving import audit
from peer_ledger.records.interchange import read_records, write_records
from peer_ledger.values._folders import TemporaryFolder, folder_written_whole
from peer_ledger.values._outputs import bytes_written_whole, written_whole

EVENT = TrainingEvent(id="e-1", person="p-1", completed="2025-02-03", title="Ethics")
LEDGER = "ours.ledger"


def printed(*arguments):
    """Run a command, as `main` does, but let its errors through."""
    given = commands.Given(ledger=LEDGER, kind=None, format="table", to=None)
    vars(given).update(arguments)
    assert commands.export(given) == 0


def archive(path):
    with Ledger.open(LEDGER, read_only=True) as ledger:
        write_archive(ledger, path)


WRITERS = {
    "archive": archive,
    "records": lambda path: write_records([EVENT], path),
    "workbook": lambda path: Table(headings=("a",), rows=(("x",),), title="T").to_excel(path),
    "export of everything": lambda path: printed(("to", str(path))),
    "export of a table": lambda path: printed(("to", str(path)), ("kind", "training-event"), ("format", "csv")),
    "text": lambda path: _text(path),
}
ROWS = [Row(1, 1, ["person", "completed", "hours"])]
ROWS += [Row(n, n, [f"p-{n}", "2025-99-99", "1"]) for n in range(2, 5000)]
LARGE = {
    "records": lambda path: write_records([attrs.evolve(EVENT, id=f"e-{n}") for n in range(5000)], path),
    "workbook": lambda path: Table(headings=("a",), rows=tuple((f"x{n * n}",) for n in range(20_000)), title="T").to_excel(path),
    "archive": lambda path: write_archive(_large_ledger(), path),
    "rejected rows": lambda path: write_rejected(import_rows(ROWS), path),
    "people": lambda path: write_people(path, [NamedPerson(id=f"p-{n}", name=f"N {n}") for n in range(5000)]),
}  # fmt: skip
"""Outputs of more than sixty thousand bytes."""


@cache
def _large_ledger():
    ledger = Ledger()
    ledger.append([attrs.evolve(EVENT, id=f"e-{number}") for number in range(2000)])
    return ledger


KINDS = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)


def _text(path):
    with written_whole(path) as file:
        file.write("new\n")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Return the current folder, in which a ledger is."""
    monkeypatch.chdir(tmp_path)
    with Ledger.open(LEDGER) as ledger:
        ledger.append([EVENT, TrainingEvent(id="e-2", person="p-2", completed="2025-02-04")])
    return tmp_path


def contents(folder):
    """
    Return what is in a folder: the name, the mode and the bytes of each regular file, and where links point.

    A reader leaves the side files of a ledger behind; they are empty then.
    """
    return {
        path.name: (path.readlink() if path.is_symlink() else path.stat().st_mode, path.is_file() and path.read_bytes())
        for path in folder.iterdir()
        if not path.name.endswith(("-wal", "-shm"))
    }


# What an output never replaces


def itself(folder):
    return LEDGER


def another_spelling(folder):
    (folder / "inner").mkdir()
    return f"inner/../{LEDGER}"


def in_a_linked_folder(folder):
    (folder / "inner").symlink_to(folder)
    return f"inner/{LEDGER}"


def hard_link(folder):
    os.link(LEDGER, "a.out")
    return "a.out"


def link(folder):
    (folder / "a.out").symlink_to(LEDGER)
    return "a.out"


def other_ledger(folder):
    Ledger.open("other.out").close()
    return "other.out"


def damaged_ledger(folder):
    start = (folder / LEDGER).read_bytes()
    (folder / "damaged.out").write_bytes(start[:16] + b"\xff" * 84 + start[100:])
    return "damaged.out"


def truncated_ledger(folder):
    (folder / "cut.out").write_bytes((folder / LEDGER).read_bytes()[:5000])
    return "cut.out"


def other_archive(folder):
    with Ledger() as ledger:
        ledger.append(EVENT)
        write_archive(ledger, "a.jsonl")
    return "a.jsonl"


def archive_with_more(folder):
    archive("long.jsonl")
    with Ledger() as ledger:
        read_archive("long.jsonl", into=ledger)
        ledger.append(TrainingEvent(id="e-3", person="p-1", completed="2025-02-05"))
        (folder / "long.jsonl").unlink()
        write_archive(ledger, "long.jsonl")
    return "long.jsonl"


def incomplete_archive(folder):
    archive("half.jsonl")
    (folder / "half.jsonl").write_bytes(b"".join((folder / "half.jsonl").read_bytes().splitlines(keepends=True)[:-1]))
    return "half.jsonl"


def archive_with_spaces(folder):
    (folder / "a.jsonl").write_text('{"version": 1, "format" : "peer-ledger archive"}\n{"entries":5,"digest":"00"}\n')
    return "a.jsonl"


def rule_file(folder):
    (folder / "rules.txt").write_bytes(files("peer_ledger.rulesets").joinpath("us-nc.toml").read_bytes())
    return "rules.txt"


def unsound_rule_file(folder):
    (folder / "rules.TOML").write_text("[[rulesets]\n")
    return "rules.TOML"


def profile(folder):
    (folder / "ours").write_bytes(files("peer_ledger.importing").joinpath("profiles", "plain.toml").read_bytes())
    return "ours"


def link_to_a_file(folder):
    (folder / "old.out").write_text("old")
    (folder / "a.out").symlink_to("old.out")
    return "a.out"


def link_to_nothing(folder):
    (folder / "a.out").symlink_to("none.out")
    return "a.out"


def a_folder(folder):
    (folder / "a").mkdir()
    return "a"


def pipe(folder):
    os.mkfifo("pipe")
    return "pipe"


TARGETS = [
    *(itself, another_spelling, in_a_linked_folder, hard_link, link, other_ledger, damaged_ledger, truncated_ledger),
    *(other_archive, archive_with_more, incomplete_archive, archive_with_spaces, rule_file, unsound_rule_file, profile),
    *(link_to_a_file, link_to_nothing, a_folder, pipe),
]


@KINDS
@pytest.mark.parametrize("target", TARGETS)
def test_what_would_be_destroyed_is_refused(folder, write, target):
    """Nothing is changed, nothing is left behind, and the error names the file and what to do."""
    name = target(folder)
    before = contents(folder)
    with pytest.raises(OutputRefused, match=r"; (give|move|or) .*; nothing was written$") as refused:
        write(name)
    assert refused.value.path.name == (folder / name).name
    assert before == contents(folder)


def test_looking_at_a_ledger_leaves_it_alone(folder):
    """No side file appears beside a ledger because an output was refused."""
    with pytest.raises(OutputRefused):
        _text(LEDGER)
    assert [LEDGER] == [path.name for path in folder.iterdir()]


@pytest.mark.parametrize("target", [link, link_to_a_file, link_to_nothing])
def test_a_link_is_called_a_link(folder, target):
    """Whatever it points to."""
    with pytest.raises(OutputRefused, match="is a link, which an output does not follow"):
        _text(target(folder))


@KINDS
@pytest.mark.parametrize("suffix", ["-wal", "-shm", "-journal", "-WAL"])
@pytest.mark.parametrize("is_open", [True, False])
def test_the_side_files_of_a_ledger_are_refused(folder, write, suffix, is_open):
    """What SQLite keeps beside a ledger is part of it, whether it is there at the moment or not."""
    with Ledger.open(LEDGER) if is_open else contextlib.nullcontext() as ledger:
        if is_open:
            ledger.append(TrainingEvent(id="e-3", person="p-1", completed="2025-02-05"))
        with pytest.raises(OutputRefused, match=f"belongs to the database {LEDGER}"):
            write(LEDGER + suffix)
    assert set(contents(folder)) == {LEDGER}
    with Ledger.open(LEDGER) as ledger:
        assert (2 + is_open, True) == (len(ledger), bool(ledger.verify()))


def test_a_new_ledger_takes_no_side_file_of_another(folder):
    """SQLite would take it for its own, and remove it."""
    with pytest.raises(OutputRefused, match="belongs to the database"):
        Ledger.open(f"{LEDGER}-wal")
    assert {LEDGER} == set(contents(folder))


@KINDS
def test_a_ledger_that_is_open_here_keeps_its_locks(folder, write):
    """The refusal neither opens nor closes the file itself, by which this process would lose its locks on it."""
    with Ledger.open(LEDGER) as ledger:
        with pytest.raises(OutputRefused):
            write(LEDGER)
        # If this process held no lock, the other one would remove the side files as the last to close the ledger.
        opening = f"from peer_ledger import Ledger; Ledger.open({LEDGER!r}).close()"
        subprocess.run([sys.executable, "-c", opening], check=True)
        assert (folder / f"{LEDGER}-wal").exists()
        ledger.append(TrainingEvent(id="e-3", person="p-1", completed="2025-02-05"))
    with Ledger.open(LEDGER) as ledger:
        assert 3 == len(ledger)


def test_the_command_says_why_and_the_ledger_stays(folder, capsys):
    """Exporting a table to the ledger itself fails with code 2."""
    before = contents(folder)
    asked = ["export", "--ledger", LEDGER, "--kind", "training-event", "--format", "csv", "--to", LEDGER]
    assert 2 == main(asked)
    assert f"{LEDGER}: is a ledger or another database, which an output never replaces" in capsys.readouterr().err
    assert before == contents(folder)


def test_an_import_into_one_of_its_own_files(folder, capsys):
    """A file that is read is no ledger, and stays."""
    (folder / "t.csv").write_text("ID,Title,Date,Hours\np-1,Ethics,2025-02-03,3\n")
    (folder / "b.csv").symlink_to("t.csv")
    before = contents(folder)
    for ledger in ("t.csv", "b.csv", "./t.csv"):
        assert 2 == main(["import", "--ledger", ledger, "t.csv"])
    assert 2 == main(["import", "--ledger", LEDGER, LEDGER])
    assert "Traceback" not in capsys.readouterr().err
    assert before == contents(folder)


def test_an_archive_is_continued(folder):
    """An archive of the same ledger is replaced by a later one, also after an erasure, and an empty one by any."""
    write_archive(Ledger(), "a.jsonl")
    archive("a.jsonl")
    archive("a.jsonl")
    with Ledger.open(LEDGER) as ledger:
        ledger.erase("p-1")
        assert 3 == write_archive(ledger, "a.jsonl")
        assert read_archive("a.jsonl").head == ledger.head
        with pytest.raises(PeerLedgerError):
            write_archive(ledger.known_at("2020-01-01T00:00:00Z"), "a.jsonl")
        assert read_archive("a.jsonl").head == ledger.head


# Whole and private


@KINDS
def test_a_new_file_is_private(folder, write):
    """Whatever the umask, only the owner may read it."""
    before = os.umask(0)
    try:
        write("new.out")
    finally:
        os.umask(before)
    assert 0o600 == stat.S_IMODE((folder / "new.out").stat().st_mode)
    assert {LEDGER, "new.out"} == set(contents(folder))


@KINDS
def test_an_ordinary_file_is_replaced_and_passes_on_its_permissions(folder, write):
    """Another name of the replaced file keeps the former content."""
    (folder / "old.out").write_text("old")
    (folder / "old.out").chmod(0o640)
    os.link("old.out", "kept.out")
    write("old.out")
    assert 0o640 == stat.S_IMODE((folder / "old.out").stat().st_mode)
    assert ("old", True) == ((folder / "kept.out").read_text(), (folder / "old.out").read_bytes() != b"old")
    assert {LEDGER, "old.out", "kept.out"} == set(contents(folder))


@pytest.mark.parametrize("more", [[], ["--kind", "training-event"]])
def test_the_command_says_that_it_replaces_a_file(folder, capsys, more):
    """Only where a file was."""
    for there in (False, True):
        assert 0 == main(["export", "--ledger", LEDGER, "--to", "a.out", *more])
        assert there == ("written to a.out, replacing the file of that name" in capsys.readouterr().out)


@KINDS
@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (OSError(28, "No space left on device"), DiskFull),
        (OSError(5, "Input/output error"), LedgerFileError),
        (PermissionError(13, "Permission denied"), LedgerNotWritable),
        (KeyboardInterrupt(), KeyboardInterrupt),
    ],
)
@pytest.mark.parametrize("at", ["fsync", "replace"])
def test_what_fails_halfway_leaves_the_old_file(folder, monkeypatch, write, raised, expected, at):
    """The former content stays, and no temporary file."""
    (folder / "old.out").write_text("old")
    before = contents(folder)

    def failing(*_, **__):
        raise raised

    owner = os if at == "fsync" else type(folder)
    monkeypatch.setattr(owner, at, failing)
    with pytest.raises(expected) as caught:
        write("old.out")
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    assert "old.out" in str(caught.value) or expected is KeyboardInterrupt
    assert before == contents(folder)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("writing", [written_whole, bytes_written_whole])
def test_a_disk_that_fills_while_writing(folder, monkeypatch, writing):
    """The error comes with the write that fails, and an error of the caller's own is left as it is."""
    begun = "peer_ledger.values._outputs._created"
    made = folder / ".a.out.temporary"

    def full(*_):
        made.write_text("")
        return os.open("/dev/full", os.O_WRONLY), made

    monkeypatch.setattr(begun, full)
    text = "x" * 100_000 if writing is written_whole else b"x" * 100_000
    with pytest.raises(DiskFull, match=r"a\.out: it cannot be written: No space left"), writing("a.out") as file:
        file.write(text)
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    with pytest.raises(FileNotFoundError, match=r"^theirs$"), writing("a.out"):
        raise FileNotFoundError("theirs")
    assert {LEDGER} == set(contents(folder))


@pytest.mark.parametrize("large", LARGE.values(), ids=LARGE)
def test_a_full_disk_leaves_the_old_file_and_nothing_else(folder, large):
    """Whatever is written; also in the folder of temporary files, and whether much or little fits."""

    def fill(say):
        for limit in (0, 5_000, 60_000):
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            try:
                large("old.out")
                say("written")
            except LedgerFileError as error:
                assert "old.out" in str(error)
                say(type(error).__name__)
            assert sorted(path.name for path in folder.iterdir()) == ["old.out", LEDGER, "temporary"]
            assert list((folder / "temporary").iterdir()) == []

    (folder / "temporary").mkdir()
    (folder / "old.out").write_text("old")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder / "temporary"))
        said = Child(fill).end()
    assert ["DiskFull"] * 3 == said
    assert "old" == (folder / "old.out").read_text()


def _parquet(path):
    write_parquet(_large_ledger(), path)


@cache
def _audited():
    asked = audit(_large_ledger(), on="2026-03-01", size=1, seed="x", people=["p-1"])
    return attrs.evolve(asked, packets=asked.packets * 3)


def _packets(path):
    _audited().write(path)


def _spilled(_):
    table = pa.Table.from_pylist([{"id": f"e{n * n}", "person": f"p{n * 7 % 997}"} for n in range(30_000)])
    stream = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=1000))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_sources, "IN_MEMORY", 2000)
        evaluate_frame(trainings=stream, on="2026-03-01")


@pytest.mark.parametrize("large", [_parquet, _packets, _spilled])
def test_a_full_disk_leaves_no_folder(folder, large):
    """Neither one by half, nor a temporary one, and the error names what could not be written."""

    def fill(say):
        kept = []  # so that nothing is removed only because it is collected
        for limit in (0, 5_000, 60_000):
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            try:
                large("new")
                say("written")
            except LedgerFileError as error:
                kept.append(error)
                assert ("temporary" if large is _spilled else "new") in error.path.parts
                say(type(error).__name__)
            assert sorted(path.name for path in folder.iterdir()) == [LEDGER, "temporary"]
            assert list((folder / "temporary").iterdir()) == []

    (folder / "temporary").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder / "temporary"))
        assert ["DiskFull"] * 3 == Child(fill).end()


@KINDS
def test_a_name_that_no_file_can_have(folder, write):
    """A missing folder, a file as folder, a name too long and one with a null are errors of our own."""
    for name in ("none/a.out", f"{LEDGER}/a.out", "x" * 300, "a\0b"):
        with pytest.raises(LedgerNotFound):
            write(name)
    write("y" * 250 + ".out")
    assert {LEDGER, "y" * 250 + ".out"} == set(contents(folder))


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everything")
def test_a_write_protected_file_stays(folder):
    """Its folder alone would allow to replace it."""
    (folder / "old.out").write_text("old")
    (folder / "old.out").chmod(0o400)
    with pytest.raises(LedgerNotWritable, match="write-protected"):
        _text("old.out")


def test_a_write_protected_file_stays_for_the_superuser_too(folder, monkeypatch):
    """As far as the system says that it is protected."""
    (folder / "old.out").write_text("old")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(LedgerNotWritable, match="write-protected"):
        _text("old.out")
    assert "old" == (folder / "old.out").read_text()


def test_what_comes_meanwhile_stays(folder):
    """A ledger that somebody creates while an output of the same name is being written is not replaced."""
    with pytest.raises(OutputRefused), written_whole("new.out"):
        Ledger.open("new.out").close()
    with Ledger.open("new.out", read_only=True) as ledger:
        assert 0 == len(ledger)
    assert {LEDGER, "new.out"} == set(contents(folder))


# What killed processes leave behind


def killed_in(name, work):
    """Return a child's work that is killed when it calls a function of `os`."""

    def doing(_):
        setattr(os, name, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
        work()

    return doing


@KINDS
def test_the_next_run_removes_what_a_killed_one_left(folder, write):
    """Whatever it writes, and nothing that looks only alike."""
    for _ in range(2):
        Child(killed_in("fsync", lambda: write("a.out"))).ended()
    (folder / ".a.out.settings").write_text("mine")
    Child(killed_in("fsync", lambda: write("b.out"))).ended()
    assert {".a.out.", ".b.out."} == {name[:7] for name in contents(folder)} - {LEDGER[:7]}
    write("a.out")
    assert {LEDGER, "a.out", ".a.out.settings"} == set(contents(folder))


def test_a_ledger_that_is_being_created_is_not_removed_and_one_that_was_abandoned_is(folder):
    """Its creation takes milliseconds; after an hour nobody is creating it any more."""
    Child(killed_in("link", lambda: Ledger.open("never.ledger"))).ended()
    [left] = [folder / name for name in contents(folder) if name.startswith(".never.ledger.")]
    _text("a.out")
    assert left.exists()
    os.utime(left, (time.time() - 3700,) * 2)
    _text("a.out")
    assert {LEDGER, "a.out"} == set(contents(folder))


def test_a_file_that_another_process_is_writing_is_not_removed(folder):
    """Two writers of one output: the last one to finish has its name, and each finishes."""
    with written_whole("a.out") as slow:
        slow.write("slow")
        Child(lambda _: _text("a.out")).ended()
        assert "new\n" == (folder / "a.out").read_text()
        _text("a.out")
    assert "slow" == (folder / "a.out").read_text()
    assert {LEDGER, "a.out"} == set(contents(folder))


def test_a_folder_that_another_process_is_writing_is_not_removed(folder, monkeypatch):
    """Whether it is going to have a name, or is temporary; and what looks only alike is left alone."""
    (folder / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "temporary"))
    alike = folder / "temporary" / "peer-ledger-12345678.peer-ledger-temporary"
    (alike / "mine").mkdir(parents=True)
    for name in "abcdefgh":
        (alike / name).write_text("mine")
    temporary = TemporaryFolder()
    with folder_written_whole("slow") as made:
        (made / "a").write_text("slow")

        def meanwhile(_):
            with folder_written_whole("quick") as other:
                (other / "a").write_text("quick")
            TemporaryFolder().close()

        assert 0 == Child(meanwhile).ended()[0]
        assert (made / "a").exists()
        assert temporary.path.exists()
    assert ("slow", "quick") == ((folder / "slow" / "a").read_text(), (folder / "quick" / "a").read_text())
    temporary.close()
    assert ([alike], 9) == (list((folder / "temporary").iterdir()), len(list(alike.iterdir())))
    assert {LEDGER, "slow", "quick", "temporary"} == {path.name for path in folder.iterdir()}


def test_a_process_that_was_forked_leaves_a_temporary_folder_alone(folder, monkeypatch):
    """Its copy of the object is not the one that made the folder."""
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    temporary = TemporaryFolder()
    assert 0 == Child(lambda _: temporary.close()).ended()[0]
    assert temporary.path.exists()
    temporary.close()
    assert not temporary.path.exists()


@pytest.mark.parametrize("when", ["before", "after"])
def test_the_next_opening_removes_what_a_killed_creation_left(folder, when):
    """Whether the file had its name already or not."""
    link = os.link

    def killed(*names, **_):
        if when == "after":
            link(*names)
        os.kill(os.getpid(), signal.SIGKILL)

    def creating(_):
        os.link = killed
        Ledger.open("new.ledger")

    Child(creating).ended()
    left = set(contents(folder)) - {LEDGER, "new.ledger"}
    assert 1 == len(left)
    Ledger.open("new.ledger").close()
    assert {LEDGER, "new.ledger"} == set(contents(folder))
    assert 1 == (folder / "new.ledger").stat().st_nlink


def test_records_read_and_written_to_the_same_file(folder):
    """A file of records may be rewritten from what was read of it."""
    write_records([EVENT], "some.jsonl")
    assert 1 == write_records(read_records("some.jsonl"), "some.jsonl")
    assert (EVENT,) == read_records("some.jsonl")
