"""
The file of a cache: what a ledger says about each person, ready to be read, beside the ledger's file.

The file is `NAME-cache`. It begins with a mark; then come the rows, one for each id of a person, then where the rows of
each bucket of ids begin, and at the end the number of the last entry of the ledger that it knows. Every row has a tag
(HMAC-SHA-256), whose key is made from the salt and the digest of that entry. So a row is used only if this package
wrote it for this ledger, in the form that it reads, and no byte of it is another; the rest only says where to look.
"""

import os
import stat
import struct
import sys
from array import array
from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from hmac import compare_digest, digest
from pathlib import Path
from typing import BinaryIO, NamedTuple

from peer_ledger.ledger._chain import StoredRow
from peer_ledger.records import Record
from peer_ledger.records._packed import FORM, packed, unpacked
from peer_ledger.values._outputs import remove_unfinished, unfinished_outputs

MARK = b"peer-ledger cache 1\n"
_SUFFIX = "-cache"
_TAG = 16
_ROW = struct.Struct("<I16s")
_ABOUT = struct.Struct("<QQI")
_END = struct.Struct(f"<QQQ{len(MARK)}s")
_PLACE = 8
_LARGEST = 2**26
_BETWEEN = " "
_PIECE = b"\0" * 2**20
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Known(NamedTuple):
    """
    What a cache knows about a person.

    Attributes:
        people: Every id of the person.
        entries: The number of entries.
        last: The number of the last of them.
        records: The records in effect, without retractions, in order.
    """

    people: frozenset[str]
    entries: int
    last: int
    records: tuple[Record, ...]


class End(NamedTuple):
    """
    What is at the end of a cache.

    Attributes:
        places: Where in the file the places of the buckets begin.
        buckets: The number of buckets.
        seq: The number of the last entry that the cache knows.
    """

    places: int
    buckets: int
    seq: int


class Row(NamedTuple):
    """
    A row of a cache, not read yet.

    Attributes:
        people: Every id of the person.
        last: The number of the last entry about the person.
        data: The row as it is in the file.
    """

    people: frozenset[str]
    last: int
    data: bytes

    def known(self) -> Known:
        """Return what it says."""
        entries, last, length = _ABOUT.unpack_from(self.data)
        return Known(self.people, entries, last, unpacked(self.data[_ABOUT.size + length :]))


def cache_path(ledger: Path) -> Path:
    """Return where the cache of a ledger is."""
    return ledger.with_name(ledger.name + _SUFFIX)


def key_of(entry: StoredRow) -> bytes:
    """Return the key of a cache whose last entry this is, which only who can read the ledger can know."""
    assert entry.salt is not None, "an erased entry makes no key"
    return sha256(b"peer-ledger cache" + FORM + entry.salt + entry.digest).digest()


def row_of(known: Known) -> bytes:
    """Return the row that says something about a person."""
    people = _BETWEEN.join(sorted(known.people)).encode()
    return _ABOUT.pack(known.entries, known.last, len(people)) + people + packed(known.records)


def bucket_of(person: str, buckets: int) -> int:
    """Return the bucket of an id."""
    return int.from_bytes(sha256(person.encode()).digest()[:8]) % buckets


