"""
Nothing is lost: whenever a writing process is killed, what it acknowledged is there, and nothing is there by half.

Processes are forked from the loaded test process and killed: at random moments, at every line of the package's own
code, and by the kernel in the middle of a write, at chosen bytes of the file.  `PEER_LEDGER_KILLS` says how many of the
first sort there are, and `PEER_LEDGER_SEED` which.
"""

import os
import random
import resource
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from children import Child, Say
from effort import sized
from lines import Doing, count_in_child, ended_at_line, lines_of, lines_to_look_at, steadily
from peer_ledger import Credit, Ledger, Record, SamePerson, TrainingEvent
from peer_ledger.ledger import Erased
from peer_ledger.records import Erasure

KILLS = int(os.environ.get("PEER_LEDGER_KILLS", sized(300, 30)))
SEED = int(os.environ.get("PEER_LEDGER_SEED", "20261121"))
PARTS = 6


# --- what the tests stand on ------------------------------------------------------------------------------------------


def killed_at_byte(limit: int) -> None:
    """Let the kernel write up to this byte of any file, and kill the process at the next one."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def event(name: str, person: str = "p-1", title: str = "Ethics for peers") -> TrainingEvent:
    return TrainingEvent(
        id=f"e-{name}",
        person=person,
        completed="2025-03-04",
        title=title,
        credits=[Credit(amount="1.5", topics={"ethics"})],
    )


def batches(seed: str) -> Iterator[list[Record]]:
    """Yield the same appends to whoever asks."""
    rng = random.Random(seed)
    number = 0
    while True:
        size = rng.choice([1, 2, 2, 3, 5, 8, 40])
        yield [event(f"{seed}/{number}/{place}", f"p-{rng.randrange(50)}") for place in range(size)]
        number += 1


def records_in(path: Path) -> list[Record | None]:
    with Ledger.open(path) as ledger:
        integrity = ledger.verify()
        assert integrity, str(integrity)
        return [entry.record for entry in ledger]


def share(kills: float, part: int) -> int:
    """Say how many of the kills fall to this part."""
    return int(kills * (part + 1) / PARTS) - int(kills * part / PARTS)


# --- appending --------------------------------------------------------------------------------------------------------


def append_forever(path: Path, seed: str) -> Callable[[Say], None]:
    def work(say: Say) -> None:
        with Ledger.open(path) as ledger:
            for number, batch in enumerate(batches(seed)):
                ledger.append(batch)
                say(str(number))

    return work


@pytest.mark.parametrize("part", range(PARTS))
def test_whenever_a_writer_is_killed_every_acknowledged_append_is_there_and_no_batch_by_half(tmp_path, part):
    """Every kill comes upon the file as the last one left it, and may come while that is being recovered from."""
    rng = random.Random(f"{SEED}/append/{part}")
    print(f"PEER_LEDGER_SEED={SEED}")
    path, expected = tmp_path / "ledger", []
    for number in range(share(KILLS * 0.6, part)):
        if len(expected) > 600:
            path, expected = tmp_path / f"ledger-{number}", []
        seed = f"{part}/{number}"
        writer = Child(append_forever(path, seed))
        acknowledged = rng.choice([0, 0, 1, 2, 3])
        writer.hear(acknowledged)
        writer.hear_for(rng.choice([0.0, 0.0005, 0.002, 0.01]) * rng.random() if acknowledged else 0.02 * rng.random())
        said = writer.kill()
        assert said == tuple(map(str, range(len(said))))

        appends = batches(seed)
        for _ in said:
            expected += next(appends)
        under_way = next(appends)
        if not path.exists():
            assert not said
            continue
        found = records_in(path)
        assert found in (expected, expected + under_way), (
            f"kill {number}: {len(expected)} acknowledged, {len(under_way)} under way, {len(found)} found"
        )
        expected = found
    assert not [name for name in names_in(tmp_path) if not name.startswith((".ledger", "ledger"))]


@pytest.mark.parametrize("part", range(2))
def test_a_reader_that_stays_open_while_writers_are_killed_sees_whole_appends(tmp_path, part):
    """With somebody still there, nobody recovers the file: the next writer goes on where the killed one stopped."""
    rng = random.Random(f"{SEED}/witness/{part}")
    path = tmp_path / "ledger"
    Ledger.open(path).close()
    asked, ask = os.pipe()

    def witness(say: Say) -> None:
        os.close(ask)
        with Ledger.open(path, read_only=bool(part)) as ledger:
            say("open")
            while os.read(asked, 1):
                ids = [entry.record.id for entry in ledger if entry.record is not None]
                say(f"{bool(ledger.verify())} {','.join(ids)}")

    watching = Child(witness)
    os.close(asked)
    watching.hear(1)
    expected: list[str] = []
    written: list[list[str]] = []
    answers = 1
    for number in range(share(KILLS * 0.1, part) * PARTS // 2):
        seed = f"{part}/{number}"
        writer = Child(append_forever(path, seed))
        writer.hear(rng.choice([0, 1, 2]))
        writer.hear_for(0.01 * rng.random())
        said = writer.kill()
        appends, before = batches(seed), expected
        for _ in said:
            expected = expected + [record.id for record in next(appends)]
        under_way = [record.id for record in next(appends)]

        os.write(ask, b"?")
        answers += 1
        sound, _, ids = watching.hear(answers)[-1].partition(" ")
        found = ids.split(",") if ids else []
        assert sound == "True"
        assert found in (expected, expected + under_way), f"kill {number}"
        written = [*(written if found == before else []), found + under_way]
        expected = found
    os.close(ask)
    assert watching.ended()[0] == 0
    # What one of them had written down to the end when it was killed, and told nobody, may come to light only now.
    assert [record.id for record in records_in(path) if record is not None] in [expected, *written]


@pytest.mark.parametrize("checkpoint", [False, True], ids=["while appending", "while closing"])
def test_a_write_cut_off_at_any_byte_leaves_all_or_nothing(tmp_path, checkpoint):
    """The kernel ends the process within a write: into the write-ahead file, or from there into the ledger's own."""
    rng = random.Random(f"{SEED}/bytes/{checkpoint}")
    base, path = tmp_path / "base", tmp_path / "ledger"
    before: list[Record] = [event(f"old-{n}", f"p-{n % 7}") for n in range(60)]
    batch: list[Record] = [
        event(f"new-{n}", f"p-{n % 7}", "A title " * rng.randrange(2, 40) + "End") for n in range(25)
    ]
    with Ledger.open(base) as ledger:
        ledger.append(before)
    original = base.read_bytes()

    def append_and_close(limit: int) -> Callable[[Say], None]:
        def work(say: Say) -> None:
            ledger = Ledger.open(path)
            if not checkpoint:
                killed_at_byte(limit)
            ledger.append(batch)
            say("appended")
            size = path.with_name("ledger-wal").stat().st_size
            if checkpoint:
                killed_at_byte(limit)
            ledger.close()
            say(f"{size} {path.stat().st_size}")

        return work

    path.write_bytes(original)
    _, (_, sizes) = Child(append_and_close(resource.RLIM_INFINITY)).ended()
    end = int(sizes.split()[checkpoint])
    frame = 4096 if checkpoint else 4096 + 24
    edges = [at + more for at in range(0 if checkpoint else 32, end + frame, frame) for more in (-1, 0, 1, 24)]
    cut = 0
    for limit in sorted(
        {0, *[at for at in edges if at > 0][:: sized(1, 3)], *(rng.randrange(end) for _ in range(sized(30, 10)))}
    ):
        path.write_bytes(original)
        code, said = Child(append_and_close(limit)).ended()
        cut += code == -signal.SIGXFSZ
        found = records_in(path)
        assert found == before + batch if said else found in (before, before + batch), f"cut at byte {limit}"
        with Ledger.open(path) as ledger:
            assert ledger.append(event("after")).last == len(found) + 1
            assert ledger.verify()
    assert cut > sized(20, 8)


