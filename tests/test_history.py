"""What is known of one person on one day: courses, reviews, approvals and what all is on file, on the edges of their days."""

from datetime import date

import pytest

from boards import AWARD, XX, filed, trained
from peer_ledger import Ledger
from peer_ledger.evaluation._dossiers import history_of
from peer_ledger.records import (
    Approval,
    Course,
    Coverage,
    Credit,
    Designation,
    Document,
    Filing,
    Review,
    Verification,
)
from remarks import in_words

ON = date(2025, 6, 1)


def history(*records, on=ON, credential=XX):
    ledger = Ledger()
    ledger.append(records)
    return history_of(ledger, "p", on=on, credential=credential)


def event_of(*records, **more):
    (one,) = history(*records, **more).events
    return one


def test_a_course_fills_what_an_event_leaves_out_and_nothing_else():
    course = Course(
        id="c-1", title="Ethics", credits=[Credit(amount=2)], delivery="in-person", provider="the-school",
        approvals=[Approval(by="the-board")],
    )  # fmt: skip
    bare = event_of(course, trained("e", 1, credits=None, course="c-1"))
    assert (bare.delivery, bare.provider, bare.approved_by) == ("in-person", "the-school", {"the-board"})
    assert (bare.amounts, bare.credits) == ((2,), course.credits)
    full = event_of(
        course,
        trained(
            "e", 3, course="c-1", delivery="self-paced", provider="another", approvals=[Approval(by="nobody-else")]
        ),
    )
    assert (full.delivery, full.provider, full.approved_by) == ("self-paced", "another", {"nobody-else"})
    assert full.amounts == (3,)
    alone = event_of(course, trained("e", 3))
    assert (alone.delivery, alone.provider, alone.approved_by) == (None, None, None)


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [
        (None, None, True),
        ("2025-03-04", "2025-03-04", True),
        ("2025-03-05", None, False),
        (None, "2025-03-03", False),
        ("2025-03-05", "2025-03-31", False),
        ("2025-03-01", "2025-03-03", False),
    ],
)
def test_an_approval_holds_on_its_days(first, last, holds):
    """The training was completed on March 4, 2025."""
    approval = Approval(by="the-board", first_day=first, last_day=last)
    assert event_of(trained("e", 1, approvals=[approval])).approved_by == (frozenset({"the-board"}) if holds else set())


@pytest.mark.parametrize(
    ("spans", "covered"),
    [
        ([(None, None)], True),
        ([("2025-01-01", "2025-06-01")], True),
        ([("2025-01-02", None)], False),
        ([(None, "2025-05-31")], False),
        ([("2025-03-01", None), (None, "2025-02-28")], True),
        ([("2025-03-01", None), (None, "2025-02-27")], False),
        ([(None, "2025-04-30"), ("2025-02-01", "2025-03-31"), ("2025-05-01", "2025-06-01")], True),
        ([], False),
    ],
)
def test_spans_that_follow_each_other_day_by_day_cover_what_lies_within(spans, covered):
    """From January 1 to June 1, 2025, the last day of February being the 28th."""
    some = [
        Coverage(id=f"v-{place}", covers="document", first_day=first, last_day=last)
        for place, (first, last) in enumerate(spans)
    ]
    assert history(AWARD, *some).covers("document", date(2025, 1, 1), ON) is covered


def test_coverage_is_of_one_kind_of_record_and_perhaps_of_one_credential():
    fees = Coverage(id="v-1", covers="document", document_kind="fee")
    theirs = Coverage(id="v-2", covers="certification", credential="yy-board")
    known = history(AWARD, fees, theirs)
    assert known.covers("document", None, ON, document_kind="fee")
    assert not known.covers("document", None, ON, document_kind="reference-letter")
    assert not known.covers("document", None, ON)
    assert not known.covers("certification", None, ON)
    assert known.elsewhere("yy-board", ON).covers("certification", None, ON)


