"""How the source reads: short files and classes, full imports, docstrings that say what is done, American spelling."""

import ast
import re
from pathlib import Path

import pytest

from sources import SOURCES

MOST_LINES = 400
MOST_LINES_OF_A_CLASS = 300
TO_BE_SPLIT = {"evaluation._hours", "evaluation._hours.HoursCheck", "evaluation._lifecycle._LifeBuilder"}
"""What is longer than that until the engine is split; nothing is to be added."""

VERBS = re.compile(r"(Give|Tell|Say|Hand|Reckon)s?\b")
BRITISH = re.compile(
    r"\b(practis(e|ed|es|ing)|recognis\w+|organis(?!ms?\b)\w+|colour\w*|behaviour\w*|programmes?|centres?|enrolments?"
    r"|per cent|towards)\b",
    re.IGNORECASE,
)
AS_OTHERS_WRITE = re.compile(r"importing/profiles/.*\.toml|values/vocabularies\.toml")
"""Lists of the words that are found in other people's files, however they are spelled."""

ROOT = Path(__file__).parents[1]
TEXTS = {
    str(path.relative_to(ROOT)): path.read_text("utf-8")
    for folder, pattern in (("src", "**/*"), ("docs", "**/*"), (".", "*.md"), ("changelog.d", "*.md"))
    for path in sorted((ROOT / folder).glob(pattern))
    if path.suffix in {".py", ".pyi", ".md", ".toml", ".json"} and "_build" not in path.parts
}
"""What is written for people to read, by its path."""


def too_long(sources):
    """Return the names of modules and classes that have too many lines."""
    found = {name for name, source in sources.items() if len(source.splitlines()) > MOST_LINES}
    for name, source in sources.items():
        classes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)]
        found |= {f"{name}.{node.name}" for node in classes if node.end_lineno - node.lineno >= MOST_LINES_OF_A_CLASS}
    return found


def wrongly_begun(sources):
    """Return the first words of docstrings that do not begin with what is returned or done."""
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    return [
        f"{name}: {docstring[:60]}"
        for name, source in sources.items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, documented) and VERBS.match(docstring := ast.get_docstring(node) or "")
    ]


def relative(sources):
    """Return the modules that import something without naming it in full."""
    return [
        name
        for name, source in sources.items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.level
    ]


def british(texts):
    """Return the words that are not spelled as in American English, each with its place."""
    return [
        f"{path}:{number}: {found[0]}"
        for path, text in texts.items()
        if not AS_OTHERS_WRITE.search(path)
        for number, line in enumerate(text.splitlines(), 1)
        for found in BRITISH.finditer(line)
    ]


def test_no_module_and_no_class_is_long():
    """Those that are to be split are named, and one that was split is not named any more."""
    assert TO_BE_SPLIT == too_long(SOURCES)


def test_docstrings_begin_with_what_is_returned_or_done():
    """'Return ...', 'Yield ...', 'Raise ...', 'Build ...'; not 'Give', 'Tell' or 'Say'."""
    assert [] == wrongly_begun(SOURCES)


def test_imports_are_written_in_full():
    """No module imports by dots."""
    assert [] == relative(SOURCES)


def test_the_spelling_is_american():
    """In the source, the rule files, the documentation and the README."""
    assert {"README.md", "docs/index.md", "src/peer_ledger/rulesets/us-nc.toml"} <= TEXTS.keys()
    assert [] == british(TEXTS)


LONG_CLASS = "class C:\n" + "    x = 1\n" * 299


@pytest.mark.parametrize(
    ("expected", "source"),
    [
        (set(), "x = 1\n" * 400),
        ({"m"}, "x = 1\n" * 401),
        (set(), LONG_CLASS),
        ({"m.C"}, LONG_CLASS + "    x = 1\n"),
        (
            {"m", "m.C"},
            "y = 2\n" * 101 + "if y:\n" + "".join(f"    {line}\n" for line in (LONG_CLASS + "    x = 1").splitlines()),
        ),
    ],
)
def test_planted_lengths_are_found(expected, source):
    """One line more than may be, in a module or in a class, also one that is not at the top."""
    assert expected == too_long({"m": source})


@pytest.mark.parametrize("verb", ["Give", "Tell", "Say", "Hand", "Reckon", "Says"])
@pytest.mark.parametrize(
    "before", ["", "def f():\n    ", "async def f():\n    ", "class C:\n    ", "class C:\n    def f(self):\n        "]
)
def test_planted_docstrings_are_found(verb, before):
    """In modules, classes, functions and methods, on the first line or the second; a longer word is another one."""
    assert [f"m: {verb} what it is."] == wrongly_begun({"m": f'{before}"""\n{verb} what it is."""'})
    assert [] == wrongly_begun({"m": f'{before}"""Return what it is. {verb} more."""'})
    assert [] == wrongly_begun({"m": f'{before}"""Handle, Sayings, Given what it is."""'})


@pytest.mark.parametrize("written", ["from . import errors", "from .a import b", "def f():\n    from ..a import b"])
def test_planted_relative_imports_are_found(written):
    """However many dots, and wherever."""
    assert ["m"] == relative({"m": written, "n": "from peer_ledger.a import b\nimport json"})


@pytest.mark.parametrize(
    "word",
    [
        "practise",
        "practising",
        "recognised",
        "Organisation",
        "colours",
        "behaviour",
        "programme",
        "centre",
        "enrolment",
        "Per cent",
        "towards",
    ],
)
def test_planted_spellings_are_found(word):
    """In any text but the word lists that other people's files are read with."""
    assert [f"docs/a.md:2: {word}"] == british({"docs/a.md": f"A line.\nOne {word} more.\n"})
    assert [] == british({"src/peer_ledger/importing/profiles/usual.toml": word})


def test_american_words_are_no_fault():
    """Also those that look alike."""
    assert [] == british({"docs/a.md": "practice recognized organisms color programmed centered percent toward"})
