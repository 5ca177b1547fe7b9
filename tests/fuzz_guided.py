"""
Fuzzing that is guided by coverage, for one reader of `fuzz_readers.py`, with the damage that `fuzz.py` does.

    python -m venv guided && guided/bin/pip install atheris attrs cattrs pendulum
    PYTHONPATH=src guided/bin/python tests/fuzz_guided.py rules FOLDER -max_total_time=3600 -rss_limit_mb=3000

It needs Atheris (https://github.com/google/atheris), which is no part of the environment for tests.  An input that
reaches code that no input before it reached is kept in the folder and damaged further.  What `fuzz.py` calls a finding
ends the run, and lies in the file that is named then; `fuzz.py` has the limits of time, libFuzzer's `-timeout` others.
"""

import sys
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE)]

import atheris  # noqa: E402  # it is there only in an environment of its own

with atheris.instrument_imports(include=["peer_ledger"]):
    import fuzz
    from fuzz_readers import READERS


def main() -> None:
    """Feed a reader until a limit of libFuzzer's is reached, or something is found."""
    name, folder, *options = sys.argv[1:]
    reader = READERS[name]
    valid = reader.seeds()
    Path(folder).mkdir(parents=True, exist_ok=True)

    def damaged(data: bytes, most: int, seed: int) -> bytes:
        draw = Random(seed)
        begin = data or draw.choice(valid)
        try:
            made = reader.damage(draw, begin, valid)
        except Exception:  # noqa: BLE001 - what is damaged already may be no JSON, TOML or zip file any more
            made = fuzz.damaged(draw, begin, valid)
        return made[:most]

    def read(data: bytes) -> None:
        answer = fuzz.outcome(name, data)
        if answer["came"] == "found":
            raise AssertionError(f"{answer['key']}\n{answer['says'][:5000]}")

    atheris.Setup([sys.argv[0], folder, "-max_len=300000", *options], read, custom_mutator=damaged)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
