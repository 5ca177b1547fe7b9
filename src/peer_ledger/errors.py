"""
The errors of the package, and what their messages may show.

Problems in data are values (`Problem`) with their place; misuse raises.  Every error of the package is a
`PeerLedgerError` and also the built-in error a caller would catch.  No message shows more of a value than a number, a
date or a single lower-case word: a name in the wrong column must not end up in a log.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import attrs

from peer_ledger._closest import closest
from peer_ledger._visible import visible

_FIGURE = re.compile(r"[-+]?[0-9][0-9.,:/TZ+-]{0,39}")
_WORD = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_ID = re.compile(r"[!-~]{1,200}")
_SHOWN_WORD = 40
MOST_PROBLEMS = 100
"""The most problems of one error that are listed; the others are counted."""


def shown(value: object) -> str:
    """
    Describe a value without showing anything that may identify a person.

    Args:
        value: Any value that was given where something else was expected.

    Returns:
        The value itself when it is a number, a date, a flag or `None`; otherwise only its type, and a text's length.

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
    Show a key, a kind or a term if it is a single plain word; otherwise describe it as `shown` does.

    >>> shown_name("titel"), shown_name("Jane Doe")
    ("'titel'", 'a text of 8 characters')
    """
    if isinstance(name, str) and len(name) <= _SHOWN_WORD and _WORD.fullmatch(name):
        return repr(name)
    return shown(name)


def shown_id(record_id: object) -> str:
    """
    Show a value if it can be an id, which has no spaces; otherwise describe it as `shown` does.

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
        `" (did you mean 'title'?)"`, or an empty text when no known word is similar.

    >>> nearest("titel", ["title", "course"])
    " (did you mean 'title'?)"
    """
    found = closest(name, known) if isinstance(name, str) else None
    return "" if found is None else f" (did you mean {found!r}?)"


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
        return visible(f"{self.path}: {self.message}" if self.path else self.message)

    def below(self, prefix: str) -> "Problem":
        """Return the same problem for a part below `prefix`."""
        if not self.path or self.path.startswith("["):
            return Problem(prefix + self.path, self.message)
        return Problem(f"{prefix}.{self.path}", self.message)


def _listed(problems: tuple[Problem, ...], total: int) -> str:
    if total == 1:
        return f" {problems[0]}"
    more = f"\n  - and {total - len(problems)} more" if total > len(problems) else ""
    return "".join(f"\n  - {problem}" for problem in problems) + more


def _cut(error: "InvalidRecord | InvalidData") -> None:
    """Keep the first problems of an error, and how many there are."""
    error.total = max(error.total, len(error.problems))
    error.problems = error.problems[:MOST_PROBLEMS]


class PeerLedgerError(Exception):
    """
    The base class of every error that this package raises on purpose.
    """


@attrs.define(eq=False, slots=False)
class InvalidRecord(PeerLedgerError, ValueError):
    """
    A record cannot be built from the values given; all problems are listed at once.

    Attributes:
        kind: The kind of record, such as `training-event`.
        record_id: The id given for it; `None` when the id itself is invalid.
        problems: The first hundred problems.
        total: The number of problems that were found.
    """

    kind: str
    record_id: str | None
    problems: tuple[Problem, ...]
    total: int = 0

    def __attrs_post_init__(self) -> None:
        _cut(self)

    def __str__(self) -> str:
        which = f"{self.kind} {self.record_id!r}" if self.record_id else self.kind
        return f"{which}:{_listed(self.problems, self.total)}"


@attrs.define(eq=False, slots=False)
class InvalidData(PeerLedgerError, ValueError):
    """
    Data in one of the package's formats cannot be read; all problems are listed at once.

    Attributes:
        what: What was being read, such as `record` or `archive`.
        problems: The first hundred problems.
        total: The number of problems that were found.
    """

    what: str
    problems: tuple[Problem, ...]
    total: int = 0

    def __attrs_post_init__(self) -> None:
        _cut(self)

    def __str__(self) -> str:
        return f"this {self.what} cannot be read:{_listed(self.problems, self.total)}"


@attrs.define(eq=False, slots=False)
class InvalidValue(PeerLedgerError, ValueError):
    """
    A single value is invalid, such as a moment without a time zone.

    Attributes:
        message: What was expected, what was given, and what to do.
    """

    message: str

    def __str__(self) -> str:
        return visible(self.message)


@attrs.define(eq=False, slots=False)
class NotARecord(PeerLedgerError, TypeError):
    """
    Something other than a record was given to be appended.

    Attributes:
        position: Its position among the records given, counted from 1.
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
    An id that two different records share.

    Attributes:
        record_id: The id.
        entry: The sequence number of the entry that already has the id; `None` when an earlier one of the records given
            has it.
        position: The position of the other record among those given, counted from 1.
        fields: The fields in which the two differ.
    """

    record_id: str
    entry: int | None
    position: int
    fields: tuple[str, ...]


@attrs.define(eq=False, slots=False)
class ConflictingRecords(PeerLedgerError, ValueError):
    """
    Records have ids that other records already have; nothing was appended.

    Attributes:
        conflicts: The first hundred conflicts, in the order given.
        total: The number of conflicts.
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
            f"{self.total} record(s) have the id of a different record:{lines}{more}\n"
            "To correct an entry, use Ledger.correct or reconcile; a different record needs a different id."
        )


