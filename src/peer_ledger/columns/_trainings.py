"""
Training as kinds and days, from columns: without a record for each row.

What the rules see of a training follows from its shape and amount, and so does whether it may be the same as another
one. Both are found out once for each shape; a person's training is then a stretch of a few lists.
"""

from collections.abc import Hashable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, groupby
from math import ceil
from typing import Any, NamedTuple

import attrs

from peer_ledger.allocation._terms import MOST
from peer_ledger.columns._about import Together
from peer_ledger.columns._codes import numbers_of, paired
from peer_ledger.columns._growing import Growing, Lists
from peer_ledger.columns._libraries import numpy
from peer_ledger.columns._shapes import Rows, another, with_amount
from peer_ledger.evaluation._event import as_fraction, event_of
from peer_ledger.evaluation._history import Shared
from peer_ledger.evaluation._may_be_one import join, names_of
from peer_ledger.evaluation._training import Credits, Sums, TrainingByDay, TrainingKinds, disputed
from peer_ledger.records import TrainingEvent
from peer_ledger.records._sameness import Content, Likeness, same_record
from peer_ledger.values.hours import DECIMALS, WORTH

_ANY_DAY = date(2000, 1, 1)
MANY_DAYS = 1 << 22
"""More than any day's number."""

MOST_PAIRS = 1_000_000
"""Of how many pairs of trainings it is remembered whether they may be one."""

_SMALLEST = 10**DECIMALS
"""How many of the smallest amounts one is."""

_MINUTES = 60


class Amounts(NamedTuple):
    """
    The amounts of the trainings of a part that have a single credit of their own.

    Attributes:
        codes: The code of the amount of each row.
        sizes: How many of the smallest amounts that of each row is; 1 where the shape of the row says how much it has.
        values: The amount of each code; something else where a row has none.
    """

    codes: Any
    sizes: Any
    values: Sequence[Any]

    @classmethod
    def of(cls, rows: Rows, order: Any) -> "Amounts":
        """Return the amounts of rows in some order."""
        np = numpy()
        if "amount" not in rows.apart:
            return cls(np.zeros(len(order), dtype=np.int64), np.ones(len(order), dtype=np.int64), [None])
        codes, values = rows.apart["amount"]
        sizes = [_size_of(value) for value in values]
        return cls(codes[order], np.array(sizes, dtype=np.int64)[codes[order]], values)


def _size_of(amount: Any) -> int:
    return int(as_fraction(amount) * _SMALLEST) if isinstance(amount, Decimal) else 1


