"""
What an answer consists of: the report, its findings, dates and open questions, and where it came from.
"""

from peer_ledger.reports._findings import Addition, Finding, Line, Proof, Result, Subject
from peer_ledger.reports._hinges import DecidingQuestion, deciding_questions
from peer_ledger.reports._parts import Ahead, Alternative, Dates, Day, OpenQuestion, Provenance
from peer_ledger.reports._report import Report
from peer_ledger.reports._terms import COMPONENTS, STATUSES, InForce, Outcome, Standing

__all__ = [
    "COMPONENTS",
    "STATUSES",
    "Addition",
    "Ahead",
    "Alternative",
    "Dates",
    "Day",
    "DecidingQuestion",
    "Finding",
    "InForce",
    "Line",
    "OpenQuestion",
    "Outcome",
    "Proof",
    "Provenance",
    "Report",
    "Result",
    "Standing",
    "Subject",
    "deciding_questions",
]
