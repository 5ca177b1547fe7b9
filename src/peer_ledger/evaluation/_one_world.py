"""
Worlds in which it is settled for all trainings of a person which of them are one, and which records are wrong.

A requirement by itself takes the way of joining trainings that leaves least to count. Where a person filed more than
once that is not enough: which application is judged may depend on the trainings, and then a figure of one application
must not be that of records by which another one would have been judged. So every way is tried for all together.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from itertools import chain, combinations, islice, product
from math import prod
from typing import Final

import attrs

from peer_ledger.evaluation._classes import Classes, by_day
from peer_ledger.evaluation._disagreements import anything, wrong_ones
from peer_ledger.evaluation._event import Event
from peer_ledger.evaluation._groupings import components_of, groupings_of
from peer_ledger.evaluation._same_records import by_key, first_of_each
from peer_ledger.records._sameness import same_course, same_record
from peer_ledger.rules import RECORDED_TWICE, SAME_COURSE

MOST_SETTLED: Final = 64
"""How many worlds are looked at."""

MOST_EVENTS: Final = 512
"""Of how many trainings worlds are looked for."""


@attrs.frozen(eq=False)
class Settled:
    """
    One way of it which of a person's trainings are one.

    Attributes:
        training_of: The first record of the training that each record is of, by ids.
        course_of: The first record of the course that each record is of, by ids.
        wrong: The ids of the records that are wrong.
    """

    training_of: Mapping[str, str]
    course_of: Mapping[str, str]
    wrong: frozenset[str]

    def classes(self, events: Iterable[Event], *, once: bool) -> Classes:
        """
        Return the classes of some trainings.

        Args:
            events: The trainings.
            once: Whether trainings of one course are one; otherwise only records of one training are.
        """
        first_of = self.course_of if once else self.training_of
        groups = by_key((first_of.get(event.record.id, event.record.id), event) for event in events)
        return Classes((tuple(sorted(group, key=by_day)) for group in groups.values()), once=once, wrong=self.wrong)


Joined = list[list[int]]
"""Places, those that are one together."""


def settled_worlds(
    events: Sequence[Event], joining: Collection[str], finer: Collection[str], most: int = MOST_SETTLED
) -> list[list[Settled]] | None:
    """
    Return the worlds that some trainings allow; `None` where there are too many.

    They are sorted by which trainings are one: those that stand together differ in which records are wrong.

    Args:
        events: The trainings.
        joining: The questions about what is the same of which the reading is taken that joins.
        finer: Those of them that are open: what looks alike may be one, and some or all of it may not.
        most: How many worlds are looked at.
    """
    if len(events) > MOST_EVENTS:
        return None
    records = _Groupings(len(events))
    if RECORDED_TWICE.id in joining:
        same_day = by_key((event.record.completed, place) for place, event in enumerate(events))
        for places in same_day.values():
            for one, other in combinations(places, 2):
                records.see(one, other, {same_record(events[one].likeness, events[other].likeness)})
    entered = records.all(also_finer=RECORDED_TWICE.id in finer)
    found: list[list[Settled]] = []
    for trainings in entered or ():
        together = _with_courses(events, trainings, joining, finer)
        if together is None:
            return None
        found += together
        if sum(map(len, found)) > most:
            return None
    return found or None


def _with_courses(
    events: Sequence[Event], trainings: Joined, joining: Collection[str], finer: Collection[str]
) -> list[list[Settled]] | None:
    """Return the worlds in which some records are of one training; `None` where there are too many."""
    groups = [[events[place] for place in group] for group in trainings]
    choices = [wrong_ones(group, anything) for group in groups]
    each = list(islice((frozenset().union(*wrong) for wrong in product(*choices)), MOST_SETTLED + 1))
    if len(each) > MOST_SETTLED:
        return None
    several: dict[Hashable, tuple[Joined, list[frozenset[str]]]] = {}
    for wrong in each:
        # What a record that is wrong says of its course may be wrong, too, or right.
        for erring in dict.fromkeys((frozenset[str](), wrong)):
            ways = _courses(events, trainings, erring, joining, finer)
            if ways is None:
                return None
            for courses in ways:
                several.setdefault(tuple(map(tuple, courses)), (courses, []))[1].append(wrong)
    training_of = _first_of(events, trainings)
    return [
        [Settled(training_of, _first_of(events, courses), wrong) for wrong in dict.fromkeys(wrongs)]
        for courses, wrongs in several.values()
    ]


def _courses(
    events: Sequence[Event],
    trainings: Joined,
    erring: frozenset[str],
    joining: Collection[str],
    finer: Collection[str],
) -> list[Joined] | None:
    """Return the ways in which trainings are of one course; `None` where there are too many."""
    telling = [place for place, event in enumerate(events) if event.record.id not in erring]
    named = by_key((events[place].likeness.sure_course or place, place) for place in telling)
    pairs = [(group[0], other) for group in (*trainings, *named.values()) for other in group[1:]]
    first = first_of_each(len(events), pairs)
    nodes = list(by_key((first[place], place) for place in range(len(events))).values())
    found = _Groupings(len(nodes))
    if SAME_COURSE.id in joining:
        tell = {*telling}
        seen = [
            {one.told_as_course: one for one in (events[place].likeness for place in node if place in tell)}
            for node in nodes
        ]
        by_name: dict[Hashable, set[int]] = {}
        for place, some in enumerate(seen):
            for name in chain.from_iterable(one.course_names for one in some.values()):
                by_name.setdefault(name, set()).add(place)
        beside = {pair for places in by_name.values() for pair in combinations(sorted(places), 2)}
        for component in components_of(len(nodes), beside):
            for one, other in combinations(component, 2):
                found.see(
                    one, other, {same_course(*both) for both in product(seen[one].values(), seen[other].values())}
                )
    ways = found.all(also_finer=SAME_COURSE.id in finer)
    if ways is None:
        return None
    return [[sorted(place for node in group for place in nodes[node]) for group in way] for way in ways]


def _first_of(events: Sequence[Event], groups: Joined) -> dict[str, str]:
    return {
        events[place].record.id: events[group[0]].record.id for group in groups if len(group) > 1 for place in group
    }


class _Groupings:
    """
    The ways of grouping things of which some may be one.

    Args:
        number: How many things there are.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._links: set[tuple[int, int]] = set()
        self._apart: set[tuple[int, int]] = set()

    def see(self, one: int, other: int, found: Collection[str]) -> None:
        """Take how two things stand to each other, the lower place first."""
        if "likely" in found:
            self._links.add((one, other))
        elif found == {"different"}:
            self._apart.add((one, other))

    def all(self, *, also_finer: bool) -> list[Joined] | None:
        """
        Return the ways of grouping; `None` where there are too many.

        Args:
            also_finer: Whether those are wanted, too, of which groups could be one.
        """
        choices: list[list[Joined]] = []
        for component in components_of(self._number, self._links):
            if len(component) == 1:
                choices.append([[component]])
                continue
            found = groupings_of(component, self._links, self._apart, also_finer=also_finer)
            if not found.is_complete:
                return None
            choices.append([*found.all, *([[[place] for place in component]] if also_finer else [])])
        if prod(map(len, choices)) > MOST_SETTLED:
            return None
        return [sorted(group for chosen in way for group in chosen) for way in product(*choices)]
