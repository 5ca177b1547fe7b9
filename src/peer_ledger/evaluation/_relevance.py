"""
Which open questions change an answer, found from the parts that the answer is joined from.

A question matters if two combinations of readings that differ in it alone give different answers. Most questions that a
part asks do not change what becomes of it, so few are left to be combined.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

from peer_ledger.evaluation._diagrams import Diagrams
from peer_ledger.evaluation._join import Join
from peer_ledger.evaluation._leaf import Leaf
from peer_ledger.evaluation._outcome import days_of
from peer_ledger.evaluation._position import Position
from peer_ledger.rules import Question

MOST_ASSIGNMENTS = 4096
"""How many combinations of the questions that some part depends on are compared."""


MOST_REMEMBERED = 10_000
"""For how many patterns of answers it is remembered which questions matter."""


def questions_that_matter(join: Join, position: Position) -> frozenset[str] | None:
    """
    Return the open questions that change the answer, alone or together with others.

    Args:
        join: The answer, joined from its parts.
        position: The rule set, and what the caller says about its questions.

    Returns:
        Their ids, or those of all that change a part of it where too many combinations would have to be compared;
        `None` where some part has too many combinations.
    """
    leaves = join.leaves
    if leaves is None:
        return None
    remembered, pattern = position.mattering, _pattern(join, leaves)
    found = remembered.get(pattern)
    if found is None:
        if len(remembered) >= MOST_REMEMBERED:
            remembered.clear()
        found = remembered[pattern] = _mattering(leaves, position.known.questions)
    return found


def _pattern(join: Join, leaves: Sequence[Leaf]) -> tuple[Any, ...]:
    """
    Return all that decides which questions matter: the answers under all readings, with days that are equal or not.
    """
    # Which day it is decides nothing, so days are numbered as they come.
    numbers: dict[Any, int] = {}
    states: dict[int, tuple[Any, ...]] = {}
    found: list[tuple[Any, ...]] = []
    for leaf in leaves:
        if id(leaf.parts) not in states:
            states[id(leaf.parts)] = tuple([tuple(of_part) for of_part in leaf.states()])
        days = numbers.setdefault(tuple(days_of(leaf.life).values()), len(numbers))
        earning = tuple([(taken, numbers.setdefault(between, len(numbers))) for taken, between in leaf.earning.found])
        possible = frozenset([(*both, tuple(leaf.components(*both).values())) for both in join.states_of(leaf)])
        found.append((tuple(leaf.taken.items()), days, earning, possible, states[id(leaf.parts)]))
    return tuple(found)


def _mattering(leaves: Sequence[Leaf], questions: Mapping[str, Question]) -> frozenset[str]:
    made = Diagrams({name: [reading.id for reading in question.readings] for name, question in questions.items()})
    lives = made.of([(tuple(leaf.taken.items()), place) for place, leaf in enumerate(leaves)])
    parts = [[made.of(leaf.earning.found), *map(made.of, leaf.states())] for leaf in leaves]
    changing = sorted(made.questions_in_any([lives, *(part for some in parts for part in some)]))
    choices = [[reading.id for reading in questions[question].readings] for question in changing]
    if prod(map(len, choices)) > MOST_ASSIGNMENTS:
        return frozenset(changing)
    said: dict[tuple[str, ...], Any] = {}
    for readings in product(*choices):
        taken = dict(zip(changing, readings, strict=True))
        place = made.under(lives, taken)
        earning, *states = (made.under(part, taken) for part in parts[place])
        said[readings] = leaves[place].said(earning, states)
    return frozenset(_differing(changing, said))


def _differing(changing: Sequence[str], said: Mapping[tuple[str, ...], Any]) -> Iterable[str]:
    for place, question in enumerate(changing):
        groups: dict[tuple[str, ...], set[Any]] = {}
        for readings, answer in said.items():
            groups.setdefault(readings[:place] + readings[place + 1 :], set()).add(answer)
        if any(len(group) > 1 for group in groups.values()):
            yield question
