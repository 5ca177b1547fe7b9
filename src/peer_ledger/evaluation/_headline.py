"""
The headline of an answer: its components and dates, decided where all readings of the open questions agree.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Final, TypedDict

import attrs

from peer_ledger.evaluation._days import FIRST_DAY, LAST_DAY
from peer_ledger.evaluation._life import Grant, Life
from peer_ledger.evaluation._outcome import UNDETERMINED, decided_components
from peer_ledger.evaluation._scenario import Answer, Scenario
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.reports import Components, DateName, Dates, Day, Step
from peer_ledger.reports._remarks import Remark, remark
from peer_ledger.values.dates import DAY
from peer_ledger.values.hours import ZERO

_COMPUTED = remark("computed")

WHY: Mapping[DateName, Remark | None] = {
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


MOST_DAYS: Final = 65536
"""How many dates are kept for those who share them."""

EARNING: Final[tuple[DateName, DateName]] = ("earning_begins", "earning_ends")
"""The names of the dates between which training counts."""


class StepTaken(TypedDict):
    """What a headline says of the next step."""

    step: Step | None
    filed_on: date | None
    edition: str | None


@attrs.frozen(kw_only=True)
class Headline:
    """
    The components and dates of an answer.

    Attributes:
        step: The next step under the assumed readings; `None` where there is none.
        filed_on: The day of a pending filing for it; `None` where there is none.
        edition: The edition of the rules for it; `None` where there is none.
        components: The components, *undetermined* where readings disagree.
        dates: The dates, with every candidate.
        hours_short: The hours that are missing under the assumed readings; `None` when the hours are undetermined.
    """

    step: Step | None
    filed_on: date | None
    edition: str | None
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
        **steps_of(assumed.life),
        components=components,
        dates=Dates(
            **decided_dates(
                assumed.life.grant, [(leaf.days, leaf.life.lapsed_on) for leaf in everything], complete=complete
            )
        ),
        hours_short=None if components["hours"] == UNDETERMINED else _sum_short(assumed),
    )


def assumed_headline(assumed: Scenario) -> Headline:
    """Return the headline of the answer under the assumed readings."""
    return Headline(
        **steps_of(assumed.life),
        components=assumed.components,
        dates=Dates(**decided_dates(assumed.life.grant, [(assumed.days, assumed.life.lapsed_on)], complete=True)),
        hours_short=hours_short(assumed),
    )


def hours_short(answer: Answer) -> Fraction | None:
    """Return how many hours of training are missing in an answer; `None` where that is undetermined."""
    return None if answer.components["hours"] == UNDETERMINED else _sum_short(answer)


def _sum_short(answer: Answer) -> Fraction:
    return sum((hours for _, hours in answer.short), ZERO)


def steps_of(life: Life) -> StepTaken:
    """Return what a headline says of the next step, for the state of the certificate under the assumed readings."""
    return {
        "step": life.step,
        "filed_on": life.filed_on,
        "edition": life.edition.id if life.edition is not None else None,
    }


def decided_dates(
    grant: Grant | None,
    seen: Sequence[tuple[Mapping[DateName, date | None], date | None]],
    *,
    complete: bool,
    names: Iterable[DateName] = tuple(WHY),
) -> dict[DateName, Day]:
    """
    Return each date that exists in some answer, by name, decided where all answers agree on it.

    Args:
        grant: The last grant under the assumed readings; `None` without one.
        seen: The dates of each answer by name, and the day on which the certificate lapsed there, if it did.
        complete: Whether these are the answers under all combinations of readings.
        names: Of which dates.
    """
    return dict(_decided_dates(grant, seen, complete=complete, names=names))


def sure_dates(days: Mapping[DateName, date | None]) -> dict[DateName, Day]:
    """
    Return each date that exists, by name, where all answers agree on all of them.

    Args:
        days: The dates on which training begins and ends to count.
    """
    return {
        name: _sure_day(name, day) for name, day in days.items() if day is not None and day not in (FIRST_DAY, LAST_DAY)
    }


@lru_cache(maxsize=MOST_DAYS)
def _sure_day(name: DateName, day: date) -> Day:
    """Return a date on which all answers agree, which many people share."""
    why = WHY[name]
    assert why is not None, "it is not a due date"
    return Day(day=day, candidates=(day,), why=why)


def _decided_dates(
    grant: Grant | None,
    seen: Sequence[tuple[Mapping[DateName, date | None], date | None]],
    *,
    complete: bool,
    names: Iterable[DateName],
) -> Iterator[tuple[DateName, Day]]:
    for name in names:
        found = {day for days, _ in seen if (day := days[name]) is not None and day not in (FIRST_DAY, LAST_DAY)}
        # A lapsed certificate has no last day of filing late any more: what was it counts among the candidates.
        lapsed = {day for _, day in seen if day is not None}
        found |= lapsed if name == "late_until" and found else set()
        candidates = sorted(found)
        if candidates:
            is_everywhere = all(days[name] in found or lapsed_on in found for days, lapsed_on in seen)
            decided = len(candidates) == 1 and complete and is_everywhere
            why = WHY[name] or source_of_due(grant)
            yield name, Day(day=candidates[0] if decided else None, candidates=tuple(candidates), why=why)


def source_of_due(grant: Grant | None) -> Remark:
    """Return where the due date of a grant comes from, with the printed date where that is another day."""
    printed = None if grant is None else grant.act.expires
    if grant is None or not grant.printed or printed is None:
        return _COMPUTED
    if grant.due == printed:
        return remark("printed")
    if grant.due == printed - DAY:
        return remark("day-before-printed", day=printed)
    return remark("moved-by-board", day=printed)
