"""
What an answer consists of: the report, its dates, its open questions and where it came from.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Literal, NoReturn, get_args

import attrs

from peer_ledger._report_card import report_card
from peer_ledger._report_text import report_text, report_to_dict
from peer_ledger._standing import Standing
from peer_ledger._view import LedgerView
from peer_ledger.errors import InvalidValue, nearest, shown_name
from peer_ledger.findings import Finding
from peer_ledger.questions import Question, Reading
from peer_ledger.records import Course, TrainingEvent

Outcome = Literal["met", "short", "undetermined", "not applicable"]
"""Whether the requirements of the step are all met with what is on file."""

InForce = Literal["yes", "no", "undetermined"]
"""Whether the person may practise on the day."""


COMPONENTS = ("standing", "in_force", "outcome", "hours", "documents", "status")
"""The components of an answer, apart from its dates."""

STATUSES = (
    "revoked", "suspended", "surrendered", "inactive", "undetermined", "lapsed", "late", "not certified",
    "ready to apply", "compliant", "due soon", "in progress",
)  # fmt: skip
"""The headlines that an answer may have."""

_VALUES: Mapping[str, tuple[str, ...]] = {
    "standing": get_args(Standing),
    "in_force": get_args(InForce),
    "outcome": get_args(Outcome),
    "hours": get_args(Outcome),
    "documents": get_args(Outcome),
    "status": STATUSES,
}


@attrs.frozen(kw_only=True)
class Day:
    """
    One date of an answer.

    Attributes:
        day: The date; `None` when there is none, or it is not decided.
        candidates: All dates that some reading gives, from the earliest; one when it is decided.
        why: Where it comes from.
    """

    day: date | None
    candidates: tuple[date, ...]
    why: str


@attrs.frozen
class Dates(Mapping[str, Day]):
    """
    The dates of an answer by name, as far as there are any.

    They are `due`, `expiry`, `opens`, `timely_until` (where filing in time does not end on the due date), `late_until`,
    `reinstate_until`, `earning_begins` and `earning_ends`.
    """

    _days: tuple[tuple[str, Day], ...]

    def __getitem__(self, name: str) -> Day:
        return dict(self._days)[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._days)

    def __len__(self) -> int:
        return len(self._days)


@attrs.frozen(kw_only=True)
class Alternative:
    """
    What one reading of an open question would give, while of the others the assumed one is taken.

    Attributes:
        reading: The reading.
        answer: Every component of the answer and every date there is, by name.
        gives: Those of them that would be different from those under the assumed reading.
    """

    reading: Reading
    answer: tuple[tuple[str, str], ...]
    gives: tuple[tuple[str, str], ...]


@attrs.frozen(kw_only=True)
class OpenQuestion:
    """
    A question that changes the answer for this person on this day.

    Attributes:
        question: The question.
        alternatives: What each reading would give.
    """

    question: Question
    alternatives: tuple[Alternative, ...]


@attrs.frozen(kw_only=True)
class Ahead:
    """
    An edition that begins before the last day of filing.

    Attributes:
        edition: Its id.
        begins: The first day it governs.
        says: What is new in it.
        outcome: The outcome it would give with what is on file.
    """

    edition: str
    begins: date
    says: str
    outcome: Outcome


@attrs.frozen(kw_only=True)
class Provenance:
    """
    What an answer was made of.

    Attributes:
        ruleset: The rule set's id.
        version: Its version.
        digest: Its digest.
        edition: The edition that governed; `None` when none did.
        entries: How many entries of the ledger were read.
        known: The number of the ledger's last entry.
    """

    ruleset: str
    version: str
    digest: str
    edition: str | None
    entries: int
    known: int


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
        in_force: Whether the person may practise on the day.
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
        Give the report as plain values: days as texts, amounts as texts, `version` for the form itself.
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


@attrs.frozen(kw_only=True)
class Hinge:
    """
    How many people's answers hinge on a question, and how they would come out.

    Attributes:
        question: The question.
        people: Whose answers hinge on it, sorted.
        counts: For each reading and each component of the answer, how many of these people would have which value:
            the reading's id, the component, the value and the number.
    """

    question: Question
    people: tuple[str, ...]
    counts: tuple[tuple[str, str, str, int], ...]

    def count(self, reading: str, component: str, value: str) -> int:
        """
        Say how many of these people would have a value under a reading.

        Args:
            reading: The id of one of the question's readings.
            component: A component of the answer, as `outcome`.
            value: One of its values, as `short`.

        Raises:
            InvalidValue: The question has no such reading, an answer no such component, or the component can never
                have such a value; the message lists those there are.
        """
        _refuse_unknown("reading", reading, [one.id for one in self.question.readings])
        _refuse_unknown("component", component, COMPONENTS)
        _refuse_unknown(f"value of {component}", value, _VALUES[component])
        return sum(many for *what, many in self.counts if what == [reading, component, value])


def _refuse_unknown(what: str, given: str, known: Iterable[str]) -> None:
    listed = list(known)
    if given not in listed:
        raise InvalidValue(
            f"there is no {what} {shown_name(given)}{nearest(given, listed)}; there are {', '.join(listed)}"
        )


def hinges(reports: Iterable[Report]) -> tuple[Hinge, ...]:
    """
    Say of every question that is open for somebody how many people hinge on it, and with what outcomes.

    Whoever owns the rule can then answer what matters most; `readings={...}` closes it for the whole roster.

    Args:
        reports: Reports under one rule set, as `evaluate_all` gives them.

    Returns:
        The questions, those first by which most people would come out otherwise, and not only with another date; then
        those on which most people hinge.
    """
    questions: dict[str, Question] = {}
    people: dict[str, set[str]] = {}
    counts: dict[str, Counter[tuple[str, str, str]]] = {}
    otherwise: Counter[str] = Counter()
    for report in reports:
        for one in report.questions:
            name = one.question.id
            otherwise[name] += any(what in COMPONENTS for other in one.alternatives for what, _ in other.gives)
            questions[name] = one.question
            people.setdefault(name, set()).add(report.person)
            counts.setdefault(name, Counter()).update(
                (alternative.reading.id, component, value)
                for alternative in one.alternatives
                for component, value in alternative.answer
                if component in COMPONENTS
            )
    found = [
        Hinge(
            question=question,
            people=tuple(sorted(people[name])),
            counts=tuple((*what, many) for what, many in sorted(counts[name].items())),
        )
        for name, question in questions.items()
    ]
    return tuple(sorted(found, key=lambda one: (-otherwise[one.question.id], -len(one.people), one.question.id)))


def _titles(ledger: LedgerView, person: str) -> Iterator[tuple[str, str]]:
    """Give the titles of somebody's trainings, by their ids: their own, or those of their courses."""
    records = ledger.records_of(person)
    courses = {one.id: one.title for one in ledger.shared_records() if isinstance(one, Course)}
    for record in records:
        if isinstance(record, TrainingEvent):
            title = record.title or courses.get(record.course or "")
            if title is not None:
                yield record.id, title
