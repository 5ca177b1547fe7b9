"""
Checks of the days of an edition against each other, and of what a document may state.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from peer_ledger.errors import Problem
from peer_ledger.records import Quantity
from peer_ledger.rules._built import is_whole, placed
from peer_ledger.rules._consulted import inside
from peer_ledger.rules._cycle_editions import CycleEditions
from peer_ledger.rules._cycles import Anniversary, Birthday, CycleRule, FixedDate, months_of
from peer_ledger.rules._points import Interval, RelativeDate
from peer_ledger.rules._provisional import Provisional
from peer_ledger.rules._questions import ByQuestion
from peer_ledger.rules._requirements import Documents
from peer_ledger.rules._ruleset import Edition, Procedure, RuleSet
from peer_ledger.rules._sound_days import DUE_DAYS
from peer_ledger.values._strict import is_built
from peer_ledger.values.dates import DAY, months_after

_DUE = RelativeDate(of="due")
_DUE_DAYS = ("due", "after-due")
_MOST_MONTHS = 1200
_MOST_CYCLE = 600
"""The most months of a cycle."""

_STATED = {"year": 120, "month": 1440, "day": 43_830}
"""The longest time that a document can state of a person's life, by unit."""


def window_problems(edition: Edition, step: Any, cycle: Any) -> Iterator[Problem]:
    """
    Yield the windows of an edition that are over before they begin, whatever the due date.

    Args:
        edition: The edition.
        step: The step of its procedure.
        cycle: The rule set's cycle.
    """
    months = months_of(cycle) if isinstance(cycle, Anniversary | FixedDate | Birthday) and is_whole(cycle) else None
    if step == "renewal":
        for name in ("late_until", "in_force_until"):
            for path, point in _by_reading(name, getattr(edition, name)):
                if _is_before_always(point, _DUE, months):
                    found = "is before the due date, whatever that is; nothing could be filed late"
                    hint = " (the last day to file in time is timely_until)" if name == "late_until" else ""
                    yield Problem(path, found + hint)
        for path, point in _by_reading("opens", edition.opens):
            if _is_before_always(_DUE, point, months):
                yield Problem(path, "is after the due date, whatever that is; nothing could be filed in time")
    windows = [("earning", edition.earning)]
    windows += [
        (f"requirements[{place}].{name}", getattr(requirement, name, None))
        for place, requirement in placed(edition.requirements)
        for name in ("earning", "within")
    ]
    for path, window in windows:
        if isinstance(window, Interval) and _is_over_first(window, months):
            yield Problem(f"{path}.ends", "is before begins, whatever the due date; no day counts")


def _by_reading(name: str, point: Any) -> Iterator[tuple[str, Any]]:
    """Yield a relative date with its place, or one for each reading of the question that it depends on."""
    if isinstance(point, ByQuestion):
        yield from ((f"{name}.values.{reading}", value) for reading, value in point.values)
    else:
        yield name, point


def _is_over_first(window: Interval, months: int | None) -> bool:
    """Return whether an interval ends before it begins, unless both are counted from one day: it checks that itself."""
    anchors = {point.of for point in (window.begins, window.ends) if isinstance(point, RelativeDate)}
    if len(anchors) < 2:
        return False
    is_from_grant = _is_from(window.ends, ("award", "last-grant"), -1) and _is_from(window.begins, _DUE_DAYS, 1)
    return is_from_grant or _is_before_always(window.ends, window.begins, months)


def _is_from(point: Any, anchors: tuple[str, ...], sign: int) -> bool:
    """Return whether a day is counted from one of some days: by `sign` on or before that day, or on or after it."""
    if not (isinstance(point, RelativeDate) and is_whole(point)) or point.month_end:
        return False
    return point.of in anchors and sign * point.months >= 0 and sign * point.days >= 0


def _is_before_always(point: Any, other: Any, months: int | None) -> bool:
    """Return whether one day is before another, whatever the due date; `False` when that is not known."""
    pairs = [(_day(point, due, months), _day(other, due, months)) for due in DUE_DAYS]
    return all(first is not None and second is not None and first < second for first, second in pairs)


