"""
Requirements taken apart into trees, in each of which a unit sits in one place; and the nesting of caps.

A requirement whose group is shared is one place of the tree that it stands in, and each of its children begins a tree
of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import attrs

from peer_ledger.allocation._terms import Cap, Requirement


@attrs.frozen(kw_only=True)
class Node:
    """
    One requirement within a tree; the place that bears its name is a leaf of the tree.

    Attributes:
        name: The requirement's name.
        minimum: Its minimum.
        maximum: Its maximum, `None` for none.
        need: The least that satisfies it and all below it.
        own: What it asks beyond what its children do.
        parent: The position of its parent in the tree, -1 for the top.
        children: The positions of its children.
        depth: How far below the top of the tree it stands.
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
        """How much above its need may sit in it; `None` for any amount."""
        return None if self.maximum is None else self.maximum - self.need


@attrs.frozen(kw_only=True)
class Tree:
    """
    A tree in which every unit sits in at most one place.

    Attributes:
        nodes: Its requirements, children before their parent; a set of places is a mask over these positions.
        place_of: In which place something that serves a requirement may sit, by the requirement's name.
        host: The tree and the place in which a unit must sit to sit in this one too; `None` when any counted unit may.
    """

    nodes: tuple[Node, ...]
    place_of: Mapping[str, int]
    host: tuple[int, int] | None

    @property
    def name(self) -> str:
        """The name of the requirement at the top."""
        return self.nodes[-1].name

    @property
    def need(self) -> int:
        """The least number of units that satisfies it."""
        return self.nodes[-1].need

    @property
    def full(self) -> int:
        """The mask of all places."""
        return (1 << len(self.nodes)) - 1

    def mask(self, serves: frozenset[str]) -> int:
        """Find the places in which something that serves these requirements may sit."""
        mask = 0
        for name in serves:
            place = self.place_of.get(name)
            if place is not None:
                mask |= 1 << place
        return mask

    def places(self, mask: int) -> list[int]:
        """List the places of a mask, the most general first."""
        chosen = [place for place in range(len(self.nodes)) if mask >> place & 1]
        return sorted(chosen, key=lambda place: (self.nodes[place].depth, place))

    def above(self, place: int) -> Iterator[int]:
        """Walk from a place to the top."""
        while place >= 0:
            yield place
            place = self.nodes[place].parent


def trees_of(requirement: Requirement) -> tuple[Tree, ...]:
    """Take a valid requirement tree apart; the tree of the root comes first."""
    trees: list[Tree] = []
    waiting: list[tuple[Requirement, tuple[int, int] | None]] = [(requirement, None)]
    while waiting:
        top, host = waiting.pop(0)
        nodes: list[Node] = []
        place_of: dict[str, int] = {}
        parts = _add(top, nodes, place_of, 0)
        index = len(trees)
        bound = host is not None or len(nodes) > 1 or nodes[0].maximum is not None
        waiting += [(child, (index, place) if bound else None) for place, child in parts]
        trees.append(Tree(nodes=tuple(nodes), place_of=place_of, host=host))
    return tuple(trees)


def names_below(requirement: Requirement) -> Iterator[str]:
    """List a requirement's name and those of all below it."""
    yield requirement.name
    for child in requirement.children:
        yield from names_below(child)


def is_shared(requirement: Requirement) -> bool:
    """Whether several children look at the same units; one alone is no different from an exclusive one."""
    return requirement.group == "shared" and len(requirement.children) > 1


def _add(
    requirement: Requirement, nodes: list[Node], place_of: dict[str, int], depth: int
) -> list[tuple[int, Requirement]]:
    inside = () if is_shared(requirement) else requirement.children
    parts: list[tuple[int, Requirement]] = []
    children = []
    for child in inside:
        parts += _add(child, nodes, place_of, depth + 1)
        children.append(len(nodes) - 1)
    position = len(nodes)
    for child_position in children:
        nodes[child_position] = attrs.evolve(nodes[child_position], parent=position)
    asked = sum(nodes[child].need for child in children)
    need = max(requirement.minimum, asked)
    nodes.append(
        Node(
            name=requirement.name,
            minimum=requirement.minimum,
            maximum=requirement.maximum,
            need=need,
            own=need - asked,
            parent=-1,
            children=tuple(children),
            depth=depth,
        )
    )
    if is_shared(requirement):
        place_of.update(dict.fromkeys(names_below(requirement), position))
        parts += [(position, child) for child in requirement.children]
    else:
        place_of[requirement.name] = position
    return parts


@attrs.frozen
class CapNesting:
    """
    Caps in an order in which each stands before the one that it lies in.

    Attributes:
        caps: The caps.
    """

    caps: tuple[Cap, ...]

    @cached_property
    def index_of(self) -> dict[str, int]:
        """Where each cap stands, by name."""
        return {cap.name: index for index, cap in enumerate(self.caps)}

    @cached_property
    def outer(self) -> tuple[int, ...]:
        """Where the cap stands that each lies in; the number of caps for none."""
        return tuple(len(self.caps) if cap.within is None else self.index_of[cap.within] for cap in self.caps)

    def chain(self, index: int) -> list[int]:
        """List a cap and all that it lies in; nothing for the number of caps."""
        found = []
        while index < len(self.caps):
            found.append(index)
            index = self.outer[index]
        return found

    def innermost(self, names: frozenset[str]) -> tuple[int, ...]:
        """Find the caps among some that no other of them lies in; more than one overlap without nesting."""
        indexes = {self.index_of[name] for name in names}
        return tuple(sorted(indexes - {outer for index in indexes for outer in self.chain(index)[1:]}))


def nested_caps(caps: Sequence[Cap]) -> CapNesting:
    """Order valid caps, inner before outer; those that are alike in this stay as they were given."""
    within = {cap.name: cap.within for cap in caps}

    def depth(cap: Cap) -> int:
        steps, name = 0, cap.within
        while name is not None:
            steps, name = steps + 1, within[name]
        return steps

    return CapNesting(tuple(sorted(caps, key=depth, reverse=True)))
