"""
Columns as codes: each different value once, and its number for every row.

Whatever is nested becomes codes, too: a list by the codes of its items, a struct by those of its fields. So a value is
looked at once, however many rows have it.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple, overload

from peer_ledger.columns._libraries import arrow, numpy

EPOCH = date(1970, 1, 1).toordinal()
"""The day from which Arrow and numpy count days."""

LONGEST_ID = 200
"""How many characters an id has at most."""

_MOST_AT_HAND = 1 << 16
"""How many codes there may be beside those of rows before they are sorted instead of looked up in a table."""


class Fields(tuple[tuple[str, Any], ...]):
    """
    A struct: the names and values of the fields that are known, in order.
    """

    __slots__ = ()


class Unreadable(NamedTuple):
    """
    A value of a column whose type holds nothing that a record can.

    Attributes:
        type: The type of the column.
    """

    type: str


class Texts(Sequence[str]):
    """
    Texts in an array of Arrow, none of them missing, each of which becomes a text of Python when it is read.

    Args:
        array: The array.

    Attributes:
        array: The array.
    """

    def __init__(self, array: Any) -> None:
        self.array = array

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.array)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> "Texts": ...
    def __getitem__(self, place: int | slice) -> "str | Texts":
        """Return one of them, or some."""
        return Texts(self.array[place]) if isinstance(place, slice) else str(self.array[place])


class DaysInARow(Sequence[date | None]):
    """
    `None`, and then all days from one to another, each of which becomes a date of Python when it is read.

    Args:
        first: The first day, as a number of the calendar.
        count: How many days there are.

    Attributes:
        first: The first day, as a number of the calendar.
    """

    def __init__(self, first: int, count: int) -> None:
        self.first, self._count = first, count

    def __len__(self) -> int:
        """Return how many values there are, `None` among them."""
        return self._count + 1

    @overload
    def __getitem__(self, place: int) -> date | None: ...
    @overload
    def __getitem__(self, place: slice) -> list[date | None]: ...
    def __getitem__(self, place: int | slice) -> date | list[date | None] | None:
        """Return one of them, or some."""
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        if not 0 <= place <= self._count:
            raise IndexError(place)
        return date.fromordinal(self.first + place - 1) if place else None


class Coded(NamedTuple):
    """
    A column as codes.

    Attributes:
        codes: The code of each row, as an array of whole numbers.
        values: The value of each code, which can be hashed; `None` for a missing one.
    """

    codes: Any
    values: Sequence[Any]


def coded(column: Any) -> Coded:
    """
    Return a column as codes.

    Args:
        column: An array of Arrow, or a chunked one.
    """
    types, array = arrow("types"), _whole(column)
    kind = array.type
    if types.is_dictionary(kind):
        return _of_dictionary(array)
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return _of_lists(array)
    if types.is_struct(kind):
        return _of_structs(array)
    if types.is_nested(kind) or types.is_binary(kind) or types.is_large_binary(kind):
        return _of_leaves(array.is_valid(), lambda is_there: Unreadable(str(kind)) if is_there else None)
    return _of_leaves(array, lambda value: None if value != value else value)  # noqa: PLR0124 - only NaN differs from itself


def coded_ids(column: Any) -> Coded | None:
    """
    Return a column of ids as codes, without a text of Python for each; `None` where it may hold anything else.

    Args:
        column: An array of Arrow, or a chunked one.
    """
    types, array = arrow("types"), _whole(column)
    if array.null_count or not (types.is_string(array.type) or types.is_large_string(array.type)):
        return None
    found = array.dictionary_encode()
    if not _are_ids(found.dictionary):
        return None
    return Coded(found.indices.to_numpy(zero_copy_only=False).astype(numpy().int64), Texts(found.dictionary))


def coded_days(column: Any, first: int, last: int) -> Coded | None:
    """
    Return a column of days as codes, without a date of Python for each; `None` where it may hold anything else.

    Args:
        column: An array of Arrow, or a chunked one.
        first: The first day that may be in it, as a number of the calendar.
        last: The last day.
    """
    np, pa, array = numpy(), arrow(), _of_whole_days(_whole(column))
    if array is None:
        return None
    is_known = array.is_valid().to_numpy(zero_copy_only=False) if array.null_count else True
    days = array.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64) + EPOCH
    known = days[is_known] if array.null_count else days
    if not len(known):
        return Coded(np.zeros(len(days), dtype=np.int64), DaysInARow(1, 0))
    least, most = int(known.min()), int(known.max())
    if least < first or most > last:
        return None
    return Coded(np.where(is_known, days - (least - 1), 0), DaysInARow(least, most - least + 1))


def _of_whole_days(array: Any) -> Any:
    """Return an array of days or of moments without a time; `None` for any other."""
    pa, kind = arrow(), array.type
    if kind == pa.date32():
        return array
    if not arrow("types").is_timestamp(kind) or kind.tz is not None:
        return None
    days = array.cast(pa.date32())
    return days if days.cast(kind).equals(array) else None


def numbers_of(days: Coded) -> Any:
    """Return days as numbers of the calendar, as an array; 0 for what is none."""
    np, (codes, values) = numpy(), days
    if isinstance(values, DaysInARow):
        return np.where(codes > 0, codes + (values.first - 1), 0)
    known = (day.toordinal() if isinstance(day, date) else 0 for day in values)
    return np.fromiter(known, dtype=np.int64, count=len(values))[codes]


def _are_ids(texts: Any) -> bool:
    """Return whether all of some texts are ids, as `is_identifier` says: from 1 to 200 bytes from ! to ~."""
    np = numpy()
    if not len(texts):
        return True
    width = np.int64 if arrow("types").is_large_string(texts.type) else np.int32
    _, offsets, data = texts.buffers()
    bounds = np.frombuffer(offsets, dtype=width)[texts.offset : texts.offset + len(texts) + 1]
    lengths = np.diff(bounds)
    if lengths.min() < 1 or lengths.max() > LONGEST_ID:
        return False
    known = np.frombuffer(data, dtype=np.uint8)[bounds[0] : bounds[-1]]
    return bool(known.min() >= ord("!") and known.max() <= ord("~"))


def paired(columns: Iterable[Any], rows: int) -> tuple[Any, Any]:
    """
    Return one code for each different combination of codes, and a row that has it.

    Args:
        columns: The codes of each column.
        rows: The number of rows.
    """
    np = numpy()
    both, first, count = np.zeros(rows, dtype=np.int64), np.zeros(min(rows, 1), dtype=np.int64), 1
    for codes in columns:
        factor = int(codes.max(initial=0)) + 1
        mixed = both * factor + codes
        if count * factor <= _MOST_AT_HAND + rows:
            both, first = _numbered(mixed, count * factor)
        else:
            _, first, both = np.unique(mixed, return_index=True, return_inverse=True)
        count = len(first)
    return both, first


def _numbered(codes: Any, size: int) -> tuple[Any, Any]:
    """Return the same as `numpy.unique`, by a table of all codes that there could be: without sorting."""
    np = numpy()
    rows = np.full(size, -1, dtype=np.int64)
    rows[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    there = np.flatnonzero(rows >= 0)
    first = rows[there]
    rows[there] = np.arange(len(there))
    return rows[codes], first


def _whole(column: Any) -> Any:
    pa = arrow()
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
        if isinstance(column, pa.ChunkedArray):  # of no chunks, or of more than fits in one
            column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    return column.storage if isinstance(column, pa.ExtensionArray) else column


def _of_leaves(array: Any, read: Any) -> Coded:
    found = array.dictionary_encode("encode")
    codes = found.indices.to_numpy(zero_copy_only=False).astype(numpy().int64)
    return Coded(codes, [read(value) for value in found.dictionary.to_pylist()])


def _of_dictionary(array: Any) -> Coded:
    np, inner = numpy(), coded(array.dictionary)
    places = array.indices.fill_null(len(inner.codes)).to_numpy(zero_copy_only=False).astype(np.int64)
    return Coded(np.append(inner.codes, len(inner.values))[places], [*inner.values, None])


def _of_lists(array: Any) -> Coded:
    np = numpy()
    lengths = arrow("compute").list_value_length(array).fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    inner = coded(array.flatten())
    begins = np.cumsum(np.maximum(lengths, 0)) - np.maximum(lengths, 0)
    codes, values = np.zeros(len(lengths), dtype=np.int64), list[Any]()
    for length in np.unique(lengths).tolist():
        rows = np.flatnonzero(lengths == length)
        items = [inner.codes[begins[rows] + place] for place in range(max(length, 0))]
        found, first = paired(items, len(rows))
        codes[rows] = found + len(values)
        if length < 0:
            values.append(None)
        else:
            values += [tuple(inner.values[column[row]] for column in items) for row in first.tolist()]
    return Coded(codes, values)


def _of_structs(array: Any) -> Coded:
    np = numpy()
    names = [array.type.field(place).name for place in range(array.type.num_fields)]
    parts = [coded(part) for part in array.flatten()]
    there = array.is_valid().to_numpy(zero_copy_only=False).astype(np.int64)
    codes, first = paired([there, *(part.codes for part in parts)], len(array))
    values = [
        Fields(
            (name, value)
            for name, part in zip(names, parts, strict=True)
            if (value := part.values[part.codes[row]]) is not None
        )
        if there[row]
        else None
        for row in first.tolist()
    ]
    return Coded(codes, values)
