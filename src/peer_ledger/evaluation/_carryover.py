"""
What takes hours before a requirement does: earlier cycles, of which some is carried, and other credentials.

All that is settled earlier is allocated together with the requirement, so that it takes its hours in the way that
leaves most for what follows; what it could not get itself it does not take from others.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Literal

import attrs

from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._history import Event, History, filed_on, is_named
from peer_ledger.evaluation._life import Grant
from peer_ledger.evaluation._lifecycle import life_on
from peer_ledger.records import Certification
from peer_ledger.rules import Hours, RuleSet
from peer_ledger.rulesets import RuleSetNotFound, ruleset


@attrs.frozen(kw_only=True)
class Taken:
    """
    What one requirement, or a part of one, takes.

    Attributes:
        name: What it is called in the common allocation.
        hours: How many hours at least.
        at_most: How many hours it may take; `None` without limit.
        parts: Of which.
        together: Whether a minute sits in one part, or may sit in several.
    """

    name: str
    hours: Fraction
    at_most: Fraction | None = None
    parts: tuple["Taken", ...] = ()
    together: Literal["exclusive", "shared"] = "exclusive"


@attrs.frozen(kw_only=True)
class Claim:
    """
    A requirement that was settled earlier.

    Attributes:
        taken: What it takes.
        credits: What it may take from, by key.
        caps: How many hours its caps allow, by their names.
        lacks: How many hours it is short itself.
        is_open: Whether it is yet to be met, and no renewal has closed it.
    """

    taken: Taken
    credits: Mapping[str, "Claimed"]
    caps: Mapping[str, Fraction]
    lacks: Fraction
    is_open: bool


@attrs.frozen(kw_only=True)
class Claimed:
    """
    A credit that a requirement which was settled earlier may take.

    Attributes:
        event: The training.
        hours: How much it is.
        fits: The names of what it may serve.
        is_own: Whether it was earned for that requirement, and not carried into it.
        caps: The names of the caps it lies in.
    """

    event: Event
    hours: Fraction
    fits: frozenset[str]
    is_own: bool
    caps: frozenset[str]


@attrs.frozen(kw_only=True)
class Step:
    """
    One requirement of one credential at one step.

    Attributes:
        settled: When it is settled: the day on which it was closed or filed, or is due.
        name: What it is called in the common allocation.
        context: What it is held against.
        hours: The requirement.
        is_asked: Whether it is asked at that step; one that is not takes nothing.
    """

    settled: date
    name: str
    context: Context
    hours: Hours
    is_asked: bool


Settle = Callable[[Step, tuple[Claim, ...]], Claim]


def claims_before(context: Context, hours: Hours, settle: Settle) -> tuple[Claim, ...]:
    """
    Settle all that comes before a requirement, in order.

    Args:
        context: What the requirement is held against.
        hours: The requirement.
        settle: How one is settled, given what was settled before.
    """
    own = _settled(context)
    steps = [*closed_steps(context, hours.id)] if hours.carry_over or hours.not_shared_with else []
    here = (context.ruleset.id, hours.id)
    for other in hours.not_shared_with:
        steps += [
            step
            for step in _steps_elsewhere(context, other.ruleset, other.requirement)
            if here in {(one.ruleset, one.requirement) for one in step.hours.not_shared_with}
        ]
    claims: tuple[Claim, ...] = ()
    for step in sorted(steps, key=lambda step: (step.settled, step.name)):
        if (step.settled, step.context.ruleset.id) < (own, context.ruleset.id):
            claims = (*claims, settle(step, claims))
    return claims


def before_closing(history: History, grants: tuple[Grant, ...], closing: Grant) -> History:
    """
    Return the history as it was when a renewal was granted, with what was filed for it and without the renewal.
    """
    cycle = closing.number - 1
    begun = max((one.day for one in grants if one.number == cycle and one.day <= closing.day), default=closing.day)
    filed = [one for one in history.filings if one.step == "renewal" and begun < filed_on(one) <= closing.day]
    filed = [one for one in filed if is_named(one, closing.act.filing)] or filed
    before = history.elsewhere(history.credential, closing.day)
    acts = tuple(act for act in before.acts if act.id != closing.act.id and not is_twin(act, closing.act))
    return attrs.evolve(before, acts=acts, filings=tuple(filed[-1:]), closing=True)


def is_twin(one: Certification, other: Certification) -> bool:
    """Return whether two records are of the same act on the same day."""
    return one.on is not None and (one.on, one.act) == (other.on, other.act)


def _settled(context: Context) -> date:
    life = context.life
    if context.history.closing:
        return context.history.on
    return life.grant.due if life.filing is None and life.grant is not None and life.step == "renewal" else life.as_of


def closed_steps(context: Context, requirement: str) -> Iterator[Step]:
    """Yield the cycles that renewals closed."""
    for closing in context.life.grants:
        if closing.act.act == "renewed" and closing.number > 1:
            history = before_closing(context.history, context.life.grants, closing)
            life = life_on(history, context.ruleset, context.readings.sharing(None))
            closed = Context(
                ruleset=context.ruleset, history=history, readings=context.readings.sharing(life.deciding), life=life
            )
            yield from _step(closed, requirement, closing.day, closed_on(context.ruleset.id, closing.day))


def _steps_elsewhere(context: Context, other: str, requirement: str) -> Iterator[Step]:
    """Yield the steps of another credential: what was closed, and what is filed or due."""
    history = context.history.elsewhere(other, context.history.on)
    rules = _found(other)
    if rules is None or not history.acts:
        return
    readings = context.readings_of(rules, history)
    life = life_on(history, rules, readings)
    there = Context(ruleset=rules, history=history, readings=readings.sharing(life.deciding), life=life)
    yield from closed_steps(there, requirement)
    if life.step == "renewal" and life.grant is not None:
        yield from _step(there, requirement, _settled(there), f"{other}, due on {life.grant.due}")


def closed_on(credential: str, day: date) -> str:
    """
    Name the cycle that a renewal closed.
    """
    return f"{credential}, renewed on {day}"


def _step(context: Context, requirement: str, settled: date, name: str) -> Iterator[Step]:
    edition = context.life.edition
    for one in edition.requirements if edition is not None else ():
        if one.id == requirement and isinstance(one, Hours):
            yield Step(settled=settled, name=name, context=context, hours=one, is_asked=context.is_asked(one))


def _found(ruleset_id: str) -> RuleSet | None:
    try:
        return ruleset(ruleset_id)
    except RuleSetNotFound:
        return None
