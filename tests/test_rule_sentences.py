"""Rule sets in sentences: what one says, and what is different between two editions."""

import re
from datetime import date

import attrs
import pytest

from peer_ledger import PeerLedgerError, ruleset, ruleset_ids
from peer_ledger.presenting._rule_phrases import point_phrase
from peer_ledger.presenting.rule_sentences import compare_editions, describe
from peer_ledger.records import Quantity
from peer_ledger.rules import Custom, Documents, Edition, Hours, Interval, Part, Procedure, RelativeDate, TrainingFilter

NC = ruleset("us-nc-cpss")
CITES = ("R5",)


def hours(**changes):
    given = {"id": "training", "says": "Twenty hours.", "need": 20, "cites": CITES, **changes}
    return Hours(**given)


def compared(old, new, **edition):
    """Compare two editions that ask one thing each."""
    first = Edition(id="old", says="Old.", requirements=(old,) if old else ())
    second = Edition(id="new", says="New.", requirements=(new,) if new else (), **edition)
    rules = attrs.evolve(NC, procedures=(Procedure(step="renewal", editions=(first, second)),))
    return compare_editions(rules, "old", "new")


@pytest.mark.parametrize(
    ("expected", "old", "new"),
    [
        ((), hours(), hours()),
        ((), hours(), hours(cites=("R1",))),
        (("Twenty hours: it needs 24; before, it needs 20.",), hours(), hours(need=24)),
        (("New: Twenty hours.",), None, hours()),
        (("No longer required: Twenty hours.",), hours(), None),
        (
            ("Twenty hours: what counts is training on crisis or ethics, given in-person; before, this was not limited.",),
            hours(),
            hours(counts=TrainingFilter(topics={"ethics", "crisis"}, deliveries={"in-person"})),
        ),
        (
            ("New, within 'Twenty hours': Three of ethics.",),
            hours(),
            hours(parts=(Part(id="ethics", says="Three of ethics.", need=3, cites=CITES),)),
        ),
        (
            ("Two letters: each must say at least 12 months; before, this was not limited.",),
            Documents(id="l", says="Two letters.", document_kind="reference-letter", cites=CITES),
            Documents(
                id="l", says="Two letters.", document_kind="reference-letter", at_least=Quantity(amount=12, unit="month"), cites=CITES
            ),
        ),
        (
            (
                "As judged: it is checked by second; before, it is checked by first.",
                "As judged: it is counted in year; before, it is counted in month.",
                "As judged: it needs 2; before, it needs 5.",
            ),
            Custom(id="j", says="As judged.", check="first", subject="hours", unit="month", need=5, cites=CITES),
            Custom(id="j", says="As judged.", check="second", subject="hours", unit="year", need=2, cites=CITES),
        ),
    ],
)  # fmt: skip
def test_each_difference_is_a_sentence(expected, old, new):
    """What is asked, no longer asked or asked otherwise is said; who says it makes no difference."""
    assert expected == compared(old, new)


def test_days_in_sentences():
    """Intervals are said by what they are counted from."""
    earning = Interval(
        begins=RelativeDate(of="last-grant", included=False),
        ends=RelativeDate(of="due", months=-1, days=3, month_end=True),
        cites=CITES,
    )
    [said] = compared(hours(), hours(), earning=earning)
    assert (
        "The training days that count: not limited before, from the last grant (that day not included) to 3 days after 1 month "
        "before the due date, counted from the end of its month after."
    ) == said


def test_north_carolina_came_to_ask_for_ethics():
    """Between the two last editions of renewal in North Carolina, three hours of ethics are what is new."""
    said = compare_editions(NC, "renewal-3", "renewal-4")
    assert any(one.startswith("New, within") and one.endswith("At least 3 hours of ethics.") for one in said)
    assert not [one for one in said if "nothing in particular" in one]
    assert any("training on any topic, or not on first-aid or job-orientation (open: " in one for one in said)
    assert not [one for one in said if "frozenset" in one or "Point(" in one or "ByQuestion" in one]


def test_any_two_editions_can_be_compared():
    """Of every pair of editions something is said, and of one with itself nothing; never in Python's words."""
    editions = [edition.id for procedure in NC.procedures for edition in procedure.editions]
    for old in editions:
        for new in editions:
            said = compare_editions(NC, old, new)
            assert bool(said) is (old != new)
            assert not [one for one in said if "(" in one and "=" in one.split("(", 1)[1][:20]]


def test_an_unknown_edition_is_named_with_those_there_are():
    """A mistyped edition leads to the right one."""
    with pytest.raises(PeerLedgerError, match="did you mean 'renewal-4'"):
        compare_editions(NC, "renewal-44", "renewal-1")


def test_a_description_holds_every_requirement_question_and_source():
    """What a reviewer holds against the board's page is all there."""
    said = describe(NC)
    for procedure in NC.procedures:
        for edition in procedure.editions:
            assert edition.id in said
            assert all(requirement.says in said for requirement in edition.requirements)
    assert all(question.asks in said for question in NC.questions)
    assert all(source.address in said for source in NC.sources)


def test_no_day_that_stands_for_none_is_written():
    """The ends of the calendar, and a due date so old that there is none, are said in words."""
    old = RelativeDate(of="due", due_until=date(1900, 1, 1))
    assert point_phrase(ruleset("us-nc-cpss"), old) == "no set day"
    later = attrs.evolve(old, due_until=date(2019, 1, 1))
    assert point_phrase(ruleset("us-nc-cpss"), later) == "the due date (if it is due until January 1, 2019)"
    for name in ruleset_ids():
        assert not re.search(r"\b(1900|2199)\b", describe(ruleset(name))), name
