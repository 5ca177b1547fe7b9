"""
Records written as a worked case, to be pasted into a file of cases.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from peer_ledger.records import Record
from peer_ledger.records.interchange import record_to_dict
from peer_ledger.reports import Report
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets._bundled import DEFAULT
from peer_ledger.values.dates import as_day

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


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
    Write records and a day as a worked case in TOML, to be pasted into a file of cases.

    Args:
        records: The records, a retraction after what it retracts.
        on: The day asked about.
        person: The person asked about.
        ruleset: The rule set, or its id.
        readings: Questions that are answered.
        expect: What must come of it: the components of a report, or what the file is to hold; `None` for nothing yet.
        case_id: The case's id.
        says: What it is about.

    Returns:
        The text, from `[[cases]]` on.

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
        { type = "certification", id = "c", person = "p", credential = "us-nc-cpss", act = "awarded", on = 2024-03-14 },
    ]
    [cases.expect]
    standing = "current"
    """
    if isinstance(expect, Report):
        expect = _components(expect)
    taken = [f"{_key(question)} = {_text(reading)}" for question, reading in (readings or {}).items()]
    lines = [
        "[[cases]]",
        f"id = {_text(case_id)}",
        f"says = {_text(says)}",
        'basis = "FURTHER"',
        f"ruleset = {_text(ruleset if isinstance(ruleset, str) else ruleset.id)}",
        f"person = {_text(person)}",
        f"on = {as_day(on)}",
        *([f"readings = {{ {', '.join(taken)} }}"] if taken else []),
        "records = [",
        *(f"    {as_line(record)}," for record in records),
        "]",
        "[cases.expect]",
        *(f"{_key(name)} = {_written(value)}" for name, value in (expect or {}).items()),
    ]
    return "\n".join(lines)


def as_line(record: Record) -> str:
    """
    Write a record as one line of a worked case.
    """
    return _written(record_to_dict(record))


def _components(report: Report) -> dict[str, Any]:
    names = ("standing", "in_force", "outcome", "hours_outcome", "documents_outcome", "status")
    return {**{name: getattr(report, name) for name in names}, "step": report.step or "none"}


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _written(value: Any) -> str:
    """Write a value on one line; a day as a day, which a file of cases reads as the same text."""
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
