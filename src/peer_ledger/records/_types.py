"""
The types of record, by their names in JSON.
"""

from peer_ledger.records._bookkeeping import Coverage, Erasure, Retraction, RuleSetText, SamePerson
from peer_ledger.records._certification import (
    Certification,
    Document,
    Filing,
    Verification,
)
from peer_ledger.records._decisions import Review, Ruling
from peer_ledger.records._record import Record
from peer_ledger.records._training import Course, Designation, TrainingEvent

RECORD_TYPES: dict[str, type[Record]] = {
    cls.record_type: cls
    for cls in (
        TrainingEvent,
        Course,
        Designation,
        Certification,
        Verification,
        Filing,
        Document,
        Review,
        Ruling,
        Coverage,
        Retraction,
        SamePerson,
        RuleSetText,
        Erasure,
    )
}
"""Every type of record, by its name in JSON."""
