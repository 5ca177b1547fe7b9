"""
JSON text, read and written strictly.
"""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from peer_ledger.errors import InvalidData, InvalidValue, Problem, shown_name

Json = dict[str, Any]

LONGEST_LINE = 16 * 2**20
"""The most bytes that a line of a JSON Lines file may have."""

dump_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
"""Return a value as JSON without white space, with its keys in their order."""


def numbered_lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """
    Yield the lines of a binary file with their numbers, from 1; no line is longer than `LONGEST_LINE` bytes.

    Raises:
        InvalidData: A line is longer; the lines before it have been yielded.
    """
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise InvalidData("file", (Problem(f"line {number}", f"is longer than {LONGEST_LINE} bytes"),))
        yield number, line


def parse_json(text: str | bytes) -> Any:
    """
    Return the value of a JSON text, read strictly: UTF-8, no repeated keys, no NaN or infinity.

    Raises:
        InvalidValue: The text is not such JSON; the message says what is wrong, and where the parser stopped.
    """
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise InvalidValue(f"is not UTF-8 at byte {error.start + 1}") from None
    except json.JSONDecodeError as error:
        raise InvalidValue(f"is not JSON: {error.msg.lower()} at character {error.pos + 1}") from None
    except RecursionError:
        raise InvalidValue("is nested too deeply") from None
    except InvalidValue:
        raise
    except ValueError:
        raise InvalidValue("contains a number with too many digits") from None


def _object(pairs: list[tuple[str, Any]]) -> Json:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise InvalidValue(f"has the key {shown_name(twice)} twice in one object")
    return result


def _no_constant(name: str) -> Any:
    raise InvalidValue(f"is not JSON: {name} is not a JSON number")
