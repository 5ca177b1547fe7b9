"""
The allocation of one person's eligible credits to one hours requirement, together with what was settled before it.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cached_property, lru_cache
from math import lcm
from typing import Literal

import attrs

from peer_ledger import allocation
from peer_ledger.evaluation._alike import Classes
from peer_ledger.evaluation._asked_hours import AskedHours
from peer_ledger.evaluation._carryover import Claim, Taken
from peer_ledger.evaluation._eligible_credits import EligibleCredits, Item, carried_name
from peer_ledger.evaluation._event import Event
from peer_ledger.reports import Proof
from peer_ledger.rules import Unstated

Assumed = Literal["easiest", "hardest", "most"]
"""What unstated figures are assumed to be: the easiest or the hardest to meet, or such that the most counts."""

RELIEF = "~ what is short"
"""The key of a credit that stands for the missing hours; no credit on file has it."""


class HoursPlan:
    """
    An allocation of credits to a requirement.

    Args:
        asked: The requirement.
        credits: The credits that may count.
        claims: The hours that other requirements use first.
        classes: Which trainings are one.

    Attributes:
        classes: Which trainings are one.
        is_unbounded: Whether there were too many ways to place credits, so that not all were tried.
    """

    def __init__(
        self, asked: AskedHours, credits_: EligibleCredits, claims: tuple[Claim, ...], classes: Classes
    ) -> None:
        self._asked, self._credits, self._claims, self.classes = asked, credits_, claims, classes
        self.is_unbounded = False
        self._relieved: dict[int, tuple[allocation.Allocation, dict[str, allocation.Units]]] = {}

    @cached_property
    def proof(self) -> Proof:
        """The allocation with every unknown detail turned out against the person, with what proves it."""
        return self._allocate(favorable=False)

    @cached_property
    def favorable(self) -> allocation.Allocation:
        """Best case: the allocation if every unknown detail turned out favorable."""
        return self._allocate(favorable=True, unstated="easiest").allocation

    @cached_property
    def least(self) -> Proof:
        """
        The allocation of what is missing for certain: unknown details against the person, unstated figures the easiest.

        A figure that no source states is neither 0 nor endless: what is missing here is missing whatever it is.
        """
        return self._allocate(favorable=False, unstated="easiest") if self._asked.unstated else self.proof

    @cached_property
    def shown(self) -> Proof:
        """The allocation of what counts; a requirement whose own figure is unstated counts all that there is."""
        is_own = self._asked.hours.id in self._asked.unstated
        return self._allocate(favorable=False, unstated="most") if is_own else self.least

    @property
    def short(self) -> Fraction:
        """The hours that are missing; where a figure is unstated, those that are missing whatever it is."""
        return self.in_hours(self.least.allocation.shortfall)

    @property
    def may_lack_more(self) -> bool:
        """Whether more hours may be missing, depending on a figure that no source states."""
        return self.proof.allocation.shortfall > self.least.allocation.shortfall

    @cached_property
    def threshold(self) -> Fraction:
        """The largest value of the only unstated figure for which all is met; of a cap, the smallest."""
        [name] = self._asked.unstated
        is_cap = name in self._asked.limits
        met, unmet = (self._beyond, 0) if is_cap else (0, self._beyond)
        while abs(met - unmet) > 1:
            middle = (met + unmet) // 2
            if self._allocate(favorable=False, tried=middle).allocation.met:
                met = middle
            else:
                unmet = middle
        return self.in_hours(met)

    def in_hours(self, amount: allocation.Units) -> Fraction:
        """Return an amount of the allocation in hours."""
        return Fraction(amount) / self._scale

    def is_relieved(self, found: allocation.Allocation) -> bool:
        """Return whether the missing hours of a common allocation were moved onto this requirement, see `relieved`."""
        return bool(self._claims) and not found.met and self._proof_of(found) is not None

    def relieved(self, found: allocation.Allocation) -> tuple[allocation.Allocation, dict[str, allocation.Units]]:
        """
        Return an allocation once the missing hours are added, and how many of them each part of this requirement gets.
        """
        # A common allocation may leave the gap anywhere, also in a requirement that was settled earlier and had its
        # hours. So exactly the missing hours are added as one credit that only this requirement may use: then the
        # earlier requirements keep the training on file, and where that credit sits is what is short here.
        proof, own = self._proof_of(found), frozenset({*self._asked.needs} - {*self._asked.limits})
        assert proof is not None, "only an allocation with a proof is relieved"
        if id(found) not in self._relieved:
            short = proof.allocation.shortfall
            cell = allocation.Cell(amount=int(short), serves=own, limits=frozenset(), key=RELIEF)
            made = proof.plan.allocate([*proof.cells, cell], alternatives=proof.alternatives)
            gets = {given.demand: given.amount for given in made.assignment if given.cell.key == RELIEF}
            self._relieved[id(found)] = made, gets
        return self._relieved[id(found)]

    def _proof_of(self, found: allocation.Allocation) -> Proof | None:
        return next((proof for proof in (self.proof, self.least) if proof.allocation is found), None)

    def claiming(self, key: str) -> frozenset[str]:
        """Return the earlier requirements that a credit may serve."""
        if not self._claims:
            return frozenset()
        return frozenset().union(*(claim.credits[key].fits for claim in self._claims if key in claim.credits))

    def _allocate(self, *, favorable: bool, unstated: Assumed = "hardest", tried: int | None = None) -> Proof:
        """
        Return an allocation of the hours, with what proves it.

        Args:
            favorable: Whether unknown details are assumed to be favorable.
            unstated: Whether unstated figures are assumed to be the easiest or the hardest to meet, or such that the
                most counts.
            tried: A value, in units of the allocation, for the only unstated figure; `None` for that extreme.
        """
        plan = _plan(self._demand(unstated, tried), (*self._limits(unstated, tried), *self._claimed_limits()))
        divisible = self._asked.divisible
        options: list[tuple[Event, list[allocation.Cell]]] = []
        for items in self._by_event():
            option = [
                allocation.Cell(
                    amount=self._plenty if item.is_vague else int(item.hours * self._scale),
                    serves=(item.fit.might_fit if favorable else item.fit.fits) | self.claiming(item.key),
                    limits=item.fit.sure_caps if favorable else item.fit.caps,
                    key=item.key,
                    divisible=divisible,
                )
                for item in items
                if (item.fit.might_fit if favorable else item.fit.fits)
            ]
            options.append((items[0].event, option))
        options += self._claimed_options(divisible=divisible)
        cells, alternatives = self._of_which_one_counts(options, divisible=divisible)
        try:
            found = plan.allocate(cells, alternatives=alternatives)
        except allocation.TooManyCombinations:
            # There are too many choices to try. What the first choice meets is met for certain; and what all choices
            # together do not meet, even when every credit may be split, is short for certain.
            self.is_unbounded = True
            for choice in alternatives:
                chosen = choice.options if favorable else choice.options[:1]
                cells += [cell for option in chosen for cell in option]
            alternatives = []
            if not divisible and not favorable:
                cells = []
            found = plan.allocate([attrs.evolve(cell, divisible=True) for cell in cells])
        return Proof(plan=plan, cells=tuple(cells), alternatives=tuple(alternatives), allocation=found)

    def _of_which_one_counts(
        self, options: Iterable[tuple[Event, list[allocation.Cell]]], *, divisible: bool
    ) -> tuple[list[allocation.Cell], list[allocation.Alternatives]]:
        """Return the credits of trainings that count by themselves, and the choices among those that are one."""
        cells: list[allocation.Cell] = []
        repeated: dict[str, dict[str, list[allocation.Cell]]] = {}
        for event, option in options:
            if self.classes.is_alone(event):
                cells += option
            else:
                choice = repeated.setdefault(self.classes.first_of(event).record.id, {})
                choice.setdefault(event.record.id, []).extend(option)
        alternatives = []
        for given in repeated.values():
            undominated = _undominated(list(given.values()), divisible=divisible)
            if len(undominated) == 1:
                cells += undominated[0]
            else:
                alternatives.append(allocation.Alternatives(options=undominated))
        return cells, alternatives

    def _demand(self, unstated: Assumed, tried: int | None) -> allocation.Demand:
        """Return what is asked, beside what was settled before."""
        hours, beside = self._asked.hours, []
        if hours.carry_over is not None and self._credits.carried:
            most = int(Fraction(hours.carry_over.at_most) * self._scale)
            beside.append(allocation.Demand(name=carried_name(self._asked), minimum=0, maximum=most))
        otherwise = tried if tried is not None else 0 if unstated == "easiest" else self._beyond
        root = self._asked.demand(self._scale, otherwise, beside)
        if not self._claims:
            return root
        trees = [root, *(self._claimed(claim.taken) for claim in self._claims)]
        return allocation.Demand(
            name="all",
            minimum=0,
            children=trees,  # type: ignore[arg-type]  # the converter freezes it
            group="exclusive",
        )

    def _claimed(self, taken: Taken) -> allocation.Demand:
        amount = int(taken.hours * self._scale)
        parts = [self._claimed(part) for part in taken.parts]
        return allocation.Demand(
            name=taken.name,
            minimum=amount,
            maximum=None if taken.at_most is None else int(taken.at_most * self._scale),
            children=parts,  # type: ignore[arg-type]  # the converter freezes it
            group=taken.together,
        )

    def _limits(self, unstated: Assumed, tried: int | None) -> tuple[allocation.Limit, ...]:
        otherwise = tried if tried is not None else 0 if unstated == "hardest" else self._beyond
        return self._asked.allowed(self._scale, otherwise)

    def _claimed_limits(self) -> Iterator[allocation.Limit]:
        for claim in self._claims:
            for name, limit in claim.caps.items():
                yield allocation.Limit(name=name, maximum=int(limit * self._scale))

    def _claimed_options(self, *, divisible: bool) -> Iterable[tuple[Event, list[allocation.Cell]]]:
        """Return the credits that serve earlier requirements only, by training."""
        own = {item.key for item in self._credits.items}
        others = {key: credit for claim in self._claims for key, credit in claim.credits.items() if key not in own}
        found: dict[str, tuple[Event, list[allocation.Cell]]] = {}
        for key, credit in others.items():
            cell = allocation.Cell(
                amount=int(credit.hours * self._scale),
                serves=self.claiming(key),
                limits=frozenset().union(*(claim.credits[key].caps for claim in self._claims if key in claim.credits)),
                key=key,
                divisible=divisible,
            )
            found.setdefault(credit.event.record.id, (credit.event, []))[1].append(cell)
        return found.values()

    def _by_event(self) -> Iterable[list[Item]]:
        events: dict[str, list[Item]] = {}
        for item in self._credits.items:
            events.setdefault(item.event.record.id, []).append(item)
        return events.values()

    @cached_property
    def _plenty(self) -> int:
        """More units than all stated figures need together."""
        needs = self._asked.needs.values()
        return sum(int(need * self._scale) for need in needs if not isinstance(need, Unstated)) + 1

    @cached_property
    def _beyond(self) -> int:
        """More units than all credits have together."""
        return sum(int(item.hours * self._scale) for item in self._credits.items) + 1

    @cached_property
    def _scale(self) -> int:
        """How many units of the allocation an hour has, so that every figure and credit is a whole number of units."""
        figures = [
            figure.denominator
            for figure in (*self._asked.needs.values(), *self._asked.limits.values())
            if not isinstance(figure, Unstated)
        ]
        figures += [amount.denominator for claim in self._claims for amount in _amounts(claim.taken)]
        figures += [credit.hours.denominator for claim in self._claims for credit in claim.credits.values()]
        figures += [limit.denominator for claim in self._claims for limit in claim.caps.values()]
        if self._asked.hours.carry_over is not None:
            figures.append(Fraction(self._asked.hours.carry_over.at_most).denominator)
        return lcm(*figures, *(item.hours.denominator for item in self._credits.items))


def _amounts(taken: Taken) -> Iterator[Fraction]:
    yield from (taken.hours, taken.at_most or Fraction(0))
    for part in taken.parts:
        yield from _amounts(part)


def _undominated(options: list[list[allocation.Cell]], *, divisible: bool) -> list[list[allocation.Cell]]:
    """Return the repeats of a course without those dominated by another repeat; of equal repeats, the first stays."""
    # Only one repeat of a course counts, and every further repeat multiplies the combinations to try. A repeat with no
    # more hours of any kind than another repeat adds nothing to try. Credits that cannot be split are different, since
    # 2 and 3 hours fit two parts of 2 and 3, and 5 hours in one piece do not: there only an equal repeat adds nothing.
    given = [_by_kind(option) for option in options]
    pieces = [sorted((cell.amount, sorted(cell.serves), sorted(cell.limits)) for cell in option) for option in options]

    def is_dominated(place: int) -> bool:
        return any(
            other != place
            and all(theirs.get(kind, 0) >= amount for kind, amount in given[place].items())
            and (theirs != given[place] or other < place)
            and (divisible or pieces[other] == pieces[place])
            for other, theirs in enumerate(given)
        )

    return [option for place, option in enumerate(options) if not is_dominated(place)]


def _by_kind(option: list[allocation.Cell]) -> dict[tuple[frozenset[str], frozenset[str]], int]:
    """Return the units that an option has for each set of requirements served and caps touched."""
    amounts: dict[tuple[frozenset[str], frozenset[str]], int] = {}
    for cell in option:
        amounts[cell.serves, cell.limits] = amounts.get((cell.serves, cell.limits), 0) + cell.amount
    return amounts


@lru_cache(maxsize=4096)
def _plan(demand: allocation.Demand, limits: tuple[allocation.Limit, ...]) -> allocation.Plan:
    return allocation.compile_plan(demand, limits=limits)
