"""
The headline of an answer, joined from its parts without looking at every combination of readings.

Each life of the certificate, each requirement and each date depends on a few questions of its own. So each is worked
out under the readings of those alone; only questions that two parts share are kept while the parts are joined.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import partial
from math import prod
from typing import Final

from peer_ledger.evaluation._headline import Headline, decided_components, decided_dates, headline_of_all
from peer_ledger.evaluation._hours import HoursCheck
from peer_ledger.evaluation._hours_program import QuickHours
from peer_ledger.evaluation._life import Life
from peer_ledger.evaluation._outcome import UNDETERMINED, outcome_of, status_of
from peer_ledger.evaluation._parts import Part, Parts, Taken
from peer_ledger.evaluation._quick import hours_part
from peer_ledger.evaluation._requirements import Verdict
from peer_ledger.evaluation._scenarios import Scenarios, days_of, earning_days
from peer_ledger.reports import Components, Result

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
        position = self._position
        self._parts = Parts(scenarios.questions, position.base, position.weighing)
        self._joined: dict[tuple[int, ...], set[tuple[int, int]]] = {}

    def headline(self) -> Headline | None:
        """Return the headline; `None` where there are too many combinations for it to be the same as looking at all."""
        lives, complete = self._scenarios.lives()
        if not complete:
            return None
        found: list[Components] = []
        seen: list[tuple[Mapping[str, date | None], date | None]] = []
        combinations = 0
        for taken, (life, force) in lives:
            earning, parts = self._parts_of(life, taken)
            days = days_of(life)
            seen += [
                ({**days, "earning_begins": first, "earning_ends": last}, life.lapsed_on)
                for _, (first, last) in earning.found
            ]
            combinations += prod([len(part.found) for part in parts]) * len(earning.found)
            if self._scenarios.are_too_many(combinations):
                return None
            for hours, documents in self._states_of(parts):
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
        short = Fraction(0)
        for place in self._places(life):
            verdict = self._scenarios.verdict(life, place)(self._position.base)[1]
            if isinstance(verdict, QuickHours | HoursCheck) and verdict.result == "short":
                short += verdict.short
        return short

    def _parts_of(self, life: Life, begun: Mapping[str, str]) -> tuple[Part, list[Part]]:
        """Return the days on which training counts and the verdict on each requirement, under all open readings."""
        ends = (life.seen, life.late_until, life.filing is None)
        earning = self._parts.kept(ends, begun, lambda: self._earning(life, begun))
        return earning, [
            self._parts.kept((life.seen, place), begun, partial(self._requirement, life, place, begun))
            for place in self._places(life)
        ]

    def _earning(self, life: Life, begun: Mapping[str, str]) -> Part:
        """Return the days on which training counts."""
        intervals = self._position.interval(life.edition.earning if life.edition else None, life.deciding, begun)
        found = [(taken, earning_days(life, *points)) for taken, points in intervals.found]
        return intervals._replace(found=found)

    def _requirement(self, life: Life, place: int, begun: Mapping[str, str]) -> Part:
        """Return the verdict on a requirement: from sums that all readings share, or else reading by reading."""
        assert life.edition is not None, "a requirement is that of an edition"
        programs = self._known.programs.get((life.edition.id, place))
        if programs is not None and programs.are_general and not self._history.rulings:
            training, context = self._history.training(self._known.kinds), partial(self._scenarios.context_of, life)
            part = hours_part(self._position, programs, life, training, begun=begun, context=context)
            if part is not None:
                return part
        return self._parts.spread(begun, self._scenarios.verdict(life, place))

    def _places(self, life: Life) -> Iterable[int]:
        """Return the places of the requirements in the edition; none while the standing is open and decides alone."""
        if life.edition is None or life.standing == UNDETERMINED:
            return ()
        return range(len(life.edition.requirements))

    def _states_of(self, parts: list[Part]) -> set[tuple[int, int]]:
        """Return how bad the hours and the documents can be together, for parts that may have been joined before."""
        key = tuple(map(id, parts))  # the parts are kept, so that no other part gets the same id
        found = self._joined.get(key)
        if found is None:
            found = self._joined[key] = self._states([part.found for part in parts])
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