@pytest.mark.parametrize(
    ("day", "held"), [("2025-01-31", False), ("2025-02-01", True), ("2025-03-31", True), ("2025-04-01", False)]
)
def test_a_designation_is_held_from_its_award_to_its_last_day(day, held):
    some = Designation(id="d", person="p", name="military", awarded="2025-02-01", last_day="2025-03-31")
    always = Designation(id="d-2", person="p", name="trauma")
    known = history(AWARD, some, always)
    assert known.holds("military", date.fromisoformat(day)) is held
    assert known.holds("trauma", date.fromisoformat(day))


def test_only_what_happened_until_the_day_and_for_the_credential_is_known():
    some = [
        AWARD,
        filed("f-1", "2025-06-01"),
        filed("f-2", "2025-06-02"),
        filed("f-3", "2025-05-01", credential="yy-board"),
        Filing(id="f-4", person="p", credential=XX, step="renewal", received="2025-05-15"),
        Document(id="a-1", person="p", kind="fee", on="2025-06-01"),
        Document(id="a-2", person="p", kind="fee", on="2025-06-02"),
        Document(id="a-3", person="p", kind="fee", on="2025-05-01", credential="yy-board"),
        Document(id="a-4", person="p", kind="fee", on="2025-04-01", credential=XX),
        Designation(id="d-1", person="p", name="military", awarded="2025-06-01"),
        Designation(id="d-2", person="p", name="trauma", awarded="2025-06-02"),
        Verification(id="v-1", person="p", credential=XX, seen="2025-06-01", status="active"),
        Verification(id="v-2", person="p", credential=XX, seen="2025-06-02", status="active"),
        Verification(id="v-3", person="p", credential="yy-board", seen="2025-05-01", status="active"),
    ]
    known = history(*some)
    assert [one.id for one in known.verifications] == ["v-1"]
    assert [one.id for one in known.filings] == ["f-4", "f-1"]
    assert [one.id for one in known.documents] == ["a-4", "a-1"]
    assert [one.id for one in known.designations] == ["d-1"]


@pytest.mark.parametrize(
    ("review", "why_not", "amounts"),
    [
        ({"decision": "rejected", "on": "2025-06-01"}, "rejected in review on June 1, 2025", (3,)),
        ({"decision": "rejected", "on": "2025-06-02"}, None, (3,)),
        ({"decision": "rejected", "on": "2025-05-01", "credential": "yy-board"}, None, (3,)),
        ({"decision": "granted", "on": "2025-05-01", "credits": [Credit(amount=2)]}, None, (2,)),
        ({"decision": "approved", "on": "2025-05-01"}, None, (3,)),
    ],
)
def test_a_review_counts_from_its_day_on_and_for_its_credential(review, why_not, amounts):
    one = event_of(trained("e", 3), Review(id="v", person="p", event="e", **review))
    assert (in_words(one.why_not), one.amounts) == (why_not, amounts)
    assert [credit.amount for credit in one.claimed] == ([3] if amounts == (2,) else [])


def test_of_two_reviews_the_later_one_counts_and_of_one_day_that_with_the_greater_id():
    rejected = {"person": "p", "event": "e", "decision": "rejected"}
    approved = {"person": "p", "event": "e", "decision": "approved"}
    for first, second, why_not in (
        (Review(id="v-1", on="2025-05-01", **rejected), Review(id="v-2", on="2025-05-02", **approved), None),
        (Review(id="v-2", on="2025-05-01", **rejected), Review(id="v-1", on="2025-05-02", **approved), None),
        (Review(id="v-1", on="2025-05-01", **rejected), Review(id="v-2", on="2025-05-01", **approved), None),
    ):
        assert in_words(event_of(trained("e", 3), first, second).why_not) == why_not
        assert in_words(event_of(trained("e", 3), second, first).why_not) == why_not


def test_training_after_the_day_is_named_and_counts_for_nothing():
    assert in_words(event_of(trained("e", 3, day="2025-06-02")).why_not) == "after the day asked about"
    assert in_words(event_of(trained("e", 3, day="2025-06-01")).why_not) is None


def test_a_history_says_how_many_entries_were_read():
    """Two records of the person, one coverage of everybody, and one course."""
    some = AWARD, trained("e", 3, course="c-1"), Coverage(id="v", covers="certification")
    course = Course(id="c-1", title="Ethics", credits=[Credit(amount=2)])
    assert history(*some, course).entries == 4
    assert history(*some).entries == 3
