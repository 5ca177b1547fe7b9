"""
The checks of the fields of records, and the converters that run before them.
"""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, get_args

import attrs

from peer_ledger.errors import InvalidValue, nearest, shown
from peer_ledger.values._checks import IDENTIFIER, Check, Predicate, is_identifier, must_be
from peer_ledger.values._declared import misspelled
from peer_ledger.values.dates import FIRST_YEAR, LAST_YEAR, as_day
from peer_ledger.values.hours import PLAIN, exact, exact_hashable

_WORD_MEANT = (
    "must be a declared word: lower-case letters, digits and single hyphens, such as 'harm-reduction' "
    "(peer_ledger.values.vocabularies finds the word for a heading)"
)
_MOST_TEXT = 10_000
_MOST_LONG = 2**20
MOST_ITEMS = 100
_WORDS_MEANT = f"must be a set of at most {MOST_ITEMS} declared words, such as {{'ethics', 'harm-reduction'}}"
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_HEXADECIMAL = frozenset("0123456789abcdef")
_TERM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _has_form_of_term(text: str) -> bool:
    return len(text) <= 64 and _short_has_form(text)  # so that nothing long is kept by the cache


@lru_cache(maxsize=4096)
def _short_has_form(text: str) -> bool:
    return _TERM.fullmatch(text) is not None


# Every record passes through these predicates. Their loops are written out: all() over a generator takes twice as long.


def is_term(value: Any) -> bool:
    """Return whether a value has the form of a declared word."""
    return type(value) is str and _has_form_of_term(value)


def are_terms(value: Any) -> bool:
    """Return whether a value is a set of words, each in the form of a declared one."""
    if type(value) is not frozenset or len(value) > MOST_ITEMS:
        return False
    for word in value:  # noqa: SIM110
        if type(word) is not str or not _has_form_of_term(word):
            return False
    return True


def is_text(value: Any) -> bool:
    """Return whether a value may be recorded as text: not empty, not too long, and without control characters."""
    if type(value) is not str or not 0 < len(value) <= _MOST_TEXT:
        return False
    # The space is the only printable white space, so printable text needs no strip().
    if value.isprintable():
        return value[0] != " " != value[-1]
    return value == value.strip() and not _UNWRITABLE.search(value)


def _are_texts(value: Any) -> bool:
    return type(value) is frozenset and len(value) <= MOST_ITEMS and all(map(is_text, value))


def _is_cell(value: Any) -> bool:
    return type(value) is str and (value == "" or is_text(value))


def _is_key(value: Any) -> bool:
    return type(value) is tuple and 0 < len(value) <= 100 and all(map(_is_cell, value))


def _is_pair(value: Any) -> bool:
    return type(value) is frozenset and len(value) == 2 and all(map(is_identifier, value))


def is_day(value: Any) -> bool:
    """Return whether a value is a plain date within the package's calendar."""
    return type(value) is date and FIRST_YEAR <= value.year <= LAST_YEAR


def is_amount(value: Any) -> bool:
    """Return whether a value is an exact amount above 0, as the converter returns it."""
    return type(value) is Decimal and value > 0


def _is_amount_or_zero(value: Any) -> bool:
    return type(value) is Decimal


def _is_digest(value: Any) -> bool:
    return type(value) is str and len(value) == 64 and set(value) <= _HEXADECIMAL


def _is_long_ascii(value: Any) -> bool:
    return type(value) is str and 0 < len(value) <= _MOST_LONG and value.isascii() and value.isprintable()


def is_count(value: Any) -> bool:
    """Return whether a value is a whole number from 1 that every JSON reader represents exactly."""
    return type(value) is int and 1 <= value < 2**53


def _are_rising_counts(value: Any) -> bool:
    return type(value) is tuple and all(map(is_count, value)) and list(value) == sorted(set(value))


def _day_refusal(value: Any) -> str:
    try:
        as_day(value)
    except InvalidValue as error:
        return error.message
    return f"must be a day, not {shown(value)}"


