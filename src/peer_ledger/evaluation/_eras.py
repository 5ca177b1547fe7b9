"""
On which deciding dates it changes what is asked, and which questions arise.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from peer_ledger.rules import Hours, Question, Requirement
from peer_ledger.rules._consulted import leaves
from peer_ledger.values.dates import DAY


def breaks(dated: Iterable[Requirement | Question]) -> Iterator[date]:
    """Yield the deciding dates from which on something is asked, or a question arises, and from which on no more."""
    for rule in dated:
        if rule.first_day is not None:
            yield rule.first_day
        if rule.last_day is not None:
            yield rule.last_day + DAY


def named_in(hours: Hours, questions: Iterable[Question]) -> Iterator[Question]:
    """Yield the questions that a requirement names, and those under whose readings these arise."""
    known = {question.id: question for question in questions}
    waiting = list(known.keys() & {leaf for leaf in leaves(hours) if isinstance(leaf, str)})
    while waiting:
        question = known.pop(waiting.pop(), None)
        if question is not None:
            yield question
            waiting += [question.under.question] if question.under is not None else []
