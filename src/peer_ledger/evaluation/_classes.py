"""
Trainings that are taken to be one.
"""

from collections.abc import Hashable, Iterable
from datetime import date
from typing import Final

from peer_ledger.evaluation._event import Event
from peer_ledger.records._sameness import same_course
from peer_ledger.reports._remarks import Remark, remark

Group = tuple[Event, ...]
"""Trainings that are one."""

WRONG: Final = remark("recorded-otherwise")
"""Why a record does not count that is taken to be wrong."""


class Classes:
    """
    The classes of trainings that are one.

    Args:
        groups: The classes that hold more than one training, each by day and id.
        once: Whether trainings of one course are one; otherwise only records of one training are.
        wrong: The ids of records that are wrong, so that another one of the training counts or nothing does.

    Attributes:
        wrong: The same.
    """

    def __init__(
        self, groups: Iterable[Group] = (), *, once: bool = False, wrong: frozenset[str] = frozenset()
    ) -> None:
        self._once, self.wrong = once, wrong
        self._group_of: dict[str, Group] = {}
        for group in groups:
            if len(group) > 1:
                self._group_of |= dict.fromkeys([event.record.id for event in group], group)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The classes that hold more than one training, in the order of their first ones."""
        first = {group[0].record.id: group for group in self._group_of.values()}
        return tuple(sorted(first.values(), key=lambda group: by_day(group[0])))

    @property
    def right(self) -> Hashable:
        """What tells what counts: which records are wrong, and which of the others are one."""
        kept = (frozenset(event.record.id for event in group) - self.wrong for group in self._group_of.values())
        return self.wrong, frozenset(together for together in kept if len(together) > 1)

    def first_right(self, event: Event) -> Event | None:
        """Return the first training that is the same as one and is not wrong; `None` where all are."""
        group = self._group_of.get(event.record.id, (event,))
        return next((other for other in group if other.record.id not in self.wrong), None)

    def first_of(self, event: Event) -> Event:
        """Return the first training that is the same as one: itself where there is no other."""
        return self._group_of.get(event.record.id, (event,))[0]

    def is_alone(self, event: Event) -> bool:
        """Return whether no other training is the same as one."""
        return event.record.id not in self._group_of

    def others(self, event: Event) -> Group:
        """Return the other trainings that are the same as one."""
        return tuple([other for other in self._group_of.get(event.record.id, ()) if other.record.id != event.record.id])

    def why_again(self, event: Event, others: Iterable[Event]) -> Remark:
        """Return why a training does not count beside others that are the same."""
        if event.record.id in self.wrong:
            return WRONG
        one, likenesses = event.likeness, [other.likeness for other in others]
        same = [other.day for other in likenesses if self._once and same_course(one, other) == "same"]
        if same:
            return remark("same-course", day=same[0])
        days = [other.day for other in likenesses if self._once and same_course(one, other) == "likely"]
        if days:
            return remark("same-title", day=days[0])
        return remark("recorded-twice")


def by_day(event: Event) -> tuple[date, str]:
    """Return the key by which trainings are sorted."""
    return event.record.completed, event.record.id
