"""
What a reader of a report should know of trainings that look alike: which they are, and what was made of them.
"""

from collections.abc import Iterable, Iterator

from peer_ledger.evaluation._alike import Alike, Group
from peer_ledger.evaluation._event import Event
from peer_ledger.evaluation._scenarios import Scenario, Scenarios
from peer_ledger.reports import Finding
from peer_ledger.reports._remark_kinds import CaveatKind
from peer_ledger.reports._remarks import Remark, remark
from peer_ledger.rules import RECORDED_TWICE, SAME_COURSE


def alike_caveats(
    answers: Scenarios, assumed: Scenario, findings: Iterable[Finding], listed: frozenset[str]
) -> Iterator[Remark]:
    """
    Yield a caveat for each group of trainings that look alike and may count now.

    Args:
        answers: The answers for one person and day.
        assumed: The answer under the assumed readings.
        findings: The findings of the report, which say what counted.
        listed: The questions that the report leaves open.
    """
    counted = {line.record for finding in findings for line in finding.lines if line.counted}
    begins, ends = assumed.days["earning_begins"], assumed.days["earning_ends"]
    events = [
        event
        for event in answers.history.events
        if event.why_not is None
        and (
            event.record.id in counted
            or (
                (begins is None or begins <= event.record.completed)
                and (ends is None or event.record.completed <= ends)
            )
        )
    ]
    is_open = bool(listed & {RECORDED_TWICE.id, SAME_COURSE.id})
    twins = _groups(events, RECORDED_TWICE.id, once=False)
    for group in twins:
        yield _looks("looks-recorded-twice", group, counted, is_open=is_open)
    if SAME_COURSE.id not in assumed.asked:
        return
    for group in _groups(events, SAME_COURSE.id, once=True):
        if group not in twins and not counted.issuperset(event.record.id for event in group):
            yield _looks("may-be-same-course", group, counted, is_open=SAME_COURSE.id in listed)


def _groups(events: Iterable[Event], question: str, *, once: bool) -> tuple[Group, ...]:
    """Return the groups of trainings that are one if a question is answered in that way."""
    return Alike(events, once=once).ways([question]).all[0].groups


def _looks(kind: CaveatKind, group: Group, counted: set[str], *, is_open: bool) -> Remark:
    records = tuple(event.record.id for event in group)
    return remark(kind, records=records, counted=sum(record in counted for record in records), is_open=is_open)
