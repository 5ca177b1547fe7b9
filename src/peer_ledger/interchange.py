"""
Records to JSON and back, exactly and strictly.

The JSON form of a record is an object whose `type` names the kind of record.  Amounts are texts, days are `YYYY-MM-DD`,
sets are lists in one order; what is unknown is left out.  The same record is always written in the same bytes.  Reading
refuses unknown keys, wrong types and whatever a record refuses, and lists all of it at once with its path.

>>> from peer_ledger.records import Credit, TrainingEvent
>>> event = TrainingEvent(id="e-1", person="p-1", completed="2025-03-04", credits=[Credit(amount="1.5")])
>>> print(record_to_json(event)[:72])
{"type":"training-event","id":"e-1","person":"p-1","completed":"2025-03-
>>> record_from_json(record_to_json(event)) == event
True
>>> record_from_json('{"type": "training-event", "id": "e-1", "persn": "p-1", "completed": "2025-03-32"}')
Traceback (most recent call last):
...
peer_ledger.errors.InvalidData: this record cannot be read:
  - persn: unknown key (did you mean 'person'?)
  - person: is missing
  - completed: there is no day '2025-03-32' in the calendar
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import attrs
import cattrs
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from peer_ledger._checks import check_of, field_problems
from peer_ledger._files import written_whole
from peer_ledger.dates import MonthDay, as_day
from peer_ledger.errors import InvalidData, InvalidRecord, InvalidValue, Problem, nearest, shown, shown_name
from peer_ledger.hours import exact, plain
from peer_ledger.records import (
    RECORD_TYPES,
    Approval,
    AttestedValue,
    Credit,
    Origin,
    Quantity,
    Record,
)

Json = dict[str, Any]

MOST_PROBLEMS = 100
"""How many problems of one file are listed."""

LONGEST_LINE = 16 * 2**20
"""How many bytes a line of a JSON Lines file may have; the longest record that can be built has fewer."""

_dump = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def record_to_dict(record: Record) -> Json:
    """
    Turn a record into what `json.dumps` takes.

    Args:
        record: Any record.

    Returns:
        A new dictionary; `type` comes first, unknown fields are left out.
    """
    return {"type": record.record_type, **_UNSTRUCTURE[type(record)](record)}


def record_to_json(record: Record) -> str:
    """
    Write a record as one line of JSON, always the same for the same record.
    """
    return _dump(record_to_dict(record))


def record_from_dict(data: Any) -> Record:
    """
    Build the record that a JSON object describes.

    Args:
        data: What `json.loads` gave.

    Raises:
        InvalidData: It describes none; every problem is listed with its path.
    """
    cls = RECORD_TYPES.get(data["type"]) if type(data) is dict and type(data.get("type")) is str else None
    if cls is None:
        raise InvalidData("record", tuple(_record_problems(data)))
    try:
        record: Record = _STRUCTURE[cls]({key: value for key, value in data.items() if key != "type"}, cls)
    except _REFUSALS:
        if problems := tuple(_record_problems(data)):
            raise InvalidData("record", problems) from None
        raise
    return record


def record_from_json(text: str | bytes) -> Record:
    """
    Read a record from JSON text.

    Raises:
        InvalidData: It is not JSON, or describes no record; every problem is listed with its path.
    """
    try:
        return record_from_dict(parse_json(text))
    except InvalidValue as error:
        raise InvalidData("record", (Problem("", error.message),)) from None


def write_records(records: Iterable[Record], path: str | Path) -> int:
    """
    Write records to a file of JSON Lines, one a line; the file appears only when it is complete.

    Args:
        records: Any records.
        path: The file; what it held before is replaced.

    Returns:
        How many were written.
    """
    count = 0
    with written_whole(path) as file:
        for record in records:
            file.write(record_to_json(record) + "\n")
            count += 1
    return count


def read_records(path: str | Path) -> tuple[Record, ...]:
    """
    Read a file of JSON Lines that holds one record a line; empty lines are passed over.

    Raises:
        InvalidData: Lines that are no records; the first hundred problems are listed with line and path.
    """
    records: list[Record] = []
    problems: list[Problem] = []
    with open(path, "rb") as file:
        for number, line in numbered_lines(file):
            if not line.strip():
                continue
            try:
                records.append(record_from_json(line))
            except InvalidData as error:
                problems += [problem.below(f"line {number}") for problem in error.problems]
                if len(problems) >= MOST_PROBLEMS:
                    break
    if problems:
        raise InvalidData("file of records", tuple(problems[:MOST_PROBLEMS]))
    return tuple(records)


def numbered_lines(file: Any) -> Iterator[tuple[int, bytes]]:
    """
    Give the lines of a binary file with their numbers, from 1, and never more than `LONGEST_LINE` bytes of one.

    Raises:
        InvalidData: A line is longer.
    """
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise InvalidData("file", (Problem(f"line {number}", f"is longer than {LONGEST_LINE} bytes"),))
        yield number, line


def parse_json(text: str | bytes) -> Any:
    """
    Read JSON as strictly as it is specified: one value, UTF-8, no key twice, no NaN.

    Raises:
        InvalidValue: It is something else; the message says where.
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


