"""
Erasing a person: which entries lose their content, and which are recorded again without the person's id.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

import attrs

from peer_ledger.errors import UnknownPerson
from peer_ledger.ledger._chain import StoredRow
from peer_ledger.ledger._entries import free_id
from peer_ledger.ledger._reading import rows_about, same_person
from peer_ledger.ledger._store import Writing
from peer_ledger.records import Erasure, Record
from peer_ledger.values._wording import counted


@attrs.frozen(kw_only=True)
class Erased:
    """
    What an erasure removed.

    Attributes:
        people: The ids of the person.
        entries: The sequence numbers of the entries about the person, whose content was removed.
        counts: The number of these entries for each type of record.
        rerecorded: The sequence numbers of entries about other people, or nobody, that named the person as `by`; each
            was erased, too, and recorded again without `by`, with its retractions.
        purged: Whether the content was also removed from the file's free space, and the cache with it.  If a reader
            prevented that, it stays there until `Ledger.purge`, the next erasure, the next opening for writing or the
            closing of a ledger that was opened for writing finds no reader; `Ledger.is_purged` tells.
    """

    people: frozenset[str]
    entries: tuple[int, ...]
    counts: dict[str, int] = attrs.field(hash=False)
    rerecorded: tuple[int, ...] = ()
    purged: bool

    def __str__(self) -> str:
        said = f"{counted(len(self.entries), 'entry')} about this person erased"
        if self.rerecorded:
            said += f", and {counted(len(self.rerecorded), 'entry')} recorded again without this person's id"
        if self.purged:
            return f"{said}; nothing of it is left in the file"
        return (
            f"{said}; the content stays in the file's free space until Ledger.purge, peer-ledger purge, or the next "
            "opening for writing finds no one reading"
        )


def erase_person(writing: Writing, person: str, append: Callable[[Sequence[Record]], object]) -> Erased:
    """
    Erase everything about a person, and the person's ids where other people's records name them as `by`.

    Args:
        writing: The change.
        person: Any of the person's ids.
        append: Appends records to the change.

    Raises:
        UnknownPerson: No record is about this person, or names the person as `by`.
    """
    last = writing.tip().seq
    people = same_person(writing, person, last)
    rows = rows_about(writing, person, last)
    others = _naming(writing, people, {row.seq for row in rows}, last)
    if not rows and not others:
        raise UnknownPerson(person)
    again = [_without(writing.record(row), people) for row in others]
    name = f"erasure-{last + 1}"
    if writing.rows_with([name], last):
        name = free_id(writing, last, name)
    seqs = tuple(sorted(row.seq for row in (*rows, *others)))
    writing.blank(seqs)  # first, so that the ids are free to be used again
    append([Erasure(id=name, entries=seqs), *again])
    counts: dict[str, int] = {}
    for row in rows:
        counts[str(row.type)] = counts.get(str(row.type), 0) + 1
    return Erased(
        people=people,
        entries=tuple(row.seq for row in rows),
        counts=counts,
        rerecorded=tuple(row.seq for row in others),
        purged=False,
    )


def _naming(writing: Writing, people: frozenset[str], gone: set[int], last: int) -> list[StoredRow]:
    """Return the entries that name one of the people as `by`, and the retractions of these, which have to follow."""
    found: dict[int, StoredRow] = {}
    waiting = [
        row
        for alias in sorted(people)
        for row in writing.rows_holding(f'"by":{json.dumps(alias)}', last)
        if getattr(writing.record(row), "by", None) == alias
    ]
    while waiting:
        row = waiting.pop()
        if row.seq in gone or row.seq in found:
            continue
        found[row.seq] = row
        waiting += writing.retractions_of(row.id or "", last)
    return [found[seq] for seq in sorted(found)]


def _without(record: Record, people: frozenset[str]) -> Record:
    if getattr(record, "by", None) not in people:
        return record
    changes: dict[str, Any] = {"by": None}
    return attrs.evolve(record, **changes)