@attrs.frozen
class Unusable:
    """
    A value that was given as an amount but is not one: the converter wraps it, and the check refuses it.
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
    is_term,
    lambda value: f"{_WORD_MEANT}, not {shown(value)}",
    {"type": "string", "pattern": r"^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 64},
)
TERMS = Check(
    are_terms,
    lambda value: f"{_WORDS_MEANT}, not {shown(value)}",
    {"type": "array", "items": TERM.schema, "uniqueItems": True, "maxItems": MOST_ITEMS},
)
TEXT = Check(
    is_text,
    must_be(f"a text of 1 to {_MOST_TEXT} characters without control characters and without spaces at its ends"),
    {"type": "string", "minLength": 1, "maxLength": _MOST_TEXT},
)
TEXTS = Check(
    _are_texts,
    must_be(f"a set of at most {MOST_ITEMS} texts without control characters and without spaces at their ends"),
    {"type": "array", "items": TEXT.schema, "uniqueItems": True, "maxItems": MOST_ITEMS},
)
KEY = Check(
    _is_key,
    must_be("the texts of 1 to 100 cells, without control characters and without spaces at their ends"),
    {"type": "array", "items": {"type": "string", "maxLength": _MOST_TEXT}, "minItems": 1, "maxItems": 100},
)
PAIR = Check(
    _is_pair,
    must_be("a set of two different ids"),
    {"type": "array", "items": IDENTIFIER.schema, "uniqueItems": True, "minItems": 2, "maxItems": 2},
)
DAY = Check(
    is_day,
    _day_refusal,
    {"type": "string", "format": "date", "pattern": r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"},
)
AMOUNT = Check(is_amount, _amount_refusal, {"type": "string", "pattern": f"^{PLAIN}$"})
DIGEST = Check(
    _is_digest,
    must_be("a digest: 64 hexadecimal digits in lower case"),
    {"type": "string", "pattern": "^[0-9a-f]{64}$"},
)
LONG_ASCII = Check(
    _is_long_ascii,
    must_be(f"a text of 1 to {_MOST_LONG} ASCII characters on one line"),
    {"type": "string", "pattern": "^[ -~]+$", "maxLength": _MOST_LONG},
)
AMOUNT_OR_ZERO = attrs.evolve(AMOUNT, holds=_is_amount_or_zero)
COUNT = Check(
    is_count,
    must_be("a whole number from 1"),
    {"type": "integer", "minimum": 1, "maximum": 2**53 - 1},
)
COUNTS = Check(
    _are_rising_counts,
    must_be("increasing whole numbers from 1"),
    {"type": "array", "items": COUNT.schema, "uniqueItems": True},
)


def word(vocabulary: str) -> Check:
    """Return the check of a field that holds a word of a vocabulary, or one that a user may still declare."""
    return attrs.evolve(
        TERM, vocabulary=vocabulary, refusal=lambda value: f"{_WORD_MEANT}, not {misspelled(value, vocabulary)}"
    )


def words(vocabulary: str) -> Check:
    """Return the check of a field that holds words of a vocabulary, or ones that a user may still declare."""
    return attrs.evolve(TERMS, vocabulary=vocabulary, refusal=lambda value: _words_refusal(value, vocabulary))


def _words_refusal(value: Any, vocabulary: str) -> str:
    """Return the message, which names the wrong words when the value is a set and not too large."""
    if not isinstance(value, frozenset) or len(value) > MOST_ITEMS:
        return TERMS.refusal(value)
    wrong = sorted(misspelled(item, vocabulary) for item in value if not is_term(item))
    return f"{_WORDS_MEANT}; not declared words: {'; '.join(wrong)}"


def one_of(literal: Any) -> Check:
    """Return the check of a field that holds one of the words of a `Literal`."""
    choices: tuple[str, ...] = get_args(literal)

    def is_choice(value: Any) -> bool:
        return type(value) is str and value in choices

    return Check(
        is_choice,
        lambda value: f"must be one of {', '.join(choices)}, not {shown(value)}{nearest(value, choices)}",
        {"enum": list(choices)},
    )


def is_a(cls: type) -> Predicate:
    """Return a predicate that holds for values of exactly this class."""

    def is_instance(value: Any) -> bool:
        return type(value) is cls

    return is_instance


def a(cls: type) -> Check:
    """Return the check of a field that holds a value of this class."""
    return Check(is_a(cls), must_be(f"a {cls.__name__}"), {"$ref": f"#/$defs/{cls.__name__}"})


def _are_all(values: Iterable[Any], cls: type) -> bool:
    for value in values:  # noqa: SIM110
        if type(value) is not cls:
            return False
    return True


def several(cls: type) -> Check:
    """Return the check of a field that holds a tuple of values of this class."""

    def are_instances(value: Any) -> bool:
        return type(value) is tuple and len(value) <= MOST_ITEMS and _are_all(value, cls)

    return Check(
        are_instances,
        must_be(f"a list of at most {MOST_ITEMS} {cls.__name__} values"),
        {"type": "array", "items": {"$ref": f"#/$defs/{cls.__name__}"}, "maxItems": MOST_ITEMS},
    )


def set_of(cls: type) -> Check:
    """Return the check of a field that holds a set of values of this class."""

    def are_instances(value: Any) -> bool:
        return type(value) is frozenset and len(value) <= MOST_ITEMS and _are_all(value, cls)

    return Check(
        are_instances,
        must_be(f"a set of at most {MOST_ITEMS} {cls.__name__} values"),
        {"type": "array", "items": {"$ref": f"#/$defs/{cls.__name__}"}, "uniqueItems": True, "maxItems": MOST_ITEMS},
    )


def to_day(value: date | str) -> date:
    """Return the plain date of a day or its text; return anything else as it is."""
    if type(value) is date:
        return value
    try:
        return as_day(value)
    except InvalidValue:
        return value  # type: ignore[return-value]  # the check refuses it by name


def to_optional_day(value: date | str | None) -> date | None:
    """Return the plain date of a day or its text; return anything else, including `None`, as it is."""
    return value if value is None or type(value) is date else to_day(value)


def to_amount(value: Decimal | int | str) -> Decimal:
    """Return the exact amount; wrap anything else as `Unusable`."""
    try:
        return exact_hashable(value)
    except (InvalidValue, TypeError):
        return Unusable(value)  # type: ignore[return-value]  # the check refuses it by name


def to_tuple(value: Any) -> Any:
    """Return a list as a tuple; return anything else as it is."""
    return tuple(value) if isinstance(value, list) else value


def to_set(value: Any) -> Any:
    """Return a set, list or tuple as a frozenset; return anything else as it is: a text is not a set of letters."""
    if type(value) is not frozenset and isinstance(value, set | frozenset | list | tuple):
        try:
            return frozenset(value)
        except TypeError:  # something in it cannot be hashed
            return value
    return value


def to_words(value: Iterable[str]) -> frozenset[str]:
    """Return texts as a frozenset; return anything else as it is."""
    words: frozenset[str] = to_set(value)
    return words


def to_optional_words(value: Iterable[str] | None) -> frozenset[str] | None:
    """Return texts as a frozenset; return anything else, including `None`, as it is."""
    return value if value is None or type(value) is frozenset else to_set(value)


def to_cells(value: Iterable[str]) -> tuple[str, ...]:
    """Return a list of texts as a tuple; return anything else as it is."""
    cells: tuple[str, ...] = to_tuple(value)
    return cells


def to_counts(value: Iterable[int]) -> tuple[int, ...]:
    """Return a list of whole numbers as a tuple; return anything else as it is."""
    counts: tuple[int, ...] = to_tuple(value)
    return counts


def shown_set(value: frozenset[Any] | None) -> str:
    """Return a set's repr in sorted order, which does not depend on the process's hash seed."""
    return "None" if value is None else "{" + ", ".join(sorted(map(repr, value))) + "}"
