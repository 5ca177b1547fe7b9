"""
Days, intervals and quantities as a rule file writes them: `90 days before the due date`, `after the last grant`.

>>> point_of("90 days before the due date")
{'of': 'due', 'days': -90}
>>> interval_of("after the last grant to the filing")
{'begins': {'of': 'last-grant', 'included': False}, 'ends': {'of': 'filing'}}
>>> point_of("12 months after the completion of core")
{'of': 'completion', 'requirement': 'core', 'months': 12}
>>> quantity_of("18 years"), quantity_of("$20")
({'amount': '18', 'unit': 'year'}, {'amount': '20', 'unit': 'us-dollar'})
"""

import re
from datetime import date
from typing import Any

from peer_ledger.values.dates import FIRST_YEAR
from peer_ledger.values.vocabularies import standard_vocabularies

ANCHORS = {
    "the award": "award",
    "the last grant": "last-grant",
    "the first day of the cycle": "cycle-start",
    "the due date": "due",
    "the day after the due date": "after-due",
    "the filing": "filing",
    "the last day to file late": "lapse",
    "the day it was made inactive": "inactive",
    "never": "never",
}
"""What a day may be counted from, in a rule file, and the word for it in Python."""

COMPLETIONS = {"the completion of ": "completion", "the last completion of ": "last-completion"}
"""What comes before the id of the requirement or part from whose training a day is counted, and the word for it."""

_NAMED = "|".join(
    [*sorted(ANCHORS, key=len, reverse=True), rf"(?:{'|'.join(COMPLETIONS)})[a-z0-9]+(?:-[a-z0-9]+){{0,20}}"]
)
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_COUNT = r"[0-9]{1,4}"
_POINT = re.compile(
    rf"(?:(?P<days>{_COUNT}) days? (?P<way>before|after) )?"
    r"(?P<end>the end of the month(?: of)? )?"
    rf"(?:(?P<months>{_COUNT}) months?(?: and (?P<more>{_COUNT}) days?)? (?P<turn>before|after) )?"
    rf"(?P<anchor>{_NAMED}|{_DAY})"
)
_BEGINS = re.compile(r"(?P<word>from|after|more than|less than) (?P<point>.+)")
_EXCEEDING = re.compile(r"(?P<word>more than|less than) (?P<point>.+)")
_QUANTITY = re.compile(r"(?P<amount>[0-9]{1,9}(?:,[0-9]{3})*(?:\.[0-9]{1,6})?) (?P<unit>[a-z]+(?:[ -][a-z]+)*)")
_DOLLARS = re.compile(r"\$(?P<amount>[0-9]{1,9}(?:,[0-9]{3})*(?:\.[0-9]{1,2})?)")

ANY_TIME = {"of": "calendar", "day": date(FIRST_YEAR, 1, 1)}
"""A day before all others."""

NO_DAY = {"of": "due", "due_until": date(FIRST_YEAR, 1, 1)}
"""A day that never exists, because no due date is as old."""


def point_of(text: str) -> dict[str, Any] | None:
    """
    Return a day as a table of the rule file; `None` when the text is no day.

    Args:
        text: Such as `the due date`, `90 days before the due date`, `the end of the month of the due date`.
    """
    if text in ("any time", "no day"):
        return dict(ANY_TIME if text == "any time" else NO_DAY)
    found = _POINT.fullmatch(text)
    if found is None or (found["end"] is not None and found["more"] is not None):
        return None
    if found["end"] is not None and found["end"].endswith(" of ") is (found["months"] is not None):
        return None
    if found["more"] is not None and found["days"] is not None:
        return None
    point = _anchored(found["anchor"])
    if point is None:
        return None
    months = _signed(found["months"], found["turn"])
    days = _signed(found["days"], found["way"]) or _signed(found["more"], found["turn"])
    return (
        point
        | ({"months": months} if months else {})
        | ({"days": days} if days else {})
        | ({"month_end": True} if found["end"] else {})
    )


def _anchored(text: str) -> dict[str, Any] | None:
    if text in ANCHORS:
        return {"of": ANCHORS[text]}
    for words, anchor in COMPLETIONS.items():
        if text.startswith(words):
            return {"of": anchor, "requirement": text.removeprefix(words)}
    try:
        return {"of": "calendar", "day": date.fromisoformat(text)}
    except ValueError:
        return None


