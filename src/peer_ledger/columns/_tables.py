"""
The tables that are read: the kind of record that each holds, and its columns.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

import attrs

from peer_ledger._closest import few_of
from peer_ledger.errors import InvalidData, Problem, nearest, shown_name
from peer_ledger.records import (
    Certification,
    Course,
    Coverage,
    Designation,
    Document,
    Filing,
    Record,
    Retraction,
    Review,
    Ruling,
    SamePerson,
    TrainingEvent,
    Verification,
)

TABLES: Mapping[str, type[Record]] = {
    "trainings": TrainingEvent,
    "certifications": Certification,
    "documents": Document,
    "filings": Filing,
    "designations": Designation,
    "verifications": Verification,
    "reviews": Review,
    "rulings": Ruling,
    "coverage": Coverage,
    "courses": Course,
    "same_people": SamePerson,
    "retractions": Retraction,
}
"""The class of the records in each table, by the name of the argument."""


class GivenTables(TypedDict, total=False):
    """
    The tables that are evaluated, each of which may be left out.
    """

    trainings: Any
    certifications: Any
    documents: Any
    filings: Any
    designations: Any
    verifications: Any
    reviews: Any
    rulings: Any
    coverage: Any
    courses: Any
    same_people: Any
    retractions: Any


SHARED = ("courses", "same_people", "retractions")
"""The tables about nobody in particular or about two people, which are read before all others."""

ENTRY = ("seq", "recorded_at", "entry_digest", "salt")
"""The columns of an exported ledger that say how a record was entered."""

FLAT = ("amount", "unit", "topics")
"""The columns that a training with a single credit may have instead of `credits`."""

APART: Mapping[type[Record], tuple[str, ...]] = {
    TrainingEvent: ("completed", "evidence"),
    Certification: ("on", "expires", "filing", "number"),
    Document: ("on", "by"),
    Verification: ("seen", "number"),
    Review: ("event", "on", "by", "reason"),
    Ruling: ("by", "reason"),
    Retraction: ("retracts", "reason", "by"),
}
"""
The fields that differ from record to record and say nothing about each other, beside the id and the person.

All others of a record are its shape, and there are few different shapes among many records.
"""


@attrs.frozen
class Columns:
    """
    The columns of one table.

    Attributes:
        table: The name of the table.
        names: The columns that are read, in their order.
        is_flat: Whether each row holds its only credit itself.
    """

    table: str
    names: tuple[str, ...]
    is_flat: bool

    @property
    def cls(self) -> type[Record]:
        """The class of the records."""
        return TABLES[self.table]

    @property
    def apart(self) -> tuple[str, ...]:
        """The columns that are read row by row."""
        own = ("id", "person", *(("amount",) if self.is_flat else ()), *APART.get(self.cls, ()))
        return tuple(name for name in self.names if name in own)

    @property
    def shape(self) -> tuple[str, ...]:
        """The columns that make the shape of a row."""
        return tuple(name for name in self.names if name not in (*self.apart, *ENTRY))


def repeating(table: str, names: Iterable[str]) -> list[str]:
    """Return the columns of a table that make the shape of a row, of all that it has."""
    apart = {"id", "person", *APART.get(TABLES[table], ()), *ENTRY} if table in TABLES else set(names)
    return [name for name in names if name not in apart]


def columns_of(table: str, found: Iterable[str]) -> Columns:
    """
    Return the columns of a table.

    Args:
        table: The name of the table.
        found: The columns that it has.

    Raises:
        InvalidData: A column is unknown, is there twice or is missing; all problems are listed.
    """
    names, fields = list(found), {field.name: field for field in attrs.fields(TABLES[table])}
    is_flat = table == "trainings" and "amount" in names
    known = [*fields, "type", *ENTRY, *(FLAT if table == "trainings" else ())]
    wrong = [
        Problem(f"{table}.{name}" if name in known else table, _unknown(name, known))
        for place, name in enumerate(names)
        if name not in known or name in names[:place]
    ]
    wrong += [
        Problem(f"{table}.{name}", f"the column is missing; there are {few_of(names) or 'none'}")
        for name, field in fields.items()
        if field.default is attrs.NOTHING and name not in names
    ]
    if table == "trainings" and not wrong:
        wrong += _wrong_credits(names)
    if wrong:
        raise InvalidData("frame", tuple(wrong))
    return Columns(table, tuple(names), is_flat)


def _unknown(name: str, known: list[str]) -> str:
    if name in known:
        return "the column is there twice"
    near, there = nearest(name, known), ", ".join(one for one in known if one not in ("type", *ENTRY))
    return f"there is no column {shown_name(name)}{near}; leave it out; there may be {there}"


def _wrong_credits(names: list[str]) -> Iterable[Problem]:
    flat = [name for name in FLAT if name in names]
    if flat and "credits" in names:
        yield Problem(f"trainings.{flat[0]}", "give either the column credits, or amount, unit and topics")
    elif flat and "amount" not in names:
        yield Problem("trainings.amount", f"the column is missing, and {flat[0]} says something of it")


def field_types(cls: type) -> dict[str, Any]:
    """Return the type of each field of a class."""
    return {field.name: field.type for field in attrs.fields(cls)}
