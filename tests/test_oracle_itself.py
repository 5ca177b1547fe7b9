"""The oracle says what the sources say where they speak: small lives, each with the answer and its reason beside it."""

from datetime import date
from itertools import combinations
from typing import Any

import pytest

from oracle_differences import COMPONENTS, joined
from oracle_worlds import Worlds, grouped, plain, set_partitions, some_ways, worlds
from peer_ledger.records import (
    Certification,
    Coverage,
    Credit,
    Document,
    Filing,
    Origin,
    Quantity,
    Retraction,
    TrainingEvent,
)

NC = "us-nc-cpss"
READINGS = {
    "last-day": "month-end",
    "ethics-inside": "inside",
    "ethics-surplus": "counts",
    "late-window": "thirty-days",
    "late-training": "counts",
    "repeats": "once",
    "letters-age": "any-age",
    "cycle-after-late": "old-due-date",
    "cycle-after-early": "old-due-date",
    "renewal-4-begun": "begun",
}
"""The readings that are assumed; ethics is asked for."""

AWARD = Certification(id="c", person="p-1", credential=NC, act="awarded", on="2024-03-14", expires="2026-03-31")
ALL_DOCUMENTS = Coverage(id="all", covers="document")
LETTERS = tuple(
    Document(id=f"letter-{writer}", person="p-1", kind="reference-letter", on="2025-05-01", by=writer)
    for writer in ("w-1", "w-2")
)
JUNE, SEPTEMBER = "2025-06-01", "2025-09-01"


def trained(
    name: str, hours: str, on: str = JUNE, *, topics: Any = frozenset({"recovery"}), **more: Any
) -> TrainingEvent:
    return TrainingEvent(id=name, person="p-1", completed=on, credits=[Credit(amount=hours, topics=topics)], **more)


ETHICS = trained("ethics", "3", "2025-02-03", topics={"ethics"})


def paid(name: str, dollars: str, on: str, **more: Any) -> Document:
    return Document(id=name, person="p-1", kind="fee", on=on, value=Quantity(amount=dollars, unit="us-dollar"), **more)


def filed(name: str, **days: str) -> Filing:
    return Filing(id=name, person="p-1", credential=NC, step="renewal", **{"method": "mail", **days})


def said(*records: Any, on: str = "2026-01-15", **readings: str) -> Worlds:
    return worlds([AWARD, ALL_DOCUMENTS, *records], "p-1", [READINGS | readings], date.fromisoformat(on))


def answer(found: Worlds, *names: str) -> tuple[Any, ...]:
    return tuple(joined(found.values(name)) for name in names)


def hours(*records: Any, **readings: str) -> Any:
    """The outcome of hours of somebody with 3 hours of ethics and these trainings, 17 being asked for besides."""
    return joined(said(ETHICS, *records, **readings).values("hours_outcome"))


BASICS = {"title": "Recovery basics"}
SHOUTED = {"title": "RECOVERY   basics"}
LMS = {"origin": Origin(source="lms", key=("1",))}
TRACKER = {"origin": Origin(source="tracker", key=("1",))}


@pytest.mark.parametrize(
    ("one", "other", "once", "each_time"),
    [
        # An id or a code is certain: half of the 17 hours count once.
        ({"course": "x"}, {"course": "x"}, "short", "met"),
        # Equal titles are only likely to be one course, however they are written.
        (BASICS, SHOUTED, "undetermined", "met"),
        (BASICS, {"course": "x", **SHOUTED}, "undetermined", "met"),
        ({"provider": "acme", **BASICS}, SHOUTED, "undetermined", "met"),
        # Two providers, two ids, two titles, or none: two courses.
        ({"provider": "acme", **BASICS}, {"provider": "other", **BASICS}, "met", "met"),
        ({"course": "x", **BASICS}, {"course": "y", **BASICS}, "met", "met"),
        ({"title": "WRAP I"}, {"title": "WRAP II"}, "met", "met"),
        ({}, {}, "met", "met"),
    ],
)
def test_a_course_that_was_taken_again(one: dict[str, str], other: dict[str, str], once: str, each_time: str) -> None:
    """8.5 hours in June and in September, of one course or of two; what is only likely is open."""
    pair = trained("one", "8.5", **one), trained("other", "8.5", SEPTEMBER, **other)
    assert once == hours(*pair)
    assert each_time == hours(*pair, repeats="each-time")


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        # Rows that are alike may be one training.
        ({}, {}, "undetermined"),
        (BASICS, SHOUTED, "undetermined"),
        ({"course": "x"}, {"course": "x", **BASICS}, "undetermined"),
        ({"delivery": "in-person"}, {"delivery": "self-paced"}, "undetermined"),
        # Two rows of one list of which only one has a title, or which differ in a detail, are two trainings.
        (BASICS, {}, "met"),
        (BASICS, {"topics": {"wellness"}, **SHOUTED}, "met"),
        ({"title": "WRAP I"}, {"title": "WRAP II"}, "met"),
        ({"course": "x"}, {"course": "y"}, "met"),
        ({"role": "taught"}, {}, "met"),
        ({"provider": "acme", **BASICS}, {"provider": "other", **BASICS}, "met"),
        # Two lists write the same training differently.
        (BASICS | LMS, TRACKER, "undetermined"),
        (BASICS | LMS, {"topics": {"wellness"}, **SHOUTED, **TRACKER}, "undetermined"),
        ({"course": "17", **LMS}, {"course": "W", **TRACKER}, "undetermined"),
        ({"title": "WRAP I", **LMS}, {"title": "WRAP II", **TRACKER}, "met"),
    ],
)
def test_a_training_that_may_have_been_entered_twice(one: dict[str, Any], other: dict[str, Any], found: str) -> None:
    """Two rows of one day and 8.5 hours each, where each of two trainings counts: never met in silence."""
    pair = trained("one", "8.5", **one), trained("other", "8.5", **other)
    assert found == hours(*pair, repeats="each-time")


