"""
Records to plain values and back: the strict hooks of the interchange format, and the search for all problems.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

import attrs
import cattrs
from cattrs.gen import make_dict_structure_fn

from peer_ledger.errors import InvalidRecord, InvalidValue, Problem, shown
from peer_ledger.records._certification import DocumentValue
from peer_ledger.records._record import Origin
from peer_ledger.records._training import Approval, Credit
from peer_ledger.records._types import RECORD_TYPES
from peer_ledger.values._fields import MOST_ITEMS, RECORD_ID
from peer_ledger.values._json import Json, dump_json
from peer_ledger.values._quantity import Quantity
from peer_ledger.values._strict import Strict
from peer_ledger.values.dates import MonthDay, as_day
from peer_ledger.values.hours import exact, plain


def _must(cls: type, words: str) -> Callable[[Any, Any], Any]:
    def structure(value: Any, _: Any) -> Any:
        if type(value) is not cls:
            raise InvalidValue(f"must be {words}, not {shown(value)}")
        return value

    return structure


def _structure_day(value: Any, _: Any) -> date:
    if type(value) is not str:
        raise InvalidValue(f"must be a day written 'YYYY-MM-DD', not {shown(value)}")
    return as_day(value)


def _structure_amount(value: Any, _: Any) -> Decimal:
    if type(value) is not str:
        raise InvalidValue(f"must be an amount written as a text, not {shown(value)}{_as_text(value)}")
    return exact(value)


def _as_text(value: Any) -> str:
    """Return how a number should have been written, if that is known."""
    if type(value) not in (int, float):
        return ""
    try:
        return f'; write it as a text, "{plain(exact(value if type(value) is int else repr(value)))}"'
    except InvalidValue:
        return ""


def _structure_word(value: Any, literal: Any) -> Any:
    if type(value) is not str or value not in get_args(literal):
        raise InvalidValue(f"must be one of {', '.join(get_args(literal))}, not {shown(value)}")
    return value


_TAGS: dict[str, Any] = {"flag": bool, "day": date, "month_day": MonthDay, "quantity": Quantity, "word": str}
_TAG_OF = {cls: tag for tag, cls in _TAGS.items()}


def _document_value_to_json(value: Any) -> Any:
    return None if value is None else {_TAG_OF[type(value)]: _converter.unstructure(value)}


def _structure_document_value(value: Any, _: Any) -> Any:
    if type(value) is dict and len(value) == 1:
        (tag, inner), *_ = value.items()
        if tag in _TAGS:
            return _converter.structure(inner, _TAGS[tag])
    raise InvalidValue(f"must be an object with exactly one of the keys {', '.join(_TAGS)}, not {shown(value)}")


def _items(value: Any, longest: int | None = None) -> list[Any]:
    if type(value) is not list:
        raise InvalidValue(f"must be a list, not {shown(value)}")
    if longest is not None and len(value) > longest:
        raise InvalidValue(f"must be a list of at most {longest} items, not of {len(value)}")
    return value


def _structure_tuple(cls: Any) -> Callable[[Any, Any], tuple[Any, ...]]:
    item = get_args(cls)[0]
    hook = _converter.get_structure_hook(item)
    longest = MOST_ITEMS if attrs.has(item) else None
    return lambda value, _: tuple([hook(part, item) for part in _items(value, longest)])


def _structure_set(cls: Any) -> Callable[[Any, Any], frozenset[Any]]:
    item = get_args(cls)[0]
    hook = _converter.get_structure_hook(item)
    longest = MOST_ITEMS if attrs.has(item) else None

    def structure(value: Any, _: Any) -> frozenset[Any]:
        result = frozenset([hook(part, item) for part in _items(value, longest)])
        if len(result) != len(value):
            raise InvalidValue("must be a list without repeated values")
        return result

    return structure


def _unstructure_set(values: frozenset[Any]) -> list[Any]:
    return sorted(map(_converter.unstructure, values), key=lambda item: item if type(item) is str else dump_json(item))


def _is_generic(origin: type) -> Callable[[Any], bool]:
    return lambda cls: get_origin(cls) is origin


_converter = cattrs.Converter(detailed_validation=False, forbid_extra_keys=True)
_converter.register_structure_hook(str, _must(str, "a text"))
_converter.register_structure_hook(int, _must(int, "a whole number"))
_converter.register_structure_hook(bool, _must(bool, "true or false"))
_converter.register_structure_hook(date, _structure_day)
_converter.register_structure_hook(Decimal, _structure_amount)
_converter.register_structure_hook(MonthDay, lambda value, _: MonthDay.parse(value))
_converter.register_structure_hook_func(_is_generic(Literal), _structure_word)  # type: ignore[arg-type]
_converter.register_structure_hook_func(lambda cls: cls == DocumentValue, _structure_document_value)
_converter.register_structure_hook_func(
    lambda cls: cls == DocumentValue | None,
    lambda value, cls: None if value is None else _structure_document_value(value, cls),
)
_converter.register_structure_hook_factory(_is_generic(tuple), _structure_tuple)
_converter.register_structure_hook_factory(_is_generic(frozenset), _structure_set)
_converter.register_unstructure_hook(date, date.isoformat)
_converter.register_unstructure_hook(Decimal, plain)
_converter.register_unstructure_hook(MonthDay, str)
_converter.register_unstructure_hook_func(_is_generic(frozenset), _unstructure_set)
_converter.register_unstructure_hook_func(
    lambda cls: cls in (DocumentValue, DocumentValue | None), _document_value_to_json
)


def _unstructure_in_order(cls: Any) -> Callable[[Any], Json]:
    """Return a writer of the known fields of a class in their order; cattrs would write optional fields last."""
    fields = [(field.name, _converter.get_unstructure_hook(field.type)) for field in attrs.fields(cls)]

    def unstructure(value: Any) -> Json:
        plain_form = {}
        for name, hook in fields:
            part = getattr(value, name)
            if part is not None:
                plain_form[name] = hook(part)
        return plain_form

    return unstructure


for _cls in (Origin, Credit, Approval, Quantity, *RECORD_TYPES.values()):
    _converter.register_unstructure_hook(_cls, _unstructure_in_order(_cls))
    _converter.register_structure_hook(
        _cls,
        make_dict_structure_fn(_cls, _converter, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=False),
    )

STRUCTURE = {cls: _converter.get_structure_hook(cls) for cls in RECORD_TYPES.values()}
"""The function that builds a record of each class from plain values, or raises one of `REFUSALS`."""

UNSTRUCTURE = {cls: _converter.get_unstructure_hook(cls) for cls in RECORD_TYPES.values()}
"""The function that returns the plain values of a record of each class, without unknown fields."""


def structured(value: Any, wanted: Any) -> Any:
    """Return a part of a record from plain values, or raise one of `REFUSALS`."""
    return _converter.structure(value, wanted)


def plain_part(value: Any, wanted: Any) -> Any:
    """Return the plain values of a part of a record."""
    return _converter.unstructure(value, unstructure_as=wanted)


REFUSALS = (
    InvalidValue,
    InvalidRecord,
    cattrs.BaseValidationError,
    cattrs.ForbiddenExtraKeysError,
    KeyError,
    AttributeError,
    TypeError,
)


def _reads(wanted: Any) -> Callable[[Any], Any]:
    return lambda value: _converter.structure(value, wanted)


_STRICT = Strict(
    {cls: _reads(cls) for cls in (str, int, bool, date, Decimal, MonthDay)},
    keyed={DocumentValue: _TAGS},
    show=shown,
    longest=MOST_ITEMS,
)


def object_problems(cls: type, data: Any) -> Iterator[Problem]:
    """Yield all problems of an object that could not be read."""
    problems: list[Problem] = []
    _STRICT.build(cls, data, problems)
    # A missing id can be derived from an origin; building the record reports it only if everything else is valid.
    fields = attrs.fields_dict(cls)
    is_derivable = "id" in fields and isinstance(fields["id"].default, attrs.Factory)  # type: ignore[arg-type]
    is_missing = type(data) is dict and "id" not in data and data.get("origin") is None
    if is_derivable and is_missing and all(problem.path != "id" for problem in problems):
        yield Problem("id", RECORD_ID.refusal(None))
    yield from problems
