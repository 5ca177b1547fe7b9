"""
The parts of an allocation's answer: assignments, supplements and proofs.
"""

from collections.abc import Callable
from fractions import Fraction
from math import lcm
from typing import Literal

import attrs

from peer_ledger.allocation._terms import Cell, Units, whole


@attrs.frozen(kw_only=True)
class Assigned:
    """
    An amount of one cell, placed in one demand (in its rest, if the demand has children).

    Attributes:
        cell: The cell.
        demand: The demand's name.
        amount: How much of the cell, in units.
    """

    cell: Cell
    demand: str
    amount: Units


@attrs.frozen(kw_only=True)
class Supplement:
    """
    An amount of training that would help; with all its supplements added, an allocation is met.

    Attributes:
        serves: The demands that it must be able to serve, all of them at once.
        amount: How much, in units.
    """

    serves: frozenset[str]
    amount: Units


@attrs.frozen(kw_only=True)
class Weight:
    """
    A figure of the plan, and how many times it counts in a proof.

    It counts once, unless shared groups or overlapping limits are weighed against each other.

    Attributes:
        kind: Which figure: a demand's minimum, its maximum, or the maximum of a limit.
        name: The name of the demand or the limit.
        figure: The figure, in units.
        weight: How many times it counts; more than 0.
    """

    kind: Literal["minimum", "maximum", "limit"]
    name: str
    figure: int
    weight: Units = 1


@attrs.frozen(kw_only=True)
class Collision:
    """
    Demands that cannot all be met: the proof of a shortfall.

    The value of a unit is the most that the weighted minima can gain from it, minus the weights of the limits that
    apply to it, and at least 0.  However the units are assigned, at least `needed - available` units must be added.

    Attributes:
        demands: The names of the demands that collide: those where one more unit would help.
        weights: The figures of the plan that decide.
        needed: The weighted minima minus the weighted maxima, in units: what the colliding demands need.
        available: The most that can serve them: what the limits let through, and what is under none of these limits.
    """

    demands: tuple[str, ...]
    weights: tuple[Weight, ...]
    needed: Units
    available: Units

    @property
    def short(self) -> Units:
        """How much is missing, in units."""
        return self.needed - self.available

    def sentence(self, say: Callable[[Units], str] = str) -> str:
        """
        Return the collision as one sentence.

        Args:
            say: Writes an amount as text, such as `lambda minutes: f"{minutes / 60:g} h"`.

        >>> minimum = Weight(kind="minimum", name="ethics", figure=180)
        >>> collision = Collision(demands=("ethics",), weights=(minimum,), needed=180, available=120)
        >>> collision.sentence(lambda minutes: f"{minutes / 60:g} h")
        'ethics needs 3 h; at most 2 h can serve it: 1 h short'
        """
        # Proofs across shared groups weigh figures with fractions.  Multiplying by the common denominator gives whole
        # figures to read; one added unit then makes up for as many of these as the denominator says.
        scale = lcm(*(Fraction(weight.weight).denominator for weight in self.weights))
        needing = [_times(weight, scale) for weight in self.weights if weight.kind == "minimum"]
        held = [
            f"{_times(weight, scale)} counts for at most {say(weight.figure)}"
            for weight in self.weights
            if weight.kind != "minimum"
        ]
        together, them = (" together need", "them") if len(needing) > 1 else (" needs", "it")
        because = f", because {' and '.join(held)}" if held else ""
        most = f"; one added unit makes up for {scale}, so {say(self.short)} must be added" if scale > 1 else ""
        needed, available, short = (say(whole(amount * scale)) for amount in (self.needed, self.available, self.short))
        asked = f"{' and '.join(needing)}{together} {needed}"
        return f"{asked}; at most {available} can serve {them}{because}: {short} short{most}"

    def __str__(self) -> str:
        return self.sentence()


def _times(weight: Weight, scale: int) -> str:
    times = whole(weight.weight * scale)
    return weight.name if times == 1 else f"{times} times {weight.name}"
