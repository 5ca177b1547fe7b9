"""
TOML text, read within bounds.
"""

import re
import tomllib
from collections.abc import Callable
from typing import Any

from peer_ledger.errors import InvalidData, Problem, shown_name

DEEPEST = 40
"""The most levels of nesting that a file may have."""

_WIDEST = 4096
"""The most bits of a whole number that can be told as wrong where it stands; Python writes none of very many digits."""

_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DEEP_KEY = re.compile(rf"(?<![A-Za-z0-9_-]){_KEY}(?:[ \t]*\.[ \t]*{_KEY}){{{DEEPEST}}}")
"""A dotted key that is too deep: the time that `tomllib` takes grows with the square of a key's length."""

_NAMED = re.compile(r"\('.*'(?:, ?)?\)|\".{2,}\"|'.{3,}'", re.DOTALL)


def parse_toml(text: str, what: str, largest: int, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """
    Return the values of a TOML text that is neither too long nor nested too deeply.

    Args:
        text: The text.
        what: What the text is, for messages: `rule file`.
        largest: The most characters that it may have.
        parse_float: Returns the value of a figure with a decimal point.

    Raises:
        InvalidData: The text is too long, nested too deeply, or not TOML; the message says where.
    """
    if len(text) > largest:
        raise InvalidData(what, (Problem("", f"is longer than {largest} characters"),))
    depth = deepest = 0
    for character in text:
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth = max(0, depth - 1)
    if deepest > DEEPEST or _DEEP_KEY.search(text):
        raise InvalidData(what, (Problem("", f"is nested more than {DEEPEST} levels deep"),))
    try:
        read = tomllib.loads(text, parse_float=parse_float)
    except tomllib.TOMLDecodeError as error:
        said = _NAMED.sub(_shown_names, str(error))
        raise InvalidData(what, (Problem("", f"is not TOML: {said}"),)) from None
    except (RecursionError, ValueError):
        raise InvalidData(what, (Problem("", "contains a number or nesting that cannot be read"),)) from None
    if not _are_numbers_held(read):
        raise InvalidData(what, (Problem("", f"contains a whole number of more than {_WIDEST} bits"),))
    return read


def _are_numbers_held(read: Any) -> bool:
    """
    Return whether every whole number is short enough to be written in base 10.

    In base 16, 8 and 2 it may have any number of digits.
    """
    inside = [read]
    for value in inside:
        if isinstance(value, dict | list):
            inside += value.values() if isinstance(value, dict) else value
        elif type(value) is int and value.bit_length() > _WIDEST:
            return False
    return True


def _shown_names(found: re.Match[str]) -> str:
    """Return the keys in a message as every message shows them: plain words as they are, others only described."""
    inner = found[0].strip("()\"',")
    names = inner.split("', '")
    return ".".join(shown_name(name) for name in names) if len(names) <= DEEPEST else "a long key"
