"""
The commands, their arguments and their help.
"""

import argparse
import re
from typing import Any

from peer_ledger._visible import visible
from peer_ledger.cli import _commands as commands
from peer_ledger.cli import _ledger_commands as ledgers
from peer_ledger.cli._answers_parser import add_answers
from peer_ledger.cli._options import EXIT, LEDGER, add_asking, add_command, add_form, add_ledger, add_rules, pair
from peer_ledger.cli._planning_arguments import add_planning
from peer_ledger.cli._roster_commands import add_roster
from peer_ledger.cli._rules_parser import add_rules_commands
from peer_ledger.errors import nearest


def parser() -> argparse.ArgumentParser:
    """
    Return the parser of the command line.
    """
    top = _Parser(
        prog="peer-ledger",
        description="Where certified peer support specialists stand, and why.",
        epilog=f"""\
Without a command, it shows an example: the files of some invented people, and where they stand.

examples:
  peer-ledger import courses.csv trainings.csv certificates.csv
  peer-ledger status --on 2026-02-15
  peer-ledger report p-17

The ledger is the file {LEDGER} in the current folder, unless the environment variable PEER_LEDGER or --ledger
names another file.

{EXIT}""",
    )
    top.set_defaults(run=commands.example)
    several = top.add_subparsers(title="commands", metavar="COMMAND")
    _add_import(several)
    _add_status(several)
    _add_report(several)
    add_roster(several)
    add_answers(several)
    add_planning(several)
    add_rules_commands(several)
    _add_verify(several)
    _add_backup(several)
    _add_restore(several)
    _add_purge(several)
    _add_cache(several)
    _add_export(several)
    return top


class _Parser(argparse.ArgumentParser):
    """A parser that prints its texts as they are written."""

    def __init__(self, **given: Any) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False, **given)

    def _get_values(self, action: argparse.Action, arg_strings: list[str]) -> Any:
        if action.option_strings and arg_strings == ["--"]:  # argparse would drop it, and pass on an empty list
            self.error(f"argument {'/'.join(action.option_strings)}: expected one argument, not '--'")
        return super()._get_values(action, arg_strings)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        try:
            super()._check_value(action, value)
        except argparse.ArgumentError as error:
            hint = nearest(str(value), map(str, action.choices or ()))
            raise argparse.ArgumentError(action, f"{error.message}{hint}") from None

    def _print_message(self, message: str, file: Any = None) -> None:
        super()._print_message(visible(message, keep="\n") if message else message, file)


def _add_import(several: Any) -> None:
    command = add_command(
        several,
        "import",
        commands.import_,
        "Import CSV or Excel files into the ledger",
        """\
peer-ledger import courses.csv trainings.csv certificates.csv
peer-ledger import trainings.xlsx --map person="Badge" --map completed="When" --dates MM/DD/YYYY
peer-ledger import upload.csv --profile relias-historical
peer-ledger import certificates.csv --complete      (the file lists all certificates there are)
peer-ledger import trainings.csv --dry-run          (show what would change without changing it)""",
    )
    command.add_argument(
        "files", nargs="+", metavar="FILE", help="the files; a course catalog comes before the files that refer to it"
    )
    add_ledger(command)
    add_rules(command)
    command.add_argument("--profile", metavar="NAME", help="a layout by name, or a file of layouts ending in .toml")
    command.add_argument(
        "--kind",
        metavar="KIND",
        help="the kind of the rows, such as training-event (default: recognized by the headings)",
    )
    command.add_argument(
        "--map",
        metavar="FIELD=HEADING",
        action="append",
        type=pair,
        default=[],
        help="the heading of a field, such as person=Badge; may be repeated",
    )
    command.add_argument(
        "--fixed",
        metavar="FIELD=VALUE",
        action="append",
        type=pair,
        default=[],
        help="a value for every row that has no column, such as unit=minute; may be repeated",
    )
    command.add_argument(
        "--dates", metavar="FORMAT", action="append", help="the date format, such as MM/DD/YYYY; may be repeated"
    )
    _add_results(command)
    command.add_argument("--source", metavar="NAME", help="the name of the series of files, the same for each import")
    command.add_argument("--encoding", metavar="NAME", help="the encoding, such as windows-1252 (default: detected)")
    command.add_argument(
        "--delimiter", metavar="SIGN", help="the character between cells, such as ';' (default: detected)"
    )
    command.add_argument("--decimal", metavar="SIGN", choices=(".", ","), help="the decimal sign, . or , (default: .)")
    command.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook (default: the first visible one)")
    command.add_argument(
        "--no-headings",
        action="store_true",
        help="the files have no row of headings; --map names columns by letter or number, such as completed=C",
    )
    command.add_argument(
        "--matrix",
        action="store_true",
        help="the files have a row for each person, a column for each course, and days of completion in the cells",
    )
    command.add_argument(
        "--course",
        metavar="HEADING",
        action="append",
        help="the heading of a course of --matrix; may be repeated (default: every heading not otherwise known)",
    )
    command.add_argument("--people", metavar="FILE", help="the file that gives ids to people who are listed by name")
    command.add_argument(
        "--complete",
        action="store_true",
        help="declare that the files are complete until today; other records of their series are missing",
    )
    command.add_argument(
        "--corrections", action="store_true", help="correct records that read differently in the ledger"
    )
    missing = command.add_mutually_exclusive_group()
    missing.add_argument("--withdraw-missing", action="store_true", help="withdraw the other records of the series")
    missing.add_argument("--keep-missing", action="store_true", help="keep records that the files no longer list")
    command.add_argument("--dry-run", action="store_true", help="show what would change without changing it")
    add_form(command)


