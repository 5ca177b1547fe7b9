"""
A person's training sorted for one hours requirement: the credits that may count, and why the others do not.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import repeat
from typing import NamedTuple

from peer_ledger.evaluation._asked_hours import AskedHours, Fit
from peer_ledger.evaluation._carryover import Claim
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._eligibility import Days, unknown_bodies
from peer_ledger.evaluation._event import Event, as_fraction
from peer_ledger.records import Credit
from peer_ledger.reports import Line
from peer_ledger.reports._remarks import Remark, remark
from peer_ledger.rules import Interval, Part, bodies_named
from peer_ledger.values._cached import cached_property
from peer_ledger.values.hours import ONE, ZERO


class Item(NamedTuple):
    """
    A credit that may count.

    Attributes:
        key: What identifies it in an allocation: day, record and place.
        event: The training.
        hours: Its hours; 0 where they are not known.
        is_vague: Whether its hours are not known.
        fit: What it fits; nothing for certain while its hours are not known.
    """

    key: str
    event: Event
    hours: Fraction
    is_vague: bool
    fit: Fit


class EligibleCredits:
    """
    The credits of one person that may count for one hours requirement.

    Args:
        context: The records and readings.
        asked: The requirement.
        earning: The days that count.
        before: The claim of the cycle before, which may leave credits to this one; `None` where nothing is carried.
        again: The ids of trainings of courses that were already counted, each with the reason.

    Attributes:
        items: The credits that may count, those carried from the cycle before last.
        carried: The credits that the cycle before may leave to this one, by key.
        vague: The ids of the records whose hours are not known.
    """

    def __init__(
        self,
        context: Context,
        asked: AskedHours,
        earning: Interval | None,
        before: Claim | None = None,
        again: Mapping[str, Remark] | None = None,
    ) -> None:
        self._context, self._asked, self._earning = context, asked, earning
        self._first, self._last = context.days(earning)
        self._again = again or {}
        self.items: list[Item] = []
        self._left_out: list[tuple[Event, int | Fraction, Credit | None, Remark]] = []
        self.vague: list[str] = []
        self.carried = dict(_carried(before, carried_name(asked)))
        self._gather()
        self.items += self.carried.values()

    @cached_property
    def is_unsure(self) -> bool:
        """Whether an unknown detail of a credit decides what it fits."""
        return any(not item.fit.is_sure for item in self.items)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """A line for each credit that cannot count."""
        return tuple(
            [
                line_of(event, self._hours_of(credit) if isinstance(place, int) else place, ZERO, why)
                for event, place, credit, why in self._left_out
            ]
        )

    def seen_of(self, event: Event) -> Hashable:
        """Return what the requirement sees of a training: the hours of each credit, and what it fits."""
        return tuple(
            [
                (self._hours_of(credit), self._asked.fit(event, credit, self.why_outside_part))
                for credit in ((None,) if event.credits is None else event.credits)
            ]
        )

    def why_outside_part(self, part: Part, event: Event) -> Remark | None:
        """Return the reason why an event is outside the days of a part; `None` when it is inside."""
        days = self._asked.days.get(part.id)
        return None if days is None else Days(*days, self._context.life.as_of).why_outside(event)

    def _gather(self) -> None:
        """Sort the training into credits that may count, and lines that say why the rest cannot."""
        days, again = Days(self._first, self._last, self._context.life.as_of), self._again
        kinds = iter(self._asked.kinds_of(self._context.history) or repeat(None))
        for event in self._context.history.events:
            outside = days.why_outside(event) or (again.get(event.record.id) if again else None)
            if event.claimed:
                self._refuse(event, outside)
            is_outside = outside is not None and outside.kind != "days-not-known"
            for place, credit in enumerate((None,) if event.credits is None else event.credits):
                kind = next(kinds)
                if self.carried and _key(event, place) in self.carried:
                    continue
                if is_outside and outside is not None:
                    self._left_out.append((event, place, credit, outside))
                else:
                    self._take(event, place, credit, outside, kind)

    def _refuse(self, event: Event, outside: Remark | None) -> None:
        """Add a line for the hours that a reviewer did not grant."""
        if outside is None:
            rest = self._in_hours(event.claimed) - self._in_hours(event.credits or ())
            if rest > 0:
                self._left_out.append((event, rest, None, remark("not-granted")))

    def _in_hours(self, credits_: Iterable[Credit]) -> Fraction:
        worth = self._context.worth
        return sum((Fraction(credit.amount) * worth.get(credit.unit, Fraction(0)) for credit in credits_), Fraction(0))

    def _why_no_kind(self, event: Event) -> Remark:
        """Return the reason why training is not of the kind that counts, with the approving body if it is unknown."""
        counts = self._context.readings.of(self._asked.hours.counts)
        unknown = unknown_bodies(event.approved_by, self._context.readings)
        if not unknown or counts is None or not bodies_named(counts):
            return remark("not-of-kind")
        return remark("approver-not-known", bodies=tuple(sorted(unknown)))

    def _take(self, event: Event, place: int, credit: Credit | None, outside: Remark | None, kind: int | None) -> None:
        """Take a credit as an item, or add a line that says why not; its hours are vague in a unit of unknown worth."""
        fit = self._asked.fit(event, credit, self.why_outside_part, kind)
        if fit is None or outside is not None:
            # Of another kind it would not count on any day.
            why_not = outside if fit is not None and outside is not None else self._why_no_kind(event)
            self._left_out.append((event, place, credit, why_not))
            return
        hours = self._hours_of(credit)
        if hours is None:
            if credit is None:
                why_not = remark("amount-not-recorded", unit=self._context.ruleset.counts_in)
            else:
                why_not = remark("unit-without-worth", recorded_unit=credit.unit)
            self._left_out.append((event, place, credit, why_not))
            self.vague.append(event.record.id)
            fit = fit._replace(fits=frozenset())
        known = ZERO if hours is None else hours
        self.items.append(Item(key=_key(event, place), event=event, hours=known, is_vague=hours is None, fit=fit))

    def _hours_of(self, credit: Credit | None) -> Fraction | None:
        """Return the hours of a credit; `None` where they are not known."""
        worth = None if credit is None else self._context.worth.get(credit.unit)
        if credit is None or worth is None:
            return None
        return as_fraction(credit.amount) if worth is ONE else as_fraction(credit.amount) * worth


def carried_name(asked: AskedHours) -> str:
    """Return the name of the hours carried from the cycle before, in an allocation."""
    return f"{asked.hours.id} carried"


def line_of(event: Event, recorded: Fraction | None, counted: Fraction, why_not: Remark | None) -> Line:
    """Return the line of a report about a credit."""
    record = event.record
    return Line(record=record.id, day=record.completed, recorded=recorded, counted=counted, why_not=why_not)


def _carried(before: Claim | None, name: str) -> Iterator[tuple[str, Item]]:
    """Yield the credits that the cycle before may leave to this one: those earned in it that no cap limits."""
    # In the common allocation a carried credit may serve the cycle before or, up to the carry-over limit, this one;
    # the cycle before takes what it needs, so only the rest is left. What was carried into it is not carried on.
    fits, nothing = frozenset({name}), frozenset[str]()
    for key, credit in (before.credits if before is not None else {}).items():
        if credit.is_own and not credit.caps:
            fit = Fit(fits=fits, might_fit=fits, caps=nothing, sure_caps=nothing)
            yield key, Item(key=key, event=credit.event, hours=credit.hours, is_vague=False, fit=fit)


def _key(event: Event, place: int) -> str:
    return f"{event.record.completed.isoformat()} {event.record.id} {place:03}"
