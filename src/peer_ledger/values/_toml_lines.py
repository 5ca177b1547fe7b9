r"""
The lines and the comments of a TOML text, which `tomllib` reads without either.

>>> for found in places_in("# Whose it is.\na.b = 1\n[t]\nc = [1, { d = 2 }]"):
...     print(found.path, found.line, found.comments)
('a', 'b') 2 ('# Whose it is.',)
('t',) 3 ()
('t', 'c') 4 ()
('t', 'c', 0) 4 ()
('t', 'c', 1) 4 ()
('t', 'c', 1, 'd') 4 ()
"""

import re
from collections.abc import Iterator
from typing import Any

import attrs

Path = tuple[str | int, ...]

_SPACE = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\])*"|\'[^\']*\'', re.DOTALL)
_SCALAR = re.compile(r"[^,\]\}\n#]*")
_COMMENT = re.compile(r"#[^\n]*")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


@attrs.frozen
class Place:
    """
    Where a key, a table or an item of a list is in a text.

    Attributes:
        path: The keys and positions that lead to it.
        line: Its line, from 1.
        comments: The comments before it since the last place, and the one after it on its line.
    """

    path: Path
    line: int
    comments: tuple[str, ...] = ()


def places_in(text: str) -> tuple[Place, ...]:
    """
    Return the places in a TOML text, in their order; comments after the last one are at the empty path.

    Args:
        text: A text that `tomllib` reads.
    """
    return tuple(_Scanner(text.replace("\r\n", "\n")).places())


class _Scanner:
    """The state of a reading: where it is, and the comments that wait for their place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.waiting: list[str] = []
        self.found: list[Place] = []
        self.counts: dict[Path, int] = {}

    def places(self) -> Iterator[Place]:
        table: Path = ()
        while self._skip():
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._trailing()
        yield from self.found
        if self.waiting:
            yield Place((), self.line, tuple(self.waiting))

    def _move(self, to: int) -> None:
        self.line += self.text.count("\n", self.at, to)
        self.at = to

    def _space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found is not None else self.at

    def _skip(self) -> bool:
        """Pass over spaces, lines and comments; return whether anything is left."""
        while self.at < len(self.text):
            character = self.text[self.at]
            if character == "#":
                self.waiting.append(self._comment())
            elif character in " \t\r\n":
                self._move(self.at + 1)
            else:
                return True
        return False

    def _comment(self) -> str:
        found = _COMMENT.match(self.text, self.at)
        assert found is not None, "a comment begins here"
        self.at = found.end()
        return found[0].rstrip()

    def _trailing(self) -> None:
        """Add the comment at the end of a line to the place on that line."""
        self._space()
        if self.text[self.at : self.at + 1] == "#" and self.found:
            last = self.found[-1]
            self.found[-1] = attrs.evolve(last, comments=(*last.comments, self._comment()))

    def _place(self, path: Path) -> None:
        self.found.append(Place(path, self.line, tuple(self.waiting)))
        self.waiting.clear()

    def _key(self) -> Path:
        parts: list[str | int] = []
        while True:
            self._space()
            found = _STRING.match(self.text, self.at) or _BARE.match(self.text, self.at)
            if found is None:
                return tuple(parts)
            self._move(found.end())
            parts.append(_plain_key(found[0]))
            self._space()
            if self.text[self.at : self.at + 1] != ".":
                return tuple(parts)
            self.at += 1

    def _header(self) -> Path:
        is_list = self.text.startswith("[[", self.at)
        self.at += 2 if is_list else 1
        path = self._in_lists(self._key())
        if is_list:
            count = self.counts.get(path, 0)
            self.counts[path] = count + 1
            path = (*path, count)
        self._place(path)
        self._space()
        self.at += 2 if is_list else 1
        return path

    def _in_lists(self, keys: Path) -> Path:
        """Return a path with the position of the last table in each list of tables on it."""
        path: Path = ()
        for number, key in enumerate(keys):
            path = (*path, key)
            if path in self.counts and number < len(keys) - 1:
                path = (*path, self.counts[path] - 1)
        return path

    def _pair(self, table: Path) -> None:
        path = (*table, *self._key())
        self._place(path)
        self._space()
        self.at += 1
        self._space()
        self._value(path)

    def _value(self, path: Path) -> None:
        character = self.text[self.at : self.at + 1]
        if character == "[":
            self._several(path, "]")
        elif character == "{":
            self._several(path, "}")
        else:
            found = _STRING.match(self.text, self.at) or _SCALAR.match(self.text, self.at)
            self._move(max(found.end() if found is not None else self.at, self.at + 1))

    def _several(self, path: Path, end: str) -> None:
        self.at += 1
        count = 0
        while self._skip() and self.text[self.at] != end:
            if self.text[self.at] == ",":
                self.at += 1
                self._trailing()
            elif end == "}":
                self._pair(path)
            else:
                self._place((*path, count))
                self._value((*path, count))
                count += 1
        self.at += 1


def _plain_key(written: str) -> str:
    if written[0] == "'":
        return written[1:-1]
    if written[0] != '"':
        return written

    def plain(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        return chr(int(code, 16)) if code else _ESCAPED.get(found[3], found[3])

    return _ESCAPE.sub(plain, written[1:-1])


def value_at(data: Any, path: Path) -> Any:
    """
    Return the value at a path in what `tomllib` read; `None` when there is none.
    """
    for step in path:
        if isinstance(data, dict) and step in data:
            data = data[step]
        elif isinstance(data, list):
            data = data[step] if isinstance(step, int) and step < len(data) else None
        else:
            return None
    return data
