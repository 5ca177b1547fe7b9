"""
Finding a rule set by its id: the bundled ones, and those of other distributions.
"""

from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points

import attrs

from peer_ledger.errors import PeerLedgerError, nearest, shown_name
from peer_ledger.rules import RuleSet
from peer_ledger.rules.soundness import problems_of
from peer_ledger.rulesets._bundled import bundled_files, bundled_text
from peer_ledger.rulesets._files import read_rulesets

GROUP = "peer_ledger.rulesets"
"""The entry-point group of other distributions' rule sets: an id, and a RuleSet or what gives one."""


@attrs.define(eq=False, slots=False)
class RuleSetNotFound(PeerLedgerError, LookupError):
    """
    No rule set has this id.

    Attributes:
        message: Which there are.
    """

    message: str

    def __str__(self) -> str:
        return self.message


@attrs.define(eq=False, slots=False)
class UnusableRuleSet(PeerLedgerError, ImportError):
    """
    A distribution's rule set cannot be used, or two distributions claim one id.

    Attributes:
        message: Which, and why.
    """

    message: str

    def __str__(self) -> str:
        return self.message


def ruleset_ids() -> tuple[str, ...]:
    """
    Return the ids of all rule sets that can be asked for, sorted; nothing is loaded.
    """
    return tuple(sorted({*bundled_files(), *(point.name for point in entry_points(group=GROUP))}))


@lru_cache(maxsize=256)
def ruleset(ruleset_id: str) -> RuleSet:
    """
    Find a rule set by its id.

    Args:
        ruleset_id: Such as `us-nc-cpss`.

    Raises:
        RuleSetNotFound: There is none; the message lists those there are.
        UnusableRuleSet: Two distributions claim the id, or the one that does cannot be imported or gives no sound
            rule set.
    """
    bundled = bundled_text(ruleset_id)
    claims = [point for point in entry_points(group=GROUP) if point.name == ruleset_id]
    if len(claims) + (bundled is not None) > 1:
        names = sorted([_distribution(point) for point in claims] + (["peer-ledger"] if bundled else []))
        raise UnusableRuleSet(f"{ruleset_id!r} is claimed by {' and by '.join(names)}; uninstall all but one")
    if bundled is not None:
        return next(one for one in read_rulesets(bundled) if one.id == ruleset_id)
    if claims:
        return _plugged_in(claims[0])
    known = ruleset_ids()
    raise RuleSetNotFound(
        f"there is no rule set {shown_name(ruleset_id)}; there are {', '.join(known)}{nearest(ruleset_id, known)}"
    )


def _plugged_in(point: EntryPoint) -> RuleSet:
    where = f"the rule set {point.name!r} of {_distribution(point)}"
    try:
        loaded = point.load()
        made = loaded() if callable(loaded) else loaded
    except (Exception, SystemExit) as error:
        raise UnusableRuleSet(f"{where} cannot be loaded: {type(error).__name__}: {error}") from error
    if not isinstance(made, RuleSet) or made.id != point.name:
        raise UnusableRuleSet(f"{where} is no RuleSet of that id")
    if problems := problems_of(made):
        raise UnusableRuleSet(f"{where} is not sound:" + "".join(f"\n  - {problem}" for problem in problems))
    return made


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else point.value
