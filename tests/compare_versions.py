"""
Compare whole reports of two versions of the package on as many random lives as one likes.

    python tests/compare_versions.py make lives.txt --lives 5000 --seed 1 --source ../old/src
    python tests/compare_versions.py check lives.txt --rules ../old/src/peer_ledger/rulesets --old ../old/src

`make` writes a line for each life, which follows from its seed alone: the seed, the digest of its records, and those of
all that is said about it.  Started again, it goes on where it stopped.  `check` asks the same again, of the version at
hand or of that in `--source`, and lists the lives about which something else is said; with `--old`, it shows what.

Lives are of four sorts: lives in North Carolina with all oddities of `lives_nc`; lives under any bundled rule set; people
of whom each has the certificates of one life and all else of one; and people who filed alike, about all of whom the same
may be odd.  Both versions must read the same rule files: `--rules` names the folder of those to read instead of their own.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import cache
from itertools import product
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import attrs
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as from_seed
from hypothesis import strategies as st

import filed_alike
import lives_nc
import peer_ledger
from peer_ledger import (
    Certification,
    Credit,
    Designation,
    Document,
    Ledger,
    Record,
    Review,
    RuleSet,
    Ruling,
    TrainingEvent,
    check_proof,
    evaluate_all,
    ruleset,
    ruleset_ids,
)
from peer_ledger.records import Origin
from peer_ledger.rulesets import consulted_by
from peer_ledger.testing import days_about, lives

DIGITS = 12
"""How many digits of a digest are written."""

SHOWN = 20
"""About how many lives it is shown what differs."""


class Drawn(NamedTuple):
    """
    A life, or some, and what is asked.

    Attributes:
        records: The records.
        asked: What is asked of `evaluate_all`, in turn.
    """

    records: Sequence[Record]
    asked: list[dict[str, Any]]


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Make a file or check one.

    Args:
        arguments: What stands after the program's name; `None` for the process's own.

    Returns:
        0 when nothing differs, otherwise 1.
    """
    given_arguments = sys.argv[1:] if arguments is None else list(arguments)
    asked = _parser().parse_args(given_arguments)
    if asked.source is not None or asked.rules is not None:
        source = Path(asked.source or Path(peer_ledger.__file__).parent.parent)
        return _elsewhere(given_arguments, source, asked.rules)
    if asked.command == "show":
        for seed in asked.seeds:
            print(json.dumps({"seed": seed, "said": told(seed)[1]}))
        return 0
    path = Path(asked.file)
    return make(path, asked.seed, asked.lives) if asked.command == "make" else check(path, asked.old)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python tests/compare_versions.py", description="Compare two versions.")
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make", help="write what a version says")
    making.add_argument("file", metavar="FILE")
    making.add_argument("--lives", type=int, default=1000, metavar="N", help="how many lives (1000)")
    making.add_argument("--seed", type=int, default=1, metavar="N", help="the seed of the first (1)")
    checking = commands.add_parser("check", help="look for what another version says otherwise")
    checking.add_argument("file", metavar="FILE")
    checking.add_argument(
        "--old", metavar="DIR", help="the source of the version that made the file, to show what differs"
    )
    showing = commands.add_parser("show", help="print all that is said about lives, as JSON")
    showing.add_argument("seeds", type=int, nargs="+", metavar="SEED")
    for command in (making, checking, showing):
        command.add_argument("--source", metavar="DIR", help="the source of the version to ask (the one at hand)")
        command.add_argument("--rules", metavar="DIR", help="the rule files to read (the version's own)")
    return parser


def _elsewhere(arguments: Sequence[str], source: Path, rules: str | None) -> int:
    """Run the same with another source, or with other rule files in a copy of it."""
    kept = _without(arguments, ("--source", "--rules"))
    with tempfile.TemporaryDirectory() as folder:
        if rules is not None:
            package = Path(folder) / "peer_ledger"
            shutil.copytree(source / "peer_ledger", package, ignore=shutil.ignore_patterns("*.toml", "__pycache__"))
            for file in (source / "peer_ledger").rglob("*.toml"):
                if file.parent.name != "rulesets":
                    shutil.copy(file, package / file.relative_to(source / "peer_ledger"))
            for file in Path(rules).glob("*.toml"):
                shutil.copy(file, package / "rulesets")
            source = Path(folder)
        return _run(kept, source).returncode


