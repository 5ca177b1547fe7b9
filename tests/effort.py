"""
How many examples a property looks at, in the proportions of the profile that is loaded.
"""

import os
from collections.abc import Iterable
from typing import Any

from hypothesis import settings

from peer_ledger import ruleset

PROFILE = os.environ.get("PEER_LEDGER_PROFILE", "quick")
"""The profile: `quick`, `full`, `thorough` or `soak`."""

ORDINARY = 100
"""How many examples the full profile looks at where a property does not say."""


def sized(full: int, quick: int) -> int:
    """
    Return how large a run is that does not draw examples: the quick size in the quick profile, else the full one.
    """
    return quick if PROFILE == "quick" else full


def examples(ordinary: int) -> int:
    """
    Return the number of examples that the profile makes of the number in a full run.
    """
    return max(1, ordinary * settings.default.max_examples // ORDINARY)


def looked_at(ids: Iterable[str], *, always_one: bool = False) -> list[str]:
    """
    Return the ids of rule sets to look at: in the quick profile, one of those that are only named stands for them all.

    Args:
        ids: The ids.
        always_one: Whether one stands for them all in every profile.
    """
    known = list(ids)
    named = [name for name in known if ruleset(name).grade == "named"]
    return [name for name in known if name not in named[1:] or (PROFILE != "quick" and not always_one)]


def effort(ordinary: int, **more: Any) -> settings:
    """
    Look at so many examples in a full run, at fewer in a quick one, and at more in a longer one.

    Args:
        ordinary: How many in a full run.
        more: Other settings of Hypothesis.
    """
    return settings(max_examples=examples(ordinary), **more)
