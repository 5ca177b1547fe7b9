"""The documentation: notebooks run, rule pages say all that the files say, and no other page states hours."""

import importlib.util
import re
import tomllib
from pathlib import Path
from typing import get_args

import attrs
import pytest

import norrland_rules
from peer_ledger import rules, ruleset, ruleset_ids
from peer_ledger.rules import _cycles as cycles
from peer_ledger.rulesets._bundled import bundled_text
from peer_ledger.testing import LAWS, read_cases

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted(
    path for path in DOCS.rglob("*.md") if not {"rule-sets", "classes"} & {*path.parts} and "_build" not in path.parts
)
NOTEBOOKS = [path for path in PAGES if "{code-cell}" in path.read_text("utf-8")]
CELL = re.compile(r"^```\{code-cell\} python\n(?::[^\n]*\n)*(.*?)^```$", re.DOTALL | re.MULTILINE)
NUMBER = (
    r"(?:[0-9]+(?:\.[0-9]+)?|two|three|four|five|six|eight|ten|twelve|twenty|thirty|forty|fifty|sixty|eighty|hundred)"
)
HOURS = re.compile(rf"\b{NUMBER}[ -](?:\w+ )?hours?\b", re.IGNORECASE)

# Hours that no rule set asks for: of a training that is made up on the page, and of a day.
NO_RULE = {
    ("how-to/import.md", "24 hours"),
    ("tutorials/first-ledger.md", "Six hours"),
}
# A page about bodies that are made up, as it says.
MADE_UP = {"explanation/allocation.md", "reference/remarks.md"}


def prose(text):
    """Return what a page says outside its code."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE))


def hours_stated(name, text):
    """Find the numbers of hours that a page states, those apart that are of no rule."""
    return [found for found in HOURS.findall(prose(text)) if (name, found) not in NO_RULE]


def page_maker(name):
    """Load what makes pages beside the documentation."""
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rule_pages():
    return page_maker("rule_pages")


@pytest.fixture(scope="module")
def class_pages():
    return page_maker("class_pages")


@pytest.mark.parametrize("page", NOTEBOOKS, ids=lambda page: str(page.relative_to(DOCS)))
def test_a_notebook_runs(page, tmp_path, monkeypatch):
    """The cells of a page run one after the other, as they do when it is built."""
    monkeypatch.chdir(tmp_path)
    cells = CELL.findall(page.read_text("utf-8"))
    assert len(cells) == page.read_text("utf-8").count("{code-cell}")
    names = {}
    for cell in cells:
        exec(compile(cell, str(page), "exec"), names)


def test_there_is_a_tutorial_notebook():
    """The tutorial is among the pages that are run."""
    assert DOCS / "tutorials" / "notebook.md" in NOTEBOOKS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_no_page_states_hours_by_hand(page):
    """What a board asks stands on the generated pages alone, where it cannot come apart from the rule file."""
    name = page.relative_to(DOCS).as_posix()
    if name in MADE_UP:
        assert "invented board" in page.read_text("utf-8")
    else:
        assert [] == hours_stated(name, page.read_text("utf-8"))


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (["20 hours"], "It asks 20 hours."),
        (["twenty hours"], "of the twenty hours"),
        (["1.5 contact hours"], "1.5 contact hours"),
        (["8-hour"], "an 8-hour course"),
        ([], "`20 hours`, hours of 20 people"),
        ([], "```python\n20 hours\n```\n"),
    ],
)
def test_stated_hours_are_found(found, text):
    """The search sees figures and words, and passes over code."""
    assert found == hours_stated("page.md", text)


@pytest.mark.parametrize("name", ruleset_ids())
def test_the_page_of_a_rule_set_says_all_of_it(rule_pages, name):
    """Every requirement, part, cap, question, reading, note and source stands on the page, and every citation leads to one."""
    rules = ruleset(name)
    page = rule_pages.rule_page(rules)
    unescaped = re.sub(r"\\(.)", r"\1", page)
    for procedure in rules.procedures:
        for edition in procedure.editions:
            assert page.count(f"`{edition.id}`, **in force** ") == 1
            for one in edition.requirements:
                for asked in (one, *getattr(one, "parts", ()), *getattr(one, "caps", ())):
                    [row, *_] = [line for line in unescaped.splitlines() if f"`{asked.id}` | {asked.says}" in line]
                    assert row.count("|") == 5
                    assert all(f"[{source}]" in unescaped for source in asked.cites)
    for question in rules.questions:
        assert question.asks in unescaped
        assert all(reading.says in unescaped for reading in question.readings)
    assert all(note in unescaped for note in rules.notes)
    assert set(re.findall(r"\]\(#([a-z0-9-]+)\)", page)) <= set(re.findall(r"^\(([a-z0-9-]+)\)=$", page, re.MULTILINE))
    assert all(source.title in unescaped for source in rules.sources)


def test_a_page_begins_with_what_is_required_today(rule_pages):
    """North Carolina's renewal of today comes first, then dates and questions; a fee that ended in 2018 is history."""
    page = rule_pages.rule_page(ruleset("us-nc-cpss"))
    headings = [line.removeprefix("## ") for line in page.splitlines() if line.startswith("## ")]
    assert headings[:2] == ["What is required today", "Certification periods"]
    places = [page.index(f"`{name}`, **in force**") for name in ("renewal-4", "initial-5", "lapse-3")]
    assert places == sorted(places)
    assert places[-1] < page.index("## What the sources leave open") < page.index("## History")
    assert page.index("## History") < page.index("`initial-1`, **in force**") < page.index("## Worked cases")


