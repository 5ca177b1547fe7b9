"""
An exact amount in a declared unit.
"""

from decimal import Decimal

import attrs
from attrs import field

from peer_ledger.values._checks import fused
from peer_ledger.values._fields import AMOUNT_OR_ZERO, to_amount, word


@attrs.frozen(kw_only=True, field_transformer=fused)
class Quantity:
    """
    An amount in a unit: 18 years, 120 hours, 20 dollars.

    Attributes:
        amount: The exact amount; 0 or more.
        unit: The unit, a declared word.

    Raises:
        InvalidRecord: A value is not allowed.

    >>> Quantity(amount="12", unit="month")
    Quantity(amount=Decimal('12'), unit='month')
    """

    amount: Decimal = field(converter=to_amount, validator=AMOUNT_OR_ZERO)
    unit: str = field(validator=word("units"))
