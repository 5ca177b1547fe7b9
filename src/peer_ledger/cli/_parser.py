"""
What the commands are, what they take, and how they are used.
"""

import argparse
import os
import re
from typing import Any

from peer_ledger.cli import _commands as commands
from peer_ledger.rulesets._bundled import DEFAULT

LEDGER = "peers.ledger"
"""The file that is used when none is named."""

_FORMS = ("table", "json", "csv", "html")
_EXIT = """\
exit codes:
  0  done, and nothing is wrong
  1  done, and something needs attention: rows rejected, a ledger altered, a rule file unsound
  2  not done: the arguments, a file or a person are not what they should be
  3  nothing appended: corrections, or records it no longer has, wait to be decided on
"""


def parser() -> argparse.ArgumentParser:
    """
    Return the parser of the whole command line.
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

The ledger is the file {LEDGER} in the current folder, or what the variable PEER_LEDGER or --ledger names.

{_EXIT}""",
    )
    top.set_defaults(run=commands.example)
    several = top.add_subparsers(title="commands", metavar="COMMAND")
    _add_import(several)
    _add_status(several)
    _add_report(several)
    _add_rules(several)
    _add_verify(several)
    _add_export(several)
    return top


class _Parser(argparse.ArgumentParser):
    """A parser that leaves its texts as they are written."""

    def __init__(self, **given: Any) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False, **given)


def _command(several: Any, name: str, run: Any, says: str, examples: str) -> argparse.ArgumentParser:
    epilog = "examples:\n" + "".join(f"  {line}\n" for line in examples.splitlines()) + f"\n{_EXIT}"
    made: argparse.ArgumentParser = several.add_parser(name, help=says, description=f"{says}.", epilog=epilog)
    made.set_defaults(run=run)
    return made


def _ledger(one: argparse.ArgumentParser) -> None:
    named = os.environ.get("PEER_LEDGER", LEDGER)
    one.add_argument("--ledger", metavar="FILE", default=named, help=f"the ledger's file; {named} when left out")


def _rules(one: argparse.ArgumentParser) -> None:
    one.add_argument("--rules", metavar="ID", default=DEFAULT, help=f"the rule set; {DEFAULT} when left out")


def _form(one: argparse.ArgumentParser) -> None:
    one.add_argument("--format", choices=_FORMS, default="table", help="how to write the answer; table when left out")


def _asking(one: argparse.ArgumentParser) -> None:
    _ledger(one)
    _rules(one)
    one.add_argument(
        "--on", metavar="DAY", help="the day asked about, as 2026-02-15; today in the rules' time zone when left out"
    )
    one.add_argument(
        "--reading",
        metavar="QUESTION=READING",
        action="append",
        type=_pair,
        default=[],
        help="how an open question is to be read; may be given again",
    )
    one.add_argument("--strict", action="store_true", help="leave nothing to an assumption that is only a caveat")
    _form(one)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise argparse.ArgumentTypeError("write it as NAME=VALUE")
    return name.strip(), value.strip()


def _add_import(several: Any) -> None:
    one = _command(
        several,
        "import",
        commands.import_,
        "Read files of CSV or Excel into the ledger",
        """\
peer-ledger import courses.csv trainings.csv certificates.csv
peer-ledger import trainings.xlsx --map person="Badge" --map completed="When" --dates MM/DD/YYYY
peer-ledger import upload.csv --profile relias-historical
peer-ledger import certificates.csv --complete      (the file lists all certificates there are)
peer-ledger import trainings.csv --dry-run          (say what would change, and change nothing)""",
    )
    one.add_argument("files", nargs="+", metavar="FILE", help="the files; a course catalog before what refers to it")
    _ledger(one)
    _rules(one)
    one.add_argument("--profile", metavar="NAME", help="a layout by name, or a file of layouts ending in .toml")
    one.add_argument("--kind", metavar="KIND", help="what the rows are, as training-event; found out when left out")
    one.add_argument(
        "--map",
        metavar="FIELD=HEADING",
        action="append",
        type=_pair,
        default=[],
        help="the heading that stands for a field, as person=Badge; may be given again",
    )
    one.add_argument(
        "--fixed",
        metavar="FIELD=VALUE",
        action="append",
        type=_pair,
        default=[],
        help="what every row says although no column does, as unit=minute; may be given again",
    )
    one.add_argument(
        "--dates", metavar="FORMAT", action="append", help="how days are written, as MM/DD/YYYY; may be given again"
    )
    one.add_argument("--source", metavar="NAME", help="the name of the series of files, the same each time")
    one.add_argument("--encoding", metavar="NAME", help="as windows-1252; found out when left out")
    one.add_argument("--delimiter", metavar="SIGN", help="what parts the cells, as ';'; found out when left out")
    one.add_argument("--decimal", metavar="SIGN", choices=(".", ","), help="the decimal sign: . or , (default: .)")
    one.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook; the first when left out")
    one.add_argument(
        "--complete",
        action="store_true",
        help="the files list all there is until today; what else the ledger has of their series is missing",
    )
    one.add_argument("--corrections", action="store_true", help="correct what the ledger has otherwise")
    missing = one.add_mutually_exclusive_group()
    missing.add_argument(
        "--withdraw-missing", action="store_true", help="withdraw what else the ledger has of the series"
    )
    missing.add_argument("--keep-missing", action="store_true", help="keep what the files no longer list")
    one.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    _form(one)


