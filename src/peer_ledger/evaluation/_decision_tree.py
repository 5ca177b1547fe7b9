"""
What was found under some readings, found again under all readings that agree.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class Memo(Generic[Value]):
    """
    What was found under some readings, to be found again under all readings that agree in what was asked for.

    What is asked for next depends on nothing but the readings of what was asked for before; so this is a tree.
    """

    def __init__(self) -> None:
        self.root: Any = None

    def find(self, readings: Mapping[str, str]) -> tuple[tuple[str, ...], Value] | None:
        node = self.root
        while type(node) is Branch:
            node = node.below.get(readings[node.question])
        return node  # type: ignore[no-any-return]  # a leaf, or nothing

    def keep(self, readings: Mapping[str, str], asked: tuple[str, ...], value: Value) -> None:
        leaf = (asked, value)
        if not asked:
            self.root = leaf
            return
        branch = self.root = self.root or Branch(asked[0])
        for question, following in pairwise(asked):
            branch = branch.below.setdefault(readings[question], Branch(following))
        branch.below[readings[asked[-1]]] = leaf


class Branch:
    __slots__ = ("below", "question")

    def __init__(self, question: str) -> None:
        self.question = question
        self.below: dict[str, Any] = {}
