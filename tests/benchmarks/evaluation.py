"""
What an answer costs: ratios of `evaluate_all` to the least that anybody could write for one question.

`python tests/benchmarks/evaluation.py [PEOPLE]` (1,000 unless given) prints, for North Carolina, what an answer costs beside a
naive loop over the same records that knows one rule (20 hours, 3 of them on ethics, since the last award) and no question,
and beside the same in polars and pandas where they are installed. All are measured in the same run, in turns, and must agree
on every person before a time counts. Lines below it: the headline the first time that a rule set and a ledger are asked, and
for another day, when what was read is kept; for more people, people without training and with 300 trainings (and as few
people with 30, beside them); for other people, when the rule set was asked before, all at once and one by one; all
questions answered; people about whom something is odd; every finding, question and caveat read; and whether people could practice on one day, and on each day
of a year.
"""

import gc
import sys
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from importlib.util import find_spec
from itertools import islice
from random import Random
from time import process_time
from typing import Any

import attrs

from peer_ledger import (
    Certification,
    Coverage,
    Credit,
    Document,
    Filing,
    Ledger,
    Record,
    Review,
    Ruling,
    TrainingEvent,
    evaluate,
    evaluate_all,
    in_force,
    ruleset,
)
from peer_ledger.evaluation._position import forget_positions

SEED = 20261128
ON = date(2026, 1, 15)
RULES = "us-nc-cpss"
NEED, ETHICS = 20, 3
TOPICS = (
    "ethics",
    "recovery",
    "trauma-informed",
    "crisis",
    "documentation",
    "advocacy",
    "cultural-humility",
    "boundaries",
)
TURNS = 3


def people(count: int, events: int) -> list[Record]:
    """Return the records of some people: awards and renewals since 2020 with printed expiries, trainings, letters."""
    random = Random(SEED)
    records: list[Record] = [Coverage(id="acts", covers="certification")]
    for number in range(count):
        person = f"p-{number:07}"
        first = begins = date(2020, 1, 1) + timedelta(days=random.randrange(900))
        cycle = 0
        while begins < date(2026, 1, 1):
            ends = date(begins.year + 2, begins.month, min(begins.day, 28))
            act = "renewed" if cycle else "awarded"
            records.append(
                Certification(
                    id=f"c-{number}-{cycle}", person=person, credential=RULES, act=act, on=begins, expires=ends
                )
            )
            begins, cycle = ends - timedelta(days=random.randrange(30)), cycle + 1
        records += [
            TrainingEvent(
                id=f"e-{number}-{place}",
                person=person,
                completed=min(first + timedelta(days=random.randrange(6 * 365)), ON),
                title=f"course {place}",
                delivery=random.choice(("in-person", "live-online")),
                credits=[Credit(amount=Decimal(random.randrange(1, 13)) / 2, topics={random.choice(TOPICS)})],
            )
            for place in range(events)
        ]
        for place in range(4):
            day = first + timedelta(days=random.randrange(6 * 365))
            records.append(Document(id=f"d-{number}-{place}", person=person, kind="reference-letter", on=day))
    return records


def naive(records: Iterable[Record]) -> dict[str, bool]:
    """Return, of each person, whether the trainings since the last award make 20 hours, 3 of them on ethics."""
    awards: dict[str, date] = {}
    trainings: dict[str, list[TrainingEvent]] = {}
    for record in records:
        if isinstance(record, Certification) and record.on is not None and record.on <= ON:
            awards[record.person] = max(record.on, awards.get(record.person, record.on))
        elif isinstance(record, TrainingEvent):
            trainings.setdefault(record.person, []).append(record)
    found = {}
    for person, award in awards.items():
        hours = ethics = Decimal(0)
        for training in trainings.get(person, ()):
            if award < training.completed <= ON:
                for credit in training.credits or ():
                    hours += credit.amount
                    if credit.topics and "ethics" in credit.topics:
                        ethics += credit.amount
        found[person] = hours >= NEED and ethics >= ETHICS
    return found


