"""
Laws about hours: none is lost, none counts twice, and one more never hurts.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs

from peer_ledger.evaluation import check_proof
from peer_ledger.records import Course, Credit, Record, Review, TrainingEvent
from peer_ledger.reports import Finding, Report
from peer_ledger.rules import (
    UNRECORDED_TRAINING,
    AnyOf,
    ByQuestion,
    Custom,
    Edition,
    Hours,
    Kind,
    Part,
    RelativeDate,
    SessionCount,
    TrainingFilter,
)
from peer_ledger.testing._calendar_laws import edition_of
from peer_ledger.testing._hypothesis import assume, st
from peer_ledger.testing._lives import PERSON
from peer_ledger.testing._mentions import mentions_of, walk
from peer_ledger.testing._more_records import (
    candidates_of,
    edges_of,
    filings_near_edges,
    filled_in,
    known_trainings,
    trainings_near_edges,
)
from peer_ledger.testing._second_reader import Reader, hours_of
from peer_ledger.testing._situations import Situation, assert_same, figures, in_effect

RANK = {"short": 0, "undetermined": 1, "not applicable": 1, "met": 2}


def one_more_hour_never_hurts(situation: Situation) -> None:
    """One more training, of any kind the rules name, makes no outcome worse and no shortfall larger."""
    before = situation.report()
    more = situation.choose("one more", trainings_near_edges(situation, before))
    after = situation.report([*situation.records, more])
    for name in ("outcome", "hours_outcome"):
        was, now = getattr(before, name), getattr(after, name)
        assert RANK[now] >= RANK[was], f"{name} was {was} and is {now}"
    shorts = {finding.requirement: finding.short for finding in before.findings}
    for finding in after.findings:
        if finding.part_of is None and _result(before, finding.requirement) == "short":
            was = shorts[finding.requirement]
            assert finding.short <= was, f"{finding.requirement} was {was} short and is {finding.short} short"


def _finding(report: Report, requirement: str) -> Finding | None:
    return next((finding for finding in report.findings if finding.requirement == requirement), None)


def _result(report: Report, requirement: str) -> str | None:
    finding = _finding(report, requirement)
    return None if finding is None else finding.result


def no_hour_is_lost(situation: Situation) -> None:
    """In each requirement, counted and uncounted amounts add up to what was recorded, in the rules' own units."""
    _assert_lines_add_up(situation.report())
    records = _without_reviews_and_courses(situation.records)
    report = situation.report(records)
    _assert_lines_add_up(report)
    asked_by_id = _rules_by_id(edition_of(situation.ruleset, report))
    events = _trainings_in(records)
    total = sum((hours_of(situation, event) for event in events), Fraction())
    for finding in report.findings:
        name, asked = finding.requirement, asked_by_id.get(finding.requirement)
        if isinstance(asked, Custom):
            _assert_every_training_has_a_line(situation, asked, finding, events)
        elif isinstance(asked, SessionCount) and finding.result != "not asked":
            assert finding.recorded == len(events), (
                f"{name}: {len(events)} trainings are on record, not {finding.recorded}"
            )
        elif asked is not None and finding.result != "not asked":
            assert finding.recorded == total, f"{name}: {total} hours are on record, not {finding.recorded}"


def _assert_every_training_has_a_line(
    situation: Situation, asked: Custom, finding: Finding, events: Sequence[TrainingEvent]
) -> None:
    """Assert that a custom check's finding has a line for each training, and records all of them."""
    if asked.subject == "documents" or finding.result == "not asked":
        return
    assert sorted(line.record for line in finding.lines) == sorted(event.id for event in events), asked.id
    worth = dict(mentions_of(situation.ruleset).units).get(asked.unit)
    total = sum((hours_of(situation, event) for event in events), Fraction())
    recorded = Fraction(len(events)) if worth is None else total / worth
    assert finding.recorded == recorded, f"{asked.id}: {recorded} is on record, not {finding.recorded}"


