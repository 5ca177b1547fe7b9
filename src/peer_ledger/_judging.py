"""
The requirements of an edition held against one person's records.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Protocol

import attrs

from peer_ledger._case import ONE, Case, counts_as, why_outside
from peer_ledger._hours_case import HoursCase
from peer_ledger.dates import months_after
from peer_ledger.errors import InvalidValue
from peer_ledger.findings import Finding, Line, Result, Subject, plain_hours
from peer_ledger.questions import ATTESTED, UNRECORDED
from peer_ledger.records import Attestation, Quantity
from peer_ledger.rules import Attested, Hours, Interval, Requirement, Trainings

_UNITS = {"hours": "hour", "trainings": "training", "attested": "document"}


class Judged(Protocol):
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


def judged(case: Case, requirement: Requirement) -> Judged:
    """
    Hold one requirement of the edition against the records; its findings are made when they are asked for.
    """
    earning = case.life.edition.earning if case.life.edition else None
    if not case.is_asked(requirement):
        return _Found(_not_asked(case, requirement))
    if isinstance(requirement, Hours):
        return HoursCase(case, requirement, requirement.earning or earning)
    if isinstance(requirement, Trainings):
        return _Found(_judge_trainings(case, requirement, requirement.earning or earning))
    return _Found(_judge_attested(case, requirement))


def _not_asked(case: Case, requirement: Requirement) -> Finding:
    waiver = case.ruling(requirement.id, "waives")
    return Finding(
        requirement=requirement.id,
        says=requirement.says,
        subject="documents" if isinstance(requirement, Attested) else "hours",
        result="not asked",
        unit=_UNITS[requirement.kind],
        need=Fraction(0),
        because=None if waiver is None else f"waived by the ruling {waiver.id} of {waiver.on}",
        cites=case.sources(requirement.cites),
    )


def _judge_trainings(case: Case, requirement: Trainings, earning: Interval | None) -> Finding:
    first, last = case.days(earning)
    need = case.count(requirement.id, requirement.need)
    lines: list[Line] = []
    certain = possible = 0
    for event in case.history.events:
        outside = why_outside(event, first, last, case.life.as_of)
        carried = (None,) if event.credits is None else event.credits
        answers = [counts_as(requirement.counts, event, credit, case.readings) for credit in carried]
        fits = True if True in answers else None if None in answers else False
        why_not = outside or ("not of the kind that counts" if fits is False else None)
        if why_not is None:
            possible += 1
            certain += fits is True
            why_not = None if fits else "the records do not say whether it is of the kind that counts"
        counted = Fraction(int(why_not is None))
        lines.append(
            Line(record=event.record.id, day=event.record.completed, recorded=ONE, counted=counted, why_not=why_not)
        )
    result: Result = "met" if certain >= need else "short"
    if certain < need <= possible:
        counts = case.readings.take(UNRECORDED.id) == "counts"
        result = "undetermined" if UNRECORDED.id in case.still_open else "met" if counts else "short"
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


def _judge_attested(case: Case, requirement: Attested) -> Finding:
    first, last = case.days(requirement.within)
    needed: Quantity | None = case.quantity(requirement.id, case.readings.of(requirement.at_least))
    adds_up = requirement.adds_up and needed is not None
    need = ONE if adds_up else Fraction(case.count(requirement.id, requirement.need))
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
        result = _without(case, covered=covered, enough=unsure > 0 if adds_up else counted + unsure >= need)
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


def _without(case: Case, *, covered: bool, enough: bool) -> Result:
    """Say what it means that documents are missing: how that stands depends on whether all of them are on file."""
    if covered:
        return "undetermined" if enough else "short"
    reading = case.readings.take(ATTESTED.id)
    if ATTESTED.id in case.still_open:
        return "undetermined"
    if reading == "not-all":
        return "met"
    return "undetermined" if enough else "short"


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
