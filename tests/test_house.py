"""No room grows too large, and the sources read as American English."""

import ast
import re
from pathlib import Path

import pytest

from test_layers import SOURCES

MOST_LINES = 400
MOST_CLASS_LINES = 300

OPENINGS = re.compile(r"(Give|Gives|Tell|Tells|Say|Says|Hand|Reckon)\b")
BRITISH = re.compile(
    r"practis|recognis|organis(?!m)|colour|behaviour|favour|programme(?!r|d)|\bcentre|enrolment|\bper cent\b|\btowards\b"
    r"|catalogue|licence|cancelled|serialis|normalis|initialis|judgement|\bspelt\b|\blearnt\b",
    re.IGNORECASE,
)
ROOT = Path(__file__).parents[1]
# Words that other people's files use.
THEIR_WORDS = {"importing._unread"}


def too_large(name, source):
    """Yield the module, and its classes, that have too many lines."""
    if len(source.splitlines()) > MOST_LINES:
        yield name
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and node.end_lineno - node.lineno + 1 > MOST_CLASS_LINES:
            yield f"{name}.{node.name}"


def told(name, source):
    """Yield the docstrings that begin with what somebody gives or tells instead of what is returned or done."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            text = ast.get_docstring(node) or ""
            if OPENINGS.match(text):
                yield f"{name}: {text.splitlines()[0]}"


def british(name, text):
    """Yield the words of a text that are spelled as in Britain."""
    for number, line in enumerate(text.splitlines(), 1):
        yield from (f"{name}, line {number}: {word}" for word in BRITISH.findall(line))


def relative(name, source):
    """Yield the relative imports of a module, which the table of layers does not see."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield f"{name}, line {node.lineno}"


def test_imports_are_absolute():
    """An import names its package, so that the table of layers sees where it points."""
    assert [] == [found for name, source in SOURCES.items() for found in relative(name, source)]


def test_no_file_and_no_class_is_too_large():
    """What is too large is two rooms."""
    assert [] == [found for name, source in SOURCES.items() for found in too_large(name, source)]


def test_docstrings_begin_with_what_is_returned_or_done():
    """'Return', 'Yield', 'Build': never 'Give' or 'Tell'."""
    assert [] == [found for name, source in SOURCES.items() for found in told(name, source)]


def test_the_spelling_is_american():
    """In the sources, the rule files and the documentation."""
    texts = {name: source for name, source in SOURCES.items() if name not in THEIR_WORDS}
    pages = [
        ROOT / "README.md",
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "src" / "peer_ledger" / "rulesets").glob("*.toml"),
    ]
    texts |= {str(page.relative_to(ROOT)): page.read_text("utf-8") for page in pages if "_build" not in page.parts}
    assert len(texts) > 150
    assert [] == [found for name, text in texts.items() for found in british(name, text)]


@pytest.mark.parametrize(
    ("search", "source"),
    [
        (too_large, "x = 1\n" * (MOST_LINES + 1)),
        (too_large, "class C:\n" + "    x = 1\n" * MOST_CLASS_LINES),
        (told, '"""Give the day."""'),
        (told, 'def f():\n    """\n    Say what is wrong.\n    """'),
        (british, "a recognised programme"),
        (relative, "def f():\n    from . import errors"),
    ],
)
def test_planted_faults_are_found(search, source):
    """Each search finds what it is for."""
    assert list(search("planted", source))


@pytest.mark.parametrize(
    ("search", "source"),
    [
        (too_large, "class C:\n" + "    x = 1\n" * (MOST_CLASS_LINES - 1)),
        (told, 'def f():\n    """Return the day; say nothing."""'),
        (british, "a recognized program of programmers"),
    ],
)
def test_what_is_as_it_should_be_is_passed_over(search, source):
    """No search finds anything in what is right."""
    assert [] == list(search("sound", source))
