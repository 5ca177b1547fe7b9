"""
The headline of somebody who filed, from a pattern: how sums of training and counts of documents come out.

Without rulings, the states of a certificate follow from the days of the last grant and of the filings. So all people
whose days lie alike, and who filed alike, are judged by the same programs: which filing is judged, and what comes of
it, is found out for the first person of each pattern. Another one only brings days, and the hours that are missing.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import attrs

from peer_ledger.evaluation._budget import times
from peer_ledger.evaluation._filed_join import Together, answer_of, filed_lives, joined_filings
from peer_ledger.evaluation._finders import filed_last
from peer_ledger.evaluation._headline import EARNING, WHY, Headline, decided_dates, source_of_due, sure_dates
from peer_ledger.evaluation._join import Join
from peer_ledger.evaluation._layout import UNKNOWN, Assumed, Layout, Pattern
from peer_ledger.evaluation._life import Grant, Life
from peer_ledger.evaluation._outcome import UNDETERMINED, days_of, decided_components
from peer_ledger.evaluation._parts import TooManyCombinations
from peer_ledger.evaluation._patterns import MOST_PATTERNS, PatternOfSums
from peer_ledger.evaluation._plans import Plan
from peer_ledger.evaluation._position import Position
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.evaluation._shared_lives import MOST_SHARED, State, due_of
from peer_ledger.evaluation._windows import Filed, Windows
from peer_ledger.reports import Components, DateName, Dates, Day
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
        number: The place of what its days are counted from, among those of the cast.
    """

    state: State
    points: tuple[tuple[RelativeDate | None, RelativeDate | None], ...]
    as_of: int
    lapsed_on: int
    filed_last: int
    filed_on: int
    is_filed: bool
    days: tuple[tuple[DateName, int], ...]
    number: int = -1


class _Told(NamedTuple):
    """
    What a pattern comes to.

    Attributes:
        components: The components of the answer.
        dates: The dates of the answer apart from those of training, each with whether it is decided, and the places of
            its candidates.
        looks: The filings that are judged under some readings, each with the days on which training counts.
        windows: These days, before what was filed later is left out.
        filed: The places of what these days are counted from.
        assumed: The filing that is judged under the assumed readings.
        asked: What is asked under these of hours.
    """

    components: Components
    dates: list[tuple[DateName, bool, list[int]]]
    looks: list[_Look]
    windows: Windows
    filed: list[tuple[int, int]]
    assumed: _Look
    asked: list[Assumed]


@attrs.define(eq=False)
class _Cast:
    """
    What decides the headline of all people who filed alike and whose days lie alike.

    Attributes:
        looks: How each filing is looked at in each state.
        layout: What is summed and counted.
        windows: The days of its stretches.
        filed: The places of the days from which these are counted: of filing, and of a lapse.
        kind: What it follows from beside the layout and a pattern how filings come out together.
        told: What each pattern comes to; `None` where that depends on more.
    """

    looks: list[list[_Look]]
    layout: Layout
    windows: Windows
    filed: list[tuple[int, int]]
    kind: Hashable
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
                state = State(taken, life.bare(), due_of(life), force)
                look = _looked_at(state, life, place_of, join)
                # Where another step was applied for, documents may have been given for that.
                if look is None or life.step != step:
                    return None
                number = filed.setdefault((look.as_of, look.lapsed_on), len(filed))
                looks[-1].append(look._replace(number=number))
                numbered.append((state, number))
    except TooManyCombinations:
        return None
    layout = _layout(scenarios.position, numbered)
    return _Cast(looks, layout, Windows(layout.stretches), list(filed), _kind(looks))


