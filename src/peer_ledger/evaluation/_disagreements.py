"""
Records of one training that disagree: which of them may be right.

Two lists may record one training with other hours, topics or details. What one of them leaves out contradicts nothing:
only details that both have and that differ are a disagreement. Then nothing says which record is right, unless a
reviewer accepted one of them. So each may be: a world says which records are one and which of them are wrong.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, islice, product
from math import prod
from typing import Final, NamedTuple

import attrs

from peer_ledger.evaluation._event import Event
from peer_ledger.evaluation._groupings import MOST_GROUPED, groupings_of, of_places
from peer_ledger.evaluation._same_records import MOST_COMPARED, by_key, connecting, first_of_each
from peer_ledger.records._sameness import Content, content_of, same_record

MOST_WORLDS = 64
"""How many worlds are looked at, where records of several trainings disagree."""

MOST_OF_ONE = 128
"""How many worlds are looked at, where the records that disagree all look alike."""

MOST_SAID = 64
"""Of how many records that look alike, each saying something else, the worlds are looked at."""

MOST_IN_WORLDS = 1024
"""How many records these worlds may hold together, where the records are all of one training."""

SeenAs = Callable[[Event], Hashable]
"""Returns what a requirement sees of a training; records that it sees alike need not be told apart."""


class World(NamedTuple):
    """
    One way of it which records are of one training, and which of these are wrong.

    Attributes:
        place_of: The place of the training that each record is of, by its id, for the records that disagree with
            another one and those that may be one with these.
        wrong: The ids of the records that are wrong.
        is_apart_else: Whether each record that agrees with all others is of a training of its own; otherwise all that
            look alike are one.
    """

    place_of: Mapping[str, int]
    wrong: frozenset[str]
    is_apart_else: bool = False

    def place(self, event: Event) -> int | str | None:
        """Return what records of one training have in common; `None` where what looks alike is one."""
        record = event.record.id
        return self.place_of.get(record, record if self.is_apart_else else None)

    def is_apart(self, one: Event, other: Event) -> bool:
        """Return whether two records are of different trainings in this world, though they look alike."""
        places = self.place(one), self.place(other)
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
        loosest: The worlds among which is the one in which most counts.
    """

    worlds: tuple[World, ...] = ()
    everything: frozenset[str] = frozenset()
    is_complete: bool = True
    loosest: tuple[World, ...] = ()


NONE: Final = Disagreements()
"""The worlds where no records disagree."""


def disagreements_of(events: Iterable[Event], seen_as: SeenAs, *, first_counts: bool = False) -> Disagreements:
    """
    Return the worlds that the records of some trainings allow.

    Args:
        events: The trainings that may count.
        seen_as: Returns what the requirement sees of a training.
        first_counts: Whether of trainings that are one the first counts, and not the best. Then joining fewer records
            may make less count or more, so that all ways of joining them are worlds, and not only the coarsest.
    """
    choices = list(_each_component(_of_one_day(events), seen_as, first_counts=first_counts))
    if not choices:
        return NONE
    everything = frozenset[str]().union(*(found.wrong for found in choices))
    is_complete = all(found.is_complete for found in choices)
    choices_of = [found.worlds for found in choices]
    if first_counts:
        # A first record that is wrong blocks nothing: then less may count where records are not of one training.
        choices_of = [[*worlds, _one_each(worlds[0].place_of)] for worlds in choices_of]
    most = MOST_WORLDS if len(choices) > 1 else MOST_OF_ONE
    if not is_complete or prod(map(len, choices_of)) > most:
        return Disagreements((_together(found.worlds[0] for found in choices),), everything, is_complete=False)
    worlds = tuple(_together(chosen) for chosen in product(*choices_of))
    if not first_counts:
        return Disagreements(worlds, everything, loosest=worlds)
    # For the same reason most may count where some are of one training, and none of the others are.
    loosest = tuple(world._replace(is_apart_else=True) for world in worlds if world.wrong)
    return Disagreements(worlds, everything, loosest=loosest or worlds)  # nothing need be wrong in any of them


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
    """
    Return whether a record says less than another one that contradicts it in nothing.

    It leaves out its hours or topics, whatever else it says; or, where both say these or neither does, it leaves out
    another detail, and the other one leaves out none.
    """
    if any(contradictions(one, other)):
        return False
    if _lacks_content(one, other) or _lacks_content(other, one):
        return _lacks_content(one, other)
    return any(_gaps(one, other)) and not any(_gaps(other, one))


def _lacks_content(one: Event, other: Event) -> bool:
    """Return whether a record does not say how long a training was, or on which topics, and another one does."""
    if one.credits is None or other.credits is None:
        return one.credits is None and other.credits is not None
    return _is_vague(content_of(one.credits)) and not _is_vague(content_of(other.credits))


def _gaps(one: Event, other: Event) -> Iterator[bool]:
    """Yield of each detail whether a record leaves it out and another one does not."""
    yield from (detail(one) is None and detail(other) is not None for detail in _DETAILS.values())


def _contents(one: Event, other: Event) -> tuple[Content, Content] | None:
    """Return how much two records have on each set of topics; `None` where one of them does not say."""
    if one.credits is None or other.credits is None:
        return None
    return content_of(one.credits), content_of(other.credits)


def _is_vague(content: Content) -> bool:
    return any(topics is None for topics, _ in content)


@lru_cache(maxsize=65536)
def _amounts(content: Content) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for _, amount in content:
        unit, sum_ = amount if isinstance(amount, tuple) else ("hour", amount)
        found[unit] = found.get(unit, Fraction(0)) + sum_
    return found


def _of_one_day(events: Iterable[Event]) -> list[Event]:
    """Return the trainings of the days that have several."""
    days = by_key((event.record.completed, event) for event in events)
    return [event for day in days.values() if len(day) > 1 for event in day]


