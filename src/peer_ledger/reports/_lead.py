"""
The first line of a report: what is due when, and what is missing.
"""

from collections.abc import Mapping
from datetime import date

from peer_ledger.reports._missing import missing_sentence
from peer_ledger.reports._parts import Day
from peer_ledger.reports._report_data import ReportData
from peer_ledger.reports._terms import Standing
from peer_ledger.values._wording import spoken_day

_ENDED: Mapping[Standing, str] = {
    "inactive": "The certification was made inactive.",
    "suspended": "The certification is suspended.",
    "revoked": "The certification was revoked.",
    "surrendered": "The certification was surrendered.",
    "not certified": "Not certified.",
}


def lead(report: ReportData) -> str:
    """
    Return the first line of a report.

    Args:
        report: The report.
    """
    made = report.provenance
    if made.grade == "named":
        return f"The rules of {made.credential} are not known here. Ask {made.body}: {made.ask}. {_on_file(report)}"
    return f"{deadline(report)} {missing_sentence(report)}"


def _on_file(report: ReportData) -> str:
    """Return what the records say by themselves about a certificate of which the rules are not known."""
    if report.standing != "current" or report.dates.expiry is None:
        return deadline(report)
    return f"The certificate on file expires on {_named(report.dates.expiry)}."


def _undetermined(report: ReportData) -> str:
    """Return that the standing is not settled, with the first question that decides it."""
    deciding = [one for one in report.questions if any("standing" in dict(other.gives) for other in one.alternatives)]
    for open_question in deciding or report.questions:
        asks = open_question.question.asks
        return f"Where the certification stands is not settled: {asks[:1].lower()}{asks[1:]}"
    why = ", because no source or record says when it ends" if report.dates.due is None else ""
    return f"Where the certification stands is not settled{why}."


def deadline(report: ReportData) -> str:
    """
    Return where the certificate stands and until when something must be filed, in a sentence.

    Args:
        report: The report.
    """
    if report.standing == "undetermined":
        return _undetermined(report)
    if report.standing in _ENDED:
        return _ENDED[report.standing]
    due, timely, late = report.dates.due, report.dates.timely_until, report.dates.late_until
    if report.standing == "lapsed":
        return (
            f"The certification lapsed; recertification was due {_named(due)}." if due else "The certification lapsed."
        )
    if report.pending_since is not None:
        return f"Recertification was filed on {spoken_day(report.pending_since)}; the decision is not on file."
    if report.standing == "filing closed":
        closed = "has closed" if timely is None else f"closed on {_named(timely)}"
        return f"Filing for recertification {closed}; the certification expires on {_named(due)}."
    if report.standing == "late":
        return f"Recertification was due {_named(due)}. {_by(late, 'it may still be filed late')}"
    if timely is not None:
        expires = "expired" if due is not None and due.candidates[-1] < report.on else "expires"
        return f"{_by(timely, 'filing is in time')} The certification {expires} on {_named(due)}."
    if due is not None and due.day is None and len(due.candidates) > 1:
        first = spoken_day(due.candidates[0])
        return f"File by {first} to be safe: recertification is due {_named(due)}; which is not settled."
    if due is not None and due.day is None:
        return _by(due, "that is the due date")
    return f"Recertification due {_named(due)}." if due else "The certification is current."


def _by(day: Day | None, what: str) -> str:
    """Return by when to file: by the earliest day that may be the last, and what is not settled about later ones."""
    if day is None:
        return "Whether it may still be filed is not settled."
    first = f"File by {spoken_day(day.candidates[0])}"
    if day.day is not None:
        return f"{first}."
    if len(day.candidates) == 1:
        return f"{first}: whether there is such a last day is not settled."
    return f"{first}: whether {what} until {_either(day.candidates[1:])} is not settled."


def _named(day: Day | None) -> str:
    """Return a day, or the days that it may be."""
    if day is None:
        return "on a day that is not known"
    return spoken_day(day.day) if day.day is not None else _either(day.candidates)


def _either(days: tuple[date, ...]) -> str:
    return " or ".join(map(spoken_day, days))
