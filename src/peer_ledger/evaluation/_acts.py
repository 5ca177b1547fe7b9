"""
The acts of a board that begin and end grants, in the order in which they took effect.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from operator import lt
from typing import TypeAlias

from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import ENDS, Grant
from peer_ledger.records import Certification
from peer_ledger.reports import Standing
from peer_ledger.values._cached import cached_property
from peer_ledger.values.dates import DAY

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


def in_order(found: Acts) -> Acts:
    """Return acts, each once, in the order in which they took effect."""
    days = [day for day, _ in found]
    if all(map(lt, days, days[1:])):
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


class Turns:
    """
    Acts in order, and which of them begin a cycle.

    An award or a renewal does so whatever the cycle before it, and so does a reinstatement that follows no suspension.
    A reinstatement that lifts a suspension does so if the cycle that was suspended is over.

    Args:
        acts: The acts, in the order in which they took effect.

    Attributes:
        acts: The acts.
    """

    def __init__(self, acts: Acts) -> None:
        self.acts = acts

    @cached_property
    def days(self) -> list[date]:
        """The days of the acts."""
        return [day for day, _ in self.acts]

    @cached_property
    def _lifting(self) -> list[int]:
        before = [None, *(ENDS.get(act.act) for _, act in self.acts)]
        return [place for place, (_, act) in enumerate(self.acts) if may_lift(act, before[place])]

    @cached_property
    def _granting(self) -> list[int]:
        lifting = set(self._lifting)
        return [place for place, (_, act) in enumerate(self.acts) if act.act not in ENDS and place not in lifting]

    def granting(self, place: int) -> int:
        """Return the place of the next act that begins a cycle whatever the one before it; the end where none does."""
        found = bisect_right(self._granting, place)
        return self._granting[found] if found < len(self._granting) else len(self.acts)

    def lifting(self, place: int, before: int) -> Sequence[int]:
        """Return the places of the acts between two places that begin a cycle only if the one before it is over."""
        return self._lifting[bisect_right(self._lifting, place) : bisect_left(self._lifting, before)]

    def changing(self, place: int, due: date, *, is_unending: bool) -> int:
        """
        Return the place of the next act that begins a cycle, or after which one follows; the end where none does.

        Args:
            place: The place of an act.
            due: The last day of the cycle.
            is_unending: Whether another cycle follows without an act, unless the certificate is suspended.
        """
        last = self.granting(place)
        first, end = bisect_right(self._lifting, place), bisect_left(self._lifting, last)
        key = self._lasting if is_unending else self.days.__getitem__
        found = bisect_right(self._lifting, due, first, end, key=key)
        return self._lifting[found] if found < end else last

    def _lasting(self, place: int) -> date:
        """Return the day on which a cycle must last so that none follows a reinstatement before the next act."""
        return max(self.days[place], self.days[place + 1] - DAY if place + 1 < len(self.days) else date.max)
