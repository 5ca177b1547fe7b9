"""
Trainings that are, or may be, the same: which of them count as one under the readings taken.

Trainings that are alike are joined into classes, of which one counts.  What only looks alike is joined under one
reading of a question and not under the other.  Joining more never makes more count, so nothing between these two needs
to be looked at.  No class holds two trainings that surely differ; a record that looks like either of two different ones
can be joined with one of them alone.  Then all ways of joining are tried, and the one in which least counts decides.

Records of one training may disagree.  Then each of them may be the right one, and the others count for nothing: that by
which least counts under one reading of a further question, and that by which most counts under the other.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, pairwise, product
from math import prod
from typing import Final, NamedTuple

from peer_ledger.evaluation._classes import Classes, by_day
from peer_ledger.evaluation._disagreements import (
    MOST_OF_ONE,
    NONE,
    SETTLED,
    Disagreements,
    World,
    disagreements_of,
)
from peer_ledger.evaluation._event import Event
from peer_ledger.evaluation._groupings import MOST_GROUPED, Groupings, components_of, groupings_of, of_places
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._one_world import Settled
from peer_ledger.evaluation._same_records import MOST_COMPARED, alike_records, by_key, joining_pairs
from peer_ledger.evaluation._twins import MOST_PAIRS, Twins
from peer_ledger.records._sameness import Likeness, same_course, same_record
from peer_ledger.rules import RECORDED_TWICE, RECORDS_DISAGREE, SAME_COURSE
from peer_ledger.values._cached import cached_property

Link = tuple[Event, Event]
Face = frozenset[tuple[Likeness, int | str | None]]
"""How trainings look that surely are one, each with the place of its training where records disagree."""

JOINING: Final[Mapping[str, str]] = {SAME_COURSE.id: "same", RECORDED_TWICE.id: "one", RECORDS_DISAGREE.id: "least"}
"""The reading of each question under which less counts: trainings that look alike are one, and the least is right."""

MOST_WAYS = 64
"""How many ways of joining trainings are looked at."""


class Ways(NamedTuple):
    """
    The ways of joining trainings that leave least to count.

    Attributes:
        all: The ways; where there are too many, one of them.
        merged: Everything that is connected joined, which leaves no more to count than any way; `None` where `all` are
            all ways.
    """

    all: tuple[Classes, ...]
    merged: Classes | None


class Alike:
    """
    Which of some trainings surely are one, and which may be.

    Args:
        events: The trainings.
        once: Whether trainings of one course are one; otherwise only records of one training are.
        disagreements: Which of them may be wrong, because another record of the training disagrees.
        erring: The ids of the trainings that tell nothing of their course: they are wrong.
        is_settled: Whether it is settled elsewhere which of them are one, so that they need not be compared.

    Attributes:
        questions: The questions that trainings which look alike raise.
        disagreements: The same.
    """

    def __init__(
        self,
        events: Iterable[Event],
        *,
        once: bool,
        disagreements: Disagreements = NONE,
        erring: Collection[str] = frozenset(),
        is_settled: bool = False,
    ) -> None:
        self._once, self.disagreements, self._erring = once, disagreements, erring
        self._events = list({event.record.id: event for event in events}.values())
        is_joined = once and not is_settled
        self._nodes: list[list[Event]] = list(self._sure()) if is_joined else [[event] for event in self._events]
        self._node_of = {event.record.id: place for place, node in enumerate(self._nodes) for event in node}
        self._links: dict[str, list[Link]] = {}
        self._alike: dict[Likeness, dict[Likeness, None]] = {}
        self._least: dict[tuple[str, ...], Ways] = {}
        self._most: dict[tuple[str, ...], list[Ways]] = {}
        self._is_compared = True
        if len(self._events) > 1 and not is_settled:
            self._link()
        raised = {*self._links, *((RECORDED_TWICE.id, RECORDS_DISAGREE.id) if disagreements.worlds else ())}
        self.questions = tuple(question for question in JOINING if question in raised)

    def _sure(self) -> Iterator[list[Event]]:
        """Yield the trainings that surely are of one course together."""
        named: dict[object, list[Event]] = {}
        for event in self._events:
            course = None if event.record.id in self._erring else event.likeness.sure_course
            named.setdefault(course or event.record.id, []).append(event)
        yield from named.values()

    def with_erring(self, wrong: Collection[str]) -> "Alike":
        """Return the same where some trainings, which are wrong, are wrong about their course, too."""
        return Alike(self._events, once=self._once, disagreements=self.disagreements, erring=wrong)

    def _link(self) -> None:
        """Link what looks alike."""
        if self._once:
            self._link_courses()
        twins = alike_records(dict.fromkeys(event.likeness for event in self._events))
        self._is_compared &= twins.is_complete
        for one, other in twins.pairs:
            if not (self._once and same_course(one, other) == "likely"):
                self._alike.setdefault(one, {})[other] = None
                self._alike.setdefault(other, {})[one] = None
        self._links |= by_key((RECORDED_TWICE.id, link) for link in self._twin_links(SETTLED))

    def _link_courses(self) -> None:
        """Link what may be of one course: trainings that are equal in all that tells are linked in a row."""
        profiles = by_key((event.likeness.told_as_course, event) for event in self._events)
        named: dict[object, list[Event]] = {}
        found: list[Link] = []
        for profile in profiles.values():
            one = profile[0].likeness
            for name in one.course_names:
                named.setdefault(name, []).append(profile[0])
            found += pairwise(profile if one.titles else ())
        links: list[Link] = []
        for alike in named.values():
            if len(alike) <= MOST_COMPARED:
                found += combinations(alike, 2)
            else:  # each is taken to be like the next one: that joins more, and so counts less
                links += filter(self._are_two, pairwise(alike))
                self._is_compared = False
        links += [link for link in found if self._question(*link) == SAME_COURSE.id]
        if links:
            self._links[SAME_COURSE.id] = links

    def _twin_links(self, world: World) -> Iterator[Link]:
        """Yield enough links to connect what may be of one training in a world, and is no question of courses."""
        seen = by_key(((event.likeness, world.place(event)), event) for event in self._twinned)
        for (one, place), events in seen.items():
            for other in self._alike.get(one, ()):
                pairs = joining_pairs(events, events if other == one else seen.get((other, place), ()))
                yield from filter(self._are_two, pairs)

    @cached_property
    def _twinned(self) -> list[Event]:
        """The trainings that another record may be of."""
        return [event for event in self._events if event.likeness in self._alike]

    def _are_two(self, link: Link) -> bool:
        return self._node_of[link[0].record.id] != self._node_of[link[1].record.id]

    def _question(self, one: Event, other: Event) -> str | None:
        """Return the question that two trainings raise; `None` where they raise none."""
        if not self._are_two((one, other)):
            return None
        if self._once and same_course(one.likeness, other.likeness) == "likely":
            return SAME_COURSE.id
        return RECORDED_TWICE.id if same_record(one.likeness, other.likeness) == "likely" else None

    def least(self, joining: Collection[str]) -> Ways:
        """Return the ways of joining what is alike, in all worlds where records may be wrong, that leave least."""
        key = tuple(joining)
        found = self._least.get(key)
        if found is None:
            found = self._least[key] = self._least_ways(joining)
        return found

    def _least_ways(self, joining: Collection[str]) -> Ways:
        disputed = self.disagreements if RECORDS_DISAGREE.id in joining else NONE
        ways = [self.ways(joining, world) for world in disputed.worlds or (SETTLED,)]
        if not disputed.worlds:
            return ways[0]
        # Worlds that differ only in what wrong records are one with leave the same to count.
        several = {classes.right: classes for found in reversed(ways) for classes in reversed(found.all)}
        each = tuple(several.values())[::-1]
        is_complete = disputed.is_complete and all(found.merged is None for found in ways) and len(each) <= MOST_OF_ONE
        return Ways(each, None) if is_complete else Ways(each[:1], self.everything(joining))

    def most(self, joining: Collection[str]) -> list[Ways]:
        """
        Return the same for each of the worlds among which is that in which most counts.

        Where the first of a course counts, a record that is wrong may not block those of the course that it names.
        """
        key = tuple(joining)
        found = self._most.get(key)
        if found is None:
            found = self._most[key] = [
                (self.with_erring(world.wrong) if world.is_apart_else else self).ways(joining, world)
                for world in self.disagreements.loosest
            ]
        return found

    def ways(self, joining: Collection[str], world: World = SETTLED) -> Ways:
        """
        Return the ways of joining what is alike that leave least to count.

        Args:
            joining: The questions of which the reading is taken that joins.
            world: Which records are of one training, and which of them are wrong, where records disagree.
        """
        components = self._components(self._joined_nodes(joining, world))
        place_of = {node: place for place, component in enumerate(components) for node in component}
        twins = by_key(
            (place_of[self._node_of[one.record.id]], (one, other)) for one, other in self._twins(joining, world)
        )
        groupings = [
            self._grouped(component, joining, world, twins.get(place, ())) for place, component in enumerate(components)
        ]
        choices = [found.all for found in groupings]
        if all(found.is_complete for found in groupings) and prod(map(len, choices)) <= MOST_WAYS:
            return Ways(tuple(self._joined(chosen, world.wrong) for chosen in product(*choices)), None)
        merged = self._joined([[component] for component in components], world.wrong)
        return Ways((self._joined([choice[0] for choice in choices], world.wrong),), merged)

    def settled(self, world: Settled) -> Classes:
        """Return the classes in a world in which it is settled which trainings are one."""
        return world.classes(self._events, once=self._once)

    def everything(self, joining: Collection[str]) -> Classes:
        """Return the classes where all that is connected is one, and counts for nothing if any of it may be wrong."""
        components = self._components(self._joined_nodes(joining, SETTLED))
        ids = [{event.record.id for node in nodes for event in self._nodes[node]} for nodes in components]
        disputed = self.disagreements.everything
        wrong = disputed.union(*(together for together in ids if not disputed.isdisjoint(together)))
        return self._joined([[component] for component in components], wrong)

    def _components(self, pairs: Collection[tuple[int, int]]) -> list[list[int]]:
        """Return the nodes that some pairs connect, and those that hold several trainings; all others stay alone."""
        nodes = sorted({*chain.from_iterable(pairs), *self._several})
        place_of = {node: place for place, node in enumerate(nodes)}
        found = components_of(len(nodes), {(place_of[one], place_of[other]) for one, other in pairs})
        return [[nodes[place] for place in component] for component in found]

    @cached_property
    def _several(self) -> list[int]:
        """The nodes that hold several trainings."""
        return [place for place, node in enumerate(self._nodes) if len(node) > 1]

    def _joined_nodes(self, joining: Collection[str], world: World) -> set[tuple[int, int]]:
        """Return the nodes that are linked under the readings that join."""
        links = {question: self._links.get(question, []) for question in joining}
        if RECORDED_TWICE.id in joining and world.place_of and self._is_compared:
            links[RECORDED_TWICE.id] = list(self._twin_links(world))
        return {
            (min(pair), max(pair))
            for one, other in chain.from_iterable(links.values())
            for pair in [(self._node_of[one.record.id], self._node_of[other.record.id])]
        }

    def _grouped(
        self, component: list[int], joining: Collection[str], world: World, twins: Collection[Link]
    ) -> Groupings:
        """Return the coarsest groupings of some nodes that are linked, of which some records may be of one training."""
        all_in_one = Groupings([[component]], is_complete=True)
        one_each = Groupings([[[node] for node in component]], is_complete=False)
        if not (twins and len(component) > 2) and not self._may_differ(component):
            return all_in_one
        nodes = by_key((self._face(node, world), node) for node in component)
        profiles = {face: {one.told_as_course: one for one, _ in face} for face in nodes}
        if not self._is_compared or max(len(nodes), *map(len, profiles.values())) > MOST_COMPARED:
            return one_each
        compare = same_course if self._once else same_record
        links, apart, named = set[tuple[Face, Face]](), set[tuple[Face, Face]](), set[tuple[Face, Face]]()
        for pair in [*combinations(nodes, 2), *((face, face) for face, some in nodes.items() if len(some) > 1)]:
            one, other = pair
            # Records of one training are of one course, whatever two lists call it.
            is_twin = RECORDED_TWICE.id in joining and self._are_twins(one, other)
            courses = {compare(*both) for both in product(profiles[one].values(), profiles[other].values())}
            if self._once and SAME_COURSE.id in joining and "likely" in courses:
                named.add(pair)
            if is_twin or pair in named:
                links.add(pair)
            if not is_twin and courses == {"different"}:
                apart.add(pair)
        pairs = self._twin_pairs(component, world) if twins else []
        if not apart and (not twins or len(pairs) > MOST_PAIRS):
            return all_in_one
        if len(component) > MOST_GROUPED:
            return one_each
        found = of_places(links, nodes), of_places(apart, nodes)
        if not twins:
            return groupings_of(component, *found)
        may_be_one = Twins(self._node_of, of_places(named, nodes), pairs).may_be_one
        return groupings_of(component, *found, may_be_one=may_be_one)

    def _twins(self, joining: Collection[str], world: World) -> Iterable[Link]:
        """Return links by which nodes, where courses count, are one only because two records of a training are."""
        if not self._once or RECORDED_TWICE.id not in joining:
            return ()
        return self._twin_links(world) if self._is_compared else self._links.get(RECORDED_TWICE.id, ())

    def _twin_pairs(self, component: list[int], world: World) -> list[Link]:
        """Return all pairs of records of some nodes that may be of one training, and are not alike as courses."""
        events = [event for node in component for event in self._nodes[node]]
        return [
            (one, other)
            for one in events
            if one.likeness in self._alike
            for other in events
            if self._node_of[one.record.id] < self._node_of[other.record.id]
            and other.likeness in self._alike[one.likeness]
            and not world.is_apart(one, other)
        ]

    def _face(self, node: int, world: World) -> Face:
        """Return all of a node that tells what it may be one with in a world."""
        return frozenset((event.likeness, world.place(event)) for event in self._nodes[node])

    def _are_twins(self, one: Face, other: Face) -> bool:
        """Return whether records of two nodes may be of one training, and that is no question of courses."""
        return any((alike, place) in other for seen, place in one for alike in self._alike.get(seen, ()))

    def _may_differ(self, component: list[int]) -> bool:
        """Return whether any two of some nodes may differ; most often all have the same title and nothing else."""
        if len(component) == 1 or not self._once:
            return len(component) > 1
        likenesses = [event.likeness for node in component for event in self._nodes[node]]
        return any(len({getattr(one, detail) for one in likenesses} - {None}) > 1 for detail in ("course", "provider"))

    def _joined(self, groupings: Iterable[Iterable[Iterable[int]]], wrong: frozenset[str]) -> Classes:
        groups = [
            sorted((event for node in group for event in self._nodes[node]), key=by_day)
            for grouping in groupings
            for group in grouping
        ]
        return Classes(map(tuple, groups), once=self._once, wrong=wrong)


def alike_in(
    history: History,
    events: Iterable[Event],
    counted: Sequence[Event],
    seen: Mapping[str, Hashable],
    *,
    once: bool,
    first_counts: bool = False,
) -> Alike:
    """
    Return which trainings are one, and which may be, found once for all requirements that see the same of them.

    Args:
        history: The records, which remember it.
        events: The trainings that may be one, or be wrong about one.
        counted: Those of them that may count.
        seen: What the requirement sees of each of them, by the id of the record.
        once: Whether trainings of one course are one; otherwise only records of one training are.
        first_counts: Whether of trainings that are one the first counts, and not the best.
    """
    key = alike_key(counted, tuple(seen.items()), once, first_counts)
    found: Alike | None = history.alike.get(key)
    if found is None:
        disagreements = disagreements_of(events, lambda event: seen[event.record.id], first_counts=first_counts)
        found = history.alike[key] = Alike(counted, once=once, disagreements=disagreements)
    return found


def alike_key(counted: Sequence[Event], seen: Hashable, *how: bool) -> tuple[Hashable, ...]:
    """Return all that it follows from which trainings are one."""
    return tuple([event.record.id for event in counted]), seen, how
