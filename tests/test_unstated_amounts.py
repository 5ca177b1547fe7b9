"""What documents must state where no source says how much: one dollar does not meet it, nor does a receipt."""

from fractions import Fraction

import pytest

from peer_ledger import Certification, Coverage, Document, Ledger, Ruling, evaluate, read_rulesets
from peer_ledger.evaluation import evaluate_all
from peer_ledger.presenting.rule_sentences import describe
from peer_ledger.records import Quantity
from peer_ledger.rules import RuleSet, UnstatedQuantity, gaps_of
from peer_ledger.rulesets._check import checked_file
from remarks import in_words

FILE = """\
format = 1
body = "Board"
time_zone = "America/Chicago"
seen = 2026-11-28
grade = "partial"
sources.PAGE = { title = "The page", board = "https://board.example/fees" }

[xx-nn-cps]
name = "Peer Specialist"
cites = ["PAGE"]
cycle = { months = 24, ends = "anniversary" }
questions.amount.asks = "Is the fee known?"
questions.amount.weight = "blocking"
questions.amount.readings = { yes = "Yes. [PAGE]", no = "No." }

[xx-nn-cps.renewal.renewal-1]
earning = "from the first day of the cycle to the due date"
fee.at_least = { unstated = "what a renewal costs", unit = "us-dollar" }
fee.says = "A fee."
"""
ASK = "ask the certifying body, Board, and record its answer as a ruling"
GROWS = 'fee.grows = { base = 0, each = 10, months = 1, since = "the due date", until = "the filing", count = "begun" }'
LETTERS = """\
letters.need = 2
letters.at_least = { unstated = "how long the writers know the applicant", unit = "month" }
letters.says = "Two letters."
"""


def rules_of(text: str = FILE) -> RuleSet:
    (rules,) = read_rulesets(text)
    return rules


def paid(amount, number=0, kind="fee", **more):
    value = None if amount is None else Quantity(amount=amount, unit="month" if kind != "fee" else "us-dollar")
    return Document(id=f"paid-{number}", person="p", kind=kind, on="2026-05-01", value=value, **more)


def ledger_of(*records, covered=True):
    ledger = Ledger()
    ledger.append(
        [
            Certification(id="c", person="p", credential="xx-nn-cps", act="awarded", on="2024-05-31"),
            Coverage(id="acts", covers="certification"),
            *([Coverage(id="documents", covers="document")] if covered else []),
            *records,
        ]
    )
    return ledger


def finding_of(*records, requirement="fee", text=FILE, covered=True, **how):
    """Return the finding; the headline of a roster says the same of the documents as the whole report."""
    rules, ledger = rules_of(text), ledger_of(*records, covered=covered)
    report = evaluate(ledger, "p", on="2026-05-20", ruleset=rules, **how)
    (of_roster,) = evaluate_all(ledger, on="2026-05-20", ruleset=rules, **how)
    assert of_roster.documents_outcome == report.documents_outcome
    return report.finding(requirement)


def test_without_a_payment_the_fee_is_missing():
    """Whatever it costs, nothing is paid."""
    finding = finding_of()
    assert ("short", Fraction(1), "document") == (finding.result, finding.short, finding.unit)
    assert finding.because == ()


@pytest.mark.parametrize(
    ("amounts", "because"),
    [
        ([1], "no source states what a renewal costs; it is met if that is at most $1, and short if it is more"),
        ([1000], "no source states what a renewal costs; it is met if that is at most $1000, and short if it is more"),
        ([None], "no source states what a renewal costs"),
        (
            [30, "40.50"],
            "no source states what a renewal costs; it is met if that is at most $70.50, and short if it is",
        ),
        ([30, None], "no source states what a renewal costs; it is met if that is at most $30; ask"),
    ],
)
def test_a_payment_leaves_open_whether_it_is_enough(amounts, because):
    """The finding says up to which amount it would be: what was paid altogether."""
    finding = finding_of(*(paid(amount, number) for number, amount in enumerate(amounts)))
    assert ("undetermined", Fraction(0)) == (finding.result, finding.short)
    assert in_words(finding.because).startswith(because)
    assert in_words(finding.because).endswith(ASK)
    assert "not needed" not in {in_words(line.why_not) for line in finding.lines}


