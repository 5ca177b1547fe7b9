"""
The requirements of an edition held against one person's records.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import chain, product
from typing import Any, Protocol

import attrs

from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._custom import check_custom
from peer_ledger.evaluation._days import later
from peer_ledger.evaluation._documents import check_documents
from peer_ledger.evaluation._hours import HoursCheck
from peer_ledger.evaluation._sessions import check_sessions
from peer_ledger.reports import Finding, Result, Subject
from peer_ledger.reports._remarks import remark
from peer_ledger.rules import (
    RECORDED_TWICE,
    AnyOf,
    Custom,
    Documents,
    Hours,
    Interval,
    Kind,
    Option,
    Recurrence,
    RelativeDate,
    SessionCount,
)
from peer_ledger.rules._completions import CompletionQuestion, is_from_completion
from peer_ledger.values.hours import ONE


class Verdict(Protocol):
    """
    How a requirement stands.
    """

    @property
    def subject(self) -> Subject:
        """Whether it is about hours or about documents."""

    @property
    def result(self) -> Result:
        """How it stands."""


class Check(Verdict, Protocol):
    """
    A requirement held against one person's records.
    """

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
    """Verdict on a recurring duty before it is due for the first time: nothing of it is short."""

    inner: Check
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
                said = (remark("asked-first", day=self.since),)
                yield attrs.evolve(finding, result="not yet due", short=Fraction(0), additions=(), because=said)


@attrs.frozen
class _PerhapsCompleted:
    """Verdict on a requirement whose days count from a completion that is not on file, whatever day that was."""

    assumed: Check
    otherwise: Check

    @property
    def subject(self) -> Subject:
        return self.assumed.subject

    @property
    def result(self) -> Result:
        return _either(self.assumed.result, self.otherwise.result)

    def findings(self) -> Iterator[Finding]:
        possible = {finding.requirement: finding.result for finding in self.otherwise.findings()}
        for finding in self.assumed.findings():
            result = _either(finding.result, possible.get(finding.requirement, finding.result))
            if result == finding.result:
                yield finding
            else:
                said = (remark("completion-not-on-file"),)
                yield attrs.evolve(finding, result=result, short=Fraction(0), additions=(), because=said)


def _either(assumed: Result, otherwise: Result) -> Result:
    """Return a result that is one of two."""
    return assumed if assumed == otherwise else "undetermined"


@attrs.frozen
class _AnyOfVerdict:
    """Verdict on a requirement that any of several options meets."""

    context: Context
    requirement: AnyOf
    ways: tuple[tuple[Option, tuple[Check, ...]], ...]

    @property
    def subject(self) -> Subject:
        subjects = {check.subject for _, inner in self.ways for check in inner}
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
        if met:
            because = remark("option-met", option=met[0][0].says)
        else:
            because = remark("no-option-met", options=tuple(option.says for option, _ in self.ways))
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
            because=(because,),
            cites=self.context.sources(self.requirement.cites),
        )
        for _, inner in shown:
            for finding in (finding for check in inner for finding in check.findings()):
                yield attrs.evolve(finding, part_of=finding.part_of or self.requirement.id)


def _is_waived(context: Context, requirement: Kind) -> bool:
    return context.asks(requirement.only_if, requirement.first_day, requirement.last_day) and not context.is_asked(
        requirement
    )


def _all_of(inner: tuple[Check, ...]) -> Result:
    results = {check.result for check in inner}
    return "short" if "short" in results else "undetermined" if "undetermined" in results else "met"


def check_requirement(context: Context, requirement: Kind) -> Check:
    """
    Check one requirement of the edition against the records; its findings are made when they are asked for.
    """
    if not context.is_asked(requirement):
        return _Found(_not_asked(context, requirement))
    check = CHECKS[type(requirement)](context, requirement)
    return _whenever_completed(context, requirement, check) if context.still_open else check


def _whenever_completed(context: Context, requirement: Kind, check: Check) -> Check:
    """Return a verdict, as undetermined where it depends on when training was complete and that is open."""
    readings, still_open = context.readings, context.still_open
    open_here = still_open.intersection(readings.asked)
    about = (name for name in open_here if isinstance(readings.find(name), CompletionQuestion))
    favorable = {RECORDED_TWICE.id: "several", **dict.fromkeys(about, "counts")}
    asked = open_here & favorable.keys()
    if not asked or check.result == "met" or not is_from_completion(requirement):
        return check
    for name in asked:
        readings = readings.taking(name, favorable[name])
    under = attrs.evolve(context, readings=readings, still_open=still_open - asked)
    return _PerhapsCompleted(check, check_requirement(under, requirement))


def ways_of(check: Check) -> list[tuple[HoursCheck, ...]]:
    """Return the ways to meet a requirement that is not met, each as the checks of hours that it needs."""
    if isinstance(check, _PerhapsCompleted):
        return ways_of(check.assumed)
    if check.result not in ("short", "undetermined"):
        return [()]
    if isinstance(check, HoursCheck):
        return [(check,)]
    if isinstance(check, _AnyOfVerdict):
        return [
            tuple(chain.from_iterable(way))
            for _, inner in check.ways
            for way in product(*(ways_of(one) for one in inner))
        ]
    return [()]


def _check_any_of(context: Context, requirement: AnyOf) -> Check:
    ways = [
        (option, tuple(check_requirement(context, inner) for inner in option.requirements))
        for option in requirement.options
    ]
    # An option of which nothing is asked was not offered, unless the board waived it: then it is met.
    offered = [
        (option, verdicts)
        for option, verdicts in ways
        if any(verdict.result != "not asked" for verdict in verdicts)
        or any(_is_waived(context, inner) for inner in option.requirements)
    ]
    if not offered:
        return _Found(_not_asked(context, requirement))
    return _AnyOfVerdict(context, requirement, tuple(offered))


def _check_hours(context: Context, requirement: Hours) -> Check:
    return _when_due(context, requirement.recurs, HoursCheck(context, requirement, _earning(context, requirement)))


def _check_sessions(context: Context, requirement: SessionCount) -> Check:
    finding = check_sessions(context, requirement, _earning(context, requirement))
    return _when_due(context, requirement.recurs, _Found(finding))


CHECKS: dict[type[Any], Callable[[Context, Any], Check]] = {
    Hours: _check_hours,
    SessionCount: _check_sessions,
    Documents: check_documents,
    Custom: lambda context, requirement: _Found(check_custom(context, requirement)),
    AnyOf: _check_any_of,
}
"""How each kind of requirement is checked."""


def _earning(context: Context, requirement: Hours | SessionCount) -> Interval | None:
    """Return the days on which training counts: its own, those of its last period, or those of the edition."""
    edition = context.life.edition
    earning = requirement.earning or (edition.earning if edition is not None else None)
    return earning if requirement.recurs is None else _of_last_period(requirement.recurs, earning)


def _when_due(context: Context, recurs: Recurrence | None, found: Check) -> Check:
    """Return a verdict, as not yet due where a recurring duty is not met before it is due for the first time."""
    first = _first_asked(context, recurs) if recurs is not None and found.result != "met" else None
    return found if first is None else _NotYetDue(found, first)


def _of_last_period(recurs: Recurrence, earning: Interval | None) -> Interval:
    """Return the days of the last period before the due date; they end where those of the edition do."""
    ends = earning.ends if earning is not None and earning.ends is not None else RelativeDate(of="due")
    return Interval(begins=RelativeDate(of="after-due", months=-recurs.months), ends=ends, cites=recurs.cites)


def _first_asked(context: Context, recurs: Recurrence) -> date | None:
    """Return the first day on which a recurring duty can be due, where that is later than the due date."""
    grant = context.life.grant
    if grant is None or context.readings.of(recurs.first) == "at-once":
        return None
    first = later(grant.anchor, recurs.months) - timedelta(days=1)
    return first if grant.due < first else None


def _not_asked(context: Context, requirement: Kind) -> Finding:
    waiver = context.ruling(requirement.id, "waives")
    return Finding(
        requirement=requirement.id,
        says=requirement.says,
        subject=requirement.subject,
        result="not asked",
        unit=requirement.unit,
        need=Fraction(0),
        because=() if waiver is None else (remark("waived", record=waiver.id, day=waiver.on),),
        cites=context.sources(requirement.cites),
    )
