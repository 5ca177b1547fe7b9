"""
The answers of one person under single readings, from a few sums of training and counts of documents.
"""

from collections.abc import Callable, Collection, Iterator

from peer_ledger.evaluation._by_reading import ByReading, Short
from peer_ledger.evaluation._grants import Grants
from peer_ledger.evaluation._life import Grant
from peer_ledger.evaluation._scenario import Answer, Scenario, said_of
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.evaluation._sums_and_counts import SumsAndCounts
from peer_ledger.evaluation._sure_grants import is_last_sure
from peer_ledger.evaluation._variants import Variant, VariantsOnDays
from peer_ledger.reports import Components, Outcome
from peer_ledger.values._cached import cached_property


class QuickAnswer:
    """
    What is seen of an answer under one reading of every question, made when it is read.

    Args:
        variant: The answer without sums and counts.
        outcomes: How the sums and counts come out.
    """

    def __init__(self, variant: Variant, outcomes: SumsAndCounts) -> None:
        self._variant, self._outcomes = variant, outcomes

    @cached_property
    def components(self) -> Components:
        """Its components, by name."""
        return self._outcomes.components(self._variant)

    @cached_property
    def designations(self) -> dict[str, Outcome]:
        """The outcome of what is asked for each designation, by name; one for which nothing is asked is left out."""
        return self._outcomes.designations(self._variant)

    @cached_property
    def said(self) -> tuple[tuple[str, str], ...]:
        """Its components, its designations and all dates that exist, by name."""
        return said_of(self.components, self.designations, self._outcomes.dates(self._variant))

    @cached_property
    def short(self) -> Short:
        """The id and the missing hours of each requirement of hours that is short."""
        return self._outcomes.short(self._variant)


class QuickByReading(ByReading):
    """
    The answers of one person under single readings, from a few sums and counts.

    Args:
        scenarios: The answers for one person and day.
        found: The answers for everybody whose certificate is due on the same day.
        grants: The person's grants, which depend on no open question.
        elsewhere: Returns the answers of the same person with other grants.

    Raises:
        NotShared: Sums and counts do not decide the answers.
    """

    def __init__(
        self,
        scenarios: Scenarios,
        found: VariantsOnDays,
        grants: tuple[Grant, ...],
        elsewhere: Callable[[Grants], ByReading],
    ) -> None:
        super().__init__(scenarios)
        self._position, self._variants, self._elsewhere = scenarios.position, found.variants, elsewhere
        self._outcomes = SumsAndCounts(scenarios, found, grants)
        self._answers: dict[int, Answer] = {}
        self._otherwise: dict[tuple[str, str], Answer] = {}

    @cached_property
    def assumed(self) -> Scenario:
        """The answer under the given or else the assumed reading of every question."""
        variant, outcomes = self._variants.base, self._outcomes
        asked = dict.fromkeys((*self._granted[0], *variant.asked, *outcomes.asked(variant)))
        return Scenario(
            life=outcomes.life(variant),
            readings=self._position.base,
            verdicts=outcomes.verdicts(variant),
            asked=asked,
            on=(),
            skipped=0,
            components=outcomes.components(variant),
            days=outcomes.dates(variant),
        )

    def under(self, question: str, reading: str) -> Answer:
        """Return the answer under a reading of one question, and the assumed ones of all others."""
        found = self._otherwise.get((question, reading))
        if found is None:
            granted = self._granted_under(question, reading)
            if granted is self._granted[1] or self._is_like(granted):
                found = self._answer(self._variants.under(question, reading))
            else:
                found = self._elsewhere(granted).under(question, reading)
            self._otherwise[question, reading] = found
        return found

    @cached_property
    def differing(self) -> Collection[str]:
        """The questions under another reading of which the answer may be another one."""
        return self._variants.differing.union(self._deciding)

    def others(self, question: str) -> Iterator[tuple[str, Answer]]:
        """Yield the readings of a question under which the answer may not be the assumed one, each with the answer."""
        if question in self._deciding:
            for reading in self._scenarios.questions[question].readings:
                if reading.id != self._position.base[question]:
                    other = self.under(question, reading.id)
                    if other is not self._answers.get(id(self._variants.base)):
                        yield reading.id, other
        else:
            for name, variant in self._variants.others(question):
                yield name, self._answer(variant)

    def shorts(self, question: str) -> Iterator[tuple[str, Short]]:
        """Yield the readings of a question under which other hours may be missing, each with what is missing."""
        if question in self._deciding:
            yield from super().shorts(question)
        else:
            for name, variant in self._variants.summed_otherwise(question):
                yield name, self._outcomes.short(variant)

    def is_decided_otherwise(self, question: str) -> bool:
        """Return whether something else is said under another reading of a question."""
        if question in self._deciding:
            return super().is_decided_otherwise(question)
        told = self._outcomes.told.otherwise
        found = told.get(question)
        if found is None:
            found = told[question] = super().is_decided_otherwise(question)
        return found

    @cached_property
    def _granted(self) -> tuple[tuple[str, ...], Grants]:
        """The questions that the grants depend on, with the grants and how the certificate ended."""
        return self._scenarios.certificate.granted(self._position.base)

    @cached_property
    def _deciding(self) -> tuple[str, ...]:
        """The questions that change something of the grants on which an answer may depend."""
        (asked, (grants, _)), history, rules = self._granted, self._scenarios.history, self._scenarios.rules
        is_sure = not self._variants.are_from_cycle and not self._variants.are_growing
        return () if is_sure and is_last_sure(history, rules, grants) else asked

    def _granted_under(self, question: str, reading: str) -> Grants:
        """Return the grants under a reading of one question, and how the certificate ended."""
        granted = self._granted[1]
        if question not in self._deciding:
            return granted
        return self._scenarios.certificate.granted({**self._position.base, question: reading})[1]

    def _is_like(self, granted: Grants) -> bool:
        """Return whether an answer depends on nothing that is different with other grants."""
        if _seen(granted) == _seen(self._granted[1]):
            return True
        assert self._scenarios.life_key is not None, "sums and counts are those of shared states"
        key, _ = self._scenarios.life_key
        return self._position.lives.is_key_of(key, self._scenarios.history, granted) and self._outcomes.are_same(
            granted[0]
        )

    def _answer(self, variant: Variant) -> Answer:
        found = self._answers.get(id(variant))  # the variants are kept
        if found is None:
            found = self._answers[id(variant)] = QuickAnswer(variant, self._outcomes)
        return found


def _seen(granted: Grants) -> tuple[object, ...]:
    """Return everything of grants, and of how the certificate ended, on which an answer depends."""
    grants, ended = granted
    return ended, *[
        (
            grant.anchor, grant.day, grant.begins, grant.due, grant.level, grant.number,
            grant.is_due_known, grant.printed, grant.act.expires,
        )
        for grant in grants
    ]  # fmt: skip
