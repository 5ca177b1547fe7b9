"""
Which of a person's trainings may be one, found quickly: no pair is missed, and some pairs are found that differ.

Most people have no two trainings that look alike.  For them sums of training decide as they are; for the others the
sums without what may be counted already must suffice, or the trainings are compared one by one.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from peer_ledger.evaluation._same_records import by_key, connecting, first_of_each
from peer_ledger.records import Course, TrainingEvent
from peer_ledger.records._sameness import Likeness, codes_of, folded_title, name_of_course, titles_of

Events = Sequence[tuple[TrainingEvent, Course | None]]
"""Trainings by day, each with its course as far as that is on file."""


class MayBeOne(NamedTuple):
    """
    Which of some trainings may be one, by place: each of them with the first place of those.

    Attributes:
        of_training: Those that another record of the same training may be.
        of_course: These, and those of which another may be of the same course.
    """

    of_training: dict[int, int]
    of_course: dict[int, int]


NONE: Final = MayBeOne({}, {})
"""Where no two trainings may be one."""


def may_be_one(events: Events) -> MayBeOne:
    """
    Return which of some trainings may be one.

    Args:
        events: The trainings.
    """
    if are_apart(events):
        return NONE
    of_training = _one_record(events)
    return MayBeOne(of_training, _one_course(events, of_training))


def are_apart(events: Events) -> bool:
    """
    Return whether no two trainings can be one, as is soon seen of most people's.

    So it is where they name no course, and have titles or days to themselves.
    """
    names_course = any(course is not None or event.course is not None for event, course in events)
    return not names_course and have_own_names([event for event, _ in events])


def have_own_names(records: Sequence[TrainingEvent]) -> bool:
    """Return whether trainings have titles that all differ; one without a title has a day to itself."""
    titles = [record.title for record in records]
    titled = [title for title in titles if title is not None]
    if len({*map(folded_title, titled)}) < len(titled):
        return False
    return len(titled) == len(titles) or _have_own_days(records)


def _have_own_days(records: Sequence[TrainingEvent]) -> bool:
    """Return whether trainings without a title have days to themselves."""
    on_day = Counter([record.completed for record in records])
    return all(record.title is not None or on_day[record.completed] == 1 for record in records)


def _one_record(events: Events) -> dict[int, int]:
    """Return the places of the trainings that another record may be of, each with the first place of those."""
    places = by_key((Likeness.of(*events[place]), place) for day in _of_one_day(events) for place in day)
    return _joined(len(events), list(connecting(places)))


def _one_course(events: Events, one_each: Mapping[int, int]) -> dict[int, int]:
    """
    Return the places of the trainings of which another may be of the same course, each with the first place of those.

    Args:
        events: The trainings.
        one_each: The same for records of one training.
    """
    seen: dict[Hashable, int] = {}
    pairs = list(one_each.items())
    for place, (event, course) in enumerate(events):
        for name in names_of(event, course):
            first = seen.setdefault(name, place)
            if first != place:
                pairs.append((first, place))
    return _joined(len(events), pairs)


def _joined(number: int, pairs: Collection[tuple[int, int]]) -> dict[int, int]:
    """Return the places that pairs connect with another, each with the first one that it is connected with."""
    if not pairs:
        return {}
    first = first_of_each(number, pairs)
    several = {named for place, named in enumerate(first) if named != place}
    return {place: named for place, named in enumerate(first) if named in several}


def _of_one_day(events: Events) -> Iterator[range]:
    """Yield the places of the trainings of each day that has several, of which some may be one."""
    begin = 0
    for place in range(1, len(events) + 1):
        if place == len(events) or events[place][0].completed != events[begin][0].completed:
            if place - begin > 1 and not are_apart(events[begin:place]):
                yield range(begin, place)
            begin = place


def names_of(event: TrainingEvent, course: Course | None) -> Collection[Hashable]:
    """Return what trainings that may be of one course have in common: titles, and what names the course."""
    if event.course is None and course is None:
        return () if event.title is None else (folded_title(event.title),)
    codes = [] if event.course is None else [name_of_course(event, course)]
    return [*titles_of(event, course), *((code,) for code in (*codes, *codes_of(course)))]


def join(found: dict[int, int], one: int, other: int) -> None:
    """Join the trainings of two places, and all that are joined with them."""
    first, second = found.setdefault(one, one), found.setdefault(other, other)
    if first != second:
        for place, named in list(found.items()):
            if named in (first, second):
                found[place] = min(first, second)
