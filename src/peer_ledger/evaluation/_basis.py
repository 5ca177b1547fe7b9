"""
The steps in which grants are made, and what each grant rests on.
"""

from datetime import date
from typing import NamedTuple

from peer_ledger.reports import Standing


class Step(NamedTuple):
    """
    The end of an act, or a grant that was made and is followed by another one without an act.

    Attributes:
        place: The place of the act.
        ended: At the end of an act: the standing that it gives; `None` for a grant.
        is_whole: Whether it is the end of the act.
    """

    place: int
    ended: Standing | None = None
    is_whole: bool = False


class Hinge(NamedTuple):
    """
    A due date that decides whether a reinstatement only lifted a suspension, and so which act is the next grant.

    Attributes:
        due: The due date without a ruling, as if no other grant followed.
        restarts: The last day on which an award on a common clock restarts the cycle, as if no other grant followed.
        lifted: The day of the last reinstatement that only lifts a suspension, so that the cycle is due no earlier.
        before: The day of the next grant where that begins another cycle, so that the cycle is due before.
    """

    due: date
    restarts: date
    lifted: date
    before: date


class Basis(NamedTuple):
    """
    What a grant rests on.

    Attributes:
        place: The place of the act that it follows.
        granted: The place of the grant that the last act made: of itself, unless it followed without an act.
        due: Its due date without a ruling.
        until: The day from which on a ruling is not made during it.
        restarts: The last day on which an award on a common clock restarts its cycle; the first day of the calendar for
            one that followed without an act.
        hinge: The due date that decides which act is the next grant; `None` where none does.
    """

    place: int
    granted: int
    due: date
    until: date
    restarts: date = date.min
    hinge: Hinge | None = None
