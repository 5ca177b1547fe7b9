"""Nodes are grouped in every way in which no group holds two that differ, and that is not finer than it must be."""

import pytest

from peer_ledger.evaluation import _groupings
from peer_ledger.evaluation._groupings import components_of, groupings_of, of_places

IN_A_ROW = {(0, 1), (1, 2)}


def ways(*asked, **how):
    found = groupings_of([0, 1, 2], *asked, **how)
    return sorted(sorted(way) for way in found.all), found.is_complete


@pytest.mark.parametrize(
    ("apart", "how", "expected"),
    [
        (set(), {}, [[[0, 1, 2]]]),
        ({(0, 2)}, {}, [[[0], [1, 2]], [[0, 1], [2]]]),
        # The first and the last are linked only through the second; one node in each group is not wanted.
        (set(), {"also_finer": True}, [[[0], [1, 2]], [[0, 1], [2]], [[0, 1, 2]]]),
        ({(1, 2)}, {"also_finer": True}, [[[0, 1], [2]]]),
        (set(), {"may_be_one": lambda group: len(group) < 3}, [[[0], [1, 2]], [[0, 1], [2]]]),
        (set(), {"may_be_one": lambda group: {*group} <= {0, 1} or len(group) == 1}, [[[0, 1], [2]]]),
    ],
)
def test_three_nodes_in_a_row_are_grouped(apart, how, expected):
    assert ways(IN_A_ROW, apart, **how) == (expected, True)


def test_where_there_are_too_many_ways_each_node_is_alone(monkeypatch):
    monkeypatch.setattr(_groupings, "MOST_STEPS", 2)
    assert ways(IN_A_ROW, {(0, 2)}) == ([[[0], [1], [2]]], False)


def test_links_connect_in_both_directions():
    assert components_of(6, [(4, 1), (1, 3), (5, 0)]) == [[0, 5], [1, 3, 4], [2]]


def test_nodes_at_two_places_are_paired_each_with_each_and_the_lower_one_comes_first():
    places = {"a": [0, 3], "b": [1, 2]}
    assert of_places([("a", "b")], places) == {(0, 1), (0, 2), (1, 3), (2, 3)}
    assert of_places([("a", "a")], places) == {(0, 3)}
