"""
Where a person stands on a day under a rule set: the question that the package exists for.

>>> from peer_ledger import Certification, Credit, Ledger, TrainingEvent
>>> ledger = Ledger()
>>> _ = ledger.append([
...     Certification(id="c-1", person="p-1", credential="us-nc-cpss", act="awarded", on="2024-03-14"),
...     TrainingEvent(id="e-1", person="p-1", completed="2025-02-03", credits=[
...         Credit(amount=3, topics={"ethics"}), Credit(amount="16.75", topics={"recovery"})]),
... ])
>>> report = evaluate(ledger, "p-1", on="2026-01-15")
>>> report.standing, report.hours_outcome, report.dates.due.day.isoformat()
('current', 'short', '2026-03-31')
>>> [(finding.requirement, str(finding.short)) for finding in report.findings if finding.result == "short"]
[('training', '1/4')]
"""

from peer_ledger.evaluation._credentials import CredentialReports, UnknownCredential
from peer_ledger.evaluation._evaluate import (
    check_proof,
    evaluate,
    evaluate_all,
    evaluate_credentials,
    holders,
    in_force,
    standing_history,
)
from peer_ledger.evaluation._over_time import Period

__all__ = [
    "CredentialReports",
    "Period",
    "UnknownCredential",
    "check_proof",
    "evaluate",
    "evaluate_all",
    "evaluate_credentials",
    "holders",
    "in_force",
    "standing_history",
]
