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
from peer_ledger.rules import Attested, Judged, Procedure, RuleSet, method_question, with_inner
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


class Asked:
    """
    Which fields a rule set can ask for at all.

    Args:
        rules: The rule set; `None` when it is not at hand: any field may be asked for then.
    """

    def __init__(self, rules: RuleSet | None) -> None:
        self._rules = rules
        self._attested: list[Attested] = []
        self._is_any = rules is None
        for procedure in rules.procedures if rules is not None else ():
            for edition in procedure.editions:
                self._attested += [one for one in edition.requirements if isinstance(one, Attested)]
                # Of what a function asks for, nobody knows.
                judged = [one for one in with_inner(edition.requirements) if isinstance(one, Judged)]
                self._is_any = self._is_any or any(one.subject == "documents" for one in judged)
        terms = standard_vocabularies()["attestations"].terms
        self._with_value = {term.id for term in terms if term.value is not None}

    def writer(self, kind: str) -> bool:
        """Whether it matters who attested something."""
        return self._is_any or any(one.attested == kind and one.from_different for one in self._attested)

    def value(self, kind: str) -> bool:
        """Whether it matters how much an attestation says."""
        is_asked = any(one.attested == kind and one.at_least is not None for one in self._attested)
        return is_asked or (self._is_any and kind in self._with_value)

    def filing_day(self, step: str, which: str) -> bool:
        """Whether it is this day of a filing, the one it was `sent` or `received`, that counts."""
        procedure = self._procedure(step)
        return procedure is None or procedure.filed_when == which

    def method_questions(self, step: str) -> set[str]:
        """Give the questions that arise where a filing does not say how it was filed."""
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


Lacks = Callable[[Any, Asked], bool]

FIELDS: Mapping[tuple[str, str], Lacks] = {
    ("training-event", "credits"): lambda event, _: event.credits is None,
    ("training-event", "topics"): lambda event, _: any(credit.topics is None for credit in event.credits or ()),
    ("training-event", "delivery"): lambda event, _: event.delivery is None,
    ("training-event", "provider"): lambda event, _: event.provider is None,
    ("training-event", "approvals"): lambda event, _: event.approved_by is None,
    ("certification", "on"): lambda act, _: act.on is None,
    ("certification", "expires"): lambda act, _: act.act in GRANTS and act.expires is None,
    ("filing", "sent"): lambda one, asked: one.sent is None and asked.filing_day(one.step, "sent"),
    ("filing", "received"): lambda one, asked: one.received is None and asked.filing_day(one.step, "received"),
    ("filing", "method"): lambda one, asked: one.method is None and asked.method(one.step),
    ("attestation", "by"): lambda one, asked: one.by is None and asked.writer(one.attested),
    ("attestation", "value"): lambda one, asked: one.value is None and asked.value(one.attested),
    ("designation", "awarded"): lambda one, _: one.awarded is None,
    ("designation", "last_day"): lambda one, _: one.last_day is None,
    ("verification", "status"): lambda one, _: one.status is None,
    ("verification", "shown_until"): lambda one, _: one.shown_until is None,
}
"""The fields of records that may be unknown, and how one tells; what a course tells of a training is known."""


def gaps(report: Report, history: History, asked: Asked) -> Iterator[Gap]:
    """
    Find the fields that are unknown in what an answer was made of.

    Args:
        report: The answer.
        history: What it was made of.
        asked: Which fields the rules can ask for.
    """
    vague = {line.record for line in _vague_lines(report)}
    due = report.dates.get("due")
    is_open = report.standing == "undetermined" or (due is not None and due.day is None)
    questions = {one.question.id for one in report.questions}
    records: dict[str, Iterable[Any]] = {
        "training-event": [event for event in history.events if event.record.completed <= report.on],
        "certification": history.acts,
        "filing": history.filings,
        "attestation": history.attestations,
        "designation": history.designations,
        "verification": history.verifications,
    }
    for (kind, field), lacks in FIELDS.items():
        lacking = [one for one in records[kind] if lacks(one, asked)]
        if not lacking:
            continue
        undecides = kind == "certification" and is_open
        if kind == "training-event":
            undecides = any(event.record.id in vague for event in lacking)
        elif field == "value":
            undecides = any(one.id in vague for one in lacking)
        elif field == "method":
            undecides = any(questions & asked.method_questions(one.step) for one in lacking)
        yield Gap(record=kind, field=field, records=len(lacking), undecides=undecides)


def _vague_lines(report: Report) -> Iterator[Line]:
    for finding in report.findings:
        if finding.result == "undetermined":
            yield from (line for line in finding.lines if (line.why_not or "").startswith(_VAGUE))
