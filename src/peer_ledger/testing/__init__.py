"""
Worked cases, laws and Hypothesis strategies, for the package's tests and for those of its users.

`run_cases` runs a file of worked cases; so does `python -m peer_ledger.testing CASES.toml`, and
`pytest -p peer_ledger.testing.plugin` makes each case a test.  `check_ruleset` checks any rule set against the laws
and shows a life that breaks one as a worked case.  The strategies draw valid records and whole lives, and prefer edges.

Laws and strategies need the extra `peer-ledger[testing]`.  No other package of `peer_ledger` imports Hypothesis.
"""

from peer_ledger._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__)
