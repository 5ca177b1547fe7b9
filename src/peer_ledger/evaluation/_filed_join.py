"""
The headline of somebody who filed more than once, joined from the parts of each filing.

The first filing that meets what is asked is judged or, where none does, the last. So how each of them comes out is kept
while the parts are joined, and nothing else is: no combination of readings need be looked at by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import prod
from typing import Any, Final, NamedTuple

from peer_ledger.evaluation._headline import Headline, decided_dates, steps_of
from peer_ledger.evaluation._hours import HoursCheck
from peer_ledger.evaluation._hours_program import QuickHours
from peer_ledger.evaluation._join import MOST_JOINED, Join
from peer_ledger.evaluation._leaf import Leaf
from peer_ledger.evaluation._life import Life
from peer_ledger.evaluation._outcome import UNDETERMINED, decided_components
from peer_ledger.evaluation._parts import Taken, TooManyCombinations, agree, most_combinations, together
from peer_ledger.evaluation._scenario import judged
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.evaluation._shared_lives import Badness, State, due_of
from peer_ledger.reports import Components, Dates, InForce

SPARE: Final = 8
"""By how much there must be fewer combinations of readings than would be looked at one by one."""

Outcomes = tuple[tuple[Badness, int], ...]
"""How bad hours and documents are for each filing, and the place of the days on which training counts."""

Effect = tuple[int, tuple[bool, int] | int]
"""The place of a filing, and whether a part of it is one of hours, and how bad; or the place of the days that count."""

Options = tuple[tuple[Taken, Any], ...]
"""What a part comes to under the readings that it depends on."""


class Answer(NamedTuple):
    """
    The answer that looks at one filing.

    Attributes:
        filing: The place of the filing.
        components: Its components.
        earning: The place of the days on which training counts, of those that may be under some reading.
    """

    filing: int
    components: Components
    earning: int


class Together(NamedTuple):
    """
    How filings come out together.

    Attributes:
        each: How they can come out, under the readings that move the certificate in turn.
        assumed: The place of the assumed readings among these.
        under_assumed: How they come out under the assumed readings.
    """

    each: list[frozenset[Outcomes]]
    assumed: int
    under_assumed: Outcomes

    def answers(self, each: Sequence[Sequence[State]], on: date, notice_days: int) -> list[tuple[int, Answer]]:
        """
        Return the answers that count under some reading, each with the place of the readings that move the certificate.

        Args:
            each: The states of the certificate for each filing, under these readings.
            on: The day asked about.
            notice_days: How many days before the due date a renewal that is short is due soon.
        """
        return [
            (place, answer_of(states, outcomes, on, notice_days))
            for place, (states, possible) in enumerate(zip(each, self.each, strict=True))
            for outcomes in possible
        ]


def answer_of(states: Sequence[State], outcomes: Outcomes, on: date, notice_days: int) -> Answer:
    """Return the answer that counts, given the state for each filing and how it comes out."""
    looked_at: list[Answer] = []
    for filing, (state, (badness, place)) in enumerate(zip(states, outcomes, strict=True)):
        looked_at.append(Answer(filing, state.components_of(badness, on, notice_days), place))
        if looked_at[-1].components["outcome"] == "met":
            break
    return judged(looked_at)


LivesFiled = tuple[tuple[Life, InForce], ...]
"""The state of a certificate for each pending filing in turn, and whether it is in force."""


def filed_lives(scenarios: Scenarios) -> tuple[list[tuple[dict[str, str], LivesFiled]], bool]:
    """Return the states for each pending filing, under all combinations of readings, and whether these are all."""
    position, certificate = scenarios.position, scenarios.certificate

    def under(taken: Mapping[str, str]) -> tuple[LivesFiled, Iterable[str]]:
        asked = dict[str, None]()
        readings = {**position.base, **taken, **position.given}
        first = certificate.life(readings, asked, 0)
        if any(question in position.weighing and question not in taken for question in asked):
            return (first,), asked  # it is looked at again under each reading of these
        others = [certificate.life(readings, asked, skip) for skip in range(1, first[0].later + 1)]
        return (first, *others), asked

    return scenarios.combinations(under)


def headline_of_filed(scenarios: Scenarios, join: Join) -> Headline | None:
    """
    Return the headline of somebody who filed more than once.

    Args:
        scenarios: The answers for one person and day.
        join: Joins the parts of one filing.

    Returns:
        The headline; `None` where trainings may be one, which is then settled for all filings together, or where there
        are many combinations of readings.
    """
    lives, complete = filed_lives(scenarios)
    if not complete or all(len(filed) == 1 for _, filed in lives):
        return None
    each = [[(State(taken, life, due_of(life), force), life) for life, force in filed] for taken, filed in lives]
    found = joined_filings(scenarios, join, each)
    return None if found is None else found.headline()


def joined_filings(
    scenarios: Scenarios, join: Join, each: Sequence[Sequence[tuple[State, Life]]]
) -> "JoinedFilings | None":
    """
    Return the answers that look at one filing after another.

    Args:
        scenarios: The answers for one person and day.
        join: Joins the parts of one filing.
        each: The states of the certificate, for each filing in turn, under the readings that move it.

    Returns:
        The answers; `None` as for `headline_of_filed`.
    """
    filings = max(map(len, each))
    if filings > 1 and scenarios.history.repeated:
        return None
    try:
        found = [[join.leaf(state, life) for state, life in filed] for filed in each]
    except TooManyCombinations:
        return None
    combinations = sum(_combinations(leaves, scenarios) for leaves in found)
    if filings > 1 and SPARE * combinations > most_combinations(scenarios.work * filings):
        return None
    return JoinedFilings(scenarios, join, found)


def _combinations(leaves: Sequence[Leaf], scenarios: Scenarios) -> int:
    """Return of how many readings together the parts of some filings may depend, beside those taken for them."""
    parts = [part for leaf in leaves for part in (leaf.earning, *leaf.parts)]
    asked = {question for part in parts for taken, _ in part.found for question, _ in taken}
    return prod(len(scenarios.questions[question].readings) for question in asked - leaves[0].taken.keys())


class JoinedFilings:
    """
    The answers of somebody who filed, perhaps more than once.

    Args:
        scenarios: The answers for one person and day.
        join: Joins the parts of one filing.
        each: What they are made of for each filing, under the readings that move the certificate.
    """

    def __init__(self, scenarios: Scenarios, join: Join, each: Sequence[Sequence[Leaf]]) -> None:
        self._position, self._join, self._each = scenarios.position, join, each
        self._how = scenarios.history.on, scenarios.rules.notice_days

    def headline(self) -> Headline:
        """Return the headline."""
        together, states = self.together(), [[leaf.state for leaf in leaves] for leaves in self._each]
        answers = [(self._each[place][answer.filing], answer) for place, answer in together.answers(states, *self._how)]
        components = decided_components([answer.components for _, answer in answers], complete=True)
        days = [(leaf.days(leaf.earning.found[answer.earning][1]), leaf.life.lapsed_on) for leaf, answer in answers]
        place = together.assumed
        assumed = self._each[place][answer_of(states[place], together.under_assumed, *self._how).filing]
        return Headline(
            **steps_of(assumed.life),
            components=components,
            dates=Dates(**decided_dates(assumed.life.grant, days, complete=True)),
            hours_short=None if components["hours"] == UNDETERMINED else self._short(assumed),
        )

    def together(self) -> Together:
        """Return how the filings come out together."""
        base = self._position.base
        place = next(place for place, leaves in enumerate(self._each) if agree(leaves[0].taken.items(), base))
        under = [
            [[((), _under(base, option))] for option in of_filing] for of_filing in self._options(self._each[place])
        ]
        [outcomes] = _together(under)
        return Together([self._possible(leaves) for leaves in self._each], place, outcomes)

    def _options(self, leaves: Sequence[Leaf]) -> tuple[tuple[Options, ...], ...]:
        return tuple([(*map(self._join.options_of, leaf.of_step), _of_days(leaf)) for leaf in leaves])

    def _possible(self, leaves: Sequence[Leaf]) -> frozenset[Outcomes]:
        """Return how bad hours and documents can be for each filing together, and the days on which training counts."""
        joined, options = self._position.joined_filings, self._options(leaves)
        found = joined.get(options)
        if found is None:
            if len(joined) >= MOST_JOINED:
                joined.clear()
            found = joined[options] = _together(options)
        return found

    def _short(self, leaf: Leaf) -> Fraction:
        """Return the hours that are missing under the assumed readings."""
        verdicts = [_under(self._position.base, part.found) for part in leaf.of_step]
        short = [one for one in verdicts if isinstance(one, QuickHours | HoursCheck) and one.result == "short"]
        return sum((one.short for one in short), Fraction(0))


def _under(base: Mapping[str, str], found: Iterable[tuple[Taken, Any]]) -> Any:
    """Return what a part comes to under the assumed readings."""
    return next(value for taken, value in found if agree(taken, base))


def _of_days(leaf: Leaf) -> Options:
    """Return the place of the days on which training counts, under the readings that they depend on."""
    return tuple([(taken, place) for place, (taken, _) in enumerate(leaf.earning.found)])


def _together(options: Iterable[Iterable[Iterable[tuple[Taken, Any]]]]) -> frozenset[Outcomes]:
    """Return how filings can come out together, given what each part of each of them comes to."""
    parts = [
        [(taken, (place, value)) for taken, value in option] for place, some in enumerate(options) for option in some
    ]
    filings = 1 + parts[-1][0][1][0]
    begin: Outcomes = (((0, 0), 0),) * filings
    # A part that comes to the same under all readings depends on none.
    return together([part if _varies(part) else [((), part[0][1])] for part in parts], begin, _with)


def _varies(part: Sequence[tuple[Taken, Effect]]) -> bool:
    return any(effect != part[0][1] for _, effect in part)


def _with(outcomes: Outcomes, effect: Effect) -> Outcomes:
    """Return how filings come out, with the effect of one part more."""
    place, what = effect
    (hours, documents), window = outcomes[place]
    if isinstance(what, int):
        window = what
    elif what[0]:
        hours = max(hours, what[1])
    else:
        documents = max(documents, what[1])
    return (*outcomes[:place], ((hours, documents), window), *outcomes[place + 1 :])
