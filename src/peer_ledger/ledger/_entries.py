"""
Building the entry of a record, and the ids of its later states and of its retraction.
"""

from itertools import count

from peer_ledger.ledger._chain import Head, StoredRow, commitment, link
from peer_ledger.ledger._store import Rows
from peer_ledger.records import Record, Retraction, SamePerson
from peer_ledger.records._record import revision_id, stem_of


def next_row(tip: Head, moment: str, record: Record, *, text: str, salt: bytes, target: StoredRow | None) -> StoredRow:
    """Return the entry that follows `tip`."""
    person, other_person, retracts = about(record, target)
    committed = commitment(salt, text)
    seq = tip.seq + 1
    digest = link(tip.digest, seq, moment, committed)
    return StoredRow(
        seq, moment, record.record_type, record.id, person, other_person, retracts, text, salt, committed, digest
    )


def about(record: Record, target: StoredRow | None) -> tuple[str | None, str | None, str | None]:
    """
    Return the people that an entry is about, and the id that it retracts.

    Args:
        record: The record of the entry.
        target: For a retraction, the entry it retracts, which is about the same people.

    Returns:
        The person, the other person (if the record states that two ids are the same person), and the retracted id; each
        `None` when there is none.
    """
    if isinstance(record, Retraction):
        return (target.person, target.other_person, record.retracts) if target else (None, None, record.retracts)
    if isinstance(record, SamePerson):
        first, second = sorted(record.people)
        return first, second, None
    return getattr(record, "person", None), None, None


def free_id(rows: Rows, last: int, stem: str) -> str:
    """Return the first unused id of the series that begins with `stem~2`."""
    return next(name for number in count(2) if not rows.rows_with([name := revision_id(stem, number)], last))


def retraction_of(rows: Rows, last: int, record_id: str, reason: str, by: str | None = None) -> Retraction:
    """Return a retraction of a record, with an unused id."""
    name = f"{stem_of(record_id)}~retracted"
    if rows.rows_with([name], last):
        name = free_id(rows, last, name)
    return Retraction(id=name, retracts=record_id, reason=reason, by=by)
