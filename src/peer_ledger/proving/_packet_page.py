"""
The audit packet as a page: tables that print, with every text from a record escaped.
"""

from collections.abc import Iterator, Sequence
from html import escape

from peer_ledger.proving._exhibits import CountedFor, Exhibit
from peer_ledger.proving._receipts import Receipt
from peer_ledger.reports import Finding, Report
from peer_ledger.reports._html import badge, cell, grid, raw_cell
from peer_ledger.reports._lead import lead
from peer_ledger.reports._question_sentences import question_sentence
from peer_ledger.reports._text import cited_sources, date_sentences, finding_sentence, rules_used, standing_sentence
from peer_ledger.values._wording import amount, counted, short_amount, spoken_day
from peer_ledger.values.dates import moment_text

_STYLE = """<style>
section.peer-ledger .packet table{width:100%;font-size:.92em}
section.peer-ledger .packet th,section.peer-ledger .packet td{overflow-wrap:anywhere}
section.peer-ledger .packet pre{white-space:pre-wrap;overflow-wrap:anywhere;font:.8em/1.35 ui-monospace,monospace}
section.peer-ledger .packet h2{font-size:1.1rem;margin:1.2rem 0 .2rem}
@media print{@page{margin:14mm}section.peer-ledger .packet{font-size:10pt}
 section.peer-ledger .packet h2{break-after:avoid}section.peer-ledger .packet thead{display:table-header-group}}
</style>"""

NO_PLACE = "no place is on file"


def packet_body(
    report: Report, credential: str, exhibits: Sequence[Exhibit], problems: Sequence[str], receipt: Receipt
) -> str:
    """
    Return the contents of a packet as part of a page.

    Args:
        report: The report.
        credential: The name of the credential.
        exhibits: What counted.
        problems: What is wrong with the proof of the hours.
        receipt: The receipt of the report.
    """
    parts = (
        _head(report, credential),
        _requirements(report),
        _trainings([exhibit for exhibit in exhibits if exhibit.kind == "training"]),
        _documents([exhibit for exhibit in exhibits if exhibit.kind != "training"]),
        _left_out(report),
        _open(report),
        _proof(report, problems),
        _chain(report, receipt),
        _sources(report),
    )
    body = "\n".join(line for some in parts for line in some)
    return f'{_STYLE}\n<div class="packet">{body}</div>'


def _head(report: Report, credential: str) -> Iterator[str]:
    yield f"<p>{escape(credential)}, awarded by {escape(report.provenance.body)}. {badge(report.status)}</p>"
    yield f"<p><strong>{escape(lead(report))}</strong></p>"
    yield f"<p>{escape(' '.join([standing_sentence(report), *date_sentences(report)]))}</p>"


def _requirements(report: Report) -> Iterator[str]:
    rows = [
        [
            cell(("Of these: " if finding.part_of else "") + finding.says, header=True),
            raw_cell(badge(finding.result)),
            cell(finding_sentence(finding)),
            cell(", ".join(source.id for source in finding.cites)),
        ]
        for finding in report.findings
        if finding.result != "not asked"
    ]
    if rows:
        yield "<h2>What is required, and on whose authority</h2>"
        yield grid("Requirements", ("requirement", "stands", "figures", "sources"), rows)


def _trainings(exhibits: Sequence[Exhibit]) -> Iterator[str]:
    rows = [
        [
            cell(spoken_day(exhibit.day), kind="plain", header=True),
            cell(" \u00b7 ".join(filter(None, (exhibit.title, exhibit.provider, exhibit.delivery))) or exhibit.record),
            cell(_counted(exhibit.counted)),
            cell(exhibit.evidence or NO_PLACE),
            cell(_review(exhibit)),
            cell(_entry(exhibit)),
        ]
        for exhibit in exhibits
    ]
    yield "<h2>Training that counted</h2>"
    if rows:
        headings = ("completed", "training", "counted for", "certificate kept", "review", "entry")
        yield grid(counted(len(rows), "training"), headings, rows)
    else:
        yield "<p>No training counted.</p>"


