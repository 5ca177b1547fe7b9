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

from peer_ledger.evaluation._context import Case
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
        case: What it is held against.
        hours: The requirement.
        is_asked: Whether it is asked at that step; one that is not takes nothing.
    """

    settled: date
    name: str
    case: Case
    hours: Hours
    is_asked: bool


Settle = Callable[[Step, tuple[Claim, ...]], Claim]


def claims_before(case: Case, hours: Hours, settle: Settle) -> tuple[Claim, ...]:
    """
    Settle all that comes before a requirement, in order.

    Args:
        case: What the requirement is held against.
        hours: The requirement.
        settle: How one is settled, given what was settled before.
    """
    own = _settled(case)
    steps = [*closed_steps(case, hours.id)] if hours.carry or hours.apart_from else []
    here = (case.ruleset.id, hours.id)
    for other in hours.apart_from:
        steps += [
            step
            for step in _steps_elsewhere(case, other.ruleset, other.requirement)
            if here in {(one.ruleset, one.requirement) for one in step.hours.apart_from}
        ]
    claims: tuple[Claim, ...] = ()
    for step in sorted(steps, key=lambda step: (step.settled, step.name)):
        if (step.settled, step.case.ruleset.id) < (own, case.ruleset.id):
            claims = (*claims, settle(step, claims))
    return claims


def before_closing(history: History, grants: tuple[Grant, ...], closing: Grant) -> History:
    """
    Give the history as it was when a renewal was granted, with what was filed for it and without the renewal.
    """
    cycle = closing.number - 1
    begun = max((one.day for one in grants if one.number == cycle and one.day <= closing.day), default=closing.day)
    filed = [one for one in history.filings if one.step == "renewal" and begun < filed_on(one) <= closing.day]
    filed = [one for one in filed if is_named(one, closing.act.filing)] or filed
    before = history.elsewhere(history.credential, closing.day)
    acts = tuple(act for act in before.acts if act.id != closing.act.id and not is_twin(act, closing.act))
    return attrs.evolve(before, acts=acts, filings=tuple(filed[-1:]), closing=True)


def is_twin(one: Certification, other: Certification) -> bool:
    """Tell whether two records are of the same act on the same day."""
    return one.on is not None and (one.on, one.act) == (other.on, other.act)


def _settled(case: Case) -> date:
    life = case.life
    if case.history.closing:
        return case.history.on
    return life.grant.due if life.filing is None and life.grant is not None and life.step == "renewal" else life.as_of


def closed_steps(case: Case, requirement: str) -> Iterator[Step]:
    """Give the cycles that renewals closed."""
    for closing in case.life.grants:
        if closing.act.act == "renewed" and closing.number > 1:
            history = before_closing(case.history, case.life.grants, closing)
            life = life_on(history, case.ruleset, case.readings.sharing(None))
            closed = Case(
                ruleset=case.ruleset, history=history, readings=case.readings.sharing(life.deciding), life=life
            )
            yield from _step(closed, requirement, closing.day, closed_on(case.ruleset.id, closing.day))


def _steps_elsewhere(case: Case, other: str, requirement: str) -> Iterator[Step]:
    """Give the steps of another credential: what was closed, and what is filed or due."""
    history = case.history.elsewhere(other, case.history.on)
    rules = _found(other)
    if rules is None or not history.acts:
        return
    readings = case.readings_of(rules, history)
    life = life_on(history, rules, readings)
    there = Case(ruleset=rules, history=history, readings=readings.sharing(life.deciding), life=life)
    yield from closed_steps(there, requirement)
    if life.step == "renewal" and life.grant is not None:
        yield from _step(there, requirement, _settled(there), f"{other}, due on {life.grant.due}")


def closed_on(credential: str, day: date) -> str:
    """
    Name the cycle that a renewal closed.
    """
    return f"{credential}, renewed on {day}"


def _step(case: Case, requirement: str, settled: date, name: str) -> Iterator[Step]:
    edition = case.life.edition
    for one in edition.requirements if edition is not None else ():
        if one.id == requirement and isinstance(one, Hours):
            yield Step(settled=settled, name=name, case=case, hours=one, is_asked=case.is_asked(one))


def _found(ruleset_id: str) -> RuleSet | None:
    try:
        return ruleset(ruleset_id)
    except RuleSetNotFound:
        return None
