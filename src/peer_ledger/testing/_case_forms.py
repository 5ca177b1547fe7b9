"""
What a file of worked cases may hold, as classes that the strict loader builds.
"""

import re
from datetime import date, datetime
from typing import Any, Literal, NewType

import attrs

from peer_ledger.errors import InvalidData, InvalidValue, Problem, shown
from peer_ledger.records import Record
from peer_ledger.records.interchange import record_from_dict
from peer_ledger.rulesets._bundled import DEFAULT
from peer_ledger.values._strict import REFUSED, Strict

Basis = Literal["DECIDED", "DERIVED", "AMBIGUOUS", "FURTHER"]
Figure = NewType("Figure", str)
"""An amount, as 20 or '1.5'."""
Anything = NewType("Anything", object)
"""What is compared as it is written: a day, several days, or a word."""

_FIGURE = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?")


@attrs.frozen(kw_only=True)
class FindingForm:
    """
    What is expected of one requirement.
    """

    requirement: str
    result: str | None = None
    need: Figure | None = None
    recorded: Figure | None = None
    eligible: Figure | None = None
    counted: Figure | None = None
    short: Figure | None = None


@attrs.frozen(kw_only=True)
class DatesForm:
    """
    The dates that are expected: each a day, `none`, or the days between which it is not decided.
    """

    due: Anything | None = None
    expiry: Anything | None = None
    opens: Anything | None = None
    timely_until: Anything | None = None
    late_until: Anything | None = None
    reinstate_until: Anything | None = None
    earning_begins: Anything | None = None
    earning_ends: Anything | None = None


@attrs.frozen(kw_only=True)
class GivesForm(DatesForm):
    """
    What one reading of a question is expected to give.
    """

    standing: Anything | None = None
    in_force: Anything | None = None
    outcome: Anything | None = None
    hours: Anything | None = None
    documents: Anything | None = None
    status: Anything | None = None


@attrs.frozen(kw_only=True)
class ExpectForm:
    """
    What must come of a case.
    """

    standing: str | None = None
    step: str | None = None
    in_force: str | None = None
    outcome: str | None = None
    hours_outcome: str | None = None
    documents_outcome: str | None = None
    status: str | None = None
    edition: str | None = None
    caveat: str | None = None
    pending_since: Anything | None = None
    dates: DatesForm | None = None
    findings: tuple[FindingForm, ...] = ()
    questions: tuple[str, ...] = ()
    alternatives: dict[str, dict[str, GivesForm]] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class CaseForm:
    """
    One case, as it is written.
    """

    id: str
    says: str
    basis: Basis
    on: date
    person: str = "p"
    ruleset: str = DEFAULT
    readings: dict[str, str] = attrs.field(factory=dict)
    cycle: int | None = None
    records: tuple[Record, ...] = ()
    include: tuple[str, ...] = ()
    expect: ExpectForm
    derivation: str | None = None


@attrs.frozen(kw_only=True)
class FileForm:
    """
    A file of cases.
    """

    groups: dict[str, tuple[Record, ...]] = attrs.field(factory=dict)
    cases: tuple[CaseForm, ...] = ()


def _text(value: Any) -> str:
    if type(value) is not str:
        raise InvalidValue(f"must be a text, not {shown(value)}")
    return value


def _number(value: Any) -> int:
    if type(value) is not int:
        raise InvalidValue(f"must be a whole number, not {shown(value)}")
    return value


def _day(value: Any) -> date:
    if type(value) is not date:
        raise InvalidValue(f"must be a day, as 2026-03-31, not {shown(value)}")
    return value


def _figure(value: Any) -> str:
    if type(value) is bool or not _FIGURE.fullmatch(str(value)):
        raise InvalidValue(f"must be an amount, as 20 or '1.5', not {shown(value)}")
    return str(value)


def _as_json(value: Any) -> Any:
    """Return TOML's days as texts, as the interchange format writes them."""
    if isinstance(value, dict):
        return {key: _as_json(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_as_json(part) for part in value]
    return value.isoformat() if isinstance(value, date) and not isinstance(value, datetime) else value


class _CaseLoader(Strict):
    """Builds the forms; records are read as the interchange format."""

    def build(self, wanted: Any, data: Any, problems: list[Problem]) -> Any:
        if wanted is not Record:
            return super().build(wanted, data, problems)
        try:
            return record_from_dict(_as_json(data))
        except InvalidData as error:
            problems += error.problems
            return REFUSED


LOADER = _CaseLoader({str: _text, int: _number, date: _day, Figure: _figure, Anything: lambda value: value})
