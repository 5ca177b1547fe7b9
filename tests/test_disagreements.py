"""What records of one training that disagree may mean, each way by hand."""

from datetime import date

import pytest

from peer_ledger import Credit, Ledger, TrainingEvent
from peer_ledger.evaluation._disagreements import anything, disagreements_of
from peer_ledger.evaluation._dossiers import history_of
from peer_ledger.records import Origin


def worlds(amounts, *, first_counts):
    """Return the worlds of an hour of ethics on one day that several lists give another length."""
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
    found = disagreements_of(events, anything, first_counts=first_counts)
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
