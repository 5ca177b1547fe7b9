"""
The beginning of a rule file, for its author to fill in.

>>> from peer_ledger.rulesets import read_rulesets
>>> [rules] = read_rulesets(new_file("us-xx-cps", date(2026, 11, 29)))
>>> rules.id, rules.grade, rules.jurisdiction
('us-xx-cps', 'partial', 'us-xx')
"""

import re
from datetime import date

from peer_ledger.errors import InvalidValue, shown_name

TIME_ZONE = "America/New_York"
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+){2,}")

_FILE = """\
# EXAMPLELAND: the CERTIFIED PEER SPECIALIST of the BOARD.
#
# It rests on the board's pages.  What they leave open is a question below.  This is not legal advice.

format = 1
body = "BOARD OF EXAMPLELAND"
time_zone = "{time_zone}"
seen = {today}

[sources]
PAGE = {{ title = "The board's page on renewal", board = "https://board.example/renewal" }}

[{name}]
name = "EXAMPLELAND CERTIFIED PEER SPECIALIST"
grade = "partial"
gaps = ["what this file does not say yet"]
ask = "https://board.example/contact"
confidence = "low"
cites = ["PAGE"]
cycle.by = "last-day"
cycle.day-before = {{ months = 24, ends = "day-before" }}
cycle.anniversary = {{ months = 24, ends = "anniversary" }}

[{name}.questions.last-day]
asks = "If no expiration date is printed, is the last day of a certificate the anniversary or the day before it?"
readings = {{ day-before = "The day before, when two full years are over.", anniversary = "The anniversary itself." }}

[{name}.renewal.renewal-1]
says = "20 hours of training, including 3 of ethics."
earning = "from the first day of the cycle to the due date"

training.need = 20
training.together = "exclusive"
training.parts.ethics = 3

code-of-ethics = {{ within = "after the last grant" }}
fee = {{ at_least = "$50", within = "after the last grant" }}
"""

_CASES = """\
# Worked cases of {name}: each answer is worked out by hand from the sources before the rule set is asked.

[groups]
award = [{{ certification = "c", credential = "{name}", act = "awarded", on = 2025-06-01 }}]

[[cases]]
id = "{name}-1"
says = "Nothing was done yet."
basis = "DERIVED"
ruleset = "{name}"
person = "p"
on = 2026-03-01
include = ["award"]
derivation = "All 20 hours are missing."
[cases.expect]
hours_outcome = "short"
findings = [{{ requirement = "training", counted = "0", short = "20" }}]
"""


def new_file(name: str, today: date, time_zone: str = TIME_ZONE) -> str:
    """
    Return the text of a rule file that can be read, with words in capitals where its author fills something in.

    Args:
        name: The id of the rule set, such as `us-xx-cps`.
        today: The day on which the sources were seen.
        time_zone: The time zone of its days.

    Raises:
        InvalidValue: The id is not one that a rule set may have.
    """
    return _FILE.format(name=_checked(name), today=today, time_zone=time_zone)


def new_cases(name: str) -> str:
    """
    Return the text of a file of worked cases for a rule set.

    Args:
        name: Its id.

    Raises:
        InvalidValue: The id is not one that a rule set may have.
    """
    return _CASES.format(name=_checked(name))


def _checked(name: str) -> str:
    if _ID.fullmatch(name) is None:
        raise InvalidValue(f"the id of a rule set is written as 'us-xx-cps', not {shown_name(name)}")
    return name
