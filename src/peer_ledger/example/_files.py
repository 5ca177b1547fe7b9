"""
The import of the example's files.
"""

from datetime import date
from importlib.resources import as_file, files

from peer_ledger.importing import Imported, complete, import_file, plan_import
from peer_ledger.ledger import Ledger
from peer_ledger.rulesets._bundled import DEFAULT

ON = date(2026, 2, 15)
"""The day for which reports on the people are made."""

SHOWN = "p-102"
"""The person whose report is shown in full; a quarter of an hour is missing."""

FILES = (
    ("courses.csv", None),
    ("roster.csv", "relias-historical"),
    ("certificates.csv", None),
    ("documents.csv", None),
    ("filings.csv", None),
)
"""The files, in the order in which they are read, with the profile of each file whose headings need one."""

_COMPLETE = ("certification", "document")


def import_example() -> tuple[Ledger, list[tuple[str, Imported]]]:
    """
    Read the example's files into a ledger in memory.

    Returns:
        The ledger, and the name and the import of each file.
    """
    ledger = Ledger()
    read: list[tuple[str, Imported]] = []
    for name, profile in FILES:
        with as_file(files("peer_ledger.example").joinpath(name)) as path:
            imported = import_file(
                path,
                profile=profile,
                catalog=ledger.shared_records(),
                fixed={"credential": DEFAULT},
                today=ON,
            )
        ledger.append(plan_import(ledger, imported).to_append())
        if imported.kind in _COMPLETE:
            ledger.append(complete(imported, until=ON))
        read.append((name, imported))
    return ledger, read
