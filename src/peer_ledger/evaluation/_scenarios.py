"""
The answers for one person and day under every reading of the open questions.

Each part of an answer notes which questions it depends on, and is found again under all readings that agree on them. So
the work grows with the questions that the records touch, not with the number of combinations.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property, partial
from typing import Any

import attrs

from peer_ledger.evaluation import _parts
from peer_ledger.evaluation._context import Context
from peer_ledger.evaluation._days import days_between
from peer_ledger.evaluation._decision_tree import DecisionTree, Find, Value
from peer_ledger.evaluation._documents import DocumentsTally
from peer_ledger.evaluation._grants import Grants, grants_on
from peer_ledger.evaluation._history import History
from peer_ledger.evaluation._life import Life, in_force_on
from peer_ledger.evaluation._lifecycle import life_on
from peer_ledger.evaluation._outcome import UNDETERMINED, expiry_of, outcome_of, status_of
from peer_ledger.evaluation._position import Position
from peer_ledger.evaluation._quick import DocumentsFinder, HoursFinder
from peer_ledger.evaluation._requirements import Verdict, check_requirement
from peer_ledger.evaluation._shared_lives import State, States
from peer_ledger.reports import COMPONENTS, Components, DateName, InForce, Standing
from peer_ledger.rules import Documents, Edition, Interval, Readings, RelativeDate, Requirement, RuleSet

MOVABLE = frozenset(("due", "late_until", "opens"))
"""The dates that a ruling may move."""


@attrs.frozen(kw_only=True)
class Scenario:
    """
    The answer under one reading of every question.

    Attributes:
        life: The state of the certificate.
        readings: The reading taken of every question.
        verdicts: The results of the requirements.
        asked: The questions that the answer depended on.
        components: Its components, by name.
        days: Its dates, by name; `None` for a date that does not exist.
    """

    life: Life
    readings: Mapping[str, str]
    verdicts: tuple[Verdict, ...]
    asked: Mapping[str, None]
    components: Components
    days: Mapping[DateName, date | None]

    @cached_property
    def said(self) -> tuple[tuple[str, str], ...]:
        """Its components and all dates that exist, by name: what a reader sees of it."""
        days = [(name, str(day)) for name, day in self.days.items() if day is not None]
        return (*((name, self.components[name]) for name in COMPONENTS), *days)


class Scenarios:
    """
    The answers of one rule set for one person on one day.

    Args:
        position: The rule set, and what the caller says about its questions.
        history: The records.

    Attributes:
        position: The rule set, and what the caller says about its questions.
        rules: The rules.
        history: The records.
        questions: All questions that may be asked, by id.
    """

    def __init__(self, position: Position, history: History) -> None:
        self.position, self.rules, self.history = position, position.known.rules, history
        self.questions = position.known.questions
        self._answers = DecisionTree[Scenario]()
        self._lives = DecisionTree[tuple[Life, InForce]]()
        self._grants = DecisionTree[Grants]()
        self._finders: dict[Any, Find[Verdict]] = {}
        self._earning: dict[Any, Find[tuple[date | None, date | None]]] = {}
        self._days: dict[Any, DecisionTree[tuple[date | None, date | None]]] = {}

    @cached_property
    def named(self) -> frozenset[str]:
        """The names a ruling may refer to: requirements, their parts and caps, and the dates that a ruling may move."""
        requirements = [
            requirement
            for procedure in self.rules.procedures
            for edition in procedure.editions
            for requirement in edition.requirements
        ]
        return frozenset(name for requirement in requirements for name in requirement.ids()) | MOVABLE

    def answer(self, taken: Mapping[str, str]) -> Scenario:
        """Return the answer under some readings, with the given or else the assumed reading of every other question."""
        readings = {**self.position.base, **taken, **self.position.given}
        found = self._answers.find(readings)
        if found is None:
            asked = dict[str, None]()
            answer = self._worked_out(readings, asked)
            self._answers.keep(readings, tuple(asked), answer)
            return answer
        return found[1]

    def leaves(self) -> tuple[list[tuple[dict[str, str], Scenario]], bool]:
        """Return the answers under all combinations of open readings, and whether all combinations were tried."""
        return self._combinations(lambda taken: (answer := self.answer(taken), answer.asked))

    def matters(self, question: str) -> bool:
        """Return whether the reading of a question changes anything under some combination of all other readings."""
        return self._answers.depends_on(question, readings_of=self._open_readings, seen_as=lambda answer: answer.said)

    def _open_readings(self, question: str) -> tuple[str, ...]:
        """Return the ids of the readings of a question to try: a single one where it leaves nothing undetermined."""
        if question not in self.position.weighing:
            return (self.position.base[question],)
        return tuple(reading.id for reading in self.questions[question].readings)

    def stands(self) -> tuple[Standing, InForce, frozenset[date]]:
        """Return the standing, whether it is in force, and the days on which the passing of time may change either."""
        states, lives = self.lives
        standings = {life.standing for life in lives}
        forces = {state.force for state in states.all}
        days = {
            day
            for life in lives
            if life.grant
            for day in (
                life.grant.day, life.grant.due, life.timely_until, life.late_until, life.in_force_until,
                life.reinstate_until,
            )
        }  # fmt: skip
        return (
            next(iter(standings)) if len(standings) == 1 and states.complete else UNDETERMINED,
            next(iter(forces)) if len(forces) == 1 and states.complete else UNDETERMINED,
            frozenset(day + timedelta(days=1) for day in days if day is not None),
        )

    def grant_days(self) -> frozenset[date]:
        """Return the days of all grants, under any reading."""
        return frozenset(grant.day for life in self.lives[1] for grant in life.grants)

    def _combinations(
        self, under: Callable[[Mapping[str, str]], tuple[Value, Iterable[str]]]
    ) -> tuple[list[tuple[dict[str, str], Value]], bool]:
        """Return the results under every combination of readings that are asked for, and whether all were tried."""
        found: list[tuple[dict[str, str], Value]] = []
        weighing = self.position.weighing
        waiting: list[dict[str, str]] = [{}]
        while waiting:
            if len(found) + len(waiting) > _parts.MOST_COMBINATIONS:
                return found, False
            taken = waiting.pop()
            value, asked = under(taken)
            # A combination grows by the first question that its result depends on and that it does not decide yet.
            untaken = next((question for question in asked if question in weighing and question not in taken), None)
            if untaken is None:
                found.append((taken, value))
            else:
                waiting += [{**taken, untaken: reading.id} for reading in self.questions[untaken].readings]
        return found, True

    def _life(self, taken: Mapping[str, str]) -> tuple[tuple[Life, InForce], Iterable[str]]:
        asked = dict[str, None]()
        life = self._noted(
            self._lives, {**self.position.base, **taken, **self.position.given}, asked, None, self._life_under
        )
        return life, asked

    def _life_under(self, readings: Readings) -> tuple[Life, InForce]:
        life = life_on(self.history, self.rules, readings, grants=self._grants_under)
        return life, in_force_on(life, self.rules, readings, self.history.on)

    def _grants_under(self, history: History, rules: RuleSet, readings: Readings) -> Grants:
        found = self._grants.find(readings.taken)
        if found is None:
            apart = readings.at(None)
            grants = grants_on(history, rules, apart)
            found = apart.asked, grants
            self._grants.keep(readings.taken, *found)
        readings.note(found[0])
        return found[1]

    def _worked_out(self, full: Mapping[str, str], asked: dict[str, None]) -> Scenario:
        life, force = self._noted(self._lives, full, asked, None, self._life_under)
        verdicts = tuple(self._verdicts_under(full, asked, life))
        questions, (begins, ends) = self.earning_days(life)(full)
        asked.update(dict.fromkeys(questions))
        outcome = outcome_of(life, [verdict.result for verdict in verdicts])
        return Scenario(
            life=life,
            readings=full,
            verdicts=verdicts,
            asked=asked,
            components={
                "standing": life.standing,
                "in_force": force,
                "outcome": outcome,
                "hours": outcome_of(life, [verdict.result for verdict in verdicts if verdict.subject == "hours"]),
                "documents": outcome_of(
                    life, [verdict.result for verdict in verdicts if verdict.subject == "documents"]
                ),
                "status": status_of(life, outcome, self.history.on, self.rules.notice_days),
            },
            days={**days_of(life), "earning_begins": begins, "earning_ends": ends},
        )

    def _verdicts_under(self, full: Mapping[str, str], asked: dict[str, None], life: Life) -> Iterator[Verdict]:
        """Yield the result of each requirement of the edition."""
        for place, _ in enumerate(life.edition.requirements if life.edition is not None else ()):
            questions, verdict = self.verdict(life, place)(full)
            asked.update(dict.fromkeys(questions))
            yield verdict

    def verdict(self, life: Life, place: int) -> Find[Verdict]:
        """
        Return what finds the verdict on a requirement.

        Args:
            life: The state of the certificate.
            place: The place of the requirement in the edition.
        """
        assert life.edition is not None, "a requirement is that of an edition"
        key = (life.seen, place)
        find = self._finders.get(key)
        if find is None:
            find = self._finders[key] = self._finder(life, life.edition, place)
        return find

    def _finder(self, life: Life, edition: Edition, place: int) -> Find[Verdict]:
        requirement, known = edition.requirements[place], self.position.known
        otherwise: Find[Verdict] = partial(self._found, DecisionTree(), life, partial(_check, requirement))
        programs = known.programs.get((edition.id, place))
        if isinstance(requirement, Documents):
            return DocumentsFinder(partial(self._found, DecisionTree(), life, partial(_tally, requirement)))
        if programs is None or not programs.are_general or self.history.rulings:
            return otherwise
        return HoursFinder(
            programs.under(life.deciding, is_late=life.is_late, context=partial(self.context_of, life)),
            self._interval_days(life, programs.hours.earning or edition.earning),
            self.history.training(known.kinds),
            life.as_of,
            otherwise,
        )

    def earning_days(self, life: Life) -> Find[tuple[date | None, date | None]]:
        """Return what finds the days on which training counts, for a filing on the last possible day."""
        key = (life.seen, life.late_until, life.filing is None)
        find = self._earning.get(key)
        if find is None:
            find = self._earning[key] = partial(self._found, DecisionTree(), life, _earning_days)
        return find

    def _interval_days(self, life: Life, interval: Interval | None) -> Find[tuple[date | None, date | None]]:
        """Return what finds the first and last day of an interval."""
        tree = self._days.setdefault((life.seen, interval), DecisionTree())
        return partial(self._found, tree, life, partial(_interval_days, interval))

    def context(self, scenario: Scenario) -> Context:
        """Return the records and readings of an answer."""
        return self.context_of(scenario.life, scenario.readings)

    def context_of(self, life: Life, full: Mapping[str, str]) -> Context:
        """Return the records and readings of an answer, for a state of the certificate under some readings."""
        readings = Readings.known(self.questions, full, deciding=life.deciding)
        return Context(ruleset=self.rules, history=self.history, readings=readings, life=life)

    def _found(
        self, tree: DecisionTree[Value], life: Life, work: Callable[[Context], Value], full: Mapping[str, str]
    ) -> tuple[tuple[str, ...], Value]:
        """Return a part of the answer, found again or worked out, with the questions that it depended on."""
        found = tree.find(full)
        if found is None:
            context = self.context_of(life, full)
            value = work(context)
            found = context.readings.asked, value
            tree.keep(full, *found)
        return found

    @cached_property
    def assumed_life(self) -> Life:
        """The state of the certificate under the assumed readings."""
        if self._shared is not None:
            states, lives = self._shared
            base = self.position.base.items()
            return next(life for state, life in zip(states.all, lives, strict=True) if state.taken.items() <= base)
        return self._life({})[0][0]

    @cached_property
    def _shared(self) -> tuple[States, list[Life]] | None:
        """The states of the certificate, found again for another person; `None` where they are the person's own."""
        return self.position.lives.of(self.history, self._grants_under, lambda: self._combinations(self._life))

    @cached_property
    def lives(self) -> tuple[States, list[Life]]:
        """
        The states of the certificate under all combinations of open readings, each with the person's own grants.

        The states may be shared with everybody who is in the same ones.
        """
        if self._shared is not None:
            return self._shared
        found, complete = self._combinations(self._life)
        states = [State(taken, life, force) for taken, (life, force) in found]
        return States(states, complete=complete), [state.life for state in states]

    def _noted(
        self,
        tree: DecisionTree[Value],
        full: Mapping[str, str],
        asked: dict[str, None],
        deciding: date | None,
        work: Callable[[Readings], Value],
    ) -> Value:
        """Return a part of the answer, found again or worked out, and add the questions it depended on to `asked`."""
        found = tree.find(full)
        if found is None:
            readings = Readings.known(self.questions, full, deciding=deciding)
            value = work(readings)
            found = readings.asked, value
            tree.keep(full, *found)
        asked.update(dict.fromkeys(found[0]))
        return found[1]


