"""
Records from the exact text that this package writes for them, without parsing JSON in general.

A pattern for each class, made from its fields, takes the values out of the text. Each value is checked as strictly as
elsewhere; what repeats (days, credits, approvals) is made once. Whatever is written differently is left to the strict
reader, which also writes the messages: this one returns a record that the strict reader would return, or `None`.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, Literal, get_args, get_origin

import attrs

from peer_ledger.errors import InvalidRecord
from peer_ledger.records._conversion import REFUSALS, structured
from peer_ledger.records._record import Origin
from peer_ledger.records._types import RECORD_TYPES
from peer_ledger.values._checks import IDENTIFIER, check_of
from peer_ledger.values._fields import COUNT, KEY, is_term, is_text
from peer_ledger.values._json import parse_json
from peer_ledger.values._slots import setters_of
from peer_ledger.values.dates import as_day

Read = Callable[[str], Any]

_START = '{"type":"'
_REMEMBERED = 65536

# Texts with an escape, a control character or a quotation mark are left to the strict reader.  Only single characters
# are repeated possessively: of a group, Python before 3.11.5 also takes the beginning of a repetition that fails
# (gh-106052).  An atomic group around a greedy repetition says the same, and is right there.
_STRING = r'"[^"\\\x00-\x1f]*+"'
_FLAT = rf'\{{[^{{}}"\\]*+(?>(?:{_STRING}[^{{}}"\\]*+)*)\}}'
_LIST = rf"\[(?>(?:{_FLAT}(?:,(?=\{{))?)*)\]"
_TEXT = r'"([^"\\\x00-\x1f]++)"'


class _NotCanonicalError(Exception):
    """A value is not one that the strict reader would take, or it is written in another way."""


def _checked(holds: Callable[[Any], bool]) -> Read:
    def read(text: str) -> str:
        if not holds(text):
            raise _NotCanonicalError
        return text

    return read


def _strictly(field: "attrs.Attribute[Any]") -> Read:
    """Return a function that reads a field's value from JSON and checks it, as the strict reader does."""
    check, wanted = check_of(field), field.type

    def read(text: str) -> Any:
        value = structured(parse_json(text), wanted)
        if check is None or check.problem(value) is not None:
            raise _NotCanonicalError
        return value

    return read


def _cells(text: str) -> tuple[str, ...]:
    # No cell contains a quotation mark, so each of these texts ends one cell and begins the next.
    cells = tuple(text[2:-2].split('","'))
    if not KEY.holds(cells):
        raise _NotCanonicalError
    return cells


def _count(text: str) -> int:
    count = int(text)
    if not COUNT.holds(count):
        raise _NotCanonicalError
    return count


_day = lru_cache(maxsize=None)(as_day)  # at most the days of three centuries
_term = _checked(is_term)


def _of_field(field: "attrs.Attribute[Any]") -> tuple[str, Read | None]:
    """Return the pattern of a field's value, with one group, and the function that reads the group."""
    check, wanted = check_of(field), field.type
    holds = check.holds if check is not None else None
    some = [part for part in get_args(wanted) if part is not type(None)]
    kind = some[0] if check is not None and check.optional and len(some) == 1 else wanted
    if holds is IDENTIFIER.holds:
        return r'"([!#-\[\]-~]{1,200}+)"', None
    if holds is is_term:
        return r'"([a-z0-9-]++)"', _term
    if holds is is_text:
        return _TEXT, _checked(is_text)
    if get_origin(kind) is Literal:
        return f'"({"|".join(map(re.escape, get_args(kind)))})"', None
    if kind is date:
        return r'"([0-9]{4}-[0-9]{2}-[0-9]{2})"', _day
    if kind is Origin:
        return f"({_FLAT})", _reader(Origin, "")
    if holds is KEY.holds:
        return rf"(\[{_STRING}(?>(?:,{_STRING})*)\])", _cells
    if holds is COUNT.holds:
        return "([1-9][0-9]{0,15}+)", _count
    return _of_parts(field, kind)


def _of_parts(field: "attrs.Attribute[Any]", kind: Any) -> tuple[str, Read]:
    """Return the same for a value that is made of others."""
    strictly = _strictly(field)
    items = get_args(kind)
    if get_origin(kind) in (tuple, frozenset) and attrs.has(items[0]):
        return f"({_LIST})", lru_cache(maxsize=_REMEMBERED)(strictly)
    if get_origin(kind) in (tuple, frozenset):
        return rf"(\[(?>(?:(?:{_STRING}|[0-9]++),?+)*)\])", strictly
    return rf'({_FLAT}|\{{"[a-z_]++":{_FLAT}\}})', strictly


def _reader(cls: type, prefix: str) -> Read:
    """Return the function that returns an object from its canonical text, or raises."""
    pattern = [re.escape("{" + prefix)]
    fields: list[tuple[Callable[[Any, Any], None], Read | None]] = []
    setters = setters_of(cls)
    for number, field in enumerate(attrs.fields(cls)):
        value, read = _of_field(field)
        comma = "," if number or prefix else ""
        pattern.append(f'(?:{comma}"{field.name}":{value}){"?" if field.default is None else ""}')
        fields.append((setters[field.name], read))
    match, check = re.compile("".join(pattern) + r"\}").fullmatch, getattr(cls, "__attrs_post_init__", None)

    def read_object(text: str) -> Any:
        found = match(text)
        if found is None:
            raise _NotCanonicalError
        made: Any = object.__new__(cls)
        for (put, read), value in zip(fields, found.groups(), strict=True):
            put(made, value if read is None or value is None else read(value))
        if check is not None:
            check(made)
        return made

    return read_object


@lru_cache(maxsize=len(RECORD_TYPES))
def _reader_of(kind: str) -> Read:
    return _reader(RECORD_TYPES[kind], f'"type":"{kind}"')


_REFUSALS = (_NotCanonicalError, InvalidRecord, *REFUSALS)
_KINDS = frozenset(name for name in RECORD_TYPES if name != "rule-set")  # its text is full of escapes


def canonical_record(text: str) -> Any:
    """Return the record that a text is the canonical form of; `None` when it may be anything else."""
    if not text.startswith(_START):
        return None
    kind = text[len(_START) : text.find('"', len(_START))]
    if kind not in _KINDS:
        return None
    try:
        return _reader_of(kind)(text)
    except _REFUSALS:
        return None
