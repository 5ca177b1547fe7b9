"""
What a rule set says: procedures with editions, intervals of training and filing, requirements, and citations.

Rule sets are frozen objects.  The bundled ones are read from TOML files (`peer_ledger.rulesets`), and a Python author
may build the same objects by hand.  `peer_ledger.rules.soundness` finds what is wrong with one as a whole.  What no
kind of requirement can say, a function can: `judge` gives it a name, by which a requirement of the kind `Judged` finds
it.
"""

from peer_ledger.rules._custom import (
    JUDGES,
    Asked,
    AskedCredit,
    AskedTraining,
    Judge,
    Told,
    find_judge,
    judge,
    judge_problem,
)
from peer_ledger.rules._cycles import Anniversary, Birthday, Chosen, Cohort, Cohorts, CycleRule, FixedDate
from peer_ledger.rules._figures import Figure, Growing, Unstated
from peer_ledger.rules._hours import Apart, Cap, Carry, Hours, Part, Recurrence
from peer_ledger.rules._points import Anchor, Condition, Interval, Point, Span
from peer_ledger.rules._questions import (
    ACTS,
    ATTESTED,
    OF_FACTS,
    UNRECORDED,
    ByQuestion,
    Question,
    Reading,
    ReadingIs,
    Readings,
    Source,
)
from peer_ledger.rules._requirements import (
    Attested,
    Either,
    Judged,
    Option,
    Requirement,
    Single,
    Trainings,
    ids_of,
    with_inner,
)
from peer_ledger.rules._ruleset import (
    PROSE,
    Begins,
    Confidence,
    Edition,
    MethodDay,
    Procedure,
    RuleSet,
    Worth,
    edition_question,
    method_question,
    questions_of,
)
from peer_ledger.rules._training import FILTERS, WANTED, Training

__all__ = [
    "ACTS",
    "ATTESTED",
    "FILTERS",
    "JUDGES",
    "OF_FACTS",
    "PROSE",
    "UNRECORDED",
    "WANTED",
    "Anchor",
    "Anniversary",
    "Apart",
    "Asked",
    "AskedCredit",
    "AskedTraining",
    "Attested",
    "Begins",
    "Birthday",
    "ByQuestion",
    "Cap",
    "Carry",
    "Chosen",
    "Cohort",
    "Cohorts",
    "Condition",
    "Confidence",
    "CycleRule",
    "Edition",
    "Either",
    "Figure",
    "FixedDate",
    "Growing",
    "Hours",
    "Interval",
    "Judge",
    "Judged",
    "MethodDay",
    "Option",
    "Part",
    "Point",
    "Procedure",
    "Question",
    "Reading",
    "ReadingIs",
    "Readings",
    "Recurrence",
    "Requirement",
    "RuleSet",
    "Single",
    "Source",
    "Span",
    "Told",
    "Training",
    "Trainings",
    "Unstated",
    "Worth",
    "edition_question",
    "find_judge",
    "ids_of",
    "judge",
    "judge_problem",
    "method_question",
    "questions_of",
    "with_inner",
]
