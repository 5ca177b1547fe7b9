"""
The loader of a file of worked cases, and the forms that a case's expectation is checked against.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NewType

import attrs

from peer_ledger.errors import InvalidData, InvalidValue, Problem, shown
from peer_ledger.records import Record
from peer_ledger.records.interchange import record_from_dict
from peer_ledger.values._strict import REFUSED, Strict, exactly

Amount = NewType("Amount", str)
"""An amount, such as 20 or '1.5'."""
AsWritten = NewType("AsWritten", object)
"""A value that is compared as it is written: a day, several days, or a word."""
Expectation = NewType("Expectation", Mapping[str, Any])
"""What a case expects, as it is written: its keys and the types of its values are those of an `ExpectForm`."""

_AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?")


@attrs.frozen(kw_only=True)
class FindingForm:
    """
    The expected finding about one requirement.
    """

    requirement: str
    result: str | None = None
    need: Amount | None = None
    recorded: Amount | None = None
    eligible: Amount | None = None
    counted: Amount | None = None
    short: Amount | None = None


@attrs.frozen(kw_only=True)
class DatesForm:
    """
    The expected dates: each a day, `none`, or a list of days when the date is undetermined.
    """

    due: AsWritten | None = None
    expiry: AsWritten | None = None
    opens: AsWritten | None = None
    timely_until: AsWritten | None = None
    late_until: AsWritten | None = None
    reinstate_until: AsWritten | None = None
    earning_begins: AsWritten | None = None
    earning_ends: AsWritten | None = None


@attrs.frozen(kw_only=True)
class GivesForm(DatesForm):
    """
    The expected components and dates under one reading of a question.
    """

    standing: AsWritten | None = None
    in_force: AsWritten | None = None
    outcome: AsWritten | None = None
    hours: AsWritten | None = None
    documents: AsWritten | None = None
    status: AsWritten | None = None
    designations: dict[str, str] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class ExpectForm:
    """
    Everything that a case may expect.
    """

    standing: str | None = None
    step: str | None = None
    in_force: str | None = None
    outcome: str | None = None
    hours_outcome: str | None = None
    documents_outcome: str | None = None
    status: str | None = None
    designations: dict[str, str] = attrs.field(factory=dict)
    edition: str | None = None
    lead: str | None = None
    caveat: str | None = None
    pending_since: AsWritten | None = None
    dates: DatesForm | None = None
    findings: tuple[FindingForm, ...] = ()
    questions: tuple[str, ...] = ()
    alternatives: dict[str, dict[str, GivesForm]] = attrs.field(factory=dict)


def _amount(value: Any) -> str:
    if type(value) is bool or not _AMOUNT.fullmatch(str(value)):
        raise InvalidValue(f"must be an amount such as 20 or '1.5', not {shown(value)}")
    return str(value)


def _as_json(value: Any) -> Any:
    """Return a TOML value with its days as texts, as the interchange format writes them."""
    if isinstance(value, dict):
        return {key: _as_json(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_as_json(part) for part in value]
    return value.isoformat() if isinstance(value, date) and not isinstance(value, datetime) else value


class _CaseLoader(Strict):
    """Also reads records, in the interchange format, and expectations, which are checked and stay as they are."""

    def build(self, wanted: Any, data: Any, problems: list[Problem]) -> Any:
        if wanted is Expectation:
            super().build(ExpectForm, data, problems)
            if data == {}:
                problems.append(Problem("", "expects nothing, so that every answer passes; give at least one key"))
            return data
        if wanted is not Record:
            return super().build(wanted, data, problems)
        try:
            return record_from_dict(_as_json(data))
        except InvalidData as error:
            problems += error.problems
            return REFUSED


LOADER = _CaseLoader(
    {
        str: exactly(str, "a text"),
        int: exactly(int, "a whole number"),
        date: exactly(date, "a day such as 2026-03-31"),
        Amount: _amount,
        AsWritten: lambda value: value,
    }
)
