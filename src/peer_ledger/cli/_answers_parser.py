"""
The arguments of the commands on answers: side by side, with receipts, and for an audit.
"""

from typing import Any

from peer_ledger.cli import _answers as answers
from peer_ledger.cli._options import add_asking, add_command, add_form, add_ledger

_RULES = "an id, or a file of one rule set; with ::EDITION at its end, that edition alone"


def add_answers(several: Any) -> None:
    """Add the commands."""
    _add_compare(several)
    _add_impact(several)
    _add_changes(several)
    _add_receipts(several)
    _add_audits(several)


def _add_compare(several: Any) -> None:
    command = add_command(
        several,
        "compare",
        answers.compare,
        "Show where a person would stand under the rules of other bodies",
        """\
peer-ledger compare p-17
peer-ledger compare p-17 --with us-me-cipss --with us-ny-crpa --on 2026-02-15""",
    )
    command.add_argument(
        "--with",
        dest="other",
        metavar="ID",
        action="append",
        default=[],
        help="a rule set, described in sentences; may be repeated (default: a table of all)",
    )
    add_asking(command, person=True, readings=False)


def _add_impact(several: Any) -> None:
    command = add_command(
        several,
        "impact",
        answers.impact,
        "Show whom a change of rules would affect, and by which requirement",
        """\
peer-ledger impact us-nc-cpss edited.toml --on 2026-02-15
peer-ledger impact us-nc-cpss::renewal-3 us-nc-cpss::renewal-4 --format csv > affected.csv""",
    )
    command.add_argument("before", metavar="BEFORE", help=f"the rules before: {_RULES}")
    command.add_argument("after", metavar="AFTER", help="the rules after, in the same way")
    add_asking(command, processes=True, rules=False)


def _add_changes(several: Any) -> None:
    command = add_command(
        several,
        "changes",
        answers.changes,
        "Show whose standing changed, and why",
        """\
peer-ledger changes --since 2026-01-15 --on 2026-02-15
peer-ledger changes --since 2026-02-15 --on 2026-02-15 --known-since 2026-03-01T00:00-05:00
peer-ledger changes --since 2026-02-15 --on 2026-02-15 --rules-before last-year.toml""",
    )
    command.add_argument("--since", metavar="DAY", required=True, help="the day before; --on is the day after")
    for name, which in (("--known-since", "before"), ("--known-until", "after")):
        command.add_argument(
            name,
            metavar="MOMENT",
            help=f"what was known of the ledger {which}, such as 2026-03-01T09:30-05:00 (default: all of it)",
        )
    command.add_argument("--rules-before", metavar="RULES", help=f"the rules before: {_RULES} (default: --rules)")
    add_asking(command, processes=True)


def _add_receipts(several: Any) -> None:
    command = add_command(
        several,
        "receipt",
        answers.receipt,
        "Print the receipt of a report, which lets anyone make it again byte for byte",
        """\
peer-ledger receipt p-17 --on 2026-02-15 > p-17.receipt
peer-ledger receipt p-17 --on 2026-02-15 --to p-17.receipt""",
    )
    command.add_argument("--to", metavar="FILE", help="the file to write (default: print it)")
    add_asking(command, person=True, form=False)
    command = add_command(
        several,
        "verify-receipt",
        answers.verify_receipt,
        "Make a report again from its receipt, and say what moved if it comes out otherwise",
        "peer-ledger verify-receipt p-17.receipt",
    )
    command.add_argument("receipt", metavar="FILE", help="the receipt")
    add_ledger(command)
    add_form(command)


def _add_audits(several: Any) -> None:
    command = add_command(
        several,
        "packet",
        answers.packet,
        "Show the audit packet of a person: what counted, the evidence, what was left out, and the proof",
        """\
peer-ledger packet p-17 --on 2026-02-15 --to p-17.html
peer-ledger packet p-17 --cycle 1 --format csv""",
    )
    command.add_argument(
        "--cycle", metavar="NUMBER", type=int, help="a cycle that a renewal closed, from 1 (default: the next step)"
    )
    command.add_argument("--to", metavar="FILE", help="the page to write (default: print it)")
    add_asking(command, person=True)
    command = add_command(
        several,
        "audit",
        answers.audit,
        "Draw people for an audit, and write their packets to a folder",
        'peer-ledger audit --size 20 --seed "board meeting of March 3, 2026" --on 2026-02-15 --to audit-2026',
    )
    command.add_argument("--size", metavar="NUMBER", type=int, required=True, help="how many people to draw")
    command.add_argument("--seed", metavar="TEXT", required=True, help="any text; with it the sample can be redrawn")
    command.add_argument("--to", metavar="FOLDER", required=True, help="a new or empty folder")
    add_asking(command, form=False)
