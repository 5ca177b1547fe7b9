"""
Feed damaged input to every reader of files, for as long as one likes.

    python tests/fuzz.py --to FOLDER --minutes 60

begins with a few valid inputs of each reader (`fuzz_readers.py`), which the library makes itself, damages them as a
numbered seed says (`fuzz_inputs.py`), and has them read in another process, which may take only so much time and memory.
It finds whatever is no error of the package: other exceptions, what takes too long or too much, a message that shows
what it must not, and what is accepted and does not hold.  What is found lies in the folder, each kind once, with its
input; `--reader NAME --seed N` does one input again.  Started again with the same folder, it goes on.  With
`--first 1000` it begins with other batches, so that a later run reads what no earlier one did.
"""

import argparse
import faulthandler
import json
import os
import re
import resource
import select
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE)]

from fuzz_inputs import damaged  # noqa: E402  # it lies beside this file
from fuzz_readers import MARKER, READERS, Broken  # noqa: E402  # it lies beside this file
from peer_ledger import PeerLedgerError  # noqa: E402  # sorted after that

SECONDS = 5.0
"""How long reading an input may take; what takes longer is tried once more before it counts."""

MEMORY = 3 * 2**29
"""How many bytes of address space the process that reads may have."""

LONGEST_MESSAGE = 100_000
LONGEST_LINE = 10_000
_INPUTS_OF_A_PROCESS = 3000
_LONGEST_MAKING = 120
"""How many seconds making an input may take, which is no part of what is measured."""
_IN_MEMORY = "/dev/shm"
"""Where inputs are written to be read, if it is there: to wait for a disk finds nothing."""
_MEANT = re.compile(
    r"^ *(?:- )?(?:read|ignored|headings): |is not one of the (?:topics|documents); |: expected |"
    r"' holds days and was not read|, so the row is not an? |^ *asked: '|, which does not say whether it took place; "
)
"""What is shown on purpose, whatever it is: headings, words of columns that say nothing of a person, such as a result that
must be explained, and what the author of a worked case expects."""

