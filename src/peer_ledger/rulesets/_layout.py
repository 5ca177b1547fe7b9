r"""
The layout of rule files and of files of cases: lines of 120 characters at most, and every comment in its place.

>>> print(laid_out('format=1\n[us-xx-yyy]\nname="N"   # The name.\n[us-xx-yyy.renewal.r]\nsays = "S."\nfee="$2"'))
format = 1
<BLANKLINE>
[us-xx-yyy]
# The name.
name = "N"
<BLANKLINE>
[us-xx-yyy.renewal.r]
says = "S."
fee = "$2"
<BLANKLINE>
"""

import json
import re
import textwrap
from collections.abc import Iterator
from typing import Any

from peer_ledger.errors import InvalidData, Problem
from peer_ledger.rulesets._short import EDITION_KEYS, STEPS
from peer_ledger.values._toml import parse_toml
from peer_ledger.values._toml_lines import Path, places_in

WIDTH = 120
_PIECES = ("parts", "caps", "options", "editions")
LARGEST = 2**22
"""The most characters of a file that is laid out."""
_BARE = re.compile(r"[A-Za-z0-9_-]+")


class _Figure(str):
    """A figure with a point, as it is written."""

    __slots__ = ()


def laid_out(text: str) -> str:
    """
    Return a rule file, or a file of cases, in the layout that all of them have.

    Args:
        text: The file.

    Raises:
        InvalidData: It is not TOML.
    """
    data = _parsed(text)
    comments = {place.path: place.comments for place in places_in(text) if place.comments}
    made = written(data, comments)
    if _parsed(made) != data or sorted(_all(made)) != sorted(_all(text)):
        raise InvalidData("rule file", (Problem("", "cannot be laid out without a change; lay it out by hand"),))
    return made


def _all(text: str) -> list[str]:
    return [comment for place in places_in(text) for comment in place.comments]


def _parsed(text: str) -> dict[str, Any]:
    return parse_toml(text, "rule file", LARGEST, _Figure)


def written(data: dict[str, Any], comments: dict[Path, tuple[str, ...]]) -> str:
    """
    Return the text of a rule file or of a file of cases.

    Args:
        data: Its values.
        comments: The comments by the place that they are about; those at the empty path end the file.
    """
    lines = list(_table((), data, comments))
    while lines and not lines[0]:
        lines.pop(0)
    about = next((place for place, line in enumerate(lines) if not line.startswith("#")), 0)
    if about and lines[about].startswith("["):  # what a file of cases says of itself
        lines.insert(about, "")
    lines += ["", *comments[()]] if () in comments else []
    return "\n".join(lines) + "\n"


def _table(path: Path, table: dict[str, Any], comments: dict[Path, tuple[str, ...]]) -> Iterator[str]:
    """Yield the lines of a table: first what stands in it, then the tables below it."""
    below = [(key, value) for key, value in table.items() if _is_below((*path, key), value)]
    names = {key for key, _ in below}
    is_edition = len(path) == 3 and path[1] in STEPS
    is_apart = False
    for number, (key, value) in enumerate((key, value) for key, value in table.items() if key not in names):
        lines = list(_entry((*path, key), _key(key), value, comments))
        is_block = is_edition and key not in EDITION_KEYS and len(lines) > 1
        if number and (is_block or is_apart):
            yield ""
        is_apart = is_block
        if not path and not number and lines[0].startswith("#"):  # what a file says of itself
            lines.insert(len(comments[key,]), "")
        yield from lines
    for key, value in below:
        yield from _below((*path, key), value, comments)


def _below(path: Path, value: Any, comments: dict[Path, tuple[str, ...]]) -> Iterator[str]:
    name = ".".join(_key(part) for part in path if type(part) is str)
    for place, one in enumerate(value if type(value) is list else ()):
        yield ""
        yield from comments.get(path, ()) if place == 0 else ()
        yield from comments.get((*path, place), ())
        yield f"[[{name}]]"
        yield from _table((*path, place), one, comments)
    if type(value) is dict:
        inner = list(_table(path, value, comments))
        own = comments.get(path, ())
        if own or not inner or inner[0]:
            if path[0] != "cases":
                yield ""
            yield from own
            yield f"[{name}]"
        yield from inner


