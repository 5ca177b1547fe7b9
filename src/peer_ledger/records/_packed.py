"""
Records in a form that is quick to read: what a cache holds, never what a ledger does.

Each value is written once, and a record is a row of numbers that say which values it has. Reading makes the values,
then fills all records in a single pass that runs no statement of Python for each of their fields. What is read is not
checked again: whoever reads must know that it is what `packed` returned.

>>> from peer_ledger.records import Credit, TrainingEvent
>>> event = TrainingEvent(id="e-1", person="p-1", completed="2025-03-04", credits=[Credit(amount="1.5")])
>>> unpacked(packed([event])) == (event,)
True
"""

import struct
import sys
from array import array
from collections import deque
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from hashlib import sha256
from itertools import chain, repeat
from operator import call
from typing import Any, Literal, get_args, get_origin

import attrs

from peer_ledger.records._conversion import plain_part, structured
from peer_ledger.records._record import Origin, Record
from peer_ledger.records._types import RECORD_TYPES
from peer_ledger.values._json import dump_json, parse_json
from peer_ledger.values._slots import setters_of

_BETWEEN, _WITHIN = "\x1f", "\x1e"
"""What separates texts, and the cells of a key; no text of a record has either."""

_COUNTS = struct.Struct("<5I")
_WIDTHS = ((2**8, "B"), (2**16, "H"), (2**32, "I"))
_REMEMBERED = 65536
_CLASSES = tuple(RECORD_TYPES.values())


def _kind(field: "attrs.Attribute[Any]") -> Any:
    """Return what a field holds where it is known: `str`, `date`, `Origin`, or another type."""
    some = [part for part in get_args(field.type) if part is not type(None)]
    kind = some[0] if len(some) == 1 and type(None) in get_args(field.type) else field.type
    return str if get_origin(kind) is Literal else kind


_KINDS = {cls: [(field.name, _kind(field)) for field in attrs.fields(cls)] for cls in _CLASSES}
_SETTERS = [[*setters_of(cls).values()] for cls in _CLASSES]
_FIELDS = list(map(len, _SETTERS))
_SOURCE, _KEY, _OCCURRENCE = setters_of(Origin).values()
_OTHERS = sorted({kind for kinds in _KINDS.values() for _, kind in kinds} - {str, date, Origin}, key=repr)

FORM = sha256(repr((1, sys.byteorder, array("I").itemsize, _OTHERS, list(_KINDS.items()))).encode()).digest()
"""What the form depends on: the fields of all types of record, and how this machine writes numbers."""


class _Table:
    """
    The values of some records, each once, in the order in which reading makes them.
    """

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}
        self.days: dict[int, int] = {}
        self.others: dict[str, int] = {}
        self.origins: dict[Origin, int] = {}

    def place(self, value: Any, kind: Any) -> tuple[int, int]:
        """Return where a value is: in which part, and where there; the first part is the unknown."""
        if value is None:
            return 0, 0
        if kind is str:
            return 1, self.text(value)
        if kind is date:
            return 2, self.days.setdefault(value.toordinal(), len(self.days))
        if kind is Origin:
            self.text(value.source)
            return 4, self.origins.setdefault(value, len(self.origins))
        text = f"{_OTHERS.index(kind)} {dump_json(plain_part(value, kind))}"
        return 3, self.others.setdefault(text, len(self.others))

    def text(self, value: str) -> int:
        """Return the place of a text among the texts."""
        return self.texts.setdefault(value, len(self.texts))


def packed(records: Iterable[Record]) -> bytes:
    """Return the form of some records."""
    table, classes, places = _Table(), bytearray(), list[tuple[int, int]]()
    for record in records:
        cls = type(record)
        classes.append(_CLASSES.index(cls))
        places += [table.place(getattr(record, name), kind) for name, kind in _KINDS[cls]]
    counts = [len(table.texts), len(table.days), len(table.others), len(table.origins)]
    begins = [0, 1, 1 + counts[0], 1 + sum(counts[:2]), 1 + sum(counts[:3])]
    numbers = array("Q", [table.texts[origin.source] for origin in table.origins])
    numbers.extend(origin.occurrence for origin in table.origins)
    keys = (_WITHIN.join(origin.key) for origin in table.origins)
    return b"".join(
        (
            _COUNTS.pack(len(classes), *counts),
            classes,
            array("I", table.days).tobytes(),
            numbers.tobytes(),
            array(_width(counts), [begins[part] + place for part, place in places]).tobytes(),
            _BETWEEN.join((*table.texts, *table.others, *keys)).encode(),
        )
    )


def unpacked(data: bytes) -> tuple[Record, ...]:
    """Return the records of which this is the form."""
    count, *counts = _COUNTS.unpack_from(data)
    texts, days, others, origins = counts
    begin = _COUNTS.size
    classes = data[begin : (begin := begin + count)]
    ordinals = array("I", data[begin : (begin := begin + 4 * days)])
    numbers = array("Q", data[begin : (begin := begin + 16 * origins)])
    rows = array(_width(counts))
    rows.frombytes(data[begin : (begin := begin + rows.itemsize * sum(map(_FIELDS.__getitem__, classes)))])
    values = data[begin:].decode().split(_BETWEEN)
    table = [None, *values[:texts], *map(_day, ordinals), *map(_other, values[texts : texts + others])]
    if origins:
        table += _origins(values, numbers, values[texts + others :])
    records = list(map(object.__new__, map(_CLASSES.__getitem__, classes)))
    setters = chain.from_iterable(map(_SETTERS.__getitem__, classes))
    filled = chain.from_iterable(map(repeat, records, map(_FIELDS.__getitem__, classes)))
    deque(map(call, setters, filled, map(table.__getitem__, rows)), maxlen=0)
    return tuple(records)


def _origins(texts: list[str], numbers: "array[int]", keys: list[str]) -> list[Any]:
    """Return the origins of which these are the sources, the occurrences and the keys."""
    made = [object.__new__(Origin) for _ in keys]
    deque(map(_SOURCE, made, map(texts.__getitem__, numbers[: len(keys)])), maxlen=0)
    deque(map(_KEY, made, map(tuple, map(str.split, keys, repeat(_WITHIN)))), maxlen=0)
    deque(map(_OCCURRENCE, made, numbers[len(keys) :]), maxlen=0)
    return made


_day = lru_cache(maxsize=None)(date.fromordinal)  # at most the days of three centuries


@lru_cache(maxsize=_REMEMBERED)
def _other(text: str) -> Any:
    kind, _, value = text.partition(" ")
    return structured(parse_json(value), _OTHERS[int(kind)])


def _width(counts: list[int]) -> str:
    return next(code for limit, code in _WIDTHS if sum(counts) < limit)
