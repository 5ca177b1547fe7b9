"""
A report as plain values for other programs.
"""

from datetime import date
from fractions import Fraction
from typing import Any, cast

import attrs

from peer_ledger.reports._dicts import ReportDict
from peer_ledger.reports._parts import Dates
from peer_ledger.reports._remarks import Remark
from peer_ledger.reports._report_data import ReportData
from peer_ledger.values.hours import plain_hours

FORMAT = "peer-ledger report"
VERSION = 2
"""The version of the plain form of a report."""

LEFT_OUT = frozenset({"proof", "under_assumed", "named_bodies", "asked"})
"""The fields that the plain form leaves out."""


def report_to_dict(report: ReportData) -> ReportDict:
    """
    Return a report as plain values: texts, whole numbers, lists and dictionaries.
    """
    # The values follow the fields of the classes; a test checks them and `ReportDict` against the schema.
    return cast("ReportDict", {"format": FORMAT, "version": VERSION, **_plain(report)})


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return plain_hours(value)
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, Dates):
        return {name: _plain(day) for name, day in value.items()}
    if isinstance(value, Remark):
        values = {name: _plain(part) for name, part in value.values}
        return {"kind": value.kind, "says": str(value), "values": values}
    if attrs.has(type(value)):
        return {
            field.name: _plain(getattr(value, field.name))
            for field in attrs.fields(type(value))
            if field.name not in LEFT_OUT
        }
    return value
