"""
What the fields of a rule may hold: a value, or one for each reading of a question.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import count
from typing import Any

import attrs

from peer_ledger.errors import Problem
from peer_ledger.rules._questions import ByQuestion
from peer_ledger.values._checks import Check, must_be
from peer_ledger.values._fields import shown_set, to_amount, to_optional_words

_COUNTER = count()


def varying(check: Check) -> Check:
    """Let a value stand that depends on a question, if under each of its readings it may stand itself."""

    def holds(value: ByQuestion) -> bool:
        return all(holds(part) if type(part) is ByQuestion else check.holds(part) for _, part in value.values)

    def inside(value: Any) -> Iterator[Problem]:
        if isinstance(value, ByQuestion):
            for name, part in value.values:
                yield from made.problems(f"values.{name}", part)

    name = f"holds_{next(_COUNTER)}"
    test = f"{name}(v) if type(v) is ByQuestion else ({check.test})"
    names = {**check.names, "ByQuestion": ByQuestion, name: holds}
    made = attrs.evolve(check, test=test, names=names, inside=inside)
    return made


def an(cls: type) -> Check:
    """Accept one value of this class."""
    return Check(f"type(v) is {cls.__name__}", must_be(f"a {cls.__name__}"), {}, {cls.__name__: cls})


def any_of(*classes: type) -> Check:
    """Accept one value of any of these classes."""
    names = {cls.__name__: cls for cls in classes}
    return Check(f"type(v) in ({', '.join(names)},)", must_be(f"one of {', '.join(names)}"), {}, names)


def to_optional_amount(value: Decimal | int | str | None) -> Decimal | None:
    """Convert what is an exact amount; hand on the rest."""
    return None if value is None else to_amount(value)


def to_varying_words(value: Any) -> Any:
    """Freeze a set of words, or each of those there are under the readings of a question."""
    return under_each(value, to_optional_words)


def under_each(value: Any, convert: Callable[[Any], Any]) -> Any:
    """Convert a value, or each of the values that it has under the readings of a question."""
    if isinstance(value, ByQuestion):
        return ByQuestion(by=value.by, values=[(name, under_each(part, convert)) for name, part in value.values])
    return convert(value)


def shown_words(value: Any) -> str:
    """Show a set of words in the same order whatever the process's hash seed."""
    return repr(value) if isinstance(value, ByQuestion) else shown_set(value)


FLAG = Check("type(v) is bool", must_be("true or false"), {"type": "boolean"})
WHOLE = Check(
    "type(v) is int and -1200 <= v <= 1200", must_be("a whole number from -1200 to 1200"), {"type": "integer"}
)
MONTHS = Check("type(v) is int and 1 <= v <= 1200", must_be("a whole number from 1 to 1200"), {"type": "integer"})
NOTICE = Check("type(v) is int and 0 <= v <= 1200", must_be("a whole number from 0 to 1200"), {"type": "integer"})