def in_polars(records: Iterable[Record]) -> Callable[[], dict[str, bool]]:
    """Return the same as a query over frames, which are built beforehand."""
    import polars as pl  # noqa: PLC0415 - it need not be installed

    events = [record for record in records if isinstance(record, TrainingEvent)]
    acts = [record for record in records if isinstance(record, Certification)]
    trained = pl.DataFrame(
        {
            "person": [event.person for event in events],
            "day": [event.completed for event in events],
            "hours": [float(event.credits[0].amount) for event in events],
            "ethics": ["ethics" in event.credits[0].topics for event in events],
        }
    )
    held = pl.DataFrame({"person": [act.person for act in acts], "award": [act.on for act in acts]})

    def query() -> dict[str, bool]:
        last = held.lazy().filter(pl.col("award") <= ON).group_by("person").agg(pl.col("award").max())
        since = (pl.col("day") > pl.col("award")) & (pl.col("day") <= ON)
        sums = (
            last.join(trained.lazy(), on="person", how="left")
            .group_by("person")
            .agg(
                pl.col("hours").filter(since).sum().alias("hours"),
                pl.col("hours").filter(since & pl.col("ethics")).sum().alias("ethics"),
            )
            .with_columns(met=(pl.col("hours") >= NEED) & (pl.col("ethics") >= ETHICS))
            .collect()
        )
        return dict(zip(sums["person"], sums["met"], strict=True))

    return query


def in_pandas(records: Iterable[Record]) -> Callable[[], dict[str, bool]]:
    """Return the same in pandas, whose frames are built beforehand."""
    import pandas as pd  # noqa: PLC0415 - it need not be installed

    events = [record for record in records if isinstance(record, TrainingEvent)]
    acts = [record for record in records if isinstance(record, Certification)]
    trained = pd.DataFrame(
        {
            "person": [event.person for event in events],
            "day": pd.to_datetime([event.completed for event in events]),
            "hours": [float(event.credits[0].amount) for event in events],
            "ethics": ["ethics" in event.credits[0].topics for event in events],
        }
    )
    held = pd.DataFrame({"person": [act.person for act in acts], "award": pd.to_datetime([act.on for act in acts])})

    def query() -> dict[str, bool]:
        day = pd.Timestamp(ON)
        last = held[held["award"] <= day].groupby("person")["award"].max()
        joined = trained.join(last, on="person")
        joined = joined[(joined["day"] > joined["award"]) & (joined["day"] <= day)]
        hours = joined.groupby("person")["hours"].sum().reindex(last.index, fill_value=0)
        ethics = joined[joined["ethics"]].groupby("person")["hours"].sum().reindex(last.index, fill_value=0)
        return dict(((hours >= NEED) & (ethics >= ETHICS)).items())

    return query


def all_answered() -> dict[str, str]:
    """Return the assumed reading of every question of the rules, with the newest edition begun."""
    rules = ruleset(RULES)
    taken = {question.id: question.assumed for question in rules.questions}
    return {**taken, "renewal-4-begun": "begun", "documents-on-file": "all", "unrecorded-training": "does-not"}


def headline(ledger: Ledger, on: date = ON, **how: Any) -> dict[str, str]:
    """Ask for everybody's answer and read what a roster shows in its first columns."""
    found = {}
    for report in evaluate_all(ledger, on=on, ruleset=RULES, **how):
        _ = report.standing, report.in_force, report.outcome, report.status, report.dates.due, report.hours_short
        found[report.person] = report.hours_outcome
    return found


def everything(ledger: Ledger) -> int:
    """Ask for everybody's answer and read every finding with its lines and proof, every question and every caveat."""
    read = 0
    for report in evaluate_all(ledger, on=ON, ruleset=RULES):
        read += sum(len(found.lines) + len(found.because) + (found.proof is not None) for found in report.findings)
        read += len(report.questions) + len(report.caveats)
    return read


def practicing(ledger: Ledger, count: int, days: int) -> int:
    """Ask of some people whether they could practice, on each of some days before the day of the others."""
    services = [
        (person, ON - timedelta(days=before)) for person in islice(ledger.people(), count) for before in range(days)
    ]
    return sum(answer == "yes" for answer in in_force(ledger, services, ruleset=RULES))


