"""
The cycles of a certificate without an end, which follow each other without an act.
"""

from collections.abc import Iterator
from datetime import date

import attrs

from peer_ledger.evaluation._cycle_ends import end_after
from peer_ledger.evaluation._days import LAST_DAY
from peer_ledger.evaluation._life import Grant
from peer_ledger.evaluation._moves import Moves
from peer_ledger.values.dates import DAY


def following(grant: Grant, moves: Moves, until: date) -> Iterator[tuple[Grant, date]]:
    """
    Yield the cycles that follow a grant without an act and begin before a day, with their due dates as computed.

    Args:
        grant: The grant.
        moves: The rulings that move due dates.
        until: The day.
    """
    while grant.is_due_known and grant.due + DAY < until and grant.due < LAST_DAY:
        begins, plain = grant.due + DAY, end_after(grant, grant.due)
        # A day before the cycle is that of a ruling on another one.
        due = moves.of(plain, begins, plain + DAY)
        due = plain if due < begins else due
        grant = attrs.evolve(
            grant, day=begins, number=grant.number + 1, begins=begins, due=due, printed=False, day_known=True
        )
        yield grant, plain
