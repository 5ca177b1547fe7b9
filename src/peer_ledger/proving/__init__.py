"""
Proof: receipts by which a report is made again byte for byte, packets for an auditor, and samples drawn for an audit.

>>> from peer_ledger import evaluate
>>> from peer_ledger.example import ON, import_example
>>> ledger, _ = import_example()
>>> report = evaluate(ledger, "p-103", on=ON)
>>> kept = receipt(report, ledger).text()

Later, and from the ledger as it has become:

>>> bool(verify_receipt(read_receipt(kept), ledger))
True
"""

from peer_ledger.proving._audits import Audit, audit
from peer_ledger.proving._exhibits import CountedFor, Exhibit
from peer_ledger.proving._packets import Packet, packet
from peer_ledger.proving._receipts import Receipt, read_receipt, receipt, report_json
from peer_ledger.proving._samples import Sample, draw_sample
from peer_ledger.proving._verifying import Mismatch, Verified, verify_receipt

__all__ = [
    "Audit",
    "CountedFor",
    "Exhibit",
    "Mismatch",
    "Packet",
    "Receipt",
    "Sample",
    "Verified",
    "audit",
    "draw_sample",
    "packet",
    "read_receipt",
    "receipt",
    "report_json",
    "verify_receipt",
]