@attrs.define(eq=False, slots=False)
class UnknownRecord(PeerLedgerError, LookupError):
    """
    The ledger has no record with this id.

    Attributes:
        record_id: The id.
        purpose: Why the record was looked up.
    """

    record_id: str
    purpose: str

    def __str__(self) -> str:
        return f"no record {shown_id(self.record_id)} in this ledger ({self.purpose}); an id is case-sensitive"


@attrs.define(eq=False, slots=False)
class UnknownPerson(PeerLedgerError, LookupError):
    """
    The ledger has no record of a person with this id.

    Attributes:
        person: The id.
    """

    person: str

    def __str__(self) -> str:
        return f"no record of person {shown_id(self.person)} in this ledger; an id is case-sensitive"


@attrs.define(eq=False, slots=False)
class LedgerMisuse(PeerLedgerError, RuntimeError):
    """
    An operation is not possible, such as appending to a ledger that was opened read-only.

    Attributes:
        message: What was attempted, why it is not possible, and what to do.
    """

    message: str

    def __str__(self) -> str:
        return visible(self.message)


@attrs.define(eq=False, slots=False)
class UnusableCheck(PeerLedgerError, RuntimeError):
    """
    A custom check named by a rule set cannot be called, or returned an invalid result.

    Attributes:
        check: Its name.
        detail: What is wrong; an exception raised by the check itself is the cause of this error.
    """

    check: str
    detail: str

    def __str__(self) -> str:
        return visible(f"the custom check {self.check!r} {self.detail}")


@attrs.define(eq=False, slots=False)
class LedgerFileError(PeerLedgerError, OSError):
    """
    A ledger's file cannot be used; it was not changed.

    Attributes:
        path: The file.
        detail: What is wrong and what to do.
    """

    path: Path
    detail: str

    def __str__(self) -> str:
        return visible(f"{self.path}: {self.detail}")


class LedgerNotFound(LedgerFileError, FileNotFoundError):
    """
    There is no such file or folder.
    """


class NotALedger(LedgerFileError):
    """
    The file is not a ledger.
    """


class NewerFormat(LedgerFileError):
    """
    The file was written by a later version of this package.
    """


class DamagedLedger(LedgerFileError):
    """
    The file is a ledger that is incomplete or altered.
    """


class LedgerReplaced(LedgerFileError):
    """
    The file of a ledger was replaced, removed or overwritten while it was open, or is next to another file's log.
    """


class LedgerNotWritable(LedgerFileError, PermissionError):
    """
    The file, its folder or its disk is not writable.
    """


class DiskFull(LedgerFileError):
    """
    The disk is full; nothing was appended.
    """


class OutputRefused(LedgerFileError):
    """
    A file was not written, because that would have destroyed a ledger, an archive or a rule file, or followed a link.
    """


class LedgerBusy(LedgerFileError, TimeoutError):
    """
    Another process was writing for longer than the time to wait, or has a ledger open that is to be restored.
    """