def test_worked_cases_stand_on_the_page(rule_pages):
    """Each worked case of North Carolina is there with its derivation."""
    page = re.sub(r"\\(.)", r"\1", rule_pages.rule_page(ruleset("us-nc-cpss")))
    cases = read_cases(DOCS.parent / "src" / "peer_ledger" / "rulesets" / "us-nc.cases.toml")
    assert len(cases) > 40
    for case in cases:
        assert f"`{case.id}` {case.says}" in page
        assert case.derivation is None or case.derivation in page


def test_what_comes_of_a_case_stands_beside_it(rule_pages):
    """Case nc-1: 15 of 20 hours count, so 5 are short; what other readings give stands there, too."""
    page = re.sub(r"\\(.)", r"\1", rule_pages.rule_page(ruleset("us-nc-cpss")))
    [row] = [line for line in page.splitlines() if line.startswith("| `nc-1` ")]
    assert "hours: short" in row
    assert "with late-training read as does-not: " in page


def test_figures_and_days_are_those_of_the_file(rule_pages):
    """North Carolina's newest renewal asks 3 hours of ethics of 20; it began on a day nobody published, after renewal-3."""
    page = rule_pages.rule_page(ruleset("us-nc-cpss"))
    renewal = page[page.index("`renewal-4`, **in force**") : page.index("### Certification after a lapse")]
    [ethics] = [line for line in renewal.splitlines() if "of `training`: `ethics`" in line]
    assert "| 3 hours |" in ethics
    assert "[R5](#source-us-nc-cpss-r5)" in ethics
    assert "from a day between July 1, 2021" in renewal
    assert "from July 1, 2020, by mail from June 30, 2020, until renewal-4 begins" in page


def test_what_is_judged_in_code_stands_on_the_page(rule_pages):
    """In its own unit, and with the name of the function."""
    page = re.sub(r"\\(.)", r"\1", rule_pages.rule_page(norrland_rules.RULES))
    [row] = [line for line in page.splitlines() if "`en-anordnare`" in line]
    assert "| 60 points, checked by norrland-half-from-one |" in row


def test_what_would_be_markup_is_text(rule_pages):
    """A sign of Markdown in a rule file stands on the page as it is, and does not break its tables."""
    assert r"\*a\* \[b\]\(c\) \<d\> e" == rule_pages._plain("*a* [b](c) <d> e").replace("(", r"\(").replace(")", r"\)")
    assert r"| a\|b |" == rule_pages._row("a|b")


def test_pages_are_written_once(rule_pages, tmp_path, monkeypatch):
    """Each rule set has its page and stands in the list; a page that has not changed is left alone, so builds stay quick."""
    monkeypatch.setattr(rule_pages, "FOLDER", tmp_path / "made")
    rule_pages.write_pages()
    made = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "made").iterdir()}
    assert {"index.md", "country.md", *(f"{name}.md" for name in ruleset_ids())} == set(made)
    rule_pages.write_pages()
    assert made == {path.name: path.stat().st_mtime_ns for path in (tmp_path / "made").iterdir()}


def test_every_class_of_a_rule_file_says_what_it_is(class_pages):
    """Each has a sentence, each of its keys a meaning in its docstring, and no meaning is of a key that is gone."""
    kinds = class_pages.rule_classes()
    assert {"RuleSet", "Edition", "Hours", "Documents", "SessionCount", "Part", "Cap", "Birthday", "Question"} <= {
        cls.__name__ for cls in kinds
    }
    for cls in kinds:
        said = class_pages.doc_sections(cls)
        assert said[""].strip(), cls
        assert [field.name for field in attrs.fields(cls)] == list(class_pages.doc_entries(said["Attributes"])), cls


