"""
The ids of everything in an edition that a ruling or a worked case may name.
"""

from collections.abc import Iterator
from typing import Any

import attrs

from peer_ledger.rules._built import placed
from peer_ledger.rules._hours import Cap, Part
from peer_ledger.rules._requirements import Option
from peer_ledger.rules._ruleset import Edition


def ids_of(asking: Edition | Option) -> Iterator[str]:
    """Yield the ids of requirements and of their options, parts and caps, as far as they could be built."""
    for _, requirement in placed(asking.requirements):
        yield requirement.id
        yield from _inner_ids(requirement)


def _inner_ids(value: Any) -> Iterator[str]:
    if isinstance(value, tuple):
        for _, item in placed(value):
            yield from _inner_ids(item)
    elif attrs.has(type(value)):
        if isinstance(value, Option | Part | Cap):
            yield value.id
        if isinstance(value, Option):
            yield from ids_of(value)
        else:
            for field in attrs.fields(type(value)):
                yield from _inner_ids(getattr(value, field.name))
