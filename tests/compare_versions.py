"""
Compare whole reports of two versions of the package on as many random lives as one likes.

    python tests/compare_versions.py make lives.txt --lives 5000 --seed 1 --source ../old/src
    python tests/compare_versions.py check lives.txt --rules ../old/src/peer_ledger/rulesets --old ../old/src

`make` writes a line for each life, which follows from its seed alone: the seed, the digest of its records, and those of
all that is said about it.  Started again, it goes on where it stopped.  `check` asks the same again, of the version at
hand or of that in `--source`, and lists the lives about which something else is said; with `--old`, it shows what.

`make cases.txt --written` does the same with the example and the worked cases.  The lives are described in
`compared_lives`.  Both versions must read the same rule files: `--rules` names the folder of those to read instead of
their own.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import compared_lives
import peer_ledger
from peer_ledger import Ledger, check_proof, evaluate, evaluate_all

DIGITS = 12
"""How many digits of a digest are written."""

SHOWN = 20
"""About how many lives it is shown what differs."""


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
    if asked.command == "check":
        return check(path, asked.old)
    count = len(compared_lives.written())
    return make(path, -count, count) if asked.written else make(path, asked.seed, asked.lives)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python tests/compare_versions.py", description="Compare two versions.")
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make", help="write what a version says")
    making.add_argument("file", metavar="FILE")
    making.add_argument("--lives", type=int, default=1000, metavar="N", help="how many lives (1000)")
    making.add_argument("--seed", type=int, default=1, metavar="N", help="the seed of the first (1)")
    making.add_argument("--written", action="store_true", help="ask about the example and the worked cases instead")
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
        life = compared_lives.life_of(seed)
    except Exception as error:  # noqa: BLE001  # to draw a life near its boundaries, the version is asked, too
        return [], [_raised(error)]
    ledger = Ledger()
    ledger.append(life.records)
    return [repr(record) for record in life.records], [_said(ledger, asked) for asked in life.asked]


def _said(ledger: Ledger, asked: dict[str, Any]) -> Any:
    try:
        reports = [evaluate(ledger, **asked)] if "person" in asked else evaluate_all(ledger, **asked)
        return [_plain(report) for report in reports]
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


if __name__ == "__main__":
    sys.exit(main())
