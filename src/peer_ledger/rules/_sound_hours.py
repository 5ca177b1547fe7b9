"""
Checks of a requirement for hours as a whole.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from peer_ledger.errors import Problem, shown_name
from peer_ledger.rules._built import all_parts, is_whole, placed
from peer_ledger.rules._figures import Figure
from peer_ledger.rules._hours import Hours, Part
from peer_ledger.rules._questions import ByQuestion
from peer_ledger.rules._training import WANTED, TrainingFilter
from peer_ledger.values._strict import is_built

_MOST = Decimal(10**7)
MOST_PARTS = 100
"""The most parts and caps of a requirement, however deep: what is decided is decided of sets of them."""


def _figures(figure: Figure) -> Iterator[Decimal]:
    """Yield the amounts that a figure may be, or their bounds; an unknown figure may be anything."""
    if isinstance(figure, ByQuestion):
        for _, value in figure.values:
            yield from _figures(value)
    elif isinstance(figure, Decimal):
        yield figure
    else:
        yield from (Decimal(0), _MOST)


def _may_be(setting: Any, *, value: Any) -> bool:
    """Return whether a setting has a value under any reading."""
    if isinstance(setting, ByQuestion):
        return any(_may_be(part, value=value) for _, part in setting.values)
    return setting is value


def _least(figure: Figure) -> Decimal:
    return min(_figures(figure), default=Decimal(0))


def _most(figure: Figure) -> Decimal:
    return max(_figures(figure), default=_MOST)


def _exceeds(part: Figure, whole: Figure) -> tuple[Decimal, Decimal] | None:
    """Return the figures of a part and of the whole if the part's is larger under all readings."""
    if isinstance(part, ByQuestion) and isinstance(whole, ByQuestion) and part.by == whole.by:
        wholes = dict(whole.values)
        pairs = [(smaller, wholes[reading]) for reading, smaller in part.values if reading in wholes]
        return next((found for smaller, larger in pairs if (found := _exceeds(smaller, larger)) is not None), None)
    least, most = _least(part), _most(whole)
    return (least, most) if least > most else None


def hours_problems(requirement: Hours) -> Iterator[Problem]:
    """
    Yield the problems of a requirement for hours, its parts and its caps taken together.
    """
    parts = list(all_parts("", requirement.parts))
    if len(parts) + len(list(placed(requirement.caps))) > MOST_PARTS:
        yield Problem("parts", f"has more than {MOST_PARTS} parts and caps; make requirements of their own")
        return
    yield from _of_group(requirement)
    for path, part in parts:
        yield from (problem.below(path) for problem in _of_group(part))
    yield from _of_caps(requirement, [requirement, *(part for _, part in parts)])


def _of_group(group: Hours | Part) -> Iterator[Problem]:
    if group.together is None and is_built(group.parts) and len(group.parts) > 1:
        yield Problem("together", "must be 'exclusive' or 'shared' with several parts; there is no default")
    parts = list(placed(group.parts))
    for place, part in parts:
        if (more := _exceeds(part.need, group.need)) is not None:
            yield Problem(f"parts[{place}].need", f"{more[0]} is more than the {more[1]} of the whole")
        if (found := _never_taken(part.counts, group.counts)) is not None:
            yield Problem(f"parts[{place}].counts", f"takes only training that the whole leaves out: {found}")
        if group.together == "shared" and _may_be(part.surplus_counts, value=False):
            limits = "has no effect on shared parts, whose surplus hours count anyway; use a cap"
            yield Problem(f"parts[{place}].surplus_counts", limits)
    if group.together == "exclusive":
        least = sum(_least(part.need) for _, part in parts if part.only_if is None)
        most = _most(group.need)
        if least > most:
            yield Problem("parts", f"need {least} together, more than the {most} of the whole")


def _never_taken(part: Any, whole: Any) -> str | None:
    """Return the words of a part's filter that the whole leaves out; `None` unless it leaves out all of them."""
    if not (isinstance(part, TrainingFilter) and isinstance(whole, TrainingFilter) and is_whole((part, whole))):
        return None
    for name in WANTED:
        wanted, left_out, taken = (
            getattr(one, key) for one, key in ((part, name), (whole, f"not_{name}"), (whole, name))
        )
        if not wanted:
            continue
        if isinstance(left_out, frozenset) and wanted <= left_out:
            return ", ".join(sorted(wanted))
        if name == "deliveries" and taken and not wanted & taken:  # a training has one
            return ", ".join(sorted(wanted))
    return None


def _of_caps(hours: Hours, wholes: list[Hours | Part]) -> Iterator[Problem]:
    for place, cap in placed(hours.caps):
        for whole in wholes:
            is_same = whole.counts == cap.counts and is_whole(cap.counts)
            if is_same and _exceeds(whole.need, cap.at_most) is not None:
                found = f"allows fewer hours than {shown_name(whole.id)} needs of the same training"
                yield Problem(f"caps[{place}].at_most", found)
