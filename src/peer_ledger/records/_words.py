"""
Finding the words of records that no vocabulary declares.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from peer_ledger.errors import Problem, nearest, shown_name
from peer_ledger.records._certification import Document
from peer_ledger.records._record import Record
from peer_ledger.values._checks import Check, check_of
from peer_ledger.values.dates import MonthDay
from peer_ledger.values.vocabularies import OPEN_VOCABULARIES, VALUE_TYPES, Vocabularies, standard_vocabularies


def check_words(
    records: Iterable[Record], vocabularies: Vocabularies | None = None, *, credentials: Iterable[str] | None = None
) -> tuple[Problem, ...]:
    """
    Find the words of records that no vocabulary declares, and the values of documents that have the wrong type.

    Args:
        records: Any records.
        vocabularies: The declared words; `None` for the bundled ones.
        credentials: The ids of the rule sets that there are, as `ruleset_ids` returns them; `None` to accept any.

    Returns:
        The problems, each with a path that begins with the record's id; none when every word is declared.

    >>> from peer_ledger.records import Credit, TrainingEvent
    >>> credit = Credit(amount=1, topics={"etics"})
    >>> event = TrainingEvent(id="e-1", person="p-1", completed="2025-03-04", credits=[credit])
    >>> print(*check_words([event]))
    e-1.credits[0].topics: 'etics' is not one of the topics; did you mean 'ethics'?
    """
    known = vocabularies or standard_vocabularies()
    ids = None if credentials is None else frozenset(credentials)
    return tuple(
        problem.below(record.id)
        for record in records
        for problem in (
            *_undeclared(record, known),
            *_misplaced_value(record, known),
            *_unknown_credential(record, ids),
        )
    )


def _unknown_credential(record: Record, known: frozenset[str] | None) -> Iterator[Problem]:
    credential = getattr(record, "credential", None)
    if known is not None and credential is not None and credential not in known:
        hint = nearest(credential, sorted(known))
        yield Problem("credential", f"{shown_name(credential)} is not the id of a rule set{hint}")


def _undeclared(value: Any, known: Vocabularies) -> Iterator[Problem]:
    for field in attrs.fields(type(value)):
        inner = getattr(value, field.name)
        check = check_of(field)
        if check is not None and check.vocabulary is not None:
            yield from _unknown_words(field.name, check, inner, known)
        elif isinstance(inner, tuple | frozenset):
            for position, part in enumerate(inner if isinstance(inner, tuple) else sorted(inner, key=repr)):
                if attrs.has(type(part)):
                    place = f"{field.name}[{position}]" if isinstance(inner, tuple) else field.name
                    yield from (problem.below(place) for problem in _undeclared(part, known))
        elif inner is not None and attrs.has(type(inner)) and not isinstance(inner, MonthDay):
            yield from (problem.below(field.name) for problem in _undeclared(inner, known))


def _unknown_words(name: str, check: Check, value: Any, known: Vocabularies) -> Iterator[Problem]:
    vocabulary = known[check.vocabulary or ""]
    if vocabulary.name in OPEN_VOCABULARIES and not vocabulary:
        return
    words = sorted(value) if isinstance(value, frozenset) else [] if value is None else [value]
    for word in words:
        if word not in vocabulary:
            near = vocabulary.find(word) or vocabulary.nearest(word)
            hint = f"; did you mean {near!r}?" if near else "; declare it with Vocabularies.extended"
            yield Problem(name, f"{shown_name(word)} is not one of the {vocabulary.name}{hint}")


def _misplaced_value(record: Record, known: Vocabularies) -> Iterator[Problem]:
    if isinstance(record, Document) and record.value is not None:
        term = known["documents"].term(record.kind)
        if term is not None and term.value != (kind := _kind_of(record.value)):
            wanted = f"must have a {term.value}" if term.value else "has no value"
            yield Problem("value", f"is a {kind}, but {record.kind!r} {wanted}")


def _kind_of(value: Any) -> str:
    return next((kind for kind, cls in VALUE_TYPES.items() if type(value) is cls), "day")
