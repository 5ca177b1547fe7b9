"""
The commands about rule sets: their arguments and their help.
"""

from typing import Any

from peer_ledger.cli import _rules_commands as commands
from peer_ledger.cli._options import EXIT, add_command, add_form
from peer_ledger.rulesets._new import TIME_ZONE


def add_rules_commands(several: Any) -> None:
    """
    Add the command `rules`, which has commands of its own.

    Args:
        several: The commands to add it to.
    """
    made = several.add_parser(
        "rules",
        help="List, show, write, check and compare rule sets",
        description="List, show, write, check and compare rule sets, and find what to look at again.  Without a "
        "command, the rule sets are listed.",
        epilog=EXIT,
    )
    inner = made.add_subparsers(title="commands", metavar="COMMAND")
    made.set_defaults(run=commands.rules_list, format="table")
    listed = add_command(inner, "list", commands.rules_list, "List the available rule sets", "peer-ledger rules list")
    add_form(listed)
    _add_stale(inner)
    _add_show(inner)
    _add_keys(inner)
    _add_new(inner)
    _add_format(inner)
    _add_check(inner)
    _add_test(inner)
    _add_diff(inner)


def _add_stale(inner: Any) -> None:
    stale = add_command(
        inner,
        "stale",
        commands.rules_stale,
        "List the pages that rules rest on, those seen longest ago first",
        """\
peer-ledger rules stale
peer-ledger rules stale us-nc-cpss --before 2026-06-01 --format csv""",
    )
    stale.add_argument("rules", metavar="ID", nargs="?", help="the rule set (default: all that come with the package)")
    stale.add_argument("--before", metavar="DAY", help="only pages that were last seen before this day")
    add_form(stale)


def _add_show(inner: Any) -> None:
    shown = add_command(
        inner,
        "show",
        commands.rules_show,
        "Show what a rule set requires, with figures, days and conditions",
        """\
peer-ledger rules show us-nc-cpss
peer-ledger rules show ours.toml""",
    )
    shown.add_argument("rules", metavar="ID|FILE", help="the rule set, or a rule file, whose name ends in .toml")
    add_form(shown)


def _add_keys(inner: Any) -> None:
    keys = add_command(
        inner,
        "keys",
        commands.rules_keys,
        "Explain every table and key of a rule file",
        """\
peer-ledger rules keys
peer-ledger rules keys hours""",
    )
    keys.add_argument("table", metavar="TABLE", nargs="?", help="only one table, such as edition or hours")
    add_form(keys)


def _add_new(inner: Any) -> None:
    new = add_command(
        inner,
        "new",
        commands.rules_new,
        "Write the beginning of a rule file, and of a file of worked cases for it",
        """\
peer-ledger rules new us-xx-cps
peer-ledger rules new us-xx-cps --to us-xx.toml --time-zone America/Chicago""",
    )
    new.add_argument("id", metavar="ID", help="the id of the rule set, such as us-xx-cps")
    new.add_argument("--to", metavar="FILE", help="the file to write (default: the id with .toml)")
    new.add_argument(
        "--time-zone", metavar="NAME", default=TIME_ZONE, help=f"the time zone of its days (default: {TIME_ZONE})"
    )


def _add_format(inner: Any) -> None:
    laid_out = add_command(
        inner,
        "format",
        commands.rules_format,
        "Lay out rule files and files of worked cases: order and comments stay, lines end before column 120",
        """\
peer-ledger rules format ours.toml
peer-ledger rules format --check *.toml   (change nothing; exit with 1 if a file is not laid out)""",
    )
    laid_out.add_argument("files", nargs="+", metavar="FILE", help="the files")
    laid_out.add_argument("--check", action="store_true", help="say which files are not laid out, and change nothing")


def _add_check(inner: Any) -> None:
    checked = add_command(
        inner, "check", commands.rules_check, "Check a file of rule sets", "peer-ledger rules check ours.toml"
    )
    checked.add_argument("file", metavar="FILE", help="the file")
    add_form(checked)


def _add_test(inner: Any) -> None:
    tested = add_command(
        inner,
        "test",
        commands.rules_test,
        "Check a rule file, run its worked cases, and hold the laws of all rule sets against it",
        """\
peer-ledger rules test ours.toml
peer-ledger rules test ours.toml --cases ours/worked.cases.toml --examples 200""",
    )
    tested.add_argument("file", metavar="FILE", help="the file")
    tested.add_argument("--cases", metavar="FILE", help="the worked cases (default: the file's name with .cases.toml)")
    tested.add_argument(
        "--examples",
        metavar="NUMBER",
        type=int,
        default=20,
        help="the lives that each law is tried on, or 0 for none (default: 20)",
    )


def _add_diff(inner: Any) -> None:
    differing = add_command(
        inner,
        "diff",
        commands.rules_diff,
        "Describe the differences between two editions",
        "peer-ledger rules diff us-nc-cpss renewal-3 renewal-4",
    )
    differing.add_argument("rules", metavar="ID", help="the rule set")
    differing.add_argument("old", metavar="EDITION", help="one edition")
    differing.add_argument("new", metavar="EDITION", help="the other")
    add_form(differing)
