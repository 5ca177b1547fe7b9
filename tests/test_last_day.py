"""A cycle whose last day is unsettled raises the question that most boards leave open."""

from datetime import date

import pytest

from peer_ledger.errors import InvalidData
from peer_ledger.rules import Anniversary, ByQuestion, Chosen, CycleEditions
from peer_ledger.rulesets import read_rulesets
from peer_ledger.rulesets._files import digest_of

FILE = """
format = 1
seen = 2026-01-04
body = "The board"
time_zone = "UTC"
[sources]
PAGE = { title = "Page", board = "https://board.example" }
CODE = { title = "Code", code = "https://code.example" }
[us-xx-yyy]
name = "Specialist"
cites = ["PAGE"]
cycle = { months = 24, ends = "unsettled" }
[us-xx-yyy.renewal.renewal-1]
says = "Hours."
training.need = 8
[us-xx-zzz]
extends = "us-xx-yyy"
name = "Another"
"""
WRITTEN = """cycle.by = "last-day"
cycle.day-before = { months = 24, ends = "day-before" }
cycle.anniversary = { months = 24, ends = "anniversary" }
[us-xx-yyy.questions.last-day]
asks = "Is the anniversary itself the last day of the certificate?"
readings.day-before = "No, the last day is the day before it. [PAGE]"
readings.anniversary = "Yes, the anniversary is the last day. [PAGE]"
"""
CYCLE = 'cycle = { months = 24, ends = "unsettled" }\n'


def cycle_of(cycle):
    return read_rulesets(FILE.replace(CYCLE, f"{cycle}\n"))[0].cycle


def test_it_is_what_would_be_written_out():
    """The question, both cycles and their order, for the rule set and for one that extends it."""
    short, long = read_rulesets(FILE), read_rulesets(FILE.replace(CYCLE, WRITTEN))
    assert short == long
    assert [digest_of(one) for one in short] == [digest_of(one) for one in long]


def test_its_sources_are_those_of_the_cycle():
    (rules, _) = read_rulesets(FILE.replace(CYCLE, f'{CYCLE}cycle_cites = ["CODE"]\n'))
    assert {reading.cites for reading in rules.questions[0].readings} == {("CODE",)}


def test_a_question_of_that_name_is_the_authors():
    """Other words, other sources or another weight are written out; the cycles are not."""
    question = WRITTEN.partition("\n[")[2].replace("Is the anniversary itself", "Is it")
    (rules, _) = read_rulesets(FILE.replace(CYCLE, f"{CYCLE}[{question}"))
    assert [one.asks for one in rules.questions] == ["Is it the last day of the certificate?"]
    assert isinstance(rules.cycle, ByQuestion)


def test_every_cycle_that_is_counted_in_months_may_be_unsettled():
    """Chosen lengths, a first cycle of its own, and editions of a cycle."""
    chosen = cycle_of('cycle = { months = [12, 24], document_kind = "term", ends = "unsettled" }')
    assert dict(chosen.values)["anniversary"] == Chosen(document_kind="term", months=(12, 24), begins="next-day")
    first = cycle_of('cycle = { months = 24, first_months = 12, ends = "unsettled" }')
    assert dict(first.values)["day-before"] == Anniversary(months=24, first_months=12)
    dated = cycle_of(
        'cycle.editions = { first = { ends = "06-30" }, 2016-06-03 = { months = 24, ends = "unsettled" } }'
    )
    assert isinstance(dated, CycleEditions)
    assert dict(dated.on(date(2016, 6, 3)).values)["day-before"] == Anniversary(months=24)


@pytest.mark.parametrize("ends", ["unsetled", "never"])
def test_another_word_is_told(ends):
    with pytest.raises(InvalidData, match=r"must be one of day-before, .*, unsettled, not"):
        read_rulesets(FILE.replace("unsettled", ends))


def test_a_day_for_everybody_is_not_unsettled():
    with pytest.raises(InvalidData, match="must be a day such as"):
        cycle_of('cycle = { ends = "unsettled", years = 2 }')
