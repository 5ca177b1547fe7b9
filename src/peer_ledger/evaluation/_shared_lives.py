"""
The states of a certificate, shared by everybody whose certificate is due on the same day.

Without filings and rulings, the standing, the next step, its edition and its dates follow from the due date and a few
other days of the last grant. So they are worked out once for each of these days, under all open readings.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple, TypeAlias

import attrs

from peer_ledger.evaluation._grants import Grants
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import Grant, Life
from peer_ledger.evaluation._outcome import decided_components, outcome_of, status_of
from peer_ledger.evaluation._parts import Part, agree
from peer_ledger.evaluation._plans import Plans
from peer_ledger.reports import Components, DateName, Day, InForce, Result, Standing
from peer_ledger.rules import ByQuestion, Edition, Readings, RelativeDate, RuleSet
from peer_ledger.values.dates import DAY

MOST_SHARED = 20_000
"""For how many due dates lives are kept."""

Lives: TypeAlias = list[tuple[dict[str, str], tuple[Life, InForce]]]
"""Readings taken, each with the state of the certificate under them and whether it is in force."""

Held: TypeAlias = tuple[frozenset[tuple[str, date | None, date | None]], frozenset[tuple[date | None, date | None]]]
"""Designations by name, each with its first and its last day; and the days of which all are said to be on file."""

RESULTS: Final[tuple[Result, ...]] = ("met", "undetermined", "short")
"""The results of requirements, by how bad they are."""

Badness: TypeAlias = tuple[int, int]
"""How bad the hours and the documents are, as places in `RESULTS`; the worst requirement of each decides."""


@attrs.define(eq=False)
class State:
    """
    A state of the certificate under some readings, and what follows from it for everybody who shares it.

    Attributes:
        taken: The readings taken, by question.
        life: The state; its grants are not shared.
        due: The last day of the cycle; `None` without a grant.
        force: Whether the certificate is in force.
        points: The first and last day on which training counts, as relative dates; `None` until they are asked for.
        plans: How the requirements are decided; `None` until they are asked for.
        places: The places of the requirements that the step depends on; `None` until they are asked for.
        components: The components of an answer, by how bad the hours and the documents are.
    """

    taken: dict[str, str]
    life: Life
    due: date | None
    force: InForce
    points: Part | None = None
    plans: Plans | None = None
    places: tuple[int, ...] | None = None
    components: dict[Badness, Components] = attrs.field(factory=dict)

    def components_of(self, badness: Badness, on: date, notice_days: int) -> Components:
        """
        Return the components of an answer.

        Args:
            badness: How bad the hours and the documents are.
            on: The day asked about.
            notice_days: How many days before the due date a renewal that is short is due soon.
        """
        found = self.components.get(badness)
        if found is None:
            outcome = outcome_of(self.life, [RESULTS[max(badness)]])
            found = self.components[badness] = {
                "standing": self.life.standing,
                "in_force": self.force,
                "outcome": outcome,
                "hours": outcome_of(self.life, [RESULTS[badness[0]]]),
                "documents": outcome_of(self.life, [RESULTS[badness[1]]]),
                "status": status_of(self.life.standing, outcome, self.due, on, notice_days),
            }
        return found

    @property
    def of_step(self) -> tuple[int, ...]:
        """The places of the requirements that the step depends on: those that are not asked for a designation."""
        if self.places is None:
            asked = self.life.edition.requirements if self.life.edition is not None else ()
            self.places = tuple([place for place, each in enumerate(asked) if each.designation is None])
        return self.places


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
    components: dict[tuple[frozenset[Badness], ...], Components] = attrs.field(factory=dict)
    dates: dict[DateName, Day] | None = None

    def assumed(self, base: Mapping[str, str]) -> State:
        """Return the state under the assumed readings."""
        return next(state for state in self.all if agree(state.taken.items(), base))

    def components_of(self, possible: tuple[frozenset[Badness], ...], on: date, notice_days: int) -> Components:
        """
        Return the components on which the answers under all readings agree.

        Args:
            possible: How bad hours and documents can be in each state.
            on: The day asked about.
            notice_days: How many days before the due date a renewal that is short is due soon.
        """
        found = self.components.get(possible)
        if found is None:
            each: Sequence[Components] = [
                state.components_of(badness, on, notice_days)
                for state, some in zip(self.all, possible, strict=True)
                for badness in some
            ]
            found = self.components[possible] = decided_components(each, complete=True)
        return found


class LifeKey(NamedTuple):
    """
    All that the states of a certificate follow from, without filings and rulings.

    Attributes:
        on: The day asked about.
        held: The designations on file, and of which days all are.
        ended: The standing after an act that ended the last grant; `None` where none did.
        is_covered: Whether all acts of the board since the last grant are known to be on file, if that matters.
        has_filings: Whether all filings since then are, if that matters.
        is_due_known: Whether there is a due date, and it is known.
        printed: Whether it is printed on the certificate.
        due: The due date; `None` without a grant, as are all days that follow.
        anchor: The first day of the certification, if days are counted from it; otherwise `None`.
        last_grant: The day of the last grant, likewise.
        begins: The first day of the cycle, likewise.
        expires: The printed expiry; `None` where none is printed.
    """

    on: date
    held: Held
    ended: Standing | None
    is_covered: bool
    has_filings: bool
    is_due_known: bool
    printed: bool
    due: date | None = None
    anchor: date | None = None
    last_grant: date | None = None
    begins: date | None = None
    expires: date | None = None

    @property
    def circumstances(self) -> tuple[object, ...]:
        """All of it but the days of the last grant."""
        return self[:7]


def held_in(history: History) -> Held:
    """Return when each designation on file is held, and of which days all designations are said to be on file."""
    covered = [
        (said.first_day, said.last_day)
        for said in history.coverages
        if said.covers == "designation" and said.credential in (None, history.credential)
    ]
    held = [(held.name, held.awarded, held.last_day) for held in history.designations]
    return frozenset(held), frozenset(covered)


class SharedLives:
    """
    Lives by what they follow from.

    Args:
        rules: The rule set.
        readings: Returns the given and the assumed readings, with an empty record of questions.
        weighing: The questions that leave an answer undetermined while they are open.

    Attributes:
        anchors: Where the dates of steps are counted from.
        closes_early: Whether filing may close before the certificate expires, so that it matters before that what is
            known to be on file.
    """

    def __init__(self, rules: RuleSet, readings: Callable[[], Readings], weighing: frozenset[str]) -> None:
        self._rules, self._readings, self._weighing = rules, readings, weighing
        self.anchors = frozenset(_anchors_of(rules))
        self.closes_early = any(
            edition.timely_until is not None for procedure in rules.procedures for edition in procedure.editions
        )
        reinstatement = rules.procedure("reinstatement")
        self._has_return = reinstatement is not None and reinstatement.follows("inactive")
        self._kept: dict[LifeKey, States] = {}

    def key(
        self, history: History, grants_under: Callable[[Readings], Grants], *, but_filed: bool = False
    ) -> tuple[LifeKey, tuple[Grant, ...]] | None:
        """
        Return all that the states of one person's certificate follow from, and its grants.

        Args:
            history: The records.
            grants_under: Returns the grants under some readings.
            but_filed: Whether they may follow from filings besides.

        Returns:
            The key of the states, and the grants; `None` where the states follow from more than the due date: from
            filings, rulings, other certificates, or the day on which one was made inactive from which it may return.
        """
        if (history.filings and not but_filed) or history.rulings or history.closing or self._rules.clock_with:
            return None
        readings = self._readings()
        grants, ended = grants_under(readings)
        if not self._weighing.isdisjoint(readings.asked) or (ended == "inactive" and self._has_return):
            return None
        return self._key(history, held_in(history), grants, ended), grants

    def is_key_of(self, key: LifeKey, history: History, granted: Grants) -> bool:
        """
        Return whether the states of a certificate follow from the same under other grants.

        Args:
            key: What they follow from.
            history: The records.
            granted: The other grants, and how the certificate ended under them.
        """
        return self._key(history, key.held, *granted) == key

    def states(self, key: LifeKey, work: Callable[[], tuple[Lives, bool]]) -> States | None:
        """
        Return the states of a certificate under all combinations of open readings.

        Args:
            key: What they follow from.
            work: Works the lives out, and returns whether all combinations were tried.

        Returns:
            The states; `None` where there are too many combinations.
        """
        kept = self._kept.get(key)
        if kept is None:
            lives, complete = work()
            if not complete:
                return None
            if len(self._kept) >= MOST_SHARED:
                self._kept.clear()
            states = [State(taken, life.with_grants(()), due_of(life), force) for taken, (life, force) in lives]
            kept = self._kept[key] = States(states)
        return kept

    def _key(self, history: History, held: Held, grants: tuple[Grant, ...], ended: Standing | None) -> LifeKey:
        """Return all that the lives follow from, given the designations on file."""
        on = history.on
        if not grants:
            is_covered = history.covers("certification", None, on)
            return LifeKey(on, held, ended, is_covered, has_filings=False, is_due_known=False, printed=False)
        last, anchors = grants[-1], self.anchors
        is_looked_up = on > last.due or self.closes_early
        return LifeKey(
            on,
            held,
            ended,
            not is_looked_up or history.covers("certification", last.day + DAY, on),
            self.closes_early and history.covers("filing", last.day + DAY, on),
            last.is_due_known,
            last.printed,
            last.due,
            last.anchor if "award" in anchors else None,
            last.day if "last-grant" in anchors else None,
            last.begins if "cycle-start" in anchors else None,
            last.act.expires,
        )


def due_of(life: Life) -> date | None:
    """Return the last day of the cycle; `None` without a grant."""
    return life.grant.due if life.grant else None


def _anchors_of(rules: RuleSet) -> Iterator[str]:
    """Yield where the dates of a rule set's steps are counted from."""
    for procedure in rules.procedures:
        if procedure.decided_by == "cycle-start":
            yield "cycle-start"
        for edition in procedure.editions:
            for point in (edition.opens, *last_days_of(edition)):
                yield from _starts_of(point)


def last_days_of(edition: Edition) -> tuple[RelativeDate | ByQuestion | None, ...]:
    """Return the last days, of filing and of being in force, on which the state of a certificate depends."""
    return edition.timely_until, edition.late_until, edition.in_force_until


def _starts_of(point: RelativeDate | ByQuestion | None) -> Iterator[str]:
    if isinstance(point, ByQuestion):
        for _, value in point.values:
            yield from _starts_of(value)
    elif point is not None:
        yield point.of
        yield from _starts_of(point.otherwise)
