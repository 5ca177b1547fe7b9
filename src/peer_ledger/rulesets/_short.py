"""
The shape of a rule file: tables by name become lists of tables with an id, as the classes have them.

`[us-xx-yyy.renewal.renewal-1]` is the edition `renewal-1` of the step `renewal` of the rule set `us-xx-yyy`, and each
table in it that is none of an edition's keys is a requirement.

>>> written_out({"renewal": {"r-1": {"says": "Hours.", "training": {"need": 20, "topics": ["ethics"]}, "fee": "$20"}}})
{'procedures': [{'step': 'renewal', 'editions': [{'id': 'r-1', 'says': 'Hours.', 'requirements': \
[{'id': 'training', 'need': 20, 'counts': {'topics': ['ethics']}}, {'id': 'fee', 'at_least': '$20'}]}]}]}
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from peer_ledger.errors import nearest
from peer_ledger.rules import Edition, EffectiveFrom, Interval, Option, Procedure, RelativeDate, SessionCount
from peer_ledger.rules import TrainingFilter as Filter
from peer_ledger.rulesets._papers import is_paper

Table = Mapping[str, Any]

STEPS = ("initial", "renewal", "reinstatement", "designation")
FILTER_KEYS = tuple(attrs.fields_dict(Filter))
"""The keys of `counts`, which may stand beside `need` instead."""

EDITION_KEYS = (*attrs.fields_dict(Edition), "like", "cites", "within", "drop")
_PROCEDURE_KEYS = (*attrs.fields_dict(Procedure), "drop")
_OPTION_KEYS = (*attrs.fields_dict(Option), "drop")
_CITED = re.compile(r"(?P<says>.*\S) \[(?P<cites>[^\[\]]+)\]", re.DOTALL)


def written_out(data: Any, seen: Any = None) -> Any:
    """
    Return a rule set with lists in the place of tables by name; what cannot be understood stays as it is.

    Args:
        data: The table of a rule set in a file.
        seen: The day on which sources were seen that do not say another; `None` when each says its own.
    """
    if type(data) is not dict:
        return data
    found = dict(data)
    procedures = found.pop("procedures", None)
    listed = [_procedure(one) for one in procedures] if type(procedures) is list else []
    listed += [{"step": step, **_procedure(found.pop(step))} for step in STEPS if type(found.get(step)) is dict]
    dropped = found.pop("drop", None)
    if type(dropped) is list:
        listed += [{"step": step, "drop": True} for step in dropped]
    elif dropped is not None:
        found["drop"] = dropped
    if listed or type(procedures) is list:
        found["procedures"] = listed
    elif procedures is not None:
        found["procedures"] = procedures
    if "questions" in found:
        found["questions"] = _by_name(found["questions"], _question)
    if "sources" in found:
        found["sources"] = sources_written_out(found["sources"], found.get("seen", seen))
    if type(found.get("step_notes")) is dict:
        found["step_notes"] = [
            {"says": says, "bears_on": [step]}
            for step, notes in found["step_notes"].items()
            for says in (notes if type(notes) is list else [notes])
        ]
    return found


def sources_written_out(value: Any, seen: Any) -> Any:
    """
    Return sources as a list; what cannot be understood stays as it is.

    Args:
        value: The sources of a file or of a rule set.
        seen: The day on which those were seen that do not say another; `None` when each says its own.
    """

    def item(one: Any) -> Any:
        found = _source(one)
        return {**found, "seen": seen} if type(found) is dict and "seen" not in found and seen is not None else found

    return _by_name(value, item)


def _by_name(value: Any, item: Callable[[Any], Any], key: str = "id") -> Any:
    """Return a list of tables, each with its name."""
    if type(value) is list:
        return [item(one) for one in value]
    if type(value) is not dict:
        return value
    return [_named(name, item(one), key) for name, one in value.items() if name != "drop"] + [
        {key: name, "drop": True} for name in _names(value.get("drop"))
    ]


def _named(name: str, made: Any, key: str = "id") -> Any:
    return {key: name, **made} if type(made) is dict else made


def _names(value: Any) -> list[Any]:
    return value if type(value) is list else []


def _source(value: Any) -> Any:
    """Write out `board = "https://..."`, the kind of a source with its address."""
    if type(value) is not dict:
        return value
    found = dict(value)
    for kind in ("board", "code", "agency", "directory", "other"):
        if kind in found and not found.keys() & {"kind", "address"}:
            found |= {"kind": kind, "address": found.pop(kind)}
    return found


def _question(value: Any) -> Any:
    if type(value) is not dict:
        return value
    found = dict(value)
    if "readings" in found:
        found["readings"] = _by_name(found["readings"], _reading)
    return found


def _reading(value: Any) -> Any:
    """Write out `Yes, within its two years. [C2, C3]`, a reading with its citations."""
    if type(value) is not str:
        return value
    cited = _CITED.fullmatch(value)
    return {"says": value} if cited is None else {"says": cited["says"], "cites": cited["cites"].split(", ")}


def _procedure(value: Any) -> Any:
    if type(value) is not dict:
        return value
    own = {key: one for key, one in value.items() if key in _PROCEDURE_KEYS and key not in ("editions", "drop")}
    listed = _by_name(value["editions"], _edition) if "editions" in value else []
    if type(listed) is not list:
        return value
    for key, one in value.items():
        if key not in _PROCEDURE_KEYS:
            if type(one) is dict and nearest(key, _PROCEDURE_KEYS) == "":
                listed.append(_named(key, _edition(one)))
            else:
                own[key] = one
    if type(value.get("drop")) is list:
        listed += [{"id": name, "drop": True} for name in value["drop"]]
    elif "drop" in value:
        own["drop"] = value["drop"]
    return {**own, "editions": listed} if listed or "editions" in value else own


def _edition(value: Any) -> Any:
    return _with_requirements(value, EDITION_KEYS)


def _option(value: Any) -> Any:
    return _with_requirements(value, _OPTION_KEYS)


def _with_requirements(value: Any, keys: tuple[str, ...]) -> Any:
    """Return a table whose other tables are requirements by name."""
    if type(value) is not dict:
        return value
    own = {key: one for key, one in value.items() if key in keys and key not in ("requirements", "drop")}
    listed = _by_name(value["requirements"], _requirement) if "requirements" in value else []
    if type(listed) is not list:
        return value
    for key, one in value.items():
        if key not in keys:
            made = _requirement(one) if _is_requirement(key, one, keys) else None
            if type(made) is dict:
                listed.append(_named(key, made))
            else:
                own[key] = one
    if type(value.get("drop")) is list:
        listed += [{"id": name, "drop": True} for name in value["drop"]]
    elif "drop" in value:
        own["drop"] = value["drop"]
    return {**own, "requirements": listed} if listed or "requirements" in value else own


_DAY_KEYS = frozenset(
    {"by", *(name for cls in (EffectiveFrom, Interval, RelativeDate) for name in attrs.fields_dict(cls))}
)
"""The keys of the tables that stand under an edition's own keys."""


