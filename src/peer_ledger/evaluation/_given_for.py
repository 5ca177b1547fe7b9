"""
For which step a document was given, where it does not say so.
"""

from typing import Final

from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import Life
from peer_ledger.records import Document

GIVEN_ONCE: Final = frozenset({"fee", "reference-letter"})
"""The kinds of documents that are given for one step: a diploma or an exam serves any number of them."""


def came_with_another(document: Document, life: Life, history: History) -> bool:
    """
    Return whether a document that names no step came before an application for another step than the next one.
    """
    if not history.filings or document.step is not None or document.kind not in GIVEN_ONCE:
        return False
    days = dict(life.filed_days)
    made = ((days.get(filing.id, filing.filed_on), filing.step != life.step) for filing in history.filings)
    return min((found for found in made if found[0] >= document.on), default=(document.on, False))[1]


def may_have_come_with_another(kind: str, life: Life, history: History) -> bool:
    """Return whether documents of a kind may have been given for another step that was applied for."""
    return kind in GIVEN_ONCE and any(filing.step != life.step for filing in history.filings)
