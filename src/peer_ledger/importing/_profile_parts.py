"""
The parts of a profile: columns, fixed values, meanings of cells, tests of rows.
"""

import re
from typing import Any

import attrs

from peer_ledger.values._checks import Check, fused, must_be
from peer_ledger.values._fields import TEXT, several


def _are_short_texts(value: Any) -> bool:
    return (
        type(value) is tuple and len(value) <= 200 and all(type(text) is str and 0 < len(text) <= 200 for text in value)
    )


def _is_flag(value: Any) -> bool:
    return type(value) is bool


TEXTS = Check(_are_short_texts, must_be("a list of at most 200 texts of 1 to 200 characters"), {})


FLAG = Check(_is_flag, must_be("true or false"), {"type": "boolean"})


def _are_notes(value: Any) -> bool:
    return (
        type(value) is tuple and len(value) <= 10 and all(type(text) is str and 0 < len(text) <= 1000 for text in value)
    )


NOTES = Check(_are_notes, must_be("a list of at most 10 texts of 1 to 1000 characters"), {})


def to_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@attrs.frozen(kw_only=True, field_transformer=fused)
class CellMeaning:
    """
    The meaning of a cell that is not written in declared words.

    Attributes:
        cell: The cell's text in the file; case and spacing do not matter.
        means: The text to read instead.
    """

    cell: str = attrs.field(validator=TEXT)
    means: str = attrs.field(validator=TEXT)


@attrs.frozen(kw_only=True, field_transformer=fused)
class Column:
    """
    The column of a field.

    Attributes:
        field: The field; `hours.TOPIC` holds the hours on one topic.
        headings: The headings it may have, the likeliest first; empty for the field's own name.
        unclear: Further headings that leave the unit of the amounts below them open.
        cells: The meanings of some cells.
    """

    field: str = attrs.field(validator=TEXT)
    headings: tuple[str, ...] = attrs.field(default=(), converter=to_tuple, validator=TEXTS)
    unclear: tuple[str, ...] = attrs.field(default=(), converter=to_tuple, validator=TEXTS)
    cells: tuple[CellMeaning, ...] = attrs.field(default=(), converter=to_tuple, validator=several(CellMeaning))

    @property
    def clear_headings(self) -> tuple[str, ...]:
        """The headings it may have, except those that leave the unit open."""
        return self.headings or (self.field,)

    @property
    def all_headings(self) -> tuple[str, ...]:
        """Every heading it may have, the likeliest first."""
        return (*self.clear_headings, *self.unclear)

    @property
    def plain_headings(self) -> frozenset[str]:
        """Every heading it may have, as headings are compared."""
        return frozenset(map(plain_heading, self.all_headings))


@attrs.frozen(kw_only=True, field_transformer=fused)
class Fixed:
    """
    A value that holds for every row and has no column.

    Attributes:
        field: The field.
        value: Its value, written as in a cell.
    """

    field: str = attrs.field(validator=TEXT)
    value: str = attrs.field(validator=TEXT)


@attrs.frozen(kw_only=True, field_transformer=fused)
class RowTest:
    """
    A test of the rows by one of their cells.

    Attributes:
        heading: The heading of the column.
        cells: The cells that pass, whatever their case and spacing; empty for every cell that is not.
    """

    heading: str = attrs.field(validator=TEXT)
    cells: tuple[str, ...] = attrs.field(default=(), converter=to_tuple, validator=TEXTS)


def plain_heading(text: str) -> str:
    """
    Return a heading as it is compared: case, punctuation and spacing do not matter.

    >>> plain_heading(" Completed_Date* "), plain_heading("Emp #"), plain_heading("Clock hrs")
    ('completed date', 'emp #', 'clock hours')
    """
    plain = " ".join(re.sub(r"[^\w#]+|_", " ", text.casefold()).split())
    return re.sub(r"\b(?:hour|hrs?)\b", "hours", plain)
