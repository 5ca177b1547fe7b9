"""
Checks of the fields of a rule, which hold a value or one for each reading of a question.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import attrs

from peer_ledger.errors import Problem
from peer_ledger.rules._questions import ByQuestion
from peer_ledger.values._checks import Check, Predicate, must_be
from peer_ledger.values._fields import is_a, shown_set, to_amount, to_optional_words


def varying(check: Check) -> Check:
    """Return a check that also accepts a value that depends on a question, if each of its values is acceptable."""

    def holds(value: Any) -> bool:
        return all(holds(part) for _, part in value.values) if type(value) is ByQuestion else check.holds(value)

    def inside(value: Any) -> Iterator[Problem]:
        if isinstance(value, ByQuestion):
            for name, part in value.values:
                yield from made.problems(f"values.{name}", part)

    made = attrs.evolve(check, holds=holds, inside=inside)
    return made


def an(cls: type) -> Check:
    """Return a check that accepts an instance of a class."""
    return Check(is_a(cls), must_be(f"a {cls.__name__}"), {})


def any_of(*classes: type) -> Check:
    """Return a check that accepts an instance of any of these classes."""

    def is_instance(value: Any) -> bool:
        return type(value) in classes

    return Check(is_instance, must_be(f"one of {', '.join(cls.__name__ for cls in classes)}"), {})


def all_of(*classes: type) -> Predicate:
    """Return a predicate for tuples, possibly empty, of instances of these classes."""

    def are_instances(value: Any) -> bool:
        return type(value) is tuple and all(type(item) in classes for item in value)

    return are_instances


def whole(lowest: int, highest: int) -> Predicate:
    """Return a predicate for whole numbers from `lowest` to `highest`."""

    def is_whole(value: Any) -> bool:
        return type(value) is int and lowest <= value <= highest

    return is_whole


def to_optional_amount(value: Decimal | int | str | None) -> Decimal | None:
    """Convert an exact amount; return `None` unchanged."""
    return None if value is None else to_amount(value)


def to_varying_words(value: Any) -> Any:
    """Freeze a set of words, or the set under each reading of a question."""
    return under_each(value, to_optional_words)


def under_each(value: Any, convert: Callable[[Any], Any]) -> Any:
    """Convert a value, or the value under each reading of a question."""
    if isinstance(value, ByQuestion):
        return ByQuestion(by=value.by, values=[(name, under_each(part, convert)) for name, part in value.values])
    return convert(value)


def shown_words(value: Any) -> str:
    """Show a set of words in the same order regardless of the process's hash seed."""
    return repr(value) if isinstance(value, ByQuestion) else shown_set(value)


FLAG = Check(is_a(bool), must_be("true or false"), {"type": "boolean"})
WHOLE = Check(whole(-1200, 1200), must_be("a whole number from -1200 to 1200"), {"type": "integer"})
MONTHS = Check(whole(1, 1200), must_be("a whole number from 1 to 1200"), {"type": "integer"})
NOTICE = Check(whole(0, 1200), must_be("a whole number from 0 to 1200"), {"type": "integer"})
