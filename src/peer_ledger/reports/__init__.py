"""
Reports and their parts: findings, dates, open questions, provenance.
"""

from peer_ledger.reports._dicts import (
    AdditionDict,
    AheadDict,
    AlternativeDict,
    ConsultedRulesDict,
    DatesDict,
    DayDict,
    FindingDict,
    LineDict,
    OpenQuestionDict,
    ProvenanceDict,
    QuestionDict,
    ReadingDict,
    ReadingIsDict,
    ReportDict,
    SourceDict,
)
from peer_ledger.reports._findings import Addition, Finding, Line, Proof, Result
from peer_ledger.reports._hinges import DecidingQuestion, deciding_questions
from peer_ledger.reports._html import TABLE_POLICY
from peer_ledger.reports._parts import Ahead, Alternative, ConsultedRules, Dates, Day, OpenQuestion, Provenance
from peer_ledger.reports._report import Report
from peer_ledger.reports._terms import (
    COMPONENTS,
    DATE_NAMES,
    STATUSES,
    UNLIMITED,
    Component,
    Components,
    DateName,
    InForce,
    Outcome,
    Standing,
    Status,
    Step,
)
from peer_ledger.rules import Subject

__all__ = [
    "COMPONENTS",
    "DATE_NAMES",
    "STATUSES",
    "TABLE_POLICY",
    "UNLIMITED",
    "Addition",
    "AdditionDict",
    "Ahead",
    "AheadDict",
    "Alternative",
    "AlternativeDict",
    "Component",
    "Components",
    "ConsultedRules",
    "ConsultedRulesDict",
    "DateName",
    "Dates",
    "DatesDict",
    "Day",
    "DayDict",
    "DecidingQuestion",
    "Finding",
    "FindingDict",
    "InForce",
    "Line",
    "LineDict",
    "OpenQuestion",
    "OpenQuestionDict",
    "Outcome",
    "Proof",
    "Provenance",
    "ProvenanceDict",
    "QuestionDict",
    "ReadingDict",
    "ReadingIsDict",
    "Report",
    "ReportDict",
    "Result",
    "SourceDict",
    "Standing",
    "Status",
    "Step",
    "Subject",
    "deciding_questions",
]
