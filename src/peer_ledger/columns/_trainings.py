"""
Training as kinds and days, from columns: without a record for each row.

What the rules see of a training follows from its shape and amount, and so does whether it may be the same as another
one.  So a person's training is a stretch of a few lists.
"""

from collections.abc import Sequence
from datetime import date
from itertools import combinations, groupby
from typing import Any

from peer_ledger.allocation._terms import MOST
from peer_ledger.columns._about import Together
from peer_ledger.columns._codes import numbers_of, paired
from peer_ledger.columns._libraries import numpy
from peer_ledger.columns._seen import Amounts, TrainingShapes
from peer_ledger.columns._shapes import Rows
from peer_ledger.evaluation._may_be_one import NONE, MayBeOne, join
from peer_ledger.evaluation._sums import Sums, by_kind
from peer_ledger.evaluation._training import TrainingByDay

MANY_DAYS = 1 << 22
"""More than any day's number."""


class Trainings:
    """
    The trainings of the people of a part.

    Args:
        together: The rows of the table.
        of_shapes: What is seen of each shape.

    Attributes:
        bounds: Where the credits of each person begin, and where those of the last end.
        people: The place of the person of each credit.
        days: The day of each credit, as a number of the calendar; those of a person are in order.
        kinds: The kind of each credit.
        units: The units of each credit.
        keys: The person and the day of each credit as one number, in order.
        takes_records: Of each person, whether sums of these do not decide what counts.
    """

    def __init__(self, together: Together, of_shapes: TrainingShapes) -> None:
        np = numpy()
        rows, order, self._bounds = together
        self._of_shapes = of_shapes
        self._order = _by_day(rows, order, self._bounds)
        self._amounts = Amounts.of(rows, self._order)
        self._places = of_shapes.places(rows.examples, rows.shapes[self._order], self._amounts)
        self._of_row = np.repeat(np.arange(len(self._bounds) - 1), np.diff(self._bounds))
        self._days = numbers_of(rows.apart["completed"])[self._order]
        self.kinds, self._begins = of_shapes.credits.of(self._places)
        units, _ = of_shapes.units.of(self._places)
        counts = np.diff(self._begins)
        grows = of_shapes.grows.all[self._places] > 0
        sizes = np.repeat(np.where(grows, self._amounts.sizes, 1), counts)
        self.units = np.where(units > MOST // sizes, MOST + 1, units * sizes)
        self.days, self.people = np.repeat(self._days, counts), np.repeat(self._of_row, counts)
        self.bounds = self._begins[self._bounds]
        self.keys = self.people * MANY_DAYS + self.days
        # No sum of a person may be larger than an allocation takes; a sum of floats says that well enough.
        sums = np.bincount(self.people, weights=self.units, minlength=len(self.bounds) - 1)
        self._may_be_one = self._may_be_alike()
        dated = self._of_row[of_shapes.takes_records.all[self._places] > 0]
        self.takes_records = self._may_be_one | (sums > MOST / 2)
        self.takes_records[dated] = True

    def within(self, begin: int, end: int) -> Sums:
        """Return how much there is of each kind, of the credits from one place to another; all amounts are known."""
        return Sums(by_kind([zip(self.kinds[begin:end].tolist(), self.units[begin:end].tolist(), strict=True)]))

    def of(self, place: int) -> TrainingByDay | None:
        """Return the training of the person at a place; `None` where it depends on more than kinds and days."""
        return self._training(self._bounds[place], self._bounds[place + 1], may_be_one=bool(self._may_be_one[place]))

    def _may_be_alike(self) -> Any:
        """Return of whom two trainings may be one, or of one course, as an array."""
        np, places, amounts = numpy(), self._places, self._amounts
        found = np.zeros(len(self._bounds) - 1, dtype=bool)
        distance = 1
        while True:
            same = np.flatnonzero(
                (self._of_row[distance:] == self._of_row[:-distance])
                & (self._days[distance:] == self._days[:-distance])
            )
            if not len(same):
                break
            same = same[self._may_be_if_equal(same, same + distance)]
            after = same + distance
            both, first = paired([places[same], amounts.codes[same], places[after], amounts.codes[after]], len(same))
            are_alike = [self._are_alike(same[one], after[one]) for one in first.tolist()]
            found[self._of_row[same[np.array(are_alike, dtype=bool)[both]]]] = True
            distance += 1
        names, begins = self._of_shapes.names.of(self._places)
        keys = np.repeat(self._of_row, np.diff(begins)) * (names.max(initial=0) + 1) + names
        keys.sort()
        twice = keys[1:][keys[1:] == keys[:-1]]
        found[twice // (names.max(initial=0) + 1)] = True
        return found

    def _may_be_if_equal(self, some: Any, others: Any) -> Any:
        """Return of some rows whether they may be of the trainings in others if the amounts are equal, as an array."""
        np, places, seen = numpy(), self._places, self._of_shapes
        likes = seen.likes.all[places]
        both, first = paired([likes[some], likes[others]], len(some))
        pairs = zip(places[some[first]].tolist(), places[others[first]].tolist(), strict=True)
        return np.array([seen.may_be_alike(one, other) for one, other in pairs], dtype=bool)[both]

    def _are_alike(self, one: int, other: int) -> bool:
        """Return whether the trainings in two rows, of one day, may be one."""
        places, sizes = self._places, self._amounts.sizes
        return self._of_shapes.are_alike(int(places[one]), int(sizes[one]), int(places[other]), int(sizes[other]))

    def _training(self, begin: int, end: int, *, may_be_one: bool) -> TrainingByDay | None:
        seen = [self._of_shapes.seen[place] for place in self._places[begin:end].tolist()]
        on = [date.fromordinal(day) for day in self._days[begin:end].tolist()]
        sizes = self._amounts.sizes[begin:end].tolist()
        known = [one.credits_of(size) for one, size in zip(seen, sizes, strict=True) if one.credits is not None]
        if len(known) < len(seen):
            return None
        alike = NONE
        if may_be_one:
            one_each = self._one_record(begin, end)
            alike = MayBeOne(one_each, _one_course([one.names for one in seen], one_each))
        return TrainingByDay(
            on,
            known.__getitem__,
            self._of_shapes.kinds,
            alike,
            are_approved=True,
            is_by_id=False,
        )

    def _one_record(self, begin: int, end: int) -> dict[int, int]:
        """Return the places of the trainings that another record may be of, each with the first place of those."""
        found: dict[int, int] = {}
        days = self._days[begin:end].tolist()
        for _, of_day in groupby(range(end - begin), days.__getitem__):
            for one, other in combinations(of_day, 2):
                if self._are_alike(begin + one, begin + other):
                    join(found, one, other)
        return found


def _one_course(names: Sequence[tuple[int, ...]], one_each: dict[int, int]) -> dict[int, int]:
    """Return the places of the trainings of which another may be of the same course, each with the first of those."""
    seen: dict[int, int] = {}
    found = dict(one_each)
    for place, of_event in enumerate(names):
        for name in of_event:
            first = seen.setdefault(name, place)
            if first != place:
                join(found, first, place)
    return found


def _by_day(rows: Rows, order: Any, bounds: Any) -> Any:
    """Return the positions of rows by person, and those of each person by day and id."""
    np, days = numpy(), numbers_of(rows.apart["completed"])
    people = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    ordered = order[np.argsort(people * MANY_DAYS + days[order])]
    tied = np.flatnonzero((people[1:] == people[:-1]) & (days[ordered][1:] == days[ordered][:-1]))
    if len(tied):  # only then do ids decide
        codes, texts = rows.apart["id"]
        some = np.unique(np.concatenate([tied, tied + 1]))
        ids = [str(texts[code]) for code in codes[ordered[some]].tolist()]
        keys = list(zip(people[some].tolist(), days[ordered[some]].tolist(), ids, strict=True))
        ordered[some] = ordered[some[sorted(range(len(keys)), key=keys.__getitem__)]]
    return ordered
