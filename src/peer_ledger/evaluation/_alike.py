"""
Trainings that are, or may be, the same: which of them count as one under the readings taken.

Trainings that are alike are joined into classes, of which one counts.  What only looks alike is joined under one
reading of a question and not under the other.  Joining more never makes more count, so nothing between these two needs
to be looked at.  No class holds two trainings that surely differ; a record that looks like either of two different ones
can be joined with one of them alone.  Then all ways of joining are tried, and the one in which least counts decides.

Records of one training may disagree.  Then each of them may be the right one, and the others count for nothing: that by
which least counts under one reading of a further question, and that by which most counts under the other.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import prod
from typing import Final, Generic, NamedTuple, TypeVar

import attrs

from peer_ledger.evaluation._classes import Classes, by_day
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._disagreements import NONE, SETTLED, Disagreements, World
from peer_ledger.evaluation._event import Event
from peer_ledger.evaluation._groupings import Groupings, components_of, groupings_of
from peer_ledger.evaluation._twins import Twins
from peer_ledger.records._sameness import same_course, same_record
from peer_ledger.reports import Result
from peer_ledger.reports._remarks import Remark, remark
from peer_ledger.rules import RECORDED_TWICE, RECORDS_DISAGREE, SAME_COURSE

Made = TypeVar("Made")
JOINING: Final[Mapping[str, str]] = {SAME_COURSE.id: "same", RECORDED_TWICE.id: "one", RECORDS_DISAGREE.id: "least"}
"""The reading of each question under which less counts: trainings that look alike are one, and the least is right."""

MOST_WAYS = 64
"""How many ways of joining trainings are looked at."""

Rank = tuple[int, Fraction]
"""How well a requirement stands: 2 if it is met, 0 if it is short, 1 if that depends on unknown details; and what is
missing, as a negative amount."""


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

    Attributes:
        questions: The questions that trainings which look alike raise.
        disagreements: The same.
    """

    def __init__(self, events: Iterable[Event], *, once: bool, disagreements: Disagreements = NONE) -> None:
        self._once, self.disagreements = once, disagreements
        self._events = list({event.record.id: event for event in events}.values())
        self._nodes: list[list[Event]] = list(self._sure()) if once else [[event] for event in self._events]
        self._node_of = {event.record.id: place for place, node in enumerate(self._nodes) for event in node}
        self._links: dict[str, list[tuple[Event, Event]]] = {}
        if len(self._events) > 1:
            self._link()
        raised = {*self._links, *((RECORDED_TWICE.id, RECORDS_DISAGREE.id) if disagreements.worlds else ())}
        self.questions = tuple(question for question in JOINING if question in raised)

    def _sure(self) -> Iterator[list[Event]]:
        """Yield the trainings that surely are of one course together."""
        named: dict[object, list[Event]] = {}
        for event in self._events:
            course = event.likeness.sure_course
            named.setdefault(course or event.record.id, []).append(event)
        yield from named.values()

    def _link(self) -> None:
        """Link what looks alike."""
        if self._once:
            self._link_courses()
        days: dict[object, list[Event]] = {}
        for event in self._events:
            days.setdefault(event.record.completed, []).append(event)
        for day in days.values():
            for pair in combinations(day, 2):
                self._link_pair(*pair)

    def _link_courses(self) -> None:
        """Link what may be of one course: trainings that are equal in all that tells are linked in a row."""
        profiles: dict[object, list[Event]] = {}
        for event in self._events:
            one = event.likeness
            profiles.setdefault((one.sure_course, one.titles, one.provider), []).append(event)
        named: dict[object, list[Event]] = {}
        for profile in profiles.values():
            one = profile[0].likeness
            for name in (*one.titles, *((code,) for code in {one.course, *one.codes} - {None})):
                named.setdefault(name, []).append(profile[0])
            for pair in pairwise(profile if one.titles else ()):
                self._link_pair(*pair)
        for alike in named.values():
            for pair in combinations(alike, 2):
                self._link_pair(*pair)

    def _link_pair(self, one: Event, other: Event) -> None:
        question = self._question(one, other)
        if question is not None:
            self._links.setdefault(question, []).append((one, other))

    def _question(self, one: Event, other: Event) -> str | None:
        """Return the question that two trainings raise; `None` where they raise none."""
        if self._node_of[one.record.id] == self._node_of[other.record.id]:
            return None
        if self._once and same_course(one.likeness, other.likeness) == "likely":
            return SAME_COURSE.id
        return RECORDED_TWICE.id if same_record(one.likeness, other.likeness) == "likely" else None

    def ways(self, joining: Collection[str], world: World = SETTLED) -> Ways:
        """
        Return the ways of joining what is alike that leave least to count.

        Args:
            joining: The questions of which the reading is taken that joins.
            world: Which records are of one training, and which of them are wrong, where records disagree.
        """
        components = components_of(len(self._nodes), self._joined_nodes(joining, world))
        groupings = [self._grouped(component, joining, world) for component in components]
        choices = [found.all for found in groupings]
        if all(found.is_complete for found in groupings) and prod(map(len, choices)) <= MOST_WAYS:
            return Ways(tuple(self._joined(chosen, world.wrong) for chosen in product(*choices)), None)
        merged = self._joined([[component] for component in components], world.wrong)
        return Ways((self._joined([choice[0] for choice in choices], world.wrong),), merged)

    def everything(self, joining: Collection[str]) -> Classes:
        """Return the classes where all that is connected is one, and counts for nothing if any of it may be wrong."""
        components = components_of(len(self._nodes), self._joined_nodes(joining, SETTLED))
        ids = [{event.record.id for node in nodes for event in self._nodes[node]} for nodes in components]
        disputed = self.disagreements.everything
        wrong = disputed.union(*(together for together in ids if not disputed.isdisjoint(together)))
        return self._joined([[component] for component in components], wrong)

    def _joined_nodes(self, joining: Collection[str], world: World) -> set[tuple[int, int]]:
        """Return the nodes that are linked under the readings that join."""
        return {
            (min(pair), max(pair))
            for question in joining
            for one, other in self._links.get(question, ())
            if question != RECORDED_TWICE.id or not world.is_apart(one, other)
            for pair in [(self._node_of[one.record.id], self._node_of[other.record.id])]
        }

    def _grouped(self, component: list[int], joining: Collection[str], world: World) -> Groupings:
        """Return the coarsest groupings of some nodes that are linked."""
        twins = self._twins(component, joining, world)
        if not self._may_differ(component) and not twins:
            return Groupings([[component]], is_complete=True)
        compare = same_course if self._once else same_record
        links, apart = set[tuple[int, int]](), set[tuple[int, int]]()
        for pair in combinations(component, 2):
            compared = list(product(*(self._nodes[node] for node in pair)))
            questions = {self._question_in(world, *both) for both in compared}
            if not questions.isdisjoint(joining):
                links.add(pair)
            # Records of one training are of one course, whatever two lists call it.
            is_twin = RECORDED_TWICE.id in questions and RECORDED_TWICE.id in joining
            if not is_twin and all(compare(one.likeness, other.likeness) == "different" for one, other in compared):
                apart.add(pair)
        if not twins:
            return groupings_of(component, links, apart)
        named = {pair for pair in links if SAME_COURSE.id in joining and self._may_be_of_one_course(*pair)}
        may_be_one = Twins(self._node_of, named, twins).may_be_one
        return groupings_of(component, links, apart, may_be_one=may_be_one)

    def _twins(self, component: list[int], joining: Collection[str], world: World) -> list[tuple[Event, Event]]:
        """Return which of some nodes, where courses count, may be one only because two records of a training are."""
        if not self._once or RECORDED_TWICE.id not in joining or len(component) < 3:
            return []
        return [
            (one, other)
            for one, other in self._links.get(RECORDED_TWICE.id, ())
            if self._node_of[one.record.id] in component and not world.is_apart(one, other)
        ]

    def _may_be_of_one_course(self, one: int, other: int) -> bool:
        return any(self._question(*pair) == SAME_COURSE.id for pair in product(self._nodes[one], self._nodes[other]))

    def _question_in(self, world: World, one: Event, other: Event) -> str | None:
        """Return the question that two trainings raise in a world."""
        question = self._question(one, other)
        return None if question == RECORDED_TWICE.id and world.is_apart(one, other) else question

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


