"""
Whether what a document states is within bounds, on its own day and on later ones.

An age grows with each day; time in recovery may have gone on, or not.  A time is stated in whole units: who is said to
be 17 years old on a day has completed 17 years then, and not 18.  So the day on which it began is one of many, and how
much of it is complete on a later day follows for each of them.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from peer_ledger.records import Document, Quantity
from peer_ledger.values.dates import MONTHS
from peer_ledger.values.vocabularies import standard_vocabularies


class Completed(NamedTuple):
    """
    How much of a time is complete on a day.

    Attributes:
        least: As much surely, in whole months or days.
        most: No more than that.
    """

    least: int
    most: int


def says_enough(document: Document, needed: Quantity, as_of: date) -> bool | None:
    """
    Return whether what a document states is enough on a day; `None` when that is not known.

    Args:
        document: The document, which states what was so on its day or, with a day, when it began.
        needed: How much is needed.
        as_of: The day, not before that of the document.
    """
    if document.value is None:
        return None
    least, found = _units(needed, needed.amount), completed(document, needed.unit, as_of)
    if isinstance(document.value, date):
        return None if found is None else found.least >= least
    stated = in_unit_of(document, needed)
    if stated is None:
        return None
    if stated >= needed.amount:
        return True
    how = goes_on(document)
    if how is None or found is None:
        return False
    if how == "surely" and found.least >= least:
        return True
    return False if found.most + 1 <= least else None


def says_no_more(document: Document, allowed: Quantity, as_of: date) -> bool | None:
    """
    Return whether what a document states is no more than is allowed on a day; `None` when that is not known.

    Args:
        document: The document, which states what was so on its day or, with a day, when it began.
        allowed: How much is allowed.  Of a time that goes on, complete units are: at most 30 years are allowed until
            the day before the 31st.
        as_of: The day, not before that of the document.
    """
    if document.value is None:
        return None
    how, found, too_much = goes_on(document), completed(document, allowed.unit, as_of), _too_much(allowed)
    if isinstance(document.value, date):
        return None if found is None else found.most < too_much
    stated = in_unit_of(document, allowed)
    if stated is None:
        return None
    if how is None or found is None:
        return stated <= allowed.amount
    if found.most < too_much:
        return True
    is_stated = _units(allowed, stated) >= too_much
    return False if is_stated or (how == "surely" and found.least >= too_much) else None


def _units(bound: Quantity, amount: Fraction | Decimal) -> Fraction:
    """Return an amount in the unit of a bound, in months where that is one of the calendar."""
    return Fraction(amount) * MONTHS.get(bound.unit, 1)


def _too_much(allowed: Quantity) -> int:
    """Return the fewest months or days that are more than what is allowed: of whole years, those of the next one."""
    amount, unit = Fraction(allowed.amount), MONTHS.get(allowed.unit, 1)
    return (int(amount) + 1) * unit if amount.denominator == 1 else int(amount * unit) + 1


def in_unit_of(document: Document, bound: Quantity) -> Fraction | None:
    """Return how much a document states in the unit of a bound; `None` when it does not say, or not in such a unit."""
    value = document.value
    if not isinstance(value, Quantity):
        return None
    if value.unit == bound.unit:
        return Fraction(value.amount)
    if value.unit in MONTHS and bound.unit in MONTHS:
        return Fraction(value.amount) * MONTHS[value.unit] / MONTHS[bound.unit]
    return None


def goes_on(document: Document) -> str | None:
    """Return whether the time that a document states goes on, `surely` or `perhaps`; `None` where it does not."""
    term = standard_vocabularies()["documents"].term(document.kind)
    return None if term is None else term.goes_on


def has_one_beginning(document: Document) -> bool:
    """Return whether a document states a time that may be given by the day on which it began, as recovery is."""
    term = standard_vocabularies()["documents"].term(document.kind)
    return term is not None and term.value == "day"


def completed(document: Document, unit: str, as_of: date) -> Completed | None:
    """Return how much is complete on a day, in months or days; `None` where it is not stated in a unit like another."""
    stated = document.value
    if isinstance(stated, date):
        return _since(stated, unit, as_of)
    if not isinstance(stated, Quantity):
        return None
    whole = int(stated.amount)
    if stated.unit == unit == "day":
        days = whole + (as_of - document.on).days
        return Completed(days, days)
    if stated.unit not in MONTHS or unit not in MONTHS:
        return None
    months = MONTHS[stated.unit]
    return _months(int(stated.amount * months), (whole + 1) * months - 1, document.on, as_of)


def _since(began: date, unit: str, as_of: date) -> Completed | None:
    """Return how much is complete since a day, in months or days; `None` in another unit."""
    if unit == "day":
        complete = (as_of - began).days
    elif unit in MONTHS:
        complete = _index(as_of) - _index(began) - _is_to_come(began.day, as_of)
    else:
        return None
    return Completed(complete, complete)


@lru_cache(maxsize=4096)
def _months(least: int, most: int, on: date, as_of: date) -> Completed:
    """Return how many months may be complete on a day, of a time of which so many were complete on an earlier day."""
    later = _index(as_of) - _index(on)
    # It makes a difference whether the day of the month on which the time began is over on each of the two days, and
    # whether the month in which it began has that day: so of days that are alike one is enough.
    days = {1, min(on.day + 1, 31), min(as_of.day + 1, 31), 29, 30, 31}
    found = [
        months + later + _is_to_come(day, on) - _is_to_come(day, as_of)
        for day in days
        for months in _possible(day, on, least, most)
    ]
    return Completed(min(found), max(found))


def _possible(day: int, on: date, least: int, most: int) -> Iterator[int]:
    """Yield the fewest and the most months that are complete on a day since the same day of a month that has it."""
    begins = _index(on) - _is_to_come(day, on)
    for some in (range(least, most + 1), range(most, least - 1, -1)):
        found = next((months for months in some if day <= _length(begins - months)), None)
        if found is not None:
            yield found


def _is_to_come(day: int, on: date) -> bool:
    """Return whether a day of the month is still to come; in a shorter month its last day stands for it."""
    return min(day, _length(_index(on))) > on.day


def _index(day: date) -> int:
    """Return the number of a month, counted from the year 0."""
    return day.year * 12 + day.month - 1


def _length(month: int) -> int:
    """Return the days of a month, by its number."""
    year, place = divmod(month, 12)
    return monthrange(year, place + 1)[1]
