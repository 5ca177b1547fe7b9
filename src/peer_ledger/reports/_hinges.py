"""
How many people an open question decides for.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import get_args

import attrs

from peer_ledger.errors import InvalidValue, nearest, shown_name
from peer_ledger.reports._report import Report
from peer_ledger.reports._terms import COMPONENTS, STATUSES, InForce, Outcome, Standing
from peer_ledger.rules import Question

_VALUES: Mapping[str, tuple[str, ...]] = {
    "standing": get_args(Standing),
    "in_force": get_args(InForce),
    "outcome": get_args(Outcome),
    "hours": get_args(Outcome),
    "documents": get_args(Outcome),
    "status": STATUSES,
}


@attrs.frozen(kw_only=True)
class DecidingQuestion:
    """
    The people an open question decides for, and how their answers would come out.

    Attributes:
        question: The question.
        people: The people it decides for, sorted.
        counts: For each reading and each component of the answer, how many of these people would have which value:
            the reading's id, the component, the value and the number.
    """

    question: Question
    people: tuple[str, ...]
    counts: tuple[tuple[str, str, str, int], ...]

    def count(self, reading: str, component: str, value: str) -> int:
        """
        Return how many of these people would have a value under a reading.

        Args:
            reading: The id of one of the question's readings.
            component: A component of the answer, as `outcome`.
            value: One of its values, as `short`.

        Raises:
            InvalidValue: The question has no such reading, an answer no such component, or the component can never
                have such a value; the message lists those there are.
        """
        _refuse_unknown("reading", reading, [one.id for one in self.question.readings])
        _refuse_unknown("component", component, COMPONENTS)
        _refuse_unknown(f"value of {component}", value, _VALUES[component])
        return sum(many for *what, many in self.counts if what == [reading, component, value])


def _refuse_unknown(what: str, given: str, known: Iterable[str]) -> None:
    listed = list(known)
    if given not in listed:
        raise InvalidValue(
            f"there is no {what} {shown_name(given)}{nearest(given, listed)}; there are {', '.join(listed)}"
        )


def deciding_questions(reports: Iterable[Report]) -> tuple[DecidingQuestion, ...]:
    """
    Return, for every question that is open for somebody, the people it decides for and their outcomes.

    Whoever owns the rule can then answer what matters most; `readings={...}` closes it for the whole roster.

    Args:
        reports: Reports under one rule set, as `evaluate_all` gives them.

    Returns:
        The questions, those first by which most people would come out otherwise, and not only with another date; then
        those on which most people hinge.
    """
    questions: dict[str, Question] = {}
    people: dict[str, set[str]] = {}
    counts: dict[str, Counter[tuple[str, str, str]]] = {}
    otherwise: Counter[str] = Counter()
    for report in reports:
        for one in report.questions:
            name = one.question.id
            otherwise[name] += any(what in COMPONENTS for other in one.alternatives for what, _ in other.gives)
            questions[name] = one.question
            people.setdefault(name, set()).add(report.person)
            counts.setdefault(name, Counter()).update(
                (alternative.reading.id, component, value)
                for alternative in one.alternatives
                for component, value in alternative.answer
                if component in COMPONENTS
            )
    found = [
        DecidingQuestion(
            question=question,
            people=tuple(sorted(people[name])),
            counts=tuple((*what, many) for what, many in sorted(counts[name].items())),
        )
        for name, question in questions.items()
    ]
    return tuple(sorted(found, key=lambda one: (-otherwise[one.question.id], -len(one.people), one.question.id)))
