"""
Files of JSON as tables: statements of xAPI, and credentials of Open Badges 3.0 and CLR 2.0.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from peer_ledger.errors import InvalidData, Problem
from peer_ledger.importing._credentials import credential_table, holds_credentials
from peer_ledger.importing._text_tables import Row
from peer_ledger.importing._xapi import holds_statements, statement_table

LARGEST = 2**26
"""The most characters that a file of JSON may have."""

_STARTS = ('{"', "{}", "[{", "[]", '["')


class JsonTable(NamedTuple):
    """
    The rows of a file of JSON.

    Attributes:
        rows: The row of headings, and then a row for each completion; its line is the position of what it was read
            from, from 1.
        how: What the file holds, for people to read.
        profile: The profile that reads the rows, unless the caller names another.
        notes: What to check in the file as a whole.
    """

    rows: list[Row]
    how: str
    profile: str
    notes: tuple[str, ...]


def is_json(start: bytes) -> bool:
    """Return whether a file that begins like this is JSON, and not a table."""
    text = start.decode("utf-8-sig", "ignore")
    return "".join(text.split()).startswith(_STARTS)


def read_json_table(path: Path) -> JsonTable:
    """
    Read a file of xAPI statements, or of credentials.

    Args:
        path: The file: one value, a list of values, or one value on each line.

    Raises:
        InvalidData: It is not JSON, or holds something else.
        OSError: It cannot be opened.
    """
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read(LARGEST + 1)
    except UnicodeDecodeError:
        raise _refused(path, "is not UTF-8, as JSON must be") from None
    if len(text) > LARGEST:
        raise _refused(path, f"is longer than {LARGEST} characters; divide it")
    values = [item for item in _unfolded(_values(path, text)) if isinstance(item, Mapping)]
    if any(map(holds_credentials, values)):
        return JsonTable(*credential_table(values))
    if any(map(holds_statements, values)):
        return JsonTable(*statement_table(values))
    raise _refused(
        path, "is JSON, but holds neither xAPI statements nor credentials of Open Badges 3.0 or CLR 2.0; save it as CSV"
    )


def _values(path: Path, text: str) -> Any:
    try:
        return _parsed(text)
    except (ValueError, RecursionError) as error:
        try:
            return [_parsed(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
            raise _refused(path, f"is not valid JSON{where}") from None


def _parsed(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


def _unfolded(value: Any) -> list[Any]:
    """Return the statements or credentials of a list, or of an answer of a learning record store."""
    if isinstance(value, list):
        return [inner for item in value for inner in _unfolded(item)]
    if isinstance(value, dict) and isinstance(value.get("statements"), list):
        return list(value["statements"])
    if isinstance(value, dict) and isinstance(value.get("credentials"), list):
        return list(value["credentials"])
    return [value]


def _refused(path: Path, what: str) -> InvalidData:
    return InvalidData("table", (Problem(path.name, what),))
