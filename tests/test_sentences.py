"""What the package says to people is plain American English, in the words of the field."""

import re
from pathlib import Path

import pytest

from sentences import Said, sentences

ROOT = Path(__file__).parents[1]

ANYWHERE = {
    r"(?<!none )(?<!all )(?<!some )(?<!each )(?<!because )\b(of|than) which\b": "a sentence of its own, or 'including'",
    r"\bof whom\b": "a sentence of its own",
    r"\bas it must\b": "as required",
    r"\bso (many|much) \w+ (as|of)\b": "the required number",
    r"\bsome(body|body's)\b": "a person",
    r"\bnobody\b": "no one, or 'is not known'",
    r"\beverybody\b": "everyone",
    r"\bwhoever\b": "a person who",
    r"\bhangs? on\b": "depends on",
    r"\breckon\w*": "compute, or count",
    r"\btold apart\b": "distinguished",
    r"\bin vain\b": "without result",
    r"\basked (\w+ )?back\b": "refunded, or withdrawn",
    r"\banew\b": "again",
    r"\bany more\b": "no longer",
    r"\b(came|come|comes) about\b": "took place",
    r"\bgoes before\b": "overrides",
    r"\bstands? (beside|for|in for|in the place)\b": "is in addition to, or replaces",
    r"\b(lies|lie|lay) (in|within|before|after|between|among|beside)\b": "is in, falls in, is next to",
    r"\bbeside (the|what|it|them|a|another)\b": "in addition to, or next to",
    r"\bmade up for\b(?=.*\bhours\b)": "earned later",
    r"(?<!there )\bis no (?!longer|more|such|source|known|late)\w+": "is not a",
    r"practis|recognis|organis(?!m)|programme(?!r|d)|enrolment|\bper cent\b|\btowards\b|catalogue|licence|cheque|\bspelt\b": (
        "the American spelling"
    ),
    r"\bcolour|behaviour|favour|\bcentre\b|judgement|cancelled|whilst|amongst|\bfortnight": "the American spelling",
}
"""What no text for people says, as patterns, and what it says instead."""

IN_RULES = {
    r"\b(is|are|was|were|be) (not |still |already )?asked\b(?! about)": "is required",
    r"\basks?\b(?! the| for| them| it| this| him)": "requires",
    r"(?<!is )(?<!are )(?<!was )(?<!were )\b(not|still|no longer) asked\b(?! about)": "not required",
    r"\bexpir(y|ies)\b": "expiration date",
    r"(?<!Bulletin )(?<!commit of )\b(19|20)\d\d-\d\d-\d\d\b": "a date in words, as March 31, 2026",
    r"\b\d[\d,.]* dollars\b": "an amount as $20",
    r"\b\d{1,2} (January|February|March|April|May|June|July|August|September|October|November|December)\b": (
        "a date as March 31, 2026"
    ),
    r"\b(is|are) taken (to|not to|for|as)\b": "is assumed to",
    r"\bupon\b": "on, or after",
}
"""What no text of a rule file says besides."""

FOR_READERS = {r"\bstems?\b": "name", r"\bhinges?\b": "question", r"\bcycle-start\b": "the first day of the cycle"}
"""Words of the code that no report says."""


@pytest.fixture(scope="module")
def collected() -> list[Said]:
    """Return every text that the package can print."""
    return list(sentences())


def found(said: Said) -> list[str]:
    """Return what a text says that it should not, with what it should say."""
    lists = [ANYWHERE]
    if said.where.startswith("rulesets/") and ".toml" in said.where:
        lists.append(IN_RULES)
    if said.where.startswith(("reports/", "presenting/", "rulesets/")):
        lists.append(FOR_READERS)
    return [
        f"{said.where}: “{match.group()}” in “{said.text.strip()}”; better: {better}"
        for words in lists
        for pattern, better in words.items()
        for match in re.finditer(pattern, said.text, re.IGNORECASE)
    ]


def test_no_text_for_people_has_a_word_of_the_list(collected):
    assert [] == [one for said in collected for one in found(said)]


@pytest.mark.parametrize(
    ("where", "text", "word"),
    [
        ("rulesets/us-zz.toml: rulesets[0].notes", "24 hours, of which 3 are on ethics.", "of which"),
        ("rulesets/us-zz.toml: rulesets[0].notes", "So many hours as the board asks for.", "So many hours as"),
        ("rulesets/us-zz.toml: rulesets[0].notes", "A diploma is still asked of new applicants.", "is still asked"),
        ("rulesets/us-zz.cases.toml: cases[0].says", "Awarded on 2026-03-31.", "2026-03-31"),
        ("rulesets/us-zz.toml: rulesets[0].says", "A fee of 20 dollars.", "20 dollars"),
        ("cli/_commands.py:3", "Nobody is on file.", "Nobody"),
        ("errors.py:3", "the programme cannot be read", "programme"),
        ("reports/_text.py:3", "The hinge is open.", "hinge"),
    ],
)
def test_a_word_of_the_list_is_found(where, text, word):
    (only,) = found(Said(where, text))
    assert f"“{word}”" in only


IN_PAGES = {
    pattern: ANYWHERE[pattern]
    for pattern in (
        r"(?<!none )(?<!all )(?<!some )(?<!each )(?<!because )\b(of|than) which\b", r"\bof whom\b", r"\bas it must\b", r"\bso (many|much) \w+ (as|of)\b",
        r"\bsome(body|body's)\b", r"\bnobody\b", r"\beverybody\b", r"\bwhoever\b", r"\bhangs? on\b", r"\breckon\w*",
        r"\btold apart\b", r"\bin vain\b", r"\banew\b", r"\b(came|come|comes) about\b",
    )
}  # fmt: skip
"""What no page of the documentation says outside of its examples."""


def of_pages(name: str, text: str) -> list[str]:
    """Return what a page says that it should not, outside of its examples."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return [
        f"{name}: “{match.group()}” in “{line.strip()[:120]}”; better: {better}"
        for line in prose.splitlines()
        for pattern, better in IN_PAGES.items()
        for match in re.finditer(pattern, line, re.IGNORECASE)
    ]


def test_no_page_has_a_word_of_the_list():
    pages = [ROOT / "README.md", *(path for path in (ROOT / "docs").rglob("*.md") if "_build" not in path.parts)]
    written = [path for path in pages if not {"rule-sets", "classes"} & set(path.parts)]
    assert len(written) > 20
    assert [] == [one for path in written for one in of_pages(path.name, path.read_text("utf-8"))]


def test_a_word_on_a_page_is_found_and_one_in_an_example_is_not():
    (only,) = of_pages("page.md", "Nobody is asked.\n\n```python\n>>> nobody\n```\n")
    assert "“Nobody”" in only


def test_the_words_of_rule_files_are_not_asked_of_messages():
    assert found(Said("cli/_parser.py:3", "the day asked about, such as 2026-02-15")) == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("reports/_missing.py", "a letter of recommendation"),
        ("cli/_parser.py", "Check whether the ledger was tampered with"),
        ("errors.py", "an id is case-sensitive"),
        ("rulesets/us-nc.toml", "Letters of recommendation"),
        ("rulesets/us-nc.cases.toml", "Nothing is printed: the end of the month is assumed and said."),
        ("importing/profiles/relias.toml", "Relias: historical upload"),
        ("values/vocabularies.toml", "Suicide prevention"),
    ],
)
def test_the_list_is_held_against_texts_of_every_kind_of_file(file, text, collected):
    """What collects the texts finds a known one in each kind of file."""
    assert any(said.where.startswith(file) and text.lower() in said.text.lower() for said in collected)