def _add_status(several: Any) -> None:
    one = _command(
        several,
        "status",
        commands.status,
        "Show where everybody in the ledger stands",
        """\
peer-ledger status
peer-ledger status --on 2026-02-15 --format csv > status.csv""",
    )
    _asking(one)


def _add_report(several: Any) -> None:
    one = _command(
        several,
        "report",
        commands.report,
        "Say where one person stands, what is missing, until when, why and on whose authority",
        """\
peer-ledger report p-17
peer-ledger report p-17 --on 2026-02-15 --reading late-window=following-month
peer-ledger report p-17 --format html > p-17.html""",
    )
    one.add_argument("person", metavar="PERSON", help="any of the person's ids")
    _asking(one)


def _add_rules(several: Any) -> None:
    made = several.add_parser(
        "rules",
        help="List, show, check and compare rule sets",
        description="List, show, check and compare rule sets.",
        epilog=_EXIT,
    )
    inner = made.add_subparsers(title="commands", metavar="COMMAND", required=True)
    listed = _command(inner, "list", commands.rules_list, "List the rule sets there are", "peer-ledger rules list")
    _form(listed)
    shown = _command(
        inner, "show", commands.rules_show, "Say what a rule set asks", "peer-ledger rules show us-nc-cpss"
    )
    shown.add_argument("rules", metavar="ID", help="the rule set")
    _form(shown)
    checked = _command(
        inner,
        "check",
        commands.rules_check,
        "Look whether a file of rule sets is sound",
        "peer-ledger rules check ours.toml",
    )
    checked.add_argument("file", metavar="FILE", help="the file")
    _form(checked)
    differing = _command(
        inner,
        "diff",
        commands.rules_diff,
        "Say in sentences what is different between two editions",
        "peer-ledger rules diff us-nc-cpss renewal-3 renewal-4",
    )
    differing.add_argument("rules", metavar="ID", help="the rule set")
    differing.add_argument("old", metavar="EDITION", help="one edition")
    differing.add_argument("new", metavar="EDITION", help="the other")
    _form(differing)


def _add_verify(several: Any) -> None:
    one = _command(
        several,
        "verify",
        commands.verify,
        "Look whether the ledger was altered behind its back",
        """\
peer-ledger verify
peer-ledger verify --head 1842:9f1c...   (all 64 digits; what an earlier run printed, kept somewhere else)""",
    )
    _ledger(one)
    one.add_argument("--head", metavar="NUMBER:DIGEST", type=_head, help="the last entry as it was noted down earlier")
    _form(one)


def _head(text: str) -> tuple[int, str]:
    found = re.fullmatch(r"([0-9]{1,18}):([0-9A-Fa-f]{64})", text.strip())
    if found is None:
        raise argparse.ArgumentTypeError(
            "write it whole, as verify prints it: the number of the last entry, a colon, and 64 hexadecimal digits"
        )
    return int(found[1]), found[2].lower()


def _add_export(several: Any) -> None:
    one = _command(
        several,
        "export",
        commands.export,
        "Write the ledger to a file that can be read back, or its records as a table",
        """\
peer-ledger export --to ours.jsonl
peer-ledger export --kind training-event --format csv --to trainings.csv""",
    )
    _ledger(one)
    one.add_argument(
        "--to",
        metavar="FILE",
        help="the file to write; without --kind, all entries as JSON Lines for peer_ledger.ledger.read_archive",
    )
    one.add_argument("--kind", metavar="KIND", help="write the records of one type that are in effect")
    _form(one)
