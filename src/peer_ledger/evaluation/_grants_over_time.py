"""
The grants of one certificate on any number of days, worked out once where they only follow each other.

What was granted later does not alter what was granted before.  So the grants on a day are the first of all grants,
under what documents state on that day.  A ruling that moves a due date is known from the day on which it was made, and
so is an award of a certificate that shares the clock: then only those grants that it may move are made again, and those
after them.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby, islice
from operator import attrgetter

import attrs

from peer_ledger.evaluation._acts import awards_elsewhere
from peer_ledger.evaluation._days import LAST_DAY
from peer_ledger.evaluation._grants import GrantBuilder, Grants, grants_on
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import Grant
from peer_ledger.evaluation._moves import Moves, applies, moving
from peer_ledger.evaluation._stated import Stated
from peer_ledger.records import DocumentValue, Ruling
from peer_ledger.reports import Standing
from peer_ledger.rules import Birthday, ByQuestion, Cohorts, CycleEditions, CycleRule, Readings, RuleSet
from peer_ledger.values.dates import DAY

_After = tuple[tuple[str, ...], int, Standing | None]
"""What is known after so many acts: the questions asked so far, the number of grants, and the standing."""


@attrs.frozen
class _Stage:
    """
    The days from one on which a ruling that moves due dates was made, or a common clock restarted, to the next.

    Attributes:
        acts: How many acts there are at least on each of its days.
        after: What is known after as many acts, and after each more.
    """

    acts: int
    after: Sequence[_After]


class _Course:
    """
    All grants under some readings, stage by stage.

    Args:
        whole: Everything on file, until any day.
        ruleset: The rules.
        readings: The readings taken, with an empty record of questions.
        seen: A day on which documents state the same as on each day that is asked about.
    """

    def __init__(self, whole: History, ruleset: RuleSet, readings: Readings, seen: date) -> None:
        self._moves = Moves((), "due")
        self._awards: list[date] = []
        self._is_unending = bool(ruleset.unending)
        self._builder = GrantBuilder(whole, ruleset, readings, seen=seen, moves=self._moves, awards=self._awards)
        self._acts = self._builder.acts()
        self._days = [day for day, _ in self._acts]
        self._after: list[_After] = [(readings.asked, 0, None)]
        self._due: list[tuple[date, int]] = []
        self._hinges: list[int] = []
        self._begins: list[date] = [date.min]
        self._stages: list[_Stage] = []
        self._made: list[list[tuple[int, Grant]]] = []
        made_on = {day: list(rulings) for day, rulings in groupby(moving(whole.rulings, "due"), attrgetter("on"))}
        awards = set(awards_elsewhere(whole, ruleset.clock_with))
        self._begins += sorted(awards.union(made_on))
        for number, day in enumerate(self._begins):
            self._add(number, made_on.get(day, []), [day] if day in awards else [])

    def on(self, day: date) -> tuple[tuple[str, ...], Grants]:
        """Return the questions that the grants on a day depended on, and the grants."""
        number = bisect_right(self._begins, day) - 1
        stage = self._stages[number]
        asked, count, ended = stage.after[bisect_right(self._days, day) - stage.acts]
        if self._is_unending:
            # The last cycles that follow without an act may not have begun.
            count = bisect_right(range(count), day, key=lambda place: _at(self._made[place], number).day)
        grants = [made[-1][1] if made[-1][0] <= number else _at(made, number) for made in self._made[:count]]
        return asked, (tuple(grants), ended)

    def _add(self, number: int, rulings: Sequence[Ruling], awards: Sequence[date]) -> None:
        """Work out the stage that some rulings, or awards on a common clock, begin."""
        begins, ends = self._begins[number], self._begins[number + 1 : number + 2]
        first = min([len(self._after) - 1, *map(self._first_moved, rulings)])
        if awards and self._builder.unmoved:
            # An award restarts the cycle of the last grant, and may decide which act makes the next grant.
            first = min(first, *(self._builder.unmoved[place][0] for place in (-1, *self._hinges)))
        self._awards += awards
        for ruling in rulings:
            self._moves.add(ruling)
        last = bisect_left(self._days, ends[0]) if ends else len(self._acts)
        kept = self._again(first, last, ends[0] if ends else LAST_DAY + DAY)
        for place, grant in enumerate(self._builder.made[kept:], kept):
            if place == len(self._made):
                self._made.append([])
            self._made[place].append((number, grant))
        least = bisect_right(self._days, begins) if number else 0
        self._stages.append(_Stage(least, self._after[least:]))

    def _again(self, first: int, last: int, until: date) -> int:
        """
        Take some acts, again or for the first time, and return how many grants were kept.

        Args:
            first: The place of the first of them.
            last: The place of the act after them.
            until: The day on which the next stage begins.
        """
        asked, kept, ended = self._after[first]
        del self._after[first + 1 :]
        for number in range(kept, len(self._builder.unmoved)):
            del self._due[bisect_left(self._due, (self._builder.unmoved[number][1], number))]
        self._hinges = [number for number in self._hinges if number < kept]
        self._builder.back_to(kept, asked)
        for now in islice(self._builder.steps(self._acts, first, ended, until), last - first):
            self._after.append((self._builder.asked, len(self._builder.made), now))
        for number, (_, due, is_next_by_due) in enumerate(self._builder.unmoved[kept:], kept):
            insort(self._due, (due, number))
            self._hinges += [number] if is_next_by_due else []
        return kept

    def _first_moved(self, ruling: Ruling) -> int:
        """Return the place of the first act whose grant a ruling may move, or whose next grant may be another one."""
        # It is made after all acts so far, hence in the last grant; it may name the days of others, too.
        unmoved = self._builder.unmoved
        # Where a clock is shared, what decides the next grant may look at another due date than the grant has.
        hinges = [number for number in self._hinges if self._awards or applies(ruling, unmoved[number][1])]
        found = [len(unmoved) - 1, *hinges]
        if ruling.first_day is not None and ruling.last_day is not None:
            begins, ends = bisect_left(self._due, (ruling.first_day,)), bisect_left(self._due, (ruling.last_day + DAY,))
            found += [number for _, number in self._due[begins:ends]]
        if self._is_unending:
            # A cycle that a ruling shortened is followed by another one before its own due date.
            found += [number for _, number in self._due[bisect_left(self._due, (ruling.on,)) :]]
        return unmoved[min(found)][0] if unmoved else 0


def _at(made: Sequence[tuple[int, Grant]], number: int) -> Grant:
    """Return a grant as it was made last until a stage."""
    return next(grant for stage, grant in reversed(made) if stage <= number)


class GrantsOverTime:
    """
    The grants of one person's certificate.

    Args:
        whole: Everything on file, until any day.
        ruleset: The rules.
    """

    def __init__(self, whole: History, ruleset: RuleSet) -> None:
        self._whole, self._ruleset = whole, ruleset
        self._is_moved = bool(ruleset.clock_with and ruleset.unending)
        self._stated = Stated(whole.documents)
        self._looked_at = sorted(set(_looked_at(ruleset.cycle)))
        self._kept: dict[tuple[tuple[tuple[str, str], ...], tuple[DocumentValue | None, ...]], _Course] = {}

    def until(self, history: History, ruleset: RuleSet, readings: Readings) -> Grants:
        """Return the same as `grants_on` for a history of this person and these rules."""
        if self._is_moved or history.closing:
            return grants_on(history, ruleset, readings)
        stated = tuple([self._stated.on(history.on, kind) for kind in self._looked_at])
        key = tuple(sorted(readings.taken.items())), stated
        if key not in self._kept:
            self._kept[key] = _Course(self._whole, self._ruleset, readings.at(None), history.on)
        asked, grants = self._kept[key].on(history.on)
        readings.note(asked)
        return grants


def _looked_at(cycle: CycleRule | CycleEditions | ByQuestion) -> Iterator[str]:
    """Yield the kinds of document that decide cycles whenever they were filed, under any reading, in any edition."""
    if isinstance(cycle, ByQuestion):
        for _, value in cycle.values:
            yield from _looked_at(value)
    elif isinstance(cycle, CycleEditions):
        for edition in cycle.editions:
            yield from _looked_at(edition.cycle)
    elif isinstance(cycle, Birthday) and cycle.birthday is None:
        yield "birthday"
    elif isinstance(cycle, Cohorts):
        yield cycle.document_kind
