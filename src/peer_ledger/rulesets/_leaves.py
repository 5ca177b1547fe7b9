"""
The short ways in which a rule file writes a value: a day, an interval, a quantity, a cycle, a figure.

>>> from peer_ledger.rules import Interval
>>> long_value(Interval, "from the first day of the cycle to the due date", "", [])
{'begins': {'of': 'cycle-start'}, 'ends': {'of': 'due'}}
>>> from peer_ledger.rules import RuleSet
>>> long_value(attrs.fields_dict(RuleSet)["cycle"].type, {"months": 24, "ends": "month-end"}, "", [])
{'kind': 'anniversary', 'months': 24, 'begins': 'next-month'}
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin

import attrs

from peer_ledger._visible import visible
from peer_ledger.errors import Problem, nearest, shown, shown_name
from peer_ledger.records import Quantity
from peer_ledger.rules import (
    Anniversary,
    Birthday,
    ByQuestion,
    Chosen,
    Cohorts,
    CycleEditions,
    EffectiveFrom,
    FixedDate,
    GrowingAmount,
    Interval,
    RelativeDate,
    Span,
    TrainingFilter,
    UnknownCycle,
    Unstated,
)
from peer_ledger.rulesets._last_day import UNSETTLED
from peer_ledger.rulesets._phrases import beginning_of, end_of, interval_of, point_of, quantity_of

CYCLE_ENDS = {
    "day-before": "same-day",
    "anniversary": "next-day",
    "month-before": "month",
    "month-end": "next-month",
    "year-end": "next-year",
}
"""Where a cycle ends, in a rule file, and where the next one begins, in Python."""

_TEXTS: Mapping[Any, tuple[Callable[[str], Any], str]] = {
    RelativeDate: (point_of, "a day such as 'the due date' or '90 days before the due date'"),
    Interval: (interval_of, "days such as 'from the first day of the cycle to the due date' or 'after the last grant'"),
    Span: (interval_of, "days such as 'after the due date' or 'to 6 months after the due date'"),
    Quantity: (quantity_of, "an amount with its unit, such as '12 months' or '$20'"),
}
_ROLE = re.compile(r"(?:^|\.)(begins|ends)(?:\.values\.[a-z0-9-]+)*$")
"""A day at which an interval begins or ends."""

_LONGEST_SHOWN = 80

_KIND_OF: Mapping[str, str] = {"unstated": Unstated.kind, "unknown": UnknownCycle.kind}


def long_value(wanted: Any, data: Any, path: str, problems: list[Problem]) -> Any:
    """
    Return a value as the classes have it; what cannot be understood stays as it is.

    Args:
        wanted: The type of the field.
        data: The value in the file.
        path: Where it is, for messages.
        problems: Where to note a text that is no day, interval or quantity.
    """
    classes = classes_of(wanted)
    if type(data) is dict and "by" in data and ByQuestion in get_args(wanted):
        return _by_question(wanted, data, path, problems)
    if get_origin(wanted) is tuple and type(data) is list:
        inner = get_args(wanted)[0]
        return [long_value(inner, one, f"{path}[{place}]", problems) for place, one in enumerate(data)]
    if type(data) is not dict:
        return _long_scalar(classes, data, path, problems)
    if not classes:
        return data
    data = _with_kind(classes, data)
    if Anniversary in classes and "ends" in data and "ends" not in fields_of(classes, data.get("kind")):
        problems.append(Problem(f"{path}.ends" if path else "ends", _wrong_end(data)))
    fields = fields_of(classes, data.get("kind"))
    below = f"{path}." if path else ""
    return {
        key: long_value(fields[key], value, f"{below}{key}", problems) if key in fields else value
        for key, value in data.items()
    }


def _long_scalar(classes: tuple[Any, ...], data: Any, path: str, problems: list[Problem]) -> Any:
    """Write out a text or a day that stands for a table."""
    if data == "any" and TrainingFilter in classes:
        return {"not_topics": []}
    if isinstance(data, date) and not isinstance(data, datetime):
        if RelativeDate in classes:
            return {"of": "calendar", "day": data}
        return {"day": data} if EffectiveFrom in classes else data
    cls = next((cls for cls in classes if cls in _TEXTS), None)
    if cls is None or type(data) is list or (data == "any" and path.endswith("within")):
        return data
    read, expected = _TEXTS[cls]
    if cls is RelativeDate and (role := _ROLE.search(path)) is not None:
        read = beginning_of if role[1] == "begins" else end_of
    found = read(data) if type(data) is str else None
    if found is None:
        given = f"'{visible(data)}'" if type(data) is str and len(data) <= _LONGEST_SHOWN else shown(data)
        problems.append(Problem(path, f"must be {expected}, not {given}"))
    return data if found is None else found


def _by_question(wanted: Any, data: dict[str, Any], path: str, problems: list[Problem]) -> dict[str, Any]:
    """Write out `{ by = "QUESTION", READING = VALUE, ... }`."""
    if any(nearest(key, ["values"]) for key in data if key != "values"):
        return data
    values = data["values"] if "values" in data else {key: value for key, value in data.items() if key != "by"}
    others = {key: value for key, value in data.items() if "values" in data and key not in ("by", "values")}
    if type(values) is dict:
        below = f"{path}.values." if path else "values."
        values = {name: long_value(wanted, one, f"{below}{name}", problems) for name, one in values.items()}
    return {"by": data["by"], "values": values, **others}


def _with_kind(classes: tuple[Any, ...], data: dict[str, Any]) -> dict[str, Any]:
    """Write out the kind of a figure or a cycle, which its keys show."""
    if "kind" in data:
        return _cycle(data) if Anniversary in classes else data
    for key, kind in _KIND_OF.items():
        if key in data and any(getattr(cls, "kind", None) == kind for cls in classes):
            return {"kind": kind, "says": data[key], **{name: one for name, one in data.items() if name != key}}
    if len(classes) == 1:
        return _cycle(data) if Anniversary in classes else data
    if GrowingAmount in classes and "each" in data:
        return {"kind": GrowingAmount.kind, **data}
    if Anniversary not in classes:
        return data
    if "editions" in data:
        return {"kind": CycleEditions.kind, **data, "editions": _dated(data["editions"])}
    if type(data.get("cohorts")) in (list, dict):
        return _cycle({"kind": Cohorts.kind, **data})
    if type(data.get("months")) is list:
        return _cycle({"kind": Chosen.kind, **data})
    return _cycle({"kind": Anniversary.kind if "months" in data else FixedDate.kind, **data})


def _dated(editions: Any) -> Any:
    """Write out cycles by the day on which each takes effect; the one called `first` has none."""
    if type(editions) is not dict:
        return editions
    return [
        {"cycle": cycle} if name == "first" else {"first_day": _as_day(name), "cycle": cycle}
        for name, cycle in editions.items()
    ]


def _as_day(name: str) -> date | str:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return name


def _cycle(data: dict[str, Any]) -> dict[str, Any]:
    """Write out where a cycle ends."""
    if type(data.get("cohorts")) is dict:
        cohorts = [{"name": name, **one} if type(one) is dict else one for name, one in data["cohorts"].items()]
        data = {**data, "cohorts": cohorts}
    if type(data.get("cohorts")) is list:
        return {**data, "cohorts": [_fixed(one) if type(one) is dict else one for one in data["cohorts"]]}
    if "ends" not in data or "begins" in data:
        return data
    if data["kind"] == FixedDate.kind:
        return _fixed(data)
    ends = data["ends"]
    if data["kind"] in (Anniversary.kind, Birthday.kind, Chosen.kind) and type(ends) is str and ends in CYCLE_ENDS:
        return {
            "begins" if key == "ends" else key: CYCLE_ENDS[ends] if key == "ends" else one for key, one in data.items()
        }
    return data


def _wrong_end(data: dict[str, Any]) -> str:
    """Return what is wrong with where a cycle ends."""
    if "begins" in data:
        return "cannot be combined with begins; give one of them"
    if data.get("kind") == FixedDate.kind:
        return f"must be a day such as '06-30', or one of the days on which a cycle ends, not {shown(data['ends'])}"
    near = nearest(data["ends"], (*CYCLE_ENDS, UNSETTLED))
    return f"must be one of {', '.join((*CYCLE_ENDS, UNSETTLED))}, not {shown_name(data['ends'])}{near}"


_MONTH_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")


def _fixed(data: dict[str, Any]) -> dict[str, Any]:
    """Write out the day on which a cycle ends: of every year (`06-30`), or one of the days on which one ends."""
    ends = data.get("ends")
    years = data.get("years", 1)
    if type(ends) is date and type(years) is int and years > 0 and not data.keys() & {"phase", "begins"}:
        next_day = ends + timedelta(days=1) if ends < date.max else ends
        rest = {key: one for key, one in data.items() if key != "ends"}
        phase = next_day.year % years
        return {**rest, "begins": f"{next_day:%m-%d}", **({"phase": phase} if phase else {})}
    if type(ends) is str and _MONTH_DAY.fullmatch(ends) and "begins" not in data:
        try:
            next_day = date.fromisoformat(f"2001-{ends}") + timedelta(days=1)
        except ValueError:
            return data
        return {**{key: one for key, one in data.items() if key != "ends"}, "begins": f"{next_day:%m-%d}"}
    return data


@cache
def classes_of(wanted: Any) -> tuple[Any, ...]:
    """
    Return the classes that a field may hold, apart from a value that depends on a question.
    """
    parts = get_args(wanted) if get_origin(wanted) not in (None, tuple, frozenset) else (wanted,)
    return tuple(one for one in parts if one not in (NoneType, ByQuestion) and attrs.has(one))


@cache
def _fields(classes: tuple[Any, ...]) -> dict[str, Any]:
    return {field.name: field.type for cls in reversed(classes) for field in attrs.fields(cls)}


def fields_of(classes: tuple[Any, ...], kind: object = None) -> dict[str, Any]:
    """
    Return the types of the fields of a class, or of that one among several which is of a kind; else of them all.
    """
    own = tuple(cls for cls in classes if getattr(cls, "kind", None) == kind) if type(kind) is str else ()
    return _fields(own or classes)
