"""
A million people from Parquet, once: the time, the memory, and whether the answers are right.

`python tests/benchmarks/million.py FOLDER [PEOPLE] [PROCESSES]` (1,000,000 and 2 unless given) writes seeded people to a folder, 30
trainings each, unless they are there. It answers about all of them twice: as the rules are, and with all questions
answered. Then it checks the second answers of everybody against a loop that knows one rule (20 hours, 3 of them on
ethics, since the last award), and the first of a sample against `evaluate` on a ledger of the same rows.
"""

import resource
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from columns import KINDS, ON, RULES, processor_time, record_of, write
from evaluation import ETHICS, NEED, all_answered

from peer_ledger import Ledger, Record, evaluate
from peer_ledger.columns import evaluate_batches
from peer_ledger.columns._rows_of_answers import AnswerRows
from peer_ledger.records import record_from_dict
from peer_ledger.rulesets import ruleset

SAMPLED = 997
"""Every so-manieth person is checked against `evaluate`."""


def answered(files: dict[str, Path], processes: int, **how: Any) -> tuple[pa.Table, float]:
    """Return everybody's headlines and the seconds that they took; only some columns are kept."""
    began, kept = perf_counter(), []
    for part in evaluate_batches(**files, on=ON, ruleset=RULES, processes=processes, **how):
        assert part.rejected.num_rows == 0
        kept.append(part.people)
    return pa.concat_tables(kept), perf_counter() - began


def memory() -> tuple[float, float]:
    """Return the greatest memory of this process and of any other that it started, in MB."""
    own, others = (
        resource.getrusage(whose).ru_maxrss / 1024 for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own, others


def naive(folder: Path) -> Iterator[tuple[str, bool]]:
    """Yield of each person whether the trainings since the last award make 20 hours, 3 of them on ethics."""
    for trained in sorted((folder / "trainings").glob("*.parquet")):
        last: dict[str, date] = {}
        held = pq.read_table(folder / "certifications" / trained.name, columns=["person", "on"])
        for person, day in zip(held["person"].to_pylist(), held["on"].to_pylist(), strict=True):
            if day <= ON:
                last[person] = max(day, last.get(person, day))
        sums = {person: [0.0, 0.0] for person in last}
        table = pq.read_table(trained, columns=["person", "completed", "amount", "topics"])
        for batch in table.to_batches(max_chunksize=100_000):
            for person, day, amount, topic in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                if last[person] < day <= ON:
                    sums[person][0] += amount
                    if topic == "ethics":
                        sums[person][1] += amount
        yield from ((person, hours >= NEED and ethics >= ETHICS) for person, (hours, ethics) in sums.items())


def rows_of(folder: Path, people: set[str]) -> Iterator[Record]:
    """Yield the records of some people, each read from its row as the interchange format has it."""
    yield record_from_dict({"type": "coverage", "id": "coverage-1", "covers": "certification"})
    for name, kind in KINDS.items():
        for path in sorted((folder / name).glob("*.parquet")):
            table = pq.read_table(path)
            some = table.filter(pc.is_in(table["person"], pa.array(sorted(people)))).to_pylist()
            yield from (record_of(name, kind, row) for row in some)


def main() -> None:
    folder = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    processes = int(sys.argv[3]) if len(sys.argv) > 3 else 2
    if not (folder / "trainings").exists():
        folder.mkdir(parents=True, exist_ok=True)
        write(count, folder)
    files = {name: folder / name for name in ("trainings", "certifications", "documents", "coverage")}
    before, used = memory()[0], processor_time()
    found, seconds = answered(files, processes)
    used = processor_time() - used
    own, others = memory()
    size = found.nbytes / 2**20
    print(
        f"{found.num_rows} people in {seconds:.1f} s on the clock, {processes} processes; {used / count * 1e6:.1f} us of processor time each"
    )
    print(
        f"memory at most: {own:.0f} MB here ({before:.0f} before, {size:.0f} of it all answers), {others:.0f} MB in another process"
    )
    settled, seconds = answered(files, processes, readings=all_answered())
    print(f"with all questions answered: {seconds:.1f} s")
    is_met = dict(
        zip(
            settled["person"].to_pylist(),
            (settled["hours"].to_numpy(zero_copy_only=False) == "met").tolist(),
            strict=True,
        )
    )
    checked = 0
    for person, met in naive(folder):
        assert is_met[person] == met, f"{person} comes out otherwise"
        checked += 1
    assert checked == count, f"{checked} people are checked"
    print(f"the hours of all {checked} people come out as by the naive loop")
    sample = found["person"].to_pylist()[::SAMPLED]
    ledger = Ledger()
    ledger.append(rows_of(folder, set(sample)))
    reports = (evaluate(ledger, person, on=ON, ruleset=RULES) for person in sample)
    expected = AnswerRows(ruleset(RULES), ()).tables(reports, ())[0].to_pylist()
    assert found.take(list(range(0, found.num_rows, SAMPLED))).to_pylist() == expected, "a headline comes out otherwise"
    print(f"the headlines of {len(sample)} people, every {SAMPLED}th, are those of evaluate")


if __name__ == "__main__":
    main()
