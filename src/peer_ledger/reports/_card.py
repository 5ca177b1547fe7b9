"""
A report as a card for a notebook or a page: status, dates, a bar for each requirement, what is missing, and why.
"""

from collections.abc import Iterator
from fractions import Fraction
from html import escape
from typing import Any

from peer_ledger.reports._findings import Finding
from peer_ledger.reports._html import badge, cell, grid, part, raw_cell
from peer_ledger.reports._text import SAID_ALREADY, missing_sentence, question_sentence, standing_sentence, step_heading
from peer_ledger.values._wording import counted, spoken_day
from peer_ledger.values.hours import plain_hours

Report = Any
"""A `peer_ledger.reports.Report`, which shows itself by these functions."""

_DAYS = {
    "due": "due",
    "timely_until": "filed in time until",
    "late_until": "may be filed late until",
    "reinstate_until": "can be reinstated until",
    "opens": "may be filed from",
    "earning_begins": "training counts from",
    "earning_ends": "training counts until",
}


def report_card(report: Report) -> str:
    """
    Make the card of a report: a part of a page, with all that it quotes escaped.
    """
    body = "\n".join(_body(report))
    return part(f'<div class="card">{body}</div>', label=f"{report.person} on {spoken_day(report.on)}: {report.status}")


def _body(report: Report) -> Iterator[str]:
    yield (
        f'<p class="head"><strong>{escape(report.person)}</strong> on {spoken_day(report.on)} '
        f"{badge(report.status)}</p>"
    )
    yield f"<p>{escape(standing_sentence(report))}</p>"
    if report.findings and report.step is not None:
        yield f'<p class="lead">{escape(missing_sentence(report))}</p>'
        yield _requirements(report)
    else:
        yield f"<p>{escape(missing_sentence(report))}</p>"
    if report.dates or report.pending_since is not None:
        yield _dates(report)
    if report.questions:
        items = "".join(f"<li>{escape(question_sentence(one))}</li>" for one in report.questions)
        count = len(report.questions)
        yield f"<details open><summary>What is not decided ({count})</summary><ul>{items}</ul></details>"
    yield from _notes(report)
    yield from _left_out(report)
    yield from _sources(report)
    made = report.provenance
    yield (
        f'<p class="quiet">Rule set {escape(made.ruleset)} {escape(made.version)}, '
        f"{escape(made.edition or 'no edition')}, digest {made.digest[:12]}; {counted(made.entries, 'entry')} read. "
        "This is not legal advice.</p>"
    )


def _requirements(report: Report) -> str:
    rows = [_requirement(one) for one in report.findings if one.result != "not asked" or one.because]
    return grid(step_heading(report), ("requirement", "stands", "counted", "missing"), rows)


def _requirement(finding: Finding) -> list[str]:
    missing = f"{plain_hours(finding.short)} {finding.unit}{'' if finding.short == 1 else 's'}" if finding.short else ""
    have = plain_hours(finding.counted)
    have += f" of {plain_hours(finding.need)}" if finding.need is not None else ""
    shown = "" if finding.result == "not asked" else f"{escape(have)}{_bar(finding)}"
    says = f"of which: {finding.says}" if finding.part_of else finding.says
    return [
        cell(says, header=True),
        raw_cell(badge(finding.result)),
        raw_cell(shown, kind="plain"),
        cell(missing, kind="plain"),
    ]


def _bar(finding: Finding) -> str:
    """Draw how much is there; the figures stand beside it, so a screen reader passes it over."""
    if not finding.need:
        return ""
    share = min(finding.counted / finding.need, Fraction(1))
    return f'<span class="bar {finding.result}" aria-hidden="true"><i style="width:{float(share):.1%}"></i></span>'


def _why_said(date: Any) -> str:
    if date.day is None:
        return "not decided"
    return "" if date.why in SAID_ALREADY else str(date.why)


def _dates(report: Report) -> str:
    rows = [
        [
            cell(words, header=True),
            cell(_days_said(report.dates[name].day, report.dates[name].candidates)),
            cell(_why_said(report.dates[name])),
        ]
        for name, words in _DAYS.items()
        if name in report.dates
    ]
    if report.pending_since is not None:
        rows.append([cell("pending since", header=True), cell(spoken_day(report.pending_since)), cell("filed")])
    return grid("Dates", ("what", "day", "why"), rows) if rows else ""


def _days_said(day: Any, candidates: Any) -> str:
    return spoken_day(day) if day is not None else " or ".join(map(spoken_day, candidates))


def _notes(report: Report) -> Iterator[str]:
    notes = [*report.caveats]
    notes += [f"From {spoken_day(one.begins)}: {one.says} With what is on file: {one.outcome}." for one in report.ahead]
    if notes:
        items = "".join(f"<li>{escape(one)}</li>" for one in notes)
        yield f"<details><summary>Notes ({len(notes)})</summary><ul>{items}</ul></details>"


def _left_out(report: Report) -> Iterator[str]:
    rows = [
        [
            cell(line.record, header=True),
            cell(finding.requirement),
            cell("unknown" if line.recorded is None else plain_hours(line.recorded - line.counted), kind="number"),
            cell(line.why_not),
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


def _sources(report: Report) -> Iterator[str]:
    cited: dict[str, tuple[Any, list[str]]] = {}
    for finding in report.findings:
        if finding.result != "not asked":
            for source in finding.cites:
                cited.setdefault(source.id, (source, []))[1].append(finding.requirement)
    if cited:
        rows = [
            [
                cell(source.id, header=True),
                raw_cell(_linked(source.address, source.title)),
                cell(", ".join(dict.fromkeys(names))),
                cell(str(source.seen), kind="plain"),
            ]
            for source, names in cited.values()
        ]
        shown = grid("On whose authority", ("source", "title", "for", "seen"), rows)
        yield f"<details><summary>Sources ({len(rows)})</summary>{shown}</details>"


def _linked(address: str, title: str) -> str:
    """Link a title to its address; an address that is none on the web is written out."""
    if address.startswith(("https://", "http://")):
        return f'<a href="{escape(address)}" rel="noreferrer">{escape(title)}</a>'
    return f"{escape(title)}, {escape(address)}"
