"""
The state of a certificate on a day: its standing, the next step, the dates for it.
"""

from collections.abc import Callable
from datetime import date

import attrs

from peer_ledger.evaluation._days import day_of
from peer_ledger.evaluation._editions import UNKNOWN_METHOD, edition_at
from peer_ledger.evaluation._event import is_named
from peer_ledger.evaluation._grants import Grants, grants_on, moved
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import Grant, Life
from peer_ledger.records import Filing
from peer_ledger.reports import Standing, Step
from peer_ledger.rules import ACTS_ON_FILE, ByQuestion, Edition, Procedure, Readings, RelativeDate, RuleSet
from peer_ledger.values.dates import DAY


def life_on(
    history: History,
    ruleset: RuleSet,
    readings: Readings,
    *,
    grants: Callable[[History, RuleSet, Readings], Grants] = grants_on,
) -> Life:
    """
    Return the state of a certificate on the day of a history.

    Args:
        history: The records.
        ruleset: The rules.
        readings: The readings taken.
        grants: Returns the grants, as `grants_on` does.
    """
    return _LifeBuilder(history, ruleset, readings).life(*grants(history, ruleset, readings))


class _LifeBuilder:
    """Derives the state of one person's certificate from its grants up to one day."""

    def __init__(self, history: History, ruleset: RuleSet, readings: Readings) -> None:
        self._history, self._ruleset, self._readings = history, ruleset, readings
        self._on = history.on

    def life(self, grants: tuple[Grant, ...], ended: Standing | None) -> Life:
        """Return the state of the certificate."""
        if ended is not None:
            return self._without_step(ended, grants)
        return self._renewing(grants) if grants else self._never_certified()

    def _never_certified(self) -> Life:
        life = self._at_step("initial", "not certified", (), None)
        return life if self._all_on_file(None) else attrs.evolve(life, standing="undetermined")

    def _all_on_file(self, first: date | None) -> bool:
        """Return whether all acts of the board since a day are on file; where that is unknown, a question decides."""
        return self._history.covers("certification", first, self._on) or self._readings.take(ACTS_ON_FILE.id) == "all"

    def _renewing(self, grants: tuple[Grant, ...]) -> Life:
        due = grants[-1].due
        if not grants[-1].is_due_known:
            return self._without_step("undetermined", grants)
        life = self._at_step("renewal", "current", grants, due)
        in_time = max(due, life.timely_until or due)
        if self._on <= in_time:
            return life
        last = max(life.late_until or due, in_time)
        if self._on <= last or life.filing is not None or self._history.closing:
            return attrs.evolve(life, standing="late")
        if self._all_on_file(grants[-1].day + DAY):
            return self._lapsed(grants, last)
        return attrs.evolve(life, standing="undetermined")

    def _lapsed(self, grants: tuple[Grant, ...], last: date) -> Life:
        """Return the state of a lapsed certificate: reinstatement is next or, after its last day, a new award."""
        life = self._at_step("reinstatement", "lapsed", grants, grants[-1].due)
        until = self._readings.of(life.edition.late_until) if life.edition is not None else None
        closes = day_of(until, grants[-1], life.as_of, last, is_end=True)
        if closes is not None and self._on > closes and life.filing is None:
            life = self._at_step("initial", "lapsed", grants, None)
        return attrs.evolve(life, lapsed_on=last, reinstate_until=closes)

    def _without_step(self, standing: Standing, grants: tuple[Grant, ...]) -> Life:
        return Life(
            standing=standing, grants=grants, step=None, filing=None, deciding=self._on, edition=None,
            as_of=self._on, opens=None, timely_until=None, late_until=None, in_force_until=None, reinstate_until=None,
            lapsed_on=None,
        )  # fmt: skip

    def _at_step(self, step: Step, standing: Standing, grants: tuple[Grant, ...], due: date | None) -> Life:
        procedure = self._ruleset.procedure(step)
        grant = grants[-1] if grants else None
        filing = self._pending(step, procedure, grant, due)
        as_of = self._on if filing is None else _day_filed(filing, procedure)
        method = (filing.method or UNKNOWN_METHOD) if filing is not None else None
        deciding = as_of
        decided_by = procedure.decided_by if procedure is not None and grant is not None else "filing"
        if grant is not None and decided_by != "filing":
            deciding = grant.due if decided_by == "due" else grant.begins
        edition = None if procedure is None else edition_at(procedure, deciding, method, self._readings)
        late_until = timely_until = None
        if edition is not None and grant is not None and step == "renewal":
            late_until, timely_until = (
                self._late_until(edition, grant, as_of),
                self._timely_until(edition, grant, as_of),
            )
            last = max(late_until or grant.due, timely_until)
            # Nothing was filed and no renewal can be filed any more: the rules of the last possible day apply.
            if filing is None and decided_by == "filing" and self._on > last:
                deciding = last
                edition = edition_at(procedure, deciding, None, self._readings) if procedure else edition
        in_force_until = self._until(edition.in_force_until, grant, as_of) if late_until and edition else None
        opens = None
        if edition is not None and grant is not None:
            opens = day_of(self._readings.of(edition.opens), grant, as_of, None)
        opens = opens if opens is None or grant is None else moved(self._history, "opens", opens, grant.day, None)
        return Life(
            standing=standing, grants=grants, step=step, filing=filing, deciding=deciding, edition=edition,
            as_of=as_of, opens=opens, timely_until=timely_until, late_until=late_until,
            in_force_until=in_force_until, reinstate_until=None, lapsed_on=None,
        )  # fmt: skip

    def _until(self, point: RelativeDate | ByQuestion | None, grant: Grant | None, as_of: date) -> date | None:
        """Return the last day that a relative date names, for one that is not counted from a lapse."""
        return day_of(self._readings.of(point), grant, as_of, None, is_end=True)

    def _late_until(self, edition: Edition | None, grant: Grant, as_of: date) -> date | None:
        """Return the last day of filing late; `None` when that is no later than the due date."""
        day = self._until(edition.late_until, grant, as_of) if edition is not None else None
        day = moved(self._history, "late_until", day or grant.due, grant.day, None)
        return day if day > grant.due else None

    def _timely_until(self, edition: Edition | None, grant: Grant, as_of: date) -> date:
        """Return the last day of filing in time."""
        day = self._until(edition.timely_until, grant, as_of) if edition is not None else None
        return day or grant.due

    def _pending(self, step: str, procedure: Procedure | None, grant: Grant | None, due: date | None) -> Filing | None:
        """Return the first filing for a step that is timely and not decided; `None` when there is none."""
        if procedure is None:
            return None
        decided = {act.filing for act in self._history.acts if act.filing is not None}
        refusals = [act.on for act in self._history.acts if act.act == "refused" and act.filing is None and act.on]
        for filing in self._history.filings:
            day = _day_filed(filing, procedure)
            if filing.step != step or (grant is not None and day <= grant.day):
                continue
            if any(is_named(filing, filing_id) for filing_id in decided):
                continue
            if any(refusal >= day for refusal in refusals) or not self._is_timely(step, procedure, filing, grant, due):
                continue
            return filing
        return None

    def _is_timely(
        self, step: str, procedure: Procedure, filing: Filing, grant: Grant | None, due: date | None
    ) -> bool:
        """Return whether a filing came before the last day for it; only renewals have one."""
        if step != "renewal" or grant is None or due is None or self._history.closing:
            return True
        day = _day_filed(filing, procedure)
        edition = edition_at(procedure, day, filing.method or UNKNOWN_METHOD, self._readings)
        return day <= max(self._late_until(edition, grant, day) or due, self._timely_until(edition, grant, day))


def _day_filed(filing: Filing, procedure: Procedure | None) -> date:
    """Return the day of a filing that counts for a procedure: sent or received, or the other where that is unknown."""
    first, second = (filing.sent, filing.received)
    if procedure is not None and procedure.filed_when == "received":
        first, second = second, first
    day = first or second
    assert day is not None, "a filing has a day"
    return day
