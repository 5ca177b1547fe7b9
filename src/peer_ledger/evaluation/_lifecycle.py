"""
Where a certificate is in its life on a day: the acts of the board, the cycles between them, and the next filing.
"""

from datetime import date, timedelta

import attrs

from peer_ledger.errors import InvalidValue
from peer_ledger.evaluation._days import DAY, FIRST_DAY, LAST_DAY, day_of
from peer_ledger.evaluation._editions import UNKNOWN_METHOD, edition_at
from peer_ledger.evaluation._history import History, is_named
from peer_ledger.evaluation._life import ENDS, Grant, Life
from peer_ledger.records import Certification, DocumentValue, Filing, MonthDay, Quantity, Ruling
from peer_ledger.reports import Standing, Step
from peer_ledger.rules import (
    ACTS_ON_FILE,
    Anniversary,
    Birthday,
    ByQuestion,
    Chosen,
    Cohorts,
    CycleRule,
    Edition,
    FixedDate,
    Procedure,
    Readings,
    RelativeDate,
    RuleSet,
)
from peer_ledger.rules._cycles import Schedule, cycle_of_number, cycle_on, months_of
from peer_ledger.values.dates import months_after

ORDER = {
    "awarded": 0,
    "renewed": 1,
    "made-inactive": 2,
    "suspended": 3,
    "reinstated": 4,
    "surrendered": 5,
    "revoked": 6,
}
"""In which order acts of one day took effect, since the records do not say; a refusal changes nothing."""


def life_on(history: History, ruleset: RuleSet, readings: Readings) -> Life:
    """
    Find where a certificate is on the day of a history.
    """
    return _LifeBuilder(history, ruleset, readings).life()


