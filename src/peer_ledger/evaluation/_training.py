"""
Training as the filters of a rule set see it: kinds, numbered once for everybody, and one person's amounts by day.

What filters can see of a credit is a small tuple, and few different ones occur. So each is decided once, whoever holds
it, and a person's training is a sorted list of days with a kind and an amount each.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import accumulate
from math import lcm
from typing import Any, Final, TypeAlias

import attrs

from peer_ledger.allocation._terms import MOST
from peer_ledger.evaluation._eligibility import length_of
from peer_ledger.evaluation._event import Event, as_fraction, event_of
from peer_ledger.evaluation._may_be_one import MayBeOne
from peer_ledger.evaluation._sums import Lanes, Sums, by_kind
from peer_ledger.records import Credit, TrainingEvent
from peer_ledger.rules import (
    WANTED,
    ByQuestion,
    Hours,
    RuleSet,
    TrainingFilter,
    questions_of,
    with_inner,
)
from peer_ledger.rules._approvals import ApprovalQuestion
from peer_ledger.rules._built import all_parts
from peer_ledger.values._cached import cached_property
from peer_ledger.values.hours import DECIMALS, WORTH

MOST_SHAPES = 100_000
"""Of how many different events the credits are remembered for a rule set."""

PLENTY: Final = 10_000
"""How many hours stand for an amount that is not known: more than any requirement asks, all its parts together."""

Credits: TypeAlias = tuple[tuple[int, int], ...]
"""The kind of each credit of an event and its amount in units; where that is not known, plenty of a vague kind."""


class TrainingKinds:
    """
    The kinds of training that the filters of a rule set tell apart.

    Args:
        ruleset: The rule set.

    Attributes:
        examples: Of each kind, by its number, an event and a credit of it; `None` for an event without known credits.
        grain: How many units of an amount an hour has, so that every amount on record is a whole number of units.
        unclear: The kinds that are approved by a body that the rule set does not know.
        lengths: The hours from which on a training is long enough for some filter, the least first.
        vague: The kinds of which the amount is not known: it counts for nothing for certain, and for plenty perhaps.
        are_dated: Whether a kind depends on the day of the training.
    """

    def __init__(self, ruleset: RuleSet) -> None:
        filters = list(_filters_of(ruleset))
        self._visible = {name for name in WANTED if any(map(_reads(name), filters))}
        self.are_dated = any(wanted.completed_from or wanted.completed_to for wanted in filters)
        self._lengths = tuple(
            {(wanted.topics, wanted.shortest): wanted for wanted in filters if wanted.shortest}.values()
        )
        self.lengths = sorted({as_fraction(wanted.shortest) for wanted in self._lengths if wanted.shortest is not None})
        self._numbers: dict[tuple[Any, ...], int] = {}
        self.examples: list[tuple[Event, Credit | None]] = []
        self.unclear: set[int] = set()
        self.vague: set[int] = set()
        self._approvals = next((one for one in questions_of(ruleset) if isinstance(one, ApprovalQuestion)), None)
        worth: Mapping[str, Fraction] = {worth.unit: worth.ratio for worth in ruleset.units} | WORTH
        self.grain = 10**DECIMALS * lcm(*(ratio.denominator for ratio in worth.values()))
        self._units = {unit: int(ratio * self.grain) for unit, ratio in worth.items()}
        self._shapes: dict[tuple[Any, ...], Credits] = {}

    def of_records(self, records: Iterable[TrainingEvent]) -> list[Credits]:
        """Return the same for each of some events that no course and no review says more about."""
        shapes, sees_courses, sees_days = self._shapes, "courses" in self._visible, self.are_dated
        all_found: list[Credits] = []
        for record in records:
            credits_, approvals = record.credits, record.approvals
            # Values whose hashes and comparisons need no Python code.
            seen: tuple[Any, ...] | None = None
            if credits_ is not None and len(credits_) == 1:
                [credit] = credits_
                seen = credit.amount, credit.unit, credit.topics
            elif credits_ is not None:
                seen = tuple([(credit.amount, credit.unit, credit.topics) for credit in credits_])
            shape = (
                seen, record.delivery, record.provider, approvals, record.role,
                record.course if sees_courses else None,
                record.completed if sees_days or approvals else None,
            )  # fmt: skip
            found = shapes.get(shape)
            if found is None:
                if len(shapes) >= MOST_SHAPES:
                    shapes.clear()
                found = shapes[shape] = self.of(event_of(record, None, {}, record.completed))
            all_found.append(found)
        return all_found

    def of(self, event: Event) -> Credits:
        """Return the kind of each credit of an event and its amount in units; plenty where that is not known."""
        shared = self._seen(event)
        return tuple(
            [
                (self._number(event, credit, shared), self._in_units(credit))
                for credit in ((None,) if event.credits is None else event.credits)
            ]
        )

    def _seen(self, event: Event) -> tuple[Any, ...]:
        """Return what filters see of an event, apart from the topics of its credits."""
        visible, record = self._visible, event.record
        return (
            event.delivery if "deliveries" in visible else None,
            event.approved_by if "approved_by" in visible else None,
            event.provider if "providers" in visible else None,
            record.role if "roles" in visible else None,
            record.course if "courses" in visible else None,
            record.completed if self.are_dated else None,
            tuple([_is_long(wanted, event) for wanted in self._lengths]) if self._lengths else None,
        )

    def kind_of(self, event: Event, credit: Credit | None) -> int:
        """Return the kind of one credit of an event."""
        return self._number(event, credit, self._seen(event))

    def _number(self, event: Event, credit: Credit | None, shared: tuple[Any, ...]) -> int:
        is_vague = credit is None or credit.unit not in self._units
        topics = None if credit is None or "topics" not in self._visible else credit.topics
        key = (credit is None, is_vague, topics, shared)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.examples)
            self.examples.append((_anonymous(event), credit))
            if self._approvals is not None and self._approvals.unknown(event.approved_by or ()):
                self.unclear.add(number)
            if is_vague:
                self.vague.add(number)
        return number

    def _in_units(self, credit: Credit | None) -> int:
        units = None if credit is None else self._units.get(credit.unit)
        return PLENTY * self.grain if credit is None or units is None else int(as_fraction(credit.amount) * units)


class TrainingByDay:
    """
    One person's training that may count, by day.

    Args:
        days: The day of each credit, in order.
        kinds: The kind of each credit.
        units: The units of each credit.
        events: The number of the event of each credit.
        one_each: The numbers of the events that another record may be of, each with the first number of those.
        one: The same for events of which another may be of the same course, too.
        disputed: The first numbers of the records that look alike and of which not all have the same credits.
        is_unclear: Whether any of it is approved by a body that the rule set does not know.
        is_by_id: Whether the events of one day are in the order of their ids.

    Attributes:
        is_unclear: Whether any of it is approved by a body that the rule set does not know.
        is_summed: Whether every kind alone says what it fits, and there is not too much of it for an allocation.
        size: How many trainings there are.
    """

    def __init__(
        self,
        days: list[date],
        kinds: list[int],
        units: list[int],
        events: list[int],
        *,
        one_each: Mapping[int, int],
        one: Mapping[int, int],
        disputed: Collection[int | None],
        is_unclear: bool,
        is_by_id: bool = False,
    ) -> None:
        self._days, self._kinds, self._units, self._events = days, kinds, units, events
        self._one_each, self._one, self._disputed, self.is_unclear = one_each, one, disputed, is_unclear
        self._is_by_id = is_by_id
        self.size = events[-1] + 1 if events else 0
        self._sums: dict[tuple[int, int], Sums] = {}
        self._supplies: dict[tuple[Lanes, int, int], int] = {}
        self.is_summed = not is_unclear and sum(units) <= MOST

    def kinds_of(self, count: int) -> list[int] | None:
        """
        Return the kind of each credit of all events, by day and id; `None` where some may be left out, or out of order.

        Args:
            count: How many events there are.
        """
        return self._kinds if self._is_by_id and self._events and self._events[-1] == count - 1 else None

    @property
    def may_be_one(self) -> bool:
        """Whether another record may be of the same training, or another training of the same course."""
        return bool(self._one_each or self._one)

    def is_doubtful(self, begin: int, end: int) -> bool:
        """Return whether any of it between two places may be one with another."""
        return bool(self._doubtful) and self._doubtful[begin] < self._doubtful[end]

    def supply(self, lanes: Lanes, begin: int, end: int) -> int:
        """Return the lanes of all training between two places, as if all trainings were different ones."""
        key = lanes, begin, end
        found = self._supplies.get(key)
        if found is None:
            found = self._supplies[key] = lanes.supply(by_kind(self._kinds[begin:end], self._units[begin:end]))
        return found

    def least_supply(self, lanes: Lanes, begin: int, end: int) -> int:
        """Return the lanes of that which counts for certain: of several that may be one at most the first."""
        return lanes.supply(by_kind(self._kinds[begin:end], self._least_units[begin:end]))

    @cached_property
    def _doubtful(self) -> list[int]:
        """How many credits before each place are of training that may be one with another; empty where none are."""
        if not self.may_be_one:
            return []
        return list(accumulate([event in self._one or event in self._one_each for event in self._events], initial=0))

    @cached_property
    def _least_units(self) -> list[int]:
        """The units of each credit that count for certain."""
        by_course, by_record = dict[int, int](), dict[int, int]()
        alone = [
            self._one_each.get(event) not in self._disputed
            and by_course.setdefault(self._one.get(event, ~event), event) == event
            and by_record.setdefault(self._one_each.get(event, ~event), event) == event
            for event in self._events
        ]
        return [amount if is_kept else 0 for amount, is_kept in zip(self._units, alone, strict=True)]

    @classmethod
    def of(
        cls, records: Sequence[TrainingEvent], credits_: Sequence[Credits], unclear: set[int], alike: MayBeOne
    ) -> "TrainingByDay":
        """
        Return one person's training by day.

        Args:
            records: The events, by day and id.
            credits_: The kind and the units of each credit of each event.
            unclear: The kinds that are approved by a body that the rule set does not know.
            alike: Which of the events may be one.
        """
        one_each, one = alike
        kinds, units = (
            [kind for some in credits_ for kind, _ in some],
            [units for some in credits_ for _, units in some],
        )
        days, events = [record.completed for record in records], list(range(len(records)))
        if len(kinds) != len(records) or not all(credits_):
            days = [day for day, some in zip(days, credits_, strict=True) for _ in some]
            events = [place for place, some in enumerate(credits_) for _ in some]
        return cls(
            days,
            kinds,
            units,
            events,
            one_each=one_each,
            one=one,
            disputed=disputed(credits_, one_each),
            is_unclear=not unclear.isdisjoint(kinds),
            is_by_id=True,
        )

    def between(self, first: date | None, last: date | None, as_of: date) -> Sums:
        """
        Return how much there is of each kind within some days.

        Args:
            first: The first day; `None` for the beginning of the calendar.
            last: The last day; `None` for the day of filing.
            as_of: The day of filing, after which nothing counts.
        """
        begin, end = self.places(first, last, as_of)
        found = self._sums.get((begin, end))
        if found is None:
            found = self._sums[begin, end] = Sums(self._kinds[begin:end], self._units[begin:end])
            found.least_each = self._least(self._one_each, begin, end)
            found.least = self._least(self._one, begin, end)
        return found

    def places(self, first: date | None, last: date | None, as_of: date) -> tuple[int, int]:
        """Return the place of the first credit within some days, and the place after the last, as for `between`."""
        last = as_of if last is None or as_of < last else last
        begin = 0 if first is None else bisect_left(self._days, first)
        return begin, max(begin, bisect_right(self._days, last))

    def _least(self, one: Mapping[int, int], begin: int, end: int) -> Sums | None:
        """
        Return how much there is at least, of trainings that may be one only the first; `None` where no two may.

        Records that look alike, and of which another kind or amount may count, count for nothing: any may be wrong.
        """
        first: dict[int, int] = {}
        places = [
            place
            for place in range(begin, end if one else begin)
            if self._one_each.get(event := self._events[place]) not in self._disputed
            and first.setdefault(one.get(event, ~event), event) == event
        ]
        if len(places) == (end - begin if one else 0):
            return None
        return Sums([self._kinds[place] for place in places], [self._units[place] for place in places])


def disputed(credits_: Sequence[Credits], one_each: Mapping[int, int]) -> set[int | None]:
    """Return the first places of the records that look alike and of which not all have the same credits."""
    return {first for place, first in one_each.items() if credits_[place] != credits_[first]}


def _anonymous(event: Event) -> Event:
    """Return an event of which only what filters can see is kept: the kinds outlive the ledgers they were met in."""
    record = event.record
    seen = TrainingEvent(id="any", person="any", completed=record.completed, role=record.role, course=record.course)
    return attrs.evolve(event, record=seen, claimed=(), course=None, is_confirmed=False)


def _is_long(wanted: TrainingFilter, event: Event) -> bool | None:
    """Return whether an event is as long as a filter wants; `None` when the records do not say."""
    length = length_of(wanted, event)
    return None if length is None or wanted.shortest is None else length >= wanted.shortest


def _reads(name: str) -> Any:
    return lambda wanted: getattr(wanted, name) is not None or bool(getattr(wanted, f"not_{name}"))


def _filters_of(ruleset: RuleSet) -> Iterator[TrainingFilter]:
    """Yield every filter of the rule set's requirements of hours, under any reading."""
    for procedure in ruleset.procedures:
        for edition in procedure.editions:
            for requirement in with_inner(edition.requirements):
                if isinstance(requirement, Hours):
                    yield from _within(requirement.counts)
                    for cap in requirement.caps:
                        yield from _within(cap.counts)
                    for _, part in all_parts("", requirement.parts):
                        yield from _within(part.counts)


def _within(wanted: TrainingFilter | ByQuestion | None) -> Iterator[TrainingFilter]:
    if isinstance(wanted, ByQuestion):
        for _, value in wanted.values:
            yield from _within(value)
    elif wanted is not None:
        yield wanted
        for inner in wanted.any_of:
            yield from _within(inner)
