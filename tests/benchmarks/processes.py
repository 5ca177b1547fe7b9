"""
What more processes buy: answers about everybody in a file, by one process and by several, by the clock.

`python tests/benchmarks/processes.py [PEOPLE] [PROCESSES]` (10,000 and 2 unless given) asks about seeded people with 30
trainings each, once for the headline alone and once for every finding, question and caveat. One and several processes
take turns, each in a Python of its own, so that none profits from what another kept; the answers must agree before a
time counts. The figures mean something only where there are as many processors, and nothing else keeps them busy.
"""

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from evaluation import ON, RULES, people

from peer_ledger import Ledger, Report, evaluate_all

TURNS = 3


def headline(report: Report) -> tuple[object, ...]:
    """Read what a roster shows in its first columns."""
    return report.person, report.standing, report.in_force, report.outcome, report.dates.due, report.hours_short


def everything(report: Report) -> tuple[object, ...]:
    """Read every finding with its lines and proof, every question and every caveat."""
    lines = [(len(found.lines), len(found.because), found.proof is not None) for found in report.findings]
    return *headline(report), lines, len(report.questions), len(report.caveats)


READERS = {"headline": headline, "everything": everything}


def asked(path: Path, reader: str, processes: int) -> tuple[float, str]:
    """Return the seconds that everybody's answers took, and a digest of what was read of them."""
    with Ledger.open(path, read_only=True) as ledger:
        began = perf_counter()
        found = list(map(READERS[reader], evaluate_all(ledger, on=ON, ruleset=RULES, processes=processes)))
        took = perf_counter() - began
    return took, sha256(repr(found).encode()).hexdigest()


def main() -> None:
    count, processes = (int(given) for given in (sys.argv[1:] + ["10000", "2"][len(sys.argv[1:]) :]))
    print(f"{count} people, {RULES} on {ON}, from a file; seconds by the clock, and how many times as fast")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "people.ledger"
        with Ledger.open(path) as ledger:
            ledger.append(people(count, 30))
        for reader in READERS:
            found: dict[int, list[float]] = {1: [], processes: []}
            said = set()
            for _ in range(TURNS):
                for number, seconds in found.items():
                    command = [sys.executable, __file__, "one", str(path), reader, str(number)]
                    done = subprocess.run(command, capture_output=True, check=True, text=True)
                    took, digest = json.loads(done.stdout)
                    seconds.append(took)
                    said.add(digest)
            assert len(said) == 1, "the answers differ"
            one, several = (min(seconds) for seconds in found.values())
            print(f"  {reader:12} one {one:6.2f} s, {processes} {several:6.2f} s: {one / several:5.2f} times as fast")


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        print(json.dumps(asked(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))))
    else:
        main()
