"""
Kill writers, for as long as one likes, and hold what they leave against what they acknowledged.

    python tests/kills.py --to kills.jsonl

runs numbered batches until it is interrupted, or until there are as many kills as `--kills` says.  Each batch has a
ledger of its own and a seed that follows from its number, and is appended to the file when it is done; started again,
it goes on with the next one.  A batch is a line of processes that append, correct, retract, erase, import files, keep
rules, write and read archives, back up, restore, purge and write the cache, each of which is killed: at a moment, or at a line of the
package's code.  The next one goes on with the files as they were left.

What must hold after every kill: everything acknowledged is there, and of what was under way all or nothing; the ledger
verifies; an archive, a backup, a restored and a moved ledger are whole or not there; nothing is left of an erased
person; and opening removes what was begun.
"""

import argparse
import json
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE)]

from children import Child, Say  # noqa: E402  # it lies beside this file
from lines import Lines  # noqa: E402  # the same
from peer_ledger import Credit, Ledger, TrainingEvent, import_files, ruleset  # noqa: E402  # sorted after those
from peer_ledger.ledger import back_up, read_archive, restore, write_archive, write_cache  # noqa: E402  # the same
from peer_ledger.records import SamePerson  # noqa: E402  # the same
from peer_ledger.rulesets import keep_rules  # noqa: E402  # the same

KILLS = 40
"""The kills of a batch."""

TODAY = date(2026, 3, 1)
RULES = ("us-nc-cpss", "us-il-crss", "us-ny-nycps", "us-wa-cpss")
Told = list[Any]

for _name in RULES:
    ruleset(_name)  # so that they are read once, and not by each process


class Work:
    """
    One thing that a process does to a ledger, and that is repeated on another from the same seed.

    Attributes:
        changes: Whether it changes the ledger; otherwise it writes another file.
    """

    def __init__(self, seed: str, folder: Path) -> None:
        self._seed, self._folder = seed, folder
        rng = random.Random(seed)
        kinds = [(self.append, 40), (self.correct, 8), (self.retract, 6), (self.join, 2), (self.erase, 10)]
        kinds += [(self.bring_in, 10), (self.keep, 2), (self.archive, 7), (self.move, 3), (self.save, 6)]
        kinds += [(self.put_back, 3), (self.purge, 3), (self.cache, 8)]
        [self._do] = rng.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])
        self.name = self._do.__name__
        self.changes = self._do in (
            self.append, self.correct, self.retract, self.join, self.erase, self.bring_in, self.keep,
        )  # fmt: skip

    def on(self, ledger: Ledger) -> None:
        """Do it."""
        self._do(ledger, random.Random(f"{self._seed}/"))

    def append(self, ledger: Ledger, rng: random.Random) -> None:
        ledger.append([self._event(rng, number, ledger) for number in range(rng.choice([1, 1, 2, 3, 8, 60]))])

    def correct(self, ledger: Ledger, rng: random.Random) -> None:
        if there := self._in_effect(ledger):
            ledger.correct(rng.choice(there), {"title": f"Corrected {rng.random()}"}, reason="it was another", by="w-1")

    def retract(self, ledger: Ledger, rng: random.Random) -> None:
        if there := self._in_effect(ledger):
            ledger.retract(rng.choice(there), reason="it never happened", by=rng.choice(["w-1", None]))

    def join(self, ledger: Ledger, rng: random.Random) -> None:
        people = sorted(ledger.people())
        if len(people) > 1:
            ledger.append(SamePerson(id=f"same/{self._seed}", people=set(rng.sample(people, 2))))

    def erase(self, ledger: Ledger, rng: random.Random) -> None:
        if people := sorted(ledger.people()):
            ledger.erase(rng.choice(people))

    def bring_in(self, ledger: Ledger, rng: random.Random) -> None:
        name = self._seed.replace("/", "-")
        file = self._folder / f"import-{name}.csv"
        rows = [
            f"{self._person(rng, ledger)},2025-0{rng.randrange(1, 10)}-1{rng.randrange(10)},{rng.randrange(1, 9)},T{number}"
            for number in range(rng.choice([1, 5, 40]))
        ]
        text = "\n".join(["person,completed,hours,title", *rows]) + "\n"
        if not file.exists() or file.read_text("utf-8") != text:
            file.write_text(text, "utf-8")
        done = import_files(ledger, [file], today=TODAY, source=f"s-{name}")
        assert done.is_appended, str(done)

    def keep(self, ledger: Ledger, rng: random.Random) -> None:
        keep_rules(ledger, ruleset(rng.choice(RULES)))

    def archive(self, ledger: Ledger, _: random.Random) -> None:
        write_archive(ledger, self._folder / "archive.jsonl")

    def move(self, ledger: Ledger, _: random.Random) -> None:
        write_archive(ledger, self._folder / "to-move.jsonl")
        with Ledger.open(self._folder / "moved.ledger") as moved:
            read_archive(self._folder / "to-move.jsonl", moved)

    def save(self, ledger: Ledger, _: random.Random) -> None:
        back_up(ledger, self._folder / "backup.ledger")

    def put_back(self, ledger: Ledger, _: random.Random) -> None:
        back_up(ledger, self._folder / "to-restore.ledger")
        restore(self._folder / "to-restore.ledger", self._folder / "restored.ledger")
        for kept in self._folder.glob("restored.ledger.before-restore*"):
            kept.unlink()

    def purge(self, ledger: Ledger, _: random.Random) -> None:
        ledger.purge()

    def cache(self, ledger: Ledger, _: random.Random) -> None:
        write_cache(ledger)

    def _event(self, rng: random.Random, number: int, ledger: Ledger) -> TrainingEvent:
        return TrainingEvent(
            id=f"e/{self._seed}/{number}",
            person=self._person(rng, ledger),
            completed="2025-03-04",
            title="A title " * rng.choice([1, 1, 1, 40, 900]) + "of it",
            credits=[Credit(amount="1.5", topics={"ethics"})],
        )

    def _person(self, rng: random.Random, ledger: Ledger) -> str:
        """Return a person, under an id that nobody who was erased had."""
        return f"person-{rng.randrange(6)}-{ledger.counts().get('erasure', 0)}-of-{self._seed.split('/')[0]}"

    def _in_effect(self, ledger: Ledger) -> list[str]:
        return [
            record.id for person in ledger.people() for record in ledger.records_of(person) if hasattr(record, "title")
        ]


