"""
Requirements of a number of trainings held against what is on file.
"""

from collections import deque
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._days import FIRST_DAY, later
from peer_ledger.evaluation._eligibility import counts_as, why_outside
from peer_ledger.evaluation._event import Event
from peer_ledger.reports import Finding, Line, Result
from peer_ledger.rules import Interval, SessionCount
from peer_ledger.values.hours import ONE


def check_sessions(context: Context, requirement: SessionCount, earning: Interval | None) -> Finding:
    first, last = context.days(earning)
    need = context.count(requirement.id, requirement.need, "training")
    why: dict[str, str | None] = {}
    sure: list[Event] = []
    unsure: list[Event] = []
    for event in context.history.events:
        outside = why_outside(event, first, last, context.life.as_of)
        carried = (None,) if event.credits is None else event.credits
        answers = [counts_as(requirement.counts, event, credit, context.readings) for credit in carried]
        fits = True if True in answers else None if None in answers else False
        why[event.record.id] = outside or ("not of the kind that counts" if fits is False else None)
        if why[event.record.id] is None:
            (sure if fits else unsure).append(event)
            why[event.record.id] = None if fits else "the records do not say whether it is of the kind that counts"
    once = context.readings.of(requirement.repeats) == "once"
    taken = _paired(sure, requirement.spread, first, once=once)
    certain, possible = len(taken), len(_paired([*sure, *unsure], requirement.spread, first, once=once))
    again = ("the same course again" if once else "", "of the same months as another one" if requirement.spread else "")
    for event in sure:
        if event.record.id not in taken:
            why[event.record.id] = ", or ".join(filter(None, again))
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
    result: Result = "met" if certain >= need else "short"
    if certain < need <= possible:
        result = context.if_recorded()
    return Finding(
        requirement=requirement.id,
        says=requirement.says,
        subject="hours",
        result=result,
        unit="training",
        need=Fraction(need),
        recorded=Fraction(len(lines)),
        eligible=Fraction(possible),
        counted=Fraction(certain),
        short=Fraction(need - certain if result == "short" else 0),
        because=None if result == "met" else f"{certain} of {need} on file",
        lines=tuple(lines),
        cites=context.sources(requirement.cites),
    )


def _paired(events: list[Event], spread: int | None, first: date | None, *, once: bool) -> set[str]:
    """
    Choose as many trainings as may count, of different courses and in different stretches of months, as is asked.

    Each training joins a course to a stretch, so this is a largest matching; the earlier training comes first.

    Returns:
        The ids of their records.
    """
    joined: dict[str, list[tuple[str, str]]] = {}
    for event in events:
        record = event.record
        course = f"course {record.course}" if once and record.course is not None else f"training {record.id}"
        stretch = f"training {record.id}"
        if spread is not None:
            stretch = f"stretch {_stretch(record.completed, first or FIRST_DAY, spread)}"
        joined.setdefault(course, []).append((stretch, record.id))
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
