"""
In which situation each person of a part is, from the columns of acts: without a record for each.

Most certificates are granted plainly: each grant has a day and a printed expiry, and each renewal comes before the last
one expired.  Then the days that everything else is counted from are those in the columns.  The first person with an
expiry is looked at as everybody is; if the grant that comes of it has other days, or for any certificate that is not
granted plainly, acts are made records and each person is looked at.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from peer_ledger.columns._about import Part, Together
from peer_ledger.columns._codes import numbers_of
from peer_ledger.columns._growing import Growing
from peer_ledger.columns._libraries import numpy
from peer_ledger.evaluation._crowds import Crowds, Days, Situation
from peer_ledger.evaluation._history import Dossier
from peer_ledger.evaluation._life import GRANTS, Grant
from peer_ledger.records import Certification

MOST_KEPT = 200_000
"""Of how many different last grants the situation is remembered."""

NO_DAYS = Days(1, 1, 1, 1)
"""What stands for the days of a grant where there is none."""


class Situations(NamedTuple):
    """
    The situations of some people.

    Attributes:
        numbers: The number of the situation of each person; -1 where sums and counts do not decide the headline.
        days: The days of each person's last grant, a row for each person and a column for each of `Days`.
    """

    numbers: Any
    days: Any


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
        self._kept: dict[tuple[int, ...], int | None] = {}

    def of(self, part: Part, wanted: Any, without: Callable[..., Dossier]) -> Situations:
        """
        Return the situations of the people of a part.

        Args:
            part: The rows about them.
            wanted: Of whom, as an array of places.
            without: Returns what is on file about the person at a place, without what is in some tables.
        """
        np, count = numpy(), len(part.people)
        numbers = np.full(count, -1, dtype=np.int64)
        days = np.tile(np.array(NO_DAYS, dtype=np.int64), (count, 1))
        together = part.tables.get("certifications")
        left = np.zeros(count, dtype=bool)
        left[wanted] = True
        if self._crowds.is_certified_plainly:
            keys = np.zeros((count, 1 + 1 + len(self._crowds.depends_on)), dtype=np.int64)
            plain = left.copy()
            if together is not None:
                self._note(together, plain, days, keys)
            self._by_key(np.flatnonzero(plain), keys, days, numbers, without)
            left &= ~plain | (numbers == -2)
            numbers[numbers < 0] = -1
        for place in np.flatnonzero(left).tolist():
            found = self._crowds.situation_of(without(place, "trainings"))
            if found is not None:
                numbers[place] = found[0].number
                days[place] = NO_DAYS if found[1] is None else Days.of(found[1])
        return Situations(numbers, days)

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

    def _by_key(self, places: Any, keys: Any, days: Any, numbers: Any, without: Callable[..., Dossier]) -> None:
        """
        Find the situations of people whose certificates are granted plainly; -2 for those to look at each.

        Such a certificate follows from its acts alone.
        """
        np = numpy()
        different, first, both = np.unique(keys[places], axis=0, return_index=True, return_inverse=True)
        found = []
        for key, place in zip(map(tuple, different.tolist()), places[first].tolist(), strict=True):
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            if key not in self._kept:
                found_here = self._crowds.situation_of(without(place, "trainings", "documents"))
                self._kept[key] = self._looked_up(found_here, Days(*days[place].tolist()))
            number = self._kept[key]
            found.append(-2 if number is None else number)
        numbers[places] = np.array(found, dtype=np.int64)[both.reshape(-1)]

    @staticmethod
    def _looked_up(found: tuple[Situation, Grant | None] | None, days: Days) -> int | None:
        """Return the number of a situation; `None` where the grant has other days than the columns say."""
        if found is None:
            return -1
        situation, grant = found
        return situation.number if (NO_DAYS if grant is None else Days.of(grant)) == days else None

    def _note(self, together: Together, plain: Any, days: Any, keys: Any) -> None:
        """Note the days of the last grant of each person, and leave out whose certificates are not granted plainly."""
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
        known = np.stack([acts.days[anchor_at[last]], acts.days[last], begins[last], due[last]], axis=1)
        days[whose] = known
        own = sorted(crowds.depends_on)
        keys[whose] = np.column_stack([acts.expires[last], acts.expires[last] == acts.days[last], known[:, own]])

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
