"""
The headline of an answer, joined from its parts without looking at every combination of readings.

Each life of the certificate, each requirement and each date depends on a few questions of its own. So each is worked
out under the readings of those alone; only questions that two parts share are kept while the parts are joined.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any, Final

from peer_ledger.evaluation._finders import earning_days
from peer_ledger.evaluation._headline import Headline, decided_dates, steps_of
from peer_ledger.evaluation._hours import HoursCheck
from peer_ledger.evaluation._hours_program import QuickHours
from peer_ledger.evaluation._leaf import NOTHING, Leaf, state_of
from peer_ledger.evaluation._life import Life
from peer_ledger.evaluation._outcome import UNDETERMINED, days_of
from peer_ledger.evaluation._parts import Part, Parts, Taken, TooManyCombinations, agree, together
from peer_ledger.evaluation._plans import Plan, Plans, Window
from peer_ledger.evaluation._quick import NOT_ASKED, documents_part, documents_plan, hours_part, hours_plan
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.evaluation._shared_lives import Badness, State, held_in
from peer_ledger.reports import DateName, Dates, Day, Outcome
from peer_ledger.rules import Documents, Edition, Requirement
from peer_ledger.values._cached import cached_property

MOST_JOINED = 10_000
"""How many joins of different parts are remembered."""

Options = tuple[tuple[Taken, tuple[bool, int]], ...]
"""Whether a requirement is one of hours, and how bad it is, under the readings that it depends on."""

NEVER: Final = Part([((), NOT_ASKED)])
"""The verdict on a requirement that is asked under no reading."""


class Join:
    """
    Joins the headline of one answer.

    Args:
        scenarios: The answers for one person and day.
    """

    def __init__(self, scenarios: Scenarios) -> None:
        self._scenarios, self._history, self._position = scenarios, scenarios.history, scenarios.position
        self._known = scenarios.position.known
        position = self._position
        self._parts = Parts(scenarios.questions, position.base, position.weighing)
        self._decided: dict[Window, list[Part]] = {}
        self._windows: dict[Window, Part | None] = {}
        self._earnings: dict[tuple[Any, ...], Part] = {}
        # The parts are kept, so that no other part gets the same id.
        self._options: dict[int, Options] = {}
        self._joined: dict[int, frozenset[tuple[int, int]]] = {}

    @cached_property
    def leaves(self) -> list[Leaf] | None:
        """
        The answer under all readings that move the certificate.

        It is `None` where some part has too many combinations, or where what a filing lacks decides whether a later one
        is looked at.
        """
        states, lives = self._scenarios.lives
        if not states.complete or any(life.later for life in lives):
            return None
        try:
            return [self.leaf(state, life) for state, life in zip(states.all, lives, strict=True)]
        except TooManyCombinations:
            return None

    def leaf(self, state: State, life: Life) -> Leaf:
        """
        Return the answer under the readings taken for a state of the certificate, for one filing.

        Raises:
            TooManyCombinations: Some part has too many combinations of readings.
        """
        on, notice_days = self._history.on, self._known.rules.notice_days
        return Leaf(state, life, self._earning(state, life), self._parts_of(state, life), on, notice_days)

    def headline(self) -> Headline | None:
        """Return the headline; `None` where some part has too many combinations."""
        if self.leaves is None:
            return None
        possible = tuple([self.states_of(leaf) for leaf in self.leaves])
        on, notice_days = self._history.on, self._known.rules.notice_days
        components = self._scenarios.lives[0].components_of(possible, on, notice_days)
        return Headline(
            **steps_of(self._scenarios.assumed_life),
            components=components,
            dates=Dates(**self.dates(), **self._earning_dates(self.leaves)),
            hours_short=None if components["hours"] == UNDETERMINED else self._hours_short(self.leaves),
        )

    def possible(self) -> tuple[frozenset[Badness], ...] | None:
        """Return how bad hours and documents can be in each state; `None` where some part has too many combinations."""
        return None if self.leaves is None else tuple([self.states_of(leaf) for leaf in self.leaves])

    def dates(self) -> dict[DateName, Day]:
        """Return the dates that follow from the states of the certificate."""
        states, lives = self._scenarios.lives
        if states.dates is None:
            seen = [(days_of(life), life.lapsed_on) for life in lives]
            names = tuple(seen[0][0])
            states.dates = decided_dates(self._scenarios.assumed_life.grant, seen, complete=True, names=names)
        return states.dates

    def _earning_dates(self, leaves: list[Leaf]) -> dict[DateName, Day]:
        """Return the dates between which training counts."""
        seen: list[tuple[Mapping[DateName, date | None], date | None]] = [
            ({"earning_begins": first, "earning_ends": last}, leaf.life.lapsed_on)
            for leaf in leaves
            for _, (first, last) in leaf.earning.found
        ]
        return decided_dates(None, seen, complete=True, names=("earning_begins", "earning_ends"))

    def _hours_short(self, leaves: Iterable[Leaf]) -> Fraction:
        """Return the hours that are missing under the assumed readings."""
        base, short = self._position.base, Fraction(0)
        leaf = next(leaf for leaf in leaves if agree(leaf.taken.items(), base))
        for part in leaf.of_step:
            verdict = next(verdict for taken, verdict in part.found if agree(taken, base))
            if isinstance(verdict, QuickHours | HoursCheck) and verdict.result == "short":
                short += verdict.short
        return short

    def points(self, state: State, life: Life) -> Part:
        """Return the first and the last day on which training counts as relative dates, under all open readings."""
        if state.points is None:
            earning = life.edition.earning if life.edition else None
            state.points = self._position.interval(earning, life.deciding, state.taken)
        return state.points

    def _earning(self, state: State, life: Life) -> Part:
        """Return the days on which training counts, under all open readings."""
        points = self.points(state, life)
        seen = life.step, life.filing is None, life.as_of, life.lapsed_on, life.timely_until, life.late_until
        found = self._earnings.get(key := (id(points), id(life.grants), *seen))
        if found is None:
            days = [(taken, earning_days(life, *between)) for taken, between in points.found]
            self._earnings[key] = found = Part(days)
        return found

    def _parts_of(self, state: State, life: Life) -> list[Part]:
        """Return the verdict on each requirement, under all open readings."""
        if self._history.is_ruled_on:
            return [self._credit_by_credit(state, life, place) for place in self._places(life)]
        plans = self.plans(state, life)
        # The plans and the grants are kept, so that no others get the same ids.
        key = id(plans), id(life.grants), life.as_of, life.lapsed_on
        found = self._decided.get(key)
        if found is None:
            parts = [self._shared_part(plan, life) for plan in plans]
            found = [part for part in parts if part is not None]
            if len(found) < len(parts):
                # Some depend on the readings taken for the certificate, too, so other states do not share them.
                return [part or self._own_part(state, life, place) for place, part in enumerate(parts)]
            self._decided[key] = found
        return found

    def plans(self, state: State, life: Life) -> Plans:
        """Return how each requirement stands for everybody in a state, or how it is decided."""
        if state.plans is None:
            state.plans = self._plans(state, life)
        return state.plans

    def _plans(self, state: State, life: Life) -> Plans:
        if life.edition is None or life.standing == UNDETERMINED:
            return ()
        position, key = self._position, self._routine(state, life, life.edition)
        found = position.routines.get(key)
        if found is None:
            if len(position.routines) >= MOST_JOINED:
                position.routines.clear()
            found = position.plans(tuple([self._plan(state, life, place) for place in self._places(life)]))
            position.routines[key] = found
        return found

    def _routine(self, state: State, life: Life, edition: Edition) -> tuple[object, ...]:
        """Return all that the plans for an edition follow from."""
        held = held_in(self._history) if edition.id in self._known.by_person else ()
        return edition.id, self._position.era(life.deciding), life.is_late, held, tuple(state.taken.items())

    def _shared_part(self, plan: Part | Plan | None, life: Life) -> Part | None:
        """Return the verdict on a requirement from sums that all readings share; `None` where these do not give it."""
        if plan is None or isinstance(plan, Part):
            return plan
        key = id(plan), id(life.grants), life.as_of, life.lapsed_on
        if key not in self._windows:
            if plan.bare is not None:
                self._windows[key] = hours_part(self._position, plan, life, self._scenarios.sums)
            else:
                self._windows[key] = documents_part(self._position, plan, life, self._history)
        return self._windows[key]

    def _own_part(self, state: State, life: Life, place: int) -> Part:
        """Return the verdict on a requirement, worked out for this person reading by reading if it is asked."""
        return self._never(self._asked(life, place, state.taken)) or self._credit_by_credit(state, life, place)

    def _credit_by_credit(self, state: State, life: Life, place: int) -> Part:
        """Return the verdict on a requirement, worked out for each combination of the readings that it depends on."""
        find = partial(self._scenarios.finders.verdict, life, place)
        return self._parts.part((life.seen, place), state.taken, find, work=self._scenarios.work)

    def _plan(self, state: State, life: Life, place: int) -> Part | Plan | None:
        """Return how a requirement stands for everybody, or how it is decided; `None` where nobody shares that."""
        assert life.edition is not None, "a requirement is that of an edition"
        requirement = life.edition.requirements[place]
        if (life.edition.id, place) not in self._known.by_designation:
            return None
        asked = self._asked(life, place, state.taken)
        if never := self._never(asked):
            return never
        if (life.edition.id, place) not in self._known.general:
            return None
        if isinstance(requirement, Documents):
            return documents_plan(self._position, requirement, life, begun=state.taken, asked=asked)
        programs = self._known.programs.get((life.edition.id, place))
        if programs is None or not programs.are_general:
            return None
        context = partial(self._scenarios.finders.context_of, life)
        return hours_plan(self._position, programs, life, begun=state.taken, context=context)

    @staticmethod
    def _never(asked: Part) -> Part | None:
        """Return the verdict on a requirement that is not asked under any reading; `None` for one that is."""
        if any(is_asked for _, is_asked in asked.found):
            return None
        return NEVER

    def _asked(self, life: Life, place: int, begun: Mapping[str, str]) -> Part:
        """Return whether a requirement is asked, under all open readings."""
        assert life.edition is not None, "a requirement is that of an edition"
        find = partial(self._is_asked, life, life.edition.requirements[place])
        if (life.edition.id, place) in self._known.general and not self._history.is_ruled_on:
            key = (life.edition.id, place, self._position.era(life.deciding), life.is_late)
            return self._position.shared.part(key, begun, lambda: find)
        return self._parts.part((life.seen, place, "asked"), begun, lambda: find)

    def _is_asked(self, life: Life, requirement: Requirement, full: Mapping[str, str]) -> tuple[tuple[str, ...], bool]:
        context = self._scenarios.finders.context_of(life, full)
        is_asked = context.is_asked(requirement)
        return context.readings.asked, is_asked

    def _places(self, life: Life) -> Iterable[int]:
        """Return the places of the requirements in the edition; none while the standing is open and decides alone."""
        if life.edition is None or life.standing == UNDETERMINED:
            return ()
        return range(len(life.edition.requirements))

    def states_of(self, leaf: Leaf) -> frozenset[tuple[int, int]]:
        """Return how bad the hours and the documents can be together, for parts that may have been joined before."""
        parts = leaf.parts
        if id(parts) in self._joined:
            return self._joined[id(parts)]
        joined = self._position.joined
        options = tuple([self.options_of(part) for part in leaf.of_step])
        found = joined.get(options)
        if found is None:
            if len(joined) >= MOST_JOINED:
                joined.clear()
            found = joined[options] = self._states(options)
        self._joined[id(parts)] = found
        return found

    def options_of(self, part: Part) -> Options:
        """Return of a part whether it is one of hours, and how bad it is, under all open readings."""
        found = self._options.get(id(part))
        if found is None:
            found = self._options[id(part)] = tuple([(taken, state_of(verdict)) for taken, verdict in part.found])
        return found

    @staticmethod
    def _states(parts: Sequence[Options]) -> frozenset[Badness]:
        """Return how bad the hours and the documents can be together, under any combination of readings."""

        def worse(sofar: Badness, state: tuple[bool, int]) -> Badness:
            hours, documents = sofar
            is_hours, badness = state
            return (max(hours, badness), documents) if is_hours else (hours, max(documents, badness))

        return together(parts, (0, 0), worse)

    def designations(self) -> dict[str, frozenset[Outcome]] | None:
        """
        Return the outcomes that each designation can have under some readings; `None` where the leaves are not known.

        A designation for which nothing is asked under any reading is left out.
        """
        if self.leaves is None:
            return None
        each = [leaf.designated() for leaf in self.leaves]
        names = {name for found in each for name, outcomes in found.items() if outcomes != NOTHING}
        return {name: frozenset().union(*(found.get(name, NOTHING) for found in each)) for name in names}
