"""
A whole ledger as JSON Lines: for archiving, comparing and moving ledgers.

The first line names the format, each following line is an entry, and the last line has the number of entries and the
last digest, so that an incomplete file is detected.  The same ledger is always written as the same bytes, and reads
back to the same digests.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

from peer_ledger.errors import (
    DiskFull,
    InvalidData,
    InvalidValue,
    LedgerBusy,
    LedgerMisuse,
    LedgerNotWritable,
    Problem,
    shown,
)
from peer_ledger.ledger._chain import EMPTY, SALT_BYTES, Head, StoredRow, blank_row, link
from peer_ledger.ledger._entries import next_row
from peer_ledger.ledger._ledger import Ledger
from peer_ledger.ledger._store import Writing
from peer_ledger.ledger._view import LedgerView
from peer_ledger.records import Erasure, Record, Retraction
from peer_ledger.records.interchange import record_from_dict, record_to_json
from peer_ledger.values._arguments import A_PATH, an_instance, arguments
from peer_ledger.values._json import numbered_lines, parse_json
from peer_ledger.values._outputs import input_errors, written_whole
from peer_ledger.values.dates import as_moment, moment_text

FORMAT = "peer-ledger archive"
VERSION = 1

_BATCH = 500
_LAST_LINE = 1000
_HEADER = {"format": FORMAT, "version": VERSION}
_HELD = dict.fromkeys(("seq", "recorded_at", "salt", "record", "digest")).keys()
_BLANK = dict.fromkeys(("seq", "recorded_at", "commitment", "digest")).keys()
_FOOTER = {"entries", "digest"}


@arguments(ledger=an_instance("a ledger", LedgerView), path=A_PATH)
def write_archive(ledger: LedgerView, path: str | Path) -> int:
    """
    Write a ledger, or what was known at some moment, to an archive.

    The file appears under its name only when it is complete.

    Args:
        ledger: A ledger, or the result of `known_at`.
        path: The file, readable only by its owner; an ordinary file of that name is replaced and keeps its permissions.
            An archive is replaced only if all its entries are in the new one, too.

    Returns:
        The number of entries.

    Raises:
        LedgerMisuse: Some content was erased after that moment, so what was known then can no longer be archived; or
            an entry was emptied by tampering; or it is a supposition.
        OutputRefused: The file is a ledger, another archive or a rule file, or a link.
        LedgerFileError: It cannot be written; what was there is unchanged.
    """
    entries = -2  # the first and last lines are not entries
    with written_whole(path, continues=partial(_continues, ledger)) as file:
        for line in archive_lines(ledger):
            file.write(line)
            entries += 1
    return entries


def _continues(ledger: LedgerView, path: Path) -> bool:
    """Return whether a ledger has all entries of an archive: its last line has the digest that depends on all."""
    with open(path, "rb") as file:
        file.seek(max(0, path.stat().st_size - _LAST_LINE))
        lines = file.read().splitlines()
    try:
        footer = parse_json(lines[-1])
    except InvalidValue:
        return False
    if type(footer) is not dict or footer.keys() != _FOOTER:
        return False
    entries, digest = footer["entries"], footer["digest"]
    if entries == EMPTY.seq:
        return True
    row = ledger._store.row(entries) if type(entries) is int and 0 < entries <= ledger._last else None
    return row is not None and row.digest.hex() == digest


def archive_lines(ledger: LedgerView) -> Iterator[str]:
    """
    Yield the lines of an archive one by one, each with its line break.

    Raises:
        LedgerMisuse: It is a supposition; or some content was erased after the moment of the view, or without an
            erasure, which is raised after the other lines.
    """
    if ledger.basis:
        raise LedgerMisuse("a supposition cannot be archived, because it was never recorded; archive the ledger itself")
    yield _line(_HEADER)
    entries, digest = EMPTY.seq, EMPTY.digest.hex()
    erased: set[int] = set()
    announced: set[int] = set()
    for row in ledger._store.rows(ledger._last):
        entries, digest = row.seq, row.digest.hex()
        begin = f'{{"seq":{row.seq},"recorded_at":"{row.recorded_at}"'
        if row.record is None or row.salt is None:
            erased.add(row.seq)
            yield f'{begin},"commitment":"{row.commitment.hex()}","digest":"{digest}"}}\n'
        else:
            if row.type == Erasure.record_type and isinstance(record := ledger._store.record(row), Erasure):
                announced.update(record.entries)
            yield f'{begin},"salt":"{row.salt.hex()}","record":{row.record},"digest":"{digest}"}}\n'
    if erased - announced:
        if entries < ledger._store.head().seq:
            raise LedgerMisuse("some of its content was erased since; archive the ledger as it is known now")
        raise LedgerMisuse(
            f"entry {min(erased - announced)} is empty, but no entry records its erasure, so no archive of it could be "
            "read back; verify() lists everything that is wrong"
        )
    yield _line({"entries": entries, "digest": digest})


@arguments(path=A_PATH, into=an_instance("a ledger, or None", Ledger, type(None)))
def read_archive(path: str | Path, into: Ledger | None = None) -> Ledger:
    """
    Read an archive, checking every digest.

    What the archive records as erased is erased in the ledger, too, and `Ledger.is_purged` tells whether it left the
    file's free space; what is erased in the ledger stays erased.  An entry that is empty without an erasure that lists
    it is refused, and so is an erasure that erased nothing.

    Args:
        path: The file.
        into: The ledger to fill: an empty one, or one that already has the beginning of the archive or all of it;
            `None` for a new one in memory.

    Returns:
        The ledger, with every entry of the archive.

    Raises:
        InvalidData: The file is incomplete, altered or not an archive, or it differs from the ledger; the problems are
            listed by line, and nothing was added.
        LedgerMisuse: The ledger was opened read-only.
        LedgerNotFound: There is no such file.
        LedgerFileError: It cannot be read, or the ledger's file cannot be written; nothing was added.
    """
    ledger = Ledger() if into is None else into
    with input_errors(Path(path)), open(path, "rb") as file:
        read_lines(numbered_lines(file), into=ledger)
    return ledger


def read_lines(lines: Iterator[tuple[int, bytes]], *, into: Ledger) -> None:
    """
    Read the lines of an archive, checking every digest.

    Args:
        lines: The lines, each with its number from 1.
        into: The ledger to fill.

    Raises:
        InvalidData: They are incomplete, altered or not those of an archive, or differ from the ledger.
        LedgerMisuse: The ledger was opened read-only.
        LedgerFileError: The ledger's file cannot be written; nothing was added.
    """
    into._store.change(lambda writing: _Reading(writing).read(lines))
    with suppress(DiskFull, LedgerBusy, LedgerNotWritable):  # everything was read; is_purged tells
        if not into.is_purged():
            into.purge()


class _Reading:
    """One pass over the lines of an archive."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self._there = writing.tip().seq
        self._tip = EMPTY
        self._rows: dict[str | int, StoredRow] = {}
        self._records: list[Record | None] = []
        self._problems: list[Problem] = []
        self._blanks: dict[int, int] = {}  # the lines of the entries without content
        self._announced: set[int] = set()

    def read(self, lines: Iterator[tuple[int, bytes]]) -> None:
        number, first = next(lines, (1, b""))
        header = _parsed(number, first)
        if header != _HEADER or type(header["version"]) is not int:
            _fail(number, f"an archive of this version must begin with {_line(_HEADER).strip()}")
        footer = None
        while some := list(islice(lines, _BATCH)):
            for number, line in some:
                data = _parsed(number, line)
                if footer is not None:
                    _fail(number, "comes after the last line of the archive")
                if type(data) is dict and data.keys() == _FOOTER:
                    footer = data
                else:
                    self._take(number, data)
            self._flush()
        if self._problems:
            raise InvalidData("archive", tuple(self._problems))
        if footer is None:
            _fail(number + 1, "the archive is incomplete: its last line, with the number of entries, is missing")
        if footer != {"entries": self._tip.seq, "digest": self._tip.digest.hex()}:
            _fail(number, f"does not match the {self._tip.seq} entries before it")
        self._check_blanks()

    def _check_blanks(self) -> None:
        for seq, place in self._blanks.items():
            if seq not in self._announced:
                _fail(place, f"entry {seq} is empty, but no later entry records its erasure; it was altered")

    def _take(self, number: int, data: Any) -> None:
        if type(data) is not dict or data.keys() not in (_HELD, _BLANK):
            _fail(number, f"an entry must have the keys {', '.join(_HELD)}; an erased entry, {', '.join(_BLANK)}")
        if type(data["seq"]) is not int or data["seq"] != self._tip.seq + 1:
            _fail(number, f"entry {self._tip.seq + 1} was expected here, not {shown(data['seq'])}")
        moment = _moment(number, data["recorded_at"], self._tip.recorded_at)
        digest = _bytes(number, "digest", data["digest"], len(EMPTY.digest))
        record = self._record(number, data["record"]) if "record" in data else None
        if (
            self._problems
        ):  # the chain is broken here, so the remaining lines are checked only for problems of their own
            self._tip = Head(data["seq"], moment, digest)
            return
        if record is not None:
            self._check_erasure(number, data["seq"], record)
            row = self._held(number, moment, record, _bytes(number, "salt", data["salt"], SALT_BYTES))
        else:
            row = self._blank(number, moment, _bytes(number, "commitment", data["commitment"], len(EMPTY.digest)))
        if row.digest != digest:
            _fail(number, "its digest does not follow from its content and the entry before; one of them was altered")
        self._tip = Head(row.seq, moment, digest)
        if row.seq > self._there:
            self._rows[row.seq if row.id is None else row.id] = row
            self._records.append(record)
        elif (there := self._writing.row(row.seq)) is None or there.digest != digest:
            _fail(number, f"entry {row.seq} of the ledger is different: the archive was not written from this ledger")
        elif record is None and there.record is not None:  # it was erased since
            self._writing.blank([row.seq])

    def _check_erasure(self, number: int, seq: int, record: Record) -> None:
        if isinstance(record, Erasure):
            for erased in record.entries:
                if erased not in self._blanks:
                    what = "has its content" if erased < seq else "does not come before it"
                    _fail(number, f"records the erasure of entry {erased}, which {what}; one of them was altered")
            self._announced.update(record.entries)

    def _record(self, number: int, data: Any) -> Record | None:
        try:
            return record_from_dict(data)
        except InvalidData as error:
            self._problems += [problem.below(f"line {number}: record") for problem in error.problems]
            return None

    def _held(self, number: int, moment: str, record: Record, salt: bytes) -> StoredRow:
        target = None
        if (
            self._tip.seq >= self._there
        ):  # entries that the ledger already has are only compared, as some may be erased there
            if isinstance(record, Retraction):
                target = self._found(record.retracts)
                if target is None:
                    _fail(number, f"retracts {record.retracts!r}, which does not exist before it")
            if self._found(record.id):
                _fail(number, f"the id {record.id!r} is already used before it")
        return next_row(self._tip, moment, record, text=record_to_json(record), salt=salt, target=target)

    def _blank(self, number: int, moment: str, committed: bytes) -> StoredRow:
        seq = self._tip.seq + 1
        self._blanks[seq] = number
        return blank_row(seq, moment, committed, link(self._tip.digest, seq, moment, committed))

    def _found(self, record_id: str) -> StoredRow | None:
        return self._rows.get(record_id) or self._writing.rows_with([record_id], self._tip.seq).get(record_id)

    def _flush(self) -> None:
        if not self._problems:
            self._writing.add(list(self._rows.values()), self._records)
        self._rows, self._records = {}, []


def _line(data: dict[str, Any]) -> str:
    return json.dumps(data, separators=(",", ":")) + "\n"


def _parsed(number: int, line: bytes) -> Any:
    try:
        return parse_json(line)
    except InvalidValue as error:
        _fail(number, error.message)


def _moment(number: int, text: Any, before: str) -> str:
    try:
        moment = moment_text(as_moment(text)) if type(text) is str else ""
    except InvalidValue:
        moment = ""
    if not moment or moment != text:
        _fail(number, "recorded_at must be a moment written as '2026-03-01T09:30:00.000000Z'")
    if moment < before:
        _fail(number, "recorded_at is earlier than in the entry before")
    return moment


def _bytes(number: int, name: str, text: Any, size: int) -> bytes:
    if type(text) is not str or not re.fullmatch(f"[0-9a-f]{{{2 * size}}}", text):
        _fail(number, f"{name} must be a text of {2 * size} hexadecimal digits")
    return bytes.fromhex(text)


def _fail(number: int, message: str) -> NoReturn:
    raise InvalidData("archive", (Problem(f"line {number}", message),))
