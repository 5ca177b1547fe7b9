"""
What the commands that ask a question have in common: the question as it was given, and how an answer is shown.
"""

import json
from typing import Any, Protocol

from peer_ledger.cli._ledger_commands import Given
from peer_ledger.cli._progress import day_asked
from peer_ledger.cli._terminal import show
from peer_ledger.errors import UnknownPerson
from peer_ledger.ledger import Ledger
from peer_ledger.presenting.tables import Table
from peer_ledger.rulesets import ruleset


class Answer(Protocol):
    """
    Something that can be shown: as sentences, as plain values, as a table.
    """

    def table(self) -> Table:
        """Return it as a table."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values."""


def asked(given: Given) -> dict[str, Any]:
    """Return the arguments of a question by name: the day, the rules, the readings and the strictness."""
    rules = ruleset(given.rules)
    return {"on": day_asked(given, rules), "ruleset": rules.id, **how_asked(given)}


def how_asked(given: Given) -> dict[str, Any]:
    """Return the arguments of a question that are the same under any rules."""
    return {"readings": dict(given.reading), "strict": given.strict}


def about(ledger: Ledger, given: Given) -> Ledger:
    """
    Return the ledger if it knows the person.

    Raises:
        UnknownPerson: It does not.
    """
    if not ledger.entries_of(given.person):
        raise UnknownPerson(given.person)
    return ledger


def show_answer(found: Answer, form: str) -> None:
    """Show an answer: sentences, the whole of it as JSON, or its table."""
    if form == "json":
        show(json.dumps(found.to_dict(), indent=2), form)
    else:
        show((str(found) if form == "table" else found.table().written(form)).rstrip(), form)
