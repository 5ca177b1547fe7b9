"""
Which open questions about what is the same decide a requirement, and how well it stands.
"""

from collections.abc import Callable, Collection
from fractions import Fraction
from itertools import combinations, product
from typing import Final

import attrs

from peer_ledger.evaluation._alike import Alike
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._decided import Rank
from peer_ledger.reports import Result
from peer_ledger.reports._remarks import Remark, remark
from peer_ledger.rules import RECORDED_TWICE, RECORDS_DISAGREE, SAME_COURSE


def deciding(context: Context, alike: Alike, result_under: Callable[[Context], Result]) -> frozenset[str]:
    """
    Return which open questions about what is the same decide a requirement.

    Args:
        context: The records and readings.
        alike: Which trainings are one, and which may be.
        result_under: Returns how the requirement stands in another context, in which these questions are answered.
    """
    asked = [question for question in alike.questions if question in context.still_open]
    found: dict[tuple[str, ...], Result] = {}
    for answers in product(*([reading.id for reading in _QUESTIONS[question].readings] for question in asked)):
        readings = context.readings
        for question, reading in zip(asked, answers, strict=True):
            readings = readings.taking(question, reading)
        under = attrs.evolve(context, readings=readings, still_open=context.still_open - {*asked})
        found[answers] = result_under(under) if asked else "met"
    return frozenset(
        asked[place]
        for place, _ in enumerate(asked)
        for one, other in combinations(found, 2)
        if found[one] != found[other] and one[:place] + one[place + 1 :] == other[:place] + other[place + 1 :]
    )


def doubt_of(questions: Collection[str], *, is_exact: bool) -> Remark | None:
    """
    Return what leaves a requirement open that is not met for certain; `None` when nothing does.

    Args:
        questions: The open questions about what is the same that decide it.
        is_exact: Whether all ways in which trainings may be one were tried.
    """
    if questions:
        which = [name for name in (SAME_COURSE.id, RECORDED_TWICE.id, RECORDS_DISAGREE.id) if name in questions]
        return remark("alike-decides", questions=tuple(which))
    return None if is_exact else remark("alike-too-many")


def rank_of(result: Result, amount: Fraction) -> Rank:
    """Return how well a requirement stands that counts some amount."""
    return {"met": 2, "short": 0}.get(result, 1), amount


_QUESTIONS: Final = {question.id: question for question in (SAME_COURSE, RECORDED_TWICE, RECORDS_DISAGREE)}