def told(ledger: Ledger) -> Told:
    """Return what a ledger says, whatever its salts are."""
    return [entry.record for entry in ledger]


class Batch:
    """
    A ledger, and those who were killed writing it.

    Attributes:
        found: What does not hold, in sentences.
        killed: How many processes were killed, by what they were doing.
    """

    def __init__(self, number: int, folder: Path, kills: int = KILLS) -> None:
        self._number, self._folder, self._kills = number, folder, kills
        self._rng = random.Random(f"kills/{number}")
        self._path = folder / "a.ledger"
        self._model = Ledger()
        self._people: set[str] = set()
        self._seen: dict[str, Any] = {}
        self.found: list[str] = []
        self.killed: dict[str, int] = {}

    def run(self) -> None:
        """Kill one after the other, until one leaves what it must not."""
        for kill in range(self._kills):
            try:
                self._one(kill)
            except Exception:  # noqa: BLE001 - it is what was looked for
                self.found.append(f"batch {self._number}, kill {kill}: {traceback.format_exc(limit=-4)}")
                return

    def _works(self, kill: int) -> Iterator[Work]:
        step = 0
        while True:
            yield Work(f"{self._number}/{kill}/{step}", self._folder)
            step += 1

    def _one(self, kill: int) -> None:
        rng = self._rng
        line = rng.randrange(1, rng.choice([300, 3000, 12_000])) if rng.random() < 0.4 else None

        def write(say: Say) -> None:
            with nullcontext() if line is None else Lines(line):
                self._write(say, self._works(kill))

        writer = Child(write)
        if line is None:
            writer.hear(rng.choice([0, 0, 1, 2, 3, 5]))
            writer.hear_for(rng.choice([0.0005, 0.003, 0.01, 0.03]) * rng.random())
            said = writer.kill()
        else:
            code, said = writer.ended()
            assert code == -signal.SIGKILL, f"it ended with {code}"
        works = self._works(kill)
        for expected in said[1:]:
            work = next(works)
            assert work.name == expected
            if work.changes:
                self._people |= set(self._model.people())
                work.on(self._model)
        under_way = next(works) if said else None
        name = "open" if under_way is None else under_way.name
        self.killed[name] = self.killed.get(name, 0) + 1
        self._look(under_way)

    def _write(self, say: Say, works: Iterator[Work]) -> None:
        with Ledger.open(self._path) as ledger:
            say("open")
            for work in works:
                work.on(ledger)
                say(work.name)
                if len(ledger) > 1500:
                    time.sleep(60)

    def _look(self, under_way: Work | None) -> None:
        """Look at what is there; without a file, nothing was acknowledged."""
        if self._path.exists() or len(self._model):
            with Ledger.open(self._path) as ledger:
                integrity = ledger.verify()
                assert integrity, str(integrity)
                assert integrity.purged
                found = told(ledger)
                if found != told(self._model):
                    assert under_way is not None, "more or less than was acknowledged"
                    assert under_way.changes, f"{under_way.name} changed it"
                    self._people |= set(self._model.people())
                    under_way.on(self._model)
                    assert found == told(self._model), f"more or less of {under_way.name} than all and nothing"
                for person in self._people | set(self._model.people()):  # with what the cache says
                    assert ledger.records_of(person) == self._model.records_of(person), f"other records of {person}"
                self._check_others(ledger)
            content = b"".join(path.read_bytes() for path in self._folder.glob("a.ledger*"))
            gone = self._people - set(self._model.people())
            left = [person for person in gone if re.search(rb"%b[^0-9]" % re.escape(person.encode()), content)]
            assert not left, f"{left} in the files"
        begun = [path.name for path in self._folder.iterdir() if path.name.startswith(".")]
        stays = tuple(f".{name}." for name in ("moved.ledger", "a.ledger") if not (self._folder / name).exists())
        assert not [name for name in begun if not stays or not name.startswith(stays)], begun

    def _check_others(self, ledger: Ledger) -> None:
        """Check the other files: each is whole, and of this ledger."""
        rows = {0: Ledger().head[1]} | {entry.seq: entry.digest for entry in ledger}
        for name in ("archive.jsonl", "to-move.jsonl"):
            if self._is_new(name):
                there = read_archive(self._folder / name)
                assert there.verify(), name
                assert rows[there.head[0]] == there.head[1], name
        for name in ("moved.ledger", "backup.ledger", "to-restore.ledger", "restored.ledger"):
            if self._is_new(name):
                with Ledger.open(self._folder / name) as other:
                    assert other.verify(), name
                    assert rows[other.head[0]] == other.head[1], name

    def _is_new(self, name: str) -> bool:
        """Return whether a file, or its log, is there and has changed since it was last looked at."""
        states = []
        for path in (self._folder / name, self._folder / f"{name}-wal"):
            status = path.stat() if path.exists() else None
            states.append(status and (status.st_ino, status.st_size, status.st_mtime_ns))
        if states[0] is None or states == self._seen.get(name):
            return False
        self._seen[name] = states
        return True


