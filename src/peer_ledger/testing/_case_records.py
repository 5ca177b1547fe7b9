"""
The short forms in which a worked case writes its records, beside the interchange format.

>>> written_out({"training": "e", "completed": "2025-02-03", "hours": 3, "topics": ["ethics"]})
{'type': 'training-event', 'id': 'e', 'completed': '2025-02-03', 'credits': [{'amount': '3', 'topics': ['ethics']}]}
>>> written_out({"document": "f", "kind": "fee", "value": "$20"})["value"]
{'quantity': {'amount': '20', 'unit': 'us-dollar'}}
>>> written_out({"certification": "c", "act": "awarded"}, person="p", credential="us-xx-yyy")
{'type': 'certification', 'id': 'c', 'act': 'awarded', 'person': 'p', 'credential': 'us-xx-yyy'}
"""

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import attrs

from peer_ledger.errors import Problem
from peer_ledger.records._types import RECORD_TYPES
from peer_ledger.rulesets._phrases import quantity_of
from peer_ledger.values._toml_lines import value_at
from peer_ledger.values._wording import amount
from peer_ledger.values.hours import exact

TYPES: Mapping[str, str] = {"training": "training-event", **{name: name for name in RECORD_TYPES}}
"""The first keys that may stand for the type and the id of a record, and the types."""

