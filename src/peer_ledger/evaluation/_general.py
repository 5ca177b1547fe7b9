"""
Which rules ask the same of everybody, given readings, the deciding date and whether a filing is late.
"""

from peer_ledger.rules import ByQuestion, Cap, Condition, Figure, GrowingAmount, Hours, Part
from peer_ledger.rules._built import all_parts
from peer_ledger.rules._completions import is_from_completion


def are_general(hours: Hours) -> bool:
    """Return whether what is asked depends on nothing but readings, the deciding date and whether a filing is late."""
    parts = [part for _, part in all_parts("", hours.parts)]
    rules: list[Hours | Part | Cap] = [hours, *parts, *hours.caps]
    figures = [hours.need, *(part.need for part in parts), *(cap.at_most for cap in hours.caps)]
    return (
        not (hours.carry_over or hours.not_shared_with or hours.recurs)
        and all(part.within is None for part in parts)
        and not is_from_completion(hours.earning)
        and all(is_general(rule.only_if) for rule in rules)
        and not any(map(_grows, figures))
    )


def is_general(condition: Condition | None, *, but_holding: bool = False) -> bool:
    """
    Return whether a condition holds for everybody or for nobody, given readings and whether a filing is late.

    Args:
        condition: The condition; `None` for none.
        but_holding: Whether it may depend on designations besides.
    """
    if condition is None:
        return True
    personal = (
        condition.filed, condition.awarded, condition.cycle_from, condition.cycle_to, condition.cycle_every,
        None if but_holding else condition.holds, condition.credential, condition.level,
    )  # fmt: skip
    inner = (*condition.any_of, condition.unless)
    return personal == (None,) * len(personal) and all(is_general(each, but_holding=but_holding) for each in inner)


def _grows(figure: Figure) -> bool:
    if isinstance(figure, ByQuestion):
        return any(_grows(value) for _, value in figure.values)
    return isinstance(figure, GrowingAmount)
