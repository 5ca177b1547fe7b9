"""
Finding a rule set by its id: the bundled ones, and those of other distributions.
"""

from functools import lru_cache
from importlib.metadata import EntryPoint

import attrs

from peer_ledger._closest import few_of
from peer_ledger._visible import visible
from peer_ledger.errors import MOST_PROBLEMS, InvalidValue, PeerLedgerError, nearest, shown, shown_name
from peer_ledger.rules import RuleSet
from peer_ledger.rules.soundness import problems_of
from peer_ledger.rulesets._bundled import bundled_files, bundled_text
from peer_ledger.rulesets._files import read_rulesets
from peer_ledger.values._announced import Failed, announced, distribution_of, trusting_nothing
from peer_ledger.values._collector import collector_paused

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
        return visible(self.message)


@attrs.define(eq=False, slots=False)
class UnusableRuleSet(PeerLedgerError, ImportError):
    """
    A distribution's rule set cannot be used, or two distributions claim one id.

    Attributes:
        message: Which, and why.
    """

    message: str

    def __str__(self) -> str:
        return visible(self.message, keep="\n")  # problems are listed, a line each


def ruleset_ids() -> tuple[str, ...]:
    """
    Return the ids of all rule sets that can be asked for, sorted; nothing is loaded.
    """
    return tuple(sorted({*bundled_files(), *(point.name for point in announced(GROUP))}))


def ruleset(ruleset_id: str) -> RuleSet:
    """
    Find a rule set by its id.

    Args:
        ruleset_id: Such as `us-nc-cpss`.

    Raises:
        InvalidValue: The id is no text.
        RuleSetNotFound: There is none; the message lists those there are.
        UnusableRuleSet: Two distributions claim the id, or the one that does cannot be imported or gives no sound
            rule set.
    """
    if not isinstance(ruleset_id, str):
        raise InvalidValue(f"ruleset_id must be a text, such as 'us-nc-cpss', not {shown(ruleset_id)}")
    return _found(ruleset_id)


@lru_cache(maxsize=256)
def _found(ruleset_id: str) -> RuleSet:
    bundled = bundled_text(ruleset_id)
    claims = [point for point in announced(GROUP) if point.name == ruleset_id]
    if len(claims) + (bundled is not None) > 1:
        names = sorted([distribution_of(point) for point in claims] + (["peer-ledger"] if bundled else []))
        raise UnusableRuleSet(f"{visible(ruleset_id)!r} is claimed by {' and by '.join(names)}; uninstall all but one")
    if bundled is not None:
        return next(one for one in _read(bundled) if one.id == ruleset_id)
    if claims:
        return _plugged_in(claims[0])
    known = ruleset_ids()
    near = nearest(ruleset_id, known)
    raise RuleSetNotFound(f"there is no rule set {shown_name(ruleset_id)}{near}; available: {visible(few_of(known))}")


@lru_cache(maxsize=64)
@collector_paused()
def _read(text: str) -> tuple[RuleSet, ...]:
    return read_rulesets(text)


def _plugged_in(point: EntryPoint) -> RuleSet:
    where = f"the rule set {visible(point.name)!r} of {distribution_of(point)}"
    try:
        made = trusting_nothing(lambda: _loaded(point))
    except Failed as failed:
        raise UnusableRuleSet(f"{where} cannot be loaded: {visible(str(failed))}") from failed.__cause__
    if type(made) is not RuleSet or made.id != point.name:
        raise UnusableRuleSet(f"{where} is not a RuleSet with that id")
    try:
        problems = trusting_nothing(lambda: problems_of(made))
    except Failed as failed:  # it was put together without the checks of its classes
        raise UnusableRuleSet(
            f"{where} is not sound: it cannot be checked ({visible(str(failed))})"
        ) from failed.__cause__
    if problems:
        more = f"\n  - and {len(problems) - MOST_PROBLEMS} more" if len(problems) > MOST_PROBLEMS else ""
        listed = "".join(f"\n  - {visible(str(problem))}" for problem in problems[:MOST_PROBLEMS])
        raise UnusableRuleSet(f"{where} is not sound:{listed}{more}")
    return made


def _loaded(point: EntryPoint) -> object:
    loaded = point.load()
    return loaded() if callable(loaded) else loaded
