"""
The records: frozen statements of what happened, was seen, filed, attested, decided or withdrawn.

Every one is an attrs class: keyword-only, validated when built, immutable throughout, hashable and equal by value.
`None` is unknown; an empty set is none.  Days are `datetime.date`, amounts `decimal.Decimal`, people opaque ids.  A
repr shows ids and figures, never free text.
"""

from peer_ledger._certificate import (
    Act,
    Attestation,
    AttestedValue,
    Certification,
    Filing,
    Level,
    Quantity,
    Step,
    Verification,
)
from peer_ledger._decision import (
    Coverage,
    CoveredType,
    Decision,
    Effect,
    Erasure,
    Retraction,
    Review,
    RuleSetText,
    Ruling,
    SamePerson,
)
from peer_ledger._record import Origin, Record
from peer_ledger._training import Approval, Course, Credit, Designation, TrainingEvent
from peer_ledger.dates import MonthDay

RECORD_TYPES: dict[str, type[Record]] = {
    cls.record_type: cls
    for cls in (
        TrainingEvent,
        Course,
        Designation,
        Certification,
        Verification,
        Filing,
        Attestation,
        Review,
        Ruling,
        Coverage,
        Retraction,
        SamePerson,
        RuleSetText,
        Erasure,
    )
}
"""Every type of record by the word that stands for it in JSON."""

__all__ = [
    "RECORD_TYPES",
    "Act",
    "Approval",
    "Attestation",
    "AttestedValue",
    "Certification",
    "Course",
    "Coverage",
    "CoveredType",
    "Credit",
    "Decision",
    "Designation",
    "Effect",
    "Erasure",
    "Filing",
    "Level",
    "MonthDay",
    "Origin",
    "Quantity",
    "Record",
    "Retraction",
    "Review",
    "RuleSetText",
    "Ruling",
    "SamePerson",
    "Step",
    "TrainingEvent",
    "Verification",
]
