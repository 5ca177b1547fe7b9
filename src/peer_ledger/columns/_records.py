"""
Records as tables of Arrow, with the columns that are read again.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, get_args, get_origin

import attrs

from peer_ledger.columns._cells import is_document_value, known_type, plain
from peer_ledger.columns._codes import Fields
from peer_ledger.columns._libraries import arrow
from peer_ledger.columns._tables import TABLES
from peer_ledger.records import MonthDay, Quantity, Record
from peer_ledger.records._conversion import UNSTRUCTURE
from peer_ledger.values.hours import DECIMALS

_DIGITS = 13
_VALUES: Mapping[str, Any] = {"flag": bool, "day": date, "month_day": MonthDay, "quantity": Quantity, "word": str}


def tables_of(records: Iterable[Record]) -> dict[str, Any]:
    """
    Return records as tables of Arrow, by the names of the arguments of `evaluate_frame`.

    Only tables with rows are returned.

    Args:
        records: The records; those of other kinds than `evaluate_frame` takes are left out.

    >>> from peer_ledger import Credit, TrainingEvent
    >>> event = TrainingEvent(id="e-1", person="p-1", completed="2025-03-04", credits=[Credit(amount="1.5")])
    >>> tables_of([event])["trainings"].column("credits").to_pylist()
    [[{'amount': Decimal('1.500000'), 'unit': 'hour', 'topics': None}]]
    """
    names = {cls: name for name, cls in TABLES.items()}
    rows: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        if type(record) in names:
            rows.setdefault(names[type(record)], []).append(cells_of(record))
    return {
        name: arrow().Table.from_pylist(rows[name], schema=arrow().schema(fields_of(cls)))
        for name, cls in TABLES.items()
        if name in rows
    }


def cells_of(record: Record) -> dict[str, Any]:
    """Return the cells of a record, by column; unknown fields are left out."""
    types = {field.name: field.type for field in attrs.fields(type(record))}
    return {name: _cell(value, types[name]) for name, value in UNSTRUCTURE[type(record)](record).items()}


def plain_form(cells: Mapping[str, Any], cls: type) -> dict[str, Any]:
    """
    Return a record in the interchange format, without its type.

    Args:
        cells: Its cells, by column.
        cls: Its class.
    """
    types = {field.name: field.type for field in attrs.fields(cls)}
    found = {name: plain(_struct(value), types[name]) for name, value in cells.items()}
    return {name: value for name, value in found.items() if value is not None}


def _struct(value: Any) -> Any:
    """Return a cell with its structs as they are read from columns."""
    if isinstance(value, dict):
        return Fields((name, _struct(inner)) for name, inner in value.items() if inner is not None)
    return [_struct(item) for item in value] if isinstance(value, list) else value


def fields_of(cls: type) -> list[Any]:
    """Return the columns of the records of a class, as fields of Arrow."""
    return [arrow().field(field.name, _type(field.type)) for field in attrs.fields(cls)]


def _type(wanted: Any) -> Any:
    pa = arrow()
    if is_document_value(wanted):
        return pa.struct([pa.field(name, _type(inner)) for name, inner in _VALUES.items()])
    wanted = known_type(wanted)
    if get_origin(wanted) in (tuple, frozenset):
        return pa.list_(_type(get_args(wanted)[0]))
    if attrs.has(wanted) and wanted is not MonthDay:
        return pa.struct(fields_of(wanted))
    plain = {date: pa.date32(), Decimal: pa.decimal128(_DIGITS, DECIMALS), int: pa.int64(), bool: pa.bool_()}
    return plain.get(wanted, pa.string())


def _cell(value: Any, wanted: Any) -> Any:
    """Return a value of the interchange format as a cell of a column."""
    if is_document_value(wanted):
        return {name: _cell(inner, _VALUES[name]) for name, inner in value.items()}
    wanted = known_type(wanted)
    if wanted is date:
        return date.fromisoformat(value)
    if wanted is Decimal:
        return Decimal(value)
    if isinstance(value, list):
        return [_cell(item, get_args(wanted)[0]) for item in value]
    if isinstance(value, dict):
        types = {field.name: field.type for field in attrs.fields(wanted)}
        return {name: _cell(inner, types[name]) for name, inner in value.items()}
    return value
