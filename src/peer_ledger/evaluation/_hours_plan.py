"""
The allocation of one person's eligible credits to one hours requirement, together with what was settled before it.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import islice, product

import attrs

from peer_ledger import allocation
from peer_ledger.evaluation._asked_hours import AskedHours
from peer_ledger.evaluation._carryover import Claim, Taken
from peer_ledger.evaluation._classes import Classes
from peer_ledger.evaluation._eligible_credits import EligibleCredits, Item, carried_name
from peer_ledger.evaluation._event import Event, as_fraction
from peer_ledger.evaluation._hours_cells import HoursCells
from peer_ledger.evaluation._relief import relief
from peer_ledger.reports import Proof
from peer_ledger.rules import Unstated
from peer_ledger.values._cached import cached_property

Values = Mapping[str, int]
"""What figures that no source states are assumed to be, in units of the allocation."""

MOST_TRIED = 100
"""How many combinations of such figures of earlier requirements are tried."""


class HoursPlan:
    """
    An allocation of credits to a requirement.

    Args:
        asked: The requirement.
        credits: The credits that may count.
        claims: The hours that other requirements use first.
        classes: Which trainings are one.
        cells: The credits as an allocation sees them; `None` to make them.

    Attributes:
        classes: Which trainings are one.
        is_unbounded: Whether there were too many ways to place credits, so that not all were tried.
    """

    def __init__(
        self,
        asked: AskedHours,
        credits_: EligibleCredits,
        claims: tuple[Claim, ...],
        classes: Classes,
        cells: HoursCells | None = None,
    ) -> None:
        self._asked, self._credits, self._claims, self.classes = asked, credits_, claims, classes
        self._cells = HoursCells(asked, credits_, claims) if cells is None else cells
        self.is_unbounded = False
        self._made: dict[tuple[bool, int, tuple[tuple[str, int], ...]], Proof] = {}
        self._relieved: dict[int, tuple[allocation.Allocation, dict[str, allocation.Units]]] = {}

    @cached_property
    def proof(self) -> Proof:
        """The allocation with every unknown detail turned out against the person, with what proves it."""
        return max(self._each_way(self._hardest), key=_shortfall)

    @cached_property
    def favorable(self) -> allocation.Allocation:
        """Best case: the allocation if every unknown detail turned out favorable."""
        return min(self._each_way(self._easiest, favorable=True), key=_shortfall).allocation

    @cached_property
    def least(self) -> Proof:
        """
        The allocation of what is missing for certain: unknown details against the person, unstated figures the easiest.

        A figure that no source states is neither 0 nor endless: what is missing here is missing whatever it is.
        """
        return min(self._each_way(self._easiest), key=_shortfall) if self.unstated else self.proof

    @cached_property
    def unstated(self) -> dict[str, Unstated]:
        """The figures that no source states: those of the requirement, and those of what was settled before it."""
        of_claims = {name: figure for claim in self._claims for name, figure in claim.unstated.items()}
        return self._asked.unstated | of_claims

    @cached_property
    def shown(self) -> Proof:
        """The allocation of what counts; a requirement whose own figure is unstated counts all that there is."""
        if self._asked.hours.id not in self._asked.unstated:
            return self.least
        return min(
            self._each_way(self._hardest | dict.fromkeys(self._asked.limits, self._cells.beyond)), key=_shortfall
        )

    @property
    def short(self) -> Fraction:
        """The hours that are missing; where a figure is unstated, those that are missing whatever it is."""
        return self.in_hours(self.least.allocation.shortfall)

    @property
    def may_lack_more(self) -> bool:
        """Whether more hours may be missing, depending on a figure that no source states."""
        return self.proof.allocation.shortfall > self.least.allocation.shortfall

    @property
    def threshold(self) -> Fraction:
        """The largest value of the only unstated figure for which all is met; of a cap, the smallest."""
        [name] = self._asked.unstated
        return self.in_hours(self._threshold(name, 0))

    def _threshold(self, name: str, way: int) -> int:
        """Return the same in units, of one figure while all others are the easiest to meet."""
        met, unmet = self._easiest[name], self._hardest[name]
        while abs(met - unmet) > 1:
            middle = (met + unmet) // 2
            if self._allocate({**self._easiest, name: middle}, way).allocation.met:
                met = middle
            else:
                unmet = middle
        return met

    def possible(self) -> Iterator[tuple[int, allocation.Allocation, Mapping[str, Fraction]]]:
        """
        Yield what may be allocated, as unstated figures turn out.

        Yields:
            The way in which earlier requirements use hours, the allocation, and the hours that each cap allows.
        """
        stated = {name: limit for name, limit in self._asked.limits.items() if not isinstance(limit, Unstated)}
        found = ((way, values) for way in range(self._ways) for values in self._candidates(way))
        for way, values in islice(found, MOST_TRIED):
            allowed = {name: self.in_hours(values[name]) for name in self._asked.limits.keys() - stated.keys()}
            yield way, self._allocate(values, way).allocation, stated | allowed

    def _candidates(self, way: int) -> Iterator[Values]:
        """Yield values of the unstated figures between which what is used, and what it leaves, only rises or falls."""
        # A requirement uses more the more of a part it asks, until it is short: then it uses less of everything else.
        tried = [self._turns(name, way) for name in self._asked.unstated]
        for values in product(*tried):
            yield dict(zip(self._asked.unstated, values, strict=True))

    def _turns(self, name: str, way: int) -> list[int]:
        ends = self._easiest[name], self._hardest[name]
        met = [self._allocate({**self._easiest, name: end}, way).allocation.met for end in ends]
        return list(dict.fromkeys([*ends, self._threshold(name, way)] if met == [True, False] else ends))

    @cached_property
    def _hardest(self) -> dict[str, int]:
        if not self._asked.unstated:
            return {}
        needs = self._asked.largest(self._cells.scale, self._cells.beyond)
        return {name: needs.get(name, 0) for name in self._asked.unstated}

    @cached_property
    def _easiest(self) -> dict[str, int]:
        return {name: self._cells.beyond if name in self._asked.limits else 0 for name in self._asked.unstated}

    @property
    def _ways(self) -> int:
        """In how many ways earlier requirements may use hours."""
        return len(self._claims[0].uses) if self._claims else 1

    def _each_way(self, values: Values, *, favorable: bool = False) -> list[Proof]:
        return [self._allocate(values, way, favorable=favorable) for way in range(self._ways)]

    def in_hours(self, amount: allocation.Units) -> Fraction:
        """Return an amount of the allocation in hours."""
        return as_fraction(amount, self._cells.scale)

    def eligible(self, items: Iterable[Item]) -> Fraction:
        """Return the hours of some credits."""
        return self.in_hours(sum([self._cells.units_of(item) for item in items]))

    def is_all(self, amount: allocation.Units, item: Item) -> bool:
        """Return whether an amount of the allocation is all of a credit."""
        return amount == self._cells.units_of(item)

    def claiming(self, key: str) -> frozenset[str]:
        """Return the earlier requirements that a credit may serve."""
        return self._cells.claiming(key)

    def is_relieved(self, found: allocation.Allocation) -> bool:
        """Return whether the missing hours of a common allocation were moved onto this requirement, see `relieved`."""
        return bool(self._claims) and not found.met and self._proof_of(found) is not None

    def relieved(self, found: allocation.Allocation) -> tuple[allocation.Allocation, dict[str, allocation.Units]]:
        """
        Return an allocation once the missing hours are added, and how many of them each part of this requirement gets.
        """
        proof = self._proof_of(found)
        assert proof is not None, "only an allocation with a proof is relieved"
        if id(found) not in self._relieved:
            own = frozenset({*self._asked.needs} - {*self._asked.limits})
            self._relieved[id(found)] = relief(proof, self._asked.hours.id, own)
        return self._relieved[id(found)]

    def _proof_of(self, found: allocation.Allocation) -> Proof | None:
        return next((proof for proof in self._made.values() if proof.allocation is found), None)

    def _allocate(self, values: Values, way: int, *, favorable: bool = False) -> Proof:
        """
        Return an allocation of the hours, with what proves it.

        Args:
            values: What unstated figures are assumed to be.
            way: The way in which earlier requirements use hours.
            favorable: Whether unknown details are assumed to be favorable.
        """
        if favorable and not self._credits.is_unsure:
            # It is the same without unknown details, unless not everything was tried.
            same = self._allocate(values, way)
            if not self.is_unbounded:
                return same
        key = favorable, way, tuple(values.items())
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._allocated(values, way, favorable=favorable)
        return found

    def _allocated(self, values: Values, way: int, *, favorable: bool) -> Proof:
        plan = self._plan(values, way)
        divisible = self._asked.divisible
        options = self._cells.options({limit.name for limit in plan.limits}, favorable=favorable)
        cells, alternatives = _of_which_one_counts(options, self.classes, divisible=divisible)
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

    def _plan(self, values: Values, way: int) -> allocation.Plan:
        """Return what is asked and what is allowed, compiled."""
        scale = self._cells.scale
        if not (values or self._claims or self._credits.carried):
            return self._asked.plan(scale)
        limits = (*self._asked.allowed(scale, values), *self._claimed_limits(way))
        return _plan(self._demand(values, way), limits)

    def _demand(self, values: Values, way: int) -> allocation.Demand:
        """Return what is asked, beside what was settled before."""
        hours, beside = self._asked.hours, []
        if hours.carry_over is not None and self._credits.carried:
            most = int(Fraction(hours.carry_over.at_most) * self._cells.scale)
            beside.append(allocation.Demand(name=carried_name(self._asked), minimum=0, maximum=most))
        root = self._asked.demand(self._cells.scale, values, beside)
        if not self._claims:
            return root
        trees = [root, *(self._claimed(claim.uses[way].taken) for claim in self._claims)]
        return allocation.Demand(
            name="all",
            minimum=0,
            children=trees,  # type: ignore[arg-type]  # the converter freezes it
            group="exclusive",
        )

    def _claimed(self, taken: Taken) -> allocation.Demand:
        amount = int(taken.hours * self._cells.scale)
        parts = [self._claimed(part) for part in taken.parts]
        return allocation.Demand(
            name=taken.name,
            minimum=amount,
            maximum=None if taken.at_most is None else int(taken.at_most * self._cells.scale),
            children=parts,  # type: ignore[arg-type]  # the converter freezes it
            group=taken.together,
        )

    def _claimed_limits(self, way: int) -> Iterator[allocation.Limit]:
        for claim in self._claims:
            for name, limit in claim.uses[way].caps:
                yield allocation.Limit(name=name, maximum=int(limit * self._cells.scale))


def _of_which_one_counts(
    options: Iterable[tuple[Event, list[allocation.Cell]]], classes: Classes, *, divisible: bool
) -> tuple[list[allocation.Cell], list[allocation.Alternatives]]:
    """Return the credits of trainings that count by themselves, and the choices among those that are one and right."""
    cells: list[allocation.Cell] = []
    repeated: dict[str, dict[str, list[allocation.Cell]]] = {}
    for event, option in options:
        if event.record.id in classes.wrong:
            continue
        if classes.is_alone(event):
            cells += option
        else:
            choice = repeated.setdefault(classes.first_of(event).record.id, {})
            choice.setdefault(event.record.id, []).extend(option)
    alternatives = []
    for given in repeated.values():
        undominated = _undominated(list(given.values()), divisible=divisible)
        if len(undominated) == 1:
            cells += undominated[0]
        else:
            alternatives.append(allocation.Alternatives(options=undominated))
    return cells, alternatives


def _shortfall(made: Proof) -> allocation.Units:
    return made.allocation.shortfall


def _undominated(options: list[list[allocation.Cell]], *, divisible: bool) -> list[list[allocation.Cell]]:
    """Return the repeats of a course without those dominated by another repeat; of equal repeats, the first stays."""
    # Only one repeat of a course counts, and every further repeat multiplies the combinations to try. A repeat with no
    # more hours of any kind than another repeat adds nothing to try. Credits that cannot be split are different, since
    # 2 and 3 hours fit two parts of 2 and 3, and 5 hours in one piece do not: there only an equal repeat adds nothing.
    if not divisible:
        first: dict[object, list[allocation.Cell]] = {}
        for option in options:
            first.setdefault(_pieces(option), option)
        return list(first.values())
    given = [_by_kind(option) for option in options]
    # Whatever is dominated is so by one that is not, which has more hours in all, or is equal and comes first.
    kept: list[int] = []
    for place in sorted(range(len(options)), key=lambda place: (-sum(given[place].values()), place)):
        mine = given[place].items()
        if not any(all(given[other].get(kind, 0) >= amount for kind, amount in mine) for other in kept):
            kept.append(place)
    return [options[place] for place in sorted(kept)]


def _pieces(option: list[allocation.Cell]) -> object:
    return tuple(sorted((cell.amount, tuple(sorted(cell.serves)), tuple(sorted(cell.limits))) for cell in option))


def _by_kind(option: list[allocation.Cell]) -> dict[tuple[frozenset[str], frozenset[str]], int]:
    """Return the units that an option has for each set of requirements served and caps touched."""
    amounts: dict[tuple[frozenset[str], frozenset[str]], int] = {}
    for cell in option:
        amounts[cell.serves, cell.limits] = amounts.get((cell.serves, cell.limits), 0) + cell.amount
    return amounts


@lru_cache(maxsize=4096)
def _plan(demand: allocation.Demand, limits: tuple[allocation.Limit, ...]) -> allocation.Plan:
    return allocation.compile_plan(demand, limits=limits)
