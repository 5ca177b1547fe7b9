"""
Reading and writing entries through one SQLite connection.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache, partial
from itertools import product
from operator import attrgetter
from pathlib import Path
from threading import RLock
from typing import Any, NamedTuple

from peer_ledger.errors import DamagedLedger, InvalidData
from peer_ledger.ledger._chain import Head, StoredRow
from peer_ledger.ledger._sqlite_file import translated
from peer_ledger.records import Erasure, Record
from peer_ledger.records._record import first_id, stem_of
from peer_ledger.records.interchange import record_from_json

_TEXT_OR_NONE = (str, type(None))
_BYTES_OR_NONE = (bytes, type(None))
_SOUND_TYPES = frozenset(product((int,), (str,), *[_TEXT_OR_NONE] * 6, _BYTES_OR_NONE, (bytes,), (bytes,)))
"""The types that the columns of an entry may have."""

_NO_HEAD = "its head is not that of a ledger; restore it from a copy or an archive"
_STATE = (
    "SELECT seq, recorded_at, digest, (SELECT page_count FROM pragma_page_count), "
    "(SELECT schema_version FROM pragma_schema_version), filed, filed_layout FROM head"
)
_PAGE = 1000
_VARIABLES = 400
"""How many values are put into one list of a statement; SQLite takes 999 in all."""

_LEAST_BYTES = 64
"""The least size of an entry: its commitment and its digest."""

_COLUMNS = "seq, recorded_at, type, id, person, other_person, retracts, record, salt, commitment, digest"


_SEQ = attrgetter("seq")
_ENTRY: Callable[[Iterable[Any]], StoredRow] = partial(tuple.__new__, StoredRow)
_PERSON, _OTHER_PERSON = StoredRow._fields.index("person"), StoredRow._fields.index("other_person")


def _can_be_stored(text: str) -> bool:
    """Return whether a text can be in the file, which holds no half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class State(NamedTuple):
    """
    A state of a ledger's file.

    Attributes:
        tip: The last entry.
        pages: The number of pages.
        layout: The number of times that the pages were arranged anew.
        filed: The last entry that a writer found in the file itself, and not only in its log.
        filed_layout: The layout that a writer found there.
    """

    tip: Head
    pages: int
    layout: int
    filed: int
    filed_layout: int


@lru_cache(maxsize=1024)
def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


