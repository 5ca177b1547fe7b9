"""
The sentence of a requirement, made from its figures, where the author wrote none.

>>> says_of({"kind": "hours", "id": "training", "need": 20}, "hour")
'At least 20 hours of training.'
>>> says_of({"kind": "hours", "id": "ethics", "need": "1.5", "counts": {"topics": ["ethics"]}}, "hour")
'At least 1.5 hours of training on ethics.'
>>> says_of({"kind": "documents", "id": "fee", "document_kind": "fee", "at_least": {"amount": 20, "unit": "us-dollar"}},
...         "hour")
'A $20 fee.'
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from peer_ledger.rules import AnyOf, Custom, Documents, Hours, SessionCount
from peer_ledger.rulesets._papers import paper
from peer_ledger.values._wording import amount, counted, dollars
from peer_ledger.values.hours import plain_hours
from peer_ledger.values.vocabularies import standard_vocabularies

_NUMBERS = ("", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")


_ACTIVITIES = frozenset({"training", "trainings", "education", "course", "courses", "work", "supervision", "study"})
"""What hours are of; anything else they are on."""


def says_of(found: Mapping[str, Any], unit: str) -> str:
    """
    Return a sentence for a requirement or a part; an empty text when none can be made.

    Args:
        found: The requirement as it stands in the file, everything else written out.
        unit: The unit in which the rule set counts.
    """
    kind = found.get("kind")
    if kind == Documents.kind:
        return _documents(found)
    if kind == AnyOf.kind:
        listed = found.get("options")
        options = [one.get("says") for one in listed if type(one) is dict] if type(listed) is list else []
        said = [one.rstrip(".") for one in options if type(one) is str]
        return f"{'; or '.join([said[0], *map(_uncapitalized, said[1:])])}." if len(said) > 1 else ""
    if kind == Custom.kind:
        return ""
    need = _figure(found.get("need", 1), "training" if kind == SessionCount.kind else unit)
    if need is None:
        return ""
    called = found.get("called")
    if type(called) is str:
        return _of_called(called, need)
    topics = _topics(found)
    if topics is None:
        return ""
    if topics.startswith(_ON_THE):
        return _of_called(topics.removeprefix(" on "), need)
    if kind == SessionCount.kind:
        return f"At least {need}{topics}."
    return f"At least {need} of training{topics}."


def _of_called(called: str, need: str) -> str:
    if called.startswith(("the ", "a ", "an ")):
        return f"{called[0].upper()}{called[1:]}, at least {need}."
    return f"At least {need} {'of' if _ACTIVITIES & set(called.split()) else 'on'} {called}."


def _uncapitalized(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def called_of(found: Mapping[str, Any]) -> str:
    """
    Return how a requirement for training on certain topics is called; an empty text when none can be made.
    """
    topics = _topics(found, only=True) if found.get("kind") in (None, Hours.kind, SessionCount.kind) else None
    if topics is not None and topics.startswith(_ON_THE):
        return topics.removeprefix(" on ")
    return f"training{topics}" if topics else ""


def cap_says(found: Mapping[str, Any], unit: str) -> str:
    """
    Return a sentence for a cap; an empty text when none can be made.
    """
    figure, topics = _figure(found.get("at_most"), unit), _topics(found)
    if figure is not None and topics == _OPEN:
        return f"At most {figure} of some training{_OPEN}."
    return f"At most {figure}{topics}." if figure is not None and topics else ""


def _figure(value: Any, unit: str) -> str | None:
    """Return an amount in words; under a question, all that it may be."""
    number = _number(value)
    if number is not None:
        return counted(int(number), "training") if unit == "training" else amount(number, unit)
    if type(value) is dict and type(value.get("values")) is dict:
        numbers = [_number(one) for one in value["values"].values()]
        known = sorted({one for one in numbers if one is not None})
        if known and len(known) == len(set(numbers)):
            *others, last = known
            first = ", ".join(map(plain_hours, others))
            return f"{first} or {amount(last, unit)}" if others else amount(last, unit)
    return None


def _number(value: Any) -> Fraction | None:
    if type(value) is int:
        return Fraction(value)
    return Fraction(value) if type(value) is str and _NUMBER.fullmatch(value) else None


_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
"""An amount as a text; one with an exponent may be a number that no computer holds."""

_MANY = 4
_OPEN = "; which training that is, the sources leave open"
_ON_THE = " on the "
"""How training begins whose topic is not what it is on, but what it is: the course that leads to certification."""

_WORDS = {
    "topics": ("topics", "on", True),
    "not_topics": ("topics", "not on", True),
    "deliveries": ("deliveries", "given", True),
    "not_deliveries": ("deliveries", "not given", True),
    "approved_by": ("approvers", "approved by", False),
    "not_approved_by": ("approvers", "not approved by", False),
}
"""The vocabulary of a key of `counts`, the words before its words, and whether these are no names."""


def _topics(found: Mapping[str, Any], *, only: bool = False) -> str | None:
    """Return what training is on; `None` when more of it matters than can be said in few words."""
    counts = found.get("counts")
    if counts is None:
        return ""
    if type(counts) is dict and "by" in counts:
        return None if only else _OPEN
    if type(counts) is not dict or counts.keys() - {"unknown_fits", *_WORDS} or (only and "topics" not in counts):
        return None
    said = ""
    for key, (vocabulary, before, is_common) in _WORDS.items():
        if key in counts:
            words = _named(counts[key], vocabulary, is_common=is_common)
            if words is None or (only and key != "topics"):
                return None
            said += f"{',' if said else ''} {before} {words}"
    return said


def _named(value: Any, vocabulary: str, *, is_common: bool) -> str | None:
    """Return the names of words; `None` when there are none, or too many."""
    if type(value) is not list or not 0 < len(value) < _MANY or not all(type(one) is str for one in value):
        return None
    known = standard_vocabularies()[vocabulary]
    terms = [(one, known.term(one)) for one in value]
    names = [one.replace("-", " ") if term is None else term.name for one, term in terms]
    return " or ".join(map(_uncapitalized, names) if is_common else names)


def _documents(found: Mapping[str, Any]) -> str:
    name, kind = found.get("id"), found.get("document_kind")
    known = paper(name, kind) if type(name) is str and type(kind) is str else None
    if known is None:
        return ""
    need = found.get("need", 1)
    words = _NUMBERS[need] if type(need) is int and 0 < need < len(_NUMBERS) else str(need)
    at_least = found.get("at_least")
    if type(need) is dict or "grows" in found or (at_least is None and found.get("at_most") is not None):
        return ""
    if at_least is None:
        said = known.without or ("" if "{at_least}" in known.says else known.says)
        if need == 1 and "{need}" in said:
            return {"{need} references.": "A reference."}.get(said, "A letter of recommendation.")
        return said.format(need=words)
    stated, most = _quantity(at_least), found.get("at_most")
    if stated is not None and most is not None:
        stated = None if (limit := _quantity(most)) is None else f"{stated} and at most {limit}"
    if stated is None or not known.says:
        return ""
    said = known.says.format(at_least=stated, need=words)
    return f"An{said[1:]}" if re.match(r"A \$(?:8|1[18](?:\D|$))", said) else said


def _quantity(value: Any) -> str | None:
    number = _number(value.get("amount")) if type(value) is dict else None
    unit = value.get("unit") if type(value) is dict else None
    if number is None or type(unit) is not str:
        return None
    if unit == "month" and number % 12 == 0:
        return amount(number / 12, "year")
    return dollars(number) if unit == "us-dollar" else amount(number, unit)
