"""
Ways of grouping things of which some may be one and some cannot.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from itertools import combinations, product
from typing import NamedTuple, TypeVar

MOST_STEPS = 4096
"""How many steps are spent on finding the groupings of some nodes."""

MOST_WORK = 2**19
"""How many nodes these steps look at together, or pairs of nodes where a grouping is complete."""

MOST_GROUPED = 64
"""Of how many nodes, some of which cannot be one, the groupings are looked for."""

Place = TypeVar("Place", bound=Hashable)


MayBeOne = Callable[[Sequence[int]], bool]
"""Returns whether nodes may be one."""


def _may_be_one(_: Sequence[int]) -> bool:
    return True


class Groupings(NamedTuple):
    """
    The coarsest groupings of some nodes.

    Attributes:
        all: The groupings.
        is_complete: Whether these are all; otherwise there are too many.
    """

    all: list[list[list[int]]]
    is_complete: bool


def components_of(number: int, links: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the nodes sorted into those that are connected by links."""
    beside: dict[int, set[int]] = {}
    for one, other in links:
        beside.setdefault(one, set()).add(other)
        beside.setdefault(other, set()).add(one)
    found: list[list[int]] = []
    seen: set[int] = set()
    for start in range(number):
        if start not in seen:
            component, waiting = {start}, [start]
            while waiting:
                new = beside.get(waiting.pop(), set()) - component
                component |= new
                waiting += new
            seen |= component
            found.append(sorted(component))
    return found


def groupings_of(
    component: Sequence[int],
    links: Collection[tuple[int, int]],
    apart: Collection[tuple[int, int]],
    *,
    also_finer: bool = False,
    may_be_one: MayBeOne = _may_be_one,
) -> Groupings:
    """
    Return the ways of grouping connected nodes in which no group holds two that differ, and no two groups can be one.

    Args:
        component: The nodes.
        links: The pairs that may be one.
        apart: The pairs that cannot be one.
        also_finer: Whether groupings are wanted, too, of which groups could be one; but not one node in each group.
        may_be_one: Returns whether a group without two that differ may be one.

    >>> groupings_of([0, 1, 2], {(0, 1), (1, 2)}, {(0, 2)}).all
    [[[0, 1], [2]], [[0], [1, 2]]]
    """
    if not apart and not also_finer and may_be_one(component):
        return Groupings([[list(component)]], is_complete=True)
    found: list[list[list[int]]] = []
    waiting: list[tuple[list[list[int]], int]] = [([], 0)]
    steps = work = 0
    while waiting:
        groups, place = waiting.pop()
        steps += 1
        work += place if place < len(component) else place**2
        if steps > MOST_STEPS or work > MOST_WORK:
            return Groupings(found or [[[node] for node in component]], is_complete=False)
        if place == len(component):
            is_wanted = len(groups) < len(component) if also_finer else _is_coarsest(groups, links, apart, may_be_one)
            if is_wanted and _are_connected(groups, links) and all(map(may_be_one, groups)):
                found.append(groups)
            continue
        node = component[place]
        waiting.append(([*groups, [node]], place + 1))
        for number, group in enumerate(groups):
            if not any((member, node) in apart for member in group):
                waiting.append(([*groups[:number], [*group, node], *groups[number + 1 :]], place + 1))
    return Groupings(found, is_complete=True)


def _are_connected(groups: list[list[int]], links: Collection[tuple[int, int]]) -> bool:
    """Return whether each group is connected by links."""
    for group in groups:
        reached, rest = [group[0]], set(group[1:])
        for node in reached:
            new = [other for other in rest if _pair(node, other) in links]
            reached += new
            rest -= {*new}
        if rest:
            return False
    return True


def _is_coarsest(
    groups: list[list[int]],
    links: Collection[tuple[int, int]],
    apart: Collection[tuple[int, int]],
    may_be_one: MayBeOne,
) -> bool:
    """Return whether no two groups that are linked could be one."""
    return not any(
        any(_pair(node, other) in links for node in one for other in second)
        and not any(_pair(node, other) in apart for node in one for other in second)
        and may_be_one([*one, *second])
        for one, second in combinations(groups, 2)
    )


def of_places(pairs: Iterable[tuple[Place, Place]], places: Mapping[Place, Sequence[int]]) -> set[tuple[int, int]]:
    """
    Return the pairs of nodes, the lower one first, that are at some pairs of places.

    Args:
        pairs: The pairs of places; a place may be paired with itself.
        places: The nodes at each place, in order.
    """
    return {
        (min(found), max(found))
        for one, other in pairs
        for found in (combinations(places[one], 2) if one == other else product(places[one], places[other]))
    }


def _pair(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)
