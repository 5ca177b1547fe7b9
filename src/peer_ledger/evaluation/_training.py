"""
Training as the filters of a rule set see it: kinds, numbered once for everybody, and one person's amounts by day.

What filters can see of a credit is a small tuple, and few different ones occur. So each is decided once, whoever holds
it, and a person's training is a sorted list of days with a kind and an amount each.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
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
        self.vague: set[int] = set()
        self._approvals = next((one for one in questions_of(ruleset) if isinstance(one, ApprovalQuestion)), None)
        self.unclear: set[int] = set()
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
    One person's training that may count, by day; the kinds of it are found when days that hold it are asked about.

    Args:
        days: The day of each event, in order.
        credits_of: Returns the kind and the units of each credit of some of the events.
        kinds: The kinds of training.
        alike: Which of the events may be one.
        are_approved: Whether some event may be approved by a body.
        is_by_id: Whether the events of one day are in the order of their ids.
    """

    def __init__(
        self,
        days: list[date],
        credits_of: Callable[[slice], list[Credits]],
        kinds: TrainingKinds,
        alike: MayBeOne,
        *,
        are_approved: bool,
        is_by_id: bool = True,
    ) -> None:
        self._days, self._credits_of, self._kinds = days, credits_of, kinds
        self._one_each, self._one = alike
        self._are_approved, self._is_by_id = are_approved, is_by_id
        self._begin = self._end = 0
        self._known: list[Credits] = []
        self._sums: dict[tuple[int, int], Sums] = {}
        self._supplies: dict[tuple[Lanes, int, int], int | None] = {}

    @property
    def size(self) -> int:
        """How many trainings there are."""
        return len(self._days)

    @cached_property
    def is_unclear(self) -> bool:
        """Whether any of it is approved by a body that the rule set does not know."""
        if not self._are_approved:
            return False
        return any(kind in self._kinds.unclear for some in self._within(0, self.size) for kind, _ in some)

    def kinds_of(self, count: int) -> list[int] | None:
        """
        Return the kind of each credit of all events, by day and id; `None` where some may be left out, or out of order.

        Args:
            count: How many events there are.
        """
        if not self._is_by_id or self.size != count:
            return None
        return [kind for some in self._within(0, count) for kind, _ in some]

    @property
    def may_be_one(self) -> bool:
        """Whether another record may be of the same training, or another training of the same course."""
        return bool(self._one_each or self._one)

    def is_doubtful(self, begin: int, end: int) -> bool:
        """Return whether any of it between two places may be one with another."""
        return bool(self._doubtful) and self._doubtful[begin] < self._doubtful[end]

    def is_empty(self, begin: int, end: int) -> bool:
        """Return whether there are no credits between two places."""
        return not any(self._within(begin, end))

    def supply(self, lanes: Lanes, begin: int, end: int) -> int | None:
        """
        Return the lanes of all training between two places, as if all trainings were different ones.

        Returns:
            The lanes; `None` where it is too much for an allocation.
        """
        key = lanes, begin, end
        if key not in self._supplies:
            self._supplies[key] = lanes_of(lanes, self._within(begin, end))
        return self._supplies[key]

    def least_supply(self, lanes: Lanes, begin: int, end: int) -> int | None:
        """Return the lanes of that which counts for certain: of several that may be one at most the first."""
        within = zip(self._within(begin, end), self._is_certain[begin:end], strict=True)
        return lanes_of(lanes, [some for some, is_certain in within if is_certain])

    def _within(self, begin: int, end: int) -> list[Credits]:
        """Return the credits of each event from one place to another."""
        if begin < end and not self._begin <= begin <= end <= self._end:
            if not self._known:
                self._begin = self._end = begin
            if begin < self._begin:
                self._known[:0] = self._credits_of(slice(begin, self._begin))
                self._begin = begin
            if end > self._end:
                self._known += self._credits_of(slice(self._end, end))
                self._end = end
        return self._known[begin - self._begin : end - self._begin] if begin < end else []

    @cached_property
    def _doubtful(self) -> list[int]:
        """How many events before each place may be one with another; empty where none are."""
        if not self.may_be_one:
            return []
        may_be_one = self._one.keys() | self._one_each.keys()
        return list(accumulate([event in may_be_one for event in range(self.size)], initial=0))

    @cached_property
    def _is_certain(self) -> list[bool]:
        """Of each event, whether it counts for certain."""
        by_course, by_record = dict[int, int](), dict[int, int]()
        return [
            self._one_each.get(event) not in self._disputed
            and by_course.setdefault(self._one.get(event, ~event), event) == event
            and by_record.setdefault(self._one_each.get(event, ~event), event) == event
            for event in range(self.size)
        ]

    @cached_property
    def _disputed(self) -> set[int | None]:
        """The first places of the records that look alike and of which not all have the same credits."""
        if not self._one_each:
            return set()
        known = self._within(0, self.size)
        return {first for place, first in self._one_each.items() if known[place] != known[first]}

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
            found = self._sums[begin, end] = Sums(by_kind(self._within(begin, end)))
            found.least_each = self._least(self._one_each, begin, end)
            found.least = self._least(self._one, begin, end)
        return found

    def places(self, first: date | None, last: date | None, as_of: date) -> tuple[int, int]:
        """Return the place of the first event within some days, and the place after the last, as for `between`."""
        last = as_of if last is None or as_of < last else last
        begin = 0 if first is None else bisect_left(self._days, first)
        return begin, max(begin, bisect_right(self._days, last))

    def _least(self, one: Mapping[int, int], begin: int, end: int) -> Sums | None:
        """
        Return how much there is at least, of trainings that may be one only the first; `None` where no two may.

        Records that look alike, and of which another kind or amount may count, count for nothing: any may be wrong.
        """
        if not one:
            return None
        first: dict[int, int] = {}
        counts = [
            self._one_each.get(event) not in self._disputed and first.setdefault(one.get(event, ~event), event) == event
            for event in range(begin, end)
        ]
        if all(counts):
            return None
        return Sums(by_kind([some for some, does in zip(self._within(begin, end), counts, strict=True) if does]))


def lanes_of(lanes: Lanes, credits_: Iterable[Credits]) -> int | None:
    """Return the lanes of some training; `None` where it is too much for an allocation."""
    amounts = by_kind(credits_)
    return lanes.supply(amounts) if sum(amounts.values()) <= MOST else None


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
