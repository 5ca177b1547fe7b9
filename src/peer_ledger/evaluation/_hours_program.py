"""
What an hours requirement asks under some readings, compiled once for everybody of whom it asks the same.

A program holds no day and no training: which kinds of training fit what, and a plan of allocation. A person's verdict
is then found from the sums of each kind within the days that count.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial

import attrs

from peer_ledger import allocation
from peer_ledger.allocation._cut import Gauge
from peer_ledger.allocation._terms import MOST
from peer_ledger.evaluation._asked_hours import AskedHours, Fit
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._decision_tree import DecisionTree
from peer_ledger.evaluation._eras import breaks, named_in
from peer_ledger.evaluation._event import Event, as_fraction
from peer_ledger.evaluation._general import are_general
from peer_ledger.evaluation._known_fits import FitsByKind
from peer_ledger.evaluation._sums import Sums
from peer_ledger.evaluation._training import PLENTY, TrainingKinds
from peer_ledger.reports import Result, Subject
from peer_ledger.rules import (
    UNRECORDED_TRAINING,
    ByQuestion,
    Hours,
    Part,
    Question,
    Readings,
    RuleSet,
    TrainingFilter,
    Unstated,
)
from peer_ledger.values._cached import cached_property

Places = tuple[frozenset[str], frozenset[str]]
"""What an amount serves, and the limits that apply to it."""


class QuickHours:
    """
    How an hours requirement stands, found without looking at single credits.

    Args:
        name: The id of the requirement.
        result: How it stands.
        short: Returns the units that are missing.
        grain: How many units an hour has.

    Attributes:
        id: The id of the requirement.
        subject: What it is about, hours.
        result: How it stands.
    """

    __slots__ = ("_grain", "_short", "id", "result")
    subject: Subject = "hours"

    def __init__(self, name: str, result: Result, short: Callable[[], allocation.Units], grain: int) -> None:
        self.id, self.result, self._short, self._grain = name, result, short, grain

    @property
    def short(self) -> Fraction:
        """The hours that are missing."""
        return as_fraction(self._short(), self._grain)

    def but(self, result: Result) -> "QuickHours":
        """Return the same with another result."""
        return QuickHours(self.id, result, self._short, self._grain)


def as_read(verdicts: "Verdicts", readings: Mapping[str, str]) -> QuickHours:
    """Return how a requirement stands under the reading taken of training of which the records do not say enough."""
    met, unmet = verdicts
    return met if readings[UNRECORDED_TRAINING.id] == "counts" else unmet


Verdicts = tuple[QuickHours, QuickHours]
"""The verdict if training counts of which the records do not say enough, and the verdict if it does not."""


class HoursProgram:
    """
    What an hours requirement asks under some readings.

    Args:
        context: The records and readings; of the records nothing is kept, so nothing may depend on them.
        hours: The requirement.
        kinds: The kinds of training.

    Attributes:
        is_asked: Whether it is asked at all.
        is_simple: Whether a verdict can be found from sums alone.
        counts_once: Whether of trainings of one course one counts.
        grain: How many units an hour has.
        depth: How many of the questions that it depends on decide what is asked; the others decide what counts, which
            is nothing to a person without training.
    """

    def __init__(self, context: Context, hours: Hours, kinds: TrainingKinds) -> None:
        self._kinds, self.grain = kinds, kinds.grain
        self._places: dict[int, tuple[Places, Places] | None] = {}
        self._lanes: dict[int, int] = {}
        self._fits: dict[int, Fit | None] = {}
        self.is_asked = context.is_asked(hours)
        self.is_simple = self.counts_once = False
        self.depth = len(context.readings.asked)
        if self.is_asked:
            self._asked = AskedHours(context, hours)
            self.depth = len(context.readings.asked)
            _note_filters(hours, self._asked, context.readings)
            stated = [need for need in self._asked.needs.values() if not isinstance(need, Unstated)]
            is_simple = len(stated) == len(self._asked.needs) and sum(stated) < PLENTY
            self.is_simple = is_simple and self._asked.divisible and self._asked.repeats != "once-ever"
            self.counts_once = self._asked.repeats == "once"

    @cached_property
    def _hardest(self) -> allocation.Plan:
        """The plan with nothing allowed under caps of which no source states the figure."""
        return self._plan(0)

    @cached_property
    def _easiest(self) -> allocation.Plan:
        """The plan with everything allowed under such caps."""
        return self._plan(MOST) if self._asked.unstated else self._hardest

    def _plan(self, unstated: int) -> allocation.Plan:
        grain, figures = self._kinds.grain, dict.fromkeys(self._asked.unstated, unstated)
        return allocation.compile_plan(self._asked.demand(grain, figures), limits=self._asked.allowed(grain, figures))

    def verdicts_of(self, sums: Sums) -> Verdicts | None:
        """
        Return the verdicts for the training within the days that count; `None` where sums do not give them.

        Args:
            sums: The amounts of each kind.
        """
        if not self.is_simple or sums.amounts is None:
            return None
        least = sums.least if self.counts_once else sums.least_each
        if least is None:
            return self._remembered(sums)
        # What is met even if all trainings that look alike are one is met.
        met, unmet = found = self._remembered(least)
        return found if met is unmet and met.result == "met" else None

    def _remembered(self, sums: Sums) -> Verdicts:
        found: Verdicts | None = sums.verdicts.get(self)
        if found is None:
            found = sums.verdicts[self] = self.verdicts_for(sums.amounts or {})
        return found

    @cached_property
    def gauge(self) -> Gauge | None:
        """What tells from one sum how it stands; `None` where that takes more."""
        return self._hardest.gauge() if self.is_simple else None

    def verdicts_for(self, amounts: Mapping[int, int]) -> Verdicts:
        """Return the verdicts for the units of each kind, of a program that sums decide."""
        return self._allocated(amounts) if self.gauge is None else self._gauged(self.gauge, amounts)

    def _gauged(self, gauge: Gauge, amounts: Mapping[int, int]) -> Verdicts:
        """Return the verdicts from one sum, with unknown details against the training below, and in its favor above."""
        supply, lanes = 0, self._lanes
        for kind, amount in amounts.items():
            supply += amount * (lanes[kind] if kind in lanes else self.lanes_of(kind))
        return self.verdicts_of_supply(gauge, supply)

    def verdicts_of_supply(self, gauge: Gauge, supply: int) -> Verdicts:
        """Return the verdicts from such a sum."""
        below = supply & ((1 << gauge.width) - 1)
        short, grain, name = partial(gauge.shortfall, below), self._kinds.grain, self._asked.hours.id
        if not gauge.start - below & gauge.short:
            met = QuickHours(name, "met", _nothing, grain)
            return met, met
        unmet = QuickHours(name, "short", short, grain)
        if gauge.start - (supply >> gauge.width) & gauge.short:
            return unmet, unmet
        return QuickHours(name, "met", short, grain), unmet

    def lanes_of(self, kind: int) -> int:
        """Return the lanes of a kind with unknown details against it and, above them, in its favor."""
        placed, gauge, found = self._placed(kind), self.gauge, 0
        if placed is not None and gauge is not None:
            (surely, _), (perhaps, _) = placed
            found = gauge.lanes(surely) | gauge.lanes(perhaps) << gauge.width
        self._lanes[kind] = found
        return found

    def _allocated(self, amounts: Mapping[int, int]) -> Verdicts:
        """Return the verdicts from two allocations."""
        certain, favorable = dict[Places, int](), dict[Places, int]()
        for kind, amount in amounts.items():
            places = self._places[kind] if kind in self._places else self._placed(kind)
            if places is not None:
                surely, perhaps = places
                certain[surely] = certain.get(surely, 0) + amount
                favorable[perhaps] = favorable.get(perhaps, 0) + amount
        missing, grain, name = _short(self._hardest, certain), self._kinds.grain, self._asked.hours.id
        if not missing:
            met = QuickHours(name, "met", _nothing, grain)
            return met, met

        def short() -> allocation.Units:
            # An unstated cap is not 0: what is missing is what is missing whatever it allows.
            return _short(self._easiest, certain)

        unmet = QuickHours(name, "short", short, grain)
        is_open = certain != favorable or self._easiest is not self._hardest
        if not is_open or _short(self._easiest, favorable):
            return unmet, unmet
        if self._asked.unstated:
            undetermined = QuickHours(name, "undetermined", short, grain)
            return undetermined, undetermined
        return QuickHours(name, "met", short, grain), unmet

    def fit(self, kind: int) -> Fit | None:
        """Return what a kind fits; `None` if it does not count."""
        if kind not in self._fits:
            self._fits[kind] = self._asked.fit(*self._kinds.examples[kind], _is_never_outside)
        return self._fits[kind]

    def asked_of(self, context: Context, filters: Sequence[str]) -> AskedHours:
        """
        Return what is asked of one person, with all that is known of the kinds of training.

        Args:
            context: The records and readings.
            filters: The questions that decide what counts.
        """
        fits = FitsByKind(self.fit, self._kinds, partial(context.readings.note, filters))
        return self._asked.known(context.readings, fits)

    def _placed(self, kind: int) -> tuple[Places, Places] | None:
        """Return where a kind may sit with unknown details against it and in its favor; `None` if it does not count."""
        fit, found = self.fit(kind), None
        if fit is not None:
            surely = frozenset[str]() if kind in self._kinds.vague else fit.fits
            found = (surely, fit.caps), (fit.might_fit, fit.sure_caps)
        self._places[kind] = found
        return found


class HoursPrograms:
    """
    The programs of one hours requirement, by readings.

    Args:
        hours: The requirement.
        questions: The questions of the rule set.
        kinds: The kinds of training.

    Attributes:
        hours: The requirement.
        are_general: Whether what it asks depends on nothing but readings, the deciding date and whether a filing is
            late, unless a ruling changes it for one person.
    """

    def __init__(self, hours: Hours, questions: Iterable[Question], kinds: TrainingKinds) -> None:
        self.hours, self._questions, self._kinds = hours, tuple(questions), kinds
        self.are_general = are_general(hours)
        self._trees: dict[tuple[int, bool], DecisionTree[HoursProgram]] = {}

    @cached_property
    def _breaks(self) -> list[date]:
        """The days between which the same questions arise and the same is asked."""
        return sorted({*breaks([self.hours, *named_in(self.hours, self._questions)])})

    def era(self, deciding: date, *, is_late: bool) -> tuple[int, bool]:
        """Return what programs depend on apart from readings: a stretch of deciding dates, and whether it is late."""
        return bisect_right(self._breaks, deciding), is_late

    def under(
        self, deciding: date, *, is_late: bool, context: Callable[[Mapping[str, str]], Context]
    ) -> Callable[[Mapping[str, str]], tuple[tuple[str, ...], HoursProgram]]:
        """
        Return what finds the program under the reading of every question, with the questions that it depended on.

        Args:
            deciding: The deciding date.
            is_late: Whether the filing is late.
            context: Returns a context with these and some readings, for a program that was not compiled yet.
        """
        key = self.era(deciding, is_late=is_late)
        tree = self._trees.get(key)
        if tree is None:
            tree = self._trees[key] = DecisionTree()
        return partial(self._program, tree, context)

    def asked_of(self, context: Context) -> AskedHours | None:
        """Return what is asked in a context, if that depends on nothing but readings; otherwise `None`."""
        life, readings = context.life, context.readings
        if not self.are_general or context.history.is_ruled_on or readings.deciding != life.deciding:
            return None
        find = self.under(life.deciding, is_late=life.is_late, context=partial(_with_readings, context))
        questions, program = find(readings.taken)
        if not program.is_asked:
            return None
        readings.note(questions[: program.depth])
        return program.asked_of(context, questions[program.depth :])

    def _program(
        self,
        tree: DecisionTree[HoursProgram],
        context: Callable[[Mapping[str, str]], Context],
        readings: Mapping[str, str],
    ) -> tuple[tuple[str, ...], HoursProgram]:
        found = tree.find(readings)
        if found is None:
            under = context(readings)
            program = HoursProgram(under, self.hours, self._kinds)
            found = under.readings.asked, program
            tree.keep(readings, *found)
        return found


def programs_of(
    ruleset: RuleSet, questions: Iterable[Question], kinds: TrainingKinds
) -> dict[tuple[str, int], HoursPrograms]:
    """Return the programs of each hours requirement of a rule set, by its edition and its place in it."""
    return {
        (edition.id, place): HoursPrograms(requirement, questions, kinds)
        for procedure in ruleset.procedures
        for edition in procedure.editions
        for place, requirement in enumerate(edition.requirements)
        if isinstance(requirement, Hours)
    }


def _with_readings(context: Context, _: Mapping[str, str]) -> Context:
    """Return the same context, with an empty record of questions."""
    return attrs.evolve(context, readings=context.readings.at(context.readings.deciding))


def _note_filters(hours: Hours, asked: AskedHours, readings: Readings) -> None:
    """
    Ask for everything that the filters of a requirement depend on, so that it is noted whatever the training.

    What approvals by bodies that the rule set does not know count for is left out: it arises with such training alone,
    which is checked credit by credit.
    """
    for cap in hours.caps:
        if cap.id in asked.limits:
            _note(cap.counts, readings)
    _note(hours.counts, readings)
    for part in asked.below(hours):
        _note(part.counts, readings)


def _note(wanted: TrainingFilter | ByQuestion | None, readings: Readings) -> None:
    training: TrainingFilter | None = readings.of(wanted)
    if training is not None:
        readings.of(training.not_topics)
        for inner in training.any_of:
            _note(inner, readings)


def _short(plan: allocation.Plan, amounts: dict[Places, int]) -> allocation.Units:
    return plan.shortfall_of([allocation.Amount(amount, *places) for places, amount in amounts.items() if places[0]])


def _nothing() -> allocation.Units:
    return 0


def _is_never_outside(_part: Part, _event: Event) -> bool:
    return False
