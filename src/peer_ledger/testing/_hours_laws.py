"""
The laws about hours: none is lost, none counts twice, and one more never hurts.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from peer_ledger.evaluation import check_proof
from peer_ledger.records import Approval, Course, Credit, Filing, Record, Review, TrainingEvent
from peer_ledger.reports import Day, Finding, Report
from peer_ledger.rules import (
    UNRECORDED_TRAINING,
    AnyOf,
    ByQuestion,
    Custom,
    Edition,
    Hours,
    Part,
    RelativeDate,
    SessionCount,
    TrainingFilter,
)
from peer_ledger.testing._calendar_laws import edition_of
from peer_ledger.testing._hypothesis import SearchStrategy, assume, st
from peer_ledger.testing._lives import OTHER, PERSON
from peer_ledger.testing._mentions import clues_of, walk
from peer_ledger.testing._second_reader import Reader, hours_requirements
from peer_ledger.testing._situations import Situation, assert_same, figures, in_effect
from peer_ledger.values.dates import DAY

RANK = {"short": 0, "undetermined": 1, "not applicable": 1, "met": 2}


def one_more_hour_never_hurts(situation: Situation) -> None:
    """One more training, of any kind the rules name, makes no outcome worse and no shortfall larger."""
    before = situation.report()
    more = situation.choose("one more", _trainings(situation, before))
    after = situation.report([*situation.records, more])
    for name in ("outcome", "hours_outcome"):
        was, now = getattr(before, name), getattr(after, name)
        assert RANK[now] >= RANK[was], f"{name} was {was} and is {now}"
    shorts = {one.requirement: one.short for one in before.findings}
    for finding in after.findings:
        if finding.part_of is None and _result(before, finding.requirement) == "short":
            was = shorts[finding.requirement]
            assert finding.short <= was, f"{finding.requirement} was short of {was} and is short of {finding.short}"


def _result(report: Report, requirement: str) -> str | None:
    return next((one.result for one in report.findings if one.requirement == requirement), None)


def _trainings(situation: Situation, report: Report) -> SearchStrategy[TrainingEvent]:
    """Return a training of a kind that the rules speak of, on a day about the edges of those that earn."""
    by_edition = clues_of(situation.ruleset).targets
    everything = [target for some in by_edition.values() for target in some]
    targets = list(by_edition.get(report.provenance.edition or "", ())) or everything
    near = _edges(situation, report)
    past = [day for day in near if day <= situation.on]

    def made(target: Any, amount: Decimal, day: date, place: int) -> TrainingEvent:
        words = {name: some[place % len(some)] for name, some in target.words.items()}
        return TrainingEvent(
            id="more", person=PERSON, completed=day, delivery=words.get("deliveries", "in-person"),
            role=words.get("roles", "attended"), provider=words.get("providers"), course=words.get("courses"),
            credits=[Credit(amount=amount, topics={words["topics"]} if "topics" in words else {"recovery"})],
            approvals=[Approval(by=words["approved_by"])] if "approved_by" in words else (),
        )  # fmt: skip

    amounts = st.sampled_from([Decimal("0.01"), Decimal(1), Decimal(3), Decimal(20)])
    return st.builds(
        made, st.sampled_from(targets), amounts, st.sampled_from(near) | st.sampled_from(past), st.integers(0, 5)
    )


def _filings(situation: Situation, report: Report) -> SearchStrategy[Filing]:
    """Return a filing of the step that is next, on a day about an edge that is past."""
    days = [day for day in _edges(situation, report) if day <= situation.on]
    step: Any = report.step or "renewal"
    return st.sampled_from(days).map(
        lambda day: Filing(
            id="filed", person=PERSON, credential=situation.ruleset.id, step=step, sent=day, received=day
        )
    )  # fmt: skip


def _edges(situation: Situation, report: Report) -> list[date]:
    """Return the days about those on which training begins or ceases to count."""
    days = [day for name in ("earning_begins", "earning_ends", "due") for day in _days(report, name)]
    days += [report.pending_since] if report.pending_since is not None else []
    return sorted({day + by * DAY for day in (*days, situation.on) for by in (-1, 0, 1)})


def _days(report: Report, name: str) -> tuple[date, ...]:
    found: Day | None = getattr(report.dates, name)
    return () if found is None else found.candidates


def no_hour_is_lost(situation: Situation) -> None:
    """In each requirement, counted and uncounted amounts add up to what was recorded, in the rules' own units."""
    _assert_lines_add_up(situation.report())
    records = _plain(situation.records)
    report = situation.report(records)
    _assert_lines_add_up(report)
    kinds = _kinds(edition_of(situation.ruleset, report))
    events = _trainings_in(records)
    total = sum((hours_requirements(situation, event) for event in events), Fraction())
    for finding in report.findings:
        name, asked = finding.requirement, kinds.get(finding.requirement)
        if isinstance(asked, Custom):
            _assert_all_is_told(situation, asked, finding, events)
        elif isinstance(asked, SessionCount) and finding.result != "not asked":
            assert finding.recorded == len(events), f"{name}: {len(events)} trainings are on record"
        elif asked is not None and finding.result != "not asked":
            assert finding.recorded == total, f"{name}: {total} hours are on record, not {finding.recorded}"


