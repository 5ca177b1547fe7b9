"""
What is told of the problems of a rule set: those that follow from others are left out, and unknown keys get a hint.
"""

import re
from collections.abc import Iterable, Iterator

import attrs

from peer_ledger.errors import Problem, nearest
from peer_ledger.rulesets._papers import is_paper
from peer_ledger.rulesets._short import FILTER_KEYS

_SHORT_KEYS = (*FILTER_KEYS, "trainings", "like", "drop", "seen", "cites", "unstated", "ends")
"""Keys of a rule file that the classes do not have at the same place."""

_HINTS = {
    "at_most": "a maximum of hours is a cap: caps.NAME.at_most; at_most is what a document may state at the most",
    "at_least": "hours are given as need; at_least is what a document must state",
    "hours": "hours are given as need",
    "training": "the hours of training are given as training.need",
    "phase": "give ends as one of the days on which a cycle ends, such as 2027-06-30",
}
_BY_NAME = frozenset({"parts", "caps", "options", "questions", "readings", "sources"})
_PAPER = "must be an amount such as '$20', a number, true, or a table"
_PLAIN = (
    ("not a dict", "not a table"),
    ("not a tuple", "not such a list"),
    ("not True", "not true"),
    ("not False", "not false"),
)
_UNKNOWN = "unknown key"
_MISSING = re.compile(r"(is|are) missing\b")
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


def in_words(problem: Problem) -> Problem:
    """
    Return a problem in the words of a rule file, whose objects are tables.
    """
    message = problem.message.replace("must be an object", "must be a table", 1)
    for ending, plain in _PLAIN:
        message = message.removesuffix(ending) + plain if message.endswith(ending) else message
    if problem.path.rpartition(".")[2] in _BY_NAME:
        message = message.replace("must be a list, not", "must be tables by name, not", 1)
    return problem if message == problem.message else attrs.evolve(problem, message=message)


def _hinted(problem: Problem) -> Problem:
    if not problem.message.startswith(_UNKNOWN):
        return problem
    key = problem.path.rpartition(".")[2]
    if key in _HINTS:
        return attrs.evolve(problem, message=f"{_UNKNOWN}; {_HINTS[key]}")
    if is_paper(key) and not _SUGGESTED.search(problem.message):
        return attrs.evolve(problem, message=_PAPER)
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
    baseless = tuple(_table(problem.path) for problem in problems if is_baseless(problem))
    for problem in problems:
        table, key = _table(problem.path), problem.path.rpartition(".")[2]
        if any(_is_in(problem.path, one) for one in baseless) and is_missing(problem):
            continue
        if problem.message != "is missing":
            yield problem
            continue
        figures = tuple(_key(table, name) for name in ("need", "at_least"))
        is_unsaid = key == "says" and (table in unknown or any(_is_in(path, one) for path in wrong for one in figures))
        if problem.path not in meant | hinted and not is_unsaid:
            more = "; no sentence can be made of what is given, so write one" if key == "says" else ""
            yield Problem(problem.path, f"is missing{more}")


def is_baseless(problem: Problem) -> bool:
    """Return whether a problem is that there is no edition or rule set like which something is."""
    is_base = problem.path.rpartition(".")[2] in ("like", "extends")
    return is_base and problem.message.startswith(("there is no ", "must be "))


def is_missing(problem: Problem) -> bool:
    """Return whether a problem is that something is missing."""
    return _MISSING.match(problem.message) is not None


def _is_in(path: str, table: str) -> bool:
    return not table or path == table or path.startswith((f"{table}.", f"{table}["))


def _table(path: str) -> str:
    return path.rpartition(".")[0]


def _key(table: str, key: str) -> str:
    return f"{table}.{key}" if table else key
