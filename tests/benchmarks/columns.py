"""
What answers from Parquet cost: ratios of `evaluate_batches` to the least that anybody could write for one question.

`python tests/benchmarks/columns.py [PEOPLE ...] [--processes N] [--keep FILE] [--files FOLDER]` (20,000 people unless given) writes seeded people as
files of Parquet, 30 trainings each, and prints what each of them costs:

* `frame`, the headlines of `evaluate_batches`, for every question under every reading;
* `headline` and `report`, the headlines and whole reports of `evaluate_all` on a ledger in memory, which is made
  beforehand; of as many people as there is time for;
* queries written by hand in polars, DuckDB and pandas, and the engines for rules of `rivals.py`, where they are
  installed. They know one rule (20 hours, 3 of them on ethics, since the last award), no question and no check of a cell.

All read the same files in alternating order, and must agree on every person before a time counts: with all questions
answered, ours say the same. The processor time of this process and of those that it started is counted. The greatest
memory of this process is printed for a tenth of the people and for all. With `--keep`, the figures are added to a file
of lines of JSON, of which `costs_drawn.py` makes a drawing.
"""

import argparse
import json
import resource
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from evaluation import ETHICS, NEED, ON, RULES, TOPICS, all_answered, everything, headline
from rivals import in_openfisca, in_zen

from peer_ledger import Ledger, Record
from peer_ledger.columns import evaluate_batches
from peer_ledger.records import record_from_dict

SEED = 20261129
EVENTS = 30
TURNS = 3
IN_A_FILE = 100_000
"""How many people are in a file."""
KINDS = {"trainings": "training-event", "certifications": "certification", "documents": "document"}
EPOCH = date(1970, 1, 1).toordinal()

Verdicts = dict[str, bool]


def days(numbers: Any) -> pa.Array:
    return pa.array(numbers.astype("datetime64[D]"))


def write(count: int, folder: Path) -> dict[str, Path]:
    """Write everybody's files, some people in each, to a folder for each table."""
    for begin in range(0, count, IN_A_FILE):
        tables = people(begin, min(begin + IN_A_FILE, count))
        for name, table in tables.items():
            (folder / name).mkdir(exist_ok=True)
            pq.write_table(table, folder / name / f"{begin:08}.parquet", row_group_size=500_000)
    (folder / "coverage").mkdir(exist_ok=True)
    pq.write_table(pa.table({"covers": ["certification"]}), folder / "coverage" / "all.parquet")
    return {name: folder / name for name in (*tables, "coverage")}


def people(begin: int, end: int) -> dict[str, pa.Table]:
    """Return some people's tables: awards and renewals since 2020 with printed expiries, trainings, letters."""
    count, random = end - begin, np.random.default_rng([SEED, begin])
    names = pa.array([f"p-{number:08}" for number in range(begin, end)])
    first = date(2020, 1, 1).toordinal() - EPOCH + random.integers(0, 900, count)
    on = ON.toordinal() - EPOCH
    whose, acts, begins, ends = [], [], [], []
    starts = first
    for cycle in range(4):
        due = starts + 730
        known = np.flatnonzero(starts < on)
        whose.append(known)
        acts += ["renewed" if cycle else "awarded"] * len(known)
        begins.append(starts[known])
        ends.append(due[known])
        starts = due - random.integers(0, 30, count)
    person = np.concatenate(whose)
    order = np.argsort(person, kind="stable")
    certifications = pa.table(
        {
            "id": pa.array([f"c-{begin}-{number}" for number in range(len(person))]),
            "person": names.take(person),
            "credential": pa.array([RULES] * len(person)),
            "act": pa.array(acts),
            "on": days(np.concatenate(begins)),
            "expires": days(np.concatenate(ends)),
        }
    ).take(order)
    trained = np.repeat(np.arange(count), EVENTS)
    trainings = pa.table(
        {
            "id": pa.array([f"e-{begin}-{number}" for number in range(len(trained))]),
            "person": names.take(trained),
            "completed": days(first[trained] + (random.random(len(trained)) * (on - first[trained] + 1)).astype(int)),
            "title": pa.array([f"course {place}" for place in range(EVENTS)]).take(np.tile(np.arange(EVENTS), count)),
            "delivery": pa.array(["in-person", "live-online"]).take(random.integers(0, 2, len(trained))),
            "amount": pa.array(random.integers(1, 13, len(trained)) / 2),
            "topics": pa.array(list(TOPICS)).take(random.integers(0, len(TOPICS), len(trained))),
        }
    )
    wrote = np.repeat(np.arange(count), 4)
    documents = pa.table(
        {
            "id": pa.array([f"d-{begin}-{number}" for number in range(len(wrote))]),
            "person": names.take(wrote),
            "kind": pa.array(["reference-letter"] * len(wrote)),
            "on": days(first[wrote] + random.integers(0, 2190, len(wrote))),
        }
    )
    return {"trainings": trainings, "certifications": certifications, "documents": documents}


