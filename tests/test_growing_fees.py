"""Amounts that documents add up to and that grow with time, as a late fee that rises by the month."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from peer_ledger import Certification, Coverage, Ledger, Ruling, evaluate, read_rulesets
from peer_ledger.errors import PeerLedgerError
from peer_ledger.records import Document, Quantity
from peer_ledger.rulesets._check import checked_file

DAY = timedelta(days=1)
FILE = """\
format = 1
body = "Board"
time_zone = "America/Chicago"
seen = 2026-11-28
sources.PAGE = { title = "The page", board = "https://board.example/fees" }

[xx-nn-cps]
name = "Peer Specialist"
cites = ["PAGE"]
cycle = { months = 24, ends = "anniversary" }

[xx-nn-cps.renewal.renewal-1]
earning = "from the first day of the cycle to the due date"
late_until = "12 months after the due date"
training.need = 20
late-fee.at_least = "$100"
late-fee.grows = { base = 5, each = 10, months = 1, since = "the due date", until = "the filing", count = "begun" }
late-fee.says = "$105, and $10 for each month."
late-fee.only_if = { late = true }
"""
DUE = date(2026, 5, 31)


def ledger(*more):
    made = Ledger()
    made.append(
        [
            Certification(id="c", person="p", credential="xx-nn-cps", act="awarded", on="2024-05-31"),
            Coverage(id="acts", covers="certification"),
            Coverage(id="documents", covers="document"),
            *more,
        ]
    )
    return made


def paid(amount, on="2026-05-01"):
    return Document(id=f"fee-{amount}", person="p", kind="fee", on=on, value=Quantity(amount=amount, unit="us-dollar"))


def fee_asked(on, rules, *records):
    return evaluate(ledger(*records), "p", on=on, ruleset=rules).finding("late-fee")


ENDS = [  # May 31, 2026, and that day of each month after it, as a calendar on the wall has it
    DUE, date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31),
    date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31),
    date(2027, 4, 30), date(2027, 5, 31),
]  # fmt: skip


@pytest.mark.parametrize("count", ["begun", "complete"])
def test_a_late_fee_rises_with_the_day_after_each_month(count):
    """A month that has begun counts from its first day; a complete one from its last."""
    (rules,) = read_rulesets(FILE.replace('"begun"', f'"{count}"'))
    for months, (first, last) in enumerate(zip(ENDS, ENDS[1:], strict=False)):
        within = first + DAY, last
        for on in within:
            complete = months + (on == last)
            expected = 105 + 10 * (months + 1 if count == "begun" else complete)
            assert fee_asked(on, rules).need == expected
            assert fee_asked(on, rules, paid(expected)).result == "met"
            assert fee_asked(on, rules, paid(expected - 1)).short == 1


def test_payments_add_up_to_it():
    """$105 and $10 are paid in two parts."""
    (rules,) = read_rulesets(FILE)
    found = fee_asked(DUE + DAY, rules, paid(100), paid(15, "2026-06-01"))
    assert (found.result, found.counted) == ("met", 115)


def test_a_ruling_takes_its_place():
    """What the board asks of one person does not grow."""
    (rules,) = read_rulesets(FILE)
    ruling = Ruling(
        id="r", person="p", credential="xx-nn-cps", on="2026-06-02", requirement="late-fee", effect="sets",
        figure=Quantity(amount=50, unit="us-dollar"),
    )  # fmt: skip
    assert fee_asked(date(2027, 3, 1), rules, ruling).need == 50


def test_what_grows_from_a_day_that_is_not_known_is_not_decided():
    """
    Where no source says when a certificate ended that was made inactive, what has been paid may be enough.

    Less than the least is not.
    """
    text = FILE.replace('months = 24, ends = "anniversary"', 'unknown = "how long it lasts"')
    text = text.replace("late-fee.only_if = { late = true }\n", "").replace(
        "[xx-nn-cps]", '[xx-nn-cps]\ngrade = "partial"'
    )
    text = text.replace(
        "[xx-nn-cps.renewal.renewal-1]",
        '[xx-nn-cps.reinstatement]\nafter = ["inactive"]\n[xx-nn-cps.reinstatement.back]',
    )
    text = text.replace('late_until = "12 months after the due date"\n', "").replace(
        "from the first day of the cycle to the due date", "after the day it was made inactive"
    )
    (rules,) = read_rulesets(text)
    inactive = Certification(id="i", person="p", credential="xx-nn-cps", act="made-inactive", on="2026-05-01")
    assert fee_asked(DUE, rules, inactive, paid(1000)).result == "undetermined"
    assert fee_asked(DUE, rules, inactive, paid(99)).result == "short"
    hours = text.replace(
        "training.need = 20",
        "training.need = { base = 0, each = 4, months = 1, since = 'the due date', until = 'the filing', count = 'begun' }\ntraining.says = 'Four hours a month.'",
    )
    (rules,) = read_rulesets(hours)
    assert evaluate(ledger(inactive), "p", on=DUE, ruleset=rules).finding("training").result == "undetermined"


def test_an_amount_that_is_not_whole_is_exact():
    """A tenth of a dollar a month, ten times, is a dollar."""
    (rules,) = read_rulesets(FILE.replace("each = 10", 'each = "0.1"'))
    assert fee_asked(ENDS[10], rules).need == Fraction(106)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('late-fee.at_least = "$100"\n', "", "is for documents that add up to at_least"),
        ('at_least = "$100"', 'at_least = "$100"\nlate-fee.adds_up = false', "is for documents that add up to at_least"),
        ("each = 10", "each = 0", "must be more than 0"),
    ],
)  # fmt: skip
def test_what_cannot_grow_is_refused(before, after, says):
    """With its place, and once."""
    with pytest.raises(PeerLedgerError):
        read_rulesets(FILE.replace(before, after))
    (problem,) = checked_file(FILE.replace(before, after))[1]
    assert "grows" in problem.where
    assert says in problem.says
