"""
What is told of the problems of a rule set: those that follow from others are left out, and unknown keys get a hint.
"""

import re
from collections.abc import Iterable, Iterator

import attrs

from peer_ledger.errors import Problem, nearest
from peer_ledger.rulesets._short import FILTER_KEYS

_SHORT_KEYS = (*FILTER_KEYS, "trainings", "like", "drop", "seen", "cites", "unstated", "ends")
"""Keys of a rule file that the classes do not have at the same place."""

_HINTS = {
    "at_most": "a maximum of hours is a cap: caps.NAME.at_most; at_most is what a document may state at the most",
    "at_least": "hours are given as need; at_least is what a document must state",
    "hours": "hours are given as need",
    "phase": "give ends as one of the days on which a cycle ends, such as 2027-06-30",
}
_UNKNOWN = "unknown key"
_SUGGESTED = re.compile(r"did you mean '([^']+)'")


def told(own: Iterable[Problem], others: Iterable[Problem]) -> list[Problem]:
    """
    Return what is told of a rule set.

    Args:
        own: What the short forms of the file have wrong.
        others: What the rule set that was made of it has wrong.
    """
    listed = list(others)
    unknown = {
        problem.path
        for problem in listed
        if problem.message.startswith(_UNKNOWN) and problem.path.rpartition(".")[2] in _HINTS
    }
    first = [problem for problem in dict.fromkeys(own) if problem.path not in unknown]
    said = {problem.path for problem in first}
    rest = [_hinted(problem) for problem in listed if problem.path not in said]
    return list(_not_following([*first, *rest]))


def _hinted(problem: Problem) -> Problem:
    if not problem.message.startswith(_UNKNOWN):
        return problem
    key = problem.path.rpartition(".")[2]
    if key in _HINTS:
        return attrs.evolve(problem, message=f"{_UNKNOWN}; {_HINTS[key]}")
    hint = "" if _SUGGESTED.search(problem.message) else nearest(key, _SHORT_KEYS)
    return attrs.evolve(problem, message=f"{problem.message}{hint}")


def _not_following(problems: list[Problem]) -> Iterator[Problem]:
    """Yield the problems without those that go away with another one: a missing key that is there, mistyped."""
    unknown = {_table(problem.path) for problem in problems if problem.message.startswith(_UNKNOWN)}
    meant = {
        _key(_table(problem.path), found[1])
        for problem in problems
        if problem.message.startswith(_UNKNOWN) and (found := _SUGGESTED.search(problem.message)) is not None
    }
    hinted = {_key(_table(problem.path), "need") for problem in problems if problem.message.startswith(f"{_UNKNOWN};")}
    wrong = {problem.path for problem in problems}
    for problem in problems:
        is_missing = problem.message == "is missing"
        table, key = _table(problem.path), problem.path.rpartition(".")[2]
        follows = problem.path in meant | hinted or (
            key == "says" and (table in unknown or any(_key(table, name) in wrong for name in ("need", "at_least")))
        )
        if is_missing and follows:
            continue
        if is_missing and key == "says":
            yield Problem(problem.path, "is missing; no sentence can be made of what is given, so write one")
        else:
            yield problem


def _table(path: str) -> str:
    return path.rpartition(".")[0]


def _key(table: str, key: str) -> str:
    return f"{table}.{key}" if table else key
