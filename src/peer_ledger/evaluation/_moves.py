"""
The rulings that move a date, looked up for very many dates; `_moved_dates` looks at each of them for one.
"""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date
from typing import Final

from peer_ledger.records import Ruling

_MOST_YEARS = 20
"""Over how many years a ruling may name days to be looked up by the year."""


class Moves:
    """
    The rulings that move a date, found by the days on which they were made and for which they are.

    Args:
        rulings: Rulings of the board, by day and id.
        name: The date: `due`, `late_until` or `opens`.
    """

    def __init__(self, rulings: Iterable[Ruling], name: str) -> None:
        self._rulings: list[Ruling] = []
        self._during: list[tuple[date, int]] = []
        self._by_year: dict[int, list[int]] = {}
        self._of_any_year: list[int] = []
        self._known: dict[date, tuple[int, int]] = {}
        for ruling in moving(rulings, name):
            self.add(ruling)

    def add(self, ruling: Ruling) -> None:
        """Add a ruling that moves the date, made on the day of the last one or later."""
        place = len(self._rulings)
        self._rulings.append(ruling)
        if ruling.first_day is None or ruling.last_day is None:
            self._during.append((ruling.on, place))
            return
        years = range(ruling.first_day.year, ruling.last_day.year + 1)
        if len(years) > _MOST_YEARS:
            self._of_any_year.append(place)
        else:
            for year in years:
                self._by_year.setdefault(year, []).append(place)

    def of(self, day: date, since: date, until: date | None) -> date:
        """
        Return a date as the last of the rulings moved it.

        Args:
            day: The day without a ruling.
            since: The day of the grant.
            until: The day of the next grant; `None` when none follows.
        """
        if not self._rulings:
            return day
        last = self._naming(day)
        begins, ends = bisect_left(self._during, (since,)), bisect_left(self._during, (until or date.max,))
        # The last one decides, so those made during the grant are looked at from the end.
        for number in range(ends - 1, begins - 1, -1):
            place = self._during[number][1]
            if place < last:
                break
            if applies(self._rulings[place], day):
                last = place
                break
        return day if last < 0 else self._rulings[last].day or day

    def _naming(self, day: date) -> int:
        """Return the place of the last ruling that names days with a date; -1 where none does."""
        known, last = self._known.get(day, (0, -1))
        # What was made before it was looked up the last time is not looked at again.
        for places in (self._by_year.get(day.year, ()), self._of_any_year):
            for place in reversed(places):
                if place < max(known, last):
                    break
                if applies(self._rulings[place], day):
                    last = place
                    break
        self._known[day] = len(self._rulings), last
        return last


def moving(rulings: Iterable[Ruling], name: str) -> list[Ruling]:
    """Return the rulings that move a date."""
    return [ruling for ruling in rulings if ruling.effect == "moves" and ruling.requirement == name]


def applies(ruling: Ruling, day: date) -> bool:
    """Return whether a ruling is for a date, unless it was not made during its grant."""
    return (ruling.first_day is None or ruling.first_day <= day) and (ruling.last_day is None or day <= ruling.last_day)


NO_MOVES: Final = Moves((), "due")
"""Stands for rulings that move nothing; none is added to it."""
