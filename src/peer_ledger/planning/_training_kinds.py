"""
The kinds of training that the rules of a step tell apart: one example of each, as it would be recorded.

Rules see a training by its day, its topics, how and by whom it was given, who approves it, its course and the person's
role.  Words that appear in the same filters make no difference, so one of them stands for all; of words that appear in
none, one stands for all as well.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import product
from typing import Any

import attrs

from peer_ledger.evaluation._context import Context
from peer_ledger.records import Approval, Credit, TrainingEvent
from peer_ledger.rules import WANTED, Cap, Hours, Part, TrainingFilter
from peer_ledger.values.dates import DAY
from peer_ledger.values.vocabularies import standard_vocabularies

MOST_KINDS = 5000
"""How many kinds of training are told apart."""

_LENGTH = 10_000


@attrs.frozen
class Told:
    """
    What the filters of some requirements tell apart.

    Attributes:
        words: For each property of a training, the sets of words by which filters select it.
        days: The first and last days of what counts, where there are any.
    """

    words: dict[str, list[frozenset[str]]]
    days: list[tuple[date | None, date | None]]


def kinds_of_training(
    context: Context, asked: Iterable[Hours], days: Iterable[tuple[date | None, date | None]], first: date, last: date
) -> tuple[tuple[TrainingEvent, ...], bool]:
    """
    Return a training of each kind that the rules tell apart, the simplest first.

    Args:
        context: The records and readings.
        asked: The requirements of hours.
        days: The first and last days on which training counts for them.
        first: The first day on which training may be completed.
        last: The last day.

    Returns:
        The trainings, and whether these are all kinds there are.
    """
    told = Told({name: [] for name in WANTED}, [*days])
    for hours in asked:
        for rule in _with_inner(hours):
            _tell(told, context, rule.counts)
            if isinstance(rule, Part):
                told.days.append(context.days(rule.within))
    choices: list[list[Any]] = [
        _days(told.days, first, last),
        _sets(told.words["topics"]),
        _sets(told.words["approved_by"]) if told.words["approved_by"] else [None],
        _single("deliveries", told.words["deliveries"], None),
        _single("providers", told.words["providers"], None),
        _single("roles", told.words["roles"], "attended"),
        _single("courses", told.words["courses"], None),
    ]
    found, is_complete = list[tuple[int, TrainingEvent]](), True
    for number, choice in enumerate(product(*choices)):
        if number == MOST_KINDS:
            is_complete = False
            break
        found.append((_words_in(choice), _event(context, number, *choice)))
    return tuple(event for _, event in sorted(found, key=lambda one: one[0])), is_complete


def _with_inner(rule: Hours | Part) -> Iterator[Hours | Part | Cap]:
    yield rule
    if isinstance(rule, Hours):
        yield from rule.caps
    for part in rule.parts:
        yield from _with_inner(part)


def _tell(told: Told, context: Context, wanted: Any) -> None:
    training: TrainingFilter | None = context.readings.of(wanted)
    if training is None:
        return
    for name in WANTED:
        for given in (getattr(training, name), context.readings.of(getattr(training, f"not_{name}"))):
            if given and given not in told.words[name]:
                told.words[name].append(given)
    told.days.append((training.completed_from, training.completed_to))
    for option in training.any_of:
        _tell(told, context, option)


def _days(spans: Iterable[tuple[date | None, date | None]], first: date, last: date) -> list[date]:
    """Return a day of each stretch within which the same days count."""
    begins = {begin for begin, _ in spans if begin is not None}
    begins |= {end + DAY for _, end in spans if end is not None}
    return sorted({first, last, *(day for day in begins if first < day <= last)})


def _classes(sets: list[frozenset[str]]) -> list[tuple[str, frozenset[int]]]:
    """Return a word for all that are in the same sets, with the positions of these sets."""
    found: dict[frozenset[int], str] = {}
    for word in sorted(frozenset().union(*sets)):
        found.setdefault(frozenset(place for place, words in enumerate(sets) if word in words), word)
    return [(word, places) for places, word in found.items()]


def _sets(sets: list[frozenset[str]]) -> list[frozenset[str]]:
    """Return sets of words that filters tell apart, each as small as can be; at least the empty one."""
    found: dict[frozenset[int], frozenset[str]] = {frozenset(): frozenset()}
    for word, places in _classes(sets):
        for hit, words in list(found.items()):
            more = words | {word}
            if len(found) < MOST_KINDS and len(found.get(hit | places, (*more, word))) > len(more):
                found[hit | places] = more
    return list(found.values())


def _single(name: str, sets: list[frozenset[str]], otherwise: str | None) -> list[str | None]:
    """Return words that filters tell apart, after one that they do not name."""
    if not sets:
        return [otherwise]
    named = frozenset[str]().union(*sets)
    words: list[str | None] = [word for word, _ in _classes(sets)]
    return [*_unnamed(name, named), *words]


def _unnamed(name: str, named: frozenset[str]) -> Iterator[str]:
    """Yield a word for a property that no filter names, if there is one."""
    if name in ("courses", "providers"):
        yield "another"  # any id, and any word: both are open
    else:
        yield from [one.id for one in standard_vocabularies()[name] if one.id not in named][:1]


def _words_in(choice: tuple[Any, ...]) -> int:
    """Return how special a kind of training is."""
    _, topics, approvers, *single = choice
    return len(topics) + len(approvers or ()) + sum(one not in (None, "attended") for one in single)


def _event(
    context: Context,
    number: int,
    day: date,
    topics: frozenset[str],
    approvers: frozenset[str] | None,
    *single: str | None,
) -> TrainingEvent:
    delivery, provider, role, course = single
    return TrainingEvent(
        id=f"kind-{number}",
        person=context.history.person,
        completed=day,
        delivery=delivery,
        provider=provider,
        role=role or "attended",
        course=course,
        credits=(Credit(amount=_LENGTH, unit=context.ruleset.counts_in, topics=topics),),
        approvals=None if approvers is None else {Approval(by=name) for name in approvers},
    )
