"""
What requirements are held against: one person's records, the readings taken and the days that count.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import attrs

from peer_ledger._standing import Life, day_of
from peer_ledger.history import Event, History
from peer_ledger.questions import ByQuestion, Readings, Source
from peer_ledger.records import Credit, Quantity, Ruling
from peer_ledger.rules import Cap, Condition, Figure, Interval, Part, Requirement, RuleSet, Training, Unstated

DAY = timedelta(days=1)
ONE = Fraction(1)
WORTH = {"hour": ONE, "minute": Fraction(1, 60)}
"""What the units are worth that need no source, in hours."""


@attrs.frozen(kw_only=True)
class Case:
    """
    What a requirement is held against.

    Attributes:
        ruleset: The rules.
        history: The records.
        readings: The readings taken.
        life: Where the certificate is.
        still_open: Questions that nobody answered, so that a finding which hinges on missing records is not decided.
    """

    ruleset: RuleSet
    history: History
    readings: Readings
    life: Life
    still_open: frozenset[str] = frozenset()

    @property
    def is_late(self) -> bool:
        """Whether the filing is late, or would be on the day asked about."""
        grant = self.life.grant
        return self.life.step == "renewal" and grant is not None and self.life.as_of > grant.due

    def days(self, interval: Interval | None) -> tuple[date | None, date | None]:
        """Give the first and the last day of an interval; `None` where it has none."""
        if interval is None:
            return None, None
        begins, ends = self.readings.of(interval.begins), self.readings.of(interval.ends)
        first = day_of(begins, self.life.grant, self.life.as_of, self.life.lapsed_on)
        last = day_of(ends, self.life.grant, self.life.as_of, self.life.lapsed_on)
        return (
            first if first is None or begins.included else first + DAY,
            last if last is None or ends.included else last - DAY,
        )

    def asks(self, condition: Condition | None, first: date | None = None, last: date | None = None) -> bool:
        """Tell whether a requirement is asked at all."""
        deciding = self.life.deciding
        if (first is not None and deciding < first) or (last is not None and deciding > last):
            return False
        if condition is None:
            return True
        if condition.late is not None and condition.late is not self.is_late:
            return False
        if condition.holds is not None and not self.history.holds(condition.holds, self.life.as_of):
            return False
        return condition.question is None or self.readings.take(condition.question) == condition.reading

    def ruling(self, requirement: str, effect: str) -> Ruling | None:
        """Find the last ruling of the board that has this effect on a requirement or date."""
        deciding = self.life.deciding
        found = [
            ruling
            for ruling in self.history.rulings
            if ruling.requirement == requirement
            and ruling.effect == effect
            and (ruling.first_day is None or ruling.first_day <= deciding)
            and (ruling.last_day is None or deciding <= ruling.last_day)
        ]
        return max(found, key=lambda ruling: (ruling.on, ruling.id), default=None)

    def need(self, requirement: str, figure: Figure) -> Fraction | Unstated:
        """Give a figure in hours under the readings taken, or as the board set it for this person."""
        ruling = self.ruling(requirement, "sets")
        if ruling is not None and ruling.figure is not None:
            return Fraction(ruling.figure.amount) * self.worth.get(ruling.figure.unit, ONE)
        need: Decimal | Unstated = self.readings.of(figure)
        return need if isinstance(need, Unstated) else Fraction(need)

    def count(self, requirement: str, number: int) -> int:
        """Give a number of trainings or documents, or as the board set it for this person."""
        ruling = self.ruling(requirement, "sets")
        return number if ruling is None or ruling.figure is None else int(ruling.figure.amount)

    def quantity(self, requirement: str, quantity: Quantity | None) -> Quantity | None:
        """Give what an attestation must say at least, or as the board set it for this person in the same unit."""
        ruling = self.ruling(requirement, "sets")
        if quantity is None or ruling is None or ruling.figure is None or ruling.figure.unit != quantity.unit:
            return quantity
        return ruling.figure

    def is_asked(self, one: Requirement | Part | Cap) -> bool:
        """Tell whether a requirement, a part of one or a cap is asked of this person."""
        first, last = getattr(one, "first_day", None), getattr(one, "last_day", None)
        return self.asks(one.only_if, first, last) and self.ruling(one.id, "waives") is None

    @cached_property
    def worth(self) -> dict[str, Fraction]:
        """What each unit is worth in hours, of those of which it is known."""
        return {worth.unit: worth.ratio for worth in self.ruleset.units} | WORTH

    def sources(self, cites: Iterable[str]) -> tuple[Source, ...]:
        """Look citations up."""
        return tuple(self.ruleset.source(cited) for cited in cites)


def counts_as(
    wanted: Training | ByQuestion | None, event: Event, credit: Credit | None, readings: Readings
) -> bool | None:
    """Tell whether training is of a kind that counts; `None` when the records do not say."""
    training: Training | None = readings.of(wanted)
    if training is None:
        return True
    topics = credit.topics if credit is not None else None
    not_topics = readings.of(training.not_topics)
    answers = [
        _meets(training.topics, topics),
        _meets(training.deliveries, None if event.delivery is None else {event.delivery}),
        _meets(training.roles, {event.record.role}),
        _meets(training.approved_by, event.approved_by),
        _meets(training.providers, None if event.provider is None else {event.provider}),
        _meets(training.courses, None if event.record.course is None else {event.record.course}),
    ]
    if training.shortest is not None:
        length = _length(training, event)
        answers.append(None if length is None else length >= training.shortest)
    if not_topics:
        answers.append(None if topics is None else not topics & frozenset(not_topics))
    if False in answers:
        return False
    return None if None in answers and training.if_unknown == "open" else True


def _length(training: Training, event: Event) -> Fraction | None:
    """Give how many hours an event has on the topics wanted; `None` when the records do not say."""
    length = Fraction(0)
    for credit, amount in zip(event.credits or (), event.amounts, strict=True):
        if _meets(training.topics, credit.topics) is not False:
            worth = WORTH.get(credit.unit)
            if worth is None:
                return None
            length += amount * worth
    return None if event.credits is None else length


def _meets(wanted: frozenset[str] | None, known: Iterable[str] | None) -> bool | None:
    if wanted is None:
        return True
    return None if known is None else not wanted.isdisjoint(known)


def why_outside(event: Event, first: date | None, last: date | None, as_of: date) -> str | None:
    """Say why an event lies outside the days that count."""
    day = event.record.completed
    if event.why_not is not None:
        return event.why_not
    if first is not None and day < first:
        return f"before {first}, from which day on training counts"
    if day > as_of:
        return "after the filing"
    if last is not None and day > last:
        return f"after {last}, until which day training counts"
    return None
