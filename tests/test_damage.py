"""
No file is too broken: every unusable one is refused by name and left as it was, and no change goes unnoticed.

Each test looks at real files.  Privileges are dropped and disks filled in forked processes.
"""

import hashlib
import os
import pickle
import random
import re
import resource
import shutil
import signal
import sqlite3
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import peer_ledger
from effort import sized
from lines import lines_of, steadily
from peer_ledger import (
    Certification,
    Course,
    Coverage,
    Credit,
    Designation,
    Document,
    Filing,
    Ledger,
    PeerLedgerError,
    Quantity,
    Review,
    Ruling,
    SamePerson,
    TrainingEvent,
    Verification,
)
from peer_ledger.errors import (
    DamagedLedger,
    DiskFull,
    LedgerFileError,
    LedgerMisuse,
    LedgerNotFound,
    LedgerNotWritable,
    NewerFormat,
    NotALedger,
)
from peer_ledger.ledger import read_archive, write_archive
from peer_ledger.records import record_to_json

SEED = int(os.environ.get("PEER_LEDGER_SEED", "20261121"))
FLIPS = int(os.environ.get("PEER_LEDGER_FLIPS", sized(300, 60)))
NOBODY = 65534

PACKAGE = str(Path(peer_ledger.__file__).parent)
UNLIMITED = resource.RLIM_INFINITY
MOMENTS = [f"2026-0{month}-01T00:00:00Z" for month in range(1, 7)]
ADVICE = re.compile(
    r"\b(ask|choose|close|copy|free|give|look|make|move|open|remove|restore|take|try|upgrade|wait)\b|left as it is"
)


# --- what the tests stand on ------------------------------------------------------------------------------------------


def in_child(work: Callable[[], Any]) -> tuple[type[BaseException] | None, Any]:
    """Run something in a forked process: give the class and text of what it raised, or `None` and what it returned."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.alarm(60)
        try:
            answer = pickle.dumps((None, work()))
        except PeerLedgerError as error:
            answer = pickle.dumps((type(error), str(error)))
        except BaseException as error:  # noqa: BLE001 - it is told to the test
            answer = pickle.dumps((type(error), traceback.format_exc()))
        os.close(reading)
        while answer:
            answer = answer[os.write(writing, answer) :]
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:
        said = pipe.read()
    assert os.waitpid(pid, 0)[1] == 0, "the child neither returned nor raised"
    raised, value = pickle.loads(said)
    assert raised is None or issubclass(raised, PeerLedgerError), value
    return raised, value


def as_nobody(work: Callable[[], Any]) -> tuple[type[BaseException] | None, Any]:
    """Run something in a forked process for which permissions hold; for root they do not."""

    def without_privileges() -> Any:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        return work()

    return in_child(without_privileges)


def fill_disk(limit: int) -> None:
    """Let no file grow beyond so many bytes in this process."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, UNLIMITED))


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def event(number: int | str, person: str = "p-1", title: str = "Ethics for peers") -> TrainingEvent:
    return TrainingEvent(
        id=f"e-{number}",
        person=person,
        completed="2025-03-04",
        title=title,
        credits=[Credit(amount=Decimal("1.5"), topics={"ethics"})],
    )


