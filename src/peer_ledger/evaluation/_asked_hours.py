"""
An hours requirement in one context: what of it is asked, how much, and which credits fit it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from datetime import date
from fractions import Fraction
from typing import NamedTuple, Protocol

from peer_ledger import allocation
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._eligibility import counts_as
from peer_ledger.evaluation._event import Event
from peer_ledger.evaluation._history import History
from peer_ledger.records import Credit
from peer_ledger.rules import Hours, Part, Readings, Unstated
from peer_ledger.values._cached import cached_property

MOST_PLANS = 64
"""For how many units of an allocation the plan is kept."""


class Fit(NamedTuple):
    """
    What a credit fits, known twice: with every unknown detail against it, and with every unknown detail in its favor.

    Attributes:
        fits: The requirement and the parts that it certainly fits.
        might_fit: Those that it may fit.
        caps: The caps that may limit it.
        sure_caps: The caps that certainly limit it.
    """

    fits: frozenset[str]
    might_fit: frozenset[str]
    caps: frozenset[str]
    sure_caps: frozenset[str]

    @property
    def is_sure(self) -> bool:
        """Whether no unknown detail matters."""
        return self.fits == self.might_fit and self.caps == self.sure_caps


class KnownFits(Protocol):
    """
    What training fits by its kind, which was found out before.
    """

    def kinds_of(self, history: History) -> list[int] | None:
        """Return the kind of each credit of the events of a history; `None` where it is not known of all."""

    def find(self, event: Event, credit: Credit | None, kind: int | None = None) -> tuple[bool, Fit | None]:
        """Return whether it is known what a credit fits, and what that is; `None` where it does not count."""


class AskedHours:
    """
    An hours requirement in one context.

    Args:
        context: The records and readings.
        hours: The requirement.

    Attributes:
        hours: The requirement.
        parts: The parts that are asked, by the id of the requirement or part that they are in.
        needs: The hours needed, by the id of the requirement or part.
        limits: The hours that each cap allows, by its id, for the caps that hold.
        days: The first and the last day of the parts that have days of their own, by id.
        repeats: Whether repeated courses count.
        divisible: Whether a credit may be split between parts.
    """

    _known: "KnownFits | None"

    def __init__(self, context: Context, hours: Hours) -> None:
        self.hours, self._known = hours, None
        self._plans: dict[int, allocation.Plan] = {}
        self._needed: dict[str, Fraction | None] = {}
        self.parts: dict[str, tuple[Part, ...]] = {}
        self.needs: dict[str, Fraction | Unstated] = {hours.id: context.need(hours.id, hours.need)}
        self.days: dict[str, tuple[date | None, date | None]] = {}
        self._surplus_counts: dict[str, bool] = {}
        self._readings = context.readings
        self._ask(context, hours)
        self._caps = tuple(cap for cap in hours.caps if context.is_asked(cap))
        self.limits = {cap.id: context.need(cap.id, cap.at_most) for cap in self._caps}
        self.repeats: str = context.readings.of(hours.repeats)
        self.divisible: bool = context.readings.of(hours.divisible)

    def known(self, readings: Readings, fits: "KnownFits") -> "AskedHours":
        """
        Return the same for another person of whom the same is asked.

        Args:
            readings: The same readings, for the questions that this person's training depends on.
            fits: What each kind of training fits.
        """
        found = copy(self)
        found._readings, found._known = readings, fits
        return found

    def _ask(self, context: Context, rule: Hours | Part) -> None:
        self.parts[rule.id] = tuple(part for part in rule.parts if context.is_asked(part))
        for part in self.parts[rule.id]:
            self.needs[part.id] = context.need(part.id, part.need)
            self._surplus_counts[part.id] = context.readings.of(part.surplus_counts)
            if part.within is not None:
                self.days[part.id] = context.days(part.within)
            self._ask(context, part)

    @cached_property
    def unstated(self) -> dict[str, Unstated]:
        """The figures that no source states, by the id of their requirement, part or cap."""
        figures = {**self.needs, **self.limits}
        return {name: figure for name, figure in figures.items() if isinstance(figure, Unstated)}

    def below(self, rule: Hours | Part) -> Iterator[Part]:
        """Yield the parts that are asked within a requirement or part, at any depth."""
        for part in self.parts[rule.id]:
            yield part
            yield from self.below(part)

    def stated(self, name: str) -> Fraction | None:
        """Return the hours needed; `None` where no source states them."""
        need = self.needs[name]
        return None if isinstance(need, Unstated) else need

    def needed(self, rule: Hours | Part) -> Fraction | None:
        """Return the hours needed: its own figure, or the hours its parts need together if that is more."""
        if rule.id not in self._needed:
            self._needed[rule.id] = self._all_needed(rule)
        return self._needed[rule.id]

    def _all_needed(self, rule: Hours | Part) -> Fraction | None:
        need = self.stated(rule.id)
        parts = [self.needed(part) or Fraction(0) for part in self.parts[rule.id]]
        below = max(parts, default=Fraction(0)) if rule.together == "shared" else sum(parts, Fraction(0))
        return None if need is None else max(need, below)

    def kinds_of(self, history: History) -> list[int] | None:
        """Return the kind of each credit of the events of a history; `None` where that is not known before."""
        return None if self._known is None else self._known.kinds_of(history)

    def fit(
        self,
        event: Event,
        credit: Credit | None,
        is_outside: Callable[[Part, Event], object],
        kind: int | None = None,
    ) -> Fit | None:
        """
        Return what a credit fits; `None` where it does not count for the requirement.

        Args:
            event: The training.
            credit: Its credit; `None` when that is not known.
            is_outside: Whether an event is outside the days of a part.
            kind: The kind of the credit, as in `kinds_of`; `None` to find it.
        """
        if self._known is not None:
            is_known, fit = self._known.find(event, credit, kind)
            if is_known:
                return fit
        counts = counts_as(self.hours.counts, event, credit, self._readings)
        if counts is False:
            return None
        certain, possible = self._parts_fitted(self.hours, event, credit, is_outside)
        caps = {
            cap.id: within
            for cap in self._caps
            if (within := counts_as(cap.counts, event, credit, self._readings)) is not False
        }
        return Fit(
            fits=frozenset(certain if counts else ()),
            might_fit=frozenset(certain | possible),
            caps=frozenset(caps),
            sure_caps=frozenset(cap for cap, within in caps.items() if within),
        )

    def _parts_fitted(
        self, rule: Hours | Part, event: Event, credit: Credit | None, is_outside: Callable[[Part, Event], object]
    ) -> tuple[set[str], set[str]]:
        """Return the rule and the parts of it that a credit certainly fits, and those that it may fit."""
        # A credit that fits a part which does not spill serves only the part: what is above it is taken away again.
        certain, possible = {rule.id}, set[str]()
        for part in self.parts[rule.id]:
            fits = counts_as(part.counts, event, credit, self._readings)
            if fits is False or is_outside(part, event):
                continue
            inner, maybe = self._parts_fitted(part, event, credit, is_outside)
            if fits and not self._surplus_counts[part.id]:
                certain -= {rule.id}
            (certain if fits else possible).update(inner)
            possible |= maybe
        return certain, possible

    def largest(self, scale: int, beyond: int) -> dict[str, int]:
        """
        Return how many units each need that no source states may be: as part of a whole, no more than is left of it.

        Args:
            scale: How many units of the allocation an hour has.
            beyond: How many units are more than all there are.
        """
        return dict(self._largest(self.hours, scale, beyond))

    def _largest(self, rule: Hours | Part, scale: int, most: int) -> Iterator[tuple[str, int]]:
        need = self.stated(rule.id)
        if need is None:
            yield rule.id, most
        parts = [(part, self.stated(part.id)) for part in self.parts[rule.id]]
        beside = sum((stated for _, stated in parts if stated is not None), Fraction(0))
        taken = 0 if rule.together == "shared" or need is None else int(beside * scale)
        left = max((most if need is None else int(need * scale)) - taken, 0)
        for part, _ in parts:
            yield from self._largest(part, scale, left)

    def demand(
        self, scale: int, unstated: Mapping[str, int], beside: Iterable[allocation.Demand] = ()
    ) -> allocation.Demand:
        """
        Return what is asked as a demand of an allocation.

        Args:
            scale: How many units of the allocation an hour has.
            unstated: How many units are needed where no source states how much, by the id of the requirement or part.
            beside: Further demands inside the requirement.
        """
        return self._demand(self.hours, scale, unstated, beside, surplus_counts=True)

    def _demand(
        self,
        rule: Hours | Part,
        scale: int,
        unstated: Mapping[str, int],
        beside: Iterable[allocation.Demand] = (),
        *,
        surplus_counts: bool,
    ) -> allocation.Demand:
        children = [
            self._demand(part, scale, unstated, surplus_counts=self._surplus_counts[part.id])
            for part in self.parts[rule.id]
        ]
        children += beside
        need = self.stated(rule.id)
        minimum = unstated[rule.id] if need is None else int(need * scale)
        if rule.together != "shared":  # hours in a part are in the whole, whatever figure the whole states
            minimum = max(minimum, sum(child.minimum for child in children))
        return allocation.Demand(
            name=rule.id,
            minimum=minimum,
            maximum=None if surplus_counts else minimum,
            children=children,  # type: ignore[arg-type]  # the converter freezes it
            group="shared" if rule.together == "shared" else "exclusive",
        )

    def plan(self, scale: int) -> allocation.Plan:
        """Return what is asked and allowed as a plan of allocation, where every figure is stated."""
        found = self._plans.get(scale)
        if found is None:
            if len(self._plans) >= MOST_PLANS:
                self._plans.clear()
            found = allocation.compile_plan(self.demand(scale, {}), limits=self.allowed(scale, {}))
            self._plans[scale] = found
        return found

    def allowed(self, scale: int, unstated: Mapping[str, int]) -> tuple[allocation.Limit, ...]:
        """
        Return the caps that hold as limits of an allocation.

        Args:
            scale: How many units of the allocation an hour has.
            unstated: How many units are allowed where no source states how much, by the id of the cap.
        """
        return tuple(
            allocation.Limit(name=name, maximum=unstated[name] if isinstance(limit, Unstated) else int(limit * scale))
            for name, limit in self.limits.items()
        )
