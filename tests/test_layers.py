"""Imports point down: a table of the packages, held against what their modules import."""

from graphlib import CycleError, TopologicalSorter

import pytest

from sources import SOURCES, imported

# From the ground up; a module imports from its own row or from a lower one.
ROWS = (
    "errors _lazy _visible _closest",
    "values",
    "records",
    "ledger",
    "allocation",
    "rules",
    "rulesets",
    "reports",
    "evaluation",
    "importing",
    "presenting",
    "columns comparing planning proving",
    "testing",
    "example",
    "cli",
    "__init__ __main__",
)
ROW = {name: row for row, names in enumerate(ROWS) for name in names.split()}


def faults(sources):
    """Return what is wrong with the imports of some modules."""
    found, wrong = {name: set() for name in sources}, []
    for name, source in sources.items():
        for full in imported(source):
            if full.startswith((".", "peer_ledger")):
                parts = full.split(".")[1:]
                longest_first = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
                found[name].add(next((module for module in longest_first if module in sources), "__init__"))
    for name, others in found.items():
        own = ROW.get(name.split(".")[0], -1)
        targets = sorted({other.split(".")[0] for other in others})
        wrong += [f"{name} is in no row"] if own < 0 else []
        wrong += [f"{name} imports {other} above it" for other in targets if ROW.get(other, 99) > own >= 0]
    try:
        TopologicalSorter(found).prepare()
    except CycleError as error:
        wrong.append(f"cycle of {', '.join(sorted(set(error.args[1])))}")
    return wrong


def test_imports_point_down():
    """No module imports from a row above it, and none imports itself by a detour."""
    assert [] == faults(SOURCES)
    assert {name.split(".")[0] for name in SOURCES} == set(ROW)


CYCLE = {"rules.a": "import peer_ledger.rules.b", "rules.b": "from peer_ledger.rules.a import x"}


@pytest.mark.parametrize(
    ("expected", "sources"),
    [
        ([], {"values.low": "import json", "ledger.high": "from peer_ledger.values.low import x"}),
        (["values imports ledger above it"], {"values": "from peer_ledger.ledger import x", "ledger": ""}),
        (["values imports ledger above it"], {"values": "from peer_ledger import ledger", "ledger": ""}),
        (["values imports ledger above it"], {"values": "def f():\n    import peer_ledger.ledger", "ledger": ""}),
        (["values imports __init__ above it"], {"values": "from peer_ledger import Ledger", "__init__": ""}),
        (["new.part is in no row"], {"new.part": ""}),
        (["cycle of rules.a, rules.b"], CYCLE),
    ],
)
def test_planted_faults_are_found(expected, sources):
    """The search finds each kind of fault, however the import is written."""
    assert expected == faults(sources)
