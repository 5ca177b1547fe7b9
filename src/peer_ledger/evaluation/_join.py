"""
The headline of an answer, joined from its parts without looking at every combination of readings.

Each life of the certificate, each requirement and each date depends on a few questions of its own. So each is worked
out under the readings of those alone; only questions that two parts share are kept while the parts are joined.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property, partial
from math import prod
from typing import Any, Final, NamedTuple

from peer_ledger.evaluation._headline import Headline, decided_components, decided_dates
from peer_ledger.evaluation._hours import HoursCheck
from peer_ledger.evaluation._hours_program import QuickHours
from peer_ledger.evaluation._life import Life
from peer_ledger.evaluation._outcome import UNDETERMINED, outcome_of, status_of
from peer_ledger.evaluation._parts import Part, Parts, Taken
from peer_ledger.evaluation._quick import NOT_ASKED, documents_part, hours_part
from peer_ledger.evaluation._requirements import Verdict
from peer_ledger.evaluation._scenarios import Scenarios, days_of, earning_days
from peer_ledger.reports import Components, InForce, Result
from peer_ledger.rules import Documents, Requirement

BADNESS: Final[Mapping[Result, int]] = {"short": 2, "undetermined": 1}
"""How much a result weighs; the worst of all requirements decides."""

RESULTS: Final[tuple[Result, ...]] = ("met", "undetermined", "short")


class Leaf(NamedTuple):
    """
    An answer under some readings of the questions that move the certificate.

    Attributes:
        taken: These readings, by question.
        life: The state of the certificate.
        force: Whether it is in force.
        earning: The days on which training counts.
        parts: The verdict on each requirement.
        on: The day asked about.
        notice_days: How many days before the due date a renewal that is short is due soon.
    """

    taken: dict[str, str]
    life: Life
    force: InForce
    earning: Part
    parts: list[Part]
    on: date
    notice_days: int

    def components(self, hours: int, documents: int) -> Components:
        """Return the components, given how bad the hours and the documents are."""
        outcome = outcome_of(self.life, [RESULTS[max(hours, documents)]])
        return {
            "standing": self.life.standing,
            "in_force": self.force,
            "outcome": outcome,
            "hours": outcome_of(self.life, [RESULTS[hours]]),
            "documents": outcome_of(self.life, [RESULTS[documents]]),
            "status": status_of(self.life, outcome, self.on, self.notice_days),
        }

    def days(self, earning: tuple[date | None, date | None]) -> dict[str, date | None]:
        """Return the dates by name, given the first and the last day on which training counts."""
        return {**days_of(self.life), "earning_begins": earning[0], "earning_ends": earning[1]}

    def states(self) -> list[list[tuple[Taken, tuple[bool, int]]]]:
        """Return of each requirement whether it is one of hours, and how bad it is, under all open readings."""
        return [[(taken, state_of(verdict)) for taken, verdict in part.found] for part in self.parts]

    def said(self, earning: tuple[date | None, date | None], states: Iterable[tuple[bool, int]]) -> tuple[Any, ...]:
        """Return all that a reader sees of the answer, for comparison."""
        hours = documents = 0
        for is_hours, badness in states:
            hours, documents = (max(hours, badness), documents) if is_hours else (hours, max(documents, badness))
        return (*self.components(hours, documents).values(), *self.days(earning).values())


def state_of(verdict: Verdict) -> tuple[bool, int]:
    """Return whether a verdict is on hours, and how bad it is."""
    return verdict.subject == "hours", BADNESS.get(verdict.result, 0)


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

    @cached_property
    def leaves(self) -> list[Leaf] | None:
        """
        The answer under all readings that move the certificate; `None` where combinations are too many.

        Then the answer is not the same as the one found by looking at all combinations.
        """
        lives, complete = self._scenarios.lives()
        if not complete:
            return None
        found: list[Leaf] = []
        combinations, notice_days = 0, self._known.rules.notice_days
        for taken, (life, force) in lives:
            earning, parts = self._parts_of(life, taken)
            combinations += prod([len(part.found) for part in parts]) * len(earning.found)
            if self._scenarios.are_too_many(combinations):
                return None
            found.append(Leaf(taken, life, force, earning, parts, self._history.on, notice_days))
        return found

    def headline(self) -> Headline | None:
        """Return the headline; `None` where there are too many combinations for it to be the same as looking at all."""
        if self.leaves is None:
            return None
        found: list[Components] = []
        seen: list[tuple[Mapping[str, date | None], date | None]] = []
        for leaf in self.leaves:
            seen += [(leaf.days(earning), leaf.life.lapsed_on) for _, earning in leaf.earning.found]
            found += [leaf.components(hours, documents) for hours, documents in self._states_of(leaf.parts)]
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
        asked, requirement, part = self._asked(life, place, begun), life.edition.requirements[place], None
        if not any(is_asked for _, is_asked in asked.found):
            return asked._replace(found=[(taken, NOT_ASKED) for taken, _ in asked.found])
        if not self._history.rulings:
            if isinstance(requirement, Documents):
                part = documents_part(self._position, requirement, life, self._history, begun=begun, asked=asked)
            programs = self._known.programs.get((life.edition.id, place))
            if programs is not None and programs.are_general:
                training, context = self._history.training(self._known.kinds), partial(self._scenarios.context_of, life)
                part = hours_part(self._position, programs, life, training, begun=begun, context=context)
        return part or self._parts.spread(begun, self._scenarios.verdict(life, place))

    def _asked(self, life: Life, place: int, begun: Mapping[str, str]) -> Part:
        """Return whether a requirement is asked, under all open readings."""
        assert life.edition is not None, "a requirement is that of an edition"
        find = partial(self._is_asked, life, life.edition.requirements[place])
        if (life.edition.id, place) in self._known.general and not self._history.rulings:
            key = (life.edition.id, place, self._position.era(life.deciding), life.is_late)
            return self._position.shared.part(key, begun, lambda: find)
        return self._parts.spread(begun, find)

    def _is_asked(self, life: Life, requirement: Requirement, full: Mapping[str, str]) -> tuple[tuple[str, ...], bool]:
        context = self._scenarios.context_of(life, full)
        is_asked = context.is_asked(requirement)
        return context.readings.asked, is_asked

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
                (frozenset([pair for pair in taken if times[pair[0]] > 1]), *state_of(verdict))
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
