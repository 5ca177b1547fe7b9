"""
Rule sets in sentences: what a rule set asks, and how two of its editions differ.
"""

from collections.abc import Iterator
from typing import Any

import attrs

from peer_ledger._closest import few_of
from peer_ledger._visible import visible
from peer_ledger.errors import InvalidValue, nearest, shown_name
from peer_ledger.presenting._rule_details import details_of, figure_of, within
from peer_ledger.presenting._rule_phrases import DECIDED_BY, beginning, in_words, plain_value, step_name
from peer_ledger.rules import Edition, RuleSet, gaps_of
from peer_ledger.values._wording import amount, spoken_day

_FIELDS = {
    "need": "it needs",
    "at_most": "at most this counts:",
    "at_least": "each must say at least",
    "counts": "what counts is",
    "repeats": "the same course counts",
    "earning": "the training days that count are",
    "within": "the days that count are",
    "only_if": "it applies",
    "surplus_counts": "its surplus counts for the whole:",
    "spread": "the period, in months, in which only one counts is",
    "carry_over": "carried over from the previous cycle are",
    "not_shared_with": "nothing counts for both it and",
    "recurs": "it must be met",
    "document_kind": "the document is",
    "check": "it is checked by",
    "subject": "what is counted is",
    "unit": "it is counted in",
    "adds_up": "several may add up:",
    "from_different": "they must be from different people:",
    "first_day": "it applies from",
    "last_day": "it applies until",
}


def describe(rules: RuleSet) -> str:
    """
    Return what a rule set asks, edition by edition, and what it leaves open.

    Args:
        rules: The rule set.

    >>> from peer_ledger.rulesets import ruleset
    >>> print(describe(ruleset("us-nc-cpss")).splitlines()[0])
    us-nc-cpss: North Carolina Certified Peer Support Specialist
    """
    return "\n".join(map(visible, _description(rules)))


def _description(rules: RuleSet) -> Iterator[str]:
    yield f"{rules.id}: {rules.name}"
    yield f"awarded by {rules.body}"
    checked = spoken_day(rules.seen_on)
    yield f"version {rules.version}, last checked on {checked}; days are in the time zone {rules.time_zone}"
    yield from _known(rules)
    if rules.recognition is not None:
        yield f"certificates of other states: {rules.recognition.says}{_bracketed(rules.recognition.cites)}"
    yield from _dates(rules)
    for procedure in rules.procedures:
        yield ""
        received = ", and a filing counts from the day it was received" if procedure.filed_when == "received" else ""
        yield f"{step_name(procedure)} (the edition depends on {DECIDED_BY[procedure.decided_by]}{received})"
        for edition in procedure.editions:
            yield f"  {edition.id}, {beginning(edition)}: {edition.says}"
            yield from _days(rules, edition)
            for requirement in edition.requirements:
                yield from _requirement(rules, requirement, "    ")
    if rules.questions:
        yield ""
        yield "Left open by the sources:"
        for question in rules.questions:
            yield f"  {question.id}: {question.asks}"
            for reading in question.readings:
                assumed = " (assumed)" if reading.id == question.assumed else ""
                yield f"    - {reading.id}: {reading.says}{assumed}"
    if rules.notes or rules.step_notes:
        yield ""
        yield "Notes:"
        yield from (f"  {note}" for note in (*(note.says for note in rules.step_notes), *rules.notes))
    yield ""
    yield "Sources:"
    yield from (
        f"  {source.id}: {source.title}, {source.address} (seen {spoken_day(source.seen)})" for source in rules.sources
    )


def _known(rules: RuleSet) -> Iterator[str]:
    """Yield how much of the rules is known, where that is not all, and whom to ask."""
    asked = f"ask {rules.body}{f': {rules.ask}' if rules.ask else ''}"
    if rules.grade == "named":
        yield f"its rules are not known here; {asked}"
    elif rules.grade == "partial":
        yield f"what is known is incomplete: {'; '.join(gaps_of(rules))}; {asked}"


def _dates(rules: RuleSet) -> Iterator[str]:
    """Yield how cycles follow each other, and what units are worth."""
    if rules.grade != "named":
        yield f"cycles: {in_words(rules, rules.cycle)}{_bracketed(rules.cycle_cites)}"
    if rules.provisional is not None:
        months = rules.provisional.months
        lasts = "for which no source states a length" if months is None else f"of {months} months"
        yield f"before the full certificate: a provisional one {lasts}{_bracketed(rules.provisional.cites)}"
    for name, words in (("after_early", "early"), ("after_late", "late")):
        value = getattr(rules, name)
        if value != "due":
            yield f"the cycle after a renewal that is {words} is counted from: {in_words(rules, value)}"
    if rules.in_force_while_late is not False:
        yield f"in force while a renewal may be filed late: {in_words(rules, rules.in_force_while_late)}"
    for worth in rules.units:
        said = amount(worth.ratio, rules.counts_in)
        yield f"1 {worth.unit} is {said}{_bracketed(worth.cites)}"


