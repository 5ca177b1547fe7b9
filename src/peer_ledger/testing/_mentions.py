"""
Everything that a rule set mentions, gathered from the object itself: words, days, figures and units.

Figures and training filters are found in the fields of every kind of requirement, however deep they are, so that lives
also aim at kinds that are added later.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeGuard

import attrs

from peer_ledger.records import Quantity
from peer_ledger.rules import (
    WANTED,
    ByQuestion,
    Cap,
    Custom,
    Documents,
    Edition,
    Hours,
    Kind,
    Part,
    RuleSet,
    TrainingFilter,
    UnitValue,
    Unstated,
    UnstatedQuantity,
    questions_of,
)
from peer_ledger.values.dates import DAY
from peer_ledger.values.hours import WORTH

CENT = Decimal("0.01")
_DIVISORS = (2, 3, 4)
MOST_MONTHS = 480
"""A custom check may use a share of its figure, which no rule file shows; these are tried."""

_UNKNOWN_FITS = "unknown_fits"
"""The one set of words in a `TrainingFilter` that names fields, not training."""

_PROSE_OR_PLACE = ("sources", "questions", "notes", "cites", "cycle_cites")


@attrs.frozen(kw_only=True)
class Target:
    """
    Training that a rule mentions.

    Attributes:
        words: The words that it must have, by the field of a `TrainingFilter`; empty for any training.
        amounts: Amounts in clock hours: just enough, just short, and just too much.
        times: How many trainings it may take; more than one where a custom check decides what counts.
    """

    words: Mapping[str, tuple[str, ...]] = attrs.field(hash=False)
    amounts: tuple[Decimal, ...]
    times: int = 1


@attrs.frozen(kw_only=True)
class RequiredDocument:
    """
    Documents that a rule mentions.

    Attributes:
        document_kind: Their kind.
        count: How many are required.
        quantities: The quantities that they may have to state.
    """

    document_kind: str
    count: int
    quantities: tuple[Quantity, ...]


@attrs.frozen(kw_only=True)
class Mentions:
    """
    Everything that a rule set mentions.

    Attributes:
        words: The words of training filters and conditions, by field.
        days: The days that the rules name.
        months: The length of a cycle, cut to forty years: a life has to fit into the calendar.
        targets: The training that is mentioned, by the id of the edition.
        documents: The documents that are mentioned, by the id of the edition.
        units: The units of known worth, with their worth in clock hours; hours and minutes come first.
        named: What a ruling may be about, with the figures that it may set.
    """

    words: Mapping[str, tuple[str, ...]]
    days: tuple[date, ...]
    months: int
    targets: Mapping[str, tuple[Target, ...]]
    documents: Mapping[str, tuple[RequiredDocument, ...]]
    units: tuple[tuple[str, Fraction], ...]
    named: tuple[tuple[str, tuple[Quantity, ...]], ...]


def walk(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """
    Yield an object and every value inside it, each with the name of the field that holds it.
    """
    yield name, value
    if isinstance(value, ByQuestion):
        for _, part in value.values:
            yield from walk(part, name)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from walk(getattr(value, field.name), field.name)
    elif isinstance(value, tuple):
        for part in value:
            yield from walk(part, name)


@lru_cache(maxsize=64)
def mentions_of(ruleset: RuleSet) -> Mentions:
    """
    Return everything that a rule set mentions; computed once, because every example needs it.
    """
    stated = [getattr(ruleset, field.name) for field in attrs.fields(RuleSet) if field.name not in _PROSE_OR_PLACE]
    everything = [pair for value in stated for pair in walk(value)]
    editions = [edition for procedure in ruleset.procedures for edition in procedure.editions]
    words = defaultdict[str, set[str]](set)
    for name, value in everything:
        if isinstance(value, frozenset) and name != _UNKNOWN_FITS:
            words[_field(name)].update(value)
        elif name in ("holds", "method") and value is not None:
            words[name].add(value)
    days = {value for _, value in everything if isinstance(value, date)} | {ruleset.seen_on}
    days |= {day for asked in questions_of(ruleset) for day in (asked.first_day, asked.last_day) if day is not None}
    return Mentions(
        words={name: tuple(sorted(some)) for name, some in words.items() if some},
        days=tuple(sorted(days)),
        months=min(_months(ruleset), MOST_MONTHS),
        targets={edition.id: tuple(targets_of(edition)) for edition in editions},
        documents={edition.id: tuple(_required_documents(edition)) for edition in editions},
        units=(
            *WORTH.items(),
            *((value.unit, Fraction(value.hours)) for _, value in everything if isinstance(value, UnitValue)),
        ),
        named=tuple(_named(editions)),
    )


def _field(name: str) -> str:
    """Return the field of a training that a set of words is about; topics when the name does not say."""
    return next((field for field in WANTED if name.endswith(field)), "topics")


def _months(ruleset: RuleSet) -> int:
    found = [part for name, part in walk(ruleset.cycle) if name == "months" and isinstance(part, int)]
    years = [part for name, part in walk(ruleset.cycle) if name == "years" and isinstance(part, int)]
    return max([*found, *(12 * number for number in years)], default=12)


Rule = Kind | Part | Cap
"""A requirement, or a part or a cap of one: what has a sentence and sources of its own."""


def _is_rule(value: object) -> TypeGuard[Rule]:
    return isinstance(value, Rule)


def _rules_of(edition: Edition) -> list[Rule]:
    return [value for _, value in walk(edition.requirements) if _is_rule(value)]


def _own(rule: Any) -> Iterator[Any]:
    """Yield the values in a rule that are not in another rule inside it."""
    for field in attrs.fields(type(rule)):
        part = getattr(rule, field.name)
        if not (isinstance(part, tuple) and any(map(_is_rule, part))):
            yield from (inner for _, inner in walk(part, field.name))


def targets_of(edition: Edition) -> Iterator[Target]:
    """
    Yield the training that an edition mentions, in requirements of any kind.
    """
    for rule in _rules_of(edition):
        if isinstance(rule, Documents):
            continue
        own = list(_own(rule))
        figures = {value for value in own if isinstance(value, Decimal)}
        parts = rule.parts if isinstance(rule, Hours | Part) else ()
        below = [figure for _, figure in walk(parts) if isinstance(figure, Decimal)]
        rests = {figure - sum(below, Decimal()) for figure in figures}
        is_custom = isinstance(rule, Custom)
        shares = {round(figure / by, 2) for figure in figures for by in _DIVISORS} if is_custom else set[Decimal]()
        amounts = {figure + by for figure in figures | rests | shares for by in (Decimal(), -CENT, CENT)} | {Decimal(1)}
        wanted = [dict(_words(value)) for value in own if isinstance(value, TrainingFilter)]
        for words in wanted or [{}]:
            yield Target(
                words=words,
                amounts=tuple(sorted(amount for amount in amounts if amount > 0)),
                times=_times(max(figures, default=Decimal(1))) if is_custom else 1,
            )


def _times(figure: Decimal) -> int:
    """Return how many trainings a custom check's figure may take."""
    return max(2, min(6, math.ceil(figure))) if figure <= 12 else 4


