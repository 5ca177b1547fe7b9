"""
What a field of a record may hold: one object says the test, the words for an error and the JSON Schema.

A class names its checks as the validators of its fields and `fused` as attrs' field transformer, which writes the tests
of a class into one function: a call for each field would make a record cost more than three times a bare one, instead
of less than twice (tests/benchmarks).  When a test fails, every field is looked at, so that one error lists all that is
wrong.

Converters are lenient on purpose: what they cannot convert they hand on, for the check to refuse by name.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs

from peer_ledger.errors import InvalidRecord, Problem, shown

Refusal = Callable[[Any], str]


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


IDENTIFIER = Check(
    "type(v) is str and 0 < len(v) <= 200 and v.isascii() and v.isprintable() and ' ' not in v",
    must_be("an id: 1 to 200 letters, digits and signs of ASCII without blanks"),
    {"type": "string", "pattern": r"^[!-~]{1,200}$"},
)
