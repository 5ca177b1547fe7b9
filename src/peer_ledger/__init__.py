"""
An immutable ledger of what certified peer support specialists have learned, filed and been awarded.
"""

from typing import TYPE_CHECKING

from peer_ledger._lazy import attach

if TYPE_CHECKING:
    from peer_ledger.errors import PeerLedgerError, Problem
    from peer_ledger.evaluation import (
        Period,
        check_proof,
        evaluate,
        evaluate_all,
        in_force,
        standing_history,
    )
    from peer_ledger.ledger import Appended, Entry, Erased, Integrity, Ledger, LedgerView
    from peer_ledger.ledger.archive import read_archive, write_archive
    from peer_ledger.ledger.reconciliation import Correction, Reconciliation, number_rows, reconcile
    from peer_ledger.presenting.pictures import Picture, due_picture, timeline, topics_picture
    from peer_ledger.presenting.rosters import Roster
    from peer_ledger.presenting.tables import Table
    from peer_ledger.presenting.transcripts import Transcript, transcript
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
    from peer_ledger.records._words import check_words
    from peer_ledger.records.interchange import (
        read_records,
        record_from_dict,
        record_from_json,
        record_to_dict,
        record_to_json,
        write_records,
    )
    from peer_ledger.reports import Finding, Hinge, OpenQuestion, Report, hinges
    from peer_ledger.rules import RuleSet
    from peer_ledger.rulesets import read_rulesets, ruleset, ruleset_from_dict, ruleset_ids, ruleset_to_dict
    from peer_ledger.rulesets.kept import keep_rules, kept_ruleset, kept_rulesets
    from peer_ledger.values.vocabularies import Term, Vocabularies, Vocabulary, standard_vocabularies

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
    "errors": "PeerLedgerError Problem",
    "evaluation": "Period check_proof evaluate evaluate_all in_force standing_history",
    "ledger": "Appended Entry Erased Integrity Ledger LedgerView",
    "ledger.archive": "read_archive write_archive",
    "ledger.reconciliation": "Correction Reconciliation number_rows reconcile",
    "presenting.pictures": "Picture due_picture timeline topics_picture",
    "presenting.rosters": "Roster",
    "presenting.tables": "Table",
    "presenting.transcripts": "Transcript transcript",
    "records": "Approval Attestation Certification Course Coverage Credit Designation Filing MonthDay Origin "
    "Quantity Record Retraction Review RuleSetText Ruling SamePerson TrainingEvent Verification",
    "records._words": "check_words",
    "records.interchange": "read_records record_from_dict record_from_json record_to_dict record_to_json write_records",
    "reports": "Finding Hinge OpenQuestion Report hinges",
    "rules": "RuleSet",
    "rulesets": "read_rulesets ruleset ruleset_from_dict ruleset_ids ruleset_to_dict",
    "rulesets.kept": "keep_rules kept_ruleset kept_rulesets",
    "values.vocabularies": "Term Vocabularies Vocabulary standard_vocabularies",
}
"""Where the names come from: what is not asked for is not loaded."""

__getattr__, __dir__ = attach(__name__, _HOMES)