def test_a_long_append_killed_on_its_way_leaves_nothing(tmp_path):
    """Records are worked through some hundreds at a time; what came first is not kept before what comes last."""
    rng = random.Random(f"{SEED}/long")
    path = tmp_path / "ledger"
    with Ledger.open(path) as ledger:
        ledger.append(event("before"))

    def append(say: Say) -> None:
        def many() -> Iterator[Record]:
            for number in range(2000):
                if number % 100 == 0:
                    say(str(number))
                yield event(f"long/{number}")

        with Ledger.open(path) as ledger:
            ledger.append(many())

    for _ in range(sized(25, 8)):
        child = Child(append)
        child.hear(rng.randrange(1, 20))
        child.hear_for(rng.choice([0, 0.002]) * rng.random())
        assert len(child.kill()) <= 20
        assert len(records_in(path)) in (1, 2001)
        if len(records_in(path)) == 2001:
            break
    with Ledger.open(path) as ledger:
        assert len(ledger) + 1 == ledger.append(event("after")).last


def test_an_append_killed_at_any_line_leaves_all_or_nothing(tmp_path):
    """A correction is two entries, a retraction and a new record, and they stand or fall together."""
    path = tmp_path / "ledger"
    with Ledger.open(path) as ledger:
        ledger.append([event("1"), event("2")])
    original = path.read_bytes()

    def correct(trace: Doing) -> None:
        with Ledger.open(path) as ledger:
            trace(lambda: ledger.correct("e-1", {"title": "Another"}, reason="it was another"))

    def anew() -> Callable[[Doing], None]:
        path.write_bytes(original)
        return correct

    there = []
    count = count_in_child(anew)
    for line in lines_to_look_at(count, sized(3, 30)):
        path.write_bytes(original)
        killed, _ = ended_at_line(lambda _, trace: correct(trace), line)
        assert killed is (line < count)
        with Ledger.open(path) as ledger:
            assert ledger.verify()
            ids = [entry.record.id for entry in ledger if entry.record is not None]
            assert ids in (["e-1", "e-2"], ["e-1", "e-2", "e-1~retracted", "e-1~2"]), f"killed at line {line}"
            there.append(len(ids) == 4)
            if len(ids) == 2:
                ledger.correct("e-1", {"title": "Another"}, reason="it was another")
            assert [record.title for record in ledger.records_of("p-1")] == ["Ethics for peers", "Another"]
    assert sorted(there) == there, "from the moment on when it was kept, it was kept"
    assert there[0] is False


