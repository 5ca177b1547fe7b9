"""
A ledger as files of Parquet, one for each kind of record, and back.

Each row has the number of its entry, the moment, the salt and the digest, so that the whole chain can be checked again.
Reading puts the entries in order and hands them to the reader of archives, which checks everything.
"""

import heapq
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from os import PathLike
from pathlib import Path
from typing import Any

from peer_ledger._closest import few_of
from peer_ledger._visible import visible
from peer_ledger.columns._libraries import arrow
from peer_ledger.columns._records import cells_of, fields_of, plain_form
from peer_ledger.columns._sources import opened_parquet
from peer_ledger.columns._tables import ENTRY, TABLES
from peer_ledger.errors import InvalidData, Problem, nearest
from peer_ledger.ledger import Ledger, LedgerView
from peer_ledger.ledger.archive import FORMAT, VERSION, archive_lines, read_lines
from peer_ledger.records import Erasure, Record, RuleSetText
from peer_ledger.records.interchange import record_from_dict
from peer_ledger.values._arguments import A_PATH, an_instance, arguments
from peer_ledger.values._folders import folder_written_whole
from peer_ledger.values._json import dump_json, parse_json
from peer_ledger.values._outputs import input_errors
from peer_ledger.values.dates import as_moment, moment_text

_KINDS: Mapping[str, type[Record]] = {**TABLES, "rule_sets": RuleSetText, "erasures": Erasure}
"""The class of the records in each file, by its name."""

_ERASED = "erased"
"""The name of the file with the entries whose content was erased."""

_ENDS = "peer_ledger"
"""Under which name each file says where the ledger ends."""

_AT_ONCE = 10_000
_LINE = re.compile(r"line ([0-9]+)")


@arguments(ledger=an_instance("a ledger", LedgerView), folder=A_PATH)
def write_parquet(ledger: LedgerView, folder: str | PathLike[str]) -> dict[str, int]:
    """
    Write a ledger as files of Parquet, one for each kind of record, such as `trainings.parquet`.

    Every entry is in one of the files, with its number, the moment, the salt and the digest: withdrawn records with the
    retractions that withdraw them, and erased entries without their content. `tables_in` returns the files as
    `evaluate_frame` takes them.

    Args:
        ledger: A ledger, or the result of `known_at`.
        folder: A folder that does not exist yet; it appears when it is complete, and is readable only by its owner.

    Returns:
        The number of rows of each file, by its name.

    Raises:
        LedgerMisuse: The folder exists; or the ledger cannot be archived, see `write_archive`; or the extra `columns`
            is not installed.
        LedgerFileError: It cannot be written.
    """
    arrow()
    with folder_written_whole(folder) as made:
        return _write(ledger, made)


@arguments(folder=A_PATH, into=an_instance("a ledger, or None", Ledger, type(None)))
def read_parquet(folder: str | PathLike[str], into: Ledger | None = None) -> Ledger:
    """
    Read a ledger from the files that `write_parquet` wrote, checking every digest.

    Args:
        folder: The folder.
        into: The ledger to fill: an empty one, or one that already has the beginning of these entries or all of them;
            `None` for a new one in memory.

    Returns:
        The ledger, with the same entries and the same head.

    Raises:
        InvalidData: A file is missing, incomplete, altered or not one of these, or they differ from the ledger; nothing
            was added.
        LedgerFileError: A file cannot be read, or the ledger's file cannot be written; nothing was added.
    """
    ledger = Ledger() if into is None else into
    with input_errors(Path(folder)):
        files = sorted(path for path in Path(folder).iterdir() if path.suffix == ".parquet")
    if not files:
        raise InvalidData("folder", (Problem("", "there are no files with the ending .parquet in it"),))
    with ExitStack() as stack:
        stack.enter_context(input_errors(Path(folder)))
        opened = {path: stack.enter_context(opened_parquet(path.name, path)) for path in files}
        ends = {(file.schema_arrow.metadata or {}).get(_ENDS.encode()) for file in opened.values()}
        if len(ends) != 1 or None in ends:
            what = "the files are not those of one ledger, as write_parquet writes them"
            raise InvalidData("folder", (Problem("", what),))
        ordered = heapq.merge(*(_lines_of(path, file) for path, file in opened.items()))
        try:
            read_lines(_numbered(ordered, ends.pop()), into=ledger)
        except InvalidData as error:
            raise InvalidData("folder", tuple(map(_by_entry, error.problems)), error.total) from None
    return ledger