class Connection:
    """
    The reading and writing of entries through one SQLite connection.
    """

    notes: dict[str, Any] | None = None

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._sql = connection
        self._one_at_a_time = RLock()

    def twin(self) -> "Connection":
        """Return what reads through the same SQLite connection, one at a time with this."""
        twin = Connection(self._path, self._sql)
        twin._one_at_a_time = self._one_at_a_time
        return twin

    def _all(self, sql: str, *values: Any) -> list[Any]:
        # Overlapping statements of several threads would pin the connection to the state that the first of them saw.
        with self._one_at_a_time, translated(self._path):
            try:
                return self._sql.execute(sql, values).fetchall()
            except UnicodeEncodeError:  # a text that cannot be encoded cannot be in the file
                return []

    def _sound(self, values: Sequence[Any]) -> StoredRow:
        """Return the entry of a row of the table, if its columns have valid types."""
        if tuple(map(type, values)) in _SOUND_TYPES and _is_moment(values[1]):
            return StoredRow._make(values)
        row = StoredRow._make(values)
        if type(row.recorded_at) is not str or not _is_moment(row.recorded_at):
            raise DamagedLedger(self._path, f"entry {row.seq} has no valid moment")
        raise DamagedLedger(self._path, f"entry {row.seq} has columns of the wrong type")

    def _all_sound(self, rows: Sequence[Sequence[Any]]) -> Iterable[StoredRow]:
        """Return the entries of rows of the table, if the columns of all have valid types."""
        are_sound = {tuple(map(type, values)) for values in rows} <= _SOUND_TYPES
        if are_sound and all(map(_is_moment, {values[1] for values in rows})):
            return map(_ENTRY, rows)
        return map(self._sound, rows)

    def tip(self) -> Head:
        rows = self._all("SELECT seq, recorded_at, digest FROM head")
        if len(rows) != 1 or tuple(map(type, rows[0])) != (int, str, bytes) or rows[0][0] < 0:
            raise DamagedLedger(self._path, _NO_HEAD)
        if rows[0][1] and not _is_moment(rows[0][1]):
            raise DamagedLedger(self._path, "its head has no valid moment; look with verify")
        return Head(*rows[0])

    head = tip

    def state(self) -> State:
        """Return what one transaction sees of the head and the file, without what was read before."""
        self._all("PRAGMA shrink_memory")
        self.tip()
        rows = self._all(_STATE)
        if len(rows) != 1 or tuple(map(type, rows[0])) != (int, str, bytes, int, int, int, int):
            raise DamagedLedger(self._path, _NO_HEAD)
        return State(Head(*rows[0][:3]), *rows[0][3:])

    def length(self, last: int) -> int:
        [(pages,)], [(size,)] = self._all("PRAGMA page_count"), self._all("PRAGMA page_size")
        if last * _LEAST_BYTES > pages * size:
            raise DamagedLedger(
                self._path, f"it is too small for the {last} entries it claims; restore it from a copy or an archive"
            )
        return last

    def row(self, seq: int) -> StoredRow | None:
        rows = self._all(f"SELECT {_COLUMNS} FROM entry WHERE seq = ?", seq)
        if not rows and 0 < seq <= self.tip().seq:
            raise DamagedLedger(self._path, f"entry {seq} is missing; restore it from a copy or an archive")
        return self._sound(rows[0]) if rows else None

    def rows(self, last: int) -> Iterator[StoredRow]:
        seq = 0
        while page := self._all(
            f"SELECT {_COLUMNS} FROM entry WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT {_PAGE}", seq, last
        ):
            for row in map(self._sound, page):
                if row.seq <= seq:  # its pages lead back to themselves
                    raise DamagedLedger(
                        self._path, f"entry {row.seq} comes after entry {seq}; restore it from a copy or an archive"
                    )
                seq = row.seq
                yield row

    def rows_of(self, person: str | None, last: int, *, kind: str | None = None) -> list[StoredRow]:
        select = f"SELECT {_COLUMNS} FROM entry WHERE seq <= ? AND id IS NOT NULL AND"
        if person is None:
            rows = self._all(f"{select} person IS NULL ORDER BY seq", last)
        else:
            rows = self._all(f"{select} person = ? UNION ALL {select} other_person = ?", last, person, last, person)
        found = self._all_sound([row for row in rows if kind is None or row[2] == kind])
        return sorted(found, key=_SEQ)  # by number only: a damaged file may repeat a number

    def rows_of_each(self, people: Sequence[str], last: int) -> dict[str, list[StoredRow]]:
        found: dict[str, list[StoredRow]] = {person: [] for person in people}
        stored = [person for person in found if _can_be_stored(person)]
        for begin in range(0, len(stored), _VARIABLES):
            some = stored[begin : begin + _VARIABLES]
            for column, place in (("person", _PERSON), ("other_person", _OTHER_PERSON)):
                where = f"WHERE seq <= ? AND id IS NOT NULL AND {column} IN ({','.join('?' * len(some))})"
                for row in self._all_sound(self._all(f"SELECT {_COLUMNS} FROM entry {where}", last, *some)):
                    found[str(row[place])].append(row)
        for rows in found.values():
            rows.sort(key=_SEQ)
        return found

    def rows_about_two(self, last: int) -> list[StoredRow]:
        # All of them are read: a bound on the number in the statement would make SQLite look at every entry.
        found = self._all(f"SELECT {_COLUMNS} FROM entry WHERE other_person IS NOT NULL")
        return sorted((row for row in map(self._sound, found) if row.seq <= last), key=_SEQ)

    def rows_with(self, ids: Sequence[str], last: int) -> dict[str, StoredRow]:
        found = {}
        for begin in range(0, len(ids), _VARIABLES):
            some = ids[begin : begin + _VARIABLES]
            marks = ",".join("?" * len(some))
            for row in self._all(f"SELECT {_COLUMNS} FROM entry WHERE id IN ({marks}) AND seq <= ?", *some, last):
                found[row[3]] = self._sound(row)
        return found

    def states_named(self, record_id: str, last: int) -> list[StoredRow]:
        sql = f"SELECT {_COLUMNS} FROM entry WHERE seq <= ? AND (id = ? OR id > ? AND id < ?) ORDER BY seq"
        stem = stem_of(record_id)
        rows = self._all(sql, last, record_id, f"{stem}~", f"{stem}~:")
        return [self._sound(row) for row in rows if row[3] == record_id or first_id(row[3]) == stem]

    def retractions_of(self, record_id: str, last: int) -> list[StoredRow]:
        sql = f"SELECT {_COLUMNS} FROM entry WHERE retracts = ? AND seq <= ? ORDER BY seq"
        return [self._sound(row) for row in self._all(sql, record_id, last)]

    def people(self, last: int) -> list[str]:
        found = self._all(
            "SELECT person FROM entry WHERE id IS NOT NULL AND person IS NOT NULL GROUP BY person HAVING min(seq) <= ? "
            "UNION SELECT other_person FROM entry WHERE other_person IS NOT NULL AND +seq <= ?",  # by the short index
            last,
            last,
        )
        if not all(type(person) is str for (person,) in found):
            raise DamagedLedger(self._path, "a person's id is not text; restore it from a copy or an archive")
        return sorted(person for (person,) in found)

    def counts(self, last: int) -> dict[str | None, int]:
        found = self._all("SELECT type, count(*) FROM entry WHERE seq <= ? GROUP BY type", last)
        if not all(type(kind) in _TEXT_OR_NONE for kind, _ in found):
            raise DamagedLedger(self._path, "a type of record is not text; restore it from a copy or an archive")
        return dict(found)

    def rows_holding(self, text: str, last: int) -> list[StoredRow]:
        sql = f"SELECT {_COLUMNS} FROM entry WHERE instr(record, ?) > 0 AND seq <= ? ORDER BY seq"
        return [self._sound(row) for row in self._all(sql, text, last)]

    def touched(self, after: Head, until: Head) -> set[str] | None:
        """
        Return the ids that the entries after one, until another, name; `None` where something was erased since.

        It is `None`, too, where the first is not an entry of this ledger.
        """
        sql = "SELECT id, type, person, other_person, digest FROM entry WHERE seq >= ? AND seq <= ? ORDER BY seq"
        found = self._all(sql, after.seq, until.seq)
        if not found or len(found) != until.seq - after.seq + 1 or found[0][-1] != after.digest:
            return None
        since = found[1:]
        if any(name is None or kind == Erasure.record_type for name, kind, *_ in since):
            return None
        return {one for _, _, *people, _ in since for one in people if one is not None}

    def record(self, row: StoredRow) -> Record:
        try:
            return record_from_json(row.record or "")
        except InvalidData as error:
            raise DamagedLedger(self._path, f"entry {row.seq} has a record that cannot be read: {error}") from None

    def records(self, rows: Sequence[StoredRow]) -> tuple[Record, ...]:
        return tuple(map(self.record, rows))

    def add(self, rows: Sequence[StoredRow], records: Sequence[Record | None]) -> None:  # noqa: ARG002 - it keeps their text
        if not rows:
            return
        last = rows[-1]
        with translated(self._path):
            self._sql.executemany(f"INSERT INTO entry ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?)", rows)
            self._sql.execute(
                "UPDATE head SET seq = ?, recorded_at = ?, digest = ?", (last.seq, last.recorded_at, last.digest)
            )

    def blank(self, seqs: Sequence[int]) -> None:
        with translated(self._path):
            self._sql.executemany(
                "UPDATE entry SET type = NULL, id = NULL, person = NULL, other_person = NULL, retracts = NULL, "
                "record = NULL, salt = NULL WHERE seq = ?",
                [(seq,) for seq in seqs],
            )
            self._sql.execute("UPDATE head SET unpurged = random()")

    def damage(self) -> Iterator[str]:
        for (finding,) in self._all("PRAGMA integrity_check(20)"):
            if finding != "ok":
                yield f"the file's structure: {finding}"
        try:
            self.tip()
        except DamagedLedger as error:
            yield f"the head: {error.detail}"
            return
        # In a single statement, so that another process cannot append in between.
        counted = "SELECT (SELECT seq FROM head), min(seq), max(seq), count(*) FROM entry"
        [(head, least, most, count)] = self._all(counted)
        if (count and (least != 1 or most != head or count != head)) or (head and not count):
            yield f"the head is entry {head}, and there are {count} entries, from {least} to {most}"

    def close(self) -> None:
        with suppress(sqlite3.Error):
            self._sql.close()
