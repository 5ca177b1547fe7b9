"""
People for whom the same is summed and counted, and the days that relative dates name for each.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from peer_ledger.columns._codes import Coded, paired
from peer_ledger.columns._day_columns import FIRST, LAST, Bases, days_between
from peer_ledger.columns._libraries import numpy
from peer_ledger.columns._standing import Situations
from peer_ledger.columns._trainings import MANY_DAYS
from peer_ledger.evaluation._crowds import Situation
from peer_ledger.evaluation._layout import NO_PLACE, Layout
from peer_ledger.rules import RelativeDate
from peer_ledger.values._cached import cached_property


class Some:
    """
    People of one layout.

    Args:
        each: The situations that they are in, by number.
        places: Their places in the part, as an array.
        found: The situations of everybody.

    Attributes:
        layout: The layout.
        places: Their places in the part, as an array.
        each: The situations that they are in.
        at: The place of each one's situation among these.
    """

    def __init__(self, each: Mapping[int, Situation], places: Any, found: Situations) -> None:
        known = sorted(each)
        self.each = [each[number] for number in known]
        self.layout: Layout = self.each[0].layout
        self.places = places
        self.at = numpy().searchsorted(numpy().array(known), found.numbers[places])
        self._grants, self._days = found.grants[places], found.days[places]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.places)

    def days_at(self, of_rows: Any) -> Any:
        """Return a day of everybody, given its place among the days that the states follow from."""
        return self._days[numpy().arange(len(self)), of_rows]

    def as_of(self, stretch: int) -> Any:
        """Return the day of filing after which nothing counts in a stretch, for everybody."""
        return self._bases(stretch).as_of

    def days_of(self, stretch: int) -> tuple[Any, Any]:
        """Return the first and the last day of a stretch for everybody; the calendar's where there is none."""
        np, bases = numpy(), self._bases(stretch)
        begins, ends, _ = self.layout.stretches[stretch]
        first, last = days_between(begins, ends, bases)
        return first, np.minimum(np.where(last > 0, last, MANY_DAYS - 1), bases.as_of)

    def _bases(self, stretch: int) -> Bases:
        place = self.layout.stretches[stretch].filed
        return self._counted_from([each.draft.filed[place] for each in self.each], slice(None))

    def _counted_from(self, filed: list[tuple[int, int]], some: Any) -> Bases:
        """
        Return what the relative dates of some of the people are counted from.

        Args:
            filed: The places of the day of filing and of the lapse in each situation.
            some: Which people.
        """
        as_of, lapsed_on = (self.days_at(each) for each in numpy().array(filed)[self.at].T)
        return Bases(self._grants[some], as_of[some], lapsed_on[some])

    def earning(self) -> tuple[Any, Any]:
        """Return the first and the last day on which training counts; 0 where there is none or readings disagree."""
        return self._decided([first for first, _ in self._windows]), self._decided([last for _, last in self._windows])

    def same_windows(self) -> Coded:
        """Return of the days between which training counts under each reading the place of the first that are equal."""
        np, windows = numpy(), self._windows
        first_equal = []
        for place, (begins, ends) in enumerate(windows):
            found = np.full(len(self), place)
            for before in range(place - 1, -1, -1):
                found[(windows[before][0] == begins) & (windows[before][1] == ends)] = before
            first_equal.append(found)
        both, first = paired([self._lengths, *first_equal], len(self))
        return Coded(
            both, [tuple([int(found[row]) for found in first_equal[: self._lengths[row]]]) for row in first.tolist()]
        )

    @cached_property
    def _lengths(self) -> Any:
        """How many such days there are for everybody."""
        return numpy().array([len(each.draft.earning) for each in self.each])[self.at]

    @cached_property
    def _windows(self) -> list[tuple[Any, Any]]:
        """Each first and last day that training may count from and until, for everybody."""
        return [self._window(number) for number in range(max(len(each.draft.earning) for each in self.each))]

    def _window(self, number: int) -> tuple[Any, Any]:
        np = numpy()
        begins, ends = np.zeros(len(self), dtype=np.int64), np.zeros(len(self), dtype=np.int64)
        for (first, last), ats in self._by_points(number):
            some = np.flatnonzero(np.isin(self.at, ats))
            begins[some], ends[some] = days_between(first, last, self._counted_from(self._filed(number), some))
        return begins, ends

    def _by_points(self, number: int) -> Iterator[tuple[tuple[RelativeDate | None, RelativeDate | None], list[int]]]:
        """Yield the relative dates between which training counts, with the places of the situations that have them."""
        found: dict[tuple[RelativeDate | None, RelativeDate | None], list[int]] = {}
        for at, each in enumerate(self.each):
            if number < len(each.draft.earning):
                begins, ends, _, _ = each.draft.earning[number]
                found.setdefault((begins, ends), []).append(at)
        yield from found.items()

    def _filed(self, number: int) -> list[tuple[int, int]]:
        """Return the places of the day of filing and of the lapse that such days are counted from, by situation."""
        some = [each.draft.earning[number : number + 1] for each in self.each]
        return [(one[0][2], one[0][3]) if one else (NO_PLACE, NO_PLACE) for one in some]

    def _decided(self, seen: list[Any]) -> Any:
        """Return the day on which training begins or ceases to count, as `decided_dates` does for one person."""
        np = numpy()
        found = np.where([(days != FIRST) & (days != LAST) for days in seen], seen, 0)
        latest = found.max(axis=0)
        is_decided = np.where(found > 0, found, latest).min(axis=0) == latest
        for number, days in enumerate(found):
            lapsed_on = self._counted_from(self._filed(number), slice(None)).lapsed_on
            is_decided &= (days > 0) | (lapsed_on == latest) | (self._lengths <= number)
        return np.where(is_decided, latest, 0)
