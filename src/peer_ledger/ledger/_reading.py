"""
Reading entries: which records are withdrawn, which ids are one person, and what there is about a person.
"""

from collections.abc import Mapping
from types import MappingProxyType

from peer_ledger.ledger._chain import StoredRow
from peer_ledger.ledger._store import Rows
from peer_ledger.records import SamePerson


def rows_in_effect(some: list[StoredRow]) -> list[StoredRow]:
    """Return the entries whose records are not withdrawn, without retractions, among all entries about a person."""
    retractions = [row for row in some if row.retracts is not None]
    if not retractions:
        return some
    gone = withdrawn_among(retractions)
    return [row for row in some if row.id not in gone and row.retracts is None]


def merged(found: dict[str, list[StoredRow]]) -> list[StoredRow]:
    """Return the entries about several ids in order, each once."""
    if len(found) == 1:
        return list(*found.values())
    return sorted({row.seq: row for some in found.values() for row in some}.values())


def withdrawn(rows: Rows, record_id: str, last: int) -> bool:
    """Return whether some retraction of a record is not itself withdrawn."""
    found: dict[int, StoredRow] = {}
    waiting = [record_id]
    while waiting:
        for row in rows.retractions_of(waiting.pop(), last):
            if row.seq not in found and row.id is not None:
                found[row.seq] = row
                waiting.append(row.id)
    return record_id in withdrawn_among(sorted(found.values()))


def withdrawn_among(rows: list[StoredRow]) -> set[str | None]:
    """Return the withdrawn ids; a retraction follows what it retracts, so a single pass from the end suffices."""
    gone: set[str | None] = set()
    for row in reversed(rows):
        if row.retracts is not None and row.id not in gone:
            gone.add(row.retracts)
    return gone


def joined_among(rows: list[StoredRow]) -> list[tuple[str, str]]:
    """Return the pairs of ids that are joined, given the entries that join them and all retractions of these."""
    joining = [row for row in rows if row.type == SamePerson.record_type]
    if not joining:
        return []
    gone = withdrawn_among(rows)
    return [
        (row.person, row.other_person)
        for row in joining
        if row.id not in gone and row.person is not None and row.other_person is not None
    ]


def same_person(rows: Rows, person: str, last: int) -> frozenset[str]:
    """Return every id of a person, following the records that join two ids."""
    return frozenset(rows_by_id(rows, person, last))


def rows_about(rows: Rows, person: str, last: int) -> list[StoredRow]:
    """Return the entries about a person under any of their ids, in order, each once."""
    return merged(rows_by_id(rows, person, last))


def rows_by_id(
    rows: Rows, person: str, last: int, read: Mapping[str, list[StoredRow]] = MappingProxyType({})
) -> dict[str, list[StoredRow]]:
    """
    Return the entries about a person by id, following the records that join two ids.

    Args:
        rows: The entries of the ledger.
        person: Any of the person's ids.
        last: The highest number to read.
        read: The entries about some ids, where they were read before.
    """
    found: dict[str, list[StoredRow]] = {}
    waiting = [person]
    while waiting:
        alias = waiting.pop()
        if alias in found:
            continue
        found[alias] = read[alias] if alias in read else rows.rows_of(alias, last)
        waiting += (other for pair in joined_among(found[alias]) for other in pair)
    return found
