"""The first line of a report says what is due when and what is missing, in the words of its reader."""

from fractions import Fraction

import pytest

from peer_ledger import Certification, Coverage, Credit, Document, Ledger, Quantity, TrainingEvent, evaluate
from peer_ledger.example import ON, import_example
from peer_ledger.reports import Finding
from peer_ledger.reports._missing import described, listed

NC = "us-nc-cpss"
AWARD = Certification(id="c-1", person="p-1", credential=NC, act="awarded", on="2024-03-14", expires="2026-03-31")
ALL = [Coverage(id=f"all-{kind}", covers=kind) for kind in ("certification", "document", "training-event", "filing")]


def trained(hours, *topics, day="2025-02-03"):
    name = f"e-{day}-{'-'.join(topics)}"
    carried = [Credit(amount=hours, topics=set(topics))]
    return TrainingEvent(id=name, person="p-1", completed=day, delivery="in-person", credits=carried)


NEARLY = [trained(3, "ethics"), trained("16.75", "recovery", day="2025-09-18")]


def first_line(*records, on="2026-01-15"):
    ledger = Ledger()
    ledger.append(records)
    return str(evaluate(ledger, "p-1", on=on)).splitlines()[0]


@pytest.mark.parametrize(
    ("expected", "records", "on"),
    [
        (
            (
                "Recertification due March 31, 2026. Still missing: 15 minutes of training. "
                "Not on file, but may exist: two letters of recommendation, the $20 fee."
            ),
            [AWARD, *NEARLY],
            "2026-01-15",
        ),
        (
            (
                "Recertification due March 31, 2026. Still missing: 15 minutes of training, two letters of recommendation, "
                "the $20 fee."
            ),
            [AWARD, *NEARLY, *ALL],
            "2026-01-15",
        ),
        (
            (
                "Recertification was due March 31, 2026. File by April 30, 2026. Still missing: 15 minutes of training, "
                "two letters of recommendation, the $40 fee."
            ),
            [AWARD, *NEARLY, *ALL],
            "2026-04-15",
        ),
        (
            (
                "Recertification due March 31, 2026. Still missing: 17 hours of training, a letter of recommendation, "
                "$5 of the fee."
            ),
            [
                AWARD,
                trained(3, "ethics"),
                Document(id="d-1", person="p-1", kind="reference-letter", on="2026-01-10", by="w-1"),
                Document(
                    id="d-2", person="p-1", kind="fee", on="2026-01-10", value=Quantity(amount=15, unit="us-dollar")
                ),
                *ALL,
            ],
            "2026-01-15",
        ),
        (
            "The certification was revoked. No recertification can be filed.",
            [AWARD, Certification(id="c-2", person="p-1", credential=NC, act="revoked", on="2025-01-02")],
            "2026-01-15",
        ),
        (
            "Where the certification stands is not settled: is every act of the board for this person on file? What is next depends on that.",
            [AWARD],
            "2027-01-15",
        ),
    ],
)
def test_the_first_line_says_what_matters(expected, records, on):
    assert expected == first_line(*records, on=on)


def test_the_nearest_deadline_comes_first_where_it_is_not_settled():
    """p-103 may file late until February 28 or March 2, by the reading of thirty days or a month."""
    ledger, _ = import_example()
    line = str(evaluate(ledger, "p-103", on=ON)).splitlines()[0]
    assert "File by February 28, 2026: whether it may still be filed late until March 2, 2026 is not settled." in line


def test_what_another_reading_does_not_ask_is_not_said_to_be_missing():
    """Of p-117 it depends on a reading whether the hours are short."""
    ledger, _ = import_example()
    report = evaluate(ledger, "p-117", on=ON)
    assert report.hours_outcome == "undetermined"
    line = str(report).splitlines()[0]
    assert "Still missing" not in line
    assert "Not settled: 1.5 hours of ethics" in line


def test_a_card_begins_with_it_too():
    ledger, _ = import_example()
    report = evaluate(ledger, "p-102", on=ON)
    assert f'<p class="lead">{str(report).splitlines()[0]}</p>' in report._repr_html_()


def finding(name, unit, need, *, subject="documents", **more):
    return Finding(requirement=name, says="So it is.", subject=subject, result="short", unit=unit, need=need, **more)


@pytest.mark.parametrize(
    ("expected", "asked", "missing"),
    [
        ("the $20 fee", finding("fee", "us-dollar", Fraction(20), document_kind="fee"), 20),
        ("$7.50 of the fee", finding("fee", "us-dollar", Fraction(20), document_kind="fee"), Fraction(15, 2)),
        ("the $27.25 fee", finding("fee", "us-dollar", Fraction("27.25"), document_kind="fee"), Fraction("27.25")),
        ("200 hours of work as a peer", finding("work", "hour", Fraction(500), document_kind="work-hours"), 200),
        ("3 months of work as a peer", finding("work", "month", Fraction(12), document_kind="work-period"), 3),
        ("5 hours of supervision", finding("sup", "hour", Fraction(25), document_kind="supervision-hours"), 5),
        ("a record of work as a peer", finding("work", "document", Fraction(1), document_kind="work-hours"), 1),
        (
            "a certificate from another body",
            finding("o", "document", Fraction(1), document_kind="outside-certificate"),
            1,
        ),
        ("an essay", finding("essay", "document", Fraction(1), document_kind="essay"), 1),
        ("three essays", finding("essay", "document", Fraction(3), document_kind="essay"), 3),
        ("12 essays", finding("essay", "document", Fraction(12), document_kind="essay"), 12),
        ("1 hour of ethics", finding("ethics", "hour", Fraction(3), subject="hours"), 1),
        ("2 points of odd jobs", finding("odd-jobs", "point", Fraction(3), subject="hours"), 2),
        ("2 points of work", finding("odd-jobs", "point", Fraction(3), subject="hours", called="work"), 2),
        ("the class", finding("class", "training", Fraction(1), subject="hours", called="the class"), 1),
        ("“So it is”", finding("class", "training", Fraction(1), subject="hours"), 1),
    ],
)
def test_what_is_missing_is_named_as_people_name_it(expected, asked, missing):
    assert expected == described(asked, Fraction(missing))


def test_a_list_stays_readable_where_its_items_have_commas():
    assert listed(["a", "b"]) == "a, b"
    assert listed(["a, b", "c"]) == "a, b; c"


def test_of_hours_the_smallest_addition_is_named():
    """2 hours of ethics and 3 more of any kind: not 5 of training and 2 of ethics."""
    line = first_line(AWARD, trained(1, "ethics"), trained(14, "recovery", day="2025-09-18"), *ALL)
    assert "Still missing: 3 hours of training, 2 hours of ethics training, two letters" in line