def in_polars(files: dict[str, Path]) -> Verdicts:
    import polars as pl  # noqa: PLC0415 - it need not be installed

    held, trained = pl.scan_parquet(files["certifications"]), pl.scan_parquet(files["trainings"])
    last = held.filter(pl.col("on") <= ON).group_by("person").agg(pl.col("on").max())
    since = (pl.col("completed") > pl.col("on")) & (pl.col("completed") <= ON)
    found = (
        last.join(trained, on="person", how="left")
        .group_by("person")
        .agg(
            pl.col("amount").filter(since).sum().alias("hours"),
            pl.col("amount").filter(since & (pl.col("topics") == "ethics")).sum().alias("ethics"),
        )
        .with_columns(met=(pl.col("hours") >= NEED) & (pl.col("ethics") >= ETHICS))
        .collect()
    )
    return dict(zip(found["person"], found["met"], strict=True))


def in_duckdb(files: dict[str, Path]) -> Verdicts:
    import duckdb  # noqa: PLC0415 - it need not be installed

    found = duckdb.sql(
        f"""
        WITH last AS (
            SELECT person, max("on") AS since FROM '{files["certifications"]}/*.parquet' WHERE "on" <= '{ON}' GROUP BY person
        )
        SELECT last.person, coalesce(sum(amount), 0) >= {NEED}
            AND coalesce(sum(amount) FILTER (topics = 'ethics'), 0) >= {ETHICS}
        FROM last LEFT JOIN '{files["trainings"]}/*.parquet' AS trained
            ON trained.person = last.person AND completed > since AND completed <= '{ON}'
        GROUP BY last.person
        """
    ).fetchall()
    return dict(found)


def in_pandas(files: dict[str, Path]) -> Verdicts:
    import pandas as pd  # noqa: PLC0415 - it need not be installed

    held = pd.read_parquet(files["certifications"], columns=["person", "on"])
    trained = pd.read_parquet(files["trainings"], columns=["person", "completed", "amount", "topics"])
    last = held[held["on"] <= ON].groupby("person")["on"].max()
    joined = trained.join(last, on="person")
    joined = joined[(joined["completed"] > joined["on"]) & (joined["completed"] <= ON)]
    hours = joined.groupby("person")["amount"].sum().reindex(last.index, fill_value=0)
    ethics = joined[joined["topics"] == "ethics"].groupby("person")["amount"].sum().reindex(last.index, fill_value=0)
    return dict(((hours >= NEED) & (ethics >= ETHICS)).items())


def ours(files: dict[str, Path], **how: Any) -> Verdicts:
    """Return of whom the hours are met, from the headlines."""
    found: Verdicts = {}
    for part in evaluate_batches(**files, on=ON, ruleset=RULES, **how):
        assert part.rejected.num_rows == 0
        people, hours = part.people.column("person").to_pylist(), part.people.column("hours").to_pylist()
        found |= {person: is_met == "met" for person, is_met in zip(people, hours, strict=True)}
    return found


def spent(work: Callable[[], Any]) -> tuple[float, float]:
    """Return the processor time of some work, with that of other processes, and the time on the clock."""
    before, began = processor_time(), perf_counter()
    work()
    return processor_time() - before, perf_counter() - began


def processor_time() -> float:
    """Return the processor time of this process and of those that it started and that ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + ended.ru_utime + ended.ru_stime


def peak() -> float:
    """Return the greatest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def record_rows(files: dict[str, Path], count: int) -> Iterator[Record]:
    """Yield the records of the first people, each read from its row as the interchange format has it."""
    yield record_from_dict({"type": "coverage", "id": "coverage-1", "covers": "certification"})
    for name, kind in KINDS.items():
        table = pq.read_table(files[name], filters=[("person", "<", f"p-{count:08}")])
        yield from (record_of(name, kind, row) for row in table.to_pylist())


