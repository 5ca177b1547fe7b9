"""
Check of one hours requirement against one person's training.
"""

from collections.abc import Hashable, Iterator, Mapping
from copy import copy
from fractions import Fraction
from typing import Final

import attrs

from peer_ledger.evaluation._alike import Alike, alike_in
from peer_ledger.evaluation._asked_hours import AskedHours, Fit
from peer_ledger.evaluation._carryover import Claim, Step, claims_before, closed_on, in_common
from peer_ledger.evaluation._classes import Classes
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._decided import Rank, decided
from peer_ledger.evaluation._doubt import deciding, doubt_of
from peer_ledger.evaluation._eligibility import Days
from peer_ledger.evaluation._eligible_credits import EligibleCredits
from peer_ledger.evaluation._event import Event
from peer_ledger.evaluation._hours_cells import HoursCells
from peer_ledger.evaluation._hours_claim import with_claim_of
from peer_ledger.evaluation._hours_findings import HoursFindings
from peer_ledger.evaluation._hours_plan import HoursPlan
from peer_ledger.evaluation._once_ever import counted_so_far, later_ones
from peer_ledger.evaluation._one_world import Settled
from peer_ledger.evaluation._same_records import by_key
from peer_ledger.reports import Finding, Result, Subject
from peer_ledger.reports._remarks import Remark
from peer_ledger.rules import UNKNOWN_APPROVALS, UNRECORDED_TRAINING, Hours, Interval
from peer_ledger.values._cached import cached_property

ALONE: Final = (Alike((), once=False), Alike((), once=True))
"""Of trainings that are not one with each other, which are: none; where courses count each time, and where once."""

NO_CLASSES: Final = Classes()
"""Their classes."""