class _LifeBuilder:
    """One look at one person's certificate."""

    def __init__(self, history: History, ruleset: RuleSet, readings: Readings) -> None:
        self._history, self._ruleset, self._readings = history, ruleset, readings
        self._on = history.on

    def life(self) -> Life:
        acts = self._acts()
        grants: list[Grant] = []
        ended: Standing | None = None
        for place, (day, act) in enumerate(acts):
            if act.act in ENDS:
                ended = ENDS[act.act]
            elif self._is_lifting(act, ended, grants[-1] if grants else None, day):
                ended = None
            else:
                before = grants[-1] if grants else None
                until = self._next_grant(self._grant(act, day, before, None), acts[place + 1 :])
                grants.append(self._grant(act, day, before, until))
                ended = None
        if ended is not None:
            return self._without_step(ended, grants)
        return self._renewing(grants) if grants else self._never_certified()

    def _acts(self) -> list[tuple[date, Certification]]:
        """Return the acts until the day that change something, each once, in the order in which they took effect."""
        found = [(self._day_of(act), act) for act in self._history.acts if act.act in ORDER]
        found = [(day, act) for day, act in found if day <= self._on]
        found.sort(key=lambda pair: (pair[0], ORDER[pair[1].act], pair[1].expires is None, pair[1].id))
        # What two systems recorded of one act on one day is one act; that which prints an expiry says more.
        once = {(day, act.act): (day, act) for day, act in reversed(found)}
        return [pair for pair in found if once[pair[0], pair[1].act] == pair]

    @staticmethod
    def _is_lifting(act: Certification, ended: Standing | None, grant: Grant | None, day: date) -> bool:
        """Tell a reinstatement that lifts a suspension, so that the cycle goes on, from one that begins another."""
        is_resumed = ended in ("suspended", "inactive") and grant is not None and day <= grant.due
        return act.act == "reinstated" and act.expires is None and is_resumed

    def _next_grant(self, grant: Grant, later: list[tuple[date, Certification]]) -> date | None:
        """Return the day on which another grant follows; `None` when none does."""
        ended: Standing | None = None
        for day, act in later:
            if act.act in ENDS:
                ended = ENDS[act.act]
            elif not self._is_lifting(act, ended, grant, day):
                return day
            else:
                ended = None
        return None

    def _never_certified(self) -> Life:
        life = self._at_step("initial", "not certified", [], None)
        return life if self._all_on_file(None) else attrs.evolve(life, standing="undetermined")

    def _all_on_file(self, first: date | None) -> bool:
        """Return whether all acts of the board since a day are on file."""
        return self._history.covers("certification", first, self._on) or self._readings.take(ACTS_ON_FILE.id) == "all"

    def _renewing(self, grants: list[Grant]) -> Life:
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

    def _lapsed(self, grants: list[Grant], last: date) -> Life:
        """Return the life of a certificate that lapsed: it is reinstated or, once that is over, applied for anew."""
        life = self._at_step("reinstatement", "lapsed", grants, grants[-1].due)
        until = self._readings.of(life.edition.late_until) if life.edition is not None else None
        closes = day_of(until, grants[-1], life.as_of, last, is_end=True)
        if closes is not None and self._on > closes and life.filing is None:
            life = self._at_step("initial", "lapsed", grants, None)
        return attrs.evolve(life, lapsed_on=last, reinstate_until=closes)

    def _without_step(self, standing: Standing, grants: list[Grant]) -> Life:
        return Life(
            standing=standing, grants=tuple(grants), step=None, filing=None, deciding=self._on, edition=None,
            as_of=self._on, opens=None, timely_until=None, late_until=None, in_force_until=None, reinstate_until=None,
            lapsed_on=None,
        )  # fmt: skip

    def _at_step(self, step: Step, standing: Standing, grants: list[Grant], due: date | None) -> Life:
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
            if filing is None and decided_by == "filing" and self._on > last:
                deciding = last
                edition = edition_at(procedure, deciding, None, self._readings) if procedure else edition
        in_force_until = self.until(edition.in_force_until, grant, as_of) if late_until and edition else None
        opens = None
        if edition is not None and grant is not None:
            opens = day_of(self._readings.of(edition.opens), grant, as_of, None)
        opens = opens if opens is None or grant is None else self._moved("opens", opens, grant.day, None)
        return Life(
            standing=standing, grants=tuple(grants), step=step, filing=filing, deciding=deciding, edition=edition,
            as_of=as_of, opens=opens, timely_until=timely_until, late_until=late_until,
            in_force_until=in_force_until, reinstate_until=None, lapsed_on=None,
        )  # fmt: skip

    def until(self, point: RelativeDate | ByQuestion | None, grant: Grant | None, as_of: date) -> date | None:
        """Find the last day that a point that needs no lapse speaks of."""
        return day_of(self._readings.of(point), grant, as_of, None, is_end=True)

    def _late_until(self, edition: Edition | None, grant: Grant, as_of: date) -> date | None:
        """Find the last day of filing late; `None` when that is no later than the due date."""
        day = self.until(edition.late_until, grant, as_of) if edition is not None else None
        day = self._moved("late_until", day or grant.due, grant.day, None)
        return day if day > grant.due else None

    def _timely_until(self, edition: Edition | None, grant: Grant, as_of: date) -> date:
        """Find the last day of filing in time."""
        day = self.until(edition.timely_until, grant, as_of) if edition is not None else None
        return day or grant.due

    def _pending(self, step: str, procedure: Procedure | None, grant: Grant | None, due: date | None) -> Filing | None:
        """Find the filing of a step that is timely and not decided."""
        if procedure is None:
            return None
        decided = {act.filing for act in self._history.acts if act.filing is not None}
        refusals = [act.on for act in self._history.acts if act.act == "refused" and act.filing is None and act.on]
        for filing in self._history.filings:
            day = _day_filed(filing, procedure)
            if filing.step != step or (grant is not None and day <= grant.day):
                continue
            if any(is_named(filing, one) for one in decided):
                continue
            if any(refusal >= day for refusal in refusals) or not self._is_timely(step, procedure, filing, grant, due):
                continue
            return filing
        return None

    def _is_timely(
        self, step: str, procedure: Procedure, filing: Filing, grant: Grant | None, due: date | None
    ) -> bool:
        if step != "renewal" or grant is None or due is None or self._history.closing:
            return True
        day = _day_filed(filing, procedure)
        edition = edition_at(procedure, day, filing.method or UNKNOWN_METHOD, self._readings)
        return day <= max(self._late_until(edition, grant, day) or due, self._timely_until(edition, grant, day))

    def _day_of(self, act: Certification) -> date:
        if act.on is not None:
            return act.on
        expires = self._printed(act)
        assert expires is not None, "a grant without a day has a printed expiry"
        return self._reckoned_back(expires)

    def _printed(self, act: Certification) -> date | None:
        """Return the last day on which a certificate holds by the expiry printed on it; `None` when none is printed."""
        if act.expires is None or act.expires == act.on:
            return act.expires
        return act.expires - DAY * (str(self._readings.of(self._ruleset.printed)) == "day-after")

    def _reckoned_back(self, expires: date) -> date:
        rule = self._rule
        try:
            begins = months_after(expires + DAY, -months_of(rule))
        except InvalidValue:
            return FIRST_DAY
        return begins - DAY if isinstance(rule, Anniversary) and rule.begins in ("next-month", "next-day") else begins

    def _grant(self, act: Certification, day: date, before: Grant | None, until: date | None) -> Grant:
        schedule = self._schedule(day, is_award=act.act == "awarded")
        anchor, number, is_presumed = day, 1, False
        cycles_from, begins, due = day, day, self._first_end(schedule, day)
        if act.act == "renewed" and before is not None:
            anchor, number = before.anchor, before.number + 1
            schedule = schedule if isinstance(self._rule, Chosen) else before.schedule
            cycles_from, begins, due, is_presumed = self._next_cycle(before, schedule, day)
        if act.act == "reinstated" and before is not None:
            number = before.number + 1
        printed = self._printed(act)
        for award in self._common_clock(max(cycles_from, day), until):
            if award <= (printed or due):
                schedule = self._schedule(award, is_award=False)
                cycles_from, due, printed = award, self._first_end(schedule, award), None
        is_known = printed is not None or schedule is not None
        due = self._moved("due", printed or self._on_working_day(due), day, until)
        return Grant(
            act=act, day=day, anchor=anchor, cycles_from=cycles_from, schedule=schedule, number=number, begins=begins,
            due=due if is_known else LAST_DAY, is_due_known=is_known, printed=printed is not None,
            day_known=act.on is not None, follows_missing=is_presumed and printed is None,
        )  # fmt: skip

    @property
    def _rule(self) -> CycleRule:
        rule: CycleRule = self._readings.of(self._ruleset.cycle)
        return rule

    def _schedule(self, day: date, *, is_award: bool) -> Schedule | None:
        """Say how the cycles of a grant lie; `None` when what that hangs on is not on file."""
        rule = self._rule
        if isinstance(rule, Anniversary):
            return rule if is_award or rule.first_months is None else attrs.evolve(rule, first_months=None)
        if isinstance(rule, Birthday) and rule.birthday is None:
            born = self._document_value("birthday", self._on)
            return attrs.evolve(rule, birthday=born) if isinstance(born, MonthDay) else None
        if isinstance(rule, Cohorts):
            name = self._document_value(rule.document_kind, day) or self._document_value(rule.document_kind, self._on)
            return next((cohort.cycles() for cohort in rule.cohorts if cohort.name == name), None)
        if isinstance(rule, Chosen):
            months = _in_months(self._document_value(rule.document_kind, day))
            return Anniversary(months=months, begins=rule.begins) if months in rule.months and months else None
        return rule

    def _document_value(self, kind: str, until: date) -> DocumentValue | None:
        """Return the value of the last document of a kind; `None` when there is none."""
        found = [one for one in self._history.documents if one.kind == kind and one.on <= until]
        return found[-1].value if found else None

    def _common_clock(self, since: date, until: date | None) -> list[date]:
        """Return the awards of certificates that share this one's clock, after a day and before the next grant."""
        last = self._on if until is None else until - DAY
        return sorted(
            act.on
            for other in self._ruleset.clock_with
            for act in self._history.elsewhere(other, self._on).acts
            if act.act == "awarded" and act.on is not None and since < act.on <= last
        )

    def _on_working_day(self, day: date) -> date:
        """Move a day at the weekend to the Friday before, where the board does."""
        rule = self._rule
        is_moved = isinstance(rule, FixedDate) and rule.working_day
        return day - timedelta(days=max(0, day.weekday() - 4)) if is_moved else day

    def _moved(self, name: str, day: date, since: date, until: date | None) -> date:
        """
        Return a date as a ruling of the board moved it: one made while the grant was in force, or meant for the date.
        """
        moved = [
            (ruling.on, ruling.id, ruling.day)
            for ruling in self._history.rulings
            if ruling.effect == "moves" and ruling.requirement == name
            and (self._is_for(ruling, day) or (since <= ruling.on and (until is None or ruling.on < until)))
            and (ruling.first_day is None or ruling.first_day <= day)
            and (ruling.last_day is None or day <= ruling.last_day)
        ]  # fmt: skip
        return max(moved)[2] or day if moved else day

    @staticmethod
    def _is_for(ruling: Ruling, day: date) -> bool:
        """Return whether a ruling names the days it is for, and the date is one of them."""
        return (
            ruling.first_day is not None and ruling.last_day is not None and ruling.first_day <= day <= ruling.last_day
        )

    def _first_end(self, schedule: Schedule | None, day: date) -> date:
        """Return the last day of the first cycle from a day on; the calendar's last one where it would lie beyond."""
        try:
            if schedule is None:
                return LAST_DAY
            end = cycle_of_number(1, schedule, anchor=day).last_day
            is_over = self._on_working_day(end) < day  # the deadline was moved to a day before the grant
            return cycle_of_number(2, schedule, anchor=day).last_day if is_over else end
        except InvalidValue:
            return LAST_DAY

    def _next_cycle(self, before: Grant, schedule: Schedule | None, day: date) -> tuple[date, date, date, bool]:
        """
        Say what cycles after a renewal are counted from, the first one's days, and whether renewals are missing.

        A renewal closes the cycle of which the end is nearest, of those that end when the last grant's does or later:
        when that is not the one that was due, renewals in between are not on file.  It is late if the board granted it
        after that end, even what was filed in time: late approvals are not back-dated.
        """
        if not before.is_due_known:
            return day, day, self._first_end(schedule, day), False
        if isinstance(self._rule, Chosen):
            begins, is_presumed = before.due + DAY, self._first_end(schedule, before.due + DAY) < day
            question = self._ruleset.after_early if day <= before.due else self._ruleset.after_late
            if is_presumed or self._readings.of(question) == "renewal":
                begins = day
            return begins, begins, self._first_end(schedule, begins), is_presumed
        closed, following = self._closed_by(before, day)
        question = self._ruleset.after_early if day <= closed else self._ruleset.after_late
        is_presumed = closed > before.due
        if self._readings.of(question) == "renewal":
            return day, day, self._first_end(self._schedule(day, is_award=False), day), is_presumed
        return before.cycles_from, closed + DAY, following, is_presumed

    def _closed_by(self, before: Grant, day: date) -> tuple[date, date]:
        """Return the end of the cycle that a renewal closes, and of the next."""
        end, following = before.due, self._end_after(before, before.due)
        while day - end > following - day and following < LAST_DAY:
            end, following = following, self._end_after(before, following)
        return end, following

    def _end_after(self, before: Grant, day: date) -> date:
        """Return the last day of the cycle that begins about a day: of the one in which half a cycle later lies."""
        months, since = months_of(self._rule), before.cycles_from
        try:
            if before.schedule is None:
                return months_after(day, months)
            half = max(months_after(day, months // 2), day + DAY)
            cycle = cycle_on(half, before.schedule, anchor=since if since <= half else day)
        except InvalidValue:
            return LAST_DAY
        assert cycle is not None, "the day is not before the anchor"
        return cycle.last_day


def _in_months(value: DocumentValue | None) -> int | None:
    """Return a number of whole months or years in months; `None` for anything else."""
    each = {"month": 1, "year": 12}.get(value.unit) if isinstance(value, Quantity) else None
    if not isinstance(value, Quantity) or each is None or value.amount != int(value.amount):
        return None
    return int(value.amount) * each


def _day_filed(filing: Filing, procedure: Procedure | None) -> date:
    first, second = (filing.sent, filing.received)
    if procedure is not None and procedure.filed_when == "received":
        first, second = second, first
    day = first or second
    assert day is not None, "a filing has a day"
    return day