def _days(rules: RuleSet, edition: Edition) -> Iterator[str]:
    """Yield the days of an edition: of training, and of filing."""
    for name, words in _EDITION_DAYS:
        value = getattr(edition, name)
        if value is not None:
            yield f"    {words}: {in_words(rules, value)}{_bracketed(getattr(value, 'cites', ()))}"


_EDITION_DAYS = (
    ("earning", "training counts"),
    ("opens", "filing opens"),
    ("timely_until", "on time until"),
    ("late_until", "late until"),
    ("in_force_until", "in force until"),
)


def _requirement(rules: RuleSet, part: Any, indent: str) -> Iterator[str]:
    """Yield a requirement with its figure and what limits it, and below it its pieces."""
    yield f"{indent}- {part.says}{_bracketed(getattr(part, 'cites', ()))}"
    said = "; ".join(filter(None, (figure_of(rules, part), *details_of(rules, part))))
    yield f"{indent}  {part.id}{': ' if said else ''}{said}"
    for inner in within(part):
        yield from _requirement(rules, inner, f"{indent}    ")


def _bracketed(cites: tuple[str, ...]) -> str:
    return f" [{', '.join(cites)}]" if cites else ""


def compare_editions(rules: RuleSet, old: str, new: str) -> tuple[str, ...]:
    """
    Return the differences between two editions of a rule set in sentences.

    Args:
        rules: The rule set.
        old: The id of one edition.
        new: The id of the other.

    Returns:
        A sentence for each difference; empty when both ask the same.

    Raises:
        InvalidValue: The rule set has no such edition; the message lists its editions.

    >>> from peer_ledger.rulesets import ruleset
    >>> compare_editions(ruleset("us-nc-cpss"), "renewal-1", "renewal-1")
    ()
    """
    return tuple(map(visible, _differences(rules, _edition(rules, old), _edition(rules, new))))


def _edition(rules: RuleSet, edition_id: str) -> Edition:
    editions = {edition.id: edition for procedure in rules.procedures for edition in procedure.editions}
    if edition_id not in editions:
        near = nearest(edition_id, editions)
        raise InvalidValue(f"{rules.id} has no edition {shown_name(edition_id)}{near}; it has {few_of(editions)}")
    return editions[edition_id]


def _differences(rules: RuleSet, old: Edition, new: Edition) -> Iterator[str]:
    if old == new:
        return
    if old.begins != new.begins:
        yield f"{old.id} applies {beginning(old)}; {new.id} applies {beginning(new)}."
    for name, words in (
        ("earning", "The training days that count"),
        ("opens", "The first day to file"),
        ("timely_until", "The last day to file on time"),
        ("late_until", "The last day to file late"),
        ("in_force_until", "The last day in force while late"),
    ):
        before, after = getattr(old, name), getattr(new, name)
        if plain_value(before) != plain_value(after):
            yield f"{words}: {in_words(rules, before)} before, {in_words(rules, after)} after."
    yield from _lists(rules, "", old.requirements, new.requirements)


def _lists(rules: RuleSet, where: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[str]:
    before = {part.id: part for part in old}
    after = {part.id: part for part in new}
    for name, part in after.items():
        if name not in before:
            yield f"New{where}: {part.says}"
    for name, part in before.items():
        if name not in after:
            yield f"No longer required{where}: {part.says}"
    for name, part in after.items():
        if name in before:
            yield from _changes(rules, before[name], part)


def _changes(rules: RuleSet, old: Any, new: Any) -> Iterator[str]:
    what = new.says.rstrip(".")
    if type(old) is not type(new):
        yield f"Changed: {old.says} now reads: {new.says}"
        return
    for field in attrs.fields(type(new)):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if field.name in ("parts", "caps", "options", "requirements"):
            yield from _lists(rules, f", within '{what}'", before, after)
        elif field.name in _FIELDS and plain_value(before) != plain_value(after):
            words = _FIELDS[field.name]
            was = "this was not limited" if before is None else f"{words} {in_words(rules, before)}"
            now = "this is no longer limited" if after is None else f"{words} {in_words(rules, after)}"
            yield f"{what}: {now}; before, {was}."
