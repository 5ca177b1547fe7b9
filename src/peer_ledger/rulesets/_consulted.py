"""
The rule sets that a rule set looks at, found before it is asked anything.

>>> from peer_ledger.rulesets import ruleset
>>> list(consulted_by(ruleset("us-id-cpss")))
['us-id-cfsp']
"""

from collections.abc import Callable, Mapping

from peer_ledger.rules import RuleSet
from peer_ledger.rules._consulted import consulted_ids
from peer_ledger.rulesets._registry import RuleSetNotFound, ruleset


def consulted_by(rules: RuleSet, among: Mapping[str, RuleSet] | None = None) -> dict[str, RuleSet]:
    """
    Return the rule sets that a rule set looks at, and those that these look at in turn, by id, sorted.

    A rule set looks at another one where the two share no hours, and where a requirement depends on whether a person
    holds the other certificate.

    Args:
        rules: The rule set.
        among: Rule sets that take the place of those found by their ids.

    Raises:
        UnusableRuleSet: A rule set that is looked at is claimed twice, or the distribution that has it cannot give it.
    """
    given = among or {}
    return reached_from(rules, lambda name: given[name] if name in given else _registered(name))


def reached_from(rules: RuleSet, find: Callable[[str], RuleSet | None]) -> dict[str, RuleSet]:
    """
    Return the rule sets that a rule set looks at, and those that these look at in turn, by id, sorted.

    Args:
        rules: The rule set.
        find: Returns a rule set by its id; `None` when there is none.
    """
    found: dict[str, RuleSet] = {}
    seen, waiting = {rules.id}, [rules]
    while waiting:
        for name in consulted_ids(waiting.pop()) - seen:
            seen.add(name)
            other = find(name)
            if other is not None:
                found[name] = other
                waiting.append(other)
    return dict(sorted(found.items()))


def _registered(name: str) -> RuleSet | None:
    try:
        return ruleset(name)
    except RuleSetNotFound:
        return None