def _add_results(command: argparse.ArgumentParser) -> None:
    for name, metavar, says in (
        ("--accept", "WORD", "a word in a result column that means that the training took place; may be repeated"),
        ("--reject", "WORD", "a word that means that it did not; may be repeated"),
        ("--ignore", "HEADING", "a column to ignore, which holds no result; may be repeated"),
    ):
        command.add_argument(name, metavar=metavar, action="append", default=[], help=says)
    command.add_argument("--pass-mark", metavar="FIGURE", help="the lowest passing grade (default: ask)")
    command.add_argument(
        "--course-parts",
        choices=("whole", "parts", "both"),
        help="what to record when a course and its parts are listed and their hours are the same (default: ask)",
    )
    command.add_argument(
        "--time-zone",
        metavar="NAME",
        help="the time zone of the days, such as America/New_York (default: that of the rules)",
    )
    command.add_argument(
        "--partial", action="store_true", help="append the other rows of a file even if many were rejected"
    )
    command.add_argument("--rejected", metavar="FILE", help="write the rejected rows to a CSV file, to be corrected")


def _add_status(several: Any) -> None:
    command = add_command(
        several,
        "status",
        commands.status,
        "Show where everyone in the ledger stands",
        """\
peer-ledger status
peer-ledger status --on 2026-02-15 --format csv > status.csv""",
    )
    add_asking(command)


def _add_report(several: Any) -> None:
    command = add_command(
        several,
        "report",
        commands.report,
        "Show where one person stands, what is missing, by when, why and under which rules",
        """\
peer-ledger report p-17
peer-ledger report p-17 --on 2026-02-15 --reading late-window=following-month
peer-ledger report p-17 --format html > p-17.html""",
    )
    add_asking(command, person=True)


def _add_verify(several: Any) -> None:
    command = add_command(
        several,
        "verify",
        ledgers.verify,
        "Check whether the ledger was tampered with",
        """\
peer-ledger verify
peer-ledger verify --head 1842:9f1c...   (all 64 digits, as printed by an earlier run and kept elsewhere)""",
    )
    add_ledger(command)
    command.add_argument("--head", metavar="NUMBER:DIGEST", type=_head, help="the last entry, as noted down earlier")
    add_form(command)


def _head(text: str) -> tuple[int, str]:
    found = re.fullmatch(r"([0-9]{1,18}):([0-9A-Fa-f]{64})", text.strip())
    if found is None:
        raise argparse.ArgumentTypeError(
            "write it in full, as verify prints it: the number of the last entry, a colon, and 64 hexadecimal digits"
        )
    return int(found[1]), found[2].lower()


def _add_backup(several: Any) -> None:
    command = add_command(
        several,
        "backup",
        ledgers.backup,
        "Copy the ledger to a file while it is in use",
        "peer-ledger backup --to 2026-03-01.ledger",
    )
    add_ledger(command)
    command.add_argument(
        "--to", metavar="FILE", required=True, help="the backup; it replaces only earlier backups of the same ledger"
    )


def _add_restore(several: Any) -> None:
    command = add_command(
        several,
        "restore",
        ledgers.restore,
        "Put a copy of a backup in the ledger's place, and keep what was there next to it",
        """\
peer-ledger restore 2026-03-01.ledger
peer-ledger restore 2026-03-01.ledger --head 1842:9f1c...   (all 64 digits, as noted down)""",
    )
    command.add_argument("file", metavar="BACKUP", help="the backup, or any other ledger")
    add_ledger(command)
    command.add_argument("--head", metavar="NUMBER:DIGEST", type=_head, help="a head that the backup must have")


def _add_purge(several: Any) -> None:
    command = add_command(
        several,
        "purge",
        ledgers.purge,
        "Remove erased content that is still in the free space of the ledger's file",
        "peer-ledger purge",
    )
    add_ledger(command)


def _add_cache(several: Any) -> None:
    command = add_command(
        several,
        "cache",
        ledgers.cache,
        "Write the cache next to the ledger's file, from which people are read faster, or write it again",
        "peer-ledger cache",
    )
    add_ledger(command)


def _add_export(several: Any) -> None:
    command = add_command(
        several,
        "export",
        ledgers.export,
        "Write the ledger to a file that can be read back, or its records as a table",
        """\
peer-ledger export --to ours.jsonl
peer-ledger export --kind training-event --format csv --to trainings.csv
peer-ledger export --format parquet --to ours        (a folder with a file for each type of record)""",
    )
    add_ledger(command)
    command.add_argument(
        "--to",
        metavar="FILE",
        help="the file to write; without --kind, all entries as JSON Lines for peer_ledger.ledger.read_archive",
    )
    command.add_argument("--kind", metavar="KIND", help="write only the records of one type that are in effect")
    add_form(command, also=("parquet",))