def _assert_lines_add_up(report: Report) -> None:
    for finding in report.findings:
        known = [line for line in finding.lines if line.recorded is not None]
        name = finding.requirement
        for line in known:
            assert 0 <= line.counted <= (line.recorded or 0), (
                f"{name}: {line.counted} of {line.record} counted, out of {line.recorded}"
            )
            assert line.why_not is not None or line.counted == line.recorded, (
                f"{name}: {line.record} does not count in full, and no reason is given"
            )
        recorded = sum((line.recorded or Fraction() for line in known), Fraction())
        assert finding.recorded == recorded, f"{name}: {finding.recorded} recorded, but {recorded} in its lines"


def _rules_by_id(edition: Edition | None) -> dict[str, Hours | Part | SessionCount | Custom]:
    found = walk(edition.requirements) if edition is not None else ()
    return {value.id: value for _, value in found if type(value) in (Hours, Part, SessionCount, Custom)}


def _without_reviews_and_courses(records: Sequence[Record]) -> list[Record]:
    """Return the records in effect, without those that change how a training is read."""
    return [record for record in in_effect(records) if not isinstance(record, Review | Course)]


def _trainings_in(records: Sequence[Record]) -> list[TrainingEvent]:
    return [record for record in records if isinstance(record, TrainingEvent)]


def splitting_a_credit_changes_nothing(situation: Situation) -> None:
    """A credit that is written as two halves counts as one, unless the rules forbid splitting."""
    stated = [value for name, value in walk(situation.ruleset.procedures) if name == "divisible"]
    assume(all(value is True for value in stated))
    events = [event for event in _trainings_in(situation.records) if event.credits]
    assume(events)
    event = situation.draw(st.sampled_from(events))
    situation.chosen.append(f"split: {event.id}")
    parts = [part for credit in event.credits or () for part in _halves(credit)]
    split = attrs.evolve(event, credits=parts)
    records = [split if record is event else record for record in situation.records]
    assert_same(figures(situation.report()), figures(situation.report(records)))


def _halves(credit: Credit) -> Iterator[Credit]:
    half = round(credit.amount / 2, 2)
    if 0 < half < credit.amount:
        yield attrs.evolve(credit, amount=half)
        yield attrs.evolve(credit, amount=credit.amount - half)
    else:
        yield credit


def an_hour_is_sixty_minutes(situation: Situation) -> None:
    """A training counts the same whether its length is written in hours or in minutes."""
    events = [event for event in _trainings_in(situation.records) if event.credits]
    assume(events)
    event = situation.draw(st.sampled_from(events))
    situation.chosen.append(f"in the other unit: {event.id}")
    converted = attrs.evolve(event, credits=[_in_other_unit(credit) for credit in event.credits or ()])
    records = [converted if record is event else record for record in situation.records]
    assert_same(figures(situation.report()), figures(situation.report(records)))


def _in_other_unit(credit: Credit) -> Credit:
    if credit.unit == "hour":
        return attrs.evolve(credit, amount=credit.amount * 60, unit="minute")
    if credit.unit == "minute" and (hours := round(credit.amount / 60, 6)) * 60 == credit.amount:
        return attrs.evolve(credit, amount=hours, unit="hour")
    return credit


def what_is_not_recorded_is_a_question(situation: Situation) -> None:
    """A requirement that is certainly short is not met after missing training details are filled in."""
    readings = {name: reading for name, reading in situation.readings.items() if name != UNRECORDED_TRAINING.id}
    first = situation.report(readings=readings)
    days = [day for day in edges_of(situation, first) if day <= situation.on]
    day = situation.choose("a training of unknown length on", st.sampled_from(days))
    records = [*situation.records, TrainingEvent(id="vague", person=PERSON, completed=day)]
    before = situation.report(records, readings=readings)
    recorded = situation.choose("recorded", known_trainings(mentions_of(situation.ruleset).words))
    filled = [filled_in(record, recorded) if isinstance(record, TrainingEvent) else record for record in records]
    after = situation.report(filled, readings=readings)
    edition = edition_of(situation.ruleset, before)
    for asked in edition.requirements if edition is not None else ():
        if not _presumes_unknowns(asked) and _result(before, asked.id) == "short":
            assert _result(after, asked.id) != "met", f"{asked.id} was certainly short, and is met"