def batch(number: int, kills: int = KILLS, *, keep: Callable[[Path], None] | None = None) -> dict[str, Any]:
    """
    Run one batch, which its number decides but for the moments of the kills.

    Args:
        number: Its number.
        kills: How many processes are killed.
        keep: What is done with the folder when something was found.
    """
    began = time.perf_counter()
    folder = Path(tempfile.mkdtemp(prefix="kills-"))
    try:
        work = Batch(number, folder, kills)
        work.run()
        if work.found and keep is not None:
            keep(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    seconds = round(time.perf_counter() - began, 1)
    return {"batch": number, "seconds": seconds, "killed": work.killed, "found": work.found}


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run batches and print the totals.

    Args:
        arguments: What stands after the program's name; `None` for the process's own.

    Returns:
        0 when nothing was found in any batch of the file, otherwise 1.
    """
    parser = argparse.ArgumentParser(prog="python tests/kills.py", description="Kill writers, batch by batch.")
    parser.add_argument("--to", default="kills.jsonl", metavar="FILE", help="the file of batches (kills.jsonl)")
    parser.add_argument("--kills", type=int, default=10_000, metavar="N", help="stop when there are so many (10000)")
    asked = parser.parse_args(arguments)
    path = Path(asked.to)
    done = finished(path)
    try:
        while counted(done) < asked.kills:
            done.append(batch(len(done) + 1, keep=lambda folder: print("kept:", kept(folder))))
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(done[-1]) + "\n")
    except KeyboardInterrupt:
        print("interrupted; what was not finished is done again")
    print(summed(done))
    found = [one for part in done for one in part["found"]]
    print(*found, sep="\n\n")
    return int(bool(found))


def kept(folder: Path) -> Path:
    """Keep a copy of the files in which something was found."""
    return Path(shutil.copytree(folder, Path(tempfile.mkdtemp(prefix="kills-found-")) / "files"))


def finished(path: Path) -> list[dict[str, Any]]:
    """
    Read the batches of a file, and cut off what a process left there that was killed while it wrote.
    """
    if not path.exists():
        return []
    text = path.read_text("utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        path.write_text(whole, "utf-8")
    return [json.loads(line) for line in whole.splitlines()]


def counted(done: list[dict[str, Any]]) -> int:
    """Count the kills."""
    return sum(sum(part["killed"].values()) for part in done)


def summed(done: list[dict[str, Any]]) -> str:
    """Say what was done, and by what the killed were doing."""
    doing: dict[str, int] = {}
    for part in done:
        for name, count in part["killed"].items():
            doing[name] = doing.get(name, 0) + count
    most = ", ".join(f"{name} {count}" for name, count in sorted(doing.items(), key=lambda pair: -pair[1]))
    found = sum(len(part["found"]) for part in done)
    seconds = sum(part["seconds"] for part in done)
    return f"{counted(done)} kills in {len(done)} batches ({most}); {found} found; {seconds:.0f} s"


if __name__ == "__main__":
    sys.exit(main())
