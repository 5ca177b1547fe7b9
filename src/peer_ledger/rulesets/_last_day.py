"""
The question that most boards leave open: whether the anniversary is the last day of a certificate.

>>> made = with_last_day({"cycle": {"months": 24, "ends": "unsettled"}, "cycle_cites": ["PAGE"]}, None)
>>> made["cycle"]["day-before"], made["cycle"]["anniversary"]
({'months': 24, 'ends': 'day-before'}, {'months': 24, 'ends': 'anniversary'})
>>> made["questions"][0]["asks"]
'Is the anniversary itself the last day of the certificate?'
"""

from collections.abc import Mapping
from typing import Any

UNSETTLED = "unsettled"
"""Where a cycle ends, in a rule file, if its sources state a length and not the last day."""

_ID = "last-day"
_SAYS = {
    "day-before": "No, the last day is the day before it.",
    "anniversary": "Yes, the anniversary is the last day.",
}


def with_last_day(data: Mapping[str, Any], cites: Any) -> dict[str, Any]:
    """
    Return a rule set with the question, and with both cycles, in the place of one whose last day is unsettled.

    Args:
        data: The rule set, with lists in the place of tables by name.
        cites: The ids of the sources of the rule set, which are those of the question unless the cycle has its own.
    """
    cycle = _opened(data.get("cycle"))
    if cycle == data.get("cycle"):
        return dict(data)
    cited = data.get("cycle_cites", cites)
    sources = {} if cited is None else {"cites": cited}
    question = {
        "id": _ID,
        "asks": "Is the anniversary itself the last day of the certificate?",
        "readings": [{"id": reading, "says": says, **sources} for reading, says in _SAYS.items()],
    }
    questions = data.get("questions", [])
    is_asked = type(questions) is not list or any(type(one) is dict and one.get("id") == _ID for one in questions)
    return {**data, "cycle": cycle, "questions": questions if is_asked else [question, *questions]}


def _opened(cycle: Any) -> Any:
    """Return a cycle with two in the place of each whose last day is unsettled."""
    if type(cycle) is not dict:
        return cycle
    if cycle.get("ends") == UNSETTLED and ("months" in cycle or "kind" in cycle):
        return {"by": _ID, **{ends: {**cycle, "ends": ends} for ends in _SAYS}}
    return {key: _opened(one) for key, one in cycle.items()}