def days_of(life: Life) -> dict[DateName, date | None]:
    """Return the dates of a certificate by name, apart from the days on which training counts."""
    return {
        "due": life.grant.due if life.grant and life.step in ("renewal", "reinstatement") else None,
        "expiry": expiry_of(life),
        "timely_until": life.timely_until if life.grant and life.timely_until != life.grant.due else None,
        "late_until": life.late_until,
        "reinstate_until": life.reinstate_until,
        "opens": life.opens,
    }


def _check(requirement: Requirement, context: Context) -> Verdict:
    return check_requirement(context, requirement)


def _tally(requirement: Documents, context: Context) -> DocumentsTally | None:
    return DocumentsTally(context, requirement) if context.is_asked(requirement) else None


def _interval_days(interval: Interval | None, context: Context) -> tuple[date | None, date | None]:
    return context.days(interval)


def earning_days(life: Life, begins: RelativeDate | None, ends: RelativeDate | None) -> tuple[date | None, date | None]:
    """Return the days on which training counts if the renewal is filed on the last day in time or, after it, late."""
    as_of = life.as_of
    if life.filing is None and life.grant is not None and life.step == "renewal":
        in_time = life.timely_until or life.grant.due
        last = in_time if as_of <= in_time else max(life.late_until or in_time, in_time)
        as_of = max(last, as_of)
    first, final = days_between(begins, ends, life.grant, as_of, life.lapsed_on)
    return first, final if life.filing is None or final is None else min(final, as_of)


def _earning_days(context: Context) -> tuple[date | None, date | None]:
    earning = context.life.edition.earning if context.life.edition else None
    if earning is None:
        return earning_days(context.life, None, None)
    return earning_days(context.life, context.readings.of(earning.begins), context.readings.of(earning.ends))
