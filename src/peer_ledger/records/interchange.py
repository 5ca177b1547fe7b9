"""
Records to JSON and back, exactly and strictly.

The JSON form of a record is an object whose `type` names the type of record.  Amounts are texts, days are `YYYY-MM-DD`,
sets are sorted lists; unknown fields are left out.  The same record is always written as the same bytes.  Reading
refuses unknown keys, wrong types and whatever a record refuses, and lists all problems at once with their paths.

>>> from peer_ledger.records import Credit, TrainingEvent
>>> event = TrainingEvent(id="e-1", person="p-1", completed="2025-03-04", credits=[Credit(amount="1.5")])
>>> print(record_to_json(event)[:72])
{"type":"training-event","id":"e-1","person":"p-1","completed":"2025-03-
>>> record_from_json(record_to_json(event)) == event
True
>>> record_from_json('{"type": "training-event", "id": "e-1", "persn": "p-1", "completed": "2025-03-32"}')
Traceback (most recent call last):
...
peer_ledger.errors.InvalidData: this training-event 'e-1' cannot be read:
  - persn: unknown key (did you mean 'person'?)
  - person: is missing
  - completed: there is no day '2025-03-32' in the calendar
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from peer_ledger.errors import MOST_PROBLEMS, InvalidData, InvalidValue, Problem, nearest, shown, shown_name
from peer_ledger.records._canonical import canonical_record
from peer_ledger.records._conversion import REFUSALS, STRUCTURE, UNSTRUCTURE, object_problems
from peer_ledger.records._record import Record
from peer_ledger.records._types import RECORD_TYPES
from peer_ledger.values._checks import IDENTIFIER
from peer_ledger.values._json import Json, dump_json, numbered_lines, parse_json
from peer_ledger.values._outputs import input_errors, written_whole


def record_to_dict(record: Record) -> Json:
    """
    Convert a record to a dictionary for `json.dumps`.

    Args:
        record: Any record.

    Returns:
        A new dictionary; `type` comes first, unknown fields are left out.
    """
    return {"type": record.record_type, **UNSTRUCTURE[type(record)](record)}


def record_to_json(record: Record) -> str:
    """
    Return a record as one line of JSON, always the same for the same record.
    """
    return dump_json(record_to_dict(record))


def record_from_dict(data: Any) -> Record:
    """
    Build the record that a JSON object describes.

    Args:
        data: The object, as `json.loads` returns it.

    Raises:
        InvalidData: It does not describe a record; every problem is listed with its path.
    """
    cls = RECORD_TYPES.get(data["type"]) if type(data) is dict and type(data.get("type")) is str else None
    if cls is None:
        raise InvalidData(_named(data), tuple(_record_problems(data)))
    try:
        record: Record = STRUCTURE[cls]({key: value for key, value in data.items() if key != "type"}, cls)
    except REFUSALS:
        if problems := tuple(_record_problems(data)):
            raise InvalidData(_named(data), problems) from None
        raise
    return record


def record_from_json(text: str | bytes) -> Record:
    """
    Read a record from JSON text.

    Raises:
        InvalidData: It is not JSON, or does not describe a record; every problem is listed with its path.
    """
    if type(text) is str and (record := canonical_record(text)) is not None:
        read: Record = record
        return read
    return _strict_record(text)


def _strict_record(text: str | bytes) -> Record:
    """Read a record from any JSON text; the only reader that writes messages."""
    try:
        return record_from_dict(parse_json(text))
    except InvalidValue as error:
        raise InvalidData("record", (Problem("", error.message),)) from None


def write_records(records: Iterable[Record], path: str | Path) -> int:
    """
    Write records to a file of JSON Lines, one record per line; the file appears only when it is complete.

    Args:
        records: Any records.
        path: The file, readable only by its owner; an ordinary file of that name is replaced and keeps its permissions.

    Returns:
        The number of records written.

    Raises:
        OutputRefused: The file is a ledger, an archive or a rule file, or a link.
        LedgerFileError: It cannot be written; what was there is unchanged.
    """
    count = 0
    with written_whole(path) as file:
        for record in records:
            file.write(record_to_json(record) + "\n")
            count += 1
    return count


def read_records(path: str | Path) -> tuple[Record, ...]:
    """
    Read a file of JSON Lines with one record per line; empty lines are ignored.

    Raises:
        InvalidData: Some lines are not records; the first hundred problems are listed with line and path.
        LedgerNotFound: There is no such file.
        LedgerFileError: It cannot be read.
    """
    records: list[Record] = []
    problems: list[Problem] = []
    with input_errors(Path(path)), open(path, "rb") as file:
        try:
            for number, line in numbered_lines(file):
                if not line.strip():
                    continue
                try:
                    records.append(record_from_json(line))
                except InvalidData as error:
                    problems += [problem.below(f"line {number}") for problem in error.problems]
                    if len(problems) >= MOST_PROBLEMS:
                        break
        except InvalidData as error:  # a line too long to read; the problems before it are kept
            problems += error.problems
    if problems:
        raise InvalidData("file of records", tuple(problems))
    return tuple(records)


def _named(data: Any) -> str:
    """Return how messages name a record: by its type and its id, as far as it has any."""
    if type(data) is not dict:
        return "record"
    kind = data["type"] if type(data.get("type")) is str and data["type"] in RECORD_TYPES else "record"
    return f"{kind} {data['id']!r}" if IDENTIFIER.holds(data.get("id")) else kind


def _record_problems(data: Any) -> Iterator[Problem]:
    if type(data) is not dict:
        yield Problem("", f"a record must be a JSON object, not {shown(data)}")
    elif "type" not in data:
        yield Problem("type", f"is missing; it must be one of {', '.join(RECORD_TYPES)}")
    elif type(data["type"]) is not str or data["type"] not in RECORD_TYPES:
        found = f"{shown_name(data['type'])}{nearest(data['type'], RECORD_TYPES)}"
        yield Problem("type", f"must be one of {', '.join(RECORD_TYPES)}, not {found}")
    else:
        yield from object_problems(
            RECORD_TYPES[data["type"]], {key: value for key, value in data.items() if key != "type"}
        )