def _day(point: Any, due: date, months: int | None) -> date | None:
    if not (isinstance(point, RelativeDate) and is_whole(point)) or point.due_from or point.due_until:
        return None
    anchors = {"due": due, "after-due": due + DAY}
    if months is not None and months <= _MOST_MONTHS:
        anchors["cycle-start"] = months_after(due + DAY, -months)
    start = anchors.get(point.of)
    if start is None or abs(point.months) > _MOST_MONTHS:
        return None
    day = months_after(start, point.months)
    if point.month_end:
        day = months_after(day.replace(day=1), 1) - DAY
    return day + timedelta(days=point.days)


def following_problems(procedure: Procedure) -> Iterator[Problem]:
    """
    Yield what contradicts what a procedure follows.

    Args:
        procedure: The procedure, which may be built in part.
    """
    after = procedure.after
    if not (is_built(procedure.step) and is_built(after)):
        return
    if after is not None and procedure.step != "reinstatement":
        yield Problem("after", "is for a reinstatement; leave it out")
    elif after != ("inactive",):
        for path, point in inside("", procedure.editions):
            if isinstance(point, RelativeDate) and point.of == "inactive":
                says = "a certificate may be reinstated here that was never made inactive; count from the lapse"
                yield Problem(f"editions{path}.of", f"{says}, or set after = ['inactive']")


def edition_problems(ruleset: RuleSet) -> Iterator[Problem]:
    """
    Yield what cannot be combined with a cycle that was changed.

    Args:
        ruleset: The rule set, which may be built in part.
    """
    is_changed = any(isinstance(value, CycleEditions) for _, value in inside("", ruleset.cycle))
    if is_changed and ruleset.unending is True:
        yield Problem("unending", "cannot be combined with editions of the cycle; leave either out")
    if is_changed and isinstance(ruleset.provisional, Provisional):
        yield Problem("provisional", "cannot be combined with editions of the cycle; leave either out")


def cycle_problems(cycle: Any) -> Iterator[Problem]:
    """
    Yield a problem for each cycle that is longer than people work.

    Args:
        cycle: The rule set's cycle, which may depend on questions.
    """
    for place, rule in _by_reading("", cycle):
        path = place.lstrip(".")
        if isinstance(rule, ByQuestion):
            yield from (problem.below(path) for problem in cycle_problems(rule))
        elif isinstance(rule, CycleEditions):
            for number, one in placed(rule.editions):
                below = f"{path}.editions[{number}].cycle".lstrip(".")
                yield from (problem.below(below) for problem in cycle_problems(one.cycle))
        elif isinstance(rule, CycleRule) and is_whole(rule):
            months = months_of(rule) or 0
            if months > _MOST_CYCLE:
                says = f"a cycle of {months // 12} years is longer than people work; a certificate without an end is"
                yield Problem(path, f"{says} unending, with a cycle in which its holder has something to do")


def document_problems(requirement: Documents) -> Iterator[Problem]:
    """
    Yield a problem when a document must state a longer time than a life, or more than it may.
    """
    stated = requirement.at_least
    yield from _problems_of_most(requirement)
    values = [value for _, value in stated.values] if isinstance(stated, ByQuestion) else [stated]
    for value in values:
        if isinstance(value, Quantity) and isinstance(value.amount, Decimal):
            most = _STATED.get(value.unit)
            if most is not None and value.amount > most and not requirement.adds_up:
                yield Problem("at_least", f"is {value.amount} {value.unit}s, which is longer than a lifetime")


def _problems_of_most(requirement: Documents) -> Iterator[Problem]:
    """Yield a problem when the most that a document may state is less than it must, or cannot be held against it."""
    most, least = requirement.at_most, requirement.at_least
    if most is None:
        return
    values = [value for _, value in least.values] if isinstance(least, ByQuestion) else [least]
    for value in values:
        if isinstance(value, Quantity) and value.unit != most.unit:
            yield Problem("at_most", f"is in {most.unit}s and at_least in {value.unit}s; use one unit for both")
        elif isinstance(value, Quantity) and value.amount > most.amount:
            yield Problem("at_most", f"is {most.amount} {most.unit}s, which is less than at_least")