def test_of_two_lists_that_disagree_either_may_be_right() -> None:
    """17 hours in one, 8.5 in the other, and 17 are asked for: one training of 17 hours, or one of 8.5."""
    assert "undetermined" == hours(trained("one", "17", **BASICS, **LMS), trained("other", "8.5", **BASICS, **TRACKER))


def test_a_row_that_is_like_two_that_differ_is_one_of_them() -> None:
    """5 hours of two providers each, and 7 of one of them, a course counting once: 12 at least, and 17 at most."""
    acme, other = trained("a", "5", provider="acme", **BASICS), trained("b", "5", provider="other", **BASICS)
    blank = trained("blank", "7", SEPTEMBER, **BASICS)
    assert "undetermined" == hours(acme, other, blank)
    assert "met" == hours(acme, other, blank, trained("d", "5"))
    assert "short" == hours(acme, other)


def test_a_row_without_a_title_may_be_of_one_of_two_trainings_and_not_of_both() -> None:
    """8.5 hours of each of two titles, of two lists, are 17 whatever the third row of 8.5 hours is."""
    one, other = trained("a", "8.5", title="WRAP I", **LMS), trained("b", "8.5", title="WRAP II", **TRACKER)
    assert "met" == hours(one, other, trained("blank", "8.5"))
    assert "undetermined" == hours(one, trained("blank", "8.5"))


def test_trainings_of_two_providers_are_two_though_a_third_is_like_both() -> None:
    """8.5 hours by title and provider and 8.5 by code and provider: a third of that title and code is of either."""
    acme, other = trained("a", "8.5", provider="acme", **BASICS), trained("b", "8.5", provider="other", course="x")
    assert "met" == hours(acme, other, trained("both", "1", SEPTEMBER, course="x", **BASICS))


def test_two_lists_may_have_codes_of_their_own_for_one_course() -> None:
    """8.5 hours in June in both lists, and again in each: of one course if the June rows are of one training."""
    rows = [
        trained(name, "8.5", day, course=course, **source)
        for name, day, course, source in [
            ("row-a", JUNE, "17", LMS),
            ("row-b", JUNE, "W", TRACKER),
            ("row-c", SEPTEMBER, "17", LMS),
            ("row-d", "2025-10-01", "W", TRACKER),
        ]
    ]
    assert "undetermined" == hours(*rows)
    assert "met" == hours(*rows[1:])


def test_a_row_that_was_taken_back_is_no_second_row() -> None:
    pair = trained("one", "17"), trained("other", "17")
    assert "met" == hours(*pair)
    pair = trained("one", "8.5"), trained("other", "8.5")
    assert "undetermined" == hours(*pair)
    assert "short" == hours(*pair, Retraction(id="back", retracts="other", reason="entered twice"))


def test_an_incomplete_filing_does_not_shut_out_a_complete_one() -> None:
    """One letter in time; the second letter and 40 dollars within the 30 days: the late renewal is complete."""
    first = (ETHICS, trained("rest", "17"), LETTERS[0], filed("f-1", sent="2026-03-31"))
    letter = Document(id="late", person="p-1", kind="reference-letter", on="2026-04-10", by="w-2")
    names = ("standing", "status", "documents_outcome", "pending_since")
    alone = said(*first, paid("fee", "20", "2026-03-01"), letter, on="2026-04-15")
    assert ("pending", "pending", "short", date(2026, 3, 31)) == answer(alone, *names)
    again = said(*first, letter, filed("f-2", sent="2026-04-10"), paid("fee", "40", "2026-04-10"), on="2026-04-15")
    assert ("late", "late", "met", date(2026, 4, 10)) == answer(again, *names)
    late = said(*first, letter, filed("f-2", sent="2026-05-01"), paid("fee", "40", "2026-04-10"), on="2026-05-15")
    assert ("pending", "pending", "short", date(2026, 3, 31)) == answer(late, *names)


def test_a_complete_filing_is_not_undone_by_another_one() -> None:
    first = (ETHICS, trained("rest", "17"), *LETTERS, paid("fee", "20", "2026-03-01"), filed("f-1", sent="2026-03-31"))
    found = said(*first, filed("f-2", sent="2026-04-20"), on="2026-04-25")
    assert ("pending", "met", date(2026, 3, 31)) == answer(found, "standing", "outcome", "pending_since")