def _assert_all_is_told(situation: Situation, asked: Custom, finding: Finding, events: Sequence[TrainingEvent]) -> None:
    """Assert that what is judged in code has a line for each training, in hours or one each."""
    if asked.subject == "documents" or finding.result == "not asked":
        return
    assert sorted(line.record for line in finding.lines) == sorted(event.id for event in events), asked.id
    worth = dict(clues_of(situation.ruleset).units).get(asked.unit)
    total = sum((hours_requirements(situation, event) for event in events), Fraction())
    recorded = Fraction(len(events)) if worth is None else total / worth
    assert finding.recorded == recorded, f"{asked.id}: {recorded} is on record, not {finding.recorded}"


def _assert_lines_add_up(report: Report) -> None:
    for finding in report.findings:
        known = [line for line in finding.lines if line.recorded is not None]
        name = finding.requirement
        for line in known:
            assert 0 <= line.counted <= (line.recorded or 0), f"{name}: of {line.record} {line.counted} counted"
            assert line.why_not is not None or line.counted == line.recorded, f"{name}: {line.record} without a reason"
        recorded = sum((line.recorded or Fraction() for line in known), Fraction())
        assert finding.recorded == recorded, f"{name}: {finding.recorded} recorded, and in its lines {recorded}"


def _kinds(edition: Edition | None) -> dict[str, Hours | Part | SessionCount | Custom]:
    found = walk(edition.requirements) if edition is not None else ()
    return {value.id: value for _, value in found if type(value) in (Hours, Part, SessionCount, Custom)}


def _plain(records: Sequence[Record]) -> list[Record]:
    """Leave out what somebody reviewed or a catalog fills, and every retraction with what it withdraws."""
    return [one for one in in_effect(records) if not isinstance(one, Review | Course)]


def _trainings_in(records: Sequence[Record]) -> list[TrainingEvent]:
    return [one for one in records if isinstance(one, TrainingEvent)]


def splitting_a_credit_changes_nothing(situation: Situation) -> None:
    """A credit that is written as two halves counts as one, unless the rules forbid splitting."""
    stated = [value for name, value in walk(situation.ruleset.procedures) if name == "divisible"]
    assume(all(value is True for value in stated))
    events = [one for one in situation.records if isinstance(one, TrainingEvent) and one.credits]
    assume(events)
    event = situation.draw(st.sampled_from(events))
    situation.chosen.append(f"split: {event.id}")
    parts = [part for credit in event.credits or () for part in _halves(credit)]
    split = [attrs.evolve(one, credits=parts) if one is event else one for one in situation.records]
    assert_same(figures(situation.report()), figures(situation.report(split)))


def _halves(credit: Credit) -> Iterator[Credit]:
    half = round(credit.amount / 2, 2)
    if 0 < half < credit.amount:
        yield attrs.evolve(credit, amount=half)
        yield attrs.evolve(credit, amount=credit.amount - half)
    else:
        yield credit


def an_hour_is_sixty_minutes(situation: Situation) -> None:
    """A training counts the same whether its length is written in hours or in minutes."""
    events = [one for one in situation.records if isinstance(one, TrainingEvent) and one.credits]
    assume(events)
    event = situation.draw(st.sampled_from(events))
    situation.chosen.append(f"in the other unit: {event.id}")
    turned = attrs.evolve(event, credits=[_turned(credit) for credit in event.credits or ()])
    others = [turned if one is event else one for one in situation.records]
    assert_same(figures(situation.report()), figures(situation.report(others)))