class Decided(NamedTuple, Generic[Made]):
    """
    What a requirement comes to under the readings taken.

    Attributes:
        made: What it comes to.
        is_exact: Whether it is what it comes to under the way of joining that leaves least to count; otherwise there
            were too many ways, and less may have been counted than in any of them.
    """

    made: Made
    is_exact: bool


def decided(
    context: Context, alike: Alike, under: Callable[[Classes], Made], rank: Callable[[Made], Rank]
) -> Decided[Made]:
    """
    Return what a requirement comes to; which trainings are one is asked where it is not met if all that are alike are.

    Args:
        context: The records and readings.
        alike: Which trainings are one, and which may be.
        under: Returns what it comes to where some trainings are one.
        rank: Returns how well it stands then.
    """
    strictest = _least(alike, alike.questions, under, rank)
    if not alike.questions or rank(strictest.made)[0] == 2:
        return strictest
    about_sameness = [question for question in alike.questions if question != RECORDS_DISAGREE.id]
    joining = [question for question in about_sameness if _is_joined(context, question)]
    if len(about_sameness) < len(alike.questions) and RECORDED_TWICE.id in joining:
        if not _is_joined(context, RECORDS_DISAGREE.id):
            return _most(alike, joining, under, rank)
        joining.append(RECORDS_DISAGREE.id)
    return strictest if len(joining) == len(alike.questions) else _least(alike, joining, under, rank)