def test_all_kinds_are_found(class_pages):
    """No class of the rule model is left out: what a requirement, a cycle or any part of them may be is on the page."""
    written = {*get_args(rules.Requirement), *get_args(cycles.CycleRule)}
    written |= {one for one in vars(rules).values() if attrs.has(one) and one.__module__ == rules.__name__}
    assert written <= set(class_pages.rule_classes())


def test_the_page_of_kinds_has_each_key_and_a_real_example(class_pages):
    """A row for every key with what it holds; the example is read back from a bundled rule set."""
    page = class_pages.kinds_page()
    for cls in class_pages.rule_classes():
        part = page[page.index(f"## {cls.__name__}\n") :].split("\n## ")[0]
        for field in attrs.fields(cls):
            assert f"| `{field.name}` | " in part, (cls, field.name)
    hours = page[page.index("## Hours\n") :].split("\n## ")[0]
    assert (
        '| `need` | an exact amount, such as `3` or `"1.5"`, or [Unstated](#unstated), or [GrowingAmount](#growingamount), or a question | required |'
        in hours
    )
    assert "| `repeats` | `count` or `once` or `once-ever`, or a question | `count` |" in hours
    assert "**When details are unknown.**" in hours
    for cls in class_pages.rule_classes():
        found = class_pages.example(cls)
        if found is not None:
            name, text = found
            assert tomllib.loads(text), cls
            assert {*text.splitlines()} - {"# and so on"} <= {*bundled_text(name).splitlines()}, cls
    assert class_pages.example(rules.Part) is not None


def test_what_the_page_of_kinds_adds_is_of_classes_that_there_are(class_pages):
    """What is said of unknowns is said of kinds that exist."""
    assert set(class_pages.UNKNOWN) <= {cls.__name__ for cls in class_pages.rule_classes()}


def test_every_error_says_what_to_do(class_pages):
    """Each error of the package has a sentence, what it carries, and what to do; nothing is said of one that is gone."""
    errors = class_pages.error_classes()
    assert {cls.__name__ for cls in errors} == set(class_pages.TO_DO)
    page = class_pages.errors_page()
    for cls in errors:
        part = page[page.index(f"## {cls.__name__}\n") :].split("\n## ")[0]
        assert class_pages.doc_sections(cls)[""].strip()
        assert class_pages.TO_DO[cls.__name__] in part
        own = [field.name for field in attrs.fields(cls)] if "__attrs_attrs__" in vars(cls) else []
        assert all(f"| `{name}` |" in part for name in own), cls


def test_the_page_of_errors_names_who_raises_them(class_pages):
    """An error leads back to the functions that say that they raise it, private ones apart."""
    page = class_pages.errors_page()
    part = page[page.index("## UnknownRecord\n") :].split("\n## ")[0]
    assert "| `Ledger.retract` | " in part
    assert "| `refuse_reversed` |" not in page


def test_pages_of_classes_are_written_once(class_pages, tmp_path, monkeypatch):
    """Both pages are there, and a page that has not changed is left alone."""
    monkeypatch.setattr(class_pages, "FOLDER", tmp_path / "made")
    class_pages.write_pages()
    made = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "made").iterdir()}
    assert {"kinds.md", "errors.md"} == set(made)
    class_pages.write_pages()
    assert made == {path.name: path.stat().st_mtime_ns for path in (tmp_path / "made").iterdir()}


def test_the_reference_lists_every_law_in_its_own_words():
    """Each law's first sentence stands in the table, and no law that is gone."""
    page = (DOCS / "reference" / "testing.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", page, re.MULTILINE)
    assert [(name, law.__doc__.strip().partition("\n")[0]) for name, law in LAWS.items()] == rows


def test_the_tests_of_the_promises_exist():
    """Each file of tests and each test that the page names is there."""
    page = (DOCS / "explanation" / "promises.md").read_text("utf-8")
    folder = Path(__file__).parent
    sources = "\n".join(path.read_text("utf-8") for path in folder.glob("test_*.py"))
    files, tests = set(re.findall(r"`(tests/\w+\.py)`", page)), set(re.findall(r"`(test_\w+)`", page))
    assert len(files) > 8
    assert len(tests) > 8
    assert [] == [name for name in files if not (folder.parent / name).is_file()]
    assert [] == [name for name in tests if f"def {name}(" not in sources]
