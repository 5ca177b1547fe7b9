"""
Compare the package with the oracle of North Carolina's rules on as many lives as one likes, on several processors.

    python tests/soak_oracle.py --lives 100000 --seed 1

goes through the lives in chunks.  Every life has a seed of its own, so that a difference is found again alone with
`--lives 1` and that seed.  With `--to FILE` each chunk is appended to a file when it is done; started again with the same
file and the same arguments, it goes on with the chunks that are missing.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import lives_nc  # it lies beside this file
import oracle_differences  # the same

SHOWN = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Compare, and print what was asked and what differs.

    Args:
        arguments: What stands after the program's name; `None` for the process's own.

    Returns:
        0 when nothing differs, otherwise 1.
    """
    parser = argparse.ArgumentParser(prog="python tests/soak_oracle.py", description="Look for differences.")
    parser.add_argument("--lives", type=int, default=100_000, metavar="N", help="how many lives (100000)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="the seed of the first (1)")
    parser.add_argument("--chunk", type=int, default=500, metavar="N", help="lives in a chunk (500)")
    parser.add_argument("--processes", type=int, default=2, metavar="N", help="how many processes (2)")
    parser.add_argument(
        "--odd",
        metavar="WORDS",
        help=f"what is odd about all: {', '.join(lives_nc.ODDITIES)}, or plain",
    )
    parser.add_argument("--to", metavar="FILE", help="where finished chunks are kept")
    asked = parser.parse_args(arguments)
    odd = None if asked.odd is None else tuple(word for word in asked.odd.split(",") if word != "plain")
    last = asked.seed + asked.lives
    chunks = [(first, min(first + asked.chunk, last), odd) for first in range(asked.seed, last, asked.chunk)]
    path = Path(asked.to) if asked.to else None
    done = [one for one in finished(path) if (one["first"], one["end"]) in {chunk[:2] for chunk in chunks}]
    missing = [chunk for chunk in chunks if chunk[:2] not in {(one["first"], one["end"]) for one in done}]
    began = time.perf_counter()
    with get_context("spawn").Pool(max(1, min(asked.processes, len(missing)))) as pool:
        for one in pool.imap_unordered(compared, missing):
            done.append(one)
            if path:
                with path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(one) + "\n")
            if len(done) % 20 == 0:
                print(told(done), flush=True)
    print(f"{told(done)}, {time.perf_counter() - began:.0f} s")
    seen: Counter[str] = sum((Counter(one["seen"]) for one in done), Counter())
    print(dict(seen.most_common()))
    found = [text for one in sorted(done, key=lambda one: one["first"]) for text in one["found"]]
    print(*found[:SHOWN], sep="\n")
    return int(bool(found))


def finished(path: Path | None) -> list[dict[str, Any]]:
    """Read the chunks of a file; a line that was torn is left out, and its chunk is done again."""
    if path is None or not path.exists():
        return []
    text = path.read_text("utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        path.write_text(whole, "utf-8")
    return [json.loads(line) for line in whole.splitlines()]


def compared(chunk: tuple[int, int, tuple[str, ...] | None]) -> dict[str, Any]:
    """Compare the lives of a chunk: each on two days with all readings given, and on one with some left open."""
    first, end, odd = chunk
    seen: Counter[str] = Counter()
    found = []
    for seed in range(first, end):
        life = lives_nc.Life(seed, odd)
        for on, differing in oracle_differences.compare(life, seen):
            if differing:
                found.append(oracle_differences.show(seed, on, differing))
        (on,) = life.days(1)
        if differing := oracle_differences.opened(life, on, seen):
            found.append(oracle_differences.show(seed, on, differing))
    return {"first": first, "end": end, "seen": dict(seen), "found": found}


def told(done: Sequence[dict[str, Any]]) -> str:
    """Say what was compared."""
    lives = sum(one["end"] - one["first"] for one in done)
    answers = sum(sum(one["seen"].values()) for one in done)
    return f"{answers} answers about {lives} lives compared, {sum(len(one['found']) for one in done)} different"


if __name__ == "__main__":
    sys.exit(main())
