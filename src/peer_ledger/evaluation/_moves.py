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
        self._made: list[date] = []
        self._by_year: dict[int, list[int]] = {}
        self._of_any_year: list[int] = []
        for ruling in moving(rulings, name):
            self.add(ruling)

    def add(self, ruling: Ruling) -> None:
        """Add a ruling that moves the date, made on the day of the last one or later."""
        place = len(self._rulings)
        self._rulings.append(ruling)
        self._made.append(ruling.on)
        if ruling.first_day is None or ruling.last_day is None:
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
        begins = bisect_left(self._made, since)
        ends = len(self._made) if until is None else bisect_left(self._made, until)
        # The last one decides, so those made during the grant are looked at from the end.
        during = next((place for place in reversed(range(begins, ends)) if applies(self._rulings[place], day)), -1)
        naming = [*self._by_year.get(day.year, ()), *self._of_any_year]
        last = max([during, *(place for place in naming if place > during and applies(self._rulings[place], day))])
        return day if last < 0 else self._rulings[last].day or day


def moving(rulings: Iterable[Ruling], name: str) -> list[Ruling]:
    """Return the rulings that move a date."""
    return [ruling for ruling in rulings if ruling.effect == "moves" and ruling.requirement == name]


def applies(ruling: Ruling, day: date) -> bool:
    """Return whether a ruling is for a date, unless it was not made during its grant."""
    return (ruling.first_day is None or ruling.first_day <= day) and (ruling.last_day is None or day <= ruling.last_day)


NO_MOVES: Final = Moves((), "due")
"""Stands for rulings that move nothing; none is added to it."""
