"""
Laws about questions and their readings.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product
from typing import Any

import attrs

from peer_ledger.records import Credit, TrainingEvent
from peer_ledger.reports import Report
from peer_ledger.rules import ByQuestion, Condition, RuleSet
from peer_ledger.rules.soundness import problems_of
from peer_ledger.testing._hypothesis import assume, st
from peer_ledger.testing._lives import PERSON
from peer_ledger.testing._mentions import mentions_of
from peer_ledger.testing._situations import Situation, assert_same, figures, questions_of_all
from peer_ledger.testing.case_text import COMPONENT_FIELDS

MOST_OPEN = 3


def decided_is_what_all_readings_agree_in(situation: Situation) -> None:
    """A component is decided exactly when all combinations of readings of the open questions agree on it."""
    blocking = [question for question in situation.questions() if question.weight == "blocking"]
    every = [question.id for question in blocking]
    likely = [open_question.question.id for open_question in situation.report(readings={}).questions]
    names = st.sampled_from(likely or every) | st.sampled_from(every)
    left_open = situation.choose("open", st.lists(names, min_size=1, max_size=MOST_OPEN, unique=True))
    given = {
        question.id: situation.readings.get(question.id, question.assumed)
        for question in situation.questions()
        if question.id not in left_open
    }
    questions = [question for question in blocking if question.id in left_open]
    report = situation.report(readings=given)
    leaves = [
        situation.report(readings={**given, **dict(zip([question.id for question in questions], taken, strict=True))})
        for taken in product(*([reading.id for reading in question.readings] for question in questions))
    ]
    for name in COMPONENT_FIELDS:
        values = {getattr(leaf, name) for leaf in leaves}
        expected = values.pop() if len(values) == 1 else "undetermined"
        assert getattr(report, name) == expected, f"{name}: {getattr(report, name)}, but {expected} by all readings"
    dates = ("due",) if any(leaf.standing == "lapsed" for leaf in leaves) else ("due", "late_until")
    for name in dates:
        days = {found.day for leaf in leaves if (found := getattr(leaf.dates, name)) is not None}
        shown = getattr(report.dates, name)
        assert set(() if shown is None else shown.candidates) == days, name


def strict_is_never_more_decided(situation: Situation) -> None:
    """Whatever a strict call decides, an ordinary call decides the same way."""
    caveats = [question.id for question in situation.questions() if question.weight == "caveat"]
    left_open = situation.choose("open", st.sets(st.sampled_from(caveats), max_size=2)) if caveats else set()
    readings = {name: reading for name, reading in situation.readings.items() if name not in left_open}
    records = [*situation.records, *_repeats(situation)]
    ordinary = situation.report(records, readings=readings)
    strict = situation.report(records, readings=readings, strict=True)
    for name in COMPONENT_FIELDS:
        value = getattr(strict, name)
        assert value in ("undetermined", getattr(ordinary, name)), f"{name}: strict says {value}"


def a_reading_taken_is_a_reading_written(situation: Situation) -> None:
    """Answering a question gives the same result as writing the answer into the rules."""
    questions = situation.ruleset.questions
    above = {question.under.question for question in questions if question.under is not None}
    independent = [
        question
        for question in questions
        if question.under is None and question.first_day is None and question.last_day is None
        and question.id not in above
    ]  # fmt: skip
    if not independent:
        return
    question = situation.draw(st.sampled_from(independent))
    readings = [reading.id for reading in question.readings]
    unassumed = [reading for reading in readings if reading != question.assumed]  # drawn more often: they change more
    reading = situation.draw(st.sampled_from([*unassumed, *unassumed, *readings]))
    situation.chosen.append(f"{question.id} is answered: {reading}")
    try:
        rules = written_in(situation.ruleset, question.id, reading)
    except NotWritten:
        return
    assume(not problems_of(rules))
    others = {asked.id: situation.readings.get(asked.id, asked.assumed) for asked in questions_of_all(rules)}
    records = [*situation.records, *_repeats(situation)]
    taken = situation.report(records, readings={**others, question.id: reading})
    written = situation.report(records, ruleset=rules, readings=others)
    assert_same(_answered(taken), _answered(written))


def _repeats(situation: Situation) -> Iterator[TrainingEvent]:
    """Yield two trainings of one course, of a kind that the rules mention, on the day asked about."""
    mentioned = mentions_of(situation.ruleset).words.items()
    words = {name: situation.draw(st.sampled_from(some)) for name, some in mentioned if some}
    for name in ("again-1", "again-2"):
        yield TrainingEvent(
            id=name, person=PERSON, completed=situation.on, course=words.get("courses", "again"),
            delivery=words.get("deliveries"), role=words.get("roles", "attended"), provider=words.get("providers"),
            credits=[Credit(amount=situation.draw(st.sampled_from([3, 20])), topics={words.get("topics", "ethics")})],
        )  # fmt: skip


def _answered(report: Report) -> Mapping[str, Any]:
    """Return the figures of a report, without requirements that are not asked."""
    asked = {f"finding {finding.requirement}" for finding in report.findings if finding.result != "not asked"}
    every = figures(report)
    return {name: value for name, value in every.items() if not name.startswith("finding ") or name in asked}


@lru_cache(maxsize=1024)
def written_in(ruleset: RuleSet, question: str, reading: str) -> RuleSet:
    """
    Return the rules with a reading written into them in place of its question.

    Args:
        ruleset: The rule set.
        question: The question's id.
        reading: The reading's id.

    Raises:
        NotWritten: A condition of the rules has conditions inside it.
    """
    rules: RuleSet = _written(ruleset, question, reading)
    return attrs.evolve(rules, questions=tuple(asked for asked in ruleset.questions if asked.id != question))


_UNASKED = object()


class NotWritten(Exception):
    """A reading cannot be written into rules whose conditions have conditions inside them."""


def _written(value: Any, question: str, reading: str) -> Any:
    if isinstance(value, ByQuestion):
        if value.by == question:
            return _written(dict(value.values)[reading], question, reading)
        values = [(name, _written(part, question, reading)) for name, part in value.values]
        return ByQuestion(by=value.by, values=values)
    if isinstance(value, Condition) and value.question == question:
        if value.reading != reading:
            return _UNASKED
        others = [field.name for field in attrs.fields(Condition) if field.name not in ("question", "reading")]
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
    names = [field.name for field in attrs.fields(type(value))]
    fields = {name: _written(getattr(value, name), question, reading) for name in names}
    return _UNASKED if _UNASKED in fields.values() else attrs.evolve(value, **fields)