@pytest.mark.parametrize(
    ("days", "on", "standing"),
    [
        ({"sent": "2026-03-31", "received": "2026-04-02"}, "2026-04-05", "pending"),
        ({"received": "2026-03-31"}, "2026-04-05", "pending"),
        # Received after the due date: sent in time, or not.
        ({"received": "2026-04-01"}, "2026-04-05", "undetermined"),
        ({"received": "2026-04-01", "method": "online"}, "2026-04-05", "late"),
        # Received after the window, which ends on April 30: in time, late, or too late.
        ({"received": "2026-05-02"}, "2026-05-05", "undetermined"),
        ({"sent": "2026-05-01", "received": "2026-05-02"}, "2026-05-05", "lapsed"),
        ({"sent": "2026-04-30", "received": "2026-05-02"}, "2026-05-05", "late"),
    ],
)
def test_sent_and_received_are_two_days(days: dict[str, str], on: str, standing: str) -> None:
    """The day sent counts; where only the receipt is known, and it does not tell, it is open."""
    acts = Coverage(id="acts", covers="certification")
    found = said(ETHICS, trained("rest", "17"), *LETTERS, acts, filed("f", **days), on=on)
    assert (standing,) == answer(found, "standing")


@pytest.mark.parametrize(
    ("writers", "found"),
    [
        (("w-1", "w-2"), "met"),
        (("w-1", "w-1"), "short"),
        ((None, None), "undetermined"),
        (("w-1", None), "undetermined"),
        ((None,), "short"),
        (("w-1", "w-2", None), "met"),
    ],
)
def test_letters_of_unknown_writers(writers: tuple[str | None, ...], found: str) -> None:
    """Two writers are asked for; all letters are on file, and who wrote some of them nobody knows."""
    letters = [
        Document(id=f"l-{number}", person="p-1", kind="reference-letter", on="2025-05-01", by=writer)
        for number, writer in enumerate(writers)
    ]
    complete = said(ETHICS, trained("rest", "17"), paid("fee", "20", "2026-01-02"), *letters)
    assert (found, found) == answer(complete, "documents_outcome", "outcome")


def test_a_fee_for_another_step_is_none_for_this_one() -> None:
    rest = (ETHICS, trained("rest", "17"), *LETTERS)
    for step, found in ((None, "met"), ("renewal", "met"), ("initial", "short"), ("reinstatement", "short")):
        assert (found,) == answer(said(*rest, paid("fee", "20", "2026-01-02", step=step)), "outcome")


def test_a_fee_that_came_before_another_application_may_have_been_for_that() -> None:
    """A reinstatement was applied for on January 10; what was paid until then may be for it."""
    rest = (ETHICS, trained("rest", "17"), *LETTERS, paid("fee", "20", "2025-02-01"))
    applied = Filing(id="f", person="p-1", credential=NC, step="reinstatement", sent="2025-02-01")
    assert ("undetermined",) == answer(said(*rest, applied), "outcome")
    assert ("undetermined",) == answer(said(*rest, applied, paid("more", "10", "2025-02-02")), "outcome")
    named = Document(id="l-3", person="p-1", kind="reference-letter", on="2025-02-01", by="w-3", step="renewal")
    assert ("met",) == answer(said(*rest, applied, paid("more", "20", "2025-02-02"), named), "outcome")


def test_training_of_unknown_topics_may_be_ethics() -> None:
    """20 hours, of which nobody knows what they are on."""
    vague = trained("vague", "20", topics=None)
    assert ("undetermined",) == answer(said(vague), "hours_outcome")
    assert ("short",) == answer(said(trained("vague", "20", topics=frozenset())), "hours_outcome")


def test_components_are_joined_by_agreement() -> None:
    assert ("met", "undetermined") == (joined({"met"}), joined({"met", "short"}))
    assert {"standing", "in_force", "outcome", "hours_outcome", "documents_outcome", "status"} == set(COMPONENTS)


def test_titles_are_alike_whatever_their_capitals_and_spacing() -> None:
    assert plain("WRAP  I") == plain("wrap i") != plain("WRAP II")


def test_pairs_make_groups() -> None:
    """What is the same as the same is the same."""
    a, b, c, d = (trained(name, "1") for name in "abcd")
    assert [["a", "b", "c"], ["d"]] == [
        [event.id for event in group] for group in grouped([a, b, c, d], [(a, b), (c, b)])
    ]


def test_all_ways_to_put_trainings_together_are_looked_at_while_they_are_few() -> None:
    """Four that are all alike can be put together in 15 ways; three in a row in 4, the outer ones never without the other."""
    a, b, c, d = ([trained(name, "1")] for name in "abcd")
    every = [(one[0], other[0]) for one, other in combinations((a, b, c, d), 2)]
    assert 15 == len(list(set_partitions([a, b, c, d], every)))
    row = list(set_partitions([a, b, c], [(a[0], b[0]), (b[0], c[0])]))
    assert 4 == len(row)
    assert [*a, *c] not in [group for groups in row for group in groups]
    assert 2 + len(every) == len(list(some_ways([*a, *b, *c, *d], [], every)))
