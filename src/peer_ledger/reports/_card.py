"""
A report as a card for a notebook or a page: status, dates, a bar for each requirement, what is missing, and why.
"""

from collections.abc import Iterator, Mapping
from html import escape

from peer_ledger.reports._findings import Finding
from peer_ledger.reports._html import badge, bar, cell, grid, part, raw_cell
from peer_ledger.reports._lead import lead
from peer_ledger.reports._missing import amount_missing
from peer_ledger.reports._parts import Day, OpenQuestion
from peer_ledger.reports._question_sentences import question_sentences
from peer_ledger.reports._report_data import ReportData
from peer_ledger.reports._sentences import SAID_BY_NAME
from peer_ledger.reports._terms import DateName
from peer_ledger.reports._text import (
    ahead_sentence,
    cited_sources,
    designation_sentence,
    rules_used,
    standing_sentence,
    step_heading,
    supposed_sentence,
)
from peer_ledger.values._wording import counted, dollars, spoken_day
from peer_ledger.values.hours import plain_hours

_DAYS: Mapping[DateName, str] = {
    "due": "due",
    "timely_until": "in time until",
    "late_until": "late filing ends",
    "reinstate_until": "reinstatement until",
    "opens": "filing opens",
    "earning_begins": "training counts from",
    "earning_ends": "training counts until",
}


def report_card(report: ReportData) -> str:
    """
    Return a report's card: part of a page, with all quoted text escaped.
    """
    body = "\n".join(_body(report))
    return part(f'<div class="card">{body}</div>', label=f"{report.person} on {spoken_day(report.on)}: {report.status}")


def _body(report: ReportData) -> Iterator[str]:
    yield (
        f'<p class="head"><strong>{escape(report.person)}</strong> on {spoken_day(report.on)} '
        f"{badge(report.status)}</p>"
    )
    yield from (f"<p><strong>{escape(said)}</strong></p>" for said in supposed_sentence(report.provenance))
    yield f'<p class="lead">{escape(lead(report))}</p>'
    yield f"<p>{escape(standing_sentence(report))}</p>"
    if report.findings and report.step is not None:
        of_step = tuple(finding for finding in report.findings if finding.designation is None)
        yield _requirements(step_heading(report.step, report.standing), of_step)
    for kept in report.designations:
        asked = tuple(finding for finding in report.findings if finding.designation == kept.designation)
        yield _requirements(designation_sentence(kept), asked)
    yield from _dates(report)
    if report.questions:
        questions = "".join(_question(question, report) for question in report.questions)
        yield f"<details open><summary>What is not settled ({len(report.questions)})</summary>{questions}</details>"
    yield from _notes(report)
    yield from _left_out(report)
    yield from _sources(report)
    made = report.provenance
    yield (
        f'<p class="quiet">{escape(rules_used(made))}; {counted(made.entries, "entry")} read. '
        "This is not legal advice.</p>"
    )


def _requirements(heading: str, findings: tuple[Finding, ...]) -> str:
    rows = [_requirement(finding) for finding in findings if finding.result != "not asked" or finding.because]
    return grid(heading, ("requirement", "status", "counted", "missing"), rows)


def _requirement(finding: Finding) -> list[str]:
    missing = "" if not finding.short else amount_missing(finding)
    shown_as = dollars if finding.unit == "us-dollar" else plain_hours
    have = shown_as(finding.counted)
    have += f" of {shown_as(finding.need)}" if finding.need is not None else ""
    shown = "" if finding.result == "not asked" else f"{escape(have)}{_bar(finding)}"
    says = f"Of these: {finding.says}" if finding.part_of else finding.says
    return [
        cell(says, header=True),
        raw_cell(badge(finding.result)),
        raw_cell(shown, kind="plain"),
        cell(missing, kind="plain"),
    ]


def _bar(finding: Finding) -> str:
    """Draw the share that counted; it is hidden from screen readers, which read the figures beside it."""
    if not finding.need:
        return ""
    return bar(finding.counted / finding.need, result=finding.result)


def _question(question: OpenQuestion, report: ReportData) -> str:
    answers = "".join(f"<li>{escape(line)}</li>" for line in question_sentences(question, report.provenance))
    return f"<p>{escape(question.question.asks)}</p><ul>{answers}</ul>"


def _dates(report: ReportData) -> Iterator[str]:
    days = dict(report.dates.items())
    rows = [
        [cell(words, header=True), cell(_days_said(days[name])), cell(_why_said(days[name]))]
        for name, words in _DAYS.items()
        if name in days
    ]
    if report.pending_since is not None:
        rows.append([cell("pending since", header=True), cell(spoken_day(report.pending_since)), cell("filed")])
    if rows:
        yield grid("Dates", ("what", "day", "why"), rows)


def _days_said(day: Day) -> str:
    return spoken_day(day.day) if day.day is not None else " or ".join(map(spoken_day, day.candidates))


def _why_said(day: Day) -> str:
    if day.day is None:
        return "not settled"
    return "" if day.why.kind in SAID_BY_NAME else str(day.why)


def _notes(report: ReportData) -> Iterator[str]:
    notes = [str(caveat) for caveat in report.caveats]
    notes += map(ahead_sentence, report.ahead)
    if notes:
        items = "".join(f"<li>{escape(note)}</li>" for note in notes)
        yield f"<details><summary>Notes ({len(notes)})</summary><ul>{items}</ul></details>"


def _left_out(report: ReportData) -> Iterator[str]:
    rows = [
        [
            cell(line.record, header=True),
            cell(finding.requirement),
            cell("unknown" if line.recorded is None else plain_hours(line.recorded - line.counted), kind="number"),
            cell(str(line.why_not)),
        ]
        for finding in report.findings
        if finding.part_of is None and finding.result != "not asked"
        for line in finding.lines
        if line.why_not is not None and line.counted != line.recorded
    ]
    if rows:
        headings = ("record", "for", "how much", "why")
        shown = grid("What did not count", headings, rows, numbers=frozenset({2}))
        yield f"<details><summary>What did not count ({len(rows)})</summary>{shown}</details>"


def _sources(report: ReportData) -> Iterator[str]:
    cited = cited_sources(report)
    if cited:
        rows = [
            [
                cell(source.id, header=True),
                raw_cell(_linked(source.address, source.title)),
                cell(", ".join(dict.fromkeys(names))),
                cell(str(source.seen), kind="plain"),
            ]
            for source, names in cited
        ]
        shown = grid("On whose authority", ("source", "title", "for", "seen"), rows)
        yield f"<details><summary>Sources ({len(rows)})</summary>{shown}</details>"


def _linked(address: str, title: str) -> str:
    """Link a title to its web address; write out any other address after it."""
    if address.startswith(("https://", "http://")):
        return f'<a href="{escape(address)}" rel="noreferrer">{escape(title)}</a>'
    return f"{escape(title)}, {escape(address)}"
