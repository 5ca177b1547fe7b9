"""
The smallest addition of training with which all requirements of hours are met, and whether it is the smallest.

A lower bound is the least that any training the rules could see adds up to: a linear program over all requirements
and caps together, with every kind of training that the rules tell apart.  Whether so much is enough, the evaluation
says: where it does, the bound is exact.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import ROUND_UP, Decimal
from fractions import Fraction
from itertools import chain, product

import attrs

from peer_ledger.allocation import Demand, TooManyCombinations
from peer_ledger.allocation._additions import NOTHING, Added, Kind, Share, smallest_addition
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._event import event_of
from peer_ledger.evaluation._hours import HoursCheck
from peer_ledger.evaluation._requirements import check_requirement, ways_of
from peer_ledger.ledger import LedgerView
from peer_ledger.planning._asked import Asked, of_step
from peer_ledger.planning._training_kinds import kinds_of_training
from peer_ledger.records import TrainingEvent
from peer_ledger.reports import Report, Subject

MOST_COMBINATIONS = 64
"""How many combinations of repeated courses and of ways to meet requirements are tried."""

_FINEST = Decimal("0.000001")


@attrs.frozen(kw_only=True)
class Need:
    """
    Something that is missing.

    Attributes:
        requirement: The id of the requirement that is short; of several that training must count for, the narrowest.
        serves: The ids of the requirements that training must count for, the narrowest first; empty for documents.
        amount: How much is missing.
        unit: The unit of the amount.
        subject: Whether it is about hours or about documents.
        such_as: For training, one that would be enough, as it would be recorded; others of its kind do as well.
    """

    requirement: str
    serves: tuple[str, ...] = ()
    amount: Fraction
    unit: str
    subject: Subject
    such_as: TrainingEvent | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class Needed:
    """
    The smallest addition of training with which all requirements of hours are met.

    Attributes:
        additions: The training; empty when none is missing, or no addition is known that is enough.
        at_least: How much is missing at least, however it is chosen.
        is_enough: Whether the additions are enough under the assumed readings, as the evaluation says.
        is_settled: Whether they are enough under every reading.
    """

    additions: tuple[Need, ...]
    at_least: Fraction
    is_enough: bool
    is_settled: bool

    @property
    def is_exact(self) -> bool:
        """Whether the additions are enough, and nothing smaller is."""
        return self.is_enough and _total(self.additions) == self.at_least


def needed(asked: Asked, view: LedgerView, first: date, last: date) -> Needed:
    """
    Return the smallest addition of training under the assumed readings.

    Args:
        asked: What answers about the person.
        view: The ledger.
        first: The first day on which training may be completed.
        last: The last day, for which it is evaluated.
    """
    context = asked.assumed_context(view, last)
    edition = context.life.edition
    if edition is None or context.life.step is None:
        return Needed(additions=(), at_least=Fraction(0), is_enough=True, is_settled=True)
    checks = [check_requirement(context, one) for one in edition.requirements if one.designation is None]
    all_ways = list(product(*(ways_of(check) for check in checks)))
    ways = [_way(context, list(chain.from_iterable(way)), first, last) for way in all_ways[:MOST_COMBINATIONS]]
    possible = sorted((way for way in ways if way.is_possible), key=lambda way: _total(way.additions))
    is_all = len(all_ways) <= MOST_COMBINATIONS
    at_least = min(way.at_least for way in possible or ways) if is_all else Fraction(0)
    for way in possible:
        for additions in (way.additions, tuple(_in_one_piece(way.additions))):
            events = records_of(additions)
            report = asked.on(view.supposing(events) if events else view, last)
            if _is_enough(report):
                is_settled = report.hours_outcome != "undetermined"
                return Needed(additions=additions, at_least=at_least, is_enough=True, is_settled=is_settled)
    rest = possible[0].additions if possible else ()
    return Needed(additions=rest, at_least=at_least, is_enough=False, is_settled=False)


def _total(additions: Iterable[Need]) -> Fraction:
    return sum((one.amount for one in additions), Fraction(0))


def records_of(needs: Iterable[Need]) -> tuple[TrainingEvent, ...]:
    """Return the trainings that would be enough, each once."""
    return tuple(dict.fromkeys(need.such_as for need in needs if need.such_as is not None))


def _in_one_piece(additions: Iterable[Need]) -> Iterator[Need]:
    """Yield additions of which those that are of one kind but for their topics are parts of one training."""
    whole: dict[TrainingEvent, TrainingEvent] = {}
    alike = {need.such_as: _without_credits(need.such_as) for need in additions if need.such_as is not None}
    for event, kind in alike.items():
        first = whole.get(kind)
        credits_ = (*(first.credits or () if first else ()), *(event.credits or ()))
        whole[kind] = attrs.evolve(first or event, credits=credits_)
    for need in additions:
        yield need if need.such_as is None else attrs.evolve(need, such_as=whole[alike[need.such_as]])


def _without_credits(event: TrainingEvent) -> TrainingEvent:
    return attrs.evolve(event, id="any", title=None, credits=())


def _is_enough(report: Report) -> bool:
    """Return whether all requirements of hours are met under the assumed readings; trainings to attend are no hours."""
    return all(
        finding.result not in ("short", "undetermined")
        for finding in of_step(report)
        if finding.part_of is None and finding.subject == "hours" and finding.unit != "training"
    )


@attrs.frozen(kw_only=True)
class _Way:
    """
    The least that is missing in one way to meet the requirements.

    Attributes:
        at_least: How much is missing at least.
        additions: An addition with which all plans are met; empty where none is missing or known.
        is_possible: Whether some addition may meet them.
    """

    at_least: Fraction
    additions: tuple[Need, ...] = ()
    is_possible: bool = True


def _way(context: Context, checks: list[HoursCheck], first: date, last: date) -> _Way:
    shorts = [check.plan.short for check in checks]
    if not any(shorts):
        return _Way(at_least=Fraction(0))
    spans = [context.days(check.earning) for check in checks]
    events, is_complete = kinds_of_training(context, [check.asked.hours for check in checks], spans, first, last)
    kinds = _Kinds(events, checks, last)
    shares = [_share(check, [kind[place] for kind in kinds.best]) for place, check in enumerate(checks)]
    try:
        added = smallest_addition(shares, most_combinations=MOST_COMBINATIONS)
    except TooManyCombinations:
        return _Way(at_least=max(shorts))
    if added is None:
        return _Way(at_least=max(shorts), is_possible=not is_complete)
    wholes = [dict(_wholes(share.plan.demand)) for share in shares]
    amounts: dict[tuple[int, tuple[str, ...]], Fraction] = {}
    for one in added:
        serves = dict.fromkeys(name for place, inner in one.serves for name in wholes[place][inner])
        names = tuple(name for name in serves if any(name in check.asked.needs for check in checks))
        key = kinds.simplest(one), names
        amounts[key] = amounts.get(key, Fraction(0)) + one.amount
    additions = tuple(
        _need(context, number, amount, names, events[kind])
        for number, ((kind, names), amount) in enumerate(amounts.items(), 1)
    )
    return _Way(at_least=sum(amounts.values(), Fraction(0)) if is_complete else max(shorts), additions=additions)


class _Kinds:
    """
    What kinds of training are to some requirements, each told apart by what it fits.

    Args:
        events: A training of each kind, the simplest first.
        checks: The requirements.
        day: The day for which it is evaluated.

    Attributes:
        best: What the kinds are to each requirement, without those than which another is better.
    """

    def __init__(self, events: Sequence[TrainingEvent], checks: Sequence[HoursCheck], day: date) -> None:
        self._all: dict[tuple[Kind, ...], int] = {}
        for place, record in enumerate(events):
            event = event_of(record, None, {}, day)
            fits = (check.fit_of(event) for check in checks)
            kind = tuple(NOTHING if fit is None or not fit.fits else (fit.fits, fit.caps) for fit in fits)
            self._all.setdefault(kind, place)
        self.best: list[tuple[Kind, ...]] = []
        for one in sorted(self._all, key=_strength, reverse=True):  # a better one comes before a worse one
            if not any(_is_better(two, one) for two in self.best):
                self.best.append(one)

    def simplest(self, added: Added) -> int:
        """Return the place of the simplest training that serves what something added serves, under no other cap."""
        own = self.best[added.kind]
        serves = [(at, name) for at, name in added.serves if name in own[at][0]]
        return next(
            place
            for kind, place in self._all.items()
            if all(name in kind[at][0] and kind[at][1] <= own[at][1] for at, name in serves)
        )


def _strength(kind: tuple[Kind, ...]) -> tuple[int, int]:
    return sum(len(serves) for serves, _ in kind), -sum(len(limits) for _, limits in kind)


def _is_better(kind: tuple[Kind, ...], than: tuple[Kind, ...]) -> bool:
    """Return whether a kind serves all that another one does, under none but its limits."""
    return kind != than and all(
        theirs <= serves and (limits <= their_limits or not theirs)
        for (serves, limits), (theirs, their_limits) in zip(kind, than, strict=True)
    )


def _share(check: HoursCheck, kinds: Sequence[Kind]) -> Share:
    proof = check.plan.least
    there = {limit.name for limit in proof.plan.limits}
    return Share(
        plan=proof.plan,
        cells=proof.cells,
        alternatives=proof.alternatives,
        worth=check.plan.in_hours(1),
        kinds=tuple((serves, limits & there) for serves, limits in kinds),
    )


def _wholes(demand: Demand, above: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each demand's name with the names of itself and of what it is a part of."""
    names = (demand.name, *above)
    yield demand.name, names
    for child in demand.children:
        yield from _wholes(child, names)


def _need(context: Context, number: int, amount: Fraction, serves: tuple[str, ...], example: TrainingEvent) -> Need:
    unit = context.ruleset.counts_in
    figure = (Decimal(amount.numerator) / Decimal(amount.denominator)).quantize(_FINEST, rounding=ROUND_UP)
    [credit] = example.credits or ()
    event = attrs.evolve(
        example,
        id=f"plan-{context.history.person}-{number}",
        title=f"Planned training {number}",
        credits=(attrs.evolve(credit, amount=figure),),
    )
    return Need(requirement=serves[0], serves=serves, amount=amount, unit=unit, subject="hours", such_as=event)
