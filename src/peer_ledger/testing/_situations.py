"""
A life under a rule set and a day, as a law looks at it.
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
from peer_ledger.testing._edge_days import days_about
from peer_ledger.testing._hypothesis import SearchStrategy, st
from peer_ledger.testing._lives import PERSON, lives
from peer_ledger.testing.case_text import as_line

OUTER = frozenset({"entries", "known"})
"""What a report says of the ledger, and not of the person."""


@attrs.frozen(kw_only=True)
class Situation:
    """
    A life under a rule set and a day on which it is asked about.

    Attributes:
        ruleset: The rule set.
        records: The life, a retraction after what it retracts.
        on: The day.
        readings: Questions that are answered.
        draw: What draws from a strategy.
        chosen: What a law chose, in words, to be told with what it found.
    """

    ruleset: RuleSet
    records: tuple[Record, ...]
    on: date
    readings: Mapping[str, str] = attrs.field(hash=False)
    draw: Callable[[SearchStrategy[Any]], Any] = attrs.field(repr=False)
    chosen: list[str] = attrs.field(factory=list, hash=False)

    def choose(self, what: str, strategy: SearchStrategy[Any]) -> Any:
        """
        Draw what a law needs beside the life, and note it.

        Args:
            what: What it is, in a word or two.
            strategy: What it is drawn from.
        """
        value = self.draw(strategy)
        shown = as_line(value) if isinstance(value, Record) else value
        self.chosen.append(f"{what}: {shown}")
        return value

    def ledger(self, records: Iterable[Record] | None = None) -> Ledger:
        """
        Return a ledger of some records; of the life when none are given.
        """
        ledger = Ledger()
        ledger.append(self.records if records is None else records)
        return ledger

    def report(self, records: Iterable[Record] | None = None, **asked: Any) -> Report:
        """
        Ask about some records as about the life.

        Args:
            records: The records; `None` for the life.
            asked: What is asked otherwise: `person`, `on`, `ruleset`, `readings`, `strict`.
        """
        return self.ask(self.ledger(records), **asked)

    def ask(self, ledger: Any, *, person: str = PERSON, **asked: Any) -> Report:
        """
        Ask a ledger as the life is asked.
        """
        given = {"on": self.on, "ruleset": self.ruleset, "readings": self.readings, **asked}
        return evaluate(ledger, person, **given)

    def questions(self) -> tuple[Question, ...]:
        """Return the questions of the rule set, and those about facts that every rule set has."""
        return questions_of_all(self.ruleset)


def questions_of_all(ruleset: RuleSet) -> tuple[Question, ...]:
    """Return the questions of a rule set, and those about facts that every rule set has."""
    return (*questions_of(ruleset), *OF_FACTS)


def situations(ruleset: RuleSet) -> SearchStrategy[Situation]:
    """
    Return lives under a rule set, with a day and with readings for all but a few of its questions.

    Args:
        ruleset: The rule set.
    """
    questions = questions_of_all(ruleset)

    # What a strategy is given stands in its repr, and a rule set fills pages.
    @st.composite
    def situation(draw: Callable[[SearchStrategy[Any]], Any]) -> Situation:
        records = draw(lives(ruleset))
        on = draw(days_about(ruleset, records))
        left_open = draw(st.sets(st.sampled_from([one.id for one in questions]), max_size=2))
        readings = {
            one.id: draw(st.sampled_from((one.assumed, *(reading.id for reading in one.readings))))
            for one in questions
            if one.id not in left_open
        }
        return Situation(ruleset=ruleset, records=records, on=on, readings=readings, draw=draw)

    return situation()


def said(report: Report, *, without: frozenset[str] = OUTER) -> dict[str, Any]:
    """
    Return what a report says, as plain values, but not how many entries there are in the ledger.

    Args:
        report: The report.
        without: What is left out of where it came from.
    """
    plain: dict[str, Any] = {**report.to_dict()}
    plain["provenance"] = {name: value for name, value in plain["provenance"].items() if name not in without}
    return plain


def figures(report: Report) -> dict[str, Any]:
    """
    Return what a report decides, without the words and ids with which it explains it.
    """
    names = ("standing", "step", "in_force", "outcome", "hours_outcome", "documents_outcome", "status")
    return {
        **{name: getattr(report, name) for name in names},
        "dates": {name: one.candidates for name, one in report.dates.items()},
        "pending since": report.pending_since,
        "questions": [one.question.id for one in report.questions],
        "ahead": report.ahead,
        "edition": report.provenance.edition,
        **{
            f"finding {one.requirement}": (one.result, one.need, one.recorded, one.eligible, one.short, one.curable)
            for one in report.findings
        },
    }


def assert_same(expected: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    """
    Assert that two reports say the same, and say where they do not.
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
        yield f"{path}: {expected}, and then {found}"


def in_effect(records: Sequence[Record]) -> tuple[Record, ...]:
    """
    Return the records that no retraction in effect withdraws, without the retractions.
    """
    back = {record.retracts: record for record in records if isinstance(record, Retraction)}

    def is_withdrawn(record_id: str) -> bool:
        return record_id in back and not is_withdrawn(back[record_id].id)

    return tuple(one for one in records if not isinstance(one, Retraction) and not is_withdrawn(one.id))
