"""
Shapes: which due dates lead to states of a certificate that differ in nothing but their days.

The states follow from days in two ways alone: days are compared with each other and with the days that the rules name,
and they are handed on.  So two due dates whose days come in the same order, among each other and among the days of the
rules, lead to the same states, and each day of the one stands where the same day of the other does.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import Any, NamedTuple, TypeAlias, TypeVar

import attrs

from peer_ledger.evaluation._days import FIRST_DAY, LAST_DAY, day_of
from peer_ledger.evaluation._life import Grant
from peer_ledger.evaluation._shared_lives import LifeKey, last_days_of
from peer_ledger.rules import ByQuestion, Question, RelativeDate, RuleSet
from peer_ledger.rules._consulted import leaves
from peer_ledger.values.dates import DAY

MOST_DAYS_ASKED = 1_000
"""For how many days asked about it is kept which days the rules name around them."""

Named = TypeVar("Named")

Shape: TypeAlias = tuple[object, ...]
"""What due dates have in common whose states differ in nothing but their days."""


class Placed(NamedTuple):
    """
    The days of one due date.

    Attributes:
        shape: How they lie.
        days: The days, each in the same place for all due dates of a shape; `None` for one that does not exist.
    """

    shape: Shape
    days: tuple[date | None, ...]


class Shapes:
    """
    What tells which due dates lead to like states.

    Args:
        rules: The rule set.
        questions: All questions that may be asked under it.
    """

    def __init__(self, rules: RuleSet, questions: Iterable[Question]) -> None:
        editions = [edition for procedure in rules.procedures for edition in procedure.editions]
        self._opening = list(dict.fromkeys(point for edition in editions for point in _each(edition.opens)))
        ends = [point for edition in editions for last in last_days_of(edition) for point in _each(last)]
        self._ends = list(dict.fromkeys(ends))
        self._of_lapse = [point for point in self._ends if _is_of_lapse(point)]
        points = chain(self._opening, self._ends)
        self._apart = list(dict.fromkeys(chain.from_iterable(map(_without_grant, points))))
        self._named = frozenset({FIRST_DAY, LAST_DAY, *_dates_in(rules), *_dates_in(tuple(questions))})
        self._notice = timedelta(days=rules.notice_days)
        self._landmarks: dict[date, list[date]] = {}

    def of(self, key: LifeKey, grant: Grant | None, filed: Sequence[date | None] = ()) -> Placed:
        """
        Return how the days of a due date lie.

        Args:
            key: All that the states of the certificate follow from.
            grant: The last grant; `None` without one.
            filed: The days of filings; `None` for one that is not on file.
        """
        if grant is None:
            return Placed(key, (key.on,))
        days, landmarks = self._days(key, grant), self.around(key.on)
        if filed:  # what is filed after a last day may have been received on the day after it
            days += [grant.day, *filed, *[day + DAY for day in days if day is not None and day < date.max]]
        found = sorted([day for day in {*days} if day is not None])
        order = {
            day: (place, before := bisect_left(landmarks, day), before < len(landmarks) and landmarks[before] == day)
            for place, day in enumerate(found)
        }
        return Placed((key.circumstances, *[day and order[day] for day in days]), (key.on, *days))

    def _days(self, key: LifeKey, grant: Grant) -> list[date | None]:
        """Return all days but that asked about on which the states may depend, or that they may show."""
        on = key.on
        due: date | None = grant.due
        return [
            due, grant.due - DAY, key.anchor, key.last_grant, key.begins, key.expires,
            *self.named(
                due,
                begins=lambda point: day_of(point, grant, on, None),
                ends=lambda point, lapse: day_of(point, grant, on, lapse, is_end=True),
            ),
        ]  # fmt: skip

    def named(
        self,
        due: Named,
        *,
        begins: Callable[[RelativeDate], Named],
        ends: Callable[[RelativeDate, Named | None], Named],
    ) -> list[Named]:
        """
        Return the days that the rules name.

        Args:
            due: The due date, or the due dates of many people.
            begins: Returns the first day that a relative date names.
            ends: Returns the last day that one names, given the lapse that it may be counted from.
        """
        last = [ends(point, None) for point in self._ends]
        found = [*map(begins, self._opening), *last]
        if self._of_lapse:  # a certificate lapses on its due date, or on the last day of filing
            found += [ends(point, lapse) for lapse in (due, *last) for point in self._of_lapse]
        return found

    def around(self, on: date) -> list[date]:
        """Return the days with which the days of a due date are compared, in order."""
        found = self._landmarks.get(on)
        if found is None:
            if len(self._landmarks) >= MOST_DAYS_ASKED:
                self._landmarks.clear()
            counted = [
                day_of(point, None, on, None, is_end=is_end) for point in self._apart for is_end in (True, False)
            ]
            days = {*self._named, on, on + self._notice, *filter(None, counted)}
            found = self._landmarks[on] = sorted({*_around(days)})
        return found


def _around(days: Iterable[date]) -> Iterator[date]:
    """Yield days with the day before and the day after each."""
    for day in days:
        yield day
        if day > date.min:
            yield day - DAY
        if day < date.max:
            yield day + DAY


def _each(point: RelativeDate | ByQuestion | None) -> Iterator[RelativeDate]:
    """Yield the relative dates that one may be, under some reading or where another one does not exist."""
    if isinstance(point, ByQuestion):
        for _, value in point.values:
            yield from _each(value)
    elif point is not None:
        yield point


def _without_grant(point: RelativeDate) -> Iterator[RelativeDate]:
    """Yield the relative dates, of one and those to be used otherwise, that are counted from no day of a grant."""
    if point.of in ("filing", "calendar", "never"):
        yield attrs.evolve(point, due_from=None, due_until=None, otherwise=None)
    if point.otherwise is not None:
        yield from _without_grant(point.otherwise)


def _is_of_lapse(point: RelativeDate | None) -> bool:
    return point is not None and (point.of == "lapse" or _is_of_lapse(point.otherwise))


def _dates_in(value: Any) -> Iterator[date]:
    """Yield every date in a value, however deep."""
    return (leaf for leaf in leaves(value) if isinstance(leaf, date))
