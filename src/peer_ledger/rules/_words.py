"""
The check for words in a rule set that no vocabulary declares.
"""

from collections.abc import Iterator
from typing import Any

import attrs

from peer_ledger.errors import Problem, shown_name
from peer_ledger.rules._questions import ByQuestion
from peer_ledger.rules._ruleset import RuleSet
from peer_ledger.values.vocabularies import Vocabularies, Vocabulary, standard_vocabularies

_VOCABULARIES = {
    "TrainingFilter.topics": "topics", "TrainingFilter.not_topics": "topics",
    "TrainingFilter.deliveries": "deliveries", "TrainingFilter.not_deliveries": "deliveries",
    "TrainingFilter.roles": "roles", "TrainingFilter.not_roles": "roles",
    "TrainingFilter.approved_by": "approvers", "TrainingFilter.not_approved_by": "approvers",
    "Documents.document_kind": "documents", "Cohorts.document_kind": "documents", "Chosen.document_kind": "documents",
    "Condition.holds": "designations", "MethodDay.method": "filing-methods",
    "Quantity.unit": "units", "UnstatedQuantity.unit": "units", "UnitValue.unit": "units", "RuleSet.counts_in": "units",
}  # fmt: skip
"""The vocabulary that declares the words of each field."""


def check_rule_words(ruleset: RuleSet, vocabularies: Vocabularies | None = None) -> tuple[Problem, ...]:
    """
    Find undeclared words.  A misspelled word silently matches no record.

    Args:
        ruleset: The rule set.
        vocabularies: The declared words; `None` for those that come with the package.

    Returns:
        A problem for each undeclared word, with its path in the rule set; empty when all are declared.

    >>> from peer_ledger.rulesets import ruleset
    >>> check_rule_words(ruleset("us-nc-cpss"))
    ()
    """
    return tuple(_undeclared("", ruleset, vocabularies or standard_vocabularies()))


def words_named(value: Any, vocabulary: str) -> Iterator[str]:
    """Yield the words of a vocabulary that a rule set, or a part of one, names."""
    if isinstance(value, ByQuestion):
        for _, part in value.values:
            yield from words_named(part, vocabulary)
    elif isinstance(value, tuple):
        for part in value:
            yield from words_named(part, vocabulary)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            part = getattr(value, field.name)
            if _VOCABULARIES.get(f"{type(value).__name__}.{field.name}") == vocabulary:
                yield from _words_of(part)
            else:
                yield from words_named(part, vocabulary)


def _words_of(words: Any) -> Iterator[str]:
    if isinstance(words, ByQuestion):
        for _, part in words.values:
            yield from _words_of(part)
    else:
        yield from words if isinstance(words, frozenset) else filter(None, [words])


def _undeclared(path: str, value: Any, known: Vocabularies) -> Iterator[Problem]:
    if isinstance(value, ByQuestion):
        for reading, part in value.values:
            yield from _undeclared(f"{path}.values.{reading}", part, known)
    elif isinstance(value, tuple):
        for place, part in enumerate(value):
            yield from _undeclared(f"{path}[{place}]", part, known)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            name = f"{path}.{field.name}" if path else field.name
            part = getattr(value, field.name)
            vocabulary = _VOCABULARIES.get(f"{type(value).__name__}.{field.name}")
            if vocabulary is None:
                yield from _undeclared(name, part, known)
            else:
                yield from _unknown_words(name, part, known[vocabulary])


def _unknown_words(path: str, words: Any, vocabulary: Vocabulary) -> Iterator[Problem]:
    if isinstance(words, ByQuestion):
        for reading, part in words.values:
            yield from _unknown_words(f"{path}.values.{reading}", part, vocabulary)
        return
    for word in sorted(words) if isinstance(words, frozenset) else filter(None, [words]):
        if word not in vocabulary:
            near = vocabulary.find(word) or vocabulary.nearest(word)
            hint = f" (did you mean {near!r}?)" if near else ""
            yield Problem(path, f"{shown_name(word)} is not one of the declared {vocabulary.name}{hint}")
