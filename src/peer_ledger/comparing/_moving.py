"""
Moving: where a person would stand under the rules of other bodies, with what is on file.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from html import escape
from typing import Any

import attrs

from peer_ledger._visible import visible
from peer_ledger.errors import InvalidValue, nearest, shown_name
from peer_ledger.evaluation import evaluate
from peer_ledger.evaluation._question import READINGS_BY_RULES, RULE_SETS, asks
from peer_ledger.evaluation._rule_sets import ChosenRuleSets, RuleSets
from peer_ledger.ledger import LedgerView
from peer_ledger.presenting._answer_tables import as_decimal
from peer_ledger.presenting._roster_cells import hours_of
from peer_ledger.presenting.tables import ColumnKind, Table
from peer_ledger.reports import Report
from peer_ledger.reports._html import part
from peer_ledger.reports._missing import missing_sentence, missing_text
from peer_ledger.reports._text import cited_sources
from peer_ledger.rules import Recognition, RuleSet
from peer_ledger.rulesets import ruleset as find_ruleset
from peer_ledger.values._wording import counted, spoken_day, units
from peer_ledger.values.dates import as_day
from peer_ledger.values.hours import plain_hours


@attrs.frozen(kw_only=True)
class CountedTraining:
    """
    How much of one training on file would count for one requirement.

    Attributes:
        record: The training's id.
        day: The day it was completed.
        requirement: The id of the requirement.
        unit: The unit of the amounts.
        recorded: How much is recorded; `None` where that cannot be converted.
        counted: How much would count.
        why_not: Why the rest would not, in words; `None` where all of it would.
    """

    record: str
    day: date
    requirement: str
    unit: str
    recorded: Fraction | None
    counted: Fraction
    why_not: str | None


@attrs.frozen(kw_only=True)
class Place:
    """
    Where a person would stand under one rule set.

    Attributes:
        ruleset: The rule set's id.
        credential: The name of the credential.
        body: The body that awards it, on whose authority the answer stands.
        jurisdiction: The jurisdiction.
        recognition: Whether the body recognizes the certificates of other states; `None` where that is not known.
        ask: Whom to ask: an address; `None` where none is known.
        report: The report there; for somebody without a certificate or a filing there, that of an applicant.
    """

    ruleset: str
    credential: str
    body: str
    jurisdiction: str
    recognition: Recognition | None
    ask: str | None
    report: Report

    @property
    def is_applicant(self) -> bool:
        """Whether the answer is that of somebody who was never certified there."""
        return self.report.standing == "not certified"

    @property
    def trainings(self) -> tuple[CountedTraining, ...]:
        """The trainings on file, each with what would count of it for each requirement that is no part of another."""
        return tuple(_trainings(self.report))

    @property
    def missing(self) -> str:
        """What would be missing, in a sentence."""
        return missing_sentence(self.report.assumed if self.report.standing != "undetermined" else self.report)

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources of what is asked there, each with its title and address."""
        return tuple(f"{source.id}: {source.title}, {source.address}" for source, _ in cited_sources(self.report))

    def __str__(self) -> str:
        return visible(" ".join(self._sentences()))

    def _sentences(self) -> Iterator[str]:
        report = self.report
        yield f"{self.credential} ({self.ruleset}):"
        if self.is_applicant:
            yield "The person would apply for a first certification."
            yield self._recognized
        else:
            yield f"A certification or a filing there is on file: {report.status}."
        have, need, _ = hours_of(report)
        if have is not None:
            of = "" if need is None else f" of {plain_hours(need)}"
            what = units(report.provenance.counts_in)
            yield f"With the training on file, {plain_hours(have)}{of} {what} would count."
        yield self.missing
        cited = ", ".join(source.id for source, _ in cited_sources(report))
        yield f"On the authority of {self.body}{f' [{cited}]' if cited else ''}."

    @property
    def _recognized(self) -> str:
        if self.recognition is not None:
            cited = ", ".join(self.recognition.cites)
            return f"On certificates of other states: {self.recognition.says.rstrip('.')} [{cited}]."
        whom = "" if self.ask is None else f"; ask {self.ask}"
        return f"Whether certificates of other states are recognized is not known{whom}."


