"""
What requirements are held against: one person's records, the readings taken and the days that count.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal

import attrs

from peer_ledger.evaluation._days import day_of, later
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import ENDS, Life, in_force_on
from peer_ledger.evaluation._lifecycle import life_on
from peer_ledger.records import Quantity, Ruling
from peer_ledger.reports import Result
from peer_ledger.rules import (
    ACTS_ON_FILE,
    DOCUMENTS_ON_FILE,
    OF_FACTS,
    UNRECORDED_TRAINING,
    ByQuestion,
    Cap,
    Condition,
    Figure,
    GrowingAmount,
    Interval,
    Part,
    Readings,
    RelativeDate,
    Requirement,
    RuleSet,
    Source,
    Span,
    Unstated,
    questions_of,
)
from peer_ledger.rulesets import RuleSetNotFound, ruleset
from peer_ledger.values.hours import WORTH

DAY = timedelta(days=1)


@attrs.frozen(kw_only=True)
class Context:
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
        in_time = self.life.timely_until
        return self.life.step == "renewal" and in_time is not None and self.life.as_of > in_time

    def day(self, point: RelativeDate | ByQuestion | None, *, is_end: bool = False) -> date | None:
        """Find the day of a point, as a beginning or an end; `None` when there is none."""
        life = self.life
        return day_of(self.readings.of(point), life.grant, life.as_of, life.lapsed_on, is_end=is_end)

    def days(self, interval: Interval | Span | None) -> tuple[date | None, date | None]:
        """Return the first and the last day of an interval; `None` where it has none."""
        if interval is None:
            return None, None
        begins, ends = self.readings.of(interval.begins), self.readings.of(interval.ends)
        first, last = self.day(begins), self.day(ends, is_end=True)
        return (
            first if first is None or begins.included else first + DAY,
            last if last is None or ends.included else last - DAY,
        )

    def asks(self, condition: Condition | None, first: date | None = None, last: date | None = None) -> bool:
        """Return whether a requirement is asked at all."""
        deciding = self.life.deciding
        if (first is not None and deciding < first) or (last is not None and deciding > last):
            return False
        return condition is None or self._holds(condition)

    def _holds(self, condition: Condition) -> bool:
        """Return whether all that a condition names holds; what hangs on a question comes last."""
        grant = self.life.grant
        if condition.late is not None and condition.late is not self.is_late:
            return False
        if condition.filed is not None and not self._lies(self.life.as_of, condition.filed):
            return False
        if condition.awarded is not None and (grant is None or not self._lies(grant.anchor, condition.awarded)):
            return False
        if not self._is_cycle(condition):
            return False
        if condition.any_of and not any(map(self._holds, condition.any_of)):
            return False
        if condition.unless is not None and self._holds(condition.unless):
            return False
        if (condition.holds is not None or condition.credential is not None) and not self._has(condition):
            return False
        return condition.question is None or self.readings.take(condition.question) == condition.reading

    def _lies(self, day: date, span: Span) -> bool:
        first, last = self.days(span)
        return (first is None or first <= day) and (last is None or day <= last)

    def _is_cycle(self, condition: Condition) -> bool:
        """Return whether the cycle is one of those in which a condition holds."""
        first = condition.cycle_from or 1
        if (condition.cycle_from, condition.cycle_to, condition.cycle_every) == (None, None, None):
            return True
        number = self.life.grant.number if self.life.grant is not None else 0
        is_within = first <= number and (condition.cycle_to is None or number <= condition.cycle_to)
        return is_within and (number - first) % (condition.cycle_every or 1) == 0

    def _has(self, condition: Condition) -> bool:
        """Return whether a designation, or another certificate, is held; where nobody knows, a question says."""
        answers = [
            None if name is None else find(name)
            for name, find in ((condition.holds, self._designated), (condition.credential, self._certified))
        ]
        wanted = [answer for answer, name in zip(answers, (condition.holds, condition.credential), strict=True) if name]
        if False in wanted:
            return False
        if None not in wanted:
            return True
        unknown = condition.if_unrecorded
        return unknown is not None and self.readings.take(unknown.question) == unknown.reading

    def _designated(self, name: str) -> bool | None:
        if self.history.holds(name, self.life.as_of):
            return True
        return False if self.history.covers("designation", None, self.life.as_of) else None

    def _certified(self, credential: str) -> bool | None:
        """Return whether another certificate is in force on the day of filing; `None` when nobody knows."""
        there = self.history.elsewhere(credential, self.life.as_of)
        if not there.acts:
            return False if there.covers("certification", None, self.life.as_of) else None
        try:
            rules = ruleset(credential)
        except RuleSetNotFound:
            return _as_printed(there)
        readings = self.readings_of(rules, there)
        life = life_on(there, rules, readings)
        return {"yes": True, "no": False, "undetermined": None}[in_force_on(life, rules, readings, there.on)]

    def readings_of(self, rules: RuleSet, there: History) -> Readings:
        """
        Return the readings of another rule set: the assumed ones, but what is on file of its acts as it is taken here.
        """
        readings = Readings((*questions_of(rules), *OF_FACTS))
        life_on(there, rules, readings)
        if ACTS_ON_FILE.id not in readings.asked:
            return readings
        return Readings((*questions_of(rules), *OF_FACTS), {ACTS_ON_FILE.id: self.readings.take(ACTS_ON_FILE.id)})

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
        """Return a figure in hours under the readings taken, or as the board set it for this person."""
        ruling = self.ruling(requirement, "sets")
        if ruling is not None and ruling.figure is not None:
            worth = self.worth.get(ruling.figure.unit)
            if worth is None:
                return Unstated(says=f"what the board set in a unit of unknown worth, {ruling.figure.unit}")
            return Fraction(ruling.figure.amount) * worth
        return self._stated(figure)

    def figure(self, requirement: str, figure: Figure, unit: str) -> Fraction | Unstated:
        """Return a figure in some unit under the readings taken, or as the board set it for this person in that unit."""
        ruling = self.ruling(requirement, "sets")
        if ruling is not None and ruling.figure is not None:
            ruled = self.in_unit(ruling.figure, unit)
            if ruled is not None:
                return ruled
        return self._stated(figure)

    def in_unit(self, quantity: Quantity, unit: str) -> Fraction | None:
        """Convert a quantity; `None` where nobody says what one unit is in the other."""
        if quantity.unit == unit:
            return Fraction(quantity.amount)
        worth, wanted = self.worth.get(quantity.unit), self.worth.get(unit)
        return None if worth is None or wanted is None else Fraction(quantity.amount) * worth / wanted

    def _stated(self, figure: Figure) -> Fraction | Unstated:
        need: Decimal | Unstated | GrowingAmount = self.readings.of(figure)
        if isinstance(need, GrowingAmount):
            return self._grown(need)
        return need if isinstance(need, Unstated) else Fraction(need)

    def _grown(self, figure: GrowingAmount) -> Fraction | Unstated:
        """Return a figure that grows with time; one that is not stated, where a day is not known."""
        since, until = self.day(figure.since), self.day(figure.until, is_end=True)
        if since is None or until is None:
            return Unstated(says="an amount that grows with time from a day that is not known")
        times = 0
        while later(since, figure.months * (times + 1)) <= until:
            times += 1
        if figure.count == "begun" and later(since, figure.months * times) < until:
            times += 1
        grown = figure.base + figure.each * times
        return Fraction(grown if figure.most is None else min(grown, figure.most))

    def count(self, requirement: str, number: int, unit: Literal["training", "document"]) -> int:
        """Return a number of trainings or documents, or as the board set it for this person in that unit."""
        ruling = self.ruling(requirement, "sets")
        if ruling is None or ruling.figure is None or ruling.figure.unit != unit:
            return number
        return int(ruling.figure.amount)

    def quantity(self, requirement: str, quantity: Quantity | None) -> Quantity | None:
        """Return what a document must say at least, or as the board set it for this person in the same unit."""
        ruling = self.ruling(requirement, "sets")
        if quantity is None or ruling is None or ruling.figure is None or ruling.figure.unit != quantity.unit:
            return quantity
        return ruling.figure

    def is_asked(self, one: Requirement | Part | Cap) -> bool:
        """Return whether a requirement, a part of one or a cap is asked of this person."""
        first, last = getattr(one, "first_day", None), getattr(one, "last_day", None)
        return self.asks(one.only_if, first, last) and self.ruling(one.id, "waives") is None

    @cached_property
    def worth(self) -> dict[str, Fraction]:
        """What each unit is worth in hours, of those of which it is known."""
        return {worth.unit: worth.ratio for worth in self.ruleset.units} | WORTH

    def without(self, *, covered: bool, enough: bool) -> Result:
        """
        Say what it means that documents are missing: how that stands depends on whether all of them are on file.

        Args:
            covered: Whether they are.
            enough: Whether there would be enough if what is on file said what it does not say.
        """
        if covered:
            return "undetermined" if enough else "short"
        reading = self.readings.take(DOCUMENTS_ON_FILE.id)
        if DOCUMENTS_ON_FILE.id in self.still_open:
            return "undetermined"
        if reading == "not-all":
            return "met"
        return "undetermined" if enough else "short"

    def if_recorded(self) -> Result:
        """Say how stands what is met only if training counts of which the records do not say so."""
        counts = self.readings.take(UNRECORDED_TRAINING.id) == "counts"
        return "undetermined" if UNRECORDED_TRAINING.id in self.still_open else "met" if counts else "short"

    def sources(self, cites: Iterable[str]) -> tuple[Source, ...]:
        """Look citations up."""
        return tuple(self.ruleset.source(cited) for cited in cites)


def _as_printed(there: History) -> bool | None:
    """Tell by the printed expiry alone whether a certificate is in force, the rules of which are not at hand."""
    acts = [act for act in there.acts if act.on is not None and act.act != "refused"]
    if acts and acts[-1].act in ENDS:
        return False
    expires = [act.expires for act in there.acts if act.expires is not None]
    return True if expires and max(expires) >= there.on else None
