"""
Laws about days: cycles, histories and deciding dates.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

import attrs

from peer_ledger.evaluation import in_force, standing_history
from peer_ledger.records import Certification, MonthDay, Ruling
from peer_ledger.reports import Report
from peer_ledger.rules import (
    Anniversary,
    Birthday,
    Chosen,
    Cohorts,
    CycleEditions,
    Edition,
    FixedDate,
    Procedure,
    RelativeDate,
    RuleSet,
)
from peer_ledger.rules._cycles import Schedule, cycle_of_number, cycle_on, months_of
from peer_ledger.testing._edge_days import FIRST, boundaries
from peer_ledger.testing._hypothesis import SearchStrategy, assume, st
from peer_ledger.testing._lives import PERSON
from peer_ledger.testing._mentions import walk
from peer_ledger.testing._situations import Situation, in_effect
from peer_ledger.values.dates import DAY, FIRST_YEAR, LAST_YEAR


def every_day_lies_in_one_cycle(situation: Situation) -> None:
    """From the anchor on, every day falls in exactly one cycle, and cycles follow each other without gaps."""
    schedules = list(_schedule(situation.ruleset))
    assume(schedules)
    rule = situation.draw(st.sampled_from(schedules))
    situation.chosen.append(f"the schedule {rule}")
    years = -(-(months_of(rule) or 0) // 12)
    numbers = [number for number in (1, 2, 3) if situation.on.year + years * (number + 1) <= LAST_YEAR]
    assume(numbers)
    cycles = [cycle_of_number(number, rule, anchor=situation.on) for number in numbers]
    assert cycles[0].first_day == situation.on
    for before, after in pairwise(cycles):
        assert before.last_day + DAY == after.first_day, f"{after} does not begin on the day after {before}"
        assert before.first_day <= before.last_day
    assert cycle_on(situation.on - DAY, rule, anchor=situation.on) is None
    for cycle in cycles:
        length = (cycle.last_day - cycle.first_day).days
        for by in {0, min(1, length), length // 2, max(length - 1, 0), length}:
            day = cycle.first_day + by * DAY
            assert cycle_on(day, rule, anchor=situation.on) == cycle, f"{day} is in {cycle}"


def _schedule(ruleset: RuleSet) -> Iterator[Schedule]:
    """Yield the schedules that a person's cycles may have."""
    for _, rule in walk(ruleset.cycle):
        if isinstance(rule, Birthday):
            days = [MonthDay(1, 1), MonthDay(2, 28), MonthDay(2, 29), MonthDay(3, 1), MonthDay(12, 31)]
            yield from [rule] if rule.birthday else [attrs.evolve(rule, birthday=day) for day in days]
        elif isinstance(rule, Chosen):
            yield from (Anniversary(months=months, begins=rule.begins) for months in rule.months)
        elif isinstance(rule, Cohorts):
            yield from (cohort.cycles() for cohort in rule.cohorts)
        elif isinstance(rule, Anniversary | FixedDate):
            yield rule


def a_life_is_a_walk_day_by_day(situation: Situation) -> None:
    """The periods of a history meet, and on every day they agree with the report and with the answer in bulk."""
    asked: dict[str, Any] = {"ruleset": situation.ruleset, "readings": situation.readings}
    records = list(situation.records)
    if situation.choose("one more act", st.booleans()):
        acts = [record for record in in_effect(records) if isinstance(record, Certification)]
        acts = [record for record in acts if record.credential == situation.ruleset.id]
        first = min((act.on for act in acts if act.on), default=None)
        if first is not None and first <= situation.on:
            records.append(situation.choose("act", _interruptions(situation, first)))
    ledger = situation.ledger(records)
    periods = standing_history(ledger, PERSON, until=situation.on + DAY, **asked)
    for before, after in pairwise(periods):
        assert before.ends == after.begins
    if not periods:
        return
    days = {value for record in records for _, value in walk(record) if isinstance(value, date)}
    days = {day + by * DAY for day in days for by in (0, 1)} | {period.ends - DAY for period in periods}
    among = sorted(day for day in days if periods[0].begins <= day <= situation.on)
    of_day = {day: next(period for period in periods if period.begins <= day < period.ends) for day in among}
    found = in_force(ledger, [(PERSON, day) for day in among], **asked)
    assert [of_day[day].in_force for day in among] == list(found), f"in bulk, on {', '.join(map(str, among))}"
    day = situation.choose("day", st.sampled_from(among))
    report = situation.ask(ledger, on=day)
    assert (of_day[day].standing, of_day[day].in_force) == (report.standing, report.in_force), f"on {day}"