Answer = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run batches and print the totals.

    Args:
        arguments: What stands after the program's name; `None` for the process's own.

    Returns:
        0 when nothing was found in any batch of the folder, otherwise 1.
    """
    parser = argparse.ArgumentParser(prog="python tests/fuzz.py", description="Damage inputs and have them read.")
    parser.add_argument("--to", default="fuzz", metavar="FOLDER", help="where batches and findings are kept (fuzz)")
    parser.add_argument("--minutes", type=float, metavar="N", help="stop after so many; without it, when interrupted")
    parser.add_argument("--reader", choices=READERS, help="feed only this one")
    parser.add_argument("--seed", type=int, metavar="N", help="do only this one input of the reader, and show it")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="the number of the first batch (0)")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.serve:
        return serve()
    if asked.seed is not None:
        if asked.reader is None:
            parser.error("--seed needs --reader")
        return once(asked.reader, asked.seed)
    folder = Path(asked.to)
    folder.mkdir(parents=True, exist_ok=True)
    names = [asked.reader] if asked.reader else list(READERS)
    until = None if asked.minutes is None else time.monotonic() + 60 * asked.minutes
    done = finished(folder / "batches.jsonl")
    worker = Worker()
    try:
        while until is None or time.monotonic() < until:
            name = min(names, key=lambda one: sum(part["seconds"] for part in done if part["reader"] == one))
            number = asked.first + sum(part["reader"] == name for part in done)
            done.append(batch(worker, name, number, folder))
            with (folder / "batches.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(done[-1]) + "\n")
    except KeyboardInterrupt:
        print("interrupted; the batch that was not finished is done again")
    finally:
        worker.stop()
    print(told(done))
    return int(any(part["found"] for part in done))


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


def batch(worker: "Worker", name: str, number: int, folder: Path) -> dict[str, Any]:
    """
    Run one batch of a reader, which its number decides, and keep what is found in a folder.
    """
    began = time.perf_counter()
    count = READERS[name].per_batch
    came = {"accepted": 0, "refused": 0}
    found: dict[str, int] = {}
    for seed in range(number * count, (number + 1) * count):
        answer = worker.ask(name, seed)
        if answer["came"] in came:
            came[answer["came"]] += 1
            continue
        if answer["key"] not in found:
            found[answer["key"]] = seed
            keep(folder, name, seed, answer)
    seconds = round(time.perf_counter() - began, 2)
    return {"reader": name, "batch": number, "inputs": count, **came, "found": found, "seconds": seconds}


def keep(folder: Path, name: str, seed: int, answer: Answer) -> None:
    """
    Keep a finding and its input, unless one of the same kind is there already.
    """
    place = folder / "findings" / re.sub(r"[^\w.-]+", "-", f"{name}-{answer['key']}")[:150]
    if place.exists():
        return
    place.mkdir(parents=True)
    (place / "input").write_bytes(made(name, seed))
    about = f"python tests/fuzz.py --reader {name} --seed {seed}\n\n{answer['key']}\n\n{answer['says']}\n"
    (place / "finding.txt").write_text(about, "utf-8", errors="backslashreplace")
    print(f"found: {name} {seed}: {answer['key']}", flush=True)


def told(done: list[dict[str, Any]]) -> str:
    """
    Say what came of some batches, reader by reader.
    """
    lines = [f"{'reader':12}{'inputs':>10}{'accepted':>10}{'refused':>10}{'findings':>10}{'minutes':>10}"]
    for name in (*READERS, None):
        mine = [part for part in done if name in (None, part["reader"])]
        sums = [sum(part[what] for part in mine) for what in ("inputs", "accepted", "refused")]
        kinds = len({(part["reader"], key) for part in mine for key in part["found"]})
        minutes = sum(part["seconds"] for part in mine) / 60
        lines.append(f"{name or 'all':12}{sums[0]:>10}{sums[1]:>10}{sums[2]:>10}{kinds:>10}{minutes:>10.1f}")
    return "\n".join(lines)


def once(name: str, seed: int) -> int:
    """
    Do one input again, in this process, and show what comes.
    """
    data = made(name, seed)
    print(f"{len(data)} bytes: {data[:2000]!r}")
    began = time.perf_counter()
    answer = outcome(name, data)
    print(f"{answer['came']} in {time.perf_counter() - began:.1f} s\n{answer.get('key', '')}\n{answer['says'][:5000]}")
    return int(answer["came"] == "found")


# --- one input --------------------------------------------------------------------------------------------------------


@lru_cache
def seeds(name: str) -> list[bytes]:
    """
    Return the valid inputs of a reader.
    """
    return READERS[name].seeds()


def made(name: str, seed: int) -> bytes:
    """
    Make an input, which the reader's name and a number decide.
    """
    draw = Random(f"{name} {seed}")
    valid = seeds(name)
    begin = draw.choice(valid)
    try:
        return READERS[name].damage(draw, begin, valid)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return damaged(draw, begin, valid)  # what cannot be written any more, as it is nested too deeply


def outcome(name: str, data: bytes) -> Answer:
    """
    Have an input read, in this process.

    Returns:
        `came`: `accepted`, `refused` or `found`; `says`: what was said; for a finding, `key`: of what kind it is.
    """
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        path = Path(folder) / "input"
        path.write_bytes(data)
        came = "accepted"
        try:
            says = READERS[name].read(path)
        except PeerLedgerError as error:
            came, says = "refused", str(error)
        except Broken as error:
            return {"came": "found", "key": f"Broken {error}"[:200], "says": traceback.format_exc()}
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is a finding
            return {"came": "found", "key": f"{type(error).__name__} at {innermost(error)}", "says": shortened(error)}
    fault = fault_of(says)
    if fault is None and came == "refused" and len(says) > LONGEST_MESSAGE:
        fault = "Message of endless length"
    return {"came": came, "says": says} if fault is None else {"came": "found", "key": fault, "says": says}


def fault_of(says: str) -> str | None:
    """
    Say what a message must not be; `None` when nothing is wrong with it.
    """
    if hidden := next((line for line in says.splitlines() if MARKER in line and not _MEANT.search(line)), None):
        place = hidden.find(MARKER)
        return f"Shown: {re.sub(r'[0-9]+', '0', hidden[max(0, place - 60) : place + 60])}"
    if any(len(line) > LONGEST_LINE for line in says.splitlines()):
        return "Message with a line of endless length"
    try:
        says.encode()
    except UnicodeEncodeError:
        return "Message that cannot be printed"
    return None


def innermost(error: BaseException) -> str:
    """
    Name the last place in the package, or in this program, that an exception came through.
    """
    frames = [one for one in traceback.extract_tb(error.__traceback__) if re.search(r"peer_ledger|fuzz", one.filename)]
    last = frames[-1] if frames else traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.name}"


def shortened(error: BaseException) -> str:
    """
    Write a traceback without the middle of an endless one.
    """
    text = "".join(traceback.format_exception(error))
    return text if len(text) < 8000 else f"{text[:4000]}\n...\n{text[-4000:]}"


# --- the process that reads -------------------------------------------------------------------------------------------


def serve() -> int:
    """
    Read inputs as they are asked for on the standard input, and answer each with a line of JSON.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a reader prints is no answer
    for line in sys.stdin:
        name, number = line.split()
        data = made(name, int(number))
        print("{}", file=answers, flush=True)
        faulthandler.dump_traceback_later(2 * SECONDS, exit=True)
        began = time.process_time()
        answer = outcome(name, data)
        answer["seconds"] = time.process_time() - began
        faulthandler.cancel_dump_traceback_later()
        answer["says"] = answer["says"][:20_000] if answer["came"] == "found" else ""
        print(json.dumps(answer), file=answers, flush=True)
    return 0


