"""
What can be wrong with requirements and caps, all of it at once.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from peer_ledger.allocation._solver import Solver
from peer_ledger.allocation._terms import MOST, Cap, Cell, Requirement, unknown_names
from peer_ledger.allocation._trees import is_shared, names_below
from peer_ledger.errors import Problem, shown, shown_name

_MOST_COVERING = 5
"""With more caps that cover requirements, whether they leave enough is not looked into beforehand."""


def plan_problems(requirement: Requirement, caps: Sequence[Cap]) -> list[Problem]:
    """List everything that keeps requirements and caps from making a plan."""
    problems = [*_shape_problems(requirement, ""), *_cap_problems(requirement, caps)]
    if not problems:
        problems += _maximum_problems(requirement)
    if not problems:
        problems += _reach_problems(requirement, caps)
    return problems


def least(requirement: Requirement) -> int:
    """Find the least number of units that satisfies a requirement and all below it."""
    below = [least(child) for child in requirement.children]
    return max(requirement.minimum, max(below, default=0) if is_shared(requirement) else sum(below))


def _is_figure(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MOST


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _path(requirement: Requirement, above: str) -> str:
    name = requirement.name if _is_name(requirement.name) else "?"
    return f"{above}.{name}" if above else name


def _shape_problems(requirement: Requirement, above: str) -> Iterator[Problem]:
    path = _path(requirement, above)
    if not _is_name(requirement.name):
        yield Problem(path, f"a requirement's name is a text and not empty, not {shown(requirement.name)}")
    for field in ("minimum", "maximum"):
        figure = getattr(requirement, field)
        if not _is_figure(figure) and not (field == "maximum" and figure is None):
            yield Problem(f"{path}.{field}", f"must be a whole number of units from 0 to 10**15, not {shown(figure)}")
    if requirement.group not in {None, "exclusive", "shared"}:
        yield Problem(f"{path}.group", f"must be 'exclusive' or 'shared', not {shown_name(requirement.group)}")
    elif requirement.group is None and len(requirement.children) > 1:
        yield Problem(
            f"{path}.group",
            f"{len(requirement.children)} children, and nobody says whether a unit sits in one of them ('exclusive') "
            "or may serve several ('shared')",
        )
    for child in requirement.children:
        if not isinstance(child, Requirement):
            yield Problem(f"{path}.children", f"must be requirements, not {shown(child)}")
            continue
        if is_shared(requirement) and child.maximum is not None:
            yield Problem(
                f"{_path(child, path)}.maximum",
                "limits nothing in a shared group, where what it turns away counts all the same; "
                "put a cap on the cells instead",
            )
        yield from _shape_problems(child, path)


def _cap_problems(requirement: Requirement, caps: Sequence[Cap]) -> Iterator[Problem]:
    names = Counter(name for name in _all_names(requirement) if isinstance(name, str))
    yield from _repeated("", "requirements", names)
    yield from _repeated("caps", "caps", Counter(cap.name for cap in caps))
    by_name = {cap.name: cap for cap in caps}
    for cap in caps:
        path = f"caps.{cap.name}"
        if not _is_name(cap.name):
            yield Problem(path, f"a cap's name is a text and not empty, not {shown(cap.name)}")
        if not _is_figure(cap.limit):
            yield Problem(f"{path}.limit", f"must be a whole number of units from 0 to 10**15, not {shown(cap.limit)}")
        yield from _nesting_problems(path, cap, by_name)
        yield from unknown_names(f"{path}.covers", "requirement", cap.covers - names.keys(), sorted(names))


def _nesting_problems(path: str, cap: Cap, by_name: dict[str, Cap]) -> Iterator[Problem]:
    if cap.within is None:
        return
    if cap.within not in by_name:
        yield from unknown_names(f"{path}.within", "cap", [cap.within], by_name)
        return
    outer = by_name[cap.within].limit
    if _lies_in_itself(cap, by_name):
        yield Problem(f"{path}.within", "the cap lies inside itself")
    elif _is_figure(cap.limit) and _is_figure(outer) and cap.limit > outer:
        yield Problem(f"{path}.limit", f"{cap.limit} limits nothing inside {cap.within!r}, which ends at {outer}")


def _repeated(path: str, what: str, names: Counter[str]) -> Iterator[Problem]:
    for name, times in names.items():
        if times > 1:
            yield Problem(path, f"{times} {what} are called {name!r}; give each a name of its own")


def _all_names(requirement: Requirement) -> Iterator[Any]:
    yield requirement.name
    for child in requirement.children:
        if isinstance(child, Requirement):
            yield from _all_names(child)


def _lies_in_itself(cap: Cap, by_name: dict[str, Cap]) -> bool:
    within, steps = cap.within, 0
    while within is not None and within in by_name and steps <= len(by_name):
        within, steps = by_name[within].within, steps + 1
    return steps > len(by_name)


def _maximum_problems(requirement: Requirement, above: str = "") -> Iterator[Problem]:
    path = _path(requirement, above)
    needed = least(requirement)
    if requirement.maximum is not None and needed > requirement.maximum:
        what = "its minimum is" if needed == requirement.minimum else "what is asked within it comes to"
        yield Problem(f"{path}.maximum", f"is {requirement.maximum}, and {what} {needed}: nothing can meet both")
    for child in requirement.children:
        yield from _maximum_problems(child, path)


def _reach_problems(requirement: Requirement, caps: Sequence[Cap]) -> list[Problem]:
    """Find minima that even endless training could not meet, because all that serves them lies in caps."""
    covering = [cap for cap in caps if cap.covers]
    if not 0 < len(covering) <= _MOST_COVERING:
        return []
    cells = []
    for chosen in product((False, True), repeat=len(covering)):
        inside = [cap.name for cap, taken in zip(covering, chosen, strict=True) if taken]
        barred = {name for cap, taken in zip(covering, chosen, strict=True) if not taken for name in cap.covers}
        serves = frozenset(names_below(requirement)) - barred
        if serves:
            cells.append(Cell(amount=MOST, serves=serves, caps=inside))
    solver = Solver(requirement, caps)
    problems = []
    for weighing in solver.weighings(cells):
        asked = " and ".join(sorted(weighing.minima))
        held = " and ".join(sorted(weighing.caps))
        problems.append(
            Problem("caps", f"{held} can never give what {asked} asks: {weighing.short} short however much is learned")
        )
    return problems
