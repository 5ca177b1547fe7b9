"""
People for whom the same is summed and counted, and the days that relative dates name for each.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from peer_ledger.columns._codes import Coded, paired
from peer_ledger.columns._libraries import numpy
from peer_ledger.columns._trainings import MANY_DAYS
from peer_ledger.evaluation._crowds import Crowds, Situation, fields_of
from peer_ledger.evaluation._layout import Filed, Layout
from peer_ledger.reports import DateName
from peer_ledger.rules import RelativeDate

_FIRST, _LAST = 0, MANY_DAYS - 1


class Some:
    """
    People of one layout.

    Args:
        crowds: What decides headlines.
        situations: The situations that they are in, by number.
        places: Their places in the part, as an array.
        numbers: The number of each one's situation.
        days: The days of each one's last grant.

    Attributes:
        layout: The layout.
        places: Their places in the part, as an array.
        each: The situations that they are in.
        at: The place of each one's situation among these.
    """

    def __init__(
        self, crowds: Crowds, situations: Mapping[int, Situation], places: Any, numbers: Any, days: Any
    ) -> None:
        known = sorted(situations)
        self.each = [situations[number] for number in known]
        self.layout: Layout = self.each[0].tests.layout
        self.places, self.at = places, numpy().searchsorted(numpy().array(known), numbers)
        self._crowds, self._days = crowds, days

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.places)

    def filed(self, stretch: int) -> list[Filed]:
        """Return what the days of a stretch are counted from in each situation, apart from the grant."""
        place = self.layout.stretches[stretch].filed
        return [each.tests.filed[place] for each in self.each]

    def as_of(self, stretch: int) -> Any:
        """Return the day of filing after which nothing counts in a stretch, for everybody."""
        return numpy().array([one.as_of.toordinal() for one in self.filed(stretch)])[self.at]

    def days_of(self, stretch: int) -> tuple[Any, Any]:
        """Return the first and the last day of a stretch for everybody, as numbers of the calendar."""
        np, filed = numpy(), self.filed(stretch)
        shared = [each.tests.days[stretch] for each in self.each]
        known = [days for days in shared if days is not None]
        if len(known) == len(shared):
            first = np.array([_number(days[0], _FIRST) for days in known])[self.at]
            last = np.array([_number(days[1], _LAST) for days in known])[self.at]
        else:
            begins, ends, _ = self.layout.stretches[stretch]
            first = _numbers(self._named(begins, filed, is_end=False), _FIRST)
            last = _numbers(self._named(ends, filed, is_end=True), _LAST)
        return first, np.minimum(last, self.as_of(stretch))

    def _named(self, point: RelativeDate | None, filed: Sequence[Filed], *, is_end: bool) -> Coded:
        """
        Return the day that a relative date names for everybody.

        Args:
            point: The relative date.
            filed: What days are counted from in each situation, beside the grant.
            is_end: Whether it is a last day, and not a first one.
        """
        np = numpy()
        different = {one: number for number, one in enumerate(dict.fromkeys(filed))}
        of_situations = np.array(
            [2 * different[one] + (each.grant is None) for one, each in zip(filed, self.each, strict=True)]
        )
        columns = [self._days[:, field] for field in fields_of(point)]
        both, first = paired([of_situations[self.at], *columns], len(self))
        owns = zip(*(column[first].tolist() for column in columns), strict=True) if columns else [()] * len(first)
        found = [
            self._crowds.day(point, self.each[at].grant, own, filed[at], is_end=is_end)
            for at, own in zip(self.at[first].tolist(), owns, strict=True)
        ]
        return Coded(both, found)

    def earning(self) -> tuple[Coded, Coded]:
        """Return the first and the last day on which training counts, for everybody."""
        lapses = list(self._lapses(self._most))
        begins, ends = (self._decided(name, seen, lapses) for name, seen in zip(_EARNING, self._windows, strict=True))
        return begins, ends

    def same_windows(self) -> Coded:
        """Return of the days between which training counts under each reading the place of the first that are equal."""
        begins, ends = self._windows
        both, first = paired([self._lengths, *(codes for codes, _ in (*begins, *ends))], len(self))
        found: list[tuple[int, ...]] = []
        for row in first.tolist():
            count = self._lengths[row]
            windows = [
                (begin.values[begin.codes[row]], end.values[end.codes[row]])
                for begin, end in zip(begins[:count], ends[:count], strict=True)
            ]
            found.append(tuple(map(windows.index, windows)))
        return Coded(both, found)

    @cached_property
    def _most(self) -> int:
        return max(len(each.tests.earning) for each in self.each)

    @cached_property
    def _lengths(self) -> Any:
        """How many such days there are for everybody."""
        return numpy().array([len(each.tests.earning) for each in self.each])[self.at]

    @cached_property
    def _windows(self) -> tuple[list[Coded], list[Coded]]:
        """Each of the first and of the last days that training may count from and until, for everybody."""
        begins, ends = ([self._one_of(number, place) for number in range(self._most)] for place in (0, 1))
        return begins, ends

    def _decided(self, name: DateName, seen: list[Coded], lapses: list[Any]) -> Coded:
        """Return the day on which training begins or ceases to count, given what it may be for everybody."""
        both, first = paired([self._lengths, *(codes for codes, _ in seen), *lapses], len(self))
        days: list[date | None] = []
        for row in first.tolist():
            earning = self.each[self.at[row]].tests.earning
            each = tuple([values[codes[row]] for codes, values in seen[: len(earning)]])
            days.append(self._crowds.earning_day(name, each, tuple([filed.lapsed_on for _, _, filed in earning])))
        return Coded(both, days)

    def _one_of(self, number: int, place: int) -> Coded:
        """Return one of the days that may be the first or the last on which training counts, for everybody."""
        np = numpy()
        by_points: dict[tuple[int, int], list[int]] = {}
        for at, each in enumerate(self.each):
            if number < len(each.tests.earning):
                begins, ends, _ = each.tests.earning[number]
                by_points.setdefault((id(begins), id(ends)), []).append(at)
        days: list[date | None] = [None]
        codes = np.zeros(len(self), dtype=np.int64)
        for ats in by_points.values():
            begins, ends, _ = self.each[ats[0]].tests.earning[number]
            filed = [
                each.tests.earning[number][2] if number < len(each.tests.earning) else Filed(self._crowds.on, None)
                for each in self.each
            ]
            found = self._named(ends if place else begins, filed, is_end=bool(place))
            are_these = np.isin(self.at, ats)
            codes[are_these] = found.codes[are_these] + len(days)
            days += found.values
        return Coded(codes, days)

    def _lapses(self, most: int) -> Iterator[Any]:
        """Yield numbers that tell the lapses apart that days are counted from."""
        np = numpy()
        for number in range(most):
            lapsed = [
                each.tests.earning[number][2].lapsed_on if number < len(each.tests.earning) else None
                for each in self.each
            ]
            yield np.array([_number(day, 0) for day in lapsed], dtype=np.int64)[self.at]


_EARNING: tuple[DateName, DateName] = ("earning_begins", "earning_ends")


def _number(day: date | None, otherwise: int) -> int:
    return otherwise if day is None else day.toordinal()


def _numbers(days: Coded, otherwise: int) -> Any:
    """Return days as numbers of the calendar, as an array."""
    return numpy().array([_number(day, otherwise) for day in days.values], dtype=numpy().int64)[days.codes]
