"""
The headline from a pattern: how a few sums of training and counts of documents come out.

Everybody whose certificate is in the same states is judged by the same programs, within days that are found in the same
way.  So what has to be summed and counted is laid out once.  How it comes out for a person is a short pattern, and few
patterns occur: the parts of an answer are joined for the first person of each, and found again for all others.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import attrs

from peer_ledger.evaluation._days import days_between
from peer_ledger.evaluation._finders import filed_last
from peer_ledger.evaluation._headline import Headline, decided_dates
from peer_ledger.evaluation._hours_program import HoursProgram, Verdicts
from peer_ledger.evaluation._join import Join
from peer_ledger.evaluation._life import Grant
from peer_ledger.evaluation._outcome import UNDETERMINED
from peer_ledger.evaluation._paid_for import may_be_paid_for_another
from peer_ledger.evaluation._parts import Part, TooManyCombinations, agree
from peer_ledger.evaluation._plans import Plan
from peer_ledger.evaluation._position import Position
from peer_ledger.evaluation._quick import count_of
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.evaluation._shared_lives import Badness, State, States
from peer_ledger.reports import DateName, Dates, Day, Step
from peer_ledger.rules import UNRECORDED_TRAINING, Documents, RelativeDate

Pattern: TypeAlias = tuple[object, ...]
"""How the sums and counts of a person come out."""

Days: TypeAlias = tuple[date | None, date | None]
"""A first and a last day; `None` where there is none."""

MOST_PATTERNS = 10_000
"""How many patterns of one layout are remembered."""


class Filed(NamedTuple):
    """
    What relative dates are counted from, apart from the grant.

    Attributes:
        as_of: The day of filing.
        lapsed_on: The last day of filing late of a certificate that lapsed; otherwise `None`.
    """

    as_of: date
    lapsed_on: date | None


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
        requirement: The requirement that they are counted for.
        step: The step that they are given for.
        stretch: The days within which they count, as a place in `Layout.stretches`.
    """

    requirement: Documents
    step: Step | None
    stretch: int


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
        counts: The documents that are counted.
        assumed: The requirements of hours under the assumed readings: the place of the days that count, and what is
            asked of somebody with and without training there.
        places: The place of each program in the lanes.
        patterns: How bad hours and documents can be in each state, by pattern.
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
                        counts[Count(plan.requirement, state.life.step, place)] = None
                    else:
                        programs[place].update(dict.fromkeys(_programs_of(plan)))
        self.stretches, self.counts = list(places), list(counts)
        by_sum = dict.fromkeys(program for some in programs for program in some if program.gauge is not None)
        self.lanes = position.known.lanes(tuple(by_sum))
        self.places = {program: place for place, program in enumerate(by_sum)}
        self.sections = [self.lanes.section([self.places[one] for one in some if one in by_sum]) for some in programs]
        self.others = [tuple([one for one in some if one not in by_sum]) for some in programs]
        self.assumed: list[tuple[int, HoursProgram, HoursProgram]] = []
        state, filed = next(numbered for numbered in states if agree(numbered[0].taken.items(), position.base))
        for plan in _plans([(state.plans or ())[place] for place in state.of_step] if state.plans else ()):
            if plan.bare is not None:
                begins, ends = _under(position.base, plan.days)
                place = places[Stretch(begins, ends, filed)]
                self.assumed.append((place, _under(position.base, plan.asked), _under(position.base, plan.bare)))
        self.patterns: dict[Pattern, tuple[frozenset[Badness], ...]] = {}


def _plans(plans: Iterable[Part | Plan | None] | None) -> Iterator[Plan]:
    return (plan for plan in plans or () if isinstance(plan, Plan))


def _programs_of(plan: Plan) -> Iterator[HoursProgram]:
    """Yield what a requirement of hours asks under some reading."""
    for part in (plan.asked, plan.bare):
        yield from (program for _, program in (part.found if part else ()) if program.is_asked)