def _presumes_unknowns(asked: Kind) -> bool:
    """
    Return whether a requirement may count less because a detail of a training is not recorded.

    Only hours that are certain are carried over or used by another credential.  Training counts for less where an
    unrecorded detail is presumed to put it under a cap, or into a part that keeps its surplus.
    """
    if isinstance(asked, AnyOf):
        return any(map(_presumes_unknowns, asked.inner))
    if not isinstance(asked, Hours):
        return False
    if asked.carry_over or asked.not_shared_with:
        return True
    keeping = [part for _, part in walk(asked.parts) if isinstance(part, Part) and part.surplus_counts is not True]
    return any(value for rule in (*asked.caps, *keeping) for name, value in walk(rule) if name == "unknown_fits")


def no_minute_counts_twice(situation: Situation) -> None:
    """Every proof holds, and in exclusive parts no training counts for more hours than it has."""
    first = situation.report()
    both = _wanted_by_all_parts(edition_of(situation.ruleset, first))
    days = [day for day in edges_of(situation, first) if day <= situation.on]
    records = list(situation.records)
    if both is not None:
        dated = st.sampled_from(days).map(lambda day: attrs.evolve(both, completed=day))
        records.append(situation.choose("one more", dated))
    report = situation.report(records)
    for answer in (report,) if report.assumed is report else (report, report.assumed):
        assert check_proof(answer) == ()
        if situation.readings.get(UNRECORDED_TRAINING.id) == "counts":
            continue  # a requirement may be met by training of unknown hours, none of which is counted
        asked_by_id = _rules_by_id(edition_of(situation.ruleset, answer))
        findings = {finding.requirement: finding for finding in answer.findings}
        for asked in asked_by_id.values():
            if isinstance(asked, Hours | Part) and asked.together == "exclusive" and asked.id in findings:
                parts = [findings[part.id] for part in asked.parts if part.id in findings]
                _assert_exclusive(findings[asked.id], parts)


def _wanted_by_all_parts(edition: Edition | None) -> TrainingEvent | None:
    """Return a training that every part of an exclusive group could use; `None` when there is no such group."""
    for asked in _rules_by_id(edition).values():
        if isinstance(asked, Hours | Part) and asked.together == "exclusive" and len(asked.parts) > 1:
            kinds = [
                value for part in asked.parts for _, value in walk(part.counts) if isinstance(value, TrainingFilter)
            ]
            left_out = [words for kind in kinds for _, words in walk(kind.not_topics) if isinstance(words, frozenset)]
            unwanted = frozenset().union(*left_out)
            topics = [sorted(kind.topics - unwanted)[:1] for kind in kinds if kind.topics]
            needs = [value for part in asked.parts for _, value in walk(part.need) if isinstance(value, Decimal)]
            carried = [Credit(amount=max(needs), topics={word for words in topics for word in words})] if needs else []
            return TrainingEvent(id="both", person=PERSON, completed=date(2000, 1, 1), credits=carried)
    return None


def _assert_exclusive(whole: Finding, parts: list[Finding]) -> None:
    recorded: dict[str, Fraction] = {}
    for line in whole.lines:
        recorded[line.record] = recorded.get(line.record, Fraction()) + (line.recorded or 0)
    used: dict[str, Fraction] = {}
    for line in (line for part in parts for line in part.lines):
        used[line.record] = used.get(line.record, Fraction()) + line.counted
    over = {record: used[record] for record in used if used[record] > recorded[record]}
    assert not over, f"{whole.requirement}: more is counted in its parts than was recorded: {over}"
    total = sum((part.counted for part in parts), Fraction())
    assert total <= whole.counted, f"{whole.requirement}: {total} counted in its parts, but {whole.counted} in total"
    if whole.result == "met":
        needed = sum((part.need or Fraction() for part in parts), Fraction())
        assert needed <= whole.eligible, (
            f"{whole.requirement}: met with {whole.eligible} eligible, but its parts need {needed}"
        )


