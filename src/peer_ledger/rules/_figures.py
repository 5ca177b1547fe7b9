"""
The figures in rules: exact amounts, amounts that no source states, and amounts that grow over time.
"""

from decimal import Decimal
from typing import Any, ClassVar, Literal

import attrs
from attrs import field

from peer_ledger.rules._points import RelativeDate
from peer_ledger.rules._questions import ByQuestion
from peer_ledger.rules._values import MONTHS, an, to_optional_amount, under_each, varying
from peer_ledger.values._checks import fused, optional
from peer_ledger.values._fields import AMOUNT, AMOUNT_OR_ZERO, TERM, TEXT, is_amount, one_of, to_amount


@attrs.frozen(kw_only=True, field_transformer=fused)
class Unstated:
    """
    A figure that no source states; a ruling of the board may set it for a person.

    It is never guessed: a requirement that depends on it stays undetermined, and the finding gives the largest figure
    that would be met.  Of documents one at least is needed: without any the requirement is short.

    Attributes:
        says: What it is, in a few plain words: "the hours that the board's letter asks for".
    """

    kind: ClassVar[str] = "unstated"

    says: str = field(validator=TEXT)


@attrs.frozen(kw_only=True, field_transformer=fused)
class UnstatedQuantity:
    """
    What a document must state at least, where no source states how much; a ruling of the board may set it for a person.

    A fee is due, and nobody says of how many dollars.  Without a document of the kind the requirement is short, as any
    other; with one it stays undetermined, whatever that states, and the finding gives the largest amount that would be
    met.

    Attributes:
        says: What it is, in a few plain words: "what a renewal costs".
        unit: Its unit, in which a ruling may set it.
    """

    kind: ClassVar[str] = "unstated"

    says: str = field(validator=TEXT)
    unit: str = field(validator=TERM)


@attrs.frozen(kw_only=True, field_transformer=fused)
class GrowingAmount:
    """
    A figure that grows over time: a base amount, plus a fixed amount for each period between two days.

    "12 hours for each year missed and 12 for the current one" grows from the due date to the filing; "10 hours for
    each year of the term" grows from the first day of the cycle to the day after it.  If either day is unknown, the
    figure is treated as unstated.

    Attributes:
        base: The base amount.
        each: The amount added for each period.
        months: The length of a period in months.
        since: The day from which periods are counted.
        until: The day up to which periods are counted.
        count: Whether a period counts once it has `begun`, or only when it is `complete`.
        most: The maximum; `None` when there is none.
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
    return under_each(value, lambda part: part if isinstance(part, Unstated | GrowingAmount) else to_amount(part))


def _is_figure(value: Any) -> bool:
    return type(value) in (Unstated, GrowingAmount) or is_amount(value)


FIGURE = varying(attrs.evolve(AMOUNT, holds=_is_figure))

Figure = Decimal | Unstated | GrowingAmount | ByQuestion
"""An exact amount, one that no source states, one that grows over time, or one that depends on a question."""
