"""
The JSON Schema (2020-12) of a report's plain form, generated from its classes.

`python -m peer_ledger.reports.schema > report.schema.json` writes it as it is shipped.
"""

import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from importlib.resources import files
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs

from peer_ledger.records.schema import DIALECT
from peer_ledger.reports._parts import Dates
from peer_ledger.reports._plain import FORMAT, LEFT_OUT, VERSION
from peer_ledger.reports._report import Report

SHIPPED = "report.schema.json"

_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    Fraction: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+|/[0-9]+)?$"},
}


def report_schema() -> dict[str, Any]:
    """
    Generate the schema of what `Report.to_dict` gives.
    """
    defs: dict[str, Any] = {}
    report = _object(Report, defs)
    report["properties"] = {"format": {"const": FORMAT}, "version": {"const": VERSION}, **report["properties"]}
    report["required"] = list(report["properties"])
    return {"$schema": DIALECT, "title": "A report of peer_ledger", **report, "$defs": defs}


def shipped_report_schema() -> str:
    """
    Read the schema that comes with the package, as text.
    """
    return files("peer_ledger.reports").joinpath(SHIPPED).read_text("utf-8")


def report_schema_text() -> str:
    """
    Write the generated schema as it is shipped.
    """
    return json.dumps(report_schema(), indent=1) + "\n"


def _object(cls: Any, defs: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(cls)
    if cls is Dates:  # a date that there is not has no key
        fields = {name: _of(get_args(hint)[0], defs) for name, hint in hints.items()}
        return {"type": "object", "properties": fields, "additionalProperties": False}
    fields = {one.name: _of(hints[one.name], defs) for one in attrs.fields(cls) if one.name not in LEFT_OUT}
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _of(hint: Any, defs: dict[str, Any]) -> dict[str, Any]:
    if hint in _PLAIN:
        return _PLAIN[hint]
    if hint is NoneType:
        return {"type": "null"}
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"enum": list(inside)}
    if origin in (Union, UnionType):
        return {"anyOf": [_of(one, defs) for one in inside]}
    if origin is tuple and inside[-1] is Ellipsis:
        return {"type": "array", "items": _of(inside[0], defs)}
    if origin is tuple:
        return {
            "type": "array",
            "prefixItems": [_of(one, defs) for one in inside],
            "minItems": len(inside),
            "items": False,
        }
    if origin in (Mapping, dict):
        return {"type": "object", "additionalProperties": _of(inside[1], defs)}
    if hint.__name__ not in defs:
        defs[hint.__name__] = {}
        defs[hint.__name__] = _object(hint, defs)
    return {"$ref": f"#/$defs/{hint.__name__}"}


if __name__ == "__main__":
    print(report_schema_text(), end="")
