"""
Training as kinds and days, from columns: without a record for each row.

What the rules see of a training follows from its shape, and so does whether it may be the same as another one. Both are
found out once for each shape; a person's training is then a stretch of a few lists.
"""

from collections.abc import Hashable, Iterator, Sequence
from datetime import date
from itertools import combinations, groupby
from typing import Any

import attrs

from peer_ledger.columns._about import Together
from peer_ledger.columns._codes import paired
from peer_ledger.columns._libraries import numpy
from peer_ledger.evaluation._event import event_of
from peer_ledger.evaluation._history import Shared
from peer_ledger.evaluation._may_be_one import join, names_of
from peer_ledger.evaluation._training import Credits, TrainingByDay, TrainingKinds, disputed
from peer_ledger.records import TrainingEvent
from peer_ledger.records._sameness import Likeness, same_record

_ANY_DAY = date(2000, 1, 1)


@attrs.frozen(eq=False)
class Seen:
    """
    What is seen of every training of a shape.

    Attributes:
        credits: The kind and the units of each credit; `None` where they depend on the day.
        likeness: What decides whether another record of that day may be of the same training.
        names: The numbers of what trainings that may be of one course have in common.
    """

    credits: Credits | None
    likeness: Likeness
    names: tuple[int, ...]


class TrainingShapes:
    """
    What is seen of the trainings of each shape.

    Args:
        kinds: The kinds of training.
        shared: The records that belong to no person.

    Attributes:
        kinds: The kinds of training.
    """

    def __init__(self, kinds: TrainingKinds, shared: Shared) -> None:
        self.kinds, self._shared = kinds, shared
        self._examples: Sequence[Any] = ()
        self._seen: list[Seen | None] = []
        self._names: dict[Hashable, int] = {}
        self._alike: dict[tuple[int, int], bool] = {}

    def seen(self, examples: Sequence[Any], shapes: Iterator[int]) -> list[Seen | None]:
        """
        Return what is seen of each shape, as far as it is one of some.

        Args:
            examples: The record of each shape.
            shapes: The numbers of the shapes of which it is needed.
        """
        if self._examples is not examples:  # the shapes were numbered anew
            self._examples, self._seen, self._alike = examples, [], {}
        self._seen += [None] * (len(examples) - len(self._seen))
        for shape in shapes:
            if self._seen[shape] is None:
                self._seen[shape] = self._of(examples[shape])
        return self._seen

    def _of(self, example: TrainingEvent) -> Seen:
        course = None if example.course is None else self._shared.course(example.course)
        likeness = attrs.evolve(Likeness.of(example, course), day=_ANY_DAY)
        names = tuple([self._names.setdefault(name, len(self._names)) for name in names_of(example, course)])
        approvals = example.approvals or (
            course.approvals if course is not None and example.approvals is None else None
        )
        if approvals or self.kinds.are_dated:
            return Seen(None, likeness, names)
        event = event_of(example, course, {}, date.max)
        return Seen(self.kinds.of(event), likeness, names)

    def are_alike(self, one: int, other: int) -> bool:
        """Return whether records of two shapes and of one day may be of the same training."""
        found = self._alike.get((one, other))
        if found is None:
            first, second = self._seen[one], self._seen[other]
            assert first is not None, "it is seen by now"
            assert second is not None, "it is seen by now"
            found = self._alike[one, other] = same_record(first.likeness, second.likeness) == "likely"
        return found