def _interruptions(situation: Situation, first: date) -> SearchStrategy[Certification]:
    """Return acts that end, suspend or restore a certification, on any day from the first act on."""
    acts = ("suspended", "made-inactive", "revoked", "surrendered", "reinstated")
    return st.builds(
        Certification, id=st.just("stop"), person=st.just(PERSON), credential=st.just(situation.ruleset.id),
        act=st.sampled_from(acts), on=st.dates(first, situation.on),
    )  # fmt: skip


def first_cycle_lies_where_a_calendar_says(situation: Situation) -> None:
    """After an award alone, the due date and the days on which training counts are what a calendar gives."""
    records = in_effect(situation.records)
    own = situation.ruleset.id
    acts = [record for record in records if isinstance(record, Certification) and record.credential == own]
    awards = [act for act in acts if act.act == "awarded" and act.on is not None]
    assume(awards and situation.ruleset.grade != "named")
    award = awards[0]
    assert award.on is not None
    others = [record for record in records if not isinstance(record, Certification | Ruling)]
    report = situation.report([award, *others], on=max(award.on, situation.on))
    if report.standing == "undetermined" and not isinstance(situation.ruleset.cycle, Anniversary | FixedDate):
        return
    if report.standing not in ("current", "filing closed", "pending", "late"):
        report = situation.report([award, *others], on=award.on)
        assert report.standing == "current", "on the day of the award"
    is_by_calendar = situation.ruleset.printed == "last-day" and not situation.ruleset.clock_with
    due = (award.expires or _first_due(situation.ruleset, award)) if is_by_calendar else None
    assert report.dates.due is not None
    if due is None:
        due, *others_due = report.dates.due.candidates
        if others_due:  # the cycle depends on a question that is not answered
            return
    assert report.dates.due.candidates == (due,)
    edition = edition_of(situation.ruleset, report)
    if edition is None or edition.earning is None:
        return
    starts = {"award": award.on, "last-grant": award.on, "cycle-start": award.on, "due": due}
    for name, point, inwards in (
        ("earning_begins", edition.earning.begins, DAY),
        ("earning_ends", edition.earning.ends, -DAY),
    ):
        if isinstance(point, RelativeDate) and point.of in starts and not (point.due_from or point.due_until):
            expected = _counted(starts[point.of], point)
            expected = expected if point.included else expected + inwards
            if name == "earning_ends" and report.pending_since is not None:
                expected = min(expected, report.pending_since)
            assert getattr(report.dates, name).candidates == (expected,), f"{name} should be {expected} by the calendar"


def edition_of(ruleset: RuleSet, report: Report) -> Edition | None:
    """Return the edition that governed a report; `None` when none did."""
    editions = [edition for procedure in ruleset.procedures for edition in procedure.editions]
    return next((edition for edition in editions if edition.id == report.provenance.edition), None)


