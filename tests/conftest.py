"""
How long property-based tests look: `PEER_LEDGER_PROFILE=thorough` looks ten times as long, `soak` a hundred times, and
`brief` hardly at all.

The ordinary run looks at the same examples each time, so that it tells whether the code changed, and not the luck of the
draw; `thorough` and `soak` draw new ones.  A property that says how many examples it looks at says it with
`effort.effort`, in the proportions of the profile.
"""

import os

from hypothesis import HealthCheck, settings

from effort import ORDINARY

# A machine that is busy with something else is no reason to fail.
settings.register_profile(
    "quick",
    max_examples=ORDINARY,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    database=None,
)
settings.register_profile("brief", settings.get_profile("quick"), max_examples=ORDINARY // 5)
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=10 * ORDINARY, derandomize=False)
settings.register_profile("soak", settings.get_profile("thorough"), max_examples=100 * ORDINARY)
settings.load_profile(os.environ.get("PEER_LEDGER_PROFILE", "quick"))
