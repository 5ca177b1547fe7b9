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
from peer_ledger.evaluation._outcome import UNDETERMINED, decided_components
from peer_ledger.evaluation._parts import Taken, TooManyCombinations, agree, most_combinations, together
from peer_ledger.evaluation._scenario import judged
from peer_ledger.evaluation._scenarios import Scenarios
from peer_ledger.evaluation._shared_lives import Badness, State, due_of
from peer_ledger.reports import Components, Dates

ONE_WINDOW: Final = (((), 0),)
"""The place of the days on which training counts where they are the same under all readings."""

SPARE: Final = 8
"""By how much there must be fewer combinations of readings than would be looked at one by one."""

Window = tuple[date | None, date | None]
"""The first and the last day on which training counts."""

Outcomes = tuple[tuple[Badness, int], ...]
"""How bad hours and documents are for each filing, and the place of the days on which training counts."""

Effect = tuple[int, tuple[bool, int] | int]
"""The place of a filing, and whether a part of it is one of hours, and how bad; or the place of the days that count."""

Options = tuple[tuple[Taken, Any], ...]
"""What a part comes to under the readings that it depends on."""


class _Answer(NamedTuple):
    """
    The answer that looks at one filing.

    Attributes:
        leaf: What it is made of.
        components: Its components.
        earning: The days on which training counts.
    """

    leaf: Leaf
    components: Components
    earning: Window


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
    lives, complete = scenarios.filed_lives()
    if not complete or all(len(filed) == 1 for _, filed in lives) or scenarios.history.repeated:
        return None
    try:
        each = [
            [join.leaf(State(taken, life, due_of(life), force), life) for life, force in filed]
            for taken, filed in lives
        ]
    except TooManyCombinations:
        return None
    filings = max(map(len, each))
    if SPARE * sum(_combinations(leaves, scenarios) for leaves in each) > most_combinations(scenarios.work * filings):
        return None
    return _Filed(scenarios, join, each).headline()


def _combinations(leaves: Sequence[Leaf], scenarios: Scenarios) -> int:
    """Return of how many readings together the parts of some filings may depend, beside those taken for them."""
    parts = [part for leaf in leaves for part in (leaf.earning, *leaf.parts)]
    asked = {question for part in parts for taken, _ in part.found for question, _ in taken}
    return prod(len(scenarios.questions[question].readings) for question in asked - leaves[0].taken.keys())


class _Filed:
    """
    The answers of somebody who filed more than once.

    Args:
        scenarios: The answers for one person and day.
        join: Joins the parts of one filing.
        each: What they are made of for each filing, under the readings that move the certificate.
    """

    def __init__(self, scenarios: Scenarios, join: Join, each: Sequence[Sequence[Leaf]]) -> None:
        self._position, self._join, self._each = scenarios.position, join, each

    def headline(self) -> Headline:
        """Return the headline."""
        assumed = self._assumed()
        answers = [self._judged(leaves, outcomes) for leaves in self._each for outcomes in self._possible(leaves)]
        components = decided_components([answer.components for answer in answers], complete=True)
        different = {(id(answer.leaf), answer.earning): answer for answer in answers}
        days = [(answer.leaf.days(answer.earning), answer.leaf.life.lapsed_on) for answer in different.values()]
        return Headline(
            **steps_of(assumed.leaf.life),
            components=components,
            dates=Dates(**decided_dates(assumed.leaf.life.grant, days, complete=True)),
            hours_short=None if components["hours"] == UNDETERMINED else self._short(assumed.leaf),
        )

    def _possible(self, leaves: Sequence[Leaf]) -> frozenset[Outcomes]:
        """Return how bad hours and documents can be for each filing together, and the days on which training counts."""
        options = tuple([(*map(self._join.options_of, leaf.of_step), _of_windows(leaf)) for leaf in leaves])
        joined, key = self._position.joined_filings, options
        found = joined.get(key)
        if found is None:
            if len(joined) >= MOST_JOINED:
                joined.clear()
            found = joined[key] = _together(options)
        return found

    @staticmethod
    def _judged(leaves: Sequence[Leaf], outcomes: Outcomes) -> _Answer:
        """Return the answer that counts, given how each filing comes out."""
        looked_at: list[_Answer] = []
        for leaf, (badness, place) in zip(leaves, outcomes, strict=True):
            looked_at.append(_Answer(leaf, leaf.components(*badness), _windows(leaf)[place]))
            if looked_at[-1].components["outcome"] == "met":
                break
        return judged(looked_at)

    def _assumed(self) -> _Answer:
        """Return the answer under the assumed readings."""
        base = self._position.base
        leaves = next(leaves for leaves in self._each if agree(leaves[0].taken.items(), base))
        options = [(*map(self._join.options_of, leaf.of_step), _of_windows(leaf)) for leaf in leaves]
        under = [[[((), _under(base, option))] for option in of_filing] for of_filing in options]
        [outcomes] = _together(under)
        return self._judged(leaves, outcomes)

    def _short(self, leaf: Leaf) -> Fraction:
        """Return the hours that are missing under the assumed readings."""
        verdicts = [_under(self._position.base, part.found) for part in leaf.of_step]
        short = [one for one in verdicts if isinstance(one, QuickHours | HoursCheck) and one.result == "short"]
        return sum((one.short for one in short), Fraction(0))


def _under(base: Mapping[str, str], found: Iterable[tuple[Taken, Any]]) -> Any:
    """Return what a part comes to under the assumed readings."""
    return next(value for taken, value in found if agree(taken, base))


def _windows(leaf: Leaf) -> list[Window]:
    """Return the days on which training counts, under any reading."""
    found = leaf.earning.found
    return [found[0][1]] if len(found) == 1 else list(dict.fromkeys(window for _, window in found))


def _of_windows(leaf: Leaf) -> Options:
    """Return the place of the days on which training counts among all that may be, under the open readings."""
    windows = _windows(leaf)
    return (
        ONE_WINDOW if len(windows) == 1 else tuple([(on, windows.index(window)) for on, window in leaf.earning.found])
    )


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