class Trainings:
    """
    The trainings of the people of a part.

    Args:
        together: The rows of the table.
        of_shapes: What is seen of each shape.
    """

    def __init__(self, together: Together, of_shapes: TrainingShapes) -> None:
        np = numpy()
        rows, order, self._bounds = together
        self._of_shapes, self.order = of_shapes, _by_day(rows, order, self._bounds)
        shapes = rows.shapes[self.order]
        self._shapes: list[int] = shapes.tolist()
        seen = of_shapes.seen(rows.examples, iter(np.unique(shapes).tolist()))
        codes, days = rows.apart["completed"]
        self._days: list[date] = [days[code] for code in codes[self.order].tolist()]
        self._seen = [seen[shape] for shape in self._shapes]
        self._is_odd = self._odd(shapes, seen)
        self._flatten(shapes, seen)

    def of(self, place: int) -> TrainingByDay | None:
        """Return the training of the person at a place; `None` where it depends on more than kinds and days."""
        begin, end = self._bounds[place], self._bounds[place + 1]
        if self._is_odd[place]:
            return self._odd_training(begin, end)
        first, last = self._begins[begin], self._begins[end]
        return TrainingByDay(
            self._credit_days[first:last],
            self._kinds[first:last],
            self._units[first:last],
            self._events[first:last],
            one_each={},
            one={},
            disputed=(),
            is_unclear=bool(self._unclear) and not self._unclear.isdisjoint(self._kinds[first:last]),
        )

    def _flatten(self, shapes: Any, seen: list[Seen | None]) -> None:
        """Make one list of all credits."""
        np = numpy()
        self._unclear = self._of_shapes.kinds.unclear
        of_shapes = [one.credits or () if one is not None else () for one in seen]
        counts = np.array([len(each) for each in of_shapes], dtype=np.int64)
        kinds = np.array([kind for each in of_shapes for kind, _ in each], dtype=np.int64)
        units = np.array([amount for each in of_shapes for _, amount in each], dtype=object)
        begins = np.concatenate([[0], np.cumsum(counts[shapes])])
        events = np.repeat(np.arange(len(shapes)), counts[shapes])
        places = (np.cumsum(counts) - counts)[shapes][events] + np.arange(len(events)) - begins[events]
        self._begins: list[int] = begins.tolist()
        self._credit_days: list[date] = [self._days[event] for event in events.tolist()]
        self._kinds: list[int] = kinds[places].tolist()
        self._units: list[int | None] = units[places].tolist()
        self._events: list[int] = events.tolist()

    def _odd(self, shapes: Any, seen: list[Seen | None]) -> Any:
        """Return of whom some trainings may be one, or depend on more than kinds and days, as a list."""
        np = numpy()
        people = np.repeat(np.arange(len(self._bounds) - 1), np.diff(self._bounds))
        known = {shape: one for shape, one in enumerate(seen) if one is not None}
        is_dated = np.zeros(len(seen), dtype=bool)
        is_dated[[shape for shape, one in known.items() if one.credits is None]] = True
        odd = np.zeros(len(self._bounds) - 1, dtype=bool)
        odd[people[is_dated[shapes]]] = True
        days = np.array([day.toordinal() for day in self._days], dtype=np.int64)
        odd[people[1:][(people[1:] == people[:-1]) & (days[1:] == days[:-1])]] = True
        most = max((len(one.names) for one in known.values()), default=0)
        names = np.full((len(seen), most), -1, dtype=np.int64)
        for shape, one in known.items():
            names[shape, : len(one.names)] = one.names
        named = np.concatenate([names[shapes, place] for place in range(most)] or [days[:0]])
        whose = np.concatenate([people] * most or [days[:0]])[named >= 0]
        both, first = paired([whose, named[named >= 0]], len(whose))
        odd[whose[np.flatnonzero(first[both] != np.arange(len(whose)))]] = True
        return odd.tolist()

    def _odd_training(self, begin: int, end: int) -> TrainingByDay | None:
        seen = self._seen[begin:end]
        found: list[tuple[date, Seen]] = [
            (day, one) for day, one in zip(self._days[begin:end], seen, strict=True) if one is not None
        ]
        credits_ = [one.credits for _, one in found]
        known = [each for each in credits_ if each is not None]
        if len(known) < len(credits_):
            return None
        one_each = self._one_record(begin, end)
        flat = [
            (day, kind, units, number)
            for number, ((day, _), each) in enumerate(zip(found, known, strict=True))
            for kind, units in each
        ]
        days, kinds, units, events = (list(column) for column in zip(*flat, strict=True)) if flat else ([], [], [], [])
        return TrainingByDay(
            days, kinds, units, events,
            one_each=one_each,
            one=_one_course([one.names for _, one in found], one_each),
            disputed=disputed(known, one_each),
            is_unclear=not self._unclear.isdisjoint(kinds),
        )  # fmt: skip

    def _one_record(self, begin: int, end: int) -> dict[int, int]:
        """Return the places of the trainings that another record may be of, each with the first place of those."""
        found: dict[int, int] = {}
        shapes = self._shapes[begin:end]
        for _, of_day in groupby(range(end - begin), lambda place: self._days[begin + place]):
            for one, other in combinations(of_day, 2):
                if self._of_shapes.are_alike(shapes[one], shapes[other]):
                    join(found, one, other)
        return found


def _one_course(names: Sequence[tuple[int, ...]], one_each: dict[int, int]) -> dict[int, int]:
    """Return the places of the trainings of which another may be of the same course, each with the first of those."""
    seen: dict[int, int] = {}
    found = dict(one_each)
    for place, of_event in enumerate(names):
        for name in of_event:
            first = seen.setdefault(name, place)
            if first != place:
                join(found, first, place)
    return found


def _by_day(rows: Any, order: Any, bounds: Any) -> Any:
    """Return the positions of rows by person, and those of each person by day and id."""
    np = numpy()
    codes, days = rows.apart["completed"]
    ordinals = np.array([day.toordinal() if isinstance(day, date) else 0 for day in days], dtype=np.int64)[codes]
    ids, texts = rows.apart["id"]
    people = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    ordered, is_tied = order[np.lexsort((ordinals[order], people))], ordinals
    tied = (people[1:] == people[:-1]) & (is_tied[ordered][1:] == is_tied[ordered][:-1])
    if tied.any():  # only then do ids decide
        ranks = np.empty(len(texts), dtype=np.int64)
        ranks[sorted(range(len(texts)), key=lambda code: str(texts[code]))] = np.arange(len(texts))
        ordered = order[np.lexsort((ranks[ids][order], ordinals[order], people))]
    return ordered
