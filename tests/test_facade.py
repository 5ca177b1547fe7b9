"""What `import peer_ledger` loads and names."""

import ast
import json
import subprocess
import sys

import peer_ledger
from peer_ledger.rulesets._bundled import DEFAULT
from test_layers import SOURCES, imported


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


def test_the_default_rule_set_is_named_in_one_place():
    """Its id is no text in other code, where it could come apart."""
    naming = {
        name
        for name, source in SOURCES.items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and node.value == DEFAULT
    }
    assert {"rulesets._bundled", "testing.strategies"} == naming
