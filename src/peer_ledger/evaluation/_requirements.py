"""
The requirements of an edition held against one person's records.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Protocol

import attrs

from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._custom import check_custom
from peer_ledger.evaluation._days import later
from peer_ledger.evaluation._documents import check_documents
from peer_ledger.evaluation._hours import HoursCheck
from peer_ledger.evaluation._sessions import check_sessions
from peer_ledger.reports import Finding, Result, Subject
from peer_ledger.rules import AnyOf, Custom, Documents, Hours, Interval, Option, Recurrence, RelativeDate, Requirement
from peer_ledger.values.hours import ONE

_UNITS = {"hours": "hour", "sessions": "training", "documents": "document", "any-of": "option"}


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
        """Return the finding of the requirement, and of each of its parts."""


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
class _AnyOfVerdict:
    """What can be met in several ways."""

    context: Context
    requirement: AnyOf
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
        """Yield the finding, and those of the way that is met, or of all ways while none is."""
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
            cites=self.context.sources(self.requirement.cites),
        )
        for _, inner in shown:
            for finding in (finding for one in inner for finding in one.findings()):
                yield attrs.evolve(finding, part_of=finding.part_of or self.requirement.id)


def _is_waived(context: Context, requirement: Requirement) -> bool:
    return context.asks(requirement.only_if, requirement.first_day, requirement.last_day) and not context.is_asked(
        requirement
    )


def _all_of(inner: tuple[Verdict, ...]) -> Result:
    results = {one.result for one in inner}
    return "short" if "short" in results else "undetermined" if "undetermined" in results else "met"


def check_requirement(context: Context, requirement: Requirement) -> Verdict:
    """
    Hold one requirement of the edition against the records; its findings are made when they are asked for.
    """
    if not context.is_asked(requirement):
        return _Found(_not_asked(context, requirement))
    if isinstance(requirement, AnyOf):
        ways = [
            (one, tuple(check_requirement(context, inner) for inner in one.requirements)) for one in requirement.options
        ]
        offered = [
            (one, inner)
            for one, inner in ways
            if any(some.result != "not asked" for some in inner)
            or any(_is_waived(context, some) for some in one.requirements)
        ]
        return (
            _AnyOfVerdict(context, requirement, tuple(offered)) if offered else _Found(_not_asked(context, requirement))
        )
    if isinstance(requirement, Custom):
        return _Found(check_custom(context, requirement))
    if isinstance(requirement, Documents):
        return _Found(check_documents(context, requirement))
    earning = requirement.earning or (context.life.edition.earning if context.life.edition else None)
    recurs = requirement.recurs
    if recurs is not None:
        earning = _of_last_period(recurs, earning)
    if isinstance(requirement, Hours):
        found: Verdict = HoursCheck(context, requirement, earning)
    else:
        found = _Found(check_sessions(context, requirement, earning))
    first = _first_asked(context, recurs) if recurs is not None and found.result != "met" else None
    return found if first is None else _NotYetDue(found, first)


def _of_last_period(recurs: Recurrence, earning: Interval | None) -> Interval:
    """Return the days of the last period before the due date; they end where those of the edition do."""
    ends = earning.ends if earning is not None and earning.ends is not None else RelativeDate(of="due")
    return Interval(begins=RelativeDate(of="after-due", months=-recurs.months), ends=ends, cites=recurs.cites)


def _first_asked(context: Context, recurs: Recurrence) -> date | None:
    """Return the first day on which a duty with a period of its own can be due, where that is later than the due date."""
    grant = context.life.grant
    if grant is None or context.readings.of(recurs.first) == "at-once":
        return None
    first = later(grant.anchor, recurs.months) - timedelta(days=1)
    return first if grant.due < first else None


def _not_asked(context: Context, requirement: Requirement) -> Finding:
    waiver = context.ruling(requirement.id, "waives")
    return Finding(
        requirement=requirement.id,
        says=requirement.says,
        subject=_subject_of(requirement),
        result="not asked",
        unit=requirement.unit if isinstance(requirement, Custom) else _UNITS[requirement.kind],
        need=Fraction(0),
        because=None if waiver is None else f"waived by the ruling {waiver.id} of {waiver.on}",
        cites=context.sources(requirement.cites),
    )


def _subject_of(requirement: Requirement) -> Subject:
    if isinstance(requirement, AnyOf):
        inner = [_subject_of(one) for option in requirement.options for one in option.requirements]
        return "hours" if "hours" in inner else "documents"
    if isinstance(requirement, Custom):
        return requirement.subject
    return "documents" if isinstance(requirement, Documents) else "hours"