def _under(base: Mapping[str, str], part: Part) -> Any:
    """Return a part under the assumed readings."""
    return next(value for taken, value in part.found if agree(taken, base))


@attrs.define(eq=False)
class Tests:
    """
    What decides the headline of everybody in the same states.

    Attributes:
        layout: What is summed and counted.
        filed: What its days are counted from, apart from the grant.
        days: Of each of its stretches the days, as far as they are the same for everybody; otherwise `None`.
        earning: The relative dates between which training counts, in each state under each reading, and what they are
            counted from.
        dates: The dates of the answer apart from those of training.
        step: The next step.
        edition: The edition of the rules for it; `None` without a step.
    """

    layout: Layout
    filed: tuple[Filed, ...]
    days: list[Days | None]
    earning: list[tuple[RelativeDate | None, RelativeDate | None, Filed]]
    dates: Mapping[DateName, Day]
    step: Step | None
    edition: str | None


def headline_by_pattern(scenarios: Scenarios, join: Callable[[], Join]) -> Headline | None:
    """
    Return the headline of an answer, found again if its parts were joined for somebody else.

    Args:
        scenarios: The answers for one person and day.
        join: Returns what joins the parts.

    Returns:
        The headline; `None` where sums and counts do not decide it.
    """
    found = tests_of(scenarios, join)
    return None if found is None else _Person(scenarios, *found).headline(join)


def tests_of(scenarios: Scenarios, join: Callable[[], Join]) -> tuple[States, Tests, Grant | None] | None:
    """
    Return what decides the headline of everybody in the same states, with the states and the person's last grant.

    Args:
        scenarios: The answers for one person and day.
        join: Returns what joins the parts.

    Returns:
        The states, the tests and the grant, if there is one; `None` where sums and counts do not decide the headline.
    """
    if scenarios.shared is None:
        return None
    states, grants = scenarios.shared
    if not states.has_tests:
        states.tests, states.has_tests = _tests(scenarios, join(), states), True
    return None if states.tests is None else (states, states.tests, grants[-1] if grants else None)


def _tests(scenarios: Scenarios, join: Join, states: States) -> Tests | None:
    """Return what decides the headline of everybody in the same states; `None` where sums and counts do not."""
    position, lives = scenarios.position, scenarios.lives[1]
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
    dates = {
        (*points, Filed(filed_last(life), life.lapsed_on)): None
        for life, part in zip(lives, earning, strict=True)
        for _, points in part.found
    }
    return Tests(
        layout=layout,
        filed=filed,
        days=[
            None
            if _is_own(stretch.begins) or _is_own(stretch.ends)
            else days_between(stretch.begins, stretch.ends, lives[0].grant, *filed[stretch.filed])
            for stretch in layout.stretches
        ],
        earning=list(dates),
        dates=join.dates(),
        step=assumed.step,
        edition=assumed.edition.id if assumed.edition is not None else None,
    )


def _is_own(point: RelativeDate | None) -> bool:
    """Return whether a relative date is counted from a day that people in the same states need not share."""
    return point is not None and (point.of in ("award", "last-grant", "cycle-start") or _is_own(point.otherwise))


