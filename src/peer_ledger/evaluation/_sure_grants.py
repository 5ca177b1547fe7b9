"""
Grants that are the same under all readings, but for where their cycles are counted from.
"""

from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import Grant
from peer_ledger.rules import ByQuestion, RelativeDate, RuleSet


def is_last_sure(history: History, rules: RuleSet, grants: tuple[Grant, ...]) -> bool:
    """
    Return whether the last grant is the same under all readings, but for where its cycles are counted from.

    It is where every act has a day, so that they follow each other in one order, where no reinstatement may only lift a
    suspension, and where the last certificate has a printed expiry, so that its due date is not counted from anything.

    Args:
        history: The records.
        rules: The rule set.
        grants: The grants under the assumed readings.
    """
    is_counted = rules.unending or rules.provisional is not None or isinstance(rules.printed, ByQuestion)
    if is_counted or rules.clock_with or history.rulings or not grants or not grants[-1].printed:
        return False
    return all(act.on is not None and act.act != "reinstated" for act in history.acts)


def is_from_cycle(point: RelativeDate | None) -> bool:
    """Return whether a relative date is counted from the first day of the cycle."""
    return point is not None and (point.of == "cycle-start" or is_from_cycle(point.otherwise))
