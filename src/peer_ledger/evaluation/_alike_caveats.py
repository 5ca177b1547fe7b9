"""
What a reader of a report should know of trainings that look alike: which they are, and what was made of them.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise

from peer_ledger.evaluation._alike import Alike
from peer_ledger.evaluation._classes import Group
from peer_ledger.evaluation._disagreements import contradictions, said
from peer_ledger.evaluation._eligibility import counts_as
from peer_ledger.evaluation._event import Event
from peer_ledger.evaluation._same_records import MOST_COMPARED
from peer_ledger.evaluation._scenario import Scenario
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.reports import Finding
from peer_ledger.reports._remarks import Remark, remark
from peer_ledger.rules import RECORDED_TWICE, RECORDS_DISAGREE, SAME_COURSE, Hours, SessionCount, with_inner


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
    if not answers.history.repeated:
        return
    counted = {line.record for finding in findings for line in finding.lines if line.counted}
    events = [event for event in answers.history.trainings if event.record.id in counted or _is_within(event, assumed)]
    is_open = bool(listed & {RECORDED_TWICE.id, SAME_COURSE.id})
    twins = _groups(events, RECORDED_TWICE.id, once=False)
    may_count = _countable(events, answers, assumed) if twins else frozenset()
    for group in twins:
        differing = _differing(group)
        number = sum(event.record.id in may_count for event in group)
        if number > 1 or (number == 1 and differing):
            may_differ = differing and RECORDS_DISAGREE.id in listed
            yield remark(
                "looks-recorded-twice",
                records=_ids(group),
                counted=_number(group, counted),
                is_open=is_open,
                differing=differing,
                is_disputed=bool(may_differ),
            )
    if SAME_COURSE.id not in assumed.asked:
        return
    told = set(map(_ids, twins))
    for group in _groups(events, SAME_COURSE.id, once=True):
        if _ids(group) not in told and not counted.issuperset(event.record.id for event in group):
            number = _number(group, counted)
            yield remark("may-be-same-course", records=_ids(group), counted=number, is_open=SAME_COURSE.id in listed)


def _is_within(event: Event, assumed: Scenario) -> bool:
    """Return whether a training is of the days that count."""
    begins, ends = assumed.days["earning_begins"], assumed.days["earning_ends"]
    day = event.record.completed
    return (begins is None or begins <= day) and (ends is None or day <= ends)


def _countable(events: Iterable[Event], answers: Scenarios, assumed: Scenario) -> frozenset[str]:
    """Return the ids of the trainings of which something may be of a kind that counts."""
    context, edition = answers.context(assumed), assumed.life.edition
    asked = [one for one in with_inner(edition.requirements if edition is not None else ()) if one.subject == "hours"]
    return frozenset(
        event.record.id
        for event in events
        for requirement in asked
        if not isinstance(requirement, Hours | SessionCount)
        or any(
            counts_as(requirement.counts, event, credit, context.readings) is not False
            for credit in ((None,) if event.credits is None else event.credits)
        )
    )


def _differing(group: Group) -> tuple[str, ...]:
    """Return in what the records of a training that looks recorded twice contradict each other."""
    kinds = list({said(event): event for event in group}.values())
    pairs = combinations(kinds, 2) if len(kinds) <= MOST_COMPARED else pairwise(kinds)
    found = {name for pair in pairs for name in contradictions(*pair)}
    return tuple(name for name in ("hours", "topics", "delivery", "approvals") if name in found)


def _groups(events: Iterable[Event], question: str, *, once: bool) -> tuple[Group, ...]:
    """Return the groups of trainings that are one if a question is answered in that way."""
    return Alike(events, once=once).ways([question]).all[0].groups


def _ids(group: Group) -> tuple[str, ...]:
    return tuple(event.record.id for event in group)


def _number(group: Group, counted: set[str]) -> int:
    return sum(record in counted for record in _ids(group))
