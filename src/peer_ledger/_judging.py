"""
The requirements of an edition held against one person's records.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

import attrs

from peer_ledger._case import Case, counts_as, why_outside
from peer_ledger._hours_case import HoursCase
from peer_ledger.dates import months_after
from peer_ledger.errors import InvalidValue
from peer_ledger.findings import Finding, Line, Result, Subject
from peer_ledger.questions import ATTESTED
from peer_ledger.records import Attestation, Quantity
from peer_ledger.rules import Attested, Hours, Interval, Requirement, Trainings, Unstated

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
    if not _is_asked(case, requirement):
        return _Found(_not_asked(case, requirement))
    if isinstance(requirement, Hours):
        return HoursCase(case, requirement, requirement.earning or earning)
    if isinstance(requirement, Trainings):
        return _Found(_judge_trainings(case, requirement, requirement.earning or earning))
    return _Found(_judge_attested(case, requirement))


def _is_asked(case: Case, requirement: Requirement) -> bool:
    asked = case.asks(requirement.only_if, requirement.first_day, requirement.last_day)
    return asked and case.ruling(requirement.id, "waives") is None


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
    figure = case.need(requirement.id, Decimal(requirement.need))
    need = requirement.need if isinstance(figure, Unstated) else int(figure)
    lines: list[Line] = []
    certain = possible = 0
    for event in case.history.events:
        outside = why_outside(event, first, last, case.life.as_of)
        answers = [counts_as(requirement.counts, event, credit, case.readings) for credit in event.credits or (None,)]
        fits = True if True in answers else None if None in answers else False
        why_not = outside or ("not of the kind that counts" if fits is False else None)
        if why_not is None:
            possible += 1
            certain += fits is True
            why_not = None if fits else "the records do not say whether it is of the kind that counts"
        lines.append(
            Line(record=event.record.id, recorded=Fraction(1), counted=Fraction(int(why_not is None)), why_not=why_not)
        )
    result: Result = "met" if certain >= need else "undetermined" if possible >= need else "short"
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
    lines: list[Line] = []
    sound: list[Attestation] = []
    unsure = 0
    needed = case.readings.of(requirement.at_least)
    for one in case.history.attestations:
        if one.attested != requirement.attested:
            continue
        why_not = _document_left_out(one, first, last, case)
        enough = True if needed is None or requirement.adds_up else _says_enough(one, needed, case.life.as_of)
        if why_not is None and enough is False:
            why_not = "it says less than is asked"
        if why_not is None and enough is None:
            unsure += 1
            why_not = "it does not say how much"
        if why_not is None:
            sound.append(one)
        lines.append(Line(record=one.id, recorded=Fraction(1), counted=Fraction(int(why_not is None)), why_not=why_not))
    count = len({one.by or one.id for one in sound}) if requirement.from_different else len(sound)
    if requirement.adds_up and needed is not None:
        count = int(_sum(sound, needed) >= needed.amount)
    met = count >= requirement.need
    covered = case.history.covers("attestation", first, case.life.as_of, attested=requirement.attested)
    result: Result = "met"
    if not met:
        result = _without(case, covered=covered, enough=count + unsure >= requirement.need)
    missing = requirement.need - count
    return Finding(
        requirement=requirement.id,
        says=requirement.says,
        subject="documents",
        result=result,
        unit="document",
        need=Fraction(requirement.need),
        recorded=Fraction(len(lines)),
        eligible=Fraction(len(sound)),
        counted=Fraction(min(count, requirement.need)),
        short=Fraction(missing if result == "short" else 0),
        because=None
        if met
        else f"{count} of {requirement.need} on file{'' if covered else ', and not all need be on file'}",
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


def _sum(sound: Iterable[Attestation], needed: Quantity) -> Fraction:
    return sum(
        (
            Fraction(one.value.amount)
            for one in sound
            if isinstance(one.value, Quantity) and one.value.unit == needed.unit
        ),
        Fraction(0),
    )
