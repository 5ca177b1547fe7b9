"""
Rows with equal keys in the order in which a ledger has them.

Rows with equal keys are numbered in the order of the file.  Another file may list the same rows in another order, and a
row that was rejected at first and corrected has a number after those that were read.  Neither is a correction.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs

from peer_ledger.importing._result import Imported
from peer_ledger.records import Record

_APART = frozenset({"id", "origin", "replaces"})

Numbers = dict[int, Record]


def numbered_as_known(imported: Imported, known: Iterable[Record]) -> Imported:
    """
    Return what was read, with rows of equal keys numbered as the equal records of a ledger are.

    Args:
        imported: What was read from a file.
        known: The records that the ledger has of its kind, about its people.
    """
    there: dict[tuple[str, ...], Numbers] = {}
    for record in known:
        if record.origin is not None and record.origin.source == imported.source:
            there.setdefault(record.origin.key, {})[record.origin.occurrence] = record
    rows: dict[tuple[str, ...], list[int]] = {}
    for place, record in enumerate(imported.records):
        if record.origin is not None and record.origin.key in there:
            rows.setdefault(record.origin.key, []).append(place)
    records = list(imported.records)
    for key, places in rows.items():
        if len(places) > 1 or len(there[key]) > 1 or _number(records[places[0]]) not in there[key]:
            group = {_number(records[place]): place for place in places}
            given = {number: records[place] for number, place in group.items()}
            found = dict(_matched(given, there[key], is_partial=imported.is_partial))
            for before, after in found.items():
                records[group[before]] = _renumbered(given[before], after)
    return attrs.evolve(imported, records=tuple(records))


def _matched(given: Numbers, there: Numbers, *, is_partial: bool) -> Iterator[tuple[int, int]]:
    """
    Yield the number of each row in the file, and its number in the ledger.

    A row that is as the ledger has it under its own number keeps it; then come equal records of other numbers.  In a
    file of corrected rows, an equal record is most likely that of another row, and is taken only for one that would
    otherwise correct a record.
    """
    left = {number for number in given if number not in there or _content(given[number]) != _content(there[number])}
    free = [number for number in sorted(there) if number not in given or number in left]
    if is_partial:
        free = [number for number in free if number <= max(given)]
    same: dict[tuple[Any, ...], list[int]] = {}
    for number in reversed(free):
        same.setdefault(_content(there[number]), []).append(number)
    taken: dict[int, int] = {}
    for number in sorted(left):
        alike = same.get(_content(given[number])) if number in there or not is_partial else None
        if alike:
            taken[number] = alike.pop()
    yield from ((number, taken.get(number, number)) for number in given if number not in left or number in taken)
    used = set(taken.values())
    rest = [number for number in sorted(left) if number not in taken]
    yield from _rest(rest, [number for number in free if number not in used], given, there, is_partial=is_partial)


def _rest(
    rest: Sequence[int], free: Sequence[int], given: Numbers, there: Numbers, *, is_partial: bool
) -> Iterator[tuple[int, int]]:
    """Yield the numbers of rows without an equal record: they correct what is left, or are new."""
    left_there = set(free)
    kept = {number for number in rest if number in left_there or number not in there}
    correcting = iter([] if is_partial else [number for number in free if number not in kept])
    unused = iter(sorted(set(range(1, len(given) + len(there) + 1)) - set(there) - kept))
    for number in rest:
        if number in left_there:
            yield number, number
        elif (found := next(correcting, None)) is not None:
            yield number, found
        else:
            yield number, number if number in kept else next(unused)


def _number(record: Record) -> int:
    return record.origin.occurrence if record.origin is not None else 1


def _content(record: Record) -> tuple[Any, ...]:
    """Return what a record states, in a form that can be compared and looked up."""
    fields = attrs.fields(type(record))
    return type(record), *(getattr(record, field.name) for field in fields if field.name not in _APART)


def _renumbered(record: Record, number: int) -> Record:
    """Return a record under another number; its id follows from the number."""
    origin = record.origin
    assert origin is not None, "only records that were read have numbers"
    if origin.occurrence == number:
        return record
    fields: dict[str, Any] = {
        field.name: getattr(record, field.name) for field in attrs.fields(type(record)) if field.name not in _APART
    }
    return type(record)(origin=attrs.evolve(origin, occurrence=number), **fields)
