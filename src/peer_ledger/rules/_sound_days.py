"""
How days and editions of a rule set follow each other.
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
    Under what a part of a rule set is looked at.

    Attributes:
        step: The step; `None` outside of procedures.
        given: The readings that are taken, by question.
        first_day: The first deciding date; `None` when it is not limited or not known.
        last_day: The last deciding date; `None` when it is not limited or not known.
    """

    step: str | None = None
    given: Mapping[str, str] = attrs.field(factory=dict)
    first_day: date | None = None
    last_day: date | None = None

    def misses(self, one: Any) -> bool:
        """Whether what has a `first_day` and a `last_day` lies outside."""
        return is_before(one.last_day, self.first_day) or is_before(self.last_day, one.first_day)

    def within(self, one: Any) -> "Scope":
        """Narrow it to what has a `first_day` and a `last_day`."""
        return attrs.evolve(
            self,
            first_day=max(filter(is_known_day, (self.first_day, one.first_day)), default=None),
            last_day=min(filter(is_known_day, (self.last_day, one.last_day)), default=None),
        )


def edition_days(begins: EffectiveFrom) -> list[date]:
    """Return the days on which an edition may begin at the earliest, in general and by each method."""
    days = [begins.day, begins.not_before, *(one.day for _, one in placed(begins.by_method))]
    return [day for day in days if is_known_day(day)]


def edition_overlaps(begins: EffectiveFrom, before: dict[str | None, date]) -> Iterator[Problem]:
    """Look whether an edition begins after the one before, by every method; and note when it begins."""
    methods = [one for _, one in placed(begins.by_method) if is_built(one.method)]
    yield from twice("", (one.method for one in methods))
    general = begins.day if begins.day is not None else begins.not_before
    if not is_known_day(general):
        return
    days: dict[str | None, date] = {None: general, **{one.method: one.day for one in methods if is_known_day(one.day)}}
    wrong = [
        (day, last)
        for method in dict.fromkeys([*before, *days])
        if (day := days.get(method, general)) <= (last := before.get(method, before.get(None, date.min)))
    ]
    if wrong:
        yield Problem("", f"{wrong[0][0]} is not after the edition before, {wrong[0][1]}: they overlap")
    for method in [*before, *days]:
        before[method] = days.get(method, general)


_DUE = (date(2024, 1, 31), date(2024, 2, 29), date(2025, 2, 28), date(2025, 6, 15), date(2025, 12, 31))
"""Due dates on the edges of months."""


def is_always_after(point: Any, other: Any) -> bool:
    """Whether a day that is counted from the due date lies after another one, whenever it is due."""
    pairs = [(_counted(point, due), _counted(other, due)) for due in _DUE]
    return all(is_before(second, first) for first, second in pairs)


def _counted(point: Any, due: date) -> date | None:
    """Count a day from a due date; `None` where it is counted from something else, or only for some due dates."""
    if not (isinstance(point, RelativeDate) and is_whole(point)) or point.due_from or point.due_until:
        return None
    start = {"due": due, "after-due": due + DAY}.get(point.of)
    if start is None:
        return None
    day = months_after(start, point.months)
    if point.month_end:
        day = months_after(day.replace(day=1), 1) - DAY
    return day + timedelta(days=point.days)
