"""
Exact amounts of training: decimals and fractions, never binary floats.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from peer_ledger.errors import InvalidValue, shown

ZERO, ONE = Fraction(0), Fraction(1)
WORTH = {"hour": ONE, "minute": Fraction(1, 60)}
"""The worth in hours of the units that need no source: clock hours and minutes."""


def plain_hours(amount: Fraction) -> str:
    """
    Return an amount of hours as text: as a decimal when it is finite, otherwise as a fraction.

    >>> plain_hours(Fraction(79, 4)), plain_hours(Fraction(1, 3)), plain_hours(Fraction(20))
    ('19.75', '1/3', '20')
    """
    if amount.denominator == 1:
        return str(amount.numerator)
    rest = amount.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return str(amount)
    text = f"{Decimal(amount.numerator) / Decimal(amount.denominator):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def sum_of(amounts: Iterable[Fraction]) -> Fraction:
    """
    Return the sum of some amounts: amounts with the same denominator are added as whole numbers.

    >>> sum_of([Fraction(1, 2), Fraction(3, 2), Fraction(1, 4)]), sum_of([])
    (Fraction(9, 4), Fraction(0, 1))
    """
    numerators: dict[int, int] = {}
    for amount in amounts:
        denominator = amount.denominator
        numerators[denominator] = numerators.get(denominator, 0) + amount.numerator
    sums = [Fraction(numerator, denominator) for denominator, numerator in numerators.items()]
    return sum(sums[1:], sums[0]) if sums else ZERO


DECIMALS = 6
"""The most digits after the point that an amount may have; a millionth of an hour is 3.6 milliseconds."""

PLAIN = r"(0|[1-9][0-9]{0,6})(\.[0-9]{1,6})?"
"""The form of an amount: digits and at most one point; no sign, exponent or separator."""

_PLAIN = re.compile(PLAIN)
_LIMIT = Decimal(10**7)
_SCALE = 10**DECIMALS
_NOT_AN_AMOUNT = "an amount is a Decimal, a whole number or a text such as '1.5', not {}"


def exact(value: Decimal | int | str) -> Decimal:
    """
    Return an amount exactly as it was written.

    Args:
        value: A decimal, a whole number, or a text such as `"1.5"`; at most 7 digits before the point and 6 after it.

    Returns:
        The amount in its canonical form, without trailing zeros, so that equal amounts are written alike.

    Raises:
        InvalidValue: The value is a binary float, negative, not finite, too long, or not a number.

    >>> exact("1.50"), exact(20)
    (Decimal('1.5'), Decimal('20'))
    >>> exact(1.5)
    Traceback (most recent call last):
    ...
    peer_ledger.errors.InvalidValue: 1.5 is a binary float and cannot hold every decimal; use '1.5' or Decimal('1.5')
    """
    try:
        return exact_hashable(value)
    except TypeError:  # the cache cannot hash the value, so it is not an amount
        raise InvalidValue(_NOT_AN_AMOUNT.format(shown(value))) from None


def total(amounts: Iterable[Decimal]) -> Decimal:
    """
    Return the exact sum of amounts, whatever the caller's decimal context.

    Args:
        amounts: Amounts as `exact` returns them, all in one unit.

    Returns:
        Their sum; 0 when there are none.

    Raises:
        InvalidValue: An amount has more than six decimals, or is not one that `exact` returns.

    >>> total([Decimal("0.1")] * 10)
    Decimal('1')
    """
    whole, part = divmod(sum(_scaled(amount) for amount in amounts), _SCALE)
    return _canonical(Decimal(f"{whole}.{part:0{DECIMALS}}"))


def plain(amount: Decimal) -> str:
    """
    Return an amount in digits, never with an exponent.

    >>> plain(Decimal("2E+1"))
    '20'
    """
    return format(amount, "f")


@lru_cache(maxsize=8192, typed=True)
def exact_hashable(value: Any) -> Decimal:
    """Return the result of `exact`, but raise `TypeError` for a value that cannot be hashed; for inner loops."""
    if isinstance(value, str):
        if _PLAIN.fullmatch(value):
            return _canonical(Decimal(value))
        hint = "; write the decimal point as '.'" if re.fullmatch(r"[0-9]+,[0-9]+", value) else ""
        raise InvalidValue(f"an amount is written in digits such as '1.5' or '20', not {shown(value)}{hint}")
    if isinstance(value, Decimal):
        if not value:
            return Decimal(0)
        if not value.is_finite() or value.is_signed():
            raise InvalidValue(f"an amount is a finite number and not negative, not Decimal('{value}')")
        if value >= _LIMIT or (-int(value.as_tuple().exponent) > DECIMALS and _decimals(value) > DECIMALS):
            raise InvalidValue(f"an amount has at most 7 digits before the point and {DECIMALS} after it")
        return _canonical(value)
    if isinstance(value, int) and not isinstance(value, bool):
        if not 0 <= value < _LIMIT:
            raise InvalidValue(f"an amount is from 0 to 9999999, not {shown(value)}")
        return Decimal(value)
    if isinstance(value, float):
        raise InvalidValue(
            f"{value!r} is a binary float and cannot hold every decimal; use '{value!r}' or Decimal('{value!r}')"
            if _PLAIN.fullmatch(repr(value))
            else f"{value!r} is a binary float, not an exact amount; use a text such as '1.5' or a Decimal"
        )
    raise InvalidValue(_NOT_AN_AMOUNT.format(shown(value)))


def _canonical(value: Decimal) -> Decimal:
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return Decimal(text.removeprefix("-"))


def _decimals(value: Decimal) -> int:
    digits, exponent = value.as_tuple().digits, int(value.as_tuple().exponent)
    trailing = 0
    for digit in reversed(digits):
        if digit:
            break
        trailing += 1
    return -exponent - trailing


def _scaled(amount: Decimal) -> int:
    if type(amount) is not Decimal or not amount.is_finite() or amount < 0:
        raise InvalidValue(f"only amounts as exact() returns them can be added, not {shown(amount)}")
    scaled = Fraction(amount) * _SCALE
    if scaled.denominator != 1:
        raise InvalidValue(f"an amount has at most {DECIMALS} digits after the point")
    return int(scaled)