class Worker:
    """
    A process that reads, and another one when it did not survive that.

    Args:
        command: What starts it.
    """

    def __init__(self, command: Sequence[str] = (sys.executable, __file__, "--serve")) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._left = 0
        self._folder = tempfile.TemporaryDirectory(
            prefix="fuzz-worker-", dir=_IN_MEMORY if Path(_IN_MEMORY).is_dir() else None
        )

    def ask(self, name: str, seed: int) -> Answer:
        """
        Have an input made and read.
        """
        answer = self._asked(name, seed)
        if answer["key"].startswith("Slow"):  # once more, as the machine may have been busy with something else
            answer = self._asked(name, seed)
        return answer

    def _asked(self, name: str, seed: int) -> Answer:
        process = self._running()
        process.stdin.write(f"{name} {seed}\n".encode())
        process.stdin.flush()
        line = self._line(_LONGEST_MAKING) and self._line(4 * SECONDS)
        if line:
            answer: Answer = {"key": "", **json.loads(line)}
            if answer["seconds"] > SECONDS and answer["came"] != "found":
                return {"came": "found", "key": f"Slow and {answer['came']}", "says": f"{answer['seconds']:.1f} s"}
            return answer
        died = None if line is None else process.wait(_LONGEST_MAKING)
        self._end()
        said = self._log().read_text("utf-8", errors="replace")[-8000:]
        where = re.findall(r'peer_ledger/(\S+?)", line [0-9]+ in (\S+)', said) or re.findall(
            r'/([^/"]+)", line [0-9]+ in (\S+)', said
        )
        place = ":".join(where[0]) if where else "nowhere"
        ended = "Slow" if died is None or "Timeout" in said else f"Died ({died})"
        return {"came": "found", "key": f"{ended} at {place}", "says": said}

    def _line(self, seconds: float) -> bytes | None:
        """Wait for a line: `None` when none comes, and an empty one when none will."""
        stream = self._process.stdout
        return stream.readline() if select.select([stream], [], [], seconds)[0] else None

    def _log(self) -> Path:
        return Path(self._folder.name) / "stderr"

    def _running(self) -> "subprocess.Popen[bytes]":
        self._left -= 1
        if self._process is not None and self._left <= 0:
            self._end()
        if self._process is None:
            self._left = _INPUTS_OF_A_PROCESS
            with self._log().open("wb") as log:
                self._process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    bufsize=0,  # a line that was read ahead could not be waited for
                    stderr=log,
                    env={**os.environ, "PYTHONHASHSEED": "0", "TMPDIR": self._folder.name},
                )
        return self._process

    def stop(self) -> None:
        """
        End the process, and leave nothing of it.
        """
        self._end()
        self._folder.cleanup()

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process.stdin.close()
            self._process.stdout.close()
            self._process = None


if __name__ == "__main__":
    sys.exit(main())
