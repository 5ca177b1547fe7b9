"""
A report as plain sentences that can be read aloud to the person concerned.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction

from peer_ledger._visible import visible
from peer_ledger.reports._findings import Finding, Line, Result
from peer_ledger.reports._lead import lead
from peer_ledger.reports._missing import may_exist
from peer_ledger.reports._parts import Ahead, Day, DesignationOutcome, Provenance
from peer_ledger.reports._question_sentences import question_sentences
from peer_ledger.reports._remark_kinds import LineReason
from peer_ledger.reports._remarks import Remark, in_words
from peer_ledger.reports._report_data import ReportData
from peer_ledger.reports._sentences import SAID_BY_NAME
from peer_ledger.reports._terms import DateName, InForce, Standing, Step
from peer_ledger.rules import Source
from peer_ledger.values._wording import amount, counted, dollars, spoken_day, training_amount
from peer_ledger.values.hours import plain_hours

_OF_OTHER_DAYS: frozenset[LineReason] = frozenset(
    {"after-day-asked", "before-first-day", "after-last-day", "document-before", "document-after"}
)
"""The reasons that what is recorded is older or later than what counts."""

_STANDINGS: Mapping[Standing, str] = {
    "not certified": "There is no certification.",
    "current": "The certification is current.",
    "filing closed": "The certification is current until it expires, and filing has closed.",
    "pending": "The certification has expired; an application that was filed in time is not decided yet.",
    "late": "The certification has expired; late filing is open.",
    "lapsed": "The certification has lapsed.",
    "inactive": "The certification was made inactive.",
    "suspended": "The certification is suspended.",
    "revoked": "The certification was revoked.",
    "surrendered": "The certification was surrendered.",
    "undetermined": "Where the certification stands is not settled.",
}

_IN_FORCE: Mapping[InForce, str] = {
    "yes": "The person may practice as certified.",
    "no": "The person may not practice as certified.",
    "undetermined": "Whether the person may practice as certified is not settled.",
}

_MOST_LISTED = 5
"""How many of the records that are supposed are named."""

_STEPS: Mapping[Step, str] = {
    "initial": "certification",
    "renewal": "recertification",
    "reinstatement": "certification after the lapse",
}

_STATES: Mapping[Result, str] = {
    "met": "Met",
    "short": "Short",
    "undetermined": "Not settled",
    "not yet due": "Not yet due",
    "not asked": "Not required",
}

_LINE = "-" * 40
"""What stands between what a person reads and what proves it."""


def step_heading(step: Step, standing: Standing) -> str:
    """
    Return the heading of the findings: what can be applied for.
    """
    supposed = ", if that is what is next" if standing == "undetermined" else ""
    name = "the return from inactive status" if standing == "inactive" else _STEPS[step]
    return f"For {name}{supposed}"


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
        ("What was not counted, and why", _left_out(asked, titles)),
    )
    for heading, lines in parts:
        shown = [f"  {line}" for line in lines]
        if heading and shown:
            yield from ("", f"{heading}:", *shown)
    yield from ("", _LINE)
    yield from _sources(report)
    yield f"{rules_used(made)}; {counted(made.entries, 'entry')} read. This is not legal advice."


def _requirements(findings: Iterable[Finding], designation: str | None) -> Iterator[str]:
    """Yield how the requirements of the step stand, or those of a designation."""
    for finding in findings:
        if finding.designation == designation and (finding.result != "not asked" or finding.because):
            indent, inner = ("  Of these: ", "    ") if finding.part_of else ("", "  ")
            yield f"{indent}{finding.says}"
            yield f"{inner}{finding_sentence(finding)}"


def _questions(report: ReportData) -> Iterator[str]:
    for question in report.questions:
        yield question.question.asks
        yield from (f"  {line}" for line in question_sentences(question, report.provenance))


def _notes(report: ReportData, titles: Mapping[str, str]) -> Iterator[str]:
    yield from (caveat.sentence(titles) for caveat in report.caveats)
    yield from map(ahead_sentence, report.ahead)


def ahead_sentence(ahead: Ahead) -> str:
    """
    Return what an edition to come would change.
    """
    return f"From {spoken_day(ahead.begins)}: {ahead.says} With what is on file: {ahead.outcome}."


def _left_out(findings: Iterable[Finding], titles: Mapping[str, str]) -> Iterator[str]:
    """Yield under each requirement what did not count for it, by the reason."""
    for finding in findings:
        left: dict[str, list[Line]] = {}
        for line in finding.lines if finding.part_of is None else ():
            if line.why_not is not None and line.counted != line.recorded:
                left.setdefault(line.why_not.sentence(titles), []).append(line)
        if left:
            yield f"For “{finding.says.rstrip('.')}”:"
            for why, lines in left.items():
                yield f"  {_lines_left(lines, finding, titles)}: {why}."


def _lines_left(lines: list[Line], finding: Finding, titles: Mapping[str, str]) -> str:
    """Return what did not count for one reason; of what is older or later than what counts only how much it is."""
    why_not = lines[0].why_not
    rest = [line.recorded - line.counted for line in lines if line.recorded is not None]
    if why_not is not None and why_not.kind in _OF_OTHER_DAYS and len(rest) == len(lines) > 1:
        what = counted(len(lines), "training" if finding.subject == "hours" else "document")
        whole = sum(rest, Fraction(0))
        total = f"${plain_hours(whole)}" if finding.unit == "us-dollar" else amount(whole, finding.unit)
        return what if finding.unit in ("training", "document") else f"{what}, {total}"
    return "; ".join(_line_left(line, finding, titles) for line in lines)


def _line_left(line: Line, finding: Finding, titles: Mapping[str, str]) -> str:
    # A document is known by its kind and its day; a training has a title.
    name = titles.get(line.record, line.record if finding.subject == "hours" else None)
    return f"{_rest(line, finding.unit)} {spoken_day(line.day)}" + (f" ({name})" if name is not None else "")


def _rest(line: Line, unit: str) -> str:
    """Return how much of a line did not count, and the word before its day."""
    if line.recorded is None:
        return "some on"
    rest = line.recorded - line.counted
    if unit == "document":
        return "one dated"
    return f"${plain_hours(rest)} of" if unit == "us-dollar" else f"{amount(rest, unit)} on"


def _sources(report: ReportData) -> Iterator[str]:
    """Yield the sources, each with the requirements and the open questions that it is cited for."""
    for source, cited_for in cited_sources(report):
        yield f"{source.id} ({', '.join(cited_for)}): {source.title}, {source.address} (seen {spoken_day(source.seen)})"


def cited_sources(report: ReportData) -> Iterable[tuple[Source, list[str]]]:
    """
    Return the sources of a report, each with the ids of the requirements and open questions that cite it.
    """
    cited: dict[str, tuple[Source, list[str]]] = {}
    citing: list[tuple[str, tuple[Source, ...]]] = [
        (finding.requirement, finding.cites) for finding in report.findings if finding.result != "not asked"
    ]
    citing += [(question.question.id, question.cites) for question in report.questions]
    for name, sources in citing:
        for source in sources:
            names = cited.setdefault(source.id, (source, []))[1]
            names += [] if name in names else [name]
    return cited.values()


def rules_used(made: Provenance) -> str:
    """
    Return which rule sets an answer rests on.
    """
    others = "".join(f"; with {other.ruleset} {other.version}, digest {other.digest[:12]}" for other in made.consulted)
    edition = "" if made.edition is None else f"{made.edition}, "
    return f"Rule set {made.ruleset} {made.version}, {edition}digest {made.digest[:12]}{others}"


def supposed_sentence(made: Provenance) -> Iterator[str]:
    """
    Yield that an answer is about what was supposed, and what that is; nothing for an answer about what is on file.
    """
    parts = (
        ("with", made.supposed, "which was never recorded", "none of which was recorded"),
        ("without", made.without, "which is on file", "all of which are on file"),
    )
    said = [f"{word} {_listed(ids)}, {all_ if ids[1:] else one}" for word, ids, one, all_ in parts if ids]
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
    """Return where the certification is."""
    if report.standing == "current" and report.pending_since is not None:
        return "The certification is current; an application is filed and not decided yet."
    if report.standing == "late" and report.pending_since is not None:
        return "The certification has expired; an application that was filed late is not decided yet."
    return _STANDINGS[report.standing]


def date_sentences(report: ReportData) -> Iterator[str]:
    """
    Yield a sentence for each date of the report.
    """
    days, is_over = dict(report.dates.items()), report.standing == "lapsed"
    begins, ends = days.get("earning_begins"), days.get("earning_ends")
    is_closed = is_over or report.standing == "filing closed"
    names: Mapping[DateName, str] = {
        "due": f"Recertification {'was' if is_over else 'is'} due by",
        "opens": "Filing opens on" if report.on <= _last(days.get("opens")) else "Filing has been open since",
        "timely_until": f"Filing {'was' if is_closed else 'is'} in time until",
        "late_until": f"Late filing {'ended' if is_over else 'ends'} on",
        "reinstate_until": "Reinstatement may be filed until",
    }
    for name, words in names.items():
        day = days.get(name)
        if day is not None:
            yield f"{words} {day_in_words(day)}."
    if begins is not None and ends is not None and None not in (begins.day, ends.day):
        yield f"Training counts from {day_in_words(begins)} until {day_in_words(ends)}."
    else:
        yield from (f"Training counts from {day_in_words(day)}." for day in (begins,) if day is not None)
        yield from (f"Training counts until {day_in_words(day)}." for day in (ends,) if day is not None)
    if report.pending_since is not None:
        yield f"An application has been pending since {spoken_day(report.pending_since)}."


def _last(day: Day | None) -> date:
    return date.max if day is None else day.candidates[-1]


def day_in_words(day: Day) -> str:
    """
    Return a date of a report with where it comes from, or the dates that it may be.
    """
    if day.day is not None:
        return spoken_day(day.day) + ("" if day.why.kind in SAID_BY_NAME else f" ({day.why})")
    if len(day.candidates) == 1:
        return f"{spoken_day(day.candidates[0])}, or there is no such day (not settled)"
    return f"{' or '.join(map(spoken_day, day.candidates))} (not settled)"


def finding_sentence(finding: Finding) -> str:
    """
    Return how a requirement stands, with the figures and what keeps it from being met.
    """
    reasons = [] if finding.result == "met" or finding.part_of is not None else list(_saying_more(finding))
    if finding.unit == "document" and may_exist(finding):
        rest = "it may exist" if finding.need == 1 else "the rest may exist" if finding.counted else "they may exist"
        of = "" if finding.need is None else f" of {plain_hours(finding.need)}"
        have = f"{plain_hours(finding.counted)}{of} on file"
        doubts = [reason for reason in reasons if reason.kind != "perhaps-not-recorded"]
        also = f"; {in_words(doubts)}" if doubts else ""
        return f"{'Not on file' if finding.need == 1 else have.capitalize()}, but {rest}{also}."
    more = in_words(reasons)
    if finding.unit == "option" or finding.result == "not asked":
        return f"{_STATES[finding.result]}{f': {more}' if more else ''}."
    figures = _figures(finding)
    return f"{figures}; {more}." if more else f"{figures}."


def _figures(finding: Finding) -> str:
    """Return how a requirement stands, in figures."""
    state, need = _STATES[finding.result], finding.need
    if finding.unit == "document" and need == 1:
        if finding.result in ("met", "short"):
            return "On file" if finding.counted else "Not on file"
        kinds = {line.why_not.kind for line in finding.lines if line.why_not is not None}
        is_there = finding.counted or "value-stated-earlier" in kinds
        none = "none on file" if finding.result == "undetermined" else "not on file"
        return f"{state}: {'on file' if is_there else none}"
    place = " on file" if finding.subject == "documents" else "" if finding.result == "met" else " counted"
    if finding.unit == "us-dollar":
        have = dollars(finding.counted) + ("" if need is None else f" of {dollars(need)}")
    elif need is None:
        have = amount(finding.counted, finding.unit)
    else:
        one_or_more = amount(need, finding.unit).partition(" ")[2]
        what = "" if finding.unit == "document" else f" {one_or_more}"
        have = f"{plain_hours(finding.counted)} of {plain_hours(need)}{what}"
    missing = ""
    if finding.result == "short" and finding.subject == "hours":
        missing = f"; {training_amount(finding.short, finding.unit)} missing"
    return f"{state}: {have}{place}{missing}"


def _saying_more(finding: Finding) -> Iterator[Remark]:
    """Yield the reasons, without one that only repeats that there is too little, which the figures already say."""
    for reason in finding.because:
        if reason.kind != "too-little-together" or not _is_told_by_figures(reason, finding):
            yield reason


def _is_told_by_figures(reason: Remark, finding: Finding) -> bool:
    """Return whether the figures of one requirement, or of one part, show already that it is short."""
    named = reason["requirements"]
    if reason["caps"] or not isinstance(named, tuple) or len(named) != 1:
        return False
    return named != (finding.requirement,) or finding.eligible == finding.counted
