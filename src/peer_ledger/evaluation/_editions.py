"""
The edition of a procedure that a deciding date selects.
"""

from datetime import date

from peer_ledger.rules import Edition, Procedure, Readings, edition_question, method_question

UNKNOWN_METHOD = "?"
"""Stands for the method of a filing that does not record one."""


def edition_at(procedure: Procedure, deciding: date, method: str | None, readings: Readings) -> Edition | None:
    """
    Return the edition that governs a deciding date; `None` when none has begun by then.

    Args:
        procedure: The procedure.
        deciding: The deciding date.
        method: The method of filing, for which an edition may begin on another day; `None` while nothing is filed, and
            `UNKNOWN_METHOD` when the filing does not record one.
        readings: The readings taken; asked where a first day is known only as a range, or depends on an unknown method.
    """
    chosen = None
    # Which questions arise depends on the deciding date; what is asked for here is still noted with the others.
    deciding_readings = readings.sharing(deciding)
    for edition in procedure.editions:
        if _has_begun(edition, deciding, method, deciding_readings):
            chosen = edition
    return chosen


def _has_begun(edition: Edition, deciding: date, method: str | None, readings: Readings) -> bool:
    begins = edition.begins
    if begins is None:
        return True
    first = begins.day
    for exception in begins.by_method:
        is_open = method == UNKNOWN_METHOD and exception.day != begins.day
        if exception.method == method or (
            is_open and readings.take(method_question(edition, exception.method)) == "yes"
        ):
            first = exception.day
    if first is not None:
        return first <= deciding
    if begins.not_before is not None and deciding < begins.not_before:
        return False
    question = readings.question(edition_question(edition))
    if question.last_day is not None and deciding > question.last_day:
        return True
    return readings.take(question.id) == "begun"
