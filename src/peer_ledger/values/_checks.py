"""
The check of a record's field: a predicate, the message when it fails, and the JSON Schema of allowed values.

A class names its checks as the validators of its fields and `fused` as attrs' field transformer, which runs all of them
in one validator. A validator per field would make a record cost three times a bare attrs class instead of twice
(tests/benchmarks). Only when a predicate fails is every field examined, so that the error lists all problems.

A converter returns a value that it cannot convert as it is, and the check then refuses it with the field's name.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs

from peer_ledger.errors import InvalidRecord, Problem, shown

Predicate = Callable[[Any], bool]
Refusal = Callable[[Any], str]


@attrs.frozen(eq=False)
class Check:
    """
    The values that a field may hold.

    Attributes:
        holds: Returns whether a value, which may be of any class, is allowed.
        refusal: Returns the message about a value that is not allowed.
        schema: The JSON Schema of the value's JSON form.
        optional: Whether `None`, which means unknown, is allowed too.
        vocabulary: The vocabulary that declares the allowed words; `None` when there is none.
        inside: Yields what is wrong inside a value that is made of others, with paths that begin at the value; `None`
            for other values.
    """

    holds: Predicate
    refusal: Refusal
    schema: Mapping[str, Any]
    optional: bool = False
    vocabulary: str | None = None
    inside: Callable[[Any], Iterator[Problem]] | None = None

    def problem(self, value: Any) -> str | None:
        """Return what is wrong with a value; `None` when nothing is."""
        if (value is None and self.optional) or self.holds(value):
            return None
        return self.refusal(value)

    def problems(self, path: str, value: Any) -> Iterator[Problem]:
        """Yield what is wrong with a value at a path; for a value that is made of others, at the paths of its parts."""
        if message := self.problem(value):
            within = list(self.inside(value)) if self.inside else []
            yield from (problem.below(path) for problem in within) if within else (Problem(path, message),)

    def __call__(self, record: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
        """Raise: a check stands in for an attrs validator only until `fused` replaces it."""
        raise NotImplementedError("a class whose fields have checks needs field_transformer=fused")


def fused(cls: type, fields: list["attrs.Attribute[Any]"]) -> list["attrs.Attribute[Any]"]:
    """
    Move the checks of a class's fields into one validator, that of its last field.

    attrs runs validators after all fields are set, so the validator of the last field sees the whole record.
    """
    checks = {field.name: check_of(field) for field in fields}
    validator = _validator(cls, {name: check for name, check in checks.items() if check is not None})
    return [
        field.evolve(
            metadata={**field.metadata, Check: checks[field.name]},
            validator=validator if field is fields[-1] else None,
        )
        for field in fields
    ]


def _validator(cls: type, checks: Mapping[str, Check]) -> Callable[[Any, Any, Any], None]:
    """
    Build the function that raises `InvalidRecord` unless every field holds what it may.

    Its source text contains only field names and calls of predicates. Records are made by the hundred thousand, and a
    loop over the same predicates takes a fifth longer.
    """
    lines = ["def validate(record, _attribute, _value):"]
    names: dict[str, Any] = {"invalid": invalid}
    for name, check in checks.items():
        names[f"{name}_holds"] = check.holds
        known = "value is not None and " if check.optional else ""
        lines += [
            f"    value = record.{name}",
            f"    if {known}not {name}_holds(value): raise invalid(record)",
        ]
    exec(compile("\n".join(lines), f"<checks of {cls.__name__}>", "exec"), names)  # noqa: S102 - our own text
    validator: Callable[[Any, Any, Any], None] = names["validate"]
    return validator


def check_of(field: "attrs.Attribute[Any]") -> Check | None:
    """Return the check of a field, before or after `fused`; `None` when it has none."""
    if isinstance(field.validator, Check):
        return field.validator
    check: Check | None = field.metadata.get(Check)
    return check


def field_problems(cls: type, values: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what the checks of a class find wrong with values of its fields."""
    for field in attrs.fields(cls):
        check = check_of(field)
        if check is not None and field.name in values:
            yield from check.problems(field.name, values[field.name])


def invalid(record: Any) -> InvalidRecord:
    """Return the error that lists everything that is wrong with a record whose fields are set."""
    cls = type(record)
    return refused(record, tuple(field_problems(cls, {f.name: getattr(record, f.name) for f in attrs.fields(cls)})))


def refused(record: Any, problems: tuple[Problem, ...]) -> InvalidRecord:
    """Return the error that names a record and lists these problems with it."""
    record_id = getattr(record, "id", None)
    kind = getattr(type(record), "record_type", type(record).__name__)
    return InvalidRecord(kind, record_id if IDENTIFIER.holds(record_id) else None, problems)


def refuse_reversed(record: Any, first: str, last: str) -> None:
    """
    Raise when a record's `last` day is before its `first` day and both are known.

    Raises:
        InvalidRecord: The last day is before the first.
    """
    if (begins := getattr(record, first)) and (ends := getattr(record, last)) and ends < begins:
        raise refused(record, (Problem(last, f"is before {first}, {begins}"),))


def optional(check: Check) -> Check:
    """Return the same check, which also allows `None`, the unknown."""
    return attrs.evolve(check, optional=True)


def must_be(words: str) -> Refusal:
    """Return a function that builds the message from what was expected and what was given."""
    return lambda value: f"must be {words}, not {shown(value)}"


def is_identifier(value: Any) -> bool:
    """Return whether a value is an id: 1 to 200 printable ASCII characters without spaces."""
    return type(value) is str and 0 < len(value) <= 200 and value.isascii() and value.isprintable() and " " not in value


IDENTIFIER = Check(
    is_identifier,
    must_be("an id: 1 to 200 ASCII letters, digits and punctuation marks, without spaces"),
    {"type": "string", "pattern": r"^[!-~]{1,200}$"},
)
