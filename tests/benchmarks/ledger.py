"""
What records and the ledger cost, each as a ratio to a bare counterpart measured in the same run.

    python tests/benchmarks/ledger.py [PEOPLE]

The data is seeded: PEOPLE (2,000 unless said otherwise) with 30 events each.  The figures are of the machine it runs
on; the ratios are what to look at.  The best of several runs is taken, the pieces in turn.
"""

import json
import random
import resource
import sqlite3
import sys
import tempfile
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import attrs

from peer_ledger import Credit, Ledger, TrainingEvent
from peer_ledger.records import record_from_json, record_to_json

EVENTS = 30
RUNS = 3
TOPICS = [frozenset({topic}) for topic in ("ethics", "wellness", "recovery", "crisis", "trauma-informed-practice")]
AMOUNTS = [Decimal(text) for text in ("0.75", "1", "1.5", "2", "3", "6")]


def bare(cls):
    """Return an attrs class with the same fields and nothing else: no validators, no converters."""
    fields = {field.name: attrs.field(default=None) for field in attrs.fields(cls)}
    return attrs.make_class(f"Bare{cls.__name__}", fields, frozen=True, slots=True, kw_only=True)


def described(people):
    """Yield the arguments of each event and of its credits, always the same."""
    chance = random.Random(20261121)
    for person in range(people):
        for number in range(EVENTS):
            event = {
                "id": f"e-{person}-{number}",
                "person": f"p-{person}",
                "completed": date(2018, 1, 1) + timedelta(days=chance.randrange(3000)),
                "title": f"Training {chance.randrange(500)}",
                "provider": f"provider-{chance.randrange(40)}",
                "delivery": chance.choice(["in-person", "live-online", "self-paced"]),
            }
            yield event, {"amount": chance.choice(AMOUNTS), "unit": "hour", "topics": chance.choice(TOPICS)}


def build(event_class, credit_class, descriptions):
    return [event_class(**event, credits=(credit_class(**credit),)) for event, credit in descriptions]


def raw_rows(rows, path, *, keys):
    """Write the same rows with sqlite3 alone, in one transaction, with or without the same indexes."""
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(
            "CREATE TABLE entry (seq INTEGER PRIMARY KEY, recorded_at TEXT, type TEXT, id TEXT, person TEXT, "
            "other_person TEXT, retracts TEXT, record TEXT, salt BLOB, commitment BLOB, digest BLOB)"
        )
        if keys:
            connection.execute("CREATE UNIQUE INDEX by_id ON entry (id)")
            connection.execute("CREATE INDEX by_person ON entry (person)")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO entry VALUES (?,?,?,?,?,?,?,?,?,?,?)", rows)
        connection.execute("COMMIT")
    connection.close()


def timed(work):
    begin = time.perf_counter()
    result = work()
    return time.perf_counter() - begin, result


def best(*works):
    """Time several pieces of work in turn, and give the best time of each."""
    times = [[] for _ in works]
    for _ in range(RUNS):
        for position, work in enumerate(works):
            times[position].append(timed(work)[0])
    return [min(some) for some in times]


def report(name, seconds, count, bare_name, bare_seconds):
    ratio = seconds / bare_seconds
    print(f"{name:<28} {count / seconds:>10,.0f} /s   {ratio:5.2f} x {bare_name} ({count / bare_seconds:,.0f} /s)")


def main(people):
    descriptions = list(described(people))
    count = len(descriptions)
    print(f"{people:,} people, {count:,} events")

    bare_event, bare_credit = bare(TrainingEvent), bare(Credit)
    built, bare_built = best(
        lambda: build(TrainingEvent, Credit, descriptions), lambda: build(bare_event, bare_credit, descriptions)
    )
    report("records built", built, count, "bare attrs class", bare_built)

    records = build(TrainingEvent, Credit, descriptions)
    lines = [record_to_json(record) for record in records]
    values = [json.loads(line) for line in lines]
    written, dumped = best(
        lambda: [record_to_json(record) for record in records],
        lambda: [json.dumps(value) for value in values],
    )
    report("records to JSON", written, count, "json.dumps", dumped)
    read, loaded = best(
        lambda: [record_from_json(line) for line in lines], lambda: [json.loads(line) for line in lines]
    )
    report("records from JSON", read, count, "json.loads", loaded)

    with tempfile.TemporaryDirectory() as folder:
        appends(Path(folder), records, count)
        reads(Path(folder), people)


def appends(folder, records, count):
    salt, digest = bytes(16), bytes(32)
    rows = [
        (
            seq,
            "2026-11-21T00:00:00.000000Z",
            "training-event",
            r.id,
            r.person,
            None,
            None,
            record_to_json(r),
            salt,
            digest,
            digest,
        )
        for seq, r in enumerate(records, 1)
    ]
    numbers = iter(range(100))

    def append():
        path = folder / f"ledger-{next(numbers)}"
        with Ledger.open(path) as ledger:
            ledger.append(records)

    appended, raw, keyed = best(
        append,
        lambda: raw_rows(rows, folder / f"raw-{next(numbers)}", keys=False),
        lambda: raw_rows(rows, folder / f"raw-{next(numbers)}", keys=True),
    )
    report("records appended to a file", appended, count, "raw executemany", raw)
    report("", appended, count, "raw executemany, same indexes", keyed)
    in_memory, lines = best(lambda: Ledger().append(records), lambda: [record_to_json(record) for record in records])
    report("records appended in memory", in_memory, count, "record_to_json", lines)


def reads(folder, people):
    path = folder / "ledger-0"
    chosen = [f"p-{number}" for number in random.Random(1).choices(range(people), k=min(people, 500))]
    with Ledger.open(path, read_only=True) as ledger, sqlite3.connect(path) as connection:

        def raw():
            for person in chosen:
                found = connection.execute(
                    "SELECT record FROM entry WHERE person = ? AND id IS NOT NULL ORDER BY seq", (person,)
                )
                [json.loads(record) for (record,) in found]

        read, bare_read = best(lambda: [ledger.records_of(person) for person in chosen], raw)
        report("people read (30 events each)", read, len(chosen), "raw sqlite3 + json.loads", bare_read)
        verified, _ = timed(ledger.verify)
        print(f"{'entries verified':<28} {people * EVENTS / verified:>10,.0f} /s")
    connection.close()
    stream(folder, people)


def stream(folder, people):
    """Append from a generator, and say how much more memory that took than before it began."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with Ledger.open(folder / "stream") as ledger:
        ledger.append(TrainingEvent(**event, credits=(Credit(**credit),)) for event, credit in described(people))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    more = (after - before) / 1024
    print(f"peak memory while appending {people * EVENTS:,} events from a generator: {more:.1f} MiB more")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
