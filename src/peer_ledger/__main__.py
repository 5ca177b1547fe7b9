"""
`python -m peer_ledger [LEDGER]`: where everybody in a ledger stands.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from importlib.resources import as_file, files

from peer_ledger.dates import as_day, today_in
from peer_ledger.errors import PeerLedgerError
from peer_ledger.evaluation import DEFAULT, evaluate, evaluate_all
from peer_ledger.findings import plain_hours
from peer_ledger.interchange import read_records
from peer_ledger.ledger import Ledger
from peer_ledger.reports import Report
from peer_ledger.rulesets import ruleset

EXAMPLE_DAY = date(2026, 2, 15)
"""The day on which the people of the example are asked about."""


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Verify a ledger, print where everybody in it stands, and the full report of one person, or of those who need one.

    Args:
        arguments: What stands after the program's name; `None` for the process's own.

    Returns:
        0; 1 when the ledger was altered; 2 when it cannot be read or something else was meant.
    """
    parser = argparse.ArgumentParser(
        prog="python -m peer_ledger",
        description="Where everybody in a ledger stands under a rule set, and why.",
        epilog="Without LEDGER, the records of some invented people that come with the package.",
    )
    parser.add_argument("ledger", nargs="?", metavar="LEDGER", help="the file of a ledger")
    parser.add_argument("--on", metavar="DAY", help="the day asked about, as 2026-02-15; today when left out")
    parser.add_argument("--person", metavar="ID", help="print this person's report and nothing else")
    parser.add_argument("--rules", metavar="ID", default=DEFAULT, help=f"the rule set; {DEFAULT} when left out")
    given = parser.parse_args(arguments)
    try:
        rules = ruleset(given.rules)
        today = EXAMPLE_DAY if given.ledger is None else today_in(rules.time_zone)
        on = today if given.on is None else as_day(given.on)
        with _example() if given.ledger is None else Ledger.open(given.ledger, read_only=True) as ledger:
            if given.person is not None:
                print(evaluate(ledger, given.person, on=on, ruleset=rules))
                return 0
            integrity = ledger.verify()
            print(f"Ledger: {integrity}\nRules: {rules.name}\n")
            reports = list(evaluate_all(ledger, on=on, ruleset=rules))
    except PeerLedgerError as error:
        print(f"peer_ledger: {error}", file=sys.stderr)
        return 2
    _print_table(reports, on)
    for report in reports if given.ledger is None else []:
        print(f"\n{'-' * 80}\n{report}")
    return 0 if integrity else 1


def _example() -> Ledger:
    ledger = Ledger()
    with as_file(files("peer_ledger").joinpath("example.records.jsonl")) as path:
        ledger.append(read_records(path))
    return ledger


def _print_table(reports: Sequence[Report], on: date) -> None:
    rows = [(f"on {on}", "status", "in force", "due", "hours", "papers", "hours short")]
    rows += [
        (
            report.person,
            report.status,
            report.in_force,
            _day(report),
            report.hours_outcome,
            report.documents_outcome,
            _hours_short(report),
        )
        for report in reports
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _hours_short(report: Report) -> str:
    whole = [one for one in report.findings if one.unit == "hour" and one.part_of is None]
    return plain_hours(sum((one.short for one in whole), Fraction(0)))


def _day(report: Report) -> str:
    due = report.dates.get("due")
    if due is None:
        return "-"
    return str(due.day) if due.day is not None else "not decided"


if __name__ == "__main__":
    sys.exit(main())
