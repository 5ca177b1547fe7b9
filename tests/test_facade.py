"""What `import peer_ledger` loads and names."""

import ast
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

import peer_ledger
from peer_ledger.rulesets._bundled import DEFAULT
from sources import PACKAGE, SOURCES, imported


def users_of(*libraries):
    """Return the modules that import one of some libraries, each with the library."""
    return {
        (name, full.split(".")[0])
        for name, source in SOURCES.items()
        for full in imported(source)
        if full.split(".")[0] in libraries
    }


def test_one_module_knows_the_calendar_library():
    """Only `values.dates` may import pendulum."""
    assert users_of("pendulum") <= {("values.dates", "pendulum")}


def test_only_testing_imports_what_users_need_not_have():
    """No module outside `testing` imports an optional library at its top."""
    optional = "hypothesis", "pytest", "numpy", "pandas", "polars", "pyarrow", "openpyxl", "jsonschema", "msgspec"
    assert {("testing._hypothesis", "hypothesis"), ("testing.plugin", "pytest")} == users_of(*optional)


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


@pytest.mark.parametrize("package", ["peer_ledger", "peer_ledger.testing"])
def test_a_lazy_facade_defines_nothing(package):
    """Its stub is the one list of its names, and each of them is there."""
    facade = importlib.import_module(package)
    stub = ast.parse(Path(facade.__file__).with_suffix(".pyi").read_text("utf-8")).body
    listed = [alias.asname for node in stub for alias in node.names]
    assert all(isinstance(node, ast.ImportFrom) and node.module.startswith("peer_ledger.") for node in stub)
    assert sorted(listed) == facade.__all__
    assert set(listed) <= set(dir(facade))
    assert all(getattr(facade, name) is not None for name in listed)


def test_the_facade_is_small():
    """It offers what a first hour needs; the rest is imported from its package."""
    assert len(peer_ledger.__all__) <= 41


def test_a_package_defines_nothing_in_its_init():
    """An `__init__` holds a docstring, imports, and lists of names."""
    for name, source in SOURCES.items():
        if (PACKAGE / name.replace(".", "/") / "__init__.py").exists():
            _, *rest = ast.parse(source).body
            assert all(isinstance(node, ast.ImportFrom | ast.Assign) for node in rest), name


def test_the_import_loads_nothing_but_the_facade():
    """`import peer_ledger` alone loads no other module of the package than the one that loads the rest."""
    code = "import sys, peer_ledger; print(*sorted(name for name in sys.modules if 'peer_ledger' in name))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert {"peer_ledger", "peer_ledger._lazy"} == {name for name in done.stdout.split() if "editable" not in name}


def test_the_default_rule_set_is_named_in_one_place():
    """Its id is no text in other code, where it could come apart."""
    naming = {
        name
        for name, source in SOURCES.items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and node.value == DEFAULT
    }
    assert {"rulesets._bundled", "testing.strategies"} == naming
