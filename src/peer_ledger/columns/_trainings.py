"""
Training as kinds and days, from columns: without a record for each row.

What the rules see of a training follows from its shape, and so does whether it may be the same as another one. Both are
found out once for each shape; a person's training is then a stretch of a few lists.
"""

from collections.abc import Hashable, Sequence
from datetime import date
from itertools import combinations, groupby
from typing import Any

import attrs

from peer_ledger.allocation._terms import MOST
from peer_ledger.columns._about import Together
from peer_ledger.columns._codes import numbers_of
from peer_ledger.columns._growing import Growing, Lists
from peer_ledger.columns._libraries import numpy
from peer_ledger.columns._shapes import Rows
from peer_ledger.evaluation._event import event_of
from peer_ledger.evaluation._history import Shared
from peer_ledger.evaluation._may_be_one import join, names_of
from peer_ledger.evaluation._training import Credits, Sums, TrainingByDay, TrainingKinds, disputed
from peer_ledger.records import TrainingEvent
from peer_ledger.records._sameness import Likeness, same_record

_ANY_DAY = date(2000, 1, 1)
MANY_DAYS = 1 << 22
"""More than any day's number."""

MOST_PAIRS = 1_000_000
"""Of how many pairs of shapes it is remembered whether they may be of the same training."""


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
        seen: What is seen of each shape, in the order in which they were looked at.
        credits: The kinds of the credits of each of these.
        units: The units of the credits of each of these.
        names: What each of these has in common with others that may be of one course.
        takes_records: Of each of these, whether the records decide what counts: it depends on the day or on an approval
            that the rule set does not know, or an amount is larger than any sum may be.
    """

    def __init__(self, kinds: TrainingKinds, shared: Shared) -> None:
        self.kinds, self._shared = kinds, shared
        self._examples: Sequence[Any] = ()
        self._numbers: dict[Hashable, int] = {}
        self._begin(())

    def _begin(self, examples: Sequence[Any]) -> None:
        self._examples, self._places = examples, Growing()
        self.seen: list[Seen] = []
        self.credits, self.units, self.names, self.takes_records = Lists(), Lists(), Lists(), Growing()
        self._alike: dict[tuple[int, int], bool] = {}

    def places(self, examples: Sequence[Any], shapes: Any) -> Any:
        """
        Return the places of some shapes in `seen`, after looking at those that are new.

        Args:
            examples: The record of each shape.
            shapes: The numbers of the shapes, as an array.
        """
        np = numpy()
        if self._examples is not examples:  # the shapes were numbered anew
            self._begin(examples)
        self._places.extend([-1] * (len(examples) - len(self._places)))
        of_shapes = self._places.all
        there = np.flatnonzero(np.bincount(shapes))
        new = there[of_shapes[there] < 0]
        of_shapes[new] = np.arange(len(self.seen), len(self.seen) + len(new))
        self._look_at([self._of(examples[shape]) for shape in new.tolist()])
        return of_shapes[shapes]

    def _look_at(self, seen: list[Seen]) -> None:
        unclear = self.kinds.unclear
        self.seen += seen
        self.credits.extend([[kind for kind, _ in one.credits or ()] for one in seen])
        self.units.extend([[min(units, MOST + 1) for _, units in one.credits or ()] for one in seen])
        self.names.extend([one.names for one in seen])
        self.takes_records.extend(
            one.credits is None or any(units > MOST or kind in unclear for kind, units in one.credits) for one in seen
        )

    def _of(self, example: TrainingEvent) -> Seen:
        course = None if example.course is None else self._shared.course(example.course)
        likeness = Likeness.of(example, course)
        if likeness.day != _ANY_DAY:
            likeness = attrs.evolve(likeness, day=_ANY_DAY)
        names = tuple([self._numbers.setdefault(name, len(self._numbers)) for name in names_of(example, course)])
        approvals = example.approvals or (
            course.approvals if course is not None and example.approvals is None else None
        )
        if self.kinds.are_dated or any(one.first_day or one.last_day for one in approvals or ()):
            return Seen(None, likeness, names)
        if course is None:
            return Seen(self.kinds.of_records([example])[0], likeness, names)
        return Seen(self.kinds.of(event_of(example, course, {}, date.max)), likeness, names)

    def are_alike(self, one: int, other: int) -> bool:
        """Return whether records of two shapes and of one day may be of the same training, by their places."""
        found = self._alike.get((one, other))
        if found is None:
            if len(self._alike) >= MOST_PAIRS:
                self._alike.clear()
            first, second = self.seen[one].likeness, self.seen[other].likeness
            found = self._alike[one, other] = same_record(first, second) == "likely"
        return found


class Trainings:
    """
    The trainings of the people of a part.

    Args:
        together: The rows of the table.
        of_shapes: What is seen of each shape.

    Attributes:
        bounds: Where the credits of each person begin, and where those of the last end.
        people: The place of the person of each credit.
        days: The day of each credit, as a number of the calendar; those of a person are in order.
        kinds: The kind of each credit.
        units: The units of each credit.
        keys: The person and the day of each credit as one number, in order.
        takes_records: Of each person, whether sums of these do not decide what counts.
    """

    def __init__(self, together: Together, of_shapes: TrainingShapes) -> None:
        np = numpy()
        rows, order, self._bounds = together
        self._of_shapes = of_shapes
        self._order = _by_day(rows, order, self._bounds)
        self._places = of_shapes.places(rows.examples, rows.shapes[self._order])
        self._of_row = np.repeat(np.arange(len(self._bounds) - 1), np.diff(self._bounds))
        self._days = numbers_of(rows.apart["completed"])[self._order]
        self.kinds, self._begins = of_shapes.credits.of(self._places)
        self.units, _ = of_shapes.units.of(self._places)
        counts = np.diff(self._begins)
        self.days, self.people = np.repeat(self._days, counts), np.repeat(self._of_row, counts)
        self.bounds = self._begins[self._bounds]
        self.keys = self.people * MANY_DAYS + self.days
        # No sum of a person may be larger than an allocation takes; a sum of floats says that well enough.
        sums = np.bincount(self.people, weights=self.units, minlength=len(self.bounds) - 1)
        self._may_be_one = self._may_be_alike()
        dated = self._of_row[of_shapes.takes_records.all[self._places] > 0]
        self.takes_records = self._may_be_one | (sums > MOST / 2)
        self.takes_records[dated] = True

    def within(self, begin: int, end: int) -> Sums:
        """Return how much there is of each kind, of the credits from one place to another; all amounts are known."""
        return Sums(self.kinds[begin:end].tolist(), self.units[begin:end].tolist())

    def of(self, place: int) -> TrainingByDay | None:
        """Return the training of the person at a place; `None` where it depends on more than kinds and days."""
        return self._training(self._bounds[place], self._bounds[place + 1], may_be_one=bool(self._may_be_one[place]))

    def _may_be_alike(self) -> Any:
        """Return of whom two trainings may be one, or of one course, as an array."""
        np, size = numpy(), len(self._of_shapes.seen)
        found = np.zeros(len(self._bounds) - 1, dtype=bool)
        distance = 1
        while True:
            same = np.flatnonzero(
                (self._of_row[distance:] == self._of_row[:-distance])
                & (self._days[distance:] == self._days[:-distance])
            )
            if not len(same):
                break
            pairs, both = np.unique(self._places[same] * size + self._places[same + distance], return_inverse=True)
            are_alike = [self._of_shapes.are_alike(*divmod(pair, size)) for pair in pairs.tolist()]
            found[self._of_row[same[np.array(are_alike)[both]]]] = True
            distance += 1
        names, begins = self._of_shapes.names.of(self._places)
        keys = np.repeat(self._of_row, np.diff(begins)) * (names.max(initial=0) + 1) + names
        keys.sort()
        twice = keys[1:][keys[1:] == keys[:-1]]
        found[twice // (names.max(initial=0) + 1)] = True
        return found

    def _training(self, begin: int, end: int, *, may_be_one: bool) -> TrainingByDay | None:
        seen = [self._of_shapes.seen[place] for place in self._places[begin:end].tolist()]
        on = [date.fromordinal(day) for day in self._days[begin:end].tolist()]
        known = [one.credits for one in seen if one.credits is not None]
        if len(known) < len(seen):
            return None
        one_each = self._one_record(begin, end) if may_be_one else {}
        flat = [
            (day, kind, units, number)
            for number, (day, each) in enumerate(zip(on, known, strict=True))
            for kind, units in each
        ]
        days, kinds, units, events = (list(column) for column in zip(*flat, strict=True)) if flat else ([], [], [], [])
        return TrainingByDay(
            days, kinds, units, events,
            one_each=one_each,
            one=_one_course([one.names for one in seen], one_each) if may_be_one else {},
            disputed=disputed(known, one_each),
            is_unclear=not self._of_shapes.kinds.unclear.isdisjoint(kinds),
        )  # fmt: skip

    def _one_record(self, begin: int, end: int) -> dict[int, int]:
        """Return the places of the trainings that another record may be of, each with the first place of those."""
        found: dict[int, int] = {}
        places, days = self._places[begin:end].tolist(), self._days[begin:end].tolist()
        for _, of_day in groupby(range(end - begin), days.__getitem__):
            for one, other in combinations(of_day, 2):
                if self._of_shapes.are_alike(places[one], places[other]):
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


def _by_day(rows: Rows, order: Any, bounds: Any) -> Any:
    """Return the positions of rows by person, and those of each person by day and id."""
    np, days = numpy(), numbers_of(rows.apart["completed"])
    people = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    ordered = order[np.argsort(people * MANY_DAYS + days[order])]
    tied = np.flatnonzero((people[1:] == people[:-1]) & (days[ordered][1:] == days[ordered][:-1]))
    if len(tied):  # only then do ids decide
        codes, texts = rows.apart["id"]
        some = np.unique(np.concatenate([tied, tied + 1]))
        ids = [str(texts[code]) for code in codes[ordered[some]].tolist()]
        keys = list(zip(people[some].tolist(), days[ordered[some]].tolist(), ids, strict=True))
        ordered[some] = ordered[some[sorted(range(len(keys)), key=keys.__getitem__)]]
    return ordered
