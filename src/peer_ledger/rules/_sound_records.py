"""
Checks of questions that records may answer: what depends on one must depend on the records, too.
"""

from collections.abc import Iterator
from typing import Any

from peer_ledger.errors import Problem, shown_name
from peer_ledger.rules._built import is_known_text, placed
from peer_ledger.rules._consulted import inside
from peer_ledger.rules._points import Condition
from peer_ledger.rules._questions import ByQuestion, ReadingIs


def record_question_problems(ruleset: Any) -> Iterator[Problem]:
    """
    Yield a problem for what depends on a question alone that a condition asks only where the records are silent.

    The records may say that somebody supervises, while the question whether the person does is not answered: what
    depends on the question alone would contradict the records.

    Args:
        ruleset: The rule set, perhaps with parts that could not be built.
    """
    parts = list(inside("", ruleset))
    unrecorded = [value.if_unrecorded for _, value in parts if isinstance(value, Condition)]
    names = {asked.question for asked in unrecorded if isinstance(asked, ReadingIs) and is_known_text(asked.question)}
    if not names:
        return
    for place, question in placed(ruleset.questions):
        if isinstance(question.under, ReadingIs) and question.under.question in names:
            yield Problem(f"questions[{place}].under", _found(question.under.question))
    for path, value in parts:
        if isinstance(value, Condition) and value.question in names:
            yield Problem(f"{path}.question", _found(value.question))
        elif isinstance(value, ByQuestion) and value.by in names:
            yield Problem(f"{path}.by", _found(value.by))


def _found(question: Any) -> str:
    return (
        f"{shown_name(question)} is asked where the records are silent (if_unrecorded); what depends on it needs the "
        "condition that names it, not the question"
    )
