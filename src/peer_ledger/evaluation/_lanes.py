"""
Programs of hours that one sum of training decides together.

Each set of places that a program tests has a lane of its own in one long integer, once with unknown details against the
training and once in its favor.  A kind of training is an integer with a 1 in each lane that it counts in.  So the sum
of all amounts times these integers, taken away from what is needed, says of every program how it stands.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from peer_ledger.evaluation._hours_program import HoursProgram, Verdicts

Verdict: TypeAlias = Literal["met", "open", "short"]
"""How a program stands; it is open where it depends on training of which the records do not say enough."""

MOST_SEEN = 10_000
"""Of how many different sums the verdicts are remembered."""


class Lanes:
    """
    The lanes of some programs.

    Args:
        programs: The programs; each has a gauge.

    Attributes:
        programs: The programs.
        start: The lanes before there is any training.
    """

    def __init__(self, programs: Sequence[HoursProgram]) -> None:
        self.programs, self.start = tuple(programs), 0
        self._offsets: list[tuple[int, int]] = []
        self._highest: list[tuple[int, int]] = []
        self._kinds: dict[int, int] = {}
        offset = 0
        for program in self.programs:
            gauge = program.gauge
            assert gauge is not None, "a program without a gauge has no lanes"
            width = gauge.width
            self.start |= (gauge.start | gauge.start << width) << offset
            self._offsets.append((offset, width))
            self._highest.append((gauge.short << offset, gauge.short << offset + width))
            offset += 2 * width

    def supply(self, amounts: Mapping[int, int]) -> int:
        """Return the lanes of some training, given the units of each kind."""
        known, found = self._kinds, 0
        for kind, units in amounts.items():
            found += units * (known[kind] if kind in known else self._of_kind(kind))
        return found

    def _of_kind(self, kind: int) -> int:
        found = 0
        for program, (offset, _) in zip(self.programs, self._offsets, strict=True):
            found |= program.lanes_of(kind) << offset
        self._kinds[kind] = found
        return found

    def stands(self, place: int, supply: int) -> tuple[Verdict, int]:
        """
        Return how a program stands, and how many units it is short with unknown details against the training.

        Args:
            place: The place of the program.
            supply: The lanes of the training within the days that count.
        """
        gauge, (offset, width) = self.programs[place].gauge, self._offsets[place]
        assert gauge is not None, "a program without a gauge has no lanes"
        short = gauge.shortfall(supply >> offset & (1 << width) - 1)
        if not short:
            return "met", 0
        return "short" if gauge.start - (supply >> offset + width & (1 << width) - 1) & gauge.short else "open", short

    def verdicts(self, place: int, supply: int) -> Verdicts:
        """Return the verdicts of a program, given the same."""
        program, (offset, width) = self.programs[place], self._offsets[place]
        assert program.gauge is not None, "a program without a gauge has no lanes"
        return program.verdicts_of_supply(program.gauge, supply >> offset & (1 << 2 * width) - 1)

    def section(self, places: Sequence[int]) -> "Section":
        """Return what tells how some of the programs stand, by their places."""
        return Section(self.start, [self._highest[place] for place in places], places)


class Section:
    """
    Some of the programs, of which the same days count.

    Args:
        start: The lanes before there is any training.
        highest: Of each program, the highest bit of each of its lanes against and in favor of the training.
        places: The place of each program in the lanes.

    Attributes:
        places: The place of each program in the lanes.
    """

    def __init__(self, start: int, highest: Sequence[tuple[int, int]], places: Sequence[int]) -> None:
        self._start, self._highest, self.places = start, highest, places
        self._all = 0
        for below, above in highest:
            self._all |= below | above
        self._seen: dict[int, tuple[Verdict, ...]] = {}

    def verdicts(self, supply: int) -> tuple[Verdict, ...]:
        """Return how each program stands, given the lanes of the training within the days that count."""
        left = self._start - supply & self._all
        found = self._seen.get(left)
        if found is None:
            if len(self._seen) >= MOST_SEEN:
                self._seen.clear()
            found = self._seen[left] = tuple(
                ["met" if not left & below else "short" if left & above else "open" for below, above in self._highest]
            )
        return found
