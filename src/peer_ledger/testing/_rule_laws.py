"""
The laws about a rule set, its days and its questions.
"""

import json
import sys
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise, product
from random import Random
from types import FrameType, ModuleType
from typing import Any

import attrs

from peer_ledger._ruleset_files import ruleset_from_dict, ruleset_to_dict
from peer_ledger.cycles import Anniversary, Birthday, Chosen, Cohorts, FixedDate, Laid, cycle_of_number, cycle_on
from peer_ledger.evaluation import in_force, standing_history
from peer_ledger.questions import ByQuestion
from peer_ledger.records import Certification, Credit, MonthDay, Ruling, TrainingEvent
from peer_ledger.report_schema import shipped_report_schema
from peer_ledger.reports import Report
from peer_ledger.rules import Condition, Edition, Point, Procedure, RuleSet
from peer_ledger.soundness import problems_of
from peer_ledger.testing._clues import clues_of, walk
from peer_ledger.testing._hypothesis import SearchStrategy, assume, st
from peer_ledger.testing._lives import DAY, PERSON, boundaries
from peer_ledger.testing._situations import Situation, assert_same, figures, in_effect, questions_of_all, said

COMPONENTS = ("standing", "in_force", "outcome", "hours_outcome", "documents_outcome", "status")
MOST_OPEN = 3


def rule_set_is_sound_and_survives_a_file(situation: Situation) -> None:
    """The rule set is sound, and what is written of it and read again is the same rule set with the same digest."""
    rules = situation.ruleset
    assert problems_of(rules) == ()
    again = ruleset_from_dict(json.loads(json.dumps(ruleset_to_dict(rules))))
    assert again == rules
    first, second = situation.report(ruleset=rules), situation.report(ruleset=again)
    assert first.provenance.digest == second.provenance.digest
    assert_same(said(first), said(second))


def report_survives_json(situation: Situation) -> None:
    """A report as plain values is the same after JSON, is what the shipped schema says, and can be read aloud."""
    report = situation.report()
    plain = report.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert (plain["standing"], plain["status"]) == (report.standing, report.status)
    assert str(report)
    if find_spec("jsonschema") is not None:
        validator = import_module("jsonschema").Draft202012Validator(json.loads(shipped_report_schema()))
        assert [error.message for error in validator.iter_errors(plain)] == []


# Days.


