"""
The context of a check: one person's records, the readings taken, the state of the certificate.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, TypeVar

import attrs

from peer_ledger.evaluation._completion import completion_days
from peer_ledger.evaluation._days import day_of, days_between, later
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import ENDS, Life, in_force_on
from peer_ledger.evaluation._lifecycle import life_on
from peer_ledger.evaluation._one_world import Settled
from peer_ledger.records import Level, Quantity, Ruling
from peer_ledger.reports import Result
from peer_ledger.rules import (
    CERTIFICATE_LEVEL,
    DOCUMENTS_ON_FILE,
    OF_FACTS,
    UNRECORDED_TRAINING,
    ByQuestion,
    Cap,
    Condition,
    Documents,
    Figure,
    GrowingAmount,
    Hours,
    Interval,
    Kind,
    Part,
    Readings,
    RelativeDate,
    RuleSet,
    Source,
    Span,
    Unstated,
    UnstatedQuantity,
    questions_of,
)
from peer_ledger.rules._provisional import has_own_length
from peer_ledger.values._cached import cached_property
from peer_ledger.values.hours import WORTH

Number = TypeVar("Number", int, int | Unstated)


@attrs.frozen(kw_only=True, slots=False)
class Context:
    """
    The records, readings and certificate that a requirement is checked against.

    Attributes:
        ruleset: The rules.
        history: The records.
        readings: The readings taken.
        life: The state of the certificate.
        rulesets: All rule sets that may be looked at, by id.
        settled: Which of the trainings are one, where that is settled for all together; `None` where each requirement
            takes the way in which least counts.
        known_asked: Returns what is asked by a requirement of hours, as `AskedHours`, if that is known for everybody.
        still_open: Open questions; a finding that depends on missing records is undetermined while they are open.
    """

    ruleset: RuleSet
    history: History
    readings: Readings
    life: Life
    rulesets: Mapping[str, RuleSet]
    settled: Settled | None = None
    still_open: frozenset[str] = frozenset()
    known_asked: Callable[["Context", Hours], Any] | None = None

    def day(self, point: RelativeDate | ByQuestion | None, *, is_end: bool = False) -> date | None:
        """Return the day that a relative date names, as a first or last day; `None` when there is none."""
        life = self.life
        return day_of(self.readings.of(point), life.grant, life.as_of, life.lapsed_on, is_end=is_end)

    def days(self, interval: Interval | Span | None) -> tuple[date | None, date | None]:
        """Return the first and the last day of an interval; `None` where it has none."""
        if interval is None:
            return None, None
        begins, ends = self.readings.of(interval.begins), self.readings.of(interval.ends)
        is_from_completion = begins is not None and begins.requirement is not None
        if is_from_completion or (ends is not None and ends.requirement is not None):
            return completion_days(self, begins, ends)
        return days_between(begins, ends, self.life.grant, self.life.as_of, self.life.lapsed_on)

    def asks(self, condition: Condition | None, first: date | None = None, last: date | None = None) -> bool:
        """Return whether a condition holds, on a deciding date within some days."""
        deciding = self.life.deciding
        if (first is not None and deciding < first) or (last is not None and deciding > last):
            return False
        return condition is None or self._holds(condition)

    def _holds(self, condition: Condition) -> bool:
        """Return whether everything that a condition names holds."""
        # Questions come last: one that is taken is noted as asked, and it decides nothing where another part fails.
        grant = self.life.grant
        if condition.late is not None and condition.late is not self.life.is_late:
            return False
        if condition.filed is not None and not self._lies(self.life.as_of, condition.filed):
            return False
        if condition.awarded is not None and (grant is None or not self._lies(grant.anchor, condition.awarded)):
            return False
        if not self._is_cycle(condition):
            return False
        if condition.level is not None and not self._is_of_level(condition.level):
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
        """Return whether a condition holds in the current cycle, by its number."""
        first = condition.cycle_from or 1
        if (condition.cycle_from, condition.cycle_to, condition.cycle_every) == (None, None, None):
            return True
        number = self.life.grant.number if self.life.grant is not None else 0
        is_within = first <= number and (condition.cycle_to is None or number <= condition.cycle_to)
        return is_within and (number - first) % (condition.cycle_every or 1) == 0

    def _is_of_level(self, level: Level) -> bool:
        """Return whether the certificate is of a level; where the records do not say, a question decides."""
        grant = self.life.grant
        if grant is None:
            return False
        stage = self.ruleset.provisional
        if grant.level is None and stage is not None and has_own_length(stage, self.ruleset.cycle):
            return self.readings.take(CERTIFICATE_LEVEL) == level
        return (grant.level or "full") == level

    def _has(self, condition: Condition) -> bool:
        """Return whether a designation or another certificate is held; a question decides where the records do not."""
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
        """Return whether another certificate is in force on the day of filing; `None` when that is unknown."""
        history = self.history.elsewhere(credential, self.life.as_of)
        if not history.acts:
            return False if history.covers("certification", None, self.life.as_of) else None
        rules = self.rulesets.get(credential)
        if rules is None:
            return _as_printed(history)
        readings = self.readings_of(rules, history)
        life = life_on(history, rules, readings)
        return {"yes": True, "no": False, "undetermined": None}[in_force_on(life, rules, readings, history.on)]

    def readings_of(self, rules: RuleSet, history: History) -> Readings:
        """
        Return the readings of another rule set: the assumed ones, except of what the records leave open here, too.
        """
        readings = Readings((*questions_of(rules), *OF_FACTS))
        life_on(history, rules, readings)
        taken = {question.id: self.readings.take(question.id) for question in OF_FACTS if question.id in readings.asked}
        return Readings((*questions_of(rules), *OF_FACTS), taken) if taken else readings

    def ruling(self, requirement: str, effect: str) -> Ruling | None:
        """Return the last ruling of the board with some effect on a requirement or date; `None` when there is none."""
        if not self.history.rulings:
            return None
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
                return Unstated(says=f"how many hours the board's figure in {ruling.figure.unit} is")
            return Fraction(ruling.figure.amount) * worth
        return self._stated(figure)

    def figure(self, requirement: str, figure: Figure, unit: str) -> Fraction | Unstated:
        """Return a figure in some unit under the readings taken, or as the board set it for this person."""
        ruling = self.ruling(requirement, "sets")
        if ruling is not None and ruling.figure is not None:
            ruled = self.in_unit(ruling.figure, unit)
            if ruled is not None:
                return ruled
        return self._stated(figure)

    def in_unit(self, quantity: Quantity, unit: str) -> Fraction | None:
        """Return a quantity in another unit; `None` where no source says how the two units convert."""
        if quantity.unit == unit:
            return Fraction(quantity.amount)
        worth, wanted = self.worth.get(quantity.unit), self.worth.get(unit)
        return None if worth is None or wanted is None else Fraction(quantity.amount) * worth / wanted

    def is_usable(self, figure: Quantity, requirement: Kind) -> bool:
        """Return whether a figure that the board set is in a unit of the requirement, or converts to one."""
        return any(self.in_unit(figure, unit) is not None for unit in requirement.units or ())

    def _stated(self, figure: Figure) -> Fraction | Unstated:
        need: Decimal | Unstated | GrowingAmount = self.readings.of(figure)
        if isinstance(need, GrowingAmount):
            return self._grown(need)
        return need if isinstance(need, Unstated) else Fraction(need)

    def _grown(self, figure: GrowingAmount) -> Fraction | Unstated:
        """Return a figure that grows with time; an unstated one where the day it grows from or until is unknown."""
        grant = self.life.grant
        is_due_known = grant is None or grant.is_due_known
        since, until = self.day(figure.since), self.day(figure.until, is_end=True)
        is_from_due = any(point.of in ("due", "after-due") for point in (figure.since, figure.until))
        if since is None or until is None or (is_from_due and not is_due_known):
            return Unstated(says="the amount, which grows from a day that is not known")
        times = 0
        while later(since, figure.months * (times + 1)) <= until:
            times += 1
        if figure.count == "begun" and later(since, figure.months * times) < until:
            times += 1
        grown = figure.base + figure.each * times
        return Fraction(grown if figure.most is None else min(grown, figure.most))

    def count(self, requirement: str, number: Number, unit: Literal["training", "document"]) -> Number | int:
        """Return how many trainings or documents are asked, or as many as the board set for this person."""
        ruling = self.ruling(requirement, "sets")
        if ruling is None or ruling.figure is None or ruling.figure.unit != unit:
            return number
        return int(ruling.figure.amount)

    def quantity(self, requirement: Documents) -> tuple[Quantity | UnstatedQuantity | None, bool]:
        """
        Return the least amount a document must state, or the one the board set for this person in the same unit.

        It comes with whether that is certain: an amount that grows from a day that is not known is at least what it is
        at first.
        """
        quantity: Quantity | UnstatedQuantity | None = self.readings.of(requirement.at_least)
        ruling = self.ruling(requirement.id, "sets")
        if quantity is None:
            return None, True
        if ruling is not None and ruling.figure is not None and ruling.figure.unit == quantity.unit:
            return ruling.figure, True
        if requirement.grows is None or isinstance(quantity, UnstatedQuantity):
            return quantity, True
        more = self._grown(self.readings.of(requirement.grows))
        if isinstance(more, Unstated):
            return quantity, False
        amount = Fraction(quantity.amount) + more
        return attrs.evolve(quantity, amount=Decimal(amount.numerator) / amount.denominator), True

    def is_asked(self, rule: Kind | Part | Cap) -> bool:
        """Return whether a requirement, a part of one or a cap is asked of this person."""
        first, last = getattr(rule, "first_day", None), getattr(rule, "last_day", None)
        return self.asks(rule.only_if, first, last) and self.ruling(rule.id, "waives") is None

    @cached_property
    def worth(self) -> dict[str, Fraction]:
        """The hours that one of each unit is worth, for the units where that is known."""
        return {worth.unit: worth.ratio for worth in self.ruleset.units} | WORTH

    def without(self, *, covered: bool, enough: bool) -> Result:
        """
        Return the result for a requirement with too few documents on file.

        Args:
            covered: Whether all documents are known to be on file.
            enough: Whether there would be enough if every unknown detail of those on file turned out favorable.
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
        """Return the result for a requirement that is met only if training with missing details is counted."""
        counts = self.readings.take(UNRECORDED_TRAINING.id) == "counts"
        return "undetermined" if UNRECORDED_TRAINING.id in self.still_open else "met" if counts else "short"

    def under(self, question: str, reading: str) -> "Context":
        """Return the same context under another reading of a question."""
        return self._with(self.readings.taking(question, reading), self.settled, self.still_open)

    def opened(self, still_open: frozenset[str]) -> "Context":
        """Return the same context with some questions open, and so with it open which trainings are one."""
        return self._with(self.readings, None, still_open)

    def taking(self, question: str, reading: str, *, still_open: frozenset[str]) -> "Context":
        """Return the same context under another reading of a question, with other questions open."""
        return self._with(self.readings.taking(question, reading), self.settled, still_open)

    def _with(self, readings: Readings, settled: Settled | None, still_open: frozenset[str]) -> "Context":
        return Context(
            ruleset=self.ruleset, history=self.history, readings=readings, life=self.life, rulesets=self.rulesets,
            settled=settled, still_open=still_open, known_asked=self.known_asked,
        )  # fmt: skip

    def sources(self, cites: tuple[str, ...]) -> tuple[Source, ...]:
        """Return the sources that are cited."""
        return self.ruleset.cited(cites)


def _as_printed(history: History) -> bool | None:
    """Return whether a certificate is in force by its printed expiry, for lack of its rules; `None` when unknown."""
    acts = [act for act in history.acts if act.on is not None and act.act != "refused"]
    if acts and acts[-1].act in ENDS:
        return False
    expires = [act.expires for act in history.acts if act.expires is not None]
    return True if expires and max(expires) >= history.on else None
