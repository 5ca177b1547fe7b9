"""
Situations: a life under a rule set, and a day on which a law asks about it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from peer_ledger.evaluation import evaluate
from peer_ledger.ledger import Ledger
from peer_ledger.records import Record, Retraction
from peer_ledger.reports import Report
from peer_ledger.rules import OF_FACTS, Question, RuleSet, questions_of
from peer_ledger.rulesets import consulted_by
from peer_ledger.testing._edge_days import days_about
from peer_ledger.testing._hypothesis import SearchStrategy, st
from peer_ledger.testing._lives import PERSON, lives
from peer_ledger.testing.case_text import COMPONENT_FIELDS, as_line

ABOUT_LEDGER = frozenset({"entries", "known", "supposed", "without"})
"""The parts of a report's provenance that are about the ledger, not the person."""


@attrs.frozen(kw_only=True)
class Situation:
    """
    A life under a rule set, and a day on which it is asked about.

    Attributes:
        ruleset: The rule set.
        records: The records of the life, a retraction after what it retracts.
        on: The day.
        readings: The answers to questions, by question.
        rulesets: The rule sets that there are, by id; the rule set may look at them.
        draw: Draws a value from a strategy.
        chosen: What a law drew, in words; shown when the law is broken.
    """

    ruleset: RuleSet
    records: tuple[Record, ...]
    on: date
    readings: Mapping[str, str] = attrs.field(hash=False)
    rulesets: Mapping[str, RuleSet] = attrs.field(hash=False)
    draw: Callable[[SearchStrategy[Any]], Any] = attrs.field(repr=False)
    chosen: list[str] = attrs.field(factory=list, hash=False)

    def choose(self, what: str, strategy: SearchStrategy[Any]) -> Any:
        """
        Return a value that a law needs in addition to the life, and note it in `chosen`.

        Args:
            what: What the value is, in a word or two.
            strategy: The strategy from which it is drawn.
        """
        value = self.draw(strategy)
        shown = as_line(value) if isinstance(value, Record) else value
        self.chosen.append(f"{what}: {shown}")
        return value

    def ledger(self, records: Iterable[Record] | None = None) -> Ledger:
        """
        Return a ledger that holds the given records, or the life when none are given.
        """
        ledger = Ledger()
        ledger.append(self.records if records is None else records)
        return ledger

    def report(self, records: Iterable[Record] | None = None, **asked: Any) -> Report:
        """
        Return the report on the given records, or on the life when none are given.

        Args:
            records: The records; `None` for the life.
            asked: Arguments of `evaluate` that differ from the situation's: `person`, `on`, `ruleset`, `rulesets`,
                `readings`, `strict`.
        """
        return self.ask(self.ledger(records), **asked)

    def ask(self, ledger: Any, *, person: str = PERSON, **asked: Any) -> Report:
        """
        Return the report on a ledger, with the situation's day, rule set and readings unless others are given.
        """
        given = {
            "on": self.on, "ruleset": self.ruleset, "rulesets": self.rulesets, "readings": self.readings, **asked,
        }  # fmt: skip
        return evaluate(ledger, person, **given)

    def questions(self) -> tuple[Question, ...]:
        """Return the questions of the rule set, and those about facts that arise under every rule set."""
        return questions_of_all(self.ruleset)


def questions_of_all(ruleset: RuleSet) -> tuple[Question, ...]:
    """Return the questions of a rule set, and those about facts that arise under every rule set."""
    return (*questions_of(ruleset), *OF_FACTS)


def situations(ruleset: RuleSet, rulesets: Mapping[str, RuleSet] | None = None) -> SearchStrategy[Situation]:
    """
    Return lives under a rule set, each with a day and with answers to all but a few of its questions.

    Where the rule set looks at others, the person may hold their certificates as well.

    Args:
        ruleset: The rule set.
        rulesets: Rule sets that take the place of those found by their ids.
    """
    questions, others = questions_of_all(ruleset), consulted_by(ruleset, rulesets)
    there = {**others, ruleset.id: ruleset}

    # A strategy's repr shows its arguments, and a rule set would fill pages.
    @st.composite
    def situation(draw: Callable[[SearchStrategy[Any]], Any]) -> Situation:
        records = draw(lives(ruleset, beside=others.values()))
        on = draw(days_about(ruleset, records))
        left_open = draw(st.sets(st.sampled_from([question.id for question in questions]), max_size=2))
        readings = {
            question.id: draw(st.sampled_from((question.assumed, *(reading.id for reading in question.readings))))
            for question in questions
            if question.id not in left_open
        }
        return Situation(ruleset=ruleset, records=records, on=on, readings=readings, rulesets=there, draw=draw)

    return situation()


def content_of(report: Report, *, without: frozenset[str] = ABOUT_LEDGER) -> dict[str, Any]:
    """
    Return a report as plain values, without the size of the ledger that it came from.

    Args:
        report: The report.
        without: The parts of its provenance to leave out.
    """
    plain: dict[str, Any] = {**report.to_dict()}
    plain["provenance"] = {name: value for name, value in plain["provenance"].items() if name not in without}
    return plain


def figures(report: Report) -> dict[str, Any]:
    """
    Return a report's decisions and figures, without the words and record ids that explain them.
    """
    return {
        **{name: getattr(report, name) for name in (*COMPONENT_FIELDS, "step")},
        "dates": {name: day.candidates for name, day in report.dates.items()},
        "pending since": report.pending_since,
        "questions": [open_question.question.id for open_question in report.questions],
        "ahead": report.ahead,
        "edition": report.provenance.edition,
        **{
            f"finding {finding.requirement}": (
                finding.result,
                finding.need,
                finding.recorded,
                finding.eligible,
                finding.short,
                finding.curable,
            )
            for finding in report.findings
        },
    }


def assert_same(expected: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    """
    Assert that two reports, as plain values, are the same; list the places where they differ.
    """
    differing = list(_differences("", expected, found))
    assert not differing, "\n".join(differing)


def _differences(path: str, expected: Any, found: Any) -> Iterator[str]:
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        for name in {**expected, **found}:
            inner = f"{path}.{name}" if path else str(name)
            yield from _differences(inner, expected.get(name, "nothing"), found.get(name, "nothing"))
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for place, pair in enumerate(zip(expected, found, strict=True)):
            yield from _differences(f"{path}[{place}]", *pair)
    elif expected != found:
        yield f"{path}: expected {expected}, found {found}"


def in_effect(records: Sequence[Record]) -> tuple[Record, ...]:
    """
    Return the records that are in effect: neither retracted nor retractions themselves.
    """
    back = {record.retracts: record for record in records if isinstance(record, Retraction)}

    def is_withdrawn(record_id: str) -> bool:
        return record_id in back and not is_withdrawn(back[record_id].id)

    return tuple(record for record in records if not isinstance(record, Retraction) and not is_withdrawn(record.id))