def test_while_more_may_be_on_its_way_more_may_have_been_paid():
    """The ledger need not have all payments: only that $20 are enough for a fee of $20 is certain."""
    because = in_words(finding_of(paid(20), covered=False).because)
    assert "it is met if that is at most $20" in because
    assert "short if it is more" not in because


@pytest.mark.parametrize(("amount", "result", "short"), [("70", "met", 0), ("69.99", "short", Fraction(1, 100))])
def test_a_ruling_settles_it(amount, result, short):
    """The board wrote $70: that is met by $70, and a cent is missing of $69.99."""
    letter = Ruling(
        id="r", person="p", credential="xx-nn-cps", on="2026-01-05", requirement="fee", effect="sets",
        figure=Quantity(amount=70, unit="us-dollar"),
    )  # fmt: skip
    finding = finding_of(paid(amount), letter)
    assert (result, short, Fraction(70)) == (finding.result, finding.short, finding.need)


def test_what_is_paid_for_another_step_is_no_payment():
    """A receipt for a first application is none for the renewal."""
    assert finding_of(paid(500, step="initial")).result == "short"


@pytest.mark.parametrize(("letters", "result"), [(1, "short"), (2, "undetermined"), (3, "undetermined")])
def test_each_of_several_documents_may_be_too_little(letters, result):
    """One letter of two is too few, whatever it says; of two, nobody knows whether they say enough."""
    written = [paid(600, number, "reference-letter", by=f"w-{number}") for number in range(letters)]
    finding = finding_of(*written, requirement="letters", text=FILE + LETTERS)
    assert (result, Fraction(2), Fraction(min(letters, 2))) == (finding.result, finding.need, finding.counted)
    assert "not needed" not in {in_words(line.why_not) for line in finding.lines}
    if result == "undetermined":
        assert in_words(finding.because) == f"no source states how long the writers know the applicant; {ASK}"


@pytest.mark.parametrize(
    ("paid_up", "reading", "result"),
    [(50, "yes", "met"), (49, "yes", "short"), (50, "no", "undetermined"), (49, None, "undetermined")],
)
def test_it_may_depend_on_a_question(paid_up, reading, result):
    """Under one reading the fee is $50, and under the other no source states it."""
    by = 'fee.at_least = { by = "amount", yes = "$50", no = { unstated = "what a renewal costs", unit = "us-dollar" } }'
    text = "\n".join(by if line.startswith("fee.at_least") else line for line in FILE.splitlines())
    how = {} if reading is None else {"readings": {"amount": reading}}
    report = evaluate(ledger_of(paid(paid_up)), "p", on="2026-05-20", ruleset=rules_of(text), **how)
    assert report.documents_outcome == result


def test_rules_tell_what_is_not_stated():
    """It is a gap of the rules, and it is shown in words."""
    rules = rules_of()
    assert "what a renewal costs" in gaps_of(rules)
    assert "1 on file; no source states what a renewal costs" in describe(rules)
    assert rules.procedure("renewal").editions[0].requirements[0].at_least == UnstatedQuantity(
        says="what a renewal costs", unit="us-dollar"
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (', unit = "us-dollar"', "", "unit"),
        ("us-dollar", "us-dolar", "did you mean 'us-dollar'"),
        ('grade = "partial"\n', "", "no source states what a renewal costs, so the rules are not complete"),
        (
            'fee.says = "A fee."',
            f'fee.says = "A fee."\n{GROWS}',
            "no source states at_least",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_told(old, new, told):
    """A unit is required and must be a known one; rules with an unknown fee are partial."""
    assert old in FILE
    _, told_of = checked_file(FILE.replace(old, new))
    assert any(told in f"{one.where} {one.says}" for one in told_of)
