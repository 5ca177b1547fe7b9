"""What records of one training that disagree may mean, each way by hand."""

from datetime import date

import pytest

from peer_ledger import Certification, Credit, Ledger, Review, TrainingEvent, evaluate
from peer_ledger.evaluation import _disagreements
from peer_ledger.evaluation._disagreements import anything, disagreements_of
from peer_ledger.evaluation._dossiers import history_of
from peer_ledger.records import Origin


def disagreements(amounts, *, first_counts):
    """Return what may be wrong of an hour of ethics on one day that several lists give another length."""
    ledger = Ledger()
    ledger.append(
        TrainingEvent(
            id=f"e-{place}",
            person="p",
            completed=date(2025, 3, 4),
            title="Ethics",
            credits=[Credit(amount=amount, topics={"ethics"})],
            origin=Origin(source=f"list-{place}", key=("1",)),
        )
        for place, amount in enumerate(amounts)
    )
    events = history_of(ledger, "p", on=date(2025, 12, 31), credential="us-nc-cpss").trainings
    return disagreements_of(events, anything, first_counts=first_counts)


def worlds(amounts, *, first_counts):
    """Return the trainings of each world, and which records of each are right."""
    found = disagreements(amounts, first_counts=first_counts)
    assert found.is_complete
    return [tuple(sorted(_groups(world, len(amounts)))) for world in found.worlds]


def _groups(world, number):
    """Yield the places of the records of each training, without those that are wrong."""
    groups = {}
    for place in range(number):
        groups.setdefault(world.place_of[f"e-{place}"], []).append(place)
    yield from (tuple(place for place in group if f"e-{place}" not in world.wrong) for group in groups.values())


@pytest.mark.parametrize(
    ("amounts", "first_counts", "expected"),
    [
        (["1", "2"], False, [((0,),), ((1,),)]),
        (["1", "2", "3"], False, [((0,),), ((1,),), ((2,),)]),
        (["1", "1", "3"], False, [((0, 1),), ((2,),)]),
        (["1", "2"], True, [((0,),), ((1,),), ((0,), (1,))]),
        (
            ["1", "2", "3"],
            True,
            [
                *[((0,),), ((1,),), ((2,),)],
                *[((0,), (2,)), ((1,), (2,))],
                *[((0,), (1,)), ((1,), (2,))],
                *[((0,), (1,)), ((0,), (2,))],
                ((0,), (1,), (2,)),
            ],
        ),
        (["1", "1"], False, []),
    ],
)
def test_records_of_one_training_that_disagree_are_right_in_one_world_each(amounts, first_counts, expected):
    """
    All are of one training, and one length is right.

    Where the first of a course counts, some may also be of a training of their own: with three records, any two of one
    training beside the third, each right in one of two worlds, or three trainings.
    """
    assert sorted(expected) == sorted(worlds(amounts, first_counts=first_counts))


def test_two_rows_of_which_neither_need_be_wrong_are_answered_where_the_first_of_a_course_counts():
    """One has no hours, the other no course. Both are of March 14, 2023, before the days that count: 40 hours lack."""
    of = {"person": "p", "title": "Recovery basics", "completed": "2023-03-14"}
    held = {"person": "p", "credential": "us-il-crss", "act": "renewed"}
    ledger = Ledger()
    ledger.append(
        [
            Certification(id="c-1", on="2021-03-27", **held),
            Certification(id="c-2", on="2021-03-28", **held),
            TrainingEvent(id="e-1", course="course-x", **of),
            TrainingEvent(id="e-2", origin=Origin(source="other", key=["1"]), credits=[Credit(amount=3)], **of),
            Review(id="v", person="p", event="e-1", decision="approved", on="2023-03-15"),
        ]
    )
    report = evaluate(ledger, "p", on="2025-01-06", ruleset="us-il-crss")
    assert (report.hours_outcome, report.hours_short) == ("short", 40)


@pytest.mark.parametrize("first_counts", [False, True])
def test_of_too_many_worlds_one_is_looked_at_and_any_record_may_be_wrong(monkeypatch, first_counts):
    """Of four records that each may be right, there are four worlds at least; two are looked at, and any may be wrong."""
    monkeypatch.setattr(_disagreements, "MOST_IN_WORLDS", 8)
    found = disagreements(["1", "2", "3", "4"], first_counts=first_counts)
    assert (False, 1) == (found.is_complete, len(found.worlds))
    assert {"e-0", "e-1", "e-2", "e-3"} == found.everything
