"""
Answers side by side: under the rules of other bodies, before and after a change of rules, between two moments.

>>> from peer_ledger.example import ON, import_example
>>> ledger, _ = import_example()

Where would a person stand elsewhere, and what of the training on file would count there?

>>> moving = compare(ledger, "p-103", on=ON, rulesets=["us-nc-cpss", "us-me-cipss"])
>>> print(moving.table().only("rules", "status", "hours_counted", "hours_short").text())
rules        status         hours counted  hours short
us-nc-cpss   late           20
us-me-cipss  not certified

Whom would a change of rules affect, and because of which requirement?

>>> from peer_ledger import ruleset
>>> rules = ruleset("us-nc-cpss")
>>> change = impact(
...     ledger, before=only_edition(rules, "renewal-3"), after=only_edition(rules, "renewal-4"), on=ON
... )
>>> change.people, len(change.affected)
(41, 7)

Who stands elsewhere than before, and why?

>>> month = changes(ledger, since="2026-02-15", until="2026-03-15")
>>> print(month.summary())
From February 15, 2026 to March 15, 2026: 23 of 41 people stand elsewhere.
>>> [str(cause) for cause in month.changed[0].causes]
['the calendar, from February 15, 2026 to March 15, 2026']
"""

from peer_ledger.comparing._causes import Cause, CauseKind
from peer_ledger.comparing._changes import AsOf, Change, Changes, changes
from peer_ledger.comparing._differences import Difference, Requirement
from peer_ledger.comparing._impact import Affected, Impact, RulesAsked, impact, only_edition
from peer_ledger.comparing._moving import Comparison, CountedTraining, Place, compare

__all__ = [
    "Affected",
    "AsOf",
    "Cause",
    "CauseKind",
    "Change",
    "Changes",
    "Comparison",
    "CountedTraining",
    "Difference",
    "Impact",
    "Place",
    "Requirement",
    "RulesAsked",
    "changes",
    "compare",
    "impact",
    "only_edition",
]
