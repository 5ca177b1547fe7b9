"""
Brackets around the name of a table that are two for one, or one for two: told once, and read as they were meant.

>>> data = {"us-xx-cps": [{"name": "Peer Specialist"}]}
>>> mended, problems = with_brackets_mended(data)
>>> mended, [str(problem) for problem in problems]
({'us-xx-cps': {'name': 'Peer Specialist'}}, ['us-xx-cps: must be a table, whose name stands in single brackets'])
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from peer_ledger import rules
from peer_ledger.errors import Problem
from peer_ledger.rules import StepNote

A_TABLE: Final = "must be a table, whose name stands in single brackets"
"""What is said of a list where a table was meant."""

_DOUBLE: Final = "must be a list of tables, whose name stands in double brackets"
_TABLES: Final = frozenset(
    field.name
    for cls in vars(rules).values()
    if isinstance(cls, type) and attrs.has(cls)
    for field in attrs.fields(cls)
    if "tuple" in str(field.type)
)
"""The keys under which a list of tables may stand."""

_BY_NAME: Final = dict.fromkeys(("sources", "questions", "readings", "requirements", "parts"), "id") | {
    "caps": "id", "options": "id", "procedures": "step",
}  # fmt: skip
"""The keys of lists whose tables each have a name, under the key that gives it."""

_OF_NOTES: Final = frozenset(attrs.fields_dict(StepNote))


def with_brackets_mended(data: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """
    Return a file with the tables and lists of tables that were meant, and what is wrong with the brackets.

    Args:
        data: The file.
    """
    problems: list[Problem] = []
    found = {key: _mended(key, key, value, problems) if _has_names(key) else value for key, value in data.items()}
    return found, problems


def _has_names(key: str | int) -> bool:
    """Return whether the tables below a key at the top of a file stand there by name."""
    return isinstance(key, str) and (key == "sources" or "-" in key)


def _mended(path: str, key: str, value: Any, problems: list[Problem]) -> Any:
    if _are_tables(value) and _is_one(key, value):
        problems.append(Problem(path, A_TABLE))
        value = value[0]
    elif key == "step_notes" and type(value) is dict and not value.keys() - _OF_NOTES:
        problems.append(Problem(path, _DOUBLE))
        value = [value]
    if type(value) is dict:
        return {name: _mended(f"{path}.{name}", name, one, problems) for name, one in value.items()}
    return value


def _are_tables(value: Any) -> bool:
    return type(value) is list and len(value) > 0 and all(type(one) is dict and one for one in value)


def _is_one(key: str, tables: list[dict[str, Any]]) -> bool:
    """Return whether a list under a key was meant as one table."""
    name = _BY_NAME.get(key)
    if name is None:
        return key not in _TABLES
    return not any(name in table or "drop" in table for table in tables)


def steps_mended(data: Any, path: tuple[str | int, ...]) -> Iterator[str | int]:
    """
    Yield the steps of a path through a file, without the places in lists that were meant as one table.

    Args:
        data: The file, as it was written.
        path: The path.
    """
    if not _has_names(path[0] if path else ""):
        yield from path
        return
    value = data
    for number, step in enumerate(path):
        key = path[number - 1] if number else None
        if not (isinstance(step, int) and isinstance(key, str) and _are_tables(value) and _is_one(key, value)):
            yield step
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            value = None
