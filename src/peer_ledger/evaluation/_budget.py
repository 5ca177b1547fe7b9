"""
How much work one combination of readings takes, counted in what is looked at, so that it is equal on every machine.
"""

from collections.abc import Iterable

from peer_ledger.rules import Hours, Part, Requirement, with_inner

_MOST_SETS = 1100
"""How many sets of parts an allocation looks at before it looks for a flow."""


def work_of(requirements: Iterable[Requirement]) -> int:
    """
    Return the work of judging requirements once: 1 if ordinary, more where a minute counts in one of many parts.
    """
    return 1 + sum(_of_hours(one) for one in with_inner(requirements) if isinstance(one, Hours))


def times(trainings: int) -> int:
    """Return how many times as much work somebody with so many trainings takes as most people."""
    return 1 + trainings // 64


def _of_hours(hours: Hours) -> int:
    number = _exclusive(hours)
    return min(2**number, _MOST_SETS) // 8 + number * (number + len(hours.caps)) // 4 if number > 1 else 0


def _exclusive(group: Hours | Part) -> int:
    """Return how many parts there are, on any level, of which a minute counts in one alone."""
    own = len(group.parts) if group.together == "exclusive" else 0
    return own + sum(map(_exclusive, group.parts))
