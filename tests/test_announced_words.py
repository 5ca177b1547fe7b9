"""Words of other distributions are declared words, and what is wrong with one of them harms nothing else."""

import pytest

from peer_ledger.cli import main
from peer_ledger.records import Credit, TrainingEvent, check_words
from peer_ledger.rulesets._check import checked_file
from peer_ledger.values import vocabularies
from peer_ledger.values.vocabularies import Term, standard_vocabularies, unusable_words

RULES = """\
format = 1
body = "Board"
time_zone = "Europe/Stockholm"
seen = 2026-11-21

[xx-nn-cps]
name = "N"
cites = ["PAGE"]
cycle = { months = 12 }
sources.PAGE = { title = "T", board = "B" }

[xx-nn-cps.renewal.renewal-1]
earning = "from the first day of the cycle to the due date"
training = { need = 8, topics = ["nordic-law"] }
works-council-letter = true
"""


class Point:
    """An entry point."""

    def __init__(self, gives):
        self.gives, self.name, self.value, self.dist = gives, "words", "zz_words:WORDS", None

    def load(self):
        if isinstance(self.gives, BaseException):
            raise self.gives
        return self.gives


@pytest.fixture
def installed(monkeypatch):
    """Yield a function that says whose words are installed, and forget them afterward."""

    def install(*gives):
        vocabularies._with_announced.cache_clear()
        monkeypatch.setattr(vocabularies, "announced", lambda _: tuple(map(Point, gives)))

    yield install
    vocabularies._with_announced.cache_clear()


WORDS = {
    "topics": [Term(id="nordic-law", name="Law of the north")],
    "documents": [Term(id="works-council-letter", name="Letter of the works council")],
}


@pytest.mark.parametrize("gives", [WORDS, lambda: WORDS])
def test_words_of_another_distribution_are_declared(gives, installed):
    """In records and in rule files, where a document is known by its name and a topic by its own."""
    installed(gives)
    event = TrainingEvent(id="e", person="p", completed="2026-01-01", credits=[Credit(amount=1, topics=["nordic-law"])])
    assert () == tuple(check_words([event]))
    [rules], remarks = checked_file(
        RULES.replace("works-council-letter = true", 'works-council-letter = { says = "A letter." }')
    )
    assert () == remarks
    training, letter = rules.procedures[0].editions[0].requirements
    assert ("At least 8 hours of training on law of the north.", "works-council-letter") == (
        training.says,
        letter.document_kind,
    )


def test_without_them_they_are_not(installed):
    """Nothing else declares these words."""
    installed()
    assert "nordic-law" not in standard_vocabularies()["topics"]
    assert any(
        "nordic-law" in remark.says for remark in checked_file(RULES.replace("works-council-letter = true\n", ""))[1]
    )


@pytest.mark.parametrize(
    "gives",
    [RuntimeError("no"), SystemExit(3), 5, {"topic": []}, {"topics": [1]}, {"topics": [Term(id="ethics", name="E")]}],
)
def test_what_is_wrong_with_one_is_told_and_harms_no_other(gives, installed, capsys):
    """It cannot be loaded, is no mapping, names no vocabulary, holds no terms, or says again what is there."""
    installed(gives, WORDS)
    assert "nordic-law" in standard_vocabularies()["topics"]
    assert "ethics" in standard_vocabularies()["topics"]
    [why] = unusable_words()
    assert why.startswith("the words of zz_words:WORDS are not used: ")
    assert main(["rules", "list"]) == 1
    assert why in capsys.readouterr().err