@arguments(folder=A_PATH)
def tables_in(folder: str | PathLike[str]) -> dict[str, Path]:
    """
    Return the tables in a folder as `evaluate_frame` takes them: `evaluate_frame(**tables_in("ours"), on=...)`.

    Each is a file such as `trainings.parquet`, or a folder of files such as `trainings`. What else `write_parquet`
    writes is passed over.

    Args:
        folder: A folder, such as `write_parquet` writes one.

    Raises:
        InvalidData: There is no table in it, a table is there twice, or a file of Parquet is named for none.
        LedgerFileError: The folder cannot be read.
    """
    path, found, problems = Path(folder), dict[str, Path](), list[Problem]()
    with input_errors(path):
        inside = sorted(path.iterdir())
    for one in inside:
        name = one.stem if one.suffix == ".parquet" else one.name
        if name in TABLES and (one.suffix == ".parquet" or one.is_dir()):
            if name in found:
                problems.append(Problem(name, "there are both a file and a folder"))
            found[name] = one
        elif one.suffix == ".parquet" and name not in (*_KINDS, _ERASED):
            what = f"it is named for no table{nearest(name, TABLES)}; there are {few_of(TABLES)}"
            problems.append(Problem(visible(one.name), what))
    if not found and not problems:
        problems.append(
            Problem("", f"there is no table in it, such as trainings.parquet; there may be {few_of(TABLES)}")
        )
    if problems:
        raise InvalidData("folder", tuple(problems))
    return {name: found[name] for name in TABLES if name in found}


def _numbered(lines: Iterator[tuple[int, bytes]], end: bytes | None) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of an archive, each with its number."""
    number = 1
    yield number, dump_json({"format": FORMAT, "version": VERSION}).encode()
    for number, (_, line) in enumerate(lines, 2):
        yield number, line
    yield number + 1, end or b""


def _by_entry(problem: Problem) -> Problem:
    """Return a problem in a line of an archive as one of an entry."""
    found = _LINE.match(problem.path)
    return (
        problem
        if found is None
        else Problem(f"entry {int(found[1]) - 1}{problem.path[found.end() :]}", problem.message)
    )


def _write(ledger: LedgerView, folder: Path) -> dict[str, int]:
    rows: dict[str, list[dict[str, Any]]] = {}
    counts: dict[str, int] = {}
    names = {cls.record_type: name for name, cls in _KINDS.items()}
    ends = dump_json({"entries": ledger.head[0], "digest": ledger.head[1]})
    with ExitStack() as stack:
        writers: dict[str, Any] = {}

        def flush(name: str) -> None:
            some = rows.pop(name, [])
            if name not in writers:
                schema = arrow().schema(_fields(name), metadata={_ENDS: ends})
                file = folder / f"{name}.parquet"
                writers[name] = stack.enter_context(arrow("parquet").ParquetWriter(file, schema))
                file.chmod(0o600)
            writers[name].write_table(arrow().Table.from_pylist(some, schema=writers[name].schema))
            counts[name] = counts.get(name, 0) + len(some)

        for line in archive_lines(ledger):
            entry = parse_json(line)
            if "seq" in entry:
                name = names[entry["record"]["type"]] if "record" in entry else _ERASED
                rows.setdefault(name, []).append(_row(entry))
                if len(rows[name]) >= _AT_ONCE:
                    flush(name)
        for name in [*rows] or ["trainings"]:
            flush(name)
    return counts


def _row(entry: dict[str, Any]) -> dict[str, Any]:
    moment = {"seq": entry["seq"], "recorded_at": as_moment(entry["recorded_at"]), "entry_digest": entry["digest"]}
    if "record" not in entry:
        return {**moment, "commitment": entry["commitment"]}
    return {**moment, "salt": entry["salt"], **cells_of(record_from_dict(entry["record"]))}


def _fields(name: str) -> list[Any]:
    pa = arrow()
    moment = [
        pa.field("seq", pa.int64()),
        pa.field("recorded_at", pa.timestamp("us", tz="UTC")),
        pa.field("entry_digest", pa.string()),
    ]
    if name == _ERASED:
        return [*moment, pa.field("commitment", pa.string())]
    return [*moment, pa.field("salt", pa.string()), *fields_of(_KINDS[name])]


def _lines_of(path: Path, file: Any) -> Iterator[tuple[int, bytes]]:
    """Yield the entries of a file as lines of an archive, each with its number."""
    name = path.stem
    if name != _ERASED and name not in _KINDS:
        raise InvalidData("folder", (Problem("", f"{path.name} is not a file of a ledger"),))
    if [*file.schema_arrow.names] != [field.name for field in _fields(name)]:
        raise InvalidData("file", (Problem(path.name, "its columns are not those that write_parquet writes"),))
    for batch in file.iter_batches(batch_size=_AT_ONCE):
        for row in batch.to_pylist():
            yield row["seq"], _line(row, name).encode()


def _line(row: dict[str, Any], name: str) -> str:
    entry = {"seq": row["seq"], "recorded_at": moment_text(row["recorded_at"])}
    if name == _ERASED:
        return dump_json({**entry, "commitment": row["commitment"], "digest": row["entry_digest"]})
    cls = _KINDS[name]
    record = {"type": cls.record_type, **plain_form({n: v for n, v in row.items() if n not in ENTRY}, cls)}
    return dump_json({**entry, "salt": row["salt"], "record": record, "digest": row["entry_digest"]})
