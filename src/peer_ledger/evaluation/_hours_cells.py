"""
The credits of one person as the allocation of an hours requirement sees them, whichever of the trainings are one.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import lcm

from peer_ledger import allocation
from peer_ledger.evaluation._asked_hours import AskedHours
from peer_ledger.evaluation._carryover import Claim, Taken
from peer_ledger.evaluation._eligible_credits import EligibleCredits, Item
from peer_ledger.evaluation._event import Event
from peer_ledger.rules import Unstated
from peer_ledger.values._cached import cached_property


class HoursCells:
    """
    The cells of an allocation, made once for all ways in which trainings may be one.

    Args:
        asked: The requirement.
        credits: The credits that may count.
        claims: The hours that other requirements use first.
    """

    def __init__(self, asked: AskedHours, credits_: EligibleCredits, claims: tuple[Claim, ...]) -> None:
        self._asked, self._credits, self._claims = asked, credits_, claims
        self._made: dict[tuple[frozenset[str], bool], list[tuple[Event, list[allocation.Cell]]]] = {}

    @cached_property
    def scale(self) -> int:
        """How many units of the allocation an hour has, so that every figure and credit is a whole number of units."""
        figures = [
            figure.denominator
            for figure in (*self._asked.needs.values(), *self._asked.limits.values())
            if not isinstance(figure, Unstated)
        ]
        uses = [use for claim in self._claims for use in claim.uses]
        figures += [amount.denominator for use in uses for amount in _amounts(use.taken)]
        figures += [limit.denominator for use in uses for _, limit in use.caps]
        figures += [credit.hours.denominator for claim in self._claims for credit in claim.credits.values()]
        if self._asked.hours.carry_over is not None:
            figures.append(Fraction(self._asked.hours.carry_over.at_most).denominator)
        return lcm(*figures, *(item.hours.denominator for item in self._credits.items))

    @cached_property
    def _plenty(self) -> int:
        """More units than all stated figures need together."""
        needs = self._asked.needs.values()
        return sum(int(need * self.scale) for need in needs if not isinstance(need, Unstated)) + 1

    @cached_property
    def beyond(self) -> int:
        """More units than all credits have together, with plenty for each of which the hours are not known."""
        given = {item.key: item.hours for item in self._credits.items}
        given |= {key: credit.hours for claim in self._claims for key, credit in claim.credits.items()}
        vague = sum(item.is_vague for item in self._credits.items)
        return sum(int(hours * self.scale) for hours in given.values()) + vague * self._plenty + 1

    def units_of(self, item: Item) -> int:
        """Return how many units of the allocation a credit has; 0 where its hours are not known."""
        return self._units[item.key]

    @cached_property
    def _units(self) -> dict[str, int]:
        scale = self.scale
        return {item.key: item.hours.numerator * (scale // item.hours.denominator) for item in self._credits.items}

    def claiming(self, key: str) -> frozenset[str]:
        """Return the earlier requirements that a credit may serve."""
        if not self._claims:
            return frozenset()
        return frozenset().union(*(claim.credits[key].fits for claim in self._claims if key in claim.credits))

    def options(self, limiting: set[str], *, favorable: bool) -> list[tuple[Event, list[allocation.Cell]]]:
        """
        Return the credits that may sit somewhere, by training.

        Args:
            limiting: The limits that there are: one that was not asked when it was settled has none.
            favorable: Whether unknown details are assumed to be favorable.
        """
        # Where no unknown detail of a credit matters, it is the same whichever way they turn out.
        key = frozenset(limiting), favorable and self._credits.is_unsure
        found = self._made.get(key)
        if found is None:
            own = [(items[0].event, self._own(items, favorable=favorable)) for items in self._by_event()]
            found = self._made[key] = [*own, *self._claimed_options(limiting)]
        return found

    def _own(self, items: list[Item], *, favorable: bool) -> list[allocation.Cell]:
        """Return the credits of one training that may sit somewhere."""
        return [
            allocation.Cell(
                amount=self._plenty if item.is_vague else self.units_of(item),
                serves=self._serving(item, favorable=favorable),
                limits=item.fit.sure_caps if favorable else item.fit.caps,
                key=item.key,
                divisible=self._asked.divisible,
            )
            for item in items
            if (item.fit.might_fit if favorable else item.fit.fits)
        ]

    def _serving(self, item: Item, *, favorable: bool) -> frozenset[str]:
        """Return what a credit may serve; without claims that is one object for all credits of a kind."""
        fits = item.fit.might_fit if favorable else item.fit.fits
        return fits | self.claiming(item.key) if self._claims else fits

    def _claimed_options(self, limiting: set[str]) -> Iterable[tuple[Event, list[allocation.Cell]]]:
        """
        Return the credits that serve earlier requirements only, by training.

        Args:
            limiting: The limits that there are: one that was not asked when it was settled has none.
        """
        own = {item.key for item in self._credits.items}
        others = {key: credit for claim in self._claims for key, credit in claim.credits.items() if key not in own}
        found: dict[str, tuple[Event, list[allocation.Cell]]] = {}
        for key, credit in others.items():
            caps = (claim.credits[key].caps for claim in self._claims if key in claim.credits)
            cell = allocation.Cell(
                amount=int(credit.hours * self.scale),
                serves=self.claiming(key),
                limits=limiting.intersection(frozenset[str]().union(*caps)),
                key=key,
                divisible=self._asked.divisible,
            )
            found.setdefault(credit.event.record.id, (credit.event, []))[1].append(cell)
        return found.values()

    def _by_event(self) -> Iterable[list[Item]]:
        events: dict[str, list[Item]] = {}
        for item in self._credits.items:
            events.setdefault(item.event.record.id, []).append(item)
        return events.values()


def _amounts(taken: Taken) -> Iterator[Fraction]:
    yield from (taken.hours, taken.at_most or Fraction(0))
    for part in taken.parts:
        yield from _amounts(part)
