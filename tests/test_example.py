"""The bundled example: what the README shows stands on people whose answers are known by hand."""

from datetime import date
from fractions import Fraction

import attrs
import pytest

from peer_ledger import evaluate, evaluate_all
from peer_ledger.allocation import Collision, Weight
from peer_ledger.example import ON, SHOWN, import_example
from peer_ledger.reports._remarks import in_words, too_little_together


@pytest.fixture(scope="module")
def example():
    return import_example()


def test_everybody_is_there(example):
    """Forty-one invented people over several years, among them every status that a roster shows."""
    ledger, _ = example
    reports = list(evaluate_all(ledger, on=ON))
    assert 41 == len(reports)
    assert {
        "compliant", "due soon", "in progress", "undetermined", "late", "lapsed", "suspended", "revoked", "surrendered",
        "inactive", "not certified",
    } <= {report.status for report in reports}  # fmt: skip
    days = [
        record.completed for p in ledger.people() for record in ledger.records_of(p) if hasattr(record, "completed")
    ]
    assert min(days) < date(2020, 6, 1)


def test_somebody_is_compliant_whatever_is_read(example):
    """p-101: 3 + 16 + 6 + 4 = 29 hours with 3 of approved ethics, two letters of this cycle, the fee."""
    report = evaluate(example[0], "p-101", on=ON, strict=True)
    assert ("current", "met", "met", "compliant") == (
        report.standing,
        report.hours_outcome,
        report.documents_outcome,
        report.status,
    )
    given = {name for question in report.questions for one in question.alternatives for name, _ in one.gives}
    assert set() == given & {"status", "outcome", "hours", "documents", "standing", "in_force"}


def test_somebody_is_a_quarter_of_an_hour_short(example):
    """p-102: 16 + 3 + 0.75 = 19.75 of 20 hours, the rest is there; this is the report that is shown."""
    assert "p-102" == SHOWN
    report = evaluate(example[0], "p-102", on=ON)
    training = report.finding("training")
    assert (Fraction(79, 4), Fraction(1, 4), "met", "due soon") == (
        training.counted,
        training.short,
        report.documents_outcome,
        report.status,
    )


def test_a_report_says_nothing_twice(example):
    """That too little is on file the figures say; a reason stands beside them only where hours on file do not all count."""
    ledger, _ = example
    short = str(evaluate(ledger, "p-102", on=ON))
    assert "Short: 19.75 of 20 hours counted; 15 minutes missing." in short
    assert "can count for it" not in short
    assert "Late filing ends on April 30, 2026.\n" in short
    assert "Recertification is due by March 31, 2026 (printed on the certificate).\n" in short
    assert "can count for it" not in str(evaluate(ledger, "p-111", on=ON))


@pytest.mark.parametrize(
    ("is_said", "eligible", "named", "capped", "says"),
    [
        (False, 17, ["training"], [], "training needs 20 hours; at most 17 hours can count for it: 3 hours short"),
        (True, 19, ["training"], [], "training needs 20 hours; at most 17 hours can count for it: 3 hours short"),
        (False, 17, ["ethics"], [], "ethics needs 20 hours; at most 17 hours can count for it: 3 hours short"),
        (
            True,
            17,
            ["ethics", "training"],
            [],
            "ethics and training together need 20 hours; at most 17 hours can count for them: 3 hours short",
        ),
        (
            True,
            17,
            ["training"],
            ["online"],
            (
                "training needs 20 hours; at most 17 hours can count for it, because online counts for at most 1 hour: "
                "3 hours short"
            ),
        ),
    ],
)
def test_a_reason_that_says_more_is_told(example, is_said, eligible, named, capped, says):
    """Hours that are eligible and do not count, and requirements that collide, are more than that too little is there."""
    ledger, _ = example
    report = evaluate(ledger, "p-112", on=ON)
    weights = [Weight(kind="minimum", name=name, figure=20) for name in named]
    weights += [Weight(kind="limit", name=name, figure=1) for name in capped]
    collision = Collision(demands=("training",), weights=tuple(weights), needed=20, available=17)
    finding = attrs.evolve(
        report.finding("training"),
        eligible=Fraction(eligible),
        counted=Fraction(17),
        because=(too_little_together(collision, Fraction, "hour"),),
    )
    assert in_words(finding.because) == says
    assert is_said is (says in str(attrs.evolve(report, findings=(finding,))))


def test_on_somebody_the_sources_split(example):
    """p-103: 3 + 14 + 2 hours in the cycle and 2 in the late window: 21 or 19, as that training counts or not."""
    ledger, _ = example
    assert "undetermined" == evaluate(ledger, "p-103", on=ON).hours_outcome
    assert "met" == evaluate(ledger, "p-103", on=ON, readings={"late-training": "counts"}).hours_outcome
    assert "short" == evaluate(ledger, "p-103", on=ON, readings={"late-training": "does-not"}).hours_outcome


def test_the_files_hold_the_mistakes_that_files_have(example):
    """Rows are rejected and noticed for each of the reasons that such files give."""
    _, files = example
    read = dict(files)
    reasons = " ".join(one.reason for imported in read.values() for one in imported.rejected)
    for said in (
        "is empty",
        "is not a day written as",
        "is after completed",
        "is not an id",
        "must be one of",
        "can be 2025-03-04",
    ):
        assert said in reasons
    kinds = {notice.kind for imported in read.values() for notice in imported.notices}
    assert {"course", "hours", "future", "duplicate", "hours-a-day", "word"} <= kinds
    assert read["roster.csv"].rejected_count < 10


def test_a_card_of_somebody_without_dates(example):
    """Whose certificate was revoked has no dates: the card has no empty table; where dates are, no reason echoes them."""
    ledger, _ = example
    assert "Dates" not in evaluate(ledger, "p-107", on=ON)._repr_html_()
    card = evaluate(ledger, "p-102", on=ON)._repr_html_()
    assert "<caption>Dates</caption>" in card
    assert "printed on the certificate" in card
    assert "the last day of filing late" not in card
    assert "$20" in evaluate(ledger, "p-111", on=ON)._repr_html_()