_NAMES = {"training-event": "training"}
_IN_CREDIT = re.compile(
    r"(?P<record>(?:cases\[[0-9]+\]\.records|groups\.[^.\[\]]+)\[[0-9]+\])\.credits\[0\]\.(?P<key>[a-z]+)(?P<rest>.*)"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_VALUES: tuple[tuple[type, str], ...] = ((bool, "flag"), (date, "day"))


def _required(field: str) -> frozenset[str]:
    """Return the types of record that have a field without a default."""
    return frozenset(
        name for name, cls in RECORD_TYPES.items()
        if field in attrs.fields_dict(cls) and attrs.fields_dict(cls)[field].default is attrs.NOTHING
    )  # fmt: skip


_PERSONAL, _OF_CREDENTIAL = _required("person"), _required("credential")


def file_written_out(data: Any, default: str) -> Any:
    """
    Return a file of cases with its records as the interchange format has them.

    Args:
        data: The file.
        default: The id of the rule set of the cases that name none.
    """
    found = dict(data)
    if type(found.get("groups")) is dict:
        groups = found["groups"].items()
        found["groups"] = {name: _all_written_out(some, person="p") for name, some in groups}
    if type(found.get("cases")) is list:
        found["cases"] = [_case_written_out(case, default) for case in found["cases"]]
    return found


def _case_written_out(case: Any, default: str) -> Any:
    if type(case) is not dict or "records" not in case:
        return case
    person, credential = case.get("person", "p"), case.get("ruleset", default)
    return {**case, "records": _all_written_out(case["records"], person=person, credential=credential)}


def _all_written_out(some: Any, **known: Any) -> Any:
    return [written_out(one, **known) for one in some] if type(some) is list else some


def at_short_key(problem: Problem, data: Any) -> Problem:
    """
    Return a problem at the key that the file has, where that stands for something longer.

    Args:
        problem: The problem, at its place in the interchange format.
        data: The file.
    """
    found = _IN_CREDIT.fullmatch(problem.path)
    if found is None:
        return problem
    steps = [int(step) if step.isdecimal() else step for step in re.split(r"[.\[\]]+", found["record"].rstrip("]"))]
    record = value_at(data, tuple(steps))
    if type(record) is not dict or "hours" not in record:
        return problem
    key = "hours" if found["key"] == "amount" else found["key"]
    return Problem(f"{found['record']}.{key}{found['rest']}", problem.message)


def written_out(data: Any, *, person: str | None = None, credential: str | None = None) -> Any:
    """
    Return a record as the interchange format has it; what cannot be understood stays as it is.

    Args:
        data: The table of the record in a file of cases.
        person: The person of the records that name none; `None` to leave that out.
        credential: The credential of the acts, filings and rulings that name none; `None` to leave that out.
    """
    if type(data) is not dict:
        return data
    found = _with_type(data)
    kind = found.get("type")
    if type(kind) is not str:
        return found
    if person is not None and kind in _PERSONAL:
        found = {**found, "person": found.get("person", person)}
    if credential is not None and kind in _OF_CREDENTIAL:
        found = {**found, "credential": found.get("credential", credential)}
    if kind == "training-event" and "hours" in found and "credits" not in found:
        found = {("credits" if key == "hours" else key): one for key, one in found.items() if key != "topics"}
        topics = {"topics": data["topics"]} if "topics" in data else {}
        found["credits"] = [{"amount": _as_text(data["hours"]), **topics}]
    if kind == "document" and "value" in found:
        found = {**found, "value": _value(found["value"])}
    if kind == "ruling" and type(found.get("figure")) is str:
        found = {**found, "figure": quantity_of(found["figure"]) or found["figure"]}
    return found


def _with_type(data: dict[str, Any]) -> dict[str, Any]:
    name = next(iter(data), "")
    if name not in TYPES or data.keys() & {"type", "id"}:
        return dict(data)
    return {"type": TYPES[name], "id": data[name], **{key: one for key, one in data.items() if key != name}}


def _as_text(value: Any) -> Any:
    return str(value) if type(value) is int else value


def _value(value: Any) -> Any:
    """Write out what a document states: an amount with its unit, yes or no, a day, or a word."""
    if type(value) is str:
        quantity = quantity_of(value)
        return {"word": value} if quantity is None else {"quantity": quantity}
    return next(({name: value} for kind, name in _VALUES if type(value) is kind), value)


def shortened(data: Mapping[str, Any], *, person: str | None = None, credential: str | None = None) -> dict[str, Any]:
    """
    Return a record in the shortest form that `written_out` gives back as it was.

    Args:
        data: The record, as the interchange format has it, with days as texts or as days.
        person: The person of the records that name none; `None` where each must name one.
        credential: The credential of those that name none; `None` where each must name one.
    """
    known = {"person": person, "credential": credential}
    found = {key: one for key, one in data.items() if key not in known or known[key] is None or one != known[key]}
    if (kind := found.get("type")) in RECORD_TYPES and "id" in found:
        rest = {key: one for key, one in found.items() if key not in ("type", "id")}
        found = {_NAMES.get(str(kind), str(kind)): found["id"], **rest}
    for short in ({**found, **piece} for piece in _pieces(data)):
        trial = {key: one for key, one in short.items() if one is not None}
        if written_out(trial, person=person, credential=credential) == data:
            found = trial
    return found if written_out(found, person=person, credential=credential) == data else dict(data)


def _pieces(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what may be written shorter: keys with their new values, `None` for those that are left out."""
    credits, value, figure = data.get("credits"), data.get("value"), data.get("figure")
    if type(credits) is list and len(credits) == 1 and credits[0].keys() <= {"amount", "topics"}:
        hours = credits[0]["amount"]
        whole = int(hours) if type(hours) is str and hours.isdecimal() else hours
        return [{"credits": None, "hours": whole, "topics": credits[0].get("topics")}]
    if type(value) is dict and len(value) == 1:
        ((name, one),) = value.items()
        is_like_day = type(one) is str and _DAY.fullmatch(one) is not None  # a word that would be read as a day
        return [] if is_like_day else [{"value": _phrase(one) if name == "quantity" else one}]
    return [{"figure": _phrase(figure)}] if type(figure) is dict else []


def _phrase(quantity: Any) -> Any:
    number, unit = quantity.get("amount"), quantity.get("unit")
    if unit == "us-dollar":
        return f"${number}"
    return amount(Fraction(exact(number)), unit) if type(number) is str and type(unit) is str else quantity
