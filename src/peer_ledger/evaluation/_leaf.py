"""
An answer under some readings of the questions that move the certificate, whose parts are still to be joined.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from peer_ledger.evaluation._life import Life
from peer_ledger.evaluation._outcome import days_of, outcome_of
from peer_ledger.evaluation._parts import Part, Taken, together
from peer_ledger.evaluation._requirements import Verdict
from peer_ledger.evaluation._shared_lives import RESULTS, State
from peer_ledger.reports import Components, DateName, Outcome, Result
from peer_ledger.rules import Requirement

BADNESS: Final[Mapping[Result, int]] = {"short": 2, "undetermined": 1}
"""How much a result weighs; the worst of all requirements decides."""

NOTHING: Final[frozenset[Outcome]] = frozenset({"not applicable"})
"""The outcome of a designation for which nothing is asked."""


class Leaf(NamedTuple):
    """
    An answer under some readings of the questions that move the certificate.

    Attributes:
        state: What everybody shares who is in the same state.
        life: The state of the certificate.
        earning: The days on which training counts.
        parts: The verdict on each requirement.
        on: The day asked about.
        notice_days: How many days before the due date a renewal that is short is due soon.
    """

    state: State
    life: Life
    earning: Part
    parts: list[Part]
    on: date
    notice_days: int

    @property
    def taken(self) -> dict[str, str]:
        """The readings taken, by question."""
        return self.state.taken

    def components(self, hours: int, documents: int) -> Components:
        """Return the components, given how bad the hours and the documents are."""
        return self.state.components_of((hours, documents), self.on, self.notice_days)

    def days(self, earning: tuple[date | None, date | None]) -> dict[DateName, date | None]:
        """Return the dates by name, given the first and the last day on which training counts."""
        return {**days_of(self.life), "earning_begins": earning[0], "earning_ends": earning[1]}

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """The requirements that the parts are about."""
        return self.life.edition.requirements if self.life.edition is not None and self.parts else ()

    @property
    def of_step(self) -> list[Part]:
        """The parts that the step depends on: those that are not asked for a designation."""
        return [self.parts[place] for place in self.state.of_step] if self.parts else []

    def states(self) -> list[list[tuple[Taken, tuple[bool | str, int]]]]:
        """
        Return of each requirement how bad it is, under all open readings.

        With that comes whether it is one of hours or, of one that is asked for a designation, the designation.
        """
        return [
            [(taken, _state_for(requirement.designation, verdict)) for taken, verdict in part.found]
            for requirement, part in zip(self.requirements, self.parts, strict=True)
        ]

    def said(
        self, earning: tuple[date | None, date | None], states: Iterable[tuple[bool | str, int]]
    ) -> tuple[Any, ...]:
        """Return all that a reader sees of the answer, for comparison."""
        hours = documents = 0
        kept: dict[str, int] = {}
        for what, badness in states:
            if isinstance(what, str):
                kept[what] = max(kept.get(what, -1), badness)
            else:
                hours, documents = (max(hours, badness), documents) if what else (hours, max(documents, badness))
        told = sorted((name, badness) for name, badness in kept.items() if badness >= 0)
        return (*self.components(hours, documents).values(), *told, *self.days(earning).values())

    def designated(self) -> dict[str, frozenset[Outcome]]:
        """Return the outcomes that each designation can have under some readings, given this state."""
        parts: dict[str, list[list[tuple[Taken, int]]]] = {}
        for requirement, found in zip(self.requirements, self.states(), strict=True):
            if requirement.designation is not None:
                parts.setdefault(requirement.designation, []).append([(taken, bad) for taken, (_, bad) in found])
        return {name: frozenset(map(self._outcome, together(some, -1, max))) for name, some in parts.items()}

    def _outcome(self, badness: int) -> Outcome:
        """Return the outcome of a designation; the badness of what is not asked is -1."""
        return "not applicable" if badness < 0 else outcome_of(self.life, [RESULTS[badness]])


def _state_for(designation: str | None, verdict: Verdict) -> tuple[bool | str, int]:
    """Return what a verdict is about, and how bad it is; what is not asked for a designation is not the same as met."""
    if designation is None:
        return state_of(verdict)
    return designation, -1 if verdict.result == "not asked" else BADNESS.get(verdict.result, 0)


def state_of(verdict: Verdict) -> tuple[bool, int]:
    """Return whether a verdict is on hours, and how bad it is."""
    return verdict.subject == "hours", BADNESS.get(verdict.result, 0)
