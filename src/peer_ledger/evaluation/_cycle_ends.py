"""
The last days of cycles, which are the same for everybody whose cycles are counted from one day.
"""

from datetime import date, timedelta
from functools import lru_cache

from peer_ledger.errors import InvalidValue
from peer_ledger.evaluation._days import LAST_DAY
from peer_ledger.evaluation._life import Grant
from peer_ledger.rules import CycleRule, FixedDate
from peer_ledger.rules._cycles import Schedule, cycle_of_number, cycle_on, months_of
from peer_ledger.values.dates import DAY, months_after

MOST_DAYS = 65536
"""For how many days the ends of cycles are kept."""


@lru_cache(maxsize=MOST_DAYS)
def end_of_cycle(number: int, schedule: Schedule, anchor: date) -> date:
    """Return the last day of a cycle, by its number."""
    return cycle_of_number(number, schedule, anchor=anchor).last_day


@lru_cache(maxsize=MOST_DAYS)
def end_near(schedule: Schedule | None, months: int | None, since: date, day: date) -> date:
    """Return the last day of the cycle that begins about a day; that of the calendar where it would be beyond."""
    # The day is the end of a cycle, but need not be its end by the schedule: an expiry may be printed, a deadline moved
    # by a ruling or from a weekend. Half a cycle later is inside the next cycle whichever way it was moved. Half of one
    # month is no month, so the day after is the least.
    if months is None:
        return LAST_DAY
    try:
        if schedule is None:
            return months_after(day, months)
        half = max(months_after(day, months // 2), day + DAY)
        cycle = cycle_on(half, schedule, anchor=since if since <= half else day)
    except InvalidValue:
        return LAST_DAY
    assert cycle is not None, "the day is not before the anchor"
    return cycle.last_day


def on_working_day(rule: CycleRule, day: date) -> date:
    """Return a day, moved from the weekend to the Friday before where the board does so."""
    is_moved = isinstance(rule, FixedDate) and rule.working_day
    return day - timedelta(days=max(0, day.weekday() - 4)) if is_moved else day


def first_end(rule: CycleRule, schedule: Schedule | None, day: date) -> date:
    """Return the last day of the first cycle from a day on; the last day of the calendar where it is unknown."""
    try:
        if schedule is None:
            return LAST_DAY
        end = end_of_cycle(1, schedule, day)
        is_over = on_working_day(rule, end) < day  # the deadline was moved to a day before the grant
        return end_of_cycle(2, schedule, day) if is_over else end
    except InvalidValue:
        return LAST_DAY


def closed_by(before: Grant, day: date) -> date:
    """Return the last day of the cycle that a renewal closes."""
    # The records may miss renewals. A renewal closes the cycle whose end is nearest to its day, but none that ended
    # before the due date of the last grant; of two ends equally near, the earlier. An end later than that due date
    # means that the renewals in between are not on file.
    end = before.due
    while day > end:
        following = end_after(before, end)
        if day - end <= following - day or following >= LAST_DAY:
            break
        end = following
    return end


def end_after(before: Grant, day: date) -> date:
    """Return the last day of the cycle that begins about a day."""
    return end_near(before.schedule, months_of(before.rule), before.cycles_from, day)
