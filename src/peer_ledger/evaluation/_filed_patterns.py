"""
The headline of somebody who filed, from a pattern: how sums of training and counts of documents come out.

Without rulings, the states of a certificate follow from the days of the last grant and of the filings. So all people
whose days lie alike, and who filed alike, are judged by the same programs: which filing is judged, and what comes of
it, is found out for the first person of each pattern. Another one only brings days, and the hours that are missing.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

import attrs

from peer_ledger.evaluation._budget import times
from peer_ledger.evaluation._days import days_between
from peer_ledger.evaluation._filed_join import filed_lives, joined_filings
from peer_ledger.evaluation._finders import filed_last
from peer_ledger.evaluation._headline import Headline, decided_dates
from peer_ledger.evaluation._hours_program import as_read
from peer_ledger.evaluation._join import Join
from peer_ledger.evaluation._layout import UNKNOWN, Filed, Layout, Tests, under_base
from peer_ledger.evaluation._life import Grant, Life
from peer_ledger.evaluation._outcome import UNDETERMINED, days_of, decided_components
from peer_ledger.evaluation._parts import TooManyCombinations
from peer_ledger.evaluation._patterns import MOST_PATTERNS, PatternOfSums
from peer_ledger.evaluation._plans import Plan
from peer_ledger.evaluation._position import Position
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.evaluation._shared_lives import MOST_SHARED, State, due_of
from peer_ledger.reports import Components, DateName, Dates
from peer_ledger.rules import RelativeDate


class _Look(NamedTuple):
    """
    How one filing is looked at in one state of the certificate, for everybody whose days lie alike.

    Attributes:
        state: The state, without grants and filings.
        points: The relative dates between which training counts, under each reading.
        as_of: The place of the day of filing.
        lapsed_on: That of the last day of filing late of a certificate that lapsed.
        filed_last: That of the last day on which it may be filed.
        filed_on: That of the day on file of the filing.
        is_filed: Whether there is one.
        days: Those of all other dates of the answer.
    """

    state: State
    points: tuple[tuple[RelativeDate | None, RelativeDate | None], ...]
    as_of: int
    lapsed_on: int
    filed_last: int
    filed_on: int
    is_filed: bool
    days: tuple[tuple[DateName, int], ...]


class _Told(NamedTuple):
    """
    What a pattern comes to.

    Attributes:
        components: The components of the answer.
        dated: The filings that are judged under some readings, each with the place of the days that count.
        assumed: The filing that is judged under the assumed readings.
    """

    components: Components
    dated: tuple[tuple[_Look, int], ...]
    assumed: _Look


@attrs.define(eq=False)
class _Cast:
    """
    What decides the headline of all people who filed alike and whose days lie alike.

    Attributes:
        looks: How each filing is looked at in each state.
        layout: What is summed and counted.
        filed: The places of the days from which the days that count are counted: of filing, and of a lapse.
        told: What each pattern comes to; `None` where that depends on more.
    """

    looks: list[list[_Look]]
    layout: Layout
    filed: list[tuple[int, int]]
    told: dict[Any, _Told | None] = attrs.field(factory=dict)


class _Alike(NamedTuple):
    """
    Which people filed alike and have days that lie alike.

    Attributes:
        key: What they have in common.
        days: The days of one of them, each in the same place for all; the last is `None`.
        grants: The grants.
    """

    key: Hashable
    days: tuple[Any, ...]
    grants: tuple[Grant, ...]


def headline_by_pattern(scenarios: Scenarios, join: Callable[[], Join]) -> Headline | None:
    """
    Return the headline of somebody who filed, as others who filed alike and come out alike are answered.

    Args:
        scenarios: The answers for one person and day.
        join: Returns what joins the parts.

    Returns:
        The headline; `None` where it depends on more than days, sums and counts.
    """
    alike = _alike(scenarios)
    if alike is None:
        return None
    kept = scenarios.position.filed
    cast = kept.get(alike.key, UNKNOWN)
    if cast is UNKNOWN:
        if len(kept) >= MOST_SHARED:
            kept.clear()
        cast = kept[alike.key] = _cast(scenarios, alike, join())
    return None if cast is None else _Filed(scenarios, cast, alike).headline(join)


def _alike(scenarios: Scenarios) -> _Alike | None:
    """Return what tells who filed alike; `None` where the states follow from more."""
    history, position = scenarios.history, scenarios.position
    filings = history.filings
    if not filings or len({filing.step for filing in filings}) > 1 or history.repeated:
        return None
    if any(filing.replaces is not None for filing in filings):
        return None
    if any(act.act == "refused" or act.filing is not None for act in history.acts):
        return None
    found = position.lives.key(history, scenarios.certificate.grants, but_filed=True)
    if found is None or not found[1]:
        return None
    key, grants = found
    ids = [filing.id for filing in filings]
    order = tuple(sorted(range(len(ids)), key=ids.__getitem__))
    made = tuple([(one.step, one.method, one.sent is None, one.received is None) for one in filings])
    filed = [day for filing in filings for day in (filing.sent, filing.received)]
    shape, days = position.known.shapes.of(key, grants[-1], filed)
    return _Alike((shape, made, order), (*days, None), grants)


def _cast(scenarios: Scenarios, alike: _Alike, join: Join) -> _Cast | None:
    """Return what decides the headline of everybody alike, found for the first; `None` where sums do not."""
    lives, complete = filed_lives(scenarios)
    if not complete:
        return None
    place_of = {day: place for place, day in enumerate(alike.days)}
    [step] = {filing.step for filing in scenarios.history.filings}
    filed: dict[tuple[int, int], int] = {}
    numbered: list[tuple[State, int]] = []
    looks: list[list[_Look]] = []
    try:
        for taken, some in lives:
            looks.append([])
            for life, force in some:
                bare = attrs.evolve(life, grants=(), filing=None, too_late=(), filed_days=())
                state = State(taken, bare, due_of(life), force)
                look = _looked_at(state, life, place_of, join)
                # Where another step was applied for, documents may have been given for that.
                if look is None or life.step != step:
                    return None
                looks[-1].append(look)
                numbered.append((state, filed.setdefault((look.as_of, look.lapsed_on), len(filed))))
    except TooManyCombinations:
        return None
    return _Cast(looks, _layout(scenarios.position, numbered), list(filed))


def _looked_at(state: State, life: Life, place_of: Mapping[date | None, int], join: Join) -> _Look | None:
    """Return how a filing is looked at; `None` where sums and counts do not decide what is asked, or a day is new."""
    plans = join.plans(state, life)
    programs = [
        program
        for plan in plans
        if isinstance(plan, Plan)
        for part in (plan.asked, plan.bare)
        if plan.bare is not None and part is not None
        for _, program in part.found
    ]
    if None in plans or not all(program.is_simple or not program.is_asked for program in programs):
        return None
    named = days_of(life)
    each = (life.as_of, life.lapsed_on, filed_last(life), life.filed_on, *named.values())
    if any(day not in place_of for day in each):
        return None
    as_of, lapsed_on, last, filed_on, *days = [place_of[day] for day in each]
    points = tuple([between for _, between in join.points(state, life).found])
    return _Look(
        state, points, as_of, lapsed_on, last, filed_on, life.filing is not None, tuple(zip(named, days, strict=True))
    )


def _layout(position: Position, numbered: Sequence[tuple[State, int]]) -> Layout:
    """Return what is summed and counted in some states, which is the same for all in which the same is asked."""
    key = tuple([(id(state.plans), state.life.step, number) for state, number in numbered])
    found: Layout | None = position.layouts.get(key)
    if found is None:
        found = position.layouts[key] = Layout(position, numbered)
    return found


class _Filed:
    """
    The answer about one person who filed.

    Args:
        scenarios: The answers for one person and day.
        cast: What decides the headline of everybody alike.
        alike: The days and the grants of the person.
    """

    def __init__(self, scenarios: Scenarios, cast: _Cast, alike: _Alike) -> None:
        self._scenarios, self._cast, self._at = scenarios, cast, alike.days
        self._grants, self._grant = alike.grants, alike.grants[-1]

    def headline(self, join: Callable[[], Join]) -> Headline | None:
        """Return the headline; `None` where sums and counts do not decide it."""
        told = self._told(join)
        if told is None:
            return None
        assumed, components = told.assumed, told.components
        edition = assumed.state.life.edition
        seen = [(self._days(look, place), self._at[look.lapsed_on]) for look, place in told.dated]
        return Headline(
            step=assumed.state.life.step,
            filed_on=self._at[assumed.filed_on],
            edition=None if edition is None else edition.id,
            components=components,
            dates=Dates(**decided_dates(self._grant, seen, complete=True)),
            hours_short=None if components["hours"] == UNDETERMINED else self._short(assumed),
        )

    def _days(self, look: _Look, place: int) -> dict[DateName, date | None]:
        """Return the dates of the answer that looks at a filing."""
        at, (begins, ends) = self._at, look.points[place]
        first, final = days_between(begins, ends, self._grant, at[look.filed_last], at[look.lapsed_on])
        if look.is_filed and final is not None:
            final = min(final, at[look.as_of])
        return {**{name: at[of] for name, of in look.days}, "earning_begins": first, "earning_ends": final}

    def _short(self, look: _Look) -> Fraction:
        """Return the hours that are missing under the assumed readings."""
        base, sums, short = self._scenarios.position.base, self._scenarios.sums, Fraction(0)
        as_of, lapsed_on = self._at[look.as_of], self._at[look.lapsed_on]
        plans = look.state.plans or ()
        for plan in [plans[place] for place in look.state.of_step] if plans else ():
            if isinstance(plan, Plan) and plan.bare is not None:
                begins, ends = under_base(base, plan.days)
                window = (*days_between(begins, ends, self._grant, as_of, lapsed_on), as_of)
                is_empty = sums.training.between(*window).is_empty
                program = under_base(base, plan.bare if is_empty else plan.asked)
                found = sums.verdicts(program, window, base) if program.is_asked else None
                if found is not None:
                    taken = as_read(found.verdicts, base)
                    short += taken.short if taken.result == "short" else 0
        return short

    def _told(self, join: Callable[[], Join]) -> _Told | None:
        """Return what the person's pattern comes to."""
        cast, at = self._cast, self._at
        filed = tuple([Filed(at[as_of], at[lapsed_on]) for as_of, lapsed_on in cast.filed])
        tests = Tests(
            layout=cast.layout, filed=filed, days=[None] * len(cast.layout.stretches), earning=[], dates={}, step=None,
            edition=None,
        )  # fmt: skip
        pattern = PatternOfSums(self._scenarios, tests, self._grants).pattern
        if pattern is None:
            return None
        # How much work is spent on all combinations of readings depends on how many trainings there are.
        key = pattern, times(self._scenarios.sums.training.size)
        if key not in cast.told:
            if len(cast.told) >= MOST_PATTERNS:
                cast.told.clear()
            cast.told[key] = self._find(join())
        return cast.told[key]

    def _find(self, join: Join) -> _Told | None:
        """Find out what the pattern comes to."""
        lives, looks = filed_lives(self._scenarios)[0], self._cast.looks
        each = [
            [(look.state, life) for look, (life, _) in zip(some, filed, strict=True)]
            for some, (_, filed) in zip(looks, lives, strict=True)
        ]
        found = joined_filings(self._scenarios, join, each)
        if found is None:
            return None
        look_of = {id(look.state): look for some in looks for look in some}
        answers, assumed = found.answers(), found.assumed()
        return _Told(
            components=decided_components([answer.components for answer in answers], complete=True),
            dated=tuple(dict.fromkeys((look_of[id(leaf.state)], place) for leaf, _, place in answers)),
            assumed=look_of[id(assumed.leaf.state)],
        )
