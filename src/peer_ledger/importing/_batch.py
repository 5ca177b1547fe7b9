"""
Reading several files into a ledger: all are read and looked at before anything of the first is appended.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from itertools import chain
from os import PathLike
from pathlib import Path
from typing import Literal, Unpack, get_args

import attrs

from peer_ledger.errors import InvalidValue, PeerLedgerError, shown
from peer_ledger.importing._import import import_file
from peer_ledger.importing._options import ImportFields, ImportOptions
from peer_ledger.importing._plan import ImportPlan, complete, newest_courses, plan_import
from peer_ledger.importing._result import Imported
from peer_ledger.ledger import Ledger
from peer_ledger.records import Coverage, CoveredType
from peer_ledger.values._wording import counted
from peer_ledger.values.dates import as_day

MissingRecords = Literal["ask", "withdraw", "keep"]
"""What becomes of records of an earlier import that the files no longer list."""


@attrs.frozen(kw_only=True)
class ImportedFile:
    """
    What became of one file.

    Attributes:
        name: Its name.
        imported: What was read from it.
        plan: What that changes in the ledger.
        waiting: What somebody has to decide before anything of it is appended; empty when nothing.
        covered: What it was declared to be complete of.
        is_appended: Whether what it changes was appended.
        note: Why it was not declared to be complete, although that was asked; `None` when there is nothing to say.
    """

    name: str
    imported: Imported
    plan: ImportPlan
    waiting: tuple[str, ...] = ()
    covered: tuple[Coverage, ...] = ()
    is_appended: bool = False
    note: str | None = None

    def __str__(self) -> str:
        return f"{self.name}: {self.imported}\n  ledger: {self.plan}"


@attrs.frozen(kw_only=True)
class ImportedFiles:
    """
    What became of several files.

    Attributes:
        files: Those that were read, in the order given.
        unread: The names of those that could not be, and why; while there are any, nothing is appended.
        head: The last entry of the ledger after something was appended; `None` when nothing was.
    """

    files: tuple[ImportedFile, ...]
    unread: tuple[tuple[str, PeerLedgerError], ...] = ()
    head: tuple[int, str] | None = None

    @property
    def waiting(self) -> tuple[str, ...]:
        """What somebody has to decide, of each file, in sentences."""
        return tuple(f"{file.name}: nothing was appended; {one}" for file in self.files for one in file.waiting)

    @property
    def is_appended(self) -> bool:
        """Whether all that there was to append was appended."""
        return self.head is not None and not self.waiting

    @property
    def rejected_count(self) -> int:
        """How many rows were refused."""
        return sum(file.imported.rejected_count for file in self.files)

    @property
    def notes(self) -> tuple[str, ...]:
        """Why a file was not declared to be complete, although that was asked."""
        return tuple(f"{file.name}: {file.note}" for file in self.files if file.note is not None)

    @property
    def declared(self) -> tuple[str, ...]:
        """What was declared to be complete, in sentences."""
        return tuple(
            f"{file.name}: {one.document_kind or one.covers}: complete until {one.last_day}; "
            "what is not listed counts as not there until that day"
            for file in self.files
            for one in file.covered
        )

    def __str__(self) -> str:
        said = [*map(str, self.files), *self.notes, *self.declared, *self.waiting]
        said += [f"{name}: {error}" for name, error in self.unread]
        if self.head is not None:
            said.append(f"Head of the ledger: {self.head[0]}:{self.head[1]}")
        return "\n".join(said)


def import_files(
    ledger: Ledger | str | PathLike[str],
    paths: Iterable[str | PathLike[str]],
    options: ImportOptions | None = None,
    *,
    credential: str | None = None,
    corrections: bool = False,
    missing: MissingRecords = "ask",
    complete_until: date | str | None = None,
    dry_run: bool = False,
    progress: Callable[[str, int], None] | None = None,
    **changes: Unpack[ImportFields],
) -> ImportedFiles:
    r"""
    Read files, look at what they would change, and append it where nothing has to be decided before.

    Every file is read before the first is appended, and one that cannot be read keeps all of them out.  A catalog of
    courses is known to the files after it.  Files of one series that are read together are one list.

    Args:
        ledger: The ledger, or its file; a file that is not there is made once there is something to append.
        paths: The files, a course catalog before what refers to it.
        options: How to read them; `None` for the defaults.
        credential: The rule set that certificates, filings and documents are about where no column says so.
        corrections: Whether to correct what the ledger has otherwise; if not, corrections wait to be looked at.
        missing: What to do with records of an earlier import of the series that the files no longer list: `ask`
            (nothing is appended while there are any), `withdraw` or `keep`.
        complete_until: The day until which the files list all there is; `None` when they may not.
        dry_run: Whether to say what would change, and change nothing.
        progress: What is told a file's name and the number of its rows read so far, every thousand.
        changes: Single options by name, as `dates=["MM/DD/YYYY"]`; `help(ImportOptions)` lists them.

    Returns:
        What became of each file.

    Raises:
        ProfileNotFound: There is no such profile.
        InvalidValue: `missing`, or an option, is not valid.
        LedgerMisuse: There is no such option.
        LedgerFileError: The ledger's file cannot be used.

    >>> _ = Path("trainings.csv").write_text("ID,Title,Date,Hours\np-1,Ethics,2025-02-03,3\n")
    >>> done = import_files(Ledger(), ["trainings.csv"])
    >>> done.is_appended, done.head[0]
    (True, 1)
    """
    if missing not in get_args(MissingRecords):
        raise InvalidValue(f"what is missing is {' or '.join(get_args(MissingRecords))}, not {shown(missing)}")
    decisions = _Decisions(
        corrections=corrections,
        missing=missing,
        until=None if complete_until is None else as_day(complete_until),
        credential=credential,
    )
    how = ImportOptions.settled(options, **changes)
    how = attrs.evolve(how, profile=how.layout)
    if credential is not None:
        how = attrs.evolve(how, fixed={"credential": credential, **how.fixed})
    with _to_read(ledger) as view:
        read, unread = _read(view, map(Path, paths), how, progress)
        together = [imported for _, imported in read]
        files = [_looked_at(view, name, imported, together, decisions) for name, imported in read]
    waits = unread or any(file.waiting for file in files)
    if waits or dry_run or not any(map(decisions.does_something, files)):
        return ImportedFiles(files=tuple(files), unread=tuple(unread))
    with _to_write(ledger) as open_:
        appended = _append(open_, files, decisions)
        return ImportedFiles(files=tuple(appended), head=open_.head)


@attrs.frozen(kw_only=True)
class _Decisions:
    """What the caller decided about changes, missing records and completeness."""

    corrections: bool
    missing: MissingRecords
    until: date | None
    credential: str | None

    @property
    def is_whole(self) -> bool:
        return self.until is not None or self.missing == "withdraw"

    def does_something(self, file: ImportedFile) -> bool:
        declares = self.until is not None and not file.imported.rejected_count
        return bool(file.imported.records or file.plan.missing or declares)

    def undecided(self, imported: Imported, plan: ImportPlan) -> Iterator[str]:
        """Yield what the caller must decide before anything of a file is appended."""
        if plan.corrections and not self.corrections:
            some = f"{counted(len(plan.corrections), 'correction')} {_verb(len(plan.corrections), 'wait')}"
            yield f"{some}: look at what changes, then give --corrections"
        if not plan.missing or self.missing == "keep":
            return
        records = counted(len(plan.missing), "record")
        series = f"series {imported.source!r} (--source names another)"
        then = "look at what is missing, then give --withdraw-missing, or --keep-missing"
        are = "is" if len(plan.missing) == 1 else "are"
        if self.missing == "withdraw":
            if imported.rejected_count:
                were = "was" if imported.rejected_count == 1 else "were"
                yield (
                    f"{counted(imported.rejected_count, 'row')} {were} rejected, and may be what is missed of the "
                    f"{records} that would be withdrawn: mend the file first, or give --keep-missing"
                )
        elif self.until is not None:
            yield f"the file is said to be complete, and {records} of the {series} {are} not in it: {then}"
        else:
            yield f"{records} of an earlier import of the {series} {are} not in the file any more: {then}"


def _verb(number: int, verb: str) -> str:
    return f"{verb}s" if number == 1 else verb


def _to_read(ledger: Ledger | str | PathLike[str]) -> AbstractContextManager[Ledger]:
    if isinstance(ledger, Ledger):
        return nullcontext(ledger)
    return Ledger.open(Path(ledger), read_only=True) if Path(ledger).exists() else Ledger()


def _to_write(ledger: Ledger | str | PathLike[str]) -> AbstractContextManager[Ledger]:
    return nullcontext(ledger) if isinstance(ledger, Ledger) else Ledger.open(Path(ledger))


def _read(
    ledger: Ledger, paths: Iterable[Path], how: ImportOptions, progress: Callable[[str, int], None] | None
) -> tuple[list[tuple[str, Imported]], list[tuple[str, PeerLedgerError]]]:
    """Read all files, also after one that cannot be read, so that all that is wrong is said at once."""
    read: list[tuple[str, Imported]] = []
    unread: list[tuple[str, PeerLedgerError]] = []
    courses = list(ledger.shared_records())
    for path in paths:
        tell = None if progress is None else _of(path.name, progress)
        try:
            imported = import_file(path, how, catalog=[*how.catalog, *courses], progress=tell)
        except PeerLedgerError as error:
            unread.append((path.name, error))
            continue
        read.append((path.name, imported))
        if imported.kind == "course":
            courses = newest_courses(courses, imported)
    return read, unread


def _of(name: str, progress: Callable[[str, int], None]) -> Callable[[int], None]:
    return lambda number: progress(name, number)


def _looked_at(
    ledger: Ledger, name: str, imported: Imported, together: list[Imported], decisions: _Decisions
) -> ImportedFile:
    plan = plan_import(ledger, imported, whole=decisions.is_whole, alongside=together)
    return ImportedFile(name=name, imported=imported, plan=plan, waiting=tuple(decisions.undecided(imported, plan)))


def _append(ledger: Ledger, files: list[ImportedFile], decisions: _Decisions) -> Iterator[ImportedFile]:
    """Append what was planned; what a file says of a row that one before it has, too, may still have to wait."""
    series = Counter((file.imported.source, file.imported.kind) for file in files)
    together = [file.imported for file in files]
    for one in files:
        file = one
        if series[file.imported.source, file.imported.kind] > 1:
            file = _looked_at(ledger, file.name, file.imported, together, decisions)
        if file.waiting:
            yield file
            continue
        covered: tuple[Coverage, ...] = ()
        note = None
        if decisions.until is not None and file.imported.rejected_count:
            note = "not complete, as rows were rejected"
        elif decisions.until is not None and file.imported.kind in get_args(CoveredType):
            covered = complete(file.imported, until=decisions.until, credential=decisions.credential)
        changes = file.plan.to_append(
            corrections=decisions.corrections, withdraw_missing=decisions.missing == "withdraw"
        )
        ledger.append(chain(changes, covered))
        yield attrs.evolve(file, is_appended=True, covered=covered, note=note)