def test_the_same_work_runs_through_as_many_lines_whenever_and_wherever_it_is_called(tmp_path):
    """A line to die at is the same one in each process: also of a file that has just been written, or a while ago."""
    path = tmp_path / "ledger"
    with Ledger.open(path) as ledger:
        ledger.append([event("1"), event("2", "p-2")])
    original = path.read_bytes()

    @steadily()
    def count(wait: float, depth: int) -> int:
        if depth:
            return count(wait, depth - 1)
        path.write_bytes(original)
        time.sleep(wait)
        with Ledger.open(path) as ledger:
            return lines_of(lambda: ledger.erase("p-2"))

    count(0, 0)
    assert 1 == len({count(wait, depth) for wait in (0, 0.03) for depth in (0, 7)})


# --- erasing ----------------------------------------------------------------------------------------------------------

HERS = [
    event(f"hers-{n}", "the-erased-one", f"Her own title number {n}{' and more' * (n % 5 * 30)}") for n in range(20)
]
OTHERS = [event(f"others-{n}", f"p-{n % 5}") for n in range(20)]
ABOUT_HER: list[Record] = [
    *HERS,
    SamePerson(id="hers-two", people={"the-erased-one", "her-other-id"}),
    event("hers-other", "her-other-id", "Her title under her other id"),
]
MIXED = [record for pair in zip(HERS, OTHERS, strict=True) for record in pair] + ABOUT_HER[20:]
HER_SEQS = tuple(seq for seq, record in enumerate(MIXED, 1) if record in ABOUT_HER)


