"""
How long property-based tests look: `PEER_LEDGER_PROFILE=thorough` looks ten times as long, `brief` hardly at all.

The ordinary run looks at the same examples each time, so that it tells whether the code changed, and not the luck of the
draw; `thorough` draws new ones.
"""

import os

from hypothesis import HealthCheck, settings

# A machine that is busy with something else is no reason to fail.
settings.register_profile(
    "quick", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True, database=None
)
settings.register_profile("brief", settings.get_profile("quick"), max_examples=20)
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=1000, derandomize=False)
settings.load_profile(os.environ.get("PEER_LEDGER_PROFILE", "quick"))
