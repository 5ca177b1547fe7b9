"""
What a judge is asked, and what it tells.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs

from peer_ledger.questions import ByQuestion
from peer_ledger.records import Attestation, Credit, TrainingEvent
from peer_ledger.rules._requirements import Training

Fits = Callable[["AskedTraining", Training | ByQuestion | None, "AskedCredit | None"], bool | None]


@attrs.frozen(kw_only=True)
class AskedCredit:
    """
    A credit that a judge is asked about.

    Attributes:
        record: The credit as it stands: its topics, and its amount in its own unit.
        hours: How many clock hours it is, by what the rule set says of its unit; `None` where nobody says.
    """

    record: Credit
    hours: Fraction | None


@attrs.frozen(kw_only=True)
class AskedTraining:
    """
    A training that a judge is asked about, as it stands: with what its course fills in, and as a reviewer granted it.

    Attributes:
        record: The record; what it leaves out may be known all the same, so take what stands beside it.
        credits: What it carries; `None` when that is unknown.
        delivery: How it was given; `None` when unknown.
        provider: Who gave it; `None` when unknown.
        approved_by: Who approves it on the day it was completed; `None` when unknown.
    """

    record: TrainingEvent
    credits: tuple[AskedCredit, ...] | None
    delivery: str | None
    provider: str | None
    approved_by: frozenset[str] | None

    @property
    def id(self) -> str:
        """The id of its record."""
        return self.record.id

    @property
    def day(self) -> date:
        """The day on which it was completed."""
        return self.record.completed

    @property
    def hours(self) -> Fraction | None:
        """How many clock hours it has; `None` where of some of it that is not known."""
        total = Fraction(0)
        for one in self.credits or ():
            if one.hours is None:
                return None
            total += one.hours
        return None if self.credits is None else total


@attrs.frozen(kw_only=True)
class Asked:
    """
    What a judge is asked: one requirement of one person on one day.

    There is nothing in it of what was withdrawn, rejected in review, or lies outside of the days that count.

    Attributes:
        need: How much is needed, in the unit of the requirement; `None` where no source states it.
        unit: That unit.
        first_day: The first day that counts; `None` where it is not limited.
        last_day: The last day that counts; `None` where it is not limited.
        as_of: The day of filing, or the day asked about while nothing is filed; nothing later is in here.
        cycle_begins: The first day of the cycle; `None` before any certificate.
        due: The last day of the cycle; `None` before any certificate, and where nobody knows it.
        trainings: The trainings that may count, by day.
        attestations: What was attested for this step or for none, by day.
    """

    need: Fraction | None
    unit: str
    first_day: date | None
    last_day: date | None
    as_of: date
    cycle_begins: date | None
    due: date | None
    trainings: tuple[AskedTraining, ...]
    attestations: tuple[Attestation, ...]
    _fits: Fits = attrs.field(eq=False, repr=False)

    def fits(
        self, training: AskedTraining, wanted: Training | ByQuestion | None, credit: AskedCredit | None = None
    ) -> bool | None:
        """
        Tell whether a training is of some kind.

        Args:
            training: The training.
            wanted: The kind, as in `counts` of other requirements; it may depend on a question of the rule set.
            credit: The one of its credits that is meant; `None` for any of them.

        Returns:
            `None` where the records do not say.
        """
        return self._fits(training, wanted, credit)


Amount = int | Decimal | Fraction
"""An exact amount; a binary float is none."""


@attrs.frozen(kw_only=True)
class Told:
    """
    What a judge tells: what counted.  Whether that is enough, it leaves to whoever asked.

    Nothing is checked when it is built, but when it is taken: amounts are exact and 0 or more, ids are those of what
    was asked about, and of nothing more counts than was recorded.

    Attributes:
        counted: How much of what counted, by the id of the record and in the unit of the requirement; what is not named
            counted for nothing.
        possible: How much would count in all if everything that is not recorded were as it must be; `None` where
            nothing hangs on that.
        because: What is missing and why, in a sentence without a full stop; `None` for how much there is of how much
            is needed.
        why_not: Why something, or a part of it, did not count, by the id of the record.  A reason that begins with
            `the records do not say` makes it one of the gaps that `Roster.unknown_fields` lists.
    """

    counted: Mapping[str, Amount]
    possible: Amount | None = None
    because: str | None = None
    why_not: Mapping[str, str] = attrs.field(factory=dict)


Judge = Callable[[Asked], Told]
"""A function that says what counts: of equal questions it tells equal things, and looks at nothing else."""
