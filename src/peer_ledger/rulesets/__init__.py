"""
Finding rule sets: those that come with the package, and those of other distributions.

A bundled file holds the rule sets of one jurisdiction and is read when one of them is first asked for.  Other
distributions announce theirs under the entry-point group `peer_ledger.rulesets`, by id.  Whoever asks for an id has
their announcements looked through, so that two claims on one id are found, a bundled one among them; what is announced
is imported only when its own id is asked for.

>>> ruleset("us-nc-cpss").name
'North Carolina Certified Peer Support Specialist'
"""

from peer_ledger.rulesets._consulted import consulted_by
from peer_ledger.rulesets._files import read_rulesets, ruleset_from_dict, ruleset_to_dict
from peer_ledger.rulesets._registry import GROUP, RuleSetNotFound, UnusableRuleSet, ruleset, ruleset_ids
from peer_ledger.rulesets.kept import keep_rules, kept_by_digest, kept_ruleset, kept_rulesets

__all__ = [
    "GROUP",
    "RuleSetNotFound",
    "UnusableRuleSet",
    "consulted_by",
    "keep_rules",
    "kept_by_digest",
    "kept_ruleset",
    "kept_rulesets",
    "read_rulesets",
    "ruleset",
    "ruleset_from_dict",
    "ruleset_ids",
    "ruleset_to_dict",
]
