"""
The check of the arguments of public functions: a wrong type is refused by the name of the argument.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from functools import wraps
from os import PathLike
from typing import Any, ParamSpec, TypeVar

from peer_ledger.errors import InvalidValue, shown

Taken = ParamSpec("Taken")
Returned = TypeVar("Returned")
Wanted = tuple[Callable[[Any], bool], str]
"""A predicate for the values that an argument may have, and what they are, in words."""


def arguments(**wanted: Wanted) -> Callable[[Callable[Taken, Returned]], Callable[Taken, Returned]]:
    """
    Return a decorator that checks the arguments of a function before it is called.

    Args:
        wanted: What each argument may be, by name.  Arguments that are left out of a call are not checked.

    Raises:
        InvalidValue: An argument is of another type; the message begins with its name.
    """

    def decorate(function: Callable[Taken, Returned]) -> Callable[Taken, Returned]:
        names = function.__code__.co_varnames

        @wraps(function)
        def checked(*args: Taken.args, **kwargs: Taken.kwargs) -> Returned:
            for name, value in (*zip(names, args, strict=False), *kwargs.items()):
                if name in wanted and not _holds(wanted[name][0], value):
                    raise InvalidValue(f"{name} must be {wanted[name][1]}, not {shown(value)}")
            return function(*args, **kwargs)

        return checked

    return decorate


def _holds(test: Callable[[Any], bool], value: Any) -> bool:
    """Return whether a value passes a test; one that the test cannot even look at does not."""
    try:
        return test(value)
    except (TypeError, ValueError, RecursionError):
        return False


def an_instance(words: str, *classes: type) -> Wanted:
    """Return what an argument may be that is an instance of a class."""
    return lambda value: isinstance(value, classes), words


def _is_each_text(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(part, str) for pair in value.items() for part in pair)


def _is_items(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping)


A_TEXT: Wanted = (lambda value: isinstance(value, str), "a text")
A_PATH: Wanted = (lambda value: isinstance(value, str | PathLike), "the path of a file")
A_DAY: Wanted = (lambda value: isinstance(value, date | str), "a day, as a date or as '2026-02-15'")
A_DAY_OR_NONE: Wanted = (lambda value: value is None or A_DAY[0](value), f"{A_DAY[1]}, or None")
A_FLAG: Wanted = (lambda value: isinstance(value, bool), "True or False")
READINGS: Wanted = (
    lambda value: value is None or _is_each_text(value),
    "a mapping of the ids of questions to the ids of readings, or None",
)
A_NUMBER_OR_NONE: Wanted = (lambda value: value is None or type(value) is int, "a whole number, or None")
A_COUNT: Wanted = (lambda value: type(value) is int and value >= 0, "a whole number from 0")
A_TEXT_OR_NONE: Wanted = (lambda value: value is None or isinstance(value, str), "a text, or None")
ITEMS: Wanted = (_is_items, "a list or another iterable")
TEXTS_OR_NONE: Wanted = (
    lambda value: value is None or (_is_items(value) and all(isinstance(text, str) for text in _kept(value))),
    "a list of texts, or None",
)
TEXT_OR_TEXTS: Wanted = (
    lambda value: isinstance(value, str) or (value is not None and TEXTS_OR_NONE[0](value)),
    "a text, or a list of texts",
)


def a_list_of(wanted: str, test: Callable[[Any], bool]) -> Wanted:
    """Return what a list or another iterable must hold: a test of each item, and words for it."""
    return lambda value: _is_items(value) and all(map(test, _kept(value))), f"a list of {wanted}"


def _kept(value: Any) -> Any:
    """Return a collection for looking into it; nothing for an iterator, which can be read only once."""
    return value if isinstance(value, Collection) else ()