class _Choices(NamedTuple):
    """The worlds that records allow which look alike, what is wrong in some of them, and whether these are all."""

    worlds: list[World]
    wrong: frozenset[str]
    is_complete: bool


def _each_component(events: Sequence[Event], seen_as: SeenAs, *, first_counts: bool) -> Iterator[_Choices]:
    """Yield the worlds that records allow which look alike, for those among which some disagree."""
    alike = by_key((event.likeness, place) for place, event in enumerate(events))
    first = first_of_each(len(events), connecting(alike))
    for component in by_key((first[place], event) for place, event in enumerate(events)).values():
        kinds = by_key((said(event), event) for event in component)
        if len(kinds) > MOST_COMPARED:
            yield _too_many(component)
        elif len(kinds) > 1 and _some_tell_apart(list(kinds.values()), seen_as):
            is_much = len(kinds) > MOST_SAID
            yield _too_many(component) if is_much else _choices(component, seen_as, first_counts=first_counts)


def _some_tell_apart(kinds: Sequence[Sequence[Event]], seen_as: SeenAs) -> bool:
    """Return whether two records that may be of one training are told apart, of records sorted by what they say."""
    for some, others in combinations(kinds, 2):
        one, other = some[0], others[0]
        if same_record(one.likeness, other.likeness) != "different" and _are_unlike(one, other):
            seen = seen_as(one)
            if any(seen_as(event) != seen for event in (*some[1:], *others)):
                return True
    return False


def _choices(component: Sequence[Event], seen_as: SeenAs, *, first_counts: bool) -> _Choices:
    """Return the worlds that some records allow which look alike."""
    places = by_key((event.likeness, place) for place, event in enumerate(component))
    pairs = [*combinations(places, 2), *((one, one) for one, some in places.items() if len(some) > 1)]
    compared = {pair: same_record(*pair) for pair in pairs}
    groups = [[list(range(len(component)))]]
    is_complete = True
    if first_counts or "different" in compared.values():
        if len(component) > MOST_GROUPED:
            return _too_many(component)
        links, apart = (
            of_places([pair for pair, sameness in compared.items() if sameness == which], places)
            for which in ("likely", "different")
        )
        groups, is_complete = groupings_of(range(len(component)), links, apart, also_finer=first_counts)
    ways = [[[component[place] for place in group] for group in grouping] for grouping in groups]
    most = min(MOST_OF_ONE, MOST_IN_WORLDS // len(component))
    worlds = list(islice((world for way in ways for world in _worlds(way, seen_as)), most + 1))
    if not is_complete or len(worlds) > most:
        return _Choices(worlds[:1], _ids(component), is_complete=False)
    return _Choices(worlds, frozenset[str]().union(*(world.wrong for world in worlds)), is_complete=True)


def _too_many(component: Sequence[Event]) -> _Choices:
    """Return one world in which each record is of a training of its own; any of them may be wrong in another one."""
    return _Choices([_one_each(sorted(_ids(component)))], _ids(component), is_complete=False)


def _one_each(ids: Iterable[str]) -> World:
    """Return the world in which each record is of a training of its own, and right."""
    return World({record: place for place, record in enumerate(ids)}, frozenset())


def _ids(events: Iterable[Event]) -> frozenset[str]:
    return frozenset(event.record.id for event in events)


def said(event: Event) -> Hashable:
    """Return all that a record says of a training: records that say the same contradict nothing in each other."""
    return event.likeness, event.credits, event.delivery, event.provider, event.approved_by


def _worlds(groups: list[list[Event]], seen_as: SeenAs) -> Iterator[World]:
    """Yield the worlds in which the records of each group are of one training."""
    place_of = {event.record.id: place for place, group in enumerate(groups) for event in group}
    for wrong in product(*(wrong_ones(group, seen_as) for group in groups)):
        yield World(place_of, frozenset().union(*wrong))


def wrong_ones(group: list[Event], seen_as: SeenAs) -> list[frozenset[str]]:
    """
    Return which records of one training may be wrong together: all that disagree with one that is right.

    A record that says less than another one tells nothing that this does not, and yields to it.
    """
    kinds = list(by_key(((said(event), seen_as(event)), event) for event in group).items())
    right = [(seen, kind) for (_, seen), kind in kinds if kind[0].is_confirmed]
    right = right or [
        (seen, kind) for (_, seen), kind in kinds if not any(_says_less(kind[0], other[0]) for _, other in kinds)
    ]
    found = {
        _ids(event for (_, seen), other in kinds if seen != of_right and _yields(other[0], kind[0]) for event in other)
        for of_right, kind in right
    }
    # A record that leaves out what others disagree on does not say that all of these are right.
    return sorted((wrong for wrong in found if not any(wrong < more for more in found)), key=sorted)


def _yields(one: Event, other: Event) -> bool:
    """Return whether a record of a training is wrong, or says less, where another one is right."""
    return any(contradictions(one, other)) or _says_less(one, other)


def _are_unlike(one: Event, other: Event) -> bool:
    """Return whether one of two records of a training is wrong or says less."""
    return any(contradictions(one, other)) or _says_less(one, other) or _says_less(other, one)


def anything(event: Event) -> Hashable:
    """Return what a requirement sees of a training that may see all of it."""
    return event.credits, event.delivery, event.provider, event.approved_by, event.likeness.course


def _together(worlds: Iterable[World]) -> World:
    """Return the world in which all of some worlds are so, each of them about other records."""
    place_of: dict[str, int] = {}
    wrong = frozenset[str]()
    for world in worlds:
        first = len(place_of)  # so that no place is taken twice
        place_of |= {record: first + place for record, place in world.place_of.items()}
        wrong |= world.wrong
    return World(place_of, wrong)
