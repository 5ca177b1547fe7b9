"""
The approving bodies that a rule set knows, and the question that other bodies raise.

An approval names its body by a word.  A word that a rule set never names may be another body, or one of its own under
another word; only a person can say which.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import attrs
from attrs import field

from peer_ledger.rules._questions import ByQuestion, Question, Reading
from peer_ledger.rules._training import TrainingFilter
from peer_ledger.values.vocabularies import standard_vocabularies

UNKNOWN_APPROVALS = "unknown-approvals"
"""The id of the question whether approvals by bodies that a rule set does not know count as those that it names."""


@attrs.frozen(kw_only=True)
class ApprovalQuestion(Question):
    """
    The question whether approvals by bodies that a rule set does not know count as those that it names.

    Attributes:
        named_bodies: The bodies that the rule set names.
    """

    named_bodies: frozenset[str] = field(repr=False)

    def unknown(self, bodies: Iterable[str]) -> frozenset[str]:
        """Return those of some bodies that the rule set does not name and no vocabulary declares."""
        return frozenset(body for body in bodies if body not in self.named_bodies and body not in _declared())


def bodies_named(value: Any) -> frozenset[str]:
    """
    Return the approving bodies that the training filters of a rule set, or of a part of one, name.
    """
    return frozenset(_named(value))


def approval_question(named: frozenset[str]) -> Question:
    """
    Return the question that approvals by other bodies raise.

    Args:
        named: The bodies that the rule set names.
    """
    return ApprovalQuestion(
        id=UNKNOWN_APPROVALS,
        asks=(
            "Is a body that these rules do not know one of the approving bodies under another name? "
            f"Known: {', '.join(sorted(named))}."
        ),
        readings=(
            Reading(id="counts", says="Yes, it is one of them."),
            Reading(id="does-not", says="No, it is another body."),
        ),
        assumed="does-not",
        weight="blocking",
        about="facts",
        named_bodies=named,
    )


@cache
def _declared() -> frozenset[str]:
    return frozenset(term.id for term in standard_vocabularies()["approvers"])


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, ByQuestion):
        for _, part in value.values:
            yield from _named(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from _named(part)
    elif isinstance(value, TrainingFilter):
        yield from (*(value.approved_by or ()), *(value.not_approved_by or ()))
        yield from _named(value.any_of)
    elif attrs.has(type(value)):
        for part in attrs.fields(type(value)):
            yield from _named(getattr(value, part.name))
