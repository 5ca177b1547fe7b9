"""
The values of cells in the interchange format, which the records' own reader then takes or refuses.

A value is put into another form only where nothing can be lost or guessed: a day of a column of days is written as one,
a number where an amount is wanted in its shortest digits. Cells as `peer-ledger export --format csv` writes them are
taken apart, too.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import attrs

from peer_ledger.columns._codes import Fields, Unreadable
from peer_ledger.errors import InvalidValue
from peer_ledger.records import Approval, Credit, DocumentValue, MonthDay, Quantity
from peer_ledger.values.hours import PLAIN

_CREDIT = re.compile(r"(?P<amount>\S+) (?P<unit>\S+)(?: on (?P<topics>.+))?")
_QUANTITY = re.compile(rf"(?P<amount>{PLAIN}) (?P<unit>[a-z][a-z0-9-]*)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")
_FLAGS = {"True": True, "False": False, "yes": True, "no": False}


def plain(value: Any, wanted: Any) -> Any:
    """
    Return the value of a cell as the interchange format writes it; `None` for a missing one.

    Args:
        value: The value, as `coded` returns it.
        wanted: The type of the field.

    Raises:
        InvalidValue: The cell holds something that no record can; what else is wrong is left to the records' reader.

    >>> plain(1.5, Decimal), plain(date(2026, 3, 31), date | None), plain("", str | None)
    ('1.5', '2026-03-31', None)
    """
    return None if value == "" else _inner(value, wanted)


def _inner(value: Any, wanted: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, Unreadable):
        raise InvalidValue(f"cannot be read from a column of {value.type}")
    if is_document_value(wanted):
        return _document_value(value)
    wanted = known_type(wanted)
    if isinstance(value, datetime):
        value = _day_of(value)
    if wanted is Decimal:
        return _amount(value)
    if isinstance(value, bool):
        return value
    if wanted is str and isinstance(value, int):
        return str(value)
    if attrs.has(wanted) and isinstance(value, Fields):
        return _object(value, wanted)
    if get_origin(wanted) in (tuple, frozenset):
        return [_inner(item, get_args(wanted)[0]) for item in _items(value, get_args(wanted)[0])]
    return value.isoformat() if isinstance(value, date) else value


def known_type(wanted: Any) -> Any:
    """Return the type of a field apart from `None`."""
    if get_origin(wanted) in (Union, UnionType):
        return next(kind for kind in get_args(wanted) if kind is not type(None))
    return str if get_origin(wanted) is Literal else wanted


def is_document_value(wanted: Any) -> bool:
    """Return whether a field holds the value of a document, of whatever kind."""
    return wanted in (DocumentValue, DocumentValue | None)


def _day_of(moment: datetime) -> date:
    if moment.tzinfo is not None or moment.time() != time():
        raise InvalidValue(
            "a calendar day is needed, not a moment: convert it to the time zone you mean and take its day"
        )
    return moment.date()


def _amount(value: Any) -> Any:
    """Return an amount in digits; a binary float as the shortest digits that mean it."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, int):
        return str(value)
    text = f"{value:f}" if isinstance(value, Decimal) else repr(value)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def _object(value: Fields, cls: type) -> dict[str, Any]:
    types = {field.name: field.type for field in attrs.fields(cls)}
    found = {name: _inner(inner, types.get(name, str)) for name, inner in value}
    return {name: inner for name, inner in found.items() if inner is not None}


def _items(value: Any, item: Any) -> Any:
    """Return the items of a list, or of a text as a table writes them."""
    if not isinstance(value, str):
        return value
    parts = value.split("; ") if item in (Credit, Approval) else re.split(r"\s*[;,]\s*", value)
    return list(_written(parts, item))


def _written(parts: list[str], item: Any) -> Iterator[Any]:
    for part in parts:
        if item is Approval:
            yield Fields((("by", part),))
        elif item is Credit:
            yield _credit(part)
        else:
            yield part


def _credit(text: str) -> Any:
    found = _CREDIT.fullmatch(text)
    if found is None:
        raise InvalidValue("a credit in a text is written '1.5 hour on ethics, boundaries'")
    topics = found["topics"]
    known = {"amount": found["amount"], "unit": found["unit"]}
    on = () if topics == "nothing" else None if topics is None else tuple(topics.split(", "))
    return Fields((*known.items(), *((("topics", on),) if on is not None else ())))


def _document_value(value: Any) -> Any:
    """Return the value of a document as an object with the one key that says what it is."""
    if isinstance(value, Fields):
        types = {"day": date, "month_day": MonthDay, "quantity": Quantity, "word": str, "flag": bool}
        return {name: _inner(inner, types.get(name, str)) for name, inner in value}
    if isinstance(value, bool):
        return {"flag": value}
    if isinstance(value, datetime):
        value = _day_of(value)
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return _written_value(value) if isinstance(value, str) else value


def _written_value(text: str) -> Any:
    if text in _FLAGS:
        return {"flag": _FLAGS[text]}
    if found := _QUANTITY.fullmatch(text):
        return {"quantity": {"amount": found["amount"], "unit": found["unit"]}}
    form = "day" if _DAY.fullmatch(text) else "month_day" if _MONTH_DAY.fullmatch(text) else "word"
    return {form: text}
