"""
Worked cases, laws and Hypothesis strategies, for the package's tests and for those of its users.

`run_cases` holds a file of worked cases against the rules; `python -m peer_ledger.testing CASES.toml` does the same,
and `pytest -p peer_ledger.testing.plugin` makes each case a test.  `check_ruleset` holds a rule set, anybody's, against
the laws; what breaks one is shown as a worked case.  The strategies give valid records and whole lives, edges
preferred.

Laws and strategies come with the extra `peer-ledger[testing]`, and nothing else in the package imports Hypothesis.
"""

from typing import TYPE_CHECKING

from peer_ledger._lazy import attach

if TYPE_CHECKING:
    from peer_ledger.testing._edge_days import days_about
    from peer_ledger.testing._lives import lives
    from peer_ledger.testing._situations import Situation, situations
    from peer_ledger.testing._value_strategies import amounts, credits, days, identifiers, people, texts, words
    from peer_ledger.testing.case_text import as_case
    from peer_ledger.testing.cases import CaseResult, read_cases, run_cases
    from peer_ledger.testing.laws import LAWS, Law, check_law, check_ruleset
    from peer_ledger.testing.strategies import (
        attestations,
        certifications,
        courses,
        coverages,
        designations,
        filings,
        records,
        retractions,
        reviews,
        rulings,
        same_persons,
        training_events,
        verifications,
    )

__all__ = [
    "LAWS",
    "CaseResult",
    "Law",
    "Situation",
    "amounts",
    "as_case",
    "attestations",
    "certifications",
    "check_law",
    "check_ruleset",
    "courses",
    "coverages",
    "credits",
    "days",
    "days_about",
    "designations",
    "filings",
    "identifiers",
    "lives",
    "people",
    "read_cases",
    "records",
    "retractions",
    "reviews",
    "rulings",
    "run_cases",
    "same_persons",
    "situations",
    "texts",
    "training_events",
    "verifications",
    "words",
]

_HOMES = {
    "case_text": "as_case",
    "cases": "CaseResult read_cases run_cases",
    "laws": "LAWS Law check_law check_ruleset",
    "_edge_days": "days_about",
    "_lives": "lives",
    "_situations": "Situation situations",
    "_value_strategies": "amounts credits days identifiers people texts words",
    "strategies": "attestations certifications courses coverages designations filings records retractions reviews "
    "rulings same_persons training_events verifications",
}

__getattr__, __dir__ = attach(__name__, _HOMES)
