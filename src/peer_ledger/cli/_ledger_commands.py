"""
The commands on a ledger as a file: verify, back up, restore, purge and export it, and write its cache.
"""

import argparse
import os
from pathlib import Path

from peer_ledger._visible import visible
from peer_ledger.cli._terminal import complain, say, show
from peer_ledger.errors import DamagedLedger, InvalidValue, LedgerNotFound, LedgerReplaced, NotALedger
from peer_ledger.ledger import Integrity, Ledger
from peer_ledger.values._outputs import written_whole
from peer_ledger.values._wording import counted

Given = argparse.Namespace

DONE, ATTENTION, FAILED, WAITING = 0, 1, 2, 3
_TABLES = (".csv", ".tsv", ".xlsx", ".html", ".htm")

_ITEM = "\n  - "
_LEFT = "content that was erased is still in the free space of the file"


def verify(given: Given) -> int:
    """Check whether the ledger was tampered with."""
    from peer_ledger.presenting.tables import Table

    found: Integrity | None = None
    try:
        with opened(given) as ledger:
            found = ledger.verify(head=given.head)
        problems = found.problems
    except (DamagedLedger, LedgerReplaced, NotALedger) as error:  # which answers the question
        if not Path(given.ledger).is_file():
            raise
        problems = (error.detail,)
    if given.format == "table":
        say(f"{visible(given.ledger)}: {found if found is not None else f'altered or damaged:{_ITEM}{problems[0]}'}")
        if found:
            say("To prove later that nothing before it changed, keep this elsewhere:")
            say(_noted(found.head))
    else:
        figures = ("", "", "") if found is None else (str(found.entries), str(found.erased), _noted(found.head))
        notes = "" if found is None else "; ".join(found.notes)
        headings = ("entries", "erased", "head", "problems", "notes")
        table = Table(headings=headings, rows=((*figures, "; ".join(problems), notes),), title=given.ledger)
        show(table.written(given.format).rstrip(), given.format)
    if found is not None and not found.purged:
        complain(f"{_LEFT}; peer-ledger purge removes it")
        return ATTENTION
    return DONE if found else ATTENTION


def backup(given: Given) -> int:
    """Copy the ledger, which may be in use, to a file."""
    from peer_ledger.ledger.backup import back_up

    with opened(given) as ledger:
        made = back_up(ledger, given.to)
    replacing = ", replacing an earlier backup" if made.replaced else ""
    say(f"{counted(made.entries, 'entry')} written to {visible(given.to)}{replacing}")
    say("To prove later that nothing before it changed, keep this elsewhere:")
    say(_noted(made.head))
    return DONE


def restore(given: Given) -> int:
    """Put a copy of a backup in the ledger's place."""
    from peer_ledger.ledger.backup import restore as restored

    done = restored(given.file, given.ledger, head=given.head)
    say(f"{visible(given.ledger)}: {done}")
    say(f"Head of the ledger: {_noted(done.head)}")
    return ATTENTION if done.unerased else DONE


def purge(given: Given) -> int:
    """Remove erased content that is still in the ledger's file."""
    with opened(given, read_only=False) as ledger:  # opening it has removed it, if nobody is reading
        is_gone = ledger.is_purged() or ledger.purge()
    if is_gone:
        say(f"{visible(given.ledger)}: nothing of what was erased is left in it")
        return DONE
    complain(f"{_LEFT}, because another program is reading it or writing its cache; close that, then run purge again")
    return ATTENTION


def cache(given: Given) -> int:
    """Write the cache of the ledger."""
    from peer_ledger.ledger.cache import write_cache

    with opened(given, read_only=False) as ledger:
        say(f"{visible(given.ledger)}: {write_cache(ledger)}")
    return DONE


def export(given: Given) -> int:
    """Write the ledger, or records of one type."""
    from peer_ledger.ledger.archive import write_archive
    from peer_ledger.presenting._answer_tables import records_table

    if given.format == "parquet":
        return _export_parquet(given)
    if given.kind is None and given.to is None:
        raise InvalidValue("give --to FILE to write every entry, or --kind KIND for the records of one type")
    if given.kind is None and (given.format != "table" or Path(given.to).suffix.lower() in _TABLES):
        raise InvalidValue(
            "every entry is written as JSON Lines, to a file such as ours.jsonl; for a table, name the type of record: "
            f"--kind training-event --format {'csv' if given.format == 'table' else given.format} --to FILE"
        )
    with opened(given) as ledger:
        if given.to is None:
            show(records_table(ledger, given.kind).written(given.format).rstrip(), given.format)
            return DONE
        replaces = os.path.lexists(given.to)
        if given.kind is None:
            written = counted(write_archive(ledger, given.to), "entry")
        else:
            table = records_table(ledger, given.kind)
            with written_whole(given.to) as file:
                file.write(table.written(given.format).rstrip() + "\n")
            written = counted(len(table.rows), "record")
        say(f"{written} written to {visible(given.to)}{', replacing the file of that name' if replaces else ''}")
    return DONE


def _export_parquet(given: Given) -> int:
    """Write the ledger as files of Parquet."""
    from peer_ledger.columns import write_parquet

    if given.kind is not None or given.to is None:
        raise InvalidValue(
            "a ledger is written as files of Parquet to a new folder, with all types of records: --to FOLDER"
        )
    with opened(given) as ledger:
        counts = write_parquet(ledger, given.to)
    say(f"{counted(sum(counts.values()), 'entry')} written to {counted(len(counts), 'file')} in {visible(given.to)}")
    return DONE


def opened(given: Given, *, read_only: bool = True) -> Ledger:
    """Open the ledger of a command, which must exist."""
    path = Path(given.ledger)
    if not _is_there(path):
        raise LedgerNotFound(
            path, "there is no such file; create it with peer-ledger import, or name another with --ledger"
        )
    return Ledger.open(path, read_only=read_only, create=False)


def _noted(head: tuple[int, str]) -> str:
    return f"{head[0]}:{head[1]}"


def _is_there(path: Path) -> bool:
    """Return whether something has a name; `False` also for what no file can be named."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
