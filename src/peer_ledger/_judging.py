"""
The requirements of an edition held against one person's records.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Protocol

import attrs

from peer_ledger._case import ONE, Case, counts_as, why_outside
from peer_ledger._hours_case import HoursCase
from peer_ledger._judged_case import judge_in_code
from peer_ledger._standing import FIRST_DAY, later
from peer_ledger.dates import months_after
from peer_ledger.errors import InvalidValue
from peer_ledger.findings import Finding, Line, Result, Subject, plain_hours
from peer_ledger.history import Event
from peer_ledger.records import Attestation, Quantity
from peer_ledger.rules import (
    Attested,
    Either,
    Hours,
    Interval,
    Judged,
    Option,
    Point,
    Recurrence,
    Requirement,
    Trainings,
)

_UNITS = {"hours": "hour", "trainings": "training", "attested": "document", "either": "option"}


class Verdict(Protocol):
    """
    A requirement held against one person's records.
    """

    @property
    def subject(self) -> Subject:
        """Whether it is about hours or about documents."""

    @property
    def result(self) -> Result:
        """How it stands."""

    def findings(self) -> Iterator[Finding]:
        """Give the finding of the requirement, and of each of its parts."""


@attrs.frozen
class _Found:
    """A requirement of which the finding was made at once."""

    finding: Finding

    @property
    def subject(self) -> Subject:
        return self.finding.subject

    @property
    def result(self) -> Result:
        return self.finding.result

    def findings(self) -> Iterator[Finding]:
        yield self.finding


@attrs.frozen
class _NotYetDue:
    """A duty with a period of its own that is not over yet: what it found, and that nothing of it is short."""

    inner: Verdict
    since: date

    @property
    def subject(self) -> Subject:
        return self.inner.subject

    @property
    def result(self) -> Result:
        return "not yet due"

    def findings(self) -> Iterator[Finding]:
        for finding in self.inner.findings():
            if finding.result == "met":
                yield finding
            else:
                said = f"it is asked for the first time of what is due on {self.since} or later"
                yield attrs.evolve(finding, result="not yet due", short=Fraction(0), additions=(), because=said)


@attrs.frozen
class _AnyOf:
    """What can be met in several ways."""

    case: Case
    requirement: Either
    ways: tuple[tuple[Option, tuple[Verdict, ...]], ...]

    @property
    def subject(self) -> Subject:
        subjects = {one.subject for _, inner in self.ways for one in inner}
        return "hours" if "hours" in subjects else "documents"

    @property
    def result(self) -> Result:
        results = [_all_of(inner) for _, inner in self.ways]
        return "met" if "met" in results else "undetermined" if "undetermined" in results else "short"

    def findings(self) -> Iterator[Finding]:
        """Give the finding, and those of the way that is met, or of all ways while none is."""
        result = self.result
        met = [(option, inner) for option, inner in self.ways if _all_of(inner) == "met"]
        shown = met[:1] or self.ways
        ways = "; or ".join(option.says for option, _ in self.ways)
        yield Finding(
            requirement=self.requirement.id,
            says=self.requirement.says,
            subject=self.subject,
            result=result,
            unit="option",
            need=ONE,
            eligible=Fraction(len(met)),
            counted=Fraction(min(len(met), 1)),
            short=Fraction(result == "short"),
            because=f"met by this way: {met[0][0].says}" if met else f"none of its ways is met for certain: {ways}",
            cites=self.case.sources(self.requirement.cites),
        )
        for _, inner in shown:
            for finding in (finding for one in inner for finding in one.findings()):
                yield attrs.evolve(finding, part_of=finding.part_of or self.requirement.id)


def _is_waived(case: Case, requirement: Requirement) -> bool:
    return case.asks(requirement.only_if, requirement.first_day, requirement.last_day) and not case.is_asked(
        requirement
    )


def _all_of(inner: tuple[Verdict, ...]) -> Result:
    results = {one.result for one in inner}
    return "short" if "short" in results else "undetermined" if "undetermined" in results else "met"


def judged(case: Case, requirement: Requirement) -> Verdict:
    """
    Hold one requirement of the edition against the records; its findings are made when they are asked for.
    """
    if not case.is_asked(requirement):
        return _Found(_not_asked(case, requirement))
    if isinstance(requirement, Either):
        ways = [(one, tuple(judged(case, inner) for inner in one.requirements)) for one in requirement.options]
        offered = [
            (one, inner)
            for one, inner in ways
            if any(some.result != "not asked" for some in inner)
            or any(_is_waived(case, some) for some in one.requirements)
        ]
        return _AnyOf(case, requirement, tuple(offered)) if offered else _Found(_not_asked(case, requirement))
    if isinstance(requirement, Judged):
        return _Found(judge_in_code(case, requirement))
    if isinstance(requirement, Attested):
        return _Found(_judge_attested(case, requirement))
    earning = requirement.earning or (case.life.edition.earning if case.life.edition else None)
    recurs = requirement.recurs
    if recurs is not None:
        earning = _of_last_period(recurs, earning)
    if isinstance(requirement, Hours):
        found: Verdict = HoursCase(case, requirement, earning)
    else:
        found = _Found(_judge_trainings(case, requirement, earning))
    first = _first_asked(case, recurs) if recurs is not None and found.result != "met" else None
    return found if first is None else _NotYetDue(found, first)


def _of_last_period(recurs: Recurrence, earning: Interval | None) -> Interval:
    """Give the days of the last period before the due date; they end where those of the edition do."""
    ends = earning.ends if earning is not None and earning.ends is not None else Point(of="due")
    return Interval(begins=Point(of="after-due", months=-recurs.months), ends=ends, cites=recurs.cites)


def _first_asked(case: Case, recurs: Recurrence) -> date | None:
    """Give the first day on which a duty with a period of its own can be due, where that is later than the due date."""
    grant = case.life.grant
    if grant is None or case.readings.of(recurs.first) == "at-once":
        return None
    first = later(grant.anchor, recurs.months) - timedelta(days=1)
    return first if grant.due < first else None


def _not_asked(case: Case, requirement: Requirement) -> Finding:
    waiver = case.ruling(requirement.id, "waives")
    return Finding(
        requirement=requirement.id,
        says=requirement.says,
        subject=_subject_of(requirement),
        result="not asked",
        unit=requirement.unit if isinstance(requirement, Judged) else _UNITS[requirement.kind],
        need=Fraction(0),
        because=None if waiver is None else f"waived by the ruling {waiver.id} of {waiver.on}",
        cites=case.sources(requirement.cites),
    )


def _subject_of(requirement: Requirement) -> Subject:
    if isinstance(requirement, Either):
        inner = [_subject_of(one) for option in requirement.options for one in option.requirements]
        return "hours" if "hours" in inner else "documents"
    if isinstance(requirement, Judged):
        return requirement.subject
    return "documents" if isinstance(requirement, Attested) else "hours"


def _judge_trainings(case: Case, requirement: Trainings, earning: Interval | None) -> Finding:
    first, last = case.days(earning)
    need = case.count(requirement.id, requirement.need, "training")
    why: dict[str, str | None] = {}
    sure: list[Event] = []
    unsure: list[Event] = []
    for event in case.history.events:
        outside = why_outside(event, first, last, case.life.as_of)
        carried = (None,) if event.credits is None else event.credits
        answers = [counts_as(requirement.counts, event, credit, case.readings) for credit in carried]
        fits = True if True in answers else None if None in answers else False
        why[event.record.id] = outside or ("not of the kind that counts" if fits is False else None)
        if why[event.record.id] is None:
            (sure if fits else unsure).append(event)
            why[event.record.id] = None if fits else "the records do not say whether it is of the kind that counts"
    once = case.readings.of(requirement.repeats) == "once"
    taken = _paired(sure, requirement.spread, first, once=once)
    certain, possible = len(taken), len(_paired([*sure, *unsure], requirement.spread, first, once=once))
    again = ("the same course again" if once else "", "of the same months as another one" if requirement.spread else "")
    for event in sure:
        if event.record.id not in taken:
            why[event.record.id] = ", or ".join(filter(None, again))
    lines = [
        Line(
            record=event.record.id,
            day=event.record.completed,
            recorded=ONE,
            counted=Fraction(why[event.record.id] is None),
            why_not=why[event.record.id],
        )
        for event in case.history.events
    ]
    result: Result = "met" if certain >= need else "short"
    if certain < need <= possible:
        result = case.if_recorded()
    return Finding(
        requirement=requirement.id,
        says=requirement.says,
        subject="hours",
        result=result,
        unit="training",
        need=Fraction(need),
        recorded=Fraction(len(lines)),
        eligible=Fraction(possible),
        counted=Fraction(certain),
        short=Fraction(need - certain if result == "short" else 0),
        because=None if result == "met" else f"{certain} of {need} on file",
        lines=tuple(lines),
        cites=case.sources(requirement.cites),
    )


def _paired(events: list[Event], spread: int | None, first: date | None, *, once: bool) -> set[str]:
    """
    Choose as many trainings as may count, of different courses and in different stretches of months, as is asked.

    Each training joins a course to a stretch, so this is a largest matching; the earlier training comes first.

    Returns:
        The ids of their records.
    """
    joined: dict[str, list[tuple[str, str]]] = {}
    for event in events:
        record = event.record
        course = f"course {record.course}" if once and record.course is not None else f"training {record.id}"
        stretch = f"training {record.id}"
        if spread is not None:
            stretch = f"stretch {_stretch(record.completed, first or FIRST_DAY, spread)}"
        joined.setdefault(course, []).append((stretch, record.id))
    held: dict[str, tuple[str, str]] = {}

    def placed(course: str, seen: set[str]) -> bool:
        for stretch, record in joined[course]:
            if stretch not in seen:
                seen.add(stretch)
                if stretch not in held or placed(held[stretch][0], seen):
                    held[stretch] = course, record
                    return True
        return False

    for course in joined:
        placed(course, set())
    return {record for _, record in held.values()}


def _stretch(day: date, first: date, months: int) -> int:
    """Number the stretches of so many months from a day on, and give that in which a day lies."""
    number = 0
    while later(first, months * (number + 1)) <= day:
        number += 1
    return number


def _judge_attested(case: Case, requirement: Attested) -> Finding:
    first, last = case.days(requirement.within)
    needed: Quantity | None = case.quantity(requirement.id, case.readings.of(requirement.at_least))
    adds_up = requirement.adds_up and needed is not None
    need = ONE if adds_up else Fraction(case.count(requirement.id, requirement.need, "document"))
    if adds_up and needed is not None:
        need = Fraction(needed.amount)
    lines: list[Line] = []
    writers: set[str | None] = set()
    counted = unsure = eligible = Fraction(0)
    for one in case.history.attestations:
        if one.attested != requirement.attested:
            continue
        worth: Fraction | None = _amount(one, needed) if adds_up and needed is not None else ONE
        why_not = _document_left_out(one, first, last, case)
        if why_not is None and needed is not None:
            is_enough = (worth is not None or None) if adds_up else _says_enough(one, needed, case.life.as_of)
            if is_enough is None:
                unsure += 1
                why_not = f"it does not say how many {needed.unit}s"
            elif not is_enough:
                why_not = "it says less than is asked"
        if why_not is None and requirement.from_different and one.by in writers:
            why_not = "from somebody of whom another one is counted"
        taken = Fraction(0)
        if why_not is None and worth is not None:
            eligible += worth
            taken = min(worth, need - counted)
            counted += taken
            writers |= {one.by} - {None}
            why_not = None if taken == worth else "not needed"
        lines.append(Line(record=one.id, day=one.on, recorded=worth, counted=taken, why_not=why_not))
    covered = case.history.covers("attestation", first, case.life.as_of, attested=requirement.attested)
    result: Result = "met"
    if counted < need:
        result = case.without(covered=covered, enough=unsure > 0 if adds_up else counted + unsure >= need)
    unit = needed.unit if adds_up and needed is not None else "document"
    rest = "" if covered else ", and not all need be on file"
    return Finding(
        requirement=requirement.id,
        says=requirement.says,
        subject="documents",
        result=result,
        unit=unit,
        need=need,
        recorded=sum((line.recorded or Fraction(0) for line in lines), Fraction(0)),
        eligible=eligible,
        counted=counted,
        short=need - counted if result == "short" else Fraction(0),
        because=None if counted == need else f"{plain_hours(counted)} of {plain_hours(need)} on file{rest}",
        lines=tuple(lines),
        cites=case.sources(requirement.cites),
    )


def _document_left_out(one: Attestation, first: date | None, last: date | None, case: Case) -> str | None:
    if one.step is not None and one.step != case.life.step:
        return f"it was meant for {one.step}"
    if first is not None and one.on < first:
        return f"before {first}"
    if one.on > case.life.as_of:
        return "after the filing"
    return f"after {last}" if last is not None and one.on > last else None


_MONTHS = {"month": 1, "year": 12}


def _says_enough(one: Attestation, needed: Quantity, as_of: date) -> bool | None:
    value = one.value
    if isinstance(value, Quantity):
        if value.unit == needed.unit:
            return value.amount >= needed.amount
        if value.unit in _MONTHS and needed.unit in _MONTHS:
            return value.amount * _MONTHS[value.unit] >= needed.amount * _MONTHS[needed.unit]
        return None
    if isinstance(value, date) and needed.unit in _MONTHS:
        try:
            return months_after(value, int(needed.amount * _MONTHS[needed.unit])) <= as_of
        except InvalidValue:
            return False
    return None


def _amount(one: Attestation, needed: Quantity) -> Fraction | None:
    """Give how much an attestation says, in the unit asked for; `None` when it does not say."""
    value = one.value
    return Fraction(value.amount) if isinstance(value, Quantity) and value.unit == needed.unit else None