def _is_joined(context: Context, question: str) -> bool:
    return context.readings.take(question) == JOINING[question]


def _least(
    alike: Alike, joining: Collection[str], under: Callable[[Classes], Made], rank: Callable[[Made], Rank]
) -> Decided[Made]:
    """Return what a requirement comes to in the way and the world in which least counts."""
    disputed = alike.disagreements if RECORDS_DISAGREE.id in joining else NONE
    ways = [alike.ways(joining, world) for world in disputed.worlds or (SETTLED,)]
    if not disputed.worlds:
        return _of_ways(ways[0], under, rank)
    everything = alike.everything(joining)
    each = [classes for found in ways for classes in found.all]
    is_complete = disputed.is_complete and all(found.merged is None for found in ways) and len(each) <= MOST_WAYS
    return _of_ways(Ways(tuple(each), None) if is_complete else Ways(tuple(each[:1]), everything), under, rank)


def _most(
    alike: Alike, joining: Collection[str], under: Callable[[Classes], Made], rank: Callable[[Made], Rank]
) -> Decided[Made]:
    """Return what a requirement comes to in the world in which most counts, in each in the way in which least does."""
    disputed = alike.disagreements
    if not disputed.is_complete:
        nothing_wrong = _of_ways(alike.ways(joining), under, rank)
        return nothing_wrong._replace(is_exact=nothing_wrong.is_exact and rank(nothing_wrong.made)[0] == 0)
    found = [_of_ways(alike.ways(joining, world), under, rank) for world in disputed.worlds]
    return max(found, key=lambda decided: rank(decided.made))


def _of_ways(ways: Ways, under: Callable[[Classes], Made], rank: Callable[[Made], Rank]) -> Decided[Made]:
    if ways.merged is None and len(ways.all) == 1:
        return Decided(under(ways.all[0]), is_exact=True)
    if ways.merged is None:
        return Decided(min((under(classes) for classes in ways.all), key=rank), is_exact=True)
    merged = under(ways.merged)
    if rank(merged)[0] == 2:
        return Decided(merged, is_exact=True)
    found = under(ways.all[0])
    return Decided(found, is_exact=True) if rank(found)[0] == 0 else Decided(merged, is_exact=False)


def deciding(context: Context, alike: Alike, result_under: Callable[[Context], Result]) -> frozenset[str]:
    """
    Return which open questions about what is the same decide a requirement.

    Args:
        context: The records and readings.
        alike: Which trainings are one, and which may be.
        result_under: Returns how the requirement stands in another context, in which these questions are answered.
    """
    asked = [question for question in alike.questions if question in context.still_open]
    found: dict[tuple[str, ...], Result] = {}
    for answers in product(*([reading.id for reading in _QUESTIONS[question].readings] for question in asked)):
        readings = context.readings
        for question, reading in zip(asked, answers, strict=True):
            readings = readings.taking(question, reading)
        under = attrs.evolve(context, readings=readings, still_open=context.still_open - {*asked})
        found[answers] = result_under(under) if asked else "met"
    return frozenset(
        asked[place]
        for place, _ in enumerate(asked)
        for one, other in combinations(found, 2)
        if found[one] != found[other] and one[:place] + one[place + 1 :] == other[:place] + other[place + 1 :]
    )


def doubt_of(questions: Collection[str], *, is_exact: bool) -> Remark | None:
    """
    Return what leaves a requirement open that is not met for certain; `None` when nothing does.

    Args:
        questions: The open questions about what is the same that decide it.
        is_exact: Whether all ways in which trainings may be one were tried.
    """
    if questions:
        which = [name for name in (SAME_COURSE.id, RECORDED_TWICE.id, RECORDS_DISAGREE.id) if name in questions]
        return remark("alike-decides", questions=tuple(which))
    return None if is_exact else remark("alike-too-many")


def rank_of(result: Result, amount: Fraction) -> Rank:
    """Return how well a requirement stands that counts some amount."""
    return {"met": 2, "short": 0}.get(result, 1), amount


_QUESTIONS: Final = {question.id: question for question in (SAME_COURSE, RECORDED_TWICE, RECORDS_DISAGREE)}
