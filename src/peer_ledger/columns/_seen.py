"""
What is seen of the trainings of each shape: the kinds of their credits, and what may make two of them one.

Both follow from the shape and the amount of a training, and are found out once for each.
"""

from collections.abc import Hashable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple

import attrs

from peer_ledger.allocation._terms import MOST
from peer_ledger.columns._growing import Growing, Lists
from peer_ledger.columns._libraries import numpy
from peer_ledger.columns._shapes import Rows, another, with_amount
from peer_ledger.evaluation._dossiers import Shared
from peer_ledger.evaluation._event import as_fraction, event_of
from peer_ledger.evaluation._may_be_one import names_of
from peer_ledger.evaluation._training import Credits, TrainingKinds
from peer_ledger.records import Course, TrainingEvent
from peer_ledger.records._sameness import Content, Likeness, same_record
from peer_ledger.values._cached import cached_property
from peer_ledger.values.hours import DECIMALS, WORTH

_ANY_DAY = date(2000, 1, 1)
MOST_PAIRS = 1_000_000
"""Of how many pairs of trainings it is remembered whether they may be one."""

_SMALLEST = 10**DECIMALS
"""How many of the smallest amounts one is."""

_MINUTES = {unit: int(worth * 60) for unit, worth in WORTH.items()}
"""How many minutes each unit of time has."""


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


@attrs.frozen(eq=False, slots=False)
class Seen:
    """
    What is seen of every training of a shape, and of a length if that tells kinds of training apart.

    Attributes:
        shape: The record of the shape.
        course: Its course, if that is on file.
        amount: The amount of its only credit; `None` where the record says what there is.
        size: How many of the smallest amounts that is; 1 where all trainings of the shape have the same.
        names: The numbers of what trainings that may be of one course have in common.
        like: The number of what decides, beside its amount and its day, whether another record may be of it.
        credits: The kind and the units of each credit; `None` where they depend on the day.
        is_vague: Whether it is not known how much that is, as the unit is of unknown worth.
    """

    shape: TrainingEvent
    course: Course | None
    amount: Decimal | None
    size: int
    names: tuple[int, ...]
    like: int
    credits: Credits | None
    is_vague: bool

    @cached_property
    def likeness(self) -> Likeness:
        """What decides whether another record of that day may be of the same training."""
        found = Likeness.of(_example(self.shape, self.amount), self.course)
        return found if found.day == _ANY_DAY else attrs.evolve(found, day=_ANY_DAY)

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
        likes: What decides of each of these, beside amounts and days, whether another record may be of it.
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
        self._credits: dict[Hashable, tuple[Credits, int]] = {}
        self.credits, self.units, self.names = Lists(), Lists(), Lists()
        self.likes, self.grows, self.takes_records = Growing(), Growing(), Growing()
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
            rows = first[new]
            self._look_at(
                [
                    self._of(examples[key // width], amounts.values[code], size, key % width)
                    for key, code, size in zip(
                        new.tolist(), amounts.codes[rows].tolist(), amounts.sizes[rows].tolist(), strict=True
                    )
                ]
            )
        return of_keys[keys]

    def _lengths_of(self, shapes: Any, amounts: Amounts) -> Any:
        """Return how many of the lengths that tell kinds of training apart each of some trainings reaches."""
        np = numpy()
        if not self.kinds.lengths:
            return 0
        new = self._examples[len(self._minutes) :]
        self._minutes.extend([_minutes_of(one) for one in new])
        bounds = [ceil(hours * _SMALLEST * 60) for hours in self.kinds.lengths]
        return np.searchsorted(np.array(bounds), self._minutes.all[shapes] * amounts.sizes, side="right")

    def _look_at(self, seen: list[Seen]) -> None:
        unclear = self.kinds.unclear
        self.seen += seen
        self.credits.extend([[kind for kind, _ in one.credits or ()] for one in seen])
        self.units.extend([[min(one.of_smallest(units), MOST + 1) for _, units in one.credits or ()] for one in seen])
        self.names.extend([one.names for one in seen])
        self.likes.extend([one.like for one in seen])
        self.grows.extend(not one.is_vague for one in seen)
        self.takes_records.extend(
            one.credits is None or any(kind in unclear for kind, _ in one.credits) for one in seen
        )

    def _of(self, shape: TrainingEvent, amount: Decimal | None, size: int, length: int) -> Seen:
        """
        Return what is seen of the trainings of a shape.

        Args:
            shape: The record of the shape.
            amount: The amount of a training of that shape; `None` where the record says it.
            size: How many of the smallest amounts that is.
            length: How many of the lengths that tell kinds of training apart it reaches.
        """
        course = None if shape.course is None else self._shared.course(shape.course)
        names = tuple([self._numbers.setdefault(name, len(self._numbers)) for name in names_of(shape, course)])
        # Trainings of a shape without credits have those of their course.
        told = shape.title, shape.course, shape.provider, shape.role, shape.origin, shape.credits and True
        like = self._numbers.setdefault(told, len(self._numbers))
        credits_, of_size = self._credits_of(shape, course, amount, size, length)
        is_vague = credits_ is not None and any(kind in self.kinds.vague for kind, _ in credits_)
        if credits_ is not None and not is_vague and of_size != size:
            credits_ = tuple([(kind, units // of_size * size) for kind, units in credits_])
        return Seen(shape, course, amount, size, names, like, credits_, is_vague)

    def _credits_of(
        self, shape: TrainingEvent, course: Course | None, amount: Decimal | None, size: int, length: int
    ) -> tuple[Credits | None, int]:
        """Return the kind and the units of each credit, and for which size; `None` where they depend on the day."""
        approvals = shape.approvals or (course.approvals if course is not None and shape.approvals is None else None)
        if self.kinds.are_dated or any(one.first_day or one.last_day for one in approvals or ()):
            return None, size
        if course is not None:
            return self.kinds.of(event_of(_example(shape, amount), course, {}, date.max)), size
        given = shape.delivery, shape.provider, shape.approvals, shape.role, shape.course
        key = amount is None, shape.credits, length, given
        found = self._credits.get(key)
        if found is None:
            [credits_] = self.kinds.of_records([_example(shape, amount)])
            found = self._credits[key] = credits_, size
        return found

    def may_be_alike(self, one: int, other: int) -> bool:
        """Return whether two records of one day may be of the same training if their amounts are, by their places."""
        key = self.seen[one].like, self.seen[other].like
        found = self._if_equal.get(key)
        if found is None:
            self._forget_some()
            first, second = self.seen[one].likeness, self.seen[other].likeness
            found = same_record(first, attrs.evolve(second, content=first.content)) == "likely"
            self._if_equal[key] = found
        return found

    def are_alike(self, one: int, one_size: int, other: int, other_size: int) -> bool:
        """Return whether two records of one day may be of the same training, by their places and amounts."""
        if not self.may_be_alike(one, other):  # whatever the amounts are
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
    return _MINUTES.get(credits_[0].unit, 0) if credits_ and len(credits_) == 1 else 0


def _example(shape: TrainingEvent, amount: Decimal | None) -> TrainingEvent:
    """Return a training of a shape, given the amount of its only credit."""
    if amount is None or not shape.credits:
        return shape
    return another(shape, {"credits": with_amount(shape.credits, amount)})