def _documents(exhibits: Sequence[Exhibit]) -> Iterator[str]:
    rows = [
        [
            cell(spoken_day(exhibit.day), kind="plain", header=True),
            cell(exhibit.kind.replace("-", " ")),
            cell(_counted(exhibit.counted)),
            cell(exhibit.by or "not on file"),
            cell(_entry(exhibit)),
        ]
        for exhibit in exhibits
    ]
    if rows:
        yield "<h2>Documents that counted</h2>"
        yield grid(counted(len(rows), "document"), ("day", "document", "counted for", "attested by", "entry"), rows)


def _left_out(report: Report) -> Iterator[str]:
    rows = [
        [
            cell(spoken_day(line.day), kind="plain", header=True),
            cell(line.record),
            cell(finding.requirement),
            cell("unknown" if line.recorded is None else short_amount(line.recorded - line.counted, finding.unit)),
            cell(str(line.why_not)),
        ]
        for finding in report.findings
        if finding.part_of is None and finding.result != "not asked"
        for line in finding.lines
        if line.why_not is not None and line.counted != line.recorded
    ]
    yield "<h2>What was left out, and why</h2>"
    if rows:
        yield grid(counted(len(rows), "line"), ("day", "record", "for", "how much", "why"), rows)
    else:
        yield "<p>Nothing on file was left out.</p>"


def _open(report: Report) -> Iterator[str]:
    said = [question_sentence(question, report.provenance) for question in report.questions]
    said += map(str, report.caveats)
    if said:
        yield "<h2>What is not settled, and what was assumed</h2>"
        yield f"<ul>{''.join(f'<li>{escape(one)}</li>' for one in said)}</ul>"


def _proof(report: Report, problems: Sequence[str]) -> Iterator[str]:
    proved = [finding for finding in report.findings if finding.proof is not None]
    yield "<h2>Proof</h2>"
    if problems:
        yield f"<ul>{''.join(f'<li>{escape(problem)}</li>' for problem in problems)}</ul>"
    elif proved:
        yield (
            "<p>The hours were assigned to requirements and the assignment was checked again by other means: no hour "
            "is counted twice where that is not allowed, and where hours are short, no other assignment has fewer "
            "missing.</p>"
        )
    else:
        yield "<p>No hours were required, so there is no assignment to prove.</p>"
    items = "".join(f"<li>{escape(line)}</li>" for finding in proved for line in _collisions(finding))
    yield f"<ul>{items}</ul>" if items else ""


def _collisions(finding: Finding) -> Iterator[str]:
    for reason in finding.because if finding.result == "short" else ():
        yield f"{finding.requirement}: {reason}."


def _chain(report: Report, receipt: Receipt) -> Iterator[str]:
    erased = f", {receipt.erased} of them erased" if receipt.erased else ""
    yield "<h2>Where it stands in the ledger</h2>"
    yield (
        f"<p>{escape(rules_used(report.provenance))}. {counted(report.provenance.entries, 'entry')} of this person "
        f"read, from a ledger of {counted(receipt.entries, 'entry')}{erased}. Its head, which proves later that "
        "nothing before it changed:</p>"
    )
    yield f"<pre>{receipt.entries}:{receipt.head}</pre>"
    yield "<p>The receipt, from which <code>peer-ledger verify-receipt</code> makes this report again:</p>"
    yield f"<pre>{escape(receipt.text())}</pre>"


def _sources(report: Report) -> Iterator[str]:
    rows = [
        [
            cell(source.id, header=True),
            cell(source.title),
            cell(source.address),
            cell(", ".join(names)),
            cell(spoken_day(source.seen), kind="plain"),
        ]
        for source, names in cited_sources(report)
    ]
    if rows:
        yield "<h2>Sources</h2>"
        yield grid(counted(len(rows), "source"), ("source", "title", "address", "for", "seen"), rows)
    yield '<p class="quiet">This is not legal advice.</p>'


def _counted(some: Sequence[CountedFor]) -> str:
    return "; ".join(f"{one.requirement}: {amount(one.counted, one.unit)}" for one in some)


def _review(exhibit: Exhibit) -> str:
    review = exhibit.review
    if review is None:
        return "none on file"
    by = "" if review.by is None else f" by {review.by}"
    why = "" if review.reason is None else f": {review.reason}"
    return f"{review.decision} on {spoken_day(review.on)}{by}{why}"


def _entry(exhibit: Exhibit) -> str:
    return f"{exhibit.entry}, recorded {moment_text(exhibit.recorded_at)[:10]} ({exhibit.record})"
