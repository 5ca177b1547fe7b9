"""
What training fits by its kind, found out once for everybody of whom the same is asked.
"""

from collections.abc import Callable

from peer_ledger.evaluation._asked_hours import Fit
from peer_ledger.evaluation._event import Event
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._training import TrainingKinds
from peer_ledger.records import Credit


class FitsByKind:
    """
    What training fits, by its kind.

    Args:
        fit: Returns what a kind fits; `None` where it does not count for the requirement.
        kinds: The kinds of training.
        note: Notes the questions that decide what counts, since there is some training.
    """

    def __init__(self, fit: Callable[[int], Fit | None], kinds: TrainingKinds, note: Callable[[], None]) -> None:
        self._fit, self._kinds, self._note = fit, kinds, note

    def kinds_of(self, history: History) -> list[int] | None:
        """Return the kind of each credit of the events of a history; `None` where it is not known of all."""
        return history.training(self._kinds).kinds_of(len(history.events))

    def find(self, event: Event, credit: Credit | None, kind: int | None = None) -> tuple[bool, Fit | None]:
        """
        Return whether the kind of a credit alone decides what it fits, and what that is.

        It does not where a body approved the training that the rule set does not know.
        """
        kind = self._kinds.kind_of(event, credit) if kind is None else kind
        if kind in self._kinds.unclear:
            return False, None
        self._note()
        return True, self._fit(kind)
