"""
What stands behind the sentence of a requirement: its figure, the training and the days that count, when it applies.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from peer_ledger.presenting._renewal_cells import trainings
from peer_ledger.presenting._rule_phrases import in_words
from peer_ledger.rules import AnyOf, Custom, Documents, Option, RuleSet, SessionCount, Unstated, UnstatedQuantity
from peer_ledger.values._wording import amount, spoken_day, units

_DETAILS = (
    ("counts", "what counts:"),
    ("earning", "days that count:"),
    ("within", "within:"),
    ("grows", "and beyond that:"),
    ("only_if", "applies"),
    ("first_day", "applies from"),
    ("last_day", "applies until"),
    ("recurs", "to be met"),
    ("carry_over", "carried over:"),
    ("spread", "period, in months, in which only one counts:"),
    ("surplus_counts", "hours beyond its need count for the whole:"),
)


def figure_of(rules: RuleSet, part: Any) -> str:
    """
    Return how much a requirement, a part, a cap or an option asks for; an empty text for one without a figure.

    >>> from peer_ledger.rulesets import ruleset
    >>> rules = ruleset("us-nc-cpss")
    >>> [figure_of(rules, one) for one in rules.procedure("renewal").editions[1].requirements if one.id != "training"]
    ['2 on file', '2 on file, each of at least 12 months', 'at least 20 US dollars in all']
    """
    if isinstance(part, AnyOf):
        return "any of these options"
    if isinstance(part, Option):
        return "all of these"
    if isinstance(part, Documents):
        return _number_of_documents(rules, part)
    if hasattr(part, "at_most"):
        return f"at most {_amount(rules, part.at_most)}"
    if isinstance(part, SessionCount):
        return f"{part.need}{trainings(part)}"
    if isinstance(part, Custom):
        return f"{_amount(rules, part.need, units(part.unit))}, checked by {part.check}"
    return _amount(rules, part.need) if hasattr(part, "need") else ""


def _number_of_documents(rules: RuleSet, documents: Documents) -> str:
    need, least = documents.need, documents.at_least
    number = f"no source states {need.says}" if isinstance(need, Unstated) else f"{need} on file"
    if isinstance(least, UnstatedQuantity):
        return f"{number}; no source states {least.says}"
    bounds = (("at least", least), ("at most", documents.at_most))
    stated = " and ".join(f"{bound} {in_words(rules, value)}" for bound, value in bounds if value is not None)
    if not stated:
        return number
    each = "" if need == 1 else "each "
    return f"{stated} in all" if documents.adds_up else f"{number}, {each}of {stated}"


def _amount(rules: RuleSet, figure: Any, unit: str | None = None) -> str:
    if isinstance(figure, Unstated):
        return f"no source states it: {figure.says}"
    if isinstance(figure, Decimal) and unit is None:
        return amount(Fraction(figure), rules.counts_in)
    return f"{in_words(rules, figure)} {unit or units(rules.counts_in)}"


def details_of(rules: RuleSet, part: Any) -> Iterator[str]:
    """
    Yield what limits a requirement, a part or a cap: the training that counts, the days, when it applies.

    >>> from peer_ledger.rulesets import ruleset
    >>> rules = ruleset("us-nc-cpss")
    >>> *_, fee = rules.procedure("renewal").editions[1].requirements
    >>> list(details_of(rules, fee))
    ['within: from the last grant (that day not included)', 'applies only if the filing is not late']
    """
    if isinstance(part, Documents) and part.document_kind != part.id:
        yield f"the document: {part.document_kind}"
    for name, words in _DETAILS:
        value = getattr(part, name, None)
        if value is not None and not (name == "surplus_counts" and value is True):
            yield f"{words} {spoken_day(value) if isinstance(value, date) else in_words(rules, value)}"
    repeats = getattr(part, "repeats", "count")
    if repeats != "count":
        yield f"the same course counts {in_words(rules, repeats)}"
    if getattr(part, "together", None) == "exclusive":
        yield f"each {units(rules.counts_in).removesuffix('s')} counts in one part only"
    if getattr(part, "from_different", False):
        yield "each from a different person"
    for other in getattr(part, "not_shared_with", ()):
        yield f"shares no {units(rules.counts_in)} with {in_words(rules, other)}"


def within(part: Any) -> Iterator[Any]:
    """
    Yield the pieces of a requirement, a part or an option, in their order.
    """
    for name in ("parts", "caps", "options", "requirements"):
        yield from getattr(part, name, ())
