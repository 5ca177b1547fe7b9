"""
Collects every sentence that the package can print, so that they can be read in one go.

`python tests/sentences.py > sentences.txt` writes them with their places: the texts in the code, with `{...}` for what is
filled in, and those in the rule files.  Docstrings, names and patterns are left out.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from peer_ledger.rulesets import read_rulesets, ruleset_to_dict

PACKAGE = Path(__file__).parents[1] / "src" / "peer_ledger"

PROSE = frozenset({"says", "asks", "notes", "name", "body", "title", "called", "where"})
"""The keys of rule files whose values are sentences or names for people."""


class Said(NamedTuple):
    """
    A text that may be printed.

    Attributes:
        where: Its file and line, or the file and the key.
        text: The text.
    """

    where: str
    text: str


def sentences() -> Iterator[Said]:
    """Yield every text of the package that looks like words for people."""
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        for line, text in _texts(ast.parse(path.read_text("utf-8"))):
            if is_said(text):
                yield Said(f"{place}:{line}", text)
    for path in sorted(PACKAGE.rglob("*.toml")):
        place = path.relative_to(PACKAGE).as_posix()
        for key, text in _values(_content(path), ""):
            if key.rpartition(".")[2] in PROSE:
                yield Said(f"{place}: {key}", text)


def _content(path: Path) -> Any:
    """Return the content of a file; of a rule file, the rule sets that it makes, with all that goes without saying."""
    content = path.read_text("utf-8")
    if path.parent.name == "rulesets" and not path.name.endswith(".cases.toml"):
        return {rules.id: ruleset_to_dict(rules) for rules in read_rulesets(content)}
    return tomllib.loads(content)


def is_said(text: str) -> bool:
    """Return whether a text in the code is words for people: several of them, and no style, pattern or markup."""
    words = re.sub(r"\{\.\.\.\}|<[^>]*>", " ", text)
    return bool(re.search(r"[A-Za-z]{2,}[,;:]? +[A-Za-z“]{2,}", words)) and not re.search(
        r"[{};]\s*\n|section\.|^SELECT|^INSERT|^CREATE|^DELETE|^UPDATE|^PRAGMA|\(\?", words
    )


def _texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the texts of a module with their lines, without its docstrings."""
    docstrings = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    inner = {
        id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values
    } | docstrings
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield (
                node.lineno,
                "".join(part.value if isinstance(part, ast.Constant) else "{...}" for part in node.values),
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            yield node.lineno, node.value


def _values(value: Any, key: str) -> Iterator[tuple[str, str]]:
    """Yield every text in a parsed file with its key."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _values(part, f"{key}.{name}".lstrip("."))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from _values(part, key if isinstance(part, str) else f"{key}[{place}]")
    elif isinstance(value, str):
        yield key, value


if __name__ == "__main__":
    for said in sentences():
        print(f"{said.where}\n    {said.text.strip()}")
