"""
Arguments that several commands have.
"""

import argparse
import os
from typing import Any

from peer_ledger._visible import visible
from peer_ledger.rulesets._bundled import DEFAULT

LEDGER = "peers.ledger"
"""The default ledger file."""

_FORMS = ("table", "json", "csv", "html")
EXIT = """\
exit codes:
  0  success
  1  done, with something to check: rejected rows, an altered or damaged ledger, erased content that is still in a
     file, an unsound rule file
  2  failure: invalid arguments, an unusable file or an unknown person
  3  nothing was appended: words, many rejected rows, corrections or missing records need a decision
"""


def add_command(several: Any, name: str, run: Any, says: str, examples: str) -> argparse.ArgumentParser:
    """Add a command with its help and examples."""
    epilog = "examples:\n" + "".join(f"  {line}\n" for line in examples.splitlines()) + f"\n{EXIT}"
    made: argparse.ArgumentParser = several.add_parser(name, help=says, description=f"{says}.", epilog=epilog)
    made.set_defaults(run=run)
    return made


def add_ledger(command: argparse.ArgumentParser) -> None:
    """Add the argument for the ledger file."""
    named = os.environ.get("PEER_LEDGER", LEDGER)
    command.add_argument(
        "--ledger",
        metavar="FILE",
        default=named,
        help=f"the ledger file (default: {visible(named)})".replace("%", "%%"),
    )


def add_rules(command: argparse.ArgumentParser) -> None:
    """Add the argument for the rule set."""
    command.add_argument("--rules", metavar="ID", default=DEFAULT, help=f"the rule set (default: {DEFAULT})")


def add_form(command: argparse.ArgumentParser, *, also: tuple[str, ...] = ()) -> None:
    """
    Add the argument for the output format.

    Args:
        command: The command.
        also: Further formats.
    """
    forms = (*_FORMS, *also)
    command.add_argument("--format", choices=forms, default="table", help="the output format (default: table)")


def add_asking(
    command: argparse.ArgumentParser,
    *,
    person: bool = False,
    rules: bool = True,
    readings: bool = True,
    form: bool = True,
    processes: bool = False,
) -> None:
    """
    Add the arguments of a question: the person, the ledger, the rules, the day, the readings and the format.

    Args:
        command: The command.
        person: Whether it is about one person.
        rules: Whether it is asked under one rule set.
        readings: Whether open questions can be answered.
        form: Whether there is a choice of output formats.
        processes: Whether it can be worked out by several processes.
    """
    if person:
        command.add_argument("person", metavar="PERSON", help="any of the person's ids")
    if processes:
        command.add_argument(
            "--processes", metavar="NUMBER", type=int, help="how many processes work on it (default: 1)"
        )
    add_ledger(command)
    add_question(command, rules=rules, readings=readings)
    if form:
        add_form(command)


def add_question(command: argparse.ArgumentParser, *, rules: bool = True, readings: bool = True) -> None:
    """Add the arguments of a question that do not depend on the ledger: the rules, the day, the readings."""
    if rules:
        add_rules(command)
    command.add_argument(
        "--on",
        metavar="DAY",
        help="the day to evaluate, such as 2026-02-15 (default: today in the time zone of the rules)",
    )
    if readings:
        command.add_argument(
            "--reading",
            metavar="QUESTION=READING",
            action="append",
            type=pair,
            default=[],
            help="how to answer an open question; may be repeated",
        )
    command.add_argument(
        "--strict", action="store_true", help="leave undetermined what would otherwise rest on an assumption"
    )


def pair(text: str) -> tuple[str, str]:
    """Return the two halves of a text such as `NAME=VALUE`."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise argparse.ArgumentTypeError("write it as NAME=VALUE")
    return name.strip(), value.strip()
