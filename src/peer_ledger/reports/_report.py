"""
The report: one answer for one person and day.
"""

from collections.abc import Iterable, Iterator
from typing import NoReturn

import attrs

from peer_ledger.errors import InvalidValue, shown, shown_name
from peer_ledger.ledger import LedgerView
from peer_ledger.records import Course, TrainingEvent
from peer_ledger.reports._card import report_card
from peer_ledger.reports._dicts import ReportDict
from peer_ledger.reports._findings import Finding
from peer_ledger.reports._parts import Asked
from peer_ledger.reports._plain import report_to_dict
from peer_ledger.reports._report_data import ReportData
from peer_ledger.reports._text import report_text
from peer_ledger.values._lazy import when_read


@when_read("findings", "designations", "questions", "caveats", "ahead", "provenance", "under_assumed", "asked")
@attrs.frozen(kw_only=True, slots=False)
class Report(ReportData):
    """
    The answer for one person on one day.

    A report has no truth value; use its `status`, its `outcome` or its `in_force`.

    Attributes:
        person: The id of the person.
        on: The day.
        standing: Where the certification is in its life.
        step: What can be applied for next; `None` when nothing can.
        in_force: Whether the person may practice on the day.
        outcome: Whether the requirements of the step are all met with what is on file.
        hours_outcome: The outcome of the hours alone.
        documents_outcome: The outcome of the documents alone.
        status: The headline.
        hours_short: How many hours of training are missing under the assumed readings, over all requirements of hours;
            `None` when their outcome is undetermined.
        dates: The dates of the answer; each is `None` where there is none.
        pending_since: The day of a filing that is not decided yet; `None` when there is none.
        findings: The result of each requirement, under the assumed readings.
        designations: Whether each optional designation that is held can be kept, apart from the step.
        questions: The open questions, each with the answer under every reading.
        caveats: What was assumed.
        ahead: The editions to come and what they would change.
        provenance: The rules and entries that the answer rests on.
        under_assumed: The report under the assumed readings; `None` when no question is open.
        asked: How the report was asked for; reports that say the same are equal however they were asked for.
    """

    under_assumed: "Report | None" = attrs.field(default=None, repr=False)
    asked: Asked = attrs.field(default=Asked(), repr=False, eq=False)

    @property
    def assumed(self) -> "Report":
        """The report under the assumed readings; this one when no question is open."""
        return self if self.under_assumed is None else self.under_assumed

    def __str__(self) -> str:
        return report_text(self)

    def text(self, ledger: LedgerView | None = None) -> str:
        """
        Return the report in sentences, as `str` does.

        Args:
            ledger: The records of the answer, so that trainings appear by their titles; `None` for their ids, where
                others than the person may read the text.
        """
        return report_text(self, {} if ledger is None else dict(_titles(ledger, self.person)))

    def _repr_html_(self) -> str:
        return report_card(self)

    def to_dict(self) -> ReportDict:
        """
        Return the report as plain values: days and amounts are texts, `version` is that of the form.
        """
        return report_to_dict(self)

    def __bool__(self) -> NoReturn:
        raise TypeError("a report is not true or false; use its status, outcome or in_force")

    def finding(self, requirement: str) -> Finding:
        """
        Return the finding of a requirement.

        Raises:
            InvalidValue: The report has no such requirement; the message lists those it has.
        """
        for finding in self.findings:
            if finding.requirement == requirement:
                return finding
        known = ", ".join(finding.requirement for finding in self.findings) or "none"
        raise InvalidValue(f"no requirement {shown_name(requirement)} was asked; there were {known}")


def all_reports(reports: Iterable[Report]) -> Iterator[Report]:
    """
    Yield reports.

    Raises:
        InvalidValue: Something among them is none.
    """
    for place, report in enumerate(reports, 1):
        if not isinstance(report, Report):
            raise InvalidValue(
                f"reports must be reports, as evaluate_all returns them; item {place} is {shown(report)}"
            )
        yield report


def _titles(ledger: LedgerView, person: str) -> Iterator[tuple[str, str]]:
    """Yield the ids of a person's trainings with their titles: their own, or those of their courses."""
    records = ledger.records_of(person)
    courses = {record.id: record.title for record in ledger.shared_records() if isinstance(record, Course)}
    for record in records:
        if isinstance(record, TrainingEvent):
            title = record.title or courses.get(record.course or "")
            if title is not None:
                yield record.id, title
