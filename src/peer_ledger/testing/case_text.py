"""
Records as the text of a worked case, to be pasted into a file of cases.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from peer_ledger.records import Record
from peer_ledger.records.interchange import record_to_dict
from peer_ledger.reports import COMPONENTS, Report
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets._bundled import DEFAULT
from peer_ledger.testing._case_records import shortened
from peer_ledger.values.dates import as_day

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BARE = re.compile(r"[A-Za-z0-9_-]+")

_OUTCOMES = {"hours": "hours_outcome", "documents": "documents_outcome"}
COMPONENT_FIELDS = tuple(_OUTCOMES.get(name, name) for name in COMPONENTS)
"""The fields of a report that hold its components."""


def as_case(
    records: Iterable[Record],
    *,
    on: date | str,
    person: str = "p",
    ruleset: str | RuleSet = DEFAULT,
    readings: Mapping[str, str] | None = None,
    expect: Report | Mapping[str, Any] | None = None,
    case_id: str = "found",
    says: str = "What was found.",
) -> str:
    """
    Return records and a day as a worked case in TOML, to be pasted into a file of cases.

    Args:
        records: The records, a retraction after what it retracts.
        on: The day asked about.
        person: The person asked about.
        ruleset: The rule set, or its id.
        readings: The answers to questions, by question.
        expect: The expected answer: a report, whose components are written, or the content of `expect` itself; `None`
            leaves it to be worked out by hand. Until that is done, the case is refused.
        case_id: The case's id.
        says: What it is about.

    Returns:
        The text, beginning with `[[cases]]`.

    >>> from peer_ledger import Certification
    >>> award = Certification(id="c", person="p", credential="us-nc-cpss", act="awarded", on="2024-03-14")
    >>> print(as_case([award], on="2026-01-15", expect={"standing": "current"}))
    [[cases]]
    id = "found"
    says = "What was found."
    basis = "FURTHER"
    ruleset = "us-nc-cpss"
    person = "p"
    on = 2026-01-15
    records = [
        { certification = "c", act = "awarded", on = 2024-03-14 },
    ]
    [cases.expect]
    standing = "current"
    """
    if isinstance(expect, Report):
        expect = _components(expect)
    taken = [f"{_key(question)} = {_text(reading)}" for question, reading in (readings or {}).items()]
    name = ruleset if isinstance(ruleset, str) else ruleset.id
    lines = [
        "[[cases]]",
        f"id = {_text(case_id)}",
        f"says = {_text(says)}",
        'basis = "FURTHER"',
        f"ruleset = {_text(name)}",
        f"person = {_text(person)}",
        f"on = {as_day(on)}",
        *([f"readings = {{ {', '.join(taken)} }}"] if taken else []),
        "records = [",
        *(f"    {as_line(record, person=person, credential=name)}," for record in records),
        "]",
        "[cases.expect]",
        *(f"{_key(name)} = {_written(value)}" for name, value in (expect or {}).items()),
        *(() if expect else ("# Write here what the rules give, worked out by hand.",)),
    ]
    return "\n".join(lines)


def as_line(record: Record, *, person: str | None = None, credential: str | None = None) -> str:
    """
    Return a record as one line of a worked case.

    Args:
        record: The record.
        person: The person of the case, whose name is left out; `None` to leave none out.
        credential: The rule set of the case, whose id is left out; `None` to leave none out.
    """
    return _written(shortened(record_to_dict(record), person=person, credential=credential))


def _components(report: Report) -> dict[str, Any]:
    return {**{name: getattr(report, name) for name in COMPONENT_FIELDS}, "step": report.step or "none"}


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _written(value: Any) -> str:
    """Return a value as TOML on one line; the text of a day is written as a day, which is read as the same text."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(name)} = {_written(part)}" for name, part in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_written, value)) + "]"
    if isinstance(value, str):
        return value if _is_day(value) else _text(value)
    return str(value) if isinstance(value, date) else json.dumps(value)


def _is_day(text: str) -> bool:
    try:
        return _DAY.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
