"""
Everything in which a report of the package and the oracle differ.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

import lives_nc
from oracle_worlds import Worlds, worlds
from peer_ledger.evaluation import check_proof, evaluate, in_force
from peer_ledger.reports import Finding, Report

COMPONENTS = ("standing", "in_force", "outcome", "hours_outcome", "documents_outcome", "status")
DATES = ("due", "late_until", "earning_begins", "earning_ends")


def joined(values: set[Any]) -> Any:
    """What all agree on, or that they do not."""
    return next(iter(values)) if len(values) == 1 else "undetermined"


def differences(report: Report, expected: Worlds, *, with_findings: bool = True) -> list[str]:
    """
    Everything in which the package and the oracle differ.

    Args:
        report: The package's answer.
        expected: The oracle's.
        with_findings: Whether each requirement is compared, too; where questions about the rules are open, findings are
            those under the readings that are assumed.
    """
    pairs: list[tuple[str, Any, Any]] = [("check_proof", check_proof(report), ())]
    for name in COMPONENTS:
        pairs += component_pairs(name, report, expected)
    if "undetermined" not in expected.values("standing"):
        steps = expected.values("step")
        if len(steps) == 1:
            pairs.append(("step", report.step, *steps))
    if expected.is_renewal and report.step == "renewal":
        pairs += renewal_pairs(report, expected, with_findings=with_findings)
    for finding in report.findings:
        pairs += line_pairs(finding)
    return [f"{what}: package {got}, oracle {wanted}" for what, got, wanted in pairs if got != wanted]


def component_pairs(name: str, report: Report, expected: Worlds) -> Iterator[tuple[str, Any, Any]]:
    """One component: it is decided where all worlds agree."""
    values = expected.values(name)
    if None in values:
        return
    got = getattr(report, name)
    yield name, got, joined(values)
    if got == "undetermined" and not report.questions:
        yield f"{name} is undetermined without a question", report.questions, "a question"


def renewal_pairs(report: Report, expected: Worlds, *, with_findings: bool) -> Iterator[tuple[str, Any, Any]]:
    """What is said of a renewal."""
    yield from date_pairs(report, expected)
    if not with_findings:
        return
    shown = {expected.since(answer) for answer in expected.assumed}
    yield "pending_since", report.pending_since, report.pending_since if report.pending_since in shown else shown
    if len(values := expected.values("edition")) == 1:
        yield "edition", report.provenance.edition, *values
    asked = set().union(*(answer.findings for answer in expected.answers))
    if all(set(answer.findings) == asked for answer in expected.answers):
        yield "findings", {finding.requirement for finding in report.findings}, asked
    findings = [finding for finding in report.findings if finding.requirement in asked]
    # A report says since when a filing is pending, and not which one of that day is meant.
    each = [
        [pair for finding in findings for pair in held_pairs(finding, expected, filing)]
        for filing in expected.shown_as_of(report.pending_since)
    ]
    yield from min(each, key=lambda pairs: sum(got != wanted for _, got, wanted in pairs))


def date_pairs(report: Report, expected: Worlds) -> Iterator[tuple[str, Any, Any]]:
    """
    The dates, each with all its candidates.
    """
    for name in DATES:
        shown = getattr(report.dates, name)
        got_days = set(shown.candidates) if shown else set()
        days = expected.values(name) - {None}
        yield name, sorted(map(str, got_days)), sorted(map(str, days))


def held_pairs(finding: Finding, expected: Worlds, filing: str | None) -> Iterator[tuple[str, Any, Any]]:
    """
    How a requirement stands: as in one of the worlds in which a filing is judged, and undetermined where all that may be so
    of that filing differs.
    """
    name = finding.requirement
    helds = [held for held in expected.of_filing(filing).held(name) if held is not None]
    results = {held.result for held in helds} | {result for held in helds for result, _ in held.alike}
    if finding.result == "undetermined":
        yield f"{name} is undetermined", len(results) > 1, True
        if finding.subject == "documents" and finding.counted is not None:
            counts = {held.counted for held in helds}
            yield f"{name}.counted", None in counts or finding.counted in counts, True
        return
    if len(results) > 1 and finding.subject == "documents":
        yield f"{name}.result", finding.result, "undetermined"
        return
    helds = [held for held in expected.judging(filing).held(name) if held is not None]
    if not any(fits(finding, held) for held in helds):
        worlds_say = sorted({f"{held.result} {held.counted} short {held.short}" for held in helds})
        yield name, f"{finding.result} {finding.counted} short {finding.short}", " or ".join(worlds_say)


def fits(finding: Finding, held: Any) -> bool:
    """Whether a finding is what one world gives."""
    if (finding.result, finding.short) in held.alike and finding.counted == finding.need - finding.short:
        return True
    if finding.result != held.result:
        return False
    if held.counted is None:
        return (finding.short > 0) == (held.short > 0)
    return (finding.counted, finding.short) == (held.counted, held.short)


def line_pairs(finding: Finding) -> Iterator[tuple[str, Any, Any]]:
    """What was credited and what was left out make what was recorded, and nothing is left out without a reason."""
    name = finding.requirement
    known = [(line.recorded, line.counted, line.why_not) for line in finding.lines if line.recorded is not None]
    credited = sum((counted for _, counted, _ in known), Fraction(0))
    left_out = sum((recorded - counted for recorded, counted, _ in known), Fraction(0))
    yield f"{name} credited and left out", credited + left_out, finding.recorded
    if finding.subject == "hours":
        yield f"{name} credited", credited, finding.counted
    yield f"{name}: lines that count too much", [one for one in known if not 0 <= one[1] <= one[0]], []
    yield f"{name}: lines without a reason", [one for one in known if one[2] is None and one[0] != one[1]], []


def show(seed: int, on: Any, found: list[str]) -> str:
    return f"life {seed}, asked on {on}:\n    " + "\n    ".join(found)


OPEN = (
    "late-window",
    "late-training",
    "cycle-after-late",
    "ethics-surplus",
    "spring-2020",
    "renewal-4-begun",
    "renewal-2-by-mail",
)
"""Questions about the rules that leave an answer undetermined while they are open."""


def compare(life: lives_nc.Life, seen: Counter[str], days: int = 2) -> Iterator[tuple[date, list[str]]]:
    """
    Ask about a life on some days, all questions about the rules being answered.

    Args:
        life: The life.
        seen: Takes what was asked, by standing and outcome.
        days: How many.

    Yields:
        The days, each with the differences that were found.
    """
    ledger = lives_nc.told(life)
    for on in life.days(days):
        expected = worlds(life.records, lives_nc.PERSON, [life.readings], on)
        report = evaluate(ledger, lives_nc.PERSON, on=on, readings=life.readings)
        seen[f"{joined(expected.values('standing'))}/{joined(expected.values('outcome'))}"] += 1
        found = differences(report, expected)
        (quick,) = in_force(ledger, [(lives_nc.PERSON, on)], readings=life.readings)
        if quick != report.in_force:
            found.append(f"in_force in bulk: {quick}, in the report {report.in_force}")
        yield on, found


def opened(life: lives_nc.Life, on: date, seen: Counter[str]) -> list[str]:
    """The differences about a life on a day, one to three questions about the rules being left open."""
    left_open = life.random.sample(OPEN, life.random.randint(1, 3))
    given = {question: reading for question, reading in life.readings.items() if question not in left_open}
    every = [
        {**given, **dict(zip(left_open, taken, strict=True))}
        for taken in product(*(sorted(set(lives_nc.READINGS[question])) for question in left_open))
    ]
    expected = worlds(life.records, lives_nc.PERSON, every, on)
    report = evaluate(lives_nc.told(life), lives_nc.PERSON, on=on, readings=given)
    seen[f"{joined(expected.values('standing'))}/{joined(expected.values('outcome'))}"] += 1
    found = differences(report, expected, with_findings=False)
    return [f"open: {left_open}", *found] if found else []
