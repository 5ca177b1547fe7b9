"""Which trainings may be one is seen at a glance where they have titles that differ, or days to themselves."""

from datetime import date

import pytest

from peer_ledger.evaluation._may_be_one import MayBeOne, are_apart, join, may_be_one
from peer_ledger.records import Credit, Origin, TrainingEvent


def trainings(*days_and_titles):
    return [
        TrainingEvent(
            id=f"e-{place}",
            person="p",
            completed=date(2025, 3, day),
            title=title,
            credits=[Credit(amount=5, topics={"recovery"})],
            origin=Origin(source=f"list-{place}", key=("1",)),
        )
        for place, (day, title) in enumerate(days_and_titles)
    ]


@pytest.mark.parametrize(
    ("days_and_titles", "expected"),
    [
        ([(1, None), (2, None)], True),
        ([(1, None), (1, None)], False),
        ([(1, None), (1, "WRAP")], False),
        ([(1, "WRAP"), (1, None)], False),
        ([(1, None), (2, "WRAP"), (2, "Ethics")], True),
        ([(1, "WRAP"), (2, "Wrap")], False),
        ([(1, None)], True),
        ([], True),
    ],
)
def test_trainings_are_apart_where_titles_and_days_say_so(days_and_titles, expected):
    assert are_apart([(row, None) for row in trainings(*days_and_titles)]) == expected


def test_each_training_that_may_be_another_has_the_first_place_of_those():
    """The row without a title may be the one before it, as lists differ; the last may be of the course of the second."""
    rows = trainings((1, "Ethics"), (2, "WRAP"), (3, "Boundaries"), (3, None), (4, "WRAP"))
    found = may_be_one([(row, None) for row in rows])
    assert found == MayBeOne({2: 2, 3: 2}, {1: 1, 2: 2, 3: 2, 4: 1})


def test_joining_two_trainings_joins_all_that_are_joined_with_them():
    found = {}
    for one, other, expected in (
        (3, 5, {3: 3, 5: 3}),
        (2, 7, {3: 3, 5: 3, 2: 2, 7: 2}),
        (5, 7, {3: 2, 5: 2, 2: 2, 7: 2}),
        (3, 2, {3: 2, 5: 2, 2: 2, 7: 2}),
    ):
        join(found, one, other)
        assert found == expected
