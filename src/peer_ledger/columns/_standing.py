"""
In which situation each person of a part is, from the columns of acts: without a record for each.

Most certificates are granted plainly: each grant has a day and a printed expiry, and each renewal comes before the last
one expired.  Then the days that everything else is counted from are those in the columns, and what follows from them
is the same for all due dates whose days lie alike, as `Shapes` says.  The first person of each shape is looked at as
everybody is; if the grant that comes of it has other days, or for any certificate that is not granted plainly, acts are
made records and each person is looked at.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from peer_ledger.columns._about import Part, Together
from peer_ledger.columns._codes import numbers_of, paired
from peer_ledger.columns._day_columns import Bases, day_of
from peer_ledger.columns._growing import Growing
from peer_ledger.columns._libraries import numpy
from peer_ledger.evaluation._crowds import Crowds, Days, Found
from peer_ledger.evaluation._dossiers import Dossier
from peer_ledger.evaluation._life import GRANTS
from peer_ledger.records import Certification
from peer_ledger.values._cached import cached_property

MOST_KEPT = 200_000
"""Of how many shapes of due dates the situation is remembered."""

_LOOK = -2
"""Stands for the number of a situation that is to be found from records."""


class Situations(NamedTuple):
    """
    The situations of some people.

    Attributes:
        numbers: The number of the situation of each person; -1 where sums and counts do not decide the headline.
        grants: The days of each person's last grant, a row for each person and a column for each of `Days`, as numbers
            of the calendar; 0 without a grant.
        days: The days that the states follow from, a column for each place, and a last one for none.
    """

    numbers: Any
    grants: Any
    days: Any


class _Lasts(NamedTuple):
    """
    The last grants of some people, as numbers of the calendar; 0 without a grant.

    Attributes:
        grants: The days of each, a column for each of `Days`.
        expires: The printed expiry.
    """

    grants: Any
    expires: Any


class _Acts(NamedTuple):
    """
    The acts for the credential that is asked about, by person and day.

    Attributes:
        people: The place of each one's person.
        days: The day, as a number of the calendar.
        expires: The printed expiry.
        is_plain: Whether it is a grant with both.
        begins: Whether it begins a certification by itself.
    """

    people: Any
    days: Any
    expires: Any
    is_plain: Any
    begins: Any


class Standing:
    """
    Finds the situations of people.

    Args:
        crowds: What decides headlines.
    """

    def __init__(self, crowds: Crowds) -> None:
        self._crowds = crowds
        self._examples: Any = None
        self._kept: dict[tuple[int, ...], int] = {}

    def of(self, part: Part, wanted: Any, without: Callable[..., Dossier]) -> Situations:
        """
        Return the situations of the people of a part.

        Args:
            part: The rows about them.
            wanted: Of whom, as an array of places.
            without: Returns what is on file about the person at a place, without what is in some tables.
        """
        np, count = numpy(), len(part.people)
        together, crowds = part.tables.get("certifications"), self._crowds
        lasts = _Lasts(np.zeros((count, len(Days._fields)), dtype=np.int64), np.zeros(count, dtype=np.int64))
        left = np.zeros(count, dtype=bool)
        left[wanted] = True
        plain = left & crowds.is_certified_plainly
        if together is not None and crowds.is_certified_plainly:
            self._note(together, plain, lasts)
        found = Situations(np.full(count, -1, dtype=np.int64), lasts.grants, self._days_of(lasts))
        self._by_shape(np.flatnonzero(plain), lasts, found, without)
        left &= ~plain | (found.numbers == _LOOK)
        found.numbers[found.numbers < 0] = -1
        for place in np.flatnonzero(left).tolist():
            one = crowds.situation_of(without(place, "trainings"))
            if one is not None:
                found.numbers[place] = one.situation.number
                found.grants[place] = _grant_of(one)
                found.days[place] = _row_of(one, found.days.shape[1])
        return found

    def hold_others(self, part: Part) -> Any:
        """Return for whom acts on other certificates are on file, as an array."""
        np, found = numpy(), numpy().zeros(len(part.people), dtype=bool)
        together = part.tables.get("certifications")
        if together is not None:
            rows, order, bounds = together
            self._look_at(rows.examples)
            people = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
            found[people[self._is_own.all[rows.shapes[order]] == 0]] = True
        return found

    def _days_of(self, lasts: _Lasts) -> Any:
        """Return the days that the states of people follow from who are certified plainly."""
        np, crowds, count = numpy(), self._crowds, len(lasts.expires)
        on, nothing = np.full(count, crowds.on.toordinal()), np.zeros(count, dtype=np.int64)
        anchor, day, begins, due = lasts.grants.T
        counted = {"award": anchor, "last-grant": day, "cycle-start": begins}
        own = [each if name in crowds.lives.anchors else nothing for name, each in counted.items()]
        named = crowds.shapes.named(
            due,
            begins=lambda point: day_of(point, Bases(lasts.grants, on, nothing)),
            ends=lambda point, lapse: day_of(
                point, Bases(lasts.grants, on, nothing if lapse is None else lapse), is_end=True
            ),
        )
        days = np.stack([due, due - 1, *own, lasts.expires, *named, nothing], axis=1)
        days[due == 0] = 0
        return np.column_stack([on, days])

    def _by_shape(self, places: Any, lasts: _Lasts, found: Situations, without: Callable[..., Dossier]) -> None:
        """
        Find the situations of people who are certified plainly; `_LOOK` for those to look at each.

        Such a certificate follows from its acts alone.
        """
        np = numpy()
        keys = self._keys(lasts, found.days)[places]
        both, first = paired(list((keys - keys.min(axis=0, initial=0)).T), len(places))
        of_shapes = []
        for key, place in zip(map(tuple, keys[first].tolist()), places[first].tolist(), strict=True):
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            if key not in self._kept:
                one = self._crowds.situation_of(without(place, "trainings", "documents"))
                self._kept[key] = self._number_of(one, found.grants[place].tolist(), found.days[place].tolist())
            of_shapes.append(self._kept[key])
        found.numbers[places] = np.array(of_shapes, dtype=np.int64)[both]

    def _keys(self, lasts: _Lasts, days: Any) -> Any:
        """Return numbers that are the same for due dates whose days lie alike, as `Shapes` says, a row for each."""
        np, crowds, lives = numpy(), self._crowds, self._crowds.lives
        _, day, _, due = lasts.grants.T
        on_file = day + 1 >= self._since["certification"]
        is_covered = ~((due < crowds.on.toordinal()) | lives.closes_early) | on_file
        has_filings = (day + 1 >= self._since["filing"]) & lives.closes_early
        landmarks = np.array([each.toordinal() for each in crowds.shapes.around(crowds.on)])
        there = days > 0
        earlier = [((days < each[:, None]) & there).sum(axis=1) for each in days.T]
        lie = np.searchsorted(landmarks, days, side="left") + np.searchsorted(landmarks, days, side="right")
        order = np.stack(earlier, axis=1) * (2 * len(landmarks) + 1) + lie
        return np.column_stack([is_covered, has_filings, np.where(there, order, -1)])

    @cached_property
    def _since(self) -> dict[str, int]:
        """Since when everybody's acts and filings are on file."""
        return {what: self._crowds.on_file_since(what) for what in ("certification", "filing")}

    @staticmethod
    def _number_of(found: Found | None, grant: list[int], days: list[int]) -> int:
        """Return the number of a situation; `_LOOK` where the records say other days than the columns."""
        if found is None:
            return -1
        is_same = _grant_of(found) == grant and _row_of(found, len(days)) == days
        return found.situation.number if is_same else _LOOK

    def _note(self, together: Together, plain: Any, lasts: _Lasts) -> None:
        """Note the last grant of each person, and leave out whose certificates are not granted plainly."""
        np, crowds = numpy(), self._crowds
        acts = self._acts(together)
        same = acts.people[1:] == acts.people[:-1]
        plain[acts.people[~acts.is_plain]] = False
        plain[acts.people[1:][same & (acts.days[1:] == acts.days[:-1])]] = False
        due = acts.expires - np.where(acts.expires == acts.days, 0, crowds.days_after)
        begins_anew = np.concatenate([[True], ~same]) | acts.begins if len(acts.people) else acts.begins
        before = np.concatenate([[0], due[:-1]])[: len(due)]
        plain[acts.people[~begins_anew & (acts.days > before)]] = False
        anchor_at = np.maximum.accumulate(np.where(begins_anew, np.arange(len(due)), 0))
        begins = acts.days if crowds.begins_anew else np.where(begins_anew, acts.days, before + 1)
        last = np.flatnonzero(np.concatenate([~same, [True]])) if len(due) else np.zeros(0, dtype=np.int64)
        whose = acts.people[last]
        lasts.grants[whose] = np.stack([acts.days[anchor_at[last]], acts.days[last], begins[last], due[last]], axis=1)
        lasts.expires[whose] = acts.expires[last]

    def _acts(self, together: Together) -> _Acts:
        np, (rows, order, bounds) = numpy(), together
        self._look_at(rows.examples)
        people = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
        shapes, days = rows.shapes[order], numbers_of(rows.apart["on"])[order] if "on" in rows.apart else 0
        expires = numbers_of(rows.apart["expires"])[order] if "expires" in rows.apart else np.zeros_like(shapes)
        days = days + np.zeros_like(shapes)
        counted = (self._is_own.all[shapes] > 0) & (days <= self._crowds.on.toordinal())
        kept = np.flatnonzero(counted)
        kept = kept[np.lexsort((days[kept], people[kept]))]
        is_plain = (self._is_grant.all[shapes] > 0) & (days > 0) & (expires > 0)
        begins = self._is_first.all[shapes] > 0
        return _Acts(people[kept], days[kept], expires[kept], is_plain[kept], begins[kept])

    def _look_at(self, examples: Any) -> None:
        """Note what the shapes of acts are."""
        if self._examples is not examples:
            self._examples = examples
            self._is_own, self._is_grant, self._is_first = Growing(), Growing(), Growing()
        for example in examples[len(self._is_own) :]:
            is_act = isinstance(example, Certification)
            self._is_own.extend([is_act and example.credential == self._crowds.credential])
            self._is_grant.extend([is_act and example.act in GRANTS])
            self._is_first.extend([is_act and example.act != "renewed"])


def _grant_of(found: Found) -> list[int]:
    """Return the days of the last grant of a person; 0 without one."""
    return [0] * len(Days._fields) if found.grant is None else [*Days.of(found.grant)]


def _row_of(found: Found, width: int) -> list[int]:
    """Return the days that the states of a person follow from, as a row of `Situations.days`."""
    days = [0 if day is None else day.toordinal() for day in found.days]
    return days + [0] * (width - len(days))