def every_day_lies_in_one_cycle(situation: Situation) -> None:
    """From the anchor on every day lies in one cycle, and the next begins on the day after."""
    rule = situation.draw(st.sampled_from(list(_laid(situation.ruleset))))
    situation.chosen.append(f"cycles lie so: {rule}")
    cycles = [cycle_of_number(number, rule, anchor=situation.on) for number in (1, 2, 3)]
    assert cycles[0].first_day == situation.on
    for before, after in pairwise(cycles):
        assert before.last_day + DAY == after.first_day, f"{before} and {after} do not meet"
        assert before.first_day <= before.last_day
    assert cycle_on(situation.on - DAY, rule, anchor=situation.on) is None
    for cycle in cycles:
        length = (cycle.last_day - cycle.first_day).days
        for by in {0, min(1, length), length // 2, max(length - 1, 0), length}:
            day = cycle.first_day + by * DAY
            assert cycle_on(day, rule, anchor=situation.on) == cycle, f"{day} lies in {cycle}"


def _laid(ruleset: RuleSet) -> Iterator[Laid]:
    """Give the ways in which a person's cycles may lie."""
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
    """The periods of a life meet, and on every day the report, and the answer in bulk, say what they say."""
    asked: dict[str, Any] = {"ruleset": situation.ruleset, "readings": situation.readings}
    records = list(situation.records)
    if situation.choose("somebody steps in", st.booleans()):
        first = min((one.on for one in in_effect(records) if isinstance(one, Certification) and one.on), default=None)
        if first is not None and first <= situation.on:
            records.append(situation.choose("act", _stops(situation, first)))
    ledger = situation.ledger(records)
    periods = standing_history(ledger, PERSON, until=situation.on + DAY, **asked)
    for before, after in pairwise(periods):
        assert before.ends == after.begins
    if not periods:
        return
    days = {value for record in records for _, value in walk(record) if isinstance(value, date)}
    days = {day + by * DAY for day in days for by in (0, 1)} | {one.ends - DAY for one in periods}
    among = sorted(day for day in days if periods[0].begins <= day <= situation.on)
    of_day = {day: next(one for one in periods if one.begins <= day < one.ends) for day in among}
    found = in_force(ledger, [(PERSON, day) for day in among], **asked)
    assert [of_day[day].in_force for day in among] == list(found), f"in bulk, on {', '.join(map(str, among))}"
    day = situation.choose("day", st.sampled_from(among))
    report = situation.ask(ledger, on=day)
    assert (of_day[day].standing, of_day[day].in_force) == (report.standing, report.in_force), f"on {day}"


def _stops(situation: Situation, first: date) -> SearchStrategy[Certification]:
    """Give an act that ends or lifts something, on any day since the first act."""
    acts = ("suspended", "made-inactive", "revoked", "surrendered", "reinstated")
    return st.builds(
        Certification, id=st.just("stop"), person=st.just(PERSON), credential=st.just(situation.ruleset.id),
        act=st.sampled_from(acts), on=st.dates(first, situation.on),
    )  # fmt: skip


def first_cycle_lies_where_a_calendar_says(situation: Situation) -> None:
    """After an award alone, what is due when, and which days earn, is what counting on a calendar gives."""
    there = in_effect(situation.records)
    awards = [one for one in there if isinstance(one, Certification) and one.act == "awarded" and one.on is not None]
    assume(awards)
    award = awards[0]
    assert award.on is not None
    others = [one for one in there if not isinstance(one, Certification | Ruling)]
    report = situation.report([award, *others], on=max(award.on, situation.on))
    if report.standing == "undetermined" and not isinstance(situation.ruleset.cycle, Anniversary | FixedDate):
        return
    if report.standing not in ("current", "late"):
        report = situation.report([award, *others], on=award.on)
        assert report.standing == "current", "on the day of the award"
    is_plain = situation.ruleset.printed == "last-day" and not situation.ruleset.clock_with
    due = (award.expires or _first_due(situation.ruleset, award.on)) if is_plain else None
    if due is None:
        due, *others_due = report.dates["due"].candidates
        if others_due:  # the cycle hangs on a question that nobody answered
            return
    assert report.dates["due"].candidates == (due,)
    edition = edition_of(situation.ruleset, report)
    if edition is None or edition.earning is None:
        return
    starts = {"award": award.on, "last-grant": award.on, "cycle-start": award.on, "due": due}
    for name, point, inwards in (
        ("earning_begins", edition.earning.begins, DAY),
        ("earning_ends", edition.earning.ends, -DAY),
    ):
        if isinstance(point, Point) and point.of in starts and not (point.due_from or point.due_until):
            expected = _counted(starts[point.of], point)
            expected = expected if point.included else expected + inwards
            if name == "earning_ends" and report.pending_since is not None:
                expected = min(expected, report.pending_since)
            assert report.dates[name].candidates == (expected,), f"{name} is {expected} by the calendar"


def edition_of(ruleset: RuleSet, report: Report) -> Edition | None:
    """Find the edition that governed a report; `None` when none did."""
    editions = [edition for procedure in ruleset.procedures for edition in procedure.editions]
    return next((edition for edition in editions if edition.id == report.provenance.edition), None)


def _months_later(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _counted(start: date, point: Point) -> date:
    """Count from a day as a Point says, with the standard library's calendar alone."""
    day = _months_later(start, point.months)
    if point.months < 0 and not point.month_end and _months_later(day, -point.months) < start:
        day += DAY
    if point.month_end:
        day = day.replace(day=monthrange(day.year, day.month)[1])
    return day + point.days * DAY


def _first_due(ruleset: RuleSet, award: date) -> date | None:
    """Walk to the last day of the first cycle; `None` for a kind of cycle that is not known here."""
    rule = ruleset.cycle
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
        while (earliest.month, earliest.day) != wanted or earliest.year % rule.years != rule.phase:
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
    """Where the day that selects is beyond doubt, the edition is the last that began by then."""
    begun = [value for name, value in walk(situation.ruleset.procedures) if name in ("day", "not_before") and value]
    near = [day + by * DAY for day in begun for by in (-1, 0)]
    on = situation.choose("asked on", st.sampled_from([situation.on, *near]))
    report = situation.report(on=on)
    procedure = situation.ruleset.procedure(report.step or "")
    if procedure is None or report.standing not in ("current", "late", "not certified"):
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
    assert report.provenance.edition == chosen, f"{report.provenance.edition} on {deciding}, not {chosen}"


def _begun(edition: Edition, seen_on: date) -> tuple[date, date]:
    """Give the first day on which an edition may have begun, and the first on which it surely has."""
    begins = edition.begins
    if begins is None:
        return date.min, date.min
    days = [one.day for one in begins.by_method]
    days += [begins.day] if begins.day is not None else []
    days += [begins.not_before, begins.not_after or seen_on] if begins.not_before is not None else []
    return min(days), max(days)


def _deciding(on: date, procedure: Procedure, report: Report) -> date | None:
    """Find the deciding date where it needs no reckoning."""
    certified = report.standing != "not certified"
    if certified and procedure.decided_by == "due":
        due = report.dates["due"].candidates
        return due[0] if len(due) == 1 else None
    if certified and procedure.decided_by == "cycle-start":
        return None
    if report.pending_since is not None:
        return report.pending_since
    return on if report.standing == "current" or not certified else None


def lapsed_does_not_come_back_by_itself(situation: Situation) -> None:
    """When nothing more happens, what has lapsed is not current on any later day."""
    last = max(day for day in (situation.on, *boundaries(situation.report())))
    on = situation.choose("asked on", st.sampled_from([situation.on, last + DAY]))
    later = on + situation.choose("days later", st.sampled_from([1, 30, 31, 366, 800])) * DAY
    until = [one for one in in_effect(situation.records) if _happened(one) <= on]
    if situation.report(until, on=on).standing == "lapsed":
        assert situation.report(until, on=later).standing != "current", f"lapsed on {on}, and current on {later}"


def _happened(record: Any) -> date:
    days = [getattr(record, name, None) for name in ("completed", "on", "seen", "awarded", "sent", "received")]
    return max((day for day in days if day is not None), default=date.min)


# Questions.


def decided_is_what_all_readings_agree_in(situation: Situation) -> None:
    """A component is decided when all combinations of the readings of the open questions give the same."""
    blocking = [one for one in situation.questions() if one.weight == "blocking"]
    likely = [one.question.id for one in situation.report(readings={}).questions]
    names = st.sampled_from(likely or [one.id for one in blocking]) | st.sampled_from([one.id for one in blocking])
    left_open = situation.choose("open", st.lists(names, min_size=1, max_size=MOST_OPEN, unique=True))
    given = {one.id: situation.readings.get(one.id, one.assumed) for one in situation.questions()}
    given = {name: reading for name, reading in given.items() if name not in left_open}
    questions = [one for one in blocking if one.id in left_open]
    report = situation.report(readings=given)
    leaves = [
        situation.report(readings={**given, **dict(zip([one.id for one in questions], taken, strict=True))})
        for taken in product(*([reading.id for reading in one.readings] for one in questions))
    ]
    for name in COMPONENTS:
        values = {getattr(leaf, name) for leaf in leaves}
        expected = values.pop() if len(values) == 1 else "undetermined"
        assert getattr(report, name) == expected, f"{name}: {getattr(report, name)}, and by all readings {expected}"
    dates = ("due",) if any(leaf.standing == "lapsed" for leaf in leaves) else ("due", "late_until")
    for name in dates:
        days = {leaf.dates[name].day for leaf in leaves if name in leaf.dates}
        assert set(report.dates[name].candidates if name in report.dates else ()) == days, name


def strict_is_never_more_decided(situation: Situation) -> None:
    """What a strict call decides, an ordinary one decides alike."""
    caveats = [one.id for one in situation.questions() if one.weight == "caveat"]
    left_open = situation.choose("open", st.sets(st.sampled_from(caveats), max_size=2)) if caveats else set()
    readings = {name: reading for name, reading in situation.readings.items() if name not in left_open}
    records = [*situation.records, *_again(situation)]
    ordinary = situation.report(records, readings=readings)
    strict = situation.report(records, readings=readings, strict=True)
    for name in COMPONENTS:
        value = getattr(strict, name)
        assert value in ("undetermined", getattr(ordinary, name)), f"{name}: strict says {value}"


_WRITTEN: dict[tuple[int, str, str], tuple[RuleSet, RuleSet]] = {}


def a_reading_taken_is_a_reading_written(situation: Situation) -> None:
    """To answer a question is the same as to write the answer into the rules instead of the question."""
    plain = [
        one
        for one in situation.ruleset.questions
        if one.under is None and one.first_day is None and one.last_day is None
        and not any(other.under is not None and other.under.question == one.id for other in situation.ruleset.questions)
    ]  # fmt: skip
    if not plain:
        return
    question = situation.draw(st.sampled_from(plain))
    readings = [one.id for one in question.readings]
    unassumed = [one for one in readings if one != question.assumed]  # of which an answer is no matter of course
    reading = situation.draw(st.sampled_from([*unassumed, *unassumed, *readings]))
    situation.chosen.append(f"{question.id} is answered: {reading}")
    found = _WRITTEN.get((id(situation.ruleset), question.id, reading))
    if found is None or found[0] is not situation.ruleset:
        try:
            found = situation.ruleset, written_in(situation.ruleset, question.id, reading)
        except NotWritten:
            return
        _WRITTEN[id(situation.ruleset), question.id, reading] = found
    assume(not problems_of(found[1]))
    others = {one.id: situation.readings.get(one.id, one.assumed) for one in questions_of_all(found[1])}
    records = [*situation.records, *_again(situation)]
    taken = situation.report(records, readings={**others, question.id: reading})
    instead = situation.report(records, ruleset=found[1], readings=others)
    assert_same(_answered(taken), _answered(instead))


def _again(situation: Situation) -> Iterator[TrainingEvent]:
    """Give two trainings of one course, of a kind that the rules speak of, on the day asked about."""
    words = {name: situation.draw(st.sampled_from(some)) for name, some in clues_of(situation.ruleset).words.items()}
    for name in ("again-1", "again-2"):
        yield TrainingEvent(
            id=name, person=PERSON, completed=situation.on, course=words.get("courses", "again"),
            delivery=words.get("deliveries"), role=words.get("roles", "attended"), provider=words.get("providers"),
            credits=[Credit(amount=situation.draw(st.sampled_from([3, 20])), topics={words.get("topics", "ethics")})],
        )  # fmt: skip


def _answered(report: Report) -> Mapping[str, Any]:
    asked = {f"finding {one.requirement}" for one in report.findings if one.result != "not asked"}
    every = figures(report)
    return {name: value for name, value in every.items() if not name.startswith("finding ") or name in asked}


def written_in(ruleset: RuleSet, question: str, reading: str) -> RuleSet:
    """
    Write a reading into the rules instead of the question.

    Args:
        ruleset: The rule set.
        question: The question's id.
        reading: The reading's id.
    """
    rules: RuleSet = _written(ruleset, question, reading)
    return attrs.evolve(rules, questions=tuple(one for one in ruleset.questions if one.id != question))


_UNASKED = object()


class NotWritten(Exception):
    """A reading hangs on conditions within conditions, which this does not write out."""


def _written(value: Any, question: str, reading: str) -> Any:
    if isinstance(value, ByQuestion):
        if value.by == question:
            return _written(dict(value.values)[reading], question, reading)
        values = [(name, _written(part, question, reading)) for name, part in value.values]
        return ByQuestion(by=value.by, values=values)
    if isinstance(value, Condition) and value.question == question:
        if value.reading != reading:
            return _UNASKED
        others = [one.name for one in attrs.fields(Condition) if one.name not in ("question", "reading")]
        if all(getattr(value, name) in (None, ()) for name in others):
            return None
        return _written(attrs.evolve(value, question=None, reading=None), question, reading)
    if isinstance(value, Condition) and (value.either or value.unless):
        raise NotWritten
    if isinstance(value, tuple):
        parts = [_written(part, question, reading) for part in value]
        return tuple(part for part in parts if part is not _UNASKED)
    if not attrs.has(type(value)):
        return value
    fields = {one.name: _written(getattr(value, one.name), question, reading) for one in attrs.fields(type(value))}
    return _UNASKED if _UNASKED in fields.values() else attrs.evolve(value, **fields)


_CLOCKS = frozenset(
    ("asctime", "clock_gettime", "ctime", "gmtime", "localtime", "monotonic", "perf_counter", "process_time", "time")
)


def neither_clock_nor_chance_plays_a_part(situation: Situation) -> None:
    """While an answer is worked out nothing looks at a clock or draws lots, and asked again it is the same."""
    ledger = situation.ledger()
    before = situation.ask(ledger)  # what is read once in a process is read now
    seen: dict[str, None] = {}

    def note(frame: FrameType, event: str, function: Any) -> None:
        if event == "c_call" and (name := _looked_at(function)) is not None:
            module = str(frame.f_globals.get("__name__"))
            if module.partition(".")[0] != "hypothesis":  # it takes the time of every garbage collection
                seen[f"{frame.f_code.co_name} in {module} asks {name}"] = None

    held = sys.getprofile()
    sys.setprofile(note)
    try:
        again = situation.ask(ledger)
    finally:
        sys.setprofile(held)
    assert not seen, "; ".join(seen)
    assert_same(before.to_dict(), again.to_dict())


def _looked_at(function: Any) -> str | None:
    """Give the name of a built-in function that looks at a clock or draws lots; `None` of any other."""
    owner, name = getattr(function, "__self__", None), str(getattr(function, "__name__", ""))
    if isinstance(owner, type) and issubclass(owner, date):
        return f"{owner.__name__}.{name}" if name in ("today", "now", "utcnow") else None
    if isinstance(owner, Random):
        return f"random.{name}"
    if isinstance(owner, ModuleType) and owner.__name__ == "time":
        return f"time.{name}" if name.removesuffix("_ns") in _CLOCKS else None
    return "os.urandom" if name == "urandom" else None
