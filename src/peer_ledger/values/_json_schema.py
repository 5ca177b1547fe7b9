"""
JSON Schemas (2020-12) made from attrs classes.

A record's fields have checks, and each check has the schema of its value. The classes of a report have no checks; their
schemas are made from the annotations.
"""

import json
from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs

from peer_ledger.values._checks import check_of
from peer_ledger.values._json import Json

_PLAIN: dict[Any, Json] = {
    NoneType: {"type": "null"},
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    Fraction: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+|/[0-9]+)?$"},
}


def schema_file(title: str, schema: Json, defs: Json) -> Json:
    """Return a complete schema: a title, the schema itself, and the definitions that it refers to."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **schema, "$defs": defs}


def schema_text(schema: Json) -> str:
    """Return a schema as it is shipped, with a line feed at its end."""
    return json.dumps(schema, indent=1) + "\n"


def closed(properties: Json, required: Collection[str] | None = None) -> Json:
    """
    Return the schema of an object that has these keys and no others.

    Args:
        properties: The schema of each key's value.
        required: The required keys; `None` for all.
    """
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties if required is None else required),
        "additionalProperties": False,
    }


def checked_object(cls: type) -> Json:
    """Return the schema of a class whose fields all have checks; fields without a default are required."""
    fields = attrs.fields(cls)
    return {
        **closed(
            {field.name: checked_field(cls, field.name) for field in fields},
            [field.name for field in fields if field.default is attrs.NOTHING],
        ),
        "description": (cls.__doc__ or "").strip().splitlines()[0],
    }


def checked_field(cls: type, name: str) -> Json:
    """Return the schema of a field that has a check."""
    check = check_of(attrs.fields_dict(cls)[name])
    assert check is not None, f"the field {name} of {cls.__name__} has no check"
    return {"anyOf": [dict(check.schema), {"type": "null"}]} if check.optional else dict(check.schema)


def annotated_object(cls: Any, defs: Json, *, left_out: Collection[str] = (), sparse: Collection[type] = ()) -> Json:
    """
    Return the schema of a class, made from the annotations of its fields, all of which are required.

    Args:
        cls: The class.
        defs: The definitions, to which the schemas of other classes in the annotations are added.
        left_out: The names of the fields to leave out, here and in those other classes.
        sparse: The classes whose fields have no key, rather than a null, when they are `None`.
    """
    hints = get_type_hints(cls)
    names = [field.name for field in attrs.fields(cls) if field.name not in left_out]
    if cls in sparse:
        return closed({name: _annotated(get_args(hints[name])[0], defs, left_out, sparse) for name in names}, [])
    return closed({name: _annotated(hints[name], defs, left_out, sparse) for name in names})


def _annotated(hint: Any, defs: Json, left_out: Collection[str], sparse: Collection[type]) -> Json:
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"enum": list(inside)}
    if origin in (Union, UnionType):
        return {"anyOf": [_annotated(choice, defs, left_out, sparse) for choice in inside]}
    if origin is tuple and inside[-1] is Ellipsis:
        return {"type": "array", "items": _annotated(inside[0], defs, left_out, sparse)}
    if origin is tuple:
        items = [_annotated(item, defs, left_out, sparse) for item in inside]
        return {"type": "array", "prefixItems": items, "minItems": len(inside), "items": False}
    if origin in (Mapping, dict):
        return {"type": "object", "additionalProperties": _annotated(inside[1], defs, left_out, sparse)}
    if hint.__name__ not in defs:
        defs[hint.__name__] = {}  # A class may refer to itself, so its entry exists before its fields are read.
        defs[hint.__name__] = annotated_object(hint, defs, left_out=left_out, sparse=sparse)
    return {"$ref": f"#/$defs/{hint.__name__}"}
