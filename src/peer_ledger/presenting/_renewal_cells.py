"""
What the newest renewal of a rule set asks, in as few words as a cell of a table has room for.
"""

from collections.abc import Iterator
from typing import Any

from peer_ledger.presenting._rule_phrases import in_words
from peer_ledger.rules import (
    Birthday,
    ByQuestion,
    Chosen,
    Cohorts,
    CycleEditions,
    CycleRule,
    Edition,
    FixedDate,
    Hours,
    Part,
    RuleSet,
    SessionCount,
    TrainingFilter,
    UnknownCycle,
)
from peer_ledger.rules._cycles import months_of

UNKNOWN = "not known"


def newest_renewal(rules: RuleSet) -> Edition | None:
    """Return the newest edition of a rule set's renewal; `None` when it has none."""
    renewal = rules.procedure("renewal")
    return None if renewal is None else renewal.editions[-1]


def cycle_lengths(rules: RuleSet) -> str:
    """Return how long a cycle lasts, with all answers to an open question."""
    lengths = " or ".join(dict.fromkeys(map(_length, _values(rules.cycle))))
    return f"{lengths}, without an end" if rules.unending else lengths


def cycle_anchors(rules: RuleSet) -> str:
    """Return what cycles are counted from, with all answers to an open question."""
    return " or ".join(dict.fromkeys(_anchor(rules, cycle) for cycle in _values(rules.cycle)))


def _length(rule: CycleRule) -> str:
    if isinstance(rule, UnknownCycle):
        return UNKNOWN
    months = rule.months if isinstance(rule, Chosen) else (months_of(rule),)
    return f"{' or '.join(map(str, months))} months"


def _anchor(rules: RuleSet, rule: CycleRule) -> str:
    if isinstance(rule, UnknownCycle):
        return UNKNOWN
    if isinstance(rule, FixedDate):
        return f"{in_words(rules, rule.begins)}, {'by the year of the award' if rule.from_award else 'for everyone'}"
    if isinstance(rule, Cohorts):
        days = dict.fromkeys(in_words(rules, cohort.begins) for cohort in rule.cohorts)
        return f"{' or '.join(days)}, by cohort"
    if isinstance(rule, Birthday):
        return "the birthday"
    ends = {"next-year": ", to the end of a year", "next-month": ", to the end of a month"}.get(rule.begins, "")
    return f"the certification{', from the first of its month' if rule.begins == 'month' else ends}"


def total_hours(rules: RuleSet) -> str | None:
    """
    Return the hours of a renewal: those of the first requirement without a rolling period or a condition.

    Returns:
        The hours; `none` when none are asked, and `None` when no renewal is known.
    """
    edition = newest_renewal(rules)
    if edition is None:
        return None
    hours = [found for found in edition.requirements if isinstance(found, Hours)]
    cyclic = [found for found in hours if found.recurs is None]
    usual = [found for found in cyclic if found.only_if is None] or cyclic
    return _words(rules, usual[0].need) if usual else "none"


def ethics_hours(rules: RuleSet) -> str | None:
    """Return what of a renewal must be on ethics; `none` when nothing, and `None` when no renewal is known."""
    edition = newest_renewal(rules)
    if edition is None:
        return None
    found = [
        f"{_words(rules, part.need)}{trainings(part)}"
        for part in everything(edition.requirements)
        if isinstance(part, Hours | Part | SessionCount)
        if "ethics" in part.id.split("-") or any(map(_is_on_ethics, _values(part.counts)))
    ]
    return "; ".join(dict.fromkeys(found)) or "none"


def late_window(rules: RuleSet) -> str | None:
    """Return until when a renewal can be filed late; `None` when that is unknown, or not possible."""
    edition = newest_renewal(rules)
    late = None if edition is None else edition.late_until
    return None if late is None else f"until {_words(rules, late)}"


def carried_over(rules: RuleSet) -> str | None:
    """Return what may be carried over to a renewal; `None` when nothing is known of it."""
    edition = newest_renewal(rules)
    found = [
        _words(rules, asked.carry_over)
        for asked in (() if edition is None else edition.requirements)
        if isinstance(asked, Hours) and asked.carry_over is not None
    ]
    return "; ".join(dict.fromkeys(found)) or None


def _words(rules: RuleSet, value: Any) -> str:
    """Return a value in words; one that depends on a question, under each reading."""
    return " or ".join(dict.fromkeys(in_words(rules, part) for part in _values(value)))


def _values(value: Any) -> Iterator[Any]:
    """Yield a value, or its value under each reading of a question; of a cycle that was changed, the newest."""
    if isinstance(value, ByQuestion):
        for _, part in value.values:
            yield from _values(part)
    elif isinstance(value, CycleEditions):
        yield from _values(value.editions[-1].cycle)
    else:
        yield value


def _is_on_ethics(training: TrainingFilter | None) -> bool:
    return (
        training is not None
        and training.topics is not None
        and "ethics" in training.topics
        and len(training.topics) < 3
    )


def trainings(part: Any) -> str:
    """Return the noun after a number of trainings; nothing for another part."""
    return "" if not isinstance(part, SessionCount) else " training" if part.need == 1 else " trainings"


def everything(requirements: tuple[Any, ...]) -> Iterator[Any]:
    """Yield requirements with their parts and options, at every level."""
    for requirement in requirements:
        yield requirement
        for name in ("parts", "options", "requirements"):
            yield from everything(getattr(requirement, name, ()))
