"""
What reading a ledger's file costs: ratios to the same query with `sqlite3` and `json`, and to the same answers from memory.

`python tests/benchmarks/reading.py [PEOPLE [MANY]]` (1,000 people with 30 trainings each, and 5,000 people with 3, unless
given) prints what it costs to read one person after another and everybody at once, from the ledger's file and from the cache
beside it, and what the headlines of everybody cost from a file, from memory when nothing was read before, and with two
processes; and what writing the cache costs. The people are seeded. All are measured in the same run, in turns, and must agree
before a time counts. Below that: the most memory that a process needs for the headlines of
a fifth of MANY people from a file, and of MANY (on Linux).
"""

import gc
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from evaluation import headline, people

from peer_ledger import Ledger
from peer_ledger.ledger import write_cache
from peer_ledger.ledger._about import read_about_each

TURNS = 3
FEW = 100
"""How many people are asked for again and again."""
ONE = "SELECT record FROM entry WHERE person = ? AND id IS NOT NULL ORDER BY seq"
ALL = "SELECT person, record FROM entry WHERE person IS NOT NULL AND id IS NOT NULL ORDER BY person, seq"
ALONE = """
import sys
from pathlib import Path
from peer_ledger import Ledger, evaluate_all
with Ledger.open(sys.argv[1], read_only=True) as ledger:
    for report in evaluate_all(ledger, on="2026-01-15"):
        report.standing
# Not `ru_maxrss`, which begins at what the process that started this one had.
print(next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")))
"""


def filled(path: Path, count: int, events: int) -> Path:
    """Return the file of a ledger with some people."""
    with Ledger.open(path) as ledger:
        ledger.append(people(count, events))
    return path


def in_memory(path: Path) -> Ledger:
    """Return a ledger in memory with the records of a file."""
    ledger = Ledger()
    with Ledger.open(path, read_only=True) as kept:
        ledger.append(entry.record for entry in kept if entry.record is not None)
    return ledger


def in_turns(*works: Callable[[], Any]) -> list[float]:
    """Return the least processor time of each of several pieces of work, in seconds."""
    least = [float("inf")] * len(works)
    for _ in range(TURNS):
        for place, work in enumerate(works):
            gc.collect()
            began = process_time()
            work()
            least[place] = min(least[place], process_time() - began)
    return least


def reads(path: Path, count: int) -> None:
    """Compare reading people, from a file without a cache and from one with it, with the same queries."""
    with_cache = Path(shutil.copy(path, f"{path}-2"))
    cache = with_cache.with_name(f"{with_cache.name}-cache")

    def write(*, again: bool) -> None:
        if not again:
            cache.unlink(missing_ok=True)
        with Ledger.open(with_cache) as ledger:
            write_cache(ledger)

    written, again = in_turns(lambda: write(again=False), lambda: write(again=True))
    with Ledger.open(path, read_only=True) as ledger, Ledger.open(with_cache, read_only=True) as cached:
        raw = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        ids = list(ledger.people())

        def one_by_one() -> list[list[Any]]:
            return [[json.loads(record) for (record,) in raw.execute(ONE, (person,))] for person in ids]

        def at_once() -> list[Any]:
            return [(person, json.loads(record)) for person, record in raw.execute(ALL)]

        found = [len(about.records) for about in read_about_each(ledger, ids)]
        assert found == list(map(len, one_by_one())) == [len(ledger.records_of(person)) for person in ids]
        assert sum(found) == len(at_once())
        assert list(read_about_each(cached, ids)) == list(read_about_each(ledger, ids))
        assert len(cached._store.rows_known(ids, cached._last)) == count
        few = ids[:FEW]
        each, each_cached, again_cached, bare_each, everybody, everybody_cached, bare = in_turns(
            lambda: [ledger.records_of(person) for person in ids],
            lambda: [cached.records_of(person) for person in ids],
            lambda: [cached.records_of(person) for _ in range(count // FEW) for person in few],
            one_by_one,
            lambda: [None for _ in read_about_each(ledger, ids)],
            lambda: [None for _ in read_about_each(cached, ids)],
            at_once,
        )
        raw.close()
    say("one person after another, from a file", each / count, bare_each / count, "sqlite3 and json, the same")
    say("the same, from its cache", each_cached / count, bare_each / count, "sqlite3 and json, the same")
    asked = count // FEW * FEW
    say("people who were asked for just before", again_cached / asked, bare_each / count, "sqlite3 and json, the same")
    say("everybody, from a file", everybody / count, bare / count, "sqlite3 and json, in one query")
    say("the same, from its cache", everybody_cached / count, bare / count, "sqlite3 and json, in one query")
    say("writing the cache", written / count, everybody / count, "reading everybody")
    say("writing it again, when nobody was touched", again / count, everybody / count, "reading everybody")


def answers(path: Path, count: int) -> None:
    """Compare the headlines of everybody from a file and from its cache with those from memory, and with two processes."""
    memory = in_memory(path)
    with_cache = Path(f"{path}-2")

    def anew() -> dict[str, str]:
        memory._store.notes = {}
        return headline(memory)

    with Ledger.open(path, read_only=True) as ledger, Ledger.open(with_cache, read_only=True) as cached:
        assert headline(ledger) == headline(cached) == headline(memory) == headline(ledger, processes=2)
        from_file, from_cache, from_memory = in_turns(lambda: headline(ledger), lambda: headline(cached), anew)
        say("headlines of everybody, from a file", from_file / count, from_memory / count, "the same from memory")
        say("the same, from its cache", from_cache / count, from_memory / count, "the same from memory")
        alone, shared = [], []
        for _ in range(TURNS):
            for found, processes in ((alone, 1), (shared, 2)):
                began = perf_counter()
                headline(ledger, processes=processes)
                found.append(perf_counter() - began)
    print(f"  {'two processes, by the clock':40} {min(alone) / min(shared):10.2f} times as fast")


def memory_of(path: Path) -> float:
    """Return the most memory that the headlines of everybody in a file need, in MiB."""
    done = subprocess.run([sys.executable, "-c", ALONE, str(path)], capture_output=True, text=True, check=True)
    return int(done.stdout) / 1024


def say(name: str, cost: float, unit: float, of: str) -> None:
    print(f"  {name:40} {cost * 1e6:10.1f} us {cost / unit:10.2f} x {of} ({unit * 1e6:.1f} us)")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    many = int(sys.argv[2]) if len(sys.argv) > 2 else 5000
    with tempfile.TemporaryDirectory() as folder:
        path = filled(Path(folder, "people"), count, 30)
        print(f"{count} people with 30 trainings; microseconds a person, and ratios")
        reads(path, count)
        answers(path, count)
        for some in (many // 5, many) if Path("/proc/self/status").exists() else ():
            needed = memory_of(filled(Path(folder, f"many-{some}"), some, 3))
            print(f"  headlines of {some:,} people: at most {needed:.1f} MiB in all")


if __name__ == "__main__":
    main()
