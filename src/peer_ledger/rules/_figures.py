"""
Figures of rules: exact amounts, amounts that no source states, and amounts that grow with time.
"""

from decimal import Decimal
from typing import Any, ClassVar, Literal

import attrs
from attrs import field

from peer_ledger.rules._points import RelativeDate
from peer_ledger.rules._questions import ByQuestion
from peer_ledger.rules._values import MONTHS, an, to_optional_amount, under_each, varying
from peer_ledger.values._checks import fused, optional
from peer_ledger.values._fields import AMOUNT, AMOUNT_OR_ZERO, TEXT, is_amount, one_of, to_amount


@attrs.frozen(kw_only=True, field_transformer=fused)
class Unstated:
    """
    A figure that no source states; a ruling of the board may set it for a person.

    It is not guessed: a requirement that hinges on it stays undetermined, and the finding gives the figure up to which
    it would be met.

    Attributes:
        says: What it is, in a few plain words: "the hours that the board's letter asks".
    """

    kind: ClassVar[str] = "unstated"

    says: str = field(validator=TEXT)


@attrs.frozen(kw_only=True, field_transformer=fused)
class GrowingAmount:
    """
    A figure that grows with time: so much, and so much more for every so many months between two days.

    "12 hours for each year missed and 12 for the current one" grows from the due date to the filing; "10 hours for
    each year of the term" grows from the first day of the cycle to the day after it.  Where one of the days is not
    known, the figure is not stated.

    Attributes:
        base: What it begins with.
        each: What is added each time.
        months: For every so many months.
        since: From which day.
        until: To which day.
        count: Whether months that have `begun` count whole, or only those that are `complete`.
        most: What it never exceeds; `None` without limit.
    """

    kind: ClassVar[str] = "growing"

    base: Decimal = field(converter=to_amount, validator=AMOUNT_OR_ZERO)
    each: Decimal = field(converter=to_amount, validator=AMOUNT)
    months: int = field(validator=MONTHS)
    since: RelativeDate = field(validator=an(RelativeDate))
    until: RelativeDate = field(validator=an(RelativeDate))
    count: Literal["begun", "complete"] = field(validator=one_of(Literal["begun", "complete"]))
    most: Decimal | None = field(default=None, converter=to_optional_amount, validator=optional(AMOUNT))


def to_figure(value: Any) -> Any:
    return under_each(value, lambda one: one if isinstance(one, Unstated | GrowingAmount) else to_amount(one))


def _is_figure(value: Any) -> bool:
    return type(value) in (Unstated, GrowingAmount) or is_amount(value)


FIGURE = varying(attrs.evolve(AMOUNT, holds=_is_figure))

Figure = Decimal | Unstated | GrowingAmount | ByQuestion
"""An exact amount, one that nobody states, one that grows with time, or one that depends on a question."""