def _without(arguments: Sequence[str], options: Sequence[str]) -> list[str]:
    """Return arguments without some options that take a value."""
    kept, rest = list[str](), iter(arguments)
    for word in rest:
        if word in options:
            next(rest)
        elif word.partition("=")[0] not in options:
            kept.append(word)
    return kept


def _run(arguments: Sequence[str], source: Path, *, read: bool = False) -> "subprocess.CompletedProcess[str]":
    found = {**os.environ, "PYTHONPATH": str(source.resolve())}
    return subprocess.run([sys.executable, __file__, *arguments], env=found, check=read, capture_output=read, text=True)


def make(path: Path, first: int, count: int) -> int:
    """
    Write what is said about some lives, or go on with it.

    Args:
        path: The file.
        first: The seed of the first life.
        count: How many lives.

    Returns:
        0.
    """
    beginning = json.dumps({"first": first, "lives": count, "rules": rules_digest()}) + "\n"
    text = path.read_text("utf-8") if path.exists() else ""
    whole = text[: text.rfind("\n") + 1] or beginning
    if not whole.startswith(beginning):
        raise SystemExit(f"{path} holds other lives, or lives under other rules")
    path.write_text(whole, "utf-8")
    with path.open("a", encoding="utf-8") as file:
        for seed in range(first + whole.count("\n") - 1, first + count):
            file.write(line_of(seed) + "\n")
            file.flush()
    return 0


def check(path: Path, old: str | None = None) -> int:
    """
    Ask again, and print which lives are answered otherwise.

    Args:
        path: A file that `make` wrote.
        old: The source of the version that wrote it, to show what it said; `None` for the seeds alone.

    Returns:
        0 when nothing differs, otherwise 1.
    """
    beginning, *lines = path.read_text("utf-8").splitlines()
    begun = json.loads(beginning)
    if begun["rules"] != rules_digest():
        raise SystemExit(f"{path} was made with other rule files; name their folder with --rules")
    differing = [seed for seed, line in enumerate(lines, begun["first"]) if line_of(seed) != line]
    print(f"{len(lines)} of {begun['lives']} lives compared, {len(differing)} different")
    if differing:
        print("lives:", *differing)
    if differing and old is not None:
        show_differences(differing[:SHOWN], Path(old))
    return int(bool(differing))


def show_differences(seeds: Sequence[int], old: Path) -> None:
    """
    Print in what two versions differ about some lives, each asked in a new process.

    Args:
        seeds: The seeds of the lives.
        old: The source of the other version.
    """
    arguments = ["show", *map(str, seeds)]
    here = Path(peer_ledger.__file__).parent
    said_before = _run([*arguments, "--source", str(old), "--rules", str(here / "rulesets")], old, read=True)
    said_now = _run(arguments, here.parent, read=True)
    for before, now in zip(said_before.stdout.splitlines(), said_now.stdout.splitlines(), strict=True):
        one, other = json.loads(before), json.loads(now)
        found = list(differences("", one["said"], other["said"]))
        print(f"life {one['seed']}:", *found or ["the same where it is asked about alone"], sep="\n    ")


def differences(path: str, before: Any, now: Any) -> Iterator[str]:
    """
    Yield the places in which two plain values differ, with both.

    Args:
        path: The place of the values.
        before: The one.
        now: The other.
    """
    if isinstance(before, dict) and isinstance(now, dict):
        for name in {**before, **now}:
            yield from differences(f"{path}.{name}", before.get(name, "nothing"), now.get(name, "nothing"))
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for place, pair in enumerate(zip(before, now, strict=True)):
            yield from differences(f"{path}[{place}]", *pair)
    elif before != now:
        yield f"{path}: {json.dumps(before)} before, {json.dumps(now)} now"


