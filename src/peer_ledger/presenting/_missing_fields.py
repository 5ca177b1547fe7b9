"""
Which fields of somebody's records are unknown, and whether an answer is undecided for want of them.

A field is looked at only where the rules can ask for it: the writer of a letter where letters have to come from
different people, the method of a filing where an edition begins on another day for some method.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import GRANTS
from peer_ledger.reports import Line, Report
from peer_ledger.rules import Custom, Documents, Procedure, RuleSet, method_question, with_inner
from peer_ledger.values.vocabularies import standard_vocabularies

_VAGUE = ("its hours are not recorded", "the records do not say", "it does not say")


@attrs.frozen(kw_only=True)
class Gap:
    """
    A field that is unknown in some of somebody's records.

    Attributes:
        record: The type of record.
        field: The field.
        records: How many records lack it.
        undecides: Whether the answer is not decided for want of it.
    """

    record: str
    field: str
    records: int
    undecides: bool


class RequiredFields:
    """
    Which fields a rule set can ask for at all.

    Args:
        rules: The rule set; `None` when it is not at hand: any field may be asked for then.
    """

    def __init__(self, rules: RuleSet | None) -> None:
        self._rules = rules
        self._documents: list[Documents] = []
        self._is_any = rules is None
        for procedure in rules.procedures if rules is not None else ():
            for edition in procedure.editions:
                self._documents += [one for one in edition.requirements if isinstance(one, Documents)]
                # Of what a function asks for, nobody knows.
                custom = [one for one in with_inner(edition.requirements) if isinstance(one, Custom)]
                self._is_any = self._is_any or any(one.subject == "documents" for one in custom)
        terms = standard_vocabularies()["documents"].terms
        self._with_value = {term.id for term in terms if term.value is not None}

    def writer(self, kind: str) -> bool:
        """Whether it matters who attested something."""
        return self._is_any or any(one.document_kind == kind and one.from_different for one in self._documents)

    def value(self, kind: str) -> bool:
        """Whether it matters how much a document says."""
        is_asked = any(one.document_kind == kind and one.at_least is not None for one in self._documents)
        return is_asked or (self._is_any and kind in self._with_value)

    def filing_day(self, step: str, which: str) -> bool:
        """Whether it is this day of a filing, the one it was `sent` or `received`, that counts."""
        procedure = self._procedure(step)
        return procedure is None or procedure.filed_when == which

    def method_questions(self, step: str) -> set[str]:
        """Return the questions that arise where a filing does not say how it was filed."""
        procedure = self._procedure(step)
        return {
            method_question(edition, one.method)
            for edition in (procedure.editions if procedure is not None else ())
            for one in (edition.begins.by_method if edition.begins is not None else ())
        }

    def method(self, step: str) -> bool:
        """Whether it matters how something was filed."""
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
    ("filing", "sent"): lambda one, required: one.sent is None and required.filing_day(one.step, "sent"),
    ("filing", "received"): lambda one, required: one.received is None and required.filing_day(one.step, "received"),
    ("filing", "method"): lambda one, required: one.method is None and required.method(one.step),
    ("document", "by"): lambda one, required: one.by is None and required.writer(one.kind),
    ("document", "value"): lambda one, required: one.value is None and required.value(one.kind),
    ("designation", "awarded"): lambda one, _: one.awarded is None,
    ("designation", "last_day"): lambda one, _: one.last_day is None,
    ("verification", "status"): lambda one, _: one.status is None,
    ("verification", "shown_until"): lambda one, _: one.shown_until is None,
}
"""The fields of records that may be unknown, and how one tells; what a course tells of a training is known."""


def gaps(report: Report, history: History, required: RequiredFields) -> Iterator[Gap]:
    """
    Find the fields that are unknown in what an answer was made of.

    Args:
        report: The answer.
        history: What it was made of.
        required: Which fields the rules can ask for.
    """
    vague = {line.record for line in _vague_lines(report)}
    due = report.dates.due
    is_open = report.standing == "undetermined" or (due is not None and due.day is None)
    questions = {one.question.id for one in report.questions}
    records: dict[str, Iterable[Any]] = {
        "training-event": [event for event in history.events if event.record.completed <= report.on],
        "certification": history.acts,
        "filing": history.filings,
        "document": history.documents,
        "designation": history.designations,
        "verification": history.verifications,
    }
    for (kind, field), lacks in FIELDS.items():
        lacking = [one for one in records[kind] if lacks(one, required)]
        if not lacking:
            continue
        undecides = kind == "certification" and is_open
        if kind == "training-event":
            undecides = any(event.record.id in vague for event in lacking)
        elif field == "value":
            undecides = any(one.id in vague for one in lacking)
        elif field == "method":
            undecides = any(questions & required.method_questions(one.step) for one in lacking)
        yield Gap(record=kind, field=field, records=len(lacking), undecides=undecides)


def _vague_lines(report: Report) -> Iterator[Line]:
    for finding in report.findings:
        if finding.result == "undetermined":
            yield from (line for line in finding.lines if (line.why_not or "").startswith(_VAGUE))
