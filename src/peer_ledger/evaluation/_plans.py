"""
How requirements are decided for everybody in the same state of the certificate, prepared once.
"""

from datetime import date

import attrs

from peer_ledger.evaluation._parts import Part
from peer_ledger.rules import Requirement


@attrs.frozen(eq=False, kw_only=True)
class Plan:
    """
    How a requirement is decided for everybody in the same state of the certificate.

    Two plans with the same contents are the same object.

    Attributes:
        requirement: The requirement.
        asked: Whether it is asked or, for a requirement of hours, the programs of what it asks.
        bare: The programs for a person without training; `None` for other requirements.
        days: The first and the last day that count, as relative dates.
    """

    requirement: Requirement
    asked: Part
    bare: Part | None
    days: Part


Plans = tuple[Part | Plan | None, ...]
"""Of each requirement how it stands for everybody, or how it is decided; `None` where that differs among people."""

Window = tuple[int, int, date, date | None]
"""A plan or plans and the grants, by id, the day of filing, and the day of a lapse: all that a verdict follows from."""