def _is_requirement(key: str, value: Any, keys: tuple[str, ...]) -> bool:
    """Return whether an unknown key is the name of a requirement, rather than a mistyped key."""
    if type(value) is dict:
        return is_paper(key) or not value.keys() <= _DAY_KEYS or nearest(key, keys) == ""
    return type(value) in (str, int, bool) and is_paper(key)


def _requirement(value: Any) -> Any:
    """Write out a requirement; of papers, an amount, a number or `true` is enough."""
    if value is True:
        return {}
    if type(value) is int:
        return {"need": value}
    if type(value) is str:
        return {"at_least": value}
    found = _hoisted(value)
    if type(found) is not dict:
        return found
    if "trainings" in found and not found.keys() & {"need", "kind"}:
        found = {
            "kind": SessionCount.kind,
            **{"need" if key == "trainings" else key: one for key, one in found.items()},
        }
    for key, item in (("parts", _part), ("caps", _hoisted), ("options", _option)):
        if key in found:
            found[key] = _by_name(found[key], item)
    return found


def _part(value: Any) -> Any:
    """Write out a part; of one on a topic, the number of hours is enough."""
    found = {"need": value} if type(value) in (int, str) else _hoisted(value)
    if type(found) is dict and "parts" in found:
        found["parts"] = _by_name(found["parts"], _part)
    return found


def _hoisted(value: Any) -> Any:
    """Return a table with the filter that stands among its keys as `counts`."""
    if type(value) is not dict:
        return value
    training = {key: one for key, one in value.items() if key in FILTER_KEYS}
    if not training or "counts" in value:
        return dict(value)
    found = {key: one for key, one in value.items() if key not in training}
    return {**found, "counts": training}