def _must(cls: type, words: str) -> Callable[[Any, Any], Any]:
    def structure(value: Any, _: Any) -> Any:
        if type(value) is not cls:
            raise InvalidValue(f"must be {words}, not {shown(value)}")
        return value

    return structure


def _structure_day(value: Any, _: Any) -> date:
    if type(value) is not str:
        raise InvalidValue(f"must be a day written 'YYYY-MM-DD', not {shown(value)}")
    return as_day(value)


def _structure_amount(value: Any, _: Any) -> Decimal:
    if type(value) is not str:
        hint = f'; write it as a text, "{value}"' if type(value) in (int, float) else ""
        raise InvalidValue(f"must be an amount written as a text, not {shown(value)}{hint}")
    return exact(value)


def _structure_word(value: Any, literal: Any) -> Any:
    if type(value) is not str or value not in get_args(literal):
        raise InvalidValue(f"must be one of {', '.join(get_args(literal))}, not {shown(value)}")
    return value


_TAGS: dict[str, Any] = {"flag": bool, "day": date, "month_day": MonthDay, "quantity": Quantity, "word": str}
_TAG_OF = {cls: tag for tag, cls in _TAGS.items()}


def _attested_to_json(value: Any) -> Any:
    return None if value is None else {_TAG_OF[type(value)]: _converter.unstructure(value)}


def _structure_attested(value: Any, _: Any) -> Any:
    if type(value) is dict and len(value) == 1:
        (tag, inner), *_ = value.items()
        if tag in _TAGS:
            return _converter.structure(inner, _TAGS[tag])
    raise InvalidValue(f"must be an object with one key of {', '.join(_TAGS)}, not {shown(value)}")


def _items(value: Any) -> list[Any]:
    if type(value) is not list:
        raise InvalidValue(f"must be a list, not {shown(value)}")
    return value


def _structure_tuple(cls: Any) -> Callable[[Any, Any], tuple[Any, ...]]:
    item = get_args(cls)[0]
    hook = _converter.get_structure_hook(item)
    return lambda value, _: tuple([hook(part, item) for part in _items(value)])


def _structure_set(cls: Any) -> Callable[[Any, Any], frozenset[Any]]:
    item = get_args(cls)[0]
    hook = _converter.get_structure_hook(item)

    def structure(value: Any, _: Any) -> frozenset[Any]:
        result = frozenset([hook(part, item) for part in _items(value)])
        if len(result) != len(value):
            raise InvalidValue("must be a list in which nothing stands twice")
        return result

    return structure


def _unstructure_set(values: frozenset[Any]) -> list[Any]:
    return sorted(map(_converter.unstructure, values), key=lambda item: item if type(item) is str else _dump(item))


def _is_generic(origin: type) -> Callable[[Any], bool]:
    return lambda cls: get_origin(cls) is origin


_converter = cattrs.Converter(detailed_validation=False, forbid_extra_keys=True)
_converter.register_structure_hook(str, _must(str, "a text"))
_converter.register_structure_hook(int, _must(int, "a whole number"))
_converter.register_structure_hook(bool, _must(bool, "true or false"))
_converter.register_structure_hook(date, _structure_day)
_converter.register_structure_hook(Decimal, _structure_amount)
_converter.register_structure_hook(MonthDay, lambda value, _: MonthDay.parse(value))
_converter.register_structure_hook_func(_is_generic(Literal), _structure_word)  # type: ignore[arg-type]
_converter.register_structure_hook_func(lambda cls: cls == AttestedValue, _structure_attested)
_converter.register_structure_hook_func(
    lambda cls: cls == AttestedValue | None,
    lambda value, cls: None if value is None else _structure_attested(value, cls),
)
_converter.register_structure_hook_factory(_is_generic(tuple), _structure_tuple)
_converter.register_structure_hook_factory(_is_generic(frozenset), _structure_set)
_converter.register_unstructure_hook(date, date.isoformat)
_converter.register_unstructure_hook(Decimal, plain)
_converter.register_unstructure_hook(MonthDay, str)
_converter.register_unstructure_hook_func(_is_generic(frozenset), _unstructure_set)
_converter.register_unstructure_hook_func(lambda cls: cls in (AttestedValue, AttestedValue | None), _attested_to_json)

