"""
How long the tests look.

A plain `pytest` runs the profile `quick`, which takes a few minutes and reaches all code.  `PEER_LEDGER_PROFILE=full` looks
at five times as many examples, at every law over every rule set, and kills, damages and compares at length; `thorough` looks
ten times as long as that, `soak` a hundred times.

`quick` and `full` look at the same examples each time, so that they show whether the code changed, and not the luck of the
draw; `thorough` and `soak` draw new ones.  A property that says how many examples it looks at says it with `effort.effort`,
in the proportions of the profile, and other sizes with `effort.sized`.
"""

from hypothesis import HealthCheck, settings

from effort import ORDINARY, PROFILE

# A machine that is busy with something else is no reason to fail.
settings.register_profile(
    "full",
    max_examples=ORDINARY,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    database=None,
)
settings.register_profile("quick", settings.get_profile("full"), max_examples=ORDINARY // 5)
settings.register_profile("thorough", settings.get_profile("full"), max_examples=10 * ORDINARY, derandomize=False)
settings.register_profile("soak", settings.get_profile("thorough"), max_examples=100 * ORDINARY)
settings.load_profile(PROFILE)