def _signed(count: str | None, way: str | None) -> int:
    return 0 if count is None else int(count) * (1 if way == "after" else -1)


def interval_of(text: str) -> dict[str, Any] | None:
    """
    Return an interval as a table of the rule file; `None` when the text is no interval.

    Args:
        text: A beginning (`from ...`, or `after ...` when that day does not count), an end (`to ...`, or `before ...`),
            or both.  `more than 6 months after the due date` begins on the day after that.
    """
    whole = _halves(text, text)
    if whole is not None:
        return whole
    for separator in (" to ", " before "):
        places = [found.start() for found in re.finditer(separator, text)]
        for place in places:
            halves = _halves(text[:place], text[place + 1 :])
            if halves is not None and len(halves) > 1:
                return halves
    return None


def _halves(begins: str, ends: str) -> dict[str, Any] | None:
    """Return the interval whose beginning and whose end are these texts; of one text, what it is of the two."""
    first, last = _beginning(begins), _end(ends)
    if begins == ends:
        return {"begins": first} if first is not None else {"ends": last} if last is not None else None
    return None if first is None or last is None else {"begins": first, "ends": last}


def beginning_of(text: str) -> dict[str, Any] | None:
    """
    Return the day on which an interval begins; `None` when the text is none.

    Args:
        text: A day, or `after ...`, `more than ... after ...` or `less than ... before ...` when it does not count.
    """
    return point_of(text) or _beginning(text)


def end_of(text: str) -> dict[str, Any] | None:
    """
    Return the day on which an interval ends; `None` when the text is none.

    Args:
        text: A day, or `before ...`, `less than ... after ...` or `more than ... before ...` when it does not count.
    """
    return point_of(text) or _end(text) or _end(f"to {text}")


def _beginning(text: str) -> dict[str, Any] | None:
    found = _BEGINS.fullmatch(text)
    if found is None:
        return None
    if found["word"] in ("from", "after"):
        point = point_of(found["point"])
        if point is None or (found["word"] == "after" and _is_moved(point)):
            return None
        return point if found["word"] == "from" else {**point, "included": False}
    return _exceeding(found, more="after", less="before")


def _end(text: str) -> dict[str, Any] | None:
    word, _, rest = text.partition(" ")
    if word not in ("to", "before"):
        return None
    found = _EXCEEDING.fullmatch(rest)
    if found is not None:
        return _exceeding(found, more="before", less="after") if word == "to" else None
    point = point_of(rest)
    if point is None or (word == "before" and _is_moved(point)):
        return None
    return point if word == "to" else {**point, "included": False}


def _exceeding(found: re.Match[str], *, more: str, less: str) -> dict[str, Any] | None:
    """Return a day that is not included, because it is more or less than so long away."""
    point = point_of(found["point"])
    if point is None or point.get("month_end"):
        return None
    moved = [point[name] for name in ("months", "days") if point.get(name)]
    is_later = (more if found["word"] == "more than" else less) == "after"
    if not moved or any((offset > 0) is not is_later for offset in moved):
        return None
    return {**point, "included": False}


def _is_moved(point: dict[str, Any]) -> bool:
    return bool(point.get("months") or point.get("days") or point.get("month_end"))


def quantity_of(text: str) -> dict[str, Any] | None:
    """
    Return a quantity as a table of the rule file; `None` when the text is none.

    Args:
        text: An amount and a unit, in the singular or the plural, or an amount of dollars: `12 months`, `$20`.
    """
    found = _DOLLARS.fullmatch(text)
    if found is not None:
        return {"amount": found["amount"].replace(",", ""), "unit": "us-dollar"}
    found = _QUANTITY.fullmatch(text)
    if found is None:
        return None
    known = standard_vocabularies()["units"]
    word, singular = found["unit"], found["unit"].removesuffix("s")
    unit = known.find(word) or known.find(singular) or (None if " " in word else singular)
    return None if unit is None else {"amount": found["amount"].replace(",", ""), "unit": unit}
