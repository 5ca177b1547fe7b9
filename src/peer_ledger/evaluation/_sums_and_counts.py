"""
What answers under single readings come to for one person, given how sums of training and counts of documents come out.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction

from peer_ledger.evaluation._days import days_between
from peer_ledger.evaluation._hours_program import as_read
from peer_ledger.evaluation._leaf import BADNESS
from peer_ledger.evaluation._life import Grant, Life
from peer_ledger.evaluation._on_file import OnFile
from peer_ledger.evaluation._outcome import UNDETERMINED, outcome_of
from peer_ledger.evaluation._quick import DOCUMENTS, NOT_ASKED
from peer_ledger.evaluation._requirements import Verdict
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.evaluation._summed import Summed
from peer_ledger.evaluation._variants import Between, Step, Told, Variant, VariantsOnDays
from peer_ledger.evaluation._windows import Days, Filed
from peer_ledger.reports import Components, DateName, Outcome, Result
from peer_ledger.rules import UNRECORDED_TRAINING
from peer_ledger.values._cached import cached_property


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
        self._windows: dict[tuple[int, int, Filed], Days] = {}
        windows = [self._days(one) for one in found.stretches]
        self._summed = Summed(scenarios.history.training(scenarios.position.known.kinds), found, windows)
        self._on_file = OnFile(scenarios, found, windows, grants)

    @cached_property
    def told(self) -> Told:
        """What is known of all whose sums and counts come out like this."""
        return self._found.variants.told_of(self.pattern())

    def pattern(self) -> tuple[object, ...]:
        """Return how everything comes out, and which of the dates of training are the same."""
        windows = [self._days(one) for one in self._found.earning]
        return (*self._summed.outcomes, *self._on_file.all, *map(windows.index, windows))

    def are_same(self, grants: tuple[Grant, ...]) -> bool:
        """Return whether everything comes out the same with other grants, in the same states of the certificate."""
        if self._found.variants.are_growing and self._on_file.is_stated:
            return False
        grant, own = grants[-1] if grants else None, [*self._found.stretches, *self._found.earning]
        different = {_key(one): one for one in own if one[3] is None}.values()
        return all(days_between(*one[:2], grant, *one[2]) == self._days(one) for one in different)

    def life(self, variant: Variant) -> Life:
        """Return the state of the certificate."""
        return self._found.life(variant).with_grants(self._grants)

    def _days(self, between: Between) -> Days:
        begins, ends, filed, days = between
        if days is not None:
            return days
        found = self._windows.get(_key(between))
        if found is None:
            found = self._windows[_key(between)] = days_between(begins, ends, self._grant, *filed)
        return found

    def verdicts(self, variant: Variant) -> tuple[Verdict, ...]:
        """Return how each requirement stands."""
        return tuple([self._verdict(step, variant.taken) for step in variant.steps])

    def _verdict(self, step: Step, taken: Mapping[str, str]) -> Verdict:
        if step.hours is not None:
            return as_read(self._summed.verdicts(step.hours), taken)
        if step.counting is not None:
            return DOCUMENTS[self._on_file.result(step.counting, taken)]
        return NOT_ASKED if step.subject == "hours" else DOCUMENTS["not asked"]

    def designations(self, variant: Variant) -> dict[str, Outcome]:
        """Return the outcome of what is asked for each designation, by name, as `designations_in` does."""
        steps = variant.for_designations
        if not steps or variant.life.standing == UNDETERMINED:
            return {}
        results: dict[str, list[Result]] = {}
        for step in steps:
            assert step.designation is not None, "it is asked for one"
            results.setdefault(step.designation, []).append(self._verdict(step, variant.taken).result)
        return {name: outcome_of(variant.life, results[name]) for name in sorted(results)}

    def short(self, variant: Variant) -> tuple[tuple[str, Fraction], ...]:
        """Return the id and the missing hours of each requirement of hours that is short."""
        found = self._short.get(variant.summed)
        if found is None:
            found = self._short[variant.summed] = tuple(self._all_short(variant))
        return found

    def _all_short(self, variant: Variant) -> Iterator[tuple[str, Fraction]]:
        for step in variant.steps:
            if step.hours is not None and step.designation is None:
                verdict = as_read(self._summed.verdicts(step.hours), variant.taken)
                if verdict.result == "short":
                    yield verdict.id, verdict.short

    def components(self, variant: Variant) -> Components:
        """Return the components, by name."""
        known = self.told.components
        found = known.get(id(variant))  # the variants are kept
        if found is None:
            found = known[id(variant)] = self._components(variant)
        return found

    def _components(self, variant: Variant) -> Components:
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


def _key(between: Between) -> tuple[int, int, Filed]:
    """Return what tells relative dates apart, which are kept, and what they are counted from."""
    begins, ends, filed, _ = between
    return id(begins), id(ends), filed
