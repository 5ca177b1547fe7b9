"""Imports point down: a table of the packages, held against what their modules import."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import peer_ledger

# From the ground up; a module imports from its own row or from a lower one.
ROWS = (
    "errors _lazy",
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
    "example testing cli",
    "__init__ __main__",
)
ROW = {name: row for row, names in enumerate(ROWS) for name in names.split()}

PACKAGE = Path(peer_ledger.__file__).parent
SOURCES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path.read_text("utf-8")
    for path in sorted(PACKAGE.rglob("*.py"))
}


def imported(source):
    """Yield the full names of what a module imports anywhere, also inside functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def faults(sources):
    """Return what is wrong with the imports of some modules."""
    found, wrong = {name: set() for name in sources}, []
    for name, source in sources.items():
        for full in imported(source):
            if full.startswith("."):
                wrong.append(f"{name} has a relative import")
            elif full.startswith("peer_ledger"):
                rest = full.split(".")[1:]
                inner = (".".join(rest[:length]) for length in range(len(rest), 0, -1))
                found[name].add(next((module for module in inner if module in sources), "__init__"))
    for name, others in found.items():
        own, targets = ROW.get(name.split(".")[0]), sorted({other.split(".")[0] for other in others})
        wrong += [f"{name} is in no row"] if own is None else []
        wrong += [
            f"{name} imports {other} above it" for other in targets if own is not None and ROW.get(other, 99) > own
        ]
    try:
        TopologicalSorter(found).prepare()
    except CycleError as error:
        wrong.append(f"cycle of {', '.join(sorted(set(error.args[1])))}")
    return wrong


def test_imports_point_down():
    """No module imports from a row above it, and none imports itself by a detour."""
    assert [] == faults(SOURCES)
    assert {name.split(".")[0] for name in SOURCES} == set(ROW)


@pytest.mark.parametrize(
    ("expected", "sources"),
    [
        ([], {"values.low": "import json", "ledger.high": "from peer_ledger.values.low import x"}),
        (["values imports ledger above it"], {"values": "from peer_ledger.ledger import x", "ledger": ""}),
        (["values imports ledger above it"], {"values": "from peer_ledger import ledger", "ledger": ""}),
        (["values imports ledger above it"], {"values": "def f():\n    import peer_ledger.ledger", "ledger": ""}),
        (["values imports __init__ above it"], {"values": "from peer_ledger import Ledger", "__init__": ""}),
        (["values has a relative import"], {"values": "from . import errors"}),
        (["new.part is in no row"], {"new.part": ""}),
        (
            ["cycle of rules.a, rules.b"],
            {"rules.a": "import peer_ledger.rules.b", "rules.b": "from peer_ledger.rules.a import x"},
        ),
    ],
)
def test_planted_faults_are_found(expected, sources):
    """The search finds each kind of fault, however the import is written."""
    assert expected == faults(sources)
