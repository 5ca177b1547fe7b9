"""
The states of a certificate, shared by everybody whose certificate is due on the same day.

Without filings and rulings, the standing, the next step, its edition and its dates follow from the due date and a few
other days of the last grant. So they are worked out once for each of these days, under all open readings.
"""

from collections.abc import Callable, Iterator
from typing import TypeAlias

import attrs

from peer_ledger.evaluation._grants import Grants
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import Grant, Life
from peer_ledger.evaluation._parts import Part
from peer_ledger.evaluation._plans import Plans
from peer_ledger.reports import Components, DateName, Day, InForce
from peer_ledger.rules import ByQuestion, Edition, Readings, RelativeDate, RuleSet
from peer_ledger.values.dates import DAY

MOST_SHARED = 20_000
"""For how many due dates lives are kept."""

Lives: TypeAlias = list[tuple[dict[str, str], tuple[Life, InForce]]]
"""Readings taken, each with the state of the certificate under them and whether it is in force."""


@attrs.define(eq=False)
class State:
    """
    A state of the certificate under some readings, and what follows from it for everybody who shares it.

    Attributes:
        taken: The readings taken, by question.
        life: The state; its grants are not shared.
        force: Whether the certificate is in force.
        points: The first and last day on which training counts, as relative dates; `None` until they are asked for.
        plans: How the requirements are decided; `None` until they are asked for.
        of_step: The places of the requirements that the step depends on; `None` until they are asked for.
        components: The components of an answer, by how bad the hours and the documents are.
    """

    taken: dict[str, str]
    life: Life
    force: InForce
    points: Part | None = None
    plans: Plans | None = None
    of_step: tuple[int, ...] | None = None
    components: dict[tuple[int, int], Components] = attrs.field(factory=dict)


@attrs.define(eq=False)
class States:
    """
    The states of the certificate under all combinations of open readings.

    Attributes:
        all: The states.
        complete: Whether all combinations were tried.
        components: The components of the whole answer, by how bad hours and documents can be in each state.
        dates: The dates of the whole answer apart from those of training, `None` until they are asked for.
    """

    all: list[State]
    complete: bool = True
    components: dict[tuple[frozenset[tuple[int, int]], ...], Components] = attrs.field(factory=dict)
    dates: dict[DateName, Day] | None = None


class SharedLives:
    """
    Lives by what they follow from.

    Args:
        rules: The rule set.
        readings: Returns the given and the assumed readings, with an empty record of questions.
        weighing: The questions that leave an answer undetermined while they are open.
    """

    def __init__(self, rules: RuleSet, readings: Callable[[], Readings], weighing: frozenset[str]) -> None:
        self._rules, self._readings, self._weighing = rules, readings, weighing
        self._anchors = frozenset(_anchors_of(rules))
        # Filing may close before the certificate expires: then it matters before that what is known to be on file.
        self._closes_early = any(
            edition.timely_until is not None for procedure in rules.procedures for edition in procedure.editions
        )
        self._kept: dict[tuple[object, ...], States] = {}

    def of(
        self,
        history: History,
        grants_under: Callable[[Readings], Grants],
        work: Callable[[], tuple[Lives, bool]],
    ) -> tuple[States, list[Life]] | None:
        """
        Return the lives of one person under all combinations of open readings.

        Args:
            history: The records.
            grants_under: Returns the grants under some readings.
            work: Works the lives out, and returns whether all combinations were tried.

        Returns:
            The shared states, each with the person's own; `None` where they follow from more than the due date, or
            there are too many combinations.
        """
        if history.filings or history.rulings or history.closing or self._rules.clock_with:
            return None
        readings = self._readings()
        grants, ended = grants_under(readings)
        if not self._weighing.isdisjoint(readings.asked):
            return None
        key = self._key(history, grants, ended)
        kept = self._kept.get(key)
        if kept is None:
            lives, complete = work()
            if not complete:
                return None
            if len(self._kept) >= MOST_SHARED:
                self._kept.clear()
            states = [State(taken, life.with_grants(()), force) for taken, (life, force) in lives]
            kept = self._kept[key] = States(states)
        return kept, [state.life.with_grants(grants) for state in kept.all]

    def _key(self, history: History, grants: tuple[Grant, ...], ended: str | None) -> tuple[object, ...]:
        """Return all that the lives follow from, and whether requirements are asked of those who hold a designation."""
        on = history.on
        held = history.held
        if not grants:
            return on, held, ended, history.covers("certification", None, on)
        last = grants[-1]
        is_looked_up = on > last.due or self._closes_early
        is_covered = not is_looked_up or history.covers("certification", last.day + DAY, on)
        has_filings = self._closes_early and history.covers("filing", last.day + DAY, on)
        days = [
            last.anchor if "award" in self._anchors else None,
            last.day if "last-grant" in self._anchors else None,
            last.begins if "cycle-start" in self._anchors else None,
        ]
        known = last.due, last.is_due_known, last.printed
        return on, held, ended, is_covered, *known, *days, last.act.expires, has_filings


def _anchors_of(rules: RuleSet) -> Iterator[str]:
    """Yield where the dates of a rule set's steps are counted from."""
    for procedure in rules.procedures:
        if procedure.decided_by == "cycle-start":
            yield "cycle-start"
        for edition in procedure.editions:
            for point in _points_of(edition):
                yield from _starts_of(point)


def _points_of(edition: Edition) -> Iterator[RelativeDate | ByQuestion | None]:
    yield from (edition.opens, edition.timely_until, edition.late_until, edition.in_force_until)


def _starts_of(point: RelativeDate | ByQuestion | None) -> Iterator[str]:
    if isinstance(point, ByQuestion):
        for _, value in point.values:
            yield from _starts_of(value)
    elif point is not None:
        yield point.of
        yield from _starts_of(point.otherwise)
