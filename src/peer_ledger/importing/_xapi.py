"""
Statements of xAPI (IEEE 9274.1.1, https://opensource.ieee.org/xapi) as rows: a row for each completion.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from peer_ledger.importing._text_tables import Row
from peer_ledger.values._wording import counted

HEADINGS = ["statement", "actor", "timestamp", "name", "activity", "duration", "result"]
PROFILE = "xapi"

_COMPLETED = frozenset({"http://adlnet.gov/expapi/verbs/completed", "http://activitystrea.ms/schema/1.0/complete"})
_PASSED = frozenset({"http://adlnet.gov/expapi/verbs/passed", "http://adlnet.gov/expapi/verbs/attended"})
_VOIDED = "http://adlnet.gov/expapi/verbs/voided"

_DURATION = re.compile(r"P(?:([0-9]{1,4})D)?(?:T(?:([0-9]{1,5})H)?(?:([0-9]{1,7})M)?(?:([0-9]{1,9})(?:\.[0-9]+)?S)?)?")

Statement = Mapping[str, Any]


def holds_statements(value: Statement) -> bool:
    """Return whether a value is a statement: it has an actor, a verb and an object."""
    return all(isinstance(value.get(name), Mapping) for name in ("actor", "verb", "object"))


def statement_table(statements: Sequence[Statement]) -> tuple[list[Row], str, str, tuple[str, ...]]:
    """
    Return a row for each statement of a completion.

    A statement that somebody passed or attended is left out when another says that they completed the same activity
    on that day.  The duration of a statement is the time spent, and not credit; no profile reads it by itself.

    Args:
        statements: The statements, voided ones included.

    Returns:
        The rows, what they are, the profile, and notes.
    """
    voided = {str(_object(statement, "object").get("id")) for statement in statements if _verb(statement) == _VOIDED}
    kept = [
        (line, statement)
        for line, statement in enumerate(statements, 1)
        if holds_statements(statement) and str(statement.get("id")) not in voided
    ]
    completed = {_what(statement) for _, statement in kept if _verb(statement) in _COMPLETED}
    rows = [Row(0, 0, list(HEADINGS))]
    others = 0
    for line, statement in kept:
        verb = _verb(statement)
        if verb in _COMPLETED or (verb in _PASSED and _what(statement) not in completed):
            rows.append(_row(line, statement))
        elif verb not in _PASSED and verb != _VOIDED:
            others += 1
    notes = [
        *(
            [f"{counted(others, 'statement')} of other verbs than completed, passed and attended: not read"]
            * bool(others)
        ),
        *([f"{counted(len(voided), 'voided statement')}: not read"] * bool(voided)),
        "xAPI states the time spent, and no credit: hours come from a catalog, or from a value for every row",
    ]
    return rows, f"{counted(len(statements), 'xAPI statement')}", PROFILE, tuple(notes)


def _row(line: int, statement: Statement) -> Row:
    actor, fault = _person(_object(statement, "actor"))
    result = _object(statement, "result")
    failed = result.get("completion") is False or result.get("success") is False
    cells: list[object] = [
        _text(statement.get("id")),
        actor,
        _text(statement.get("timestamp")),
        _name(_object(statement, "object")),
        _text(_object(statement, "object").get("id")),
        duration_of(_text(result.get("duration"))),
        "failed" if failed else "completed",
    ]
    return Row(line, line, cells, fault)


def duration_of(text: str) -> str:
    """
    Return a duration of ISO 8601 as hours and minutes, without seconds begun; another text as it is.

    >>> duration_of("PT1H30M"), duration_of("PT5400.5S"), duration_of("P1D"), duration_of("an hour")
    ('1h 30m', '1h 30m', '24h 0m', 'an hour')
    """
    found = _DURATION.fullmatch(text)
    if found is None or not any(found.groups()):
        return text
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    whole = (days * 24 + hours) * 60 + minutes + seconds // 60
    return f"{whole // 60}h {whole % 60}m"


def _what(statement: Statement) -> tuple[str, str, str]:
    """Return who a statement is about, the activity, and the day."""
    actor, _ = _person(_object(statement, "actor"))
    return actor, _text(_object(statement, "object").get("id")), _text(statement.get("timestamp"))[:10]


def _person(actor: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return the id of an actor, and why it has none."""
    if actor.get("objectType") == "Group":
        return "", "its actor is a group; xAPI does not say that each member completed the activity"
    account = _object(actor, "account")
    found = _text(account.get("name")) or _text(actor.get("mbox")).removeprefix("mailto:")
    return found or _text(actor.get("mbox_sha1sum")) or _text(actor.get("openid")), None


def _name(activity: Mapping[str, Any]) -> str:
    names = _object(_object(activity, "definition"), "name")
    english = [text for language, text in names.items() if str(language).lower().startswith("en")]
    return _text(next(iter([*english, *names.values()]), ""))


def _verb(statement: Statement) -> str:
    return _text(_object(statement, "verb").get("id")).replace("https://", "http://", 1)


def _object(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = value.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
