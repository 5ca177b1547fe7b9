"""
Rule sets that a ledger carries, so that an answer can be given again when those of the package are others.

A kept rule set is an entry of the ledger like any other: chained, archived, and known from the moment it was recorded.

>>> from peer_ledger import Ledger, ruleset
>>> ledger = Ledger()
>>> rules = ruleset("us-nc-cpss")
>>> keep_rules(ledger, rules).added, keep_rules(ledger, rules).unchanged
(1, 1)
>>> kept_ruleset(ledger, "us-nc-cpss") == rules
True
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from peer_ledger.errors import InvalidData, InvalidValue, Problem, shown_name
from peer_ledger.ledger import Appended, Ledger, LedgerView
from peer_ledger.ledger._view import shared_of_kind
from peer_ledger.records import RuleSetText
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets._consulted import consulted_by
from peer_ledger.rulesets._files import digest_of, ruleset_from_dict, ruleset_to_dict
from peer_ledger.rulesets._registry import RuleSetNotFound
from peer_ledger.values._json import parse_json


def keep_rules(ledger: Ledger, *rulesets: RuleSet, at: datetime | str | None = None) -> Appended:
    """
    Keep rule sets in a ledger, with those that they look at; what it has already stays as it is.

    Args:
        ledger: The ledger.
        rulesets: The rule sets; one of them that another one looks at takes the place of the one found by its id.
        at: The moment at which they are recorded, as `Ledger.append` takes it; `None` for now.

    Returns:
        How many were added, and how many it had.
    """
    given = {rules.id: rules for rules in rulesets}
    consulted = (other for rules in rulesets for other in consulted_by(rules, given).values())
    return ledger.append([_text_of(rules) for rules in dict.fromkeys((*rulesets, *consulted))], at=at)


def kept_rulesets(ledger: LedgerView) -> tuple[RuleSetText, ...]:
    """
    Return what a ledger has of rule sets, in the order in which they were kept.

    Args:
        ledger: The ledger, or what was known of it at a moment.
    """
    return tuple(one for one in shared_of_kind(ledger, RuleSetText.record_type) if isinstance(one, RuleSetText))


def kept_ruleset(ledger: LedgerView, ruleset: str, digest: str | None = None) -> RuleSet:
    """
    Return a rule set that a ledger carries.

    Args:
        ledger: The ledger, or what was known of it at a moment.
        ruleset: Its id.
        digest: Its digest, as it stands in a report, or what the digest begins with; `None` for what was kept last.

    Raises:
        RuleSetNotFound: The ledger carries none of that id and digest; the message lists those it does.
        InvalidData: What is kept cannot be read, or is not what its digest says.
    """
    kept = kept_rulesets(ledger)
    found = [one for one in kept if one.ruleset == ruleset and one.digest.startswith(digest or "")]
    if not found:
        there = ", ".join(f"{one.ruleset} {one.version} ({one.digest[:12]})" for one in kept) or "none"
        raise RuleSetNotFound(f"the ledger carries no such rule set {shown_name(ruleset)}; it carries {there}")
    newest = found[-1]
    what = f"kept rule set {newest.ruleset!r} ({newest.id})"
    try:
        data = parse_json(newest.text)
    except InvalidValue as error:
        raise InvalidData(what, (Problem("text", error.message),)) from None
    try:
        rules = ruleset_from_dict(data)
    except InvalidData as error:
        raise InvalidData(what, error.problems, error.total) from None
    if digest_of(rules) != newest.digest:
        raise InvalidData(what, (Problem("digest", "is not that of the text"),))
    return rules


def kept_by_digest(ledger: LedgerView, digests: Mapping[str, str]) -> dict[str, RuleSet]:
    """
    Return rule sets that a ledger carries, by id: for the argument `rulesets` of `evaluate`.

    Args:
        ledger: The ledger, or what was known of it at a moment.
        digests: Their digests by id, as in `report.provenance.digests`.

    Raises:
        RuleSetNotFound: The ledger does not carry one of them; the message lists those it does.
        InvalidData: What is kept cannot be read, or is not what its digest says.
    """
    return {name: kept_ruleset(ledger, name, digest) for name, digest in digests.items()}


@lru_cache(maxsize=256)
def text_digest(rules: RuleSet) -> str:
    """
    Return the digest of all of a rule set, its prose included, as 64 hexadecimal digits.

    Reports quote the prose, so that two rule sets that decide the same may still make reports that read differently.
    """
    return hashlib.sha256(_text(rules).encode("ascii")).hexdigest()


def _text(rules: RuleSet) -> str:
    return json.dumps(ruleset_to_dict(rules), separators=(",", ":"), sort_keys=True)


def _text_of(rules: RuleSet) -> RuleSetText:
    name = f"{rules.id}~{text_digest(rules)[:24]}"
    return RuleSetText(id=name, ruleset=rules.id, version=rules.version, digest=digest_of(rules), text=_text(rules))
