"""
What the last document of a kind states, on any day, and the cycles that follow from it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

import attrs

from peer_ledger.evaluation._cycle_rules import in_months
from peer_ledger.records import Document, DocumentValue, MonthDay
from peer_ledger.rules import Anniversary, Birthday, Chosen, Cohorts, CycleRule, UnknownCycle
from peer_ledger.rules._cycles import Schedule
from peer_ledger.values._cached import cached_property


class Stated:
    """
    What documents state.

    Args:
        documents: The documents, by day.
    """

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = documents

    @cached_property
    def _of(self) -> dict[str, tuple[list[date], list[DocumentValue | None]]]:
        """The days of the documents of each kind, and what they state."""
        found: dict[str, tuple[list[date], list[DocumentValue | None]]] = {}
        for document in self._documents:
            days, values = found.setdefault(document.kind, ([], []))
            days.append(document.on)
            values.append(document.value)
        return found

    def on(self, day: date, kind: str) -> DocumentValue | None:
        """Return the value of the last document of a kind until a day; `None` when there is none, or it has none."""
        days, values = self._of.get(kind, ((), ()))
        place = bisect_right(days, day)
        return values[place - 1] if place else None


def schedule_of(rule: CycleRule, day: date, stated: Stated, seen: date, *, is_award: bool) -> Schedule | None:
    """
    Return when the cycles of a grant begin and end; `None` when that depends on a fact that is not on file.

    Args:
        rule: How the board sets its cycles.
        day: The day of the grant.
        stated: What documents state.
        seen: The day until which documents are known that are of people and not of a grant.
        is_award: Whether it is an award, whose first cycle may be of another length.
    """
    if isinstance(rule, Anniversary):
        return rule if is_award or rule.first_months is None else attrs.evolve(rule, first_months=None)
    if isinstance(rule, Birthday) and rule.birthday is None:
        born = stated.on(seen, "birthday")
        return attrs.evolve(rule, birthday=born) if isinstance(born, MonthDay) else None
    if isinstance(rule, Cohorts):
        name = stated.on(day, rule.document_kind) or stated.on(seen, rule.document_kind)
        return next((cohort.cycles() for cohort in rule.cohorts if cohort.name == name), None)
    if isinstance(rule, Chosen):
        months = in_months(stated.on(day, rule.document_kind))
        return Anniversary(months=months, begins=rule.begins) if months in rule.months and months else None
    return None if isinstance(rule, UnknownCycle) else rule
