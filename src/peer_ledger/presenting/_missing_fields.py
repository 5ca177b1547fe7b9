"""
The unknown fields of a person's records, and whether they leave the answer undetermined.

A field is considered only where the rules can depend on it: the writer of a letter where letters must come from
different people, the method of a filing where an edition begins on a different day for one method.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import GRANTS
from peer_ledger.reports import Line, Report
from peer_ledger.reports._sentences import NOT_RECORDED
from peer_ledger.rules import Custom, Documents, Procedure, RuleSet, method_question, with_inner
from peer_ledger.values.vocabularies import standard_vocabularies


@attrs.frozen(kw_only=True)
class Gap:
    """
    A field that is unknown in some of a person's records.

    Attributes:
        record: The type of record.
        field: The field.
        records: How many records lack it.
        undecides: Whether the answer is undetermined because of it.
    """

    record: str
    field: str
    records: int
    undecides: bool


class RequiredFields:
    """
    The fields that the answers of a rule set can depend on.

    Args:
        rules: The rule set; `None` when it is not available, and any field may matter.
    """

    def __init__(self, rules: RuleSet | None) -> None:
        self._rules = rules
        self._documents: list[Documents] = []
        self._is_any = rules is None
        for procedure in rules.procedures if rules is not None else ():
            for edition in procedure.editions:
                self._documents += [
                    requirement for requirement in edition.requirements if isinstance(requirement, Documents)
                ]
                # A custom check may depend on any field.
                custom = [
                    requirement for requirement in with_inner(edition.requirements) if isinstance(requirement, Custom)
                ]
                self._is_any = self._is_any or any(requirement.subject == "documents" for requirement in custom)
        terms = standard_vocabularies()["documents"].terms
        self._with_value = {term.id for term in terms if term.value is not None}

    def writer(self, kind: str) -> bool:
        """Return whether it matters who wrote a document."""
        return self._is_any or any(
            documents.document_kind == kind and documents.from_different for documents in self._documents
        )

    def value(self, kind: str) -> bool:
        """Return whether the value that a document states matters."""
        is_asked = any(
            documents.document_kind == kind and (documents.at_least is not None or documents.at_most is not None)
            for documents in self._documents
        )
        return is_asked or (self._is_any and kind in self._with_value)

    def filing_day(self, step: str, which: str) -> bool:
        """Return whether this day of a filing, `sent` or `received`, is the one that counts."""
        procedure = self._procedure(step)
        return procedure is None or procedure.filed_when == which

    def method_questions(self, step: str) -> set[str]:
        """Return the ids of the questions that arise when the method of a filing is unknown."""
        procedure = self._procedure(step)
        return {
            method_question(edition, own.method)
            for edition in (procedure.editions if procedure is not None else ())
            for own in (edition.begins.by_method if edition.begins is not None else ())
        }

    def method(self, step: str) -> bool:
        """Return whether the method of a filing matters."""
        return self._rules is None or bool(self.method_questions(step))

    def _procedure(self, step: str) -> Procedure | None:
        return None if self._rules is None else self._rules.procedure(step)


Lacks = Callable[[Any, RequiredFields], bool]

FIELDS: Mapping[tuple[str, str], Lacks] = {
    ("training-event", "credits"): lambda event, _: event.credits is None,
    ("training-event", "topics"): lambda event, _: any(credit.topics is None for credit in event.credits or ()),
    ("training-event", "delivery"): lambda event, _: event.delivery is None,
    ("training-event", "provider"): lambda event, _: event.provider is None,
    ("training-event", "approvals"): lambda event, _: event.approved_by is None,
    ("certification", "on"): lambda act, _: act.on is None,
    ("certification", "expires"): lambda act, _: act.act in GRANTS and act.expires is None,
    ("filing", "sent"): lambda filing, required: filing.sent is None and required.filing_day(filing.step, "sent"),
    ("filing", "received"): lambda filing, required: (
        filing.received is None and required.filing_day(filing.step, "received")
    ),
    ("filing", "method"): lambda filing, required: filing.method is None and required.method(filing.step),
    ("document", "by"): lambda document, required: document.by is None and required.writer(document.kind),
    ("document", "value"): lambda document, required: document.value is None and required.value(document.kind),
    ("designation", "awarded"): lambda designation, _: designation.awarded is None,
    ("designation", "last_day"): lambda designation, _: designation.last_day is None,
    ("verification", "status"): lambda verification, _: verification.status is None,
    ("verification", "shown_until"): lambda verification, _: verification.shown_until is None,
}
"""The fields of records that may be unknown, and the test for each; details supplied by a course are known."""


def gaps(report: Report, history: History, required: RequiredFields) -> Iterator[Gap]:
    """
    Yield the unknown fields in the records behind an answer.

    Args:
        report: The answer.
        history: The records behind it.
        required: The fields that the rules can depend on.
    """
    vague = {line.record for line in _vague_lines(report)}
    due = report.dates.due
    is_open = report.standing == "undetermined" or (due is not None and due.day is None)
    questions = {open_question.question.id for open_question in report.questions}
    records: dict[str, Iterable[Any]] = {
        "training-event": [event for event in history.events if event.record.completed <= report.on],
        "certification": history.acts,
        "filing": history.filings,
        "document": history.documents,
        "designation": history.designations,
        "verification": history.verifications,
    }
    for (kind, field), lacks in FIELDS.items():
        lacking = [record for record in records[kind] if lacks(record, required)]
        if not lacking:
            continue
        undecides = kind == "certification" and is_open
        if kind == "training-event":
            undecides = any(event.record.id in vague for event in lacking)
        elif field == "value":
            undecides = any(record.id in vague for record in lacking)
        elif field == "method":
            undecides = any(questions & required.method_questions(record.step) for record in lacking)
        yield Gap(record=kind, field=field, records=len(lacking), undecides=undecides)


def _vague_lines(report: Report) -> Iterator[Line]:
    for finding in report.findings:
        if finding.result == "undetermined":
            yield from (
                line for line in finding.lines if line.why_not is not None and line.why_not.kind in NOT_RECORDED
            )
