"""
The headline of an answer, joined from its parts without looking at every combination of readings.

Each life of the certificate, each requirement and each date depends on a few questions of its own. So each is worked
out under the readings of those alone; only questions that two parts share are kept while the parts are joined.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from math import prod
from typing import Any, Final

from peer_ledger.evaluation._headline import Headline, decided_components, decided_dates, headline_of_all
from peer_ledger.evaluation._hours import HoursCheck
from peer_ledger.evaluation._hours_program import QuickVerdict
from peer_ledger.evaluation._life import Life
from peer_ledger.evaluation._outcome import UNDETERMINED, outcome_of, status_of
from peer_ledger.evaluation._requirements import Verdict
from peer_ledger.evaluation._scenarios import Find, Scenarios, days_of
from peer_ledger.evaluation._training import Sums
from peer_ledger.reports import Components, Result
from peer_ledger.rules import UNRECORDED_TRAINING

Taken = tuple[tuple[str, str], ...]
"""Questions, each with the reading taken."""

BADNESS: Final[Mapping[Result, int]] = {"short": 2, "undetermined": 1}
"""How much a result weighs; the worst of all requirements decides."""

RESULTS: Final[tuple[Result, ...]] = ("met", "undetermined", "short")


def headline_of(scenarios: Scenarios) -> Headline:
    """Return the headline of an answer."""
    return Join(scenarios).headline() or headline_of_all(scenarios)


class Join:
    """
    Joins the headline of one answer.

    Args:
        scenarios: The answers for one person and day.
    """

    def __init__(self, scenarios: Scenarios) -> None:
        self._scenarios, self._history, self._position = scenarios, scenarios.history, scenarios.position
        self._known = scenarios.position.known

    def headline(self) -> Headline | None:
        """Return the headline; `None` where there are too many combinations for it to be the same as looking at all."""
        lives, complete = self._scenarios.lives()
        if not complete:
            return None
        found: list[Components] = []
        seen: list[tuple[Mapping[str, date | None], date | None]] = []
        combinations = 0
        for taken, (life, force) in lives:
            earning = self._spread(taken, self._scenarios.earning_days(life))
            days = days_of(life)
            seen += [
                ({**days, "earning_begins": first, "earning_ends": last}, life.lapsed_on)
                for _, (first, last) in earning
            ]
            parts = [self._spread(taken, find) for find in self._requirements(life)]
            combinations += prod(map(len, parts)) * len(earning)
            if self._scenarios.are_too_many(combinations):
                return None
            for hours, documents in self._states(parts):
                outcome = outcome_of(life, [RESULTS[max(hours, documents)]])
                found.append(
                    {
                        "standing": life.standing,
                        "in_force": force,
                        "outcome": outcome,
                        "hours": outcome_of(life, [RESULTS[hours]]),
                        "documents": outcome_of(life, [RESULTS[documents]]),
                        "status": status_of(life, outcome, self._history.on, self._known.rules.notice_days),
                    }
                )
        assumed = self._scenarios.assumed_life
        components = decided_components(found, complete=True)
        return Headline(
            life=assumed,
            components=components,
            dates=decided_dates(assumed, seen, complete=True),
            hours_short=None if components["hours"] == UNDETERMINED else self._hours_short(assumed),
        )

    def _hours_short(self, life: Life) -> Fraction:
        verdicts = [find(self._position.base)[1] for find in self._requirements(life)]
        short = (
            verdict.short
            for verdict in verdicts
            if isinstance(verdict, QuickVerdict | HoursCheck) and verdict.result == "short"
        )
        return sum(short, Fraction(0))

    def _requirements(self, life: Life) -> Iterator[Find[Any]]:
        """Yield what finds the verdict on each requirement of the edition."""
        if life.edition is None or life.standing == UNDETERMINED:
            return
        for place, _ in enumerate(life.edition.requirements):
            programs = self._known.programs.get((life.edition.id, place))
            is_quick = programs is not None and programs.are_general and not self._history.rulings
            yield _QuickHours(self, self._scenarios, life, place) if is_quick else self._scenarios.verdict(life, place)

    def summed(self, first: date | None, last: date | None, as_of: date) -> Sums:
        """Return how much training of each kind there is within the days that count, until the day of filing."""
        training = self._history.training(self._known.kinds)
        return training.between(first, as_of if last is None or as_of < last else last)

    def _spread(self, begun: Mapping[str, str], find: Find[Any]) -> list[tuple[Taken, Any]]:
        """Return a part of the answer under every combination of the open readings that it depends on."""
        weighing, questions = self._position.weighing, self._scenarios.questions
        base = {**self._position.base, **begun}
        found: list[tuple[Taken, Any]] = []
        waiting: list[Taken] = [()]
        while waiting:
            taken = waiting.pop()
            full = {**base, **dict(taken)} if taken else base
            asked, value = find(full)
            fixed = dict(taken)
            for question in asked:
                if question in weighing and question not in begun and question not in fixed:
                    waiting += [(*taken, (question, reading.id)) for reading in questions[question].readings]
                    break
            else:
                found.append((taken, value))
        return found

    @staticmethod
    def _states(parts: list[list[tuple[Taken, Verdict]]]) -> set[tuple[int, int]]:
        """Return how bad the hours and the documents can be together, under any combination of readings."""
        times: dict[str, int] = {}
        for part in parts:
            for question in {question for taken, _ in part for question, _ in taken}:
                times[question] = times.get(question, 0) + 1
        states: dict[tuple[frozenset[tuple[str, str]], int, int], None] = {(frozenset(), 0, 0): None}
        for part in parts:
            # Of what this part took, only the questions that another part asks, too, have to be kept.
            options = {
                (
                    frozenset([pair for pair in taken if times[pair[0]] > 1]),
                    verdict.subject == "hours",
                    BADNESS.get(verdict.result, 0),
                )
                for taken, verdict in part
            }
            joined: dict[tuple[frozenset[tuple[str, str]], int, int], None] = {}
            for kept, hours, documents in states:
                for taken, is_hours, badness in options:
                    both = kept | taken
                    if len(dict(both)) < len(both):
                        continue  # the two take different readings of one question
                    state = (max(hours, badness), documents) if is_hours else (hours, max(documents, badness))
                    joined[(both, *state)] = None
            states = joined
        return {(hours, documents) for _, hours, documents in states}


class _QuickHours:
    """Finds the verdict on an hours requirement from sums of training, or else as for any other requirement."""

    def __init__(self, join: Join, scenarios: Scenarios, life: Life, place: int) -> None:
        self._join, self._scenarios, self._life = join, scenarios, life
        assert life.edition is not None, "a requirement is that of an edition"
        self._programs = scenarios.position.known.programs[life.edition.id, place]
        self._earning = self._programs.hours.earning or life.edition.earning
        self._training = scenarios.history.training(scenarios.position.known.kinds)
        self._otherwise = scenarios.verdict(life, place)

    def __call__(self, full: Mapping[str, str]) -> tuple[tuple[str, ...], Any]:
        asked, program = self._scenarios.program(self._life, self._programs, full)
        if not program.is_asked:
            return asked, _NOT_ASKED
        if not program.is_simple or (program.counts_once and self._training.has_repeats):
            return self._otherwise(full)
        also, (first, last) = self._scenarios.days(self._life, self._earning, full)
        sums = self._join.summed(first, last, self._life.as_of)
        if sums.amounts is None:
            return self._otherwise(full)
        verdicts = program.verdicts(sums)
        met, unmet = verdicts["counts"], verdicts["does-not"]
        if met is unmet:
            return asked + also, met
        return (*asked, *also, UNRECORDED_TRAINING.id), met if full[UNRECORDED_TRAINING.id] == "counts" else unmet


_NOT_ASKED = QuickVerdict("not asked", 0, 1)
