"""
The ledger: an append-only list of records, chained so that tampering is detected.

>>> from peer_ledger.records import Credit, TrainingEvent
>>> ledger = Ledger()
>>> event = TrainingEvent(id="e-1", person="p-1", completed="2025-03-04", credits=[Credit(amount=3, topics={"ethics"})])
>>> ledger.append(event, at="2025-03-05T12:00Z").added
1
>>> _ = ledger.correct("e-1", {"credits": [Credit(amount=2, topics={"ethics"})]},
...                    reason="the certificate says 2 hours", at="2025-04-01T12:00Z")
>>> [record.credits[0].amount for record in ledger.records_of("p-1")]
[Decimal('2')]
>>> [record.credits[0].amount for record in ledger.known_at("2025-03-31T00:00Z").records_of("p-1")]
[Decimal('3')]
>>> bool(ledger.verify())
True
"""

from peer_ledger.ledger._appending import Appended
from peer_ledger.ledger._chain import Head
from peer_ledger.ledger._erasing import Erased
from peer_ledger.ledger._ledger import Ledger
from peer_ledger.ledger._supposing import Basis
from peer_ledger.ledger._verification import Integrity
from peer_ledger.ledger._view import Entry, LedgerView
from peer_ledger.ledger.archive import read_archive, write_archive
from peer_ledger.ledger.backup import Backup, Restored, back_up, restore
from peer_ledger.ledger.cache import CacheWritten, write_cache
from peer_ledger.ledger.reconciliation import Correction, Reconciliation, number_rows, reconcile

__all__ = [
    "Appended",
    "Backup",
    "Basis",
    "CacheWritten",
    "Correction",
    "Entry",
    "Erased",
    "Head",
    "Integrity",
    "Ledger",
    "LedgerView",
    "Reconciliation",
    "Restored",
    "back_up",
    "number_rows",
    "read_archive",
    "reconcile",
    "restore",
    "write_archive",
    "write_cache",
]
