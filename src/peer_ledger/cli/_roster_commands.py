"""
The commands on files of Parquet: answers about everyone in them, and a ledger as such files.
"""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any, cast

from peer_ledger._visible import visible
from peer_ledger.cli._asked import how_asked
from peer_ledger.cli._ledger_commands import ATTENTION, DONE, Given
from peer_ledger.cli._options import add_command, add_form, add_question
from peer_ledger.cli._progress import Progress, day_asked
from peer_ledger.cli._terminal import complain, say, show
from peer_ledger.errors import InvalidValue, LedgerNotFound
from peer_ledger.presenting.tables import ColumnKind, Table
from peer_ledger.rulesets import ruleset
from peer_ledger.values._outputs import bytes_written_whole, written_whole
from peer_ledger.values._wording import counted

_SHOWN = 5
_ALSO = ("short", "questions")


def add_roster(several: Any) -> None:
    """Add the command."""
    command: ArgumentParser = add_command(
        several,
        "roster",
        roster,
        "Show where everyone in files of Parquet stands, without a ledger",
        """\
peer-ledger roster ours --on 2026-02-15 --to answers.parquet
peer-ledger roster ours --also short --rejected rejected.csv --processes 2 --to answers.parquet
peer-ledger roster ours --format csv > answers.csv""",
    )
    command.add_argument(
        "folder",
        metavar="FOLDER",
        help="a folder with a file, or a folder of files, for each table, such as trainings.parquet",
    )
    command.add_argument("--to", metavar="FILE", help="the file of Parquet to write (default: show the answers)")
    command.add_argument(
        "--also",
        choices=_ALSO,
        action="append",
        default=[],
        help="what to tell in addition to the headline, which takes longer; may be repeated",
    )
    command.add_argument("--rejected", metavar="FILE", help="write the rejected rows to a CSV file")
    add_question(command)
    command.add_argument("--processes", metavar="NUMBER", type=int, help="how many processes work on it (default: 1)")
    add_form(command)


def roster(given: Given) -> int:
    """Show where everyone in files of Parquet stands."""
    from peer_ledger.columns import evaluate_batches, tables_in

    rules, folder = ruleset(given.rules), Path(given.folder)
    if given.to is not None and Path(given.to).suffix.lower() != ".parquet":
        raise InvalidValue("answers are written to a file such as answers.parquet; leave --to out for a table")
    if not folder.is_dir():
        raise LedgerNotFound(folder, "there is no such folder")
    tables = tables_in(folder)
    on = day_asked(given, rules)
    with Progress() as progress:
        parts = evaluate_batches(
            **cast("Any", tables), on=on, ruleset=rules, also=given.also, processes=given.processes, to="pyarrow",
            progress=lambda done, _: progress("people", done), **how_asked(given),
        )  # fmt: skip
        answers = _Answers(parts)
        if given.to is not None:
            _write(answers, given.to)
        else:
            table = _table([row for part in answers for row in part.to_pylist()], on)
            show(table.written(given.format).rstrip(), given.format)
    people = answers.people
    if given.to is not None:
        say(f"{people} {'person' if people == 1 else 'people'} written to {visible(given.to)}")
    return _tell(answers.rejected, given.rejected)


class _Answers:
    """Answers as they come, with what was rejected so far."""

    def __init__(self, parts: Iterable[Any]) -> None:
        self._parts = parts
        self.people = 0
        self.rejected: list[dict[str, Any]] = []

    def __iter__(self) -> Iterator[Any]:
        for part in self._parts:
            self.people += part.people.num_rows
            self.rejected += part.rejected.to_pylist()
            yield part.people


def _write(answers: Iterable[Any], path: str) -> None:
    from peer_ledger.columns._libraries import arrow
    from peer_ledger.columns._partitions import plain_columns

    with bytes_written_whole(path) as file, ExitStack() as stack:
        writer: Any = None
        for people in answers:
            table = plain_columns(people)
            if writer is None:
                writer = stack.enter_context(arrow("parquet").ParquetWriter(file, table.schema))
            writer.write_table(table)


def _table(rows: list[dict[str, Any]], on: date) -> Table:
    headings = tuple(rows[0]) if rows else ("person",)
    kinds = tuple([_kind([row[name] for row in rows]) for name in headings])
    return Table(
        headings=headings,
        rows=tuple([tuple(row.values()) for row in rows]),
        kinds=kinds,
        title=f"Where everyone stands on {on}",
    )


def _kind(values: Iterable[Any]) -> ColumnKind:
    known = next((value for value in values if value is not None), "")
    return (
        "day"
        if isinstance(known, date)
        else "count"
        if isinstance(known, int)
        else "text"
        if isinstance(known, str)
        else "hours"
    )


def _tell(rejected: list[dict[str, Any]], path: str | None) -> int:
    """Write or tell which rows were rejected, and return the code of the command."""
    if path is not None:
        table = Table(
            headings=("table", "row", "person", "column", "reason"),
            rows=tuple([tuple(row.values()) for row in rejected]),
        )
        with written_whole(path) as file:
            file.write(table.written("csv"))
    if not rejected:
        return DONE
    rows = len({(row["table"], row["row"]) for row in rejected})
    complain(f"{counted(rows, 'row')} rejected{'' if path is None else f', listed in {visible(path)}'}:")
    for row in rejected[:_SHOWN]:
        complain(f"  {row['table']}, row {row['row']}, {row['column'] or 'the whole row'}: {row['reason']}")
    if len(rejected) > _SHOWN and path is None:
        complain("  ...; --rejected FILE lists them all")
    return ATTENTION
