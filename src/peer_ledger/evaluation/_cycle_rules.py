"""
Which rule sets the cycle of a grant, where the board changed it in the course of time.
"""

from datetime import date

from peer_ledger.errors import InvalidValue
from peer_ledger.evaluation._days import FIRST_DAY
from peer_ledger.records import DocumentValue, Quantity
from peer_ledger.rules import Anniversary, CycleEditions, CycleRule, Readings
from peer_ledger.rules._cycles import Schedule, months_of
from peer_ledger.values.dates import DAY, MONTHS, months_after


def rule_on(cycle: CycleRule | CycleEditions, readings: Readings, day: date) -> CycleRule:
    """
    Return the rule of a cycle; where the board has changed it, that of a deciding day.

    Args:
        cycle: How the board sets cycles.
        readings: The readings taken; asked only about the edition of that day.
        day: The deciding day.
    """
    if not isinstance(cycle, CycleEditions):
        return cycle
    rule: CycleRule = readings.of(cycle.on(day))
    return rule


def granted_on(cycle: CycleRule | CycleEditions, readings: Readings, expires: date) -> date:
    """
    Return the day on which a cycle that ends on a printed expiry was granted.

    Where the board has changed the cycle, it is the newest edition under which the cycle began that counts.

    Args:
        cycle: How the board sets cycles.
        readings: The readings taken.
        expires: The last day by the printed expiry.
    """
    if not isinstance(cycle, CycleEditions):
        return computed_back(cycle, expires)
    for one in cycle.editions[:0:-1]:
        day = computed_back(readings.of(one.cycle), expires)
        if one.first_day is not None and day >= one.first_day:
            return day
    return computed_back(readings.of(cycle.editions[0].cycle), expires)


def computed_back(rule: Schedule | CycleRule | None, expires: date) -> date:
    """
    Return the day on which a cycle that ends on a printed expiry was granted; the first day of the calendar if unknown.

    Args:
        rule: How long it lasts; `None` where no source says that.
        expires: The last day by the printed expiry.
    """
    months = None if rule is None else months_of(rule)
    if rule is None or months is None:
        return FIRST_DAY
    try:
        begins = months_after(expires + DAY, -months)
    except InvalidValue:
        return FIRST_DAY
    # A grant on the first day of this cycle would end a month or a day later, so the day before is taken.
    return begins - DAY if is_counted_from_before(rule) else begins


def is_counted_from_before(rule: Schedule | CycleRule) -> bool:
    """Return whether a cycle that begins on a day is counted from the day before it."""
    return isinstance(rule, Anniversary) and rule.begins in ("next-month", "next-day")


def in_months(value: DocumentValue | None) -> int | None:
    """Return a number of whole months or years, in months; `None` for anything else."""
    each = MONTHS.get(value.unit) if isinstance(value, Quantity) else None
    if not isinstance(value, Quantity) or each is None or value.amount != int(value.amount):
        return None
    return int(value.amount) * each
