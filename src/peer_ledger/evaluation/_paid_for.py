"""
For which certificate a fee was paid, where it does not say so and two boards may have asked for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

import attrs

from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import GRANTS, Life
from peer_ledger.evaluation._lifecycle import life_on
from peer_ledger.records import Document, Quantity
from peer_ledger.rules import Documents, RuleSet
from peer_ledger.rules._consulted import inside
from peer_ledger.values.dates import DAY

PAID: Final = frozenset({"fee"})
"""
The kinds of documents that are spent on one certificate.

A letter, a diploma or an exam is about the person: it is shown to any number of boards.
"""

HELD: Final = frozenset({"current", "late", "pending", "filing closed"})
"""The standings in which a certificate that is not applied for may cost a fee."""

NONE: Final = Fraction(0)


@lru_cache(maxsize=256)
def asks_for_payment(rules: RuleSet) -> bool:
    """Return whether a rule set asks for something that is paid."""
    values = (value for _, value in inside("", rules.procedures))
    return any(isinstance(value, Documents) and value.document_kind in PAID for value in values)


def may_be_paid_for_another(kind: str, history: History, rulesets: Mapping[str, RuleSet]) -> bool:
    """Return whether documents of a kind may have been paid for another certificate on file."""
    return kind in PAID and any(True for _ in _others(history, rulesets))


def left_by_others(
    documents: Sequence[tuple[Document, Fraction]], requirement: Documents, context: Context
) -> dict[str, Fraction]:
    """
    Return how much of each payment is left if other certificates take first what they ask for.

    Args:
        documents: The payments that count, each with how much it counts.
        requirement: The requirement that they are counted for.
        context: The records and readings.
    """
    left = {document.id: worth for document, worth in documents}
    kind = requirement.document_kind
    if kind not in PAID or all(document.credential is not None for document, _ in documents):
        return left
    unit = _unit_of(_sum_needed(requirement, context))
    for name, history in _others(context.history, context.rulesets):
        rules = context.rulesets[name]
        claims = {
            document.id: claim
            for document, _ in documents
            if document.credential is None and (claim := _claim(document, rules, history, context)) is not None
        }
        if claims:
            _take(left, claims, unit, is_one_body=rules.body == context.ruleset.body)
    return left


class Claim(NamedTuple):
    """
    What another certificate still asks for, of the payments that may be for it.

    Attributes:
        amount: How much.
        unit: In which unit; `None` for a number of payments.
    """

    amount: Fraction
    unit: str | None


def _amount_of(claim: Claim) -> Fraction:
    return claim.amount


def _take(left: dict[str, Fraction], claims: Mapping[str, Claim], unit: str | None, *, is_one_body: bool) -> None:
    """
    Take away what another certificate asks for: from the largest payments first, which leaves the least.

    Args:
        left: What is left of each payment, in a unit.
        claims: What the other certificate asks for, by the payments that may be for it.
        unit: The unit; `None` for a number of payments.
        is_one_body: Whether one payment may be for both, because both are paid to one body.
    """
    claim = max(claims.values(), key=_amount_of)
    amount = claim.amount
    for document in sorted(claims, key=lambda name: (-left[name], name)):
        if amount <= 0:
            return
        paid = left[document] if claim.unit == unit else amount
        left[document] -= min(amount, paid) if is_one_body and unit is not None else left[document]
        amount -= paid


def _others(history: History, rulesets: Mapping[str, RuleSet]) -> Iterator[tuple[str, History]]:
    """Yield the other certificates that the person holds, held or applies for, with what is on file about each."""
    for name in rulesets:
        if name != history.credential:
            other = history.elsewhere(name, history.on)
            if other.acts or other.filings:
                yield name, other


def _claim(document: Document, rules: RuleSet, history: History, context: Context) -> Claim | None:
    """Return what another certificate asks for that a payment may be for; `None` where it is not for that one."""
    following, is_filing = _following(document.on, history)
    own, _ = _following(document.on, context.history, context.life)
    if own is not None and (following is None or own < following):
        return None  # the first application after it is the one that it was paid for
    until = history.on if following is None else following if is_filing else following - DAY
    then = context.history.elsewhere(rules.id, until)
    readings = context.readings_of(rules, then)
    life = life_on(then, rules, readings)
    is_open = life.opens is None or document.on >= life.opens
    if following is None and life.filing is None and not (life.standing in HELD and is_open):
        return None
    there = Context(ruleset=rules, history=then, readings=readings, life=life, rulesets=context.rulesets)
    dated = attrs.evolve(document, on=min(document.on, until))
    asked = [one for one in _asked(there, life, document.kind) if _counts(dated, one, there)]
    return max((_still_asked(one, there) for one in asked), key=_amount_of, default=None)


def _following(day: date, history: History, life: Life | None = None) -> tuple[date | None, bool]:
    """
    Return the day of the first application or grant since a day, and whether it is an application.

    Args:
        day: The day.
        history: The records.
        life: Says which days of applications count; these may be before those on file.
    """
    made = [
        *(filing.filed_on for filing in history.filings),
        *(dict(life.filed_days).values() if life is not None else ()),
    ]
    filings = [(found, True) for found in made if found >= day]
    grants = [(act.on, False) for act in history.acts if act.on is not None and act.on >= day and act.act in GRANTS]
    return min([*filings, *grants], key=lambda found: (found[0], not found[1]), default=(None, False))


def _asked(there: Context, life: Life, kind: str) -> Iterator[Documents]:
    for requirement in life.edition.requirements if life.edition is not None else ():
        if there.is_asked(requirement):
            for single in requirement.inner or (requirement,):
                if isinstance(single, Documents) and single.document_kind == kind and there.is_asked(single):
                    yield single


def _counts(document: Document, requirement: Documents, there: Context) -> bool:
    first, last = there.days(requirement.within)
    return (
        document.step in (None, there.life.step)
        and (first is None or first <= document.on)
        and (last is None or document.on <= last)
        and document.on <= there.life.as_of
    )


def _sum_needed(requirement: Documents, context: Context) -> Quantity | None:
    """Return the sum that several payments may add up to; `None` where a number of payments is asked for."""
    needed, _ = context.quantity(requirement)
    return needed if requirement.adds_up and isinstance(needed, Quantity) else None


def _unit_of(needed: Quantity | None) -> str | None:
    return None if needed is None else needed.unit


def _still_asked(requirement: Documents, there: Context) -> Claim:
    """Return what is asked beside the payments that name the other certificate."""
    needed = _sum_needed(requirement, there)
    unit = _unit_of(needed)
    amount = Fraction(requirement.fewest if needed is None else needed.amount)
    for document in there.history.documents:
        if document.kind == requirement.document_kind and document.credential and _counts(document, requirement, there):
            value = document.value
            # A payment of which the amount is not on file is taken to be all that was asked.
            paid = Fraction(value.amount) if isinstance(value, Quantity) and value.unit == unit else amount
            amount -= 1 if unit is None else paid
    return Claim(amount, unit)