def _kind(looks: Sequence[Sequence[_Look]]) -> Hashable:
    """Return what it follows from beside the layout and a pattern how filings come out together."""
    # The points are kept, so that no others get the same id.
    return tuple(
        [
            (
                tuple(some[0].state.taken.items()),
                tuple([(id(look.state.points), look.state.of_step) for look in some]),
            )
            for some in looks
        ]
    )


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
        cast, filed = self._cast, self._filed(self._cast.filed)
        windows = cast.windows.of(cast.windows.shared(self._grant, filed), self._grant, filed)
        sums = PatternOfSums(self._scenarios, cast.layout, filed, windows)
        told = None if sums.pattern is None else self._told(sums.pattern, join)
        if told is None:
            return None
        assumed, components = told.assumed, told.components
        edition = assumed.state.life.edition
        return Headline(
            step=assumed.state.life.step,
            filed_on=self._at[assumed.filed_on],
            edition=None if edition is None else edition.id,
            components=components,
            dates=Dates(**self._dates(told), **self._earning(told)),
            hours_short=None if components["hours"] == UNDETERMINED else sums.short(told.asked),
        )

    def _filed(self, places: Iterable[tuple[int, int]]) -> list[Filed]:
        """Return what days are counted from, given its places."""
        return [Filed(self._at[as_of], self._at[lapsed_on]) for as_of, lapsed_on in places]

    def _dates(self, told: _Told) -> dict[DateName, Day]:
        """Return the dates of the answer apart from those of training."""
        at, source, found = self._at, source_of_due(self._grant), dict[DateName, Day]()
        for name, is_decided, places in told.dates:
            candidates = tuple([at[place] for place in places])
            found[name] = Day(day=candidates[0] if is_decided else None, candidates=candidates, why=WHY[name] or source)
        return found

    def _earning(self, told: _Told) -> dict[DateName, Day]:
        """Return the dates between which training counts."""
        at, filed = self._at, self._filed(told.filed)
        windows = told.windows.of(told.windows.shared(self._grant, filed), self._grant, filed)
        each = [
            (first, min(last, at[look.as_of]) if look.is_filed and last is not None else last)
            for look, (first, last) in zip(told.looks, windows, strict=True)
        ]
        if each.count(each[0]) == len(each):
            return sure_dates(dict(zip(EARNING, each[0], strict=True)))
        seen = [
            (dict(zip(EARNING, window, strict=True)), at[look.lapsed_on])
            for look, window in zip(told.looks, each, strict=True)
        ]
        return decided_dates(self._grant, seen, complete=True, names=EARNING)

    def _told(self, pattern: Pattern, join: Callable[[], Join]) -> _Told | None:
        """Return what the person's pattern comes to."""
        cast = self._cast
        # How much work is spent on all combinations of readings depends on how many trainings there are.
        key = pattern, times(self._scenarios.sums.training.size)
        if key not in cast.told:
            if len(cast.told) >= MOST_PATTERNS:
                cast.told.clear()
            cast.told[key] = self._find(key, join)
        return cast.told[key]

    def _find(self, key: Hashable, join: Callable[[], Join]) -> _Told | None:
        """Find out what a pattern comes to, given all that it follows from."""
        cast, known = self._cast, self._cast.layout.together
        at_large = key, cast.kind
        if at_large not in known:
            if len(known) >= MOST_PATTERNS:
                known.clear()
            known[at_large] = self._together(join())
        together: Together | None = known[at_large]
        if together is None:
            return None
        how = self._scenarios.history.on, self._scenarios.rules.notice_days
        states = [[look.state for look in some] for some in cast.looks]
        answers = [(cast.looks[place][answer.filing], answer) for place, answer in together.answers(states, *how)]
        place = together.assumed
        assumed = cast.looks[place][answer_of(states[place], together.under_assumed, *how).filing]
        dated = list(dict.fromkeys((look, answer.earning) for look, answer in answers))
        filed = list(dict.fromkeys((look.filed_last, look.lapsed_on) for look, _ in dated))
        points = [(*look.points[days], filed.index((look.filed_last, look.lapsed_on))) for look, days in dated]
        return _Told(
            components=decided_components([answer.components for _, answer in answers], complete=True),
            dates=self._places_of([look for look, _ in dated]),
            looks=[look for look, _ in dated],
            windows=Windows(points),
            filed=filed,
            assumed=assumed,
            asked=cast.layout.assumed_in(assumed.state, assumed.number),
        )

    def _places_of(self, looks: Iterable[_Look]) -> list[tuple[DateName, bool, list[int]]]:
        """Return the dates apart from those of training, whether each is decided, and the places of its candidates."""
        at = self._at
        place_of = {day: place for place, day in enumerate(at)}
        seen = [({name: at[of] for name, of in look.days}, at[look.lapsed_on]) for look in looks]
        names = [name for name in WHY if name not in EARNING]
        dates = decided_dates(self._grant, seen, complete=True, names=names)
        return [
            (name, day.day is not None, [place_of[candidate] for candidate in day.candidates])
            for name, day in dates.items()
        ]

    def _together(self, join: Join) -> Together | None:
        """Return how the filings come out together; `None` where that depends on more than the pattern."""
        lives, looks = filed_lives(self._scenarios)[0], self._cast.looks
        each = [
            [(look.state, life) for look, (life, _) in zip(some, filed, strict=True)]
            for some, (_, filed) in zip(looks, lives, strict=True)
        ]
        found = joined_filings(self._scenarios, join, each)
        return None if found is None else found.together()
