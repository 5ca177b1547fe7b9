"""
Reading frames of pandas, polars and pyarrow, and whatever else speaks Arrow's C stream, as the rows of a table.

None of the libraries is imported before somebody passes one of its frames.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib import import_module
from itertools import chain
from typing import Any, NamedTuple

from peer_ledger.errors import InvalidData, LedgerMisuse, Problem, shown
from peer_ledger.importing._cell_text import NumberText
from peer_ledger.importing._text_tables import MOST_COLUMNS, Row

_STREAM = "__arrow_c_stream__"
_BATCH = 10_000
_MOST_EXACT = 10**15
_MOST_DIGITS = 40
_LARGEST = 10**_MOST_DIGITS


class Frame(NamedTuple):
    """
    A frame's rows, and how it was read.

    Attributes:
        rows: The row of headings, and then the rows; the first of them is line 1.
        how: The library, for people to read.
    """

    rows: Iterator[Row]
    how: str


class UnreadableCell:
    """
    A cell that holds neither a text nor a number nor a day.

    Attributes:
        reason: What it holds, for a message.
    """

    def __init__(self, value: object) -> None:
        is_number = isinstance(value, int | Decimal)
        what = f"number of more than {_MOST_DIGITS} digits" if is_number else type(value).__name__
        self.reason = f"holds a {what}; a text, a number, a day or a list of texts can be read"

    def __str__(self) -> str:
        return "?"


def is_frame(value: object) -> bool:
    """Return whether a value is a frame that can be read."""
    return _reader_of(value) is not None


def read_frame(frame: object) -> Frame:
    """
    Return the rows of a frame, with its column names as the row of headings.

    The named levels of a pandas index are its first columns.  Days, numbers and missing values are read by their
    types.

    Args:
        frame: A frame of pandas or polars, a table of pyarrow, or any object with `__arrow_c_stream__`.

    Raises:
        LedgerMisuse: It is no frame, or pyarrow is needed to read it and is not installed.
        InvalidData: It has too many columns.
    """
    found = _reader_of(frame)
    if found is None:
        raise LedgerMisuse(
            f"frame must be a frame of pandas, polars or pyarrow, or have the method {_STREAM}, not {shown(frame)}"
        )
    library, read = found
    headings, rows = read(frame)
    if len(headings) > MOST_COLUMNS:
        what = f"the frame has {len(headings)} columns; at most {MOST_COLUMNS} can be read"
        raise InvalidData("table", (Problem("headings", what),))
    return Frame(chain([Row(0, 0, list(headings))], _rows(rows)), f"a frame of {library}")


Columns = tuple[list[str], Iterable[Iterable[Any]]]
"""The names of the columns, and the rows."""

Reader = Callable[[Any], Columns]


def _reader_of(frame: object) -> tuple[str, Reader] | None:
    """Return the library of a frame and the function that reads it; `None` for anything else."""
    for cls in type(frame).__mro__:
        found = _READERS.get((cls.__module__.partition(".")[0], cls.__name__))
        if found is not None:
            return cls.__module__.partition(".")[0], found
    return ("Arrow", _of_stream) if hasattr(frame, _STREAM) and not isinstance(frame, type) else None


def _of_pandas(frame: Any) -> Columns:
    named = [place for place, name in enumerate(frame.index.names) if name is not None]
    levels = [frame.index.get_level_values(place) for place in named]
    columns = [frame.iloc[:, place] for place in range(frame.shape[1])]
    names = [_name(frame.index.names[place]) for place in named] + [_name(name) for name in frame.columns]
    if not columns and not levels:
        return names, ()
    return names, zip(*levels, *columns, strict=True)


def _of_polars(frame: Any) -> Columns:
    return [_name(name) for name in frame.columns], frame.iter_rows(buffer_size=_BATCH)


def _of_lazy_polars(frame: Any) -> Columns:
    return _of_polars(frame.collect())


def _of_pyarrow(table: Any) -> Columns:
    return [_name(name) for name in table.schema.names], _batches(
        [table] if not hasattr(table, "to_batches") else table
    )


def _batches(table: Any) -> Iterator[tuple[Any, ...]]:
    for batch in table if isinstance(table, list) else table.to_batches(max_chunksize=_BATCH):
        columns = [batch.column(place).to_pylist() for place in range(batch.num_columns)]
        yield from zip(*columns, strict=True)


def _of_stream(frame: Any) -> Columns:
    try:
        pyarrow: Any = import_module("pyarrow")
    except ImportError:
        raise LedgerMisuse(
            "reading a frame through Arrow needs the extra 'pyarrow': pip install 'peer-ledger[pyarrow]'"
        ) from None
    try:
        return _of_pyarrow(pyarrow.table(frame))
    except (TypeError, ValueError, pyarrow.ArrowException):
        raise LedgerMisuse(f"frame must have columns with names, and {shown(frame)} has none") from None


_READERS: Mapping[tuple[str, str], Reader] = {
    ("pandas", "DataFrame"): _of_pandas,
    ("polars", "DataFrame"): _of_polars,
    ("polars", "LazyFrame"): _of_lazy_polars,
    ("pyarrow", "Table"): _of_pyarrow,
    ("pyarrow", "RecordBatch"): _of_pyarrow,
}


def _name(name: object) -> str:
    """Return the name of a column as text, empty where it is none; the levels of a name are joined."""
    if isinstance(name, tuple):
        return " ".join(text for level in name if (text := _name(level)))
    try:
        return "" if name is None else str(name)
    except Exception:  # noqa: BLE001 - a name may be anything, whose own methods fail as they like
        return ""


def _rows(rows: Iterable[Iterable[Any]]) -> Iterator[Row]:
    for number, values in enumerate(rows, 1):
        cells = [cell_of(value) for value in values]
        if any(cell != "" for cell in cells):
            yield Row(number, number, cells)


def cell_of(value: Any) -> object:
    """
    Return the value of a frame as a cell: a text, a number as text, a day, or an empty text for a missing value.

    >>> cell_of(float("nan")), cell_of(None), cell_of(16.75), cell_of(3.0), cell_of(True), cell_of(["ethics", "harm"])
    ('', '', '16.75', '3', 'true', 'ethics; harm')
    """
    try:
        return _cell(value)
    except Exception:  # noqa: BLE001 - the values of a frame may be anything, whose own methods fail as they like
        return UnreadableCell(value)


def _cell(value: Any) -> object:
    if type(value) is str:
        return value
    if hasattr(value, "item") and hasattr(value, "dtype") and getattr(value, "ndim", 1) == 0:
        value = value.item()  # a scalar of numpy
    if value is None or _is_missing(value):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return NumberText(value) if abs(value) < _LARGEST else UnreadableCell(value)
    if isinstance(value, float | Decimal):
        return _number(value)
    if isinstance(value, date | time | timedelta):
        return _moment(value)
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple | set | frozenset):
        inner = [_cell(item) for item in (sorted(value, key=str) if isinstance(value, set | frozenset) else value)]
        return (
            "; ".join(str(item) for item in inner if item != "")
            if not _has_unreadable(inner)
            else UnreadableCell(value)
        )
    return value if isinstance(value, str) else UnreadableCell(value)


def _has_unreadable(cells: list[object]) -> bool:
    return any(isinstance(cell, UnreadableCell) for cell in cells)


def _is_missing(value: Any) -> bool:
    """Return whether a value is `NaN`, `NaT` or pandas' `NA`."""
    if type(value).__name__ in ("NAType", "NaTType"):
        return True
    if isinstance(value, Decimal):
        return value.is_nan()
    return isinstance(value, float) and value != value  # noqa: PLR0124 - only NaN differs from itself


def _number(value: float | Decimal) -> NumberText | UnreadableCell:
    if isinstance(value, Decimal):
        # With an exponent, a few characters may be a number of any length.
        is_long = value.is_finite() and max(abs(value.adjusted()), len(value.as_tuple().digits)) > _MOST_DIGITS
        return UnreadableCell(value) if is_long else NumberText(f"{value:f}")
    return NumberText(int(value) if value.is_integer() and abs(value) < _MOST_EXACT else repr(float(value)))


def _moment(value: date | time | timedelta) -> object:
    """Return a day, or a moment with its time of day: whose day it is depends on the time zone that is meant."""
    if isinstance(value, datetime):
        if value.tzinfo is None and value.time() == time():
            return value.date()
        seconds = value.hour, value.minute, value.second, value.microsecond
        return datetime(value.year, value.month, value.day, *seconds, tzinfo=value.tzinfo, fold=value.fold)
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}h {minutes % 60}m"
    return f"{value.hour}:{value.minute:02}" if isinstance(value, time) else value
