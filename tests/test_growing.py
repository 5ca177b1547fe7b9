"""What is added to an array or to lists one after the other is all there, in order."""

import numpy as np
import pytest

from peer_ledger.columns._growing import Growing, Lists


def test_values_stay_in_their_order_however_many_are_added():
    growing = Growing()
    for start in range(0, 3000, 600):  # more than there is room for at first, twice
        growing.extend(range(start, start + 600))
    growing.extend([7, 8, 3000], after=2)
    assert (len(growing), growing.all.tolist()) == (3001, list(range(3001)))


LISTS = [[10], [20, 21], [], [40, 41], [50]]


@pytest.mark.parametrize(
    ("places", "values", "begins"),
    [
        ([0, 4], [10, 50], [0, 1, 2]),
        ([1, 3], [20, 21, 40, 41], [0, 2, 4]),
        ([4, 2, 3, 0], [50, 40, 41, 10], [0, 1, 1, 3, 4]),
        ([2], [], [0, 0]),
        ([], [], [0]),
    ],
)
def test_the_values_of_some_lists_follow_one_another(places, values, begins):
    lists = Lists()
    lists.extend(LISTS[:2])
    lists.extend(LISTS[2:])
    found = lists.of(np.array(places, dtype=np.int64))
    assert [each.tolist() for each in found] == [values, begins]
