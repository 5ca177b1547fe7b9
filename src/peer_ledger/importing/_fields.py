"""
The fields that columns can fill, for each kind of record.
"""

from collections.abc import Mapping
from typing import Any, get_args

import attrs

from peer_ledger.records import Act, CoveredType, Decision, Effect, Level, Step
from peer_ledger.values._fields import TERM

PART = "hours."
"""The beginning of the name of a field for the hours on one topic, as `hours.ethics`."""


@attrs.frozen
class Field:
    """
    A field that a column may fill.

    Attributes:
        reads: How its cells are read.
        masked: Whether its cells may identify a person and so are never shown.
        choices: The vocabulary, or the possible words, that `reads` needs.
        is_recorded: Whether records hold it; if not, it only helps to read the row.
    """

    reads: str
    masked: bool = False
    choices: tuple[str, ...] = ()
    is_recorded: bool = True


def _text(*, masked: bool = True) -> Field:
    return Field("text", masked=masked)


_PERSON = Field("id", masked=True)
_DAY = Field("day")
_TERM = Field("term")
_NAMED = Field("named", masked=True)
_ROW = Field("text", masked=True)


_OFTEN_PEOPLE = ("providers", "approvers")
"""Vocabularies whose columns may hold the names of people: a trainer, whoever approved."""


def _word(vocabulary: str) -> Field:
    return Field("word", masked=vocabulary in _OFTEN_PEOPLE, choices=(vocabulary,))


def _words(vocabulary: str) -> Field:
    return Field("words", masked=vocabulary in _OFTEN_PEOPLE, choices=(vocabulary,))


def _choice(literal: Any) -> Field:
    return Field("choice", choices=get_args(literal))


_CREDITS = {"hours": Field("amount"), "unit": Field("unit"), "topics": _words("topics")}

FIELDS: Mapping[str, Mapping[str, Field]] = {
    "training-event": {
        "row": _ROW,
        "person": _PERSON,
        "completed": _DAY,
        "started": _DAY,
        "title": _text(),
        "course": Field("course"),
        "provider": _word("providers"),
        "delivery": Field("delivery"),
        "role": _word("roles"),
        **_CREDITS,
        "approvals": _words("approvers"),
        "evidence": _text(),
    },
    "course": {
        "row": _ROW,
        "title": _text(),
        "codes": Field("codes"),
        "provider": _word("providers"),
        "delivery": Field("delivery"),
        **_CREDITS,
        "approvals": _words("approvers"),
    },
    "certification": {
        "row": _ROW,
        "person": _PERSON,
        "credential": _TERM,
        "act": _choice(Act),
        "on": _DAY,
        "awarded": _DAY,
        "renewed": _DAY,
        "reinstated": _DAY,
        "expires": _DAY,
        "level": _choice(Level),
        "number": _text(),
    },
    "verification": {
        "row": _ROW,
        "person": _PERSON,
        "credential": _TERM,
        "seen": _DAY,
        "status": _word("board-statuses"),
        "shown_until": _DAY,
        "number": _text(),
    },
    "filing": {
        "row": _ROW,
        "person": _PERSON,
        "credential": _TERM,
        "step": _choice(Step),
        "designation": _word("designations"),
        "method": _word("filing-methods"),
        "sent": _DAY,
        "received": _DAY,
    },
    "document": {
        "row": _ROW,
        "person": _PERSON,
        "document_kind": _word("documents"),
        "on": _DAY,
        "by": _PERSON,
        "credential": _TERM,
        "step": _choice(Step),
        "value": Field("raw", masked=True),
        "unit": Field("unit"),
    },
    "designation": {
        "row": _ROW,
        "person": _PERSON,
        "name": _word("designations"),
        "awarded": _DAY,
        "by": _word("approvers"),
        "credential": _TERM,
        "last_day": _DAY,
    },
    "coverage": {
        "row": _ROW,
        "covers": _choice(CoveredType),
        "document_kind": _word("documents"),
        "person": _PERSON,
        "credential": _TERM,
        "first_day": _DAY,
        "last_day": _DAY,
    },
    "review": {
        "row": _ROW,
        "person": _PERSON,
        "event": _NAMED,
        "decision": _choice(Decision),
        "on": _DAY,
        **_CREDITS,
        "credential": _TERM,
        "by": _PERSON,
        "reason": _text(),
    },
    "ruling": {
        "row": _ROW,
        "person": _PERSON,
        "credential": _TERM,
        "on": _DAY,
        "requirement": _NAMED,
        "effect": _choice(Effect),
        "figure": Field("raw", masked=True),
        "unit": Field("unit"),
        "day": _DAY,
        "first_day": _DAY,
        "last_day": _DAY,
        "by": _PERSON,
        "reason": _text(),
    },
    "same-person": {
        "row": _ROW,
        "person": _PERSON,
        "other": _PERSON,
        "by": _PERSON,
    },
}
"""The fields of each kind of record that can be imported."""

NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "training-event": (("person",), ("completed",)),
    "course": (("title",), ("codes", "hours", "topics")),
    "certification": (("person",), ("on", "awarded", "renewed", "reinstated", "expires")),
    "verification": (("person",), ("seen",)),
    "filing": (("person",), ("sent", "received")),
    "document": (("person",), ("document_kind",), ("on",)),
    "designation": (("person",), ("name",)),
    "coverage": (("covers",),),
    "review": (("person",), ("event",), ("decision",), ("on",)),
    "ruling": (("person",), ("requirement",), ("on",), ("effect", "figure", "day")),
    "same-person": (("person",), ("other",)),
}
"""The groups of fields from each of which a kind of record needs at least one column."""


_READ_ONLY: Mapping[str, Mapping[str, Field]] = {
    "training-event": {"credential": attrs.evolve(_TERM, is_recorded=False)}
}
"""Fields that are read, if they are named, and not recorded: the credential in whose time zone a moment is a day."""


def field_of(kind: str, name: str) -> Field | None:
    """
    Find a field of a kind of record; return `None` when it has no such field.

    >>> field_of("training-event", "hours.ethics").reads, field_of("training-event", "expires")
    ('amount', None)
    """
    if name.startswith(PART) and "hours" in FIELDS[kind] and TERM.holds(name[len(PART) :]):
        return FIELDS[kind]["hours"]
    return FIELDS[kind].get(name) or _READ_ONLY.get(kind, {}).get(name)
