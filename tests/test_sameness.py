"""What is one training or one course is decided in one place, surely or as an open question, and never in silence."""

import unicodedata
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, product
from random import Random

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards import AWARD, COVERED, act, asked, board, hours, trained
from effort import effort, sized
from peer_ledger import (
    Certification,
    Coverage,
    Credit,
    Ledger,
    Roster,
    SamePerson,
    TrainingEvent,
    evaluate,
    evaluate_all,
    ruleset,
)
from peer_ledger.evaluation import _alike as alike
from peer_ledger.evaluation import _groupings as groupings
from peer_ledger.importing import import_file, plan_import
from peer_ledger.records import Approval, Course, Origin, Review
from peer_ledger.records._sameness import Likeness, folded_title, same_course, same_record
from peer_ledger.rules import OF_FACTS, Part, SessionCount, TrainingFilter

ON = "2026-03-01"
DAY = timedelta(days=1)
CLOSED = {question.id: question.assumed for question in OF_FACTS}


# Titles.


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Recovery Basics", "recovery  basics"),
        ("WRAP: Part I", "wrap \u2013 part i"),
        ("Ethics & boundaries", "Ethics and Boundaries"),
        ("Veterans\u2019 needs", "Veterans' needs"),
        ("E-learning (ethics)", "E\u2011learning: ethics"),
        ("\uff25\uff54\uff48\uff49\uff43\uff53", "Ethics"),
        ("Stra\u00dfe", "STRASSE"),
        ("Cafe\u0301 talk", "Caf\u00e9 talk"),
        ("Part \u2160", "part I"),
        ("\u201cListening\u201d", "Listening"),
        ("\ufb01rst\u00a0aid", "First aid"),
    ],
)
def test_titles_are_compared_without_what_is_only_typography(one, other):
    assert folded_title(one) == folded_title(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("WRAP I", "WRAP II"), ("Ethics 2024", "Ethics 2025"), ("Caf\u00e9", "Cafe"), ("?!", "!?"), ("C-1", "C-2")],
)
def test_titles_that_differ_in_a_letter_or_a_number_differ(one, other):
    assert folded_title(one) != folded_title(other)


@given(st.text(min_size=1), st.sampled_from([str.upper, str.title, lambda text: f"  {text}\u2014", lambda text: text]))
@effort(300)
def test_folding_twice_changes_nothing_and_neither_do_spaces_around(title, change):
    assert folded_title(folded_title(title) or "x") == (folded_title(title) or "x")
    if folded_title(title).isascii() and title.isascii() and any(map(str.isalnum, title)):
        assert folded_title(change(title)) == folded_title(title)
    assert folded_title(unicodedata.normalize("NFD", title)) == folded_title(title)


# Pairs.


LIKENESSES = st.builds(
    Likeness,
    course=st.sampled_from([None, "c-1", "c-2"]),
    in_catalog=st.booleans(),
    titles=st.sampled_from([frozenset(), frozenset({"a"}), frozenset({"b"}), frozenset({"a", "b"})]),
    provider=st.sampled_from([None, "p", "q"]),
    day=st.sampled_from([date(2025, 3, 4), date(2025, 3, 5)]),
    role=st.sampled_from(["attended", "taught"]),
    content=st.sampled_from([None, frozenset({(None, Fraction(3))}), frozenset({(None, Fraction(4))})]),
    source=st.sampled_from([None, "lms"]),
    is_confirmed=st.booleans(),
).map(lambda one: attrs.evolve(one, in_catalog=one.course == "c-1" and one.in_catalog))


@given(LIKENESSES, LIKENESSES, LIKENESSES)
@effort(500)
def test_surely_the_same_course_is_an_equivalence_and_every_comparison_is_symmetric(one, other, third):
    assert same_course(one, other) == same_course(other, one)
    assert same_record(one, other) == same_record(other, one)
    assert one.course is None or same_course(one, one) == "same"
    if same_course(one, other) == same_course(other, third) == "same":
        assert same_course(one, third) == "same"
    assert same_record(one, other) != "same"


def of(**more):
    """Return the likeness of a training; by itself without a title, a course and a provider."""
    named = {"id": "e", "person": "p", "completed": "2025-03-04", "credits": [Credit(amount=3)], **more}
    course = named.pop("catalog", None)
    return Likeness.of(TrainingEvent(**named), course)