@attrs.frozen(eq=False)
class Seen:
    """
    What is seen of every training of a shape, and of a length if that tells kinds of training apart.

    Attributes:
        credits: The kind and the units of each credit; `None` where they depend on the day.
        likeness: What decides whether another record of that day may be of the same training.
        names: The numbers of what trainings that may be of one course have in common.
        size: The amount of the example, in the smallest amounts; 1 where all trainings of the shape have the same.
        is_vague: Whether it is not known how much that is, as the unit is of unknown worth.
    """

    credits: Credits | None
    likeness: Likeness
    names: tuple[int, ...]
    size: int
    is_vague: bool

    def credits_of(self, size: int) -> Credits:
        """Return the kind and the units of each credit of a training with another amount."""
        known = self.credits or ()
        if size == self.size or self.is_vague:
            return known
        return tuple([(kind, units // self.size * size) for kind, units in known])

    def of_smallest(self, units: int) -> int:
        """Return how many units the smallest amount has, given those of a credit; all of them where that is vague."""
        return units if self.is_vague else units // self.size

    def likeness_of(self, size: int) -> Likeness:
        """Return what decides whether a training with another amount may be the same as another one."""
        if size == self.size or self.likeness.content is None:
            return self.likeness
        return attrs.evolve(self.likeness, content=_times(self.likeness.content, Fraction(size, self.size)))


def _times(content: Content, factor: Fraction) -> Content:
    return frozenset(
        (topics, (amount[0], amount[1] * factor) if isinstance(amount, tuple) else amount * factor)
        for topics, amount in content
    )


class TrainingShapes:
    """
    What is seen of the trainings of each shape.

    Args:
        kinds: The kinds of training.
        shared: The records that belong to no person.

    Attributes:
        kinds: The kinds of training.
        seen: What is seen of each shape and length, in the order in which they were looked at.
        credits: The kinds of the credits of each of these.
        units: The units of the credits of each of these; of the smallest amount, where each training has its own.
        names: What each of these has in common with others that may be of one course.
        takes_records: Of each of these, whether the records decide what counts: it depends on the day or on an approval
            that the rule set does not know.
        grows: Of each of these, whether its units grow with the amount; those of an unknown unit do not.
    """

    def __init__(self, kinds: TrainingKinds, shared: Shared) -> None:
        self.kinds, self._shared = kinds, shared
        self._examples: Sequence[Any] = ()
        self._numbers: dict[Hashable, int] = {}
        self._begin(())

    def _begin(self, examples: Sequence[Any]) -> None:
        self._examples, self._places, self._minutes = examples, Growing(), Growing()
        self.seen: list[Seen] = []
        self.credits, self.units, self.names = Lists(), Lists(), Lists()
        self.grows, self.takes_records = Growing(), Growing()
        self._if_equal: dict[tuple[int, int], bool] = {}
        self._alike: dict[tuple[int, int, int, int], bool] = {}

    def places(self, examples: Sequence[Any], shapes: Any, amounts: Amounts) -> Any:
        """
        Return the places of some trainings in `seen`, after looking at what is new.

        Args:
            examples: The record of each shape.
            shapes: The numbers of the shapes of the trainings, as an array.
            amounts: Their amounts.
        """
        np, width = numpy(), len(self.kinds.lengths) + 1
        if self._examples is not examples:  # the shapes were numbered anew
            self._begin(examples)
        keys = shapes * width + self._lengths_of(shapes, amounts)
        self._places.extend([-1] * (len(examples) * width - len(self._places)))
        of_keys = self._places.all
        there = np.flatnonzero(np.bincount(keys))
        new = there[of_keys[there] < 0]
        if len(new):
            first = np.empty(len(of_keys), dtype=np.int64)
            first[keys[::-1]] = np.arange(len(keys) - 1, -1, -1)
            of_keys[new] = np.arange(len(self.seen), len(self.seen) + len(new))
            found = zip((new // width).tolist(), amounts.codes[first[new]].tolist(), strict=True)
            self._look_at([self._of(examples[shape], amounts.values[code]) for shape, code in found])
        return of_keys[keys]

    def _lengths_of(self, shapes: Any, amounts: Amounts) -> Any:
        """Return how many of the lengths that tell kinds of training apart each of some trainings reaches."""
        np = numpy()
        if not self.kinds.lengths:
            return 0
        new = self._examples[len(self._minutes) :]
        self._minutes.extend([_minutes_of(one) for one in new])
        bounds = [ceil(hours * _SMALLEST * _MINUTES) for hours in self.kinds.lengths]
        return np.searchsorted(np.array(bounds), self._minutes.all[shapes] * amounts.sizes, side="right")

    def _look_at(self, seen: list[Seen]) -> None:
        unclear = self.kinds.unclear
        self.seen += seen
        self.credits.extend([[kind for kind, _ in one.credits or ()] for one in seen])
        self.units.extend([[min(one.of_smallest(units), MOST + 1) for _, units in one.credits or ()] for one in seen])
        self.names.extend([one.names for one in seen])
        self.grows.extend(not one.is_vague for one in seen)
        self.takes_records.extend(
            one.credits is None or any(kind in unclear for kind, _ in one.credits) for one in seen
        )

    def _of(self, shape: TrainingEvent, amount: Decimal | None) -> Seen:
        example, size = shape, _size_of(amount)
        if amount is not None and shape.credits:
            example = another(shape, {"credits": with_amount(shape.credits, amount)})
        course = None if example.course is None else self._shared.course(example.course)
        likeness = Likeness.of(example, course)
        if likeness.day != _ANY_DAY:
            likeness = attrs.evolve(likeness, day=_ANY_DAY)
        names = tuple([self._numbers.setdefault(name, len(self._numbers)) for name in names_of(example, course)])
        approvals = example.approvals or (
            course.approvals if course is not None and example.approvals is None else None
        )
        if self.kinds.are_dated or any(one.first_day or one.last_day for one in approvals or ()):
            return Seen(None, likeness, names, size, is_vague=False)
        if course is None:
            [credits_] = self.kinds.of_records([example])
        else:
            credits_ = self.kinds.of(event_of(example, course, {}, date.max))
        is_vague = any(kind in self.kinds.vague for kind, _ in credits_)
        return Seen(credits_, likeness, names, size, is_vague=is_vague)

    def are_alike(self, one: int, one_size: int, other: int, other_size: int) -> bool:
        """Return whether two records of one day may be of the same training, by their places and amounts."""
        may_be = self._if_equal.get((one, other))
        if may_be is None:
            self._forget_some()
            first, second = self.seen[one].likeness, self.seen[other].likeness
            may_be = same_record(first, attrs.evolve(second, content=first.content)) == "likely"
            self._if_equal[one, other] = may_be
        if not may_be:  # whatever the amounts are
            return False
        key = one, one_size, other, other_size
        found = self._alike.get(key)
        if found is None:
            self._forget_some()
            first, second = self.seen[one].likeness_of(one_size), self.seen[other].likeness_of(other_size)
            found = self._alike[key] = same_record(first, second) == "likely"
        return found

    def _forget_some(self) -> None:
        for known in (self._if_equal, self._alike):
            if len(known) >= MOST_PAIRS:
                known.clear()


def _minutes_of(example: Any) -> int:
    """Return how many minutes the unit of a shape's only credit has; 0 where it is no time, or there is none."""
    credits_ = example.credits if isinstance(example, TrainingEvent) else None
    return int(WORTH.get(credits_[0].unit, 0) * _MINUTES) if credits_ and len(credits_) == 1 else 0


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
        self._amounts = Amounts.of(rows, self._order)
        self._places = of_shapes.places(rows.examples, rows.shapes[self._order], self._amounts)
        self._of_row = np.repeat(np.arange(len(self._bounds) - 1), np.diff(self._bounds))
        self._days = numbers_of(rows.apart["completed"])[self._order]
        self.kinds, self._begins = of_shapes.credits.of(self._places)
        units, _ = of_shapes.units.of(self._places)
        counts = np.diff(self._begins)
        grows = of_shapes.grows.all[self._places] > 0
        sizes = np.repeat(np.where(grows, self._amounts.sizes, 1), counts)
        self.units = np.where(units > MOST // sizes, MOST + 1, units * sizes)
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
        np, places, amounts = numpy(), self._places, self._amounts
        found = np.zeros(len(self._bounds) - 1, dtype=bool)
        distance = 1
        while True:
            same = np.flatnonzero(
                (self._of_row[distance:] == self._of_row[:-distance])
                & (self._days[distance:] == self._days[:-distance])
            )
            if not len(same):
                break
            after = same + distance
            both, first = paired([places[same], amounts.codes[same], places[after], amounts.codes[after]], len(same))
            are_alike = [self._are_alike(same[one], after[one]) for one in first.tolist()]
            found[self._of_row[same[np.array(are_alike)[both]]]] = True
            distance += 1
        names, begins = self._of_shapes.names.of(self._places)
        keys = np.repeat(self._of_row, np.diff(begins)) * (names.max(initial=0) + 1) + names
        keys.sort()
        twice = keys[1:][keys[1:] == keys[:-1]]
        found[twice // (names.max(initial=0) + 1)] = True
        return found

    def _are_alike(self, one: int, other: int) -> bool:
        """Return whether the trainings in two rows, of one day, may be one."""
        places, sizes = self._places, self._amounts.sizes
        return self._of_shapes.are_alike(int(places[one]), int(sizes[one]), int(places[other]), int(sizes[other]))

    def _training(self, begin: int, end: int, *, may_be_one: bool) -> TrainingByDay | None:
        seen = [self._of_shapes.seen[place] for place in self._places[begin:end].tolist()]
        on = [date.fromordinal(day) for day in self._days[begin:end].tolist()]
        sizes = self._amounts.sizes[begin:end].tolist()
        known = [one.credits_of(size) for one, size in zip(seen, sizes, strict=True) if one.credits is not None]
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
        days = self._days[begin:end].tolist()
        for _, of_day in groupby(range(end - begin), days.__getitem__):
            for one, other in combinations(of_day, 2):
                if self._are_alike(begin + one, begin + other):
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
