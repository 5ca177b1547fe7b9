"""
What is known of one person for one credential on any number of days, cut from what is on file until any day.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar

from peer_ledger.evaluation._days import LAST_DAY
from peer_ledger.evaluation._dossiers import Dossier
from peer_ledger.evaluation._history import History
from peer_ledger.records import Filing

Kind = TypeVar("Kind")


class _UntilDay(Generic[Kind]):
    """
    Records until any day.

    Args:
        records: The records.
        day_of: Returns the day from which on a record is known.
    """

    def __init__(self, records: Sequence[Kind], day_of: Callable[[Kind], date]) -> None:
        self._records = tuple(records)
        self._days = [day_of(record) for record in records]
        self._is_in_order = all(one <= other for one, other in pairwise(self._days))

    def on(self, day: date) -> tuple[Kind, ...]:
        """Return the records that are known on a day, in their order."""
        if self._is_in_order:
            return self._records[: bisect_right(self._days, day)]
        return tuple([record for record, known in zip(self._records, self._days, strict=True) if known <= day])


class Histories:
    """
    The histories of one person for one credential.

    Args:
        dossier: Everything on file about the person.
        credential: The rule set's id.

    Attributes:
        whole: The history until any day.
    """

    def __init__(self, dossier: Dossier, credential: str) -> None:
        self._dossier, self._credential = dossier, credential
        self.whole = whole = dossier.on(LAST_DAY, credential=credential)
        self._acts = _UntilDay(whole.acts, lambda act: act.on or date.min)
        self._filings = _UntilDay(whole.filings, lambda filing: filing.filed_on)
        self._documents = _UntilDay(whole.documents, lambda document: document.on)
        self._designations = _UntilDay(whole.designations, lambda held: held.awarded or date.min)
        self._rulings = _UntilDay(whole.rulings, lambda ruling: ruling.on)
        self._verifications = _UntilDay(whole.verifications, lambda seen: seen.seen)

    def on(self, day: date, *, filings: tuple[Filing, ...] | None = None) -> History:
        """
        Return the same as `Dossier.on`.

        Args:
            day: The day.
            filings: The only applications to be in it; `None` for all that were filed until the day.
        """
        return self._dossier.history(
            day,
            self._credential,
            acts=self._acts.on(day),
            filings=self._filings.on(day) if filings is None else filings,
            documents=self._documents.on(day),
            designations=self._designations.on(day),
            rulings=self._rulings.on(day),
            verifications=self._verifications.on(day),
        )