@attrs.frozen(kw_only=True)
class Comparison:
    """
    Where one person would stand under several rule sets, on one day.

    Attributes:
        person: The id that was asked for.
        on: The day.
        places: The answers, in the order of the rule sets.
    """

    person: str
    on: date
    places: tuple[Place, ...]

    @property
    def title(self) -> str:
        """What it shows."""
        return f"Where {self.person} would stand on {spoken_day(self.on)} under {counted(len(self.places), 'rule set')}"

    def place(self, ruleset: str) -> Place:
        """
        Return the answer under one rule set.

        Raises:
            InvalidValue: It was not asked.
        """
        known = {place.ruleset: place for place in self.places}
        if ruleset not in known:
            raise InvalidValue(f"ruleset: {shown_name(ruleset)} was not compared{nearest(ruleset, known)}")
        return known[ruleset]

    def table(self) -> Table:
        """
        Return a row for each rule set.

        Hours are those of all requirements of hours together, in the unit that the rule set counts in; they are empty
        where nothing of the kind is asked, where no source says how much, or where it is undetermined. `recognition` is
        whether certificates of other states are accepted: `yes`, `no` or `with-conditions`; empty where that is not
        known.
        """
        columns: dict[str, ColumnKind] = {
            "rules": "category", "credential": "text", "status": "category", "step": "category", "outcome": "category",
            "hours_outcome": "category", "documents_outcome": "category", "hours_counted": "hours",
            "hours_need": "hours", "hours_short": "hours", "unit": "category", "missing": "text", "body": "text",
            "recognition": "category", "sources": "text",
        }  # fmt: skip
        rows = tuple(
            (
                place.ruleset, place.credential, report.status, report.step, report.outcome, report.hours_outcome,
                report.documents_outcome, *_hours(report), report.provenance.counts_in, missing_text(report) or None,
                place.body, place.recognition.accepts if place.recognition is not None else None,
                " ".join(source.id for source, _ in cited_sources(report)) or None,
            )
            for place in self.places
            for report in (place.report,)
        )  # fmt: skip
        return Table(headings=tuple(columns), rows=rows, kinds=tuple(columns.values()), title=self.title)

    def trainings(self) -> Table:
        """Return a row for each training, rule set and requirement: what would count, and why the rest would not."""
        columns: dict[str, ColumnKind] = {
            "training": "text", "completed": "day", "rules": "category", "requirement": "category",
            "recorded": "hours", "counted": "hours", "unit": "category", "why_not": "text",
        }  # fmt: skip
        rows = sorted(
            (
                one.record, one.day, place.ruleset, one.requirement,
                None if one.recorded is None else as_decimal(one.recorded), as_decimal(one.counted), one.unit,
                one.why_not,
            )
            for place in self.places
            for one in place.trainings
        )  # fmt: skip
        title = f"What would count of the training of {self.person}"
        return Table(headings=tuple(columns), rows=tuple(rows), kinds=tuple(columns.values()), title=title)

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as plain values, with the whole report of each rule set."""
        return {
            "format": "peer-ledger comparison",
            "version": 1,
            "person": self.person,
            "on": self.on.isoformat(),
            "places": [
                {
                    "ruleset": place.ruleset, "credential": place.credential, "body": place.body,
                    "jurisdiction": place.jurisdiction, "is_applicant": place.is_applicant,
                    "recognition": None if place.recognition is None else attrs.asdict(place.recognition),
                    "missing": place.missing, "report": place.report.to_dict(),
                }
                for place in self.places
            ],
        }  # fmt: skip

    def __str__(self) -> str:
        places = [f"\n{place}" for place in self.places]
        return "\n".join([f"{self.title}.", *places, "\nThis is not legal advice."])

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{escape(str(place))}</li>" for place in self.places)
        shown = self.table().only("rules", "credential", "status", "hours_counted", "hours_short", "missing")
        details = f"<details><summary>In sentences</summary><ul>{items}</ul></details>"
        return part(shown.html_part(self.title) + details, label=self.title)


@asks(rulesets=RULE_SETS, readings=READINGS_BY_RULES)
def compare(
    ledger: LedgerView,
    person: str,
    *,
    on: date | str,
    rulesets: RuleSets | None = None,
    readings: Mapping[str, Mapping[str, str]] | None = None,
    strict: bool = False,
) -> Comparison:
    """
    Return where a person would stand under the rules of other bodies, with what is on file.

    Each answer is the one that `evaluate` gives there: for somebody who was never certified there, what an applicant
    for a first certification has and lacks; for somebody who was, where that certification stands.

    Args:
        ledger: The ledger.
        person: Any of the person's ids.
        on: The day; events after it do not count yet.
        rulesets: The rule sets, or their ids; their order is that of the answers.  Other rule sets that their rules
            look at are found by id, except in a mapping from ids to rule sets, which holds all that exist.  `None` for
            all that can be found by id, sorted.
        readings: Questions that the caller answers: by the rule set's id, then by the question's.
        strict: Whether questions that only cause a caveat also leave the answers undetermined.

    Raises:
        InvalidValue: `on` is not a valid date; `readings` names an unknown rule set, question or reading; or a rule set
            is given twice.
        RuleSetNotFound: There is no rule set with a given id.
        InvalidData: A rule set given is not sound; its problems are listed.
    """
    view, day, chosen, answered = ledger.pinned(), as_day(on), ChosenRuleSets(rulesets), readings or {}
    for name in answered:
        if name not in chosen:
            raise InvalidValue(f"readings: there is no rule set {shown_name(name)}{nearest(name, chosen)}")
    known = rulesets if isinstance(rulesets, Mapping) else None
    places = []
    for name in chosen:
        found = chosen[name]
        rules = found if isinstance(found, RuleSet) else find_ruleset(found)
        report = evaluate(
            view, person, on=day, ruleset=rules, rulesets=known, readings=answered.get(name), strict=strict
        )
        places.append(
            Place(
                ruleset=name,
                credential=rules.name,
                body=rules.body,
                jurisdiction=rules.jurisdiction,
                recognition=rules.recognition,
                ask=rules.ask,
                report=report,
            )
        )
    return Comparison(person=person, on=day, places=tuple(places))


def _hours(report: Report) -> Iterator[Any]:
    for hours in hours_of(report):
        yield None if hours is None else as_decimal(hours)


def _trainings(report: Report) -> Iterator[CountedTraining]:
    """Yield what counts of each training; its credits are added up."""
    for finding in report.findings:
        if finding.subject != "hours" or finding.part_of is not None or finding.result == "not asked":
            continue
        lines: dict[tuple[str, date], list[Any]] = {}
        for line in finding.lines:
            lines.setdefault((line.record, line.day), []).append(line)
        for (record, day), some in lines.items():
            recorded = [line.recorded for line in some]
            why_not = dict.fromkeys(str(line.why_not) for line in some if line.why_not is not None)
            yield CountedTraining(
                record=record,
                day=day,
                requirement=finding.requirement,
                unit=finding.unit,
                recorded=None if None in recorded else sum(recorded, Fraction(0)),
                counted=sum((line.counted for line in some), Fraction(0)),
                why_not="; ".join(why_not) or None,
            )
