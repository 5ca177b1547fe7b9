"""
Phrases for conditions, days and kinds of training.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from peer_ledger.records import MonthDay, Quantity
from peer_ledger.rules import (
    WANTED,
    Anniversary,
    Birthday,
    ByQuestion,
    CarryOver,
    Chosen,
    Cohorts,
    Condition,
    CycleEditions,
    Edition,
    FixedDate,
    GrowingAmount,
    Interval,
    NotSharedWith,
    Procedure,
    Question,
    Recurrence,
    RelativeDate,
    RuleSet,
    Span,
    TrainingFilter,
    UnknownCycle,
    Unstated,
    UnstatedQuantity,
)
from peer_ledger.rules._completions import called_in
from peer_ledger.values._wording import amount, spoken_day, units
from peer_ledger.values.dates import FIRST_YEAR
from peer_ledger.values.hours import plain

STEPS = {
    "initial": "Certification",
    "renewal": "Renewal",
    "reinstatement": "Certification after a lapse",
    "designation": "Designation",
}
"""The names of the steps in headings."""


DECIDED_BY = {"filing": "the day of filing", "due": "the due date", "cycle-start": "the first day of the cycle"}
"""The dates that select an edition."""

_ANCHORS = {
    "award": "the first certification",
    "last-grant": "the last grant",
    "cycle-start": "the first day of the cycle",
    "due": "the due date",
    "after-due": "the day after the due date",
    "filing": "the filing",
    "lapse": "the last day to file late",
    "inactive": "the day it was made inactive",
    "completion": "the completion of ",
    "last-completion": "the last completion of ",
    "calendar": "a calendar day",
    "never": "an unknown day (no end is known)",
}


def step_name(procedure: Procedure) -> str:
    """Return the name of a procedure in headings."""
    after = procedure.after or ()
    if "inactive" not in after:
        return STEPS[procedure.step]
    return "Return from inactive status" if "lapse" not in after else "Certification after a lapse or inactive status"


def plain_value(value: Any) -> Any:
    """Return what to compare of a value: an interval without its citations."""
    if isinstance(value, Interval):
        return value.begins, value.ends
    return value


def in_words(rules: RuleSet, value: Any) -> str:
    """
    Return a value of a rule in words; a value that depends on a question, under each reading.

    >>> from peer_ledger.rulesets import ruleset
    >>> in_words(ruleset("us-nc-cpss"), TrainingFilter(topics=frozenset({"ethics"})))
    'training on ethics'
    """
    if isinstance(value, ByQuestion):
        choices = " or ".join(in_words(rules, part) for _, part in value.values)
        return f"{choices} (open: {_asks(rules, value.by)})"
    if isinstance(value, Unstated | UnstatedQuantity):
        return f"an amount that no source states, {value.says},"
    for kind, say in _SAYING.items():
        if isinstance(value, kind):
            return say(rules, value)
    return str(value)


def _question(rules: RuleSet, question_id: str | None) -> Question | None:
    return next((question for question in rules.questions if question.id == question_id), None)


def _asks(rules: RuleSet, question_id: str) -> str:
    """Return a question in words; its id if the rule set does not have it."""
    question = _question(rules, question_id)
    return question_id if question is None else question.asks


def point_phrase(rules: RuleSet, point: RelativeDate) -> str:
    if point.otherwise is None and point.due_until is not None and point.due_until.year <= FIRST_YEAR:
        return "no set day"  # no due date is that old
    said = _ANCHORS[point.of]
    if point.requirement is not None:
        said += called_in(rules.procedures, point.requirement)
    if point.day is not None:
        said = "any time" if point.day.year == FIRST_YEAR else spoken_day(point.day)
    years, months = (point.months // 12, 0) if point.months % 12 == 0 and abs(point.months) > 60 else (0, point.months)
    for count, unit in ((years, "year"), (months, "month"), (point.days, "day")):
        if count:
            said = f"{abs(count)} {unit}{'' if abs(count) == 1 else 's'} {'after' if count > 0 else 'before'} {said}"
    if point.month_end:
        said += ", counted from the end of its month" if point.days else ", moved to the end of its month"
    if point.due_from is not None or point.due_until is not None:
        begins = "" if point.due_from is None else f" from {spoken_day(point.due_from)}"
        ends = "" if point.due_until is None else f" until {spoken_day(point.due_until)}"
        said += f" (if it is due{begins}{ends})"
    if not point.included:
        said += " (that day not included)"
    return said if point.otherwise is None else f"{said}, otherwise {point_phrase(rules, point.otherwise)}"


_FILTER_WORDS = {
    "topics": ("on", "on any topic"),
    "deliveries": ("given", "given in any way"),
    "roles": ("as", "in any role"),
    "approved_by": ("approved by", "approved by anyone or no one"),
    "providers": ("given by", "given by anyone"),
    "courses": ("of the courses", "of any course"),
}


def training_phrase(rules: RuleSet, training: TrainingFilter) -> str:
    said = []
    for name in (*WANTED, *(f"not_{name}" for name in WANTED)):
        words, any_words = _FILTER_WORDS[name.removeprefix("not_")]
        words = f"not {words}" if name.startswith("not_") else words
        value = getattr(training, name)
        if isinstance(value, ByQuestion):
            choices = [f"{words} {in_words(rules, part)}" if part else any_words for _, part in value.values]
            said.append(f"{', or '.join(choices)} (open: {_asks(rules, value.by)})")
        elif value:
            said.append(f"{words} {' or '.join(sorted(value))}")
    if training.completed_from is not None:
        said.append(f"completed on {spoken_day(training.completed_from)} or later")
    if training.completed_to is not None:
        said.append(f"completed on {spoken_day(training.completed_to)} or earlier")
    if training.any_of:
        said.append("either " + ", or ".join(training_phrase(rules, part) for part in training.any_of))
    if training.shortest is not None:
        said.append(f"of at least {amount(Fraction(training.shortest), rules.counts_in)} each")
    return "training " + ", ".join(said) if said else "any training"


def condition_phrase(rules: RuleSet, condition: Condition) -> str:
    return f"only if {_holding(rules, condition)}"


def _holding(rules: RuleSet, condition: Condition) -> str:
    said = []
    if condition.late is not None:
        said.append("the filing is late" if condition.late else "the filing is not late")
    for name, span in (("it is filed", condition.filed), ("the first certification was", condition.awarded)):
        said += [] if span is None else [f"{name} {in_words(rules, span)}"]
    said += _cycles(condition)
    if condition.level is not None:
        said.append(f"the certificate is {condition.level}")
    if condition.holds is not None:
        said.append(f"the designation {condition.holds} is held")
    if condition.credential is not None:
        said.append(f"the certificate {condition.credential} is in force")
    if condition.if_unrecorded is not None:
        said.append(f"if that is not on record, the question {condition.if_unrecorded.question} decides")
    if condition.question is not None:
        question = _question(rules, condition.question)
        readings = {reading.id: reading.says for reading in question.readings} if question is not None else {}
        reading = condition.reading or ""
        said.append(f"the reading is “{readings.get(reading, reading).rstrip('.')}”")
    if condition.any_of:
        said.append("either " + ", or ".join(_holding(rules, part) for part in condition.any_of))
    if condition.unless is not None:
        said.append(f"it is not the case that {_holding(rules, condition.unless)}")
    return " and ".join(said)


def _cycles(condition: Condition) -> Iterator[str]:
    first, last, every = condition.cycle_from, condition.cycle_to, condition.cycle_every
    if every is not None:
        yield f"the cycle is number {first or 1} or one of every {every} after it"
    elif first is not None and first == last:
        yield f"the cycle is number {first}"
    elif first is not None:
        yield f"the cycle is number {first} or a later one"
    if last is not None and (every is not None or first != last):
        yield f"the cycle is number {last} or an earlier one"


def beginning(edition: Edition) -> str:
    """
    Return the effective date of an edition in words.
    """
    begins = edition.begins
    if begins is None:
        return "from the beginning"
    if begins.day is not None:
        by_method = "".join(f", by {own.method} from {spoken_day(own.day)}" for own in begins.by_method)
        return f"from {spoken_day(begins.day)}{by_method}"
    assert begins.not_before is not None, "there is a day, or the first day of a range"
    last = spoken_day(begins.not_after) if begins.not_after else "the day the facts were last checked"
    return f"from a day between {spoken_day(begins.not_before)} and {last}"


def _quantity(_rules: RuleSet, value: Quantity) -> str:
    return amount(Fraction(value.amount), value.unit)


def _interval(rules: RuleSet, value: Interval | Span) -> str:
    begins = None if value.begins is None else f"from {in_words(rules, value.begins)}"
    ends = None if value.ends is None else f"to {in_words(rules, value.ends)}"
    return " ".join(filter(None, (begins, ends)))


def _growing(rules: RuleSet, value: GrowingAmount) -> str:
    most = "" if value.most is None else f", at most {plain(value.most)}"
    complete = "complete " if value.count == "complete" else ""
    begun = "" if value.count == "complete" else ", including a last one that has only begun"
    months = "month" if value.months == 1 else f"{value.months} months"
    stretch = f"{complete}{months} from {in_words(rules, value.since)} to {in_words(rules, value.until)}"
    base = f"{plain(value.base)}, and " if value.base else ""
    return f"{base}{plain(value.each)}{' more' if value.base else ''} for each {stretch}{begun}{most}"


def _recurrence(rules: RuleSet, value: Recurrence) -> str:
    return f"in the last {value.months} months before the due date, starting {in_words(rules, value.first)}"


_WORDS = {
    "count": "each time",
    "once": "once",
    "once-ever": "once ever since the certification",
    "at-once": "with the first due date",
    "after-a-period": "with the first due date a whole period after the award",
}

_BEGINNINGS = {
    "same-day": "",
    "next-day": ", each ending on the anniversary",
    "month": ", each beginning on the first of a month",
    "next-month": ", each ending on the last day of a month",
    "next-year": ", each ending with the calendar year",
}
_FIRST = {"short": "", "joined": "; a partial first cycle is merged into the next"}


def _fixed(rules: RuleSet, value: FixedDate) -> str:
    shortest = f"; a first cycle of less than {value.shortest} months is merged into the next" if value.shortest else ""
    working = "; a due date on a Saturday or Sunday moves to the Friday before" if value.working_day else ""
    everyone = "counted from the year of the award" if value.from_award else "the same for everyone"
    return f"{_same(rules, value)}, {everyone}{_FIRST[value.first] or shortest}{working}"


def _same(rules: RuleSet, value: FixedDate) -> str:
    parity = {0: " in even years", 1: " in odd years"}.get(value.phase, "") if value.years == 2 else ""
    odd = "" if value.from_award else parity
    which = "every year" if value.years == 1 else f"every {value.years} years"
    return f"cycles that begin on {in_words(rules, value.begins)}{odd or f' {which}'}"


def _anniversary(_rules: RuleSet, value: Anniversary) -> str:
    first = "" if value.first_months is None else f", the first one of {value.first_months}"
    return f"cycles of {value.months} months from the certification on{first}{_BEGINNINGS[value.begins]}"


def _birthday(_rules: RuleSet, value: Birthday) -> str:
    years = "a year" if value.years == 1 else f"{value.years} years"
    place = "begin on" if value.begins == "same-day" else "end on"
    return f"cycles of {years} that {place} the person's birthday"


def _cohorts(rules: RuleSet, value: Cohorts) -> str:
    ways = "; ".join(f"{cohort.name}: {_same(rules, cohort.cycles())}" for cohort in value.cohorts)
    return f"cycles by the cohort to which the board assigned the person ({ways})"


def _chosen(_rules: RuleSet, value: Chosen) -> str:
    months = " or ".join(map(str, value.months))
    return f"cycles of {months} months, as the holder chooses{_BEGINNINGS[value.begins]}"


def _editions(rules: RuleSet, value: CycleEditions) -> str:
    first, *later = value.editions
    said = [in_words(rules, first.cycle)]
    said += [
        f"from {spoken_day(one.first_day)} on, {in_words(rules, one.cycle)}"
        for one in later
        if one.first_day is not None
    ]
    decided = "of the grant" if value.decided_by == "grant" else "on which a cycle begins"
    return f"{'; '.join(said)} (the day {decided} decides)"


_SAYING: dict[Any, Callable[[RuleSet, Any], str]] = {
    type(None): lambda _, __: "not limited",
    bool: lambda _, value: "yes" if value else "no",
    str: lambda _, value: _WORDS.get(value, value),
    Decimal: lambda _, value: plain(value),
    Quantity: _quantity,
    Interval: _interval,
    Span: _interval,
    GrowingAmount: _growing,
    Recurrence: _recurrence,
    CarryOver: lambda rules, value: f"at most {plain(value.at_most)} {units(rules.counts_in)}",
    NotSharedWith: lambda _, value: f"{value.requirement} of {value.ruleset}",
    Anniversary: _anniversary,
    CycleEditions: _editions,
    FixedDate: _fixed,
    MonthDay: lambda _, value: f"{date(2000, value.month, value.day):%B} {value.day}",
    Birthday: _birthday,
    Cohorts: _cohorts,
    Chosen: _chosen,
    UnknownCycle: lambda _, value: f"not known ({value.says})",
    RelativeDate: point_phrase,
    TrainingFilter: training_phrase,
    Condition: condition_phrase,
    tuple | frozenset: lambda rules, value: " or ".join(sorted(in_words(rules, part) for part in value)) or "nothing",
}