def _words(training: TrainingFilter) -> Iterator[tuple[str, tuple[str, ...]]]:
    for field in attrs.fields(TrainingFilter):
        value = getattr(training, field.name)
        is_wanted = not field.name.startswith("not_") and field.name != _UNKNOWN_FITS
        if isinstance(value, frozenset) and value and is_wanted:
            yield _field(field.name), tuple(sorted(value))


def _required_documents(edition: Edition) -> Iterator[RequiredDocument]:
    for rule in _rules_of(edition):
        if isinstance(rule, Documents):
            yield RequiredDocument(
                document_kind=rule.document_kind,
                count=2 if isinstance(rule.need, Unstated) else rule.need,
                quantities=_quantities(rule),
            )


def _quantities(rule: Rule) -> tuple[Quantity, ...]:
    inside = [value for _, value in walk(rule)]
    unstated = [value.unit for value in inside if isinstance(value, UnstatedQuantity)]
    some = (Quantity(amount=amount, unit=unit) for unit in unstated for amount in (Decimal(1), Decimal(6)))
    return _in_order([*some, *(value for value in inside if isinstance(value, Quantity))])


def _in_order(quantities: Iterable[Quantity]) -> tuple[Quantity, ...]:
    return tuple(sorted(set(quantities), key=lambda quantity: (quantity.unit, quantity.amount)))


def _named(editions: list[Edition]) -> Iterator[tuple[str, tuple[Quantity, ...]]]:
    seen: dict[str, set[Quantity]] = {"due": set(), "late_until": set(), "opens": set()}
    for edition in editions:
        for rule in _rules_of(edition):
            figures = {value for _, value in walk(rule) if isinstance(value, Decimal)}
            unit = "hour" if isinstance(rule, Part | Cap) else rule.unit
            in_unit = [Quantity(amount=figure, unit=unit) for figure in figures]
            seen.setdefault(rule.id, set()).update(_quantities(rule) or in_unit)
    for name, some in seen.items():
        yield name, _in_order(some)


def days_near(day: date, months: int) -> Iterator[date]:
    """
    Yield a day and the days around it, and the same a cycle earlier.

    Args:
        day: The day.
        months: The length of the cycle.
    """
    earlier = (day.year * 12 + day.month - 1) - months
    for start in (day, date(earlier // 12, earlier % 12 + 1, min(day.day, 28))):
        yield from (start + by * DAY for by in (0, -1, 1))
