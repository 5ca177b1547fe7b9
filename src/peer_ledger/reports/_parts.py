"""
The parts of a report other than its findings: dates, open questions, coming editions, provenance.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import attrs

from peer_ledger.reports._remarks import Remark
from peer_ledger.reports._terms import DATE_NAMES, DateName, Outcome
from peer_ledger.rules import Grade, Question, Reading, Source


@attrs.frozen(kw_only=True, slots=False)
class Day:
    """
    One date of an answer.

    Attributes:
        day: The date; `None` when it is not decided.
        candidates: The dates under every reading, earliest first; one when the date is decided.
        why: Where it comes from.
    """

    day: date | None
    candidates: tuple[date, ...]
    why: Remark


@attrs.frozen(kw_only=True, slots=False)
class Dates:
    """
    The dates of an answer; each is `None` where there is none.

    Attributes:
        due: The last day to renew on time, as far as filing on time ends on the due date.
        expiry: The last day the certification is valid.
        timely_until: The last day to file on time, where that is not the due date.
        late_until: The last day to file late.
        reinstate_until: The last day to apply for reinstatement.
        opens: The first day to file.
        earning_begins: The first day on which training counts.
        earning_ends: The last day on which training counts.
    """

    due: Day | None = None
    expiry: Day | None = None
    timely_until: Day | None = None
    late_until: Day | None = None
    reinstate_until: Day | None = None
    opens: Day | None = None
    earning_begins: Day | None = None
    earning_ends: Day | None = None

    def items(self) -> Iterator[tuple[DateName, Day]]:
        """Yield each date there is, with its name."""
        for name in DATE_NAMES:
            day: Day | None = getattr(self, name)
            if day is not None:
                yield name, day


@attrs.frozen(kw_only=True)
class Alternative:
    """
    The answer under one reading of an open question, with the assumed reading of every other question.

    Attributes:
        reading: The reading.
        answer: Every component of the answer and every date there is, by name.
        gives: The components and dates that differ from those under the assumed reading; a date that there is not is
            left out, as it is of `answer`.
        hours_short: How many hours of training are missing there; `None` where that is undetermined.
    """

    reading: Reading
    answer: tuple[tuple[str, str], ...]
    gives: tuple[tuple[str, str], ...]
    hours_short: Fraction | None


@attrs.frozen(kw_only=True)
class OpenQuestion:
    """
    A question that changes the answer for this person on this day.

    Attributes:
        question: The question.
        alternatives: The answer under each reading.
        cites: The sources of its readings.
    """

    question: Question
    alternatives: tuple[Alternative, ...]
    cites: tuple[Source, ...]


@attrs.frozen(kw_only=True)
class Ahead:
    """
    An edition that begins before the last day of filing.

    Attributes:
        edition: Its id.
        begins: The first day it governs.
        says: What is new in it.
        outcome: The outcome under it with what is on file.
    """

    edition: str
    begins: date
    says: str
    outcome: Outcome


@attrs.frozen(kw_only=True)
class DesignationOutcome:
    """
    Whether what is asked for an optional designation is there; the step itself does not depend on it.

    Attributes:
        designation: The designation.
        outcome: The outcome of what is asked for it.
    """

    designation: str
    outcome: Outcome


@attrs.frozen(kw_only=True)
class ConsultedRules:
    """
    A rule set that the one asked looks at, or that such a rule set looks at.

    Attributes:
        ruleset: Its id.
        version: Its version.
        digest: Its digest.
    """

    ruleset: str
    version: str
    digest: str


@attrs.frozen(kw_only=True)
class Asked:
    """
    How a report was asked for, beside the person, the day and the rule set.

    Attributes:
        readings: The questions that the caller answered, each with the reading, sorted.
        strict: Whether questions that only cause a caveat also left the answer undetermined.
        cycle: The number of the closed cycle that was checked; `None` for the next step.
        texts: The digest of the whole text of each rule set that the answer may depend on, prose included, by id.
        installed: The digest of the ids of all rule sets that could be found; `None` when only those of a mapping
            existed.
    """

    readings: tuple[tuple[str, str], ...] = ()
    strict: bool = False
    cycle: int | None = None
    texts: tuple[tuple[str, str], ...] = ()
    installed: str | None = None


@attrs.frozen(kw_only=True)
class Provenance:
    """
    The rules and entries that an answer rests on.

    Attributes:
        ruleset: The rule set's id.
        credential: The name of the credential.
        body: The body that awards the certification, which can say what its rules leave open.
        ask: The address at which the body can be asked; `None` when none is given.
        grade: How much of the rules is known: `complete`, `partial` or `named`.
        gaps: What is not known of a renewal, in a few words each.
        version: Its version.
        digest: Its digest.
        consulted: The other rule sets that the answer may depend on, sorted by id; a rule set that it names and that is
            not here was not available.
        edition: The id of the edition that governed; `None` when none did.
        counts_in: The unit that the rule set's amounts of training are in: `hour`, or another such as `point`.
        entries: How many entries of the ledger were read.
        known: The number of the ledger's last entry.
        supposed: The ids of records that were only supposed, as by `supposing`; empty for an answer from the ledger.
        without: The ids of records of the ledger that were left out, as by `without`.
    """

    ruleset: str
    credential: str
    body: str
    ask: str | None
    grade: Grade
    gaps: tuple[str, ...]
    version: str
    digest: str
    consulted: tuple[ConsultedRules, ...]
    edition: str | None
    counts_in: str
    entries: int
    known: int
    supposed: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each rule set that the answer may depend on, by id: what `kept_by_digest` takes."""
        return {self.ruleset: self.digest} | {other.ruleset: other.digest for other in self.consulted}
