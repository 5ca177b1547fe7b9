"""
What every record has: a type, an id, its origin and the record it replaces.
"""

import base64
import hashlib
import json
from typing import Any, ClassVar

import attrs
from attrs import field

from peer_ledger.values._checks import IDENTIFIER, fused, optional
from peer_ledger.values._fields import COUNT, KEY, RECORD_ID, TEXT, a, to_cells

_LONGEST_STEM = 180


@attrs.frozen(kw_only=True, field_transformer=fused)
class Origin:
    """
    The row that a record was read from, by which it is recognized when it is read again.

    Attributes:
        source: The name of the export or system; the same for every file of a series.
        key: The cells that identify the row in the source, in order.
        occurrence: Its number among the rows with this key, from 1: two equal one-hour sessions are 1 and 2.

    The key may hold what identifies a person, so a repr leaves it out, and erasing the person removes it.

    >>> Origin(source="lms", key=["17", "ETH-101", "2025-03-04"])
    Origin(source='lms', occurrence=1)
    """

    source: str = field(validator=TEXT)
    key: tuple[str, ...] = field(converter=to_cells, validator=KEY, repr=False)
    occurrence: int = field(default=1, validator=COUNT)


def _derived_id(record: Any) -> str | None:
    origin = record.origin
    if type(origin) is not Origin:
        return None
    row = json.dumps([record.record_type, origin.source, origin.key, origin.occurrence], separators=(",", ":"))
    digest = hashlib.blake2b(row.encode(), digest_size=15, person=b"peer-ledger id").digest()
    return f"{record.record_type}-{base64.b32encode(digest).decode().lower()}"


@attrs.frozen(kw_only=True, field_transformer=fused)
class Record:
    """
    One immutable statement: what every kind of record has in common.

    Attributes:
        origin: The row it was read from; `None` when it was not read from a file.
        id: Its id, unique in a ledger.  If left out, it is derived from the record's type and origin.
        replaces: The id of the withdrawn record that this one corrects; `None` when it is not a correction.
    """

    record_type: ClassVar[str]

    origin: Origin | None = field(default=None, validator=optional(a(Origin)), repr=False)
    id: str = field(default=attrs.Factory(_derived_id, takes_self=True), validator=RECORD_ID)
    replaces: str | None = field(default=None, validator=optional(IDENTIFIER))


def revision_id(record_id: str, number: int) -> str:
    """
    Return the id of a later state of a record: `e-1` becomes `e-1~2`, then `e-1~3`.

    Args:
        record_id: The id of the first state.
        number: The number of the state, from 2.
    """
    return f"{stem_of(record_id)}~{number}"


def stem_of(record_id: str) -> str:
    """
    Return the common beginning of the ids of a record's later states: its id, shortened to leave room for a number.
    """
    if len(record_id) <= _LONGEST_STEM:
        return record_id
    digest = hashlib.blake2b(record_id.encode(), digest_size=10).hexdigest()
    return f"{record_id[: _LONGEST_STEM - 30]}~{digest}x"


def first_id(record_id: str) -> str:
    """
    Return the id of the first state of a record, given the id of any of its states.

    >>> first_id("e-1~3"), first_id("e-1"), first_id("a~b")
    ('e-1', 'e-1', 'a~b')
    """
    stem, mark, number = record_id.rpartition("~")
    return stem if stem and mark and number.isdecimal() else record_id
