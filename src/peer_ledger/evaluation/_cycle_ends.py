"""
The last days of cycles, which are the same for everybody whose cycles are counted from one day.
"""

from datetime import date
from functools import lru_cache

from peer_ledger.errors import InvalidValue
from peer_ledger.evaluation._days import LAST_DAY
from peer_ledger.rules._cycles import Schedule, cycle_of_number, cycle_on
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
