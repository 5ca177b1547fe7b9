"""
Decision diagrams: what becomes of something under all readings of the questions that change it, and of no other.

A diagram asks its questions in one order, leaves out each that makes no difference, and has every part that is the same
only once.  So two diagrams that agree under all readings are one, and the questions in it are those that matter.

>>> from peer_ledger.evaluation._diagrams import Diagrams
>>> made = Diagrams({"late": ("yes", "no"), "approved": ("yes", "no")})
>>> paths = [
...     ((("late", "yes"), ("approved", "yes")), "met"),
...     ((("late", "yes"), ("approved", "no")), "short"),
...     ((("late", "no"),), "met"),
... ]
>>> diagram = made.of(paths)
>>> sorted(made.questions_in(diagram)), made.under(diagram, {"late": "yes", "approved": "no"})
(['approved', 'late'], 'short')
>>> made.questions_in(made.of([((("late", "yes"),), "met"), ((("late", "no"),), "met")]))
frozenset()
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from peer_ledger.evaluation._parts import Taken

Diagram: TypeAlias = int
"""A diagram, by its number."""


class Diagrams:
    """
    Diagrams over the same questions.

    Args:
        readings: The readings of each question, in the order in which diagrams ask them.
    """

    def __init__(self, readings: Mapping[str, Sequence[str]]) -> None:
        self._names, self._readings = tuple(readings), tuple(map(tuple, readings.values()))
        self._ranks = {name: rank for rank, name in enumerate(self._names)}
        # Of each diagram the rank of its first question and what follows each reading, or else its value.
        self._first: list[int] = []
        self._follows: list[tuple[Diagram, ...]] = []
        self._values: list[Hashable] = []
        self._known: dict[Hashable, Diagram] = {}
        self._cases: dict[tuple[int, tuple[Diagram, ...]], Diagram] = {}
        self._in: dict[Diagram, frozenset[int]] = {}

    def of(self, found: Sequence[tuple[Taken, Hashable]]) -> Diagram:
        """
        Return the diagram of something.

        Args:
            found: The combinations of readings, each with what becomes of it under these. They are the paths of a tree
                in which each step takes one of all readings of a question.
        """
        return self._of([(dict(taken), value) for taken, value in found])

    def _of(self, paths: list[tuple[dict[str, str], Hashable]]) -> Diagram:
        (first, value), *others = paths
        if not others:
            return self._made(len(self._names), (), value)
        asked = next(name for name in first if all(name in taken for taken, _ in others))
        below: dict[str, list[tuple[dict[str, str], Hashable]]] = {}
        for taken, value in paths:
            below.setdefault(taken[asked], []).append(
                ({name: reading for name, reading in taken.items() if name != asked}, value)
            )
        rank = self._ranks[asked]
        return self._case(rank, tuple([self._of(below[reading]) for reading in self._readings[rank]]))

    def _made(self, first: int, follows: tuple[Diagram, ...], value: Hashable = None) -> Diagram:
        key = first, follows, value
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self._first)
            self._first.append(first)
            self._follows.append(follows)
            self._values.append(value)
        return found

    def _case(self, rank: int, follows: tuple[Diagram, ...]) -> Diagram:
        """Return the diagram that asks a question and goes on with one of some diagrams, all questions in order."""
        if len(set(follows)) == 1:
            return follows[0]
        key = rank, follows
        found = self._cases.get(key)
        if found is None:
            found = self._cases[key] = self._in_order(rank, follows)
        return found

    def _in_order(self, rank: int, follows: tuple[Diagram, ...]) -> Diagram:
        first = min(self._first[one] for one in follows)
        if first >= rank:
            follows = tuple([self._taken(one, rank, place) for place, one in enumerate(follows)])
            return follows[0] if len(set(follows)) == 1 else self._made(rank, follows)
        each = range(len(self._readings[first]))
        return self._case(
            first,
            tuple([self._case(rank, tuple([self._taken(one, first, place) for one in follows])) for place in each]),
        )

    def _taken(self, diagram: Diagram, rank: int, place: int) -> Diagram:
        """Return what a diagram becomes under a reading of a question that it asks first, if it asks it."""
        return self._follows[diagram][place] if self._first[diagram] == rank else diagram

    def questions_in(self, diagram: Diagram) -> frozenset[str]:
        """Return the questions that change a diagram, alone or together with others."""
        return frozenset([self._names[rank] for rank in self._ranks_in(diagram)])

    def _ranks_in(self, diagram: Diagram) -> frozenset[int]:
        found = self._in.get(diagram)
        if found is None:
            follows = self._follows[diagram]
            own = [self._first[diagram]] if follows else []
            found = self._in[diagram] = frozenset(own).union(*map(self._ranks_in, follows))
        return found

    def under(self, diagram: Diagram, readings: Mapping[str, str]) -> Any:
        """Return what becomes of a diagram under some readings of its questions."""
        while follows := self._follows[diagram]:
            rank = self._first[diagram]
            diagram = follows[self._readings[rank].index(readings[self._names[rank]])]
        return self._values[diagram]

    def questions_in_any(self, diagrams: Iterable[Diagram]) -> frozenset[str]:
        """Return the questions that change any of some diagrams."""
        return frozenset[str]().union(*map(self.questions_in, diagrams))
