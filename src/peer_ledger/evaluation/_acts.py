"""
The acts of a board that begin and end grants, in the order in which they took effect.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import TypeAlias

from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import Grant
from peer_ledger.records import Certification
from peer_ledger.reports import Standing

ORDER = {
    "awarded": 0,
    "renewed": 1,
    "made-inactive": 2,
    "suspended": 3,
    "reinstated": 4,
    "surrendered": 5,
    "revoked": 6,
}
"""The order in which acts on the same day took effect, since the records do not say; a refusal changes nothing."""

Acts: TypeAlias = list[tuple[date, Certification]]
"""Acts in the order in which they took effect, each with its day."""


def in_order(found: Iterable[tuple[date, Certification]]) -> Acts:
    """Return acts, each once, in the order in which they took effect."""
    found = list(found)
    if all(before[0] < after[0] for before, after in pairwise(found)):
        return found
    acts = sorted(found, key=lambda pair: (pair[0], ORDER[pair[1].act], pair[1].expires is None, pair[1].id))
    # Two systems may record the same act: of the records of one kind on one day, the one with an expiry is kept.
    once = {(day, act.act): (day, act) for day, act in reversed(acts)}
    return [pair for pair in acts if once[pair[0], pair[1].act] == pair]


def is_lifting(act: Certification, ended: Standing | None, grant: Grant | None, day: date) -> bool:
    """Return whether a reinstatement only lifts a suspension, so that the cycle goes on and no other one begins."""
    return may_lift(act, ended) and grant is not None and day <= grant.due


def may_lift(act: Certification, ended: Standing | None) -> bool:
    """Return whether a reinstatement only lifts a suspension if the cycle that was suspended is not over."""
    return act.act == "reinstated" and act.expires is None and ended in ("suspended", "inactive")


def awards_elsewhere(history: History, others: Sequence[str]) -> list[date]:
    """Return the award days of a person's other certificates, in order."""
    if not others:
        return []
    acts = (act for other in others for act in history.elsewhere(other, history.on).acts)
    return sorted(act.on for act in acts if act.act == "awarded" and act.on is not None)


def during(days: Sequence[date], since: date, until: date | None) -> Sequence[date]:
    """Return those of some days that are after a day and before the next grant; the days are in order."""
    return days[bisect_right(days, since) : len(days) if until is None else bisect_left(days, until)]
