"""
Many at once: processes and threads write, read, open and close one ledger, and it stays one.

Processes are forked from the loaded test process and wait at a gate, so that they start together.  No process of a test
that has a ledger open reads its file otherwise: closing such a file would break the locks that the process holds on it.
"""

import os
import random
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

import peer_ledger
from children import Child, Say
from effort import sized
from lines import lines_of
from peer_ledger import Credit, Ledger, LedgerView, Record, SamePerson, TrainingEvent
from peer_ledger.errors import LedgerBusy, LedgerMisuse

SEED = int(os.environ.get("PEER_LEDGER_SEED", "20261121"))
PACKAGE = str(Path(peer_ledger.__file__).parent)


# --- what the tests stand on ------------------------------------------------------------------------------------------


class Gate:
    """A place where processes wait for a word from the test."""

    def __init__(self) -> None:
        self._waiting, self._opening = os.pipe()

    def wait(self) -> None:
        """Wait until the gate opens; for the processes."""
        os.read(self._waiting, 1)

    def is_open(self) -> bool:
        """Look whether it is open, without waiting; for the processes."""
        os.set_blocking(self._waiting, False)
        try:
            return bool(os.read(self._waiting, 1))
        except BlockingIOError:
            return False

    def open(self) -> None:
        """Let everybody through; for the test."""
        os.write(self._opening, b"!" * 100)

    def close(self) -> None:
        os.close(self._waiting)
        os.close(self._opening)


@pytest.fixture
def gates() -> Iterator[Callable[[], Gate]]:
    made: list[Gate] = []

    def gate() -> Gate:
        made.append(Gate())
        return made[-1]

    yield gate
    for one in made:
        one.close()


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Let threads take turns after microseconds instead of milliseconds."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.fixture(params=["memory", "file"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    with Ledger() if request.param == "memory" else Ledger.open(tmp_path / "ledger") as ledger:
        yield ledger


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def event(name: str, person: str = "p-1") -> TrainingEvent:
    return TrainingEvent(
        id=f"e-{name}", person=person, completed="2025-03-04", credits=[Credit(amount="1.5", topics={"ethics"})]
    )


def ids_in(ledger: LedgerView | Iterable[Any]) -> list[str | None]:
    return [entry.record and entry.record.id for entry in ledger]


