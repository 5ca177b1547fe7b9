"""
What a report is made of beside its findings: dates, open questions, coming editions and provenance.
"""

from collections.abc import Iterator, Mapping
from datetime import date

import attrs

from peer_ledger.reports._terms import Outcome
from peer_ledger.rules import Question, Reading


@attrs.frozen(kw_only=True)
class Day:
    """
    One date of an answer.

    Attributes:
        day: The date; `None` when there is none, or it is not decided.
        candidates: All dates that some reading gives, from the earliest; one when it is decided.
        why: Where it comes from.
    """

    day: date | None
    candidates: tuple[date, ...]
    why: str


@attrs.frozen
class Dates(Mapping[str, Day]):
    """
    The dates of an answer by name, as far as there are any.

    They are `due`, `expiry`, `opens`, `timely_until` (where filing in time does not end on the due date), `late_until`,
    `reinstate_until`, `earning_begins` and `earning_ends`.
    """

    _days: tuple[tuple[str, Day], ...]

    def __getitem__(self, name: str) -> Day:
        return dict(self._days)[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._days)

    def __len__(self) -> int:
        return len(self._days)


@attrs.frozen(kw_only=True)
class Alternative:
    """
    What one reading of an open question would give, while of the others the assumed one is taken.

    Attributes:
        reading: The reading.
        answer: Every component of the answer and every date there is, by name.
        gives: Those of them that would be different from those under the assumed reading.
    """

    reading: Reading
    answer: tuple[tuple[str, str], ...]
    gives: tuple[tuple[str, str], ...]


@attrs.frozen(kw_only=True)
class OpenQuestion:
    """
    A question that changes the answer for this person on this day.

    Attributes:
        question: The question.
        alternatives: What each reading would give.
    """

    question: Question
    alternatives: tuple[Alternative, ...]


@attrs.frozen(kw_only=True)
class Ahead:
    """
    An edition that begins before the last day of filing.

    Attributes:
        edition: Its id.
        begins: The first day it governs.
        says: What is new in it.
        outcome: The outcome it would give with what is on file.
    """

    edition: str
    begins: date
    says: str
    outcome: Outcome


@attrs.frozen(kw_only=True)
class Provenance:
    """
    What an answer was made of.

    Attributes:
        ruleset: The rule set's id.
        version: Its version.
        digest: Its digest.
        edition: The edition that governed; `None` when none did.
        entries: How many entries of the ledger were read.
        known: The number of the ledger's last entry.
    """

    ruleset: str
    version: str
    digest: str
    edition: str | None
    entries: int
    known: int
