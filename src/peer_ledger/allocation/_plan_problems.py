"""
Everything that can be wrong with demands and limits, listed at once.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from peer_ledger.allocation._terms import MOST, Demand, Limit, unknown_names
from peer_ledger.allocation._trees import is_shared
from peer_ledger.errors import Problem, shown, shown_name


def plan_problems(demand: Demand, limits: Sequence[Limit]) -> list[Problem]:
    """Return everything that keeps demands and limits from forming a plan."""
    problems = [*_shape_problems(demand, ""), *_name_problems(demand, limits), *_limit_problems(limits)]
    if not problems:  # minima and maxima can be compared only once all of them are figures
        problems += _maximum_problems(demand)
    return problems


def least(demand: Demand) -> int:
    """Return the fewest units that satisfy a demand and everything below it."""
    below = [least(child) for child in demand.children]
    return max(demand.minimum, max(below, default=0) if is_shared(demand) else sum(below))


def _is_figure(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MOST


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _path(demand: Demand, above: str) -> str:
    name = demand.name if _is_name(demand.name) else "?"
    return f"{above}.{name}" if above else name


def _shape_problems(demand: Demand, above: str) -> Iterator[Problem]:
    path = _path(demand, above)
    if not _is_name(demand.name):
        yield Problem(path, f"a demand's name must be a non-empty text, not {shown(demand.name)}")
    for field in ("minimum", "maximum"):
        figure = getattr(demand, field)
        if not _is_figure(figure) and not (field == "maximum" and figure is None):
            yield Problem(f"{path}.{field}", f"must be a whole number of units from 0 to 10**15, not {shown(figure)}")
    if demand.group not in {None, "exclusive", "shared"}:
        yield Problem(f"{path}.group", f"must be 'exclusive' or 'shared', not {shown_name(demand.group)}")
    elif demand.group is None and len(demand.children) > 1:
        yield Problem(
            f"{path}.group",
            f"must be stated for {len(demand.children)} children: 'exclusive' if a unit is placed in only one of them, "
            "'shared' if it may serve several",
        )
    for child in demand.children:
        if not isinstance(child, Demand):
            yield Problem(f"{path}.children", f"must be demands, not {shown(child)}")
            continue
        if is_shared(demand) and child.maximum is not None:
            yield Problem(
                f"{_path(child, path)}.maximum",
                "has no effect in a shared group, where a unit over it still counts; put a limit on the cells instead",
            )
        yield from _shape_problems(child, path)


def _name_problems(demand: Demand, limits: Sequence[Limit]) -> Iterator[Problem]:
    yield from _repeated("", "demands", Counter(name for name in _all_names(demand) if isinstance(name, str)))
    yield from _repeated("limits", "limits", Counter(limit.name for limit in limits))


def _limit_problems(limits: Sequence[Limit]) -> Iterator[Problem]:
    by_name = {limit.name: limit for limit in limits}
    for limit in limits:
        path = f"limits.{limit.name}"
        if not _is_name(limit.name):
            yield Problem(path, f"a limit's name must be a non-empty text, not {shown(limit.name)}")
        if not _is_figure(limit.maximum):
            yield Problem(
                f"{path}.maximum", f"must be a whole number of units from 0 to 10**15, not {shown(limit.maximum)}"
            )
        yield from _nesting_problems(path, limit, by_name)


def _nesting_problems(path: str, limit: Limit, by_name: dict[str, Limit]) -> Iterator[Problem]:
    if limit.within is None:
        return
    if limit.within not in by_name:
        yield from unknown_names(f"{path}.within", "limit", [limit.within], by_name)
        return
    outer = by_name[limit.within].maximum
    if _is_in_itself(limit, by_name):
        yield Problem(f"{path}.within", "is nested in itself; a limit may only be nested in others")
    elif _is_figure(limit.maximum) and _is_figure(outer) and limit.maximum > outer:
        yield Problem(
            f"{path}.maximum", f"is {limit.maximum} and has no effect inside {limit.within!r}, whose maximum is {outer}"
        )


def _repeated(path: str, what: str, names: Counter[str]) -> Iterator[Problem]:
    for name, times in names.items():
        if times > 1:
            yield Problem(path, f"{times} {what} are named {name!r}; use a different name for each")


def _all_names(demand: Demand) -> Iterator[Any]:
    yield demand.name
    for child in demand.children:
        if isinstance(child, Demand):
            yield from _all_names(child)


def _is_in_itself(limit: Limit, by_name: dict[str, Limit]) -> bool:
    within, steps = limit.within, 0
    while within is not None and within in by_name and steps <= len(by_name):
        within, steps = by_name[within].within, steps + 1
    return steps > len(by_name)


def _maximum_problems(demand: Demand, above: str = "") -> Iterator[Problem]:
    path = _path(demand, above)
    needed = least(demand)
    if demand.maximum is not None and needed > demand.maximum:
        what = "its minimum is" if needed == demand.minimum else "its children need"
        yield Problem(f"{path}.maximum", f"is {demand.maximum}, and {what} {needed}: no amount meets both")
    for child in demand.children:
        yield from _maximum_problems(child, path)
