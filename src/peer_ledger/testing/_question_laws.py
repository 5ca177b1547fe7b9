"""
Laws about questions: what their readings decide.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import attrs

from peer_ledger.records import Credit, TrainingEvent
from peer_ledger.reports import Report
from peer_ledger.rules import ByQuestion, Condition, RuleSet
from peer_ledger.rules.soundness import problems_of
from peer_ledger.testing._hypothesis import assume, st
from peer_ledger.testing._lives import PERSON
from peer_ledger.testing._mentions import clues_of
from peer_ledger.testing._situations import Situation, assert_same, figures, questions_of_all

COMPONENTS = ("standing", "in_force", "outcome", "hours_outcome", "documents_outcome", "status")
MOST_OPEN = 3


# Questions.


def decided_is_what_all_readings_agree_in(situation: Situation) -> None:
    """A component is decided exactly when all combinations of readings of the open questions agree on it."""
    blocking = [one for one in situation.questions() if one.weight == "blocking"]
    likely = [one.question.id for one in situation.report(readings={}).questions]
    names = st.sampled_from(likely or [one.id for one in blocking]) | st.sampled_from([one.id for one in blocking])
    left_open = situation.choose("open", st.lists(names, min_size=1, max_size=MOST_OPEN, unique=True))
    given = {one.id: situation.readings.get(one.id, one.assumed) for one in situation.questions()}
    given = {name: reading for name, reading in given.items() if name not in left_open}
    questions = [one for one in blocking if one.id in left_open]
    report = situation.report(readings=given)
    leaves = [
        situation.report(readings={**given, **dict(zip([one.id for one in questions], taken, strict=True))})
        for taken in product(*([reading.id for reading in one.readings] for one in questions))
    ]
    for name in COMPONENTS:
        values = {getattr(leaf, name) for leaf in leaves}
        expected = values.pop() if len(values) == 1 else "undetermined"
        assert getattr(report, name) == expected, f"{name}: {getattr(report, name)}, and by all readings {expected}"
    dates = ("due",) if any(leaf.standing == "lapsed" for leaf in leaves) else ("due", "late_until")
    for name in dates:
        days = {found.day for leaf in leaves if (found := getattr(leaf.dates, name)) is not None}
        shown = getattr(report.dates, name)
        assert set(() if shown is None else shown.candidates) == days, name


def strict_is_never_more_decided(situation: Situation) -> None:
    """Whatever a strict call decides, an ordinary call decides the same way."""
    caveats = [one.id for one in situation.questions() if one.weight == "caveat"]
    left_open = situation.choose("open", st.sets(st.sampled_from(caveats), max_size=2)) if caveats else set()
    readings = {name: reading for name, reading in situation.readings.items() if name not in left_open}
    records = [*situation.records, *_again(situation)]
    ordinary = situation.report(records, readings=readings)
    strict = situation.report(records, readings=readings, strict=True)
    for name in COMPONENTS:
        value = getattr(strict, name)
        assert value in ("undetermined", getattr(ordinary, name)), f"{name}: strict says {value}"


_WRITTEN: dict[tuple[int, str, str], tuple[RuleSet, RuleSet]] = {}


def a_reading_taken_is_a_reading_written(situation: Situation) -> None:
    """Answering a question gives the same result as writing the answer into the rules."""
    plain = [
        one
        for one in situation.ruleset.questions
        if one.under is None and one.first_day is None and one.last_day is None
        and not any(other.under is not None and other.under.question == one.id for other in situation.ruleset.questions)
    ]  # fmt: skip
    if not plain:
        return
    question = situation.draw(st.sampled_from(plain))
    readings = [one.id for one in question.readings]
    unassumed = [one for one in readings if one != question.assumed]  # of which an answer is no matter of course
    reading = situation.draw(st.sampled_from([*unassumed, *unassumed, *readings]))
    situation.chosen.append(f"{question.id} is answered: {reading}")
    found = _WRITTEN.get((id(situation.ruleset), question.id, reading))
    if found is None or found[0] is not situation.ruleset:
        try:
            found = situation.ruleset, written_in(situation.ruleset, question.id, reading)
        except NotWritten:
            return
        _WRITTEN[id(situation.ruleset), question.id, reading] = found
    assume(not problems_of(found[1]))
    others = {one.id: situation.readings.get(one.id, one.assumed) for one in questions_of_all(found[1])}
    records = [*situation.records, *_again(situation)]
    taken = situation.report(records, readings={**others, question.id: reading})
    instead = situation.report(records, ruleset=found[1], readings=others)
    assert_same(_answered(taken), _answered(instead))


def _again(situation: Situation) -> Iterator[TrainingEvent]:
    """Yield two trainings of one course, of a kind that the rules speak of, on the day asked about."""
    words = {name: situation.draw(st.sampled_from(some)) for name, some in clues_of(situation.ruleset).words.items()}
    for name in ("again-1", "again-2"):
        yield TrainingEvent(
            id=name, person=PERSON, completed=situation.on, course=words.get("courses", "again"),
            delivery=words.get("deliveries"), role=words.get("roles", "attended"), provider=words.get("providers"),
            credits=[Credit(amount=situation.draw(st.sampled_from([3, 20])), topics={words.get("topics", "ethics")})],
        )  # fmt: skip


def _answered(report: Report) -> Mapping[str, Any]:
    asked = {f"finding {one.requirement}" for one in report.findings if one.result != "not asked"}
    every = figures(report)
    return {name: value for name, value in every.items() if not name.startswith("finding ") or name in asked}


def written_in(ruleset: RuleSet, question: str, reading: str) -> RuleSet:
    """
    Write a reading into the rules instead of the question.

    Args:
        ruleset: The rule set.
        question: The question's id.
        reading: The reading's id.
    """
    rules: RuleSet = _written(ruleset, question, reading)
    return attrs.evolve(rules, questions=tuple(one for one in ruleset.questions if one.id != question))


_UNASKED = object()


class NotWritten(Exception):
    """A reading depends on nested conditions, which this does not write out."""


def _written(value: Any, question: str, reading: str) -> Any:
    if isinstance(value, ByQuestion):
        if value.by == question:
            return _written(dict(value.values)[reading], question, reading)
        values = [(name, _written(part, question, reading)) for name, part in value.values]
        return ByQuestion(by=value.by, values=values)
    if isinstance(value, Condition) and value.question == question:
        if value.reading != reading:
            return _UNASKED
        others = [one.name for one in attrs.fields(Condition) if one.name not in ("question", "reading")]
        if all(getattr(value, name) in (None, ()) for name in others):
            return None
        return _written(attrs.evolve(value, question=None, reading=None), question, reading)
    if isinstance(value, Condition) and (value.any_of or value.unless):
        raise NotWritten
    if isinstance(value, tuple):
        parts = [_written(part, question, reading) for part in value]
        return tuple(part for part in parts if part is not _UNASKED)
    if not attrs.has(type(value)):
        return value
    fields = {one.name: _written(getattr(value, one.name), question, reading) for one in attrs.fields(type(value))}
    return _UNASKED if _UNASKED in fields.values() else attrs.evolve(value, **fields)
