"""
JSON text, as strictly as it is specified.
"""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from peer_ledger.errors import InvalidData, InvalidValue, Problem, shown_name

Json = dict[str, Any]

LONGEST_LINE = 16 * 2**20
"""How many bytes a line of a JSON Lines file may have."""

dump_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
"""Return a value as JSON without blanks, in the order of its keys."""


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
    Return the one value of a JSON text, read strictly: UTF-8, no key twice, no NaN.

    Raises:
        InvalidValue: The text is not such JSON; the message says where.
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
        raise InvalidValue("holds a number of too many digits") from None


def _object(pairs: list[tuple[str, Any]]) -> Json:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise InvalidValue(f"has the key {shown_name(twice)} twice in one object")
    return result


def _no_constant(name: str) -> Any:
    raise InvalidValue(f"is not JSON: {name} is not a number there")
