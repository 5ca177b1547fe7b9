"""Imports point down: the layers of the design as data, held against what the modules import."""

import ast
import json
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import peer_ledger
from peer_ledger._default import DEFAULT

# The table of the design, section 8, for the modules that exist.
LAYERS = {
    0: "errors hours dates _files _json_text _lazy _html _default _counting _declared _toml_text",
    1: "_checks _record _training _certificate _decision records vocabularies cycles",
    2: "_conversion interchange schema _chain _store _sqlite_store _entries _verification _view ledger archive "
    "reconciliation questions _strict",
    3: "history",
    4: "allocation allocation._assignment allocation._coupled allocation._cut allocation._findings allocation._flow "
    "allocation._options allocation._plan allocation._plan_problems allocation._proof allocation._proof_collisions "
    "allocation._simplex allocation._solver allocation._terms allocation._trees",
    5: "rules rules._asked rules._judges rules._points rules._requirements rules._ruleset rules._values",
    6: "soundness _bundled _templates _ruleset_files rulesets kept_rules",
    7: "_standing findings _case _claims _hours_case _judged_case _judging _report_text _report_card reports _answers _reporting evaluation",
    8: "_frames report_schema importing importing._builders importing._days importing._fields importing._files importing._imported importing._importer "
    "importing._mapping importing._plan importing._plausibility importing._profiles importing._text_tables "
    "importing._workbooks rule_sentences tables _gaps rosters transcripts pictures example",
    9: "__init__ __main__ cli cli._commands cli._parser testing testing.__main__ testing._clues testing._hours_laws testing._hypothesis "
    "testing._lives testing._record_laws testing._rule_laws testing._situations testing.case_text testing.cases testing.laws "
    "testing.plugin testing.strategies",
}
LAYER = {module: layer for layer, modules in LAYERS.items() for module in modules.split()}

PACKAGE = Path(peer_ledger.__file__).parent
SOURCES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path.read_text("utf-8")
    for path in sorted(PACKAGE.rglob("*.py"))
}


def imported(name, source):
    """Give the full names of what a module imports anywhere, also inside functions and for type checkers only."""
    parents = ["peer_ledger", *name.split(".")[:-1]]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(parents[: len(parents) + 1 - node.level]) if node.level else ""
            origin = ".".join(part for part in (base, node.module) if part)
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def imports_within(sources):
    """Give for each module of the package the modules of the package that it imports."""
    found = {name: set() for name in sources}
    for name, source in sources.items():
        for full in imported(name, source):
            first, *rest = full.split(".")
            if first == "peer_ledger":
                inner = [".".join(rest[:length]) for length in range(len(rest), 0, -1)]
                found[name].add(next((module for module in inner if module in sources), "__init__"))
    return found


def faults(sources, layer):
    """Say what is wrong with the imports of some modules."""
    found = imports_within(sources)
    missing = [f"{name} is in no layer" for name in found if name not in layer]
    upward = [
        f"{name} imports {other} above it"
        for name, others in found.items()
        for other in sorted(others)
        if layer.get(other, 99) > layer.get(name, 99)
    ]
    try:
        TopologicalSorter(found).prepare()
    except CycleError as error:
        return [*missing, *upward, f"cycle of {', '.join(sorted(set(error.args[1])))}"]
    return missing + upward


def test_imports_point_down():
    """Every module has its layer, imports from it or from below, and none imports itself by a detour."""
    assert faults(SOURCES, LAYER) == []


def test_the_table_names_no_module_that_is_gone():
    """A row without a module would be a leftover."""
    assert set() == set(LAYER) - set(SOURCES)


def test_the_imports_are_found():
    """The search sees the imports that are known to be there, so that an empty answer means something."""
    found = imports_within(SOURCES)
    assert {"errors"} == found["hours"]
    assert {"records", "errors"} <= found["interchange"]
    assert {"ledger", "records", "errors", "archive", "vocabularies"} <= found["__init__"]
    assert set() == found["errors"]


