"""
What a reader should know about the filings on file: too early, late, too late, or passed over for another.
"""

from collections.abc import Iterator
from datetime import date

from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import Life
from peer_ledger.evaluation._scenarios import Scenario
from peer_ledger.values._wording import spoken_day


def filing_caveats(assumed: Scenario, history: History) -> Iterator[str]:
    """
    Yield what is odd about the filings for the next step.

    Args:
        assumed: The answer under the assumed readings.
        history: The records.
    """
    life = assumed.life
    for candidate in life.too_late:
        assert candidate.window is not None, "without a last day of filing none is too late"
        filed, last = spoken_day(candidate.on_file), spoken_day(candidate.window.closes)
        yield f"The application of {filed} came after filing had closed, on {last}, and does not renew the certificate."
    if life.filing is None or life.filed_on is None:
        return
    filed = spoken_day(life.filed_on)
    if assumed.skipped:
        yield f"An earlier application lacks something; that of {filed} is looked at instead."
    if life.opens is not None and life.as_of < life.opens:
        opens = spoken_day(life.opens)
        yield f"The application of {filed} came before filing opens, on {opens}; whether it is accepted is not known."
    if life.is_late and life.timely_until is not None and life.step == "renewal":
        yield f"The application of {filed} is late: it was to be filed by {spoken_day(life.timely_until)}."
    closes = _still_open_until(life, history.on)
    if assumed.components["outcome"] == "short" and not history.closing and closes is not None:
        yield f"The application of {filed} lacks something; a complete one may be filed until {spoken_day(closes)}."


def _still_open_until(life: Life, on: date) -> date | None:
    """Return the last day of filing, where that is still to come; `None` where it is over or there is none."""
    return life.closes if life.closes is not None and on <= life.closes else None
