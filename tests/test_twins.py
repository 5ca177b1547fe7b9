"""Nodes may be one where pairs of records join them, and no two records that differ are of one training then."""

from datetime import date

import pytest

from peer_ledger.evaluation._event import event_of
from peer_ledger.evaluation._twins import MOST_PAIRS, Twins
from peer_ledger.records import Credit, Origin, TrainingEvent


def record(name, title, source="other"):
    """A row of a list about five hours on one day."""
    row = TrainingEvent(
        id=name,
        person="p",
        completed=date(2025, 3, 1),
        title=title,
        credits=[Credit(amount=5, topics={"recovery"})],
        origin=Origin(source=source, key=(name,)),
    )
    return event_of(row, None, {}, date(2025, 12, 31))


WRAP, ETHICS = record("wrap", "WRAP", "one"), record("ethics", "Ethics", "one")
BLANK, OTHER = record("blank", None, "two"), record("other", None, "two")
"""Either row without a title may be of either training; two rows of one list are two trainings."""


@pytest.mark.parametrize(
    ("second", "named", "twins", "nodes", "expected"),
    [
        ([BLANK], [], [(WRAP, BLANK), (BLANK, ETHICS)], [0, 1], True),
        ([BLANK], [], [(WRAP, BLANK), (BLANK, ETHICS)], [1, 2], True),
        ([BLANK], [], [(WRAP, BLANK), (BLANK, ETHICS)], [0, 2], False),
        ([BLANK], [], [(WRAP, BLANK), (BLANK, ETHICS)], [0, 1, 2], False),  # one row is not of two trainings
        ([BLANK], [(0, 2)], [(WRAP, BLANK), (BLANK, ETHICS)], [0, 1, 2], True),  # it is of one of them
        ([BLANK, OTHER], [], [(WRAP, BLANK), (OTHER, ETHICS)], [0, 1, 2], True),  # each row is of one
        ([BLANK, OTHER], [], [(WRAP, BLANK), (WRAP, OTHER)], [0, 1, 2], False),  # nothing joins the last node
        ([BLANK], [(0, 1)], [], [0, 1], True),
    ],
)
def test_which_nodes_may_be_one(second, named, twins, nodes, expected):
    node_of = {"wrap": 0, "ethics": 2} | {event.record.id: 1 for event in second}
    assert Twins(node_of, named, twins).may_be_one(nodes) == expected


@pytest.mark.parametrize(("pairs", "expected"), [(MOST_PAIRS, False), (MOST_PAIRS + 1, True)])
def test_of_too_many_pairs_it_is_not_denied_that_nodes_may_be_one(pairs, expected):
    """All pairs are of the first two nodes, so that none joins the last one."""
    blank = [record(f"blank-{number}", None, "two") for number in range(pairs)]
    node_of = {"wrap": 0, "ethics": 2} | {event.record.id: 1 for event in blank}
    assert Twins(node_of, [], [(WRAP, event) for event in blank]).may_be_one([0, 1, 2]) == expected