class CacheFile:
    """
    A cache that is open for reading.

    Args:
        file: The file, which is closed with it.
        size: The size of the file.

    Attributes:
        end: What is at its end.

    Raises:
        ValueError: It is not a whole cache.
    """

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._size = file, size
        self._key = b""
        end = self._at(size - _END.size, _END.size)
        if self._at(0, len(MARK)) != MARK or len(end) != _END.size:
            raise ValueError
        places, buckets, seq, mark = _END.unpack(end)
        self.end = End(places, buckets, seq)
        if mark != MARK or not buckets or places + (buckets + 1) * _PLACE + _END.size != size:
            raise ValueError

    def read_with(self, key: bytes) -> None:
        """Begin to read rows that have been written with a key; the others are left out."""
        self._key = key

    def row(self, person: str) -> Row | None:
        """Return the row of an id; `None` where there is none that is whole."""
        if not person.isascii():
            return None
        where = self.end.places + bucket_of(person, self.end.buckets) * _PLACE
        pair = self._at(where, 2 * _PLACE)
        if len(pair) != 2 * _PLACE:
            return None
        begin, end = array("Q", pair)
        if not len(MARK) <= begin <= end <= self.end.places or end - begin > _LARGEST:
            return None
        for tag, data in _rows_in(self._at(begin, end - begin)):
            people = frozenset(_people_in(data))
            if person in people:
                whole = compare_digest(_tag_of(self._key, data), tag)
                return Row(people, _ABOUT.unpack_from(data)[1], data) if whole else None
        return None

    def _at(self, where: int, length: int) -> bytes:
        if where < 0:
            return b""
        if sys.platform != "win32":
            return os.pread(self._file.fileno(), length, where)
        self._file.seek(where)
        return self._file.read(length)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _rows_in(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the tags and the rows of a bucket, as far as these are there."""
    begin = 0
    while begin + _ROW.size + _ABOUT.size <= len(data):
        length, tag = _ROW.unpack_from(data, begin)
        begin += _ROW.size
        row = data[begin : (begin := begin + length)]
        if not _ABOUT.size <= length == len(row):
            return
        yield tag, row


def _people_in(data: bytes) -> list[str]:
    length = _ABOUT.unpack_from(data)[2]
    return data[_ABOUT.size : _ABOUT.size + length].decode("ascii", "replace").split(_BETWEEN)


def _tag_of(key: bytes, data: bytes) -> bytes:
    return digest(key, data, "sha256")[:_TAG]


class CacheWriter:
    """
    A cache that is being written, bucket by bucket.

    Args:
        file: The file.
        entry: The last entry of the ledger that the cache is to know.
        buckets: The number of buckets.
    """

    def __init__(self, file: BinaryIO, entry: StoredRow, buckets: int) -> None:
        self._file, self._last, self._key = file, entry.seq, key_of(entry)
        self._buckets = buckets
        self._places = array("Q", [len(MARK)])
        self._written = len(MARK)
        file.write(MARK)

    def write(self, person: str, data: bytes) -> None:
        """Write the row of an id; the ids come by bucket."""
        self._fill(bucket_of(person, self._buckets))
        row = _ROW.pack(len(data), _tag_of(self._key, data)) + data
        self._file.write(row)
        self._written += len(row)

    def done(self) -> None:
        """Write the end."""
        self._fill(self._buckets)
        self._file.write(self._places.tobytes())
        self._file.write(_END.pack(self._written, self._buckets, self._last, MARK))

    def _fill(self, bucket: int) -> None:
        """Note that all buckets before one are written."""
        self._places.extend([self._written] * (bucket + 1 - len(self._places)))


def opened(path: Path) -> CacheFile | None:
    """Return the cache at a path; `None` where there is none that can be read."""
    with suppress(OSError, ValueError):
        file = open(os.open(path, os.O_RDONLY | _NO_LINK), "rb", buffering=0)  # noqa: SIM115 - the cache closes it
        try:
            status = os.fstat(file.fileno())
            if stat.S_ISREG(status.st_mode):
                return CacheFile(file, status.st_size)
        except BaseException:
            file.close()
            raise
        file.close()
    return None


def _is_cache(file: BinaryIO) -> bool:
    """Return whether a file is a cache, whole or damaged: it begins or ends as one does, or is empty."""
    begin = file.read(len(MARK))
    file.seek(max(0, file.seek(0, os.SEEK_END) - len(MARK)))
    return begin in (MARK, b"") or file.read(len(MARK)) == MARK


def opened_to_erase(path: Path) -> BinaryIO | None:
    """
    Return the cache at a path, to be overwritten and closed; `None` where none is.

    Raises:
        OSError: It cannot be told, or cannot be overwritten.
    """
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        file = open(os.open(path, os.O_RDWR | _NO_LINK), "rb+", buffering=0)  # noqa: SIM115 - the caller closes it
    except FileNotFoundError:
        return None
    if _is_cache(file):
        return file
    file.close()
    return None


def overwrite(file: BinaryIO) -> None:
    """Overwrite a cache with zeros, also for those who have it open; its mark stays to the last."""
    left = file.seek(0, os.SEEK_END) - len(MARK)
    file.seek(len(MARK))
    while left > 0:
        left -= file.write(_PIECE[:left])
    os.fsync(file.fileno())
    file.truncate(0)


def removed(ledger: Path) -> bool:
    """Overwrite and remove the cache of a ledger; return whether nothing is left of it, or of one being written."""
    path = cache_path(ledger)
    try:
        if (file := opened_to_erase(path)) is not None:
            with file:
                overwrite(file)
            path.unlink(missing_ok=True)
    except OSError:
        return False
    remove_unfinished(path.parent)
    return not any(unfinished_outputs(path))


def people_by_bucket(people: Sequence[str], buckets: int) -> list[str]:
    """Return some ids in the order in which a cache has them."""
    return sorted(people, key=lambda person: bucket_of(person, buckets))
