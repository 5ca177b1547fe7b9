"""
How requirements stand: what counted, what did not and why, and what is missing.
"""

from datetime import date
from fractions import Fraction
from typing import Literal

import attrs

from peer_ledger import allocation
from peer_ledger.rules import Source

Result = Literal["met", "short", "undetermined", "not yet due", "not asked"]
"""How a requirement stands."""

Subject = Literal["hours", "documents"]
"""What a requirement is about."""


@attrs.frozen(kw_only=True)
class Line:
    """
    What became of one credit, training or document under one requirement.

    Attributes:
        record: The record's id.
        day: The day of the training or the document.
        recorded: How much was recorded, in the unit of the requirement; `None` where its unit is worth nothing known.
        counted: How much of it counted.
        why_not: Why the rest did not; `None` when all of it counted.
    """

    record: str
    day: date
    recorded: Fraction | None
    counted: Fraction
    why_not: str | None


@attrs.frozen(kw_only=True)
class Proof:
    """
    What was allocated, and the answer: enough for `check_proof` to hold one against the other.

    Attributes:
        plan: The requirements and caps.
        cells: The hours.
        alternatives: The hours of which only one choice counts.
        allocation: The answer.
    """

    plan: allocation.Plan
    cells: tuple[allocation.Cell, ...]
    alternatives: tuple[allocation.Alternatives, ...]
    allocation: allocation.Allocation


@attrs.frozen(kw_only=True)
class Addition:
    """
    Training that is missing, whatever its date among those that count.

    Attributes:
        serves: The ids of the requirements that it must be able to serve, the smallest first.
        amount: How much, in the unit of the finding.
    """

    serves: tuple[str, ...]
    amount: Fraction


@attrs.frozen(kw_only=True)
class Finding:
    """
    How one requirement stands.

    Attributes:
        requirement: Its id.
        part_of: The id of the requirement it is a part of; `None` when it is none.
        says: The rule in a plain sentence.
        subject: Whether it is about hours or about documents.
        result: How it stands.
        unit: What it is counted in.
        need: How much is needed; `None` when no source states it.
        recorded: How much is on record at all, as far as it can be converted.
        eligible: How much of it may count here.
        counted: How much was counted.
        short: How much is missing; 0 unless the result is *short*.
        curable: Whether what is short can still be made up for: not once it is filed, or training no longer counts;
            `None` unless the result is *short*.
        additions: The smallest addition that would make it met; empty unless the result is *short*.
        because: What is missing and why, in a sentence; `None` when nothing is.
        lines: What became of each credit or document.
        cites: The sources.
        proof: For hours, what was allocated and how; `None` for the rest.
    """

    requirement: str
    part_of: str | None = None
    says: str
    subject: Subject
    result: Result
    unit: str
    need: Fraction | None
    recorded: Fraction = Fraction(0)
    eligible: Fraction = Fraction(0)
    counted: Fraction = Fraction(0)
    short: Fraction = Fraction(0)
    curable: bool | None = None
    additions: tuple[Addition, ...] = ()
    because: str | None = None
    lines: tuple[Line, ...] = ()
    cites: tuple[Source, ...] = ()
    proof: Proof | None = attrs.field(default=None, repr=False, eq=False)
