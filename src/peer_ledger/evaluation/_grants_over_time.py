"""
The grants of one certificate on any number of days, worked out once where they only follow each other.

What was granted later does not alter what was granted before.  So the grants on a day are the first of all grants,
under what documents state on that day.  A ruling that moves a due date is known from the day on which it was made, and
so is an award of a certificate that shares the clock: then only those grants that it may move are made again, and those
after them.  Rulings that each move very many cycles would cost the square of their number, so there is an end to it.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain, groupby
from operator import attrgetter
from typing import Final

import attrs

from peer_ledger.evaluation._acts import awards_elsewhere
from peer_ledger.evaluation._basis import Basis, Hinge
from peer_ledger.evaluation._days import LAST_DAY
from peer_ledger.evaluation._grants import GrantBuilder, Grants, grants_on
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import Grant
from peer_ledger.evaluation._moves import Moves, moving
from peer_ledger.evaluation._stated import Stated
from peer_ledger.records import DocumentValue, Ruling
from peer_ledger.reports import Standing
from peer_ledger.rules import Birthday, ByQuestion, Cohorts, CycleEditions, CycleRule, Readings, RuleSet
from peer_ledger.values.dates import DAY

MOST_AGAIN: Final = 250_000
"""How many grants are made again because of rulings; from the next ruling on, the standing is undetermined."""

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
        self._left = MOST_AGAIN
        self._builder = GrantBuilder(whole, ruleset, readings, seen=seen, moves=self._moves, awards=self._awards)
        self._days = self._builder.turns.days
        self._after: list[_After] = [(readings.asked, 0, None)]
        self._due: list[tuple[date, int]] = []
        self._hinges: dict[int, Hinge] = {}
        self._begins: list[date] = [date.min]
        self._stages: list[_Stage] = []  # as far as they are worked out
        self._chain = _Chain()
        made_on = {day: list(rulings) for day, rulings in groupby(moving(whole.rulings, "due"), attrgetter("on"))}
        awards = set(awards_elsewhere(whole, ruleset.clock_with))
        self._begins += sorted(awards.union(made_on))
        for number, day in enumerate(self._begins):
            if self._left < 0:
                break
            self._add(number, made_on.get(day, []), [day] if day in awards else [])

    def on(self, day: date) -> tuple[tuple[str, ...], Grants]:
        """Return the questions that the grants on a day depended on, and the grants."""
        number = bisect_right(self._begins, day) - 1
        if number >= len(self._stages):
            return self._builder.asked, (tuple(self._builder.made), "undetermined")
        stage = self._stages[number]
        asked, count, ended = stage.after[bisect_right(self._days, day) - stage.acts]
        grants = self._chain.from_stage(number)
        if self._is_unending:
            # The last cycles that follow without an act may not have begun.
            count = bisect_right(grants, day, 0, count, key=attrgetter("day"))
        return asked, (tuple(grants[:count]), ended)

    def _add(self, number: int, rulings: Sequence[Ruling], awards: Sequence[date]) -> None:
        """Work out the stage that some rulings, or awards on a common clock, begin."""
        begins, ends = self._begins[number], self._begins[number + 1 : number + 2]
        self._chain.begin()
        changed = {place for ruling in rulings for place in self._moved_by(ruling)}
        changed.update(place for award in awards for place in self._restarted_by(award))
        self._awards += awards
        for ruling in rulings:
            self._moves.add(ruling)
        until = ends[0] if ends else LAST_DAY + DAY
        kept: int | None = 0
        for place in sorted(changed):
            if kept is not None and place >= kept:
                kept = self._again(place, until)
                self._left -= (len(self._builder.made) if kept is None else kept) - place
        self._further(bisect_left(self._days, ends[0]) if ends else len(self._days), until)
        least = bisect_right(self._days, begins) if number else 0
        self._stages.append(_Stage(least, self._after[least:]))

    def _again(self, first: int, until: date) -> int | None:
        """
        Make grants again, until one is as it was and so are all that follow.

        Args:
            first: The place of the first grant.
            until: The day on which the next stage begins.

        Returns:
            The number of grants until that one; `None` where all are made again.
        """
        builder, basis = self._builder, self._builder.bases[first]
        begins = place = basis.place
        made, bases, after = builder.made[first:], builder.bases[first:], self._after[begins + 1 :]
        is_own = basis.granted == first
        asked, _, ended = self._after[begins] if is_own else after[0]
        builder.back_to(first, asked)
        steps = builder.steps(place, place + 1, ended, until) if is_own else builder.rest(place, None, until)
        del self._after[begins + 1 :]
        while place < begins + len(after):
            now = old = after[place - begins]
            count, is_same = 0, False
            for step in steps:
                count = len(builder.made) - first
                now = builder.asked, len(builder.made), step.ended
                is_same = now == old if step.is_whole else now[0] == old[0]
                is_same = is_same and 0 < count <= len(bases) and bases[count - 1].place == builder.bases[-1].place
                if is_same and builder.made[-1] == made[count - 1]:
                    self._keep(first, bases[:count])
                    builder.made += made[count:]
                    builder.bases += bases[count:]
                    self._after += after[place - begins :]
                    builder.back_to(len(builder.made), self._after[-1][0])
                    return first + count
            self._after.append(now)
            place += 1
            if is_same:
                # What follows the grant is as it was until the next act that makes one, now or before.
                following = begins + len(after) if count >= len(bases) else bases[count].place
                changing = builder.turns.changing(place - 1, builder.made[-1].due, is_unending=self._is_unending)
                following = max(place, min(following, changing))
                self._after += after[place - begins : following - begins]
                place = following
            steps = builder.steps(place, place + 1, self._after[-1][2], until)
        self._keep(first, bases)
        return None

    def _further(self, last: int, until: date) -> None:
        """
        Make more cycles that follow the last act, and take the next acts.

        Args:
            last: The place of the act after them.
            until: The day on which the next stage begins.
        """
        builder, place, kept = self._builder, len(self._after) - 1, len(self._builder.made)
        _, _, ended = self._after[place]
        steps = builder.steps(place, last, ended, until)
        if kept:
            del self._after[place]
            steps = chain(builder.rest(place - 1, ended, until), steps)
        for step in steps:
            if step.is_whole:
                self._after.append((builder.asked, len(builder.made), step.ended))
        self._keep(kept, ())

    def _keep(self, first: int, before: Sequence[Basis]) -> None:
        """Keep what was made in the last stage, from one grant on, given what these grants rested on before."""
        for place, basis in enumerate(before, first):
            del self._due[bisect_left(self._due, (basis.due, place))]
            self._hinges.pop(place, None)
        for place, grant in enumerate(self._builder.made[first:], first):
            self._chain.put(place, grant)
            basis = self._builder.bases[place]
            insort(self._due, (basis.due, place))
            if basis.hinge is not None:
                self._hinges[place] = basis.hinge

    def _moved_by(self, ruling: Ruling) -> list[int]:
        """Return the places of the grants that a ruling may move, or that may be followed by another one for it."""
        # It is made after all acts so far, hence in the last grant; it may name the days of others, too.
        bases, first, last = self._builder.bases, ruling.first_day or date.min, ruling.last_day or date.max
        found = [
            place
            for place, hinge in self._hinges.items()
            if first <= hinge.due <= last and not hinge.lifted <= (ruling.day or hinge.due) < hinge.before
        ]
        if ruling.first_day is not None and ruling.last_day is not None:
            begins, ends = bisect_left(self._due, (first,)), bisect_left(self._due, (last + DAY,))
            found += [place for _, place in self._due[begins:ends]]
        elif self._is_unending:
            # A cycle that a ruling shortened is followed by another one before its own due date.
            later = self._due[bisect_left(self._due, (ruling.on,)) :]
            found += [place for _, place in later if ruling.on < bases[place].until]
        elif bases:
            found.append(len(bases) - 1)
        return found

    def _restarted_by(self, award: date) -> list[int]:
        """Return the places of the grants whose cycle an award on a common clock may restart, as `_moved_by` does."""
        # It is made after all acts so far, hence in the last grant that an act made.
        bases = self._builder.bases
        found = [place for place, hinge in self._hinges.items() if award <= hinge.restarts]
        if bases and award <= bases[bases[-1].granted].restarts:
            found.append(bases[-1].granted)
        return found


class _Chain:
    """
    Grants as they were made in one stage after the other, seen from one of the stages.
    """

    def __init__(self) -> None:
        self._seen: list[Grant] = []
        self._changes: list[list[tuple[int, Grant | None, Grant]]] = []
        self._number = -1

    def begin(self) -> None:
        """Begin the next stage, and see the grants from it."""
        self._changes.append([])
        self._number += 1

    def put(self, place: int, grant: Grant) -> None:
        """Make the grant at a place another one from this stage on, or add one at the end."""
        before = self._seen[place] if place < len(self._seen) else None
        self._changes[-1].append((place, before, grant))
        self._seen[place : place + 1] = [grant]

    def from_stage(self, number: int) -> list[Grant]:
        """Return the grants as they are seen from a stage, given its number; there may be more than it has."""
        while self._number < number:
            self._number += 1
            for place, _, grant in self._changes[self._number]:
                self._seen[place : place + 1] = [grant]
        while self._number > number:
            for place, before, _ in reversed(self._changes[self._number]):
                self._seen[place : place + 1] = [] if before is None else [before]
            self._number -= 1
        return self._seen


class GrantsOverTime:
    """
    The grants of one person's certificate.

    Args:
        whole: Everything on file, until any day.
        ruleset: The rules.
    """

    def __init__(self, whole: History, ruleset: RuleSet) -> None:
        self._whole, self._ruleset = whole, ruleset
        self._stated = Stated(whole.documents)
        self._looked_at = sorted(set(_looked_at(ruleset.cycle)))
        self._kept: dict[tuple[tuple[tuple[str, str], ...], tuple[DocumentValue | None, ...]], _Course] = {}

    def until(self, history: History, ruleset: RuleSet, readings: Readings) -> Grants:
        """Return the same as `grants_on` for a history of this person and these rules."""
        if history.closing:
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
