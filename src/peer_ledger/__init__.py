"""
An immutable ledger of what certified peer support specialists have learned, filed and been awarded.
"""

from typing import TYPE_CHECKING

from peer_ledger._lazy import attach

if TYPE_CHECKING:
    from peer_ledger._ruleset_files import read_rulesets, ruleset_from_dict, ruleset_to_dict
    from peer_ledger.archive import read_archive, write_archive
    from peer_ledger.errors import PeerLedgerError, Problem
    from peer_ledger.evaluation import (
        Period,
        check_proof,
        evaluate,
        evaluate_all,
        in_force,
        standing_history,
    )
    from peer_ledger.findings import Finding
    from peer_ledger.interchange import (
        read_records,
        record_from_dict,
        record_from_json,
        record_to_dict,
        record_to_json,
        write_records,
    )
    from peer_ledger.kept_rules import keep_rules, kept_ruleset, kept_rulesets
    from peer_ledger.ledger import Appended, Entry, Erased, Integrity, Ledger, LedgerView
    from peer_ledger.pictures import Picture, due_picture, timeline, topics_picture
    from peer_ledger.reconciliation import Correction, Reconciliation, number_rows, reconcile
    from peer_ledger.records import (
        Approval,
        Attestation,
        Certification,
        Course,
        Coverage,
        Credit,
        Designation,
        Filing,
        MonthDay,
        Origin,
        Quantity,
        Record,
        Retraction,
        Review,
        RuleSetText,
        Ruling,
        SamePerson,
        TrainingEvent,
        Verification,
    )
    from peer_ledger.reports import Hinge, OpenQuestion, Report, hinges
    from peer_ledger.rosters import Roster
    from peer_ledger.rules import RuleSet
    from peer_ledger.rulesets import ruleset, ruleset_ids
    from peer_ledger.tables import Table
    from peer_ledger.transcripts import Transcript, transcript
    from peer_ledger.vocabularies import Term, Vocabularies, Vocabulary, check_words, standard_vocabularies

__all__ = [
    "Appended",
    "Approval",
    "Attestation",
    "Certification",
    "Correction",
    "Course",
    "Coverage",
    "Credit",
    "Designation",
    "Entry",
    "Erased",
    "Filing",
    "Finding",
    "Hinge",
    "Integrity",
    "Ledger",
    "LedgerView",
    "MonthDay",
    "OpenQuestion",
    "Origin",
    "PeerLedgerError",
    "Period",
    "Picture",
    "Problem",
    "Quantity",
    "Reconciliation",
    "Record",
    "Report",
    "Retraction",
    "Review",
    "Roster",
    "RuleSet",
    "RuleSetText",
    "Ruling",
    "SamePerson",
    "Table",
    "Term",
    "TrainingEvent",
    "Transcript",
    "Verification",
    "Vocabularies",
    "Vocabulary",
    "check_proof",
    "check_words",
    "due_picture",
    "evaluate",
    "evaluate_all",
    "hinges",
    "in_force",
    "keep_rules",
    "kept_ruleset",
    "kept_rulesets",
    "number_rows",
    "read_archive",
    "read_records",
    "read_rulesets",
    "reconcile",
    "record_from_dict",
    "record_from_json",
    "record_to_dict",
    "record_to_json",
    "ruleset",
    "ruleset_from_dict",
    "ruleset_ids",
    "ruleset_to_dict",
    "standard_vocabularies",
    "standing_history",
    "timeline",
    "topics_picture",
    "transcript",
    "write_archive",
    "write_records",
]

_HOMES = {
    "_ruleset_files": "read_rulesets ruleset_from_dict ruleset_to_dict",
    "archive": "read_archive write_archive",
    "errors": "PeerLedgerError Problem",
    "evaluation": "Period check_proof evaluate evaluate_all in_force standing_history",
    "findings": "Finding",
    "interchange": "read_records record_from_dict record_from_json record_to_dict record_to_json write_records",
    "kept_rules": "keep_rules kept_ruleset kept_rulesets",
    "ledger": "Appended Entry Erased Integrity Ledger LedgerView",
    "pictures": "Picture due_picture timeline topics_picture",
    "reconciliation": "Correction Reconciliation number_rows reconcile",
    "records": "Approval Attestation Certification Course Coverage Credit Designation Filing MonthDay Origin "
    "Quantity Record Retraction Review RuleSetText Ruling SamePerson TrainingEvent Verification",
    "reports": "Hinge OpenQuestion Report hinges",
    "rosters": "Roster",
    "rules": "RuleSet",
    "rulesets": "ruleset ruleset_ids",
    "tables": "Table",
    "transcripts": "Transcript transcript",
    "vocabularies": "Term Vocabularies Vocabulary check_words standard_vocabularies",
}
"""Where the names come from: what is not asked for is not loaded."""

__getattr__, __dir__ = attach(__name__, _HOMES)
