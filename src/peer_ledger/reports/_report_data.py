"""
The data of a report, which its texts and plain values are made from.
"""

from datetime import date
from fractions import Fraction

import attrs

from peer_ledger.reports._findings import Finding
from peer_ledger.reports._parts import Ahead, Dates, DesignationOutcome, OpenQuestion, Provenance
from peer_ledger.reports._remarks import Remark
from peer_ledger.reports._terms import InForce, Outcome, Standing, Status, Step
from peer_ledger.values._lazy import Lazy


@attrs.frozen(kw_only=True, slots=False)
class ReportData(Lazy):
    """
    The fields of a `Report`, which derives from it and describes them.

    What renders a report is typed by this class, so that `Report` can import it.
    """

    person: str
    on: date
    standing: Standing
    step: Step | None
    in_force: InForce
    outcome: Outcome
    hours_outcome: Outcome
    documents_outcome: Outcome
    status: Status
    hours_short: Fraction | None
    dates: Dates
    pending_since: date | None
    findings: tuple[Finding, ...]
    designations: tuple[DesignationOutcome, ...]
    questions: tuple[OpenQuestion, ...]
    caveats: tuple[Remark, ...]
    ahead: tuple[Ahead, ...]
    provenance: Provenance