@cache
def rules_digest() -> str:
    """Return the digest of the bundled rule files."""
    folder = Path(peer_ledger.__file__).parent / "rulesets"
    files = sorted(file for file in folder.glob("*.toml") if not file.name.endswith(".cases.toml"))
    return _digest([(file.name, file.read_text("utf-8")) for file in files])


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def line_of(seed: int) -> str:
    """Return the line about a life: its seed, the digest of its records, and those of all that is said."""
    records, answers = told(seed)
    return " ".join([str(seed), _digest(records), *map(_digest, answers)])


def told(seed: int) -> tuple[list[str], list[Any]]:
    """Return the records of a life as texts, and everything that is said about it, as plain values."""
    try:
        life = drawn(seed)
    except Exception as error:  # noqa: BLE001  # to draw a life near its boundaries, the version is asked, too
        return [], [_raised(error)]
    ledger = Ledger()
    ledger.append(life.records)
    return [repr(record) for record in life.records], [_said(ledger, asked) for asked in life.asked]


def _said(ledger: Ledger, asked: dict[str, Any]) -> Any:
    try:
        return [_plain(report) for report in evaluate_all(ledger, **asked)]
    except Exception as error:  # noqa: BLE001  # a fault of a version is what is looked for
        return _raised(error)


def _raised(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _plain(report: Any) -> dict[str, Any]:
    """Return everything that a report says, but for the state of its ledger."""
    found: dict[str, Any] = {**report.to_dict(), "text": str(report), "unproven": check_proof(report)}
    found["provenance"] = {name: value for name, value in found["provenance"].items() if name != "known"}
    if report.under_assumed is not None:
        found["assumed"] = {**report.under_assumed.to_dict(), "provenance": None}
    return found


def drawn(seed: int) -> Drawn:
    """Return the lives of a seed, and what is asked about them."""
    sort = SORTS[seed % len(SORTS)]
    return sort(seed)


def in_north_carolina(seed: int) -> Drawn:
    """Return a life with all oddities that the oracle knows."""
    life = lives_nc.Life(seed)
    rest: tuple[dict[str, Any], ...] = ({}, {"strict": True}, {"readings": life.readings}, {"readings": life.readings})
    return Drawn(life.records, [{"on": on, **how} for on, how in zip(life.days(4), rest, strict=True)])


def under_any_rules(seed: int) -> Drawn:
    """Return a life under some rule set, near its boundaries."""
    rules = rules_of(seed)

    def draw(of: Callable[[Any], Any]) -> Drawn:
        records = of(lives(rules, beside=consulted_by(rules).values()))
        days = [of(days_about(rules, records)) for _ in range(3)]
        rest: tuple[dict[str, Any], ...] = ({}, {}, {"strict": True})
        return Drawn(records, [{"on": on, "ruleset": rules, **how} for on, how in zip(days, rest, strict=True)])

    return drawn_once(draw, seed)


def exchanged(seed: int) -> Drawn:
    """Return people of whom each has the certificates of one life and all else of one."""
    rules = rules_of(seed)

    def draw(of: Callable[[Any], Any]) -> Drawn:
        each = [of(lives(rules)) for _ in range(2)]
        days = [of(days_about(rules, records)) for records in each]
        return Drawn([*_exchanged(each)], [{"on": on, "ruleset": rules} for on in days])

    return drawn_once(draw, seed)


def _exchanged(each: Sequence[Sequence[Record]]) -> Iterator[Record]:
    for (which, held), (other, rest) in product(enumerate(each), repeat=2):
        kept = [record for record in held if isinstance(record, Certification)]
        kept += [record for record in rest if isinstance(record, TrainingEvent | Document | Designation)]
        for number, record in enumerate(kept):
            yield attrs.evolve(record, id=f"{which}-{other}-{number}", person=f"p-{which}-{other}", replaces=None)


def who_filed(seed: int) -> Drawn:
    """Return people who filed alike, about all of whom the same may be odd."""
    random, rules = Random(seed), rules_of(seed)
    records = filed_alike.people_filed_alike(random, rules, 8)
    trainings: dict[str, list[TrainingEvent]] = {}
    for record in records:
        if isinstance(record, TrainingEvent):
            trainings.setdefault(record.person, []).append(record)
    for oddity in random.sample(ODD, random.choice((0, 1, 1, 2))):
        after = random.randrange(2)
        for who, mine in trainings.items():
            records += oddity(rules, who, mine[-1 - after % len(mine)], Random(seed))
    days = [filed_alike.ON + timedelta(days=after) for after in (0, random.choice((1, 20, 60)))]
    return Drawn(records, [{"on": on, "ruleset": rules} for on in days])


def _rejected(rules: RuleSet, who: str, training: TrainingEvent, random: Random) -> list[Record]:
    on, decision = training.completed + timedelta(days=random.choice((0, 9))), random.choice(("rejected", "approved"))
    return [Review(id=f"v-{who}", person=who, event=training.id, decision=decision, on=on)]


def _moved(rules: RuleSet, who: str, training: TrainingEvent, random: Random) -> list[Record]:
    on, day = filed_alike.ON - timedelta(days=100), filed_alike.ON + timedelta(days=random.choice((-5, 0, 50)))
    return [
        Ruling(id=f"r-{who}", person=who, credential=rules.id, effect="moves", requirement="due", on=on, day=day),
    ]


def _equal_row(rules: RuleSet, who: str, training: TrainingEvent, random: Random) -> list[Record]:
    return [attrs.evolve(training, id=f"x-{who}", title=random.choice((training.title, None)))]


def _again(rules: RuleSet, who: str, training: TrainingEvent, random: Random) -> list[Record]:
    return [attrs.evolve(training, id=f"w-{who}", completed=training.completed - timedelta(days=random.randrange(60)))]


def _disagreeing(rules: RuleSet, who: str, training: TrainingEvent, random: Random) -> list[Record]:
    """Return the rows of another list, which has other hours or topics for one to three trainings."""
    found: list[Record] = []
    for number in range(random.choice((1, 3))):
        event = attrs.evolve(training, id=f"y-{who}-{number}", title=f"Other {number}", origin=_origin("one", number))
        [credit, *_] = training.credits or [Credit(amount=3)]
        other = random.choice((attrs.evolve(credit, amount=credit.amount + 1), attrs.evolve(credit, topics={"ethics"})))
        found += [event, attrs.evolve(event, id=f"z-{who}-{number}", credits=[other], origin=_origin("two", number))]
    return found


def _origin(source: str, number: int) -> Origin:
    return Origin(source=source, key=(str(number),))


def _unknown_length(rules: RuleSet, who: str, training: TrainingEvent, random: Random) -> list[Record]:
    return [TrainingEvent(id=f"u-{who}", person=who, completed=training.completed, title="Of any length")]


ODD = (_rejected, _moved, _equal_row, _again, _disagreeing, _unknown_length)
"""What may be odd about people who filed."""

SORTS = (in_north_carolina, under_any_rules, exchanged, under_any_rules, who_filed)
"""The sorts of lives, in turn."""


def drawn_once(draw: Callable[[Callable[[Any], Any]], Drawn], seed: int) -> Drawn:
    """Return what is drawn from strategies with a seed; the first draw of Hypothesis is always its simplest one."""
    found: list[Drawn] = []
    run = given(st.data())(lambda data: found.append(draw(data.draw)))
    of_few = settings(
        max_examples=2, phases=[Phase.generate], deadline=None, database=None, derandomize=False,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    from_seed(seed)(of_few(run))()
    return found[-1]


@cache
def _weighted_ids() -> tuple[str, ...]:
    """Return the ids of rule sets, those that say much several times."""
    times = {"named": 1, "partial": 2, "complete": 6}
    return tuple(name for name in ruleset_ids() for _ in range(times[ruleset(name).grade]))


def rules_of(seed: int) -> RuleSet:
    """Return the rule set that a life is about."""
    return ruleset(Random(f"rules {seed}").choice(_weighted_ids()))


if __name__ == "__main__":
    sys.exit(main())
