"""
The JSON Schema (2020-12) of the interchange format, generated from the record classes.

The schema says everything about a record that JSON Schema can say.  What it cannot (a February 30, an end before a
beginning, an amount of zero) is refused when the record is read, with the reason.
"""

import json
from importlib.resources import files
from typing import Any

import attrs

from peer_ledger.records._record import Origin
from peer_ledger.records._training import Approval, Credit
from peer_ledger.records._types import RECORD_TYPES
from peer_ledger.values._checks import check_of
from peer_ledger.values._json import Json
from peer_ledger.values._quantity import Quantity

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SHIPPED = "interchange.schema.json"

_HEX = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_MOMENT = {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$"}
_SEQ = {"type": "integer", "minimum": 1}


def interchange_schema() -> Json:
    """
    Generate the schema of a record and of each line of an archive.

    Returns:
        A schema of a record; `$defs/ArchiveLine` is that of a line of an archive.
    """
    defs: Json = {cls.__name__: _object(cls) for cls in (Origin, Credit, Approval, Quantity)}
    defs["DocumentValue"] = {
        "oneOf": [
            _closed({"flag": {"type": "boolean"}}),
            _closed({"day": _schema_of(RECORD_TYPES["training-event"], "completed")}),
            _closed({"month_day": {"type": "string", "pattern": "^[0-9]{2}-[0-9]{2}$"}}),
            _closed({"quantity": {"$ref": "#/$defs/Quantity"}}),
            _closed({"word": _schema_of(RECORD_TYPES["certification"], "credential")}),
        ]
    }
    for name, cls in RECORD_TYPES.items():
        described = _object(cls)
        described["properties"] = {"type": {"const": name}, **described["properties"]}
        described["required"] = ["type", *described["required"]]
        described["anyOf"] = [{"required": ["id"]}, {"required": ["origin"]}]
        defs[cls.__name__] = described
    defs["ArchiveLine"] = _archive_line()
    return {
        "$schema": DIALECT,
        "title": "A record of peer_ledger",
        "oneOf": [{"$ref": f"#/$defs/{cls.__name__}"} for cls in RECORD_TYPES.values()],
        "$defs": defs,
    }


def shipped_schema() -> str:
    """
    Read the schema that comes with the package, as text.
    """
    return files("peer_ledger.records").joinpath(SHIPPED).read_text("utf-8")


def schema_text() -> str:
    """
    Write the generated schema as it is shipped: `python -m peer_ledger.records.schema > interchange.schema.json`.
    """
    return json.dumps(interchange_schema(), indent=1) + "\n"


def _object(cls: type) -> Json:
    fields = attrs.fields(cls)
    return {
        **_closed({field.name: _field(field) for field in fields}),
        "description": (cls.__doc__ or "").strip().splitlines()[0],
        "required": [field.name for field in fields if field.default is attrs.NOTHING],
    }


def _field(field: "attrs.Attribute[Any]") -> Json:
    check = check_of(field)
    assert check is not None, f"the field {field.name} has no check"
    schema = dict(check.schema)
    if check.optional:
        return {"anyOf": [schema, {"type": "null"}]}
    return schema


def _schema_of(cls: type, name: str) -> Json:
    check = check_of(attrs.fields_dict(cls)[name])
    assert check is not None, f"the field {name} has no check"
    return dict(check.schema)


def _closed(properties: Json) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _archive_line() -> Json:
    entry = {"seq": _SEQ, "recorded_at": _MOMENT, "digest": _HEX}
    salt = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
    return {
        "oneOf": [
            _closed({"format": {"const": "peer-ledger archive"}, "version": {"const": 1}}),
            _closed({**entry, "salt": salt, "record": {"$ref": "#"}}),
            _closed({**entry, "commitment": _HEX}),
            _closed({"entries": {"type": "integer", "minimum": 0}, "digest": _HEX}),
        ]
    }


if __name__ == "__main__":
    print(schema_text(), end="")
