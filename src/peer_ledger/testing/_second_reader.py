"""
A second, independent reading of what the rules say of a training.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from peer_ledger.records import Credit, TrainingEvent
from peer_ledger.rules import ByQuestion, Cap, TrainingFilter
from peer_ledger.testing._mentions import clues_of
from peer_ledger.testing._situations import Situation

KNOWN_FIELDS = frozenset(
    ("topics", "deliveries", "roles", "approved_by", "providers", "courses", "not_topics", "shortest", "unknown_fits")
)
"""What of a kind of training is looked at here; a rule that says more is passed over."""


def hours_requirements(situation: Situation, event: TrainingEvent) -> Fraction:
    """Convert what a training carries; a unit that is worth nothing known brings nothing."""
    worth = dict(clues_of(situation.ruleset).units)
    return sum((Fraction(one.amount) * worth[one.unit] for one in event.credits or () if one.unit in worth), Fraction())


class Reader:
    """The rules read once more, word for word, under the readings that are taken."""

    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        self._questions = {one.id: one for one in situation.questions()}

    def cap(self, cap: Cap) -> Fraction | None:
        """Return what a cap allows where that is stated and it is asked of everybody."""
        figure = self._of(cap.at_most)
        ruled = any(getattr(one, "requirement", None) == cap.id for one in self._situation.records)
        return Fraction(figure) if isinstance(figure, Decimal) and cap.only_if is None and not ruled else None

    def lies_in(self, cap: Cap, record: str, events: list[TrainingEvent]) -> bool:
        """Return whether all of a training surely lies in a cap."""
        kind = self._of(cap.counts)
        event = next((one for one in events if one.id == record), None)
        return event is not None and all(self._fits(kind, event, one) == "yes" for one in event.credits or ())

    def eligible(self, kind: Any, events: list[TrainingEvent]) -> Fraction | None:
        """Add up what may be of a kind; `None` where that cannot be told here."""
        total = Fraction()
        for event in events:
            for credit in event.credits or ():
                answer = self._fits(self._of(kind), event, credit)
                if answer == "pass":
                    return None
                if answer != "no":
                    total += hours_requirements(self._situation, attrs.evolve(event, credits=[credit]))
        return total

    def is_certain(self, kind: Any, events: list[TrainingEvent]) -> bool:
        """Return whether the records say of all training what it was, and how long."""
        units = dict(clues_of(self._situation.ruleset).units)
        return all(
            event.credits is not None
            and all(one.unit in units and self._fits(self._of(kind), event, one) != "perhaps" for one in event.credits)
            for event in events
        )

    def _of(self, value: Any) -> Any:
        while isinstance(value, ByQuestion):
            question = self._questions[value.by]
            if question.under is not None or question.first_day is not None or question.last_day is not None:
                return "pass"
            value = dict(value.values)[self._situation.readings.get(question.id, question.assumed)]
        return value

    def _fits(self, kind: Any, event: TrainingEvent, credit: Credit) -> str:
        """Return whether a credit is of a kind: `yes`, `no`, `perhaps`, or `pass` where that cannot be told here."""
        if kind is None:
            return "yes"
        if not isinstance(kind, TrainingFilter) or kind.shortest is not None or self._says_more(kind):
            return "pass"
        approvals = event.approvals
        there: Mapping[str, frozenset[str] | None] = {
            "topics": credit.topics,
            "deliveries": None if event.delivery is None else frozenset({event.delivery}),
            "roles": frozenset({event.role}),
            "approved_by": None if approvals is None else frozenset(one.by for one in approvals),
            "providers": None if event.provider is None else frozenset({event.provider}),
            "courses": None if event.course is None else frozenset({event.course}),
        }
        asked = [name for name in there if there[name] is not None or name not in kind.unknown_fits]
        answers = [
            None if (words := there[name]) is None else not getattr(kind, name).isdisjoint(words)
            for name in asked
            if getattr(kind, name) is not None
        ]
        unwanted = self._of(kind.not_topics)
        if unwanted == "pass":
            return "pass"
        if unwanted and "topics" in asked:
            answers.append(None if credit.topics is None else credit.topics.isdisjoint(unwanted))
        if False in answers:
            return "no"
        return "perhaps" if None in answers else "yes"

    @staticmethod
    def _says_more(kind: TrainingFilter) -> bool:
        others = [one for one in attrs.fields(TrainingFilter) if one.name not in KNOWN_FIELDS]
        return any(getattr(kind, one.name) != one.default for one in others)
