"""
Records of one training that disagree: which of them may be right.

Two lists may record one training with other hours, topics or details. What one of them leaves out contradicts nothing:
only details that both have and that differ are a disagreement. Then nothing says which record is right, unless a
reviewer accepted one of them. So each may be: a world says which records are one and which of them are wrong.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations, product
from math import prod
from typing import Final, NamedTuple

import attrs

from peer_ledger.evaluation._event import Event
from peer_ledger.evaluation._groupings import components_of, groupings_of
from peer_ledger.records._sameness import Content, content_of, same_record

MOST_WORLDS = 64
"""How many worlds are looked at."""

SeenAs = Callable[[Event], object]
"""Returns what a requirement sees of a training; records that it sees alike need not be told apart."""


class World(NamedTuple):
    """
    One way of it which records are of one training, and which of these are wrong.

    Attributes:
        place_of: The place of the training that each record is of, by its id, for the records that disagree with
            another one and those that may be one with these.
        wrong: The ids of the records that are wrong.
    """

    place_of: Mapping[str, int]
    wrong: frozenset[str]

    def is_apart(self, one: Event, other: Event) -> bool:
        """Return whether two records are of different trainings in this world, though they look alike."""
        places = self.place_of.get(one.record.id), self.place_of.get(other.record.id)
        return None not in places and places[0] != places[1]


SETTLED: Final = World({}, frozenset())
"""The world in which nothing is in dispute."""


@attrs.frozen
class Disagreements:
    """
    The worlds that records which disagree allow.

    Attributes:
        worlds: The worlds; none where no records disagree.
        everything: The ids of all records that are wrong in some world.
        is_complete: Whether these are all worlds; otherwise there are too many.
    """

    worlds: tuple[World, ...] = ()
    everything: frozenset[str] = frozenset()
    is_complete: bool = True


NONE: Final = Disagreements()
"""The worlds where no records disagree."""


def disagreements_of(events: Iterable[Event], seen_as: SeenAs, *, first_counts: bool = False) -> Disagreements:
    """
    Return the worlds that the records of some trainings allow.

    Args:
        events: The trainings that may count.
        seen_as: Returns what the requirement sees of a training.
        first_counts: Whether of trainings that are one the first counts, and not the best. Then joining fewer records
            may make less count, so that all ways of joining them are worlds, and not only the coarsest.
    """
    choices = [
        found
        for records in _of_one_day(events)
        for found in _each_component(records, seen_as, first_counts=first_counts)
    ]
    if not choices:
        return NONE
    everything = frozenset(record for worlds in choices for world in worlds for record in world.wrong)
    if prod(map(len, choices)) > MOST_WORLDS:
        return Disagreements((_together(worlds[0] for worlds in choices),), everything, is_complete=False)
    return Disagreements(tuple(_together(chosen) for chosen in product(*choices)), everything)


def contradictions(one: Event, other: Event) -> Iterator[str]:
    """Yield in what two records of one training contradict each other: both say it, and not the same."""
    contents = _contents(one, other)
    if contents is not None and _amounts(contents[0]) != _amounts(contents[1]):
        yield "hours"
    elif contents is not None and contents[0] != contents[1] and not any(map(_is_vague, contents)):
        yield "topics"
    for name, detail in _DETAILS.items():
        details = detail(one), detail(other)
        if None not in details and details[0] != details[1]:
            yield name


_DETAILS: Final[Mapping[str, Callable[[Event], object]]] = {
    "delivery": lambda event: event.delivery,
    "provider": lambda event: event.provider,
    "approvals": lambda event: event.approved_by,
    "course": lambda event: event.likeness.course,
}
"""What a record says of a training besides its hours and topics."""


def _says_less(one: Event, other: Event) -> bool:
    """Return whether a record says nothing that another one does not say, and leaves out something."""
    return not any(contradictions(one, other)) and any(_gaps(one, other)) and not any(_gaps(other, one))


def _gaps(one: Event, other: Event) -> Iterator[bool]:
    """Yield of each detail whether a record leaves it out and another one does not."""
    contents = _contents(one, other)
    yield one.credits is None and other.credits is not None
    yield contents is not None and _is_vague(contents[0]) and not _is_vague(contents[1])
    yield from (detail(one) is None and detail(other) is not None for detail in _DETAILS.values())


def _contents(one: Event, other: Event) -> tuple[Content, Content] | None:
    """Return how much two records have on each set of topics; `None` where one of them does not say."""
    if one.credits is None or other.credits is None:
        return None
    return content_of(one.credits), content_of(other.credits)


def _is_vague(content: Content) -> bool:
    return any(topics is None for topics, _ in content)


def _amounts(content: Content) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for _, amount in content:
        unit, sum_ = amount if isinstance(amount, tuple) else ("hour", amount)
        found[unit] = found.get(unit, Fraction(0)) + sum_
    return found


def _of_one_day(events: Iterable[Event]) -> Iterator[list[Event]]:
    """Yield the trainings of each day that has several."""
    days: dict[object, list[Event]] = {}
    for event in events:
        days.setdefault(event.record.completed, []).append(event)
    yield from (day for day in days.values() if len(day) > 1)


def _each_component(events: list[Event], seen_as: SeenAs, *, first_counts: bool) -> Iterator[list[World]]:
    """Yield the worlds that records allow which look alike, for those among which some disagree."""
    pairs = list(combinations(range(len(events)), 2))
    compared = {(one, other): same_record(events[one].likeness, events[other].likeness) for one, other in pairs}
    links = {pair for pair, sameness in compared.items() if sameness == "likely"}
    apart = {pair for pair, sameness in compared.items() if sameness == "different"}
    for component in components_of(len(events), links):
        inner = {pair for pair in pairs if {*pair} <= {*component}}
        if not any(_tell_apart(events[one], events[other], seen_as) for one, other in inner - apart):
            continue
        ways = groupings_of(component, links & inner, apart & inner, also_finer=first_counts)
        yield [
            world
            for groups in ways.all
            for world in _worlds([[events[place] for place in group] for group in groups], seen_as)
        ]


def _worlds(groups: list[list[Event]], seen_as: SeenAs) -> Iterator[World]:
    """Yield the worlds in which the records of each group are of one training."""
    place_of = {event.record.id: place for place, group in enumerate(groups) for event in group}
    for wrong in product(*(_wrong_ones(group, seen_as) for group in groups)):
        yield World(place_of, frozenset().union(*wrong))


def _wrong_ones(group: list[Event], seen_as: SeenAs) -> list[frozenset[str]]:
    """
    Return which records of one training may be wrong together: all that disagree with one that is right.

    A record that says less than another one tells nothing that this does not, and yields to it.
    """
    right = [event for event in group if event.is_confirmed]
    right = right or [event for event in group if not any(_says_less(event, other) for other in group)]
    found = {
        frozenset(
            other.record.id for other in group if _tell_apart(event, other, seen_as) and not _says_less(event, other)
        )
        for event in right
    }
    # A record that leaves out what others disagree on does not say that all of these are right.
    return sorted((wrong for wrong in found if not any(wrong < more for more in found)), key=sorted)


def _tell_apart(one: Event, other: Event, seen_as: SeenAs) -> bool:
    """Return whether one of two records of a training is wrong or says less, and a requirement sees that."""
    is_unlike = any(contradictions(one, other)) or _says_less(one, other) or _says_less(other, one)
    return is_unlike and seen_as(one) != seen_as(other)


def _together(worlds: Iterable[World]) -> World:
    """Return the world in which all of some worlds are so, each of them about other records."""
    place_of: dict[str, int] = {}
    wrong = frozenset[str]()
    for world in worlds:
        first = len(place_of)  # so that no place is taken twice
        place_of |= {record: first + place for record, place in world.place_of.items()}
        wrong |= world.wrong
    return World(place_of, wrong)
