"""
Hours already used by earlier cycles (carry-over) or by other credentials.

Requirements that were settled earlier are allocated together with the one that is checked. So they use their hours in
the way that leaves the most for it, and hours that they lacked when they were settled are not taken from it now.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Literal

import attrs

from peer_ledger.evaluation._alike import Alike
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._disagreements import anything, disagreements_of
from peer_ledger.evaluation._event import Event, is_named
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import Grant
from peer_ledger.evaluation._lifecycle import life_on
from peer_ledger.records import Certification
from peer_ledger.rules import Hours, Unstated
from peer_ledger.values._wording import spoken_day


@attrs.frozen(kw_only=True)
class Taken:
    """
    The hours that an earlier requirement, or a part of one, uses.

    Attributes:
        name: Its name in the common allocation.
        hours: The least number of hours it uses.
        at_most: The largest number of hours it may use; `None` without limit.
        parts: Its parts.
        together: Whether a minute serves one part (`exclusive`), or may serve several (`shared`).
    """

    name: str
    hours: Fraction
    at_most: Fraction | None = None
    parts: tuple["Taken", ...] = ()
    together: Literal["exclusive", "shared"] = "exclusive"


@attrs.frozen
class Use:
    """
    What an earlier requirement uses, if figures that no source states turn out in one way.

    Attributes:
        taken: The hours it uses.
        caps: The hours that each of its caps allows, with its name.
    """

    taken: Taken
    caps: tuple[tuple[str, Fraction], ...] = ()


@attrs.frozen(kw_only=True)
class Claim:
    """
    A requirement that was settled earlier.

    Attributes:
        ruleset: The id of its rule set.
        name: Its name in the common allocation.
        uses: What it may use: one entry where all figures are stated, or else one for each way in which figures that no
            source states may turn out, its own and those of claims before it.
        unstated: Its figures that no source states, by their names in the common allocation.
        credits: The credits it may use, by key.
        lacks: The hours it is short itself, whatever the figures are that no source states.
        is_open: Whether it can still be met, because no renewal has closed it.
    """

    ruleset: str
    name: str
    uses: tuple[Use, ...]
    unstated: Mapping[str, Unstated]
    credits: Mapping[str, "Claimed"]
    lacks: Fraction
    is_open: bool


@attrs.frozen(kw_only=True)
class Claimed:
    """
    A credit that an earlier requirement may use.

    Attributes:
        event: The training.
        hours: Its hours.
        fits: The names of the requirements it may serve.
        is_own: Whether it was earned for that requirement, and not carried over into it.
        caps: The names of the caps that limit it.
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
        settled: The day on which it was closed or filed, or is due.
        name: The name of the step in the common allocation.
        context: The records and readings it is checked against.
        hours: The requirement.
        is_asked: Whether it is asked at that step; a requirement that is not asked uses nothing.
    """

    settled: date
    name: str
    context: Context
    hours: Hours
    is_asked: bool


Settle = Callable[[Step, tuple[Claim, ...]], tuple[Claim, ...]]


def claims_before(context: Context, hours: Hours, settle: Settle) -> tuple[Claim, ...]:
    """
    Return the claims of all requirements that are settled before a requirement, in order.

    Args:
        context: The records and readings the requirement is checked against.
        hours: The requirement.
        settle: Adds the claim of a step to the claims before it.
    """
    own = _settled(context)
    steps = [*closed_steps(context, hours.id)] if hours.carry_over or hours.not_shared_with else []
    here = (context.ruleset.id, hours.id)
    for other in hours.not_shared_with:
        # Hours are kept apart only where both rule sets say so in the edition that applies to them.
        steps += [
            step
            for step in _steps_elsewhere(context, other.ruleset, other.requirement)
            if here in {(named.ruleset, named.requirement) for named in step.hours.not_shared_with}
        ]
    claims: tuple[Claim, ...] = ()
    for step in sorted(steps, key=lambda step: (step.settled, step.name)):
        # Two credentials that are settled on one day take turns by id, so that exactly one of them yields to the other.
        if (step.settled, step.context.ruleset.id) < (own, context.ruleset.id):
            claims = settle(step, claims)
    return claims


def before_closing(history: History, grants: tuple[Grant, ...], closing: Grant) -> History:
    """
    Return the history as it was when a renewal was granted, with the filing for it and without the renewal itself.
    """
    cycle = closing.number - 1
    begun = max(
        (grant.day for grant in grants if grant.number == cycle and grant.day <= closing.day), default=closing.day
    )
    filed = [
        filing for filing in history.filings if filing.step == "renewal" and begun < filing.filed_on <= closing.day
    ]
    # The filing that the renewal names, or else the last one of that cycle.
    filed = [filing for filing in filed if is_named(filing, closing.act.filing)] or filed
    before = history.elsewhere(history.credential, closing.day)
    acts = tuple(act for act in before.acts if act.id != closing.act.id and not is_twin(act, closing.act))
    return before.before_closing(acts, tuple(filed[-1:]))


def is_twin(one: Certification, other: Certification) -> bool:
    """Return whether two records are of the same act on the same day."""
    return one.on is not None and (one.on, one.act) == (other.on, other.act)


def _settled(context: Context) -> date:
    """Return the day on which the next step is settled: closed or filed, or else due."""
    life = context.life
    if context.history.closing:
        return context.history.on
    return life.grant.due if life.filing is None and life.grant is not None and life.step == "renewal" else life.as_of


def closed_steps(context: Context, requirement: str) -> Iterator[Step]:
    """Yield a requirement as it was in each cycle that a renewal closed."""
    for closing in context.life.grants:
        if closing.act.act == "renewed" and closing.number > 1:
            history = before_closing(context.history, context.life.grants, closing)
            life = life_on(history, context.ruleset, context.readings.sharing(None))
            closed = Context(
                ruleset=context.ruleset, history=history, readings=context.readings.sharing(life.deciding), life=life,
                rulesets=context.rulesets, settled=context.settled,
            )  # fmt: skip
            yield from _step(closed, requirement, closing.day, closed_on(context.ruleset.id, closing.day))


def _steps_elsewhere(context: Context, other: str, requirement: str) -> Iterator[Step]:
    """Yield the steps of another credential: its closed cycles, then the renewal that is filed or due."""
    history = context.history.elsewhere(other, context.history.on)
    rules = context.rulesets.get(other)
    if rules is None or not history.acts:
        return
    readings = context.readings_of(rules, history)
    events = context.history.trainings
    # What is one training is one for both credentials, and so is which record of it is right.
    disagreements = disagreements_of(events, anything)
    for question in Alike(events, once=False, disagreements=disagreements).questions:
        readings = readings.taking(question, context.readings.take(question))
    life = life_on(history, rules, readings)
    elsewhere = Context(
        ruleset=rules, history=history, readings=readings.sharing(life.deciding), life=life, rulesets=context.rulesets,
        settled=context.settled,
    )  # fmt: skip
    yield from closed_steps(elsewhere, requirement)
    if life.step == "renewal" and life.grant is not None:
        yield from _step(elsewhere, requirement, _settled(elsewhere), f"{other} due on {spoken_day(life.grant.due)}")


def closed_on(credential: str, day: date) -> str:
    """
    Return the name, in the common allocation, of the cycle that a renewal closed.
    """
    return f"{credential} renewed on {spoken_day(day)}"


def _step(context: Context, requirement: str, settled: date, name: str) -> Iterator[Step]:
    edition = context.life.edition
    for hours in edition.requirements if edition is not None else ():
        if hours.id == requirement and isinstance(hours, Hours):
            yield Step(settled=settled, name=name, context=context, hours=hours, is_asked=context.is_asked(hours))


def in_common(step: str, requirement: str) -> str:
    """Return the name of a requirement in the common allocation, different at each step."""
    return f"{requirement} of {step}"
