"""
Compare with the oracle, and hold rule sets against the laws, for as long as one likes.

    python tests/soak.py --to soak.jsonl

runs numbered batches until it is interrupted, or until there are as many as `--batches` says.  Each batch has seeds of
its own, follows from its number alone, and is appended to the file when it is done; started again, it goes on with the
next one.  In the end it prints the totals of the file, and what was found.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE / "third_party")]

import lives_nc  # noqa: E402  # it lies beside this file
import norrland_rules  # noqa: E402  # the same
import oracle_differences  # noqa: E402  # the same
from peer_ledger import ruleset, ruleset_ids  # noqa: E402  # sorted after those
from peer_ledger.testing import LAWS, check_law  # noqa: E402  # the same

FIRST_SEED = 1_000_000_000
"""Above all seeds that the tests begin with."""


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run batches and print the totals.

    Args:
        arguments: What stands after the program's name; `None` for the process's own.

    Returns:
        0 when nothing was found in any batch of the file, otherwise 1.
    """
    parser = argparse.ArgumentParser(prog="python tests/soak.py", description="Look for differences, batch by batch.")
    parser.add_argument("--to", default="soak.jsonl", metavar="FILE", help="the file of batches (soak.jsonl)")
    parser.add_argument("--batches", type=int, metavar="N", help="stop when the file has so many")
    parser.add_argument("--lives", type=int, default=1000, metavar="N", help="lives compared in a batch (1000)")
    parser.add_argument("--examples", type=int, default=50, metavar="N", help="lives under each law in a batch (50)")
    asked = parser.parse_args(arguments)
    path = Path(asked.to)
    done = finished(path)
    try:
        while asked.batches is None or len(done) < asked.batches:
            done.append(batch(len(done) + 1, lives=asked.lives, examples=asked.examples))
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(done[-1]) + "\n")
            print(told(done[-1:]), flush=True)
    except KeyboardInterrupt:
        print("interrupted; what was not finished is done again")
    print(f"in all: {told(done)}")
    found = [one for part in done for one in part["found"]]
    print(*found, sep="\n\n")
    return int(bool(found))


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


def batch(number: int, *, lives: int, examples: int) -> dict[str, Any]:
    """
    Run one batch, which its number decides.
    """
    began = time.perf_counter()
    found: list[str] = []
    answers = sum(
        compared(seed, found.append) for seed in range(FIRST_SEED + number * lives, FIRST_SEED + (number + 1) * lives)
    )
    rule_sets = [*map(ruleset, ruleset_ids()), norrland_rules.RULES, norrland_rules.YOUTH]
    looked = 0
    for rules in rule_sets:
        for law in LAWS.values():
            try:
                looked += check_law(rules, law, examples=examples, start=FIRST_SEED + number)
            except AssertionError as error:
                found.append(str(error))
    seconds = round(time.perf_counter() - began, 1)
    return {
        "batch": number, "seconds": seconds, "lives": lives, "answers": answers, "looked": looked, "found": found,
    }  # fmt: skip


def compared(seed: int, note: Callable[[str], None]) -> int:
    """
    Compare the answers about one life with those of the oracle.

    Args:
        seed: What the life is drawn from.
        note: What takes a difference.

    Returns:
        How many answers were compared.
    """
    answers: Counter[str] = Counter()
    for on, differing in oracle_differences.compare(lives_nc.Life(seed), answers):
        if differing:
            note(oracle_differences.show(seed, on, differing))
    return answers.total()


def told(done: list[dict[str, Any]]) -> str:
    """
    Say what some batches looked at.
    """
    names = [part["batch"] for part in done]
    which = f"batches {names[0]} to {names[-1]}" if len(names) > 1 else f"batch {names[0]}" if names else "no batch"
    sums = {name: sum(part[name] for part in done) for name in ("lives", "answers", "looked", "seconds")}
    count = sum(len(part["found"]) for part in done)
    return (
        f"{which}: {sums['answers']} answers about {sums['lives']} lives compared, {sums['looked']} lives held against "
        f"laws, {count} found, {sums['seconds']:.0f} s"
    )


if __name__ == "__main__":
    sys.exit(main())
