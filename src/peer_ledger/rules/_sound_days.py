"""
Checks of the days and editions of a rule set.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import attrs

from peer_ledger.errors import Problem
from peer_ledger.rules._built import is_before, is_known_day, is_whole, placed, twice
from peer_ledger.rules._points import RelativeDate
from peer_ledger.rules._ruleset import EffectiveFrom
from peer_ledger.values._strict import is_built
from peer_ledger.values.dates import DAY, months_after


@attrs.frozen(kw_only=True)
class Scope:
    """
    The circumstances in which a part of a rule set applies.

    Attributes:
        step: The step; `None` outside procedures.
        given: The readings taken, by question.
        first_day: The first deciding date; `None` when there is none or it is unknown.
        last_day: The last deciding date; `None` when there is none or it is unknown.
    """

    step: str | None = None
    given: Mapping[str, str] = attrs.field(factory=dict)
    first_day: date | None = None
    last_day: date | None = None

    def misses(self, part: Any) -> bool:
        """Return whether the days of a part, from its `first_day` to its `last_day`, are all outside this scope."""
        return is_before(part.last_day, self.first_day) or is_before(self.last_day, part.first_day)

    def within(self, part: Any) -> "Scope":
        """Return this scope, narrowed to the days of a part with a `first_day` and a `last_day`."""
        return attrs.evolve(
            self,
            first_day=max(filter(is_known_day, (self.first_day, part.first_day)), default=None),
            last_day=min(filter(is_known_day, (self.last_day, part.last_day)), default=None),
        )


def edition_days(begins: EffectiveFrom) -> list[date]:
    """Return the earliest days on which an edition may begin, in general and by each method."""
    days = [begins.day, begins.not_before, *(own.day for _, own in placed(begins.by_method))]
    return [day for day in days if is_known_day(day)]


def edition_overlaps(begins: EffectiveFrom, before: dict[str | None, date]) -> Iterator[Problem]:
    """Yield a problem if an edition does not begin after the previous one by every method; update `before`."""
    methods = [own for _, own in placed(begins.by_method) if is_built(own.method)]
    yield from twice("", (own.method for own in methods))
    general = begins.day if begins.day is not None else begins.not_before
    if not is_known_day(general):
        return
    days: dict[str | None, date] = {None: general, **{own.method: own.day for own in methods if is_known_day(own.day)}}
    wrong = [
        (day, last)
        for method in dict.fromkeys([*before, *days])
        if (day := days.get(method, general)) <= (last := before.get(method, before.get(None, date.min)))
    ]
    if wrong:
        day, last = wrong[0]
        yield Problem("", f"{day} must be after {last}, the day on which the previous edition begins")
    for method in [*before, *days]:
        before[method] = days.get(method, general)


DUE_DAYS = (date(2024, 1, 31), date(2024, 2, 29), date(2025, 2, 28), date(2025, 6, 15), date(2025, 12, 31))
"""Due dates at the ends of months and between them."""


def is_always_after(point: Any, other: Any) -> bool:
    """Return whether one day counted from the due date is after another, whatever the due date."""
    pairs = [(_counted(point, due), _counted(other, due)) for due in DUE_DAYS]
    return all(is_before(second, first) for first, second in pairs)


def _counted(point: Any, due: date) -> date | None:
    """Return a day counted from a due date; `None` if it is counted from something else, or only for some due dates."""
    if not (isinstance(point, RelativeDate) and is_whole(point)) or point.due_from or point.due_until:
        return None
    start = {"due": due, "after-due": due + DAY}.get(point.of)
    if start is None:
        return None
    day = months_after(start, point.months)
    if point.month_end:
        day = months_after(day.replace(day=1), 1) - DAY
    return day + timedelta(days=point.days)