def files_in(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder; never while this process has a ledger there open, whose locks it would break."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def reading_of(ledger: Any, people: Iterable[str]) -> dict[str, Any]:
    """Read everything in every way there is."""
    entries = list(ledger)
    return {
        "entries": entries,
        "length": len(ledger),
        "head": ledger.head,
        "people": list(ledger.people()),
        "counts": ledger.counts(),
        "shared": ledger.shared_records(),
        "of": [(ledger.same_person(p), ledger.entries_of(p), ledger.records_of(p)) for p in people],
        "each": [
            (ledger.record(e.record.id), ledger.entry(e.record.id), ledger.is_withdrawn(e.record.id))
            for e in entries
            if e.record is not None
        ],
        "known": [len(ledger.known_at(moment)) for moment in MOMENTS],
    }


class Sample:
    """A closed ledger of every type of record, with corrections, retractions and an erasure, and what it reads as."""

    people = ("p-1", "p-2", "p-3", "p-4", "nobody")

    def __init__(self, folder: Path) -> None:
        self.path = folder / "sample"
        self.archive = folder / "archive"
        with Ledger.open(self.path) as ledger:
            self._fill(ledger)
            self.head = ledger.head
            self.reading = reading_of(ledger, self.people)
            assert ledger.verify()
            write_archive(ledger, self.archive)
        self.bytes = self.path.read_bytes()
        self.archived = self.archive.read_bytes()

    def _fill(self, ledger: Ledger) -> None:
        us = "us-nc-cpss"
        events = [event(n, f"p-{n % 4 + 1}", f"Title {n}{' long' * (n % 3)}") for n in range(24)]
        ledger.append(events, at=MOMENTS[0])
        ledger.append(event("overflow", "p-1", "A title of many pages. " * 400 + "End"), at=MOMENTS[0])
        ledger.append(
            [
                Course(id="c-1", title="Ethics", codes={"ETH-101"}),
                Designation(id="d-1", person="p-1", name="military", awarded="2024-02-29"),
                Certification(
                    id="a-1", person="p-1", credential=us, act="awarded", on="2024-02-29", expires="2026-02-28"
                ),
                Verification(id="v-1", person="p-2", credential=us, seen="2025-06-30", status="active"),
                Filing(id="f-1", person="p-2", credential=us, step="renewal", sent="2025-06-30"),
                Document(id="t-1", person="p-4", kind="reference-letter", on="2025-01-31", value=True),
                Review(id="r-1", person="p-1", event="e-4", decision="rejected", on="2025-07-01"),
                Ruling(
                    id="u-1",
                    person="p-2",
                    credential=us,
                    on="2025-07-01",
                    requirement="total",
                    effect="sets",
                    figure=Quantity(amount="14", unit="hour"),
                ),
                Coverage(id="o-1", covers="filing"),
                SamePerson(id="s-1", people={"p-2", "p-4"}),
            ],
            at=MOMENTS[1],
        )
        ledger.correct("e-0", {"title": "Corrected"}, reason="it was two hours", at=MOMENTS[2])
        ledger.retract("e-1", reason="never happened", at=MOMENTS[2])
        ledger.retract("e-1~retracted", reason="it did", at=MOMENTS[3])
        ledger.retract("d-1", reason="another person's", by="clerk-7", at=MOMENTS[3])
        self.erased = ledger.erase("p-3", at=MOMENTS[4]).entries
        ledger.append(event("last"), at=MOMENTS[5])


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    with pytest.MonkeyPatch.context() as patch:  # the same bytes in every run, so that a seed names the same places
        patch.setattr("secrets.token_bytes", random.Random(SEED).randbytes)
        yield Sample(tmp_path_factory.mktemp("sample"))


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield a folder that everybody may enter."""
    path = Path(tempfile.mkdtemp(prefix="peer-ledger-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    for inner in (path, *path.rglob("*")):
        if inner.is_dir() and not inner.is_symlink():
            inner.chmod(0o755)
    shutil.rmtree(path)


# --- files that are no ledgers ----------------------------------------------------------------------------------------


def a_text(path: Path) -> None:
    path.write_text("id,person,completed\n" * 40)


def a_short_text(path: Path) -> None:
    path.write_text("x")


def an_empty_file(path: Path) -> None:
    path.touch()


def a_folder(path: Path) -> None:
    path.mkdir()


def zeros(path: Path) -> None:
    path.write_bytes(bytes(8192))


def an_archive(path: Path) -> None:
    with Ledger() as ledger:
        ledger.append(event(1))
        write_archive(ledger, path)


def another_database(path: Path) -> None:
    run_sql(path, "CREATE TABLE staff (name TEXT)", "INSERT INTO staff VALUES ('Jane')")


def another_database_that_was_not_closed(path: Path) -> None:
    """It was killed: what it wrote is in its -wal file only, and must stay there."""

    def write_and_die() -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE staff (name TEXT)")
        os.kill(os.getpid(), signal.SIGKILL)

    pid = os.fork()
    if pid == 0:
        write_and_die()
    os.waitpid(pid, 0)


def an_empty_database_of_our_id(path: Path) -> None:
    run_sql(path, "PRAGMA application_id = 1347176274", "PRAGMA user_version = 1", "CREATE TABLE x (y)", "DROP TABLE x")


def a_database_of_our_id_with_other_tables(path: Path) -> None:
    run_sql(path, "PRAGMA application_id = 1347176274", "PRAGMA user_version = 1", "CREATE TABLE entry (seq INTEGER)")


def a_ledger_of_a_format_before_the_first(path: Path) -> None:
    Ledger.open(path).close()
    run_sql(path, "PRAGMA user_version = 0")


def a_ledger_of_a_newer_format(path: Path) -> None:
    Ledger.open(path).close()
    run_sql(path, "PRAGMA user_version = 2", "CREATE TABLE signature (seq INTEGER)")


def a_ledger_with_another_table(path: Path) -> None:
    Ledger.open(path).close()
    run_sql(path, "CREATE TABLE note (text TEXT)")


def a_ledger_without_its_triggers(path: Path) -> None:
    Ledger.open(path).close()
    run_sql(path, "DROP TRIGGER entry_stays")


def a_ledger_without_an_index(path: Path) -> None:
    Ledger.open(path).close()
    run_sql(path, "DROP INDEX entry_by_id")


def a_ledger_without_a_head(path: Path) -> None:
    Ledger.open(path).close()
    run_sql(path, "DELETE FROM head")


def run_sql(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for statement in statements:
            connection.execute(statement)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


UNUSABLE = [
    (a_text, NotALedger),
    (a_short_text, NotALedger),
    (an_empty_file, NotALedger),
    (a_folder, NotALedger),
    (zeros, NotALedger),
    (an_archive, NotALedger),
    (another_database, NotALedger),
    (another_database_that_was_not_closed, NotALedger),
    (an_empty_database_of_our_id, DamagedLedger),
    (a_database_of_our_id_with_other_tables, DamagedLedger),
    (a_ledger_of_a_format_before_the_first, DamagedLedger),
    (a_ledger_of_a_newer_format, NewerFormat),
    (a_ledger_with_another_table, DamagedLedger),
    (a_ledger_without_its_triggers, DamagedLedger),
    (a_ledger_without_an_index, DamagedLedger),
    (a_ledger_without_a_head, DamagedLedger),
]


@pytest.mark.parametrize("read_only", [False, True], ids=["to-write", "to-read"])
@pytest.mark.parametrize(("make", "error"), UNUSABLE, ids=[make.__name__ for make, _ in UNUSABLE])
def test_an_unusable_file_is_refused_by_name_with_advice_and_left_as_it_was(tmp_path, make, error, read_only):
    path = tmp_path / "file"
    make(path)
    before = files_in(tmp_path)

    with pytest.raises(error) as caught:
        Ledger.open(path, read_only=read_only)

    assert type(caught.value) is error
    assert str(caught.value).startswith(f"{path}: ")
    assert ADVICE.search(str(caught.value)), str(caught.value)
    after = files_in(tmp_path)
    if error is NotALedger:
        assert after == before, "another program's files are not touched, and nothing is put beside them"
    assert after["file"] == before["file"] if path.is_file() else path.is_dir()


@pytest.mark.parametrize("read_only", [False, True], ids=["to-write", "to-read"])
def test_a_newer_format_is_recognized_also_while_a_later_version_still_has_it_in_its_write_ahead_file(
    tmp_path, read_only
):
    """Whoever has just been upgraded holds the new version number in the -wal file; it is no damage."""
    path = tmp_path / "ledger"
    Ledger.open(path).close()
    upgraded = sqlite3.connect(path, isolation_level=None)
    upgraded.execute("PRAGMA user_version = 2")
    upgraded.execute("CREATE TABLE signature (seq INTEGER)")

    raised, message = in_child(lambda: Ledger.open(path, read_only=read_only).close())
    upgraded.close()

    assert (NewerFormat, True) == (raised, "upgrade" in str(message)), message


NOT_THERE: list[tuple[str, dict[str, Any]]] = [
    ("no/such/folder", {}),
    ("file", {"create": False}),
    ("file", {"read_only": True}),
    ("a-text/file", {}),
    ("dangling", {"create": False}),
    ("dangling", {"read_only": True}),
]


@pytest.mark.parametrize(("name", "how"), NOT_THERE)
def test_what_is_not_there_is_said_not_to_be_there_and_is_not_made(tmp_path, name, how):
    (tmp_path / "a-text").write_text("x")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")

    with pytest.raises(LedgerNotFound) as caught:
        Ledger.open(tmp_path / name, **how)

    assert isinstance(caught.value, FileNotFoundError)
    assert ADVICE.search(str(caught.value)), str(caught.value)
    assert names_in(tmp_path) == ["a-text", "dangling"]


def test_a_link_to_nothing_gives_an_error_of_our_own_or_a_ledger_where_it_points(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    try:
        with Ledger.open(tmp_path / "link") as ledger:
            ledger.append(event(1))
    except LedgerFileError:
        assert names_in(tmp_path) == ["link"]
    else:
        assert names_in(tmp_path) == ["link", "nowhere"]


@pytest.mark.parametrize("name", ["x" * 300, "a\0b", "é" * 130], ids=["long", "null", "long in bytes"])
def test_a_name_that_no_file_can_have_gives_an_error_of_our_own(tmp_path, name):
    with pytest.raises(PeerLedgerError):
        Ledger.open(tmp_path / name)
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("name", ["a b", "50%", "what?mode=memory", "a#b", "file:x", "ünï", "-", "'", ":memory:"])
def test_a_name_that_means_something_elsewhere_is_a_name(tmp_path, name):
    with Ledger.open(tmp_path / name) as ledger:
        ledger.append(event(1))
    assert names_in(tmp_path) == [name]
    with Ledger.open(tmp_path / name, read_only=True) as ledger:
        assert ledger.record("e-1") == event(1)


def test_a_closed_ledger_is_misused_not_damaged(tmp_path):
    ledger = Ledger.open(tmp_path / "ledger")
    ledger.append(event(1))
    ledger.close()
    for use in (
        lambda: len(ledger),
        lambda: ledger.append(event(2)),
        lambda: ledger.records_of("p-1"),
        lambda: ledger.erase("p-1"),
        ledger.verify,
        lambda: list(ledger),
    ):
        with pytest.raises(LedgerMisuse):
            use()
    ledger.close()


# --- torn files -------------------------------------------------------------------------------------------------------


def test_a_file_cut_off_anywhere_is_refused_or_fails_to_verify_and_is_left_as_it_was(tmp_path, sample):
    rng = random.Random(SEED)
    size = len(sample.bytes)
    boundaries = [page + more for page in range(0, size, 4096) for more in (-1, 0, 1, 100) if 0 <= page + more < size]
    between = [rng.randrange(size) for _ in range(sized(60, 20))]
    accepted = {}
    for length in sorted({*boundaries, *between, 99, 100, 101, 511, 512, size - 1, size - 2}):
        path = tmp_path / f"cut-{length}"
        path.write_bytes(sample.bytes[:length])
        try:
            with Ledger.open(path) as ledger:
                if ledger.verify():
                    accepted[length] = "it verifies"
        except (DamagedLedger, NotALedger) as error:
            if isinstance(error, NotALedger) and length >= 100:
                accepted[length] = repr(error)
        if path.read_bytes() != sample.bytes[:length]:
            accepted[length] = "it was changed"
    assert accepted == {}


def test_a_copy_made_without_its_write_ahead_file_is_a_whole_beginning_and_the_noted_head_tells(tmp_path):
    path, copied = tmp_path / "ledger", tmp_path / "copy"

    def append_and_copy() -> Any:
        with Ledger.open(path) as ledger:
            ledger.append([event(n) for n in range(5)])
        with Ledger.open(path) as ledger:
            ledger.append([event(n) for n in range(5, 9)])
            shutil.copyfile(path, copied)
            return ledger.head

    _, head = in_child(append_and_copy)
    with Ledger.open(copied) as ledger:
        assert [event(n) for n in range(5)] == [entry.record for entry in ledger]
        assert ledger.verify()
        assert not ledger.verify(head)


# --- bytes changed ----------------------------------------------------------------------------------------------------


def aimed_places(sample: Sample) -> list[int]:
    """List the file's header, the head of every page with its first cell pointers, and the row of the ledger's head."""
    pages = range(0, len(sample.bytes), 4096)
    (root,) = query(sample.path, "SELECT rootpage FROM sqlite_schema WHERE name = 'head'")[0]
    row = [at for at in range((root - 1) * 4096 + 3900, root * 4096) if sample.bytes[at]]
    return [*range(100), *(page + more for page in pages for more in range(12)), *row]


def query(path: Path, sql: str) -> list[Any]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def findings(path: Path, sample: Sample, out: Path) -> str:
    """Open and read a changed file: say `found`, `same`, or what went unnoticed."""
    reading = None
    try:
        with Ledger.open(path) as ledger:
            with suppress(PeerLedgerError):
                reading = reading_of(ledger, sample.people)
            if not ledger.verify():
                return "found"
            write_archive(ledger, out)
    except PeerLedgerError:
        return "found"
    except Exception:  # noqa: BLE001 - this is what must not happen
        return traceback.format_exc()
    if out.read_bytes() != sample.archived:
        return "it verifies, and its archive differs"
    return "same" if reading == sample.reading else "it verifies, and reads differently or not at all"


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("aim", ["anywhere", "structure"])
def test_a_flipped_byte_is_found_or_changes_nothing(tmp_path, sample, aim, part):
    rng = random.Random(f"{SEED}/{aim}/{part}")
    print(f"seed {SEED}, part {part}")
    size = len(sample.bytes)
    places = (
        aimed_places(sample)[part :: sized(4, 16)]
        if aim == "structure"
        else [rng.randrange(size) for _ in range(FLIPS // 4)]
    )
    wrong = {}
    seen = {"found": 0, "same": 0}
    path, out = tmp_path / "flipped", tmp_path / "out"
    for place in places:
        mask = rng.choice([rng.randrange(1, 256), 1 << rng.randrange(8), 0xFF])
        changed = bytearray(sample.bytes)
        changed[place] ^= mask
        path.write_bytes(changed)
        result = findings(path, sample, out)
        seen[result] = seen.get(result, 0) + 1
        if result not in ("found", "same"):
            wrong[f"byte {place} xor {mask}"] = result
        for beside in ("flipped-wal", "flipped-shm"):
            (tmp_path / beside).unlink(missing_ok=True)
    assert wrong == {}
    assert seen["found"] > 0


@pytest.mark.parametrize("part", range(2))
def test_a_lost_or_stale_sector_is_found_or_changes_nothing(tmp_path, sample, part):
    """Disks lose whole sectors: 512 bytes are zeros, or those of another place of the file."""
    rng = random.Random(f"{SEED}/sector/{part}")
    wrong = {}
    path, out = tmp_path / "changed", tmp_path / "out"
    for place in range(512 * part, len(sample.bytes), sized(1024, 4096)):
        other = rng.randrange(0, len(sample.bytes), 512)
        for what, sector in (("zeros", bytes(512)), (f"those at {other}", sample.bytes[other : other + 512])):
            path.write_bytes(sample.bytes[:place] + sector + sample.bytes[place + 512 :])
            result = findings(path, sample, out)
            if result not in ("found", "same"):
                wrong[f"{what} at {place}"] = result
            for beside in ("changed-wal", "changed-shm"):
                (tmp_path / beside).unlink(missing_ok=True)
    assert wrong == {}


def test_a_changed_write_ahead_file_is_found_or_leaves_a_whole_beginning_that_the_noted_head_tells(tmp_path):
    """What a killed process left is replayed only as far as it is sound, and only in whole appends."""
    rng = random.Random(f"{SEED}/wal")
    path = tmp_path / "killed"
    batches = [[event(f"{batch}-{n}") for n in range(4)] for batch in range(6)]

    def append_and_die() -> None:
        ledger = Ledger.open(path)
        for batch in batches:
            ledger.append(batch)
        os.kill(os.getpid(), signal.SIGKILL)

    pid = os.fork()
    if pid == 0:
        append_and_die()
    os.waitpid(pid, 0)
    main, pending = path.read_bytes(), path.with_name("killed-wal").read_bytes()
    wholes = [[r for batch in batches[:count] for r in batch] for count in range(len(batches) + 1)]
    copy = tmp_path / "copy"
    with pytest.MonkeyPatch.context():
        copy.write_bytes(main)
        copy.with_name("copy-wal").write_bytes(pending)
        with Ledger.open(copy) as ledger:
            assert wholes[-1] == [entry.record for entry in ledger]
            head = ledger.head

    lengths = set()
    for place in [*range(0, 56, sized(1, 3)), *(rng.randrange(len(pending)) for _ in range(sized(100, 40)))]:
        changed = bytearray(pending)
        changed[place] ^= 1 << rng.randrange(8)
        copy.write_bytes(main)
        copy.with_name("copy-wal").write_bytes(changed)
        copy.with_name("copy-shm").unlink(missing_ok=True)
        try:
            with Ledger.open(copy) as ledger:
                if not ledger.verify():
                    continue
                records = [entry.record for entry in ledger]
                assert records in wholes, f"byte {place}"
                assert bool(ledger.verify(head)) is (records == wholes[-1]), f"byte {place}"
                lengths.add(len(records))
        except PeerLedgerError:
            continue
    assert len(lengths) > 2, "flips early and late in the file were tried"


# --- tampering through SQL --------------------------------------------------------------------------------------------

Statement = str | Callable[[sqlite3.Connection], Any]


def tamper(path: Path, *statements: Statement) -> None:
    """Change a ledger's tables with its triggers out of the way, and put them back as they were."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        before = connection.total_changes
        for statement in statements:
            statement(connection) if callable(statement) else connection.execute(statement)
        assert connection.total_changes > before, "nothing was tampered with"
        for _, sql in triggers:
            connection.execute(sql)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def committed(salt: bytes, record: str) -> bytes:
    """Say again, apart from the package, how a record is committed to."""
    return hashlib.sha256(b"peer-ledger record 1\0" + salt + record.encode()).digest()


def chained(before: bytes, seq: int, moment: str, commitment: bytes) -> bytes:
    """Say again, apart from the package, how an entry is chained."""
    return hashlib.sha256(b"peer-ledger entry 1\0" + before + f"{seq} {moment} ".encode() + commitment).digest()


def recompute(*columns: str, since: int = 1, head: bool = True) -> Callable[[sqlite3.Connection], None]:
    """Make commitments, digests and the head fit again, as somebody would who has read the source."""

    def work(sql: sqlite3.Connection) -> None:
        digest = hashlib.sha256(b"peer-ledger genesis 1").digest()
        rows = sql.execute(
            "SELECT seq, recorded_at, record, salt, commitment, digest FROM entry ORDER BY seq"
        ).fetchall()
        for seq, moment, record, salt, stated, old in rows:
            if seq < since:
                digest = old
                continue
            commitment = committed(salt, record) if record is not None and "commitment" in columns else stated
            digest = chained(digest, seq, moment, commitment)
            sql.execute("UPDATE entry SET commitment = ?, digest = ? WHERE seq = ?", (commitment, digest, seq))
        if head:
            sql.execute(HEAD_TO_LAST)

    return work


SWAP = (
    "UPDATE entry SET seq = -9 WHERE seq = 9",
    "UPDATE entry SET seq = 9 WHERE seq = 10",
    "UPDATE entry SET seq = 10 WHERE seq = -9",
)
CLOSE_UP = (
    "DELETE FROM entry WHERE seq = 28",
    "UPDATE entry SET seq = -seq WHERE seq > 28",
    "UPDATE entry SET seq = -seq - 1 WHERE seq < 0",
    "UPDATE head SET seq = seq - 1",
)
BLANK = (
    "UPDATE entry SET type = NULL, id = NULL, person = NULL, other_person = NULL, retracts = NULL, record = NULL, "
    "salt = NULL WHERE seq = {}"
)
LAST = "(SELECT max(seq) FROM entry)"
HEAD_TO = "UPDATE head SET (seq, recorded_at, digest) = (SELECT seq, recorded_at, digest FROM entry WHERE seq = {})"
HEAD_TO_LAST = HEAD_TO.format(LAST)
ERASURE = "(SELECT seq FROM entry WHERE type = 'erasure')"


def insert(seq: int | str, moment: str, *, follow: str) -> Callable[[sqlite3.Connection], None]:
    """Put in a record that was never appended, chained to the entry that a query finds."""

    def work(sql: sqlite3.Connection) -> None:
        record = record_to_json(event("forged"))
        salt = b"0123456789abcdef"
        before, place = sql.execute(f"SELECT digest, {seq} FROM entry WHERE seq = {follow}").fetchone()
        commitment = committed(salt, record)
        digest = chained(before, place, moment, commitment)
        sql.execute(
            "INSERT INTO entry VALUES (?,?,'training-event','e-forged','p-1',NULL,NULL,?,?,?,?)",
            (place, moment, record, salt, commitment, digest),
        )

    return work


def mend(sql: sqlite3.Connection) -> None:
    """Make the digest of entry 28 follow from the one before it."""
    (before,) = sql.execute("SELECT digest FROM entry WHERE seq = 27").fetchone()
    rest = sql.execute("SELECT seq, recorded_at, commitment FROM entry WHERE seq = 28").fetchone()
    sql.execute("UPDATE entry SET digest = ? WHERE seq = 28", [chained(before, *rest)])


def commit_anew(sql: sqlite3.Connection) -> None:
    """Make the commitment of one record fit it again."""
    commitment = committed(*sql.execute("SELECT salt, record FROM entry WHERE id = 'e-5'").fetchone())
    sql.execute("UPDATE entry SET commitment = ? WHERE id = 'e-5'", [commitment])


def head_to_nothing(sql: sqlite3.Connection) -> None:
    sql.execute("UPDATE head SET seq = 0, recorded_at = '', digest = ?", [GENESIS])


GENESIS = hashlib.sha256(b"peer-ledger genesis 1").digest()
M0, M5 = "2026-01-01T00:00:00.000000Z", "2026-06-01T00:00:00.000000Z"
EARLY, LATE = "2025-12-31T00:00:00.000000Z", "2027-01-01T00:00:00.000000Z"
ANOTHER_TITLE = "UPDATE entry SET record = replace(record, 'Title 5', 'Title 6') WHERE id = 'e-5'"
OTHERWISE = "UPDATE entry SET record = replace(record, ',', ', ') WHERE id = 'e-5'"
OFFSET = "UPDATE entry SET recorded_at = replace(recorded_at, 'Z', '+00:00') WHERE id = 'e-5'"
RETRACT = (
    "UPDATE entry SET (record, retracts, person) = (replace(record, '\"d-1\"', '\"{0}\"'), '{0}', "
    "(SELECT person FROM entry WHERE id = '{0}')) WHERE id = 'd-1~retracted'"
)
REFILL = (
    "UPDATE entry SET (type, id, person, record, salt) = (SELECT type, 'e-forged', person, "
    "replace(record, 'e-5', 'e-forged'), randomblob(16) FROM entry WHERE id = 'e-5') WHERE seq = 3"
)

TAMPERED: dict[str, tuple[Statement, ...]] = {
    "a record altered": (ANOTHER_TITLE,),
    "a record and its commitment altered": (ANOTHER_TITLE, commit_anew),
    "the last record altered, all fitting but the head": (
        f"UPDATE entry SET record = replace(record, 'Ethics', 'Xthics') WHERE seq = {LAST}",
        recompute("commitment", head=False),
    ),
    "a record written otherwise": (OTHERWISE,),
    "a record written otherwise, all fitting": (OTHERWISE, recompute("commitment")),
    "a record that is none, all fitting": (
        "UPDATE entry SET record = replace(record, '2025-03-04', '2025-02-30') WHERE id = 'e-5'",
        recompute("commitment"),
    ),
    "a record of another person, all fitting but the columns": (
        "UPDATE entry SET record = replace(record, '\"p-1\"', '\"p-2\"') WHERE id = 'e-4'",
        recompute("commitment"),
    ),
    "a retraction of what never was, all fitting": (
        RETRACT.format("e-x"),
        recompute("commitment"),
    ),
    "a retraction of what came later, all fitting": (
        RETRACT.format("e-last"),
        recompute("commitment"),
    ),
    "a record made a blob": ("UPDATE entry SET record = CAST(record AS BLOB) WHERE id = 'e-5'",),
    "a salt altered": ("UPDATE entry SET salt = randomblob(16) WHERE id = 'e-5'",),
    "a salt made a text": ("UPDATE entry SET salt = '0123456789abcdef' WHERE id = 'e-5'",),
    "a commitment altered": ("UPDATE entry SET commitment = randomblob(32) WHERE id = 'e-5'",),
    "a digest altered": ("UPDATE entry SET digest = randomblob(32) WHERE id = 'e-5'",),
    "a moment altered": (f"UPDATE entry SET recorded_at = '{EARLY}' WHERE seq = 1",),
    "a moment before that of the entry before, all fitting": (
        f"UPDATE entry SET recorded_at = '{EARLY}' WHERE id = 'e-5'",
        recompute(),
    ),
    "a moment made that of the neighbors": (f"UPDATE entry SET recorded_at = '{M0}' WHERE id = 'c-1'",),
    "a moment written otherwise": (OFFSET,),
    "a moment written otherwise, all fitting": (OFFSET, recompute()),
    "the last moment altered, in the head too": (
        f"UPDATE entry SET recorded_at = '{LATE}' WHERE seq = {LAST}",
        f"UPDATE head SET recorded_at = '{LATE}'",
    ),
    "a person altered": ("UPDATE entry SET person = 'p-2' WHERE id = 'e-4'",),
    "a person altered to nobody": ("UPDATE entry SET person = NULL WHERE id = 'e-4'",),
    "a person made a blob": ("UPDATE entry SET person = CAST(person AS BLOB) WHERE id = 'e-4'",),
    "a person made a number": ("UPDATE entry SET person = x'01' WHERE id = 'e-4'",),
    "a person given to a course": ("UPDATE entry SET person = 'p-2' WHERE id = 'c-1'",),
    "the person of a retraction altered": ("UPDATE entry SET person = 'p-1' WHERE id = 'e-1~retracted'",),
    "another person altered": ("UPDATE entry SET other_person = 'p-1' WHERE id = 's-1'",),
    "another person invented": ("UPDATE entry SET other_person = 'p-1' WHERE id = 'e-5'",),
    "an id altered": ("UPDATE entry SET id = 'e-400' WHERE id = 'e-4'",),
    "a type altered": ("UPDATE entry SET type = 'course' WHERE id = 'e-4'",),
    "what is retracted altered": ("UPDATE entry SET retracts = 'e-2' WHERE id = 'e-1~retracted'",),
    "a retraction lifted": ("UPDATE entry SET retracts = NULL WHERE id = 'e-0~retracted'",),
    "a retraction invented": ("UPDATE entry SET retracts = 'e-9' WHERE id = 'e-5'",),
    "an entry removed in the middle": ("DELETE FROM entry WHERE seq = 9",),
    "an entry removed in the middle, all fitting but its number": ("DELETE FROM entry WHERE seq = 28", recompute()),
    "an entry removed and the gap closed": CLOSE_UP,
    "an entry removed, the gap closed and the chain mended around it": (*CLOSE_UP, mend),
    "the first entry removed": ("DELETE FROM entry WHERE seq = 1",),
    "the last entry removed": (f"DELETE FROM entry WHERE seq = {LAST}",),
    "all entries removed": ("DELETE FROM entry",),
    "two entries swapped": SWAP,
    "the records of two entries swapped": (
        "UPDATE entry SET id = 'x' WHERE id = 'e-5'",
        "UPDATE entry SET record = (SELECT record FROM entry WHERE id = 'x') WHERE id = 'e-9'",
    ),
    "an entry put in in the middle": (
        "UPDATE entry SET seq = -seq WHERE seq > 8",
        "UPDATE entry SET seq = -seq + 1 WHERE seq < 0",
        insert(9, M0, follow="8"),
        "UPDATE head SET seq = seq + 1",
    ),
    "an entry put in at the end, behind the head": (insert(f"{LAST} + 1", M5, follow=LAST),),
    "an entry put in at the end that does not follow": (insert(f"{LAST} + 1", M5, follow="7"), HEAD_TO_LAST),
    "an entry put in before the first": (insert("0", M0, follow="1"),),
    "an entry blanked that nobody erased": (BLANK.format(5),),
    "the last entry blanked that nobody erased": (BLANK.format(LAST),),
    "an entry erased but for its person": ("UPDATE entry SET type = NULL, record = NULL, salt = NULL WHERE seq = 5",),
    "an entry erased but for its salt": (
        "UPDATE entry SET type = NULL, id = NULL, person = NULL, record = NULL WHERE seq = 5",
    ),
    "an erased entry named": ("UPDATE entry SET person = 'p-3' WHERE seq = 3",),
    "an erased entry filled": (REFILL,),
    "an erasure altered to cover one entry more": (
        BLANK.format(5),
        f"UPDATE entry SET record = replace(record, '[3,', '[3,5,') WHERE seq = {ERASURE}",
    ),
    "an erasure that itself is erased": (BLANK.format(ERASURE),),
    "an erasure of entries that are not empty, all fitting": (REFILL, recompute("commitment")),
    "the head's digest altered": ("UPDATE head SET digest = randomblob(32)",),
    "the head's digest made a text": ("UPDATE head SET digest = hex(digest)",),
    "the head's moment altered": ("UPDATE head SET recorded_at = '2027-01-01T00:00:00.000000Z'",),
    "the head's moment removed": ("UPDATE head SET recorded_at = NULL",),
    "the head moved forward": ("UPDATE head SET seq = seq + 1",),
    "the head moved before the beginning": ("UPDATE head SET seq = -1",),
    "the head's number removed": ("UPDATE head SET seq = NULL",),
    "the head's number made a text": ("UPDATE head SET seq = 'many'",),
    "the head's number made a fraction": ("UPDATE head SET seq = seq + 0.5",),
    "the head moved back, so that the last entry is hidden": (HEAD_TO.format("(SELECT seq - 1 FROM head)"),),
    "the head moved to the beginning, so that all is hidden": (head_to_nothing,),
}

TAMPERED_BEYOND_VERIFY: dict[str, tuple[Statement, ...]] = {
    "the last entry removed": (f"DELETE FROM entry WHERE seq = {LAST}", HEAD_TO_LAST),
    "all entries removed": ("DELETE FROM entry", head_to_nothing),
    "the last record altered": (
        f"UPDATE entry SET record = replace(record, 'Ethics', 'Xthics') WHERE seq = {LAST}",
        recompute("commitment"),
    ),
    "a record altered in the middle": (ANOTHER_TITLE, recompute("commitment")),
    "two entries swapped": (*SWAP, recompute()),
    "an entry removed": (*CLOSE_UP, recompute()),
    "a forged erasure of an entry": (
        BLANK.format(5),
        f"UPDATE entry SET record = replace(record, '[3,', '[3,5,') WHERE seq = {ERASURE}",
        recompute("commitment"),
    ),
    "a moment altered": (f"UPDATE entry SET recorded_at = '{EARLY}' WHERE seq = 1", recompute()),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_verify_finds_what_was_changed_through_sql(tmp_path, sample, name):
    path = tmp_path / "tampered"
    shutil.copyfile(sample.path, path)
    tamper(path, *TAMPERED[name])

    try:
        with Ledger.open(path) as ledger:
            integrity = ledger.verify()
    except DamagedLedger as refused:  # when it is opened: found as well
        integrity = refused
    if isinstance(integrity, DamagedLedger):
        assert ADVICE.search(str(integrity)), str(integrity)
    else:
        assert not integrity, str(integrity)
        assert str(integrity).count("\n  - ") == len(integrity.problems) > 0


@pytest.mark.parametrize("name", list(TAMPERED)[:: sized(1, 2)])
def test_whatever_was_changed_through_sql_reading_and_appending_raise_nothing_but_our_own_errors(
    tmp_path, sample, name
):
    path = tmp_path / "tampered"
    shutil.copyfile(sample.path, path)
    tamper(path, *TAMPERED[name])

    uses: list[Callable[[Ledger], Any]] = [
        lambda ledger: reading_of(ledger, sample.people),
        len,
        list,
        lambda ledger: ledger.head,
        lambda ledger: list(ledger.people()),
        lambda ledger: ledger.counts(),
        lambda ledger: ledger.known_at(MOMENTS[3]).counts(),
        lambda ledger: [ledger.records_of(person) for person in sample.people],
        lambda ledger: write_archive(ledger, tmp_path / "archive"),
        lambda ledger: ledger.retract("e-9", reason="a mistake"),
        lambda ledger: ledger.append(event("more")),
        lambda ledger: ledger.erase("p-2"),
        lambda ledger: ledger.verify(),
    ]
    unexpected = []
    for use in uses:
        try:
            with Ledger.open(path) as ledger:
                use(ledger)
        except PeerLedgerError:
            continue
        except Exception as error:  # noqa: BLE001 - this is what must not happen
            unexpected.append(repr(error))
    assert unexpected == []


@pytest.mark.parametrize("name", TAMPERED_BEYOND_VERIFY)
def test_the_noted_head_finds_what_was_changed_through_sql_with_every_digest_made_to_fit(tmp_path, sample, name):
    path = tmp_path / "tampered"
    shutil.copyfile(sample.path, path)
    tamper(path, *TAMPERED_BEYOND_VERIFY[name])

    with Ledger.open(path) as ledger:
        assert ledger.verify(), "whoever made everything fit is found by the noted head only"
        integrity = ledger.verify(sample.head)
        ledger.append([event(f"more-{n}") for n in range(60)])
        later = ledger.verify(sample.head)

    assert (bool(integrity), bool(later)) == (False, False)


def test_an_untouched_ledger_verifies_with_every_head_that_was_ever_noted(tmp_path, sample):
    path = tmp_path / "copy"
    shutil.copyfile(sample.path, path)
    with Ledger.open(path) as ledger:
        assert ledger.verify(sample.head)
        assert all(ledger.verify((entry.seq, entry.digest)) for entry in ledger)
        ledger.append([event(f"more-{n}") for n in range(5)])
        assert ledger.verify(sample.head)
        assert not ledger.verify((sample.head[0] + 100, sample.head[1]))


def test_what_was_known_before_an_erasure_still_verifies_after_it(tmp_path, sample):
    """The erasure is recorded later than the moment asked for; the entries that it emptied are not damaged."""
    with Ledger.open(sample.path, read_only=True) as ledger:
        wrong = {
            moment: str(ledger.known_at(moment).verify()) for moment in MOMENTS if not ledger.known_at(moment).verify()
        }
    assert wrong == {}


def test_an_archive_of_what_was_known_before_an_erasure_is_refused_or_reads_back_to_a_ledger_that_verifies(
    tmp_path, sample
):
    with Ledger.open(sample.path, read_only=True) as ledger:
        try:
            write_archive(ledger.known_at(MOMENTS[3]), tmp_path / "then")
        except LedgerMisuse:
            return
    assert read_archive(tmp_path / "then").verify()


def test_a_head_that_claims_more_entries_than_the_file_can_hold_is_damage(tmp_path, sample):
    """A list of the entries of such a file is not begun: it would take memory for all that are claimed."""
    path = tmp_path / "sample"
    path.write_bytes(sample.bytes)
    tamper(path, "UPDATE entry SET seq = 4611686018427387904 WHERE seq = (SELECT max(seq) FROM entry)")
    tamper(path, "UPDATE head SET seq = 4611686018427387904")
    with Ledger.open(path, read_only=True) as ledger:
        with pytest.raises(DamagedLedger, match="too small for the 4611686018427387904 entries"):
            list(ledger)
        assert not ledger.verify()


def test_pages_that_lead_back_to_themselves_are_damage(tmp_path, sample, monkeypatch):
    """Reading ends where an entry comes after one of a higher number, and does not go round for ever."""
    path = tmp_path / "sample"
    path.write_bytes(sample.bytes)
    with Ledger.open(path, read_only=True) as ledger:
        all_of = type(ledger._store)._all

        def going_round(store: Any, sql: str, *values: Any) -> list[Any]:
            return all_of(store, sql, 0, *values[1:]) if "ORDER BY seq LIMIT" in sql else all_of(store, sql, *values)

        monkeypatch.setattr(type(ledger._store), "_all", going_round)
        with pytest.raises(DamagedLedger, match="entry 1 comes after entry"):
            list(ledger)


def test_an_index_that_gives_two_entries_of_one_number_breaks_no_order(tmp_path, sample, monkeypatch):
    """What a damaged index gives of a person is ordered by number and by nothing else, since the rest may be missing."""
    path = tmp_path / "sample"
    path.write_bytes(sample.bytes)
    with Ledger.open(path, read_only=True) as ledger:
        all_of = type(ledger._store)._all

        def twice(store: Any, sql: str, *values: Any) -> list[Any]:
            found = all_of(store, sql, *values)
            blank = [(*row[:2], None, None, None, None, None, None, None, *row[9:]) for row in found]
            return [*found, *blank] if "UNION ALL" in sql else found

        monkeypatch.setattr(type(ledger._store), "_all", twice)
        assert ledger.entries_of("p-1")


# --- where nothing can be written -------------------------------------------------------------------------------------


def a_ledger(path: Path, *, killed: bool = False) -> list[TrainingEvent]:
    """Make a ledger in a process of its own, closed in order or killed."""
    events = [event(n) for n in range(20)]

    def write() -> None:
        with Ledger.open(path) as ledger:
            ledger.append(events[:10])
        with Ledger.open(path) as ledger:
            ledger.append(events[10:])
            if killed:
                os.kill(os.getpid(), signal.SIGKILL)

    pid = os.fork()
    if pid == 0:
        write()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == (-signal.SIGKILL if killed else 0)
    return events


def records_in(path: Path, **how: Any) -> list[Any]:
    with Ledger.open(path, **how) as ledger:
        assert ledger.verify()
        return [entry.record for entry in ledger]


MODES = [(0o444, 0o555), (0o644, 0o555), (0o666, 0o555), (0o444, 0o777), (0o644, 0o755)]


@pytest.mark.parametrize(("file_mode", "folder_mode"), MODES, ids=lambda mode: f"{mode:o}")
def test_where_nothing_can_be_written_opening_to_write_is_refused_and_opening_to_read_reads(
    folder, file_mode, folder_mode
):
    path = folder / "ledger"
    events = a_ledger(path)
    path.chmod(file_mode)
    folder.chmod(folder_mode)
    before = files_in(folder)

    raised, message = as_nobody(lambda: records_in(path))
    assert (LedgerNotWritable, True) == (raised, "read_only=True" in message)
    assert before == files_in(folder)
    assert (None, events) == as_nobody(lambda: records_in(path, read_only=True))
    assert before["ledger"] == path.read_bytes()


@pytest.mark.parametrize("suffix", ["", "/sub/ledger"], ids=["in it", "below it"])
@pytest.mark.parametrize("folder_mode", [0o000, 0o444])
def test_a_folder_that_may_not_be_entered_gives_an_error_of_our_own(folder, folder_mode, suffix):
    inner = folder / "inner"
    (inner / "sub").mkdir(parents=True)
    a_ledger(inner / "ledger")
    inner.chmod(folder_mode)
    path = Path(f"{inner}{suffix}") if suffix else inner / "ledger"

    for how in ({}, {"create": False}, {"read_only": True}):
        raised, message = as_nobody(lambda how=how: records_in(path, **how))
        assert raised is LedgerNotWritable, message
        assert ADVICE.search(message), message


def test_a_file_that_may_not_be_read_is_said_to_be_so(folder):
    path = folder / "ledger"
    a_ledger(path)
    path.chmod(0o000)
    for how in ({}, {"read_only": True}):
        raised, message = as_nobody(lambda how=how: records_in(path, **how))
        assert raised is LedgerNotWritable, message
        assert "read" in message
        assert ADVICE.search(message), message


def test_a_new_ledger_in_a_folder_that_may_not_be_written_is_refused_and_leaves_nothing(folder):
    raised, message = as_nobody(lambda: records_in(folder / "ledger"))
    assert raised is LedgerNotWritable, message
    assert names_in(folder) == []


@pytest.mark.parametrize("missing", [(), ("-shm",)], ids=["complete", "without -shm"])
@pytest.mark.parametrize("linked", [False, True], ids=["itself", "by a link"])
def test_what_a_killed_writer_left_where_nothing_can_be_written_is_read_whole_or_refused(folder, missing, linked):
    """The last entries stand in the -wal file only; who may not write must never be shown less without a word."""
    inner, links = folder / "inner", folder / "links"
    inner.mkdir()
    links.mkdir()
    path, link = inner / "ledger", links / "link"
    events = a_ledger(path, killed=True)
    link.symlink_to(path)
    for suffix in missing:
        path.with_name(f"ledger{suffix}").unlink()
    for file in inner.iterdir():
        file.chmod(0o644)
    inner.chmod(0o555)

    raised, value = as_nobody(lambda: records_in(link if linked else path, read_only=True))

    if raised is None:
        assert events == value
    else:
        assert (LedgerNotWritable, True) == (raised, "-wal" in value), value


def test_a_reader_who_may_not_write_the_file_leaves_nothing_that_keeps_its_owner_from_writing(folder):
    path = folder / "ledger"
    events = a_ledger(path)
    path.chmod(0o644)
    folder.chmod(0o777)
    if os.geteuid() == 0:
        os.chown(path, NOBODY - 1, NOBODY - 1)

    assert (None, events) == as_nobody(lambda: records_in(path, read_only=True))

    def append_as_owner() -> int:
        if os.geteuid() == 0:
            os.setgid(NOBODY - 1)
            os.setuid(NOBODY - 1)
        with Ledger.open(path) as ledger:
            return ledger.append(event("more")).last

    assert in_child(append_as_owner) == (None, 21)


def test_a_reader_who_may_not_write_anything_is_not_misled_when_the_owner_appends(folder):
    """The owner may come at any time; who has the file open to read sees what was there or what is, and no damage."""
    path = folder / "ledger"
    people = [f"p-{n}" for n in range(50)]
    events = [event(n, people[n % 50], f"Title {n}{' long' * 40}") for n in range(3000)]
    with Ledger.open(path) as ledger:
        ledger.append(events[:1000])
    path.chmod(0o644)
    opened, open_now = os.pipe()
    go, go_now = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.read(opened, 1)
            with Ledger.open(path) as ledger:
                ledger.append(events[1000:])
            os.write(go_now, b"x")
        finally:
            os._exit(0)

    def read_on() -> Any:
        with Ledger.open(path, read_only=True) as ledger:
            before = [entry.record for entry in ledger] == events[:1000] and len(ledger.records_of("p-7")) == 20
            os.write(open_now, b"x")
            os.read(go, 1)
            found = [entry.record for entry in ledger]
            known = ledger.known_at(list(ledger)[-1].recorded_at)
            each = [len(known.records_of(person)) for person in people]
            return before, found == events[: len(found)], len(found), set(each), bool(ledger.verify())

    raised, said = as_nobody(read_on)
    os.waitpid(pid, 0)
    for end in (opened, open_now, go, go_now):
        os.close(end)
    assert raised is None, said
    assert said in [(True, True, count, {count // 50}, True) for count in (1000, 3000)], said


def test_a_ledger_opened_to_be_read_refuses_every_change_and_the_file_stays_as_it_is(tmp_path, sample):
    path = tmp_path / "ledger"
    shutil.copyfile(sample.path, path)
    with Ledger.open(path, read_only=True) as ledger:
        assert sample.reading == reading_of(ledger, sample.people)
        for change in (
            lambda: ledger.append(event("more")),
            lambda: ledger.retract("e-9", reason="a mistake"),
            lambda: ledger.correct("e-9", {"title": "Other"}, reason="a mistake"),
            lambda: ledger.erase("p-2"),
            lambda: read_archive(sample.archive, into=ledger),
        ):
            with pytest.raises(LedgerMisuse, match="read_only"):
                change()
        assert sample.reading == reading_of(ledger, sample.people)
    assert sample.bytes == path.read_bytes()


# --- full disks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("limit", "step"), [(0, 5), (8192, 5), (20_000, 1)])
def test_a_disk_that_fills_at_any_moment_of_making_a_ledger_leaves_none_or_a_whole_one(tmp_path, limit, step):
    """Whatever has its name is a ledger: a half-made one would never open again."""
    _, count = in_child(lambda: steadily()(lines_of)(lambda: Ledger.open(tmp_path / "counted").close()))
    assert count > 20
    (tmp_path / "counted").unlink()
    wrong = {}
    made = 0
    for line in range(0, count, step * sized(1, 12)):
        folder = tmp_path / str(line)
        folder.mkdir()
        path = folder / "ledger"

        @steadily()
        def create(line: int = line, path: Path = path) -> None:
            lines_of(lambda: Ledger.open(path).close(), line, lambda: fill_disk(limit))

        raised, message = in_child(create)
        if raised is not None and not issubclass(raised, DiskFull | LedgerFileError):
            wrong[line] = message
        made += raised is None
        left = set(names_in(folder))
        if not left <= {"ledger", "ledger-wal", "ledger-shm"} or (raised is None and "ledger" not in left):
            wrong[line] = f"left {left}"
        if not left and line % 7:  # nothing to find
            continue
        try:
            with Ledger.open(path) as ledger:
                if (len(ledger), bool(ledger.verify()), ledger.append(event(1)).last) != (0, True, 1):
                    wrong[line] = "not as new"
        except PeerLedgerError as error:
            wrong[line] = f"after {raised}: {error}"
    assert wrong == {}
    assert 0 < made < count / step


@pytest.mark.parametrize("limit", [0, 12_000])
def test_a_disk_that_fills_at_any_moment_of_an_append_keeps_all_or_nothing_of_it_and_the_ledger_stays_usable(
    tmp_path, limit
):
    """The same process, the same open ledger, goes on when there is room again."""
    batch = [event("new-1"), event("new-2", title="A long title. " * 600 + "End"), event("new-3")]

    @steadily()
    def append_at(line: int | None) -> Any:
        path = tmp_path / f"{limit}-{line}"
        with Ledger.open(path) as ledger:
            ledger.append([event(n) for n in range(20)])
        with Ledger.open(path) as ledger:
            said = None
            try:
                count = lines_of(lambda: ledger.append(batch), line, lambda: fill_disk(limit))
            except LedgerFileError as error:
                said, count = (type(error), str(error)), 0
            fill_disk(UNLIMITED)
            kept, sound = len(ledger) - 20, bool(ledger.verify())
            ledger.append([event("after"), *batch])
            whole = bool(ledger.verify())
        with Ledger.open(path) as ledger:
            return said, kept, sound, whole, bool(ledger.verify()), len(ledger), count

    _, (*_, count) = in_child(lambda: append_at(None))
    assert count > 20
    failed = 0
    for line in range(0, count, count // sized(25, 10)):
        raised, outcome = in_child(lambda line=line: append_at(line))
        assert raised is None, outcome
        said, kept, *rest, _ = outcome
        assert rest == [True, True, True, 24], (line, outcome)
        assert kept == (0 if said else 3), (line, outcome)
        if said:
            failed += 1
            assert "disk" in said[1], said
            assert said[0] in (DiskFull, LedgerFileError)
    assert failed > sized(5, 2)


@pytest.mark.parametrize("limit", [0, 100_000])
def test_a_disk_that_fills_at_any_moment_of_an_erasure_is_told_honestly(tmp_path, limit):
    """What was raised was not done, and what was done is not said to have failed, even if it could not be purged."""
    path = tmp_path / "ledger"
    with Ledger.open(path) as ledger:
        ledger.append([event(n, f"p-{n % 75}", "A title of some length " * 60 + "End") for n in range(300)])
    assert path.stat().st_size > 400_000

    @steadily()
    def erase_at(line: int | None) -> Any:
        with Ledger.open(path) as ledger:
            try:
                count = lines_of(lambda: ledger.erase("p-7"), line, lambda: fill_disk(limit))
                done = True
            except LedgerFileError:
                done, count = False, 0
            fill_disk(UNLIMITED)
            there = len(ledger.records_of("p-7"))
            sound = bool(ledger.verify())
            if there:
                ledger.erase("p-7")
        with Ledger.open(path) as ledger:
            return done, there, sound, len(ledger.records_of("p-7")), bool(ledger.verify()), count

    original = path.read_bytes()
    _, (*_, count) = in_child(lambda: erase_at(None))
    assert count > 20
    outcomes = set()
    for line in sorted({*range(0, count, count // sized(15, 6)), *range(count - sized(10, 4), count)}):
        path.write_bytes(original)
        raised, outcome = in_child(lambda line=line: erase_at(line))
        assert raised is None, outcome
        done, there, *rest, _ = outcome
        assert rest == [True, 0, True], (line, outcome)
        assert there == (0 if done else 4), (line, outcome)
        assert b'"p-7"' not in path.read_bytes(), line
        outcomes.add(done)
    assert False in outcomes or limit == 100_000


def test_a_disk_that_fills_in_the_middle_of_a_long_append_keeps_none_of_it(tmp_path, monkeypatch):
    """Long appends are worked through some hundreds of records at a time, and are kept all or not at all."""
    path = tmp_path / "ledger"
    with Ledger.open(path) as ledger:
        ledger.append([event(f"old-{n}") for n in range(10)])
    connect = sqlite3.connect

    def small(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        connection = connect(*args, **kwargs)
        connection.execute("PRAGMA max_page_count = 200")
        return connection

    monkeypatch.setattr(sqlite3, "connect", small)
    asked = []

    def many() -> Iterator[TrainingEvent]:
        for n in range(5000):
            asked.append(n)
            yield event(f"new-{n}")

    with Ledger.open(path) as ledger:
        with pytest.raises(DiskFull, match="room"):
            ledger.append(many())
        assert 600 < len(asked) < 5000, "it filled after the first hundreds and before the end"
        assert len(ledger) == 10
        assert ledger.verify()
        assert ledger.append(event("after")).last == 11
    with Ledger.open(path) as ledger:
        assert len(list(ledger)) == 11
        assert ledger.verify()


def test_a_source_that_fails_in_the_middle_of_a_long_append_keeps_none_of_it(tmp_path):
    def some() -> Iterator[TrainingEvent]:
        yield from (event(n) for n in range(1700))
        raise LookupError("the export is torn")

    for ledger in (Ledger(), Ledger.open(tmp_path / "ledger")):
        with ledger:
            with pytest.raises(LookupError):
                ledger.append(some())
            assert len(ledger) == 0
            assert tuple(ledger.people()) == ()
            assert ledger.append(event(1)).last == 1
            assert ledger.verify()


def test_every_connection_that_writes_waits_for_the_disk_at_every_commit(tmp_path, monkeypatch):
    """Killing a process does not show it, only a power cut would: the settings must say it."""
    made = []
    connect = sqlite3.connect

    def kept(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        made.append(connect(*args, **kwargs))
        return made[-1]

    monkeypatch.setattr(sqlite3, "connect", kept)
    with Ledger.open(tmp_path / "ledger") as ledger:
        ledger.append(event(1))
        usable = []
        for connection in made:
            try:
                usable.append(
                    [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
                )
            except sqlite3.ProgrammingError:  # closed by now
                continue
    assert usable
    assert all(mode == "wal" and level >= 2 for mode, level in usable), usable


# --- erased content ---------------------------------------------------------------------------------------------------


def traces_of(rows: list[Any]) -> list[bytes]:
    """Everything by which entries could be recognized: ids, texts, salts."""
    traces = []
    for record_id, person, record, salt in rows:
        traces += [record_id.encode(), salt, *re.findall(rb'"([^"]{0,20}[Hh]er[^"]{0,20})', record.encode())]
        traces += [person.encode()] if person and len(person) > 4 else []
    return traces


def found_in(folder: Path, traces: list[bytes]) -> dict[str, list[bytes]]:
    found = {name: [trace for trace in traces if trace in data] for name, data in files_in(folder).items()}
    return {name: some for name, some in found.items() if some}


ABOUT = "SELECT id, person, record, salt FROM entry WHERE person IN ('the-erased-one', 'her-other-id')"


def test_nothing_of_an_erased_person_is_left_in_the_files(tmp_path):
    path = tmp_path / "ledger"

    def write() -> Any:
        with Ledger.open(path) as ledger:
            ledger.append([event(f"before-{n}", f"p-{n}") for n in range(30)])
            ledger.append([event(f"hers-{n}", "the-erased-one", f"Her own title number {n}") for n in range(30)])
            ledger.append(event("hers-long", "the-erased-one", "Her own long title. " * 450 + "End"))
            ledger.append(SamePerson(id="hers-two-ids", people={"the-erased-one", "her-other-id"}))
            ledger.append(event("hers-other", "her-other-id", "Under her other id"))
            ledger.correct("e-hers-3", {"title": "Her corrected title"}, reason="her reason for it")
            ledger.retract("e-hers-4", reason="her reason to retract", by="the-clerk-of-hers")
            ledger.append([event(f"after-{n}", f"p-{n}") for n in range(30)])
        with Ledger.open(path) as ledger:
            ledger.append(event("hers-pending", "the-erased-one", "Her title in the write-ahead file"))
            rows = query(path, ABOUT)
            before = found_in(tmp_path, traces_of(rows))
            erased = ledger.erase("her-other-id")
            return rows, before, erased.purged, found_in(tmp_path, traces_of(rows)), bool(ledger.verify())

    raised, said = in_child(write)
    assert raised is None, said
    rows, before, purged, after, sound = said
    assert len(rows) == 30 + 1 + 1 + 1 + 2 + 1 + 1
    assert sorted(before) == ["ledger", "ledger-wal"]
    assert (purged, after, sound) == (True, {}, True)
    assert found_in(tmp_path, traces_of(rows)) == {}


@pytest.mark.parametrize("seed", range(sized(3, 1)))
def test_nothing_of_erased_people_is_left_in_a_file_that_has_grown_at_random(tmp_path, seed):
    """SQLite moves entries between pages as a file grows; what it leaves behind of them must go as well."""
    rng = random.Random(f"{SEED}/{seed}")
    path = tmp_path / "ledger"
    people = [f"person-{rng.getrandbits(48):012x}" for _ in range(150)]
    number = 0

    def batch(size: int) -> Iterator[TrainingEvent]:
        nonlocal number
        for _ in range(size):
            number += 1
            who = rng.choice(people)
            filler = "x" * rng.choice([1, 10, 200, 2000])
            yield event(f"{rng.getrandbits(40):010x}-of-{who}-{number}", who, f"Title of {who} {filler}")

    with Ledger.open(path) as ledger:
        for _ in range(60):
            ledger.append(batch(rng.choice([1, 5, 40])))
        there = list(ledger.people())
        erased = rng.sample(there, len(there) // 2)
        purged = [ledger.erase(person).purged for person in erased]
        assert ledger.verify()
    assert all(purged)
    data = path.read_bytes()
    assert [person for person in erased if person.encode() in data] == []
    assert [person for person in set(there) - set(erased) if person.encode() not in data] == []


def test_an_erasure_that_a_reader_keeps_from_being_purged_says_so_and_is_purged_when_the_file_is_closed(tmp_path):
    path = tmp_path / "ledger"
    with Ledger.open(path) as ledger:
        ledger.append([event(n) for n in range(5)])
        ledger.append(event("hers", "the-erased-one", "Her own title"))

    def erase_beside_a_reader() -> Any:
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM entry").fetchone()
        with Ledger.open(path, wait=0.05) as ledger:
            erased = ledger.erase("the-erased-one")
            gone = ledger.records_of("the-erased-one") == ()
            reader.close()
            return erased.purged, gone, bool(ledger.verify())

    assert in_child(erase_beside_a_reader) == (None, (False, True, True))
    assert found_in(tmp_path, [b"the-erased-one", b"Her own title"]) == {}
