"""
Kill whatever writes outputs, and look at what it leaves.

    python tests/kill_outputs.py --kills 1000

kills so many writers of each kind of output: half of them at a moment, half at a line of the package's code, both drawn
over the whole of what they do.  What must hold after every kill: what has the name of the output is the old one or the
new one, whole; and after the next output of the same kind nothing is left of the one that was killed, neither beside it
nor in the folder of temporary files.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from unittest import mock

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE)]

import openpyxl  # noqa: E402  # after the path
import pyarrow as pa  # noqa: E402  # the same
import pyarrow.parquet as pq  # noqa: E402  # the same

from children import Child  # noqa: E402  # it lies beside this file
from lines import Lines  # noqa: E402  # the same
from peer_ledger import Certification, Credit, Ledger, TrainingEvent  # noqa: E402  # sorted after those
from peer_ledger.cli import main as command  # noqa: E402  # the same
from peer_ledger.columns import _sources, evaluate_frame, read_parquet, tables_in, write_parquet  # noqa: E402  # the same
from peer_ledger.importing import Row, import_rows, read_people, write_people, write_rejected  # noqa: E402  # the same
from peer_ledger.importing._people import NamedPerson  # noqa: E402  # the same
from peer_ledger.ledger import read_archive, write_archive  # noqa: E402  # the same
from peer_ledger.presenting.tables import Table  # noqa: E402  # the same
from peer_ledger.records import read_records, write_records  # noqa: E402  # the same
from peer_ledger.values._outputs import written_whole  # noqa: E402  # the same

ON = "2026-03-01"
PEOPLE = 12
_REPEATED = 3
"""How often a writer repeats its output at most, so that a kill meets it in the middle of it."""


def awards() -> list[Certification]:
    """Return a certificate of each of these people."""
    return [
        Certification(id=f"c-{n}", person=f"p-{n}", credential="us-nc-cpss", act="awarded", on="2024-03-14")
        for n in range(PEOPLE)
    ]


def events(more: int) -> list[TrainingEvent]:
    """Return the trainings of a few people; more of them in one version of an output than in the other."""
    return [
        TrainingEvent(
            id=f"e-{number}",
            person=f"p-{number % PEOPLE}",
            completed="2025-03-04",
            title=f"T{number}",
            credits=[Credit(amount="1.5", topics={"ethics"})],
        )
        for number in range(60 + 20 * more)
    ]


def ledger_of(more: int) -> Ledger:
    """Return a ledger whose entries are those of the other version, and more."""
    return LEDGERS[more]


def _table(more: int) -> Table:
    return Table(headings=("a", "b"), rows=tuple((f"x{n}", n) for n in range(40 + 20 * more)), title="T")


def _rejected(more: int) -> Any:
    rows = [Row(1, 1, ["person", "completed", "hours"])]
    return import_rows([*rows, *(Row(n, n, [f"p-{n}", "2025-99-99", "1"]) for n in range(2, 40 + 20 * more))])


def _people(more: int) -> list[NamedPerson]:
    return [NamedPerson(id=f"p-{number}", name=f"N {number}") for number in range(40 + 20 * more)]


def _text(path: Path, more: int) -> None:
    with written_whole(path) as file:
        for number in range(100 + 20 * more):
            file.write(f"line {number}\n" * 100)


def _cli(more: int, *arguments: str) -> None:
    with open(os.devnull, "w", encoding="utf-8") as nowhere, mock.patch("sys.stdout", nowhere):
        code = command([*arguments, "--ledger", f"ledger-{more}"])
    assert code in (0, 1, 3), code


def _asked(person: str) -> list[str]:
    return [person, "--on", ON]


def _roster(path: Path, more: int) -> None:
    with open(os.devnull, "w", encoding="utf-8") as nowhere, mock.patch("sys.stdout", nowhere):
        assert command(["roster", f"given-{more}", "--on", ON, "--to", str(path)]) in (0, 1)


def _spilled(_: Path, more: int) -> None:
    """Evaluate tables that are written to temporary files first."""
    with mock.patch.object(_sources, "IN_MEMORY", 20):
        paths = tables_in(f"given-{more}")
        stream = pa.RecordBatchReader.from_batches(
            pq.read_schema(paths["trainings"]), pq.ParquetFile(paths["trainings"]).iter_batches(batch_size=10)
        )
        evaluate_frame(trainings=stream, on=ON, rows_at_once=20)
        evaluate_frame(**paths, on=ON, rows_at_once=20)


class Output:
    """
    A kind of output.

    Args:
        write: Writes it, in the version 0 or 1.
        read: Returns what was written, as it is compared.
        is_new: Whether it has a new name each time, because it replaces nothing.
    """

    def __init__(self, write: Callable[[Path, int], Any], read: Callable[[Path], Any], *, is_new: bool = False) -> None:
        self.write, self.read, self.is_new = write, read, is_new


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _sheet(path: Path) -> list[Any]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path).active.rows]


OUTPUTS = {
    "text.txt": Output(_text, Path.read_bytes),
    "records.jsonl": Output(lambda path, more: write_records(events(more), path), read_records),
    "archive.jsonl": Output(
        lambda path, more: write_archive(ledger_of(path.exists() or more), path), lambda path: read_archive(path).head
    ),
    "book.xlsx": Output(lambda path, more: _table(more).to_excel(path), _sheet),
    "rejected.csv": Output(lambda path, more: write_rejected(_rejected(more), path), Path.read_bytes),
    "people.csv": Output(lambda path, more: write_people(path, _people(more)), read_people),
    "export.csv": Output(
        lambda path, more: _cli(more, *["export", "--kind", "training-event", "--format", "csv", "--to"], str(path)),
        Path.read_bytes,
    ),
    "packet.html": Output(
        lambda path, more: _cli(more, "packet", *_asked("p-1"), "--to", str(path)), Path.read_bytes
    ),
    "receipt.txt": Output(
        lambda path, more: _cli(more, "receipt", *_asked("p-1"), "--to", str(path)), Path.read_bytes
    ),
    "feed.ics": Output(
        lambda path, more: _cli(more, "calendar", "--on", ON, "--ical", str(path)), Path.read_bytes
    ),
    "answers.parquet": Output(_roster, lambda path: pq.read_table(path).to_pylist()),
    "ledger": Output(
        lambda path, more: write_parquet(ledger_of(more), path), lambda path: read_parquet(path).head, is_new=True
    ),
    "audit": Output(
        lambda path, more: _cli(
            more, "audit", "--on", ON, "--size", "3", "--seed", "x", "--to", str(path)
        ),
        _files,
        is_new=True,
    ),
    "temporary": Output(_spilled, lambda path: path.exists()),
}  # fmt: skip
"""The kinds of output, by the name of the file or folder."""


def _made_ledgers() -> list[Ledger]:
    both = [Ledger(), Ledger()]
    for ledger in both:
        with mock.patch("secrets.token_bytes", random.Random(1).randbytes):
            ledger.append([*awards(), *events(0)], at="2026-03-01T00:00:00Z")
    both[1].append(events(1), at="2026-03-02T00:00:00Z")
    return both


LEDGERS: list[Ledger] = []


class Killing:
    """
    One kind of output in a folder of its own, whose writers are killed one after the other.

    Attributes:
        killed: How many were killed.
        finished: How many had finished before.
    """

    def __init__(self, name: str, folder: Path, seed: int) -> None:
        self._name, self._output, self._folder = name, OUTPUTS[name], folder
        self._rng = random.Random(f"{name}/{seed}")
        self.killed = self.finished = 0
        self._number = 0
        (folder / "out").mkdir()
        (folder / "temporary").mkdir()
        self._expected, self._seconds, self._lines = list[Any](), 0.0, 0
        for more in (0, 1):
            began = time.perf_counter()
            self._write(self._path(), more)
            self._seconds = time.perf_counter() - began
            self._expected.append(self._output.read(self._path()))
            self._number += 1
        with Lines() as lines:
            self._write(self._path(), 0)
        self._lines = lines.passed

    def _path(self) -> Path:
        return self._folder / "out" / (f"{self._number}-{self._name}" if self._output.is_new else self._name)

    def _write(self, path: Path, more: int) -> None:
        self._output.write(path, more)

    def kill(self) -> None:
        """Kill a writer, look at what is there, write whole, and look again."""
        self._number += 1
        path, rng = self._path(), self._rng
        line = rng.randrange(self._lines) if self._lines and rng.random() < 0.5 else None

        def write(_: Any) -> None:
            with nullcontext() if line is None else Lines(line):
                for more in (1, 0) * _REPEATED:
                    self._write(path, more)
                    if self._output.is_new:
                        break

        writer = Child(write)
        if line is None:
            writer.hear_for(self._seconds * rng.random())
            os.kill(writer.pid, signal.SIGKILL)
        code, _ = writer.ended()
        assert code in (0, -signal.SIGKILL), code
        self.killed += code != 0
        self.finished += code == 0
        if path.exists() or not self._output.is_new:
            found = self._output.read(path)
            assert found in self._expected, f"{self._name}: what is there is neither the old output nor the new one"
        self._number += 1
        self._write(self._path(), 1)
        assert self._output.read(self._path()) == self._expected[1]
        left = [one.name for one in (self._folder / "out").iterdir() if one.name.startswith(".")]
        left += [one.name for one in (self._folder / "temporary").iterdir()]
        assert not left, f"{self._name}: {left} is left"


@contextmanager
def prepared(name: str, seed: int = 0) -> Iterator[Killing]:
    """Yield what kills the writers of one kind of output, in a folder that is the current one meanwhile."""
    folder, before = Path(tempfile.mkdtemp(prefix="kill-outputs-")), Path.cwd()
    LEDGERS[:] = LEDGERS or _made_ledgers()
    os.chdir(folder)
    try:
        for more in (0, 1):
            with Ledger.open(f"ledger-{more}") as ledger:
                ledger.append([entry.record for entry in LEDGERS[more]])
            write_parquet(LEDGERS[more], f"given-{more}")
            trainings = Path(f"given-{more}") / "trainings.parquet"
            table = pq.read_table(trainings)
            order = list(range(table.num_rows))
            random.Random(more).shuffle(order)
            pq.write_table(table.take(pa.array(order)), trainings)
        with mock.patch.object(tempfile, "tempdir", str(folder / "temporary")):
            yield Killing(name, folder, seed)
    finally:
        os.chdir(before)
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Kill so many writers of each kind, and print how many were killed."""
    parser = argparse.ArgumentParser(prog="python tests/kill_outputs.py", description="Kill writers of outputs.")
    parser.add_argument("--kills", type=int, default=1000, metavar="N", help="how many in all (1000)")
    parser.add_argument("--seed", type=int, default=0, help="the seed of the moments and lines (0)")
    asked = parser.parse_args()
    each = -(-asked.kills // len(OUTPUTS))
    for name in OUTPUTS:
        with prepared(name, asked.seed) as killing:
            while killing.killed < each:
                killing.kill()
            print(f"{name}: {killing.killed} killed, {killing.finished} had finished", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
