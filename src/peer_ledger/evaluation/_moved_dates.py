"""
Dates of a grant that rulings of the board moved.
"""

from datetime import date

from peer_ledger.evaluation._history import History
from peer_ledger.records import Ruling


def moved(history: History, name: str, day: date, since: date, until: date | None) -> date:
    """
    Return a date as the last ruling moved it: a ruling made during the grant, or one that names days with the date.

    Args:
        history: The records.
        name: The date: `due`, `late_until` or `opens`.
        day: The day without a ruling.
        since: The day of the grant.
        until: The day of the next grant; `None` when none follows.
    """
    if not history.rulings:
        return day
    rulings = [
        (ruling.on, ruling.id, ruling.day)
        for ruling in history.rulings
        if ruling.effect == "moves" and ruling.requirement == name
        and (_is_for(ruling, day) or (since <= ruling.on and (until is None or ruling.on < until)))
        and (ruling.first_day is None or ruling.first_day <= day)
        and (ruling.last_day is None or day <= ruling.last_day)
    ]  # fmt: skip
    return max(rulings)[2] or day if rulings else day


def _is_for(ruling: Ruling, day: date) -> bool:
    """Return whether a ruling names the days it is for, and the date is one of them."""
    return ruling.first_day is not None and ruling.last_day is not None and ruling.first_day <= day <= ruling.last_day
