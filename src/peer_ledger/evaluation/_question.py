"""
What a question consists of: one check of the arguments that all functions which ask have in common.
"""

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from peer_ledger.ledger import LedgerView
from peer_ledger.rules import RuleSet
from peer_ledger.values._arguments import (
    A_DAY,
    A_FLAG,
    A_TEXT,
    READINGS,
    TEXTS_OR_NONE,
    Returned,
    Taken,
    Wanted,
    an_instance,
    arguments,
)

RULES = an_instance("a RuleSet or an id, such as 'us-nc-cpss'", str, RuleSet)
A_VIEW = an_instance("a ledger, as Ledger.open returns it", LedgerView)


def _takes_two(value: Any) -> bool:
    if not callable(value):
        return False
    try:
        inspect.signature(value).bind(1, 1)
    except TypeError:
        return False
    except ValueError:  # a function that says nothing about its arguments
        return True
    return True


PROCESSES: Wanted = (
    lambda value: value is None or (type(value) is int and value > 0),
    "a whole number from 1, or None",
)
PROGRESS: Wanted = (lambda value: value is None or _takes_two(value), "a function of two numbers, or None")


def _are_rule_sets(value: Any) -> bool:
    if value is None:
        return True
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        return False
    some = value.values() if isinstance(value, Mapping) else value if isinstance(value, Collection) else ()
    return all(isinstance(one, RuleSet if isinstance(value, Mapping) else str | RuleSet) for one in some)


def _are_rule_sets_by_id(value: Any) -> bool:
    return value is None or (isinstance(value, Mapping) and _are_rule_sets(value))


def _are_readings_by_rules(value: Any) -> bool:
    return value is None or (
        isinstance(value, Mapping)
        and all(isinstance(name, str) and READINGS[0](readings) for name, readings in value.items())
    )


RULE_SETS = (_are_rule_sets, "a list of rule sets or their ids, a mapping from ids to rule sets, or None")
RULE_SETS_BY_ID = (_are_rule_sets_by_id, "a mapping from ids to rule sets, or None")
READINGS_BY_RULES = (_are_readings_by_rules, "a mapping from ids of rule sets to readings, or None")

_ASKED: Mapping[str, Wanted] = {
    "ledger": A_VIEW,
    "person": A_TEXT,
    "people": TEXTS_OR_NONE,
    "on": A_DAY,
    "ruleset": RULES,
    "rulesets": RULE_SETS_BY_ID,
    "readings": READINGS,
    "strict": A_FLAG,
    "processes": PROCESSES,
    "progress": PROGRESS,
}


def asks(**more: Wanted) -> Callable[[Callable[Taken, Returned]], Callable[Taken, Returned]]:
    """
    Return a decorator that checks the arguments of a function that asks a question before it is called.

    What is asked is named and checked in the same way everywhere: the ledger, the person or the people, the day, the
    rules, the readings, the processes and the progress, as far as a function has them.

    Args:
        more: What other arguments may be, by name, or these where a function takes something else.

    Raises:
        InvalidValue: An argument is of another type; the message begins with its name.
    """
    return arguments(**{**_ASKED, **more})
