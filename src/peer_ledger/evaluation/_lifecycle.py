"""
The state of a certificate on a day, derived from the acts of the board and the rules.
"""

from datetime import date, timedelta

import attrs

from peer_ledger.errors import InvalidValue
from peer_ledger.evaluation._days import DAY, FIRST_DAY, LAST_DAY, day_of
from peer_ledger.evaluation._editions import UNKNOWN_METHOD, edition_at
from peer_ledger.evaluation._history import History, is_named
from peer_ledger.evaluation._life import ENDS, Grant, Life
from peer_ledger.records import Certification, DocumentValue, Filing, MonthDay, Quantity, Ruling
from peer_ledger.reports import Standing
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
"""The order in which acts on the same day took effect, since the records do not say; a refusal changes nothing."""


def life_on(history: History, ruleset: RuleSet, readings: Readings) -> Life:
    """
    Return the state of a certificate on the day of a history.
    """
    return _LifeBuilder(history, ruleset, readings).life()


class _LifeBuilder:
    """Derives the state of one person's certificate from the board's acts up to one day."""

    def __init__(self, history: History, ruleset: RuleSet, readings: Readings) -> None:
        self._history, self._ruleset, self._readings = history, ruleset, readings
        self._on = history.on

    def life(self) -> Life:
        """Return the state of the certificate."""
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
                # Rulings and awards on a common clock change a grant until the next one, and which act is the next
                # grant depends on the due date: so the grant is made once without that day and then with it.
                until = self._next_grant(self._grant(act, day, before, None), acts[place + 1 :])
                grants.append(self._grant(act, day, before, until))
                ended = None
        if ended is not None:
            return self._without_step(ended, grants)
        return self._renewing(grants) if grants else self._never_certified()

    def _acts(self) -> list[tuple[date, Certification]]:
        """Return the acts until the day that change the state, each once, in the order in which they took effect."""
        found = [(self._day_of(act), act) for act in self._history.acts if act.act in ORDER]
        found = [(day, act) for day, act in found if day <= self._on]
        found.sort(key=lambda pair: (pair[0], ORDER[pair[1].act], pair[1].expires is None, pair[1].id))
        # Two systems may record the same act: of the records of one kind on one day, the one with an expiry is kept.
        once = {(day, act.act): (day, act) for day, act in reversed(found)}
        return [pair for pair in found if once[pair[0], pair[1].act] == pair]

    @staticmethod
    def _is_lifting(act: Certification, ended: Standing | None, grant: Grant | None, day: date) -> bool:
        """Return whether a reinstatement only lifts a suspension, so that the cycle goes on and no other one begins."""
        is_resumed = ended in ("suspended", "inactive") and grant is not None and day <= grant.due
        return act.act == "reinstated" and act.expires is None and is_resumed

    def _next_grant(self, grant: Grant, later: list[tuple[date, Certification]]) -> date | None:
        """Return the day of the next grant; `None` when none follows."""
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
        """Return whether all acts of the board since a day are on file; where that is unknown, a question decides."""
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
        """Return the state of a lapsed certificate: reinstatement is next or, after its last day, a new award."""
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

    def _at_step(self, step: str, standing: Standing, grants: list[Grant], due: date | None) -> Life:
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
        """Return the last day that a relative date names, for one that is not counted from a lapse."""
        return day_of(self._readings.of(point), grant, as_of, None, is_end=True)

    def _late_until(self, edition: Edition | None, grant: Grant, as_of: date) -> date | None:
        """Return the last day of filing late; `None` when that is no later than the due date."""
        day = self.until(edition.late_until, grant, as_of) if edition is not None else None
        day = self._moved("late_until", day or grant.due, grant.day, None)
        return day if day > grant.due else None

    def _timely_until(self, edition: Edition | None, grant: Grant, as_of: date) -> date:
        """Return the last day of filing in time."""
        day = self.until(edition.timely_until, grant, as_of) if edition is not None else None
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

    def _day_of(self, act: Certification) -> date:
        """Return the day an act took effect; for a grant without one, the day computed from its printed expiry."""
        if act.on is not None:
            return act.on
        expires = self._printed(act)
        assert expires is not None, "a grant without a day has a printed expiry"
        return self._computed_back(expires)

    def _printed(self, act: Certification) -> date | None:
        """Return the last day on which a certificate holds by its printed expiry; `None` when none is printed."""
        if act.expires is None or act.expires == act.on:
            return act.expires
        return act.expires - DAY * (str(self._readings.of(self._ruleset.printed)) == "day-after")

    def _computed_back(self, expires: date) -> date:
        """Return the day on which a cycle that ends on a printed expiry was granted."""
        rule = self._rule
        try:
            begins = months_after(expires + DAY, -months_of(rule))
        except InvalidValue:
            return FIRST_DAY
        # A grant on the first day of this cycle would end a month or a day later, so the day before is taken.
        return begins - DAY if isinstance(rule, Anniversary) and rule.begins in ("next-month", "next-day") else begins

    def _grant(self, act: Certification, day: date, before: Grant | None, until: date | None) -> Grant:
        """
        Return the grant that an act makes.

        Args:
            act: The award, renewal or reinstatement.
            day: The day it took effect.
            before: The grant before it; `None` for the first.
            until: The day of the next grant; `None` when none follows.
        """
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
        # An award of a certificate that shares the clock restarts the cycle; an expiry printed before no longer holds.
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
        """Return when the cycles of a grant begin and end; `None` when that depends on a fact that is not on file."""
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
        found = [document for document in self._history.documents if document.kind == kind and document.on <= until]
        return found[-1].value if found else None

    def _common_clock(self, since: date, until: date | None) -> list[date]:
        """Return the award days of certificates that share this clock, after a day and before the next grant."""
        last = self._on if until is None else until - DAY
        return sorted(
            act.on
            for other in self._ruleset.clock_with
            for act in self._history.elsewhere(other, self._on).acts
            if act.act == "awarded" and act.on is not None and since < act.on <= last
        )

    def _on_working_day(self, day: date) -> date:
        """Return a day, moved from the weekend to the Friday before where the board does so."""
        rule = self._rule
        is_moved = isinstance(rule, FixedDate) and rule.working_day
        return day - timedelta(days=max(0, day.weekday() - 4)) if is_moved else day

    def _moved(self, name: str, day: date, since: date, until: date | None) -> date:
        """
        Return a date as the last ruling moved it: a ruling made during the grant, or one that names days with the date.

        Args:
            name: The date: `due`, `late_until` or `opens`.
            day: The day without a ruling.
            since: The day of the grant.
            until: The day of the next grant; `None` when none follows.
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
        """Return the last day of the first cycle from a day on; the last day of the calendar where it is unknown."""
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
        Return the cycle that begins with a renewal.

        A renewal is late if the board granted it after the end of the cycle it closes, even if it was filed in time:
        late approvals are not back-dated.

        Returns:
            The day its cycles are counted from, its first day, its last day, and whether renewals seem to be missing.
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
        """Return the last day of the cycle that a renewal closes, and the last day of the next cycle."""
        # The records may miss renewals. A renewal closes the cycle whose end is nearest to its day, but none that ended
        # before the due date of the last grant; of two ends equally near, the earlier. An end later than that due date
        # means that the renewals in between are not on file.
        end, following = before.due, self._end_after(before, before.due)
        while day - end > following - day and following < LAST_DAY:
            end, following = following, self._end_after(before, following)
        return end, following

    def _end_after(self, before: Grant, day: date) -> date:
        """Return the last day of the cycle that begins about a day."""
        # The day is the end of a cycle, but need not be its end by the schedule: an expiry may be printed, a deadline
        # moved by a ruling or from a weekend. Half a cycle later is inside the next cycle whichever way it was moved.
        # Half of one month is no month, so the day after is the least.
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
    """Return a number of whole months or years, in months; `None` for anything else."""
    each = {"month": 1, "year": 12}.get(value.unit) if isinstance(value, Quantity) else None
    if not isinstance(value, Quantity) or each is None or value.amount != int(value.amount):
        return None
    return int(value.amount) * each


def _day_filed(filing: Filing, procedure: Procedure | None) -> date:
    """Return the day of a filing that counts for a procedure: sent or received, or the other where that is unknown."""
    first, second = (filing.sent, filing.received)
    if procedure is not None and procedure.filed_when == "received":
        first, second = second, first
    day = first or second
    assert day is not None, "a filing has a day"
    return day
