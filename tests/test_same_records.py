"""Which of many records may be of one training is found by what they share, and everything that may be one is connected."""

from datetime import date

import pytest

from peer_ledger.evaluation import _same_records
from peer_ledger.evaluation._same_records import alike_records, by_key, connecting, first_of_each, joining_pairs
from peer_ledger.records import Credit, Origin, TrainingEvent
from peer_ledger.records._sameness import Likeness


def row(source, title, amount=5, day=1):
    """A row of a list about a training in March."""
    return Likeness.of(
        TrainingEvent(
            id=f"{source}-{day}",
            person="p",
            completed=date(2025, 3, day),
            title=title,
            credits=[Credit(amount=amount, topics={"recovery"})],
            origin=Origin(source=source, key=("1",)),
        )
    )


WRAP, SAME, ETHICS, BLANK = row("one", "WRAP"), row("two", "WRAP"), row("three", "Ethics"), row("four", None)
LONGER, LATER, THIRD = row("five", None, amount=6), row("six", "WRAP", day=2), row("seven", "WRAP", amount=7)


def pairs_of(*rows):
    found = alike_records(rows)
    return {frozenset(pair) for pair in found.pairs if pair[0] != pair[1]}, found.is_complete


@pytest.mark.parametrize(
    ("rows", "pairs"),
    [
        ([WRAP, SAME], [(WRAP, SAME)]),
        ([WRAP, ETHICS], []),
        ([WRAP, LATER], []),
        ([WRAP, LONGER], []),
        ([WRAP, BLANK, ETHICS], [(WRAP, BLANK), (BLANK, ETHICS)]),  # a row without a title is told by its length
        ([WRAP, SAME, THIRD], [(WRAP, SAME), (WRAP, THIRD), (SAME, THIRD)]),  # and one with a title is not
    ],
)
def test_which_records_may_be_of_one_training(rows, pairs):
    assert pairs_of(*rows) == ({frozenset(pair) for pair in pairs}, True)


def test_of_too_many_records_each_is_paired_with_the_next_one(monkeypatch):
    monkeypatch.setattr(_same_records, "MOST_COMPARED", 2)
    assert pairs_of(WRAP, SAME, THIRD) == ({frozenset({WRAP, SAME}), frozenset({SAME, THIRD})}, False)


def test_items_of_one_key_stay_in_their_order():
    assert by_key([("b", 1), ("a", 2), ("b", 3)]) == {"b": [1, 3], "a": [2]}


@pytest.mark.parametrize(
    ("some", "others", "pairs"),
    [([1, 2], [3, 4], [(1, 3), (1, 4), (2, 3)]), ([1, 2], [], []), ([], [3], []), ([1], [3], [(1, 3)])],
)
def test_two_lists_are_connected_by_few_pairs(some, others, pairs):
    assert sorted(joining_pairs(some, others)) == pairs


def test_a_list_is_connected_with_itself_in_a_row():
    some = [1, 2, 3]
    assert list(joining_pairs(some, some)) == [(1, 2), (2, 3)]


def test_records_that_may_be_one_are_connected():
    assert {frozenset(pair) for pair in connecting({WRAP: [1, 2], BLANK: [3], LATER: [4]})} >= {
        frozenset({1, 3}),
        frozenset({2, 3}),
    }
    assert not any(4 in pair for pair in connecting({WRAP: [1, 2], BLANK: [3], LATER: [4]}))


@pytest.mark.parametrize(
    ("pairs", "first"),
    [([], [0, 1, 2, 3, 4]), ([(3, 4), (1, 3)], [0, 1, 2, 1, 1]), ([(0, 4), (4, 2), (1, 3)], [0, 1, 0, 1, 0])],
)
def test_each_place_has_the_first_one_that_it_is_connected_with(pairs, first):
    assert first_of_each(5, pairs) == first
