"""
Worked cases and Hypothesis strategies, for the package's tests and for those of its users.

`run_cases` holds a file of worked cases against the rules; `python -m peer_ledger.testing CASES.toml` does the same.
The strategies give valid records, edges preferred; they come with the extra `peer-ledger[testing]`, and nothing else
in the package imports Hypothesis.
"""

from typing import TYPE_CHECKING, Any

from peer_ledger.testing.cases import CaseResult, read_cases, run_cases

if TYPE_CHECKING:
    from peer_ledger.testing.strategies import (
        amounts,
        attestations,
        certifications,
        courses,
        coverages,
        credits,
        days,
        designations,
        filings,
        identifiers,
        people,
        records,
        retractions,
        reviews,
        rulings,
        same_persons,
        texts,
        training_events,
        verifications,
        words,
    )

__all__ = [
    "CaseResult",
    "amounts",
    "attestations",
    "certifications",
    "courses",
    "coverages",
    "credits",
    "days",
    "designations",
    "filings",
    "identifiers",
    "people",
    "read_cases",
    "records",
    "retractions",
    "reviews",
    "rulings",
    "run_cases",
    "same_persons",
    "texts",
    "training_events",
    "verifications",
    "words",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from peer_ledger.testing import strategies

    return getattr(strategies, name)
