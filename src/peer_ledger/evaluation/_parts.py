"""
Parts of answers under all open readings that they depend on, worked out once and found again.
"""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import attrs

from peer_ledger.evaluation._decision_tree import Find
from peer_ledger.rules import Question

Sofar = TypeVar("Sofar", bound=Hashable)
Each = TypeVar("Each")

Taken = tuple[tuple[str, str], ...]
"""Questions, each with the reading taken."""


@attrs.frozen(eq=False)
class Part:
    """
    A part of an answer under all open readings that it depends on.

    Attributes:
        found: What it is, under each combination of readings.
        asked: The questions that it depends on.
        begun: The readings of these that were taken before.
    """

    found: list[tuple[Taken, Any]]
    asked: Collection[str] = ()
    begun: Mapping[str, str] = attrs.field(factory=dict)


MOST_COMBINATIONS = 4096
"""How many combinations of readings a part is worked out under, where that takes no more than ordinary work."""

MOST_WORK = 2**15
"""How much work is spent on all combinations of a part."""

FEWEST_COMBINATIONS = 8
"""How many combinations are looked at whatever work they take."""


def most_combinations(work: int) -> int:
    """Return how many combinations of readings are looked at, of which each takes so much work."""
    return min(MOST_COMBINATIONS, max(MOST_WORK // work, FEWEST_COMBINATIONS))


class TooManyCombinations(Exception):
    """
    A part depends on more combinations of readings than it is worked out under.
    """


class Parts:
    """
    Parts that were worked out.

    Args:
        questions: All questions that may be asked, by id.
        base: The given or else the assumed reading of each question.
        weighing: The questions that leave an answer undetermined while they are open.
    """

    def __init__(self, questions: Mapping[str, Question], base: Mapping[str, str], weighing: frozenset[str]) -> None:
        self._questions, self._base, self._weighing = questions, base, weighing
        self._known: dict[Any, list[Part]] = {}
        self._too_many: set[tuple[Any, Taken]] = set()

    def part(self, key: Any, begun: Mapping[str, str], finder: Callable[[], Find[Any]], *, work: int = 1) -> Part:
        """
        Return a part under all open readings, worked out or found again.

        Args:
            key: What the part depends on, apart from readings.
            begun: The readings that are taken already.
            finder: Returns what finds the part.
            work: The work that one combination takes.

        Raises:
            TooManyCombinations: There are too many.
        """
        tried = key, tuple(begun.items())
        if tried in self._too_many:
            raise TooManyCombinations
        try:
            return self.kept(key, begun, lambda: self.spread(begun, finder(), work=work))
        except TooManyCombinations:
            self._too_many.add(tried)
            raise

    def kept(self, key: Any, begun: Mapping[str, str], work: Callable[[], Part]) -> Part:
        """Return a part that was kept, or else work it out and keep it."""
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = []
        for part in known:
            # The part is the same where the readings of what it asks are.
            if part.begun == {question: begun[question] for question in begun if question in part.asked}:
                return part
        part = work()
        known.append(part)
        return part

    def spread(self, begun: Mapping[str, str], find: Find[Any], *, work: int = 1) -> Part:
        """
        Return a part under every combination of the open readings that it depends on.

        Raises:
            TooManyCombinations: There are too many.
        """
        base = {**self._base, **begun}
        found: list[tuple[Taken, Any]] = []
        all_asked: set[str] = set()
        waiting: list[Taken] = [()]
        most = most_combinations(work)
        while waiting:
            if len(found) + len(waiting) > most:
                raise TooManyCombinations
            taken = waiting.pop()
            fixed = dict(taken)
            asked, value = find({**base, **fixed} if taken else base)
            all_asked.update(asked)
            following = next(self.open(asked, begun, fixed), None)
            if following is None:
                found.append((taken, value))
            else:
                waiting += [(*taken, (following, reading.id)) for reading in self._questions[following].readings]
        return Part(found, all_asked, {question: begun[question] for question in begun if question in all_asked})

    def open(self, asked: tuple[str, ...], *taken: Mapping[str, str]) -> Iterator[str]:
        """Yield the questions that are open and of which no reading is taken."""
        for question in asked:
            if question in self._weighing and not any(question in readings for readings in taken):
                yield question


def agree(taken: Iterable[tuple[str, str]], readings: Mapping[str, str]) -> bool:
    """Return whether some readings are those that are taken."""
    return all(readings[question] == reading for question, reading in taken)


def merged(one: Taken, other: Taken) -> Taken | None:
    """Return the readings of both; `None` where they differ in a question."""
    if not one or not other:
        return one or other
    both = dict(one)
    for question, reading in other:
        if both.setdefault(question, reading) != reading:
            return None
    return tuple(both.items())


def together(
    parts: Sequence[Iterable[tuple[Taken, Each]]], begin: Sofar, add: Callable[[Sofar, Each], Sofar]
) -> frozenset[Sofar]:
    """
    Return what can become of some parts together, under any combination of readings.

    Args:
        parts: What becomes of each under the readings that it depends on.
        begin: What becomes of none.
        add: Adds what becomes of one more.
    """
    times = Counter(question for part in parts for question in {question for taken, _ in part for question, _ in taken})
    states: dict[tuple[frozenset[tuple[str, str]], Sofar], None] = {(frozenset(), begin): None}
    for part in parts:
        # Of what this part took, only the questions that another part asks, too, have to be kept.
        options = {(frozenset([pair for pair in taken if times[pair[0]] > 1]), state) for taken, state in part}
        joined: dict[tuple[frozenset[tuple[str, str]], Sofar], None] = {}
        for kept, sofar in states:
            for taken, state in options:
                both = kept | taken
                if len(dict(both)) == len(both):  # otherwise the two take different readings of one question
                    joined[both, add(sofar, state)] = None
        states = joined
    return frozenset([sofar for _, sofar in states])
