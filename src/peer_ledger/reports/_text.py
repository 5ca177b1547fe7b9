"""
A report as plain sentences that can be read aloud to the person concerned.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from peer_ledger._visible import visible
from peer_ledger.reports._findings import Finding
from peer_ledger.reports._lead import lead
from peer_ledger.reports._parts import DesignationOutcome, OpenQuestion, Provenance
from peer_ledger.reports._report_data import ReportData
from peer_ledger.reports._terms import DESIGNATION, UNLIMITED, DateName, InForce, Standing, Step
from peer_ledger.values._wording import amount, counted, spoken_amount, spoken_day, units
from peer_ledger.values.hours import plain_hours

_STANDINGS: Mapping[Standing, str] = {
    "not certified": "There is no certificate.",
    "current": "The certificate is current.",
    "filing closed": "The certificate is current until it expires, and filing for its renewal has closed.",
    "pending": "The certificate has expired; a renewal that was filed in time is not decided yet.",
    "late": "The certificate has expired; a renewal may still be filed late.",
    "lapsed": "The certificate has lapsed.",
    "inactive": "The certificate was made inactive.",
    "suspended": "The certificate is suspended.",
    "revoked": "The certificate was revoked.",
    "surrendered": "The certificate was surrendered.",
    "undetermined": "Where the certificate stands is not settled.",
}

_IN_FORCE: Mapping[InForce, str] = {
    "yes": "The person may practice.",
    "no": "The person may not practice on it.",
    "undetermined": "Whether the person may practice is not settled.",
}

_MOST_LISTED = 5
"""How many of the records that are supposed are named."""

SAID_ALREADY = frozenset(
    {
        "the last day of filing late",
        "the first day of filing",
        "the first day of training that counts",
        "the last day of training that counts",
    }
)
"""The origins of dates that their sentences already state."""

_STEPS: Mapping[Step, str] = {
    "initial": "certification",
    "renewal": "recertification",
    "reinstatement": "certification after the lapse",
}


def step_heading(step: Step, standing: Standing) -> str:
    """
    Return the heading of the findings: what can be applied for.
    """
    supposed = ", if that is what is next" if standing == "undetermined" else ""
    return f"For {_STEPS[step]}{supposed}"


def report_text(report: ReportData, titles: Mapping[str, str] | None = None) -> str:
    """
    Return a report in sentences.

    Args:
        report: The report.
        titles: The names to use for records, by id; a record without one appears by its id.
    """
    return "\n".join(map(visible, _lines(report, titles or {})))


def _lines(report: ReportData, titles: Mapping[str, str]) -> Iterator[str]:
    """Yield what must be done, then why, then what stands behind it."""
    made = report.provenance
    yield from supposed_sentence(made)
    yield lead(report)
    yield ""
    yield f"{report.person} on {spoken_day(report.on)}: {report.status}. {standing_sentence(report)}"
    asked = [finding for finding in report.findings if finding.result != "not asked"]
    parts = (
        (step_heading(report.step, report.standing) if report.step else "", _requirements(report.findings, None)),
        *((designation_sentence(kept), _requirements(asked, kept.designation)) for kept in report.designations),
        ("Dates", date_sentences(report)),
        ("What is not settled", _questions(report)),
        ("Notes", _notes(report, titles)),
        ("What did not count", _left_out(asked, titles)),
        ("Sources", _sources(asked)),
    )
    for heading, lines in parts:
        shown = [f"  {line}" for line in lines]
        if heading and shown:
            yield from ("", f"{heading}:", *shown)
    yield ""
    yield f"{rules_used(made)}; {counted(made.entries, 'entry')} read. This is not legal advice."


def _requirements(findings: Iterable[Finding], designation: str | None) -> Iterator[str]:
    """Yield how the requirements of the step stand, or those of a designation."""
    for finding in findings:
        if finding.designation == designation and (finding.result != "not asked" or finding.because):
            yield from _finding(finding)


def _questions(report: ReportData) -> Iterator[str]:
    for question in report.questions:
        yield question.question.asks
        yield from (f"  {said}." for said in _alternatives(question, report.provenance.counts_in))


def _notes(report: ReportData, titles: Mapping[str, str]) -> Iterator[str]:
    yield from (_called(caveat, titles) for caveat in report.caveats)
    for ahead in report.ahead:
        yield f"From {spoken_day(ahead.begins)}: {ahead.says} With what is on file: {ahead.outcome}."


def _left_out(findings: Iterable[Finding], titles: Mapping[str, str]) -> Iterator[str]:
    """Yield under each requirement what did not count for it, and why."""
    for finding in findings:
        left = [line for line in finding.lines if line.why_not is not None and line.counted != line.recorded]
        if left and finding.part_of is None:
            yield f"For “{finding.says.rstrip('.')}”:"
            for line in left:
                rest = None if line.recorded is None else line.recorded - line.counted
                what = "some" if rest is None else amount(rest, finding.unit)
                name = titles.get(line.record, line.record)
                yield f"  {what} of {spoken_day(line.day)} ({name}): {line.why_not}."


def _sources(findings: Iterable[Finding]) -> Iterator[str]:
    sources = {source.id: source for finding in findings for source in finding.cites}
    for source in sources.values():
        yield f"{source.id}: {source.title}, {source.address} (seen {source.seen})"


def rules_used(made: Provenance) -> str:
    """
    Return which rule sets an answer rests on.
    """
    others = "".join(f"; with {other.ruleset} {other.version}, digest {other.digest[:12]}" for other in made.consulted)
    return f"Rule set {made.ruleset} {made.version}, {made.edition or 'no edition'}, digest {made.digest[:12]}{others}"


def supposed_sentence(made: Provenance) -> Iterator[str]:
    """
    Yield that an answer is about what was supposed, and what that is; nothing for an answer about what is on file.
    """
    parts = (("with", made.supposed, "was never recorded"), ("without", made.without, "is on file"))
    said = [f"{word} {_listed(ids)}, which {fact}" for word, ids, fact in parts if ids]
    if said:
        yield f"This is a supposition: {'; '.join(said)}."


def _listed(ids: tuple[str, ...]) -> str:
    more = len(ids) - _MOST_LISTED
    return ", ".join(ids[:_MOST_LISTED]) + (f" and {more} more" if more > 0 else "")


def designation_sentence(kept: DesignationOutcome) -> str:
    """
    Return a heading for what is asked for a designation.
    """
    return f"For the designation “{kept.designation}” ({kept.outcome}), on which nothing else depends"


def standing_sentence(report: ReportData) -> str:
    """
    Return where the certification is and whether the person may practice.
    """
    return f"{_standing(report)} {_IN_FORCE[report.in_force]}"


def _standing(report: ReportData) -> str:
    """Return where the certification is; while nothing is filed for a renewal, with the day by which it is to be."""
    by = (report.dates.timely_until or report.dates.due) if report.step == "renewal" else None
    day = spoken_day(by.day) if by is not None and by.day is not None else None
    if report.standing == "current" and report.pending_since is not None:
        return "The certificate is current; a renewal is filed and not decided yet."
    if report.standing == "current" and day is not None and by is not None and report.on <= (by.day or report.on):
        return f"The certificate is current; its renewal is to be filed by {day}."
    if report.standing == "filing closed" and day is not None:
        return f"The certificate is current, but filing has closed: its renewal was to be filed by {day}."
    if report.standing == "late" and report.pending_since is not None:
        return "The certificate has expired; a renewal that was filed late is not decided yet."
    return _STANDINGS[report.standing]


def date_sentences(report: ReportData) -> Iterator[str]:
    """
    Yield a sentence for each date of the report.
    """
    days = dict(report.dates.items())
    names: Mapping[DateName, str] = {
        "due": "It was due by" if report.standing == "lapsed" else "It is due by",
        "opens": "It may be filed from",
        "timely_until": "It was filed in time until"
        if report.standing == "filing closed"
        else "It is filed in time until",
        "late_until": "It could be filed late until" if report.standing == "lapsed" else "It may be filed late until",
        "reinstate_until": "It can be reinstated until",
        "earning_begins": "Training counts from",
        "earning_ends": "Training counts until",
    }
    for name, words in names.items():
        day = days.get(name)
        if day is not None:
            if day.day is not None:
                why = "" if day.why in SAID_ALREADY else f" ({day.why})"
                yield f"{words} {spoken_day(day.day)}{why}."
            else:
                only = "; or there is no such day" if len(day.candidates) == 1 else ""
                yield f"{words} {' or '.join(map(spoken_day, day.candidates))}{only}; which is not settled."
    if report.pending_since is not None:
        yield f"A filing is pending since {spoken_day(report.pending_since)}."


def _finding(finding: Finding) -> Iterator[str]:
    indent, inner = ("  of which: ", "    ") if finding.part_of else ("", "  ")
    state = {"met": "done", "undetermined": "not settled"}.get(finding.result, finding.result)
    cites = ", ".join(source.id for source in finding.cites)
    yield f"{indent}{finding.says} [{cites}]"
    if finding.result == "not asked":
        yield f"{inner}not asked: {finding.because}."
        return
    have = f"{amount(finding.counted, finding.unit)} counted"
    if finding.need is not None:
        have = f"{amount(finding.counted, finding.unit)} of {plain_hours(finding.need)} counted"
    missing = f"; {spoken_amount(finding.short, finding.unit)} short"
    missing = missing if finding.result == "short" else ""
    yield f"{inner}{state}: {have}{missing}."
    if finding.because and finding.result != "met" and finding.part_of is None and not _says_no_more(finding):
        yield f"{inner}{finding.because}."


def _called(says: str, titles: Mapping[str, str]) -> str:
    """Replace the ids of records in a sentence with their titles."""
    return " ".join(titles.get(word, word) for word in says.split(" "))


def _says_no_more(finding: Finding) -> bool:
    """Return whether the reason only repeats that there is too little, which the figures already say."""
    alone = f"{finding.requirement} needs "
    return (finding.because or "").startswith(alone) and finding.eligible == finding.counted


def question_sentence(question: OpenQuestion, unit: str = "hour") -> str:
    """
    Return a question and the result of each reading, in one paragraph.

    Args:
        question: The question.
        unit: The unit that the rule set counts in.
    """
    return f"{question.question.asks} {'. '.join(_alternatives(question, unit))}."


def _alternatives(question: OpenQuestion, unit: str) -> Iterator[str]:
    """Yield each reading with what it would change."""
    for alternative in question.alternatives:
        is_assumed = alternative.reading.id == question.question.assumed
        gives = _given(alternative.gives, unit) or ("this is assumed above" if is_assumed else "the same")
        yield f"{alternative.reading.says.rstrip('.')}{_cited(alternative.reading.cites)}: {gives}"


def _cited(cites: tuple[str, ...]) -> str:
    return f" [{', '.join(cites)}]" if cites else ""


_COMPONENTS = {
    "standing": "the certificate would stand as {}",
    "in_force": "in force would be: {}",
    "outcome": "the requirements would be {}",
    "hours": "the {units} would be {}",
    "documents": "the documents would be {}",
    "status": "the status would be {}",
    "due": "it would be due by {}",
    "expiry": "it would expire on {}",
    "timely_until": "it could be filed in time until {}",
    "late_until": "it could be filed late until {}",
    "reinstate_until": "it could be reinstated until {}",
    "opens": "it could be filed from {}",
    "earning_begins": "training would count from {}",
    "earning_ends": "training would count until {}",
}


_UNLIMITED = {
    "due": "no day would be known by which it is due",
    "expiry": "no day would be known on which it expires",
    "timely_until": "no day would be known until which it is filed in time",
    "late_until": "no day would be known until which it could be filed late",
    "reinstate_until": "it could be reinstated without a known end",
    "opens": "it could be filed at any time before",
    "earning_begins": "training of any age would count",
    "earning_ends": "no day would be known until which training counts",
}
"""What is said of a date that no day limits."""


def _given(gives: tuple[tuple[str, str], ...], unit: str) -> str:
    return ", ".join(
        _said_of(name, value, unit) for name, value in gives if name != "expiry" or ("due", value) not in gives
    )


def _said_of(name: str, value: str, unit: str) -> str:
    if name.startswith(DESIGNATION):
        return f"what is asked for the designation “{name.removeprefix(DESIGNATION)}” would be {value}"
    if value == UNLIMITED:
        return _UNLIMITED[name]
    shown = spoken_day(date.fromisoformat(value)) if value[:1].isdigit() else value
    return _COMPONENTS[name].replace("{units}", units(unit)).format(shown)