def _months_later(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _counted(start: date, point: RelativeDate) -> date:
    """Return the day that a `RelativeDate` names, with nothing but the standard library's calendar."""
    day = _months_later(start, point.months)
    if point.months < 0 and not point.month_end and _months_later(day, -point.months) < start:
        day += DAY
    if point.month_end:
        day = day.replace(day=monthrange(day.year, day.month)[1])
    return day + point.days * DAY


def _cycle_of(ruleset: RuleSet, award: date) -> Any:
    """Return the cycle that holds for an award: where it was changed, the last edition that had begun."""
    if not isinstance(ruleset.cycle, CycleEditions):
        return ruleset.cycle
    return [one.cycle for one in ruleset.cycle.editions if not one.first_day or one.first_day <= award][-1]


def _first_due(ruleset: RuleSet, act: Certification) -> date | None:
    """Return the last day of the first cycle, found day by day; `None` for a kind of cycle that is not known here."""
    award = act.on or FIRST
    rule = _cycle_of(ruleset, award)
    if ruleset.provisional is not None and act.level != "full":
        # Of an award of unknown level a question decides; a provisional certificate has a length of its own.
        if act.level is None or type(rule) is not Anniversary or ruleset.provisional.months is None:
            return None
        rule = attrs.evolve(rule, months=ruleset.provisional.months, first_months=None)
    if type(rule) is Anniversary:
        anniversary = _months_later(award, rule.months if rule.first_months is None else rule.first_months)
        begins = {
            "same-day": anniversary,
            "next-day": anniversary + DAY,
            "next-year": date(anniversary.year + 1, 1, 1),
            "month": anniversary.replace(day=1),
            "next-month": _months_later(anniversary.replace(day=1), 1),
        }
        return begins[rule.begins] - DAY
    if type(rule) is FixedDate:
        earliest = max(_months_later(award, rule.shortest), award + DAY)
        wanted = (rule.begins.month, rule.begins.day)
        phase = award.year % rule.years if rule.from_award else rule.phase
        while (earliest.month, earliest.day) != wanted or earliest.year % rule.years != phase:
            earliest += DAY
        if rule.first == "joined":
            earliest = date(earliest.year + rule.years, *wanted)
        due = earliest - DAY
        while rule.working_day and due.weekday() >= 5:
            due -= DAY
        return due if due >= award else None
    if type(rule) is Birthday and rule.birthday is not None and (rule.birthday.month, rule.birthday.day) != (2, 29):
        day = award + DAY * (rule.begins == "same-day")
        while (day.month, day.day) != (rule.birthday.month, rule.birthday.day):
            day += DAY
        return day - DAY * (rule.begins == "same-day")
    return None


def the_deciding_date_selects_the_edition(situation: Situation) -> None:
    """Where the deciding date is certain, the edition is the last one that was in effect by then."""
    begun = [value for name, value in walk(situation.ruleset.procedures) if name in ("day", "not_before") and value]
    near = [day + by * DAY for day in begun for by in (-1, 0) if day.year > FIRST_YEAR]
    on = situation.choose("asked on", st.sampled_from([situation.on, *near]))
    report = situation.report(on=on)
    procedure = situation.ruleset.procedure(report.step or "")
    if procedure is None or report.standing not in ("current", "pending", "late", "not certified"):
        return
    deciding = _deciding(on, procedure, report)
    if deciding is None:
        return
    chosen: str | None = None
    for edition in procedure.editions:
        first, last = _begun(edition, situation.ruleset.seen_on)
        if first <= deciding < last:
            return
        chosen = edition.id if last <= deciding else chosen
    assert report.provenance.edition == chosen, (
        f"{report.provenance.edition} for the deciding date {deciding}, not {chosen}"
    )


def _begun(edition: Edition, seen_on: date) -> tuple[date, date]:
    """Return the first day on which an edition may be in effect, and the first on which it certainly is."""
    begins = edition.begins
    if begins is None:
        return date.min, date.min
    days = [by_method.day for by_method in begins.by_method]
    days += [begins.day] if begins.day is not None else []
    days += [begins.not_before, begins.not_after or seen_on] if begins.not_before is not None else []
    return min(days), max(days)


def _deciding(on: date, procedure: Procedure, report: Report) -> date | None:
    """Return the deciding date; `None` when it cannot be read off the report."""
    certified = report.standing != "not certified"
    if certified and procedure.decided_by == "due":
        due = report.dates.due
        return due.candidates[0] if due is not None and len(due.candidates) == 1 else None
    if certified and procedure.decided_by == "cycle-start":
        return None
    if report.pending_since is not None:
        return report.pending_since
    return on if report.standing == "current" or not certified else None


def lapsed_does_not_come_back_by_itself(situation: Situation) -> None:
    """Without further records, a lapsed certification is not current on any later day."""
    last = max(day for day in (situation.on, *boundaries(situation.report())))
    on = situation.choose("asked on", st.sampled_from([situation.on, last + DAY]))
    later = on + situation.choose("days later", st.sampled_from([1, 30, 31, 366, 800])) * DAY
    until = [record for record in in_effect(situation.records) if _happened(record) <= on]
    if situation.report(until, on=on).standing == "lapsed":
        assert situation.report(until, on=later).standing != "current", f"lapsed on {on}, but current on {later}"


def _happened(record: Any) -> date:
    """Return the last day that a record names; the first day of all when it names none."""
    days = [getattr(record, name, None) for name in ("completed", "on", "seen", "awarded", "sent", "received")]
    return max((day for day in days if day is not None), default=date.min)