for _cls in (Origin, Credit, Approval, Quantity, *RECORD_TYPES.values()):
    _left_out: Any = {f.name: override(omit_if_default=f.default is None) for f in attrs.fields(_cls)}
    _converter.register_unstructure_hook(_cls, make_dict_unstructure_fn(_cls, _converter, **_left_out))
    _converter.register_structure_hook(
        _cls,
        make_dict_structure_fn(_cls, _converter, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=False),
    )

_STRUCTURE = {cls: _converter.get_structure_hook(cls) for cls in RECORD_TYPES.values()}
_UNSTRUCTURE = {cls: _converter.get_unstructure_hook(cls) for cls in RECORD_TYPES.values()}
_REFUSALS = (
    InvalidValue,
    InvalidRecord,
    cattrs.BaseValidationError,
    cattrs.ForbiddenExtraKeysError,
    KeyError,
    AttributeError,
    TypeError,
)


def _record_problems(data: Any) -> Iterator[Problem]:
    if type(data) is not dict:
        yield Problem("", f"a record is a JSON object, not {shown(data)}")
    elif "type" not in data:
        yield Problem("type", f"is missing; it is one of {', '.join(RECORD_TYPES)}")
    elif type(data["type"]) is not str or data["type"] not in RECORD_TYPES:
        found = f"{shown_name(data['type'])}{nearest(data['type'], RECORD_TYPES)}"
        yield Problem("type", f"must be one of {', '.join(RECORD_TYPES)}, not {found}")
    else:
        yield from _object_problems(
            RECORD_TYPES[data["type"]], {key: value for key, value in data.items() if key != "type"}
        )


def _object_problems(cls: type, data: Any) -> Iterator[Problem]:
    """Look at every part of an object that could not be read as a whole, and say all that is wrong."""
    if type(data) is not dict:
        yield Problem("", f"must be an object, not {shown(data)}")
        return
    fields: Mapping[str, attrs.Attribute[Any]] = attrs.fields_dict(cls)
    found = False
    for key in data:
        if key not in fields:
            found = True
            yield Problem(shown_name(key).strip("'"), f"unknown key{nearest(key, fields)}")
    values: Json = {}
    for name, field in fields.items():
        if name not in data:
            if field.default is attrs.NOTHING:
                found = True
                yield Problem(name, "is missing")
            continue
        wanted: Any = field.type
        problems = [problem.below(name) for problem in _value_problems(field, wanted, data[name])]
        yield from problems
        found = found or bool(problems)
        if not problems:
            values[name] = _converter.structure(data[name], wanted)
    problems = list(field_problems(cls, values))
    yield from problems
    if not (found or problems):
        try:
            cls(**values)
        except InvalidRecord as error:
            yield from error.problems


def _value_problems(field: "attrs.Attribute[Any]", wanted: Any, value: Any) -> Iterator[Problem]:
    if get_origin(wanted) in (Union, UnionType) and NoneType in get_args(wanted):
        if value is None:
            return
        known = [arg for arg in get_args(wanted) if arg is not NoneType]
        wanted = known[0] if len(known) == 1 else AttestedValue
    if attrs.has(wanted) and wanted is not MonthDay:
        yield from _object_problems(wanted, value)
    elif get_origin(wanted) in (tuple, frozenset) and type(value) is list:
        before = []
        for position, item in enumerate(value):
            inner = list(_value_problems(field, get_args(wanted)[0], item))
            before += inner
            yield from (problem.below(f"[{position}]") for problem in inner)
        if not before:
            yield from _plain_problems(wanted, value)
    elif wanted == AttestedValue and type(value) is dict and list(value) == ["quantity"]:
        yield from (problem.below("quantity") for problem in _object_problems(Quantity, value["quantity"]))
    elif get_origin(wanted) is Literal and (check := check_of(field)) is not None:
        message = check.problem(value)
        if message:
            yield Problem("", message)
    else:
        yield from _plain_problems(wanted, value)


def _plain_problems(wanted: Any, value: Any) -> Iterator[Problem]:
    try:
        _converter.structure(value, wanted)
    except InvalidValue as error:
        yield Problem("", error.message)
