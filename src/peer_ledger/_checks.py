"""
What a field of a record may hold: one object says the test, the words for an error and the JSON Schema.

A class names its checks as the validators of its fields and `fused` as attrs' field transformer, which writes the tests
of a class into one function: a call for each field would make a record cost more than three times a bare one, instead
of less than twice (tests/benchmarks).  When a test fails, every field is looked at, so that one error lists all that is
wrong.

Converters are lenient on purpose: what they cannot convert they hand on, for the check to refuse by name.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, get_args

import attrs

from peer_ledger._declared import misspelt
from peer_ledger.dates import FIRST_YEAR, LAST_YEAR, as_day
from peer_ledger.errors import InvalidRecord, InvalidValue, Problem, nearest, shown
from peer_ledger.hours import PLAIN, exact, exact_hashable

_WORD_MEANT = (
    "must be a declared word: lower-case letters, digits and single hyphens, as 'harm-reduction' "
    "(peer_ledger.vocabularies finds the word for a heading)"
)
Refusal = Callable[[Any], str]

_MOST_TEXT = 10_000
_MOST_LONG = 2**20
MOST_ITEMS = 100
_WORDS_MEANT = f"must be a set of at most {MOST_ITEMS} declared words, as {{'ethics', 'harm-reduction'}}"
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_TERM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@attrs.frozen(eq=False)
class Check:
    """
    What one field may hold.

    Attributes:
        test: An expression over the value `v`: whether it may stand there.
        refusal: What to say of a value that may not.
        schema: The JSON Schema of the value's JSON form.
        names: What the expression speaks of beside `v` and the built-ins.
        optional: Whether `None`, the unknown, may stand there too.
        vocabulary: The vocabulary that declares the words that may stand there, where one does.
        inside: What is wrong within a value that is made of others, with paths from it; nothing for other values.
    """

    test: str
    refusal: Refusal
    schema: Mapping[str, Any]
    names: Mapping[str, Any] = attrs.field(factory=dict)
    optional: bool = False
    vocabulary: str | None = None
    inside: Callable[[Any], Iterator[Problem]] | None = None

    @cached_property
    def holds(self) -> Callable[[Any], bool]:
        """The test of a single value, compiled when it is first needed: most checks only ever run fused."""
        test: Callable[[Any], bool] = eval(f"lambda v: bool({self.test})", dict(self.names))  # noqa: S307 - our own text
        return test

    def problem(self, value: Any) -> str | None:
        """Say what is wrong with a value, or `None`."""
        if (value is None and self.optional) or self.holds(value):
            return None
        return self.refusal(value)

    def problems(self, path: str, value: Any) -> Iterator[Problem]:
        """Say what is wrong with the value at a path, where it is made of others with the path of what is wrong."""
        if message := self.problem(value):
            within = list(self.inside(value)) if self.inside else []
            yield from (problem.below(path) for problem in within) if within else (Problem(path, message),)

    def __call__(self, record: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
        """Stand in the place of an attrs validator until `fused` takes it up."""
        raise NotImplementedError("a class whose fields have checks needs field_transformer=fused")


def fused(cls: type, fields: list["attrs.Attribute[Any]"]) -> list["attrs.Attribute[Any]"]:
    """
    Move the checks of a class's fields into one validator, that of its last field.

    attrs runs validators when all fields are set, so the last one sees the whole record.
    """
    checks = {field.name: check_of(field) for field in fields}
    lines = ["def check(record, _attribute, _value):"]
    names: dict[str, Any] = {"invalid": invalid}
    for name, check in checks.items():
        if check is not None:
            for own, value in check.names.items():
                if names.setdefault(own, value) is not value:
                    raise TypeError(f"two checks of {cls.__name__} mean different things by {own}")
            known = "v is not None and " if check.optional else ""
            lines += [f"    v = record.{name}", f"    if {known}not ({check.test}): raise invalid(record)"]
    exec(compile("\n".join(lines), f"<checks of {cls.__name__}>", "exec"), names)  # noqa: S102 - our own text
    return [
        field.evolve(
            metadata={**field.metadata, Check: checks[field.name]},
            validator=names["check"] if field is fields[-1] else None,
        )
        for field in fields
    ]


def check_of(field: "attrs.Attribute[Any]") -> Check | None:
    """Find the check of a field, before or after it was fused."""
    if isinstance(field.validator, Check):
        return field.validator
    check: Check | None = field.metadata.get(Check)
    return check


def field_problems(cls: type, values: Mapping[str, Any]) -> Iterator[Problem]:
    """List what the checks of a class have to say of the values of some of its fields."""
    for field in attrs.fields(cls):
        check = check_of(field)
        if check is not None and field.name in values:
            yield from check.problems(field.name, values[field.name])


def invalid(record: Any) -> InvalidRecord:
    """Gather all that is wrong with a record whose fields are set."""
    cls = type(record)
    return refused(record, tuple(field_problems(cls, {f.name: getattr(record, f.name) for f in attrs.fields(cls)})))


def refused(record: Any, problems: tuple[Problem, ...]) -> InvalidRecord:
    """Name the record that some problems are about."""
    record_id = getattr(record, "id", None)
    kind = getattr(type(record), "record_type", type(record).__name__)
    return InvalidRecord(kind, record_id if IDENTIFIER.holds(record_id) else None, problems)


def refuse_reversed(record: Any, first: str, last: str) -> None:
    """
    Refuse a record of which one day, where both are known, is after another.

    Raises:
        InvalidRecord: It is.
    """
    if (begins := getattr(record, first)) and (ends := getattr(record, last)) and ends < begins:
        raise refused(record, (Problem(last, f"is before {first}, {begins}"),))


def optional(check: Check) -> Check:
    """Let the unknown stand where `check` tells what the known may be."""
    return attrs.evolve(check, optional=True)


def must_be(words: str) -> Refusal:
    """Refuse a value by saying what is meant, and what came."""
    return lambda value: f"must be {words}, not {shown(value)}"


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


IDENTIFIER = Check(
    "type(v) is str and 0 < len(v) <= 200 and v.isascii() and v.isprintable() and ' ' not in v",
    must_be("an id: 1 to 200 letters, digits and signs of ASCII without blanks"),
    {"type": "string", "pattern": r"^[!-~]{1,200}$"},
)
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
        TERM, vocabulary=vocabulary, refusal=lambda value: f"{_WORD_MEANT}, not {misspelt(value, vocabulary)}"
    )


def words(vocabulary: str) -> Check:
    """Accept a set of words that this vocabulary declares, or that somebody may still declare."""
    return attrs.evolve(TERMS, vocabulary=vocabulary, refusal=lambda value: _words_refusal(value, vocabulary))


def _words_refusal(value: Any, vocabulary: str) -> str:
    """Refuse a set of words by naming those at fault, where it is a set and not too large."""
    if not isinstance(value, frozenset) or len(value) > MOST_ITEMS:
        return TERMS.refusal(value)
    wrong = sorted(misspelt(one, vocabulary) for one in value if not TERM.holds(one))
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
