"""
Hypothesis, or an error that names the extra to install.
"""

try:
    from hypothesis import HealthCheck, Phase, assume, given, seed, settings
    from hypothesis import strategies as st
    from hypothesis.errors import Flaky, HypothesisException, Unsatisfiable
    from hypothesis.strategies import SearchStrategy
except ImportError as error:
    raise ImportError("peer_ledger.testing needs Hypothesis: pip install 'peer-ledger[testing]'") from error

__all__ = [
    "Flaky",
    "HealthCheck",
    "HypothesisException",
    "Phase",
    "SearchStrategy",
    "Unsatisfiable",
    "assume",
    "given",
    "seed",
    "settings",
    "st",
]
