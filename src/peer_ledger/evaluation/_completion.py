"""
Days that are counted from the completion of training: when that was, as far as the records say.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Final, Literal, NamedTuple, Protocol

import attrs

from peer_ledger.evaluation._days import days_between
from peer_ledger.evaluation._eligibility import NOT_KNOWN, Days, counts_as
from peer_ledger.evaluation._event import Event
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import Life
from peer_ledger.evaluation._may_be_one import may_be_one
from peer_ledger.records import Credit
from peer_ledger.rules import RECORDED_TWICE, Figure, Interval, Part, Readings, RelativeDate, SessionCount, Unstated
from peer_ledger.rules._completions import Asking, asking_of, completion_question

_NONE = Fraction(0)
_NO_DAY: Final = RelativeDate(of="never", included=False)
"""A relative date that stands for a day that is not known."""


class Judged(Protocol):
    """
    What a requirement is held against, as far as it decides when training was complete.
    """

    @property
    def history(self) -> History:
        """The records."""

    @property
    def readings(self) -> Readings:
        """The readings taken."""

    @property
    def life(self) -> Life:
        """The state of the certificate."""

    @property
    def worth(self) -> Mapping[str, Fraction]:
        """The hours that one of each unit is worth."""

    def days(self, interval: Interval | None) -> tuple[date | None, date | None]:
        """Return the first and the last day of an interval; `None` where it has none."""

    def need(self, requirement: str, figure: Figure) -> Fraction | Unstated:
        """Return a figure in hours."""

    def count(self, requirement: str, number: int, unit: Literal["training", "document"]) -> int:
        """Return how many trainings are asked."""


class _Supply(NamedTuple):
    """
    Training of one day that counts toward a completion.

    Attributes:
        day: The day.
        least: How much counts for certain, in hours or trainings.
        most: How much may count; `None` where that is not known.
    """

    day: date
    least: Fraction
    most: Fraction | None


def completion_days(
    context: Judged, begins: RelativeDate | None, ends: RelativeDate | None
) -> tuple[date | None, date | None]:
    """
    Return the first and the last day between two relative dates, either of which is counted from a completion.

    A day that the records leave open is taken by the question when the training was complete: the days on which most
    counts, or those on which least does.

    Args:
        context: The records and readings.
        begins: The first day, or the day before it where that is not included.
        ends: The last day, or the day after it where that is not included.

    Returns:
        The days; `NOT_KNOWN` and `None` where nothing counts, because no day is known.
    """
    first = _placed(context, begins, is_end=False)
    last = _placed(context, ends, is_end=True)
    if first is _NO_DAY or last is _NO_DAY:
        return NOT_KNOWN, None
    life = context.life
    return days_between(first, last, life.grant, life.as_of, life.lapsed_on)


def _placed(context: Judged, point: RelativeDate | None, *, is_end: bool) -> RelativeDate | None:
    """Return the same as a relative date that is counted from no completion; `_NO_DAY` where no day is known."""
    if point is None or point.requirement is None:
        return point
    earliest, latest = _completed(context, point.requirement, is_last=point.of == "last-completion")
    day = latest
    if earliest != latest or latest is None:
        is_counted = context.readings.take(completion_question(point.requirement)) == "counts"
        if latest is None:
            return None if is_counted else _NO_DAY
        day = latest if is_counted is is_end else earliest
    return attrs.evolve(point, of="calendar", day=day, requirement=None)


def _completed(context: Judged, requirement: str, *, is_last: bool) -> tuple[date | None, date | None]:
    """
    Return the earliest and the latest day on which training that is asked for was complete, by what is on file.

    The latest is `None` where it is not complete for certain.

    Args:
        context: The records and readings.
        requirement: The id of what asks for the training.
        is_last: Whether the day of the last such training is meant.
    """
    asking, need = _asked(context, requirement)
    if need is None:
        return None, None
    events, one = _trainings(context, asking)
    found = _bounds(_supplies(context, asking, events, one), need, is_last=is_last)
    if one:
        apart = _bounds(_supplies(context, asking, events, {}), need, is_last=is_last)
        if apart != found and context.readings.take(RECORDED_TWICE.id) == "several":
            return apart
    return found


def _bounds(supplies: Sequence[_Supply], need: Fraction, *, is_last: bool) -> tuple[date | None, date | None]:
    """Return the earliest and the latest day of completion; the latest is `None` where there is not enough for sure."""
    earliest, latest = None, None
    least, most = _NONE, _NONE
    for supply in supplies:
        least += supply.least
        most += need if supply.most is None else supply.most
        earliest = supply.day if earliest is None and most >= need else earliest
        if least >= need:
            latest = supply.day
            break
    if is_last and latest is not None:
        surely = [supply.day for supply in supplies if supply.least]
        perhaps = [supply.day for supply in supplies if supply.most is None or supply.most]
        return surely[-1], max(surely[-1], perhaps[-1])
    return earliest, latest


def _asked(context: Judged, requirement: str) -> tuple[Asking, Fraction | None]:
    """Return what asks for the training and how much, in hours or trainings; `None` where no source states that."""
    assert context.life.edition is not None, "a requirement is that of an edition"
    asking = asking_of(context.life.edition, requirement)
    asked = asking[-1]
    if isinstance(asked, SessionCount):
        return asking, Fraction(context.count(asked.id, asked.need, "training"))
    need = context.need(asked.id, asked.need)
    return asking, None if isinstance(need, Unstated) else need


def _trainings(context: Judged, asking: Asking) -> tuple[list[Event], Mapping[int, int]]:
    """Return the trainings on the days that count, by day, and of those that may be one the place of the first one."""
    windows = list(_windows(context, asking))
    events = [event for event in context.history.trainings if all(days.why_outside(event) is None for days in windows)]
    if not context.history.repeated:
        return events, {}
    alike = may_be_one([(event.record, event.course) for event in events])
    is_once = not isinstance(asking[0], Part) and context.readings.of(asking[0].repeats) != "count"
    return events, alike.of_course if is_once else alike.of_training


def _supplies(context: Judged, asking: Asking, events: Sequence[Event], one: Mapping[int, int]) -> list[_Supply]:
    """
    Return what the trainings give toward a completion, by day.

    Args:
        context: The records and readings.
        asking: What asks for the training.
        events: The trainings.
        one: Of the trainings that are one the place of the first one; of these, the least counts for certain.
    """
    groups: dict[int, list[Event]] = {}
    for place, event in enumerate(events):
        groups.setdefault(one.get(place, place), []).append(event)
    found = []
    for together in groups.values():
        days = [event.record.completed for event in together]
        amounts = [_amount(context, asking, event) for event in together]
        most = [possible for _, possible in amounts]
        found.append(_Supply(min(days), _NONE, None if None in most else max(filter(None, most), default=_NONE)))
        found.append(_Supply(max(days), min(surely for surely, _ in amounts), _NONE))
    return sorted(found, key=lambda supply: supply.day)


def _amount(context: Judged, asking: Asking, event: Event) -> tuple[Fraction, Fraction | None]:
    """Return how much of a training counts for certain, and how much may; `None` where that is not known."""
    least, most = _NONE, _NONE
    is_counted = isinstance(asking[0], SessionCount)
    for place, credit in enumerate((None,) if event.credits is None else event.credits):
        answers = [counts_as(asked.counts, event, credit, context.readings) for asked in asking]
        if False in answers:
            continue
        known = Fraction(1) if is_counted else _hours(context, event, place, credit)
        if known is None:
            return least, None
        most = max(most, known) if is_counted else most + known
        if None not in answers:
            least = max(least, known) if is_counted else least + known
    return least, most


def _hours(context: Judged, event: Event, place: int, credit: Credit | None) -> Fraction | None:
    worth = None if credit is None else context.worth.get(credit.unit)
    return None if worth is None else event.amounts[place] * worth


def _windows(context: Judged, asking: Asking) -> Iterator[Days]:
    """Yield the days that count for each of all that asks for a training."""
    edition, as_of = context.life.edition, context.life.as_of
    for asked in asking:
        days = asked.within if isinstance(asked, Part) else asked.earning or (edition.earning if edition else None)
        yield Days(*context.days(days), as_of)