class HoursCheck:
    """
    One hours requirement checked against one person's training.

    Args:
        context: The records and readings it is checked against.
        hours: The requirement.
        earning: The days that count.
        claims: The hours that other requirements use first; `None` to find them.

    Attributes:
        subject: The subject of its findings, hours.
        result: Whether it is met.
    """

    subject: Subject = "hours"

    def __init__(
        self,
        context: Context,
        hours: Hours,
        earning: Interval | None,
        *,
        claims: tuple[Claim, ...] | None = None,
    ) -> None:
        known = context.known_asked(context, hours) if context.known_asked is not None else None
        self._context, self._asked, self._earning = context, known or AskedHours(context, hours), earning
        self._claims = claims_before(context, hours, _settle) if claims is None else claims
        self._alike = self._alike_trainings()
        if self._alike in ALONE and context.settled is None:
            (self._credits, self._plan), self._is_exact = self._under(NO_CLASSES), True
        else:
            (self._credits, self._plan), self._is_exact = decided(context, self._alike, self._under, _rank)
        self.result = self._result()

    def in_world(self, world: Settled) -> "HoursCheck":
        """Return the same check in a world in which it is settled which trainings are one."""
        context = attrs.evolve(self._context, settled=world)
        if self._claims:  # what earlier requirements use may depend on it, too
            return HoursCheck(context, self._asked.hours, self._earning)
        found = copy(self)
        found.__dict__.pop("_doubt", None)
        found._context, found._alike = context, found._settled_trainings()
        (found._credits, found._plan), found._is_exact = decided(context, found._alike, found._under, _rank)
        found.result = found._result()
        return found

    def _alike_trainings(self) -> Alike:
        """Return which trainings are one, and which may be."""
        is_once = self._asked.repeats != "count"
        if not self._context.history.repeated and not self._claims:
            return ALONE[is_once]
        if self._context.settled is not None:
            return self._settled_trainings()
        history, first_counts = self._context.history, self._asked.repeats == "once-ever"
        seen = {event.record.id: self._seen_as(event) for event in history.trainings}
        return alike_in(history, history.trainings, self._comparable, seen, once=is_once, first_counts=first_counts)

    def _settled_trainings(self) -> Alike:
        return Alike(self._comparable, once=self._asked.repeats != "count", is_settled=True)

    @cached_property
    def _comparable(self) -> list[Event]:
        """The trainings of which some may be one: those that may count, now or for a requirement settled before."""
        if self._asked.repeats == "once-ever":
            return counted_so_far(self._context, self._asked.hours, self._earning)
        claimed = [credit.event for claim in self._claims for credit in claim.credits.values()]
        return [*(item.event for item in self._all.items), *claimed]

    @cached_property
    def _all(self) -> EligibleCredits:
        """The credits that may count, whichever of the trainings are one."""
        return self._eligible({})

    def _under(self, classes: Classes) -> tuple[EligibleCredits, HoursPlan]:
        """Return the credits that may count, and their allocation, where some trainings are one."""
        if self._asked.repeats != "once-ever":
            return self._all, HoursPlan(self._asked, self._all, self._claims, classes, self._cells)
        credits_ = self._eligible(later_ones(self._comparable, classes))
        return credits_, HoursPlan(self._asked, credits_, self._claims, Classes(wrong=classes.wrong))

    @cached_property
    def _cells(self) -> HoursCells:
        """The same as an allocation sees them."""
        return HoursCells(self._asked, self._all, self._claims)

    def _seen_as(self, event: Event) -> Hashable:
        """Return what the requirement, and those that were settled before it, see of a training."""
        return self._all.seen_of(event), tuple(self._claimed.get(event.record.id, ()))

    @cached_property
    def _claimed(self) -> Mapping[str, list[Hashable]]:
        """What requirements that were settled before see of each training."""
        return by_key(
            (credit.event.record.id, (credit.hours, credit.fits, credit.caps))
            for claim in self._claims
            for credit in claim.credits.values()
        )

    def _eligible(self, again: Mapping[str, Remark]) -> EligibleCredits:
        return EligibleCredits(self._context, self._asked, self._earning, self._claim_of_cycle_before(), again)

    @property
    def id(self) -> str:
        """The id of the requirement."""
        return self._asked.hours.id

    @property
    def short(self) -> Fraction:
        """The hours that are missing."""
        return self._plan.short

    @property
    def asked(self) -> AskedHours:
        """What is asked."""
        return self._asked

    @property
    def plan(self) -> HoursPlan:
        """The allocation of the credits."""
        return self._plan

    @property
    def earning(self) -> Interval | None:
        """The days that count."""
        return self._earning

    def fit_of(self, event: Event) -> Fit | None:
        """Return what the first credit of a further training would fit; `None` where it would not count."""
        days = Days(*self._context.days(self._earning), self._context.life.as_of)
        if days.why_outside(event) is not None or not event.credits:
            return None
        return self._asked.fit(event, event.credits[0], self._credits.why_outside_part)

    def findings(self) -> Iterator[Finding]:
        """Yield the finding of the requirement, then those of its parts."""
        return HoursFindings(
            self._context,
            self._asked,
            self._credits,
            self._plan,
            self._claims,
            result=self.result,
            is_open=self._is_open,
            doubt=self._doubt,
        ).all()

    def with_claim(self, step: Step) -> tuple[Claim, ...]:
        """Return the earlier claims and the hours it uses before the requirements that are settled later."""
        return with_claim_of(step, self._asked, self._credits, self._plan, self._claims)

    def _claim_of_cycle_before(self) -> Claim | None:
        """Return the claim of the cycle before; `None` where nothing is carried from it."""
        grant = self._context.life.grant
        if self._asked.hours.carry_over is None or grant is None:
            return None
        name = in_common(closed_on(self._context.ruleset.id, grant.day), self._asked.hours.id)
        return next((claim for claim in self._claims if claim.name == name), None)

    def _result(self) -> Result:
        """Return whether the requirement is met; where only unknown details could make it met, a question decides."""
        if self._plan.proof.allocation.met:
            return "met"
        if self._doubt is not None:
            return "undetermined"
        if not self._is_open or not self._plan.favorable.met:
            return "undetermined" if self._may_be_approved() else "short"
        if self._plan.unstated or self._plan.is_unbounded:
            return "undetermined"
        counts = self._context.readings.take(UNRECORDED_TRAINING.id) == "counts"
        return "undetermined" if UNRECORDED_TRAINING.id in self._context.still_open else "met" if counts else "short"

    @cached_property
    def _doubt(self) -> Remark | None:
        """What of the trainings that look alike leaves it open whether the requirement is met; `None` when nothing."""
        if self._plan.proof.allocation.met or (self._is_exact and not self._alike.questions):
            return None
        return doubt_of(deciding(self._context, self._alike, self._result_under), is_exact=self._is_exact)

    def _result_under(self, context: Context) -> Result:
        return HoursCheck(context, self._asked.hours, self._earning).result

    def _may_be_approved(self) -> bool:
        """Return whether it would not be short if approvals by bodies that the rule set does not know counted."""
        if UNKNOWN_APPROVALS not in self._context.still_open:
            return False
        readings = self._context.readings.taking(UNKNOWN_APPROVALS, "counts")
        context = attrs.evolve(self._context, readings=readings, still_open=frozenset({UNRECORDED_TRAINING.id}))
        return self._result_under(context) != "short"

    @property
    def _is_open(self) -> bool:
        return bool(self._plan.unstated or self._plan.is_unbounded or self._credits.is_unsure)


def _rank(made: tuple[EligibleCredits, HoursPlan]) -> Rank:
    plan = made[1]
    missing = -plan.short
    if plan.proof.allocation.met:
        return 2, missing
    return int(plan.favorable.met), missing


def _settle(step: Step, claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    edition = step.context.life.edition
    earning = step.hours.earning or (edition.earning if edition is not None else None)
    return HoursCheck(step.context, step.hours, earning, claims=claims).with_claim(step)
