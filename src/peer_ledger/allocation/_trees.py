"""
Demands as trees of places, and limits in nesting order.

In each tree a unit sits in at most one place.  A demand with a shared group is a single place of its tree, and each of
its children is the top of a tree of its own.
"""

from collections.abc import Iterator, Mapping, Sequence

import attrs

from peer_ledger.allocation._terms import Demand, Limit
from peer_ledger.values._cached import OnlyFields, cached_property


@attrs.frozen(kw_only=True)
class Node:
    """
    One demand in a tree, which is also the place with its name (its rest, if it has children).

    Attributes:
        name: The demand's name.
        minimum: Its minimum.
        maximum: Its maximum, `None` for none.
        need: The fewest units that satisfy it and everything below it.
        own: What it needs beyond what its children need.
        parent: The position of its parent in the tree, -1 for the top.
        children: The positions of its children.
        depth: How far below the top of the tree it is.
    """

    name: str
    minimum: int
    maximum: int | None
    need: int
    own: int
    parent: int
    children: tuple[int, ...]
    depth: int

    @property
    def slack(self) -> int | None:
        """How many units beyond its need may sit in it; `None` for any number."""
        return None if self.maximum is None else self.maximum - self.need


@attrs.frozen(kw_only=True)
class Tree:
    """
    A tree in which every unit sits in at most one place.

    Attributes:
        nodes: Its demands, children before their parent; a set of places is a mask over these positions.
        place_of: The place in which something that serves a demand may sit, by the demand's name.
        host: The tree and the place in which a unit must sit to sit in this tree too; `None` when any counted unit may.
    """

    nodes: tuple[Node, ...]
    place_of: Mapping[str, int]
    host: tuple[int, int] | None

    @property
    def need(self) -> int:
        """The fewest units that satisfy it."""
        return self.nodes[-1].need

    @property
    def full(self) -> int:
        """The mask of all places."""
        return (1 << len(self.nodes)) - 1

    def mask(self, serves: frozenset[str]) -> int:
        """Return the places in which something that serves these demands may sit."""
        mask = 0
        for name in serves:
            place = self.place_of.get(name)
            if place is not None:
                mask |= 1 << place
        return mask

    def places(self, mask: int) -> list[int]:
        """Return the places of a mask, the most general first."""
        chosen = [place for place in range(len(self.nodes)) if mask >> place & 1]
        return sorted(chosen, key=lambda place: (self.nodes[place].depth, place))

    def above(self, place: int) -> Iterator[int]:
        """Yield a place and all above it, up to the top."""
        while place >= 0:
            yield place
            place = self.nodes[place].parent


def trees_of(demand: Demand) -> tuple[Tree, ...]:
    """Return the trees of a valid demand; the tree of the root comes first."""
    trees: list[Tree] = []
    waiting: list[tuple[Demand, tuple[int, int] | None]] = [(demand, None)]
    while waiting:
        top, host = waiting.pop(0)
        nodes: list[Node] = []
        place_of: dict[str, int] = {}
        parts = _add(top, nodes, place_of, 0)
        index = len(trees)
        # A root that is one shared place without a maximum holds nothing back, so its children need no host.
        bound = host is not None or len(nodes) > 1 or nodes[0].maximum is not None
        waiting += [(child, (index, place) if bound else None) for place, child in parts]
        trees.append(Tree(nodes=tuple(nodes), place_of=place_of, host=host))
    return tuple(trees)


def names_below(demand: Demand) -> Iterator[str]:
    """Yield a demand's name and the names of all below it."""
    yield demand.name
    for child in demand.children:
        yield from names_below(child)


def is_shared(demand: Demand) -> bool:
    """Return whether several children look at the same units; for a single child the group makes no difference."""
    return demand.group == "shared" and len(demand.children) > 1


def _add(demand: Demand, nodes: list[Node], place_of: dict[str, int], depth: int) -> list[tuple[int, Demand]]:
    inside = () if is_shared(demand) else demand.children
    parts: list[tuple[int, Demand]] = []
    children = []
    for child in inside:
        parts += _add(child, nodes, place_of, depth + 1)
        children.append(len(nodes) - 1)
    position = len(nodes)
    for child_position in children:
        nodes[child_position] = attrs.evolve(nodes[child_position], parent=position)
    asked = sum(nodes[child].need for child in children)
    need = max(demand.minimum, asked)
    nodes.append(
        Node(
            name=demand.name,
            minimum=demand.minimum,
            maximum=demand.maximum,
            need=need,
            own=need - asked,
            parent=-1,
            children=tuple(children),
            depth=depth,
        )
    )
    if is_shared(demand):
        place_of.update(dict.fromkeys(names_below(demand), position))
        parts += [(position, child) for child in demand.children]
    else:
        place_of[demand.name] = position
    return parts


@attrs.frozen(slots=False)
class LimitNesting(OnlyFields):
    """
    Limits, each before the limit that it is nested in.

    Attributes:
        limits: The limits in this order; elsewhere a limit is its position here, and their number stands for no limit.
    """

    limits: tuple[Limit, ...]

    @cached_property
    def index_of(self) -> dict[str, int]:
        """The position of each limit, by name."""
        return {limit.name: index for index, limit in enumerate(self.limits)}

    @cached_property
    def outer(self) -> tuple[int, ...]:
        """The limit that each is nested in."""
        return tuple(len(self.limits) if limit.within is None else self.index_of[limit.within] for limit in self.limits)

    def chain(self, index: int) -> list[int]:
        """Return a limit and all that it is nested in, inner before outer."""
        found = []
        while index < len(self.limits):
            found.append(index)
            index = self.outer[index]
        return found

    def innermost(self, names: frozenset[str]) -> tuple[int, ...]:
        """Return the limits among some that no other of them is nested in; several of them overlap without nesting."""
        indexes = {self.index_of[name] for name in names}
        return tuple(sorted(indexes - {outer for index in indexes for outer in self.chain(index)[1:]}))


def nested_limits(limits: Sequence[Limit]) -> LimitNesting:
    """Return valid limits in nesting order, inner before outer; limits of the same depth keep the given order."""
    within = {limit.name: limit.within for limit in limits}

    def depth(limit: Limit) -> int:
        steps, name = 0, limit.within
        while name is not None:
            steps, name = steps + 1, within[name]
        return steps

    return LimitNesting(tuple(sorted(limits, key=depth, reverse=True)))