def record_of(name: str, kind: str, row: dict[str, Any]) -> Record:
    """Return the record of a row."""
    known = {key: str(value) if isinstance(value, date) else value for key, value in row.items()}
    if name == "trainings":
        known["credits"] = [{"amount": f"{known.pop('amount'):g}", "topics": [known.pop("topics")]}]
    return record_from_dict({"type": kind, **known})


def ledger_of(files: dict[str, Path], count: int) -> Ledger:
    ledger = Ledger()
    ledger.append(record_rows(files, count))
    return ledger


def from_reports(ledger: Ledger, **how: Any) -> Verdicts:
    """Return of whom the hours are met, from the headlines of reports."""
    return {person: outcome == "met" for person, outcome in headline(ledger, **how).items()}


class Way(NamedTuple):
    """
    A way to answer.

    Attributes:
        answer: Answers with all questions answered, and says of whom the hours are met.
        work: What is timed.
        most: About how many people it is asked at most.
    """

    answer: Callable[[], Verdicts]
    work: Callable[[], Any]
    most: int


def ways_for(files: dict[str, Path], count: int, processes: int) -> Iterator[tuple[str, Way]]:
    """Yield each way by its name, the simplest first."""
    for name, needed, query, most in (
        ("polars", "polars", in_polars, count),
        ("duckdb", "duckdb", in_duckdb, count),
        ("pandas", "pandas", in_pandas, count),
        ("openfisca", "openfisca_core", in_openfisca, count),
        ("zen", "zen", in_zen, 10_000),
    ):
        if find_spec(needed) and count <= most:
            yield name, Way(lambda query=query: query(files), lambda query=query: query(files), count)
    told = {"processes": processes}
    yield "frame", Way(lambda: ours(files, readings=all_answered(), **told), lambda: ours(files, **told), count)
    for name, work, most in (("headline", from_reports, 5_000), ("report", everything, 500)):
        if count <= 10_000:
            some = min(count, most)
            ledgers = [
                ledger_of(files, some) for _ in range(TURNS)
            ]  # what was read of a ledger is kept, so each is new
            answer = partial(from_reports, ledger_of(files, some), readings=all_answered())
            yield name, Way(answer, lambda work=work, ledgers=ledgers: work(ledgers.pop()), some)


def measured(count: int, processes: int, kept: Path | None) -> dict[str, tuple[float, float]]:
    """Return what each way costs a person: the processor time and the time on the clock, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        few = Path(folder) / "few"
        few.mkdir()
        ours(write(max(count // 10, 1), few), processes=processes)
        memory = [peak()]
        files = {name: kept / name for name in (*KINDS, "coverage")} if kept else write(count, Path(folder))
        before = peak()
        answered = ours(files, readings=all_answered(), processes=processes)
        memory.append(peak())
        ways = dict(ways_for(files, count, processes))
        expected = next(iter(ways.values())).answer()
        assert answered == expected, "the frame comes out otherwise"
        for name, way in ways.items():
            found = way.answer()
            assert len(found) == way.most, f"{name} is about {len(found)} people"
            assert found.items() <= expected.items(), f"{name} comes out otherwise"
        costs = {name: (float("inf"), float("inf")) for name in ways}
        for turn in range(TURNS if count <= 100_000 else 1):
            for name in list(ways) if turn % 2 == 0 else reversed(ways):
                used, passed = spent(ways[name].work)
                costs[name] = min(costs[name], (used / ways[name].most, passed / ways[name].most))
    unit = next(iter(costs.values()))[0]
    print(f"{count} people with {EVENTS} trainings, {RULES} on {ON}, from Parquet; {processes} process(es)")
    print(
        f"memory at most, in MB: {memory[0]:.0f} for a tenth of the people, {before:.0f} after writing all, {memory[1]:.0f} then"
    )
    for name, (used, passed) in costs.items():
        some = f"  of {ways[name].most} people" if ways[name].most < count else ""
        print(
            f"  {name:10} {used * 1e6:10.1f} us a person {used / unit:8.1f} x {passed * 1e6:10.1f} us on the clock{some}"
        )
    return costs


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("people", nargs="*", type=int, default=[20_000])
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--files", type=Path, help="a folder that million.py wrote, for so many people")
    given = parser.parse_args()
    for count in given.people:
        costs = measured(count, given.processes, given.files)
        if given.keep:
            with given.keep.open("a", encoding="utf-8") as file:
                for name, (used, passed) in costs.items():
                    line = {"people": count, "way": name, "us": used * 1e6, "clock": passed * 1e6}
                    file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