class _Person:
    """How the sums and counts of one person come out."""

    def __init__(self, scenarios: Scenarios, states: States, tests: Tests, grant: Grant | None) -> None:
        self._position, self._history = scenarios.position, scenarios.history
        self._states, self._tests, self._grant = states, tests, grant
        self._training = self._history.training(self._position.known.kinds)
        self._supplies: list[tuple[bool, int]] = []
        self._verdicts: dict[tuple[int, HoursProgram], Verdicts] = {}

    def headline(self, join: Callable[[], Join]) -> Headline | None:
        """Return the headline; `None` where sums and counts do not decide it."""
        pattern = self._pattern()
        if pattern is None:
            return None
        patterns = self._tests.layout.patterns
        possible = patterns.get(pattern)
        if possible is None:
            possible = join().possible()
            if possible is None:
                return None
            if len(patterns) >= MOST_PATTERNS:
                patterns.clear()
            patterns[pattern] = possible
        on, notice_days = self._history.on, self._position.known.rules.notice_days
        components = self._states.components_of(possible, on, notice_days)
        return Headline(
            step=self._tests.step,
            filed_on=None,
            edition=self._tests.edition,
            components=components,
            dates=Dates(**{**self._tests.dates, **self._earning()}),
            hours_short=None if components["hours"] == UNDETERMINED else self._short(),
        )

    def _pattern(self) -> Pattern | None:
        """Return how the sums and counts come out; `None` where sums do not say it."""
        tests, layout, training = self._tests, self._tests.layout, self._training
        sums = training.lanes(layout.lanes)
        if sums is None:
            return None
        found: list[object] = []
        windows: list[Days] = []
        rows = zip(layout.stretches, tests.days, layout.sections, layout.others, strict=True)
        for place, ((begins, ends, number), days, section, others) in enumerate(rows):
            filed = tests.filed[number]
            first, last = days or days_between(begins, ends, self._grant, *filed)
            windows.append((first, last))
            begin, end = training.places(first, last, filed.as_of)
            supply = sums[end] - sums[begin]
            self._supplies.append((begin == end, supply))
            found += (begin == end, section.verdicts(supply))
            for program in others:
                verdicts = program.verdicts_of(training.between(first, last, filed.as_of))
                if verdicts is None:
                    return None
                self._verdicts[place, program] = verdicts
                found.append(verdicts[0].result if verdicts[0] is verdicts[1] else "open")
        for count in layout.counts:
            counted = self._counted(count, *windows[count.stretch])
            if counted is None:
                return None
            found.append(counted)
        return tuple(found)

    def _counted(self, count: Count, first: date | None, last: date | None) -> int | None:
        """Return whether enough documents are on file, as a number; `None` where a count does not say it."""
        history, requirement, stretch = self._history, count.requirement, self._tests.layout.stretches[count.stretch]
        kind, as_of = requirement.document_kind, self._tests.filed[stretch.filed].as_of
        documents = [document for document in history.documents if document.kind == kind]
        most = 0
        if documents:
            states = requirement.at_least is not None or requirement.at_most is not None
            if states or may_be_paid_for_another(kind, history, self._position.rulesets):
                return None
            least, most = count_of(documents, requirement, count.step, (first, last), as_of)
            if least >= requirement.need:
                return 0
        is_covered = history.covers("document", first, as_of, document_kind=kind)
        return 1 + is_covered + 2 * (most >= requirement.need)

    def _earning(self) -> dict[DateName, Day]:
        """Return the dates between which training counts."""
        seen: list[tuple[Mapping[DateName, date | None], date | None]] = []
        for begins, ends, filed in self._tests.earning:
            first, last = days_between(begins, ends, self._grant, *filed)
            seen.append(({"earning_begins": first, "earning_ends": last}, filed.lapsed_on))
        return decided_dates(self._grant, seen, complete=True, names=("earning_begins", "earning_ends"))

    def _short(self) -> Fraction:
        """Return the hours that are missing under the assumed readings."""
        layout, short = self._tests.layout, Fraction(0)
        counts = self._position.base[UNRECORDED_TRAINING.id] == "counts"
        for place, asked, bare in layout.assumed:
            is_empty, supply = self._supplies[place]
            program = bare if is_empty else asked
            if not program.is_asked:
                continue
            if program in layout.places:
                verdict, units = layout.lanes.stands(layout.places[program], supply)
                if verdict == "short" or (verdict == "open" and not counts):
                    short += Fraction(units, program.grain)
            else:
                met, unmet = self._verdicts[place, program]
                taken = met if counts else unmet
                short += taken.short if taken.result == "short" else 0
        return short
