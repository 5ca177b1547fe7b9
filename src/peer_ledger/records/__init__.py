"""
The records: immutable statements of what happened or was seen, filed, attested, decided or withdrawn.

Each is an attrs class: keyword-only, validated when built, deeply immutable, hashable and compared by value.
`None` means unknown, an empty set means none.  Days are `datetime.date`, amounts `decimal.Decimal`, people opaque ids.
A repr shows ids and amounts, never free text.
"""

from peer_ledger.records._bookkeeping import Coverage, CoveredType, Erasure, Retraction, RuleSetText, SamePerson
from peer_ledger.records._certification import (
    Act,
    Certification,
    Document,
    DocumentValue,
    Filing,
    Level,
    Step,
    Verification,
)
from peer_ledger.records._decisions import Decision, Effect, Review, Ruling
from peer_ledger.records._record import Origin, Record
from peer_ledger.records._training import Approval, Course, Credit, Designation, TrainingEvent
from peer_ledger.records._types import RECORD_TYPES
from peer_ledger.records._words import check_words
from peer_ledger.records.interchange import (
    read_records,
    record_from_dict,
    record_from_json,
    record_to_dict,
    record_to_json,
    write_records,
)
from peer_ledger.values._quantity import Quantity
from peer_ledger.values.dates import MonthDay

__all__ = [
    "RECORD_TYPES",
    "Act",
    "Approval",
    "Certification",
    "Course",
    "Coverage",
    "CoveredType",
    "Credit",
    "Decision",
    "Designation",
    "Document",
    "DocumentValue",
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
    "check_words",
    "read_records",
    "record_from_dict",
    "record_from_json",
    "record_to_dict",
    "record_to_json",
    "write_records",
]
