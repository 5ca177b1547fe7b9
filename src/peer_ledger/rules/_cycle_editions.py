"""
A cycle that a board changed: its length or its day is another one from a day on.
"""

from datetime import date
from typing import ClassVar, Literal

import attrs
from attrs import field

from peer_ledger.errors import Problem
from peer_ledger.rules._cycles import Anniversary, Birthday, Chosen, Cohorts, CycleRule, FixedDate, UnknownCycle
from peer_ledger.rules._questions import ByQuestion
from peer_ledger.rules._values import any_of, varying
from peer_ledger.values._checks import fused, optional, refused
from peer_ledger.values._fields import DAY, one_of, several


@attrs.frozen(kw_only=True, field_transformer=fused)
class DatedCycle:
    """
    How a board maps cycles onto the calendar from a day on.

    Attributes:
        first_day: The first deciding day of this edition; `None` for the first one.
        cycle: The cycle.
    """

    first_day: date | None = field(default=None, validator=optional(DAY))
    cycle: CycleRule | ByQuestion = field(
        validator=varying(any_of(Anniversary, FixedDate, Birthday, Cohorts, Chosen, UnknownCycle))
    )


@attrs.frozen(kw_only=True, field_transformer=fused)
class CycleEditions:
    """
    Cycles whose length or day the board changed, once or more.

    A cycle keeps the edition under which it began.  Where the next one falls under another edition, it is counted from
    the end of the one before, as the first cycle after an award is.

    Attributes:
        decided_by: The day that selects the edition: the first day of the cycle, or the day of the grant, on which a
            renewal may be issued before its cycle begins.
        editions: The editions, oldest first.
    """

    kind: ClassVar[str] = "editions"

    decided_by: Literal["cycle-start", "grant"] = field(
        default="cycle-start", validator=one_of(Literal["cycle-start", "grant"])
    )
    editions: tuple[DatedCycle, ...] = field(validator=several(DatedCycle))

    def __attrs_post_init__(self) -> None:
        first, *later = [one.first_day for one in self.editions]
        problems = []
        if first is not None:
            problems.append(Problem("editions[0].first_day", "is left out of the first edition"))
        before = date.min
        for place, day in enumerate(later, start=1):
            if day is None:
                problems.append(Problem(f"editions[{place}].first_day", "is missing; only the first edition has none"))
            elif day <= before:
                problems.append(Problem(f"editions[{place}].first_day", f"must be after {before}"))
            before = day or before
        if not later:
            problems.append(Problem("editions", "must be two or more; a cycle that never changed needs none"))
        if problems:
            raise refused(self, tuple(problems))

    def on(self, day: date) -> CycleRule | ByQuestion:
        """
        Return the cycle that a deciding day selects.

        >>> old, new = Anniversary(months=12), Anniversary(months=24)
        >>> two = CycleEditions(editions=(DatedCycle(cycle=old), DatedCycle(first_day=date(2016, 6, 3), cycle=new)))
        >>> [two.on(day).months for day in (date(2016, 6, 2), date(2016, 6, 3))]
        [12, 24]
        """
        return [one.cycle for one in self.editions if one.first_day is None or one.first_day <= day][-1]
