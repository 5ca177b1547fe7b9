"""
Findings: the result of each requirement, with what counted, what did not and why, and what is missing.
"""

from datetime import date
from fractions import Fraction
from typing import Literal

import attrs

from peer_ledger import allocation
from peer_ledger.reports._remarks import Remark
from peer_ledger.rules import Source, Subject
from peer_ledger.values._lazy import Lazy, when_read

Result = Literal["met", "short", "undetermined", "not yet due", "not asked"]
"""The result of a requirement."""


@attrs.frozen(kw_only=True)
class Line:
    """
    How much of one credit, training or document counted for a requirement.

    Attributes:
        record: The record's id.
        day: The day of the training or the document.
        recorded: The amount recorded, in the unit of the requirement; `None` when it cannot be converted.
        counted: How much of it counted.
        why_not: Why the rest did not; `None` when all of it counted.
    """

    record: str
    day: date
    recorded: Fraction | None
    counted: Fraction
    why_not: Remark | None


@attrs.frozen(kw_only=True)
class Proof:
    """
    An allocation with its input: enough for `check_proof` to verify it.

    Attributes:
        plan: The requirements and caps.
        cells: The hours.
        alternatives: The sets of hours of which only one counts.
        allocation: The allocation.
    """

    plan: allocation.Plan
    cells: tuple[allocation.Cell, ...]
    alternatives: tuple[allocation.Alternatives, ...]
    allocation: allocation.Allocation


@attrs.frozen(kw_only=True)
class Addition:
    """
    Missing training, to be completed on any day that counts.

    Attributes:
        serves: The ids of the requirements that it must count for, the narrowest first.
        amount: How much, in the unit of the finding.
    """

    serves: tuple[str, ...]
    amount: Fraction


@when_read("lines", "recorded", "because", "proof")
@attrs.frozen(kw_only=True, slots=False)
class Finding(Lazy):
    """
    The result of one requirement.

    Attributes:
        requirement: The id of the requirement.
        part_of: The id of the requirement it is a part of; `None` when it is not a part.
        designation: The designation that it is asked for, beside the step; `None` for a requirement of the step.
        says: The rule in a plain sentence.
        called: What it asks for, as a noun in a sentence; `None` where the rule set names none.
        subject: Whether it is about hours or about documents.
        result: The result.
        document_kind: The kind of documents that it asks for; `None` when it is not about documents of one kind.
        unit: The unit of the amounts.
        need: How much is needed; `None` when no source states it.
        recorded: How much is on record, as far as it can be converted.
        eligible: How much of that may count here.
        counted: How much counted.
        short: How much is missing; 0 unless the result is *short*.
        curable: Whether what is missing can still be made up, by filing again if need be: not after the last day of
            filing, nor when training no longer counts; `None` unless the result is *short*.
        additions: The smallest addition that would make the result *met*; empty unless the result is *short*.
        because: What keeps it from being met beyond the figures, or why it was not asked; empty when there is nothing
            more to say.
        lines: How much of each credit or document counted.
        cites: The sources.
        proof: For hours, the allocation and its input; `None` otherwise.
    """

    requirement: str
    part_of: str | None = None
    designation: str | None = None
    says: str
    called: str | None = None
    subject: Subject
    result: Result
    document_kind: str | None = None
    unit: str
    need: Fraction | None
    recorded: Fraction = Fraction(0)
    eligible: Fraction = Fraction(0)
    counted: Fraction = Fraction(0)
    short: Fraction = Fraction(0)
    curable: bool | None = None
    additions: tuple[Addition, ...] = ()
    because: tuple[Remark, ...] = ()
    lines: tuple[Line, ...] = ()
    cites: tuple[Source, ...] = ()
    proof: Proof | None = attrs.field(default=None, repr=False, eq=False)
