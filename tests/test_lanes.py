"""One sum decides many programs as each is decided by itself, whatever the others beside it are."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import effort
from peer_ledger.allocation._cut import EnumeratedCut, Gauge
from peer_ledger.allocation._trees import nested_limits
from peer_ledger.evaluation import _lanes as lanes_file
from peer_ledger.evaluation._lanes import Lanes

KINDS = range(4)
PLACES = range(3)


class Program:
    """
    Minima for sets of places, without limits.

    Args:
        minima: The places of each minimum, and what it needs.
        surely: The places that each kind of training can serve, whatever its details are.
        perhaps: Those that it can serve with all its details in its favor.
    """

    def __init__(self, minima, surely, perhaps):
        self.minima, self.surely, self.perhaps = minima, surely, perhaps
        sets = [(sum(1 << place for place in places), need) for places, need in minima]
        cut = EnumeratedCut(sets, nested_limits(()))
        self.gauge = Gauge([cut], [lambda names: sum(1 << int(name) for name in names)])

    def lanes_of(self, kind):
        surely, perhaps = (frozenset(map(str, served[kind])) for served in (self.surely, self.perhaps))
        return self.gauge.lanes(surely) | self.gauge.lanes(perhaps) << self.gauge.width

    def stands(self, trainings):
        """Return how it stands, and how much is missing with all details against the training: by counting."""

        def missing(served):
            return max(
                need - sum(amount for kind, amount in trainings if served[kind] & places)
                for places, need in self.minima
            )

        if missing(self.surely) <= 0:
            return "met", 0
        return "short" if missing(self.perhaps) > 0 else "open", missing(self.surely)


SETS = st.sets(st.sampled_from(PLACES))


@st.composite
def programs(draw):
    minima = draw(st.lists(st.tuples(SETS.filter(bool).map(frozenset), st.integers(1, 9)), min_size=1, max_size=3))
    surely = [draw(SETS) for _ in KINDS]
    return Program(minima, surely, [served | draw(SETS) for served in surely])


TRAININGS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 5)), max_size=6)


@given(st.lists(programs(), min_size=1, max_size=4), TRAININGS, st.data())
@effort(300)
def test_each_program_stands_as_it_does_alone(some, trainings, data):
    """For any of the trainings, for any of the programs in any order, and again where the sum was seen before."""
    lanes = Lanes(some)
    begin, end = sorted(data.draw(st.tuples(*[st.integers(0, len(trainings))] * 2)))
    within, amounts = trainings[begin:end], Counter()
    for kind, amount in within:
        amounts[kind] += amount
    supply = lanes.supply(amounts)
    expected = [program.stands(within) for program in some]
    assert [lanes.stands(place, supply) for place in range(len(some))] == expected
    places = data.draw(st.lists(st.sampled_from(range(len(some))), unique=True))
    section = lanes.section(places)
    for _ in range(2):
        assert section.verdicts(supply) == tuple(expected[place][0] for place in places)


@pytest.mark.parametrize(("most", "again"), [(1, 1), (10, 0)])
def test_what_was_seen_is_found_again_until_there_is_too_much_of_it(monkeypatch, most, again):
    """Of two sums that come in turn, the first is worked out again where only one is remembered, and not otherwise."""
    monkeypatch.setattr(lanes_file, "MOST_SEEN", most)
    program = Program([(frozenset({0}), 3)], [{0}] * 4, [{0}] * 4)
    section = Lanes([program]).section([0])
    worked_out = 0

    class Highest(list):
        def __iter__(self):
            nonlocal worked_out
            worked_out += 1
            return super().__iter__()

    section._highest = Highest(section._highest)
    units = program.lanes_of(0)
    found = [section.verdicts(amount * units) for amount in (1, 1, 5, 1)]
    assert found == [("short",), ("short",), ("met",), ("short",)]
    assert worked_out == 2 + again
