"""
The choice among trainings: which are enough, as the evaluation says, and what each can give at most.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from peer_ledger.ledger import LedgerView
from peer_ledger.planning._asked import Asked, of_step
from peer_ledger.planning._search import Cost, Found, Item, cheapest
from peer_ledger.records import TrainingEvent
from peer_ledger.reports import Finding, Report
from peer_ledger.reports._sentences import NOT_RECORDED

ENOUGH = ("met", "not applicable")
"""The outcomes of hours that ask for nothing more."""


class Choosing:
    """
    The choice among trainings that a person could take.

    Args:
        asked: What answers about the person.
        view: The ledger.
        day: The day for which a choice is evaluated.
        events: The trainings as they would be recorded.
    """

    def __init__(self, asked: Asked, view: LedgerView, day: date, events: list[TrainingEvent]) -> None:
        self._asked, self._view, self._day, self._events = asked, view, day, events
        self.before = asked.on(view, day)

    def report(self, chosen: Iterable[int]) -> Report:
        """Return the report with some of the trainings."""
        events = [self._events[at] for at in chosen]
        return self._asked.on(self._view.supposing(events), self._day) if events else self.before

    def search(self, costs: list[Cost], tries: int) -> Found:
        """Return the cheapest choice that is enough under every reading or, where none is, under the assumed ones."""
        needs = list(_plain_needs(self.before))
        items = [Item(cost, tuple(self._gives(at, needs))) for at, cost in enumerate(costs)]
        amounts = [amount for _, amount in needs]
        found = Found(None, None, 0, is_complete=True)
        for is_enough in (self._settles, self._is_enough_as_assumed):
            found = cheapest(items, amounts, is_enough, most=tries)
            if found.chosen is not None:
                return found
        return found

    def _settles(self, chosen: tuple[int, ...]) -> bool:
        return self.report(chosen).hours_outcome in ENOUGH

    def _is_enough_as_assumed(self, chosen: tuple[int, ...]) -> bool:
        return self.report(chosen).assumed.hours_outcome in ENOUGH

    def _gives(self, at: int, needs: list[tuple[str, Fraction]]) -> Iterator[Fraction]:
        """Yield the most that a training can give to each need: what of it is eligible when it is taken alone."""
        alone = self.report((at,))
        before, after = _eligible(self.before), _eligible(alone)
        is_unrecorded = self._asked.counts_unrecorded and self._events[at].id in _without_details(alone)
        for name, amount in needs:
            yield amount if is_unrecorded else max(after.get(name, Fraction(0)) - before[name], Fraction(0))


def _plain_needs(report: Report) -> Iterator[tuple[str, Fraction]]:
    """Yield the requirements of which more hours must be eligible, and how much, however hours are allocated."""
    if report.assumed.hours_outcome != "short":
        return
    findings = of_step(report)
    parents = {finding.requirement: finding.part_of for finding in findings}

    def whole(finding: Finding) -> str:
        name = finding.requirement
        while (above := parents.get(name)) is not None:
            name = above
        return name

    # A whole with a figure that no source states is met by less than the figure that is shown.
    unclear = {whole(finding) for finding in findings if finding.result == "undetermined"}
    allocated = {finding.requirement for finding in findings if finding.proof is not None} - unclear
    for finding in findings:
        if finding.need is not None and finding.result != "not asked" and whole(finding) in allocated:
            is_whole_short = finding.part_of is None and finding.result == "short"
            lacking = max(finding.need - finding.eligible, finding.short if is_whole_short else Fraction(0))
            if lacking > 0:
                yield finding.requirement, lacking


def _without_details(report: Report) -> Iterator[str]:
    """Yield the ids of records that the findings leave out because details of them are not on file."""
    for finding in of_step(report):
        for line in finding.lines:
            if line.why_not is not None and line.why_not.kind in NOT_RECORDED:
                yield line.record


def _eligible(report: Report) -> dict[str, Fraction]:
    return {finding.requirement: finding.eligible for finding in of_step(report)}
