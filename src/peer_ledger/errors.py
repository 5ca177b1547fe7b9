"""
What can go wrong, and how it is said.

Problems in data are values (`Problem`) that carry their place; misuse raises.  Every error of the package is a
`PeerLedgerError` and also the built-in error a caller would catch.  No message shows more of a value than a figure, a
date or a single lower-case word: a name that slipped into the wrong column must not end up in a log.
"""

import difflib
import re
from collections.abc import Iterable
from pathlib import Path

import attrs

_FIGURE = re.compile(r"[-+]?[0-9][0-9.,:/TZ+-]{0,39}")
_WORD = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_ID = re.compile(r"[!-~]{1,200}")
_SHOWN_WORD = 40
_MOST_LISTED = 100


def shown(value: object) -> str:
    """
    Describe a value without showing anything that may identify a person.

    Args:
        value: Anything that was given where something else was expected.

    Returns:
        The value itself when it is a figure, a date, a flag or nothing; otherwise only its type, and a text's length.

    >>> shown(1.5), shown("2025-02-30"), shown("Jane Doe"), shown(["Jane"])
    ('1.5', "'2025-02-30'", 'a text of 8 characters', 'a list')
    """
    if value is None or type(value) in (bool, float):
        return repr(value)
    if type(value) is int:
        return repr(value) if abs(value) < 10**20 else "a whole number of more than 20 digits"
    if isinstance(value, str):
        if _FIGURE.fullmatch(value):
            return repr(value)
        return f"a text of {len(value)} characters" if value else "an empty text"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def shown_name(name: object) -> str:
    """
    Show a key, a kind or a term when it is a single plain word, and otherwise only what it is.

    >>> shown_name("titel"), shown_name("Jane Doe")
    ("'titel'", 'a text of 8 characters')
    """
    if isinstance(name, str) and len(name) <= _SHOWN_WORD and _WORD.fullmatch(name):
        return repr(name)
    return shown(name)


def shown_id(record_id: object) -> str:
    """
    Show an id, provided that it can be one: it has no blanks.

    >>> shown_id("e-1~2"), shown_id("Jane Doe")
    ("'e-1~2'", 'a text of 8 characters')
    """
    if isinstance(record_id, str) and _ID.fullmatch(record_id):
        return repr(record_id)
    return shown(record_id)


def nearest(name: object, known: Iterable[str]) -> str:
    """
    Suggest the known word that a mistyped one resembles.

    Returns:
        `" (did you mean 'title'?)"`, or an empty text when nothing is near.

    >>> nearest("titel", ["title", "course"])
    " (did you mean 'title'?)"
    """
    matches = difflib.get_close_matches(name[:100], list(known), n=1) if isinstance(name, str) else []
    return f" (did you mean {matches[0]!r}?)" if matches else ""


@attrs.frozen
class Problem:
    """
    One thing wrong with some data, and where.

    Attributes:
        path: The place: `credits[1].amount`, `line 7: record.completed`; empty for the whole.
        message: What is wrong and what to do.
    """

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message

    def below(self, prefix: str) -> "Problem":
        """Return the same problem for a part below `prefix`."""
        if not self.path or self.path.startswith("["):
            return Problem(prefix + self.path, self.message)
        return Problem(f"{prefix}.{self.path}", self.message)


def _listed(problems: tuple[Problem, ...]) -> str:
    if len(problems) == 1:
        return f" {problems[0]}"
    more = f"\n  - and {len(problems) - _MOST_LISTED} more" if len(problems) > _MOST_LISTED else ""
    return "".join(f"\n  - {problem}" for problem in problems[:_MOST_LISTED]) + more


class PeerLedgerError(Exception):
    """
    The root of every error that this package raises on purpose.
    """


@attrs.define(eq=False, slots=False)
class InvalidRecord(PeerLedgerError, ValueError):
    """
    A record cannot be built from what was given; all that is wrong is listed at once.

    Attributes:
        kind: The kind of record, such as `training-event`.
        record_id: The id it was given, or `None` when that is what is wrong.
        problems: Everything that is wrong.
    """

    kind: str
    record_id: str | None
    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        which = f"{self.kind} {self.record_id!r}" if self.record_id else self.kind
        return f"{which}:{_listed(self.problems)}"


@attrs.define(eq=False, slots=False)
class InvalidData(PeerLedgerError, ValueError):
    """
    Data in one of the package's formats cannot be read; all that is wrong is listed at once.

    Attributes:
        what: What was being read, such as `record` or `ledger archive`.
        problems: Everything that is wrong.
    """

    what: str
    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        return f"this {self.what} cannot be read:{_listed(self.problems)}"


