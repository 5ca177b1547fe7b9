"""
`python -m peer_ledger [LEDGER]`: what a ledger holds.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from importlib.resources import as_file, files

from peer_ledger import hours
from peer_ledger.errors import PeerLedgerError
from peer_ledger.interchange import read_records
from peer_ledger.ledger import Ledger, LedgerView
from peer_ledger.records import Certification, Record, TrainingEvent
from peer_ledger.vocabularies import check_words, standard_vocabularies


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Print what a ledger holds.

    Args:
        arguments: What stands after the program's name; `None` for the process's own.

    Returns:
        0; 1 when the ledger was altered; 2 when it cannot be read.
    """
    parser = argparse.ArgumentParser(
        prog="python -m peer_ledger",
        description="Verify a ledger and print, for each person, the training in it by topic.",
        epilog="Without LEDGER, the records of some invented people that come with the package.",
    )
    parser.add_argument("ledger", nargs="?", metavar="LEDGER", help="the file of a ledger")
    path = parser.parse_args(arguments).ledger
    try:
        with _example() if path is None else Ledger.open(path, read_only=True) as ledger:
            integrity = ledger.verify()
            print(integrity)
            for person in ledger.people():
                if person == min(ledger.same_person(person)):
                    _print_person(ledger, person)
    except PeerLedgerError as error:
        print(f"peer_ledger: {error}", file=sys.stderr)
        return 2
    return 0 if integrity else 1


def _example() -> Ledger:
    ledger = Ledger()
    with as_file(files("peer_ledger").joinpath("example.records.jsonl")) as path:
        ledger.append(read_records(path))
    return ledger


def _print_person(ledger: LedgerView, person: str) -> None:
    records = ledger.records_of(person)
    others = ", ".join(sorted(ledger.same_person(person) - {person}))
    print(f"\n{person}{f' (also {others})' if others else ''}")
    for record in records:
        if isinstance(record, Certification):
            on = f" on {record.on}" if record.on else ""
            until = f", printed expiry {record.expires}" if record.expires else ""
            print(f"  {record.credential}: {record.act}{on}{until}")
    amounts = _by_topic(records)
    topics = standard_vocabularies()["topics"]
    for (topic, unit), some in sorted(amounts.items()):
        term = topics.term(topic)
        amount = hours.total(some)
        print(f"  {hours.plain(amount):>8} {unit}{'s' if amount != 1 else ''}  {term.name if term else topic}")
    unknown = sum(isinstance(record, TrainingEvent) and record.credits is None for record in records)
    if unknown:
        print(f"  and {unknown} training{'s' if unknown > 1 else ''} whose hours are not recorded")
    for problem in check_words(records):
        print(f"  note: {problem}")


def _by_topic(records: Iterable[Record]) -> dict[tuple[str, str], list[Decimal]]:
    amounts: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for record in records:
        if isinstance(record, TrainingEvent):
            for credit in record.credits or ():
                topics = (
                    "topic not recorded" if credit.topics is None else ", ".join(sorted(credit.topics)) or "no topic"
                )
                amounts[topics, credit.unit].append(credit.amount)
    return amounts


if __name__ == "__main__":
    sys.exit(main())