def _turned(credit: Credit) -> Credit:
    if credit.unit == "hour":
        return attrs.evolve(credit, amount=credit.amount * 60, unit="minute")
    if credit.unit == "minute" and (hours := round(credit.amount / 60, 6)) * 60 == credit.amount:
        return attrs.evolve(credit, amount=hours, unit="hour")
    return credit


def what_is_not_recorded_is_a_question(situation: Situation) -> None:
    """A requirement that is certainly short is not met after missing training details are filled in."""
    readings = {name: reading for name, reading in situation.readings.items() if name != UNRECORDED_TRAINING.id}
    first = situation.report(readings=readings)
    days = [day for day in _edges(situation, first) if day <= situation.on]
    day = situation.choose("a training of unknown length on", st.sampled_from(days))
    records = [*situation.records, TrainingEvent(id="vague", person=PERSON, completed=day)]
    before = situation.report(records, readings=readings)
    recorded = situation.choose("recorded", _recorded(clues_of(situation.ruleset).words))
    filled = [_filled(one, recorded) if isinstance(one, TrainingEvent) else one for one in records]
    after = situation.report(filled, readings=readings)
    edition = edition_of(situation.ruleset, before)
    for asked in edition.requirements if edition is not None else ():
        if not _is_presumed(asked) and _result(before, asked.id) == "short":
            assert _result(after, asked.id) != "met", f"{asked.id} was short for certain, and is met"


def _is_presumed(asked: Any) -> bool:
    """
    Return whether by a requirement's own words something that is not recorded is held against somebody.

    Of what is carried over, or taken by another credential, only what is certain is; and what is taken to lie in a cap,
    or in a part that keeps what it does not need, because nobody recorded it, counts for less.
    """
    if isinstance(asked, AnyOf):
        return any(_is_presumed(one) for option in asked.options for one in option.requirements)
    if getattr(asked, "carry_over", None) or getattr(asked, "not_shared_with", ()):
        return True
    limits = [*getattr(asked, "caps", ())]
    limits += [one for _, one in walk(getattr(asked, "parts", ())) if isinstance(one, Part) and one.spills is not True]
    return any(value for one in limits for name, value in walk(one) if name == "unknown_fits")


def _recorded(words: Mapping[str, Sequence[str]]) -> SearchStrategy[TrainingEvent]:
    """Return a training of which everything is known, as the rules may want it."""

    def one_of(name: str) -> SearchStrategy[str]:
        return st.sampled_from([*words.get(name, ()), *OTHER[name]])

    def made(topics: frozenset[str], amount: Decimal, **known: Any) -> TrainingEvent:
        by = Approval(by=known.pop("by"))
        carried = [Credit(amount=amount, topics=topics)]
        return TrainingEvent(
            id="as-all", person=PERSON, completed=date(2000, 1, 1), approvals=[by], credits=carried, **known
        )

    return st.builds(
        made, st.frozensets(one_of("topics"), min_size=1, max_size=2),
        st.sampled_from([Decimal(1), Decimal(20), Decimal(1000)]),
        delivery=one_of("deliveries"), provider=one_of("providers"), by=one_of("approved_by"),
    )  # fmt: skip


def _filled(event: TrainingEvent, known: TrainingEvent) -> TrainingEvent:
    """Fill in what a training leaves out, of its length only where no course may tell it."""
    carried = known.credits if event.credits is None and event.course is None else event.credits
    topics = (known.credits or ())[0].topics
    return attrs.evolve(
        event,
        delivery=event.delivery or known.delivery,
        provider=event.provider or known.provider,
        approvals=known.approvals if event.approvals is None else event.approvals,
        credits=carried and [attrs.evolve(one, topics=topics) if one.topics is None else one for one in carried],
    )


def no_minute_counts_twice(situation: Situation) -> None:
    """Every proof holds, and in exclusive parts no training counts for more hours than it has."""
    first = situation.report()
    both = _at_once(edition_of(situation.ruleset, first))
    days = [day for day in _edges(situation, first) if day <= situation.on]
    records = list(situation.records)
    if both is not None:
        shown = st.sampled_from(days).map(lambda day: attrs.evolve(both, completed=day))
        records.append(situation.choose("one more", shown))
    report = situation.report(records)
    for one in {id(report): report, id(report.assumed): report.assumed}.values():
        assert check_proof(one) == ()
        if situation.readings.get(UNRECORDED_TRAINING.id) == "counts":
            continue  # what is met may be met by what nobody recorded, of which nothing is counted
        kinds = _kinds(edition_of(situation.ruleset, one))
        findings = {finding.requirement: finding for finding in one.findings}
        for asked in kinds.values():
            if isinstance(asked, Hours | Part) and asked.together == "exclusive" and asked.id in findings:
                parts = [findings[part.id] for part in asked.parts if part.id in findings]
                _assert_exclusive(findings[asked.id], parts)