def together(works: Iterable[Callable[[], Any]], seconds: float = 60) -> None:
    """Run some work in threads, all at once, and raise what one of them raised."""
    raised: list[BaseException] = []
    works = list(works)
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> None:
        start.wait()
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - it is raised again below
            raised.append(error)

    threads = [threading.Thread(target=run, args=[work], daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds)
        assert not thread.is_alive(), "a thread hung"
    if raised:
        raise raised[0]


# --- processes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("writers", "appends"), [(2, 60), (4, 40)])
def test_processes_that_append_at_once_lose_nothing_and_double_nothing(tmp_path, gates, writers, appends):
    """Some of what they append they have in common; readers beside them always see a beginning of what comes out."""
    path = tmp_path / "ledger"
    Ledger.open(path).close()
    start, stop = gates(), gates()

    def batch(writer: int, number: int) -> list[Record]:
        size = random.Random(f"{SEED}/{writer}/{number}").choice([1, 2, 3, 9])
        own = [event(f"{writer}/{number}/{place}", f"p-{place}") for place in range(size)]
        return [event(f"common/{number}"), *own, event(f"common/{number + 1}")]

    def write(writer: int, say: Say) -> None:
        with Ledger.open(path) as ledger:
            start.wait()
            for number in range(appends):
                done = ledger.append(batch(writer, number))
                say(f"{done.added} {done.unchanged} {done.last}")

    def read(say: Say, *, read_only: bool) -> None:
        with Ledger.open(path, read_only=read_only) as ledger:
            start.wait()
            length = 0
            while not stop.is_open():
                head = ledger.head
                entries = list(ledger)
                assert length <= head[0] <= len(entries)
                length = len(entries)
                assert [entry.seq for entry in entries] == list(range(1, length + 1))
                assert not head[0] or entries[head[0] - 1].digest == head[1]
                integrity = ledger.verify(head)
                assert integrity, str(integrity)
                hers = [entry.record for entry in entries if entry.record.person == "p-1"]
                assert hers == list(ledger.records_of("p-1"))[: len(hers)]
                assert len(list(ledger.people())) <= 10
                say(f"{length} {entries[-1].digest if entries else ''}")

    writing = [Child(lambda say, writer=writer: write(writer, say)) for writer in range(writers)]
    reading = [Child(lambda say, read_only=read_only: read(say, read_only=read_only)) for read_only in (False, True)]
    start.open()
    acknowledged = [child.end() for child in writing]
    stop.open()
    seen = [child.end() for child in reading]

    with Ledger.open(path) as ledger:
        integrity = ledger.verify()
        assert integrity, str(integrity)
        ids = ids_in(ledger)
        digests = [entry.digest for entry in ledger]
    wanted = {record.id for writer in range(writers) for number in range(appends) for record in batch(writer, number)}
    assert len(ids) == len(wanted)
    assert wanted == set(ids)
    assert len(wanted) == sum(int(said.split()[0]) for child in acknowledged for said in child)
    for writer in range(writers):
        own = [record_id for record_id in ids if record_id.startswith(f"e-{writer}/")]
        assert own == [r.id for number in range(appends) for r in batch(writer, number) if "common" not in r.id]
        for number, said in enumerate(acknowledged[writer]):
            added, unchanged, last = map(int, said.split())
            assert added + unchanged == len(batch(writer, number))
            assert set(ids[last - added : last]) <= {record.id for record in batch(writer, number)}, (
                "an append is in one piece"
            )
    for child in seen:
        assert child
        for length, _, digest in (said.partition(" ") for said in child):
            assert not int(length) or digests[int(length) - 1] == digest


def test_processes_that_open_and_close_all_the_time_lose_nothing(tmp_path, gates):
    """Whoever closes last removes SQLite's files beside the ledger, while others are just coming."""
    path = tmp_path / "ledger"
    start = gates()

    def work(number: int, say: Say) -> None:
        rng = random.Random(f"{SEED}/{number}")
        start.wait()
        for turn in range(sized(40, 15)):
            with Ledger.open(path, read_only=path.exists() and rng.random() < 0.3) as ledger:
                assert ledger.verify()
                try:
                    ledger.append([event(f"{number}/{turn}/{place}") for place in range(3)])
                except LedgerMisuse:
                    continue
                assert len(ledger.records_of("p-1")) % 3 == 0
                say(f"{turn}")

    children = [Child(lambda say, number=number: work(number, say)) for number in range(4)]
    start.open()
    turns = [child.end() for child in children]
    with Ledger.open(path) as ledger:
        assert ledger.verify()
        wanted = [f"e-{number}/{turn}/{place}" for number in range(4) for turn in turns[number] for place in range(3)]
        assert len(wanted) > sized(200, 75)
        assert sorted(ids_in(ledger)) == sorted(wanted)
    assert names_in(tmp_path) == ["ledger"]


def test_processes_that_make_the_same_ledger_at_once_make_one(tmp_path, gates):
    for turn in range(12):
        folder = tmp_path / str(turn)
        folder.mkdir()
        start = gates()

        def work(number: int, say: Say, start: Gate = start, path: Path = folder / "ledger") -> None:
            start.wait()
            with Ledger.open(path) as ledger:
                say(str(ledger.append([event("common"), event(str(number))]).last))

        children = [Child(lambda say, number=number, work=work: work(number, say)) for number in range(4)]
        start.open()
        lasts = [int(child.end()[0]) for child in children]
        with Ledger.open(folder / "ledger", create=False) as ledger:
            assert ledger.verify()
            assert sorted(ids_in(ledger)) == ["e-0", "e-1", "e-2", "e-3", "e-common"]
            assert sorted(lasts) == [2, 3, 4, 5]
        assert names_in(folder) == ["ledger"], "nothing is left beside it"


@pytest.mark.parametrize("links", [True, False], ids=["as it is", "on a file system without second names"])
def test_a_ledger_that_another_process_makes_at_any_line_of_making_it_is_the_one(tmp_path, gates, links):
    """Whoever comes second finds the first one's ledger with what was appended to it."""

    def make(path: Path, say: Say, line: int | None) -> None:
        if not links:
            os.link = refuse  # in this process only
        gate = gates()

        def another(say: Say) -> None:
            gate.wait()
            with Ledger.open(path) as ledger:
                ledger.append(event("another's"))
                say("appended")

        other = Child(another)

        def meanwhile() -> None:
            sys.settrace(None)
            gate.open()
            deadline = time.monotonic() + 0.3  # it may have to wait for us
            while time.monotonic() < deadline and not os.waitid(
                os.P_PID, other.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT
            ):
                time.sleep(0.001)

        lines = lines_of(lambda: Ledger.open(path).close(), line, meanwhile)
        gate.open()
        assert other.end() == ["appended"]
        with Ledger.open(path) as ledger:
            ledger.append(event("ours"))
            assert ledger.verify()
            say(f"{lines} {' '.join(map(str, ids_in(ledger)))}")

    count, *_ = Child(lambda say: make(tmp_path / "counted", say, None)).end()[0].split()
    assert int(count) > 20
    wrong = {}
    for line in range(0, int(count), sized(1, 24) * (3 if links else 1)):
        folder = tmp_path / str(line)
        folder.mkdir()
        _, *ids = Child(lambda say, path=folder / "ledger", line=line: make(path, say, line)).end()[0].split()
        if ids != ["e-another's", "e-ours"] or names_in(folder) != ["ledger"]:
            wrong[line] = ids, names_in(folder)
    assert wrong == {}


def refuse(*_: Any, **__: Any) -> None:
    raise PermissionError(1, "Operation not permitted")


@pytest.mark.parametrize("read_only", [False, True], ids=["to write", "to read"])
@pytest.mark.parametrize("end", ["killed", "closed"])
def test_opening_a_ledger_once_more_in_one_process_endangers_nothing(tmp_path, gates, read_only, end):
    """
    Nobody else takes themselves for the only one, and removes the -wal file that this process goes on writing into.

    Whoever closes any handle of a file loses all their locks on it (sqlite.org/howtocorrupt.html, section 2.2).
    """
    path = tmp_path / "ledger"
    other_may_go, we_may_go = gates(), gates()

    def ours(say: Say) -> None:
        first = Ledger.open(path)
        first.append(event("first"))
        Ledger.open(path, read_only=read_only).close()
        say("opened twice")
        we_may_go.wait()
        for number in range(5):
            say(str(first.append(event(f"ours-{number}")).last))
        if end == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        first.close()

    def theirs(say: Say) -> None:
        other_may_go.wait()
        with Ledger.open(path) as ledger:
            say(str(ledger.append(event("theirs")).last))

    one, other = Child(ours), Child(theirs)
    one.hear()
    other_may_go.open()
    assert other.end() == ["2"]
    we_may_go.open()
    assert one.end(-signal.SIGKILL if end == "killed" else 0)[1:] == ["3", "4", "5", "6", "7"]

    with Ledger.open(path) as ledger:
        assert ids_in(ledger) == ["e-first", "e-theirs", *(f"e-ours-{number}" for number in range(5))]
        assert ledger.verify()


def test_several_ledgers_of_one_file_in_one_process_are_one(tmp_path):
    path = tmp_path / "ledger"
    with Ledger.open(path) as one, Ledger.open(path) as other, Ledger.open(path, read_only=True) as third:
        for number in range(10):
            assert (one, other)[number % 2].append(event(str(number))).last == number + 1
            assert len(one) == len(other) == len(third) == number + 1
        assert one.head == other.head == third.head
        assert ids_in(third) == [f"e-{number}" for number in range(10)]
        assert third.verify()


def test_an_erasure_beside_readers_and_writers_is_all_or_nothing_and_never_looks_like_damage(tmp_path, gates):
    path = tmp_path / "ledger"
    people = [f"person-{number}" for number in range(12)]
    with Ledger.open(path) as ledger:
        for place in range(120):
            ledger.append([event(f"{person}/{place}", person) for person in people])
    start, stop = gates(), gates()

    def erase(say: Say) -> None:
        with Ledger.open(path) as ledger:
            start.wait()
            for person in people[:10]:
                assert len(ledger.erase(person).entries) == 120
                say(person)

    def write(say: Say) -> None:
        with Ledger.open(path) as ledger:
            start.wait()
            while not stop.is_open():
                say(str(ledger.append(event(f"more/{len(ledger)}", "p-more")).last))

    def read(say: Say) -> None:
        with Ledger.open(path) as ledger:
            start.wait()
            while not stop.is_open():
                integrity = ledger.verify()
                assert integrity, str(integrity)
                assert {len(ledger.records_of(person)) for person in people} <= {0, 120}
                assert sum(entry.seq for entry in ledger) > 0
                say("sound")

    eraser, writer, readers = Child(erase), Child(write), [Child(read), Child(read)]
    start.open()
    assert eraser.end() == people[:10]
    stop.open()
    added = writer.end()
    assert all(reader.end() for reader in readers)
    with Ledger.open(path) as ledger:
        assert ledger.verify()
        assert sorted(people[10:]) == [person for person in ledger.people() if person != "p-more"]
        assert {"erased": 1200, "erasure": 10, "training-event": 240 + len(added)} == ledger.counts()


# --- waiting ----------------------------------------------------------------------------------------------------------


def hold(path: Path, gate: Gate, seconds: float = 0) -> Child:
    """Let another process begin an append and not end it before the gate opens, or some time has passed."""

    def work(say: Say) -> None:
        def slowly() -> Iterator[Record]:
            yield event("slow-1")
            say("began")
            time.sleep(seconds) if seconds else gate.wait()
            yield event("slow-2")

        with Ledger.open(path) as ledger:
            say(str(ledger.append(slowly()).last))

    child = Child(work)
    child.hear()
    return child


def test_whoever_was_told_to_wait_a_short_while_only_is_told_that_the_ledger_is_busy(tmp_path, gates):
    path, gate = tmp_path / "ledger", gates()
    with Ledger.open(path) as ledger:
        ledger.append(event("before"))
    holder = hold(path, gate)
    with Ledger.open(path, wait=0.2) as ledger:
        for change in (
            lambda: ledger.append(event("ours")),
            lambda: ledger.erase("p-1"),
            lambda: ledger.retract("e-before", reason="a mistake"),
        ):
            began = time.monotonic()
            with pytest.raises(LedgerBusy, match="try again or wait longer") as caught:
                change()
            assert 0.1 < time.monotonic() - began < 5
            assert isinstance(caught.value, TimeoutError)
            assert caught.value.path == path
        assert ids_in(ledger) == ["e-before"], "nobody waits to read, or sees what is not committed"
        assert ledger.verify()
        with Ledger.open(path, wait=0.2) as another:
            assert ids_in(another) == ["e-before"]
        gate.open()
        assert holder.end() == ["began", "3"]
        assert ledger.append(event("ours")).last == 4
        assert ids_in(ledger) == ["e-before", "e-slow-1", "e-slow-2", "e-ours"]


def test_whoever_waits_longer_than_the_other_takes_is_served(tmp_path, gates):
    path = tmp_path / "ledger"
    Ledger.open(path).close()
    holder = hold(path, gates(), seconds=0.3)
    with Ledger.open(path, wait=30) as ledger:
        assert ledger.append(event("ours")).last == 3
        assert ids_in(ledger) == ["e-slow-1", "e-slow-2", "e-ours"]
    assert holder.end() == ["began", "2"]


def test_a_file_that_another_program_has_locked_is_busy_and_not_damaged(tmp_path):
    path = tmp_path / "ledger"
    with Ledger.open(path) as ledger:
        ledger.append(event("before"))

    def lock(say: Say) -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("SELECT count(*) FROM entry").fetchall()
        say("locked")
        signal.pause()

    child = Child(lock)
    child.hear()
    for read_only in (False, True):
        with pytest.raises(LedgerBusy), Ledger.open(path, wait=0.1, read_only=read_only) as ledger:
            list(ledger)
    os.kill(child.pid, signal.SIGKILL)
    child.end(-signal.SIGKILL)
    with Ledger.open(path) as ledger:
        assert ids_in(ledger) == ["e-before"]


# --- threads ----------------------------------------------------------------------------------------------------------


def test_threads_that_share_a_ledger_lose_nothing_and_double_nothing(ledger, hasty_threads):
    writers, appends = 3, 40
    done = threading.Event()
    left = [writers]

    def write(writer: int) -> None:
        try:
            for number in range(appends):
                batch = [
                    event(f"common/{number}"),
                    *(event(f"{writer}/{number}/{p}", f"p-{writer}-{number}") for p in range(2)),
                ]
                last = ledger.append(batch).last
                assert len(ledger) >= last, "a thread does not see what it has appended itself"
                assert ledger.record(f"e-{writer}/{number}/1") == batch[2]
                assert len(ledger.records_of(f"p-{writer}-{number}")) == 2
        finally:
            left[0] -= 1
            if not left[0]:
                done.set()

    def fail() -> None:
        def some() -> Iterator[Record]:
            yield from (event(f"never/{number}", "p-never") for number in range(510))
            raise LookupError

        while not done.is_set():
            with pytest.raises(LookupError):
                ledger.append(some())

    def read() -> None:
        length = 0
        while not done.is_set():
            entries = list(ledger)
            assert length <= len(entries)
            length = len(entries)
            assert [entry.seq for entry in entries] == list(range(1, length + 1))
            assert sum(ledger.counts().values()) >= length
            for person in ledger.people():
                assert person != "p-never"
                assert len(ledger.records_of(person)) == 2 or person == "p-1"
            integrity = ledger.verify()
            assert integrity, str(integrity)

    together([*(lambda writer=writer: write(writer) for writer in range(writers)), fail, read, read])
    ids = ids_in(ledger)
    assert len(ids) == len(set(ids)) == appends + writers * appends * 2
    assert ledger.verify()


def test_a_thread_sees_what_it_appended_however_many_others_are_reading(ledger, hasty_threads):
    """What a call has acknowledged, the next one shows, even if readings of other threads overlap without a pause."""
    ledger.append([event(f"before-{number}", f"p-{number % 9}") for number in range(1500)])
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            ledger.counts()
            ledger.records_of("p-1")

    def write() -> None:
        try:
            unseen = [number for number in range(60) if ledger.append(event(f"own-{number}")).last != len(ledger)]
        finally:
            done.set()
        assert unseen == []

    together([write, read, read, read])


def test_people_are_listed_while_other_threads_add_some(hasty_threads):
    ledger = Ledger()
    ledger.append([event(f"before-{number}", f"before-{number}") for number in range(400)])
    done = threading.Event()

    def write() -> None:
        try:
            for number in range(1500):
                ledger.append(event(str(number), f"p-{number}"))
        finally:
            done.set()

    def read() -> None:
        while not done.is_set():
            people = list(ledger.people())
            assert len(people) == len(set(people)) >= 400

    together([write, read, read])


def test_an_erasure_beside_reading_threads_is_all_or_nothing_and_never_looks_like_damage(ledger, hasty_threads):
    people = [f"person-{number}" for number in range(10)]
    ledger.append([event(f"{person}/{place}", person) for place in range(200) for person in people])
    done = threading.Event()

    def erase() -> None:
        try:
            for person in people[:8]:
                assert len(ledger.erase(person).entries) == 200
        finally:
            done.set()

    def read() -> None:
        while not done.is_set():
            assert {len(ledger.records_of(person)) for person in people} <= {0, 200}
            list(ledger.people())
            assert sum(ledger.counts().values()) >= 2000

    def verify() -> None:
        while not done.is_set():
            integrity = ledger.verify()
            assert integrity, str(integrity)

    together([erase, read, read, verify])
    assert ledger.verify()
    assert sorted(people[8:]) == list(ledger.people())


def test_threads_wait_for_each_other_without_being_told_that_the_ledger_is_busy(tmp_path):
    """Within one process nobody waits at the file, so that a short wait for other processes does not matter."""
    with Ledger.open(tmp_path / "ledger", wait=0) as ledger:

        def slowly(name: str) -> Iterator[Record]:
            for number in range(3):
                time.sleep(0.01)
                yield event(f"{name}/{number}")

        together([lambda name=name: ledger.append(slowly(name)) for name in "abcd"])
        assert [name[2] for name in ids_in(ledger)[::3]] == [name[2] for name in ids_in(ledger)[2::3]]
        assert len(ledger) == 12


# --- an append whose records come from a generator --------------------------------------------------------------------


def test_a_generator_that_reads_the_ledger_sees_only_what_was_committed(ledger):
    ledger.append([event("before-1"), event("before-2", "p-2")])
    seen = []

    def reading() -> Iterator[Record]:
        for number in range(1200):
            if number % 300 == 0:
                seen.append(
                    (
                        len(ledger),
                        ids_in(ledger),
                        ledger.head[0],
                        list(ledger.people()),
                        ledger.counts(),
                        len(ledger.records_of("p-1")),
                        bool(ledger.verify()),
                    )
                )
                with pytest.raises(LookupError):
                    ledger.record("e-0")
            yield event(str(number), f"p-{number % 7}")

    assert ledger.append(reading()).added == 1200
    committed = (2, ["e-before-1", "e-before-2"], 2, ["p-1", "p-2"], {"training-event": 2}, 1, True)
    assert seen == [committed] * 4
    assert (len(ledger), bool(ledger.verify())) == (1202, True)


@pytest.mark.parametrize(
    "change",
    [
        lambda ledger: ledger.append(event("inner")),
        lambda ledger: ledger.append([]),
        lambda ledger: ledger.retract("e-before", reason="a mistake"),
        lambda ledger: ledger.correct("e-before", {"title": "Other"}, reason="a mistake"),
        lambda ledger: ledger.erase("p-1"),
    ],
    ids=["append", "append nothing", "retract", "correct", "erase"],
)
def test_a_generator_that_changes_the_ledger_is_refused_and_nothing_is_kept(ledger, change):
    ledger.append(event("before"))

    def changing() -> Iterator[Record]:
        yield event("outer-1")
        change(ledger)
        yield event("outer-2")

    for _ in range(2):
        with pytest.raises(LedgerMisuse, match="in progress"):
            ledger.append(changing())
        assert ids_in(ledger) == ["e-before"]
    assert ledger.append(event("after")).last == 2
    assert ledger.verify()


def test_a_generator_that_overcomes_the_refusal_goes_on(ledger):
    def changing() -> Iterator[Record]:
        yield event("1")
        with pytest.raises(LedgerMisuse):
            ledger.append(event("inner"))
        yield event("2")

    assert ledger.append(changing()).added == 2
    assert ids_in(ledger) == ["e-1", "e-2"]
    assert ledger.append(event("inner")).last == 3
    assert ledger.verify()


def test_other_threads_read_on_while_an_append_is_under_way(ledger):
    """A generator may take minutes, from a network; nobody who reads waits for it, nor sees a part of it."""
    ledger.append([event("before"), SamePerson(id="s-1", people={"p-1", "p-2"})])
    seen: list[Any] = []

    def slowly() -> Iterator[Record]:
        yield from (event(str(number), "p-2") for number in range(600))
        reader = threading.Thread(target=look, daemon=True)
        reader.start()
        reader.join(20)
        yield event("last")

    def look() -> None:
        seen.append((len(ledger), ids_in(ledger), len(ledger.records_of("p-2")), bool(ledger.verify())))

    ledger.append(slowly())
    assert seen == [(2, ["e-before", "s-1"], 2, True)]
    assert len(ledger) == 603
