"""
Courses that count only once ever: the trainings that counted, in any cycle up to this one.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import attrs

from peer_ledger.evaluation._classes import WRONG, Classes
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._eligibility import Days, counts_as
from peer_ledger.evaluation._event import Event
from peer_ledger.records._sameness import same_course
from peer_ledger.reports._remarks import Remark, remark
from peer_ledger.rules import Hours, Interval


def counted_so_far(context: Context, hours: Hours, earning: Interval | None) -> list[Event]:
    """Return the training since the award that counted or may have counted, by day."""
    intervals = [Days(*days) for days in _intervals(context, earning)]
    return [
        event
        for event in context.history.events
        if any(days.why_outside(event) is None for days in intervals)
        and any(
            counts_as(hours.counts, event, credit, context.readings) is not False
            for credit in ((None,) if event.credits is None else event.credits)
        )
    ]


def _intervals(context: Context, earning: Interval | None) -> Iterator[tuple[date | None, date | None, date]]:
    """Yield the days that count, and the day of filing, of every cycle up to this one."""
    life = context.life
    for place, _ in enumerate(life.grants):
        until = life.grants[place + 1].day if place + 1 < len(life.grants) else life.as_of
        then = attrs.evolve(life, grants=life.grants[: place + 1], as_of=until)
        first, last = attrs.evolve(context, life=then).days(earning)
        yield first, last, until


def later_ones(events: Sequence[Event], classes: Classes) -> dict[str, Remark]:
    """Return the ids of the trainings that are not the first of their class that may be right, each with the reason."""
    return {
        event.record.id: _why(event, first, classes)
        for event in events
        if (first := classes.first_right(event)) is None or first.record.id != event.record.id
    }


def _why(event: Event, first: Event | None, classes: Classes) -> Remark:
    if first is None or event.record.id in classes.wrong:
        return WRONG
    is_same = same_course(event.likeness, first.likeness) == "same"
    return remark("course-counted-before" if is_same else "likely-counted-before", day=first.record.completed)
