"""
Importing several files into a ledger: all are read and checked before any record is appended.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from itertools import chain
from os import PathLike
from pathlib import Path
from typing import Any, Literal, Unpack, get_args

import attrs

from peer_ledger._visible import visible
from peer_ledger.errors import InvalidValue, PeerLedgerError, shown
from peer_ledger.importing._card import batch_card
from peer_ledger.importing._frames import is_frame
from peer_ledger.importing._import import import_file, import_frame
from peer_ledger.importing._options import ImportFields, ImportOptions
from peer_ledger.importing._plan import ImportPlan, complete, newest_courses, plan_import
from peer_ledger.importing._result import Imported
from peer_ledger.ledger import Ledger, LedgerView
from peer_ledger.ledger._change import Change, as_one_change
from peer_ledger.records import Coverage, CoveredType
from peer_ledger.rulesets._bundled import DEFAULT
from peer_ledger.values._arguments import (
    A_DAY_OR_NONE,
    A_FLAG,
    A_TEXT,
    A_TEXT_OR_NONE,
    a_list_of,
    an_instance,
    arguments,
)
from peer_ledger.values._wording import counted
from peer_ledger.values.dates import as_day

_MOST_ASKED = 10
_MANY, _MANY_OF = 2, 4
"""Many rows of a file are at least two, and at least a quarter."""

MissingRecords = Literal["ask", "withdraw", "keep"]
"""What to do with records of an earlier import that the files no longer list."""


@attrs.frozen(kw_only=True)
class ImportedFile:
    """
    The import of one file.

    Attributes:
        name: The file's name.
        imported: What was read from it.
        plan: What that changes in the ledger.
        waiting: What the caller must decide before any of it is appended; empty when there is nothing to decide.
        covered: The declarations that the file is complete.
        is_appended: Whether its changes were appended; they are for all files, or for none.
        note: Why the file was not declared complete, although that was requested; otherwise `None`.
        clock: What the append noted about the clock.
    """

    name: str
    imported: Imported
    plan: ImportPlan
    waiting: tuple[str, ...] = ()
    covered: tuple[Coverage, ...] = ()
    is_appended: bool = False
    note: str | None = None
    clock: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{visible(self.name)}: {self.imported}\n  ledger: {self.plan}"


@attrs.frozen(kw_only=True)
class ImportedFiles:
    """
    The import of several files.

    Attributes:
        files: The files that were read, in the order given.
        unread: The names of the files that could not be read, and why; if there are any, nothing is appended.
        head: The last entry of the ledger after the import; `None` when nothing was appended.
    """

    files: tuple[ImportedFile, ...]
    unread: tuple[tuple[str, PeerLedgerError], ...] = ()
    head: tuple[int, str] | None = None

    @property
    def waiting(self) -> tuple[str, ...]:
        """What the caller must decide about each file, in sentences."""
        return tuple(
            f"{visible(file.name)}: nothing was appended; {what}" for file in self.files for what in file.waiting
        )

    @property
    def is_appended(self) -> bool:
        """Whether everything was appended."""
        return self.head is not None and not self.waiting

    @property
    def rejected_count(self) -> int:
        """How many rows were rejected."""
        return sum(file.imported.rejected_count for file in self.files)

    @property
    def notes(self) -> tuple[str, ...]:
        """Why files were not declared complete, although that was requested, and what was noted about the clock."""
        notes = [(file.name, file.note) for file in self.files if file.note is not None]
        notes += [(file.name, note) for file in self.files for note in file.clock]
        return tuple(f"{visible(name)}: {note}" for name, note in notes)

    @property
    def declared(self) -> tuple[str, ...]:
        """What was declared complete, in sentences."""
        return tuple(
            f"{visible(file.name)}: {coverage.document_kind or coverage.covers}: complete until {coverage.last_day}; "
            "up to that day, what is not listed counts as missing"
            for file in self.files
            for coverage in file.covered
        )

    def _repr_html_(self) -> str:
        return batch_card(
            [(file.name, file.imported.card, str(file.plan)) for file in self.files],
            what=self._what_was_appended,
            waiting=self.waiting,
            unread=[f"{name}: {error}" for name, error in self.unread],
            notes=[*self.notes, *self.declared],
        )

    @property
    def _what_was_appended(self) -> str:
        if not self.is_appended:
            return "Nothing was appended to the ledger."
        new = sum(len(file.plan.new) for file in self.files)
        corrected = sum(len(file.plan.corrections) for file in self.files)
        made = ", ".join(counted(many, what) for many, what in ((new, "new record"), (corrected, "correction")) if many)
        return f"{made} appended to the ledger." if made else "Nothing is new for the ledger."

    def __str__(self) -> str:
        lines = [*map(str, self.files), *self.notes, *self.declared, *self.waiting]
        lines += [f"{visible(name)}: {error}" for name, error in self.unread]
        if self.head is not None:
            lines.append(f"Head of the ledger: {self.head[0]}:{self.head[1]}")
        return "\n".join(lines)


@arguments(
    ledger=an_instance("a Ledger or a path", Ledger, str, PathLike),
    paths=a_list_of("paths or frames", lambda path: isinstance(path, str | PathLike) or is_frame(path)),
    options=an_instance("ImportOptions, or None", ImportOptions, type(None)),
    credential=A_TEXT_OR_NONE,
    corrections=A_FLAG,
    missing=A_TEXT,
    complete_until=A_DAY_OR_NONE,
    dry_run=A_FLAG,
    progress=(lambda value: value is None or callable(value), "a function, or None"),
)
def import_files(
    ledger: Ledger | str | PathLike[str],
    paths: Iterable[str | PathLike[str] | Any],
    options: ImportOptions | None = None,
    *,
    credential: str | None = DEFAULT,
    corrections: bool = False,
    missing: MissingRecords = "ask",
    complete_until: date | str | None = None,
    partial: bool = False,
    dry_run: bool = False,
    progress: Callable[[str, int], None] | None = None,
    **changes: Unpack[ImportFields],
) -> ImportedFiles:
    r"""
    Read files or frames, plan what they would change, and append the changes unless something must be decided first.

    All files are read before anything is appended, and all of them are appended together: if any of them cannot be read
    or needs a decision, the disk is full, or the program is interrupted, nothing is appended.  The courses of a catalog
    are known to the files after it.  Files of the same series that are read together count as a single list.

    Args:
        ledger: The ledger, or its file; a missing file is created when there is something to append.
        paths: The files, and frames, as `import_frame` reads them; a course catalog comes before the files that refer
            to it.
        options: How to read them; `None` for the defaults.
        credential: The rule set of certificates, filings and documents whose file has no column for it; `None` when
            every file that needs one has such a column.
        corrections: Whether to correct records of the ledger that read differently in a file; if not, nothing is
            appended while there are any.
        missing: What to do with records of an earlier import of the series that the files no longer list: `ask`
            (nothing is appended while there are any), `withdraw` or `keep`.
        complete_until: The day until which the files are complete; `None` when they may not be.
        partial: Whether to append what was read of a file of which many rows, a quarter or more, were rejected; if not,
            nothing is appended while there is such a file.
        dry_run: Whether to return what would change without changing anything.
        progress: Called after every thousand rows with the file's name and the number of its rows read so far.
        changes: Single options by name, as `dates=["MM/DD/YYYY"]`; `help(ImportOptions)` lists them.

    Returns:
        The import of each file.

    Raises:
        ProfileNotFound: There is no such profile.
        InvalidValue: `missing`, or an option, is invalid.
        LedgerMisuse: There is no such option.
        LedgerFileError: The ledger's file cannot be used, as when the disk is full; nothing was appended.

    >>> _ = Path("trainings.csv").write_text("ID,Title,Date,Hours\np-1,Ethics,2025-02-03,3\n")
    >>> done = import_files(Ledger(), ["trainings.csv"])
    >>> done.is_appended, done.head[0]
    (True, 1)
    """
    if missing not in get_args(MissingRecords):
        raise InvalidValue(f"missing must be one of {', '.join(get_args(MissingRecords))}, not {shown(missing)}")
    decisions = _Decisions(
        corrections=corrections,
        missing=missing,
        until=None if complete_until is None else as_day(complete_until),
        credential=credential,
        partial=partial,
    )
    how = ImportOptions.settled(options, **changes)
    how = attrs.evolve(how, profile=how.layout)
    if credential is not None:
        how = attrs.evolve(how, fixed={"credential": credential, **how.fixed})
    with _to_read(ledger) as view:
        read, unread = _read(view, _tables(paths), how, progress)
        together = [imported for _, imported in read]
        files = [_planned(view, name, imported, together, decisions) for name, imported in read]
    waits = unread or any(file.waiting for file in files)
    if waits or dry_run or not any(map(decisions.does_something, files)):
        return ImportedFiles(files=tuple(files), unread=tuple(unread))
    with _to_write(ledger) as open_:
        try:
            appended = as_one_change(open_, lambda change: list(_append(change, files, decisions)))
        except _Waits as waits_:
            return ImportedFiles(files=waits_.files)
        return ImportedFiles(files=tuple(appended), head=open_.head)


class _Waits(Exception):
    """
    Files of one series disagree about a record; what was appended of the others is undone.

    Attributes:
        files: The files.
    """

    def __init__(self, files: tuple[ImportedFile, ...]) -> None:
        self.files = files


@attrs.frozen(kw_only=True)
class _Decisions:
    """What the caller decided about changes, missing records and completeness."""

    corrections: bool
    missing: MissingRecords
    until: date | None
    credential: str | None
    partial: bool

    @property
    def is_whole(self) -> bool:
        return self.until is not None or self.missing == "withdraw"

    def does_something(self, file: ImportedFile) -> bool:
        declares = self.until is not None and not file.imported.unread_count
        return bool(file.imported.records or file.plan.missing or declares)

    def undecided(self, imported: Imported, plan: ImportPlan) -> Iterator[str]:
        """Yield what the caller must decide before any of a file is appended."""
        yield from _asked(imported)
        if _is_half_read(imported) and not self.partial:
            yield (
                f"{imported.unread_count} of {counted(imported.rows, 'row')} rejected: correct the file or declare "
                "how it is written, or append the rest: partial=True, or --partial"
            )
        if plan.corrections and not self.corrections:
            yield (
                f"{counted(len(plan.corrections), 'correction')} pending: review the changes, then set "
                "corrections=True, or --corrections"
            )
        if not plan.missing or self.missing == "keep":
            return
        records = counted(len(plan.missing), "record")
        are = "is" if len(plan.missing) == 1 else "are"
        if self.missing == "withdraw":
            if imported.unread_count:
                yield (
                    f"rejected: {counted(imported.unread_count, 'row')}, which may hold some of the {records} that "
                    "would be withdrawn; correct the file first, or set missing='keep', or --keep-missing"
                )
            return
        series = f"the series {imported.source!r} (another series has another source, or --source)"
        if self.until is not None:
            what = f"the file is declared complete, but {records} of {series} {are} not in it"
        else:
            what = f"{records} of an earlier import of {series} {are} no longer in the file"
        yield (
            f"{what}: review what is missing, then set missing='withdraw' or missing='keep', or --withdraw-missing or "
            "--keep-missing"
        )


def _asked(imported: Imported) -> Iterator[str]:
    """Yield what the words of results, and courses listed with their parts, leave open."""
    for asked in imported.asked[:_MOST_ASKED]:
        yield asked.question
    if len(imported.asked) > _MOST_ASKED:
        yield f"and {counted(len(imported.asked) - _MOST_ASKED, 'more such question')}"


def _is_half_read(imported: Imported) -> bool:
    return imported.unread_count >= _MANY and _MANY_OF * imported.unread_count >= imported.rows


def _to_read(ledger: Ledger | str | PathLike[str]) -> AbstractContextManager[Ledger]:
    if isinstance(ledger, Ledger):
        return nullcontext(ledger)
    return Ledger.open(Path(ledger), read_only=True) if Path(ledger).exists() else Ledger()


def _to_write(ledger: Ledger | str | PathLike[str]) -> AbstractContextManager[Ledger]:
    return nullcontext(ledger) if isinstance(ledger, Ledger) else Ledger.open(Path(ledger))


def _tables(paths: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """Yield each file or frame with the name that messages give it."""
    if is_frame(paths) or isinstance(paths, str | PathLike):
        raise InvalidValue(f"paths must be a list of files or frames, such as ['trainings.csv'], not {shown(paths)}")
    frames = 0
    for table in paths:
        if is_frame(table):
            frames += 1
            yield f"frame {frames}", table
        elif isinstance(table, str | PathLike):
            yield Path(table).name, Path(table)
        else:
            raise InvalidValue(f"paths must list files or frames; one of them is {shown(table)}")


def _read(
    ledger: Ledger, tables: Iterable[tuple[str, Any]], how: ImportOptions, progress: Callable[[str, int], None] | None
) -> tuple[list[tuple[str, Imported]], list[tuple[str, PeerLedgerError]]]:
    """Read all files, even after a file that cannot be read, so that every error is reported at once."""
    read: list[tuple[str, Imported]] = []
    unread: list[tuple[str, PeerLedgerError]] = []
    courses = list(ledger.shared_records())
    for name, table in tables:
        tell = None if progress is None else _of(name, progress)
        read_table: Callable[..., Imported] = import_file if isinstance(table, Path) else import_frame
        try:
            imported = read_table(table, how, catalog=[*how.catalog, *courses], progress=tell)
        except PeerLedgerError as error:
            unread.append((name, error))
            continue
        read.append((name, imported))
        if imported.kind == "course":
            courses = newest_courses(courses, imported)
    return read, unread


def _of(name: str, progress: Callable[[str, int], None]) -> Callable[[int], None]:
    return lambda number: progress(name, number)


def _planned(
    ledger: LedgerView, name: str, imported: Imported, together: list[Imported], decisions: _Decisions
) -> ImportedFile:
    plan = plan_import(ledger, imported, whole=decisions.is_whole, alongside=together)
    return ImportedFile(name=name, imported=imported, plan=plan, waiting=tuple(decisions.undecided(imported, plan)))


def _append(change: Change, files: list[ImportedFile], decisions: _Decisions) -> Iterator[ImportedFile]:
    """Append what was planned; plan again if an earlier file of the same series may have changed the same records."""
    series = Counter((file.imported.source, file.imported.kind) for file in files)
    together = [file.imported for file in files]
    for place, planned in enumerate(files):
        file = planned
        if series[file.imported.source, file.imported.kind] > 1:
            file = _planned(change.view(), file.name, file.imported, together, decisions)
        if file.waiting:
            raise _Waits((*files[:place], file, *files[place + 1 :]))
        covered: tuple[Coverage, ...] = ()
        note = None
        if decisions.until is not None and file.imported.unread_count:
            note = "not declared complete, because rows were rejected"
        elif decisions.until is not None and file.imported.kind in get_args(CoveredType):
            covered = complete(file.imported, until=decisions.until, credential=decisions.credential)
        changes = file.plan.to_append(
            corrections=decisions.corrections, withdraw_missing=decisions.missing == "withdraw"
        )
        clock = change.append(chain(changes, covered)).notes
        yield attrs.evolve(file, is_appended=True, covered=covered, note=note, clock=clock)