def make_mixed(path: Path) -> bytes:
    with Ledger.open(path) as ledger:
        ledger.append(MIXED)
    return path.read_bytes()


def check_erased_or_not(path: Path, acknowledged: bool) -> bool:
    """Find all of her there, or nothing; erase her then, and find that writing goes on and nothing of her is left."""
    with Ledger.open(path) as ledger:
        assert ledger.is_purged(), "opening finishes what was killed"
        assert ledger.verify()
        entries = list(ledger)
        erased = len(entries) > len(MIXED)
        assert erased or not acknowledged
        if erased:
            assert [None if seq in HER_SEQS else MIXED[seq - 1] for seq in range(1, len(MIXED) + 1)] == [
                entry.record for entry in entries[: len(MIXED)]
            ]
            assert [e.record.entries for e in entries[len(MIXED) :] if isinstance(e.record, Erasure)] == [HER_SEQS]
            assert () == ledger.records_of("the-erased-one") == ledger.records_of("her-other-id")
        else:
            assert [entry.record for entry in entries] == MIXED
            assert isinstance(ledger.erase("her-other-id"), Erased)
        assert tuple(record for record in OTHERS if record.person == "p-3") == ledger.records_of("p-3")
        assert len(MIXED) + 2 == ledger.append(event("after")).last
        assert ledger.verify()
    content = path.read_bytes()
    assert not [trace for trace in (b"the-erased-one", b"her-other-id", b"Her own title") if trace in content]
    assert not path.with_name(path.name + "-wal").exists()
    return erased


def erase(path: Path, say: Say, trace: Doing) -> None:
    with Ledger.open(path) as ledger:
        say("open")
        trace(lambda: ledger.erase("the-erased-one"))
        say("erased")


@pytest.mark.parametrize("part", range(PARTS))
def test_whenever_an_erasure_is_killed_it_has_erased_all_or_nothing(tmp_path, part):
    rng = random.Random(f"{SEED}/erase/{part}")
    path = tmp_path / "ledger"
    original = make_mixed(path)
    for _ in range(share(KILLS * 0.2, part)):
        path.write_bytes(original)
        child = Child(lambda say: erase(path, say, lambda work: work()))
        child.hear(1)
        child.hear_for(rng.choice([0.0005, 0.002, 0.006]) * rng.random())
        check_erased_or_not(path, "erased" in child.kill())


