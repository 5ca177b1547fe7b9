"""The source of the package's modules, for tests that look at how it is written."""

import ast
from pathlib import Path

import peer_ledger

PACKAGE = Path(peer_ledger.__file__).parent
SOURCES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path.read_text("utf-8")
    for path in sorted(PACKAGE.rglob("*.py"))
}
"""The text of each module by its name below `peer_ledger`; a package's is that of its `__init__`."""


def imported(source):
    """Yield the full names of what a module imports anywhere, also inside functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)