@pytest.mark.parametrize(
    ("expected", "sources"),
    [
        ([], {"low": "import json", "high": "from peer_ledger.low import x"}),
        ([], {"low": "", "same": "import peer_ledger.low as low"}),
        (["low imports high above it"], {"low": "from peer_ledger.high import x", "high": ""}),
        (["low imports high above it"], {"low": "from peer_ledger import high", "high": ""}),
        (["low imports high above it"], {"low": "from . import high", "high": ""}),
        (["low imports high above it"], {"low": "from .high import x", "high": ""}),
        (["low imports high above it"], {"low": "import peer_ledger.high", "high": ""}),
        (["low imports high above it"], {"low": "def f():\n    from peer_ledger.high import x", "high": ""}),
        (["low imports high above it"], {"low": "if TYPE_CHECKING:\n    from peer_ledger.high import x", "high": ""}),
        (["low imports __init__ above it"], {"low": "from peer_ledger import Ledger", "__init__": ""}),
        (["low imports __init__ above it"], {"low": "import peer_ledger", "__init__": ""}),
        (["new is in no layer"], {"new": "", "low": ""}),
        (["part.new is in no layer"], {"part.new": "from peer_ledger.low import x", "low": ""}),
        (
            ["part.new is in no layer", "low imports part.new above it"],
            {"low": "from peer_ledger.part.new import x", "part.new": ""},
        ),
        (["cycle of low, same"], {"low": "import peer_ledger.same", "same": "from peer_ledger.low import x"}),
        (
            ["low imports high above it", "cycle of high, low"],
            {"low": "from .high import x", "high": "from .low import x"},
        ),
    ],
)
def test_the_search_finds_planted_faults(expected, sources):
    """The search finds each kind of fault in modules made up for it, however the import is written."""
    assert expected == faults(sources, {"low": 1, "same": 1, "high": 2, "__init__": 9})


def test_only_dates_imports_pendulum():
    """The calendar library, if it is imported at all, is known to one module."""
    users = {
        name for name, source in SOURCES.items() for full in imported(name, source) if full.split(".")[0] == "pendulum"
    }
    assert users <= {"dates"}


def test_only_testing_imports_hypothesis():
    """No module but those for tests mentions a library that users need not have."""
    optional = {"hypothesis", "pytest", "numpy", "pandas", "polars", "pyarrow", "openpyxl", "jsonschema", "msgspec"}
    users = {
        (name, full.split(".")[0])
        for name, source in SOURCES.items()
        for full in imported(name, source)
        if full.split(".")[0] in optional
    }
    assert users == {("testing._hypothesis", "hypothesis"), ("testing.plugin", "pytest")}


WATCH = """
import json, sys
events = []
sys.addaudithook(lambda event, arguments: events.append((event, str(arguments[0]) if arguments else "")))
from peer_ledger import *
import peer_ledger.cli, peer_ledger.importing
modules = sorted(sys.modules)
outside = ("socket.", "urllib.", "http.", "subprocess.", "os.system", "os.fork", "os.posix_spawn")
print(json.dumps({
    "modules": modules,
    "outside": sorted({event for event, _ in events if event.startswith(outside)}),
    "data": sorted({name for event, name in events if event == "open" and name.endswith((".toml", ".json", ".jsonl"))}),
}))
"""


def test_the_import_is_light():
    """A fresh import loads no optional library, opens no socket, starts no process and reads no file of data."""
    done = subprocess.run([sys.executable, "-c", WATCH], capture_output=True, check=True, text=True)
    seen = json.loads(done.stdout)
    assert done.stderr == ""
    assert "peer_ledger.ledger" in seen["modules"]
    heavy = {
        "hypothesis",
        "pytest",
        "numpy",
        "pandas",
        "polars",
        "pyarrow",
        "jsonschema",
        "msgspec",
        "python_calamine",
        "openpyxl",
    }
    assert set() == heavy & {name.split(".")[0] for name in seen["modules"]}
    assert "peer_ledger.testing" not in seen["modules"]
    assert (seen["outside"], seen["data"]) == ([], [])


def test_the_facade_defines_nothing():
    """The package itself says where its names come from, once for type checkers and once for whoever asks for one."""
    _, typing, attaching, block, names, homes, _, attached = ast.parse(SOURCES["__init__"]).body
    assert {"typing", "peer_ledger._lazy"} == {typing.module, attaching.module}
    assert isinstance(block, ast.If)
    assert isinstance(attached, ast.Assign)
    listed = ast.literal_eval(names.value)
    told = {alias.name: node.module.removeprefix("peer_ledger.") for node in block.body for alias in node.names}
    assert sorted(listed) == listed == sorted(told)
    asked = {name: home for home, some in ast.literal_eval(homes.value).items() for name in some.split()}
    assert told == asked
    assert all(getattr(peer_ledger, name).__name__ == name for name in listed if name != "Record")


def test_the_import_loads_nothing_but_the_facade():
    """`import peer_ledger` alone loads no other module of the package than the one that loads the rest."""
    code = "import sys, peer_ledger; print(*sorted(name for name in sys.modules if 'peer_ledger' in name))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert {"peer_ledger", "peer_ledger._lazy"} == {name for name in done.stdout.split() if "editable" not in name}


def test_the_rule_set_that_is_meant_when_none_is_named_stands_in_one_place():
    """Its id is no text in other code, where it could come apart."""
    naming = {
        name
        for name, source in SOURCES.items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and node.value == DEFAULT
    }
    assert {"_default", "testing.strategies"} == naming
