"""
The days between relative dates, for many people: each day is found once, and once for everybody who shares it.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple, TypeAlias

from peer_ledger.evaluation._days import first_day, last_day
from peer_ledger.evaluation._life import Grant
from peer_ledger.rules import RelativeDate

Days: TypeAlias = tuple[date | None, date | None]
"""A first and a last day; `None` where there is none."""


class Filed(NamedTuple):
    """
    What relative dates are counted from, apart from the grant.

    Attributes:
        as_of: The day of filing.
        lapsed_on: The last day of filing late of a certificate that lapsed; otherwise `None`.
    """

    as_of: date
    lapsed_on: date | None


class _Point(NamedTuple):
    """
    One end of a window.

    Attributes:
        point: The relative date; `None` where there is none.
        is_end: Whether it is the last day, and not the first one.
        filed: The place of what it is counted from; 0 where filing does not change it.
    """

    point: RelativeDate | None
    is_end: bool
    filed: int

    @classmethod
    def of(cls, point: RelativeDate | None, filed: int, *, is_end: bool) -> "_Point":
        """Return one end, which is the same for everything that it may be counted from where that changes nothing."""
        return cls(point, is_end, filed if _is_of_filing(point) else 0)

    def day(self, grant: Grant | None, filed: Sequence[Filed]) -> date | None:
        """Return the day."""
        as_of, lapsed_on = filed[self.filed]
        if self.is_end:
            return last_day(self.point, grant, as_of, lapsed_on)
        return first_day(self.point, grant, as_of, lapsed_on)


class Windows:
    """
    Pairs of relative dates, and the days that they name.

    Args:
        pairs: The first and the last day of each window, and the place of what they are counted from.
    """

    def __init__(self, pairs: Iterable[tuple[RelativeDate | None, RelativeDate | None, int]]) -> None:
        places: dict[_Point, int] = {}
        self._pairs = [
            (
                places.setdefault(_Point.of(begins, filed, is_end=False), len(places)),
                places.setdefault(_Point.of(ends, filed, is_end=True), len(places)),
            )
            for begins, ends, filed in pairs
        ]
        self._shared = [None if is_own(each.point) else each for each in places]
        self._own = [(place, each) for each, place in places.items() if is_own(each.point)]

    def shared(self, grant: Grant | None, filed: Sequence[Filed]) -> list[date | None]:
        """
        Return the days that everybody with the same due date shares; `None` in the places of all others.

        Args:
            grant: The last grant of one of them; `None` without one.
            filed: What days are counted from, by place.
        """
        return [each and each.day(grant, filed) for each in self._shared]

    def of(self, shared: Sequence[date | None], grant: Grant | None, filed: Sequence[Filed]) -> list[Days]:
        """
        Return the first and the last day of each window for a person.

        Args:
            shared: The days that the person shares with others.
            grant: The person's last grant; `None` without one.
            filed: What days are counted from, by place.
        """
        days = list(shared)
        for place, each in self._own:
            days[place] = each.day(grant, filed)
        return [(days[first], days[last]) for first, last in self._pairs]


def _is_of_filing(point: RelativeDate | None) -> bool:
    """Return whether a relative date is counted from a day of filing, or from a lapse."""
    return point is not None and (point.of in ("filing", "lapse", "inactive") or _is_of_filing(point.otherwise))


def is_own(point: RelativeDate | None) -> bool:
    """Return whether a relative date is counted from a day that people in the same states need not share."""
    return point is not None and (point.of in ("award", "last-grant", "cycle-start") or is_own(point.otherwise))