def _is_below(path: Path, value: Any) -> bool:
    """Return whether a value has a heading of its own."""
    names = [part for part in path if type(part) is str]
    is_of_tables = type(value) is list and bool(value) and all(type(one) is dict for one in value)
    if path[0] in ("cases", "groups"):
        is_wide = is_of_tables and any(len(line) > WIDTH for one in value for line in _item(one))
        is_named = (type(value) is dict and names in (["groups"], ["cases", "expect"])) or names == ["cases"]
        return is_wide or (is_named and (is_of_tables or type(value) is dict))
    if type(value) is list:
        return is_of_tables and (names == ["rulesets"] or any(len(_inline(one)) > WIDTH - 6 for one in value))
    if type(value) is not dict or not value:
        return False
    if type(path[0]) is str and "-" in path[0]:
        step = len(names) > 1 and names[1] in STEPS
        return len(names) == 1 or (len(names) < 4 and (step or names[1] == "questions")) or names[1:] == ["sources"]
    return names == ["sources"]


def _entry(path: Path, name: str, value: Any, comments: dict[Path, tuple[str, ...]]) -> Iterator[str]:
    """Yield the lines of a key: on one line if it fits, and otherwise as a longer text, a list or several keys."""
    inline = f"{name} = {_inline(value)}"
    inner = [place for place in comments if place[: len(path)] == path and place != path]
    yield from comments.get(path, ())
    if type(value) is list and value and inner:
        yield from _list(path, name, value, comments)
    elif len(inline) <= WIDTH and not inner and not _is_divided(path, value):
        yield inline
    elif type(value) is str:
        yield from _long_text(f"{name} = ", value, "")
    elif type(value) is list and value:
        yield from _list(path, name, value, comments)
    elif type(value) is dict and value:
        for key, part in value.items():
            yield from _entry((*path, key), f"{name}.{_key(key)}", part, comments)
    else:
        yield inline


def _is_divided(path: Path, value: Any) -> bool:
    """Return whether a table has pieces by name, each of which has lines of its own."""
    if type(value) is not dict or not value:
        return False
    return path[-1] in _PIECES or any(type(value.get(name)) is dict and value[name] for name in _PIECES)


def _list(path: Path, name: str, value: list[Any], comments: dict[Path, tuple[str, ...]]) -> Iterator[str]:
    yield f"{name} = ["
    for place, one in enumerate(value):
        inside = (*path, place)
        for found, said in comments.items():
            if found[: len(inside)] == inside:
                yield from (f"    {comment}" for comment in said)
        yield from _item(one)
    yield "]"


def _item(value: Any, indent: str = "    ") -> Iterator[str]:
    """Yield the lines of an item of a list: one, or several if it is too long for that and can be broken."""
    line = f"{indent}{_inline(value)},"
    if len(line) > WIDTH and type(value) is str:
        *first, last = _long_text(indent, value, indent)
        yield from (*first, f"{last},")
    elif len(line) > WIDTH:
        *first, last = _broken(value, indent)
        yield from (*first, f"{last},")
    else:
        yield line


def _broken(value: Any, indent: str) -> Iterator[str]:
    """Yield the lines of a table in a list that is too long for one, broken at the longest list in it."""
    longest = max(_lists(value), key=lambda one: len(_inline(one)), default=None)
    if longest is None:
        yield f"{indent}{_inline(value)}"
        return
    before, _, after = _inline(value).partition(_inline(longest))
    yield f"{indent}{before}["
    for one in longest:
        yield from _item(one, f"{indent}    ")
    yield f"{indent}]{after}"


def _lists(value: Any) -> Iterator[list[Any]]:
    for one in value.values() if type(value) is dict else ():
        if type(one) is list and one:
            yield one
        yield from _lists(one)


def _long_text(opening: str, value: str, indent: str) -> Iterator[str]:
    """Yield the lines of a text that is broken where a line is full, and read as if it were not."""
    escaped = _text(value)[1:-1]
    broken = textwrap.wrap(escaped, WIDTH - len(indent) - 8, break_long_words=False, break_on_hyphens=False)
    if " " not in value or " ".join(broken) != escaped:
        yield f"{opening}{_text(value)}"
        return
    yield f'{opening}"""\\'
    yield from (f"{indent}    {line} \\" for line in broken[:-1])
    yield f'{indent}    {broken[-1]}"""'


def _inline(value: Any) -> str:
    if type(value) is dict:
        return "{ " + ", ".join(f"{_key(key)} = {_inline(one)}" for key, one in value.items()) + " }" if value else "{}"
    if type(value) is list:
        return "[" + ", ".join(map(_inline, value)) + "]"
    if type(value) is str:
        return _text(value)
    if type(value) is bool:
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str | int) -> str:
    return str(key) if _BARE.fullmatch(str(key)) else _text(str(key))
