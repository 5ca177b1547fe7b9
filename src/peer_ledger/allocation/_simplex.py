"""
A linear program in exact arithmetic: least cost first, then one wish after another among what is still best.

The arithmetic is exact because a shortfall of exactly 0 decides whether an allocation is met; with floats the verdict
would depend on a tolerance.  Rows are sparse, and whole numbers stay integers as long as possible: most pivots of an
allocation are 1 or -1, and integers are much faster than fractions.
"""

from collections.abc import Mapping
from fractions import Fraction

from peer_ledger.allocation._terms import Units, whole

PATIENCE = 200
"""After this many pivots Bland's rule takes over, which is slower and cannot cycle."""


def ratio(dividend: Units, divisor: Units) -> Units:
    """Return the exact quotient."""
    if divisor == 1:
        return dividend
    if divisor == -1:
        return -dividend
    return whole(Fraction(dividend) / divisor)


class Simplex:
    """
    Non-negative variables under `row <= bound`, with a cost that has no negative coefficient at the start.

    The slack variable of row i has the number -1 - i.
    """

    def __init__(self, rows: list[tuple[dict[int, Units], Units]], cost: Mapping[int, Units]) -> None:
        self._rows = [dict(row) for row, _ in rows]
        self._values = [bound for _, bound in rows]
        self._basis = [-1 - index for index in range(len(rows))]
        self._place = {variable: index for index, variable in enumerate(self._basis)}
        self._cost: dict[int, Units] = dict(cost)
        self._settled: set[int] = set()

    def value(self, variable: int) -> Units:
        """Return the value of a variable."""
        place = self._place.get(variable)
        return 0 if place is None else self._values[place]

    def price(self, row: int) -> Units:
        """Return how much the cost would fall if the bound of a row were one higher."""
        return self._cost.get(-1 - row, 0)

    def least_cost(self) -> bool:
        """
        Find the least cost by the dual method: it starts optimal with broken bounds and ends when none is.

        Returns:
            Whether there is a solution.
        """
        pivots = 0
        while broken := [place for place, value in enumerate(self._values) if value < 0]:
            pivots += 1
            if pivots <= PATIENCE:
                place = min(broken, key=lambda place: (self._values[place], self._basis[place]))
            else:
                place = min(broken, key=lambda place: self._basis[place])
            row = self._rows[place]
            helping = [variable for variable, factor in row.items() if factor < 0]
            if not helping:
                return False
            entering = min(helping, key=lambda variable: (ratio(self._cost.get(variable, 0), -row[variable]), variable))
            self._pivot(place, entering)
        return True

    def wish(self, weights: Mapping[int, Units]) -> None:
        """Raise a weighted sum of variables as far as it goes without giving up what was reached before."""
        self._settle()
        self._cost = {}
        for variable, weight in weights.items():
            place = self._place.get(variable)
            if place is None:
                self._add_cost({variable: 1}, -weight)
            else:
                self._add_cost(self._rows[place], weight)
        pivots = 0
        while useful := [v for v, cost in self._cost.items() if cost < 0 and v not in self._settled]:
            pivots += 1
            steepest = min(useful, key=lambda variable: (self._cost[variable], variable))
            entering = steepest if pivots <= PATIENCE else min(useful)
            limits = [
                (ratio(self._values[place], factor), self._basis[place], place)
                for place, row in enumerate(self._rows)
                if (factor := row.get(entering, 0)) > 0
            ]
            self._pivot(min(limits)[2], entering)

    def _settle(self) -> None:
        """
        Exclude every variable that would give up what was reached.

        A variable with a positive reduced cost worsens the last goal once it is above 0; all others leave it as it
        is.  So the goals are met one after another in one tableau, without a new row for each.
        """
        self._settled.update(variable for variable, cost in self._cost.items() if cost > 0)

    def _add_cost(self, row: Mapping[int, Units], factor: Units) -> None:
        for variable, coefficient in row.items():
            value = whole(self._cost.get(variable, 0) + factor * coefficient)
            if value:
                self._cost[variable] = value
            else:
                self._cost.pop(variable, None)

    def _pivot(self, place: int, entering: int) -> None:
        row = self._rows[place]
        factor = row.pop(entering)
        leaving = self._basis[place]
        row = {variable: ratio(coefficient, factor) for variable, coefficient in row.items()}
        row[leaving] = ratio(1, factor)
        value = self._values[place] = ratio(self._values[place], factor)
        self._rows[place] = row
        for other, other_row in enumerate(self._rows):
            if other == place:
                continue
            share = other_row.pop(entering, 0)
            if not share:
                continue
            for variable, coefficient in row.items():
                changed = whole(other_row.get(variable, 0) - share * coefficient)
                if changed:
                    other_row[variable] = changed
                else:
                    other_row.pop(variable, None)
            self._values[other] = whole(self._values[other] - share * value)
        share = self._cost.pop(entering, 0)
        if share:
            self._add_cost(row, -share)
        del self._place[leaving]
        self._basis[place] = entering
        self._place[entering] = place
