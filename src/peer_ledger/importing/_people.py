"""
Ids for people who are listed by name: kept in a file of the user's own, so that no name enters the ledger.

Nobody is merged by name alone when anything speaks against it: the rows are rejected with a question, which a line in
the file answers.
"""

import csv
import io
import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import attrs

from peer_ledger.errors import InvalidData, LedgerNotFound, Problem
from peer_ledger.values._checks import IDENTIFIER
from peer_ledger.values._guarded import guarded, unguarded
from peer_ledger.values._outputs import input_errors, written_whole

HEADINGS = ("id", "name", "birth date", "e-mail")
_LARGEST = 2**26
_NO_LETTER = re.compile(r"[^\w\s,'-]+")


@attrs.frozen(kw_only=True)
class NamedPerson:
    """
    A person in a file of people.

    Attributes:
        id: The id, which the ledger knows.
        name: The name; lines with the same id are the same person.
        birth_date: The birth date as the lists give it; empty when it is unknown.
        email: The e-mail address; empty when it is unknown.
    """

    id: str
    name: str = attrs.field(repr=False)
    birth_date: str = attrs.field(default="", repr=False)
    email: str = attrs.field(default="", repr=False)


@attrs.frozen(kw_only=True)
class Described:
    """
    Whom a row is about.

    Attributes:
        line: The line of the row.
        name: The name.
        birth_date: The birth date; empty when the row has none.
        email: The e-mail address; empty when the row has none.
    """

    line: int
    name: str
    birth_date: str = ""
    email: str = ""