@attrs.define(eq=False, slots=False)
class InvalidValue(PeerLedgerError, ValueError):
    """
    A single value is not what is meant, such as a moment without a time zone.

    Attributes:
        message: What was expected, what came, and what to do.
    """

    message: str

    def __str__(self) -> str:
        return self.message


@attrs.define(eq=False, slots=False)
class NotARecord(PeerLedgerError, TypeError):
    """
    Something other than a record was to be appended.

    Attributes:
        position: Which of the records given it was, counted from 1.
        found: What it is.
    """

    position: int
    found: str

    def __str__(self) -> str:
        return (
            f"record {self.position} of those to append is {self.found}; "
            "build one of peer_ledger.records first, or read it with record_from_dict or record_from_json"
        )


@attrs.frozen
class Conflict:
    """
    An id under which two different things are said.

    Attributes:
        record_id: The id.
        entry: The sequence number of the entry that has it already; `None` when an earlier one of those given has.
        position: Which of the records given claims it too, counted from 1.
        fields: The fields in which the two differ.
    """

    record_id: str
    entry: int | None
    position: int
    fields: tuple[str, ...]


@attrs.define(eq=False, slots=False)
class ConflictingRecords(PeerLedgerError, ValueError):
    """
    Records were to be appended under ids that already say something else; nothing was appended.

    Attributes:
        conflicts: The first hundred at most, in the order given.
        total: How many there are.
    """

    conflicts: tuple[Conflict, ...]
    total: int

    def __str__(self) -> str:
        lines = "".join(
            f"\n  - {c.record_id!r}: {'an earlier record' if c.entry is None else f'entry {c.entry}'} "
            f"and record {c.position} of those to append differ in {', '.join(c.fields)}"
            for c in self.conflicts
        )
        more = f"\n  - and {self.total - len(self.conflicts)} more" if self.total > len(self.conflicts) else ""
        return (
            f"{self.total} record(s) use an id that already says something else:{lines}{more}\n"
            "To correct an entry use Ledger.correct or reconcile; a different record needs a different id."
        )


@attrs.define(eq=False, slots=False)
class UnknownRecord(PeerLedgerError, LookupError):
    """
    An id names nothing in this ledger.

    Attributes:
        record_id: The id.
        purpose: What it was needed for.
    """

    record_id: str
    purpose: str

    def __str__(self) -> str:
        return f"no record {shown_id(self.record_id)} in this ledger ({self.purpose}); an id is case-sensitive"


@attrs.define(eq=False, slots=False)
class UnknownPerson(PeerLedgerError, LookupError):
    """
    A person's id appears in no record of this ledger.

    Attributes:
        person: The id.
    """

    person: str

    def __str__(self) -> str:
        return f"no record of person {shown_id(self.person)} in this ledger; an id is case-sensitive"


@attrs.define(eq=False, slots=False)
class LedgerMisuse(PeerLedgerError, RuntimeError):
    """
    A ledger was asked for something it cannot do, such as appending to one that was opened to be read.

    Attributes:
        message: What was asked, why it cannot be, and what to do.
    """

    message: str

    def __str__(self) -> str:
        return self.message


@attrs.define(eq=False, slots=False)
class UnusableCheck(PeerLedgerError, RuntimeError):
    """
    A function that a rule set names cannot be asked, or told what cannot be.

    Attributes:
        check: Its name.
        detail: What is wrong; what the function itself raised is the cause of this error.
    """

    check: str
    detail: str

    def __str__(self) -> str:
        return f"the custom check {self.check!r} {self.detail}"


@attrs.define(eq=False, slots=False)
class LedgerFileError(PeerLedgerError, OSError):
    """
    A ledger's file cannot be used; it was left as it was.

    Attributes:
        path: The file.
        detail: What is wrong and what to do.
    """

    path: Path
    detail: str

    def __str__(self) -> str:
        return f"{self.path}: {self.detail}"


class LedgerNotFound(LedgerFileError, FileNotFoundError):
    """
    There is no such file or folder.
    """


class NotALedger(LedgerFileError):
    """
    The file belongs to another program, or to none.
    """


class NewerFormat(LedgerFileError):
    """
    The file was written by a later version of this package.
    """


class DamagedLedger(LedgerFileError):
    """
    The file is a ledger's, and torn or altered.
    """


class LedgerNotWritable(LedgerFileError, PermissionError):
    """
    The file, its folder or its disk refuses to be written.
    """


class DiskFull(LedgerFileError):
    """
    No room is left; what was being appended was not.
    """


class LedgerBusy(LedgerFileError, TimeoutError):
    """
    Another process has been writing for longer than this one was told to wait.
    """
