"""
What finds the parts of an answer, each under the readings of every question, with the questions that it depended on.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any

from peer_ledger.evaluation._alike import JOINING
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._days import days_between
from peer_ledger.evaluation._decision_tree import DecisionTree, Find, Value
from peer_ledger.evaluation._documents import DocumentsTally
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._hours import HoursCheck
from peer_ledger.evaluation._life import Life
from peer_ledger.evaluation._one_world import Settled
from peer_ledger.evaluation._position import Position
from peer_ledger.evaluation._quick import DocumentsFinder, HoursFinder
from peer_ledger.evaluation._requirements import Verdict, check_requirement
from peer_ledger.evaluation._training_sums import TrainingSums
from peer_ledger.rules import Documents, Edition, Interval, Readings, RelativeDate, Requirement


class Contexts:
    """
    The contexts of one person's answers, and what is worked out in them.

    What finds a part holds on to this alone. So nothing refers back to itself, and an answer is freed when the last
    one who reads it lets go of it.

    Args:
        position: The rule set, and what the caller says about its questions.
        history: The records.
        settled: Which trainings are one, where that is settled; otherwise `None`.
    """

    def __init__(self, position: Position, history: History, settled: Settled | None = None) -> None:
        self._position, self._history, self._settled = position, history, settled

    def of(self, life: Life, full: Mapping[str, str]) -> Context:
        """Return the records and readings of an answer, for a state of the certificate under some readings."""
        known = self._position.known
        readings = Readings.known(known.questions, full, deciding=life.deciding)
        return Context(
            ruleset=known.rules, history=self._history, readings=readings, life=life, settled=self._settled,
            rulesets=self._position.rulesets, known_asked=known.asked_hours,
        )  # fmt: skip

    def found(
        self, tree: DecisionTree[Value], life: Life, work: Callable[[Context], Value], full: Mapping[str, str]
    ) -> tuple[tuple[str, ...], Value]:
        """Return a part of the answer, found again or worked out, with the questions that it depended on."""
        found = tree.find(full)
        if found is None:
            context = self.of(life, full)
            value = work(context)
            found = context.readings.asked, value
            tree.keep(full, *found)
        return found


class Finders:
    """
    What finds the parts of one person's answers.

    Args:
        position: The rule set, and what the caller says about its questions.
        history: The records.
        sums: The sums of the training.

    Attributes:
        settled: Which trainings are one, where that is settled; otherwise `None`.
        sums: The sums of the training.
    """

    settled: Settled | None = None

    def __init__(self, position: Position, history: History, sums: TrainingSums) -> None:
        self._position, self._history, self.sums = position, history, sums
        self._contexts = Contexts(position, history)
        self._verdicts: dict[Any, Find[Verdict]] = {}
        self._earning: dict[Any, Find[tuple[date | None, date | None]]] = {}
        self._days: dict[Any, DecisionTree[tuple[date | None, date | None]]] = {}

    def verdict(self, life: Life, place: int) -> Find[Verdict]:
        """
        Return what finds the verdict on a requirement.

        Args:
            life: The state of the certificate.
            place: The place of the requirement in the edition.
        """
        assert life.edition is not None, "a requirement is that of an edition"
        key = (life.seen, place)
        find = self._verdicts.get(key)
        if find is None:
            find = self._verdicts[key] = self._verdict(life, life.edition, place)
        return find

    def _verdict(self, life: Life, edition: Edition, place: int) -> Find[Verdict]:
        requirement, known = edition.requirements[place], self._position.known
        found = self._contexts.found
        otherwise: Find[Verdict] = partial(found, DecisionTree(), life, partial(_check, requirement))
        programs = known.programs.get((edition.id, place))
        if isinstance(requirement, Documents):
            return DocumentsFinder(partial(found, DecisionTree(), life, partial(_tally, requirement)))
        if programs is None or not programs.are_general or self._history.is_ruled_on:
            return otherwise
        return HoursFinder(
            programs.under(life.deciding, is_late=life.is_late, context=partial(self._contexts.of, life)),
            self._interval_days(life, programs.hours.earning or edition.earning),
            self.sums,
            life.as_of,
            otherwise,
        )

    def context_of(self, life: Life, full: Mapping[str, str]) -> Context:
        """Return the records and readings of an answer, for a state of the certificate under some readings."""
        return self._contexts.of(life, full)

    def earning_days(self, life: Life) -> Find[tuple[date | None, date | None]]:
        """Return what finds the days on which training counts, for a filing on the last possible day."""
        key = (life.seen, life.late_until, life.filing is None)
        find = self._earning.get(key)
        if find is None:
            find = self._earning[key] = partial(self._contexts.found, DecisionTree(), life, _earning_days)
        return find

    def _interval_days(self, life: Life, interval: Interval | None) -> Find[tuple[date | None, date | None]]:
        """Return what finds the first and last day of an interval."""
        tree = self._days.setdefault((life.seen, interval), DecisionTree())
        return partial(self._contexts.found, tree, life, partial(_interval_days, interval))


class FindersInWorld(Finders):
    """
    What finds the parts of one person's answers in a world in which it is settled which trainings are one.

    Args:
        position: The rule set, and what the caller says about its questions.
        history: The records.
        settled: The world.
        otherwise: What finds them where that is not settled; what does not depend on it is the same.
    """

    def __init__(self, position: Position, history: History, settled: Settled, otherwise: Finders) -> None:
        super().__init__(position, history, otherwise.sums)
        self.settled = self._world = settled
        self._otherwise = otherwise
        self._contexts = Contexts(position, history, settled)

    def _verdict(self, life: Life, edition: Edition, place: int) -> Find[Verdict]:
        return partial(
            self._found, DecisionTree(), life, edition.requirements[place], self._otherwise.verdict(life, place)
        )

    def _found(
        self,
        tree: DecisionTree[Verdict],
        life: Life,
        requirement: Requirement,
        otherwise: Find[Verdict],
        full: Mapping[str, str],
    ) -> tuple[tuple[str, ...], Verdict]:
        """Return the verdict on a requirement, with the questions that it depended on."""
        asked, verdict = otherwise(full)
        if JOINING.keys().isdisjoint(asked):
            return asked, verdict
        if not isinstance(verdict, HoursCheck):
            return self._contexts.found(tree, life, partial(_check, requirement), full)
        found = tree.find(full)
        if found is None:
            found = asked, verdict.in_world(self._world)
            tree.keep(full, *found)
        return found


def finders_in(
    worlds: Iterable[Iterable[Settled]], position: Position, history: History, otherwise: Finders
) -> list[list[Finders]]:
    """Return what finds the parts of an answer in each of some worlds, as `FindersInWorld` does."""
    return [[FindersInWorld(position, history, world, otherwise) for world in together] for together in worlds]


def _check(requirement: Requirement, context: Context) -> Verdict:
    return check_requirement(context, requirement)


def _tally(requirement: Documents, context: Context) -> DocumentsTally | None:
    return DocumentsTally(context, requirement) if context.is_asked(requirement) else None


def _interval_days(interval: Interval | None, context: Context) -> tuple[date | None, date | None]:
    return context.days(interval)


def filed_last(life: Life) -> date:
    """Return the day of filing or, while nothing is filed, the last day on which a renewal is in time or then late."""
    if life.filing is not None or life.grant is None or life.step != "renewal":
        return life.as_of
    in_time = life.timely_until or life.grant.due
    last = in_time if life.as_of <= in_time else max(life.late_until or in_time, in_time)
    return max(last, life.as_of)


def earning_days(life: Life, begins: RelativeDate | None, ends: RelativeDate | None) -> tuple[date | None, date | None]:
    """Return the days on which training counts if the renewal is filed on the last day in time or, after it, late."""
    as_of = filed_last(life)
    first, final = days_between(begins, ends, life.grant, as_of, life.lapsed_on)
    return first, final if life.filing is None or final is None else min(final, as_of)


def _earning_days(context: Context) -> tuple[date | None, date | None]:
    earning = context.life.edition.earning if context.life.edition else None
    if earning is None:
        return earning_days(context.life, None, None)
    return earning_days(context.life, context.readings.of(earning.begins), context.readings.of(earning.ends))