def no_cap_is_exceeded(situation: Situation) -> None:
    """Training that certainly falls under a cap counts for no more than the cap allows."""
    records = _without_reviews_and_courses(situation.records)
    report = situation.report(records).assumed
    edition, events = edition_of(situation.ruleset, report), _trainings_in(records)
    rules = Reader(situation)
    for asked in _rules_by_id(edition).values():
        finding = _finding(report, asked.id)
        if not isinstance(asked, Hours) or finding is None:
            continue
        for cap in asked.caps:
            limit = rules.cap(cap)
            if limit is not None:
                counted = sum(
                    (line.counted for line in finding.lines if rules.is_under(cap, line.record, events)),
                    Fraction(),
                )
                assert counted <= limit, f"{cap.id}: {counted} counted, at most {limit}"


def what_counts_is_what_the_rules_name(situation: Situation) -> None:
    """Eligible training is of the kind that the requirement names, on the days that the report names."""
    records = _without_reviews_and_courses(situation.records)
    first = situation.report(records)
    if situation.choose("one more is filed", st.booleans()):
        records.append(situation.choose("filing", filings_near_edges(situation, first)))
        first = situation.report(records)
    edges = edges_of(situation, first)
    more = situation.choose("one more, on each day near an edge", trainings_near_edges(situation, first))
    records += [attrs.evolve(more, id=f"more-{place}", completed=day) for place, day in enumerate(edges)]
    on = situation.choose("asked on", st.sampled_from([situation.on, *edges]))
    report = situation.report(records, on=on).assumed
    edition, events = edition_of(situation.ruleset, report), _trainings_in(records)
    days = None if edition is None else _earning(report, edition)
    if edition is None or days is None:
        return
    rules = Reader(situation)
    for asked in edition.requirements:
        finding = _finding(report, asked.id)
        if type(asked) is not Hours or asked.earning is not None or finding is None or finding.result == "not asked":
            continue
        if (
            asked.carry_over is not None
            or asked.recurs is not None
            or asked.not_shared_with
            or _may_be_once_ever(asked)
        ):
            continue
        within = [event for event in events if days[0] <= event.completed <= days[1]]
        eligible = rules.eligible(asked.counts, within)
        if eligible is None:
            continue
        assert finding.eligible == eligible, f"{asked.id}: {finding.eligible} may count, but {eligible} by the rules"
        if not asked.parts and not asked.caps and finding.need is not None and finding.result == "short":
            missing = finding.need - eligible
            assert finding.short >= missing, f"{asked.id}: {finding.short} short, but {missing} are missing"
            if asked.repeats == "count" and asked.divisible is True and rules.is_certain(asked.counts, within):
                assert finding.short == missing, f"{asked.id}: {finding.short} short, but {missing} are missing"
        if finding.result == "met" and finding.need is not None and rules.is_certain(asked.counts, within):
            assert eligible >= finding.need, f"{asked.id}: met with {eligible} of {finding.need}"


def _may_be_once_ever(hours: Hours) -> bool:
    """Return whether a course may count only once ever, under some reading."""
    repeats = hours.repeats
    return "once-ever" in ([value for _, value in repeats.values] if isinstance(repeats, ByQuestion) else [repeats])


def _earning(report: Report, edition: Edition) -> tuple[date, date] | None:
    """Return the first and the last earning day; `None` when they depend on a missing filing or on a question."""
    as_of = report.pending_since or report.on
    points = [value for _, value in walk(edition.earning) if isinstance(value, RelativeDate)]
    if any(point.of in ("filing", "lapse") for point in points) and report.pending_since is None:
        return None
    begins, ends = candidates_of(report, "earning_begins"), candidates_of(report, "earning_ends")
    if len(begins) > 1 or len(ends) > 1:
        return None
    return (begins[0] if begins else date.min), min(ends[0] if ends else date.max, as_of, report.on)
