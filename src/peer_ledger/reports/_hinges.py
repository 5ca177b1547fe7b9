"""
Open questions by the number of people whose answers depend on them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import get_args

import attrs

from peer_ledger._closest import few_of
from peer_ledger.errors import InvalidValue, nearest, shown_name
from peer_ledger.reports._report import Report, all_reports
from peer_ledger.reports._terms import COMPONENTS, STATUSES, InForce, Outcome, Standing
from peer_ledger.rules import Question
from peer_ledger.values._arguments import ITEMS, arguments

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
    An open question, the people whose answers depend on it, and their outcomes under each reading.

    Attributes:
        question: The question.
        people: The ids of the people whose answers depend on it, sorted.
        counts: How many of these people would have each value of each component of the answer under each reading: the
            reading's id, the component, the value and the number.
    """

    question: Question
    people: tuple[str, ...]
    counts: tuple[tuple[str, str, str, int], ...]

    def count(self, reading: str, component: str, value: str) -> int:
        """
        Return how many of these people would have a value under a reading.

        Args:
            reading: The id of one of the question's readings.
            component: A component of the answer, such as `outcome`.
            value: A value of the component, such as `short`.

        Raises:
            InvalidValue: There is no such reading, component or value; the message lists the possible ones.
        """
        _refuse_unknown("reading", reading, [known.id for known in self.question.readings])
        _refuse_unknown("component", component, COMPONENTS)
        _refuse_unknown(f"value of {component}", value, _VALUES[component])
        return sum(many for *what, many in self.counts if what == [reading, component, value])


def _refuse_unknown(what: str, given: str, known: Iterable[str]) -> None:
    listed = list(known)
    if given not in listed:
        raise InvalidValue(
            f"there is no {what} {shown_name(given)}{nearest(given, listed)}; available: {few_of(listed)}"
        )


@arguments(reports=ITEMS)
def deciding_questions(reports: Iterable[Report]) -> tuple[DecidingQuestion, ...]:
    """
    Return every question that is open for anyone, with the people whose answers depend on it and their outcomes.

    The agency that owns the rules can then answer the most important question first; `readings={...}` closes it for
    everyone.

    Args:
        reports: Reports under one rule set, as `evaluate_all` returns them.

    Returns:
        The questions, sorted by the number of people for whom a reading changes more than a date, then by the number of
        people whose answers depend on them.
    """
    questions: dict[str, Question] = {}
    people: dict[str, set[str]] = {}
    counts: dict[str, Counter[tuple[str, str, str]]] = {}
    changed: Counter[str] = Counter()
    for report in all_reports(reports):
        for open_question in report.questions:
            name = open_question.question.id
            changed[name] += any(what in COMPONENTS for other in open_question.alternatives for what, _ in other.gives)
            questions[name] = open_question.question
            people.setdefault(name, set()).add(report.person)
            counts.setdefault(name, Counter()).update(
                (alternative.reading.id, component, value)
                for alternative in open_question.alternatives
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
    return tuple(sorted(found, key=lambda each: (-changed[each.question.id], -len(each.people), each.question.id)))
