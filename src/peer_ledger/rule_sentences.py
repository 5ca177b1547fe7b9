"""
Rule sets in sentences: what one says, and what is different between two of its editions.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import attrs

from peer_ledger.errors import InvalidValue, nearest, shown_name
from peer_ledger.hours import plain
from peer_ledger.questions import ByQuestion
from peer_ledger.records import Quantity
from peer_ledger.rules import Condition, Edition, Interval, Point, RuleSet, Training, Unstated

STEPS = {
    "initial": "Certification",
    "renewal": "Renewal",
    "reinstatement": "Certification after a lapse",
    "designation": "Designation",
}
"""What the steps are called in a heading."""

_ANCHORS = {
    "award": "the first certification",
    "last-grant": "the last grant",
    "cycle-start": "the first day of the cycle",
    "due": "the due date",
    "filing": "the filing",
    "lapse": "the last day of filing late",
}
_FIELDS = {
    "need": "it needs",
    "at_most": "at most this counts:",
    "at_least": "each must say at least",
    "counts": "what counts is",
    "repeats": "the same course taken again is to",
    "earning": "the training days that count are",
    "within": "the days that count are",
    "only_if": "it is asked",
    "spills": "its surplus counts for the whole:",
    "attested": "what is attested is",
    "adds_up": "several may add up:",
    "from_different": "they must be from different people:",
    "first_day": "it is asked from",
    "last_day": "it is asked until",
}


def describe(rules: RuleSet) -> str:
    """
    Say what a rule set asks, edition by edition, and what it leaves open.

    Args:
        rules: The rule set.

    >>> from peer_ledger.rulesets import ruleset
    >>> print(describe(ruleset("us-nc-cpss")).splitlines()[0])
    us-nc-cpss: North Carolina Certified Peer Support Specialist
    """
    return "\n".join(_description(rules))


def _description(rules: RuleSet) -> Iterator[str]:
    yield f"{rules.id}: {rules.name}"
    yield f"awarded by {rules.body}"
    yield f"version {rules.version}, as seen on {rules.seen_on}; days are meant in {rules.time_zone}"
    for procedure in rules.procedures:
        yield ""
        yield f"{STEPS[procedure.step]} (the edition goes by the day of {procedure.decided_by})"
        for edition in procedure.editions:
            yield f"  {edition.id}, {beginning(edition)}: {edition.says}"
            for requirement in edition.requirements:
                yield f"    - {requirement.says} [{', '.join(requirement.cites)}]"
                for inner in (*getattr(requirement, "parts", ()), *getattr(requirement, "caps", ())):
                    yield f"        - {inner.says} [{', '.join(inner.cites)}]"
    if rules.questions:
        yield ""
        yield "Left open by the sources:"
        for question in rules.questions:
            yield f"  {question.id}: {question.asks}"
            for reading in question.readings:
                assumed = " (assumed)" if reading.id == question.assumed else ""
                yield f"    - {reading.id}: {reading.says}{assumed}"
    if rules.notes:
        yield ""
        yield "Notes:"
        yield from (f"  {note}" for note in rules.notes)
    yield ""
    yield "Sources:"
    yield from (f"  {one.id}: {one.title}, {one.address} (seen {one.seen})" for one in rules.sources)


def compare_editions(rules: RuleSet, old: str, new: str) -> tuple[str, ...]:
    """
    Say in sentences what is different between two editions of a rule set.

    Args:
        rules: The rule set.
        old: The id of one edition.
        new: The id of the other.

    Returns:
        A sentence for each difference; none when both ask the same.

    Raises:
        InvalidValue: The rule set has no such edition; the message lists those it has.

    >>> from peer_ledger.rulesets import ruleset
    >>> compare_editions(ruleset("us-nc-cpss"), "renewal-1", "renewal-1")
    ()
    """
    return tuple(_differences(rules, _edition(rules, old), _edition(rules, new)))


def _edition(rules: RuleSet, edition_id: str) -> Edition:
    editions = {edition.id: edition for procedure in rules.procedures for edition in procedure.editions}
    if edition_id not in editions:
        known = f"{', '.join(editions)}{nearest(edition_id, editions)}"
        raise InvalidValue(f"{rules.id} has no edition {shown_name(edition_id)}; it has {known}")
    return editions[edition_id]


def _differences(rules: RuleSet, old: Edition, new: Edition) -> Iterator[str]:
    if old == new:
        return
    if old.begins != new.begins:
        yield f"{old.id} holds {beginning(old)}; {new.id} holds {beginning(new)}."
    for name, words in (
        ("earning", "The training days that count"),
        ("opens", "The first day of filing"),
        ("late_until", "The last day of filing late"),
    ):
        before, after = getattr(old, name), getattr(new, name)
        if _plain(before) != _plain(after):
            yield f"{words}: {in_words(rules, before)} before, {in_words(rules, after)} after."
    yield from _lists(rules, "", old.requirements, new.requirements)


def _lists(rules: RuleSet, where: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[str]:
    before = {one.id: one for one in old}
    after = {one.id: one for one in new}
    for name, one in after.items():
        if name not in before:
            yield f"New{where}: {one.says}"
    for name, one in before.items():
        if name not in after:
            yield f"No longer asked{where}: {one.says}"
    for name, one in after.items():
        if name in before:
            yield from _changes(rules, before[name], one)


def _changes(rules: RuleSet, old: Any, new: Any) -> Iterator[str]:
    what = new.says.rstrip(".")
    if type(old) is not type(new):
        yield f"Changed: {old.says} now reads: {new.says}"
        return
    for field in attrs.fields(type(new)):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if field.name in ("parts", "caps"):
            yield from _lists(rules, f", within '{what}'", before, after)
        elif field.name in _FIELDS and _plain(before) != _plain(after):
            words = _FIELDS[field.name]
            was = "this was not limited" if before is None else f"{words} {in_words(rules, before)}"
            now = "this is no longer limited" if after is None else f"{words} {in_words(rules, after)}"
            yield f"{what}: {now}; before, {was}."


def _plain(value: Any) -> Any:
    """Compare without citations: what is asked is the same whoever says it."""
    if isinstance(value, Interval):
        return value.begins, value.ends
    return value


def in_words(rules: RuleSet, value: Any) -> str:
    """
    Say a value of a rule: a figure, an interval, a day, what counts, a condition; one that is open in all its readings.

    >>> from peer_ledger.rulesets import ruleset
    >>> in_words(ruleset("us-nc-cpss"), Training(topics=frozenset({"ethics"})))
    'training on ethics'
    """
    if isinstance(value, ByQuestion):
        asks = next((one.asks for one in rules.questions if one.id == value.by), value.by)
        choices = " or ".join(in_words(rules, part) for _, part in value.values)
        return f"{choices} (open: {asks})"
    if isinstance(value, Unstated):
        return f"an amount that no source states, {value.says},"
    for kind, say in _SAYING.items():
        if isinstance(value, kind):
            return say(rules, value)
    return str(value)


def _point(_rules: RuleSet, point: Point) -> str:
    said = str(point.day) if point.day is not None else _ANCHORS[point.of]
    for count, unit in ((point.months, "month"), (point.days, "day")):
        if count:
            said = f"{abs(count)} {unit}{'' if abs(count) == 1 else 's'} {'after' if count > 0 else 'before'} {said}"
    if point.month_end:
        said += ", counted from the end of its month" if point.days else ", moved to the end of its month"
    return said if point.included else f"{said}, that day left out"


_WHATEVER = {
    "topics": "on any topic",
    "deliveries": "given in any way",
    "roles": "in any role",
    "approved_by": "approved by anybody or nobody",
    "providers": "given by anybody",
    "courses": "of any course",
    "not_topics": "on any topic",
}


def _training(rules: RuleSet, training: Training) -> str:
    names = {
        "topics": "on",
        "deliveries": "given",
        "roles": "as",
        "approved_by": "approved by",
        "providers": "given by",
        "courses": "of the courses",
        "not_topics": "not on",
    }
    said = []
    for name, words in names.items():
        value = getattr(training, name)
        if isinstance(value, ByQuestion):
            choices = [f"{words} {in_words(rules, part)}" if part else _WHATEVER[name] for _, part in value.values]
            asks = next((one.asks for one in rules.questions if one.id == value.by), value.by)
            said.append(f"{', or '.join(choices)} (open: {asks})")
        elif value:
            said.append(f"{words} {' or '.join(sorted(value))}")
    if training.shortest is not None:
        said.append(f"of at least {plain(training.shortest)} hours each")
    return "training " + ", ".join(said) if said else "any training"


def _condition(rules: RuleSet, condition: Condition) -> str:
    said = []
    if condition.late is not None:
        said.append("the filing is late" if condition.late else "the filing is not late")
    if condition.holds is not None:
        said.append(f"the designation {condition.holds} is held")
    if condition.question is not None:
        question = next((one for one in rules.questions if one.id == condition.question), None)
        reading = next((one.says for one in question.readings if one.id == condition.reading), "") if question else ""
        said.append(f"it is taken that {reading or condition.reading}".rstrip("."))
    return "only if " + " and ".join(said)


def beginning(edition: Edition) -> str:
    """
    Say from which day on an edition is in force.
    """
    begins = edition.begins
    if begins is None:
        return "from the beginning"
    if begins.day is not None:
        by_method = "".join(f", by {one.method} from {one.day}" for one in begins.by_method)
        return f"from {begins.day}{by_method}"
    ends = f" and {begins.not_after}" if begins.not_after else " and the day the facts were seen"
    return f"from a day between {begins.not_before}{ends}"


def _quantity(_rules: RuleSet, value: Quantity) -> str:
    return f"{plain(value.amount)} {value.unit}{'' if value.amount == 1 else 's'}"


def _interval(rules: RuleSet, value: Interval) -> str:
    return f"from {in_words(rules, value.begins)} to {in_words(rules, value.ends)}"


_SAYING: dict[Any, Callable[[RuleSet, Any], str]] = {
    type(None): lambda _, __: "not limited",
    bool: lambda _, value: "yes" if value else "no",
    Decimal: lambda _, value: plain(value),
    Quantity: _quantity,
    Interval: _interval,
    Point: _point,
    Training: _training,
    Condition: _condition,
    tuple | frozenset: lambda _, value: " or ".join(sorted(map(str, value))) or "nothing in particular",
}
