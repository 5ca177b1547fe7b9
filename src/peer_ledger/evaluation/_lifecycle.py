"""
The state of a certificate on a day: its standing, the next step, the dates for it.
"""

from datetime import date

import attrs

from peer_ledger.evaluation._days import day_of
from peer_ledger.evaluation._editions import UNKNOWN_METHOD, edition_at
from peer_ledger.evaluation._filings import Filings, FindFilings, undecided
from peer_ledger.evaluation._grants import FindGrants, grants_on
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import Grant, Life, Window, made_inactive_on
from peer_ledger.evaluation._moved_dates import moved
from peer_ledger.reports import Standing, Step
from peer_ledger.rules import (
    ACTS_ON_FILE,
    FILINGS_ON_FILE,
    ByQuestion,
    Edition,
    Procedure,
    Readings,
    RelativeDate,
    RuleSet,
)
from peer_ledger.values.dates import DAY


def life_on(
    history: History,
    ruleset: RuleSet,
    readings: Readings,
    *,
    grants: FindGrants = grants_on,
    filings: FindFilings | None = None,
    skip: int = 0,
) -> Life:
    """
    Return the state of a certificate on the day of a history.

    Args:
        history: The records.
        ruleset: The rules.
        readings: The readings taken.
        grants: Returns the grants, as `grants_on` does.
        filings: Returns the undecided filings for a step after a grant; `None` to work them out each time.
        skip: How many of the pending filings to pass over; the last one is looked at in any case.
    """
    return _LifeBuilder(history, ruleset, readings, filings, skip).life(*grants(history, ruleset, readings))


