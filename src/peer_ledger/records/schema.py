"""
The JSON Schema (2020-12) of the interchange format, generated from the record classes.

`python -m peer_ledger.records.schema > interchange.schema.json` writes the bundled file.

The schema states everything about a record that JSON Schema can express. What it cannot (a February 30, an end before a
beginning, an amount of zero) is refused with the reason when the record is read.
"""

from importlib.resources import files

from peer_ledger.records._record import Origin
from peer_ledger.records._training import Approval, Credit
from peer_ledger.records._types import RECORD_TYPES
from peer_ledger.values._json import Json
from peer_ledger.values._json_schema import checked_field, checked_object, closed, schema_file, schema_text
from peer_ledger.values._quantity import Quantity

SHIPPED = "interchange.schema.json"

_HEX = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_MOMENT = {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$"}
_SEQ = {"type": "integer", "minimum": 1}


def interchange_schema() -> Json:
    """
    Return the schema of a record; its `$defs/ArchiveLine` describes a line of an archive.
    """
    defs: Json = {cls.__name__: checked_object(cls) for cls in (Origin, Credit, Approval, Quantity)}
    defs["DocumentValue"] = {
        "oneOf": [
            closed({"flag": {"type": "boolean"}}),
            closed({"day": checked_field(RECORD_TYPES["training-event"], "completed")}),
            closed({"month_day": {"type": "string", "pattern": "^[0-9]{2}-[0-9]{2}$"}}),
            closed({"quantity": {"$ref": "#/$defs/Quantity"}}),
            closed({"word": checked_field(RECORD_TYPES["certification"], "credential")}),
        ]
    }
    for name, cls in RECORD_TYPES.items():
        described = checked_object(cls)
        described["properties"] = {"type": {"const": name}, **described["properties"]}
        described["required"] = ["type", *described["required"]]
        described["anyOf"] = [{"required": ["id"]}, {"required": ["origin"]}]
        defs[cls.__name__] = described
    defs["ArchiveLine"] = _archive_line()
    any_record: Json = {"oneOf": [{"$ref": f"#/$defs/{cls.__name__}"} for cls in RECORD_TYPES.values()]}
    return schema_file("A record of peer_ledger", any_record, defs)


def shipped_schema() -> str:
    """
    Return the bundled schema as text.
    """
    return files("peer_ledger.records").joinpath(SHIPPED).read_text("utf-8")


def _archive_line() -> Json:
    entry = {"seq": _SEQ, "recorded_at": _MOMENT, "digest": _HEX}
    salt = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
    return {
        "oneOf": [
            closed({"format": {"const": "peer-ledger archive"}, "version": {"const": 1}}),
            closed({**entry, "salt": salt, "record": {"$ref": "#"}}),
            closed({**entry, "commitment": _HEX}),
            closed({"entries": {"type": "integer", "minimum": 0}, "digest": _HEX}),
        ]
    }


if __name__ == "__main__":
    print(schema_text(interchange_schema()), end="")