def _at_once(edition: Edition | None) -> TrainingEvent | None:
    """Make a training that every part of an exclusive group would like to have."""
    for asked in _kinds(edition).values():
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
    assert not over, f"{whole.requirement}: more counted in its parts than there is: {over}"
    total = sum((part.counted for part in parts), Fraction())
    assert total <= whole.counted, f"{whole.requirement}: {total} counted in its parts, {whole.counted} in all"
    if whole.result == "met":
        needed = sum((part.need or Fraction() for part in parts), Fraction())
        assert needed <= whole.eligible, f"{whole.requirement}: met with {whole.eligible} where its parts need {needed}"


def no_cap_is_exceeded(situation: Situation) -> None:
    """Training that certainly falls under a cap counts for no more than the cap allows."""
    records = _plain(situation.records)
    report = situation.report(records).assumed
    edition, events = edition_of(situation.ruleset, report), _trainings_in(records)
    rules = Reader(situation)
    for asked in _kinds(edition).values():
        finding = next((one for one in report.findings if one.requirement == asked.id), None)
        if not isinstance(asked, Hours) or finding is None:
            continue
        for cap in asked.caps:
            limit = rules.cap(cap)
            if limit is not None:
                counted = sum(
                    (line.counted for line in finding.lines if rules.lies_in(cap, line.record, events)),
                    Fraction(),
                )
                assert counted <= limit, f"{cap.id}: {counted} counted, at most {limit}"


def what_counts_is_what_the_rules_name(situation: Situation) -> None:
    """Eligible training is of the kind that the requirement names, on the days that the report names."""
    records = _plain(situation.records)
    first = situation.report(records)
    if situation.choose("one more is filed", st.booleans()):
        records.append(situation.choose("filing", _filings(situation, first)))
        first = situation.report(records)
    edges = _edges(situation, first)
    more = situation.choose("one more of these on each day about an edge", _trainings(situation, first))
    records += [attrs.evolve(more, id=f"more-{place}", completed=day) for place, day in enumerate(edges)]
    on = situation.choose("asked on", st.sampled_from([situation.on, *edges]))
    report = situation.report(records, on=on).assumed
    edition, events = edition_of(situation.ruleset, report), _trainings_in(records)
    days = None if edition is None else _earning(report, edition)
    if edition is None or days is None:
        return
    rules = Reader(situation)
    for asked in edition.requirements:
        finding = next((one for one in report.findings if one.requirement == asked.id), None)
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
        assert finding.eligible == eligible, f"{asked.id}: {finding.eligible} may count, and by the rules {eligible}"
        if not asked.parts and not asked.caps and finding.need is not None and finding.result == "short":
            missing = finding.need - eligible
            assert finding.short >= missing, f"{asked.id}: short of {finding.short}, and {missing} are missing"
            if asked.repeats == "count" and asked.divisible is True and rules.is_certain(asked.counts, within):
                assert finding.short == missing, f"{asked.id}: short of {finding.short}, and {missing} are missing"
        if finding.result == "met" and finding.need is not None and rules.is_certain(asked.counts, within):
            assert eligible >= finding.need, f"{asked.id}: met with {eligible} of {finding.need}"


def _may_be_once_ever(hours: Hours) -> bool:
    """Return whether a course counts once and for all, under any reading."""
    repeats = hours.repeats
    return "once-ever" in ([value for _, value in repeats.values] if isinstance(repeats, ByQuestion) else [repeats])


def _earning(report: Report, edition: Edition) -> tuple[date, date] | None:
    """Return the first and the last day that earn; `None` where they are counted from a filing that is not there."""
    as_of = report.pending_since or report.on
    points = [value for _, value in walk(edition.earning) if isinstance(value, RelativeDate)]
    if any(point.of in ("filing", "lapse") for point in points) and report.pending_since is None:
        return None
    begins, ends = _days(report, "earning_begins"), _days(report, "earning_ends")
    if len(begins) > 1 or len(ends) > 1:
        return None
    return (begins[0] if begins else date.min), min(ends[0] if ends else date.max, as_of, report.on)
