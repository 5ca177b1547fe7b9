"""
Rule sets that a command names: by their id, or by the file that has them.
"""

from collections.abc import Sequence
from pathlib import Path

from peer_ledger._visible import visible
from peer_ledger.errors import InvalidValue
from peer_ledger.rules import RuleSet
from peer_ledger.rulesets import read_rulesets, ruleset
from peer_ledger.rulesets._files import LARGEST
from peer_ledger.values._inputs import read_text
from peer_ledger.values._wording import counted


def rulesets_named(name: str) -> tuple[RuleSet, ...]:
    """Return the rule set with an id, or those of a file, whose name ends in `.toml`."""
    if name.lower().endswith(".toml"):
        return tuple(read_rulesets(read_text(name, "rule file", LARGEST)))
    return (ruleset(name),)


def the_only(name: str, found: Sequence[RuleSet]) -> RuleSet:
    """
    Return the rule set of a file that has one.

    Raises:
        InvalidValue: The file has several.
    """
    if len(found) != 1:
        raise InvalidValue(f"{visible(Path(name).name)} has {counted(len(found), 'rule set')}; give a file of one")
    return found[0]
