"""
What counts of trainings of which some may be one, from sums: without looking at any of the others.

Which of them are one is found out once for all requirements that see the same of them. So a reading, a world in which
records are wrong or a way of joining trainings takes away from one sum what does not count there.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import product
from math import prod
from typing import Final, NamedTuple

from peer_ledger.evaluation._alike import Alike, alike_in
from peer_ledger.evaluation._classes import Classes
from peer_ledger.evaluation._decided import Rank, decided_under
from peer_ledger.evaluation._eligibility import Days
from peer_ledger.evaluation._event import Event
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._hours_program import HoursProgram, Verdicts
from peer_ledger.evaluation._sums import Sums
from peer_ledger.evaluation._training import Credits, TrainingByDay, TrainingKinds
from peer_ledger.values._cached import cached_property

MOST_REPEATED: Final = 64
"""Of how many trainings that may be one with others sums tell what counts."""

MOST_CHOICES: Final = 16
"""How many choices of which training counts of those that are one are looked at."""

Window = tuple[date | None, date | None, date]
"""The first and the last day that count, and the day of filing."""


class Found(NamedTuple):
    """
    How an hours requirement stands, with the questions about what is the same that it depended on.
    """

    asked: tuple[str, ...]
    verdicts: Verdicts


class TrainingSums:
    """
    The sums of one person's training, under the readings of what is the same.

    Args:
        history: The records.
        kinds: The kinds of training.

    Attributes:
        training: The training by day.
    """

    def __init__(self, history: History, kinds: TrainingKinds) -> None:
        self._history, self._kinds = history, kinds
        self._seen: dict[HoursProgram, dict[str, int]] = {}
        self._judged: dict[tuple[HoursProgram, Window], _Judged | None] = {}

    @cached_property
    def training(self) -> TrainingByDay:
        return self._history.training(self._kinds)

    def verdicts(self, program: HoursProgram, window: Window, readings: Mapping[str, str]) -> Found | None:
        """
        Return how an hours requirement stands under some readings; `None` where sums do not say it.

        Args:
            program: What it asks.
            window: The days that count.
            readings: The reading of every question.
        """
        if self.training.is_unclear:
            return None
        sums = self.training.between(*window)
        verdicts = program.verdicts_of(sums)
        if verdicts is not None:
            return Found((), verdicts)
        first, last, as_of = window  # what comes after the day of filing does not count, whatever the last day
        key = program, (first, as_of if last is None else min(last, as_of), as_of)
        if key not in self._judged:
            self._judged[key] = self._judge(*key, sums)
        judged = self._judged[key]
        return None if judged is None else judged.under(readings)

    def is_short(self, program: HoursProgram, window: Window) -> bool:
        """Return whether an hours requirement is short even if all trainings are different ones, and right."""
        sums = self.training.between(*window)
        return sums.amounts is not None and program.verdicts_for(sums.amounts)[0].result == "short"

    @cached_property
    def _events(self) -> list[tuple[Event, Credits]]:
        """The trainings of which some may be one, each with its credits; none where there are too many."""
        events = [event for event in self._history.repeated if event.why_not is None]
        return [(event, self._kinds.of(event)) for event in events] if len(events) <= MOST_REPEATED else []

    def _judge(self, program: HoursProgram, window: Window, sums: Sums) -> "_Judged | None":
        if not program.is_simple or sums.amounts is None or not self._events:
            return None
        days = Days(*window)
        counted = [
            (event, credits_)
            for event, credits_ in self._events
            if days.why_outside(event) is None and any(program.fit(kind) is not None for kind, _ in credits_)
        ]
        return _Judged(program, sums.amounts, counted, self._alike_of(program, [event for event, _ in counted]))

    def _alike_of(self, program: HoursProgram, counted: Sequence[Event]) -> Alike:
        """Return which trainings are one, which is the same for all requirements that see the same of them."""
        events = [event for event, _ in self._events]
        return alike_in(self._history, events, counted, self._seen_by(program), once=program.counts_once)

    def _seen_by(self, program: HoursProgram) -> dict[str, int]:
        """Return numbers by the ids of the records: records of which a requirement sees the same have the same."""
        found = self._seen.get(program)
        if found is None:
            numbers: dict[Hashable, int] = {}
            found = self._seen[program] = {}
            for event, credits_ in self._events:
                what = tuple([(program.fit(kind), kind in self._kinds.vague, units) for kind, units in credits_])
                found[event.record.id] = numbers.setdefault(what, len(numbers))
        return found


class _TooManyChoices(Exception):
    """
    Trainings that are one may count in more ways than are looked at.
    """


class _Judged:
    """
    A requirement within some days.

    Args:
        program: What it asks.
        amounts: The units of each kind of training within these days.
        counted: The trainings among these that may count and may be one, each with its credits.
        alike: Which of them are one.
    """

    def __init__(
        self,
        program: HoursProgram,
        amounts: Mapping[int, int],
        counted: Sequence[tuple[Event, Credits]],
        alike: Alike,
    ) -> None:
        self._program, self._counted, self._alike = program, counted, alike
        self._others = dict(amounts)
        for _, credits_ in counted:
            _add(self._others, credits_, -1)
        self._found: dict[tuple[str, ...], Found | None] = {}
        self._seen: dict[int, tuple[Classes, Verdicts]] = {}

    def under(self, readings: Mapping[str, str]) -> Found | None:
        """Return how it stands under the reading of every question; `None` where sums do not say it."""
        key = tuple([readings[question] for question in self._alike.questions])
        if key not in self._found:
            self._found[key] = self._under(readings)
        return self._found[key]

    def _under(self, readings: Mapping[str, str]) -> Found | None:
        asked: dict[str, None] = {}

        def take(question: str) -> str:
            asked[question] = None
            return readings[question]

        try:
            verdicts, is_exact = decided_under(take, self._alike, self._verdicts, _rank)
        except _TooManyChoices:
            return None
        return Found(tuple(asked), verdicts) if is_exact else None

    def _verdicts(self, classes: Classes) -> Verdicts:
        """Return how it stands where some trainings are one."""
        found = self._seen.get(id(classes))
        if found is None:
            # The classes are kept, so that no others get the same id.
            found = self._seen[id(classes)] = classes, self._found_verdicts(classes)
        return found[1]

    def _found_verdicts(self, classes: Classes) -> Verdicts:
        amounts = dict(self._others)
        choices: dict[str, dict[Credits, None]] = {}
        for event, credits_ in self._counted:
            if event.record.id in classes.wrong:
                continue
            if classes.is_alone(event):
                _add(amounts, credits_, 1)
            else:
                choices.setdefault(classes.first_of(event).record.id, {})[credits_] = None
        if prod(map(len, choices.values())) > MOST_CHOICES:
            raise _TooManyChoices
        return _best([self._chosen(amounts, chosen) for chosen in product(*choices.values())])

    def _chosen(self, amounts: Mapping[int, int], chosen: Iterable[Credits]) -> Verdicts:
        found = dict(amounts)
        for credits_ in chosen:
            _add(found, credits_, 1)
        return self._program.verdicts_for(found)


def _add(amounts: dict[int, int], credits_: Credits, times: int) -> None:
    """Add the credits of a training to the units of each kind, or take them away."""
    for kind, units in credits_:
        amounts[kind] = amounts.get(kind, 0) + times * units


def _best(each: Sequence[Verdicts]) -> Verdicts:
    """Return the verdicts where of trainings that are one the best counts, given those for each choice."""
    if len(each) == 1:
        return each[0]
    surely = next((verdicts for verdicts in each if verdicts[1].result == "met"), None)
    if surely is not None:
        return surely
    unmet = min((unmet for _, unmet in each), key=lambda one: one.short)
    perhaps = next((met for met, _ in each if met.result != "short"), unmet)
    if perhaps.result == "undetermined":
        unmet = perhaps = unmet.but("undetermined")
    return perhaps, unmet


def _rank(verdicts: Verdicts) -> Rank:
    """Return how well a requirement stands."""
    met, unmet = verdicts
    if unmet.result == "met":
        return 2, Fraction(0)
    return int(met.result != "short"), -unmet.short
