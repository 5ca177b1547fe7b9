"""
The report: one answer for one person and day.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, NoReturn

import attrs

from peer_ledger.errors import InvalidValue, shown_name
from peer_ledger.ledger import LedgerView
from peer_ledger.records import Course, TrainingEvent
from peer_ledger.reports._card import report_card
from peer_ledger.reports._findings import Finding
from peer_ledger.reports._parts import Ahead, Dates, OpenQuestion, Provenance
from peer_ledger.reports._terms import InForce, Outcome, Standing
from peer_ledger.reports._text import report_text, report_to_dict


@attrs.frozen(kw_only=True)
class Report:
    """
    Where a person stands on a day.

    A report has no truth value; ask for its `status`, its `outcome` or its `in_force`.

    Attributes:
        person: The id asked for.
        on: The day.
        standing: Where the certificate is in its life.
        step: What is next: `initial`, `renewal`, `reinstatement`; `None` when nothing can be done.
        in_force: Whether the person may practice on the day.
        outcome: Whether the requirements of the step are all met with what is on file.
        hours_outcome: The same of the hours alone.
        documents_outcome: The same of the documents alone.
        status: The headline.
        dates: Each date where there is one, by name.
        pending_since: The day of a filing that is not decided yet; `None` when there is none.
        findings: How each requirement stands, under the assumed readings.
        questions: What is open and what each answer would give.
        caveats: What was assumed.
        ahead: What a coming edition would change.
        provenance: What the answer was made of.
        under_assumed: The report under the assumed readings; `None` when nothing is open.
    """

    person: str
    on: date
    standing: Standing
    step: str | None
    in_force: InForce
    outcome: Outcome
    hours_outcome: Outcome
    documents_outcome: Outcome
    status: str
    dates: Dates
    pending_since: date | None
    findings: tuple[Finding, ...]
    questions: tuple[OpenQuestion, ...]
    caveats: tuple[str, ...]
    ahead: tuple[Ahead, ...]
    provenance: Provenance
    under_assumed: "Report | None" = attrs.field(default=None, repr=False)

    @property
    def assumed(self) -> "Report":
        """The full report under the assumed readings; this one when nothing is open."""
        return self if self.under_assumed is None else self.under_assumed

    def __str__(self) -> str:
        return report_text(self)

    def text(self, ledger: LedgerView | None = None) -> str:
        """
        Say the report in sentences, as `str` does.

        Args:
            ledger: What it was made of, so that trainings are called by their titles and not by their ids; `None`
                where nobody but the person may read them.
        """
        return report_text(self, {} if ledger is None else dict(_titles(ledger, self.person)))

    def _repr_html_(self) -> str:
        return report_card(self)

    def to_dict(self) -> dict[str, Any]:
        """
        Return the report as plain values: days as texts, amounts as texts, `version` for the form itself.
        """
        return report_to_dict(self)

    def __bool__(self) -> NoReturn:
        raise TypeError("a report is not true or false; ask for its status, outcome or in_force")

    def finding(self, requirement: str) -> Finding:
        """
        Find how a requirement stands.

        Raises:
            InvalidValue: It was not asked; the message lists those that were.
        """
        for finding in self.findings:
            if finding.requirement == requirement:
                return finding
        known = ", ".join(finding.requirement for finding in self.findings) or "none"
        raise InvalidValue(f"no requirement {shown_name(requirement)} was asked; there were {known}")


def _titles(ledger: LedgerView, person: str) -> Iterator[tuple[str, str]]:
    """Yield the titles of somebody's trainings, by their ids: their own, or those of their courses."""
    records = ledger.records_of(person)
    courses = {one.id: one.title for one in ledger.shared_records() if isinstance(one, Course)}
    for record in records:
        if isinstance(record, TrainingEvent):
            title = record.title or courses.get(record.course or "")
            if title is not None:
                yield record.id, title
