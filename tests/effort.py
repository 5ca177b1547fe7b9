"""
How many examples a property looks at, in the proportions of the profile that is loaded.
"""

from typing import Any

from hypothesis import settings

ORDINARY = 100
"""How many examples the ordinary profile looks at where a property does not say."""


def examples(ordinary: int) -> int:
    """
    Return the number of examples that the profile makes of an ordinary number.
    """
    return max(1, ordinary * settings.default.max_examples // ORDINARY)


def effort(ordinary: int, **more: Any) -> settings:
    """
    Look at so many examples in an ordinary run, at fewer in a brief one, and at more in a longer one.

    Args:
        ordinary: How many in an ordinary run.
        more: Other settings of Hypothesis.
    """
    return settings(max_examples=examples(ordinary), **more)
