"""
Days, amounts and counts in words.
"""

from datetime import date
from fractions import Fraction

from peer_ledger.values.hours import plain_hours


def counted(number: int, what: str) -> str:
    """
    Return a number with its noun, in the plural where needed.

    Args:
        number: The number.
        what: The noun in the singular; its plural ends in -s, or in -ies when the singular ends in a consonant and -y.

    >>> counted(1, "row"), counted(2, "day"), counted(0, "correction"), counted(3, "entry")
    ('1 row', '2 days', '0 corrections', '3 entries')
    """
    if number == 1:
        return f"1 {what}"
    return f"{number} {what[:-1]}ies" if what.endswith("y") and what[-2] not in "aeou" else f"{number} {what}s"


def with_article(word: str) -> str:
    """
    Return a word with its article.

    >>> with_article("course"), with_article("document")
    ('a course', 'a document')
    """
    return f"{'an' if word[:1] in 'aeio' else 'a'} {word}"


_WORDS = {
    "us-dollar": ("US dollar", "US dollars"),
    "ceu": ("CEU", "CEUs"),
    "cec": ("CEC", "CECs"),
    "krona": ("krona", "kronor"),
    "percent": ("percent", "percent"),
}
"""The words for units, in the singular and the plural, where they are not the id and the id with -s."""


def units(unit: str) -> str:
    """
    Return the word for a unit in the plural.

    >>> units("hour"), units("point"), units("study-day")
    ('hours', 'points', 'study days')
    """
    return _words(unit)[1]


def short_amount(value: Fraction, unit: str) -> str:
    """
    Return an amount with its unit as short as it is written in a reason.

    >>> short_amount(Fraction(1, 4), "hour"), short_amount(Fraction(2), "point")
    ('0.25 h', '2 points')
    """
    return f"{plain_hours(value)} h" if unit == "hour" else amount(value, unit)


def training_amount(value: Fraction, unit: str) -> str:
    """
    Return an amount of training as people say it: less than an hour in minutes.

    >>> [training_amount(Fraction(value), unit) for value, unit in (("1/4", "hour"), ("3/2", "hour"), (2, "point"))]
    ['15 minutes', '1.5 hours', '2 points']
    """
    minutes = value * 60
    if unit == "hour" and 0 < value < 1 and minutes.denominator == 1:
        return amount(minutes, "minute")
    return amount(value, unit)


def dollars(value: Fraction) -> str:
    """
    Return an amount of US dollars, with cents where there are some.

    >>> dollars(Fraction(20)), dollars(Fraction(15, 2))
    ('$20', '$7.50')
    """
    cents = value * 100
    if value.denominator == 1 or cents.denominator != 1:
        return f"${plain_hours(value)}"
    return f"${cents.numerator // 100}.{cents.numerator % 100:02}"


def _words(unit: str) -> tuple[str, str]:
    word = unit.replace("-", " ")
    return _WORDS.get(unit, (word, f"{word}s"))


def spoken_day(day: date) -> str:
    """
    Return a day as people write it.

    >>> spoken_day(date(2026, 3, 31))
    'March 31, 2026'
    """
    return f"{day:%B} {day.day}, {day.year}"


def amount(value: Fraction, unit: str) -> str:
    """
    Return an amount with its unit.

    >>> amount(Fraction(1, 4), "hour"), amount(Fraction(2), "us-dollar"), amount(Fraction(1), "hour")
    ('0.25 hours', '2 US dollars', '1 hour')
    """
    one, several = _words(unit)
    return f"{plain_hours(value)} {one if value == 1 else several}"


def spoken_amount(value: Fraction, unit: str) -> str:
    """
    Return an amount with its unit, and less than an hour also in minutes.

    >>> spoken_amount(Fraction(1, 4), "hour"), spoken_amount(Fraction(3, 2), "hour")
    ('0.25 hours (15 minutes)', '1.5 hours')
    """
    minutes = value * 60
    also = f" ({minutes} minutes)" if unit == "hour" and 0 < value < 1 and minutes.denominator == 1 else ""
    return amount(value, unit) + also
