"""
What an allocation says: who sits where, what is missing, and what proves it.
"""

from collections.abc import Callable
from fractions import Fraction
from math import lcm
from typing import Literal

import attrs

from peer_ledger.allocation._terms import Amount, Cell, whole


@attrs.frozen(kw_only=True)
class Assigned:
    """
    So much of a cell sits in a requirement, or in its rest if it has children.

    Attributes:
        cell: The cell.
        requirement: The requirement's name.
        amount: How much, in units.
    """

    cell: Cell
    requirement: str
    amount: Amount


@attrs.frozen(kw_only=True)
class Addition:
    """
    Training that is missing.

    Attributes:
        serves: The requirements that it must be able to serve, all at once where the group is shared.
        amount: How much, in units.
    """

    serves: frozenset[str]
    amount: Amount


@attrs.frozen(kw_only=True)
class Weight:
    """
    How often a figure of the rules enters a proof.

    It is once, unless shared trees or overlapping caps are weighed against each other.

    Attributes:
        kind: Which figure: a requirement's minimum, its maximum, or a cap.
        name: The requirement's name, or the cap's.
        figure: The figure, in units.
        weight: How often; more than 0.
    """

    kind: Literal["minimum", "maximum", "cap"]
    name: str
    figure: int
    weight: Amount = 1


@attrs.frozen(kw_only=True)
class Collision:
    """
    What cannot be had together: the proof of a shortfall.

    Count every unit for what the weighted minima it can serve gain from it at best, less the weights of the caps it
    lies in, and never below nothing.  However units are assigned, at least the demand less the supply must be added.

    Attributes:
        requirements: The places that collide: where one unit more would help.
        weights: Which figures of the rules decide.
        demand: What they ask: their minima, less what maxima keep elsewhere.
        supply: What can serve them at most: what the caps let through and what lies in none of these caps.
    """

    requirements: tuple[str, ...]
    weights: tuple[Weight, ...]
    demand: Amount
    supply: Amount

    @property
    def short(self) -> Amount:
        """How much is lacking, in units."""
        return self.demand - self.supply

    def sentence(self, say: Callable[[Amount], str] = str) -> str:
        """
        Say it in one sentence.

        Args:
            say: How an amount is written, such as `lambda minutes: f"{minutes / 60:g} h"`.

        >>> minimum = Weight(kind="minimum", name="ethics", figure=180)
        >>> collision = Collision(requirements=("ethics",), weights=(minimum,), demand=180, supply=120)
        >>> collision.sentence(lambda minutes: f"{minutes / 60:g} h")
        'ethics asks 3 h; all that can serve it is 2 h: 1 h short'
        """
        # Shared trees are proven with parts of a figure; in whole ones an added unit makes up for several.
        scale = lcm(*(Fraction(weight.weight).denominator for weight in self.weights))
        asking = [_times(weight, scale) for weight in self.weights if weight.kind == "minimum"]
        held = [
            f"{_times(weight, scale)} counts for {say(weight.figure)} at most"
            for weight in self.weights
            if weight.kind != "minimum"
        ]
        together, them = (" together ask", "them") if len(asking) > 1 else (" asks", "it")
        because = f", because {' and '.join(held)}" if held else ""
        most = f", and one added unit makes up for {scale}: {say(self.short)} short" if scale > 1 else ""
        return (
            f"{' and '.join(asking)}{together} {say(whole(self.demand * scale))}; all that can serve {them} is "
            f"{say(whole(self.supply * scale))}{because}: {say(whole(self.short * scale))} short{most}"
        )

    def __str__(self) -> str:
        return self.sentence()


def _times(weight: Weight, scale: int) -> str:
    times = whole(weight.weight * scale)
    return weight.name if times == 1 else f"{times} times {weight.name}"
