"""
How long the tests look.

A plain `pytest` runs the profile `quick`, which takes a few minutes and reaches all code; it leaves a few tests of seconds
each to `full` (`effort.FULL_ONLY`).  `PEER_LEDGER_PROFILE=full` looks at five times as many examples, at every law over
every rule set, and kills, damages and compares at length; `thorough` looks ten times as long as that, `soak` a hundred
times.

`quick` and `full` look at the same examples each time, so that they show whether the code changed, and not the luck of the
draw; `thorough` and `soak` draw new ones.  `quick` puts its files in memory where there is room, the others on a disk, whose
waits are the greater part of what a test of files takes.  A property that says how many examples it looks at says it with `effort.effort`,
in the proportions of the profile, and other sizes with `effort.sized`.
"""

import gc
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from effort import ORDINARY, PROFILE, is_quick
from peer_ledger.evaluation._position import forget_positions

# A machine that is busy with something else is no reason to fail.
settings.register_profile(
    "full",
    max_examples=ORDINARY,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    database=None,
)
settings.register_profile("quick", settings.get_profile("full"), max_examples=ORDINARY // 5)
settings.register_profile("thorough", settings.get_profile("full"), max_examples=10 * ORDINARY, derandomize=False)
settings.register_profile("soak", settings.get_profile("thorough"), max_examples=100 * ORDINARY)
settings.load_profile(PROFILE)

MANY = 2000
"""As many tests are run only by those who run all of them."""

MEMORY = Path("/dev/shm")
ROOM = 2**30
if (
    PROFILE == "quick"
    and not {"PYTEST_DEBUG_TEMPROOT", "TMPDIR"} & os.environ.keys()
    and os.access(MEMORY, os.W_OK)
    and shutil.disk_usage(MEMORY).free > ROOM
):
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)


def pytest_collection_finish() -> None:
    """
    Keep the collector of garbage from looking again and again at what stays to the end: modules, and the tests themselves.

    It also keeps forked processes from copying all of that as soon as one of them collects.
    """
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """
    Leave to the full run what takes seconds and cannot be made smaller, and of some tests of many cases most cases.

    Whoever runs a part of the tests gets all of it.
    """
    if PROFILE != "quick" or len(items) < MANY:
        return
    numbers: Counter[str] = Counter()
    left = []
    for item in items:
        name = item.nodeid.rpartition("/")[2].partition("[")[0]
        if not is_quick(numbers[name], name):
            left.append(item)
        numbers[name] += 1
    if left:
        config.hook.pytest_deselected(items=left)
        gone = set(map(id, left))
        items[:] = [item for item in items if id(item) not in gone]


@pytest.fixture(autouse=True)
def nothing_prepared() -> Iterator[None]:
    """Begin and end each test without what answers before it have prepared: a fault that it plants stays with it."""
    forget_positions()
    yield
    forget_positions()
