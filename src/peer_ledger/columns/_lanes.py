"""
How the programs of a layout stand for many people at once: the lanes of one long integer as columns.

Lanes in which the same kinds of training count share one running sum over everybody's training, so that what counts
within some days is the difference of two places in it.
"""

from typing import Any

from peer_ledger.columns._libraries import numpy
from peer_ledger.evaluation._layout import Layout

_LANE = 64
_NOTHING = (1 << _LANE - 1) - 1
"""What a lane holds that needs nothing."""


class LaneColumns:
    """
    The lanes of the programs of a layout, by the kinds of training that count in them.

    Args:
        layout: The layout.
    """

    def __init__(self, layout: Layout) -> None:
        self._lanes = layout.lanes
        self._of_kinds: Any = None
        self._programs: list[tuple[range, range]] = []
        self._need: list[int] = []
        for program in layout.lanes.programs:
            gauge, begin = program.gauge, len(self._need)
            assert gauge is not None, "a program without a gauge has no lanes"
            count = gauge.width // _LANE
            needs = [(gauge.start >> _LANE * lane & (1 << _LANE) - 1) - _NOTHING for lane in range(count)]
            self._need += needs + needs
            self._programs.append((range(begin, begin + count), range(begin + count, begin + 2 * count)))
        self._groups: Any = None

    def sums(self, kinds: Any, units: Any, known: int) -> list[Any]:
        """
        Return the running sums over everybody's training of what counts, for each column.

        Args:
            kinds: The kind of each credit.
            units: Its units.
            known: How many kinds there are.
        """
        np = numpy()
        if self._of_kinds is None or len(self._of_kinds) < known:
            self._look_at(known)
        zero = np.zeros(1, dtype=np.int64)
        return [np.concatenate([zero, np.cumsum(units * counts[kinds])]) for counts in self._of_kinds.T]

    def _look_at(self, known: int) -> None:
        """Find out which lanes count the same kinds."""
        np, size = numpy(), _LANE // 8 * len(self._need)
        if not known:  # there is no training at all
            self._of_kinds, self._groups = np.zeros((1, 1), dtype=np.int64), [0] * len(self._need)
            return
        counted = [self._lanes.supply({kind: 1}).to_bytes(size, "little") for kind in range(known)]
        of_kinds = np.frombuffer(b"".join(counted), dtype="<i8").reshape(known, len(self._need))
        self._of_kinds, self._groups = np.unique(of_kinds, axis=1, return_inverse=True)
        self._groups = self._groups.reshape(-1).tolist()

    def short(self, program: int, supplies: list[Any], *, favorable: bool) -> Any:
        """
        Return how many units a program is short at most, as an array; nothing or less where it is met.

        Args:
            program: The place of the program in the layout.
            supplies: What counts within the days of each person, for each column.
            favorable: Whether unknown details are in favor of the training, or against it.
        """
        np = numpy()
        needs: dict[int, int] = {}
        for lane in self._programs[program][favorable]:
            column = self._groups[lane]
            needs[column] = max(needs.get(column, self._need[lane]), self._need[lane])
        worst: Any = None
        for column, need in needs.items():
            gap = need - supplies[column]
            worst = gap if worst is None else np.maximum(worst, gap)
        return np.zeros(len(supplies[0]) if supplies else 0, dtype=np.int64) if worst is None else worst
