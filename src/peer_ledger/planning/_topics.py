"""
The topics that training must be on to count for a requirement.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from peer_ledger.evaluation._rule_sets import RuleSetsAtHand
from peer_ledger.reports import Report
from peer_ledger.rules import Hours, Part, Readings, Requirement, RuleSet, TrainingFilter, with_inner
from peer_ledger.rulesets import RuleSetNotFound


class Topics:
    """
    The topics that the requirements of reports ask for, as far as their rules can be found.

    Args:
        rulesets: The rule sets that exist, by id; `None` for those that can be found by id.
    """

    def __init__(self, rulesets: Mapping[str, RuleSet] | None) -> None:
        self._at_hand = RuleSetsAtHand(rulesets)
        self._found: dict[tuple[Any, ...], dict[str, tuple[str, ...]]] = {}

    def of(self, report: Report, requirement: str) -> tuple[str, ...]:
        """Return topics of which one must be among those of a training, sorted; empty where any will do."""
        key = report.provenance.ruleset, report.provenance.edition, report.asked.readings
        if key not in self._found:
            self._found[key] = dict(self._topics(report))
        return self._found[key].get(requirement, ())

    def _topics(self, report: Report) -> Iterator[tuple[str, tuple[str, ...]]]:
        try:
            position = self._at_hand.position(report.provenance.ruleset, dict(report.asked.readings))
        except RuleSetNotFound:
            return
        for procedure in position.known.rules.procedures:
            for edition in procedure.editions:
                if edition.id == report.provenance.edition:
                    yield from _of_all(edition.requirements, position.readings())


def _of_all(requirements: Iterable[Requirement], readings: Readings) -> Iterator[tuple[str, tuple[str, ...]]]:
    for requirement in with_inner(requirements):
        if isinstance(requirement, Hours):
            yield from _of(requirement, readings, ())


def _of(rule: Hours | Part, readings: Readings, above: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the topics of a requirement and of each of its parts; those of the whole where it names none."""
    topics = tuple(sorted(_wanted(readings.of(rule.counts)) or ())) or above
    yield rule.id, topics
    for part in rule.parts:
        yield from _of(part, readings, topics)


def _wanted(training: TrainingFilter | None) -> frozenset[str] | None:
    """Return the topics of which one is wanted; `None` where any will do."""
    if training is None or training.topics is not None:
        return None if training is None else training.topics
    options = [_wanted(option) for option in training.any_of]
    return None if None in options or not options else frozenset[str]().union(*(one or () for one in options))