ETHICS = Course(id="c-eth", title="Ethics for peers", codes={"ETH-101"})


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"course": "c-eth", "catalog": ETHICS}, {"course": "ETH-101", "catalog": ETHICS, "provider": "nami"}, "same"),
        ({"course": "HR-1"}, {"course": "hr-1", "title": "Any"}, "same"),
        ({"course": "hr-1", "provider": "nami"}, {"course": "hr-1"}, "likely"),
        ({"course": "101", "provider": "a", "title": "X"}, {"course": "101", "provider": "b", "title": "Y"}, "different"),
        ({"course": "101", "provider": "a", "title": "X"}, {"course": "101", "provider": "b", "title": "x"}, "likely"),
        ({"course": "101", "provider": "a"}, {"course": "101", "provider": "b", "title": "x"}, "likely"),
        ({"course": "hr-1", "title": "WRAP"}, {"course": "hr-2", "title": "WRAP"}, "different"),
        ({"title": "WRAP"}, {"title": "wrap."}, "likely"),
        ({"title": "WRAP", "provider": "a"}, {"title": "WRAP", "provider": "a"}, "likely"),
        ({"title": "WRAP", "provider": "a"}, {"title": "WRAP"}, "likely"),
        ({"title": "WRAP", "course": "hr-1"}, {"title": "WRAP"}, "likely"),
        ({"title": "Ethics for peers"}, {"course": "c-eth", "catalog": ETHICS, "title": "Ethics (LMS)"}, "likely"),
        ({"title": "WRAP", "provider": "a"}, {"title": "WRAP", "provider": "b"}, "different"),
        ({"title": "WRAP I"}, {"title": "WRAP II"}, "unlike"),
        ({"title": "WRAP"}, {}, "unlike"),
        ({}, {}, "unlike"),
    ],
)
def test_which_trainings_are_of_one_course(one, other, expected):
    assert same_course(of(**one), of(**other, completed="2025-06-01")) == expected


def listed(source, **more):
    return {"origin": Origin(source=source, key=("1",)), **more}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"title": "WRAP"}, {"title": "Wrap"}, "likely"),
        ({}, {}, "likely"),
        ({"course": "c"}, {"course": "c"}, "likely"),
        ({"title": "WRAP"}, {"title": "Wrap", "credits": [Credit(amount=180, unit="minute")]}, "likely"),
        ({"title": "WRAP"}, {"title": "Wrap", "credits": None}, "likely"),
        ({"title": "WRAP"}, {"title": "Wrap", "credits": [Credit(amount=2)]}, "different"),
        ({"title": "WRAP"}, {"title": "Wrap", "credits": [Credit(amount=3, topics={"ethics"})]}, "different"),
        ({"title": "WRAP"}, {"title": "Wrap", "completed": "2025-03-05"}, "different"),
        ({"title": "WRAP"}, {"title": "Wrap", "role": "taught"}, "different"),
        ({"title": "WRAP", "course": "a"}, {"title": "Wrap", "course": "b"}, "different"),
        ({"title": "WRAP", "provider": "a"}, {"title": "Wrap", "provider": "b"}, "different"),
        ({"title": "WRAP"}, {"title": "Ethics"}, "unlike"),
        ({"title": "WRAP"}, {}, "unlike"),
        ({"credits": None}, {"credits": None}, "unlike"),
        ({"credits": []}, {"credits": []}, "unlike"),
        # Two lists write the same training differently.
        (listed("lms", title="WRAP"), listed("tracker", title="Wrap", credits=[Credit(amount=2)]), "likely"),
        (listed("lms", title="WRAP", course="17"), listed("tracker", title="Wrap", course="W"), "likely"),
        (listed("lms", title="WRAP", provider="a"), listed("tracker", title="Wrap", provider="b"), "likely"),
        (listed("lms", title="WRAP"), listed("tracker"), "likely"),
        (listed("lms", title="WRAP"), listed("tracker", credits=[Credit(amount=2)]), "unlike"),
        (listed("lms", title="WRAP"), listed("tracker", title="Ethics"), "unlike"),
        (listed("lms", course="17"), listed("tracker", course="W"), "likely"),
    ],
)
def test_which_records_may_be_of_one_training(one, other, expected):
    assert same_record(of(**one), of(**other)) == expected


def test_records_that_a_reviewer_accepted_one_by_one_are_two_trainings():
    one = attrs.evolve(of(title="WRAP"), is_confirmed=True)
    assert (same_record(one, one), same_record(one, attrs.evolve(one, is_confirmed=False))) == ("different", "likely")
