"""
What a rule set speaks of: its words, days, figures and units, gathered from the object itself.

Nothing here knows the kinds of requirement: whatever has a figure, a kind of training or a kind of document among
its fields is found, however deep it lies, so that kinds which are added later are aimed at too.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from peer_ledger.records import Quantity
from peer_ledger.rules import ByQuestion, Edition, RuleSet, TrainingFilter, UnitValue, questions_of

CENT = Decimal("0.01")
_SHARES = (2, 3, 4)
"""Of which shares of its figure a function may speak that no rule file shows."""

CLOCK = (("hour", Fraction(1)), ("minute", Fraction(1, 60)))
_FIELDS = ("topics", "deliveries", "roles", "approved_by", "providers", "courses")
_HOW = "unknown_fits"
"""A set of words that speaks of fields, and not of training."""

_PROSE_OR_PLACE = ("sources", "questions", "notes", "cites", "cycle_cites")


@attrs.frozen(kw_only=True)
class Target:
    """
    Training that a rule speaks of.

    Attributes:
        words: What it must be, by the name of the field of a `TrainingFilter`; empty for any.
        amounts: Amounts in clock hours that are just enough, or just not, or just too much.
        times: How many trainings it may take: more than one where what counts is judged in code.
    """

    words: Mapping[str, tuple[str, ...]] = attrs.field(hash=False)
    amounts: tuple[Decimal, ...]
    times: int = 1


@attrs.frozen(kw_only=True)
class RequiredDocument:
    """
    Documents that a rule speaks of.

    Attributes:
        document_kind: Their kind.
        count: How many are asked.
        quantities: What they may have to say.
    """

    document_kind: str
    count: int
    quantities: tuple[Quantity, ...]


@attrs.frozen(kw_only=True)
class Clues:
    """
    What a rule set speaks of.

    Attributes:
        words: The words for each field of a training event, and those of conditions, by field.
        days: The days that stand in the rules.
        months: How long a cycle is.
        targets: The training that is spoken of, by the id of the edition.
        documents: The documents that are spoken of, in the same way.
        units: The units that are worth something, in clock hours.
        named: What a ruling may be about, each with figures that it may set.
    """

    words: Mapping[str, tuple[str, ...]]
    days: tuple[date, ...]
    months: int
    targets: Mapping[str, tuple[Target, ...]]
    documents: Mapping[str, tuple[RequiredDocument, ...]]
    units: tuple[tuple[str, Fraction], ...]
    named: tuple[tuple[str, tuple[Quantity, ...]], ...]


_FOUND: dict[int, tuple[RuleSet, Clues]] = {}


def clues_of(ruleset: RuleSet) -> Clues:
    """
    Gather what a rule set speaks of; once for each object, for it is asked for with every example.
    """
    found = _FOUND.get(id(ruleset))
    if found is None or found[0] is not ruleset:
        found = _FOUND[id(ruleset)] = ruleset, _gathered(ruleset)
    return found[1]


def walk(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """
    Yield every value in an object, itself first, each with the name of the field in which it stands.
    """
    yield name, value
    if isinstance(value, ByQuestion):
        for _, part in value.values:
            yield from walk(part, name)
    elif attrs.has(type(value)):
        for one in attrs.fields(type(value)):
            yield from walk(getattr(value, one.name), one.name)
    elif isinstance(value, tuple):
        for part in value:
            yield from walk(part, name)


def _gathered(ruleset: RuleSet) -> Clues:
    stated = [getattr(ruleset, one.name) for one in attrs.fields(RuleSet) if one.name not in _PROSE_OR_PLACE]
    everything = [pair for value in stated for pair in walk(value)]
    editions = [edition for procedure in ruleset.procedures for edition in procedure.editions]
    words = defaultdict[str, set[str]](set)
    for name, value in everything:
        if isinstance(value, frozenset) and name != _HOW:
            words[_field(name)].update(value)
        elif name in ("holds", "method") and value is not None:
            words[name].add(value)
    days = {value for _, value in everything if isinstance(value, date)} | {ruleset.seen_on}
    days |= {day for one in questions_of(ruleset) for day in (one.first_day, one.last_day) if day is not None}
    return Clues(
        words={name: tuple(sorted(some)) for name, some in words.items()},
        days=tuple(sorted(days)),
        months=_months(ruleset),
        targets={edition.id: tuple(targets_of(edition)) for edition in editions},
        documents={edition.id: tuple(_required_documents(edition)) for edition in editions},
        units=(
            *CLOCK,
            *((value.unit, Fraction(value.hours)) for _, value in everything if isinstance(value, UnitValue)),
        ),
        named=tuple(_named(editions)),
    )


def _field(name: str) -> str:
    """Return the field of training that a set of words belongs to; an unknown one counts as topics."""
    return next((one for one in _FIELDS if name.endswith(one)), "topics")


def _months(ruleset: RuleSet) -> int:
    found = [part for name, part in walk(ruleset.cycle) if name == "months" and isinstance(part, int)]
    years = [part for name, part in walk(ruleset.cycle) if name == "years" and isinstance(part, int)]
    return max([*found, *(12 * one for one in years)], default=12)


def _asks(value: Any) -> bool:
    """Return whether a value asks for something: it has an id, a sentence and sources."""
    return attrs.has(type(value)) and all(hasattr(value, name) for name in ("id", "says", "cites"))


def _asking(edition: Edition) -> list[Any]:
    return [value for _, value in walk(edition.requirements) if _asks(value)]


def _own(value: Any) -> Iterator[Any]:
    """Yield what lies in something that asks, and not in another such thing below it."""
    for one in attrs.fields(type(value)):
        part = getattr(value, one.name)
        if not (isinstance(part, tuple) and any(map(_asks, part))):
            yield from (inner for _, inner in walk(part, one.name))


def targets_of(edition: Edition) -> Iterator[Target]:
    """
    Yield the training that an edition speaks of, whatever the kinds of requirement that do.
    """
    for one in _asking(edition):
        if hasattr(one, "document_kind"):
            continue
        own = list(_own(one))
        figures = {value for value in own if isinstance(value, Decimal)}
        below = [figure for _, figure in walk(getattr(one, "parts", ())) if isinstance(figure, Decimal)]
        rests = {figure - sum(below, Decimal()) for figure in figures}
        is_judged = hasattr(one, "check")
        shares = {round(figure / by, 2) for figure in figures for by in _SHARES} if is_judged else set[Decimal]()
        amounts = {figure + by for figure in figures | rests | shares for by in (Decimal(), -CENT, CENT)} | {Decimal(1)}
        trainings: list[Any] = [value for value in own if isinstance(value, TrainingFilter)]
        for training in trainings or [None]:
            wanted = {} if training is None else dict(_words(training))
            yield Target(
                words=wanted,
                amounts=tuple(sorted(amount for amount in amounts if amount > 0)),
                times=_times(max(figures, default=Decimal(1))) if is_judged else 1,
            )


def _times(figure: Decimal) -> int:
    """Return how many trainings may be needed for a figure that a custom check sums up."""
    return max(2, min(6, math.ceil(figure))) if figure <= 12 else 4


def _words(training: TrainingFilter) -> Iterator[tuple[str, tuple[str, ...]]]:
    for one in attrs.fields(type(training)):
        value = getattr(training, one.name)
        if isinstance(value, frozenset) and value and not one.name.startswith("not_") and one.name != _HOW:
            yield _field(one.name), tuple(sorted(value))


def _required_documents(edition: Edition) -> Iterator[RequiredDocument]:
    for one in _asking(edition):
        if hasattr(one, "document_kind"):
            quantities = {value for _, value in walk(one) if isinstance(value, Quantity)}
            yield RequiredDocument(
                document_kind=one.document_kind,
                count=one.need if isinstance(getattr(one, "need", None), int) else 1,
                quantities=tuple(sorted(quantities, key=lambda quantity: (quantity.unit, quantity.amount))),
            )


def _named(editions: list[Edition]) -> Iterator[tuple[str, tuple[Quantity, ...]]]:
    seen: dict[str, set[Quantity]] = {"due": set(), "late_until": set(), "opens": set()}
    for edition in editions:
        for one in _asking(edition):
            figures = {value for _, value in walk(one) if isinstance(value, Decimal)}
            quantities = {value for _, value in walk(one) if isinstance(value, Quantity)}
            unit = getattr(one, "unit", "hour")
            seen.setdefault(one.id, set()).update(quantities or (Quantity(amount=f, unit=unit) for f in figures))
    for name, some in seen.items():
        yield name, tuple(sorted(some, key=lambda quantity: (quantity.unit, quantity.amount)))


def days_near(day: date, months: int) -> Iterator[date]:
    """
    Yield the days about one, and those about the day a cycle earlier, as far as the calendar goes.
    """
    earlier = (day.year * 12 + day.month - 1) - months
    for start in (day, date(earlier // 12, earlier % 12 + 1, min(day.day, 28))):
        yield from (start + timedelta(days=by) for by in (0, -1, 1))
