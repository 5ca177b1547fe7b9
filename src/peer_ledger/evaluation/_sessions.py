"""
Requirements of a number of trainings held against what is on file.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

import attrs

from peer_ledger.evaluation._alike import Alike
from peer_ledger.evaluation._classes import Classes
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._days import FIRST_DAY, later
from peer_ledger.evaluation._decided import Rank, decided
from peer_ledger.evaluation._disagreements import disagreements_of
from peer_ledger.evaluation._doubt import deciding, doubt_of, rank_of
from peer_ledger.evaluation._eligibility import Days, counts_as
from peer_ledger.evaluation._event import Event
from peer_ledger.reports import Finding, Line, Result
from peer_ledger.reports._remarks import Remark, remark
from peer_ledger.rules import Interval, SessionCount
from peer_ledger.values.hours import ONE


@attrs.frozen(kw_only=True)
class _Chosen:
    """
    The trainings that count where some of them are one.

    Attributes:
        certain: The ids of those that count for certain.
        possible: How many might count if every unknown detail turned out favorable.
        need: How many are needed.
        classes: Which trainings are one.
    """

    certain: frozenset[str]
    possible: int
    need: int
    classes: Classes

    @property
    def result(self) -> Result:
        """Whether enough count; undetermined where that depends on unknown details."""
        if len(self.certain) >= self.need:
            return "met"
        return "undetermined" if self.possible >= self.need else "short"

    @property
    def rank(self) -> Rank:
        """How well the requirement stands."""
        return rank_of(self.result, Fraction(len(self.certain)))


def check_sessions(context: Context, requirement: SessionCount, earning: Interval | None) -> Finding:
    first, last = context.days(earning)
    need = context.count(requirement.id, requirement.need, "training")
    sure, unsure, why = _sorted(context, requirement, first, last)
    is_once = context.readings.of(requirement.repeats) == "once"
    seen = {event.record.id: events is sure for events in (sure, unsure) for event in events}
    disagreements = disagreements_of(context.history.trainings, lambda event: seen.get(event.record.id))
    alike = Alike([*sure, *unsure], once=is_once, disagreements=disagreements)

    def under(classes: Classes) -> _Chosen:
        certain = _paired(sure, requirement.spread, first, classes)
        possible = len(_paired([*sure, *unsure], requirement.spread, first, classes))
        return _Chosen(certain=frozenset(certain), possible=possible, need=need, classes=classes)

    chosen, is_exact = decided(context, alike, under, lambda one: one.rank)
    why |= {event.record.id: _why_not(event, sure, chosen, requirement) for event in sure}
    result, doubt = chosen.result, None
    if result != "met":
        asked = deciding(context, alike, lambda other: check_sessions(other, requirement, earning).result)
        doubt = doubt_of(asked, is_exact=is_exact)
        result = "undetermined" if doubt is not None else context.if_recorded() if result == "undetermined" else result
    return attrs.evolve(
        _finding(context, requirement, chosen, why),
        result=result,
        short=Fraction(need - len(chosen.certain) if result == "short" else 0),
        because=(doubt or remark("kinds-not-recorded"),) if result == "undetermined" else (),
    )


def _sorted(
    context: Context, requirement: SessionCount, first: date | None, last: date | None
) -> tuple[list[Event], list[Event], dict[str, Remark | None]]:
    """Return the trainings that count, those that may count, and by record why each does not count for certain."""
    why: dict[str, Remark | None] = {}
    sure: list[Event] = []
    unsure: list[Event] = []
    days = Days(first, last, context.life.as_of)
    for event in context.history.events:
        outside = days.why_outside(event)
        carried = (None,) if event.credits is None else event.credits
        answers = [counts_as(requirement.counts, event, credit, context.readings) for credit in carried]
        fits = True if True in answers else None if None in answers else False
        if fits is False and (outside is None or outside.kind == "days-not-known"):
            outside = remark("not-of-kind")
        why[event.record.id] = outside
        if why[event.record.id] is None:
            (sure if fits else unsure).append(event)
            why[event.record.id] = None if fits else remark("kind-not-recorded")
    return sure, unsure, why


def _finding(context: Context, requirement: SessionCount, chosen: _Chosen, why: Mapping[str, Remark | None]) -> Finding:
    """Return the finding, but for how the requirement stands."""
    lines = [
        Line(
            record=event.record.id,
            day=event.record.completed,
            recorded=ONE,
            counted=Fraction(why[event.record.id] is None),
            why_not=why[event.record.id],
        )
        for event in context.history.events
    ]
    return Finding(
        requirement=requirement.id,
        says=requirement.says,
        subject="hours",
        result=chosen.result,
        unit="training",
        need=Fraction(chosen.need),
        recorded=Fraction(len(lines)),
        eligible=Fraction(chosen.possible),
        counted=Fraction(len(chosen.certain)),
        lines=tuple(lines),
        cites=context.sources(requirement.cites),
    )


def _why_not(event: Event, sure: Iterable[Event], chosen: _Chosen, requirement: SessionCount) -> Remark | None:
    """Return why a training of the kind that counts does not count; `None` where it does."""
    if event.record.id in chosen.certain:
        return None
    others = {other.record.id for other in chosen.classes.others(event)}
    same = [other for other in sure if other.record.id in others]
    if event.record.id in chosen.classes.wrong:
        return chosen.classes.why_again(event, same)
    # Where another training of the same course counts, that is why; else another one has its stretch of months.
    if same and (requirement.spread is None or any(other.record.id in chosen.certain for other in same)):
        return chosen.classes.why_again(event, same)
    return remark("same-months")


def _paired(events: list[Event], spread: int | None, first: date | None, classes: Classes) -> set[str]:
    """
    Choose as many trainings as may count, of different courses and in different stretches of months, as is asked.

    Each training joins a course to a stretch, so this is a largest matching; the earlier training comes first.

    Returns:
        The ids of their records.
    """
    joined: dict[str, list[tuple[str, str]]] = {}
    for event in events:
        record = event.record
        if record.id in classes.wrong:
            continue
        stretch = f"training {record.id}"
        if spread is not None:
            stretch = f"stretch {_stretch(record.completed, first or FIRST_DAY, spread)}"
        joined.setdefault(classes.first_of(event).record.id, []).append((stretch, record.id))
    held: dict[str, tuple[str, str]] = {}
    for course in joined:
        _place(course, joined, held)
    return {record for _, record in held.values()}


def _place(course: str, joined: Mapping[str, list[tuple[str, str]]], held: dict[str, tuple[str, str]]) -> None:
    """Find a stretch for a course, if need be by moving others to stretches that are free."""
    reached: dict[str, tuple[str, str]] = {}
    had: dict[str, str] = {}
    waiting = deque([course])
    while waiting:
        moving = waiting.popleft()
        for stretch, record in joined[moving]:
            if stretch in reached:
                continue
            reached[stretch] = moving, record
            if stretch not in held:
                _move(stretch, reached, had, held)
                return
            had[held[stretch][0]] = stretch
            waiting.append(held[stretch][0])


def _move(
    free: str, reached: Mapping[str, tuple[str, str]], had: Mapping[str, str], held: dict[str, tuple[str, str]]
) -> None:
    """Move the course that reached a free stretch to it, then the one that reached the stretch it had."""
    stretch: str | None = free
    while stretch is not None:
        held[stretch] = reached[stretch]
        stretch = had.get(reached[stretch][0])


def _stretch(day: date, first: date, months: int) -> int:
    """Return the index of the `months`-long window, counted from `first`, that contains `day`."""
    number = 0
    while later(first, months * (number + 1)) <= day:
        number += 1
    return number
