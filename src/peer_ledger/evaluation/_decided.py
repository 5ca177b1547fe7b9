"""
What a requirement comes to where trainings may be one: under the readings taken, in the way that decides.
"""

from collections.abc import Callable, Collection
from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar

from peer_ledger.evaluation._alike import JOINING, Alike, Ways
from peer_ledger.evaluation._classes import Classes
from peer_ledger.evaluation._context import Context
from peer_ledger.rules import RECORDED_TWICE, RECORDS_DISAGREE

Made = TypeVar("Made")

Rank = tuple[int, Fraction]
"""How well a requirement stands: 2 if it is met, 0 if it is short, 1 if that depends on unknown details; and what is
missing, as a negative amount."""


class Decided(NamedTuple, Generic[Made]):
    """
    What a requirement comes to under the readings taken.

    Attributes:
        made: What it comes to.
        is_exact: Whether it is what it comes to under the way of joining that leaves least to count; otherwise there
            were too many ways, and less may have been counted than in any of them.
    """

    made: Made
    is_exact: bool


def decided(
    context: Context, alike: Alike, under: Callable[[Classes], Made], rank: Callable[[Made], Rank]
) -> Decided[Made]:
    """
    Return what a requirement comes to; which trainings are one is asked where it is not met if all that are alike are.

    Args:
        context: The records and readings.
        alike: Which trainings are one, and which may be.
        under: Returns what it comes to where some trainings are one.
        rank: Returns how well it stands then.
    """
    if context.settled is not None:
        return Decided(under(alike.settled(context.settled)), is_exact=True)
    return decided_under(context.readings.take, alike, under, rank)


def decided_under(
    take: Callable[[str], str], alike: Alike, under: Callable[[Classes], Made], rank: Callable[[Made], Rank]
) -> Decided[Made]:
    """
    Return the same where it is not settled elsewhere which trainings are one.

    Args:
        take: Returns the reading taken of a question, and takes note that it was asked.
        alike: Which trainings are one, and which may be.
        under: Returns what it comes to where some trainings are one.
        rank: Returns how well it stands then.
    """
    strictest = _least(alike, alike.questions, under, rank)
    if not alike.questions or rank(strictest.made)[0] == 2:
        return strictest
    about_sameness = [question for question in alike.questions if question != RECORDS_DISAGREE.id]
    joining = [question for question in about_sameness if _is_joined(take, question)]
    if len(about_sameness) < len(alike.questions) and RECORDED_TWICE.id in joining:
        if not _is_joined(take, RECORDS_DISAGREE.id):
            return _most(alike, joining, under, rank)
        joining.append(RECORDS_DISAGREE.id)
    return strictest if len(joining) == len(alike.questions) else _least(alike, joining, under, rank)


def _is_joined(take: Callable[[str], str], question: str) -> bool:
    return take(question) == JOINING[question]


def _least(
    alike: Alike, joining: Collection[str], under: Callable[[Classes], Made], rank: Callable[[Made], Rank]
) -> Decided[Made]:
    """Return what a requirement comes to in the way and the world in which least counts."""
    return _of_ways(alike.least(joining), under, rank)


def _most(
    alike: Alike, joining: Collection[str], under: Callable[[Classes], Made], rank: Callable[[Made], Rank]
) -> Decided[Made]:
    """Return what a requirement comes to in the world in which most counts, in each in the way in which least does."""
    if not alike.disagreements.is_complete:
        nothing_wrong = _of_ways(alike.ways(joining), under, rank)
        return nothing_wrong._replace(is_exact=nothing_wrong.is_exact and rank(nothing_wrong.made)[0] == 0)
    found = [_of_ways(ways, under, rank) for ways in alike.most(joining)]
    return max(found, key=lambda decided: rank(decided.made))


def _of_ways(ways: Ways, under: Callable[[Classes], Made], rank: Callable[[Made], Rank]) -> Decided[Made]:
    if ways.merged is None and len(ways.all) == 1:
        return Decided(under(ways.all[0]), is_exact=True)
    if ways.merged is None:
        return Decided(min((under(classes) for classes in ways.all), key=rank), is_exact=True)
    merged = under(ways.merged)
    if rank(merged)[0] == 2:
        return Decided(merged, is_exact=True)
    found = under(ways.all[0])
    return Decided(found, is_exact=True) if rank(found)[0] == 0 else Decided(merged, is_exact=False)
