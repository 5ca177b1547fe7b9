"""Whatever a path is, a function that takes one returns or raises an error of the package, and changes nothing else."""

import socket
import tempfile
from pathlib import Path

import pytest

from peer_ledger import Ledger, TrainingEvent, import_files
from peer_ledger.columns import evaluate_frame, read_parquet, tables_in, write_parquet
from peer_ledger.errors import DiskFull, LedgerFileError, LedgerNotWritable, PeerLedgerError
from peer_ledger.importing import import_file, profile, read_people, write_people
from peer_ledger.importing._people import NamedPerson
from peer_ledger.ledger import back_up, read_archive, restore, write_archive
from peer_ledger.planning import read_offers
from peer_ledger.proving import audit
from peer_ledger.records import read_records, write_records
from peer_ledger.testing import read_cases

EVENT = TrainingEvent(id="e-1", person="p-1", completed="2025-03-04")
PATHS = {
    "folder": "folder",
    "link to itself": "loop",
    "link to nothing": "dangling",
    "socket": "socket",
    "no such folder": "folder/x/y",
    "too long": "x" * 300,
    "much too long": "y/" * 3000,
    "zero": "a\0b",
    "half a pair": "\ud800",
    "empty": "",
    "above": "..",
}
ENDLESS = {"device": "/dev/full", "memory": "/proc/self/mem", "root": "/"}
"""Only to be read: should a fault let them be written, the machine would suffer."""


def opened(path, **more):
    Ledger.open(path, **more).close()


def backed_up(path):
    with Ledger.open("good.ledger") as ledger:
        back_up(ledger, path)


READING = {
    "open": lambda path: opened(path, create=False),
    "open to read": lambda path: opened(path, read_only=True),
    "import": import_file,
    "profile": lambda path: profile(f"{path}.toml"),
    "records": read_records,
    "archive": read_archive,
    "restore from": lambda path: restore(path, "new.ledger"),
    "offers": read_offers,
    "cases": read_cases,
    "folder of Parquet": read_parquet,
    "tables in a folder": tables_in,
    "a table": lambda path: evaluate_frame(trainings=path, on="2026-03-01"),
}
WRITING = {
    "records": lambda path: write_records([EVENT], path),
    "archive": lambda path: write_archive(Ledger(), path),
    "people": lambda path: write_people(path, [NamedPerson(id="p-1", name="Jane Roe")]),
    "back up": backed_up,
    "restore to": lambda path: restore("good.ledger", path),
}

FOLDERS = {
    "files of Parquet": lambda path: write_parquet(Ledger(), path),
    "audit": lambda path: AUDIT.write(path),
}
"""What is written to a folder, of which an audit may go into one that is there and empty."""

AUDIT = audit(Ledger(), on="2026-03-01", size=0, seed="x")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Go to a folder of everything that a path may lead to."""
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("loop").symlink_to("loop")
    Path("dangling").symlink_to("nowhere")
    listening = socket.socket(socket.AF_UNIX)
    listening.bind("socket")
    with Ledger.open("good.ledger") as ledger:
        ledger.append(EVENT)
    yield tmp_path
    listening.close()


def there(folder):
    """Return what lies in a folder, apart from the index of the ledger's log."""
    return {path.name for path in folder.iterdir()} - {"good.ledger-shm", "good.ledger-wal"}


@pytest.mark.parametrize("path", PATHS | ENDLESS)
@pytest.mark.parametrize("reader", READING)
def test_what_cannot_be_read_is_told_in_our_words(reader, path, folder):
    """A device without an end, a socket, a name that no file can have: never an error of Python's."""
    before = there(folder)
    with pytest.raises(PeerLedgerError):
        READING[reader]((PATHS | ENDLESS)[path])
    assert there(folder) == before


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("writer", WRITING)
def test_what_cannot_be_written_is_told_in_our_words(writer, path, folder):
    """What cannot be replaced is there afterward as it was, with its permissions, and nothing else is."""
    if writer == "restore to" and path == "link to nothing":
        pytest.skip("a ledger is where a link to it leads")
    before = {name: (folder / name).lstat() for name in there(folder)}
    with pytest.raises(LedgerFileError):
        WRITING[writer](PATHS[path])
    after = {name: (folder / name).lstat() for name in there(folder)}
    assert {name: (one.st_ino, one.st_mode) for name, one in after.items()} == {
        name: (one.st_ino, one.st_mode) for name, one in before.items()
    }


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("writer", FOLDERS)
def test_a_folder_that_cannot_be_written_is_told_in_our_words(writer, path, folder):
    """What is there stays, and nothing else is left beside it, or in the folder above."""
    before = there(folder), there(folder.parent)
    if (writer, path) == ("audit", "folder"):
        assert FOLDERS[writer](PATHS[path])
        return
    with pytest.raises(PeerLedgerError) as caught:
        FOLDERS[writer](PATHS[path])
    assert "peer-ledger-folder" not in str(caught.value)
    assert (there(folder), there(folder.parent)) == before


@pytest.mark.parametrize("writer", FOLDERS)
@pytest.mark.parametrize(
    ("error", "expected"),
    [(OSError(28, "No space left on device"), DiskFull), (PermissionError(13, "Denied"), LedgerNotWritable)],
)
@pytest.mark.parametrize("at", ["mkdtemp", "rename"])
def test_a_folder_that_the_disk_refuses_is_told_by_its_own_name(writer, error, expected, at, tmp_path, monkeypatch):
    def refused(*_, **__):
        raise error

    monkeypatch.setattr(*((tempfile, at) if at == "mkdtemp" else (Path, at)), refused)
    with pytest.raises(expected, match="ours: it cannot be written"):
        FOLDERS[writer](tmp_path / "ours")
    assert list(tmp_path.iterdir()) == []


def test_a_list_of_people_that_others_could_read_is_private_once_it_is_written(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("id,name,birth date,e-mail\n", "utf-8")
    path.chmod(0o644)
    write_people(path, [NamedPerson(id="p-1", name="Jane Roe")])
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("path", PATHS)
def test_several_files_are_told_one_by_one(path, folder):
    """What cannot be read is told beside the others."""
    found = import_files(Ledger(), [PATHS[path]])
    assert len(found.unread) == 1
    assert not found.is_appended


@pytest.mark.parametrize("path", PATHS)
def test_people_are_read_or_none_are_listed(path, folder):
    try:
        assert read_people(PATHS[path]) == ()
    except PeerLedgerError as error:
        assert "good" not in str(error)
