"""
Columns as codes: each different value once, and its number for every row.

Whatever is nested becomes codes, too: a list by the codes of its items, a struct by those of its fields. So a value is
looked at once, however many rows have it.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from peer_ledger.columns._libraries import arrow, numpy


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


class Coded(NamedTuple):
    """
    A column as codes.

    Attributes:
        codes: The code of each row, as an array of whole numbers.
        values: The value of each code, which can be hashed; `None` for a missing one.
    """

    codes: Any
    values: list[Any]


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


def paired(columns: Iterable[Any], rows: int) -> tuple[Any, Any]:
    """
    Return one code for each different combination of codes, and a row that has it.

    Args:
        columns: The codes of each column.
        rows: The number of rows.
    """
    np = numpy()
    both, first = np.zeros(rows, dtype=np.int64), np.zeros(min(rows, 1), dtype=np.int64)
    for codes in columns:
        factor = int(codes.max(initial=0)) + 1
        _, first, both = np.unique(both * factor + codes, return_index=True, return_inverse=True)
    return both, first


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
