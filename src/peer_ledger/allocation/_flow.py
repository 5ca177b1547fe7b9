"""
The shortfall of one tree as a maximum flow, for trees with too many sets of places to enumerate.

Units flow from the source through the limits, outer to inner, into the kinds of cells; from there into the places where
they may sit; up the tree as far as maxima let them; and from each demand into the sink, as far as its need exceeds the
needs of its children.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from peer_ledger.allocation._held import Held, HeldKinds, Portion
from peer_ledger.allocation._trees import LimitNesting, Tree

_SOURCE, _SINK = 0, 1


class FlowCut:
    """
    The cut of one tree, found by Dinic's algorithm.
    """

    def __init__(self, tree: Tree, nesting: LimitNesting) -> None:
        self._tree = tree
        self._nesting = nesting

    def handle(self, mask: int) -> int:
        """Return the mask of places itself."""
        return mask

    def shortfall(self, cells: Iterable[Any], kinds: Mapping[Any, tuple[int, int]]) -> int:
        """Return what the tree needs beyond what can flow."""
        return self._tree.need - self._filled(cells, kinds).maximum()

    def held(self, portions: Sequence[Portion]) -> Held:
        """Return what the tree needs beyond what can flow, while portions are added and taken away."""
        return HeldKinds(self, portions)

    def worst(self, cells: Iterable[Any], kinds: Mapping[Any, tuple[int, int]]) -> int:
        """Return the smallest of the worst sets: the places from which the sink can still be reached."""
        network = self._filled(cells, kinds)
        network.maximum()
        reaching = network.reaching_sink()
        first = 2 + len(self._nesting.limits)
        return sum(1 << place for place in range(len(self._tree.nodes)) if first + place in reaching)

    def _filled(self, cells: Iterable[Any], kinds: Mapping[Any, tuple[int, int]]) -> "_Network":
        held: dict[tuple[int, int], int] = defaultdict(int)
        for cell in cells:
            held[kinds[cell.serves, cell.limits]] += cell.amount
        nesting, nodes = self._nesting, self._tree.nodes
        first_place = 2 + len(nesting.limits)
        first_kind = first_place + len(nodes)
        network = _Network(first_kind + len(held))
        endless = self._tree.need  # more than this never flows, so it is as good as no limit
        for index, limit in enumerate(nesting.limits):
            outer = nesting.outer[index]
            network.connect(_SOURCE if outer == len(nesting.limits) else 2 + outer, 2 + index, limit.maximum)
        for place, node in enumerate(nodes):
            network.connect(first_place + place, _SINK, node.own)
            if node.parent >= 0:
                slack = endless if node.slack is None else node.slack
                network.connect(first_place + place, first_place + node.parent, slack)
        for kind, ((mask, innermost), amount) in enumerate(held.items(), first_kind):
            network.connect(_SOURCE if innermost == len(nesting.limits) else 2 + innermost, kind, amount)
            for place in range(len(nodes)):
                if mask >> place & 1:
                    network.connect(kind, first_place + place, endless)
        return network


class _Network:
    def __init__(self, size: int) -> None:
        self.arcs: list[list[int]] = [[] for _ in range(size)]
        self.head: list[int] = []
        self.room: list[int] = []

    def connect(self, tail: int, head: int, room: int) -> None:
        """Add an arc; the number of its reverse differs in the last bit, so that `arc ^ 1` finds it."""
        if room > 0:
            self.arcs[tail].append(len(self.head))
            self.arcs[head].append(len(self.head) + 1)
            self.head += (head, tail)
            self.room += (room, 0)

    def maximum(self) -> int:
        flow = 0
        while levels := self._levels():
            left = [list(arcs) for arcs in self.arcs]
            while pushed := self._push(_SOURCE, None, levels, left):
                flow += pushed
        return flow

    def reaching_sink(self) -> set[int]:
        reached = {_SINK}
        waiting = [_SINK]
        while waiting:
            for arc in self.arcs[waiting.pop()]:
                tail = self.head[arc]
                if self.room[arc ^ 1] and tail not in reached:
                    reached.add(tail)
                    waiting.append(tail)
        return reached

    def _levels(self) -> list[int] | None:
        levels = [-1] * len(self.arcs)
        levels[_SOURCE] = 0
        waiting = [_SOURCE]
        for node in waiting:
            for arc in self.arcs[node]:
                head = self.head[arc]
                if self.room[arc] and levels[head] < 0:
                    levels[head] = levels[node] + 1
                    waiting.append(head)
        return levels if levels[_SINK] >= 0 else None

    def _push(self, node: int, limit: int | None, levels: list[int], left: list[list[int]]) -> int:
        if node == _SINK:
            return limit or 0
        while left[node]:
            arc = left[node][-1]
            head, room = self.head[arc], self.room[arc]
            if room and levels[head] == levels[node] + 1:
                pushed = self._push(head, room if limit is None else min(limit, room), levels, left)
                if pushed:
                    self.room[arc] -= pushed
                    self.room[arc ^ 1] += pushed
                    return pushed
            left[node].pop()
        return 0
