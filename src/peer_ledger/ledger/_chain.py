"""
The chain that makes a change behind the ledger's back visible.

Each entry commits to its record by a salted digest, and to everything before it by a chained one:

* commitment = SHA-256(`peer-ledger record 1` 00 salt record), the record as its canonical JSON in UTF-8;
* digest = SHA-256(`peer-ledger entry 1` 00 digest-before sequence-number moment commitment).

The chain holds commitments only.  When a record and its salt are erased, nobody can try candidates against what
remains, and the rest still verifies.
"""

from hashlib import sha256
from typing import NamedTuple

SALT_BYTES = 16

GENESIS = sha256(b"peer-ledger genesis 1").digest()
"""What stands before the first entry."""

_RECORD = b"peer-ledger record 1\0"
_ENTRY = b"peer-ledger entry 1\0"


class StoredRow(NamedTuple):
    """
    An entry as a store keeps it; all but the first two and the last two are `None` once it is erased.
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
        """Return what remains when the content is erased."""
        return blank_row(self.seq, self.recorded_at, self.commitment, self.digest)


def blank_row(seq: int, recorded_at: str, committed: bytes, digest: bytes) -> StoredRow:
    """Make an entry without content."""
    return StoredRow(seq, recorded_at, None, None, None, None, None, None, None, committed, digest)


class Head(NamedTuple):
    """
    The last entry: its number, 0 when there is none, when it was recorded, and the digest of everything so far.

    Noted down outside the ledger, its number and digest prove later that nothing up to it was changed or cut off.
    """

    seq: int
    recorded_at: str
    digest: bytes


EMPTY = Head(0, "", GENESIS)


def commitment(salt: bytes, record: str) -> bytes:
    """Commit to a record without giving it away."""
    return sha256(_RECORD + salt + record.encode()).digest()


def link(before: bytes, seq: int, recorded_at: str, committed: bytes) -> bytes:
    """Chain an entry to the one before it."""
    return sha256(b"%b%b%d %b %b" % (_ENTRY, before, seq, recorded_at.encode(), committed)).digest()
