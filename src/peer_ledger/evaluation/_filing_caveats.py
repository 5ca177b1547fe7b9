"""
What a reader should know about the filings on file: too early, late, too late, or passed over for another.
"""

from collections.abc import Iterator
from datetime import date

from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import Life
from peer_ledger.evaluation._scenario import Scenario
from peer_ledger.reports._remarks import Remark, remark


def filing_caveats(assumed: Scenario, history: History) -> Iterator[Remark]:
    """
    Yield what is odd about the filings for the next step.

    Args:
        assumed: The answer under the assumed readings.
        history: The records.
    """
    life = assumed.life
    for candidate in life.too_late:
        assert candidate.window is not None, "without a last day of filing none is too late"
        yield remark("filed-after-close", day=candidate.on_file, last_day=candidate.window.closes)
    if life.filing is None or life.filed_on is None:
        return
    filed = life.filed_on
    if assumed.skipped:
        yield remark("earlier-filing-lacks", day=filed)
    if life.opens is not None and life.as_of < life.opens:
        yield remark("filed-too-early", day=filed, first_day=life.opens)
    if life.is_late and life.timely_until is not None and life.step == "renewal":
        yield remark("filed-late", day=filed, last_day=life.timely_until)
    closes = _still_open_until(life, history.on)
    if assumed.components["outcome"] == "short" and not history.closing and closes is not None:
        yield remark("filing-lacks", day=filed, last_day=closes)


def _still_open_until(life: Life, on: date) -> date | None:
    """Return the last day of filing, where that is still to come; `None` where it is over or there is none."""
    return life.closes if life.closes is not None and on <= life.closes else None
