"""
What is summed and counted of a person: laid out once for everybody whose certificate is in like states.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple, TypeAlias

import attrs

from peer_ledger.evaluation._finders import filed_last
from peer_ledger.evaluation._headline import WHY, source_of_due
from peer_ledger.evaluation._hours_program import HoursProgram
from peer_ledger.evaluation._join import Join
from peer_ledger.evaluation._life import Grant, Life
from peer_ledger.evaluation._parts import Part, TooManyCombinations, agree
from peer_ledger.evaluation._plans import Plan
from peer_ledger.evaluation._position import Position
from peer_ledger.evaluation._shared_lives import Badness, State, States
from peer_ledger.evaluation._windows import Filed, Windows
from peer_ledger.reports import DateName, Day, Step
from peer_ledger.rules import Documents, RelativeDate

Pattern: TypeAlias = tuple[object, ...]
"""How the sums and counts of a person come out."""

UNKNOWN: Final = object()
"""Stands for what was not looked for yet."""

NO_PLACE: Final = -1
"""The place of a day that does not exist."""


class Stretch(NamedTuple):
    """
    Days that count for something.

    Attributes:
        begins: The first day; `None` for the beginning of the calendar.
        ends: The last day; `None` for the day of filing.
        filed: Which day of filing and which lapse they are found for, as a place in `Tests.filed`.
    """

    begins: RelativeDate | None
    ends: RelativeDate | None
    filed: int


class Count(NamedTuple):
    """
    Documents that are counted.

    Attributes:
        kind: The kind of documents.
        need: How many are surely needed.
        is_stated: Whether a count does not say whether they are enough: it matters what they state, or no source states
            how many are needed.
        from_different: Whether they must be by different writers.
        step: The step that they are given for.
        stretch: The days within which they count, as a place in `Layout.stretches`.
    """

    kind: str
    need: int
    is_stated: bool
    from_different: bool
    step: Step | None
    stretch: int

    @classmethod
    def of(cls, requirement: Documents, step: Step | None, stretch: int) -> "Count":
        """Return what is counted for a requirement; those of two editions may be the same."""
        return cls(
            kind=requirement.document_kind,
            need=requirement.fewest,
            is_stated=not requirement.is_decided_by_number,
            from_different=requirement.from_different,
            step=step,
            stretch=stretch,
        )


Assumed: TypeAlias = tuple[int, HoursProgram, HoursProgram]
"""The place of the days that count for a requirement, and what is asked of somebody with and without training there."""


class Layout:
    """
    What is summed and counted of a person, in states whose requirements are decided by the same plans.

    Args:
        position: The rule set, and what the caller says about its questions.
        states: The states, each with the place in `Tests.filed` of what its days are counted from.

    Attributes:
        stretches: The days that count for something.
        lanes: The programs that one sum decides.
        sections: These, by the days that count for them.
        others: Of each of these days, the programs that take more than a sum.
        summed: The places of the days for which there is any program.
        counts: The documents that are counted.
        assumed: The requirements of hours under the assumed readings.
        places: The place of each program in the lanes.
        patterns: How bad hours and documents can be in each state, by pattern.
        together: How filings come out together, by pattern and what else that follows from.
    """

    def __init__(self, position: Position, states: Sequence[tuple[State, int]]) -> None:
        places: dict[Stretch, int] = {}
        programs: list[dict[HoursProgram, None]] = []
        counts: dict[Count, None] = {}
        for state, filed in states:
            for plan in _plans(state.plans):
                for _, (begins, ends) in plan.days.found:
                    place = places.setdefault(Stretch(begins, ends, filed), len(places))
                    if place == len(programs):
                        programs.append({})
                    if isinstance(plan.requirement, Documents):
                        counts[Count.of(plan.requirement, state.life.step, place)] = None
                    else:
                        programs[place].update(dict.fromkeys(_programs_of(plan)))
        self.stretches, self.counts = list(places), list(counts)
        by_sum = dict.fromkeys(program for some in programs for program in some if program.gauge is not None)
        self.lanes = position.known.lanes(tuple(by_sum))
        self.places = {program: place for place, program in enumerate(by_sum)}
        self.sections = [self.lanes.section([self.places[one] for one in some if one in by_sum]) for some in programs]
        self.others = [tuple([one for one in some if one not in by_sum]) for some in programs]
        self.summed = [place for place, some in enumerate(programs) if some]
        self._base, self._stretches = position.base, places
        state, filed = next(numbered for numbered in states if agree(numbered[0].taken.items(), position.base))
        self.assumed = self.assumed_in(state, filed)
        self.patterns: dict[Pattern, tuple[frozenset[Badness], ...]] = {}
        self.together: dict[Hashable, Any] = {}

    def assumed_in(self, state: State, filed: int) -> list[Assumed]:
        """
        Return the requirements of hours under the assumed readings, in a state of the certificate.

        Args:
            state: The state.
            filed: The place of what its days are counted from.
        """
        plans, base, found = state.plans or (), self._base, list[Assumed]()
        for plan in _plans([plans[place] for place in state.of_step] if plans else ()):
            if plan.bare is not None:
                asked, bare = under_base(base, plan.asked), under_base(base, plan.bare)
                if asked.is_asked or bare.is_asked:
                    begins, ends = under_base(base, plan.days)
                    found.append((self._stretches[Stretch(begins, ends, filed)], asked, bare))
        return found


def _plans(plans: Iterable[Part | Plan | None] | None) -> Iterator[Plan]:
    return (plan for plan in plans or () if isinstance(plan, Plan))


def _programs_of(plan: Plan) -> Iterator[HoursProgram]:
    """Yield what a requirement of hours asks under some reading."""
    for part in (plan.asked, plan.bare):
        yield from (program for _, program in (part.found if part else ()) if program.is_asked)


def under_base(base: Mapping[str, str], part: Part) -> Any:
    """Return a part under the assumed readings."""
    return next(value for taken, value in part.found if agree(taken, base))


@attrs.define(eq=False)
class Tests:
    """
    What decides the headline of everybody in the same states.

    Attributes:
        layout: What is summed and counted.
        filed: What days are counted from, apart from the grant.
        earning: The relative dates between which training counts, in each state under each reading, and the place of
            what they are counted from.
        windows: The days of each stretch of the layout, and then those between which training counts.
        shared: What of them is the same for everybody.
        dates: The dates of the answer apart from those of training.
        step: The next step.
        edition: The edition of the rules for it; `None` without a step.
    """

    layout: Layout
    filed: tuple[Filed, ...]
    earning: list[tuple[RelativeDate | None, RelativeDate | None, int]]
    windows: Windows
    shared: list[date | None]
    dates: Mapping[DateName, Day]
    step: Step | None
    edition: str | None


class Draft:
    """
    What decides the headline, for all due dates whose days lie alike.

    Args:
        states: The states of the certificate for the first of these due dates.
        tests: What decides the headline there.
        days: The days there.

    Attributes:
        states: The same states: what is compared with days comes out alike for all of the due dates.
        first: What decides the headline for the first of them.
        place_of: The place of each day among the days of a due date; `None`, for no day, has `NO_PLACE`.
        filed: The places of what days are counted from, apart from the grant.
        earning: What `Tests.earning` holds, with the places of these days.
        variants: What decides the answers under single readings; `None` where sums and counts do not.
        mattering: Which open questions matter, by pattern.
    """

    variants: Any
    mattering: dict[Any, frozenset[str] | None]

    def __init__(self, states: States, tests: Tests, days: Sequence[date | None]) -> None:
        self.states, self.first, self.variants, self.mattering = states, tests, UNKNOWN, {}
        place_of: dict[date | None, int] = {day: place for place, day in enumerate(days)}
        place_of[None] = NO_PLACE
        self.place_of: Mapping[date | None, int] = place_of
        self.filed = [(place_of[as_of], place_of[lapsed_on]) for as_of, lapsed_on in tests.filed]
        self.earning = [(begins, ends, *self.filed[number]) for begins, ends, number in tests.earning]
        self._dates = [
            (name, day.day is not None, [place_of[candidate] for candidate in day.candidates])
            for name, day in tests.dates.items()
        ]

    def tests(self, days: Sequence[date | None], grant: Grant | None) -> Tests:
        """
        Return what decides the headline for another due date.

        Args:
            days: The days of that due date.
            grant: The last grant; `None` without one.
        """
        first, at = self.first, list[Any]((*days, None))
        filed = tuple([Filed(at[as_of], at[lapsed_on]) for as_of, lapsed_on in self.filed])
        source = source_of_due(grant)
        dates: dict[DateName, Day] = {}
        for name, is_decided, places in self._dates:
            candidates = tuple([at[place] for place in places])
            dates[name] = Day(day=candidates[0] if is_decided else None, candidates=candidates, why=WHY[name] or source)
        return Tests(
            layout=first.layout,
            filed=filed,
            earning=first.earning,
            windows=first.windows,
            shared=first.windows.shared(grant, filed),
            dates=dates,
            step=first.step,
            edition=first.edition,
        )


def tests_in(position: Position, states: States, lives: Sequence[Life], join: Join) -> Tests | None:
    """
    Return what decides the headline of everybody in the same states.

    Args:
        position: The rule set, and what the caller says about its questions.
        states: The states.
        lives: The same states with the grants of one person.
        join: Joins the headline of that person.

    Returns:
        What decides it; `None` where sums and counts do not.
    """
    try:
        found = [join.plans(state, life) for state, life in zip(states.all, lives, strict=True)]
        earning = [join.points(state, life) for state, life in zip(states.all, lives, strict=True)]
    except TooManyCombinations:
        return None
    programs = [program for plans in found for plan in _plans(plans) if plan.bare for program in _programs_of(plan)]
    if any(None in plans for plans in found) or not all(program.is_simple for program in programs):
        return None
    each = [Filed(life.as_of, life.lapsed_on) for life in lives]
    filed = tuple(dict.fromkeys(each))
    numbered = [(state, filed.index(one)) for state, one in zip(states.all, each, strict=True)]
    assumed = states.assumed(position.base).life
    key = tuple([(id(state.plans), state.life.step, number, state.life is assumed) for state, number in numbered])
    layout = position.layouts.get(key)
    if layout is None:
        layout = position.layouts[key] = Layout(position, numbered)
    until = [Filed(filed_last(life), life.lapsed_on) for life in lives]
    filed = tuple(dict.fromkeys((*filed, *until)))
    points = [(*each, filed.index(one)) for one, part in zip(until, earning, strict=True) for _, each in part.found]
    different = list(dict.fromkeys(points))
    windows = Windows([*layout.stretches, *different])
    return Tests(
        layout=layout,
        filed=filed,
        earning=different,
        windows=windows,
        shared=windows.shared(lives[0].grant, filed),
        dates=join.dates(),
        step=assumed.step,
        edition=assumed.edition.id if assumed.edition is not None else None,
    )
