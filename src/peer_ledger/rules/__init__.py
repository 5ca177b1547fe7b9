"""
The parts of a rule set: procedures with editions, intervals of training and filing, requirements, and citations.

Rule sets are frozen objects.  The bundled ones are read from TOML files (`peer_ledger.rulesets`); the same objects can
be built in Python.  `peer_ledger.rules.soundness` checks a rule set as a whole.  A rule that no kind of requirement can
express can be a function: `custom_check` registers it under a name, and a requirement of kind `Custom` refers to it by
that name.
"""

from peer_ledger.rules._approvals import UNKNOWN_APPROVALS, bodies_named
from peer_ledger.rules._custom import (
    CUSTOM_CHECKS,
    CheckInput,
    CheckResult,
    CustomCheck,
    InputCredit,
    InputTraining,
    custom_check,
    custom_check_problem,
    find_custom_check,
)
from peer_ledger.rules._cycle_editions import CycleEditions, DatedCycle
from peer_ledger.rules._cycles import (
    Anniversary,
    Birthday,
    Chosen,
    Cohort,
    Cohorts,
    CycleRule,
    FixedDate,
    UnknownCycle,
)
from peer_ledger.rules._figures import Figure, GrowingAmount, Unstated, UnstatedQuantity
from peer_ledger.rules._gaps import gaps_of
from peer_ledger.rules._hours import Cap, CarryOver, Hours, NotSharedWith, Part, Recurrence
from peer_ledger.rules._kinds import Kind, Subject, with_inner
from peer_ledger.rules._knowledge import Accepts, Grade, Recognition
from peer_ledger.rules._points import Anchor, Condition, Interval, RelativeDate, Span
from peer_ledger.rules._provisional import CERTIFICATE_LEVEL, Provisional
from peer_ledger.rules._questions import ByQuestion, Question, Reading, ReadingIs, Readings, Source
from peer_ledger.rules._questions_of_facts import (
    ACTS_ON_FILE,
    DOCUMENTS_ON_FILE,
    FILING_RECEIVED,
    FILING_SENT,
    FILINGS_ON_FILE,
    GIVEN_FOR,
    OF_FACTS,
    PAID_FOR,
    RECORDED_TWICE,
    RECORDS_DISAGREE,
    SAME_COURSE,
    UNKNOWN_WRITERS,
    UNRECORDED_TRAINING,
)
from peer_ledger.rules._raised import edition_question, method_question, questions_of
from peer_ledger.rules._requirements import (
    AnyOf,
    Custom,
    Documents,
    Option,
    Requirement,
    SessionCount,
    Single,
)
from peer_ledger.rules._ruleset import (
    PROSE,
    Confidence,
    Edition,
    EffectiveFrom,
    MethodDay,
    Procedure,
    RuleSet,
    StepNote,
    UnitValue,
)
from peer_ledger.rules._training import FILTERS, WANTED, TrainingFilter
from peer_ledger.rules._words import check_rule_words

__all__ = [
    "ACTS_ON_FILE",
    "CERTIFICATE_LEVEL",
    "CUSTOM_CHECKS",
    "DOCUMENTS_ON_FILE",
    "FILINGS_ON_FILE",
    "FILING_RECEIVED",
    "FILING_SENT",
    "FILTERS",
    "GIVEN_FOR",
    "OF_FACTS",
    "PAID_FOR",
    "PROSE",
    "RECORDED_TWICE",
    "RECORDS_DISAGREE",
    "SAME_COURSE",
    "UNKNOWN_APPROVALS",
    "UNKNOWN_WRITERS",
    "UNRECORDED_TRAINING",
    "WANTED",
    "Accepts",
    "Anchor",
    "Anniversary",
    "AnyOf",
    "Birthday",
    "ByQuestion",
    "Cap",
    "CarryOver",
    "CheckInput",
    "CheckResult",
    "Chosen",
    "Cohort",
    "Cohorts",
    "Condition",
    "Confidence",
    "Custom",
    "CustomCheck",
    "CycleEditions",
    "CycleRule",
    "DatedCycle",
    "Documents",
    "Edition",
    "EffectiveFrom",
    "Figure",
    "FixedDate",
    "Grade",
    "GrowingAmount",
    "Hours",
    "InputCredit",
    "InputTraining",
    "Interval",
    "Kind",
    "MethodDay",
    "NotSharedWith",
    "Option",
    "Part",
    "Procedure",
    "Provisional",
    "Question",
    "Reading",
    "ReadingIs",
    "Readings",
    "Recognition",
    "Recurrence",
    "RelativeDate",
    "Requirement",
    "RuleSet",
    "SessionCount",
    "Single",
    "Source",
    "Span",
    "StepNote",
    "Subject",
    "TrainingFilter",
    "UnitValue",
    "UnknownCycle",
    "Unstated",
    "UnstatedQuantity",
    "bodies_named",
    "check_rule_words",
    "custom_check",
    "custom_check_problem",
    "edition_question",
    "find_custom_check",
    "gaps_of",
    "method_question",
    "questions_of",
    "with_inner",
]
