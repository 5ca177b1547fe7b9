"""
The hash chain that makes tampering with a ledger detectable.

Each entry commits to its record with a salted digest, and to everything before it with a chained digest:

* commitment = SHA-256(`peer-ledger record 1` 00 salt record), the record as its canonical JSON in UTF-8;
* digest = SHA-256(`peer-ledger entry 1` 00 digest-before sequence-number moment commitment).

The chain holds only commitments.  After a record and its salt are erased, nobody can test guesses against what
remains, and the other entries still verify.
"""

from hashlib import sha256
from typing import NamedTuple

SALT_BYTES = 16

GENESIS = sha256(b"peer-ledger genesis 1").digest()
"""The digest before the first entry."""

_RECORD = b"peer-ledger record 1\0"
_ENTRY = b"peer-ledger entry 1\0"


class StoredRow(NamedTuple):
    """
    An entry as it is stored; all but the first two and the last two fields are `None` after it is erased.
    """

    seq: int
    recorded_at: str
    type: str | None
    id: str | None
    person: str | None
    other_person: str | None
    retracts: str | None
    record: str | None
    salt: bytes | None
    commitment: bytes
    digest: bytes

    def blank(self) -> "StoredRow":
        """Return the entry without its content."""
        return blank_row(self.seq, self.recorded_at, self.commitment, self.digest)


def blank_row(seq: int, recorded_at: str, committed: bytes, digest: bytes) -> StoredRow:
    """Return an entry without content."""
    return StoredRow(seq, recorded_at, None, None, None, None, None, None, None, committed, digest)


class Head(NamedTuple):
    """
    The last entry: its number (0 when there is none), the moment it was recorded, and the digest of all entries.

    If its number and digest are kept outside the ledger, they prove later that nothing up to it was changed or removed.
    """

    seq: int
    recorded_at: str
    digest: bytes


EMPTY = Head(0, "", GENESIS)


def commitment(salt: bytes, record: str) -> bytes:
    """Return a commitment to a record that does not reveal it."""
    return sha256(_RECORD + salt + record.encode()).digest()


def link(before: bytes, seq: int, recorded_at: str, committed: bytes) -> bytes:
    """Return the digest that chains an entry to the entry before it."""
    return sha256(b"%b%b%d %b %b" % (_ENTRY, before, seq, recorded_at.encode(), committed)).digest()
