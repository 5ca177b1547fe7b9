"""Every example in the README, the docs and the docstrings runs and prints what it says."""

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

import peer_ledger

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(peer_ledger.__path__, "peer_ledger.")
    if "__main__" not in module.name
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_examples_of_a_page(page, tmp_path, monkeypatch):
    """What a page shows is what happens when it is pasted, from its first example to its last."""
    monkeypatch.chdir(tmp_path)
    document = Sybil(parsers=[PythonCodeBlockParser()], path=str(page.parent), pattern=page.name).parse(page)
    for example in document:
        example.evaluate()


def test_pages_have_examples():
    """A page whose examples are no longer found would pass without being run."""
    readme = Sybil(parsers=[PythonCodeBlockParser()], path=str(ROOT), pattern="README.md").parse(ROOT / "README.md")
    assert list(readme)


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module(name, tmp_path, monkeypatch):
    """What a docstring shows is what happens."""
    monkeypatch.chdir(tmp_path)
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


def test_modules_have_examples():
    """The docstrings of the package hold dozens of examples, and all of them were found."""
    finder = doctest.DocTestFinder()
    found = sum(len(test.examples) for name in MODULES for test in finder.find(importlib.import_module(name)))
    assert found >= 50
