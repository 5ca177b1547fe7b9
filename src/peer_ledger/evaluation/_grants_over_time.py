"""
The grants of one certificate on any number of days, worked out once where they only follow each other.

What was granted later does not alter what was granted before, unless rulings, other certificates or documents that are
looked at move its dates. So the grants on a day are the first of all grants.
"""

from bisect import bisect_right
from datetime import date

import attrs

from peer_ledger.evaluation._grants import GrantBuilder, Grants, grants_on
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import Grant
from peer_ledger.reports import Standing
from peer_ledger.rules import Birthday, Chosen, Cohorts, Readings, RuleSet


@attrs.frozen
class _Kept:
    """
    All grants under some readings.

    Attributes:
        grants: The grants, in order.
        days: The days of the acts, in order.
        after: What is known after so many acts: the questions asked so far, the number of grants, and the standing.
    """

    grants: tuple[Grant, ...]
    days: list[date]
    after: list[tuple[tuple[str, ...], int, Standing | None]]


class GrantsOverTime:
    """
    The grants of one person's certificate.

    Args:
        whole: Everything on file, until any day.
        ruleset: The rules.
    """

    def __init__(self, whole: History, ruleset: RuleSet) -> None:
        self._whole, self._ruleset = whole, ruleset
        self._is_moved = bool(whole.rulings or ruleset.clock_with or ruleset.unending)
        self._kept: dict[tuple[tuple[str, str], ...], _Kept | None] = {}

    def until(self, history: History, ruleset: RuleSet, readings: Readings) -> Grants:
        """Return the same as `grants_on` for a history of this person and these rules."""
        kept = None if self._is_moved or history.closing else self._under(readings)
        if kept is None:
            return grants_on(history, ruleset, readings)
        asked, number, ended = kept.after[bisect_right(kept.days, history.on)]
        readings.note(asked)
        return kept.grants[:number], ended

    def _under(self, readings: Readings) -> _Kept | None:
        """Return all grants under some readings; `None` where they depend on documents."""
        taken = tuple(sorted(readings.taken.items()))
        if taken not in self._kept:
            self._kept[taken] = self._worked_out(readings.at(None))
        return self._kept[taken]

    def _worked_out(self, readings: Readings) -> _Kept | None:
        if isinstance(readings.at(None).of(self._ruleset.cycle), Birthday | Cohorts | Chosen):
            return None
        builder = GrantBuilder(self._whole, self._ruleset, readings)
        acts = builder.acts()
        after: list[tuple[tuple[str, ...], int, Standing | None]] = [(readings.asked, 0, None)]
        after += [(readings.asked, len(builder.made), ended) for ended in builder.steps(acts)]
        return _Kept(tuple(builder.made), [day for day, _ in acts], after)