ODD: dict[str, Callable[[str, list[TrainingEvent]], Iterable[Record]]] = {
    "a pending filing": lambda who, _: [
        Filing(id=f"f-{who}", person=who, credential=RULES, step="renewal", method="mail", sent=ON - timedelta(days=20))
    ],
    "two pending filings": lambda who, _: [
        Filing(
            id=f"f-{who}-{days}", person=who, credential=RULES, step="renewal", method="mail",
            sent=ON - timedelta(days=days),
        )
        for days in (60, 20)
    ],
    "a due date that was moved": lambda who, _: [
        Ruling(
            id=f"r-{who}", person=who, credential=RULES, effect="moves", requirement="due", on=ON - timedelta(days=100),
            day=ON + timedelta(days=50),
        )
    ],
    "a training that was rejected": lambda who, trainings: [
        Review(id=f"v-{who}", person=who, event=trainings[-1].id, decision="rejected", on=ON - timedelta(days=3))
    ],
    "a course that was taken again": lambda who, trainings: [
        attrs.evolve(trainings[-1], id=f"x-{who}", completed=trainings[-2].completed, title=trainings[-3].title)
    ],
    "a training in two equal rows": lambda who, trainings: [attrs.evolve(trainings[-1], id=f"x-{who}")],
    "three trainings in two lists that disagree": lambda who, trainings: [
        attrs.evolve(one, id=f"y-{who}-{one.id}", credits=[attrs.evolve(one.credits[0], amount=one.credits[0].amount + 1)])
        for one in trainings[-3:]
    ],
    "a training of unknown length": lambda who, _: [
        TrainingEvent(id=f"x-{who}", person=who, completed=ON - timedelta(days=30), title="unknown")
    ],
}  # fmt: skip
"""What is odd about everybody, by name: the records that are added, given a person and the person's trainings."""


def odd(count: int, name: str) -> Ledger:
    """Return a ledger of people about all of whom the same is odd."""
    ledger, trainings = ledger_of(count, 30), dict[str, list[TrainingEvent]]()
    for entry in ledger:
        record = entry.record
        if isinstance(record, TrainingEvent):
            trainings.setdefault(record.person, []).append(record)
    ledger.append([record for who, mine in trainings.items() for record in ODD[name](who, mine)])
    return ledger


def best(work: Callable[[], Any], turns: int = TURNS) -> float:
    """Return the least processor time of some turns, in seconds."""
    least = float("inf")
    for _ in range(turns):
        gc.collect()
        began = process_time()
        work()
        least = min(least, process_time() - began)
    return least


def ledger_of(count: int, events: int) -> Ledger:
    ledger = Ledger()
    ledger.append(people(count, events))
    return ledger


def first_and_kept(count: int, events: int) -> tuple[float, float]:
    """Return what a headline costs the first time that anything is asked, and for days not asked about before."""
    ledger, days = ledger_of(count, events), (ON + timedelta(days=after) for after in range(40, 40 + TURNS))
    forget_positions()
    first = best(lambda: headline(ledger), 1) / count
    return first, best(lambda: headline(ledger, next(days))) / count


def one_by_one(ledger: Ledger) -> None:
    """Ask for each person's answer by itself."""
    for person in ledger.people():
        evaluate(ledger, person, on=ON, ruleset=RULES)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    records, ledger = people(count, 30), ledger_of(count, 30)
    expected = naive(records)
    answered = headline(ledger, readings=all_answered())
    wrong = {person for person, met in expected.items() if (answered[person] == "met") is not met}
    assert not wrong, f"{len(wrong)} of {count} people come out otherwise"
    rows: list[tuple[str, float]] = [("naive loop", best(lambda: naive(records)) / count)]
    for library, make in (("polars", in_polars), ("pandas", in_pandas)):
        if find_spec(library):
            query = make(records)
            assert query() == expected, f"{library} comes out otherwise"
            rows.append((f"{library} query", best(query) / count))
    few = max(1, count // 10)
    for name, how_many, events in (
        ("headline", count, 30),
        ("headline of ten times the people", 10 * count, 30),
        ("headline, no training", few, 0),
        ("headline, 300 trainings", few, 300),
        ("headline, 30 trainings, as few people", few, 30),
    ):
        first, kept = first_and_kept(how_many, events)
        rows += [(name, first), (f"{name}, another day", kept)]
    fresh, others = ledger_of(count, 30), ledger_of(count, 30)
    rows += [
        ("headline of other people", best(lambda: headline(fresh), 1) / count),
        ("headline of other people, one by one", best(lambda: one_by_one(others), 1) / count),
        ("headline, all questions answered", best(lambda: headline(ledger, readings=all_answered())) / count),
        ("every finding, question and caveat", best(lambda: everything(ledger)) / count),
        ("in force, one day", best(lambda: practicing(ledger, few, 1)) / few),
        ("in force, a year of days", best(lambda: practicing(ledger, few, 365)) / few),
    ]
    for name in ODD:
        ledger_of_odd = odd(few, name)
        rows.append((f"headline, {name}", best(lambda ledger=ledger_of_odd: headline(ledger), 1) / few))
    unit = rows[0][1]
    print(f"{count} people, {RULES} on {ON}; microseconds a person, and how many times the naive loop")
    for name, cost in rows:
        print(f"  {name:52} {cost * 1e6:10.1f} us {cost / unit:10.1f} x")


if __name__ == "__main__":
    main()
