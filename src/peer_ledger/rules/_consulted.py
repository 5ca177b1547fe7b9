"""
Which other rule sets a rule set looks at, and a walk through everything in one.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

import attrs

from peer_ledger.rules._hours import NotSharedWith
from peer_ledger.rules._points import Condition
from peer_ledger.rules._ruleset import RuleSet

_MOST_KEPT = 256


@lru_cache(maxsize=_MOST_KEPT)
def consulted_ids(ruleset: RuleSet) -> frozenset[str]:
    """
    Return the ids of the rule sets that a rule set itself names and that its answers depend on.

    Certificates that only share a clock are left out: of these the records are read, and not the rules.
    """
    return frozenset(_named(ruleset)) - {ruleset.id}


def _named(ruleset: RuleSet) -> Iterator[str]:
    for _, value in inside("", ruleset.procedures):
        if isinstance(value, NotSharedWith):
            yield value.ruleset
        elif isinstance(value, Condition) and value.credential is not None:
            yield value.credential


def inside(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """
    Yield a value and everything in it, each with its path.
    """
    if isinstance(value, tuple):
        for place, part in enumerate(value):
            yield from inside(f"{path}[{place}]", part)
    elif attrs.has(type(value)):
        yield path, value
        for field in attrs.fields(type(value)):
            yield from inside(f"{path}.{field.name}" if path else field.name, getattr(value, field.name))


def leaves(value: Any) -> Iterator[Any]:
    """Yield every value in one, however deep, that has no others in it."""
    if attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from leaves(getattr(value, field.name))
    elif isinstance(value, Mapping):
        yield from leaves((*value.keys(), *value.values()))
    elif isinstance(value, Collection) and not isinstance(value, str):
        for inner in value:
            yield from leaves(inner)
    else:
        yield value
