"""
Arrays to which values are added.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate, chain
from typing import Any

from peer_ledger.columns._libraries import numpy


class Growing:
    """
    An array of whole numbers to which values are added at the end.
    """

    def __init__(self) -> None:
        self._room: Any = numpy().empty(1024, dtype=numpy().int64)
        self._size = 0

    def extend(self, values: Iterable[int], *, after: int = 0) -> None:
        """Add values, without some of the first."""
        added = numpy().fromiter(values, dtype=numpy().int64)[after:]
        end = self._size + len(added)
        if end > len(self._room):
            room = numpy().empty(max(end, 2 * len(self._room)), dtype=numpy().int64)
            room[: self._size] = self.all
            self._room = room
        self._room[self._size : end] = added
        self._size = end

    @property
    def all(self) -> Any:
        """All values so far."""
        return self._room[: self._size]

    def __len__(self) -> int:
        """Return how many there are."""
        return self._size


class Lists:
    """
    Short lists of whole numbers, one after the other.
    """

    def __init__(self) -> None:
        self._begins, self._values = Growing(), Growing()
        self._begins.extend([0])

    def extend(self, lists: Sequence[Sequence[int]]) -> None:
        """Add lists."""
        self._begins.extend(accumulate(map(len, lists), initial=len(self._values)), after=1)
        self._values.extend(chain.from_iterable(lists))

    def of(self, places: Any) -> tuple[Any, Any]:
        """
        Return the values of some lists, one after the other, and where those of each begin and the last ones end.

        Args:
            places: The places of the lists.
        """
        np = numpy()
        first = self._begins.all[places]
        counts = self._begins.all[places + 1] - first
        if len(counts) and counts.min() == counts.max() == 1:  # as most often: each list holds one value
            return self._values.all[first], np.arange(len(first) + 1)
        begins = np.concatenate([[0], np.cumsum(counts)])
        return self._values.all[np.arange(begins[-1]) + np.repeat(first - begins[:-1], counts)], begins
