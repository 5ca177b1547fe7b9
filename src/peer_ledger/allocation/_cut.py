"""
The shortfall of one tree, by enumerating its sets of places: the most that a set needs beyond what can sit in it.

By the theorem of maximum flow and minimum cut, the worst set's gap is the shortfall of the tree.  What a set needs
depends only on the plan, so it is computed once.

All sets are evaluated together.  Each has a lane of 64 bits in one long integer, so one multiplication adds a cell's
amount to every set that it can serve, and a few operations apply a limit to all of them.  Python runs these over the
whole integer in C, which is 2 to 19 times as fast as a loop over the sets.
"""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

from peer_ledger.allocation._held import Held, HeldKinds, HeldLanes, Portion
from peer_ledger.allocation._trees import LimitNesting, Tree

MOST_SETS = 1100
"""With more sets of places than this a flow is faster; measured in tests/benchmarks/allocation.py."""

MOST_LANE_CELLS = 4000
"""More cells than this, each of up to 10**15 units, could overflow a lane."""

_LANE = 64
# A lane holds what its set needs, plus the bias, minus what can serve it.  At most 4000 * 10**15 units can serve it,
# which is less than 2**62, so a lane never becomes negative and never borrows from the next one.
_BIAS = 1 << 62


def asking_sets(tree: Tree) -> list[tuple[int, int]] | None:
    """
    Return the sets of places that can be the worst, and what each needs.

    A set that contains a demand needs what the demand needs beyond its children.  A child that is left out can pass
    units up to its parent, as many as its maximum exceeds its own need, and the set needs that much less.  A child
    without a maximum can pass any amount up, so a set with its parent must contain it.

    Returns:
        Masks and amounts, the smaller sets first, without sets that have a subset that needs as much; `None` when there
        are more than `MOST_SETS`.
    """
    counts: list[tuple[int, int]] = []  # how many sets there are with and without each node, before any is built
    for node in tree.nodes:
        pairs = [counts[child] for child in node.children]
        slacks = [tree.nodes[child].slack for child in node.children]
        out = prod(with_it + without for with_it, without in pairs)
        inside = prod(
            with_it + (0 if slack is None else without) for (with_it, without), slack in zip(pairs, slacks, strict=True)
        )
        counts.append((inside, out))
    if sum(counts[-1]) > MOST_SETS:
        return None
    with_it: list[dict[int, int]] = []
    without: list[dict[int, int]] = []
    for position, node in enumerate(tree.nodes):
        inside_parts, outside_parts = [], []
        for child in node.children:
            slack = tree.nodes[child].slack
            outside_parts.append([*without[child].items(), *with_it[child].items()])
            left_out = [] if slack is None else [(mask, asked - slack) for mask, asked in without[child].items()]
            inside_parts.append([*left_out, *with_it[child].items()])
        with_it.append(_combined(inside_parts, 1 << position, node.own))
        without.append(_combined(outside_parts, 0, 0))
    return _undominated({**with_it[-1], **without[-1]})


def _combined(parts: list[list[tuple[int, int]]], mask: int, asked: int) -> dict[int, int]:
    combined = {}
    for choice in product(*parts):
        combined[mask | sum(part for part, _ in choice)] = asked + sum(amount for _, amount in choice)
    return combined


def _undominated(asked: dict[int, int]) -> list[tuple[int, int]]:
    kept = []
    for mask, amount in asked.items():
        bits = [1 << place for place in range(mask.bit_length()) if mask >> place & 1]
        if not mask or (amount > 0 and all(asked.get(mask ^ bit, 0) < amount for bit in bits)):
            kept.append((mask, amount))
    return sorted(kept, key=lambda entry: (entry[0].bit_count(), entry[0]))


