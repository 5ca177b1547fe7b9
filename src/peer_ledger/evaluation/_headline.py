"""
The headline of an answer: its components and dates, decided where all readings of the open questions agree.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal, TypeVar

import attrs

from peer_ledger.evaluation._days import FIRST_DAY, LAST_DAY
from peer_ledger.evaluation._hours import HoursCheck
from peer_ledger.evaluation._hours_program import QuickHours
from peer_ledger.evaluation._life import Grant, Life
from peer_ledger.evaluation._outcome import UNDETERMINED
from peer_ledger.evaluation._scenarios import Scenario, Scenarios
from peer_ledger.reports import Components, DateName, Dates, Day
from peer_ledger.reports._remarks import Remark, remark
from peer_ledger.values.dates import DAY

Word = TypeVar("Word", bound=str)
"""One of the words that a component may be."""

_COMPUTED = remark("computed")

_WHY: Mapping[DateName, Remark | None] = {
    "due": None,
    "expiry": None,
    "timely_until": remark("timely-filing-ends"),
    "late_until": remark("late-filing-ends"),
    "reinstate_until": remark("reinstatement-ends"),
    "opens": remark("filing-opens"),
    "earning_begins": remark("training-begins"),
    "earning_ends": remark("training-ends"),
}
"""Where each date comes from; `None` where that depends on whether an expiry is printed."""


@attrs.frozen(kw_only=True)
class Headline:
    """
    The components and dates of an answer.

    Attributes:
        life: The state of the certificate under the assumed readings.
        components: The components, *undetermined* where readings disagree.
        dates: The dates, with every candidate.
        hours_short: The hours that are missing under the assumed readings; `None` when the hours are undetermined.
    """

    life: Life
    components: Components
    dates: Dates
    hours_short: Fraction | None


def headline_of_all(scenarios: Scenarios) -> Headline:
    """Return the headline of an answer, from the answers under every combination of readings."""
    assumed = scenarios.assumed
    leaves, complete = scenarios.leaves()
    everything = [assumed, *(leaf for _, leaf in leaves)]
    components = decided_components([leaf.components for leaf in everything], complete=complete)
    return Headline(
        life=assumed.life,
        components=components,
        dates=Dates(
            **decided_dates(assumed.life, [(leaf.days, leaf.life.lapsed_on) for leaf in everything], complete=complete)
        ),
        hours_short=None if components["hours"] == UNDETERMINED else _sum_short(assumed),
    )


def assumed_headline(scenarios: Scenarios) -> Headline:
    """Return the headline of the answer under the assumed readings."""
    assumed = scenarios.assumed
    return Headline(
        life=assumed.life,
        components=assumed.components,
        dates=Dates(**decided_dates(assumed.life, [(assumed.days, assumed.life.lapsed_on)], complete=True)),
        hours_short=hours_short(assumed),
    )


def hours_short(scenario: Scenario) -> Fraction | None:
    """Return how many hours of training are missing in an answer; `None` where that is undetermined."""
    return None if scenario.components["hours"] == UNDETERMINED else _sum_short(scenario)


def _sum_short(scenario: Scenario) -> Fraction:
    return sum((hours for _, hours in short_hours(scenario)), Fraction(0))


def short_hours(scenario: Scenario) -> Iterator[tuple[str, Fraction]]:
    """Yield the id and the missing hours of each requirement of hours that is short."""
    edition = scenario.life.edition
    for requirement, verdict in zip(edition.requirements if edition else (), scenario.verdicts, strict=True):
        if requirement.designation is not None:
            continue
        if isinstance(verdict, QuickHours | HoursCheck) and verdict.result == "short":
            yield verdict.id, verdict.short


def decided_components(found: Sequence[Components], *, complete: bool) -> Components:
    """
    Return the components on which all answers agree; the others are *undetermined*.

    Args:
        found: The components of each answer.
        complete: Whether these are the answers under all combinations of readings.
    """

    def decided(values: Iterable[Word]) -> Word | Literal["undetermined"]:
        different = set(values)
        return different.pop() if complete and len(different) == 1 else UNDETERMINED

    return {
        "standing": decided(components["standing"] for components in found),
        "in_force": decided(components["in_force"] for components in found),
        "outcome": decided(components["outcome"] for components in found),
        "hours": decided(components["hours"] for components in found),
        "documents": decided(components["documents"] for components in found),
        "status": decided(components["status"] for components in found),
    }


def decided_dates(
    assumed: Life,
    seen: Sequence[tuple[Mapping[DateName, date | None], date | None]],
    *,
    complete: bool,
    names: Iterable[DateName] = tuple(_WHY),
) -> dict[DateName, Day]:
    """
    Return each date that exists in some answer, by name, decided where all answers agree on it.

    Args:
        assumed: The state of the certificate under the assumed readings.
        seen: The dates of each answer by name, and the day on which the certificate lapsed there, if it did.
        complete: Whether these are the answers under all combinations of readings.
        names: Of which dates.
    """
    return dict(_decided_dates(assumed, seen, complete=complete, names=names))


def _decided_dates(
    assumed: Life,
    seen: Sequence[tuple[Mapping[DateName, date | None], date | None]],
    *,
    complete: bool,
    names: Iterable[DateName],
) -> Iterator[tuple[DateName, Day]]:
    source = _source_of_due(assumed.grant) if assumed.grant else _COMPUTED
    for name in names:
        found = {day for days, _ in seen if (day := days[name]) is not None and day not in (FIRST_DAY, LAST_DAY)}
        # A lapsed certificate has no last day of filing late any more: what was it counts among the candidates.
        lapsed = {day for _, day in seen if day is not None}
        found |= lapsed if name == "late_until" and found else set()
        candidates = sorted(found)
        if candidates:
            is_everywhere = all(days[name] in found or lapsed_on in found for days, lapsed_on in seen)
            decided = len(candidates) == 1 and complete and is_everywhere
            why = _WHY[name] or source
            yield name, Day(day=candidates[0] if decided else None, candidates=tuple(candidates), why=why)


def _source_of_due(grant: Grant) -> Remark:
    """Return where the due date of a grant comes from, with the printed date where that is another day."""
    printed = grant.act.expires
    if not grant.printed or printed is None:
        return _COMPUTED
    if grant.due == printed:
        return remark("printed")
    if grant.due == printed - DAY:
        return remark("day-before-printed", day=printed)
    return remark("moved-by-board", day=printed)
