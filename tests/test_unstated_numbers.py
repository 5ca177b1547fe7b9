"""How many documents are needed where no source says it: one does not meet it, and without any it is short."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peer_ledger import Certification, Coverage, Document, Filing, Ledger, Ruling, evaluate, read_rulesets
from peer_ledger.columns import evaluate_frame, tables_of
from peer_ledger.evaluation import _documents as documents
from peer_ledger.evaluation import evaluate_all
from peer_ledger.presenting.rule_sentences import describe
from peer_ledger.records import Quantity
from peer_ledger.rules import RuleSet, Unstated, gaps_of
from peer_ledger.rulesets._check import checked_file
from remarks import in_words

FILE = """\
format = 1
body = "Board"
time_zone = "America/Chicago"
seen = 2026-11-28
grade = "partial"
sources.PAGE = { title = "The page", board = "https://board.example/references" }

[xx-nn-cps]
name = "Peer Specialist"
cites = ["PAGE"]
cycle = { months = 24, ends = "anniversary" }

[xx-nn-cps.renewal.renewal-1]
earning = "from the first day of the cycle to the due date"
references.need = { unstated = "how many references a renewal needs" }
references.says = "References."
"""
ON = "2026-05-20"
ASK = "ask the certifying body, Board, and record its answer as a ruling"
UNKNOWN = "no source states how many references a renewal needs"


def rules_of(text: str = FILE) -> RuleSet:
    (rules,) = read_rulesets(text)
    return rules


STATED = {
    number: rules_of(FILE.replace(FILE.splitlines()[-2], f"references.need = {number}")) for number in range(1, 8)
}


def letter(number=0, by="w-0", on="2026-05-01", **more):
    return Document(id=f"l-{number}", person="p", kind="reference-letter", on=on, by=by, **more)


def ruled(number, unit="document"):
    return Ruling(
        id="r", person="p", credential="xx-nn-cps", on="2026-01-05", requirement="references", effect="sets",
        figure=Quantity(amount=number, unit=unit),
    )  # fmt: skip


def records_of(*records, covered=True):
    return [
        Certification(id="c", person="p", credential="xx-nn-cps", act="awarded", on="2024-05-31"),
        Coverage(id="acts", covers="certification"),
        *([Coverage(id="documents", covers="document")] if covered else []),
        *records,
    ]


def reported(records, rules, **how):
    """Return the report; the headline of a roster and the row of a table say the same of the documents."""
    ledger = Ledger()
    ledger.append(records)
    report = evaluate(ledger, "p", on=ON, ruleset=rules, **how)
    (of_roster,) = evaluate_all(ledger, on=ON, ruleset=rules, **how)
    (row,) = evaluate_frame(**tables_of(records), on=ON, ruleset=rules, to="pyarrow", **how).people.to_pylist()
    assert of_roster.documents_outcome == row["documents"] == report.documents_outcome
    return report


def finding_of(*records, text=FILE, covered=True, **how):
    return reported(records_of(*records, covered=covered), rules_of(text), **how).finding("references")


def test_without_a_reference_one_is_missing_at_least():
    """However many are needed, none is there."""
    report = reported(records_of(), rules_of())
    finding = report.finding("references")
    assert ("short", Fraction(1), None, "document") == (finding.result, finding.short, finding.need, finding.unit)
    assert "at least a letter" in str(report)


@pytest.mark.parametrize(
    ("writers", "counted", "because"),
    [
        (["a"], 1, f"{UNKNOWN}; it is met if that is at most 1 document, and short if it is more; {ASK}"),
        (["a", "b", "c"], 3, f"{UNKNOWN}; it is met if that is at most 3 documents, and short if it is more; {ASK}"),
        (["a", "a"], 1, f"{UNKNOWN}; it is met if that is at most 1 document, and short if it is more; {ASK}"),
        (["a", None], 1, f"{UNKNOWN}; it is met if that is at most 1 document; {ASK}"),
        ([None, None], 1, f"{UNKNOWN}; it is met if that is at most 1 document; {ASK}"),
    ],
)
def test_references_leave_open_whether_they_are_enough(writers, counted, because):
    """The finding says up to which number they would be: as many as people wrote one, as far as that is on file."""
    finding = finding_of(*(letter(number, by) for number, by in enumerate(writers)))
    assert ("undetermined", Fraction(0), None) == (finding.result, finding.short, finding.need)
    assert Fraction(counted) == finding.counted
    assert in_words(finding.because) == because
    assert "not needed" not in {in_words(line.why_not) for line in finding.lines}


def test_while_references_may_be_missing_in_the_ledger_more_may_be_there():
    because = in_words(finding_of(letter(), covered=False).because)
    assert f"{UNKNOWN}; it is met if that is at most 1 document; {ASK}" in because
    assert finding_of(covered=False).result == "undetermined"


@pytest.mark.parametrize(
    ("number", "writers", "result", "short"),
    [
        (2, "ab", "met", 0), (3, "ab", "short", 1), (1, "ab", "met", 0), (2, "aa", "short", 1), (2, "", "short", 2),
    ],
)  # fmt: skip
def test_a_ruling_settles_it(number, writers, result, short):
    """What the board asks of this person is a number, and decides."""
    finding = finding_of(ruled(number), *(letter(place, by) for place, by in enumerate(writers)))
    assert (result, Fraction(short), Fraction(number)) == (finding.result, finding.short, finding.need)


def test_a_ruling_on_something_else_does_not():
    """A figure in another unit is none of how many."""
    assert finding_of(ruled(12, "month"), letter()).result == "undetermined"


def test_what_is_given_for_another_step_is_no_reference():
    assert finding_of(letter(step="initial")).result == "short"


@pytest.mark.parametrize(
    ("months", "result"), [((18, 12), "undetermined"), ((11, 12), "undetermined"), ((10, 3), "short"), ((None,), None)]
)
def test_each_may_have_to_state_something_as_well(months, result):
    """Only those by people who have known the applicant for a year count; one that does not say may."""
    text = f'{FILE}references.at_least = "12 months"\n'
    letters = [
        letter(place, f"w-{place}", value=None if known is None else Quantity(amount=known, unit="month"))
        for place, known in enumerate(months)
    ]
    assert finding_of(*letters, text=text).result == (result or "undetermined")


def test_two_figures_may_be_unstated():
    """Neither how many, nor how long the writers must know the applicant."""
    text = f'{FILE}references.at_least = {{ unstated = "how long they are known", unit = "month" }}\n'
    finding = finding_of(letter(value=Quantity(amount=600, unit="month")), text=text)
    assert finding.result == "undetermined"
    assert in_words(finding.because) == f"{UNKNOWN} or how long they are known; {ASK}"


LETTERS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", None]),
        st.sampled_from(["2024-05-31", "2026-05-19", "2026-05-20", "2026-05-21"]),
        st.sampled_from([None, None, "renewal", "initial"]),
    ),
    max_size=4,
)


def the_number_may_be_any_number(letters, covered, filed, readings):
    """What every number gives is what is said; where they disagree nothing is, or there would be no open question."""
    papers = [letter(place, by, on, step=step) for place, (by, on, step) in enumerate(letters)]
    filings = [Filing(id="f", person="p", credential="xx-nn-cps", step="renewal", received=filed)] if filed else []
    records = records_of(*papers, *filings, covered=covered)
    said = reported(records, rules_of(), readings=readings).documents_outcome
    stated = {reported(records, rules, readings=readings).documents_outcome for rules in STATED.values()}
    assert said == (stated.pop() if len(stated) == 1 else "undetermined")


READINGS = st.sampled_from([{}, {"documents-on-file": "all"}, {"documents-on-file": "not-all"}])


@given(LETTERS, st.booleans(), st.sampled_from([None, "2026-05-19"]), READINGS)
def test_the_number_may_be_any_number(letters, covered, filed, readings):
    the_number_may_be_any_number(letters, covered, filed, readings)


def test_the_property_fails_where_one_is_taken_for_enough(monkeypatch):
    """A fault that takes the fewest that may be needed for all that are."""
    is_met = property(lambda tally: tally._counted >= tally._need)
    monkeypatch.setattr(documents.DocumentsTally, "is_met", is_met)
    with pytest.raises(AssertionError):
        the_number_may_be_any_number([("a", "2026-05-19", None)], True, None, {})


def test_rules_tell_what_is_not_stated():
    """It is a gap of the rules, and it is shown in words."""
    rules = rules_of()
    assert "how many references a renewal needs" in gaps_of(rules)
    assert UNKNOWN in describe(rules)
    (asked,) = rules.procedure("renewal").editions[0].requirements
    assert (asked.need, asked.fewest) == (Unstated(says="how many references a renewal needs"), 1)
    assert asked.from_different


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('grade = "partial"\n', "", "no source states how many references a renewal needs, so the rules are not"),
        ('references.says = "References."', 'references.says = "R."\nreferences.at_least = "$5"\nreferences.adds_up = true',
         "is a number; of documents that add up, at_least may be unstated"),
        ("{ unstated =", "{ unstatd =", "unstated"),
        ('{ unstated = "how many references a renewal needs" }', "0", "must be a whole number from 1, or Unstated, not 0"),
        ('references.says = "References."', "", "says"),
    ],
)  # fmt: skip
def test_a_mistake_is_told(old, new, told):
    assert old in FILE
    _, told_of = checked_file(FILE.replace(old, new))
    assert any(told in f"{one.where} {one.says}" for one in told_of), [f"{one.where} {one.says}" for one in told_of]