def test_an_erasure_killed_at_any_line_has_erased_all_or_nothing(tmp_path):
    """From the line on at which it was erased, it was erased; what was acknowledged was; nothing of it comes back."""
    path = tmp_path / "ledger"
    original = make_mixed(path)
    outcomes = []

    def anew() -> Callable[[Doing], None]:
        path.write_bytes(original)
        return lambda trace: erase(path, lambda _: None, trace)

    count = count_in_child(anew)
    for line in lines_to_look_at(count, max(1, count // sized(80, 12)), sized(60, 6)):
        path.write_bytes(original)
        killed, said = ended_at_line(lambda say, trace: erase(path, say, trace), line)
        assert killed is ("erased" not in said) is (line < count)
        outcomes.append(check_erased_or_not(path, not killed))
    assert sorted(outcomes) == outcomes
    assert {False, True} == set(outcomes)


def test_an_erasure_cut_off_at_any_byte_has_erased_all_or_nothing(tmp_path):
    path = tmp_path / "ledger"
    original = make_mixed(path)
    cut = 0

    def work(say: Say, limit: int) -> None:
        with Ledger.open(path) as ledger:
            killed_at_byte(limit)
            ledger.erase("the-erased-one")
            say("erased")

    rng = random.Random(f"{SEED}/erase-bytes")
    for limit in [0, 1, 4096, 8192, *(rng.randrange(len(original) * 2) for _ in range(sized(40, 8)))]:
        path.write_bytes(original)
        code, said = Child(lambda say, limit=limit: work(say, limit)).ended()
        cut += code == -signal.SIGXFSZ
        check_erased_or_not(path, "erased" in said)
    assert cut > 10


# --- making a new ledger ----------------------------------------------------------------------------------------------


def check_none_or_whole(folder: Path) -> bool:
    """Find a whole ledger or none, and beside it at most one hidden file with its own, which opening removes."""
    path = folder / "ledger"
    left = set(names_in(folder))
    hidden = {name for name in left if name.startswith(".ledger.")}
    assert left - hidden <= {"ledger", "ledger-wal", "ledger-shm"}
    stem = min(hidden, key=len, default="")
    assert hidden <= {stem + suffix for suffix in ("", "-journal", "-wal", "-shm")}
    whole = "ledger" in left
    with Ledger.open(path, create=not whole) as ledger:
        assert (len(ledger), bool(ledger.verify())) == (0, True)
        assert ledger.append(event("1")).last == 1
    assert [event("1")] == records_in(path)
    assert ["ledger"] == names_in(folder)
    return whole


@pytest.mark.parametrize("part", range(PARTS))
def test_whenever_the_making_of_a_ledger_is_killed_there_is_none_or_a_whole_one(tmp_path, part):
    rng = random.Random(f"{SEED}/create/{part}")
    for number in range(share(KILLS * 0.2, part)):
        folder = tmp_path / str(number)
        folder.mkdir()

        def work(say: Say, path: Path = folder / "ledger") -> None:
            say("began")
            Ledger.open(path).close()

        child = Child(work)
        child.hear(1)
        child.hear_for(0.01 * rng.random())
        child.kill()
        check_none_or_whole(folder)


def test_the_making_of_a_ledger_killed_at_any_line_leaves_none_or_a_whole_one(tmp_path):
    def anew() -> Callable[[Doing], None]:
        path = tmp_path / "counted"
        path.unlink(missing_ok=True)
        return lambda trace: trace(lambda: Ledger.open(path).close())

    count = count_in_child(anew)
    outcomes = []
    for line in lines_to_look_at(count, sized(1, 15)):
        folder = tmp_path / str(line)
        folder.mkdir()
        killed, _ = ended_at_line(
            lambda _, trace, path=folder / "ledger": trace(lambda: Ledger.open(path).close()), line
        )
        assert killed is (line < count)
        outcomes.append(check_none_or_whole(folder))
    assert sorted(outcomes) == outcomes
    assert {False, True} == set(outcomes)


def test_the_making_of_a_ledger_cut_off_at_any_byte_leaves_none_or_a_whole_one(tmp_path):
    rng = random.Random(f"{SEED}/create-bytes")
    outcomes = set()
    for limit in [0, 1, 100, 4095, 4096, 8192, 32767, 32768, *(rng.randrange(50_000) for _ in range(sized(30, 6)))]:
        folder = tmp_path / str(limit)
        folder.mkdir(exist_ok=True)

        def work(_: Say, path: Path = folder / "ledger", limit: int = limit) -> None:
            killed_at_byte(limit)
            Ledger.open(path).close()

        Child(work).ended()
        outcomes.add(check_none_or_whole(folder))
    assert {False, True} == outcomes


def test_many_killed_makings_of_one_ledger_leave_hidden_files_only_and_do_not_keep_it_from_being_made(tmp_path):
    path = tmp_path / "ledger"
    for line in range(0, 60, 6):
        Child(lambda _, line=line: lines_of(lambda: Ledger.open(path), line)).ended()
        assert {name[0] for name in names_in(tmp_path)} <= {"."} or path.exists()
    with Ledger.open(path) as ledger:
        assert ledger.append(event("1")).last == len(ledger)
        assert ledger.verify()
    visible = [name for name in names_in(tmp_path) if not name.startswith(".")]
    assert visible == ["ledger"]