class _LifeBuilder:
    """Derives the state of one person's certificate from its grants up to one day."""

    def __init__(
        self, history: History, ruleset: RuleSet, readings: Readings, filings: FindFilings | None, skip: int
    ) -> None:
        self._history, self._ruleset, self._readings, self._skip = history, ruleset, readings, skip
        self._find_filings = filings
        self._on = history.on

    def life(self, grants: tuple[Grant, ...], ended: Standing | None) -> Life:
        """Return the state of the certificate."""
        if self._ruleset.grade == "named":
            return self._under_unknown_rules(grants, ended)
        if ended == "inactive" and grants:
            return self._inactive(grants)
        if ended is not None:
            return self._without_step(ended, grants)
        return self._renewing(grants) if grants else self._never_certified()

    def _under_unknown_rules(self, grants: tuple[Grant, ...], ended: Standing | None) -> Life:
        """Return what the records say by themselves: the last act, or a printed expiry that has certainly not come."""
        standing: Standing = ended or "undetermined"
        # Whether an expiry that is printed is the last day or the day after it is among what is not known.
        certain = grants[-1].due - DAY if grants and grants[-1].is_due_known else None
        if ended is None and certain is not None and self._on <= certain:
            standing = "current"
        elif ended is None and not grants and self._all_on_file(None):
            standing = "not certified"
        life = self._without_step(standing, grants)
        return attrs.evolve(life, in_force_until=certain, are_rules_known=False)

    def _never_certified(self) -> Life:
        life = self._at_step("initial", "not certified", ())
        return life if self._all_on_file(None) else attrs.evolve(life, standing="undetermined")

    def _all_on_file(self, first: date | None) -> bool:
        """Return whether all acts of the board since a day are on file; where that is unknown, a question decides."""
        return self._history.covers("certification", first, self._on) or self._readings.take(ACTS_ON_FILE.id) == "all"

    def _are_filings_known(self, first: date) -> bool:
        """Return whether all filings since a day are on file; where that is unknown, a question decides."""
        history = self._history
        is_covered = any(history.covers(what, first, self._on) for what in ("filing", "certification"))
        return is_covered or self._readings.take(FILINGS_ON_FILE.id) == "all"

    def _renewing(self, grants: tuple[Grant, ...]) -> Life:
        due = grants[-1].due
        if not grants[-1].is_due_known:
            return self._without_step("undetermined", grants)
        life = self._at_step("renewal", "current", grants)
        is_closed = life.closes is not None and self._on > life.closes and not self._history.closing
        if self._on <= max(due, life.timely_until or due):
            if life.filing is None and is_closed and self._are_filings_known(grants[-1].day + DAY):
                return attrs.evolve(life, standing="filing closed")
            return life
        last = max(due, life.closes or due)
        if life.filing is not None or self._on <= last or self._history.closing:
            is_in_time = life.filing is not None and not life.is_late
            return attrs.evolve(life, standing="pending" if is_in_time else "late")
        if self._all_on_file(grants[-1].day + DAY):
            return self._lapsed(grants, last, life)
        return attrs.evolve(life, standing="undetermined")

    def _lapsed(self, grants: tuple[Grant, ...], last: date, before: Life) -> Life:
        """Return the state of a lapsed certificate, given that before it lapsed."""
        life = self._reinstated("lapsed", grants, last)
        return attrs.evolve(
            life,
            too_late=before.too_late,
            filed_days=(*before.filed_days, *life.filed_days),
            window_days=before.window_days | life.window_days,
        )

    def _inactive(self, grants: tuple[Grant, ...]) -> Life:
        """Return the state of an inactive certificate; nothing is next unless the rules say how to return."""
        if self._procedure("reinstatement", "inactive") is None:
            return self._without_step("inactive", grants)
        return self._reinstated("inactive", grants, made_inactive_on(self._history))

    def _reinstated(self, standing: Standing, grants: tuple[Grant, ...], last: date) -> Life:
        """Return the state of a certificate whose reinstatement is next or, after its last day, a new award."""
        life = self._at_step("reinstatement", standing, grants)
        until = self._readings.of(life.edition.late_until) if life.edition is not None else None
        closes = day_of(until, grants[-1], life.as_of, last, is_end=True)
        if closes is not None and life.as_of > closes:
            life = self._at_step("initial", standing, grants)
        return attrs.evolve(life, lapsed_on=last, reinstate_until=closes)

    def _without_step(self, standing: Standing, grants: tuple[Grant, ...]) -> Life:
        return Life(
            standing=standing, grants=grants, step=None, filing=None, filed_on=None, later=0, too_late=(),
            filed_days=(), window_days=frozenset(), deciding=self._on, edition=None, as_of=self._on, opens=None,
            timely_until=None, late_until=None, closes=None, in_force_until=None, reinstate_until=None, lapsed_on=None,
        )  # fmt: skip

    def _at_step(self, step: Step, standing: Standing, grants: tuple[Grant, ...]) -> Life:
        procedure = self._procedure(step, standing)
        grant = grants[-1] if grants else None
        filings = self._filings(procedure, grant)
        place = min(self._skip, len(filings.candidates) - 1)
        filed = filings.candidates[place] if filings.candidates else None
        as_of = self._on if filed is None else filed.day
        method = (filed.filing.method or UNKNOWN_METHOD) if filed is not None else None
        deciding = as_of
        decided_by = procedure.decided_by if procedure is not None and grant is not None else "filing"
        if grant is not None and decided_by != "filing":
            deciding = grant.due if decided_by == "due" else grant.begins
        edition = None if procedure is None else edition_at(procedure, deciding, method, self._readings)
        late_until = timely_until = closes = None
        if edition is not None and grant is not None and step == "renewal":
            late_until, window = self._late_until(edition, grant, as_of), self._window(edition, grant, as_of)
            timely_until, closes = window.timely_until, window.closes
            # Nothing was filed and no renewal can be filed any more: the rules of the last possible day apply.
            if filed is None and decided_by == "filing" and self._on > closes:
                deciding = closes
                edition = edition_at(procedure, deciding, None, self._readings) if procedure else edition
        in_force_until = self._until(edition.in_force_until, grant, as_of) if late_until and edition else None
        opens = None
        if edition is not None and grant is not None:
            opens = day_of(self._readings.of(edition.opens), grant, as_of, None)
        opens = opens if opens is None or grant is None else moved(self._history, "opens", opens, grant.day, None)
        return Life(
            standing=standing, grants=grants, step=step, filing=filed.filing if filed else None,
            filed_on=filed.on_file if filed else None, later=len(filings.candidates) - 1 - place if filed else 0,
            too_late=filings.too_late, filed_days=filings.days, window_days=filings.window_days,
            deciding=deciding, edition=edition, as_of=as_of, opens=opens, timely_until=timely_until,
            late_until=late_until, closes=closes, in_force_until=in_force_until, reinstate_until=None, lapsed_on=None,
        )  # fmt: skip

    def _procedure(self, step: Step, standing: Standing) -> Procedure | None:
        """Return the rules of a step; of a reinstatement, if they are those after this standing."""
        procedure = self._ruleset.procedure(step)
        if procedure is None or step != "reinstatement":
            return procedure
        return procedure if procedure.follows("inactive" if standing == "inactive" else "lapse") else None

    def _filings(self, procedure: Procedure | None, grant: Grant | None) -> Filings:
        """Return the undecided filings for a step."""
        if procedure is None or not self._history.filings:
            return Filings()

        def work(readings: Readings) -> Filings:
            apart = _LifeBuilder(self._history, self._ruleset, readings, None, 0)
            return apart._undecided(procedure, grant)

        find = self._find_filings
        return work(self._readings) if find is None else find(procedure, grant, self._readings, work)

    def _undecided(self, procedure: Procedure, grant: Grant | None) -> Filings:
        def window_of(day: date, method: str) -> Window | None:
            if procedure.step != "renewal" or grant is None or not grant.is_due_known or self._history.closing:
                return None
            edition = edition_at(procedure, day, method, self._readings)
            return self._window(edition, grant, day)

        return undecided(self._history, self._readings, procedure, grant, window_of)

    def _until(self, point: RelativeDate | ByQuestion | None, grant: Grant | None, as_of: date) -> date | None:
        """Return the last day that a relative date names, for one that is not counted from a lapse."""
        return day_of(self._readings.of(point), grant, as_of, None, is_end=True)

    def _late_until(self, edition: Edition | None, grant: Grant, as_of: date) -> date | None:
        """Return the last day of filing late; `None` when that is no later than the due date."""
        day = self._until(edition.late_until, grant, as_of) if edition is not None else None
        day = moved(self._history, "late_until", day or grant.due, grant.day, None)
        return day if day > grant.due else None

    def _window(self, edition: Edition | None, grant: Grant, as_of: date) -> Window:
        """Return the last days of filing: where there is no filing late, it closes with the last day in time."""
        timely = self._until(edition.timely_until, grant, as_of) if edition is not None else None
        late = self._until(edition.late_until, grant, as_of) if edition is not None else None
        timely, until = timely or grant.due, moved(self._history, "late_until", late or grant.due, grant.day, None)
        is_late_known = late is not None or until != grant.due
        return Window(timely_until=timely, closes=max(timely, until) if is_late_known else timely)
