"""
What answers under single readings come to for one person, given how sums of training and counts of documents come out.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from peer_ledger.evaluation._days import days_between
from peer_ledger.evaluation._layout import Days
from peer_ledger.evaluation._leaf import BADNESS
from peer_ledger.evaluation._life import Grant, Life
from peer_ledger.evaluation._on_file import OnFile
from peer_ledger.evaluation._quick import DOCUMENTS, NOT_ASKED
from peer_ledger.evaluation._requirements import Verdict
from peer_ledger.evaluation._scenario import short_in
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.evaluation._summed import Summed
from peer_ledger.evaluation._variants import Between, Variant, VariantsOnDays
from peer_ledger.reports import Components, DateName
from peer_ledger.rules import UNRECORDED_TRAINING


class SumsAndCounts:
    """
    How sums and counts come out for one person.

    Args:
        scenarios: The answers for one person and day.
        found: What is summed and counted.
        grants: The person's grants.

    Raises:
        NotShared: Sums and counts do not decide the answers.
    """

    def __init__(self, scenarios: Scenarios, found: VariantsOnDays, grants: tuple[Grant, ...]) -> None:
        self._found, self._grants = found, grants
        self._grant = grants[-1] if grants else None
        self._on, self._notice_days = scenarios.history.on, scenarios.rules.notice_days
        self._short: dict[tuple[object, ...], tuple[tuple[str, Fraction], ...]] = {}
        windows = [self._days(one) for one in found.stretches]
        self._summed = Summed(scenarios.history.training(scenarios.position.known.kinds), found, windows)
        self._on_file = OnFile(scenarios, found, windows, grants)

    def pattern(self) -> tuple[object, ...]:
        """Return how everything comes out, and which of the dates of training are the same."""
        windows = [self._days(one) for one in self._found.earning]
        return (*self._summed.outcomes, *self._on_file.all, *map(windows.index, windows))

    def life(self, variant: Variant) -> Life:
        """Return the state of the certificate."""
        return self._found.life(variant).with_grants(self._grants)

    def _days(self, between: Between) -> Days:
        begins, ends, filed, days = between
        return days or days_between(begins, ends, self._grant, *filed)

    def verdicts(self, variant: Variant) -> tuple[Verdict, ...]:
        """Return how each requirement stands."""
        taken, found = variant.taken, list[Verdict]()
        for step in variant.steps:
            if step.hours is not None:
                met, unmet = self._summed.verdicts(step.hours)
                found.append(met if taken[UNRECORDED_TRAINING.id] == "counts" else unmet)
            elif step.counting is not None:
                found.append(DOCUMENTS[self._on_file.result(step.counting, taken)])
            else:
                found.append(NOT_ASKED if step.subject == "hours" else DOCUMENTS["not asked"])
        return tuple(found)

    def short(self, variant: Variant) -> tuple[tuple[str, Fraction], ...]:
        """Return the id and the missing hours of each requirement of hours that is short."""
        found = self._short.get(variant.summed)
        if found is None:
            found = self._short[variant.summed] = short_in(variant.life, self.verdicts(variant))
        return found

    def components(self, variant: Variant) -> Components:
        """Return the components, by name."""
        taken, hours, documents = variant.taken, 0, 0
        counts = taken[UNRECORDED_TRAINING.id] == "counts"
        for step in variant.steps:
            if step.designation is not None:
                continue
            if step.hours is not None:
                met, unmet = self._summed.outcomes[step.hours]
                hours = max(hours, BADNESS.get(met if counts else unmet, 0))
            elif step.counting is not None:
                documents = max(documents, BADNESS.get(self._on_file.result(step.counting, taken), 0))
        return variant.state.components_of((hours, documents), self._on, self._notice_days)

    def asked(self, variant: Variant) -> Iterator[str]:
        """Yield the questions that the requirements depend on."""
        for step in variant.steps:
            yield from step.asked
            if step.hours is not None:
                yield from step.filters if self._summed.is_any(step.hours) else ()
                met, unmet = self._summed.outcomes[step.hours]
                yield from [UNRECORDED_TRAINING.id] if met != unmet else []
            elif step.counting is not None:
                yield from self._on_file.asked(step.counting, variant.taken)

    def dates(self, variant: Variant) -> dict[DateName, date | None]:
        """Return the dates, by name; `None` for a date that does not exist."""
        at = self._found.days
        begins, ends = self._days(self._found.earning[variant.earning])
        return {**{name: at[place] for name, place in variant.days}, "earning_begins": begins, "earning_ends": ends}