class Gauge:
    """
    A test of whether amounts meet every minimum of a plan without limits, by one sum of their lanes.

    Args:
        cuts: The cut of each tree.
        masks: Returns the mask of some places, for each tree.

    Attributes:
        width: How many bits the lanes take.
        short: The highest bit of each lane.
        start: The lanes before anything serves; all amounts times their lanes are taken away from it. The highest bit
            of a lane stays set until as much can serve its set as it needs.
    """

    def __init__(self, cuts: "Sequence[EnumeratedCut]", masks: Sequence[Callable[[frozenset[str]], int]]) -> None:
        self._cuts, self._masks = cuts, masks
        asked = [amount for cut in cuts for _, amount in cut.sets]
        self.width = _LANE * len(asked)
        self.short = sum(1 << _LANE * (lane + 1) - 1 for lane in range(len(asked)))
        self.start = self.short + sum((amount - 1) << _LANE * lane for lane, amount in enumerate(asked))

    def lanes(self, serves: frozenset[str]) -> int:
        """Return an integer with a 1 in the lane of every set that an amount can serve."""
        found = offset = 0
        for cut, mask in zip(self._cuts, self._masks, strict=True):
            found |= cut.handle(mask(serves)) << offset
            offset += _LANE * len(cut.sets)
        return found

    def shortfall(self, supply: int) -> int:
        """Return how much the worst set is short, given all amounts times their lanes."""
        lanes = memoryview((self.start - supply).to_bytes(self.width // 8, sys.byteorder)).cast("Q")
        return max(0, max(lanes) - (1 << _LANE - 1) + 1)


class EnumeratedCut:
    """
    The cut of one tree, found by evaluating all its sets of places at once.

    Attributes:
        sets: The sets of places that can be the worst, and what each needs.
    """

    def __init__(self, sets: list[tuple[int, int]], nesting: LimitNesting) -> None:
        self.sets = sets
        self._ones = sum(1 << _LANE * lane for lane in range(len(sets)))
        self._base = sum((asked + _BIAS) << _LANE * lane for lane, (_, asked) in enumerate(sets))
        self._high = self._ones << _LANE - 1
        self._size = len(sets) * _LANE // 8
        self._none = len(nesting.limits)
        self._limits = tuple(
            (outer, limit.maximum * self._ones, ((1 << _LANE - 1) - 1 - limit.maximum) * self._ones)
            for limit, outer in zip(nesting.limits, nesting.outer, strict=True)
        )
        self._touched: dict[int, int] = {}

    def handle(self, mask: int) -> int:
        """Return an integer with a 1 in the lane of every set that contains one of some places."""
        if mask not in self._touched:
            self._touched[mask] = sum(1 << _LANE * lane for lane, (places, _) in enumerate(self.sets) if places & mask)
        return self._touched[mask]

    def shortfall(self, cells: Iterable[Any], kinds: Mapping[Any, tuple[int, int]]) -> int:
        """
        Return how much the worst set is short.

        Args:
            cells: Cells or portions.
            kinds: The handle and the innermost limit of each kind of them.
        """
        return self._short(self._base - self._supply(cells, kinds))

    def held(self, portions: Sequence[Portion]) -> Held:
        """Return how much the worst set is short of some portions, while portions are added and taken away."""
        if all(portion.limits == self._none for portion in portions):
            return HeldLanes(self._base, self.handle, self._short, portions)
        return HeldKinds(self, portions)

    def _short(self, lanes: int) -> int:
        """Return how much the worst set is short, given the lanes."""
        # The lanes are read back as unsigned 64-bit integers; their order does not matter to the largest.
        return max(memoryview(lanes.to_bytes(self._size, sys.byteorder)).cast("Q")) - _BIAS

    def worst(self, cells: Iterable[Any], kinds: Mapping[Any, tuple[int, int]]) -> int:
        """Return the smallest of the worst sets; it is contained in all the others."""
        lanes = self._base - self._supply(cells, kinds)
        lane = (1 << _LANE) - 1
        gaps = [lanes >> _LANE * index & lane for index in range(len(self.sets))]
        return self.sets[gaps.index(max(gaps))][0]

    def _supply(self, cells: Iterable[Any], kinds: Mapping[Any, tuple[int, int]]) -> int:
        if not self._limits:
            supply = 0
            for cell in cells:
                supply += cell.amount * kinds[cell.serves, cell.limits][0]
            return supply
        held = [0] * (self._none + 1)
        for cell in cells:
            touched, limit = kinds[cell.serves, cell.limits]
            held[limit] += cell.amount * touched
        for index, (outer, limits, excess) in enumerate(self._limits):
            inside = held[index]
            over = (inside + excess) & self._high
            if over:
                # Adding the excess set the highest bit of each lane that holds more than the limit.  Subtracting the
                # same bit moved to the lane's low end sets all bits below, which selects the limit there.
                capped = over - (over >> _LANE - 1)
                inside ^= (inside ^ limits) & capped
            held[outer] += inside
        return held[-1]