class Unidentified:
    """
    The cell of a person whom a name does not identify.

    Attributes:
        reason: The question, for a message.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __str__(self) -> str:
        return "?"


def read_people(path: str | Path) -> tuple[NamedPerson, ...]:
    """
    Read a file of people; one that does not exist lists nobody.

    Args:
        path: A CSV file with the headings `id`, `name`, `birth date` and `e-mail`.

    Raises:
        InvalidData: It is not such a file; no message shows a name.
        LedgerFileError: It cannot be read.
    """
    file = Path(path)
    try:
        with input_errors(file), open(file, encoding="utf-8-sig", newline="") as opened:
            text = opened.read(_LARGEST + 1)
    except LedgerNotFound:
        return ()
    except UnicodeDecodeError:
        raise _refused(file, "is not UTF-8") from None
    if len(text) > _LARGEST:
        raise _refused(file, f"is longer than {_LARGEST} characters")
    try:
        rows = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error:
        raise _refused(file, "is not a CSV file") from None
    return _listed(file, rows)


def _listed(file: Path, rows: Sequence[Sequence[str]]) -> tuple[NamedPerson, ...]:
    if not rows or [text.strip().lower() for text in rows[0]] != list(HEADINGS):
        raise _refused(file, f"must begin with the headings {', '.join(HEADINGS)}")
    people = []
    for number, row in enumerate(rows[1:], 2):
        if not any(row):
            continue
        cells = [unguarded(cell.strip()) for cell in row]
        if len(cells) != len(HEADINGS) or not cells[1] or not IDENTIFIER.holds(cells[0]):
            raise _refused(
                file, f"line {number} must hold an id without spaces, a name, a birth date and an e-mail address"
            )
        people.append(NamedPerson(id=cells[0], name=cells[1], birth_date=cells[2], email=cells[3]))
    return tuple(people)


def write_people(path: str | Path, people: Iterable[NamedPerson]) -> None:
    """
    Write a file of people, whole or not at all, which only its owner can read.

    Where a spreadsheet would run a cell as a formula, an apostrophe stands before it, and `read_people` takes it away.

    Args:
        path: The file.
        people: The people.

    Raises:
        OutputRefused: The file is a ledger or its side file, an archive, a rule file, a link, or no regular file.
        LedgerFileError: It cannot be written.
    """
    with written_whole(path, is_private=True) as opened:
        rows = csv.writer(opened, lineterminator="\n")
        rows.writerow(HEADINGS)
        for person in people:
            rows.writerow(map(guarded, (person.id, person.name, person.birth_date, person.email)))


def identified(
    path: str | Path, described: Sequence[Described]
) -> tuple[list[str | Unidentified], tuple[NamedPerson, ...]]:
    """
    Return the id of each person described, or the question that must be answered first, and the people to keep.

    Args:
        path: The file of people, for the questions.
        described: Whom the rows of a table are about.

    Raises:
        InvalidData: The file of people cannot be read.
    """
    known = list(read_people(path))
    by_name: dict[str, list[Described]] = {}
    for one in described:
        by_name.setdefault(folded_name(one.name), []).append(one)
    lines: dict[str, list[int]] = {}
    for place, person in enumerate(known):
        lines.setdefault(folded_name(person.name), []).append(place)
    taken = {person.id for person in known}
    answers: dict[tuple[str, str, str], str | Unidentified] = {}
    for name, rows in by_name.items():
        places = lines.get(name, [])
        if not places:
            made = _new(rows, taken, Path(path).name)
            if isinstance(made, NamedPerson):
                known.append(made)
            answer = made.id if isinstance(made, NamedPerson) else made
            answers |= {_key(row): answer for row in rows}
        elif len({known[place].id for place in places}) == 1 and len(places) == 1:
            known[places[0]] = _completed(known[places[0]], rows)
            answers |= {_key(row): _matched(row, [known[places[0]]], rows, Path(path).name) for row in rows}
        else:
            own = [known[place] for place in places]
            answers |= {_key(row): _matched(row, own, rows, Path(path).name) for row in rows}
    return [answers[_key(row)] for row in described], tuple(known)


def folded_name(name: str) -> str:
    """
    Return a name as names are compared: case, spacing and 'Last, First' do not matter, and accents do.

    >>> folded_name("  DOE,  Jane Q. "), folded_name("Jane Q Doe")
    ('jane q doe', 'jane q doe')
    """
    plain = _NO_LETTER.sub(" ", unicodedata.normalize("NFC", name).casefold())
    last, comma, first = plain.partition(",")
    return " ".join(f"{first} {last}".split() if comma and "," not in first else plain.replace(",", " ").split())


def _key(row: Described) -> tuple[str, str, str]:
    return folded_name(row.name), row.birth_date, row.email


def _new(rows: Sequence[Described], taken: set[str], file: str) -> NamedPerson | Unidentified:
    """Return a new person, unless the rows with the name differ in what else they say."""
    differs = _differs(rows)
    if differs:
        return _question(rows, differs, file)
    made = f"n-{secrets.token_hex(5)}"
    while made in taken:
        made = f"n-{secrets.token_hex(5)}"
    taken.add(made)
    return NamedPerson(
        id=made,
        name=" ".join(rows[0].name.split()),
        birth_date=next(filter(None, (row.birth_date for row in rows)), ""),
        email=next(filter(None, (row.email for row in rows)), ""),
    )


def _differs(rows: Sequence[Described]) -> list[str]:
    """Return what the rows with one name differ in."""
    values: Mapping[str, set[str]] = {
        "birth date": {row.birth_date for row in rows if row.birth_date},
        "e-mail address": {row.email for row in rows if row.email},
    }
    return [what for what, found in values.items() if len(found) > 1]


def _completed(person: NamedPerson, rows: Sequence[Described]) -> NamedPerson:
    """Return a person with what the rows add, if they agree with the person and among themselves."""
    if _differs(rows) or any(_conflicts(person, row) for row in rows):
        return person
    return attrs.evolve(
        person,
        birth_date=person.birth_date or next(filter(None, (row.birth_date for row in rows)), ""),
        email=person.email or next(filter(None, (row.email for row in rows)), ""),
    )


def _conflicts(person: NamedPerson, row: Described) -> bool:
    return any(mine and theirs and mine != theirs for mine, theirs in _pairs(person, row))


def _agrees(person: NamedPerson, row: Described) -> bool:
    return any(mine and mine == theirs for mine, theirs in _pairs(person, row))


def _pairs(person: NamedPerson, row: Described) -> tuple[tuple[str, str], tuple[str, str]]:
    return (person.birth_date, row.birth_date), (person.email, row.email)


def _matched(row: Described, people: Sequence[NamedPerson], rows: Sequence[Described], file: str) -> str | Unidentified:
    """Return the id of the only person of this name whom a row can be about, or a question."""
    possible = [person for person in people if not _conflicts(person, row)]
    sure = {person.id for person in possible if _agrees(person, row)}
    if len(sure) == 1:
        return sure.pop()
    ids = {person.id for person in possible}
    if len(ids) == 1 and len({person.id for person in people}) == 1 and not _has_strangers(people, rows):
        return ids.pop()
    return _question(rows, _differs(rows) or ["birth date or e-mail address"], file)


def _has_strangers(people: Sequence[NamedPerson], rows: Sequence[Described]) -> bool:
    """Return whether a row says something that is known of nobody of its name."""
    told = (row for row in rows if row.birth_date or row.email)
    return any(not any(_agrees(person, row) for person in people) for row in told)


def _question(rows: Sequence[Described], differs: Sequence[str], file: str) -> Unidentified:
    lines = sorted({row.line for row in rows})
    shown = ", ".join(map(str, lines[:5])) + (" and others" if len(lines) > 5 else "")
    where = f"line{'s' if len(lines) > 1 else ''} {shown}"
    return Unidentified(
        f"may be one of several people with this name, who differ in {' and '.join(differs)} ({where}); write a line "
        f"for each into {file}, with the same id if they are one person and with ids of their own if they are not"
    )


def kept(path: str | Path, before: Sequence[NamedPerson], after: Sequence[NamedPerson]) -> str | None:
    """Write a file of people if it changes, and return what changed."""
    if tuple(before) == tuple(after):
        return None
    write_people(path, after)
    new = len(after) - len(before)
    return f"new people in {Path(path).name}: {new}; keep that file, and keep it private: no other file has the names"


def _refused(file: Path, what: str) -> InvalidData:
    return InvalidData("file of people", (Problem(file.name, what),))
