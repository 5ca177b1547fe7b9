"""
What answers from Parquet cost: ratios of `evaluate_batches` to the least that anybody could write for one question.

`python tests/benchmarks/columns.py [PEOPLE] [PROCESSES]` (20,000 and 1 unless given) writes seeded people as files of
Parquet, 30 trainings each, and prints what the headline of each costs beside hand-written queries in polars, DuckDB and
pandas that know one rule (20 hours, 3 of them on ethics, since the last award), no question and no check of a cell. All
read the same files, in alternating order, and must agree on every person before a time counts.  The processor time of
this process and of those that it started is counted, and the greatest memory of this process is printed for a tenth of
the people and for all.
"""

import os
import resource
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from evaluation import ETHICS, NEED, ON, RULES, TOPICS, all_answered

from peer_ledger.columns import evaluate_batches

SEED = 20261129
EVENTS = 30
TURNS = 3
EPOCH = date(1970, 1, 1).toordinal()

Verdicts = dict[str, bool]


def days(numbers: Any) -> pa.Array:
    return pa.array(numbers.astype("datetime64[D]"))


def write(count: int, folder: Path) -> dict[str, Path]:
    """Write some people's files: awards and renewals since 2020 with printed expiries, trainings, letters."""
    random = np.random.default_rng(SEED)
    names = pa.array([f"p-{number:08}" for number in range(count)])
    first = date(2020, 1, 1).toordinal() - EPOCH + random.integers(0, 900, count)
    on = ON.toordinal() - EPOCH
    whose, acts, begins, ends = [], [], [], []
    begin = first
    for cycle in range(4):
        end = begin + 730
        known = np.flatnonzero(begin < on)
        whose.append(known)
        acts += ["renewed" if cycle else "awarded"] * len(known)
        begins.append(begin[known])
        ends.append(end[known])
        begin = end - random.integers(0, 30, count)
    person = np.concatenate(whose)
    order = np.argsort(person, kind="stable")
    certifications = pa.table(
        {
            "id": pa.array([f"c-{number}" for number in range(len(person))]),
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
            "id": pa.array([f"e-{number}" for number in range(len(trained))]),
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
            "id": pa.array([f"d-{number}" for number in range(len(wrote))]),
            "person": names.take(wrote),
            "kind": pa.array(["reference-letter"] * len(wrote)),
            "on": days(first[wrote] + random.integers(0, 2190, len(wrote))),
        }
    )
    tables = {"trainings": trainings, "certifications": certifications, "documents": documents}
    tables["coverage"] = pa.table({"covers": ["certification"]})
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet", row_group_size=500_000)
    return {name: folder / f"{name}.parquet" for name in tables}


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
            SELECT person, max("on") AS since FROM '{files["certifications"]}' WHERE "on" <= '{ON}' GROUP BY person
        )
        SELECT last.person, coalesce(sum(amount), 0) >= {NEED}
            AND coalesce(sum(amount) FILTER (topics = 'ethics'), 0) >= {ETHICS}
        FROM last LEFT JOIN '{files["trainings"]}' AS trained
            ON trained.person = last.person AND completed > since AND completed <= '{ON}'
        GROUP BY last.person
        """
    ).fetchall()
    return dict(found)


def in_pandas(files: dict[str, Path]) -> Verdicts:
    import pandas as pd  # noqa: PLC0415 - it need not be installed

    held, trained = (pd.read_parquet(files[name]) for name in ("certifications", "trainings"))
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
    before, began = os.times(), perf_counter()
    work()
    after = os.times()
    return sum(after[:4]) - sum(before[:4]), perf_counter() - began


def peak() -> float:
    """Return the greatest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    processes = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as folder:
        few = Path(folder) / "few"
        few.mkdir()
        ours(write(max(count // 10, 1), few), processes=processes)
        memory = [peak()]
        files = write(count, Path(folder))
        ways: dict[str, Callable[[], Verdicts]] = {
            name: (lambda query=query: query(files))
            for name, query in (("polars", in_polars), ("duckdb", in_duckdb), ("pandas", in_pandas))
            if find_spec(name)
        }
        expected = next(iter(ways.values()))()
        before = peak()
        answered = ours(files, readings=all_answered(), processes=processes)
        memory.append(max(peak(), before))
        for name, query in ways.items():
            assert query() == expected, f"{name} comes out otherwise"
        assert answered == expected, "the headlines come out otherwise"
        ways["headline"] = lambda: ours(files, processes=processes)
        costs = {name: (float("inf"), float("inf")) for name in ways}
        for turn in range(TURNS if count <= 100_000 else 1):
            for name in list(ways) if turn % 2 == 0 else reversed(ways):
                costs[name] = min(costs[name], spent(ways[name]))
    unit = next(iter(costs.values()))[0]
    print(f"{count} people with {EVENTS} trainings, {RULES} on {ON}, from Parquet; {processes} process(es)")
    print(f"memory at most, in MB: {memory[0]:.0f} for a tenth of the people, {memory[1]:.0f} for all and the queries")
    for name, (used, passed) in costs.items():
        print(f"  {name:10} {used / count * 1e6:10.1f} us a person {used / unit:8.1f} x {passed:8.1f} s on the clock")


if __name__ == "__main__":
    main()
