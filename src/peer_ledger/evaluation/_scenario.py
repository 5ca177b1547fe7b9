"""
The answer for one person and day under one reading of every question.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Protocol, TypeVar

import attrs

from peer_ledger.evaluation._hours import HoursCheck
from peer_ledger.evaluation._hours_program import QuickHours
from peer_ledger.evaluation._life import Life
from peer_ledger.evaluation._one_world import Settled
from peer_ledger.evaluation._outcome import UNDETERMINED, outcome_of, status_of
from peer_ledger.evaluation._requirements import Verdict
from peer_ledger.evaluation._shared_lives import due_of
from peer_ledger.reports import COMPONENTS, DESIGNATION, Components, DateName, InForce, Outcome, Result
from peer_ledger.values._cached import cached_property


class OfOneFiling(Protocol):
    """
    The answer that looks at one filing.
    """

    @property
    def components(self) -> Components:
        """Its components, by name."""


Judged = TypeVar("Judged", bound=OfOneFiling)


class Answer(Protocol):
    """
    What is seen of an answer under one reading of every question.
    """

    @property
    def components(self) -> Components:
        """Its components, by name."""

    @property
    def designations(self) -> Mapping[str, Outcome]:
        """The outcome of what is asked for each designation, by name; one for which nothing is asked is left out."""

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """Its components, its designations and all dates that exist, by name."""

    @property
    def short(self) -> tuple[tuple[str, Fraction], ...]:
        """The id and the missing hours of each requirement of hours that is short."""


@attrs.frozen(kw_only=True, slots=False)
class Scenario:
    """
    The answer under one reading of every question.

    Attributes:
        life: The state of the certificate.
        readings: The reading taken of every question.
        verdicts: The results of the requirements.
        asked: The questions that the answer depended on.
        on: The questions that its parts depended on, given the life: each requirement, and last the days on which
            training counts.
        skipped: How many pending filings it passed over, because they lack something.
        components: Its components, by name.
        days: Its dates, by name; `None` for a date that does not exist.
        settled: Which trainings are one, where the filing that is judged depends on it; otherwise `None`, and each
            requirement takes the way in which least counts.
        elsewhere: The answers where other trainings are one, under the same readings, if another filing may be judged.
    """

    life: Life
    readings: Mapping[str, str]
    verdicts: tuple[Verdict, ...]
    asked: Mapping[str, None]
    on: tuple[tuple[str, ...], ...]
    skipped: int
    components: Components
    days: Mapping[DateName, date | None]
    settled: Settled | None = None
    elsewhere: tuple["Scenario", ...] = ()

    @cached_property
    def said(self) -> tuple[tuple[str, str], ...]:
        """Its components, its designations and all dates that exist, by name: what a reader sees of it."""
        return said_of(self.components, self.designations, self.days)

    @cached_property
    def designations(self) -> dict[str, Outcome]:
        """The outcome of what is asked for each designation, by name; one for which nothing is asked is left out."""
        return designations_in(self.life, self.verdicts)

    @cached_property
    def short(self) -> tuple[tuple[str, Fraction], ...]:
        """The id and the missing hours of each requirement of hours that is short."""
        return short_in(self.life, self.verdicts)


def said_of(
    components: Components, designations: Mapping[str, Outcome], days: Mapping[DateName, date | None]
) -> tuple[tuple[str, str], ...]:
    """Return the components, the designations and all dates that exist, by name."""
    known = [(name, str(day)) for name, day in days.items() if day is not None]
    kept = [(f"{DESIGNATION}{name}", outcome) for name, outcome in designations.items()]
    return (*((name, components[name]) for name in COMPONENTS), *kept, *known)


def designations_in(life: Life, verdicts: Sequence[Verdict]) -> dict[str, Outcome]:
    """Return the outcome of what is asked for each designation, by name, without those for which nothing is asked."""
    edition, found = life.edition, dict[str, list[Result]]()
    if life.standing == UNDETERMINED:
        return {}
    for requirement, verdict in zip(edition.requirements if edition else (), verdicts, strict=True):
        if requirement.designation is not None and verdict.result != "not asked":
            found.setdefault(requirement.designation, []).append(verdict.result)
    return {name: outcome_of(life, found[name]) for name in sorted(found)}


def short_in(life: Life, verdicts: Sequence[Verdict]) -> tuple[tuple[str, Fraction], ...]:
    """Return the id and the missing hours of each requirement of hours for the step that is short."""
    requirements = life.edition.requirements if life.edition else ()
    return tuple(
        [
            (verdict.id, verdict.short)
            for requirement, verdict in zip(requirements, verdicts, strict=True)
            if verdict.result == "short"
            and requirement.designation is None
            and isinstance(verdict, QuickHours | HoursCheck)
        ]
    )


def components_of(life: Life, verdicts: Sequence[Verdict], force: InForce, on: date, notice_days: int) -> Components:
    """
    Return the components of an answer.

    Args:
        life: The state of the certificate.
        verdicts: The verdict on each requirement of its edition.
        force: Whether it is in force.
        on: The day asked about.
        notice_days: How many days before the due date a renewal is due soon.
    """
    requirements = life.edition.requirements if life.edition else ()
    of_step = [verdict for asked, verdict in zip(requirements, verdicts, strict=True) if asked.designation is None]
    outcome = outcome_of(life, [verdict.result for verdict in of_step])
    return {
        "standing": life.standing,
        "in_force": force,
        "outcome": outcome,
        "hours": outcome_of(life, [verdict.result for verdict in of_step if verdict.subject == "hours"]),
        "documents": outcome_of(life, [verdict.result for verdict in of_step if verdict.subject == "documents"]),
        "status": status_of(life.standing, outcome, due_of(life), on, notice_days),
    }


def judged(looked_at: Sequence[Judged]) -> Judged:
    """Return the answer of the first filing that is met, of those that were looked at, or else of the last."""
    best = looked_at[0]
    for found in looked_at[1:]:
        is_worse = found.components["outcome"] == "short" and best.components["outcome"] == UNDETERMINED
        best = best if is_worse else found
    return best


def may_be_met(answer: Scenario, joining: Collection[str]) -> bool:
    """Return whether a filing that is not met may be if other trainings are one."""
    return all(
        verdict.result not in ("short", UNDETERMINED) or not set(joining).isdisjoint(asked)
        for verdict, asked in zip(answer.verdicts, answer.on, strict=False)
    )


def goodness(answer: Scenario) -> tuple[int, Fraction, int]:
    """Return how well an answer stands: short, undetermined or met, by the missing hours, and by earlier filings."""
    missing = [weight_of(verdict)[2] for verdict in answer.verdicts]
    rank = {"short": 0, UNDETERMINED: 1}.get(answer.components["outcome"], 2)
    return rank, -sum(missing, Fraction(0)), -answer.skipped


def weight_of(verdict: Verdict) -> tuple[str, str, Fraction]:
    """Return what of a verdict is seen in an answer."""
    if verdict.result == "short" and isinstance(verdict, QuickHours | HoursCheck):
        return verdict.subject, verdict.result, verdict.short
    return verdict.subject, verdict.result, Fraction(0)
