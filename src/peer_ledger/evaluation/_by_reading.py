"""
The answers of one person under single readings: the assumed one, and those under another reading of one question each.
"""

from collections.abc import Collection, Iterator
from fractions import Fraction
from typing import TypeAlias

from peer_ledger.evaluation._scenario import Answer, Scenario
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.values._cached import cached_property

Short: TypeAlias = tuple[tuple[str, Fraction], ...]
"""The id and the missing hours of each requirement of hours that is short."""


class ByReading:
    """
    The answers of one person under single readings.

    Args:
        scenarios: The answers for one person and day.
    """

    def __init__(self, scenarios: Scenarios) -> None:
        self._scenarios = scenarios

    @cached_property
    def assumed(self) -> Scenario:
        """The answer under the given or else the assumed reading of every question."""
        return self._scenarios.assumed

    def under(self, question: str, reading: str) -> Answer:
        """Return the answer under a reading of one question, and the assumed ones of all others."""
        return self._scenarios.answer({question: reading})

    def others(self, question: str) -> Iterator[tuple[str, Answer]]:
        """Yield the readings of a question under which the answer may not be the assumed one, each with the answer."""
        for reading in self._scenarios.questions[question].readings:
            other = self._scenarios.otherwise(question, reading.id)
            if other is not self.assumed:
                yield reading.id, other

    @property
    def differing(self) -> Collection[str]:
        """The questions under another reading of which the answer may be another one."""
        return self._scenarios.questions.keys()

    def shorts(self, question: str) -> Iterator[tuple[str, Short]]:
        """Yield the readings of a question under which other hours may be missing, each with what is missing."""
        for reading, other in self.others(question):
            yield reading, other.short

    def is_decided_otherwise(self, question: str) -> bool:
        """Return whether something else is said under another reading of a question."""
        said = set(self.assumed.said)
        return any(set(other.said) - said for _, other in self.others(question))
