"""
A second, independent reading of what the rules say about a training.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from peer_ledger.records import Credit, Ruling, TrainingEvent
from peer_ledger.rules import WANTED, ByQuestion, Cap, TrainingFilter
from peer_ledger.testing._mentions import mentions_of
from peer_ledger.testing._situations import Situation

KNOWN_FIELDS = frozenset((*WANTED, "not_topics", "shortest", "unknown_fits"))
"""The fields of a `TrainingFilter` that are read here; a rule that uses others is skipped."""


def hours_of(situation: Situation, event: TrainingEvent) -> Fraction:
    """Return a training's hours; credit in a unit of unknown worth adds nothing."""
    worth = dict(mentions_of(situation.ruleset).units)
    known = (credit for credit in event.credits or () if credit.unit in worth)
    return sum((Fraction(credit.amount) * worth[credit.unit] for credit in known), Fraction())


class Reader:
    """Reads the rules a second time, word for word, under the readings of a situation."""

    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        self._questions = {question.id: question for question in situation.questions()}

    def cap(self, cap: Cap) -> Fraction | None:
        """Return the hours that a cap allows; `None` when that is not stated, or is not the same for everybody."""
        figure = self._of(cap.at_most)
        rulings = (record for record in self._situation.records if isinstance(record, Ruling))
        ruled = any(ruling.requirement == cap.id for ruling in rulings)
        return Fraction(figure) if isinstance(figure, Decimal) and cap.only_if is None and not ruled else None

    def is_under(self, cap: Cap, record: str, events: list[TrainingEvent]) -> bool:
        """Return whether all of a training is certainly under a cap."""
        kind = self._of(cap.counts)
        event = next((event for event in events if event.id == record), None)
        return event is not None and all(self._fits(kind, event, credit) == "yes" for credit in event.credits or ())

    def eligible(self, kind: Any, events: list[TrainingEvent]) -> Fraction | None:
        """Return the hours that may be of a kind; `None` when this reader cannot decide."""
        total = Fraction()
        for event in events:
            for credit in event.credits or ():
                answer = self._fits(self._of(kind), event, credit)
                if answer == "unclear":
                    return None
                if answer != "no":
                    total += hours_of(self._situation, attrs.evolve(event, credits=[credit]))
        return total

    def is_certain(self, kind: Any, events: list[TrainingEvent]) -> bool:
        """Return whether the records state the kind and the hours of all training."""
        units = dict(mentions_of(self._situation.ruleset).units)
        return all(
            event.credits is not None
            and all(
                credit.unit in units and self._fits(self._of(kind), event, credit) != "perhaps"
                for credit in event.credits
            )
            for event in events
        )

    def _of(self, value: Any) -> Any:
        while isinstance(value, ByQuestion):
            question = self._questions[value.by]
            if question.under is not None or question.first_day is not None or question.last_day is not None:
                return "unclear"
            value = dict(value.values)[self._situation.readings.get(question.id, question.assumed)]
        return value

    def _fits(self, kind: Any, event: TrainingEvent, credit: Credit) -> str:
        """Return whether a credit is of a kind: `yes`, `no`, `perhaps`, or `unclear` when this reader cannot decide."""
        if kind is None:
            return "yes"
        if not isinstance(kind, TrainingFilter) or kind.shortest is not None or self._uses_more_fields(kind):
            return "unclear"
        approvals = event.approvals
        there: Mapping[str, frozenset[str] | None] = {
            "topics": credit.topics,
            "deliveries": None if event.delivery is None else frozenset({event.delivery}),
            "roles": frozenset({event.role}),
            "approved_by": None if approvals is None else frozenset(approval.by for approval in approvals),
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
        if unwanted == "unclear":
            return "unclear"
        if unwanted and "topics" in asked:
            answers.append(None if credit.topics is None else credit.topics.isdisjoint(unwanted))
        if False in answers:
            return "no"
        return "perhaps" if None in answers else "yes"

    @staticmethod
    def _uses_more_fields(kind: TrainingFilter) -> bool:
        others = [field for field in attrs.fields(TrainingFilter) if field.name not in KNOWN_FIELDS]
        return any(getattr(kind, field.name) != field.default for field in others)
