"""
Worked cases, laws and Hypothesis strategies, for the package's tests and for those of its users.

`run_cases` holds a file of worked cases against the rules; `python -m peer_ledger.testing CASES.toml` does the same,
and `pytest -p peer_ledger.testing.plugin` makes each case a test.  `check_ruleset` holds a rule set, anybody's, against
the laws; what breaks one is shown as a worked case.  The strategies give valid records and whole lives, edges
preferred.

Laws and strategies come with the extra `peer-ledger[testing]`, and nothing else in the package imports Hypothesis.
"""

from peer_ledger._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__)
