"""
Applications: on which day each counts as filed, and whether that was in time, late or too late.

A person may file more than once: an application that lacks something does not shut out a later, complete one. So all
that are open are candidates, and the first that meets what its step asks is the one that is looked at.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import TypeAlias

import attrs

from peer_ledger.evaluation._editions import UNKNOWN_METHOD
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import Candidate, Grant, Window
from peer_ledger.records import Filing
from peer_ledger.records._record import first_id
from peer_ledger.rules import FILING_RECEIVED, FILING_SENT, Procedure, Readings
from peer_ledger.values._cached import cached_property
from peer_ledger.values.dates import DAY

AT_ONCE = frozenset({"online", "email", "fax", "in-person"})
"""The methods by which an application arrives on the day on which it is sent."""

FindWindow = Callable[[date, str], Window | None]
"""Returns the last days of filing by the rules that hold on a day for a method; `None` where filing has no end."""


@attrs.frozen(kw_only=True, slots=False)
class Filings:
    """
    The undecided applications for a step since the last grant.

    Attributes:
        candidates: Those that came before filing closed, in the order of the days that count.
        too_late: Those that came after that.
        window_days: The last days of filing for each of them, and for those that do not count yet.
    """

    candidates: tuple[Candidate, ...] = ()
    too_late: tuple[Candidate, ...] = ()
    window_days: frozenset[date] = frozenset()

    @cached_property
    def days(self) -> tuple[tuple[str, date], ...]:
        """The days that count, by the ids of the applications, where only another day is on file."""
        each = (*self.candidates, *self.too_late)
        return tuple([(one.filing.id, one.day) for one in each if one.day != one.on_file])


WorkOut: TypeAlias = Callable[[Readings], Filings]
"""Works the undecided filings for a step out under some readings, which note the questions that they depend on."""

FindFilings: TypeAlias = Callable[[Procedure, Grant | None, Readings, WorkOut], Filings]
"""Returns the undecided filings for a step after a grant under some readings, given what works them out."""


def undecided(
    history: History, readings: Readings, procedure: Procedure, grant: Grant | None, window_of: FindWindow
) -> Filings:
    """
    Return the applications for a step that the board has not decided by the day of the history.

    Args:
        history: The records.
        readings: The readings taken; asked where the day that counts is not on file and may decide.
        procedure: The rules of the step.
        grant: The last grant; `None` before the first.
        window_of: Returns the last days of filing by the rules that hold on a day.
    """
    since = grant.day if grant is not None else date.min
    counts_sent = procedure.filed_when == "sent"
    filings = [
        filing
        for filing in history.filings
        if filing.step == procedure.step
        and ((filing.sent if counts_sent else filing.received) or filing.sent or filing.received or since) > since
    ]
    candidates: list[Candidate] = []
    too_late: list[Candidate] = []
    window_days: set[date] = set()
    refused = max(
        [act.on for act in history.acts if act.act == "refused" and act.filing is None and act.on], default=date.min
    )
    for filing in _not_named(filings, {act.filing for act in history.acts if act.filing is not None}):
        found = _candidate(history, readings, procedure, filing, window_of)
        if found.window is not None:
            window_days.update((found.window.timely_until, found.window.closes))
        if refused < found.day <= history.on:
            is_open = found.window is None or found.day <= found.window.closes
            (candidates if is_open else too_late).append(found)
    in_order = tuple(sorted(candidates, key=_in_order))
    return Filings(candidates=in_order, too_late=tuple(too_late), window_days=frozenset(window_days))


def _not_named(filings: list[Filing], names: set[str]) -> Iterator[Filing]:
    """Yield the applications that none of some ids refers to, as `is_named` says."""
    firsts: set[str] | None = None
    for filing in filings:
        if filing.id in names:
            continue
        if filing.replaces is not None:
            firsts = {first_id(name) for name in names} if firsts is None else firsts
            if filing.replaces in names or first_id(filing.id) in firsts:
                continue
        yield filing


def _on_file(filing: Filing, procedure: Procedure) -> date:
    """Return the day that counts or, where it is unknown, the other."""
    sent, received = filing.sent, filing.received
    day = (sent or received) if procedure.filed_when == "sent" else (received or sent)
    assert day is not None, "a filing has a day"
    return day


def _candidate(
    history: History, readings: Readings, procedure: Procedure, filing: Filing, window_of: FindWindow
) -> Candidate:
    """Return an application with the day that counts; where only the other day is on file, a question decides."""
    counts_sent = procedure.filed_when == "sent"
    day, on_file = filing.sent if counts_sent else filing.received, _on_file(filing, procedure)
    method = filing.method or UNKNOWN_METHOD
    window = window_of(on_file, method)
    if day is None and window is not None and filing.method not in AT_ONCE and not history.closing:
        sent = _sent_by(readings, window, on_file) if counts_sent else _received_by(readings, window, on_file, history)
        if sent != on_file:
            return Candidate(filing=filing, day=sent, on_file=on_file, window=window_of(sent, method))
    return Candidate(filing=filing, day=on_file, on_file=on_file, window=window)


def _in_order(candidate: Candidate) -> tuple[date, date, str]:
    """Return the key that sorts applications by the day that counts and, of one day, by their receipt."""
    return candidate.day, candidate.filing.received or candidate.day, candidate.filing.id


def _sent_by(readings: Readings, window: Window, received: date) -> date:
    """Return the last day on which an application was sent, by what is said of it; it was received on a known day."""
    if received <= window.timely_until:
        return received
    # Where there is no late filing, what was sent late was sent too late.
    late = min(received, window.closes) if window.closes > window.timely_until else received
    return {"in-time": window.timely_until, "late": late}.get(readings.take(FILING_SENT.id), received)


def _received_by(readings: Readings, window: Window, sent: date, history: History) -> date:
    """Return the first day on which an application was received, by what is said of it; it was sent on a known day."""
    if history.on <= window.timely_until:
        return sent
    reading = readings.take(FILING_RECEIVED.id)
    if reading == "in-time":
        return sent
    late = max(sent, window.timely_until + DAY)
    return late if reading == "late" or history.on <= window.closes else max(sent, window.closes + DAY)
