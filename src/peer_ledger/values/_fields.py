"""
What the fields of records hold, and the converters that make values fit.
"""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, get_args

import attrs

from peer_ledger.errors import InvalidValue, nearest, shown
from peer_ledger.values._checks import IDENTIFIER, Check, must_be
from peer_ledger.values._declared import misspelled
from peer_ledger.values.dates import FIRST_YEAR, LAST_YEAR, as_day
from peer_ledger.values.hours import PLAIN, exact, exact_hashable

_WORD_MEANT = (
    "must be a declared word: lower-case letters, digits and single hyphens, as 'harm-reduction' "
    "(peer_ledger.values.vocabularies finds the word for a heading)"
)
_MOST_TEXT = 10_000
_MOST_LONG = 2**20
MOST_ITEMS = 100
_WORDS_MEANT = f"must be a set of at most {MOST_ITEMS} declared words, as {{'ethics', 'harm-reduction'}}"
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_TERM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@lru_cache(maxsize=4096)
def is_term(text: str) -> bool:
    """Whether a text has the form of a declared word."""
    return len(text) <= 64 and _TERM.fullmatch(text) is not None


def _are_terms(values: frozenset[Any]) -> bool:
    return all(type(value) is str and is_term(value) for value in values)


def is_text(text: str) -> bool:
    """Whether a text may be recorded: not empty, not endless, no control characters, no blanks at its ends."""
    if not 0 < len(text) <= _MOST_TEXT:
        return False
    return text == text.strip() and (text.isprintable() or not _UNWRITABLE.search(text))


def _are_all(values: Iterable[Any], cls: type) -> bool:
    return all(type(value) is cls for value in values)


def _are_texts(values: Iterable[Any]) -> bool:
    return all(type(value) is str and is_text(value) for value in values)


def _are_cells(values: Iterable[Any]) -> bool:
    return all(type(value) is str and (value == "" or is_text(value)) for value in values)


def _are_identifiers(values: Iterable[Any]) -> bool:
    return all(map(IDENTIFIER.holds, values))


def _are_rising_counts(values: tuple[Any, ...]) -> bool:
    return all(map(COUNT.holds, values)) and list(values) == sorted(set(values))


def _day_refusal(value: Any) -> str:
    try:
        as_day(value)
    except InvalidValue as error:
        return error.message
    return f"must be a day, not {shown(value)}"


@attrs.frozen
class Unusable:
    """
    What was given for an amount and is none; it lives until the check refuses it.
    """

    given: Any


def _amount_refusal(value: Any) -> str:
    try:
        amount = exact(value.given if isinstance(value, Unusable) else value)
    except InvalidValue as error:
        return error.message
    return f"must be more than 0, not {amount}"


