"""
Where in a rule file a problem is: by the ids on its path, and by the line.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from peer_ledger.errors import Problem, shown_id
from peer_ledger.rulesets._brackets import steps_mended, with_brackets_mended
from peer_ledger.rulesets._files import LARGEST
from peer_ledger.rulesets._resolving import parts_of, resolved
from peer_ledger.values._toml import parse_toml
from peer_ledger.values._toml_lines import Path, places_in, value_at

_STEP = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")
_NAMED_BY = ("id", "step", "unit", "method", "name")
_GROUPING = frozenset(
    {
        *("rulesets", "procedures", "editions", "requirements", "parts", "caps", "options"),
        *("questions", "sources", "readings", "counts", "values"),
    }
)
"""Keys that a place may have or not, as a file writes it."""


@attrs.frozen
class RuleFilePlaces:
    """
    The places of a rule file.

    Attributes:
        wholes: Its rule sets by their paths, put together as they are read.
        sources: The sources at its top.
        lines: The names that lead to a place, without those that group, and its line.
    """

    wholes: Mapping[str, Any]
    sources: Any
    lines: tuple[tuple[tuple[str, ...], int], ...]

    def of(self, path: str) -> tuple[str, int | None]:
        """
        Return the ids on a path with the field at its end, and the line at which that most likely is.

        Args:
            path: The path of a problem, as the reading of the file gives it.
        """
        names, fields, looked_for = self._names(path)
        where = ".".join(fields).replace(".[", "[")
        where = ", ".join(names) + (f": {where}" if names and where else where)
        looked_for = looked_for or fields[:1]
        if not looked_for:
            return where, None
        found = max((self._best(one) for one in _without_set(looked_for)), key=lambda one: one[:2])
        return where, found[2]

    def names_of(self, path: str) -> tuple[str, ...]:
        """
        Return the names by which a place is looked for.

        Args:
            path: A path, as the reading of the file gives it.
        """
        return tuple(self._names(path)[2])

    def _names(self, path: str) -> tuple[list[str], list[str], list[str]]:
        """Return the ids on a path, the fields after the last of them, and all that a place is looked for by."""
        names, fields, looked_for = list[str](), list[str](), list[str]()
        value: Any = {"rulesets": list(self.wholes.values()), "sources": self.sources, **self.wholes}
        for number, step in enumerate(_STEP.finditer(path)):
            if step[1] is not None:
                value = value.get(step[1]) if isinstance(value, Mapping) else None
                if number == 0 and step[1] in self.wholes:
                    names.append(step[1])
                    looked_for.append(step[1])
                    continue
                fields.append(step[1])
                looked_for += [step[1]] if step[1] not in _GROUPING else []
                continue
            place = int(step[2])
            value = value[place] if isinstance(value, list) and place < len(value) else None
            key = next((key for key in _NAMED_BY if isinstance(value, Mapping) and type(value.get(key)) is str), None)
            if key is None or value is None:
                fields.append(f"[{place}]")
                continue
            names.append(shown_id(value[key]).strip("'"))
            looked_for.append(value[key])
            fields = []
        return names, fields, looked_for

    def _best(self, looked_for: list[str]) -> tuple[bool, int, int | None]:
        """Return whether all is found, how much of it, and the line of the first place that has as much."""
        most, line = 0, None
        for names, number in self.lines:
            if list(names) == looked_for:
                return True, len(looked_for), number
            length = _common(names, looked_for)
            if length > most:
                most, line = length, number
        return most == len(looked_for), most, line


def _common(names: tuple[str, ...], looked_for: list[str]) -> int:
    length = 0
    for one, other in zip(names, looked_for, strict=False):
        if one != other:
            break
        length += 1
    return length


def _without_set(looked_for: list[str]) -> Iterator[list[str]]:
    """Yield what is looked for, and the same at the top of the file, where sources may be."""
    yield looked_for
    if len(looked_for) > 1:
        yield looked_for[1:]


def rule_file_places(text: str) -> RuleFilePlaces:
    """
    Return the places of a rule file; of a text that is no TOML, none.
    """
    try:
        data = parse_toml(text, "rule file", LARGEST)
    except (ValueError, RecursionError):
        return RuleFilePlaces({}, (), ())
    written, data = data, with_brackets_mended(data)[0]
    file = parts_of(data)
    wholes: dict[str, Any] = {}
    siblings: dict[str, Any] = {}
    for path, one in file.rulesets:
        ignored: list[Problem] = []
        whole = resolved(one, file.top, siblings, lambda other: parse_toml(other, "rule file", LARGEST), ignored)
        wholes[path] = whole
        if isinstance(whole, dict) and type(whole.get("id")) is str:
            siblings[whole["id"]] = whole
    found: dict[tuple[str, ...], int] = {}
    for place in places_in(text):
        steps = tuple(steps_mended(written, place.path))
        names = _names_of(data, steps) or tuple(map(str, steps[:1]))
        if len(steps) > 1 and steps[-1] in _NAMED_BY and isinstance(steps[-2], int):
            found[names[:-1]] = place.line  # the line that has the id of a table in a list
        else:
            found.setdefault(names, place.line)
    return RuleFilePlaces(
        wholes, file.top.get("sources"), tuple((names, line) for names, line in found.items() if names)
    )


def _names_of(data: Any, path: Path) -> tuple[str, ...]:
    """Return the names on the path of a place, with the id of each table in a list."""
    names = []
    for number, step in enumerate(path):
        if isinstance(step, int):
            value = value_at(data, path[: number + 1])
            key = next((key for key in _NAMED_BY if isinstance(value, dict) and type(value.get(key)) is str), None)
            names.append(value[key] if key is not None else f"[{step}]")
        elif step not in _GROUPING:
            names.append(step)
    return tuple(names)
