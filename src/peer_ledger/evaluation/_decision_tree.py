"""
Results remembered by the readings that they depended on.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Generic, TypeAlias, TypeVar

Value = TypeVar("Value")


Find: TypeAlias = Callable[[Mapping[str, str]], tuple[tuple[str, ...], Value]]
"""Returns a result under the readings of every question, with the questions that it depended on."""


class DecisionTree(Generic[Value]):
    """
    Results found under some readings, found again under all readings that agree on what was asked.

    This is a tree because the next question depends only on the readings of the questions before it: each inner node is
    a question, each branch one of its readings, and each leaf a result with the questions that were asked for it.

    >>> tree = DecisionTree[int]()
    >>> tree.keep({"size": "small", "color": "red"}, ("size",), 8)
    >>> tree.find({"size": "small", "color": "blue"})
    (('size',), 8)
    >>> tree.find({"size": "large", "color": "red"})
    """

    def __init__(self) -> None:
        self._root: Any = None

    def find(self, readings: Mapping[str, str]) -> tuple[tuple[str, ...], Value] | None:
        """
        Return the questions asked and the result under some readings; `None` when it was not worked out yet.

        Args:
            readings: The reading taken of every question there is, by question.
        """
        node = self._root
        while type(node) is _Branch:
            node = node.below.get(readings[node.question])
        return node  # type: ignore[no-any-return]  # a leaf, or nothing

    def keep(self, readings: Mapping[str, str], asked: tuple[str, ...], value: Value) -> None:
        """
        Remember a result.

        Args:
            readings: The reading taken of every question there is, by question.
            asked: The questions that the result depended on, in the order in which they were asked.
            value: The result.
        """
        leaf = (asked, value)
        if not asked:
            self._root = leaf
            return
        branch = self._root = self._root or _Branch(asked[0])
        for question, following in pairwise(asked):
            branch = branch.below.setdefault(readings[question], _Branch(following))
        branch.below[readings[asked[-1]]] = leaf

    def depends_on(
        self, question: str, *, readings_of: Callable[[str], Sequence[str]], seen_as: Callable[[Value], object]
    ) -> bool:
        """
        Return whether the result differs between two readings of a question while all other readings stay the same.

        Args:
            question: The question.
            readings_of: The readings to compare of a question; the tree must hold a result for each combination.
            seen_as: The part of a result that is compared.
        """
        return _Comparison(readings_of, seen_as).is_decided_by(self._root, question, {})


class _Branch:
    __slots__ = ("below", "question")

    def __init__(self, question: str) -> None:
        self.question = question
        self.below: dict[str, Any] = {}


class _Comparison(Generic[Value]):
    """A walk through a tree that takes only some readings of each question."""

    def __init__(self, readings_of: Callable[[str], Sequence[str]], seen_as: Callable[[Value], object]) -> None:
        self._readings_of, self._seen_as = readings_of, seen_as

    def is_decided_by(self, node: Any, question: str, taken: dict[str, str]) -> bool:
        """Return whether the readings of a question lead to different results somewhere below a node."""
        if type(node) is not _Branch:
            return False
        branches = self._branches(node, taken)
        if node.question != question:
            return any(self.is_decided_by(below, question, then) for then, below in branches)
        # The question's own reading is not added to what is taken: the two sides differ in it and in nothing else.
        return any(self._differ(branches[0][1], below, taken) for _, below in branches[1:])

    def _differ(self, one: Any, other: Any, taken: dict[str, str]) -> bool:
        """Return whether two trees give different results under the same readings."""
        # The two need not ask the same questions, nor in the same order. So one side is walked down to a leaf first,
        # and the readings taken on the way decide the same questions on the other side.
        if type(one) is _Branch:
            return any(self._differ(below, other, then) for then, below in self._branches(one, taken))
        if type(other) is _Branch:
            return any(self._differ(one, below, then) for then, below in self._branches(other, taken))
        return self._seen_as(one[1]) != self._seen_as(other[1])

    def _branches(self, node: _Branch, taken: dict[str, str]) -> list[tuple[dict[str, str], Any]]:
        """Return the branches of a node that agree with the readings taken, each with the readings taken there."""
        question = node.question
        if question in taken:
            return [(taken, node.below[taken[question]])]
        return [({**taken, question: reading}, node.below[reading]) for reading in self._readings_of(question)]