RECORD_ID = attrs.evolve(
    IDENTIFIER,
    refusal=lambda value: (
        "is missing: give one, or the origin it can be derived from" if value is None else IDENTIFIER.refusal(value)
    ),
)
TERM = Check(
    "type(v) is str and is_term(v)",
    lambda value: f"{_WORD_MEANT}, not {shown(value)}",
    {"type": "string", "pattern": r"^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 64},
    {"is_term": is_term},
)
TERMS = Check(
    f"type(v) is frozenset and len(v) <= {MOST_ITEMS} and are_terms(v)",
    lambda value: f"{_WORDS_MEANT}, not {shown(value)}",
    {"type": "array", "items": TERM.schema, "uniqueItems": True, "maxItems": MOST_ITEMS},
    {"are_terms": _are_terms},
)
TEXT = Check(
    f"type(v) is str and (v.isprintable() and 0 < len(v) <= {_MOST_TEXT} and v[0] != ' ' != v[-1] or is_text(v))",
    must_be(f"a text of 1 to {_MOST_TEXT} characters without control characters or blanks at its ends"),
    {"type": "string", "minLength": 1, "maxLength": _MOST_TEXT},
    {"is_text": is_text},
)
TEXTS = Check(
    f"type(v) is frozenset and len(v) <= {MOST_ITEMS} and are_texts(v)",
    must_be(f"a set of at most {MOST_ITEMS} texts without control characters or blanks at their ends"),
    {"type": "array", "items": TEXT.schema, "uniqueItems": True, "maxItems": MOST_ITEMS},
    {"are_texts": _are_texts},
)
KEY = Check(
    "type(v) is tuple and 0 < len(v) <= 100 and are_cells(v)",
    must_be("the texts of 1 to 100 cells, without control characters or blanks at their ends"),
    {"type": "array", "items": {"type": "string", "maxLength": _MOST_TEXT}, "minItems": 1, "maxItems": 100},
    {"are_cells": _are_cells},
)
PAIR = Check(
    "type(v) is frozenset and len(v) == 2 and are_identifiers(v)",
    must_be("a set of two different ids"),
    {"type": "array", "items": IDENTIFIER.schema, "uniqueItems": True, "minItems": 2, "maxItems": 2},
    {"are_identifiers": _are_identifiers},
)
DAY = Check(
    f"type(v) is date and {FIRST_YEAR} <= v.year <= {LAST_YEAR}",
    _day_refusal,
    {"type": "string", "format": "date", "pattern": r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"},
    {"date": date},
)
AMOUNT = Check(
    "type(v) is Decimal and v > 0",
    _amount_refusal,
    {"type": "string", "pattern": f"^{PLAIN}$"},
    {"Decimal": Decimal},
)
DIGEST = Check(
    "type(v) is str and len(v) == 64 and is_hexadecimal(v)",
    must_be("a digest: 64 hexadecimal digits in lower case"),
    {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    {"is_hexadecimal": lambda text: set(text) <= set("0123456789abcdef")},
)
LONG_ASCII = Check(
    f"type(v) is str and 0 < len(v) <= {_MOST_LONG} and v.isascii() and v.isprintable()",
    must_be(f"a text of 1 to {_MOST_LONG} characters of ASCII in one line"),
    {"type": "string", "pattern": "^[ -~]+$", "maxLength": _MOST_LONG},
)
AMOUNT_OR_ZERO = attrs.evolve(AMOUNT, test="type(v) is Decimal")
COUNT = Check(
    "type(v) is int and 1 <= v < 2**53",
    must_be("a whole number from 1"),
    {"type": "integer", "minimum": 1, "maximum": 2**53 - 1},
)
COUNTS = Check(
    "type(v) is tuple and are_rising_counts(v)",
    must_be("whole numbers from 1, rising"),
    {"type": "array", "items": COUNT.schema, "uniqueItems": True},
    {"are_rising_counts": _are_rising_counts},
)


def word(vocabulary: str) -> Check:
    """Accept a word that this vocabulary declares, or that somebody may still declare."""
    return attrs.evolve(
        TERM, vocabulary=vocabulary, refusal=lambda value: f"{_WORD_MEANT}, not {misspelled(value, vocabulary)}"
    )


def words(vocabulary: str) -> Check:
    """Accept a set of words that this vocabulary declares, or that somebody may still declare."""
    return attrs.evolve(TERMS, vocabulary=vocabulary, refusal=lambda value: _words_refusal(value, vocabulary))


def _words_refusal(value: Any, vocabulary: str) -> str:
    """Refuse a set of words by naming those at fault, where it is a set and not too large."""
    if not isinstance(value, frozenset) or len(value) > MOST_ITEMS:
        return TERMS.refusal(value)
    wrong = sorted(misspelled(one, vocabulary) for one in value if not TERM.holds(one))
    return f"{_WORDS_MEANT}, and none of them is {'; nor '.join(wrong)}"


def one_of(literal: Any) -> Check:
    """Accept one of the words of a `Literal`."""
    choices: tuple[str, ...] = get_args(literal)
    return Check(
        f"type(v) is str and v in {choices!r}",
        lambda value: f"must be one of {', '.join(choices)}, not {shown(value)}{nearest(value, choices)}",
        {"enum": list(choices)},
    )


def a(cls: type) -> Check:
    """Accept one value of this class."""
    return Check(
        f"type(v) is {cls.__name__}",
        must_be(f"a {cls.__name__}"),
        {"$ref": f"#/$defs/{cls.__name__}"},
        {cls.__name__: cls},
    )


def several(cls: type) -> Check:
    """Accept a tuple of values of this class, in order."""
    return Check(
        f"type(v) is tuple and len(v) <= {MOST_ITEMS} and are_all(v, {cls.__name__})",
        must_be(f"a list of at most {MOST_ITEMS} {cls.__name__} values and of nothing else"),
        {"type": "array", "items": {"$ref": f"#/$defs/{cls.__name__}"}, "maxItems": MOST_ITEMS},
        {"are_all": _are_all, cls.__name__: cls},
    )


def set_of(cls: type) -> Check:
    """Accept a set of values of this class."""
    return Check(
        f"type(v) is frozenset and len(v) <= {MOST_ITEMS} and are_all(v, {cls.__name__})",
        must_be(f"a set of at most {MOST_ITEMS} {cls.__name__} values and of nothing else"),
        {"type": "array", "items": {"$ref": f"#/$defs/{cls.__name__}"}, "uniqueItems": True, "maxItems": MOST_ITEMS},
        {"are_all": _are_all, cls.__name__: cls},
    )


def to_day(value: date | str) -> date:
    """Convert what is a day; hand on the rest."""
    if type(value) is date:
        return value
    try:
        return as_day(value)
    except InvalidValue:
        return value  # type: ignore[return-value]  # the check refuses it by name


def to_optional_day(value: date | str | None) -> date | None:
    """Convert what is a day; hand on the rest."""
    return value if value is None or type(value) is date else to_day(value)


def to_amount(value: Decimal | int | str) -> Decimal:
    """Convert what is an exact amount; hand on the rest."""
    try:
        return exact_hashable(value)
    except (InvalidValue, TypeError):
        return Unusable(value)  # type: ignore[return-value]  # the check refuses it by name


def to_tuple(value: Any) -> Any:
    """Freeze a list; hand on the rest."""
    return tuple(value) if isinstance(value, list) else value


def to_set(value: Any) -> Any:
    """Freeze a set, list or tuple; hand on the rest, a text above all."""
    if type(value) is not frozenset and isinstance(value, set | frozenset | list | tuple):
        try:
            return frozenset(value)
        except TypeError:  # something in it cannot be hashed
            return value
    return value


def to_words(value: Iterable[str]) -> frozenset[str]:
    """Freeze a set of texts; hand on the rest."""
    words: frozenset[str] = to_set(value)
    return words


def to_optional_words(value: Iterable[str] | None) -> frozenset[str] | None:
    """Freeze a set of texts; hand on the rest."""
    return value if value is None or type(value) is frozenset else to_set(value)


def to_cells(value: Iterable[str]) -> tuple[str, ...]:
    """Freeze a list of texts; hand on the rest."""
    cells: tuple[str, ...] = to_tuple(value)
    return cells


def to_counts(value: Iterable[int]) -> tuple[int, ...]:
    """Freeze a list of whole numbers; hand on the rest."""
    counts: tuple[int, ...] = to_tuple(value)
    return counts


def shown_set(value: frozenset[Any] | None) -> str:
    """Show a set in one order, whatever the process's hash seed."""
    return "None" if value is None else "{" + ", ".join(sorted(map(repr, value))) + "}"
