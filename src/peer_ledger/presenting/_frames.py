"""
Columns as the frames of other libraries, and as workbooks.

Each library is asked for natively: a layer between would add a dependency and lose exact decimals in pandas.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from importlib import import_module
from os import PathLike, fspath
from typing import Any, Literal, get_args

import attrs

from peer_ledger.errors import InvalidValue, LedgerMisuse, nearest, shown_name
from peer_ledger.values.hours import DECIMALS

Library = Literal["pandas", "polars", "pyarrow"]
"""The libraries whose frames can be asked for; each is an extra of the same name."""

_DIGITS = 18
_NOT_IN_A_WORKBOOK = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NOT_IN_A_TITLE = re.compile(r"[\\/*?:\[\]\x00-\x1f]")


@attrs.frozen(kw_only=True)
class Column:
    """
    A column.

    Attributes:
        name: Its heading.
        kind: What it holds: `text`, `category`, `day`, `hours`, `count` or `flag`.
        values: Its cells; `None` where there is none.
    """

    name: str
    kind: str
    values: Sequence[Any]


def frame(columns: Iterable[Column], library: str, *, floats: bool) -> Any:
    """
    Make a frame.

    Args:
        columns: Its columns, alike in length.
        library: Whose frame.
        floats: Whether amounts become binary floats instead of decimals.

    Raises:
        LedgerMisuse: The library is not installed.
        InvalidValue: It is none of those known.
    """
    makers = {"pandas": _pandas, "polars": _polars, "pyarrow": _pyarrow}
    if library not in makers:
        known = get_args(Library)
        raise InvalidValue(
            f"there are frames of {', '.join(known)}, not of {shown_name(library)}{nearest(library, known)}"
        )
    module = loaded(library, extra=library, what=f"a frame of {library}")
    given = [
        attrs.evolve(one, kind="float", values=[None if value is None else float(value) for value in one.values])
        if floats and one.kind == "hours"
        else one
        for one in columns
    ]
    return makers[library](module, given)


def loaded(module: str, *, extra: str, what: str) -> Any:
    """
    Import what need not be installed.

    Raises:
        LedgerMisuse: It is not; the message names the extra.
    """
    try:
        return import_module(module)
    except ImportError:
        raise LedgerMisuse(f"{what} needs the extra {extra!r}: pip install 'peer-ledger[{extra}]'") from None


def _pandas(pandas: Any, columns: list[Column]) -> Any:
    types = {"day": "datetime64[s]", "count": "Int64", "flag": "boolean", "hours": "object", "float": "float64"}

    def made(column: Column) -> Any:
        if column.kind == "category":
            return pandas.Categorical(column.values, categories=_words(column))
        return pandas.Series(column.values, dtype=types.get(column.kind, "string"))

    return pandas.DataFrame({column.name: made(column) for column in columns})


def _polars(polars: Any, columns: list[Column]) -> Any:
    types = {
        "category": polars.Categorical,
        "day": polars.Date,
        "count": polars.Int64,
        "flag": polars.Boolean,
        "hours": polars.Decimal(_DIGITS, DECIMALS),
        "float": polars.Float64,
    }
    return polars.DataFrame(
        [polars.Series(one.name, one.values, dtype=types.get(one.kind, polars.String)) for one in columns]
    )


def _pyarrow(pyarrow: Any, columns: list[Column]) -> Any:
    types = {
        "category": pyarrow.string(),
        "day": pyarrow.date32(),
        "count": pyarrow.int64(),
        "flag": pyarrow.bool_(),
        "hours": pyarrow.decimal128(_DIGITS, DECIMALS),
        "float": pyarrow.float64(),
    }
    made = {one.name: pyarrow.array(one.values, type=types.get(one.kind, pyarrow.string())) for one in columns}
    for one in columns:
        if one.kind == "category":
            made[one.name] = made[one.name].dictionary_encode()
    return pyarrow.table(made)


def _words(column: Column) -> list[str]:
    return sorted({value for value in column.values if value is not None})


def write_workbook(
    headings: Sequence[str], rows: Iterable[Sequence[Any]], path: str | PathLike[str], *, title: str
) -> None:
    """
    Write a workbook with one sheet; every text is marked as a text, so that nothing runs.

    Args:
        headings: The first row.
        rows: The others; amounts as decimals, days as dates.
        path: Where to.
        title: What it is; the first 31 characters of it name the sheet.

    Raises:
        LedgerMisuse: The extra `xlsx` is not installed.
    """
    openpyxl = loaded("openpyxl", extra="xlsx", what="writing .xlsx")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = _NOT_IN_A_TITLE.sub(" ", title).strip(" '")[:31] or "Sheet"
    for line, row in enumerate((headings, *rows), start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(row=line, column=place)
            if isinstance(value, str):
                cell.value = _NOT_IN_A_WORKBOOK.sub("\ufffd", value)
                cell.data_type, cell.quotePrefix = "s", True
            elif value is not None:
                cell.value = value
                cell.number_format = "yyyy-mm-dd" if not isinstance(value, int | Decimal) else cell.number_format
    sheet.freeze_panes = "B2"
    book.save(fspath(path))
